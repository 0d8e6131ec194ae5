/* test_route.c - adding, changing, deleting and reading routes. */
#include "support.h"

#include <string.h>

static UCHAR state_of(RTM_ENTITY_HANDLE entity, RTM_ROUTE_HANDLE route)
{
	route_info result;

	REQUIRE_EQ(RtmGetRouteInfo(entity, route, &result.info, NULL), NO_ERROR);
	REQUIRE_EQ(RtmReleaseRouteInfo(entity, &result.info), NO_ERROR);
	return result.info.State;
}

static DWORD info_status(RTM_ENTITY_HANDLE entity, RTM_ROUTE_HANDLE route)
{
	return RtmGetRouteInfo(entity, route, NULL, NULL);
}

/* Adds with given input flags; the caller holds one reference. */
static RTM_ROUTE_HANDLE add_with(RTM_ENTITY_HANDLE entity, struct route route, RTM_ROUTE_CHANGE_FLAGS input,
                                 RTM_ROUTE_CHANGE_FLAGS *output)
{
	RTM_ROUTE_HANDLE handle = NULL;

	*output = input;
	REQUIRE_EQ(try_route(entity, &handle, route, output), NO_ERROR);
	REQUIRE(handle != NULL);
	return handle;
}

/* Reads a route and gives all references back at once; the handles in the result are for comparison only. */
static void read_route(RTM_ENTITY_HANDLE entity, RTM_ROUTE_HANDLE route, route_info *result)
{
	REQUIRE_EQ(RtmGetRouteInfo(entity, route, &result->info, NULL), NO_ERROR);
	REQUIRE_EQ(RtmReleaseRouteInfo(entity, &result->info), NO_ERROR);
}

static DWORD add_to(RTM_ENTITY_HANDLE entity, const RTM_NET_ADDRESS *destination)
{
	RTM_NET_ADDRESS address = *destination;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	route_info input;

	route_input(&input, ROUTE(.pref = 1));
	return RtmAddRouteToDest(entity, NULL, &address, &input.info, INFINITE, NULL, 0, NULL, &flags);
}

/* Adding */

TEST(a_new_route_is_reported_as_new_and_best)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = NULL;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	CHECK_EQ(try_route(entity, &route, ROUTE(.to = "10.0.0.0/8"), &flags), NO_ERROR);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_NEW | RTM_ROUTE_CHANGE_BEST);
	CHECK(route != NULL);
	CHECK_EQ(held_by(entity).Routes, 1);
	CHECK_EQ(held_by(entity).Destinations, 1);
	CHECK_EQ(handles_of(entity), 1);
	release_route(entity, route);
	leave(entity);
}

TEST(a_route_is_added_without_asking_for_its_handle)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	CHECK_EQ(try_route(entity, NULL, ROUTE(.to = "10.0.0.0/8"), &flags), NO_ERROR);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_NEW | RTM_ROUTE_CHANGE_BEST);
	CHECK_EQ(handles_of(entity), 0);
	CHECK(is_known(entity, "10.0.0.0/8"));
	leave(entity);
}

TEST(adding_a_known_route_updates_it_and_gives_its_handle_again)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = add_route(entity, ROUTE(.to = "10.0.0.0/8", .metric = 1)), again = NULL;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	route_info result;

	CHECK_EQ(try_route(entity, &again, ROUTE(.to = "10.0.0.0/8", .metric = 2), &flags), NO_ERROR);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_BEST); /* decision 86 */
	CHECK_SAME(again, route);
	CHECK_EQ(handles_of(entity), 2);
	CHECK_EQ(held_by(entity).Routes, 1);
	read_route(entity, route, &result);
	CHECK_EQ(result.info.PrefInfo.Metric, 2);
	release_route(entity, route);
	release_route(entity, again);
	leave(entity);
}

TEST(an_update_without_a_handle_takes_no_reference)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	CHECK_EQ(try_route(entity, NULL, ROUTE(.to = "10.0.0.0/8", .metric = 9), &flags), NO_ERROR);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_BEST);
	CHECK_EQ(handles_of(entity), 0);
	CHECK_EQ(held_by(entity).Routes, 1);
	leave(entity);
}

TEST(the_neighbour_distinguishes_routes_of_one_owner)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE a = keep_hop(entity, "192.0.2.1", 3), b = keep_hop(entity, "192.0.2.2", 3);
	RTM_ROUTE_HANDLE none = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_ROUTE_HANDLE via_a = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .neighbour = a));
	RTM_ROUTE_HANDLE via_b = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .neighbour = b));

	CHECK(none != via_a && via_a != via_b && none != via_b);
	CHECK_EQ(held_by(entity).Routes, 3);
	CHECK_EQ(held_by(entity).Destinations, 1);
	CHECK_SAME(keep_route(entity, ROUTE(.to = "10.0.0.0/8", .neighbour = a, .metric = 5)), via_a);
	CHECK_SAME(keep_route(entity, ROUTE(.to = "10.0.0.0/8", .metric = 5)), none);
	CHECK_EQ(held_by(entity).Routes, 3);
	leave(entity);
}

TEST(next_hops_do_not_distinguish_routes)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE a = keep_hop(entity, "192.0.2.1", 3), b = keep_hop(entity, "192.0.2.2", 3);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .via = {a}));

	CHECK_SAME(keep_route(entity, ROUTE(.to = "10.0.0.0/8", .via = {b})), route);
	CHECK_EQ(held_by(entity).Routes, 1);
	leave(entity);
}

TEST(the_owner_distinguishes_routes)
{
	RTM_ENTITY_HANDLE first = enter(8), second = enter(9);
	RTM_ROUTE_HANDLE route = keep_route(first, ROUTE(.to = "10.0.0.0/8"));

	CHECK(keep_route(second, ROUTE(.to = "10.0.0.0/8")) != route);
	CHECK_EQ(held_by(first).Routes, 1);
	CHECK_EQ(held_by(second).Routes, 1);
	leave(first);
	leave(second);
}

TEST(address_and_length_distinguish_destinations)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));

	CHECK(keep_route(entity, ROUTE(.to = "10.0.0.0/9")) != route);
	CHECK(keep_route(entity, ROUTE(.to = "10.0.0.0/7")) != route);
	CHECK(keep_route(entity, ROUTE(.to = "11.0.0.0/8")) != route);
	CHECK_EQ(held_by(entity).Destinations, 4);
	leave(entity);
}

TEST(every_prefix_length_has_a_destination)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NET_ADDRESS address = addr("255.255.255.255");

	for (USHORT bits = 0; bits <= 32; bits++) {
		address.NumBits = bits;
		CHECK_EQ(add_to(entity, &address), NO_ERROR);
	}
	CHECK_EQ(held_by(entity).Destinations, 33);
	CHECK(is_known(entity, "0.0.0.0/0") && is_known(entity, "128.0.0.0/1") && is_known(entity, "255.255.255.255"));
	leave(entity);
}

TEST(the_input_of_an_addition_is_left_as_it_was)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "192.0.2.1", 3);
	RTM_NET_ADDRESS address = addr("10.1.2.3/8"), address_before = address;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	route_info input, input_before;

	route_input(&input, ROUTE(.neighbour = hop, .via = {hop}, .in = RTM_VIEW_MASK_ALL));
	memcpy(&input_before, &input, sizeof(input));
	CHECK_EQ(RtmAddRouteToDest(entity, NULL, &address, &input.info, INFINITE, NULL, 0, NULL, &flags), NO_ERROR);
	CHECK(memcmp(&input, &input_before, sizeof(input)) == 0);
	CHECK(memcmp(&address, &address_before, sizeof(address)) == 0);
	leave(entity);
}

TEST(destination_owner_and_state_of_a_route_are_not_taken_from_the_caller) /* decision 87 */
{
	RTM_ENTITY_HANDLE entity = enter(8), other = enter(9);
	RTM_NET_ADDRESS address = addr("10.0.0.0/8");
	RTM_ROUTE_HANDLE route = NULL;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	route_info input, result;

	route_input(&input, ROUTE(.tag = 0));
	input.info.DestHandle = &input;
	input.info.RouteOwner = other;
	input.info.State = RTM_ROUTE_STATE_DELETED;
	REQUIRE_EQ(RtmAddRouteToDest(entity, &route, &address, &input.info, INFINITE, NULL, 0, NULL, &flags), NO_ERROR);
	read_route(entity, route, &result);
	CHECK_SAME(result.info.RouteOwner, entity);
	CHECK_EQ(result.info.State, RTM_ROUTE_STATE_CREATED);
	release_route(entity, route);
	leave(entity);
	leave(other);
}

TEST(what_a_route_says_is_stored_as_it_was_given) /* decisions 87, 90 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE a = keep_hop(entity, "192.0.2.1", 3), b = keep_hop(entity, "192.0.2.2", 3);
	RTM_ROUTE_HANDLE route =
	    add_route(entity, ROUTE(.to = "10.0.0.0/8", .pref = 0xFFFFFFFF, .metric = 0x80000001, .in = MCAST,
	                            .neighbour = b, .via = {b, a}, .flags = RTM_ROUTE_FLAGS_ONES_SUBNETBC | 1,
	                            .flags1 = 0xA5, .tag = 0x5EED));
	RTM_NET_ADDRESS address;
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");
	route_info result;

	memset(&result, 0x5A, sizeof(result));
	memset(&address, 0x5A, sizeof(address));
	REQUIRE_EQ(RtmGetRouteInfo(entity, route, &result.info, &address), NO_ERROR);
	CHECK_SAME(result.info.DestHandle, dest);
	CHECK_SAME(result.info.RouteOwner, entity);
	CHECK_SAME(result.info.Neighbour, b);
	CHECK_EQ(result.info.State, RTM_ROUTE_STATE_CREATED);
	CHECK_EQ(result.info.Flags1, 0xA5);
	CHECK_EQ(result.info.Flags, RTM_ROUTE_FLAGS_ONES_SUBNETBC | 1);
	CHECK_EQ(result.info.PrefInfo.Preference, 0xFFFFFFFF);
	CHECK_EQ(result.info.PrefInfo.Metric, 0x80000001);
	CHECK_EQ(result.info.BelongsToViews, MCAST);
	CHECK_SAME(result.info.EntitySpecificInfo, (void *)(uintptr_t)0x5EED);
	CHECK_EQ(result.info.NextHopsList.NumNextHops, 2);
	CHECK_SAME(HOP(result, 0), b);
	CHECK_SAME(HOP(result, 1), a);
	CHECK_TEXT(text_of(&address), "10.0.0.0/8");
	CHECK_EQ(RtmReleaseRouteInfo(entity, &result.info), NO_ERROR);
	release_dest(entity, dest);
	release_route(entity, route);
	leave(entity);
}

TEST(all_views_means_the_supported_views) /* decision 88 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .in = RTM_VIEW_MASK_ALL));
	route_info result;

	read_route(entity, route, &result);
	CHECK_EQ(result.info.BelongsToViews, BOTH);
	CHECK_EQ(best_in(entity, route), BOTH);
	leave(entity);
}

TEST(a_route_of_no_view_is_accepted_but_never_best) /* decision 88 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = NULL;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	dest_info result;

	REQUIRE_EQ(try_route(entity, &route, ROUTE(.to = "10.0.0.0/8", .in = IN_NO_VIEW), &flags), NO_ERROR);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_NEW);
	CHECK_EQ(best_in(entity, route), 0);
	CHECK(is_known(entity, "10.0.0.0/8"));
	CHECK_EQ(exact(entity, "10.0.0.0/8", RTM_BEST_PROTOCOL, RTM_VIEW_MASK_ALL, &result), ERROR_NOT_FOUND);
	CHECK_EQ(delete_route(entity, route), 0);
	leave(entity);
}

TEST(other_unsupported_views_are_refused) /* decision 88 */
{
	static const RTM_VIEW_SET views[] = {4, 0x80, 0x40000000, 7, 0xFFFFFFFE, 0x7FFFFFFF};
	RTM_ENTITY_HANDLE entity = enter(8);

	for (unsigned i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
		RTM_ROUTE_CHANGE_FLAGS flags = 0;

		test_context("views 0x%x", (unsigned)views[i]);
		CHECK_EQ(try_route(entity, NULL, ROUTE(.to = "10.0.0.0/8", .in = views[i]), &flags),
		         ERROR_INVALID_PARAMETER);
	}
	CHECK(!is_known(entity, "10.0.0.0/8"));
	leave(entity);
}

TEST(adding_a_route_needs_its_pointers) /* decisions 81, 87 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NET_ADDRESS address = addr("10.0.0.0/8");
	RTM_ROUTE_HANDLE route = NULL;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	route_info input;

	route_input(&input, ROUTE(.tag = 0));
	CHECK_EQ(RtmAddRouteToDest(entity, &route, NULL, &input.info, INFINITE, NULL, 0, NULL, &flags),
	         ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmAddRouteToDest(entity, &route, &address, NULL, INFINITE, NULL, 0, NULL, &flags),
	         ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmAddRouteToDest(entity, &route, &address, &input.info, INFINITE, NULL, 0, NULL, NULL),
	         ERROR_INVALID_PARAMETER);
	CHECK_SAME(route, NULL);
	CHECK_EQ(flags, 0);
	CHECK_EQ(held_by(entity).Routes, 0);
	leave(entity);
}

TEST(a_destination_has_the_family_and_length_of_the_table) /* decision 133 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NET_ADDRESS ipv6 = addr("2001:db8::/32"), ipx = addr("ipx:0a000000/32"), unknown = addr("10.0.0.0/8");
	RTM_NET_ADDRESS too_long = addr("10.0.0.0/33"), far_too_long = addr("10.0.0.0/65535");

	unknown.AddressFamily = 0;
	CHECK_EQ(add_to(entity, &ipv6), ERROR_INVALID_PARAMETER);
	CHECK_EQ(add_to(entity, &ipx), ERROR_INVALID_PARAMETER);
	CHECK_EQ(add_to(entity, &unknown), ERROR_INVALID_PARAMETER);
	CHECK_EQ(add_to(entity, &too_long), ERROR_INVALID_PARAMETER);
	CHECK_EQ(add_to(entity, &far_too_long), ERROR_INVALID_PARAMETER);
	CHECK_EQ(held_by(entity).Destinations, 0);
	leave(entity);
}

TEST(host_bits_of_a_destination_are_masked) /* decision 133 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.129.2.3/9"));
	RTM_NET_ADDRESS address;

	REQUIRE_EQ(RtmGetRouteInfo(entity, route, NULL, &address), NO_ERROR);
	CHECK_TEXT(text_of(&address), "10.128.0.0/9");
	CHECK_SAME(keep_route(entity, ROUTE(.to = "10.128.0.0/9")), route);
	CHECK_SAME(keep_route(entity, ROUTE(.to = "10.255.255.255/9")), route);
	leave(entity);
}

TEST(octets_behind_the_address_of_a_destination_are_ignored) /* decision 133 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NET_ADDRESS address = addr("10.1.2.3/32");

	memset(address.AddrBits + 4, 0x5A, 12);
	CHECK_EQ(add_to(entity, &address), NO_ERROR);
	CHECK(is_known(entity, "10.1.2.3/32"));
	CHECK_EQ(add_to(entity, &address), NO_ERROR);
	CHECK_EQ(held_by(entity).Routes, 1);
	leave(entity);
}

TEST(notification_arguments_of_an_addition_are_ignored) /* decision 105 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NET_ADDRESS address = addr("10.0.0.0/8");
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	route_info input;

	route_input(&input, ROUTE(.tag = 0));
	CHECK_EQ(RtmAddRouteToDest(entity, NULL, &address, &input.info, 3600000, NULL, 0xFFFFFFFF, &input, &flags),
	         NO_ERROR);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_NEW | RTM_ROUTE_CHANGE_BEST);
	leave(entity);
}

TEST(what_is_no_route_list_is_refused) /* decision 79 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_NET_ADDRESS address = addr("10.0.0.0/8");
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	route_info input;

	route_input(&input, ROUTE(.tag = 0));
	CHECK_EQ(RtmAddRouteToDest(entity, NULL, &address, &input.info, INFINITE, &input, 0, NULL, &flags),
	         ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmAddRouteToDest(entity, &route, NULL, &input.info, INFINITE, entity, 0, NULL, &flags),
	         ERROR_INVALID_HANDLE);
	leave(entity);
}

/* Next hops of a route */

TEST(a_route_has_as_many_next_hops_as_the_profile_says) /* decision 89 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hops[ROOM_HOPS];
	struct route most = ROUTE(.to = "10.0.0.0/8"), more = ROUTE(.to = "10.0.0.0/8");
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	RTM_ROUTE_HANDLE route;
	route_info result;

	for (UINT i = 0; i <= profile.MaxNextHopsInRoute; i++) {
		hops[i] = keep_hop(entity, "192.0.2.1", 100 + i);
		more.via[i] = hops[i];
		if (i < profile.MaxNextHopsInRoute)
			most.via[i] = hops[i];
	}
	CHECK_EQ(try_route(entity, NULL, more, &flags), ERROR_INVALID_PARAMETER);
	CHECK_EQ(held_by(entity).Routes, 0);
	route = keep_route(entity, most);
	CHECK_EQ(try_route(entity, &route, more, &flags), ERROR_INVALID_PARAMETER);
	read_route(entity, route, &result);
	CHECK_EQ(result.info.NextHopsList.NumNextHops, profile.MaxNextHopsInRoute);
	for (UINT i = 0; i < profile.MaxNextHopsInRoute; i++)
		CHECK_SAME(HOP(result, i), hops[i]);
	leave(entity);
}

TEST(a_route_needs_neither_neighbour_nor_next_hops) /* decision 89 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	route_info result;

	read_route(entity, route, &result);
	CHECK_SAME(result.info.Neighbour, NULL);
	CHECK_EQ(result.info.NextHopsList.NumNextHops, 0);
	leave(entity);
}

TEST(next_hops_of_another_owner_are_refused) /* decision 89 */
{
	RTM_ENTITY_HANDLE entity = enter(8), other = enter(9);
	RTM_NEXTHOP_HANDLE own = keep_hop(entity, "192.0.2.1", 3), foreign = keep_hop(other, "192.0.2.1", 3);
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	CHECK_EQ(try_route(entity, NULL, ROUTE(.to = "10.0.0.0/8", .neighbour = foreign), &flags),
	         ERROR_INVALID_PARAMETER);
	CHECK_EQ(try_route(entity, NULL, ROUTE(.to = "10.0.0.0/8", .via = {foreign}), &flags),
	         ERROR_INVALID_PARAMETER);
	CHECK_EQ(try_route(entity, NULL, ROUTE(.to = "10.0.0.0/8", .via = {own, foreign}), &flags),
	         ERROR_INVALID_PARAMETER);
	CHECK(!is_known(entity, "10.0.0.0/8"));
	leave(entity);
	leave(other);
}

TEST(a_missing_next_hop_in_the_list_is_refused) /* decision 89 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "192.0.2.1", 3);
	RTM_NET_ADDRESS address = addr("10.0.0.0/8");
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	route_info input;

	route_input(&input, ROUTE(.via = {hop}));
	input.info.NextHopsList.NumNextHops = 2;
	CHECK_EQ(RtmAddRouteToDest(entity, NULL, &address, &input.info, INFINITE, NULL, 0, NULL, &flags),
	         ERROR_INVALID_PARAMETER);
	CHECK(!is_known(entity, "10.0.0.0/8"));
	leave(entity);
}

TEST(what_is_no_next_hop_is_refused) /* decision 89 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "192.0.2.1", 3);
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	int here;

	CHECK_EQ(try_route(entity, NULL, ROUTE(.to = "10.0.0.0/8", .neighbour = &here), &flags), ERROR_INVALID_HANDLE);
	CHECK_EQ(try_route(entity, NULL, ROUTE(.to = "10.0.0.0/8", .via = {hop, &here}), &flags),
	         ERROR_INVALID_HANDLE);
	CHECK_EQ(try_route(entity, NULL, ROUTE(.to = "10.0.0.0/8", .via = {entity}), &flags), ERROR_INVALID_HANDLE);
	CHECK(!is_known(entity, "10.0.0.0/8"));
	leave(entity);
}

TEST(a_deleted_next_hop_is_refused)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = add_hop(entity, "192.0.2.1", 3);
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.1", 3);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .via = {hop}));
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	CHECK_EQ(RtmDeleteNextHop(entity, NULL, &info), NO_ERROR);
	CHECK_EQ(try_route(entity, NULL, ROUTE(.to = "11.0.0.0/8", .via = {hop}), &flags), ERROR_INVALID_HANDLE);
	CHECK_EQ(try_route(entity, NULL, ROUTE(.to = "11.0.0.0/8", .neighbour = hop), &flags), ERROR_INVALID_HANDLE);
	CHECK_EQ(try_route(entity, &route, ROUTE(.via = {hop}, .metric = 5), &flags), ERROR_INVALID_HANDLE);
	CHECK(!is_known(entity, "11.0.0.0/8"));
	release_hop(entity, hop);
	leave(entity);
}

TEST(a_route_keeps_its_next_hops) /* decision 108 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = add_hop(entity, "192.0.2.1", 3), next = add_hop(entity, "192.0.2.2", 3);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .via = {hop}));
	RTM_NEXTHOP_INFO info;

	CHECK_EQ(handles_of(entity), 2);
	delete_hop(entity, hop);
	REQUIRE_EQ(RtmGetNextHopInfo(entity, hop, &info), NO_ERROR);
	CHECK_EQ(RtmReleaseNextHopInfo(entity, &info), NO_ERROR);
	update_route(entity, route, ROUTE(.via = {next}));
	CHECK_EQ(RtmGetNextHopInfo(entity, hop, &info), ERROR_INVALID_HANDLE);
	release_hop(entity, next);
	leave(entity);
}

TEST(a_route_that_names_a_next_hop_twice_keeps_it_until_it_names_it_no_more)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = add_hop(entity, "192.0.2.1", 3), other = keep_hop(entity, "192.0.2.2", 3);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .neighbour = hop, .via = {hop}));
	RTM_NEXTHOP_INFO info;

	update_route(entity, route, ROUTE(.neighbour = hop, .via = {other}));
	delete_hop(entity, hop);
	REQUIRE_EQ(RtmGetNextHopInfo(entity, hop, &info), NO_ERROR);
	CHECK_EQ(RtmReleaseNextHopInfo(entity, &info), NO_ERROR);
	update_route(entity, route, ROUTE(.via = {other}));
	CHECK_EQ(RtmGetNextHopInfo(entity, hop, &info), ERROR_INVALID_HANDLE);
	leave(entity);
}

/* Updating */

TEST(an_update_by_handle_ignores_the_destination) /* decision 84 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_NET_ADDRESS address;

	CHECK_EQ(update_route(entity, route, ROUTE(.to = NULL, .metric = 5)), RTM_ROUTE_CHANGE_BEST);
	CHECK_EQ(update_route(entity, route, ROUTE(.to = "11.0.0.0/8", .metric = 5)), RTM_ROUTE_CHANGE_BEST);
	CHECK_EQ(update_route(entity, route, ROUTE(.to = "2001:db8::/32", .metric = 5)), RTM_ROUTE_CHANGE_BEST);
	CHECK_EQ(handles_of(entity), 0);
	REQUIRE_EQ(RtmGetRouteInfo(entity, route, NULL, &address), NO_ERROR);
	CHECK_TEXT(text_of(&address), "10.0.0.0/8");
	CHECK(!is_known(entity, "11.0.0.0/8"));
	leave(entity);
}

TEST(an_update_by_handle_ignores_input_flags) /* decision 84 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8")), same = route;
	RTM_ROUTE_CHANGE_FLAGS flags = RTM_ROUTE_CHANGE_NEW | RTM_ROUTE_CHANGE_FIRST;

	CHECK_EQ(try_route(entity, &same, ROUTE(.to = "10.0.0.0/8"), &flags), NO_ERROR);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_BEST);
	CHECK_SAME(same, route);
	CHECK_EQ(held_by(entity).Routes, 1);
	leave(entity);
}

TEST(an_update_replaces_everything)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE a = keep_hop(entity, "192.0.2.1", 3), b = keep_hop(entity, "192.0.2.2", 3);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .pref = 1, .metric = 2, .in = UCAST,
	                                                  .neighbour = a, .via = {a, b}, .flags = 0x10,
	                                                  .flags1 = 1, .tag = 1));
	route_info result;

	update_route(entity, route, ROUTE(.pref = 3, .metric = 4, .in = MCAST, .neighbour = b, .via = {b},
	                                  .flags = 0x20, .flags1 = 2, .tag = 2));
	read_route(entity, route, &result);
	CHECK_EQ(result.info.PrefInfo.Preference, 3);
	CHECK_EQ(result.info.PrefInfo.Metric, 4);
	CHECK_EQ(result.info.BelongsToViews, MCAST);
	CHECK_SAME(result.info.Neighbour, b);
	CHECK_EQ(result.info.NextHopsList.NumNextHops, 1);
	CHECK_SAME(HOP(result, 0), b);
	CHECK_EQ(result.info.Flags, 0x20);
	CHECK_EQ(result.info.Flags1, 2);
	CHECK_SAME(result.info.EntitySpecificInfo, (void *)(uintptr_t)2);
	leave(entity);
}

TEST(an_update_by_handle_changes_the_identity) /* decision 87 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE a = keep_hop(entity, "192.0.2.1", 3), b = keep_hop(entity, "192.0.2.2", 3);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .neighbour = a));

	update_route(entity, route, ROUTE(.neighbour = b));
	CHECK_SAME(keep_route(entity, ROUTE(.to = "10.0.0.0/8", .neighbour = b)), route);
	CHECK(keep_route(entity, ROUTE(.to = "10.0.0.0/8", .neighbour = a)) != route);
	CHECK_EQ(held_by(entity).Routes, 2);
	leave(entity);
}

TEST(only_its_owner_updates_a_route)
{
	RTM_ENTITY_HANDLE owner = enter(8), other = enter(9);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8", .metric = 1)), same = route;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	route_info result;

	CHECK_EQ(try_route(other, &same, ROUTE(.to = "10.0.0.0/8", .metric = 2), &flags), ERROR_ACCESS_DENIED);
	CHECK_SAME(same, route);
	CHECK_EQ(flags, 0);
	read_route(owner, route, &result);
	CHECK_EQ(result.info.PrefInfo.Metric, 1);
	leave(owner);
	leave(other);
}

TEST(a_deleted_route_is_not_updated) /* decision 94 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = add_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	REQUIRE_EQ(RtmReferenceHandles(entity, 1, &route), NO_ERROR);
	delete_route(entity, route);
	CHECK_EQ(try_route(entity, &route, ROUTE(.to = "10.0.0.0/8"), &flags), ERROR_INVALID_HANDLE);
	CHECK(!is_known(entity, "10.0.0.0/8"));
	release_route(entity, route);
	leave(entity);
}

TEST(a_failed_update_changes_nothing) /* decision 81 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "192.0.2.1", 3);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .metric = 1, .via = {hop}, .tag = 1));
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	route_info result;

	CHECK_EQ(try_route(entity, &route, ROUTE(.metric = 2, .in = 4, .tag = 2), &flags), ERROR_INVALID_PARAMETER);
	CHECK_EQ(try_route(entity, &route, ROUTE(.metric = 2, .via = {entity}, .tag = 2), &flags),
	         ERROR_INVALID_HANDLE);
	CHECK_EQ(flags, 0);
	read_route(entity, route, &result);
	CHECK_EQ(result.info.PrefInfo.Metric, 1);
	CHECK_EQ(result.info.NextHopsList.NumNextHops, 1);
	CHECK_SAME(result.info.EntitySpecificInfo, (void *)(uintptr_t)1);
	leave(entity);
}

TEST(adding_checks_in_order) /* decision 80 */
{
	RTM_ENTITY_HANDLE owner = enter(8), other = enter(9);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8")), bad = owner;
	RTM_NET_ADDRESS address = addr("10.0.0.0/33");
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	route_info input;

	route_input(&input, ROUTE(.in = 4));
	CHECK_EQ(RtmAddRouteToDest(owner, &bad, NULL, NULL, 0, NULL, 0, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmAddRouteToDest(owner, NULL, NULL, NULL, 0, owner, 0, NULL, NULL), ERROR_INVALID_HANDLE);
	input.info.Neighbour = owner;
	CHECK_EQ(RtmAddRouteToDest(owner, NULL, &address, &input.info, 0, NULL, 0, NULL, NULL), ERROR_INVALID_HANDLE);
	input.info.Neighbour = NULL;
	CHECK_EQ(RtmAddRouteToDest(other, &route, NULL, NULL, 0, NULL, 0, NULL, &flags), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmAddRouteToDest(other, &route, NULL, &input.info, 0, NULL, 0, NULL, &flags),
	         ERROR_INVALID_PARAMETER);
	input.info.BelongsToViews = UCAST;
	CHECK_EQ(RtmAddRouteToDest(other, &route, NULL, &input.info, 0, NULL, 0, NULL, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmAddRouteToDest(other, &route, NULL, &input.info, INFINITE, NULL, 0, NULL, &flags),
	         ERROR_ACCESS_DENIED);
	leave(owner);
	leave(other);
}

/* RTM_ROUTE_CHANGE_FIRST and RTM_ROUTE_CHANGE_NEW as input */

TEST(change_first_updates_the_route_of_the_owner_whatever_its_neighbour)
{
	RTM_ENTITY_HANDLE entity = enter(8), other = enter(9);
	RTM_NEXTHOP_HANDLE a = keep_hop(entity, "192.0.2.1", 3), b = keep_hop(entity, "192.0.2.2", 3);
	RTM_ROUTE_CHANGE_FLAGS flags;
	RTM_ROUTE_HANDLE route, again;
	route_info result;

	keep_route(other, ROUTE(.to = "10.0.0.0/8", .pref = 100));
	route = add_with(entity, ROUTE(.to = "10.0.0.0/8", .neighbour = a), RTM_ROUTE_CHANGE_FIRST, &flags);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_NEW | RTM_ROUTE_CHANGE_BEST);
	again = add_with(entity, ROUTE(.to = "10.0.0.0/8", .neighbour = b, .metric = 6), RTM_ROUTE_CHANGE_FIRST,
	                 &flags);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_BEST); /* decision 85: input bits do not leak through */
	CHECK_SAME(again, route);
	CHECK_EQ(held_by(entity).Routes, 1);
	read_route(entity, route, &result);
	CHECK_EQ(result.info.PrefInfo.Metric, 6);
	CHECK_SAME(result.info.Neighbour, b);
	release_route(entity, route);
	release_route(entity, again);
	leave(entity);
	leave(other);
}

TEST(change_first_does_not_touch_routes_of_others)
{
	RTM_ENTITY_HANDLE entity = enter(8), other = enter(9);
	RTM_ROUTE_HANDLE foreign = keep_route(other, ROUTE(.to = "10.0.0.0/8", .pref = 1)), route;
	RTM_ROUTE_CHANGE_FLAGS flags;

	route = add_with(entity, ROUTE(.to = "10.0.0.0/8", .pref = 2), RTM_ROUTE_CHANGE_FIRST, &flags);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_NEW);
	CHECK(route != foreign);
	release_route(entity, route);
	leave(entity);
	leave(other);
}

TEST(change_first_does_not_reach_other_destinations)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE wide = keep_route(entity, ROUTE(.to = "10.0.0.0/8")), narrow;
	RTM_ROUTE_CHANGE_FLAGS flags;

	narrow = add_with(entity, ROUTE(.to = "10.0.0.0/16"), RTM_ROUTE_CHANGE_FIRST, &flags);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_NEW | RTM_ROUTE_CHANGE_BEST);
	CHECK(narrow != wide);
	release_route(entity, narrow);
	leave(entity);
}

TEST(change_new_forces_a_second_entry) /* decision 85 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8")), second;
	RTM_ROUTE_CHANGE_FLAGS flags;

	second = add_with(entity, ROUTE(.to = "10.0.0.0/8"), RTM_ROUTE_CHANGE_NEW, &flags);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_NEW); /* not best: the incumbent is as good */
	CHECK(second != route);
	CHECK_EQ(held_by(entity).Routes, 2);
	CHECK_EQ(held_by(entity).Destinations, 1);
	release_route(entity, second);
	leave(entity);
}

TEST(change_new_overrides_change_first) /* decision 85 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .pref = 5)), second;
	RTM_ROUTE_CHANGE_FLAGS flags;

	second = add_with(entity, ROUTE(.to = "10.0.0.0/8", .pref = 4), RTM_ROUTE_CHANGE_NEW | RTM_ROUTE_CHANGE_FIRST,
	                  &flags);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_NEW | RTM_ROUTE_CHANGE_BEST);
	CHECK(second != route);
	release_route(entity, second);
	leave(entity);
}

/* Deleting */

TEST(deletion_of_a_route_consumes_the_handle) /* decision 72 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = add_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	CHECK_EQ(RtmDeleteRouteToDest(entity, route, &flags), NO_ERROR);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_BEST);
	CHECK_EQ(handles_of(entity), 0);
	CHECK_EQ(held_by(entity).Routes, 0);
	CHECK_EQ(held_by(entity).Destinations, 0);
	CHECK_EQ(info_status(entity, route), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseRoutes(entity, 1, &route), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeleteRouteToDest(entity, route, &flags), ERROR_INVALID_HANDLE);
	CHECK(!is_known(entity, "10.0.0.0/8"));
	leave(entity);
}

TEST(a_route_whose_references_were_released_is_deleted_by_its_handle) /* decision 82 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));

	CHECK_EQ(delete_route(entity, route), RTM_ROUTE_CHANGE_BEST);
	CHECK_EQ(handles_of(entity), 0);
	CHECK_EQ(info_status(entity, route), ERROR_INVALID_HANDLE);
	leave(entity);
}

TEST(other_references_outlive_the_deletion_of_a_route) /* decisions 72, 94 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = add_route(entity, ROUTE(.to = "10.0.0.0/8", .metric = 4, .tag = 4));
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	route_info result;

	REQUIRE_EQ(RtmReferenceHandles(entity, 1, &route), NO_ERROR);
	delete_route(entity, route);
	CHECK_EQ(handles_of(entity), 1);
	CHECK_EQ(state_of(entity, route), RTM_ROUTE_STATE_DELETED);
	CHECK_EQ(best_in(entity, route), 0);
	read_route(entity, route, &result);
	CHECK_EQ(result.info.PrefInfo.Metric, 4);
	CHECK_SAME(result.info.EntitySpecificInfo, (void *)(uintptr_t)4);
	CHECK_EQ(RtmDeleteRouteToDest(entity, route, &flags), ERROR_NOT_FOUND);
	CHECK_EQ(handles_of(entity), 1);
	release_route(entity, route);
	CHECK_EQ(info_status(entity, route), ERROR_INVALID_HANDLE);
	leave(entity);
}

TEST(a_deleted_route_keeps_destination_and_next_hops) /* decision 94 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = add_hop(entity, "192.0.2.1", 3);
	RTM_ROUTE_HANDLE route = add_route(entity, ROUTE(.to = "10.0.0.0/8", .neighbour = hop, .via = {hop}));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");
	RTM_NET_ADDRESS address;
	RTM_NEXTHOP_INFO info;
	dest_info dest_result;
	route_info result;

	REQUIRE_EQ(RtmReferenceHandles(entity, 1, &route), NO_ERROR);
	release_dest(entity, dest);
	delete_route(entity, route);
	delete_hop(entity, hop);
	REQUIRE_EQ(RtmGetRouteInfo(entity, route, &result.info, &address), NO_ERROR);
	CHECK_TEXT(text_of(&address), "10.0.0.0/8");
	CHECK_SAME(result.info.DestHandle, dest);
	CHECK_SAME(result.info.Neighbour, hop);
	CHECK_SAME(HOP(result, 0), hop);
	CHECK_EQ(RtmReleaseRouteInfo(entity, &result.info), NO_ERROR);
	release_route(entity, route);
	CHECK_EQ(RtmGetDestInfo(entity, dest, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_ANY, &dest_result.info),
	         ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetNextHopInfo(entity, hop, &info), ERROR_INVALID_HANDLE);
	leave(entity);
}

TEST(only_its_owner_deletes_a_route) /* decision 72 */
{
	RTM_ENTITY_HANDLE owner = enter(8), other = enter(9);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8"));
	RTM_ROUTE_CHANGE_FLAGS flags = 0x5A;

	REQUIRE_EQ(RtmReferenceHandles(other, 1, &route), NO_ERROR);
	CHECK_EQ(RtmDeleteRouteToDest(other, route, &flags), ERROR_ACCESS_DENIED);
	CHECK_EQ(flags, 0x5A);
	CHECK_EQ(handles_of(other), 1);
	CHECK_EQ(state_of(owner, route), RTM_ROUTE_STATE_CREATED);
	release_route(other, route);
	leave(owner);
	leave(other);
}

TEST(deleting_checks_in_order) /* decision 80 */
{
	RTM_ENTITY_HANDLE owner = enter(8), other = enter(9);
	RTM_ROUTE_HANDLE route = add_route(owner, ROUTE(.to = "10.0.0.0/8"));
	RTM_ROUTE_CHANGE_FLAGS flags;

	CHECK_EQ(RtmDeleteRouteToDest(owner, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeleteRouteToDest(other, route, NULL), ERROR_INVALID_PARAMETER);
	REQUIRE_EQ(RtmReferenceHandles(other, 1, &route), NO_ERROR);
	delete_route(owner, route);
	CHECK_EQ(RtmDeleteRouteToDest(other, route, &flags), ERROR_ACCESS_DENIED);
	release_route(other, route);
	leave(owner);
	leave(other);
}

TEST(deletion_tells_whether_the_best_route_changed)
{
	RTM_ENTITY_HANDLE entity = enter(8), other = enter(9);
	RTM_ROUTE_HANDLE best = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .pref = 1));
	RTM_ROUTE_HANDLE worse = keep_route(other, ROUTE(.to = "10.0.0.0/8", .pref = 2));
	RTM_ROUTE_HANDLE worst = keep_route(other, ROUTE(.to = "10.0.0.0/8", .pref = 3, .neighbour = keep_hop(
	                                                                                    other, "192.0.2.1", 3)));

	CHECK_EQ(remove_route(other, worse), 0);
	CHECK_EQ(remove_route(entity, best), RTM_ROUTE_CHANGE_BEST);
	CHECK_EQ(remove_route(other, worst), RTM_ROUTE_CHANGE_BEST);
	leave(entity);
	leave(other);
}

TEST(a_route_added_again_is_another_one)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = add_route(entity, ROUTE(.to = "10.0.0.0/8")), again = NULL;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	REQUIRE_EQ(RtmReferenceHandles(entity, 1, &route), NO_ERROR);
	delete_route(entity, route);
	CHECK_EQ(try_route(entity, &again, ROUTE(.to = "10.0.0.0/8"), &flags), NO_ERROR);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_NEW | RTM_ROUTE_CHANGE_BEST);
	CHECK(again != route);
	CHECK_EQ(state_of(entity, route), RTM_ROUTE_STATE_DELETED);
	CHECK_EQ(best_in(entity, route), 0);
	CHECK_EQ(best_in(entity, again), UCAST);
	release_route(entity, route);
	release_route(entity, again);
	leave(entity);
}

/* Reading */

TEST(any_entity_reads_a_route)
{
	RTM_ENTITY_HANDLE owner = enter(8), reader = enter(9);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8", .tag = 77));
	route_info result;

	REQUIRE_EQ(RtmGetRouteInfo(reader, route, &result.info, NULL), NO_ERROR);
	CHECK_SAME(result.info.RouteOwner, owner);
	CHECK_SAME(result.info.EntitySpecificInfo, (void *)(uintptr_t)77);
	CHECK_EQ(handles_of(reader), 2);
	CHECK_EQ(handles_of(owner), 0);
	CHECK_EQ(RtmReleaseRouteInfo(reader, &result.info), NO_ERROR);
	CHECK_EQ(best_in(reader, route), UCAST);
	leave(owner);
	leave(reader);
}

TEST(every_handle_in_route_information_is_a_reference) /* decision 77 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE a = keep_hop(entity, "192.0.2.1", 3), b = keep_hop(entity, "192.0.2.2", 3);
	RTM_ROUTE_HANDLE bare = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_ROUTE_HANDLE full = keep_route(entity, ROUTE(.to = "11.0.0.0/8", .neighbour = a, .via = {a, b}));
	route_info first, second;

	REQUIRE_EQ(RtmGetRouteInfo(entity, bare, &first.info, NULL), NO_ERROR);
	CHECK_EQ(handles_of(entity), 2);
	REQUIRE_EQ(RtmGetRouteInfo(entity, full, &second.info, NULL), NO_ERROR);
	CHECK_EQ(handles_of(entity), 2 + 5);
	CHECK_EQ(RtmReleaseRouteInfo(entity, &first.info), NO_ERROR);
	CHECK_EQ(handles_of(entity), 5);
	CHECK_EQ(RtmReleaseRouteInfo(entity, &second.info), NO_ERROR);
	CHECK_EQ(handles_of(entity), 0);
	leave(entity);
}

TEST(the_destination_address_alone_takes_no_reference) /* decision 181 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_NET_ADDRESS address;

	CHECK_EQ(RtmGetRouteInfo(entity, route, NULL, &address), NO_ERROR);
	CHECK_TEXT(text_of(&address), "10.0.0.0/8");
	CHECK_EQ(RtmGetRouteInfo(entity, route, NULL, NULL), NO_ERROR);
	CHECK_EQ(handles_of(entity), 0);
	leave(entity);
}

TEST(route_information_ends_with_the_last_next_hop) /* decision 98 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	struct route route = ROUTE(.to = "10.0.0.0/8");

	for (UINT hops = 0; hops <= profile.MaxNextHopsInRoute; hops++) {
		size_t used = offsetof(RTM_ROUTE_INFO, NextHopsList.NextHops) + hops * sizeof(HANDLE);
		RTM_ROUTE_HANDLE handle;
		route_info result;

		test_context("%u next hops", hops);
		if (hops > 0)
			route.via[hops - 1] = keep_hop(entity, "192.0.2.1", hops);
		handle = keep_route(entity, route);
		memset(&result, 0x5A, sizeof(result));
		REQUIRE_EQ(RtmGetRouteInfo(entity, handle, &result.info, NULL), NO_ERROR);
		CHECK_EQ(result.info.NextHopsList.NumNextHops, hops);
		for (size_t i = used; i < sizeof(result); i++)
			if (!CHECK_EQ(result.room[i], 0x5A))
				break;
		REQUIRE_EQ(RtmReleaseRouteInfo(entity, &result.info), NO_ERROR);
	}
	leave(entity);
}

TEST(reading_a_route_needs_a_route)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_DEST_HANDLE dest;
	route_info result;
	RTM_VIEW_SET views = 0;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	dest = hold_dest(entity, "10.0.0.0/8");
	CHECK_EQ(RtmGetRouteInfo(entity, NULL, &result.info, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetRouteInfo(entity, dest, &result.info, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetRouteInfo(entity, entity, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmIsBestRoute(entity, dest, &views), ERROR_INVALID_HANDLE);
	release_dest(entity, dest);
	leave(entity);
}

TEST(the_best_question_needs_room_for_its_answer) /* decisions 80, 81 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));

	CHECK_EQ(RtmIsBestRoute(entity, route, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmIsBestRoute(entity, NULL, NULL), ERROR_INVALID_HANDLE);
	leave(entity);
}

TEST(releasing_route_information_leaves_it_as_it_was) /* decision 77 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "192.0.2.1", 3);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .neighbour = hop, .via = {hop}));
	route_info result, before;

	memset(&result, 0x5A, sizeof(result));
	REQUIRE_EQ(RtmGetRouteInfo(entity, route, &result.info, NULL), NO_ERROR);
	memcpy(&before, &result, sizeof(result));
	CHECK_EQ(RtmReleaseRouteInfo(entity, &result.info), NO_ERROR);
	CHECK(memcmp(&result, &before, sizeof(result)) == 0);
	leave(entity);
}

TEST(route_information_is_released_once) /* decision 82 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	route_info result;

	REQUIRE_EQ(RtmGetRouteInfo(entity, route, &result.info, NULL), NO_ERROR);
	CHECK_EQ(RtmReleaseRouteInfo(entity, &result.info), NO_ERROR);
	CHECK_EQ(RtmReleaseRouteInfo(entity, &result.info), ERROR_INVALID_HANDLE);
	CHECK_EQ(handles_of(entity), 0);
	CHECK_EQ(RtmReleaseRouteInfo(entity, NULL), ERROR_INVALID_PARAMETER);
	leave(entity);
}

TEST(routes_are_released_by_the_array)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE routes[3];
	HANDLE nothing = NULL;

	routes[0] = add_route(entity, ROUTE(.to = "10.0.0.0/8"));
	routes[1] = add_route(entity, ROUTE(.to = "11.0.0.0/8"));
	routes[2] = add_route(entity, ROUTE(.to = "10.0.0.0/8"));
	CHECK_EQ(RtmReleaseRoutes(entity, 0, routes), NO_ERROR);
	CHECK_EQ(RtmReleaseRoutes(entity, 3, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmReleaseRoutes(entity, 1, &entity), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseRoutes(entity, 1, &nothing), ERROR_INVALID_HANDLE);
	CHECK_EQ(handles_of(entity), 3);
	CHECK_EQ(RtmReleaseRoutes(entity, 3, routes), NO_ERROR);
	CHECK_EQ(handles_of(entity), 0);
	CHECK_EQ(RtmReleaseRoutes(entity, 1, routes), ERROR_INVALID_HANDLE); /* decision 82 */
	CHECK_EQ(info_status(entity, routes[0]), NO_ERROR);
	leave(entity);
}

TEST(a_destination_bears_many_routes)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE routes[300];

	for (unsigned i = 0; i < 300; i++)
		routes[i] = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .metric = i * 37 % 300,
		                                     .neighbour = keep_hop(entity, "192.0.2.1", i)));
	CHECK_EQ(held_by(entity).Routes, 300);
	CHECK_SAME(best_of(entity, "10.0.0.0/8", UCAST), routes[0]);
	for (unsigned i = 0; i < 299; i++)
		CHECK_EQ(remove_route(entity, best_of(entity, "10.0.0.0/8", UCAST)), RTM_ROUTE_CHANGE_BEST);
	CHECK_EQ(held_by(entity).Routes, 1);
	leave(entity);
}
