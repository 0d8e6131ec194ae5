/*
 * test_locks.c - locks that a client holds from one call to another, and the pointers to what they guard.
 *
 * That a thread waits shows in the order of things: it is let go only after the test has done what it should wait for.
 */
#include "events.h"

#include <string.h>

enum { LOCK = TRUE, UNLOCK = FALSE, EXCLUSIVE = TRUE, SHARED = FALSE };

/* An entity with a route and a reference to its destination. */
struct site {
	RTM_ENTITY_HANDLE owner;
	RTM_ROUTE_HANDLE route;
	RTM_DEST_HANDLE dest;
};

static struct site open_site(void)
{
	struct site site = {.owner = enter(8)};

	site.route = add_route(site.owner, ROUTE(.to = "10.0.0.0/8", .metric = 5));
	site.dest = hold_dest(site.owner, "10.0.0.0/8");
	return site;
}

static void close_site(struct site *site)
{
	release_dest(site->owner, site->dest);
	release_route(site->owner, site->route);
	leave(site->owner);
}

static DWORD turn(struct site *site, BOOL exclusive, BOOL lock)
{
	return RtmLockDestination(site->owner, site->dest, exclusive, lock);
}

/* Calls for other threads */

static DWORD lock_shared(void *context)
{
	return turn(context, SHARED, LOCK);
}

static DWORD unlock_shared(void *context)
{
	return turn(context, SHARED, UNLOCK);
}

static DWORD unlock_exclusive(void *context)
{
	return turn(context, EXCLUSIVE, UNLOCK);
}

static DWORD lock_and_unlock_shared(void *context)
{
	DWORD status = turn(context, SHARED, LOCK);

	return status != NO_ERROR ? status : turn(context, SHARED, UNLOCK);
}

static DWORD lock_and_unlock_exclusive(void *context)
{
	DWORD status = turn(context, EXCLUSIVE, LOCK);

	return status != NO_ERROR ? status : turn(context, EXCLUSIVE, UNLOCK);
}

static DWORD run(DWORD (*body)(void *), struct site *site)
{
	struct thread thread;

	start_thread(&thread, body, site);
	return end_thread(&thread);
}

/* Checks that the body waits while the site is as it is, and succeeds once it was unlocked by this thread. */
static void check_waits(struct site *site, DWORD (*body)(void *), BOOL held_exclusively)
{
	struct thread thread;

	start_thread(&thread, body, site);
	give_way_for_long();
	CHECK(!atomic_load(&thread.ended));
	CHECK_EQ(turn(site, held_exclusively, UNLOCK), NO_ERROR);
	CHECK_EQ(end_thread(&thread), NO_ERROR);
}

/* Destinations */

TEST(a_destination_is_locked_and_unlocked)
{
	struct site site = open_site();

	CHECK_EQ(turn(&site, EXCLUSIVE, LOCK), NO_ERROR);
	CHECK_EQ(turn(&site, EXCLUSIVE, UNLOCK), NO_ERROR);
	CHECK_EQ(turn(&site, SHARED, LOCK), NO_ERROR);
	CHECK_EQ(turn(&site, SHARED, UNLOCK), NO_ERROR);
	CHECK_EQ(handles_of(site.owner), 2); /* a lock is no reference */
	close_site(&site);
}

TEST(any_entity_locks_a_destination) /* decision 103 */
{
	struct site site = open_site();
	RTM_ENTITY_HANDLE other = enter(9);

	CHECK_EQ(RtmLockDestination(other, site.dest, EXCLUSIVE, LOCK), NO_ERROR);
	CHECK_EQ(RtmLockDestination(other, site.dest, EXCLUSIVE, UNLOCK), NO_ERROR);
	CHECK_EQ(RtmLockDestination(other, site.dest, SHARED, LOCK), NO_ERROR);
	CHECK_EQ(RtmLockDestination(other, site.dest, SHARED, UNLOCK), NO_ERROR);
	leave(other);
	close_site(&site);
}

TEST(a_lock_is_taken_as_often_as_wanted_by_its_thread) /* decision 102 */
{
	struct site site = open_site();

	for (unsigned i = 0; i < 3; i++)
		CHECK_EQ(turn(&site, EXCLUSIVE, LOCK), NO_ERROR);
	CHECK_EQ(turn(&site, SHARED, LOCK), NO_ERROR);
	for (unsigned i = 0; i < 3; i++)
		CHECK_EQ(turn(&site, EXCLUSIVE, UNLOCK), NO_ERROR);
	CHECK_EQ(turn(&site, EXCLUSIVE, UNLOCK), ERROR_ACCESS_DENIED);
	CHECK_EQ(turn(&site, SHARED, UNLOCK), NO_ERROR);
	CHECK_EQ(turn(&site, SHARED, UNLOCK), ERROR_ACCESS_DENIED);
	close_site(&site);
}

TEST(a_lock_is_given_up_as_often_as_it_was_taken) /* decision 102 */
{
	struct site site = open_site();

	CHECK_EQ(turn(&site, EXCLUSIVE, LOCK), NO_ERROR);
	CHECK_EQ(turn(&site, EXCLUSIVE, LOCK), NO_ERROR);
	CHECK_EQ(turn(&site, EXCLUSIVE, UNLOCK), NO_ERROR);
	check_waits(&site, lock_and_unlock_exclusive, EXCLUSIVE);
	CHECK_EQ(turn(&site, EXCLUSIVE, UNLOCK), ERROR_ACCESS_DENIED);
	close_site(&site);
}

TEST(unlocking_names_the_mode) /* decision 102 */
{
	struct site site = open_site();

	CHECK_EQ(turn(&site, EXCLUSIVE, UNLOCK), ERROR_ACCESS_DENIED);
	CHECK_EQ(turn(&site, SHARED, UNLOCK), ERROR_ACCESS_DENIED);
	CHECK_EQ(turn(&site, EXCLUSIVE, LOCK), NO_ERROR);
	CHECK_EQ(turn(&site, SHARED, UNLOCK), ERROR_ACCESS_DENIED);
	CHECK_EQ(turn(&site, EXCLUSIVE, UNLOCK), NO_ERROR);
	CHECK_EQ(turn(&site, SHARED, LOCK), NO_ERROR);
	CHECK_EQ(turn(&site, EXCLUSIVE, UNLOCK), ERROR_ACCESS_DENIED);
	CHECK_EQ(turn(&site, SHARED, UNLOCK), NO_ERROR);
	close_site(&site);
}

TEST(another_thread_does_not_unlock) /* decision 102 */
{
	struct site site = open_site();

	CHECK_EQ(turn(&site, EXCLUSIVE, LOCK), NO_ERROR);
	CHECK_EQ(run(unlock_exclusive, &site), ERROR_ACCESS_DENIED);
	CHECK_EQ(turn(&site, EXCLUSIVE, UNLOCK), NO_ERROR);
	CHECK_EQ(turn(&site, SHARED, LOCK), NO_ERROR);
	CHECK_EQ(run(unlock_shared, &site), ERROR_ACCESS_DENIED);
	CHECK_EQ(turn(&site, SHARED, UNLOCK), NO_ERROR);
	close_site(&site);
}

TEST(threads_share_a_lock) /* decision 102 */
{
	struct site site = open_site();

	CHECK_EQ(turn(&site, SHARED, LOCK), NO_ERROR);
	CHECK_EQ(run(lock_and_unlock_shared, &site), NO_ERROR); /* would hang if it waited */
	CHECK_EQ(turn(&site, SHARED, UNLOCK), NO_ERROR);
	close_site(&site);
}

TEST(an_exclusive_lock_makes_others_wait) /* decision 102 */
{
	struct site site = open_site();

	CHECK_EQ(turn(&site, EXCLUSIVE, LOCK), NO_ERROR);
	check_waits(&site, lock_and_unlock_exclusive, EXCLUSIVE);
	CHECK_EQ(turn(&site, EXCLUSIVE, LOCK), NO_ERROR);
	check_waits(&site, lock_and_unlock_shared, EXCLUSIVE);
	close_site(&site);
}

TEST(a_shared_lock_makes_an_exclusive_one_wait) /* decision 102 */
{
	struct site site = open_site();

	CHECK_EQ(turn(&site, SHARED, LOCK), NO_ERROR);
	check_waits(&site, lock_and_unlock_exclusive, SHARED);
	close_site(&site);
}

TEST(the_only_holder_of_a_shared_lock_gets_the_exclusive_one) /* decision 102 */
{
	struct site site = open_site();

	CHECK_EQ(turn(&site, SHARED, LOCK), NO_ERROR);
	CHECK_EQ(turn(&site, EXCLUSIVE, LOCK), NO_ERROR);
	CHECK_EQ(turn(&site, EXCLUSIVE, UNLOCK), NO_ERROR);
	CHECK_EQ(run(lock_and_unlock_shared, &site), NO_ERROR); /* shared again */
	check_waits(&site, lock_and_unlock_exclusive, SHARED);
	close_site(&site);
}

TEST(a_lock_is_for_one_destination)
{
	struct site site = open_site(), other = site;
	RTM_ROUTE_HANDLE route = keep_route(site.owner, ROUTE(.to = "10.0.0.0/16"));

	other.dest = hold_dest(site.owner, "10.0.0.0/16");
	CHECK_EQ(turn(&site, EXCLUSIVE, LOCK), NO_ERROR);
	CHECK_EQ(run(lock_and_unlock_exclusive, &other), NO_ERROR);
	CHECK_EQ(turn(&other, EXCLUSIVE, UNLOCK), ERROR_ACCESS_DENIED);
	CHECK_EQ(turn(&site, EXCLUSIVE, UNLOCK), NO_ERROR);
	release_dest(site.owner, other.dest);
	remove_route(site.owner, route);
	close_site(&site);
}

/* A thread that takes its turn many times; two values that only a lock keeps equal. */
static struct {
	unsigned a;
	unsigned b;
	atomic_uint torn;
} guarded;

enum { TURNS = 500 };

static DWORD write_under_lock(void *context)
{
	for (unsigned i = 0; i < TURNS; i++) {
		DWORD status = turn(context, EXCLUSIVE, LOCK);

		if (status != NO_ERROR)
			return status;
		guarded.a++;
		if (i % 16 == 0)
			give_way();
		guarded.b++;
		(void)turn(context, EXCLUSIVE, UNLOCK);
	}
	return NO_ERROR;
}

static DWORD read_under_lock(void *context)
{
	for (unsigned i = 0; i < TURNS; i++) {
		DWORD status = turn(context, SHARED, LOCK);

		if (status != NO_ERROR)
			return status;
		if (guarded.a != guarded.b)
			atomic_fetch_add(&guarded.torn, 1);
		(void)turn(context, SHARED, UNLOCK);
	}
	return NO_ERROR;
}

TEST(a_lock_guards_what_clients_do_under_it)
{
	enum { THREADS = 4 };
	struct site site = open_site();
	struct thread threads[THREADS];

	memset(&guarded, 0, sizeof(guarded));
	for (unsigned i = 0; i < THREADS; i++)
		start_thread(&threads[i], i % 2 ? read_under_lock : write_under_lock, &site);
	for (unsigned i = 0; i < THREADS; i++)
		CHECK_EQ(end_thread(&threads[i]), NO_ERROR);
	CHECK_EQ(guarded.a, TURNS * THREADS / 2);
	CHECK_EQ(guarded.b, guarded.a);
	CHECK_EQ(atomic_load(&guarded.torn), 0);
	close_site(&site);
}

TEST(locking_needs_a_destination) /* decision 79 */
{
	struct site site = open_site();

	CHECK_EQ(RtmLockDestination(NULL, site.dest, EXCLUSIVE, LOCK), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmLockDestination(site.owner, NULL, EXCLUSIVE, LOCK), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmLockDestination(site.owner, site.route, EXCLUSIVE, LOCK), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmLockDestination(site.owner, site.owner, SHARED, UNLOCK), ERROR_INVALID_HANDLE);
	close_site(&site);
}

/* What waits for a lock */

static DWORD add_by_another_thread(void *context)
{
	struct site *site = context;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	return try_route(site->owner, NULL, ROUTE(.to = "10.0.0.0/8", .metric = 1), &flags);
}

static DWORD update_by_another_thread(void *context)
{
	struct site *site = context;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	RTM_ROUTE_HANDLE route = site->route;

	return try_route(site->owner, &route, ROUTE(.metric = 2), &flags);
}

static DWORD delete_by_another_thread(void *context)
{
	struct site *site = context;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	DWORD status = RtmReferenceHandles(site->owner, 1, &site->route);

	return status != NO_ERROR ? status : RtmDeleteRouteToDest(site->owner, site->route, &flags);
}

TEST(changes_by_other_threads_wait_for_the_lock) /* decision 102 */
{
	struct site site = open_site();

	CHECK_EQ(turn(&site, EXCLUSIVE, LOCK), NO_ERROR);
	check_waits(&site, add_by_another_thread, EXCLUSIVE);
	CHECK_EQ(turn(&site, SHARED, LOCK), NO_ERROR);
	check_waits(&site, update_by_another_thread, SHARED);
	CHECK_EQ(turn(&site, EXCLUSIVE, LOCK), NO_ERROR);
	check_waits(&site, delete_by_another_thread, EXCLUSIVE);
	CHECK(!is_known(site.owner, "10.0.0.0/8"));
	close_site(&site);
}

static DWORD add_elsewhere(void *context)
{
	struct site *site = context;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	return try_route(site->owner, NULL, ROUTE(.to = "11.0.0.0/8"), &flags);
}

TEST(changes_of_other_destinations_do_not_wait)
{
	struct site site = open_site();

	CHECK_EQ(turn(&site, EXCLUSIVE, LOCK), NO_ERROR);
	CHECK_EQ(run(add_elsewhere, &site), NO_ERROR);
	CHECK_EQ(turn(&site, EXCLUSIVE, UNLOCK), NO_ERROR);
	close_site(&site);
}

TEST(the_thread_that_has_the_lock_may_call_on) /* decisions 100, 102 */
{
	struct site site = open_site();
	RTM_NEXTHOP_HANDLE hop = keep_hop(site.owner, "192.0.2.1", 1);
	RTM_ROUTE_HANDLE second;
	route_info info;

	CHECK_EQ(turn(&site, EXCLUSIVE, LOCK), NO_ERROR);
	CHECK_EQ(RtmReferenceHandles(site.owner, 1, &hop), NO_ERROR);
	CHECK_EQ(RtmReleaseNextHops(site.owner, 1, &hop), NO_ERROR);
	update_route(site.owner, site.route, ROUTE(.metric = 3));
	second = add_route(site.owner, ROUTE(.to = "10.0.0.0/8", .neighbour = hop));
	delete_route(site.owner, second);
	CHECK_EQ(RtmGetRouteInfo(site.owner, site.route, &info.info, NULL), NO_ERROR);
	CHECK_EQ(RtmReleaseRouteInfo(site.owner, &info.info), NO_ERROR);
	CHECK_TEXT(longest_match(site.owner, "10.1.2.3", UCAST), "10.0.0.0/8");
	CHECK_TEXT(drain_dests(site.owner, dest_enum(site.owner, UCAST, RTM_ENUM_START, NULL), 1, 5), "10.0.0.0/8");
	CHECK_EQ(turn(&site, EXCLUSIVE, UNLOCK), NO_ERROR);
	close_site(&site);
}

TEST(who_waits_for_a_lock_learns_that_the_registration_ended)
{
	struct site site = open_site(), other = site;
	struct thread thread;

	other.owner = enter(9);
	CHECK_EQ(turn(&site, EXCLUSIVE, LOCK), NO_ERROR);
	start_thread(&thread, lock_shared, &other);
	give_way_for_long();
	CHECK(!atomic_load(&thread.ended));
	CHECK_EQ(RtmDeregisterEntity(other.owner), NO_ERROR);
	CHECK_EQ(end_thread(&thread), ERROR_INVALID_HANDLE);
	CHECK_EQ(turn(&site, EXCLUSIVE, UNLOCK), NO_ERROR);
	close_site(&site);
}

/* Routes */

TEST(a_route_is_locked_by_its_owner_alone)
{
	struct site site = open_site();
	RTM_ENTITY_HANDLE other = enter(9);
	RTM_ROUTE_INFO *live = NULL;

	CHECK_EQ(RtmLockRoute(other, site.route, EXCLUSIVE, LOCK, &live), ERROR_ACCESS_DENIED);
	CHECK_EQ(RtmLockRoute(other, site.route, SHARED, LOCK, NULL), ERROR_ACCESS_DENIED);
	CHECK_SAME(live, NULL);
	CHECK_EQ(RtmLockRoute(site.owner, site.route, EXCLUSIVE, LOCK, &live), NO_ERROR);
	CHECK_EQ(RtmLockRoute(other, site.route, EXCLUSIVE, UNLOCK, NULL), ERROR_ACCESS_DENIED);
	REQUIRE(live != NULL);
	CHECK_EQ(live->PrefInfo.Metric, 5);
	CHECK_EQ(RtmLockRoute(site.owner, site.route, EXCLUSIVE, UNLOCK, NULL), NO_ERROR);
	CHECK_EQ(handles_of(site.owner), 2);
	leave(other);
	close_site(&site);
}

TEST(the_pointer_to_a_locked_route_is_optional)
{
	struct site site = open_site();
	RTM_ROUTE_INFO *live = NULL;

	CHECK_EQ(RtmLockRoute(site.owner, site.route, SHARED, LOCK, NULL), NO_ERROR);
	CHECK_EQ(RtmLockRoute(site.owner, site.route, SHARED, UNLOCK, NULL), NO_ERROR);
	CHECK_EQ(RtmLockRoute(site.owner, site.route, SHARED, LOCK, &live), NO_ERROR);
	REQUIRE(live != NULL);
	CHECK_SAME(live->DestHandle, site.dest);
	CHECK_EQ(RtmLockRoute(site.owner, site.route, SHARED, UNLOCK, &live), NO_ERROR);
	close_site(&site);
}

TEST(locking_a_route_locks_its_destination)
{
	struct site site = open_site();

	CHECK_EQ(RtmLockRoute(site.owner, site.route, EXCLUSIVE, LOCK, NULL), NO_ERROR);
	check_waits(&site, lock_and_unlock_shared, EXCLUSIVE);
	/* The destination was unlocked there; the route is therefore too. */
	CHECK_EQ(RtmLockRoute(site.owner, site.route, EXCLUSIVE, UNLOCK, NULL), ERROR_ACCESS_DENIED);
	CHECK_EQ(RtmLockRoute(site.owner, site.route, SHARED, LOCK, NULL), NO_ERROR);
	check_waits(&site, lock_and_unlock_exclusive, SHARED);
	close_site(&site);
}

TEST(a_route_is_unlocked_by_who_locked_it_in_the_same_mode) /* decision 102 */
{
	struct site site = open_site();

	CHECK_EQ(RtmLockRoute(site.owner, site.route, EXCLUSIVE, UNLOCK, NULL), ERROR_ACCESS_DENIED);
	CHECK_EQ(RtmLockRoute(site.owner, site.route, EXCLUSIVE, LOCK, NULL), NO_ERROR);
	CHECK_EQ(RtmLockRoute(site.owner, site.route, SHARED, UNLOCK, NULL), ERROR_ACCESS_DENIED);
	CHECK_EQ(RtmLockRoute(site.owner, site.route, EXCLUSIVE, LOCK, NULL), NO_ERROR);
	CHECK_EQ(RtmLockRoute(site.owner, site.route, EXCLUSIVE, UNLOCK, NULL), NO_ERROR);
	CHECK_EQ(RtmLockRoute(site.owner, site.route, EXCLUSIVE, UNLOCK, NULL), NO_ERROR);
	CHECK_EQ(RtmLockRoute(site.owner, site.route, EXCLUSIVE, UNLOCK, NULL), ERROR_ACCESS_DENIED);
	close_site(&site);
}

TEST(locking_needs_a_live_route) /* decisions 79, 94 */
{
	struct site site = open_site();

	CHECK_EQ(RtmLockRoute(NULL, site.route, EXCLUSIVE, LOCK, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmLockRoute(site.owner, NULL, EXCLUSIVE, LOCK, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmLockRoute(site.owner, site.dest, EXCLUSIVE, LOCK, NULL), ERROR_INVALID_HANDLE);
	remove_route(site.owner, site.route);
	CHECK_EQ(RtmLockRoute(site.owner, site.route, EXCLUSIVE, LOCK, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmLockRoute(site.owner, site.route, SHARED, LOCK, NULL), ERROR_INVALID_HANDLE);
	close_site(&site);
}

TEST(a_route_deleted_under_its_lock_is_unlocked_through_its_destination) /* decisions 94, 102 */
{
	struct site site = open_site();
	RTM_NEXTHOP_HANDLE hop = keep_hop(site.owner, "192.0.2.1", 1);

	update_route(site.owner, site.route, ROUTE(.neighbour = hop, .via = {hop}));
	CHECK_EQ(RtmLockRoute(site.owner, site.route, EXCLUSIVE, LOCK, NULL), NO_ERROR);
	remove_route(site.owner, site.route);
	CHECK_EQ(RtmLockRoute(site.owner, site.route, EXCLUSIVE, UNLOCK, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(turn(&site, EXCLUSIVE, UNLOCK), NO_ERROR);
	CHECK_EQ(run(lock_and_unlock_exclusive, &site), NO_ERROR);
	CHECK_EQ(handles_of(site.owner), 2); /* the route and the destination of the site, no next hops */
	close_site(&site);
}

/* Pointers */

TEST(a_route_pointer_shows_the_route_to_its_owner) /* decision 75 */
{
	RTM_ENTITY_HANDLE owner = enter(8);
	RTM_NEXTHOP_HANDLE hops[2];
	RTM_ROUTE_INFO *live = NULL, *again = NULL;
	RTM_ROUTE_HANDLE route;

	hops[0] = keep_hop(owner, "192.0.2.1", 1);
	hops[1] = keep_hop(owner, "192.0.2.2", 1);
	route = keep_route(owner, ROUTE(.to = "10.0.0.0/8", .pref = 2, .metric = 3, .in = BOTH, .neighbour = hops[0],
	                                .via = {hops[0], hops[1]}, .flags = RTM_ROUTE_FLAGS_LOCAL, .flags1 = 9, .tag = 4));
	REQUIRE_EQ(RtmGetRoutePointer(owner, route, &live), NO_ERROR);
	REQUIRE(live != NULL);
	CHECK_EQ(handles_of(owner), 0);
	CHECK_SAME(live->RouteOwner, owner);
	CHECK_SAME(live->Neighbour, hops[0]);
	CHECK_EQ(live->State, RTM_ROUTE_STATE_CREATED);
	CHECK_EQ(live->Flags1, 9);
	CHECK_EQ(live->Flags, RTM_ROUTE_FLAGS_LOCAL);
	CHECK_EQ(live->PrefInfo.Preference, 2);
	CHECK_EQ(live->PrefInfo.Metric, 3);
	CHECK_EQ(live->BelongsToViews, BOTH);
	CHECK_SAME(live->EntitySpecificInfo, (void *)(uintptr_t)4);
	CHECK_EQ(live->NextHopsList.NumNextHops, 2);
	CHECK_SAME((&live->NextHopsList.NextHops[0])[0], hops[0]);
	CHECK_SAME((&live->NextHopsList.NextHops[0])[1], hops[1]);
	/* It is the route itself, not a copy. */
	update_route(owner, route, ROUTE(.metric = 7, .via = {hops[1]}));
	CHECK_EQ(live->PrefInfo.Metric, 7);
	CHECK_SAME(live->Neighbour, NULL);
	CHECK_EQ(live->NextHopsList.NumNextHops, 1);
	CHECK_SAME(live->NextHopsList.NextHops[0], hops[1]);
	REQUIRE_EQ(RtmGetRoutePointer(owner, route, &again), NO_ERROR);
	CHECK_SAME(again, live);
	leave(owner);
}

TEST(a_route_pointer_is_valid_while_a_reference_is_held) /* decisions 75, 94 */
{
	struct site site = open_site();
	RTM_ROUTE_INFO *live = NULL;

	REQUIRE_EQ(RtmGetRoutePointer(site.owner, site.route, &live), NO_ERROR);
	remove_route(site.owner, site.route);
	CHECK_EQ(live->State, RTM_ROUTE_STATE_DELETED);
	CHECK_EQ(live->PrefInfo.Metric, 5);
	close_site(&site);
}

TEST(a_route_pointer_is_for_the_owner_of_the_route) /* decisions 80, 81 */
{
	struct site site = open_site();
	RTM_ENTITY_HANDLE other = enter(9);
	RTM_ROUTE_INFO *live = NULL;

	CHECK_EQ(RtmGetRoutePointer(other, site.route, &live), ERROR_ACCESS_DENIED);
	CHECK_EQ(RtmGetRoutePointer(NULL, site.route, &live), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetRoutePointer(site.owner, NULL, &live), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetRoutePointer(site.owner, site.dest, &live), ERROR_INVALID_HANDLE);
	CHECK_SAME(live, NULL);
	CHECK_EQ(RtmGetRoutePointer(other, site.route, NULL), ERROR_INVALID_PARAMETER);
	leave(other);
	close_site(&site);
}

TEST(a_next_hop_pointer_shows_the_next_hop_to_its_owner) /* decision 75 */
{
	RTM_ENTITY_HANDLE owner = enter(8);
	RTM_NEXTHOP_HANDLE hop = add_hop(owner, "192.0.2.1", 7);
	RTM_NEXTHOP_INFO change = hop_info("192.0.2.1", 7), *live = NULL;
	RTM_NEXTHOP_CHANGE_FLAGS flags = 0;

	REQUIRE_EQ(RtmGetNextHopPointer(owner, hop, &live), NO_ERROR);
	REQUIRE(live != NULL);
	CHECK_EQ(handles_of(owner), 1);
	CHECK_TEXT(text_of(&live->NextHopAddress), "192.0.2.1/32");
	CHECK_EQ(live->InterfaceIndex, 7);
	CHECK_SAME(live->NextHopOwner, owner);
	CHECK_EQ(live->State, RTM_NEXTHOP_STATE_CREATED);
	change.Flags = RTM_NEXTHOP_FLAGS_DOWN;
	REQUIRE_EQ(RtmAddNextHop(owner, &change, NULL, &flags), NO_ERROR);
	CHECK_EQ(live->Flags, RTM_NEXTHOP_FLAGS_DOWN);
	remove_hop(owner, hop);
	CHECK_EQ(live->State, RTM_NEXTHOP_STATE_DELETED); /* a reference is left */
	release_hop(owner, hop);
	leave(owner);
}

TEST(a_next_hop_pointer_is_for_the_owner_of_the_next_hop) /* decisions 80, 81 */
{
	RTM_ENTITY_HANDLE owner = enter(8), other = enter(9);
	RTM_NEXTHOP_HANDLE hop = keep_hop(owner, "192.0.2.1", 7);
	RTM_NEXTHOP_INFO *live = NULL;

	CHECK_EQ(RtmGetNextHopPointer(other, hop, &live), ERROR_ACCESS_DENIED);
	CHECK_EQ(RtmGetNextHopPointer(NULL, hop, &live), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetNextHopPointer(owner, NULL, &live), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetNextHopPointer(owner, owner, &live), ERROR_INVALID_HANDLE);
	CHECK_SAME(live, NULL);
	CHECK_EQ(RtmGetNextHopPointer(other, hop, NULL), ERROR_INVALID_PARAMETER);
	leave(owner);
	leave(other);
}

/* Next hops */

struct hop_site {
	RTM_ENTITY_HANDLE owner;
	RTM_NEXTHOP_HANDLE hop;
};

static DWORD lock_and_unlock_hop(void *context)
{
	struct hop_site *site = context;
	DWORD status = RtmLockNextHop(site->owner, site->hop, EXCLUSIVE, LOCK, NULL);

	return status != NO_ERROR ? status : RtmLockNextHop(site->owner, site->hop, EXCLUSIVE, UNLOCK, NULL);
}

static DWORD share_hop(void *context)
{
	struct hop_site *site = context;
	DWORD status = RtmLockNextHop(site->owner, site->hop, SHARED, LOCK, NULL);

	return status != NO_ERROR ? status : RtmLockNextHop(site->owner, site->hop, SHARED, UNLOCK, NULL);
}

static void check_hop_waits(struct hop_site *site, DWORD (*body)(void *), BOOL held_exclusively)
{
	struct thread thread;

	start_thread(&thread, body, site);
	give_way_for_long();
	CHECK(!atomic_load(&thread.ended));
	CHECK_EQ(RtmLockNextHop(site->owner, site->hop, held_exclusively, UNLOCK, NULL), NO_ERROR);
	CHECK_EQ(end_thread(&thread), NO_ERROR);
}

TEST(a_next_hop_is_changed_under_its_lock)
{
	RTM_ENTITY_HANDLE owner = enter(8);
	RTM_NEXTHOP_HANDLE hop = keep_hop(owner, "192.0.2.1", 7);
	RTM_NEXTHOP_INFO *live = NULL, result;

	REQUIRE_EQ(RtmLockNextHop(owner, hop, EXCLUSIVE, LOCK, &live), NO_ERROR);
	REQUIRE(live != NULL);
	CHECK_TEXT(text_of(&live->NextHopAddress), "192.0.2.1/32");
	live->Flags = RTM_NEXTHOP_FLAGS_DOWN;
	live->EntitySpecificInfo = owner;
	CHECK_EQ(RtmLockNextHop(owner, hop, EXCLUSIVE, UNLOCK, NULL), NO_ERROR);
	REQUIRE_EQ(RtmGetNextHopInfo(owner, hop, &result), NO_ERROR);
	CHECK_EQ(result.Flags, RTM_NEXTHOP_FLAGS_DOWN);
	CHECK_SAME(result.EntitySpecificInfo, owner);
	CHECK_EQ(RtmReleaseNextHopInfo(owner, &result), NO_ERROR);
	CHECK_EQ(handles_of(owner), 0);
	leave(owner);
}

/* The client that sets RemoteNextHop itself adjusts no reference: RtmGetNextHopInfo gives one with each copy. */
TEST(a_remote_destination_is_set_under_the_lock) /* decision 112 */
{
	RTM_ENTITY_HANDLE owner = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8"));
	RTM_NEXTHOP_HANDLE hop = keep_hop(owner, "192.0.2.1", 7);
	RTM_NEXTHOP_INFO *live = NULL, result;
	RTM_DEST_HANDLE dest = hold_dest(owner, "10.0.0.0/8");
	dest_info info;

	REQUIRE_EQ(RtmLockNextHop(owner, hop, EXCLUSIVE, LOCK, &live), NO_ERROR);
	live->Flags = RTM_NEXTHOP_FLAGS_REMOTE;
	live->RemoteNextHop = dest;
	CHECK_EQ(RtmLockNextHop(owner, hop, EXCLUSIVE, UNLOCK, NULL), NO_ERROR);
	REQUIRE_EQ(RtmGetNextHopInfo(owner, hop, &result), NO_ERROR);
	CHECK_SAME(result.RemoteNextHop, dest);
	CHECK_EQ(RtmReleaseNextHopInfo(owner, &result), NO_ERROR);
	CHECK_EQ(handles_of(owner), 1);
	release_dest(owner, dest);
	remove_route(owner, route);
	CHECK_EQ(RtmGetDestInfo(owner, dest, RTM_BEST_PROTOCOL, UCAST, &info.info), NO_ERROR); /* the next hop keeps it */
	release_info(owner, &info);
	remove_hop(owner, hop);
	CHECK_EQ(RtmGetDestInfo(owner, dest, RTM_BEST_PROTOCOL, UCAST, &info.info), ERROR_INVALID_HANDLE);
	leave(owner);
}

TEST(a_next_hop_is_locked_by_its_owner_alone) /* decision 79 */
{
	RTM_ENTITY_HANDLE owner = enter(8), other = enter(9);
	RTM_NEXTHOP_HANDLE hop = keep_hop(owner, "192.0.2.1", 7);
	RTM_NEXTHOP_INFO *live = NULL;

	CHECK_EQ(RtmLockNextHop(other, hop, EXCLUSIVE, LOCK, &live), ERROR_ACCESS_DENIED);
	CHECK_EQ(RtmLockNextHop(other, hop, SHARED, LOCK, &live), ERROR_ACCESS_DENIED);
	CHECK_EQ(RtmLockNextHop(NULL, hop, EXCLUSIVE, LOCK, &live), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmLockNextHop(owner, NULL, EXCLUSIVE, LOCK, &live), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmLockNextHop(owner, owner, EXCLUSIVE, LOCK, &live), ERROR_INVALID_HANDLE);
	CHECK_SAME(live, NULL);
	leave(owner);
	leave(other);
}

TEST(a_deleted_next_hop_is_not_locked_but_unlocked)
{
	RTM_ENTITY_HANDLE owner = enter(8);
	RTM_NEXTHOP_HANDLE hop = add_hop(owner, "192.0.2.1", 7);
	RTM_NEXTHOP_INFO *live = NULL;

	CHECK_EQ(RtmLockNextHop(owner, hop, EXCLUSIVE, LOCK, NULL), NO_ERROR);
	remove_hop(owner, hop);
	CHECK_EQ(RtmLockNextHop(owner, hop, EXCLUSIVE, LOCK, &live), ERROR_NOT_FOUND);
	CHECK_EQ(RtmLockNextHop(owner, hop, SHARED, LOCK, &live), ERROR_NOT_FOUND);
	CHECK_SAME(live, NULL);
	CHECK_EQ(RtmLockNextHop(owner, hop, EXCLUSIVE, UNLOCK, NULL), NO_ERROR);
	release_hop(owner, hop);
	CHECK_EQ(RtmGetNextHopPointer(owner, hop, &live), ERROR_INVALID_HANDLE);
	leave(owner);
}

TEST(a_next_hop_lock_follows_the_rules_of_locks) /* decision 102 */
{
	struct hop_site site = {.owner = enter(8)};
	struct thread thread;

	site.hop = keep_hop(site.owner, "192.0.2.1", 7);
	CHECK_EQ(RtmLockNextHop(site.owner, site.hop, EXCLUSIVE, UNLOCK, NULL), ERROR_ACCESS_DENIED);
	CHECK_EQ(RtmLockNextHop(site.owner, site.hop, SHARED, LOCK, NULL), NO_ERROR);
	CHECK_EQ(RtmLockNextHop(site.owner, site.hop, EXCLUSIVE, UNLOCK, NULL), ERROR_ACCESS_DENIED);
	start_thread(&thread, share_hop, &site);
	CHECK_EQ(end_thread(&thread), NO_ERROR);
	check_hop_waits(&site, lock_and_unlock_hop, SHARED);
	CHECK_EQ(RtmLockNextHop(site.owner, site.hop, EXCLUSIVE, LOCK, NULL), NO_ERROR);
	CHECK_EQ(RtmLockNextHop(site.owner, site.hop, EXCLUSIVE, LOCK, NULL), NO_ERROR);
	CHECK_EQ(RtmLockNextHop(site.owner, site.hop, EXCLUSIVE, UNLOCK, NULL), NO_ERROR);
	check_hop_waits(&site, share_hop, EXCLUSIVE);
	CHECK_EQ(RtmLockNextHop(site.owner, site.hop, EXCLUSIVE, UNLOCK, NULL), ERROR_ACCESS_DENIED);
	leave(site.owner);
}

static DWORD read_hop(void *context)
{
	struct hop_site *site = context;
	RTM_NEXTHOP_INFO result;
	DWORD status = RtmGetNextHopInfo(site->owner, site->hop, &result);

	if (status != NO_ERROR)
		return status;
	status = RtmReleaseNextHopInfo(site->owner, &result);
	return status != NO_ERROR ? status : result.Flags;
}

static DWORD change_hop(void *context)
{
	struct hop_site *site = context;
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.1", 7);
	RTM_NEXTHOP_CHANGE_FLAGS flags = 0;

	return RtmAddNextHop(site->owner, &info, NULL, &flags);
}

static DWORD delete_hop_by_info(void *context)
{
	struct hop_site *site = context;
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.1", 7);

	return RtmDeleteNextHop(site->owner, NULL, &info);
}

/* What is written under the lock is the next hop itself, so nobody else may read or write it meanwhile. */
TEST(other_threads_wait_for_a_locked_next_hop) /* decision 102 */
{
	struct hop_site site = {.owner = enter(8)};
	RTM_NEXTHOP_INFO *live = NULL;
	struct thread thread;

	site.hop = keep_hop(site.owner, "192.0.2.1", 7);
	REQUIRE_EQ(RtmLockNextHop(site.owner, site.hop, EXCLUSIVE, LOCK, &live), NO_ERROR);
	start_thread(&thread, read_hop, &site);
	give_way_for_long();
	CHECK(!atomic_load(&thread.ended));
	live->Flags = RTM_NEXTHOP_FLAGS_DOWN;
	CHECK_EQ(RtmLockNextHop(site.owner, site.hop, EXCLUSIVE, UNLOCK, NULL), NO_ERROR);
	CHECK_EQ(end_thread(&thread), RTM_NEXTHOP_FLAGS_DOWN);
	REQUIRE_EQ(RtmLockNextHop(site.owner, site.hop, SHARED, LOCK, NULL), NO_ERROR);
	start_thread(&thread, read_hop, &site);
	CHECK_EQ(end_thread(&thread), RTM_NEXTHOP_FLAGS_DOWN);
	check_hop_waits(&site, change_hop, SHARED);
	REQUIRE_EQ(RtmLockNextHop(site.owner, site.hop, EXCLUSIVE, LOCK, NULL), NO_ERROR);
	check_hop_waits(&site, delete_hop_by_info, EXCLUSIVE);
	leave(site.owner);
}
