/*
 * enum.h - what the rest of the engine knows of enumerations.
 */
#ifndef RTM2_ENUM_H
#define RTM2_ENUM_H

#include "table.h"

/* Octets of one enumeration, for the pool that keeps them. */
size_t enum_size(void);

/* Ends all enumerations of an entity that leaves. */
void enum_end_all(struct table *, struct entity *);

#endif
