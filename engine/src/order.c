/*
 * order.c - the order of locks. See order.h.
 */
#include <stdio.h>
#include <stdlib.h>

#include "order.h"

#define BIT(order) (1u << (order))

/* With which others held a lock may be taken; with itself never. */
static const unsigned permitted[ORDER_COUNT] = {
	[ORDER_TABLES] = 0,
	[ORDER_TABLE] = BIT(ORDER_TABLES),
	[ORDER_DIRECTORY] = BIT(ORDER_TABLE),
	[ORDER_WAITING] = BIT(ORDER_TABLE),
	[ORDER_WORKER] = BIT(ORDER_TABLE),
};

bool
order_permits(unsigned held, enum order wanted)
{
	return (held & ~permitted[wanted]) == 0;
}

#if defined(RTM2_CHECK_LOCKS)

static void
print_and_abort(const char *what, unsigned held, enum order order)
{
	fprintf(stderr, "order of locks: %s %d while holding %#x\n", what, (int)order, held);
	abort();
}

void (*order_broken)(const char *, unsigned, enum order) = print_and_abort;

static _Thread_local unsigned locks_held;

void
order_take(enum order order)
{
	if (!order_permits(locks_held, order))
		order_broken("taking", locks_held, order);
	locks_held |= BIT(order);
}

void
order_give(enum order order)
{
	if ((locks_held & BIT(order)) == 0)
		order_broken("giving up", locks_held, order);
	locks_held &= ~BIT(order);
}

void
order_wait(enum order order)
{
	if (locks_held != BIT(order))
		order_broken("waiting with", locks_held, order);
}

void
order_expect_none(void)
{
	if (locks_held != 0)
		order_broken("calling a client", locks_held, ORDER_COUNT);
}

#endif
