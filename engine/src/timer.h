/*
 * timer.h - when routes expire and holds end: a heap of moments for each table, the earliest on top.
 *
 * An object with a timer has a cell with the timer's place in the heap (counted from 1; 0 is none), so that it can be
 * moved or taken out. The cell is x_timer of the extra part of a route or a destination.
 */
#ifndef RTM2_TIMER_H
#define RTM2_TIMER_H

#include "pool.h"

struct timer {
	uint64_t i_due;  /* milliseconds of sys_milliseconds() */
	ref_t i_ref;
	bool i_is_dest;
};

struct timers {
	struct timer *i_heap;
	uint32_t i_count, i_room;
	uint32_t i_reserved; /* room kept for holds that may begin when no memory can be had */
};

/* Makes sure that one more timer can be set. False when memory is short. */
bool timer_reserve(struct table *);

/* Sets or moves the timer; a new one needs room. */
void timer_set(struct table *, ref_t, bool is_dest, uint64_t due);
void timer_cancel(struct table *, ref_t, bool is_dest);

/* Sets the timer of something that is due while a client has its destination locked, and claims the destination for it. */
void timer_retry(struct table *, ref_t, bool is_dest);

/* When the first timer is due; SYS_NEVER if there is none. */
uint64_t timer_first(const struct table *);

#endif
