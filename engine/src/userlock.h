/*
 * userlock.h - locks that clients hold from one call to another.
 *
 * Such a lock belongs to a thread, not to an entity, and may be taken again by that thread. It is data like any other:
 * it is read and written under the lock of its table, and who cannot have it waits outside of that (call_wait of
 * call.h).
 */
#ifndef RTM2_USERLOCK_H
#define RTM2_USERLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define LOCK_SHARERS 8 /* threads that may share one lock at a time */

struct userlock {
	uintptr_t l_owner; /* the thread that has it exclusively, or 0 */
	uint32_t l_depth;
	bool l_claimed; /* a timer is overdue: who does not have the lock yet waits behind it */
	struct {
		uintptr_t s_thread;
		uint32_t s_depth;
	} l_sharer[LOCK_SHARERS];
};

/* Takes or gives up the lock for this thread. False: not to be had now, or not held in this mode. The table is locked
 * for writing. */
bool userlock_take(struct userlock *, bool exclusive);
bool userlock_give(struct userlock *, bool exclusive);

/* Whether another thread holds the lock in a way that forbids changes, or even reading. */
bool userlock_bars(const struct userlock *);
bool userlock_bars_reading(const struct userlock *);

#endif
