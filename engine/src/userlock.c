/*
 * userlock.c - locks that belong to threads. See userlock.h.
 */
#include "sys.h"
#include "userlock.h"
#include "worker.h"

static bool
is_shared_by_others(const struct userlock *l, uintptr_t self)
{
	for (unsigned i = 0; i < LOCK_SHARERS; i++)
		if (l->l_sharer[i].s_depth > 0 && l->l_sharer[i].s_thread != self)
			return true;
	return false;
}

bool
userlock_bars(const struct userlock *l)
{
	uintptr_t self = sys_thread_self();

	return (l->l_owner != 0 && l->l_owner != self) || is_shared_by_others(l, self);
}

bool
userlock_bars_reading(const struct userlock *l)
{
	return l->l_owner != 0 && l->l_owner != sys_thread_self();
}

static bool
userlock_is_held(const struct userlock *l, uintptr_t self)
{
	for (unsigned i = 0; i < LOCK_SHARERS; i++)
		if (l->l_sharer[i].s_depth > 0 && l->l_sharer[i].s_thread == self)
			return true;
	return l->l_owner == self;
}

bool
userlock_take(struct userlock *l, bool exclusive)
{
	uintptr_t self = sys_thread_self();
	unsigned vacant = LOCK_SHARERS;

	/* The worker would wait for itself. */
	if (l->l_claimed && !userlock_is_held(l, self) && !worker_is_here())
		return false;
	if (exclusive) {
		if (userlock_bars(l))
			return false;
		l->l_owner = self;
		l->l_depth++;
		return true;
	}
	if (userlock_bars_reading(l))
		return false;
	for (unsigned i = 0; i < LOCK_SHARERS; i++) {
		if (l->l_sharer[i].s_depth > 0 && l->l_sharer[i].s_thread == self) {
			l->l_sharer[i].s_depth++;
			return true;
		}
		if (l->l_sharer[i].s_depth == 0 && vacant == LOCK_SHARERS)
			vacant = i;
	}
	if (vacant == LOCK_SHARERS)
		return false;
	l->l_sharer[vacant].s_thread = self;
	l->l_sharer[vacant].s_depth = 1;
	return true;
}

bool
userlock_give(struct userlock *l, bool exclusive)
{
	uintptr_t self = sys_thread_self();

	if (exclusive) {
		if (l->l_owner != self)
			return false;
		if (--l->l_depth == 0)
			l->l_owner = 0;
		return true;
	}
	for (unsigned i = 0; i < LOCK_SHARERS; i++)
		if (l->l_sharer[i].s_depth > 0 && l->l_sharer[i].s_thread == self) {
			l->l_sharer[i].s_depth--;
			return true;
		}
	return false;
}
