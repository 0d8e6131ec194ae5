/*
 * test_expiry.c - routes that live for a time: when it begins anew, who is told, and what the owner's answer does.
 *
 * "Time stands still" between hold_events and let_events_go; what is said about a route that has not expired yet is said
 * there, or of a route that lives for an hour.
 */
#define __USE_MINGW_ANSI_STDIO 1
#include "events.h"

#include <stdio.h>
#include <string.h>

static const struct route to_ten = {.to = "10.0.0.0/8"};

static bool is_deleted(RTM_ENTITY_HANDLE entity, RTM_ROUTE_HANDLE route)
{
	route_info result;
	bool deleted;

	REQUIRE_EQ(RtmGetRouteInfo(entity, route, &result.info, NULL), NO_ERROR);
	deleted = result.info.State == RTM_ROUTE_STATE_DELETED;
	REQUIRE_EQ(RtmReleaseRouteInfo(entity, &result.info), NO_ERROR);
	return deleted;
}

/* Without a callback */

TEST(a_route_expires_after_its_time_to_live) /* decisions 95, 96 */
{
	RTM_ENTITY_HANDLE entity = enter(8);

	keep_route_for(entity, to_ten, 5);
	EVENTUALLY(!is_known(entity, "10.0.0.0/8"));
	CHECK_EQ(held_by(entity).Routes, 0);
	leave(entity);
}

TEST(a_route_does_not_expire_before_its_time) /* decision 95 */
{
	RTM_ENTITY_HANDLE entity = enter(8);

	keep_route_for(entity, to_ten, HOUR);
	keep_route_for(entity, ROUTE(.to = "11.0.0.0/8"), 0xFFFFFFFE);
	let_pass(20);
	CHECK(is_known(entity, "10.0.0.0/8"));
	CHECK(is_known(entity, "11.0.0.0/8"));
	leave(entity);
}

TEST(a_route_without_limit_does_not_expire) /* decision 95 */
{
	RTM_ENTITY_HANDLE entity = enter(8);

	keep_route_for(entity, to_ten, INFINITE);
	let_pass(20);
	CHECK(is_known(entity, "10.0.0.0/8"));
	leave(entity);
}

TEST(a_route_with_no_time_to_live_expires_at_once_but_not_within_the_call) /* decision 95 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = NULL;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	hold_events();
	CHECK_EQ(try_route_for(entity, &route, to_ten, 0, NULL, &flags), NO_ERROR);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_NEW | RTM_ROUTE_CHANGE_BEST);
	CHECK_EQ(best_in(entity, route), UCAST);
	let_events_go();
	EVENTUALLY(is_deleted(entity, route));
	release_route(entity, route);
	leave(entity);
}

TEST(an_expired_route_is_a_deleted_one) /* decisions 94, 96 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "192.0.2.1", 1);
	RTM_ROUTE_HANDLE route = add_route_for(entity, ROUTE(.to = "10.0.0.0/8", .via = {hop}), 1);
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	EVENTUALLY(is_deleted(entity, route));
	CHECK_EQ(best_in(entity, route), 0);
	CHECK_EQ(RtmDeleteRouteToDest(entity, route, &flags), ERROR_NOT_FOUND);
	CHECK_EQ(try_route(entity, &route, to_ten, &flags), ERROR_INVALID_HANDLE);
	release_route(entity, route);
	CHECK_EQ(RtmGetRouteInfo(entity, route, NULL, NULL), ERROR_INVALID_HANDLE);
	leave(entity);
}

TEST(a_route_added_after_its_expiry_is_another_one)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE old = add_route_for(entity, to_ten, 1), again = NULL;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	EVENTUALLY(is_deleted(entity, old));
	CHECK_EQ(try_route(entity, &again, to_ten, &flags), NO_ERROR);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_NEW | RTM_ROUTE_CHANGE_BEST);
	CHECK(again != old);
	release_route(entity, old);
	release_route(entity, again);
	leave(entity);
}

TEST(expiry_lets_the_next_best_route_win)
{
	RTM_ENTITY_HANDLE entity = enter(8), rival = enter(9);
	RTM_ROUTE_HANDLE second = keep_route(rival, ROUTE(.to = "10.0.0.0/8", .metric = 9));

	keep_route_for(entity, ROUTE(.to = "10.0.0.0/8", .metric = 1), 1);
	EVENTUALLY(best_of(rival, "10.0.0.0/8", UCAST) == second);
	CHECK_EQ(best_in(rival, second), UCAST);
	leave(entity);
	leave(rival);
}

TEST(expiry_is_told_as_a_deletion) /* decision 96 */
{
	RTM_ENTITY_HANDLE entity = enter(8), reader = enter_listening(9);
	RTM_NOTIFY_HANDLE notify[3] = {NULL};
	RTM_NOTIFY_FLAGS types[3] = {RTM_CHANGE_TYPE_ALL, RTM_CHANGE_TYPE_BEST, RTM_CHANGE_TYPE_FORWARDING};
	RTM_ROUTE_HANDLE route;

	hold_events();
	route = add_route_for(entity, to_ten, 1);
	for (unsigned i = 0; i < 3; i++)
		REQUIRE_EQ(RtmRegisterForChangeNotification(reader, UCAST, types[i], NULL, &notify[i]), NO_ERROR);
	let_events_go();
	EVENTUALLY(is_deleted(entity, route));
	await_events();
	CHECK_EQ(times_told(reader, RTM_CHANGE_NOTIFICATION), 3);
	for (unsigned i = 0; i < 3; i++) {
		dest_info result;
		UINT count = 1;

		CHECK_EQ(RtmGetChangedDests(reader, notify[i], &count, &result.info), NO_ERROR);
		CHECK_TEXT(text_of(&result.info.DestAddress), "10.0.0.0/8");
		CHECK_EQ(VIEW(result, 0).NumRoutes, 0);
		CHECK_EQ(RtmReleaseChangedDests(reader, notify[i], count, &result.info), NO_ERROR);
		CHECK_EQ(RtmDeregisterFromChangeNotification(reader, notify[i]), NO_ERROR);
	}
	CHECK_EQ(times_told(reader, RTM_ROUTE_EXPIRED), 0);
	release_route(entity, route);
	leave(entity);
	leave(reader);
}

TEST(expiry_changes_the_time_of_the_destination) /* decision 135 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_DEST_HANDLE dest;
	RTM_ROUTE_HANDLE route;
	dest_info before, after;

	hold_events();
	route = add_route_for(entity, to_ten, 60);
	dest = hold_dest(entity, "10.0.0.0/8");
	REQUIRE_EQ(RtmGetDestInfo(entity, dest, RTM_BEST_PROTOCOL, UCAST, &before.info), NO_ERROR);
	let_events_go();
	EVENTUALLY(is_deleted(entity, route));
	REQUIRE_EQ(RtmGetDestInfo(entity, dest, RTM_BEST_PROTOCOL, UCAST, &after.info), NO_ERROR);
	CHECK(memcmp(&before.info.LastChanged, &after.info.LastChanged, sizeof(FILETIME)) != 0);
	release_info(entity, &before);
	release_info(entity, &after);
	release_dest(entity, dest);
	release_route(entity, route);
	leave(entity);
}

/* The period begins anew */

TEST(every_update_starts_the_time_anew) /* decision 95 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	RTM_ROUTE_HANDLE by_handle, by_identity;

	hold_events();
	by_handle = keep_route_for(entity, to_ten, 1);
	by_identity = keep_route_for(entity, ROUTE(.to = "11.0.0.0/8"), 1);
	CHECK_EQ(try_route_for(entity, &by_handle, ROUTE(.metric = 1), HOUR, NULL, &flags), NO_ERROR);
	CHECK_EQ(try_route_for(entity, NULL, ROUTE(.to = "11.0.0.0/8"), HOUR, NULL, &flags), NO_ERROR);
	let_events_go();
	let_pass(20);
	CHECK_EQ(best_in(entity, by_handle), UCAST);
	CHECK_EQ(best_in(entity, by_identity), UCAST);
	leave(entity);
}

TEST(an_update_without_limit_cancels_expiry) /* decision 95 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route;

	hold_events();
	route = keep_route_for(entity, to_ten, 1);
	update_route(entity, route, ROUTE(.metric = 1));
	let_events_go();
	let_pass(20);
	CHECK_EQ(best_in(entity, route), UCAST);
	leave(entity);
}

TEST(an_update_may_shorten_the_time) /* decision 95 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	RTM_ROUTE_HANDLE a = keep_route(entity, to_ten), b = keep_route_for(entity, ROUTE(.to = "11.0.0.0/8"), HOUR);

	CHECK_EQ(try_route_for(entity, &a, ROUTE(.metric = 1), 1, NULL, &flags), NO_ERROR);
	CHECK_EQ(try_route_for(entity, &b, ROUTE(.metric = 1), 0, NULL, &flags), NO_ERROR);
	EVENTUALLY(held_by(entity).Routes == 0);
	leave(entity);
}

TEST(a_failed_update_does_not_start_the_time_anew) /* decision 81 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	RTM_ROUTE_HANDLE route;

	hold_events();
	route = add_route_for(entity, to_ten, 1);
	CHECK_EQ(try_route_for(entity, &route, ROUTE(.in = 4), HOUR, NULL, &flags), ERROR_INVALID_PARAMETER);
	let_events_go();
	EVENTUALLY(is_deleted(entity, route));
	release_route(entity, route);
	leave(entity);
}

TEST(deletion_ends_the_time_to_live)
{
	RTM_ENTITY_HANDLE entity = enter_listening(8);

	hold_events();
	remove_route(entity, keep_route_for(entity, to_ten, 1));
	let_events_go();
	let_pass(20);
	CHECK_EQ(times_told(entity, RTM_ROUTE_EXPIRED), 0);
	leave(entity);
}

TEST(many_routes_expire_each_in_its_time)
{
	enum { ROUTES = 3000 };
	RTM_ENTITY_HANDLE entity = enter(8);
	struct random random = {.state = random_seed()};
	unsigned kept = 0;

	for (unsigned i = 0; i < ROUTES; i++) {
		char prefix[32];
		ULONG ttl = random_below(&random, 60);
		RTM_ROUTE_HANDLE route;

		snprintf(prefix, sizeof(prefix), "10.%u.%u.0/24", i / 256, i % 256);
		route = add_route_for(entity, ROUTE(.to = prefix), HOUR + ttl);
		switch (random_below(&random, 4)) {
		case 0:
			kept++;
			break;
		case 1:
			delete_route(entity, route);
			continue;
		default: {
			RTM_ROUTE_CHANGE_FLAGS flags = 0;

			REQUIRE_EQ(try_route_for(entity, &route, ROUTE(.metric = 1), ttl, NULL, &flags), NO_ERROR);
		}
		}
		release_route(entity, route);
	}
	let_pass(80);
	CHECK_EQ(held_by(entity).Routes, kept);
	leave(entity);
}

/* The owner is asked */

enum act { KEEP, DELETE_ITSELF, UPDATE_FOREVER, UPDATE_AGAIN, LEAVE };

/* What the callback is to do and to answer, and what it saw. */
static struct {
	enum act act;
	DWORD answer;
	atomic_uint calls;
	RTM_ENTITY_HANDLE self;
	RTM_ROUTE_HANDLE route;
	route_info info;
	pthread_t thread;
	DWORD status;
} asked;

static void prepare(enum act act, DWORD answer)
{
	memset(&asked, 0, sizeof(asked));
	asked.act = act;
	asked.answer = answer;
	asked.status = 77;
}

static DWORD update_in_place(RTM_ENTITY_HANDLE self, RTM_ROUTE_HANDLE route, ULONG ttl)
{
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	RTM_ROUTE_INFO *live = NULL;
	DWORD status = RtmLockRoute(self, route, TRUE, TRUE, &live);

	if (status != NO_ERROR)
		return status;
	live->PrefInfo.Metric = 16;
	return RtmUpdateAndUnlockRoute(self, route, ttl, NULL, 0, NULL, &flags);
}

static DWORD WINAPI on_expiry(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE type, PVOID context1, PVOID context2)
{
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	if (type != RTM_ROUTE_EXPIRED)
		return NO_ERROR;
	asked.self = self;
	asked.route = context1;
	memcpy(&asked.info, context2, sizeof(RTM_ROUTE_INFO));
	asked.thread = pthread_self();
	switch (asked.act) {
	case KEEP:
		break;
	case DELETE_ITSELF:
		asked.status = RtmDeleteRouteToDest(self, context1, &flags);
		break;
	case UPDATE_FOREVER: /* as Microsoft's sample does */
		asked.status = update_in_place(self, context1, INFINITE);
		(void)RtmReleaseRoutes(self, 1, &context1);
		break;
	case UPDATE_AGAIN:
		asked.status = update_in_place(self, context1, 1);
		(void)RtmReleaseRoutes(self, 1, &context1);
		break;
	case LEAVE:
		asked.status = RtmDeregisterEntity(self);
	}
	atomic_fetch_add(&asked.calls, 1);
	return asked.answer;
}

TEST(the_owner_is_told_of_the_expiry) /* decision 96 */
{
	RTM_ENTITY_HANDLE owner = enter_with(8, on_expiry), reader = enter_listening(9);
	RTM_NEXTHOP_HANDLE hop = keep_hop(owner, "192.0.2.1", 1);
	RTM_ROUTE_HANDLE route;

	prepare(KEEP, NO_ERROR);
	route = keep_route_for(owner,
	                       ROUTE(.to = "10.0.0.0/8", .pref = 3, .metric = 4, .neighbour = hop, .via = {hop},
	                             .flags = RTM_ROUTE_FLAGS_REMOTE, .tag = 5),
	                       1);
	EVENTUALLY(atomic_load(&asked.calls) == 1);
	CHECK_SAME(asked.self, owner);
	CHECK_SAME(asked.route, route);
	CHECK_SAME(asked.info.info.RouteOwner, owner);
	CHECK_SAME(asked.info.info.Neighbour, hop);
	CHECK_EQ(asked.info.info.PrefInfo.Preference, 3);
	CHECK_EQ(asked.info.info.PrefInfo.Metric, 4);
	CHECK_EQ(asked.info.info.BelongsToViews, UCAST);
	CHECK_EQ(asked.info.info.Flags, RTM_ROUTE_FLAGS_REMOTE);
	CHECK_EQ(asked.info.info.State, RTM_ROUTE_STATE_CREATED);
	CHECK_SAME(asked.info.info.EntitySpecificInfo, (void *)(uintptr_t)5);
	CHECK_EQ(asked.info.info.NextHopsList.NumNextHops, 1);
	CHECK_SAME(asked.info.info.NextHopsList.NextHops[0], hop);
	CHECK(!pthread_equal(asked.thread, pthread_self()));
	await_events();
	CHECK_EQ(times_told(reader, RTM_ROUTE_EXPIRED), 0); /* only the owner */
	release_route(owner, route); /* the event's reference */
	leave(owner);
	leave(reader);
}

TEST(a_route_is_deleted_when_its_owner_answers_not_supported) /* decision 96 */
{
	RTM_ENTITY_HANDLE owner = enter_with(8, on_expiry), reader = enter(9);
	RTM_NOTIFY_HANDLE notify = NULL;
	RTM_ROUTE_HANDLE route;
	dest_info result;
	UINT count = 1;

	prepare(KEEP, ERROR_NOT_SUPPORTED);
	hold_events();
	route = keep_route_for(owner, to_ten, 1);
	REQUIRE_EQ(RtmRegisterForChangeNotification(reader, UCAST, RTM_CHANGE_TYPE_BEST, NULL, &notify), NO_ERROR);
	let_events_go();
	EVENTUALLY(!is_known(reader, "10.0.0.0/8"));
	CHECK_EQ(atomic_load(&asked.calls), 1);
	CHECK_EQ(handles_of(owner), 0); /* RTM took its reference back */
	CHECK_EQ(RtmGetRouteInfo(owner, route, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetChangedDests(reader, notify, &count, &result.info), NO_ERROR);
	CHECK_EQ(RtmReleaseChangedDests(reader, notify, count, &result.info), NO_ERROR);
	CHECK_EQ(RtmDeregisterFromChangeNotification(reader, notify), NO_ERROR);
	leave(owner);
	leave(reader);
}

/* Every other answer means that the owner has dealt with the route. */
static void check_kept(DWORD answer)
{
	RTM_ENTITY_HANDLE owner = enter_with(8, on_expiry);
	RTM_ROUTE_HANDLE route;

	test_context("answer %u", (unsigned)answer);
	prepare(KEEP, answer);
	route = keep_route_for(owner, to_ten, 1);
	EVENTUALLY(atomic_load(&asked.calls) == 1);
	let_pass(20);
	CHECK_EQ(atomic_load(&asked.calls), 1); /* without a time to live from now on */
	CHECK_EQ(best_in(owner, route), UCAST);
	CHECK_EQ(handles_of(owner), 1);
	release_route(owner, route);
	CHECK_EQ(best_in(owner, route), UCAST);
	leave(owner);
}

TEST(a_route_stays_whatever_else_its_owner_answers) /* decisions 96, 97 */
{
	check_kept(NO_ERROR);
	check_kept(1);
	check_kept(ERROR_INVALID_PARAMETER);
	check_kept(0xFFFFFFFF);
}

TEST(a_kept_route_expires_again_after_the_next_update) /* decision 97 */
{
	RTM_ENTITY_HANDLE owner = enter_with(8, on_expiry);
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	RTM_ROUTE_HANDLE route;

	prepare(KEEP, NO_ERROR);
	route = keep_route_for(owner, to_ten, 1);
	EVENTUALLY(atomic_load(&asked.calls) == 1);
	await_events();
	CHECK_EQ(try_route_for(owner, &route, ROUTE(.metric = 1), 1, NULL, &flags), NO_ERROR);
	EVENTUALLY(atomic_load(&asked.calls) == 2);
	await_events();
	CHECK_EQ(handles_of(owner), 2);
	release_route(owner, route);
	release_route(owner, route);
	leave(owner);
}

TEST(an_owner_may_delete_the_route_that_expires) /* decision 96 */
{
	RTM_ENTITY_HANDLE owner = enter_with(8, on_expiry);
	RTM_ROUTE_HANDLE route;

	prepare(DELETE_ITSELF, NO_ERROR);
	route = keep_route_for(owner, to_ten, 1);
	EVENTUALLY(atomic_load(&asked.calls) == 1);
	CHECK_EQ(asked.status, NO_ERROR);
	CHECK(!is_known(owner, "10.0.0.0/8"));
	CHECK_EQ(handles_of(owner), 0); /* the deletion consumed the event's reference */
	CHECK_EQ(RtmGetRouteInfo(owner, route, NULL, NULL), ERROR_INVALID_HANDLE);
	leave(owner);
}

TEST(an_owner_that_deletes_a_route_and_answers_not_supported_takes_no_reference_of_others) /* decisions 82, 96 */
{
	RTM_ENTITY_HANDLE owner = enter_with(8, on_expiry), reader = enter(9);
	RTM_ROUTE_HANDLE route;

	prepare(DELETE_ITSELF, ERROR_NOT_SUPPORTED);
	hold_events();
	route = keep_route_for(owner, to_ten, 1);
	REQUIRE_EQ(RtmReferenceHandles(reader, 1, &route), NO_ERROR);
	let_events_go();
	EVENTUALLY(atomic_load(&asked.calls) == 1);
	await_events();
	CHECK_EQ(asked.status, NO_ERROR);
	CHECK(is_deleted(reader, route));
	CHECK_EQ(handles_of(owner), 0);
	release_route(reader, route);
	leave(owner);
	leave(reader);
}

TEST(an_owner_may_update_the_route_that_expires_in_place) /* decisions 96, 97 */
{
	RTM_ENTITY_HANDLE owner = enter_with(8, on_expiry);
	route_info result;
	RTM_ROUTE_HANDLE route;

	prepare(UPDATE_FOREVER, NO_ERROR);
	route = keep_route_for(owner, ROUTE(.to = "10.0.0.0/8", .metric = 2), 1);
	EVENTUALLY(atomic_load(&asked.calls) == 1);
	CHECK_EQ(asked.status, NO_ERROR);
	let_pass(20);
	CHECK_EQ(atomic_load(&asked.calls), 1);
	REQUIRE_EQ(RtmGetRouteInfo(owner, route, &result.info, NULL), NO_ERROR);
	CHECK_EQ(result.info.PrefInfo.Metric, 16);
	CHECK_EQ(result.info.State, RTM_ROUTE_STATE_CREATED);
	REQUIRE_EQ(RtmReleaseRouteInfo(owner, &result.info), NO_ERROR);
	CHECK_EQ(handles_of(owner), 0);
	leave(owner);
}

TEST(a_route_updated_at_its_expiry_expires_again) /* decision 95 */
{
	RTM_ENTITY_HANDLE owner = enter_with(8, on_expiry);

	prepare(UPDATE_AGAIN, NO_ERROR);
	keep_route_for(owner, to_ten, 1);
	EVENTUALLY(atomic_load(&asked.calls) >= 3);
	leave(owner);
}

TEST(an_owner_may_leave_when_a_route_expires) /* decisions 67, 68 */
{
	RTM_ENTITY_HANDLE owner = enter_with(8, on_expiry), reader = enter(9);

	leaves_objects_behind();
	prepare(LEAVE, ERROR_NOT_SUPPORTED);
	hold_events();
	keep_route_for(owner, to_ten, 1);
	let_events_go();
	EVENTUALLY(atomic_load(&asked.calls) == 1);
	CHECK_EQ(asked.status, NO_ERROR);
	EVENTUALLY(!is_known(reader, "10.0.0.0/8"));
	leave(reader);
}

TEST(routes_of_an_owner_that_left_expire_unasked) /* decisions 68, 96 */
{
	RTM_ENTITY_HANDLE owner = enter_with(8, on_expiry), reader = enter(9);
	RTM_ENTITY_INFO info;

	prepare(KEEP, NO_ERROR);
	hold_events();
	keep_route_for(owner, to_ten, 1);
	CHECK_EQ(RtmDeregisterEntity(owner), NO_ERROR);
	CHECK(is_known(reader, "10.0.0.0/8"));
	let_events_go();
	EVENTUALLY(!is_known(reader, "10.0.0.0/8"));
	CHECK_EQ(atomic_load(&asked.calls), 0);
	await_events();
	CHECK_EQ(RtmGetEntityInfo(reader, owner, &info), ERROR_INVALID_HANDLE); /* nothing keeps it any more */
	leave(reader);
}

static atomic_bool owner_may_answer;

static DWORD WINAPI take_time_to_answer(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE type, PVOID context1, PVOID context2)
{
	(void)self;
	(void)context1;
	(void)context2;
	if (type != RTM_ROUTE_EXPIRED)
		return NO_ERROR;
	atomic_fetch_add(&asked.calls, 1);
	while (!atomic_load(&owner_may_answer))
		give_way();
	return ERROR_NOT_SUPPORTED;
}

static DWORD use_the_table(void *entity)
{
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	return try_route(entity, NULL, ROUTE(.to = "11.0.0.0/8"), &flags);
}

TEST(no_lock_is_held_while_the_owner_is_asked) /* decision 97 */
{
	RTM_ENTITY_HANDLE owner = enter_with(8, take_time_to_answer), other = enter(9);
	struct thread thread;

	prepare(KEEP, NO_ERROR);
	atomic_store(&owner_may_answer, false);
	keep_route_for(owner, to_ten, 1);
	EVENTUALLY(atomic_load(&asked.calls) == 1);
	start_thread(&thread, use_the_table, other);
	EVENTUALLY(atomic_load(&thread.ended));
	atomic_store(&owner_may_answer, true);
	CHECK_EQ(end_thread(&thread), NO_ERROR);
	EVENTUALLY(!is_known(other, "10.0.0.0/8"));
	leave(owner);
	leave(other);
}

TEST(a_route_updated_while_its_owner_is_asked_stays_whatever_the_answer) /* decisions 95, 96 */
{
	RTM_ENTITY_HANDLE owner = enter_with(8, take_time_to_answer), reader = enter(9);
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	prepare(KEEP, NO_ERROR);
	atomic_store(&owner_may_answer, false);
	keep_route_for(owner, to_ten, 1);
	EVENTUALLY(atomic_load(&asked.calls) == 1);
	CHECK_EQ(try_route(owner, NULL, to_ten, &flags), NO_ERROR); /* INFINITE */
	atomic_store(&owner_may_answer, true);
	await_events();
	CHECK(is_known(reader, "10.0.0.0/8"));
	CHECK_EQ(atomic_load(&asked.calls), 1);
	leave(owner);
	leave(reader);
}

TEST(a_route_locked_while_its_owner_is_asked_is_deleted_when_it_is_unlocked) /* decision 102 */
{
	RTM_ENTITY_HANDLE owner = enter_with(8, take_time_to_answer), reader = enter(9);
	RTM_DEST_HANDLE dest;
	RTM_ROUTE_HANDLE route;

	prepare(KEEP, NO_ERROR);
	atomic_store(&owner_may_answer, false);
	hold_events();
	route = add_route_for(owner, to_ten, 1);
	dest = hold_dest(reader, "10.0.0.0/8");
	let_events_go();
	EVENTUALLY(atomic_load(&asked.calls) == 1);
	REQUIRE_EQ(RtmLockDestination(reader, dest, FALSE, TRUE), NO_ERROR);
	atomic_store(&owner_may_answer, true);
	await_events();
	give_way_for_long();
	CHECK(!is_deleted(reader, route));
	REQUIRE_EQ(RtmLockDestination(reader, dest, FALSE, FALSE), NO_ERROR);
	EVENTUALLY(is_deleted(reader, route));
	CHECK_EQ(handles_of(owner), 1);
	release_dest(reader, dest);
	release_route(owner, route);
	leave(owner);
	leave(reader);
}

TEST(routes_expire_in_the_order_in_which_they_are_due)
{
	RTM_ENTITY_HANDLE owner = enter_listening(8);
	RTM_ROUTE_HANDLE routes[3];

	hold_events();
	routes[2] = keep_route_for(owner, ROUTE(.to = "12.0.0.0/8"), 60);
	routes[0] = keep_route_for(owner, ROUTE(.to = "10.0.0.0/8"), 0);
	routes[1] = keep_route_for(owner, ROUTE(.to = "11.0.0.0/8"), 30);
	let_events_go();
	EVENTUALLY(times_told(owner, RTM_ROUTE_EXPIRED) == 3);
	for (unsigned i = 0; i < 3; i++) {
		CHECK_SAME(event_of(owner, i).context1, routes[i]);
		release_route(owner, routes[i]);
	}
	leave(owner);
}

/* A lock on the destination covers its routes; expiry waits for it as other changes do. */
TEST(a_route_that_its_owner_has_locked_does_not_expire) /* decision 102 */
{
	RTM_ENTITY_HANDLE owner = enter(8);
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	RTM_ROUTE_INFO *live = NULL;
	RTM_ROUTE_HANDLE route;

	hold_events();
	route = keep_route_for(owner, to_ten, 1);
	REQUIRE_EQ(RtmLockRoute(owner, route, TRUE, TRUE, &live), NO_ERROR);
	let_events_go();
	give_way_for_long();
	await_events();
	CHECK_EQ(live->State, RTM_ROUTE_STATE_CREATED);
	live->PrefInfo.Metric = 9;
	CHECK_EQ(RtmUpdateAndUnlockRoute(owner, route, HOUR, NULL, 0, NULL, &flags), NO_ERROR);
	let_pass(20);
	CHECK_EQ(best_in(owner, route), UCAST);
	leave(owner);
}

TEST(a_locked_route_expires_when_it_is_unlocked) /* decision 102 */
{
	RTM_ENTITY_HANDLE owner = enter(8), reader = enter(9);
	RTM_DEST_HANDLE dest;
	RTM_ROUTE_HANDLE route;

	hold_events();
	route = add_route_for(owner, to_ten, 1);
	dest = hold_dest(reader, "10.0.0.0/8");
	REQUIRE_EQ(RtmLockDestination(reader, dest, FALSE, TRUE), NO_ERROR);
	let_events_go();
	give_way_for_long();
	CHECK(!is_deleted(reader, route));
	REQUIRE_EQ(RtmLockDestination(reader, dest, FALSE, FALSE), NO_ERROR);
	EVENTUALLY(is_deleted(reader, route));
	release_dest(reader, dest);
	release_route(owner, route);
	leave(owner);
	leave(reader);
}
