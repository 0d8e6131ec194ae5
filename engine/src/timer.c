/*
 * timer.c - the heap of moments. See timer.h.
 */
#include <stdlib.h>

#include "sys.h"
#include "timer.h"

bool
timer_reserve(struct timers *i)
{
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
heap_put(const struct timers *i, uint32_t place, const struct timer *timer)
{
	i->i_heap[place - 1] = *timer;
	*timer->ti_cell = place;
}

/* Lets a timer find its place, from this one up or down. */
static void
heap_sift(const struct timers *i, uint32_t place, const struct timer *timer)
{
	const struct timer *heap = i->i_heap;
	uint32_t count = i->i_count;

	while (place > 1 && heap[place / 2 - 1].ti_due > timer->ti_due) {
		heap_put(i, place, &heap[place / 2 - 1]);
		place /= 2;
	}
	for (;;) {
		uint32_t below = 2 * place;

		if (below < count && heap[below].ti_due < heap[below - 1].ti_due)
			below++;
		if (below > count || heap[below - 1].ti_due >= timer->ti_due)
			break;
		heap_put(i, place, &heap[below - 1]);
		place = below;
	}
	heap_put(i, place, timer);
}

void
timer_set(struct timers *i, const struct timer *timer)
{
	uint32_t place = *timer->ti_cell;

	heap_sift(i, place != 0 ? place : ++i->i_count, timer);
}

void
timer_cancel(struct timers *i, uint32_t *cell)
{
	uint32_t place = *cell;
	struct timer last;

	if (place == 0)
		return;
	last = i->i_heap[--i->i_count];
	if (place <= i->i_count)
		heap_sift(i, place, &last);
	*cell = 0;
}

uint64_t
timer_first(const struct timers *i)
{
	return i->i_count > 0 ? i->i_heap[0].ti_due : SYS_NEVER;
}
