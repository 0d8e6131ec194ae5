/*
 * test_references.c - who takes references and who gives them back. Most of it is counting: the library's statistics
 * tell how many handles an entity has been given and not given back.
 */
#include "support.h"

#include <string.h>

static DWORD reference(RTM_ENTITY_HANDLE entity, HANDLE handle)
{
	return RtmReferenceHandles(entity, 1, &handle);
}

static bool route_lives(RTM_ENTITY_HANDLE entity, RTM_ROUTE_HANDLE route)
{
	DWORD status = RtmGetRouteInfo(entity, route, NULL, NULL);

	CHECK(status == NO_ERROR || status == ERROR_INVALID_HANDLE);
	return status == NO_ERROR;
}

static bool dest_lives(RTM_ENTITY_HANDLE entity, RTM_DEST_HANDLE dest)
{
	dest_info result;
	DWORD status = RtmGetDestInfo(entity, dest, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_ANY, &result.info);

	if (status == NO_ERROR)
		release_info(entity, &result);
	else
		CHECK_EQ(status, ERROR_INVALID_HANDLE);
	return status == NO_ERROR;
}

static bool hop_lives(RTM_ENTITY_HANDLE entity, RTM_NEXTHOP_HANDLE hop)
{
	RTM_NEXTHOP_INFO result;
	DWORD status = RtmGetNextHopInfo(entity, hop, &result);

	if (status == NO_ERROR)
		REQUIRE_EQ(RtmReleaseNextHopInfo(entity, &result), NO_ERROR);
	else
		CHECK_EQ(status, ERROR_INVALID_HANDLE);
	return status == NO_ERROR;
}

static bool entity_lives(RTM_ENTITY_HANDLE asker, RTM_ENTITY_HANDLE entity)
{
	RTM_ENTITY_INFO info;
	DWORD status = RtmGetEntityInfo(asker, entity, &info);

	CHECK(status == NO_ERROR || status == ERROR_INVALID_HANDLE);
	return status == NO_ERROR;
}

/* RtmReferenceHandles */

TEST(handles_of_four_kinds_are_referenced_and_released) /* decisions 74, 83 */
{
	RTM_ENTITY_HANDLE entity = enter(8), other = enter(9);
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "192.0.2.1", 3);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");
	HANDLE handles[4] = {other, dest, route, hop};

	CHECK_EQ(RtmReferenceHandles(entity, 4, handles), NO_ERROR);
	CHECK_EQ(handles_of(entity), 1 + 4);
	CHECK_EQ(RtmReleaseEntities(entity, 1, &other), NO_ERROR);
	release_dest(entity, dest);
	release_route(entity, route);
	release_hop(entity, hop);
	CHECK_EQ(handles_of(entity), 1);
	release_dest(entity, dest);
	leave(entity);
	leave(other);
}

TEST(the_same_handle_is_referenced_many_times) /* decision 83 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	HANDLE handles[3] = {route, route, route};

	CHECK_EQ(RtmReferenceHandles(entity, 3, handles), NO_ERROR);
	CHECK_EQ(handles_of(entity), 3);
	delete_route(entity, route);
	CHECK(route_lives(entity, route));
	CHECK_EQ(RtmReleaseRoutes(entity, 2, handles), NO_ERROR);
	CHECK(!route_lives(entity, route));
	leave(entity);
}

TEST(referencing_nothing_does_nothing) /* decision 83 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	HANDLE nothing = NULL;

	CHECK_EQ(RtmReferenceHandles(entity, 0, &nothing), NO_ERROR);
	CHECK_EQ(RtmReferenceHandles(entity, 1, &nothing), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReferenceHandles(entity, 1, NULL), ERROR_INVALID_PARAMETER); /* decision 81 */
	CHECK_EQ(handles_of(entity), 0);
	leave(entity);
}

TEST(enumerations_are_not_referenced) /* decision 83 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ENUM_HANDLE enumeration = route_enum(entity, UCAST, RTM_ENUM_START, NULL);

	CHECK_EQ(reference(entity, enumeration), ERROR_INVALID_HANDLE);
	CHECK_EQ(handles_of(entity), 1);
	CHECK_EQ(RtmDeleteEnumHandle(entity, enumeration), NO_ERROR);
	leave(entity);
}

TEST(one_bad_handle_leaves_all_unreferenced) /* decision 83 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "192.0.2.1", 3);
	HANDLE handles[3] = {route, hop, NULL};

	for (unsigned bad = 0; bad < 3; bad++) {
		HANDLE mixed[3] = {route, hop, entity};

		mixed[bad] = &handles;
		test_context("bad handle at %u", bad);
		CHECK_EQ(RtmReferenceHandles(entity, 3, mixed), ERROR_INVALID_HANDLE);
		CHECK_EQ(handles_of(entity), 0);
	}
	CHECK_EQ(RtmReferenceHandles(entity, 3, handles), ERROR_INVALID_HANDLE);
	CHECK_EQ(handles_of(entity), 0);
	leave(entity);
}

TEST(handles_of_other_tables_are_not_referenced)
{
	RTM_ENTITY_HANDLE entity = enter(8), elsewhere = enter_as(second_instance(), RTM2_AF_INET, 8, 1);
	RTM_ROUTE_HANDLE route = keep_route(elsewhere, ROUTE(.to = "10.0.0.0/8"));

	CHECK_EQ(reference(entity, route), ERROR_INVALID_HANDLE);
	CHECK_EQ(reference(entity, elsewhere), ERROR_INVALID_HANDLE);
	leave(entity);
	leave(elsewhere);
}

TEST(references_count_against_the_entity_that_asked)
{
	RTM_ENTITY_HANDLE owner = enter(8), reader = enter(9);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8"));

	CHECK_EQ(reference(reader, route), NO_ERROR);
	CHECK_EQ(handles_of(reader), 1);
	CHECK_EQ(handles_of(owner), 0);
	release_route(reader, route);
	leave(owner);
	leave(reader);
}

/* Releasing too often */

TEST(what_nobody_references_is_not_released) /* decision 82 */
{
	RTM_ENTITY_HANDLE entity = enter(8), other = enter(9);
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "192.0.2.1", 3);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .neighbour = hop, .via = {hop}));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");
	RTM_NEXTHOP_INFO hop_result = hop_info("192.0.2.1", 3);
	dest_info bare;

	release_dest(entity, dest);
	memset(&bare, 0, sizeof(bare));
	bare.info.DestHandle = dest;
	hop_result.NextHopOwner = entity;
	CHECK_EQ(RtmReleaseRoutes(entity, 1, &route), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseNextHops(entity, 1, &hop), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseDestInfo(entity, &bare.info), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseDests(entity, 1, &bare.info), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseEntities(entity, 1, &other), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseEntities(entity, 1, &entity), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseNextHopInfo(entity, &hop_result), ERROR_INVALID_HANDLE);
	CHECK(route_lives(entity, route) && hop_lives(entity, hop) && dest_lives(entity, dest));
	CHECK(entity_lives(entity, other) && entity_lives(entity, entity));
	CHECK_EQ(handles_of(entity), 0);
	leave(entity);
	leave(other);
}

TEST(next_hop_information_is_released_once) /* decision 82 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "192.0.2.1", 3);
	RTM_NEXTHOP_INFO result;

	REQUIRE_EQ(RtmGetNextHopInfo(entity, hop, &result), NO_ERROR);
	CHECK_EQ(RtmReleaseNextHopInfo(entity, &result), NO_ERROR);
	CHECK_EQ(RtmReleaseNextHopInfo(entity, &result), ERROR_INVALID_HANDLE);
	CHECK_EQ(handles_of(entity), 0);
	leave(entity);
}

TEST(entities_are_released_by_the_array)
{
	RTM_ENTITY_HANDLE entity = enter(8), other = enter(9);
	HANDLE handles[2] = {entity, other}, nothing = NULL;

	CHECK_EQ(RtmReferenceHandles(entity, 2, handles), NO_ERROR);
	CHECK_EQ(handles_of(entity), 2);
	CHECK_EQ(RtmReleaseEntities(entity, 0, handles), NO_ERROR);
	CHECK_EQ(RtmReleaseEntities(entity, 1, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmReleaseEntities(entity, 1, &nothing), ERROR_INVALID_HANDLE);
	CHECK_EQ(handles_of(entity), 2);
	CHECK_EQ(RtmReleaseEntities(entity, 2, handles), NO_ERROR);
	CHECK_EQ(RtmReleaseEntities(entity, 2, handles), ERROR_INVALID_HANDLE);
	CHECK_EQ(handles_of(entity), 0);
	leave(entity);
	leave(other);
}

typedef DWORD WINAPI release_function(RTM_ENTITY_HANDLE, UINT, HANDLE *);

/* The object has no reference: whoever takes some, and then gives back one too many in one call, gives back none. */
static void check_array_is_all_or_none(RTM_ENTITY_HANDLE entity, HANDLE handle, release_function *release)
{
	enum { MOST = 200 };
	HANDLE handles[MOST + 1];

	for (unsigned i = 0; i <= MOST; i++)
		handles[i] = handle;
	for (unsigned count = 1; count <= MOST; count = count * 2 + 1) {
		REQUIRE_EQ(RtmReferenceHandles(entity, count, handles), NO_ERROR);
		CHECK_EQ(release(entity, count + 1, handles), ERROR_INVALID_HANDLE);
		CHECK_EQ(handles_of(entity), count);
		CHECK_EQ(release(entity, count, handles), NO_ERROR);
		if (!CHECK_EQ(handles_of(entity), 0))
			return;
	}
}

TEST(an_array_is_released_completely_or_not_at_all) /* decision 82 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "192.0.2.1", 3);

	check_array_is_all_or_none(entity, entity, RtmReleaseEntities);
	check_array_is_all_or_none(entity, hop, RtmReleaseNextHops);
	check_array_is_all_or_none(entity, keep_route(entity, ROUTE(.to = "10.0.0.0/8")), RtmReleaseRoutes);
	leave(entity);
}

/* The same information in all places of an array: one of them is too many. */
TEST(an_array_of_information_is_released_completely_or_not_at_all) /* decision 82 */
{
	enum { MOST = 100 };
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_DEST_INFO infos[MOST + 1]; /* of one view */
	RTM_NET_ADDRESS address = addr("10.0.0.0/8");

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	for (unsigned count = 1; count <= MOST; count *= 3) {
		for (unsigned i = 0; i < count; i++)
			REQUIRE_EQ(RtmGetExactMatchDestination(entity, &address, RTM_BEST_PROTOCOL, UCAST, &infos[i]),
			           NO_ERROR);
		infos[count] = infos[0];
		CHECK_EQ(handles_of(entity), 3 * count); /* destination, route, owner */
		CHECK_EQ(RtmReleaseDests(entity, count + 1, infos), ERROR_INVALID_HANDLE);
		CHECK_EQ(handles_of(entity), 3 * count);
		CHECK_EQ(RtmReleaseDests(entity, count, infos), NO_ERROR);
		if (!CHECK_EQ(handles_of(entity), 0))
			return;
	}
	leave(entity);
}

/* The references of the array are all that is left of the route. */
TEST(an_array_that_is_not_released_keeps_what_it_names) /* decision 82 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = add_route(entity, ROUTE(.to = "10.0.0.0/8")), handles[] = {route, route, route};
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	REQUIRE_EQ(RtmReferenceHandles(entity, 2, handles), NO_ERROR);
	REQUIRE_EQ(RtmDeleteRouteToDest(entity, route, &flags), NO_ERROR);
	CHECK_EQ(RtmReleaseRoutes(entity, 3, handles), ERROR_INVALID_HANDLE);
	CHECK(route_lives(entity, route));
	CHECK_EQ(handles_of(entity), 2);
	CHECK_EQ(RtmReleaseRoutes(entity, 2, handles), NO_ERROR);
	CHECK(!route_lives(entity, route));
	leave(entity);
}

/* What keeps what */

TEST(a_reference_keeps_a_route_its_destination_and_its_next_hops) /* decision 94 */
{
	RTM_ENTITY_HANDLE owner = enter(8), reader = enter(9);
	RTM_NEXTHOP_HANDLE hop = keep_hop(owner, "192.0.2.1", 3), neighbour = keep_hop(owner, "192.0.2.2", 3);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8", .neighbour = neighbour, .via = {hop}));
	RTM_DEST_HANDLE dest = hold_dest(owner, "10.0.0.0/8");

	release_dest(owner, dest);
	CHECK_EQ(reference(reader, route), NO_ERROR);
	remove_route(owner, route);
	remove_hop(owner, hop);
	remove_hop(owner, neighbour);
	CHECK(route_lives(reader, route) && dest_lives(reader, dest));
	CHECK(hop_lives(reader, hop) && hop_lives(reader, neighbour));
	release_route(reader, route);
	CHECK(!route_lives(reader, route) && !dest_lives(reader, dest));
	CHECK(!hop_lives(reader, hop) && !hop_lives(reader, neighbour));
	leave(owner);
	leave(reader);
}

TEST(an_entity_that_left_lives_while_it_is_referenced) /* decision 68 */
{
	RTM_ENTITY_HANDLE entity = enter(8), reader = enter(9);

	CHECK_EQ(reference(reader, entity), NO_ERROR);
	leave(entity);
	CHECK(entity_lives(reader, entity));
	CHECK_EQ(RtmReleaseEntities(reader, 1, &entity), NO_ERROR);
	CHECK(!entity_lives(reader, entity));
	leave(reader);
}

TEST(an_entity_that_left_lives_while_its_route_does) /* decision 68 */
{
	RTM_ENTITY_HANDLE entity = enter(8), reader = enter(9);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));

	CHECK_EQ(reference(reader, route), NO_ERROR);
	leave(entity);
	CHECK(entity_lives(reader, entity));
	release_route(reader, route);
	CHECK(!entity_lives(reader, entity));
	leave(reader);
}

TEST(an_entity_that_left_lives_while_its_next_hop_does) /* decision 68 */
{
	RTM_ENTITY_HANDLE entity = enter(8), reader = enter(9);
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "192.0.2.1", 3);
	RTM_NEXTHOP_INFO result;

	CHECK_EQ(reference(reader, hop), NO_ERROR);
	leave(entity);
	REQUIRE_EQ(RtmGetNextHopInfo(reader, hop, &result), NO_ERROR);
	CHECK_SAME(result.NextHopOwner, entity);
	CHECK_EQ(result.State, RTM_NEXTHOP_STATE_DELETED);
	CHECK_EQ(RtmReleaseNextHopInfo(reader, &result), NO_ERROR);
	CHECK(entity_lives(reader, entity));
	release_hop(reader, hop);
	CHECK(!entity_lives(reader, entity));
	leave(reader);
}

TEST(information_keeps_everything_it_names) /* decision 77 */
{
	RTM_ENTITY_HANDLE owner = enter(8), reader = enter(9);
	RTM_NEXTHOP_HANDLE hop = keep_hop(owner, "192.0.2.1", 3);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8", .neighbour = hop, .via = {hop}));
	route_info route_result;
	dest_info dest_result;

	REQUIRE_EQ(RtmGetRouteInfo(reader, route, &route_result.info, NULL), NO_ERROR);
	leave(owner);
	CHECK(!route_lives(reader, route)); /* the information names the route's parts, not the route */
	CHECK(dest_lives(reader, route_result.info.DestHandle));
	CHECK(hop_lives(reader, hop) && entity_lives(reader, owner));
	CHECK_EQ(RtmReleaseRouteInfo(reader, &route_result.info), NO_ERROR);
	CHECK(!hop_lives(reader, hop) && !entity_lives(reader, owner));
	CHECK(!dest_lives(reader, route_result.info.DestHandle));

	owner = enter(8);
	route = keep_route(owner, ROUTE(.to = "10.0.0.0/8"));
	REQUIRE_EQ(exact(reader, "10.0.0.0/8", RTM_BEST_PROTOCOL, UCAST, &dest_result), NO_ERROR);
	leave(owner);
	CHECK(route_lives(reader, route) && entity_lives(reader, owner));
	CHECK(dest_lives(reader, dest_result.info.DestHandle));
	release_info(reader, &dest_result);
	CHECK(!route_lives(reader, route) && !entity_lives(reader, owner));
	CHECK(!dest_lives(reader, dest_result.info.DestHandle));
	leave(reader);
}

TEST(a_handle_is_valid_as_long_as_its_object)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "192.0.2.1", 3);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .via = {hop}));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");

	release_dest(entity, dest);
	CHECK_EQ(handles_of(entity), 0);
	CHECK(route_lives(entity, route) && dest_lives(entity, dest) && hop_lives(entity, hop));
	update_route(entity, route, ROUTE(.via = {hop}, .metric = 2));
	CHECK_EQ(reference(entity, hop), NO_ERROR);
	release_hop(entity, hop);
	leave(entity);
	CHECK_EQ(RtmReleaseRoutes(entity, 1, &route), ERROR_INVALID_HANDLE);
}

TEST(a_revived_destination_keeps_the_references_to_it) /* decision 182 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE first = keep_route(entity, ROUTE(.to = "10.0.0.0/8")), second;
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");

	remove_route(entity, first);
	second = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	release_dest(entity, dest);
	CHECK(dest_lives(entity, dest));
	remove_route(entity, second);
	CHECK(!dest_lives(entity, dest));
	leave(entity);
}

TEST(a_destination_revives_through_a_deleted_route) /* decisions 94, 182 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE deleted = add_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8"), again;

	release_dest(entity, dest);
	CHECK_EQ(reference(entity, deleted), NO_ERROR);
	delete_route(entity, deleted);
	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	again = hold_dest(entity, "10.0.0.0/8");
	CHECK_SAME(again, dest);
	release_dest(entity, again);
	release_route(entity, deleted);
	CHECK(is_known(entity, "10.0.0.0/8"));
	leave(entity);
}

TEST(handles_are_not_used_again_at_once)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE routes[64];
	RTM_NEXTHOP_HANDLE hops[64];

	for (unsigned i = 0; i < 64; i++) {
		hops[i] = keep_hop(entity, "192.0.2.1", 3);
		routes[i] = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
		for (unsigned j = 0; j < i; j++)
			CHECK(routes[i] != routes[j] && hops[i] != hops[j]);
		remove_route(entity, routes[i]);
		remove_hop(entity, hops[i]);
		for (unsigned j = 0; j <= i; j++)
			CHECK(!route_lives(entity, routes[j]) && !hop_lives(entity, hops[j]));
	}
	leave(entity);
}

TEST(every_call_gives_the_references_it_should)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = NULL, found = NULL;
	RTM_ROUTE_HANDLE route = NULL, matched = NULL;
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.1", 3), hop_result;
	RTM_NET_ADDRESS address = addr("10.0.0.0/8");
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	dest_info by_prefix, by_address, by_handle;
	route_info route_result, match_result;

	REQUIRE_EQ(RtmAddNextHop(entity, &info, &hop, &flags), NO_ERROR);
	CHECK_EQ(handles_of(entity), 1);
	REQUIRE_EQ(RtmFindNextHop(entity, &info, &found, NULL), NO_ERROR);
	CHECK_EQ(handles_of(entity), 2);
	REQUIRE_EQ(RtmGetNextHopInfo(entity, hop, &hop_result), NO_ERROR);
	CHECK_EQ(handles_of(entity), 3); /* owner */
	flags = 0;
	REQUIRE_EQ(try_route(entity, &route, ROUTE(.to = "10.0.0.0/8", .neighbour = hop, .via = {hop}), &flags),
	           NO_ERROR);
	CHECK_EQ(handles_of(entity), 4);
	REQUIRE_EQ(RtmGetRouteInfo(entity, route, &route_result.info, &address), NO_ERROR);
	CHECK_EQ(handles_of(entity), 8); /* destination, owner, neighbour, next hop */
	route_input(&match_result, ROUTE(.tag = 0));
	REQUIRE_EQ(RtmGetExactMatchRoute(entity, &address, RTM_MATCH_NONE, &match_result.info, 0, UCAST, &matched),
	           NO_ERROR);
	CHECK_EQ(handles_of(entity), 13); /* the same and the route */
	REQUIRE_EQ(exact(entity, "10.0.0.0/8", RTM_BEST_PROTOCOL, UCAST, &by_prefix), NO_ERROR);
	CHECK_EQ(handles_of(entity), 16); /* destination, route, owner */
	REQUIRE_EQ(most_specific(entity, "10.1.1.1", RTM_BEST_PROTOCOL, BOTH, &by_address), NO_ERROR);
	CHECK_EQ(handles_of(entity), 19); /* nothing in the multicast view */
	REQUIRE_EQ(RtmGetDestInfo(entity, by_prefix.info.DestHandle, 77, UCAST, &by_handle.info), NO_ERROR);
	CHECK_EQ(handles_of(entity), 20); /* no route of protocol 77 */

	CHECK_EQ(RtmReleaseDestInfo(entity, &by_handle.info), NO_ERROR);
	CHECK_EQ(handles_of(entity), 19);
	CHECK_EQ(RtmReleaseDestInfo(entity, &by_address.info), NO_ERROR);
	CHECK_EQ(RtmReleaseDestInfo(entity, &by_prefix.info), NO_ERROR);
	CHECK_EQ(handles_of(entity), 13);
	CHECK_EQ(RtmReleaseRouteInfo(entity, &match_result.info), NO_ERROR);
	CHECK_EQ(handles_of(entity), 9);
	CHECK_EQ(RtmReleaseRoutes(entity, 1, &matched), NO_ERROR);
	CHECK_EQ(handles_of(entity), 8);
	CHECK_EQ(RtmReleaseRouteInfo(entity, &route_result.info), NO_ERROR);
	CHECK_EQ(handles_of(entity), 4);
	CHECK_EQ(RtmDeleteRouteToDest(entity, route, &flags), NO_ERROR);
	CHECK_EQ(handles_of(entity), 3);
	CHECK_EQ(RtmReleaseNextHopInfo(entity, &hop_result), NO_ERROR);
	CHECK_EQ(RtmReleaseNextHops(entity, 1, &found), NO_ERROR);
	CHECK_EQ(RtmDeleteNextHop(entity, hop, NULL), NO_ERROR);
	CHECK_EQ(handles_of(entity), 0);
	CHECK_EQ(RtmDeregisterEntity(entity), NO_ERROR);
}
