/* test_families.c - IPv6 and IPX tables, and that instances and families keep apart. */
#include "support.h"

#include <string.h>

static RTM_ENTITY_HANDLE enter_family(USHORT family, ULONG protocol)
{
	return enter_as(instance, family, protocol, 1);
}

static DWORD add_text(RTM_ENTITY_HANDLE entity, const char *prefix)
{
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	return try_route(entity, NULL, ROUTE(.to = prefix), &flags);
}

static DWORD add_hop_text(RTM_ENTITY_HANDLE entity, const char *address)
{
	RTM_NEXTHOP_INFO info = hop_info(address, 1);
	RTM_NEXTHOP_CHANGE_FLAGS flags;

	return RtmAddNextHop(entity, &info, NULL, &flags);
}

/* IPv6 */

TEST(ipv6_prefixes_match_longest_first)
{
	RTM_ENTITY_HANDLE entity = enter_family(RTM2_AF_INET6, 8);

	keep_route(entity, ROUTE(.to = "::/0"));
	keep_route(entity, ROUTE(.to = "2001:db8::/32"));
	keep_route(entity, ROUTE(.to = "2001:db8:1::/48"));
	keep_route(entity, ROUTE(.to = "2001:db8:1:2::/64"));
	keep_route(entity, ROUTE(.to = "2001:db8:1:2::5"));
	CHECK_TEXT(longest_match(entity, "2001:db8:1:2::5", UCAST), "2001:db8:1:2:0:0:0:5/128");
	CHECK_TEXT(longest_match(entity, "2001:db8:1:2::6", UCAST), "2001:db8:1:2:0:0:0:0/64");
	CHECK_TEXT(longest_match(entity, "2001:db8:1:3::", UCAST), "2001:db8:1:0:0:0:0:0/48");
	CHECK_TEXT(longest_match(entity, "2001:db8:2::", UCAST), "2001:db8:0:0:0:0:0:0/32");
	CHECK_TEXT(longest_match(entity, "fe80::1", UCAST), "0:0:0:0:0:0:0:0/0");
	CHECK_TEXT(longest_match(entity, "2001:db8:1::/47", UCAST), "2001:db8:0:0:0:0:0:0/32");
	leave(entity);
}

TEST(every_ipv6_prefix_length_has_a_destination)
{
	RTM_ENTITY_HANDLE entity = enter_family(RTM2_AF_INET6, 8);
	RTM_NET_ADDRESS address = addr("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff");
	RTM_ENUM_HANDLE enumeration;
	RTM_ROUTE_CHANGE_FLAGS flags;
	dest_info result;
	route_info input;

	route_input(&input, ROUTE(.tag = 0));
	for (USHORT bits = 0; bits <= 128; bits++) {
		address.NumBits = bits;
		flags = 0;
		REQUIRE_EQ(RtmAddRouteToDest(entity, NULL, &address, &input.info, INFINITE, NULL, 0, NULL, &flags),
		           NO_ERROR);
		CHECK_EQ(flags, RTM_ROUTE_CHANGE_NEW | RTM_ROUTE_CHANGE_BEST);
	}
	CHECK_EQ(held_by(entity).Destinations, 129);
	address.NumBits = 128;
	for (USHORT bits = 128; bits > 0; bits--) {
		address.NumBits = bits;
		REQUIRE_EQ(RtmGetMostSpecificDestination(entity, &address, RTM_BEST_PROTOCOL, UCAST, &result.info),
		           NO_ERROR);
		CHECK_EQ(result.info.DestAddress.NumBits, bits);
		release_info(entity, &result);
	}
	enumeration = dest_enum(entity, UCAST, RTM_ENUM_NEXT, "::/0");
	for (USHORT bits = 0; bits <= 128; bits++) {
		UINT count = 1;

		REQUIRE_EQ(RtmGetEnumDests(entity, enumeration, &count, &result.info), NO_ERROR);
		CHECK_EQ(result.info.DestAddress.NumBits, bits);
		REQUIRE_EQ(RtmReleaseDests(entity, count, &result.info), NO_ERROR);
	}
	CHECK_TEXT(next_dest(entity, enumeration, 1), "end");
	CHECK_EQ(RtmDeleteEnumHandle(entity, enumeration), NO_ERROR);
	leave(entity);
}

TEST(ipv6_enumerations_follow_order_and_range) /* decisions 114, 116 */
{
	RTM_ENTITY_HANDLE entity = enter_family(RTM2_AF_INET6, 8);

	keep_route(entity, ROUTE(.to = "2001:db8:1::/48", .tag = 4));
	keep_route(entity, ROUTE(.to = "2001:db8::/32", .tag = 2));
	keep_route(entity, ROUTE(.to = "2001:db8::1", .tag = 3));
	keep_route(entity, ROUTE(.to = "::/0", .tag = 1));
	keep_route(entity, ROUTE(.to = "fe80::/10", .tag = 5));
	CHECK_TEXT(drain_routes(entity, route_enum(entity, UCAST, RTM_ENUM_START, NULL), 2),
	           "0:0:0:0:0:0:0:0/0=1 2001:db8:0:0:0:0:0:0/32=2 2001:db8:0:0:0:0:0:1/128=3 "
	           "2001:db8:1:0:0:0:0:0/48=4 fe80:0:0:0:0:0:0:0/10=5");
	CHECK_TEXT(drain_routes(entity, route_enum(entity, UCAST, RTM_ENUM_RANGE, "2001:db8::/32"), 2),
	           "2001:db8:0:0:0:0:0:0/32=2 2001:db8:0:0:0:0:0:1/128=3 2001:db8:1:0:0:0:0:0/48=4");
	CHECK_TEXT(drain_routes(entity, route_enum(entity, UCAST, RTM_ENUM_NEXT, "2001:db8::2"), 2),
	           "2001:db8:1:0:0:0:0:0/48=4 fe80:0:0:0:0:0:0:0/10=5");
	leave(entity);
}

TEST(ipv6_prefixes_are_masked) /* decision 133 */
{
	RTM_ENTITY_HANDLE entity = enter_family(RTM2_AF_INET6, 8);
	RTM_NET_ADDRESS address;

	REQUIRE_EQ(RtmGetRouteInfo(entity, keep_route(entity, ROUTE(.to = "2001:db8:ffff::1/35")), NULL, &address),
	           NO_ERROR);
	CHECK_TEXT(text_of(&address), "2001:db8:e000:0:0:0:0:0/35");
	CHECK(is_known(entity, "2001:db8:e123:4567::/35"));
	leave(entity);
}

TEST(ipv6_limits_are_128_bits) /* decision 133 */
{
	RTM_ENTITY_HANDLE entity = enter_family(RTM2_AF_INET6, 8);

	CHECK_EQ(add_text(entity, "2001:db8::/129"), ERROR_INVALID_PARAMETER);
	CHECK_EQ(add_text(entity, "10.0.0.0/8"), ERROR_INVALID_PARAMETER);
	CHECK_EQ(add_hop_text(entity, "2001:db8::1/129"), ERROR_INVALID_PARAMETER);
	CHECK_EQ(add_hop_text(entity, "192.0.2.1"), ERROR_INVALID_PARAMETER);
	CHECK_EQ(add_hop_text(entity, "fe80::1"), NO_ERROR);
	leave(entity);
}

TEST(ipv6_next_hops_carry_routes)
{
	RTM_ENTITY_HANDLE entity = enter_family(RTM2_AF_INET6, 8);
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "fe80::1", 3);
	RTM_NEXTHOP_INFO result;
	route_info info;

	REQUIRE_EQ(RtmGetRouteInfo(entity, keep_route(entity, ROUTE(.to = "2001:db8::/32", .via = {hop})), &info.info,
	                           NULL),
	           NO_ERROR);
	CHECK_SAME(HOP(info, 0), hop);
	CHECK_EQ(RtmReleaseRouteInfo(entity, &info.info), NO_ERROR);
	REQUIRE_EQ(RtmGetNextHopInfo(entity, hop, &result), NO_ERROR);
	CHECK_TEXT(text_of(&result.NextHopAddress), "fe80:0:0:0:0:0:0:1/128");
	CHECK_EQ(RtmReleaseNextHopInfo(entity, &result), NO_ERROR);
	leave(entity);
}

/* IPX */

TEST(ipx_networks_have_32_bits_and_next_hops_48) /* decision 54 */
{
	RTM_ENTITY_HANDLE entity = enter_family(RTM2_AF_IPX, 8);
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "ipx:00a0c9123456", 2);
	RTM_NEXTHOP_INFO result;

	keep_route(entity, ROUTE(.to = "ipx:0000000b", .via = {hop}, .tag = 2));
	keep_route(entity, ROUTE(.to = "ipx:0000000a", .neighbour = hop, .via = {hop}, .tag = 1));
	CHECK_TEXT(drain_routes(entity, route_enum(entity, UCAST, RTM_ENUM_START, NULL), 5),
	           "ipx:0000000a/32=1 ipx:0000000b/32=2");
	CHECK_TEXT(longest_match(entity, "ipx:0000000b", UCAST), "ipx:0000000b/32");
	CHECK_TEXT(longest_match(entity, "ipx:0000000c", UCAST), "none");
	REQUIRE_EQ(RtmGetNextHopInfo(entity, hop, &result), NO_ERROR);
	CHECK_TEXT(text_of(&result.NextHopAddress), "ipx:00a0c9123456/48");
	CHECK_EQ(RtmReleaseNextHopInfo(entity, &result), NO_ERROR);
	CHECK_TEXT(drain_hops(entity, hop_enum(entity, RTM_ENUM_START, NULL), 5), "ipx:00a0c9123456/48%2");
	leave(entity);
}

TEST(ipx_limits_are_32_and_48_bits) /* decisions 54, 133 */
{
	RTM_ENTITY_HANDLE entity = enter_family(RTM2_AF_IPX, 8);

	CHECK_EQ(add_text(entity, "ipx:0000000a00/33"), ERROR_INVALID_PARAMETER);
	CHECK_EQ(add_text(entity, "ipx:00a0c9123456/48"), ERROR_INVALID_PARAMETER);
	CHECK_EQ(add_text(entity, "10.0.0.0/8"), ERROR_INVALID_PARAMETER);
	CHECK_EQ(add_hop_text(entity, "ipx:00a0c912345600/49"), ERROR_INVALID_PARAMETER);
	CHECK_EQ(add_hop_text(entity, "ipx:00a0c9123456/48"), NO_ERROR);
	leave(entity);
}

TEST(all_six_octets_identify_an_ipx_next_hop) /* decision 54 */
{
	RTM_ENTITY_HANDLE entity = enter_family(RTM2_AF_IPX, 8);
	RTM_NEXTHOP_HANDLE first = keep_hop(entity, "ipx:00a0c9123456", 2);

	CHECK(keep_hop(entity, "ipx:00a0c9123457", 2) != first);
	CHECK(keep_hop(entity, "ipx:00a0c9123556", 2) != first);
	CHECK_SAME(keep_hop(entity, "ipx:00a0c9123456", 2), first);
	CHECK_TEXT(drain_hops(entity, hop_enum(entity, RTM_ENUM_START, NULL), 5),
	           "ipx:00a0c9123456/48%2 ipx:00a0c9123457/48%2 ipx:00a0c9123556/48%2");
	leave(entity);
}

/* Separation */

TEST(instances_have_separate_tables) /* decision 60 */
{
	RTM_ENTITY_HANDLE here = enter(8), there = enter_as(second_instance(), RTM2_AF_INET, 8, 1);

	keep_route(here, ROUTE(.to = "10.0.0.0/8"));
	keep_hop(here, "192.0.2.1", 3);
	CHECK(!is_known(there, "10.0.0.0/8"));
	CHECK_TEXT(longest_match(there, "10.1.1.1", RTM_VIEW_MASK_ANY), "none");
	CHECK_TEXT(drain_dests(there, dest_enum(there, UCAST, RTM_ENUM_START, NULL), 1, 5), "");
	CHECK_TEXT(drain_routes(there, route_enum(there, UCAST, RTM_ENUM_START, NULL), 5), "");
	CHECK_TEXT(drain_hops(there, hop_enum(there, RTM_ENUM_START, NULL), 5), "");
	keep_route(there, ROUTE(.to = "10.0.0.0/8"));
	leave(here);
	CHECK(is_known(there, "10.0.0.0/8"));
	leave(there);
}

TEST(families_have_separate_tables) /* decision 60 */
{
	RTM_ENTITY_HANDLE ipv4 = enter_family(RTM2_AF_INET, 8), ipv6 = enter_family(RTM2_AF_INET6, 8);
	RTM_ENTITY_HANDLE ipx = enter_family(RTM2_AF_IPX, 8);

	keep_route(ipv4, ROUTE(.to = "0.0.0.0/0"));
	CHECK(!is_known(ipv6, "::/0"));
	CHECK(!is_known(ipx, "ipx:00000000"));
	keep_route(ipv6, ROUTE(.to = "::/0"));
	keep_route(ipx, ROUTE(.to = "ipx:00000000"));
	leave(ipv4);
	CHECK(is_known(ipv6, "::/0") && is_known(ipx, "ipx:00000000"));
	leave(ipv6);
	leave(ipx);
}

TEST(handles_are_valid_in_their_table_only)
{
	RTM_ENTITY_HANDLE here = enter(8);
	RTM_ENTITY_HANDLE others[2];
	RTM_NEXTHOP_HANDLE hop = keep_hop(here, "192.0.2.1", 3);
	RTM_ROUTE_HANDLE route = keep_route(here, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(here, "10.0.0.0/8");
	RTM_ENUM_HANDLE enumeration = route_enum(here, UCAST, RTM_ENUM_START, NULL);

	others[0] = enter_as(second_instance(), RTM2_AF_INET, 8, 1);
	others[1] = enter_family(RTM2_AF_INET6, 8);
	for (unsigned i = 0; i < 2; i++) {
		RTM_NEXTHOP_INFO hop_result;
		RTM_ROUTE_CHANGE_FLAGS flags = 0;
		RTM_VIEW_SET views = 0;
		UINT count = 1;
		HANDLE result;
		dest_info dest_result;

		test_context("table %u", i);
		CHECK_EQ(RtmGetRouteInfo(others[i], route, NULL, NULL), ERROR_INVALID_HANDLE);
		CHECK_EQ(RtmDeleteRouteToDest(others[i], route, &flags), ERROR_INVALID_HANDLE);
		CHECK_EQ(RtmIsBestRoute(others[i], route, &views), ERROR_INVALID_HANDLE);
		CHECK_EQ(RtmReleaseRoutes(others[i], 1, &route), ERROR_INVALID_HANDLE);
		CHECK_EQ(RtmGetNextHopInfo(others[i], hop, &hop_result), ERROR_INVALID_HANDLE);
		CHECK_EQ(RtmDeleteNextHop(others[i], hop, NULL), ERROR_INVALID_HANDLE);
		CHECK_EQ(RtmGetDestInfo(others[i], dest, RTM_BEST_PROTOCOL, UCAST, &dest_result.info),
		         ERROR_INVALID_HANDLE);
		CHECK_EQ(RtmGetEnumRoutes(others[i], enumeration, &count, &result), ERROR_INVALID_HANDLE);
		CHECK_EQ(RtmDeleteEnumHandle(others[i], enumeration), ERROR_INVALID_HANDLE);
		CHECK_EQ(RtmReleaseEntities(others[i], 1, &here), ERROR_INVALID_HANDLE);
	}
	CHECK_EQ(RtmDeleteEnumHandle(here, enumeration), NO_ERROR);
	release_dest(here, dest);
	leave(here);
	leave(others[0]);
	leave(others[1]);
}
