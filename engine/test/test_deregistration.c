/* test_deregistration.c - what stays when an entity leaves without clearing up, and what becomes of its handles. */
#include "support.h"

#include <string.h>

static RTM2_STATISTICS held_by_id(ULONG protocol)
{
	RTM_ENTITY_INFO info = entity_info(instance, RTM2_AF_INET, protocol, 1);
	RTM2_STATISTICS statistics;

	REQUIRE_EQ(Rtm2GetStatistics(&info, &statistics), NO_ERROR);
	return statistics;
}

TEST(routes_stay_when_their_owner_leaves) /* decision 68 */
{
	RTM_ENTITY_HANDLE owner = enter(8), reader = enter(9);
	RTM_NEXTHOP_HANDLE hop = keep_hop(owner, "192.0.2.1", 3);
	RTM_ROUTE_HANDLE route =
	    keep_route(owner, ROUTE(.to = "10.0.0.0/8", .metric = 4, .neighbour = hop, .via = {hop}, .tag = 5));
	route_info result;
	dest_info dest;

	leaves_objects_behind();
	CHECK_EQ(RtmDeregisterEntity(owner), NO_ERROR);
	CHECK_EQ(best_in(reader, route), UCAST);
	REQUIRE_EQ(RtmGetRouteInfo(reader, route, &result.info, NULL), NO_ERROR);
	CHECK_EQ(result.info.State, RTM_ROUTE_STATE_CREATED);
	CHECK_SAME(result.info.RouteOwner, owner);
	CHECK_SAME(result.info.Neighbour, hop);
	CHECK_EQ(result.info.PrefInfo.Metric, 4);
	CHECK_SAME(result.info.EntitySpecificInfo, (void *)(uintptr_t)5);
	CHECK_EQ(RtmReleaseRouteInfo(reader, &result.info), NO_ERROR);
	REQUIRE_EQ(most_specific(reader, "10.1.2.3", RTM_BEST_PROTOCOL, UCAST, &dest), NO_ERROR);
	CHECK_SAME(VIEW(dest, 0).Route, route);
	CHECK_SAME(VIEW(dest, 0).Owner, owner);
	release_info(reader, &dest);
	CHECK_TEXT(drain_routes(reader, route_enum(reader, UCAST, RTM_ENUM_START, NULL), 5), "10.0.0.0/8=5");
	leave(reader);
}

TEST(next_hops_stay_when_their_owner_leaves) /* decision 68 */
{
	RTM_ENTITY_HANDLE owner = enter(8), reader = enter(9);
	RTM_NEXTHOP_HANDLE hop = keep_hop(owner, "192.0.2.1", 3);
	RTM_NEXTHOP_INFO result;

	leaves_objects_behind();
	CHECK_EQ(RtmDeregisterEntity(owner), NO_ERROR);
	REQUIRE_EQ(RtmGetNextHopInfo(reader, hop, &result), NO_ERROR);
	CHECK_EQ(result.State, RTM_NEXTHOP_STATE_CREATED);
	CHECK_SAME(result.NextHopOwner, owner);
	CHECK_EQ(RtmReleaseNextHopInfo(reader, &result), NO_ERROR);
	leave(reader);
}

TEST(an_entity_that_left_routes_behind_is_still_described) /* decision 68 */
{
	RTM_ENTITY_HANDLE owner = enter(8), reader = enter(9);
	RTM_ENTITY_INFO info;

	leaves_objects_behind();
	keep_route(owner, ROUTE(.to = "10.0.0.0/8"));
	CHECK_EQ(RtmDeregisterEntity(owner), NO_ERROR);
	REQUIRE_EQ(RtmGetEntityInfo(reader, owner, &info), NO_ERROR);
	CHECK_EQ(info.EntityId.EntityProtocolId, 8);
	leave(reader);
}

TEST(nobody_else_deletes_or_changes_what_was_left_behind) /* decision 68 */
{
	RTM_ENTITY_HANDLE owner = enter(8), other = enter(9);
	RTM_NEXTHOP_HANDLE hop = keep_hop(owner, "192.0.2.1", 3);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8"));
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.1", 3);
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	leaves_objects_behind();
	CHECK_EQ(RtmDeregisterEntity(owner), NO_ERROR);
	CHECK_EQ(RtmDeleteRouteToDest(other, route, &flags), ERROR_ACCESS_DENIED);
	CHECK_EQ(try_route(other, &route, ROUTE(.metric = 9), &flags), ERROR_ACCESS_DENIED);
	CHECK_EQ(RtmDeleteNextHop(other, hop, NULL), ERROR_ACCESS_DENIED);
	CHECK_EQ(RtmAddNextHop(other, &info, &hop, &flags), ERROR_ACCESS_DENIED);
	CHECK_EQ(RtmDeleteRouteToDest(owner, route, &flags), ERROR_INVALID_HANDLE); /* decision 69 */
	leave(other);
}

TEST(a_new_registration_does_not_inherit) /* decision 68 */
{
	RTM_ENTITY_HANDLE first = enter(8), second;
	RTM_ROUTE_HANDLE old = keep_route(first, ROUTE(.to = "10.0.0.0/8", .tag = 1)), new = NULL;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	RTM_NEXTHOP_INFO key = hop_info("192.0.2.1", 3);

	leaves_objects_behind();
	keep_hop(first, "192.0.2.1", 3);
	CHECK_EQ(RtmDeregisterEntity(first), NO_ERROR);
	second = enter(8);
	CHECK(second != first);
	CHECK_TEXT(drain_routes(second, route_enum(second, RTM_VIEW_MASK_ANY, RTM_ENUM_OWN_ROUTES, NULL), 5), "");
	CHECK_TEXT(drain_hops(second, hop_enum(second, RTM_ENUM_START, NULL), 5), "");
	CHECK_EQ(RtmFindNextHop(second, &key, NULL, NULL), ERROR_NOT_FOUND);
	CHECK_EQ(RtmDeleteRouteToDest(second, old, &flags), ERROR_ACCESS_DENIED);
	CHECK_EQ(try_route(second, &new, ROUTE(.to = "10.0.0.0/8", .tag = 2), &flags), NO_ERROR);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_NEW);
	CHECK(new != old);
	CHECK_EQ(best_in(second, old), UCAST);
	CHECK_TEXT(drain_routes(second, route_enum(second, UCAST, RTM_ENUM_START, NULL), 5),
	           "10.0.0.0/8=1 10.0.0.0/8=2");
	release_route(second, new);
	leave(second);
}

TEST(routes_left_behind_belong_to_their_protocol) /* decisions 68, 131 */
{
	RTM_ENTITY_HANDLE first = enter(8), second;
	RTM_ROUTE_HANDLE old = keep_route(first, ROUTE(.to = "10.0.0.0/8", .pref = 2)), result_route;
	dest_info result;

	leaves_objects_behind();
	CHECK_EQ(RtmDeregisterEntity(first), NO_ERROR);
	second = enter_as(instance, RTM2_AF_INET, 8, 2);
	REQUIRE_EQ(exact(second, "10.0.0.0/8", RTM_THIS_PROTOCOL, UCAST, &result), NO_ERROR);
	result_route = VIEW(result, 0).Route;
	release_info(second, &result);
	CHECK_SAME(result_route, old);
	leave(second);
}

TEST(enumerations_end_with_their_entity) /* decision 68 */
{
	RTM_ENTITY_HANDLE owner = enter(8), other = enter(9);
	RTM_ENUM_HANDLE enumeration = route_enum(owner, UCAST, RTM_ENUM_START, NULL);
	RTM_ROUTE_HANDLE route;
	UINT count = 1;

	leaves_objects_behind();
	CHECK_EQ(RtmDeregisterEntity(owner), NO_ERROR);
	CHECK_EQ(RtmGetEnumRoutes(owner, enumeration, &count, &route), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetEnumRoutes(other, enumeration, &count, &route), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeleteEnumHandle(other, enumeration), ERROR_INVALID_HANDLE);
	owner = enter(8);
	CHECK_EQ(RtmGetEnumRoutes(owner, enumeration, &count, &route), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeleteEnumHandle(owner, enumeration), ERROR_INVALID_HANDLE);
	leave(owner);
	leave(other);
}

TEST(references_that_were_not_given_back_are_still_counted) /* decision 68 */
{
	RTM_ENTITY_HANDLE leaver = enter(8), owner = enter(9);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8"));
	route_info result;

	leaves_objects_behind();
	REQUIRE_EQ(RtmGetRouteInfo(leaver, route, &result.info, NULL), NO_ERROR);
	REQUIRE_EQ(RtmReferenceHandles(leaver, 1, &route), NO_ERROR);
	CHECK_EQ(RtmDeregisterEntity(leaver), NO_ERROR);
	CHECK_EQ(held_by_id(8).Entities, 0);
	CHECK_EQ(held_by_id(8).Handles, 3);
	/* What nobody can give back any more keeps the route. */
	remove_route(owner, route);
	CHECK_EQ(RtmGetRouteInfo(owner, route, NULL, NULL), NO_ERROR);
	leave(owner);
}

TEST(objects_left_behind_are_still_counted) /* decision 68 */
{
	RTM_ENTITY_HANDLE owner = enter(8);

	leaves_objects_behind();
	keep_route(owner, ROUTE(.to = "10.0.0.0/8"));
	keep_route(owner, ROUTE(.to = "11.0.0.0/8"));
	keep_route(owner, ROUTE(.to = "11.0.0.0/8", .neighbour = keep_hop(owner, "192.0.2.1", 3)));
	CHECK_EQ(RtmDeregisterEntity(owner), NO_ERROR);
	CHECK_EQ(held_by_id(8).Entities, 0);
	CHECK_EQ(held_by_id(8).Routes, 3);
	CHECK_EQ(held_by_id(8).Destinations, 2);
	CHECK_EQ(held_by_id(8).NextHops, 1);
	CHECK_EQ(held_by_id(8).Handles, 0);
}

TEST(an_entity_that_cleared_up_leaves_nothing)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM2_STATISTICS statistics;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8", .neighbour = keep_hop(entity, "192.0.2.1", 3)));
	leave(entity);
	statistics = held_by_id(8);
	CHECK_EQ(statistics.Entities, 0);
	CHECK_EQ(statistics.Routes, 0);
	CHECK_EQ(statistics.NextHops, 0);
	CHECK_EQ(statistics.Destinations, 0);
	CHECK_EQ(statistics.Handles, 0);
	CHECK_EQ(statistics.Bytes, 0);
}

TEST(entities_register_again_and_again)
{
	RTM_ENTITY_HANDLE seen[100];

	for (unsigned i = 0; i < 100; i++) {
		seen[i] = enter(8);
		for (unsigned j = 0; j < i; j++)
			CHECK(seen[i] != seen[j]);
		keep_route(seen[i], ROUTE(.to = "10.0.0.0/8"));
		leave(seen[i]);
		CHECK_EQ(RtmDeregisterEntity(seen[i / 2]), ERROR_INVALID_HANDLE);
	}
}

TEST(others_are_untouched_when_an_entity_leaves)
{
	RTM_ENTITY_HANDLE leaver = enter(8), other = enter(9);
	RTM_ROUTE_HANDLE route = add_route(other, ROUTE(.to = "10.0.0.0/8", .tag = 9));
	RTM_ENUM_HANDLE enumeration = route_enum(other, UCAST, RTM_ENUM_START, NULL);

	keep_route(leaver, ROUTE(.to = "10.0.0.0/8", .pref = 0));
	leave(leaver);
	CHECK_EQ(best_in(other, route), UCAST);
	CHECK_EQ(handles_of(other), 2);
	CHECK_TEXT(drain_routes(other, enumeration, 5), "10.0.0.0/8=9");
	release_route(other, route);
	leave(other);
}
