/* test_inplace.c - routes that their owner changes in place: what may change, what an update does, what its failure does. */
#include "events.h"

#include <string.h>

/* An owner with a route that it has locked exclusively. */
struct work {
	RTM_ENTITY_HANDLE owner;
	RTM_NEXTHOP_HANDLE hop[3];
	RTM_ROUTE_HANDLE route;
	RTM_ROUTE_INFO *live;
};

#define LIVE_HOP(work, i) ((&(work).live->NextHopsList.NextHops[0])[i])

static struct work begin_work(void)
{
	struct work work = {.owner = enter(8)};

	for (ULONG i = 0; i < 3; i++)
		work.hop[i] = keep_hop(work.owner, "192.0.2.1", i + 1);
	work.route = keep_route(work.owner, ROUTE(.to = "10.0.0.0/8", .pref = 5, .metric = 5, .neighbour = work.hop[0],
	                                          .via = {work.hop[0]}, .tag = 1));
	REQUIRE_EQ(RtmLockRoute(work.owner, work.route, TRUE, TRUE, &work.live), NO_ERROR);
	REQUIRE(work.live != NULL);
	return work;
}

static DWORD update(struct work *work, RTM_ROUTE_CHANGE_FLAGS *flags)
{
	return RtmUpdateAndUnlockRoute(work->owner, work->route, INFINITE, NULL, 0, NULL, flags);
}

static RTM_ROUTE_CHANGE_FLAGS finish_update(struct work *work)
{
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	REQUIRE_EQ(update(work, &flags), NO_ERROR);
	return flags;
}

static void lock_again(struct work *work)
{
	REQUIRE_EQ(RtmLockRoute(work->owner, work->route, TRUE, TRUE, NULL), NO_ERROR);
}

static DWORD unlock(struct work *work)
{
	return RtmLockRoute(work->owner, work->route, TRUE, FALSE, NULL);
}

static void end_work(struct work *work)
{
	CHECK_EQ(handles_of(work->owner), 0);
	leave(work->owner);
}

/* The route as everybody sees it, without references. */
static route_info seen(struct work *work)
{
	route_info result;

	REQUIRE_EQ(RtmGetRouteInfo(work->owner, work->route, &result.info, NULL), NO_ERROR);
	REQUIRE_EQ(RtmReleaseRouteInfo(work->owner, &result.info), NO_ERROR);
	return result;
}

TEST(every_member_that_may_be_changed_in_place_is_changed)
{
	struct work work = begin_work();
	route_info result;

	work.live->PrefInfo.Preference = 6;
	work.live->PrefInfo.Metric = 7;
	work.live->BelongsToViews = BOTH;
	work.live->EntitySpecificInfo = work.owner;
	CHECK_EQ(RtmReferenceHandles(work.owner, 2, &work.hop[1]), NO_ERROR);
	CHECK_EQ(RtmReferenceHandles(work.owner, 1, &work.hop[1]), NO_ERROR);
	CHECK_EQ(RtmReleaseNextHops(work.owner, 1, &work.hop[0]), NO_ERROR);
	CHECK_EQ(RtmReleaseNextHops(work.owner, 1, &work.hop[0]), NO_ERROR);
	work.live->Neighbour = work.hop[1];
	work.live->NextHopsList.NumNextHops = 2;
	LIVE_HOP(work, 0) = work.hop[1];
	LIVE_HOP(work, 1) = work.hop[2];
	CHECK_EQ(finish_update(&work), RTM_ROUTE_CHANGE_BEST);

	result = seen(&work);
	CHECK_EQ(result.info.PrefInfo.Preference, 6);
	CHECK_EQ(result.info.PrefInfo.Metric, 7);
	CHECK_EQ(result.info.BelongsToViews, BOTH);
	CHECK_SAME(result.info.EntitySpecificInfo, work.owner);
	CHECK_SAME(result.info.Neighbour, work.hop[1]);
	CHECK_EQ(result.info.NextHopsList.NumNextHops, 2);
	CHECK_SAME(HOP(result, 0), work.hop[1]);
	CHECK_SAME(HOP(result, 1), work.hop[2]);
	CHECK_EQ(best_in(work.owner, work.route), BOTH);
	end_work(&work);
}

TEST(members_that_may_not_be_changed_do_not_change)
{
	struct work work = begin_work();
	RTM_DEST_HANDLE dest = work.live->DestHandle;
	route_info result;

	work.live->DestHandle = work.route;
	work.live->RouteOwner = work.hop[0];
	work.live->State = RTM_ROUTE_STATE_DELETED;
	finish_update(&work);
	result = seen(&work);
	CHECK_SAME(result.info.DestHandle, dest);
	CHECK_SAME(result.info.RouteOwner, work.owner);
	CHECK_EQ(result.info.State, RTM_ROUTE_STATE_CREATED);
	CHECK_SAME(work.live->DestHandle, dest);
	CHECK_SAME(work.live->RouteOwner, work.owner);
	CHECK_EQ(work.live->State, RTM_ROUTE_STATE_CREATED);
	end_work(&work);
}

TEST(an_update_in_place_sorts_the_route_anew)
{
	struct work work = begin_work();
	RTM_ENTITY_HANDLE rival = enter(9);
	RTM_ROUTE_HANDLE other = keep_route(rival, ROUTE(.to = "10.0.0.0/8", .pref = 5, .metric = 9, .tag = 2));

	work.live->PrefInfo.Metric = 10;
	CHECK_EQ(finish_update(&work), RTM_ROUTE_CHANGE_BEST); /* another one is best now */
	CHECK_EQ(best_in(rival, other), UCAST);
	CHECK_EQ(best_in(rival, work.route), 0);
	CHECK_TEXT(drain_routes(rival, route_enum(rival, UCAST, RTM_ENUM_START, NULL), 5), "10.0.0.0/8=2 10.0.0.0/8=1");
	lock_again(&work);
	work.live->PrefInfo.Metric = 11;
	CHECK_EQ(finish_update(&work), 0);
	lock_again(&work);
	work.live->PrefInfo.Preference = 1;
	CHECK_EQ(finish_update(&work), RTM_ROUTE_CHANGE_BEST);
	CHECK_EQ(best_in(rival, work.route), UCAST);
	CHECK_TEXT(drain_routes(rival, route_enum(rival, UCAST, RTM_ENUM_START, NULL), 5), "10.0.0.0/8=1 10.0.0.0/8=2");
	leave(rival);
	end_work(&work);
}

TEST(a_route_changed_in_place_may_leave_all_views) /* decision 88 */
{
	struct work work = begin_work();

	work.live->BelongsToViews = 0;
	CHECK_EQ(finish_update(&work), RTM_ROUTE_CHANGE_BEST);
	CHECK_SAME(best_of(work.owner, "10.0.0.0/8", UCAST), NULL);
	lock_again(&work);
	work.live->BelongsToViews = RTM_VIEW_MASK_ALL;
	finish_update(&work);
	CHECK_EQ(best_in(work.owner, work.route), BOTH);
	CHECK_EQ(work.live->BelongsToViews, BOTH);
	end_work(&work);
}

static DWORD lock_and_unlock(void *context)
{
	struct work *work = context;
	DWORD status = RtmLockRoute(work->owner, work->route, TRUE, TRUE, NULL);

	return status != NO_ERROR ? status : RtmLockRoute(work->owner, work->route, TRUE, FALSE, NULL);
}

static DWORD try_to_update(void *context)
{
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	return update(context, &flags);
}

TEST(a_successful_update_unlocks)
{
	struct work work = begin_work();
	struct thread thread;

	start_thread(&thread, lock_and_unlock, &work);
	give_way_for_long();
	CHECK(!atomic_load(&thread.ended));
	finish_update(&work);
	CHECK_EQ(end_thread(&thread), NO_ERROR);
	CHECK_EQ(unlock(&work), ERROR_ACCESS_DENIED);
	end_work(&work);
}

TEST(an_update_gives_up_one_lock_of_several) /* decision 102 */
{
	struct work work = begin_work();
	struct thread thread;

	lock_again(&work);
	work.live->PrefInfo.Metric = 6;
	finish_update(&work);
	start_thread(&thread, lock_and_unlock, &work);
	give_way_for_long();
	CHECK(!atomic_load(&thread.ended));
	work.live->PrefInfo.Metric = 7;
	finish_update(&work);
	CHECK_EQ(end_thread(&thread), NO_ERROR);
	CHECK_EQ(seen(&work).info.PrefInfo.Metric, 7);
	end_work(&work);
}

TEST(an_update_needs_the_exclusive_lock_of_its_thread) /* decision 101 */
{
	struct work work = begin_work();
	RTM_ROUTE_CHANGE_FLAGS flags = 77;
	RTM_DEST_HANDLE dest;
	struct thread thread;

	start_thread(&thread, try_to_update, &work); /* locked, but not by that thread */
	CHECK_EQ(end_thread(&thread), ERROR_ACCESS_DENIED);
	CHECK_EQ(unlock(&work), NO_ERROR);
	CHECK_EQ(update(&work, &flags), ERROR_ACCESS_DENIED);
	REQUIRE_EQ(RtmLockRoute(work.owner, work.route, FALSE, TRUE, NULL), NO_ERROR);
	CHECK_EQ(update(&work, &flags), ERROR_ACCESS_DENIED);
	REQUIRE_EQ(RtmLockRoute(work.owner, work.route, FALSE, FALSE, NULL), NO_ERROR);
	/* Nor is the lock of the destination, taken as such, the route's. */
	dest = hold_dest(work.owner, "10.0.0.0/8");
	REQUIRE_EQ(RtmLockDestination(work.owner, dest, TRUE, TRUE), NO_ERROR);
	CHECK_EQ(update(&work, &flags), ERROR_ACCESS_DENIED);
	CHECK_EQ(RtmLockDestination(work.owner, dest, TRUE, FALSE), NO_ERROR);
	release_dest(work.owner, dest);
	CHECK_EQ(flags, 77);
	end_work(&work);
}

TEST(an_update_is_for_the_owner_of_the_route)
{
	struct work work = begin_work();
	RTM_ENTITY_HANDLE other = enter(9);
	RTM_ROUTE_CHANGE_FLAGS flags = 77;

	CHECK_EQ(RtmUpdateAndUnlockRoute(other, work.route, INFINITE, NULL, 0, NULL, &flags), ERROR_ACCESS_DENIED);
	CHECK_EQ(flags, 77);
	finish_update(&work); /* the lock was still there */
	leave(other);
	end_work(&work);
}

TEST(an_update_checks_its_handles) /* decisions 79, 80 */
{
	struct work work = begin_work();
	RTM_ROUTE_CHANGE_FLAGS flags = 77;

	CHECK_EQ(RtmUpdateAndUnlockRoute(NULL, work.route, INFINITE, NULL, 0, NULL, &flags), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmUpdateAndUnlockRoute(work.owner, NULL, INFINITE, NULL, 0, NULL, &flags), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmUpdateAndUnlockRoute(work.owner, work.owner, INFINITE, NULL, 0, NULL, &flags), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmUpdateAndUnlockRoute(work.owner, work.route, INFINITE, work.route, 0, NULL, &flags),
	         ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmUpdateAndUnlockRoute(work.owner, work.route, INFINITE, NULL, 0, NULL, NULL),
	         ERROR_INVALID_PARAMETER);
	CHECK_EQ(flags, 77);
	finish_update(&work);
	end_work(&work);
}

TEST(a_failed_update_keeps_the_lock_and_the_route) /* decisions 81, 89, 101 */
{
	struct work work = begin_work();
	RTM_ENTITY_HANDLE other = enter(9);
	RTM_NEXTHOP_HANDLE foreign = keep_hop(other, "192.0.2.1", 1);
	RTM_ROUTE_CHANGE_FLAGS flags = 77;
	struct thread thread;

	work.live->PrefInfo.Metric = 9;
	work.live->NextHopsList.NumNextHops = (USHORT)(profile.MaxNextHopsInRoute + 1);
	CHECK_EQ(update(&work, &flags), ERROR_INVALID_PARAMETER);
	work.live->NextHopsList.NumNextHops = 1;
	work.live->BelongsToViews = 4;
	CHECK_EQ(update(&work, &flags), ERROR_INVALID_PARAMETER);
	work.live->BelongsToViews = UCAST;
	LIVE_HOP(work, 0) = work.route;
	CHECK_EQ(update(&work, &flags), ERROR_INVALID_HANDLE);
	LIVE_HOP(work, 0) = foreign;
	CHECK_EQ(update(&work, &flags), ERROR_INVALID_PARAMETER);
	LIVE_HOP(work, 0) = NULL;
	CHECK_EQ(update(&work, &flags), ERROR_INVALID_PARAMETER);
	LIVE_HOP(work, 0) = work.hop[0];
	CHECK_EQ(flags, 77);
	CHECK_EQ(seen(&work).info.PrefInfo.Metric, 5);

	start_thread(&thread, lock_and_unlock, &work);
	give_way_for_long();
	CHECK(!atomic_load(&thread.ended));
	finish_update(&work); /* put right, it succeeds */
	CHECK_EQ(end_thread(&thread), NO_ERROR);
	CHECK_EQ(seen(&work).info.PrefInfo.Metric, 9);
	leave(other);
	end_work(&work);
}

TEST(unlocking_without_an_update_changes_nothing)
{
	struct work work = begin_work();
	RTM_ENTITY_HANDLE reader = enter(9);
	RTM_NOTIFY_HANDLE notify = NULL;
	dest_info changed;
	UINT count = 1;

	REQUIRE_EQ(RtmRegisterForChangeNotification(reader, UCAST, RTM_CHANGE_TYPE_ALL, NULL, &notify), NO_ERROR);
	work.live->PrefInfo.Metric = 9;
	work.live->BelongsToViews = MCAST;
	work.live->NextHopsList.NumNextHops = 0;
	CHECK_EQ(unlock(&work), NO_ERROR);
	CHECK_EQ(seen(&work).info.PrefInfo.Metric, 5);
	CHECK_EQ(seen(&work).info.BelongsToViews, UCAST);
	CHECK_EQ(seen(&work).info.NextHopsList.NumNextHops, 1);
	CHECK_EQ(RtmGetChangedDests(reader, notify, &count, &changed.info), ERROR_NO_MORE_ITEMS);
	/* What was not committed is not committed by the next update either. */
	lock_again(&work);
	finish_update(&work);
	CHECK_EQ(seen(&work).info.PrefInfo.Metric, 5);
	CHECK_EQ(RtmDeregisterFromChangeNotification(reader, notify), NO_ERROR);
	leave(reader);
	end_work(&work);
}

TEST(a_route_has_room_for_all_next_hops_in_place) /* decision 99 */
{
	struct work work = begin_work();
	RTM_NEXTHOP_HANDLE many[ROOM_HOPS];
	route_info result;

	for (unsigned i = 0; i < profile.MaxNextHopsInRoute; i++) {
		many[i] = keep_hop(work.owner, "192.0.2.9", i + 1);
		CHECK_EQ(RtmReferenceHandles(work.owner, 1, &many[i]), NO_ERROR);
		LIVE_HOP(work, i) = many[i];
	}
	CHECK_EQ(RtmReleaseNextHops(work.owner, 1, &work.hop[0]), NO_ERROR);
	work.live->NextHopsList.NumNextHops = (USHORT)profile.MaxNextHopsInRoute;
	finish_update(&work);
	result = seen(&work);
	CHECK_EQ(result.info.NextHopsList.NumNextHops, profile.MaxNextHopsInRoute);
	for (unsigned i = 0; i < profile.MaxNextHopsInRoute; i++)
		CHECK_SAME(HOP(result, i), many[i]);
	end_work(&work);
}

TEST(a_deleted_next_hop_lives_until_it_is_taken_out_in_place) /* decision 108 */
{
	struct work work = begin_work();
	RTM_NEXTHOP_INFO info;

	remove_hop(work.owner, work.hop[0]);
	CHECK_EQ(RtmReferenceHandles(work.owner, 1, &work.hop[1]), NO_ERROR);
	LIVE_HOP(work, 0) = work.hop[1];
	work.live->Neighbour = NULL;
	CHECK_EQ(RtmReleaseNextHops(work.owner, 1, &work.hop[0]), NO_ERROR);
	CHECK_EQ(RtmReleaseNextHops(work.owner, 1, &work.hop[0]), NO_ERROR);
	finish_update(&work);
	CHECK_EQ(RtmGetNextHopInfo(work.owner, work.hop[0], &info), ERROR_INVALID_HANDLE);
	end_work(&work);
}

TEST(references_that_the_client_does_not_adjust_are_counted) /* rtm-v2 section 3: the client's duty */
{
	struct work work = begin_work();
	RTM_NEXTHOP_HANDLE kept = work.hop[0];

	/* Taken out of the route but not released: the client still holds both. */
	work.live->Neighbour = NULL;
	work.live->NextHopsList.NumNextHops = 0;
	finish_update(&work);
	CHECK_EQ(handles_of(work.owner), 2);
	CHECK_EQ(RtmReleaseNextHops(work.owner, 1, &kept), NO_ERROR);
	CHECK_EQ(RtmReleaseNextHops(work.owner, 1, &kept), NO_ERROR);
	CHECK_EQ(RtmReleaseNextHops(work.owner, 1, &kept), ERROR_INVALID_HANDLE);
	end_work(&work);
}

TEST(an_ordinary_update_of_a_locked_route_keeps_the_references_right) /* decision 100 */
{
	struct work work = begin_work();

	update_route(work.owner, work.route, ROUTE(.metric = 6, .neighbour = work.hop[1], .via = {work.hop[1], work.hop[2]}));
	CHECK_EQ(work.live->PrefInfo.Metric, 6);
	CHECK_EQ(work.live->NextHopsList.NumNextHops, 2);
	/* The references in the live information are the owner's now as they were before. */
	CHECK_EQ(RtmReleaseNextHops(work.owner, 1, &work.hop[2]), NO_ERROR);
	work.live->NextHopsList.NumNextHops = 1;
	finish_update(&work);
	CHECK_EQ(seen(&work).info.NextHopsList.NumNextHops, 1);
	end_work(&work);
}

TEST(a_neighbour_changed_in_place_may_double_an_identity) /* decision 93 */
{
	struct work work = begin_work();
	RTM_ROUTE_HANDLE second =
	    keep_route(work.owner, ROUTE(.to = "10.0.0.0/8", .metric = 9, .neighbour = work.hop[1], .tag = 2));

	CHECK_EQ(RtmReferenceHandles(work.owner, 1, &work.hop[1]), NO_ERROR);
	CHECK_EQ(RtmReleaseNextHops(work.owner, 1, &work.hop[0]), NO_ERROR);
	work.live->Neighbour = work.hop[1];
	finish_update(&work);
	CHECK(second != work.route);
	CHECK_SAME(seen(&work).info.Neighbour, work.hop[1]);
	CHECK_EQ(held_by(work.owner).Routes, 2);
	end_work(&work);
}

TEST(notification_arguments_of_an_update_are_ignored) /* decision 105 */
{
	struct work work = begin_work();
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	work.live->PrefInfo.Metric = 6;
	CHECK_EQ(RtmUpdateAndUnlockRoute(work.owner, work.route, INFINITE, NULL, 0xFFFFFFFF, work.route, &flags), NO_ERROR);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_BEST);
	end_work(&work);
}

TEST(input_flags_do_not_leak_into_the_result) /* decision 85 */
{
	struct work work = begin_work();
	RTM_ROUTE_CHANGE_FLAGS flags = RTM_ROUTE_CHANGE_NEW | RTM_ROUTE_CHANGE_FIRST;

	CHECK_EQ(update(&work, &flags), NO_ERROR);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_BEST);
	CHECK_EQ(held_by(work.owner).Routes, 1);
	end_work(&work);
}

TEST(a_deleted_route_is_not_updated_in_place) /* decision 94 */
{
	struct work work = begin_work();
	RTM_DEST_HANDLE dest = hold_dest(work.owner, "10.0.0.0/8");
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	REQUIRE_EQ(RtmReferenceHandles(work.owner, 1, &work.route), NO_ERROR);
	remove_route(work.owner, work.route);
	CHECK_EQ(update(&work, &flags), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmLockDestination(work.owner, dest, TRUE, FALSE), NO_ERROR);
	release_route(work.owner, work.route);
	release_dest(work.owner, dest);
	end_work(&work);
}

/* What is told of an update in place */

enum { ALL = RTM_CHANGE_TYPE_ALL, BEST = RTM_CHANGE_TYPE_BEST, FORWARDING = RTM_CHANGE_TYPE_FORWARDING };

struct watched_work {
	struct work work;
	RTM_ENTITY_HANDLE reader;
	RTM_NOTIFY_HANDLE notify[3];
};

static void check_told(struct watched_work *w, const char *what, unsigned told)
{
	static const RTM_NOTIFY_FLAGS types[3] = {ALL, BEST, FORWARDING};

	for (unsigned i = 0; i < 3; i++) {
		dest_info result;
		UINT count = 1;
		DWORD status = RtmGetChangedDests(w->reader, w->notify[i], &count, &result.info);

		test_context("%s, type %u", what, (unsigned)types[i]);
		CHECK_EQ(status, (types[i] & told) ? NO_ERROR : ERROR_NO_MORE_ITEMS);
		if (status == NO_ERROR)
			CHECK_EQ(RtmReleaseChangedDests(w->reader, w->notify[i], count, &result.info), NO_ERROR);
	}
}

TEST(an_update_in_place_is_compared_with_what_was) /* decisions 92, 104, 145 */
{
	struct watched_work w = {.work = begin_work(), .reader = enter(9)};
	RTM_ENTITY_HANDLE rival = enter(10);

	for (unsigned i = 0; i < 3; i++)
		REQUIRE_EQ(RtmRegisterForChangeNotification(w.reader, UCAST, 1u << i, NULL, &w.notify[i]), NO_ERROR);
	finish_update(&w.work);
	check_told(&w, "nothing", ALL);
	lock_again(&w.work);
	check_told(&w, "locked", 0);
	w.work.live->EntitySpecificInfo = NULL;
	check_told(&w, "not committed", 0);
	finish_update(&w.work);
	check_told(&w, "private information", ALL);
	lock_again(&w.work);
	w.work.live->PrefInfo.Metric = 6;
	finish_update(&w.work);
	check_told(&w, "metric", ALL | BEST);
	lock_again(&w.work);
	w.work.live->PrefInfo.Preference = 4;
	finish_update(&w.work);
	check_told(&w, "preference", ALL | BEST | FORWARDING);
	lock_again(&w.work);
	CHECK_EQ(RtmReleaseNextHops(w.work.owner, 1, &w.work.hop[0]), NO_ERROR);
	w.work.live->NextHopsList.NumNextHops = 0;
	finish_update(&w.work);
	check_told(&w, "next hops", ALL | BEST | FORWARDING);
	lock_again(&w.work);
	w.work.live->BelongsToViews = MCAST;
	finish_update(&w.work);
	check_told(&w, "view left", ALL | BEST | FORWARDING);
	lock_again(&w.work);
	w.work.live->PrefInfo.Metric = 1;
	finish_update(&w.work);
	check_told(&w, "another view", 0);
	keep_route(rival, ROUTE(.to = "10.0.0.0/8", .pref = 1));
	check_told(&w, "rival", ALL | BEST | FORWARDING);
	lock_again(&w.work);
	w.work.live->BelongsToViews = UCAST;
	finish_update(&w.work);
	check_told(&w, "a worse route enters the view", ALL);
	for (unsigned i = 0; i < 3; i++)
		REQUIRE_EQ(RtmDeregisterFromChangeNotification(w.reader, w.notify[i]), NO_ERROR);
	leave(rival);
	leave(w.reader);
	end_work(&w.work);
}

/* Time to live and lists */

TEST(an_update_in_place_starts_the_time_anew) /* decision 95 */
{
	struct work work = begin_work();
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	CHECK_EQ(RtmUpdateAndUnlockRoute(work.owner, work.route, 1, NULL, 0, NULL, &flags), NO_ERROR);
	EVENTUALLY(!is_known(work.owner, "10.0.0.0/8"));
	end_work(&work);
}

TEST(an_update_in_place_prolongs_and_cancels_the_time) /* decision 95 */
{
	static const ULONG times[2] = {HOUR, INFINITE};

	for (unsigned i = 0; i < 2; i++) {
		struct work work = begin_work();
		RTM_ROUTE_CHANGE_FLAGS flags = 0;

		hold_events();
		CHECK_EQ(RtmUpdateAndUnlockRoute(work.owner, work.route, 1, NULL, 0, NULL, &flags), NO_ERROR);
		lock_again(&work);
		CHECK_EQ(RtmUpdateAndUnlockRoute(work.owner, work.route, times[i], NULL, 0, NULL, &flags), NO_ERROR);
		let_events_go();
		let_pass(20);
		CHECK_EQ(best_in(work.owner, work.route), UCAST);
		end_work(&work);
	}
}

TEST(unlocking_without_an_update_leaves_the_time_alone)
{
	struct work work = begin_work();
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	hold_events();
	CHECK_EQ(RtmUpdateAndUnlockRoute(work.owner, work.route, 1, NULL, 0, NULL, &flags), NO_ERROR);
	lock_again(&work);
	CHECK_EQ(unlock(&work), NO_ERROR);
	let_events_go();
	EVENTUALLY(!is_known(work.owner, "10.0.0.0/8"));
	end_work(&work);
}
