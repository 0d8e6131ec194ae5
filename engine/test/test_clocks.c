/*
 * test_clocks.c - which clock is asked for what. The time of day is moved by years, which nothing but the times of changes
 * may notice. On Linux alone, where the linker leads the library's calls of clock_gettime through here; the tests of expiry
 * and of holds go by the real clocks everywhere.
 */
#if defined(__linux__)

#include "events.h"

#include <time.h>

enum { YEAR = 366 * 24 * 3600 };

/* Seconds by which the time of day is wrong. */
static atomic_llong moved;

int __real_clock_gettime(clockid_t clock, struct timespec *time);
int __wrap_clock_gettime(clockid_t clock, struct timespec *time);

int __wrap_clock_gettime(clockid_t clock, struct timespec *time)
{
	int result = __real_clock_gettime(clock, time);

	if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)
		time->tv_sec += (time_t)atomic_load(&moved);
	return result;
}

/* Seconds since 1970 at which a destination changed last. */
static long long last_change(RTM_ENTITY_HANDLE entity, const char *prefix)
{
	dest_info result;
	FILETIME at;

	REQUIRE_EQ(exact(entity, prefix, RTM_BEST_PROTOCOL, UCAST, &result), NO_ERROR);
	at = result.info.LastChanged;
	release_info(entity, &result);
	return (long long)(((uint64_t)at.dwHighDateTime << 32 | at.dwLowDateTime) / 10000000u) - 11644473600;
}

static void check_last_change(RTM_ENTITY_HANDLE entity, const char *prefix)
{
	long long wrong = (long long)time(NULL) + atomic_load(&moved) - last_change(entity, prefix);

	/* Clocks of different grain may disagree about the second, and the second may have changed. */
	CHECK(wrong >= -1 && wrong <= PATIENCE);
}

TEST(changes_have_the_time_of_day_whatever_it_is) /* decisions 135, 172 */
{
	RTM_ENTITY_HANDLE entity = enter(8);

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	check_last_change(entity, "10.0.0.0/8");
	atomic_store(&moved, -YEAR);
	keep_route(entity, ROUTE(.to = "11.0.0.0/8"));
	check_last_change(entity, "11.0.0.0/8");
	atomic_store(&moved, YEAR);
	keep_route(entity, ROUTE(.to = "10.0.0.0/8", .metric = 1));
	check_last_change(entity, "10.0.0.0/8");
	atomic_store(&moved, 0);
	leave(entity);
}

TEST(a_route_does_not_live_by_the_time_of_day) /* decision 172 */
{
	RTM_ENTITY_HANDLE entity = enter(8);

	keep_route_for(entity, ROUTE(.to = "10.0.0.0/8"), HOUR);
	atomic_store(&moved, YEAR);
	let_pass(1);
	CHECK(is_known(entity, "10.0.0.0/8"));
	keep_route_for(entity, ROUTE(.to = "11.0.0.0/8"), 1);
	atomic_store(&moved, -YEAR);
	EVENTUALLY(!is_known(entity, "11.0.0.0/8"));
	CHECK(is_known(entity, "10.0.0.0/8"));
	atomic_store(&moved, 0);
	leave(entity);
}

TEST(a_hold_does_not_last_by_the_time_of_day) /* decision 172 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE routes[2];
	RTM_DEST_HANDLE dests[2];

	routes[0] = add_route(entity, ROUTE(.to = "10.0.0.0/8"));
	routes[1] = add_route(entity, ROUTE(.to = "11.0.0.0/8"));
	dests[0] = hold_dest(entity, "10.0.0.0/8");
	dests[1] = hold_dest(entity, "11.0.0.0/8");
	leaves_objects_behind(); /* for an hour */
	REQUIRE_EQ(RtmHoldDestination(entity, dests[0], UCAST, HOUR), NO_ERROR);
	REQUIRE_EQ(RtmHoldDestination(entity, dests[1], UCAST, 1), NO_ERROR);
	delete_route(entity, routes[0]);
	atomic_store(&moved, YEAR);
	let_pass(1);
	CHECK(is_known(entity, "10.0.0.0/8"));
	atomic_store(&moved, -YEAR);
	delete_route(entity, routes[1]);
	EVENTUALLY(!is_known(entity, "11.0.0.0/8"));
	CHECK(is_known(entity, "10.0.0.0/8"));
	atomic_store(&moved, 0);
	release_dest(entity, dests[0]);
	release_dest(entity, dests[1]);
	REQUIRE_EQ(RtmDeregisterEntity(entity), NO_ERROR);
}

#else

/* ISO C wants a file to have something in it. */
typedef int test_clocks_of_linux_alone;

#endif
