/*
 * notify.h - telling change registrations of changes.
 */
#ifndef RTM2_NOTIFY_H
#define RTM2_NOTIFY_H

#include "table.h"

/* The views in which something changed, by the three types of change. */
struct changes {
	unsigned g_all, g_best, g_forwarding;
};

/* Octets of one change registration, for the pool that keeps them. */
size_t notify_size(void);

/* Makes room for one more destination in every queue. False when memory is short. */
bool notify_reserve(struct table *);

/* Notes the change of a destination for those whom it concerns. Needs no memory. */
void notify_changes(struct table *, ref_t dest, const struct changes *);

/* Ends all change registrations of an entity that leaves. */
void notify_end_all(struct table *, struct entity *);

#endif
