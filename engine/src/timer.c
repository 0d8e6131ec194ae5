/*
 * timer.c - the heap of moments. See timer.h.
 */
#include <stdlib.h>

#include "table.h"

/* What is due while a client has the destination locked is tried again after so many milliseconds. */
#define LOCKED_RETRY 10

static uint32_t *
cell_of(ref_t ref, bool is_dest)
{
	return is_dest ? &destextra_at(dest_at(ref)->d_extra)->x_timer : &routeextra_at(route_at(ref)->r_extra)->x_timer;
}

/* The destination that waits for its locks to be given up for this timer. */
static const struct dest *
dest_of(ref_t ref, bool is_dest)
{
	return dest_at(is_dest ? ref : route_at(ref)->r_dest);
}

bool
timer_reserve(struct table *t)
{
	struct timers *i = &t->t_timers;
	uint32_t room;
	struct timer *heap;

	if (i->i_count + i->i_reserved < i->i_room)
		return true;
	room = i->i_room * 2 + 16;
	if ((heap = realloc(i->i_heap, room * sizeof(*heap))) == NULL)
		return false;
	i->i_heap = heap;
	i->i_room = room;
	return true;
}

static void
heap_put(const struct table *t, uint32_t place, struct timer timer)
{
	t->t_timers.i_heap[place - 1] = timer;
	*cell_of(timer.i_ref, timer.i_is_dest) = place;
}

/* Lets a timer find its place, from this one up or down. */
static void
heap_sift(const struct table *t, uint32_t place, struct timer timer)
{
	const struct timer *heap = t->t_timers.i_heap;
	uint32_t count = t->t_timers.i_count;

	while (place > 1 && heap[place / 2 - 1].i_due > timer.i_due) {
		heap_put(t, place, heap[place / 2 - 1]);
		place /= 2;
	}
	for (;;) {
		uint32_t below = 2 * place;

		if (below < count && heap[below].i_due < heap[below - 1].i_due)
			below++;
		if (below > count || heap[below - 1].i_due >= timer.i_due)
			break;
		heap_put(t, place, heap[below - 1]);
		place = below;
	}
	heap_put(t, place, timer);
}

void
timer_set(struct table *t, ref_t ref, bool is_dest, uint64_t due)
{
	uint32_t *cell = cell_of(ref, is_dest);

	dest_unclaim(dest_of(ref, is_dest));
	heap_sift(t, *cell != 0 ? *cell : ++t->t_timers.i_count, (struct timer){ due, ref, is_dest });
	worker_expect(due);
}

void
timer_cancel(struct table *t, ref_t ref, bool is_dest)
{
	uint32_t *cell = cell_of(ref, is_dest), place = *cell;
	struct timer last;

	if (place == 0)
		return;
	last = t->t_timers.i_heap[--t->t_timers.i_count];
	if (place <= t->t_timers.i_count)
		heap_sift(t, place, last);
	*cell = 0;
	dest_unclaim(dest_of(ref, is_dest));
}

void
timer_retry(struct table *t, ref_t ref, bool is_dest)
{
	timer_set(t, ref, is_dest, sys_milliseconds() + LOCKED_RETRY);
	dest_claim(dest_of(ref, is_dest));
}

uint64_t
timer_first(const struct table *t)
{
	return t->t_timers.i_count > 0 ? t->t_timers.i_heap[0].i_due : SYS_NEVER;
}
