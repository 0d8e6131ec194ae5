/* test_statistics.c - Rtm2GetStatistics and Rtm2GetVersion. */
#include "support.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static RTM2_STATISTICS everything(void)
{
	RTM2_STATISTICS statistics;

	REQUIRE_EQ(Rtm2GetStatistics(NULL, &statistics), NO_ERROR);
	return statistics;
}

TEST(statistics_need_a_buffer)
{
	RTM_ENTITY_INFO info = entity_info(instance, RTM2_AF_INET, 8, 1);

	CHECK_EQ(Rtm2GetStatistics(NULL, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(Rtm2GetStatistics(&info, NULL), ERROR_INVALID_PARAMETER);
}

TEST(an_unknown_entity_holds_nothing)
{
	RTM_ENTITY_INFO info = entity_info(instance, RTM2_AF_INET, 8, 1);
	RTM2_STATISTICS statistics;

	memset(&statistics, 0x5A, sizeof(statistics));
	CHECK_EQ(Rtm2GetStatistics(&info, &statistics), NO_ERROR);
	CHECK_EQ(statistics.Entities, 0);
	CHECK_EQ(statistics.Routes, 0);
	CHECK_EQ(statistics.NextHops, 0);
	CHECK_EQ(statistics.Destinations, 0);
	CHECK_EQ(statistics.Handles, 0);
	CHECK_EQ(statistics.Bytes, 0);
	info.AddressFamily = 99;
	CHECK_EQ(Rtm2GetStatistics(&info, &statistics), NO_ERROR);
	CHECK_EQ(statistics.Entities, 0);
}

TEST(a_registration_is_an_entity_and_no_handle)
{
	RTM2_STATISTICS before = everything();
	RTM_ENTITY_HANDLE entity = enter(8);

	CHECK_EQ(everything().Entities, before.Entities + 1);
	CHECK_EQ(everything().Handles, before.Handles);
	CHECK_EQ(held_by(entity).Entities, 1);
	CHECK_EQ(held_by(entity).Handles, 0);
	leave(entity);
	CHECK_EQ(everything().Entities, before.Entities);
}

TEST(instance_family_and_id_select_an_entity)
{
	RTM_ENTITY_HANDLE entity = enter_as(instance, RTM2_AF_INET, 8, 1);
	RTM_ENTITY_INFO infos[5];

	infos[0] = entity_info(instance, RTM2_AF_INET, 8, 1);
	infos[1] = entity_info(second_instance(), RTM2_AF_INET, 8, 1);
	infos[2] = entity_info(instance, RTM2_AF_INET6, 8, 1);
	infos[3] = entity_info(instance, RTM2_AF_INET, 9, 1);
	infos[4] = entity_info(instance, RTM2_AF_INET, 8, 2);
	for (unsigned i = 0; i < 5; i++) {
		RTM2_STATISTICS statistics;

		test_context("case %u", i);
		CHECK_EQ(Rtm2GetStatistics(&infos[i], &statistics), NO_ERROR);
		CHECK_EQ(statistics.Entities, i == 0 ? 1 : 0);
	}
	leave(entity);
}

TEST(routes_count_for_their_owner)
{
	RTM2_STATISTICS before = everything();
	RTM_ENTITY_HANDLE a = enter(8), b = enter(9);
	RTM_ROUTE_HANDLE route;

	keep_route(a, ROUTE(.to = "10.0.0.0/8"));
	keep_route(a, ROUTE(.to = "11.0.0.0/8", .in = IN_NO_VIEW));
	route = keep_route(b, ROUTE(.to = "10.0.0.0/8"));
	keep_route(a, ROUTE(.to = "10.0.0.0/8", .metric = 3)); /* an update */
	CHECK_EQ(held_by(a).Routes, 2);
	CHECK_EQ(held_by(b).Routes, 1);
	CHECK_EQ(everything().Routes, before.Routes + 3);
	remove_route(b, route);
	CHECK_EQ(held_by(b).Routes, 0);
	CHECK_EQ(everything().Routes, before.Routes + 2);
	leave(a);
	leave(b);
}

TEST(a_deleted_route_is_a_handle_and_no_route)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = add_route(entity, ROUTE(.to = "10.0.0.0/8"));

	REQUIRE_EQ(RtmReferenceHandles(entity, 1, &route), NO_ERROR);
	delete_route(entity, route);
	CHECK_EQ(held_by(entity).Routes, 0);
	CHECK_EQ(held_by(entity).Destinations, 0);
	CHECK_EQ(held_by(entity).Handles, 1);
	release_route(entity, route);
	leave(entity);
}

TEST(destinations_count_once_for_each_owner_and_once_for_all)
{
	RTM2_STATISTICS before = everything();
	RTM_ENTITY_HANDLE a = enter(8), b = enter(9);
	RTM_ROUTE_HANDLE plain = keep_route(a, ROUTE(.to = "10.0.0.0/8")), second, foreign;

	second = keep_route(a, ROUTE(.to = "10.0.0.0/8", .neighbour = keep_hop(a, "192.0.2.1", 3)));
	foreign = keep_route(b, ROUTE(.to = "10.0.0.0/8"));
	keep_route(b, ROUTE(.to = "11.0.0.0/8"));
	CHECK_EQ(held_by(a).Destinations, 1);
	CHECK_EQ(held_by(b).Destinations, 2);
	CHECK_EQ(everything().Destinations, before.Destinations + 2);
	remove_route(a, plain);
	CHECK_EQ(held_by(a).Destinations, 1);
	remove_route(b, foreign);
	CHECK_EQ(everything().Destinations, before.Destinations + 2);
	remove_route(a, second);
	CHECK_EQ(held_by(a).Destinations, 0);
	CHECK_EQ(everything().Destinations, before.Destinations + 1);
	leave(a);
	leave(b);
}

TEST(next_hops_count_while_they_are_in_the_list)
{
	RTM2_STATISTICS before = everything();
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = add_hop(entity, "192.0.2.1", 3);

	keep_hop(entity, "192.0.2.2", 3);
	REQUIRE_EQ(RtmReferenceHandles(entity, 1, &hop), NO_ERROR);
	CHECK_EQ(held_by(entity).NextHops, 2);
	delete_hop(entity, hop);
	CHECK_EQ(held_by(entity).NextHops, 1);
	CHECK_EQ(everything().NextHops, before.NextHops + 1);
	CHECK_EQ(held_by(entity).Handles, 1);
	release_hop(entity, hop);
	leave(entity);
}

TEST(handles_count_for_the_entity_that_got_them)
{
	RTM2_STATISTICS before = everything();
	RTM_ENTITY_HANDLE a = enter(8), b = enter(9);
	RTM_ROUTE_HANDLE route = add_route(a, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(b, "10.0.0.0/8");
	RTM_ENUM_HANDLE enumeration = hop_enum(b, RTM_ENUM_START, NULL);

	CHECK_EQ(held_by(a).Handles, 1);
	CHECK_EQ(held_by(b).Handles, 2);
	CHECK_EQ(everything().Handles, before.Handles + 3);
	release_dest(b, dest);
	CHECK_EQ(RtmDeleteEnumHandle(b, enumeration), NO_ERROR);
	release_route(a, route);
	CHECK_EQ(everything().Handles, before.Handles);
	leave(a);
	leave(b);
}

TEST(memory_is_told_for_the_process_only)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	char prefix[32];
	unsigned long long before;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	before = everything().Bytes;
	CHECK(before > 0);
	CHECK_EQ(held_by(entity).Bytes, 0);
	for (unsigned i = 0; i < 20000; i++) {
		snprintf(prefix, sizeof(prefix), "11.%u.%u.0/24", i >> 8, i & 255);
		keep_route(entity, ROUTE(.to = prefix));
	}
	/* At least the bare contents of the routes, and no growth beyond reason. */
	CHECK(everything().Bytes >= 20000 * 32);
	CHECK(everything().Bytes <= before + 20000 * 1024);
	leave(entity);
}

TEST(several_tables_add_up)
{
	RTM2_STATISTICS before = everything();
	RTM_ENTITY_HANDLE ipv4 = enter(8), ipv6 = enter_as(instance, RTM2_AF_INET6, 8, 1);
	RTM_ENTITY_HANDLE elsewhere = enter_as(second_instance(), RTM2_AF_INET, 8, 1);

	keep_route(ipv4, ROUTE(.to = "10.0.0.0/8"));
	keep_route(ipv6, ROUTE(.to = "2001:db8::/32"));
	keep_route(elsewhere, ROUTE(.to = "10.0.0.0/8"));
	CHECK_EQ(everything().Entities, before.Entities + 3);
	CHECK_EQ(everything().Routes, before.Routes + 3);
	CHECK_EQ(everything().Destinations, before.Destinations + 3);
	CHECK_EQ(held_by(ipv6).Routes, 1);
	leave(ipv4);
	leave(ipv6);
	leave(elsewhere);
}

TEST(the_version_is_three_numbers)
{
	const char *version = Rtm2GetVersion();
	int numbers = 1, digits = 0;

	REQUIRE(version != NULL);
	for (const char *c = version; *c; c++) {
		if (*c == '.') {
			CHECK(digits > 0);
			numbers++;
			digits = 0;
		} else {
			CHECK(isdigit((unsigned char)*c));
			digits++;
		}
	}
	CHECK_EQ(numbers, 3);
	CHECK(digits > 0);
	CHECK_SAME(Rtm2GetVersion(), version);
}
