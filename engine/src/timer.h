/*
 * timer.h - a heap of moments, the earliest on top.
 *
 * What has a timer has a cell with the timer's place in the heap (counted from 1; 0 is none), so that it can be moved
 * or taken out. The cell must not move while the timer is set.
 */
#ifndef RTM2_TIMER_H
#define RTM2_TIMER_H

#include "pool.h"

struct timer {
	uint64_t ti_due;   /* milliseconds of sys_milliseconds() */
	uint32_t *ti_cell;
	ref_t ti_ref;      /* what is due: a destination or a route */
	bool ti_is_dest;
};

struct timers {
	struct timer *i_heap;
	uint32_t i_count, i_room;
	uint32_t i_reserved; /* room kept for holds that may begin when no memory can be had */
};

/* Makes sure that one more timer can be set. False when memory is short. */
bool timer_reserve(struct timers *);

/* Keeps the room that timer_reserve has found for a timer that is set later; gives it up, because it is set now or
 * never. */
static inline void
timer_keep(struct timers *i)
{
	i->i_reserved++;
}

static inline void
timer_unkeep(struct timers *i)
{
	i->i_reserved--;
}

/* Sets the timer that goes into its cell, or moves the one that is there; a new one needs room. */
void timer_set(struct timers *, const struct timer *);

/* Takes the timer of a cell out, if there is one. */
void timer_cancel(struct timers *, uint32_t *cell);

/* When the first timer is due; SYS_NEVER if there is none. */
uint64_t timer_first(const struct timers *);

#endif
