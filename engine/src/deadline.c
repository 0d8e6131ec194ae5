/*
 * deadline.c - timers of routes and holds. See deadline.h.
 */
#include "deadline.h"

/* What is due while a client has the destination locked is tried again after so many milliseconds. */
#define LOCKED_RETRY 10

static uint32_t *
cell_of(ref_t ref, bool is_dest)
{
	if (is_dest)
		return &destextra_at(dest_at(ref)->d_extra)->dx_timer;
	return &routeextra_at(route_at(ref)->r_extra)->rx_timer;
}

/* The lock of the destination that a deadline is about; NULL if it never was locked nor held. */
static struct userlock *
lock_of(ref_t ref, bool is_dest)
{
	const struct dest *d = dest_at(is_dest ? ref : route_at(ref)->r_dest);

	return d->d_extra != 0 ? &destextra_at(d->d_extra)->dx_lock : NULL;
}

static void
unclaim(struct userlock *l)
{
	if (l == NULL || !l->l_claimed)
		return;
	l->l_claimed = false;
	wake_waiting();
}

void
deadline_set(struct table *t, ref_t ref, bool is_dest, uint64_t due)
{
	unclaim(lock_of(ref, is_dest));
	timer_set(&t->t_timers, &(struct timer){ due, cell_of(ref, is_dest), ref, is_dest });
	worker_expect(due);
}

void
deadline_cancel(struct table *t, ref_t ref, bool is_dest)
{
	uint32_t *cell = cell_of(ref, is_dest);

	if (*cell == 0)
		return;
	timer_cancel(&t->t_timers, cell);
	unclaim(lock_of(ref, is_dest));
}

void
deadline_retry(struct table *t, ref_t ref, bool is_dest)
{
	deadline_set(t, ref, is_dest, sys_milliseconds() + LOCKED_RETRY);
	lock_of(ref, is_dest)->l_claimed = true;
}
