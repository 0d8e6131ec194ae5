/*
 * test_hold.c - hold-down: what is kept of a destination whose last route in a view goes, for how long, and who sees it.
 *
 * A hold of an hour outlives its test, which then says that it leaves objects behind.
 */
#include "events.h"

#include <string.h>

static void hold(RTM_ENTITY_HANDLE entity, RTM_DEST_HANDLE dest, RTM_VIEW_SET views, ULONG milliseconds)
{
	REQUIRE_EQ(RtmHoldDestination(entity, dest, views, milliseconds), NO_ERROR);
}

static void describe(RTM_ENTITY_HANDLE entity, RTM_DEST_HANDLE dest, dest_info *result)
{
	REQUIRE_EQ(RtmGetDestInfo(entity, dest, RTM_BEST_PROTOCOL, BOTH, &result->info), NO_ERROR);
	REQUIRE_EQ(result->info.NumberOfViews, 2);
}

/* The routes held in the two views, without references. */
struct held_routes {
	RTM_ROUTE_HANDLE ucast;
	RTM_ROUTE_HANDLE mcast;
};

static struct held_routes held_of(RTM_ENTITY_HANDLE entity, RTM_DEST_HANDLE dest)
{
	struct held_routes held;
	dest_info result;

	describe(entity, dest, &result);
	held.ucast = VIEW(result, 0).HoldRoute;
	held.mcast = VIEW(result, 1).HoldRoute;
	release_info(entity, &result);
	return held;
}

static bool is_held(RTM_ENTITY_HANDLE entity, RTM_DEST_HANDLE dest)
{
	struct held_routes held = held_of(entity, dest);

	return held.ucast || held.mcast;
}

static void check_held(RTM_ENTITY_HANDLE entity, RTM_DEST_HANDLE dest, RTM_ROUTE_HANDLE ucast, RTM_ROUTE_HANDLE mcast)
{
	struct held_routes held = held_of(entity, dest);

	CHECK_SAME(held.ucast, ucast);
	CHECK_SAME(held.mcast, mcast);
}

/* What is held */

TEST(the_last_route_of_a_held_destination_is_kept) /* decisions 136, 139 */
{
	RTM_ENTITY_HANDLE owner = enter(8), reader = enter(9);
	RTM_NEXTHOP_HANDLE hop = keep_hop(owner, "192.0.2.1", 1);
	RTM_ROUTE_HANDLE route =
	    keep_route(owner, ROUTE(.to = "10.0.0.0/8", .pref = 2, .metric = 3, .via = {hop}, .tag = 4));
	RTM_DEST_HANDLE dest = hold_dest(reader, "10.0.0.0/8");
	route_info info;
	dest_info result;

	leaves_objects_behind();
	hold(reader, dest, UCAST, HOUR); /* whoever asks, not only an owner: decision 138 */
	describe(reader, dest, &result);
	CHECK_SAME(VIEW(result, 0).HoldRoute, NULL); /* not yet */
	CHECK_SAME(VIEW(result, 0).Route, route);
	release_info(reader, &result);

	CHECK_EQ(remove_route(owner, route), RTM_ROUTE_CHANGE_BEST);
	describe(reader, dest, &result);
	CHECK_EQ(result.info.BelongsToViews, 0);
	CHECK_EQ(VIEW(result, 0).NumRoutes, 0);
	CHECK_SAME(VIEW(result, 0).Route, NULL);
	CHECK_SAME(VIEW(result, 0).Owner, NULL);
	CHECK_SAME(VIEW(result, 0).HoldRoute, route);
	CHECK_SAME(VIEW(result, 1).HoldRoute, NULL);
	REQUIRE_EQ(RtmGetRouteInfo(reader, route, &info.info, NULL), NO_ERROR);
	CHECK_EQ(info.info.State, RTM_ROUTE_STATE_DELETED);
	CHECK_SAME(info.info.DestHandle, dest);
	CHECK_SAME(info.info.RouteOwner, owner);
	CHECK_EQ(info.info.PrefInfo.Preference, 2);
	CHECK_EQ(info.info.PrefInfo.Metric, 3);
	CHECK_SAME(info.info.EntitySpecificInfo, (void *)(uintptr_t)4);
	CHECK_EQ(info.info.NextHopsList.NumNextHops, 1);
	CHECK_EQ(RtmReleaseRouteInfo(reader, &info.info), NO_ERROR);
	CHECK_EQ(best_in(reader, route), 0);
	release_info(reader, &result);
	release_dest(reader, dest);
	CHECK_EQ(handles_of(reader), 0);
	leave(reader);
}

TEST(a_held_route_is_a_reference_in_its_information) /* decision 77 */
{
	RTM_ENTITY_HANDLE owner = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8", .in = BOTH));
	RTM_DEST_HANDLE dest = hold_dest(owner, "10.0.0.0/8");
	ULONGLONG before;
	dest_info result;

	leaves_objects_behind();
	hold(owner, dest, RTM_VIEW_MASK_ALL, HOUR);
	remove_route(owner, route);
	before = handles_of(owner);
	describe(owner, dest, &result);
	CHECK_SAME(VIEW(result, 0).HoldRoute, route);
	CHECK_SAME(VIEW(result, 1).HoldRoute, route);
	CHECK_EQ(handles_of(owner), before + 3); /* the destination and twice the route */
	release_info(owner, &result);
	CHECK_EQ(handles_of(owner), before);
	CHECK_EQ(RtmReleaseDestInfo(owner, &result.info), ERROR_INVALID_HANDLE);
	release_dest(owner, dest);
}

TEST(a_held_route_is_not_deleted_again) /* decision 139 */
{
	RTM_ENTITY_HANDLE owner = enter(8);
	RTM_ROUTE_HANDLE route = add_route(owner, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(owner, "10.0.0.0/8");
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	leaves_objects_behind();
	hold(owner, dest, UCAST, HOUR);
	remove_route(owner, route);
	CHECK_EQ(RtmDeleteRouteToDest(owner, route, &flags), ERROR_NOT_FOUND);
	CHECK_EQ(try_route(owner, &route, ROUTE(.metric = 1), &flags), ERROR_INVALID_HANDLE);
	check_held(owner, dest, route, NULL);
	release_route(owner, route);
	check_held(owner, dest, route, NULL);
	release_dest(owner, dest);
}

TEST(without_a_hold_nothing_is_kept)
{
	RTM_ENTITY_HANDLE owner = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(owner, "10.0.0.0/8");

	remove_route(owner, route);
	CHECK(!is_held(owner, dest));
	CHECK(!is_known(owner, "10.0.0.0/8"));
	release_dest(owner, dest);
	leave(owner);
}

TEST(only_the_last_route_is_held) /* decision 136 */
{
	RTM_ENTITY_HANDLE owner = enter(8), rival = enter(9);
	RTM_ROUTE_HANDLE best = keep_route(owner, ROUTE(.to = "10.0.0.0/8", .metric = 1));
	RTM_ROUTE_HANDLE last = keep_route(rival, ROUTE(.to = "10.0.0.0/8", .metric = 2));
	RTM_DEST_HANDLE dest = hold_dest(owner, "10.0.0.0/8");

	leaves_objects_behind();
	hold(owner, dest, UCAST, HOUR);
	remove_route(owner, best);
	CHECK(!is_held(owner, dest));
	remove_route(rival, last);
	check_held(owner, dest, last, NULL);
	release_dest(owner, dest);
}

TEST(a_hold_is_for_its_views) /* decision 136 */
{
	RTM_ENTITY_HANDLE owner = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8", .in = BOTH));
	RTM_ROUTE_HANDLE other = keep_route(owner, ROUTE(.to = "11.0.0.0/8", .in = UCAST));
	RTM_DEST_HANDLE dest = hold_dest(owner, "10.0.0.0/8"), unheld = hold_dest(owner, "11.0.0.0/8");

	leaves_objects_behind();
	hold(owner, dest, MCAST, HOUR);
	hold(owner, unheld, MCAST, HOUR);
	remove_route(owner, route);
	check_held(owner, dest, NULL, route);
	remove_route(owner, other); /* was not in the view */
	CHECK(!is_held(owner, unheld));
	release_dest(owner, dest);
	release_dest(owner, unheld);
}

TEST(every_view_holds_its_own_last_route) /* decision 136 */
{
	RTM_ENTITY_HANDLE owner = enter(8);
	RTM_ROUTE_HANDLE ucast = keep_route(owner, ROUTE(.to = "10.0.0.0/8", .in = UCAST));
	RTM_ROUTE_HANDLE mcast =
	    keep_route(owner, ROUTE(.to = "10.0.0.0/8", .in = MCAST, .neighbour = keep_hop(owner, "192.0.2.1", 1)));
	RTM_DEST_HANDLE dest = hold_dest(owner, "10.0.0.0/8");

	leaves_objects_behind();
	hold(owner, dest, RTM_VIEW_MASK_ALL, HOUR);
	remove_route(owner, ucast); /* a route is left, but none in this view */
	check_held(owner, dest, ucast, NULL);
	remove_route(owner, mcast);
	check_held(owner, dest, ucast, mcast);
	release_dest(owner, dest);
}

TEST(an_expired_route_is_held_like_a_deleted_one)
{
	RTM_ENTITY_HANDLE owner = enter(8);
	RTM_DEST_HANDLE dest;
	RTM_ROUTE_HANDLE route;

	leaves_objects_behind();
	hold_events();
	route = keep_route_for(owner, ROUTE(.to = "10.0.0.0/8"), 1);
	dest = hold_dest(owner, "10.0.0.0/8");
	hold(owner, dest, UCAST, HOUR);
	let_events_go();
	EVENTUALLY(is_held(owner, dest));
	check_held(owner, dest, route, NULL);
	release_dest(owner, dest);
}

/* Newer routes */

TEST(newer_routes_are_used_beside_the_held_one) /* decision 137 */
{
	RTM_ENTITY_HANDLE owner = enter(8), rival = enter(9);
	RTM_ROUTE_HANDLE old = keep_route(owner, ROUTE(.to = "10.0.0.0/8", .metric = 1)), new = NULL;
	RTM_DEST_HANDLE dest = hold_dest(owner, "10.0.0.0/8");
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	dest_info result;

	leaves_objects_behind();
	hold(owner, dest, UCAST, HOUR);
	remove_route(owner, old);
	new = keep_route(rival, ROUTE(.to = "10.0.0.0/8", .metric = 9));
	describe(owner, dest, &result);
	CHECK_EQ(VIEW(result, 0).NumRoutes, 1);
	CHECK_SAME(VIEW(result, 0).Route, new);
	CHECK_SAME(VIEW(result, 0).Owner, rival);
	CHECK_SAME(VIEW(result, 0).HoldRoute, old);
	CHECK_EQ(result.info.BelongsToViews, UCAST);
	release_info(owner, &result);
	CHECK_TEXT(longest_match(owner, "10.1.2.3", UCAST), "10.0.0.0/8");
	/* When the newer one goes during the hold, the first stays the held one. */
	remove_route(rival, new);
	check_held(owner, dest, old, NULL);
	/* The owner's own new route is not the held one. */
	new = NULL;
	CHECK_EQ(try_route(owner, &new, ROUTE(.to = "10.0.0.0/8"), &flags), NO_ERROR);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_NEW | RTM_ROUTE_CHANGE_BEST);
	CHECK(new != old);
	release_route(owner, new);
	release_dest(owner, dest);
}

/* Visibility */

TEST(a_destination_with_only_a_held_route_is_seen_in_no_view) /* decisions 130, 137 */
{
	RTM_ENTITY_HANDLE owner = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.1.0.0/16", .tag = 7));
	RTM_DEST_HANDLE dest = hold_dest(owner, "10.1.0.0/16");
	RTM_NET_ADDRESS address = addr("10.1.0.0/16");
	route_info match;
	dest_info result;

	leaves_objects_behind();
	keep_route(owner, ROUTE(.to = "10.0.0.0/8", .tag = 8));
	hold(owner, dest, UCAST, HOUR);
	remove_route(owner, route);
	CHECK_EQ(exact(owner, "10.1.0.0/16", RTM_BEST_PROTOCOL, UCAST, &result), ERROR_NOT_FOUND);
	CHECK_EQ(exact(owner, "10.1.0.0/16", RTM_BEST_PROTOCOL, BOTH, &result), ERROR_NOT_FOUND);
	CHECK_TEXT(longest_match(owner, "10.1.2.3", UCAST), "10.0.0.0/8");
	CHECK_EQ(RtmGetExactMatchRoute(owner, &address, RTM_MATCH_NONE, &match.info, 0, UCAST, NULL), ERROR_NOT_FOUND);
	CHECK_TEXT(drain_dests(owner, dest_enum(owner, BOTH, RTM_ENUM_START, NULL), 2, 5), "10.0.0.0/8");
	CHECK_TEXT(drain_routes(owner, route_enum(owner, BOTH, RTM_ENUM_START, NULL), 5), "10.0.0.0/8=8");
	release_dest(owner, dest);
}

TEST(a_held_route_is_seen_by_those_who_ask_for_any_view) /* decision 137 */
{
	RTM_ENTITY_HANDLE owner = enter(8), reader = enter(9);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.1.0.0/16", .in = BOTH, .tag = 7));
	RTM_DEST_HANDLE dest = hold_dest(owner, "10.1.0.0/16");
	dest_info result;

	leaves_objects_behind();
	keep_route(owner, ROUTE(.to = "10.0.0.0/8", .tag = 8));
	hold(owner, dest, BOTH, HOUR);
	remove_route(owner, route);
	REQUIRE_EQ(exact(reader, "10.1.0.0/16", RTM_BEST_PROTOCOL, RTM_VIEW_MASK_ANY, &result), NO_ERROR);
	CHECK_SAME(result.info.DestHandle, dest);
	release_info(reader, &result);
	CHECK_TEXT(longest_match(reader, "10.1.2.3", RTM_VIEW_MASK_ANY), "10.1.0.0/16");
	CHECK_TEXT(drain_dests(reader, dest_enum(reader, RTM_VIEW_MASK_ANY, RTM_ENUM_START, NULL), 0, 5),
	           "10.0.0.0/8 10.1.0.0/16");
	/* Once, though it is held in two views. */
	CHECK_TEXT(drain_routes(reader, route_enum(reader, RTM_VIEW_MASK_ANY, RTM_ENUM_START, NULL), 5),
	           "10.0.0.0/8=8 10.1.0.0/16=7");
	CHECK_TEXT(drain_routes(owner, route_enum(owner, RTM_VIEW_MASK_ANY, RTM_ENUM_OWN_ROUTES, NULL), 5),
	           "10.0.0.0/8=8 10.1.0.0/16=7");
	CHECK_TEXT(drain_routes(reader, route_enum(reader, RTM_VIEW_MASK_ANY, RTM_ENUM_OWN_ROUTES, NULL), 5), "");
	release_dest(owner, dest);
}

/* Beginning and end */

TEST(a_hold_ends_after_its_time) /* decision 136 */
{
	RTM_ENTITY_HANDLE owner = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8", .in = BOTH));
	RTM_DEST_HANDLE dest = hold_dest(owner, "10.0.0.0/8");
	dest_info result;

	hold_events();
	hold(owner, dest, BOTH, 1);
	remove_route(owner, route);
	check_held(owner, dest, route, route);
	let_events_go();
	EVENTUALLY(!is_held(owner, dest));
	CHECK_EQ(RtmGetRouteInfo(owner, route, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK(!is_known(owner, "10.0.0.0/8"));
	release_dest(owner, dest);
	CHECK_EQ(RtmGetDestInfo(owner, dest, RTM_BEST_PROTOCOL, UCAST, &result.info), ERROR_INVALID_HANDLE);
	CHECK_EQ(held_by(owner).Destinations, 0);
	leave(owner);
}

TEST(a_hold_that_nobody_references_ends_too)
{
	RTM_ENTITY_HANDLE owner = enter(8), reader = enter(9);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(reader, "10.0.0.0/8");

	hold_events();
	hold(reader, dest, UCAST, 1);
	remove_route(owner, route);
	release_dest(reader, dest);
	CHECK(is_known(reader, "10.0.0.0/8"));
	let_events_go();
	EVENTUALLY(!is_known(reader, "10.0.0.0/8"));
	leave(owner);
	leave(reader);
}

TEST(a_hold_outlives_the_owner_of_its_route) /* decision 68 */
{
	RTM_ENTITY_HANDLE owner = enter(8), reader = enter(9);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(reader, "10.0.0.0/8");
	RTM_ENTITY_INFO info;

	hold_events();
	hold(reader, dest, UCAST, 1);
	remove_route(owner, route);
	CHECK_EQ(RtmDeregisterEntity(owner), NO_ERROR);
	check_held(reader, dest, route, NULL);
	CHECK_EQ(RtmGetEntityInfo(reader, owner, &info), NO_ERROR);
	let_events_go();
	EVENTUALLY(!is_held(reader, dest));
	CHECK_EQ(RtmGetEntityInfo(reader, owner, &info), ERROR_INVALID_HANDLE);
	release_dest(reader, dest);
	leave(reader);
}

TEST(after_a_hold_the_destination_is_not_held_again) /* decision 136 */
{
	RTM_ENTITY_HANDLE owner = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(owner, "10.0.0.0/8");

	hold(owner, dest, UCAST, 1);
	remove_route(owner, route);
	EVENTUALLY(!is_held(owner, dest));
	hold_events();
	remove_route(owner, keep_route(owner, ROUTE(.to = "10.0.0.0/8")));
	CHECK(!is_held(owner, dest));
	/* But it can be, if somebody asks for it. */
	route = keep_route(owner, ROUTE(.to = "10.0.0.0/8"));
	hold(owner, dest, UCAST, 1);
	remove_route(owner, route);
	check_held(owner, dest, route, NULL);
	let_events_go();
	EVENTUALLY(!is_held(owner, dest));
	release_dest(owner, dest);
	leave(owner);
}

TEST(a_hold_that_never_begins_leaves_nothing)
{
	RTM_ENTITY_HANDLE owner = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8", .in = UCAST));
	RTM_DEST_HANDLE dest = hold_dest(owner, "10.0.0.0/8");
	dest_info result;

	hold(owner, dest, MCAST, HOUR);
	remove_route(owner, route);
	release_dest(owner, dest);
	CHECK_EQ(RtmGetDestInfo(owner, dest, RTM_BEST_PROTOCOL, UCAST, &result.info), ERROR_INVALID_HANDLE);
	leave(owner);
}

TEST(the_longest_time_asked_for_counts) /* decision 136 */
{
	RTM_ENTITY_HANDLE owner = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(owner, "10.0.0.0/8");

	leaves_objects_behind();
	hold(owner, dest, UCAST, 1);
	hold(owner, dest, UCAST, HOUR);
	hold(owner, dest, UCAST, 2);
	remove_route(owner, route);
	let_pass(20);
	check_held(owner, dest, route, NULL);
	release_dest(owner, dest);
}

TEST(all_views_are_held_for_the_same_time) /* decision 136 */
{
	RTM_ENTITY_HANDLE owner = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8", .in = BOTH));
	RTM_DEST_HANDLE dest = hold_dest(owner, "10.0.0.0/8");

	leaves_objects_behind();
	hold(owner, dest, UCAST, 1);
	hold(owner, dest, MCAST, HOUR);
	remove_route(owner, route);
	let_pass(20);
	check_held(owner, dest, route, route);
	release_dest(owner, dest);
}

TEST(views_that_begin_later_end_with_the_others) /* decision 136 */
{
	RTM_ENTITY_HANDLE owner = enter(8);
	RTM_ROUTE_HANDLE ucast = keep_route(owner, ROUTE(.to = "10.0.0.0/8", .in = UCAST));
	RTM_ROUTE_HANDLE mcast =
	    keep_route(owner, ROUTE(.to = "10.0.0.0/8", .in = MCAST, .neighbour = keep_hop(owner, "192.0.2.1", 1)));
	RTM_DEST_HANDLE dest = hold_dest(owner, "10.0.0.0/8");

	hold_events();
	hold(owner, dest, BOTH, 1);
	remove_route(owner, ucast);
	remove_route(owner, mcast);
	check_held(owner, dest, ucast, mcast);
	let_events_go();
	/* The hold ends as a whole: no state in between is ever seen. */
	EVENTUALLY(held_of(owner, dest).ucast == NULL);
	check_held(owner, dest, NULL, NULL);
	release_dest(owner, dest);
	leave(owner);
}

TEST(a_longer_time_asked_for_during_the_hold_extends_it) /* decision 136 */
{
	RTM_ENTITY_HANDLE owner = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(owner, "10.0.0.0/8");

	leaves_objects_behind();
	hold_events();
	hold(owner, dest, UCAST, 1);
	remove_route(owner, route);
	hold(owner, dest, UCAST, HOUR);
	let_events_go();
	let_pass(20);
	check_held(owner, dest, route, NULL);
	release_dest(owner, dest);
}

TEST(newer_routes_do_not_end_nor_extend_a_hold) /* decision 137 */
{
	RTM_ENTITY_HANDLE owner = enter(8), rival = enter(9);
	RTM_ROUTE_HANDLE old = keep_route(owner, ROUTE(.to = "10.0.0.0/8")), new;
	RTM_DEST_HANDLE dest = hold_dest(owner, "10.0.0.0/8");

	hold_events();
	hold(owner, dest, UCAST, 1);
	remove_route(owner, old);
	new = keep_route(rival, ROUTE(.to = "10.0.0.0/8"));
	check_held(owner, dest, old, NULL);
	let_events_go();
	EVENTUALLY(!is_held(owner, dest));
	CHECK_EQ(best_in(owner, new), UCAST);
	release_dest(owner, dest);
	leave(owner);
	leave(rival);
}

/* Notification */

static unsigned fetch_all(RTM_ENTITY_HANDLE entity, RTM_NOTIFY_HANDLE notify)
{
	unsigned number = 0;
	dest_info result;
	UINT count = 1;

	while (RtmGetChangedDests(entity, notify, &count, &result.info) == NO_ERROR) {
		CHECK_TEXT(text_of(&result.info.DestAddress), "10.0.0.0/8");
		CHECK_EQ(RtmReleaseChangedDests(entity, notify, count, &result.info), NO_ERROR);
		number++;
	}
	return number;
}

TEST(beginning_and_end_of_a_hold_are_told) /* decision 137 */
{
	enum { ALL, BEST, FORWARDING, ALL_MCAST, WATCHES };
	RTM_ENTITY_HANDLE owner = enter(8), reader = enter(9);
	RTM_NOTIFY_HANDLE watch[WATCHES] = {NULL};
	RTM_NOTIFY_FLAGS types[WATCHES] = {RTM_CHANGE_TYPE_ALL, RTM_CHANGE_TYPE_BEST, RTM_CHANGE_TYPE_FORWARDING,
	                                   RTM_CHANGE_TYPE_ALL};
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8", .in = UCAST));
	RTM_DEST_HANDLE dest = hold_dest(owner, "10.0.0.0/8");

	for (unsigned i = 0; i < WATCHES; i++)
		REQUIRE_EQ(RtmRegisterForChangeNotification(reader, i == ALL_MCAST ? MCAST : UCAST, types[i], NULL,
		                                            &watch[i]),
		           NO_ERROR);
	hold_events();
	hold(owner, dest, BOTH, 1);
	for (unsigned i = 0; i < WATCHES; i++)
		CHECK_EQ(fetch_all(reader, watch[i]), 0); /* marking is no change */
	remove_route(owner, route);
	CHECK_EQ(fetch_all(reader, watch[ALL]), 1);
	CHECK_EQ(fetch_all(reader, watch[BEST]), 1);
	CHECK_EQ(fetch_all(reader, watch[FORWARDING]), 1);
	CHECK_EQ(fetch_all(reader, watch[ALL_MCAST]), 0);
	let_events_go();
	EVENTUALLY(!is_held(owner, dest));
	CHECK_EQ(fetch_all(reader, watch[ALL]), 1);
	CHECK_EQ(fetch_all(reader, watch[BEST]), 1);
	CHECK_EQ(fetch_all(reader, watch[FORWARDING]), 0); /* nothing was forwarded by a held route */
	CHECK_EQ(fetch_all(reader, watch[ALL_MCAST]), 0);  /* not held in that view */
	for (unsigned i = 0; i < WATCHES; i++)
		CHECK_EQ(RtmDeregisterFromChangeNotification(reader, watch[i]), NO_ERROR);
	release_dest(owner, dest);
	leave(owner);
	leave(reader);
}

TEST(a_changed_destination_tells_its_held_route) /* decision 137 */
{
	RTM_ENTITY_HANDLE owner = enter(8), reader = enter(9);
	RTM_NOTIFY_HANDLE notify = NULL;
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(owner, "10.0.0.0/8");
	dest_info result;
	UINT count = 1;

	leaves_objects_behind();
	REQUIRE_EQ(RtmRegisterForChangeNotification(reader, UCAST, RTM_CHANGE_TYPE_ALL, NULL, &notify), NO_ERROR);
	hold(owner, dest, UCAST, HOUR);
	remove_route(owner, route);
	REQUIRE_EQ(RtmGetChangedDests(reader, notify, &count, &result.info), NO_ERROR);
	CHECK_SAME(VIEW(result, 0).Route, NULL);
	CHECK_SAME(VIEW(result, 0).HoldRoute, route);
	CHECK_EQ(RtmReleaseChangedDests(reader, notify, 1, &result.info), NO_ERROR);
	CHECK_EQ(RtmDeregisterFromChangeNotification(reader, notify), NO_ERROR);
	release_dest(owner, dest);
	leave(reader);
}

TEST(a_hold_changes_the_time_of_the_destination) /* decision 135 */
{
	RTM_ENTITY_HANDLE owner = enter(8);
	RTM_DEST_HANDLE dest;
	dest_info before, after;

	keep_route(owner, ROUTE(.to = "10.0.0.0/8"));
	dest = hold_dest(owner, "10.0.0.0/8");
	describe(owner, dest, &before);
	let_pass(60);
	hold(owner, dest, UCAST, HOUR);
	describe(owner, dest, &after);
	CHECK(memcmp(&before.info.LastChanged, &after.info.LastChanged, sizeof(FILETIME)) != 0);
	release_info(owner, &before);
	release_info(owner, &after);
	release_dest(owner, dest);
	leaves_objects_behind();
}

/* Arguments */

TEST(holding_checks_its_arguments) /* decisions 80, 138 */
{
	RTM_ENTITY_HANDLE owner = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(owner, "10.0.0.0/8");

	CHECK_EQ(RtmHoldDestination(NULL, dest, UCAST, 1), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmHoldDestination(owner, NULL, UCAST, 1), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmHoldDestination(owner, route, UCAST, 1), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmHoldDestination(owner, NULL, UCAST, 0), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmHoldDestination(owner, dest, UCAST, 0), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmHoldDestination(owner, dest, 0, 1), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmHoldDestination(owner, dest, 4, 1), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmHoldDestination(owner, dest, UCAST | 8, 1), ERROR_INVALID_PARAMETER);
	remove_route(owner, route);
	CHECK(!is_held(owner, dest)); /* none of them had an effect */
	release_dest(owner, dest);
	leave(owner);
}

TEST(the_longest_hold_is_accepted)
{
	RTM_ENTITY_HANDLE owner = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(owner, "10.0.0.0/8");

	leaves_objects_behind();
	hold(owner, dest, RTM_VIEW_MASK_ALL, 0xFFFFFFFF);
	remove_route(owner, route);
	let_pass(10);
	check_held(owner, dest, route, NULL);
	release_dest(owner, dest);
}
