/* test_order.c - the order in which threads take the engine's own locks, and that it is looked after. */
#include "events.h"
#include "order.h"

static const enum order all[] = { ORDER_TABLES, ORDER_TABLE, ORDER_DIRECTORY, ORDER_WAITING, ORDER_WORKER };

/* Pairs that may be held together, the first taken first; all others may not. */
static bool may_nest(enum order outer, enum order inner)
{
	if (outer == ORDER_TABLES)
		return inner == ORDER_TABLE;
	return outer == ORDER_TABLE && (inner == ORDER_DIRECTORY || inner == ORDER_WAITING || inner == ORDER_WORKER);
}

TEST(any_lock_is_taken_by_a_thread_that_holds_none)
{
	CHECK_EQ(sizeof(all) / sizeof(all[0]), ORDER_COUNT);
	for (unsigned i = 0; i < ORDER_COUNT; i++)
		CHECK(order_permits(0, all[i]));
}

TEST(two_locks_are_taken_in_one_order_only)
{
	for (unsigned outer = 0; outer < ORDER_COUNT; outer++)
		for (unsigned inner = 0; inner < ORDER_COUNT; inner++)
			if (!CHECK_EQ(order_permits(1u << all[outer], all[inner]), may_nest(all[outer], all[inner])))
				return;
}

TEST(a_third_lock_is_not_taken)
{
	for (unsigned outer = 0; outer < ORDER_COUNT; outer++)
		for (unsigned middle = 0; middle < ORDER_COUNT; middle++)
			for (unsigned inner = 0; inner < ORDER_COUNT; inner++)
				if (outer != middle && !CHECK(!order_permits(1u << outer | 1u << middle, all[inner])))
					return;
}

/* What the thread of the test has broken. */
static unsigned broken, held_then;
static enum order wanted_then;

static void note_broken(const char *what, unsigned held, enum order wanted)
{
	(void)what;
	broken++;
	held_then = held;
	wanted_then = wanted;
}

/* The library's own thread keeps the order meanwhile, or the test fails. */
TEST(what_breaks_the_order_is_told)
{
	void (*before)(const char *, unsigned, enum order) = order_broken;

	hold_events();
	broken = 0;
	order_broken = note_broken;
	order_take(ORDER_TABLE);
	order_take(ORDER_WORKER);
	CHECK_EQ(broken, 0);
	order_wait(ORDER_WORKER);
	CHECK_EQ(broken, 1);
	order_take(ORDER_WAITING);
	CHECK_EQ(broken, 2);
	CHECK_EQ(held_then, 1u << ORDER_TABLE | 1u << ORDER_WORKER);
	CHECK_EQ(wanted_then, ORDER_WAITING);
	order_give(ORDER_WAITING);
	order_give(ORDER_TABLE);
	CHECK_EQ(broken, 2);
	order_wait(ORDER_WORKER);
	CHECK_EQ(broken, 2);
	order_expect_none();
	CHECK_EQ(broken, 3);
	order_give(ORDER_WORKER);
	order_expect_none();
	CHECK_EQ(broken, 3);
	order_give(ORDER_TABLES);
	CHECK_EQ(broken, 4);
	order_broken = before;
	let_events_go();
}
