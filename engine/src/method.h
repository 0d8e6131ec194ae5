/*
 * method.h - methods that entities export to each other.
 */
#ifndef RTM2_METHOD_H
#define RTM2_METHOD_H

#include "table.h"

/* Whether methods of the entity are running, other than on this thread: it must not leave then. */
bool method_is_busy(const struct entity *);

#endif
