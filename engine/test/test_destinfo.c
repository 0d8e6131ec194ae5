/* test_destinfo.c - what RTM_DEST_INFO says, RtmGetDestInfo, RtmReleaseDestInfo, RtmReleaseDests. */
#include "support.h"

#include <string.h>
#include <time.h>

static DWORD read_dest(RTM_ENTITY_HANDLE entity, RTM_DEST_HANDLE dest, ULONG protocol, RTM_VIEW_SET views,
                       dest_info *result)
{
	return RtmGetDestInfo(entity, dest, protocol, views, &result->info);
}

/* Best route reported for a protocol in the unicast view; its references given back. */
static RTM_ROUTE_HANDLE reported(RTM_ENTITY_HANDLE entity, const char *prefix, ULONG protocol)
{
	dest_info result;

	REQUIRE_EQ(exact(entity, prefix, protocol, UCAST, &result), NO_ERROR);
	release_info(entity, &result);
	CHECK((VIEW(result, 0).Route == NULL) == (VIEW(result, 0).Owner == NULL));
	return VIEW(result, 0).Route;
}

/* Seconds since 1970 of a FILETIME. */
static long long seconds_of(FILETIME time)
{
	unsigned long long ticks = (unsigned long long)time.dwHighDateTime << 32 | time.dwLowDateTime;

	return (long long)(ticks / 10000000u) - 11644473600;
}

static void check_same_info(const RTM_DEST_INFO *got, const RTM_DEST_INFO *want)
{
	CHECK_SAME(got->DestHandle, want->DestHandle);
	CHECK(memcmp(&got->DestAddress, &want->DestAddress, sizeof(got->DestAddress)) == 0);
	CHECK(memcmp(&got->LastChanged, &want->LastChanged, sizeof(got->LastChanged)) == 0);
	CHECK_EQ(got->BelongsToViews, want->BelongsToViews);
	CHECK_EQ(got->NumberOfViews, want->NumberOfViews);
	for (UINT i = 0; i < want->NumberOfViews; i++) {
		CHECK_EQ(got->ViewInfo[i].ViewId, want->ViewInfo[i].ViewId);
		CHECK_EQ(got->ViewInfo[i].NumRoutes, want->ViewInfo[i].NumRoutes);
		CHECK_SAME(got->ViewInfo[i].Route, want->ViewInfo[i].Route);
		CHECK_SAME(got->ViewInfo[i].Owner, want->ViewInfo[i].Owner);
		CHECK_EQ(got->ViewInfo[i].DestFlags, want->ViewInfo[i].DestFlags);
		CHECK_SAME(got->ViewInfo[i].HoldRoute, want->ViewInfo[i].HoldRoute);
	}
}

TEST(a_destination_is_described_by_handle_as_by_prefix)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .in = BOTH));
	dest_info by_prefix, by_handle, by_address;

	REQUIRE_EQ(exact(entity, "10.0.0.0/8", RTM_BEST_PROTOCOL, BOTH, &by_prefix), NO_ERROR);
	REQUIRE_EQ(read_dest(entity, by_prefix.info.DestHandle, RTM_BEST_PROTOCOL, BOTH, &by_handle), NO_ERROR);
	REQUIRE_EQ(most_specific(entity, "10.1.2.3", RTM_BEST_PROTOCOL, BOTH, &by_address), NO_ERROR);
	check_same_info(&by_handle.info, &by_prefix.info);
	check_same_info(&by_address.info, &by_prefix.info);
	CHECK_SAME(VIEW(by_handle, 0).Route, route);
	release_info(entity, &by_prefix);
	release_info(entity, &by_handle);
	release_info(entity, &by_address);
	leave(entity);
}

TEST(a_destination_is_described_completely) /* decision 135 */
{
	RTM_ENTITY_HANDLE a = enter(8), b = enter(9);
	RTM_ROUTE_HANDLE unicast = keep_route(a, ROUTE(.to = "10.1.2.3/9", .pref = 1));
	RTM_ROUTE_HANDLE both = keep_route(b, ROUTE(.to = "10.0.0.0/9", .pref = 2, .in = BOTH));
	dest_info result;

	keep_route(b, ROUTE(.to = "10.0.0.0/9", .in = IN_NO_VIEW, .neighbour = keep_hop(b, "192.0.2.1", 3)));
	memset(&result, 0x5A, sizeof(result));
	REQUIRE_EQ(exact(a, "10.0.0.0/9", RTM_BEST_PROTOCOL, BOTH, &result), NO_ERROR);
	CHECK(result.info.DestHandle != NULL);
	CHECK_TEXT(text_of(&result.info.DestAddress), "10.0.0.0/9");
	CHECK_EQ(result.info.DestAddress.AddressFamily, RTM2_AF_INET);
	CHECK_EQ(result.info.BelongsToViews, BOTH);
	CHECK_EQ(result.info.NumberOfViews, 2);
	CHECK_EQ(VIEW(result, 0).ViewId, RTM_VIEW_ID_UCAST);
	CHECK_EQ(VIEW(result, 0).NumRoutes, 2);
	CHECK_SAME(VIEW(result, 0).Route, unicast);
	CHECK_SAME(VIEW(result, 0).Owner, a);
	CHECK_EQ(VIEW(result, 0).DestFlags, 0);
	CHECK_SAME(VIEW(result, 0).HoldRoute, NULL);
	CHECK_EQ(VIEW(result, 1).ViewId, RTM_VIEW_ID_MCAST);
	CHECK_EQ(VIEW(result, 1).NumRoutes, 1);
	CHECK_SAME(VIEW(result, 1).Route, both);
	CHECK_SAME(VIEW(result, 1).Owner, b);
	CHECK_EQ(VIEW(result, 1).DestFlags, 0);
	CHECK_SAME(VIEW(result, 1).HoldRoute, NULL);
	release_info(a, &result);
	leave(a);
	leave(b);
}

TEST(only_the_views_asked_for_are_described) /* decisions 120, 121 */
{
	static const struct {
		RTM_VIEW_SET views;
		UINT count;
		RTM_VIEW_ID first;
	} cases[] = {{RTM_VIEW_MASK_ANY, 0, -1}, {UCAST, 1, 0}, {MCAST, 1, 1}, {BOTH, 2, 0}, {RTM_VIEW_MASK_ALL, 2, 0}};
	RTM_ENTITY_HANDLE entity = enter(8);
	dest_info result;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8", .in = BOTH));
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t used = RTM_SIZE_OF_DEST_INFO(cases[i].count);

		test_context("views 0x%x", (unsigned)cases[i].views);
		memset(&result, 0x5A, sizeof(result));
		REQUIRE_EQ(exact(entity, "10.0.0.0/8", RTM_BEST_PROTOCOL, cases[i].views, &result), NO_ERROR);
		CHECK_EQ(result.info.NumberOfViews, cases[i].count);
		CHECK_EQ(result.info.BelongsToViews, BOTH);
		if (cases[i].count > 0)
			CHECK_EQ(VIEW(result, 0).ViewId, cases[i].first);
		for (size_t j = used; j < sizeof(result); j++)
			if (!CHECK_EQ(result.room[j], 0x5A))
				break;
		CHECK_EQ(handles_of(entity), 1 + 2 * cases[i].count); /* decision 77 */
		release_info(entity, &result);
	}
	leave(entity);
}

TEST(a_view_without_routes_is_described_as_empty)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	dest_info result;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8", .in = UCAST));
	REQUIRE_EQ(exact(entity, "10.0.0.0/8", RTM_BEST_PROTOCOL, BOTH, &result), NO_ERROR);
	CHECK_EQ(result.info.BelongsToViews, UCAST);
	CHECK_EQ(result.info.NumberOfViews, 2);
	CHECK_EQ(VIEW(result, 1).ViewId, RTM_VIEW_ID_MCAST);
	CHECK_EQ(VIEW(result, 1).NumRoutes, 0);
	CHECK_SAME(VIEW(result, 1).Route, NULL);
	CHECK_SAME(VIEW(result, 1).Owner, NULL);
	CHECK_EQ(handles_of(entity), 3);
	release_info(entity, &result);
	leave(entity);
}

TEST(a_handle_describes_a_destination_outside_the_views_asked)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_DEST_HANDLE dest;
	dest_info result;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8", .in = UCAST));
	dest = hold_dest(entity, "10.0.0.0/8");
	REQUIRE_EQ(read_dest(entity, dest, RTM_BEST_PROTOCOL, MCAST, &result), NO_ERROR);
	CHECK_EQ(VIEW(result, 0).NumRoutes, 0);
	CHECK_SAME(VIEW(result, 0).Route, NULL);
	CHECK_EQ(result.info.BelongsToViews, UCAST);
	release_info(entity, &result);
	release_dest(entity, dest);
	leave(entity);
}

TEST(a_destination_of_no_view_belongs_to_none) /* decisions 88, 135 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	dest_info result;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8", .in = IN_NO_VIEW));
	REQUIRE_EQ(exact(entity, "10.0.0.0/8", RTM_BEST_PROTOCOL, RTM_VIEW_MASK_ANY, &result), NO_ERROR);
	CHECK_EQ(result.info.BelongsToViews, 0);
	CHECK_EQ(result.info.NumberOfViews, 0);
	release_info(entity, &result);
	leave(entity);
}

TEST(the_views_of_a_destination_follow_its_routes) /* decision 135 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .in = UCAST));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");
	dest_info result;

	update_route(entity, route, ROUTE(.in = MCAST));
	REQUIRE_EQ(read_dest(entity, dest, RTM_BEST_PROTOCOL, BOTH, &result), NO_ERROR);
	CHECK_EQ(result.info.BelongsToViews, MCAST);
	CHECK_EQ(VIEW(result, 0).NumRoutes, 0);
	CHECK_EQ(VIEW(result, 1).NumRoutes, 1);
	release_info(entity, &result);
	remove_route(entity, route);
	REQUIRE_EQ(read_dest(entity, dest, RTM_BEST_PROTOCOL, BOTH, &result), NO_ERROR);
	CHECK_EQ(result.info.BelongsToViews, 0);
	CHECK_EQ(VIEW(result, 1).NumRoutes, 0);
	CHECK_SAME(VIEW(result, 1).Route, NULL);
	release_info(entity, &result);
	release_dest(entity, dest);
	leave(entity);
}

/* ProtocolId */

TEST(the_best_route_of_a_protocol_is_reported) /* decision 131 */
{
	RTM_ENTITY_HANDLE rip = enter(8), ospf = enter(13);
	RTM_ROUTE_HANDLE of_rip = keep_route(rip, ROUTE(.to = "10.0.0.0/8", .pref = 120));
	RTM_ROUTE_HANDLE of_ospf = keep_route(ospf, ROUTE(.to = "10.0.0.0/8", .pref = 110));

	CHECK_SAME(reported(rip, "10.0.0.0/8", RTM_BEST_PROTOCOL), of_ospf);
	CHECK_SAME(reported(rip, "10.0.0.0/8", 8), of_rip);
	CHECK_SAME(reported(rip, "10.0.0.0/8", 13), of_ospf);
	CHECK_SAME(reported(rip, "10.0.0.0/8", 14), NULL);
	CHECK_SAME(reported(rip, "10.0.0.0/8", RTM_THIS_PROTOCOL), of_rip);
	CHECK_SAME(reported(ospf, "10.0.0.0/8", RTM_THIS_PROTOCOL), of_ospf);
	leave(rip);
	leave(ospf);
}

TEST(a_protocol_means_all_its_instances) /* decision 131 */
{
	RTM_ENTITY_HANDLE first = enter_as(instance, RTM2_AF_INET, 8, 1);
	RTM_ENTITY_HANDLE second = enter_as(instance, RTM2_AF_INET, 8, 2);
	RTM_ENTITY_HANDLE other = enter_as(instance, RTM2_AF_INET, 9, 1);
	RTM_ROUTE_HANDLE better = keep_route(second, ROUTE(.to = "10.0.0.0/8", .pref = 2));
	dest_info result;

	keep_route(first, ROUTE(.to = "10.0.0.0/8", .pref = 3));
	keep_route(other, ROUTE(.to = "10.0.0.0/8", .pref = 1));
	CHECK_SAME(reported(other, "10.0.0.0/8", 8), better);
	CHECK_SAME(reported(first, "10.0.0.0/8", RTM_THIS_PROTOCOL), better);
	REQUIRE_EQ(exact(first, "10.0.0.0/8", RTM_THIS_PROTOCOL, UCAST, &result), NO_ERROR);
	CHECK_SAME(VIEW(result, 0).Owner, second);
	CHECK_EQ(VIEW(result, 0).NumRoutes, 3); /* whatever the owner */
	release_info(first, &result);
	leave(first);
	leave(second);
	leave(other);
}

TEST(protocols_0_and_all_ones_are_not_selectable) /* decision 131 */
{
	RTM_ENTITY_HANDLE zero = enter(0), ones = enter(0xFFFFFFFF), other = enter(9);
	RTM_ROUTE_HANDLE best = keep_route(other, ROUTE(.to = "10.0.0.0/8", .pref = 1)), of_ones;

	keep_route(zero, ROUTE(.to = "10.0.0.0/8", .pref = 2));
	of_ones = keep_route(ones, ROUTE(.to = "10.0.0.0/8", .pref = 3));
	CHECK_SAME(reported(zero, "10.0.0.0/8", 0), best);
	CHECK_SAME(reported(other, "10.0.0.0/8", 0xFFFFFFFF), best);
	CHECK_SAME(reported(ones, "10.0.0.0/8", RTM_THIS_PROTOCOL), of_ones);
	leave(zero);
	leave(ones);
	leave(other);
}

TEST(the_protocol_is_applied_to_each_view) /* decision 131 */
{
	RTM_ENTITY_HANDLE rip = enter(8), ospf = enter(13);
	RTM_ROUTE_HANDLE of_rip = keep_route(rip, ROUTE(.to = "10.0.0.0/8", .pref = 2, .in = MCAST)), of_ospf;
	dest_info result;

	of_ospf = keep_route(ospf, ROUTE(.to = "10.0.0.0/8", .pref = 1, .in = BOTH));
	REQUIRE_EQ(exact(rip, "10.0.0.0/8", 8, BOTH, &result), NO_ERROR);
	CHECK_SAME(VIEW(result, 0).Route, NULL);
	CHECK_SAME(VIEW(result, 1).Route, of_rip);
	CHECK_EQ(handles_of(rip), 3);
	release_info(rip, &result);
	REQUIRE_EQ(read_dest(rip, result.info.DestHandle, 13, BOTH, &result), NO_ERROR);
	CHECK_SAME(VIEW(result, 0).Route, of_ospf);
	CHECK_SAME(VIEW(result, 1).Route, of_ospf);
	release_info(rip, &result);
	leave(rip);
	leave(ospf);
}

/* LastChanged */

TEST(the_last_change_is_the_time_of_day) /* decision 135 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	long long before = (long long)time(NULL), changed, after;
	dest_info result;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	REQUIRE_EQ(exact(entity, "10.0.0.0/8", RTM_BEST_PROTOCOL, UCAST, &result), NO_ERROR);
	after = (long long)time(NULL);
	changed = seconds_of(result.info.LastChanged);
	/* Clocks of different grain may disagree about the second. */
	CHECK(changed >= before - 1 && changed <= after + 1);
	release_info(entity, &result);
	leave(entity);
}

static unsigned long long last_change(RTM_ENTITY_HANDLE entity, RTM_DEST_HANDLE dest)
{
	dest_info result;

	REQUIRE_EQ(read_dest(entity, dest, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_ANY, &result), NO_ERROR);
	release_info(entity, &result);
	return (unsigned long long)result.info.LastChanged.dwHighDateTime << 32 | result.info.LastChanged.dwLowDateTime;
}

/* Repeats a change until the clock has moved on, which shows that the change is recorded. The limit is many times what
 * the coarsest system clock needs. */
static void check_recorded(RTM_ENTITY_HANDLE entity, RTM_DEST_HANDLE dest, void (*change)(RTM_ENTITY_HANDLE entity))
{
	unsigned long long first = last_change(entity, dest);
	unsigned long repetitions = 2000000;

	while (last_change(entity, dest) <= first && repetitions-- > 0)
		change(entity);
	CHECK(last_change(entity, dest) > first);
}

static void update_identically(RTM_ENTITY_HANDLE entity)
{
	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
}

static void add_and_delete_a_worse_route(RTM_ENTITY_HANDLE entity)
{
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "192.0.2.1", 3);

	remove_route(entity, keep_route(entity, ROUTE(.to = "10.0.0.0/8", .pref = 9, .neighbour = hop)));
}

static void change_another_destination(RTM_ENTITY_HANDLE entity)
{
	keep_route(entity, ROUTE(.to = "11.0.0.0/8"));
}

TEST(every_change_of_a_route_is_a_change_of_its_destination) /* decisions 92, 135 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_DEST_HANDLE dest, other;
	unsigned long long untouched;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	keep_route(entity, ROUTE(.to = "11.0.0.0/8"));
	dest = hold_dest(entity, "10.0.0.0/8");
	other = hold_dest(entity, "11.0.0.0/8");
	untouched = last_change(entity, other);
	check_recorded(entity, dest, update_identically);
	check_recorded(entity, dest, add_and_delete_a_worse_route);
	CHECK_EQ(last_change(entity, other), untouched);
	untouched = last_change(entity, dest);
	check_recorded(entity, other, change_another_destination);
	CHECK_EQ(last_change(entity, dest), untouched);
	release_dest(entity, dest);
	release_dest(entity, other);
	leave(entity);
}

/* Errors */

TEST(describing_a_destination_needs_one)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	dest_info result;

	CHECK_EQ(read_dest(entity, NULL, RTM_BEST_PROTOCOL, UCAST, &result), ERROR_INVALID_HANDLE);
	CHECK_EQ(read_dest(entity, route, RTM_BEST_PROTOCOL, UCAST, &result), ERROR_INVALID_HANDLE);
	CHECK_EQ(read_dest(entity, entity, RTM_BEST_PROTOCOL, UCAST, &result), ERROR_INVALID_HANDLE);
	leave(entity);
}

TEST(describing_a_destination_checks_in_order) /* decision 80 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_DEST_HANDLE dest;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	dest = hold_dest(entity, "10.0.0.0/8");
	CHECK_EQ(RtmGetDestInfo(entity, NULL, RTM_BEST_PROTOCOL, 4, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetDestInfo(entity, dest, RTM_BEST_PROTOCOL, 4, NULL), ERROR_INVALID_PARAMETER);
	release_dest(entity, dest);
	leave(entity);
}

TEST(the_handle_of_a_forgotten_destination_is_invalid)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");
	dest_info result;

	release_dest(entity, dest);
	REQUIRE_EQ(read_dest(entity, dest, RTM_BEST_PROTOCOL, UCAST, &result), NO_ERROR); /* still in the table */
	release_info(entity, &result);
	remove_route(entity, route);
	CHECK_EQ(read_dest(entity, dest, RTM_BEST_PROTOCOL, UCAST, &result), ERROR_INVALID_HANDLE);
	leave(entity);
}

TEST(a_held_destination_outlives_its_routes) /* decisions 132, 182 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8"), again;
	dest_info result;

	remove_route(entity, route);
	CHECK(!is_known(entity, "10.0.0.0/8"));
	CHECK_TEXT(longest_match(entity, "10.1.2.3", RTM_VIEW_MASK_ANY), "none");
	CHECK_EQ(held_by(entity).Destinations, 0);
	REQUIRE_EQ(read_dest(entity, dest, RTM_BEST_PROTOCOL, BOTH, &result), NO_ERROR);
	CHECK_TEXT(text_of(&result.info.DestAddress), "10.0.0.0/8");
	CHECK_EQ(VIEW(result, 0).NumRoutes, 0);
	CHECK_SAME(VIEW(result, 0).Route, NULL);
	release_info(entity, &result);
	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	again = hold_dest(entity, "10.0.0.0/8");
	CHECK_SAME(again, dest); /* revived */
	release_dest(entity, again);
	release_dest(entity, dest);
	leave(entity);
}

/* Releasing */

TEST(releasing_needs_information)
{
	RTM_ENTITY_HANDLE entity = enter(8);

	CHECK_EQ(RtmReleaseDestInfo(entity, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmReleaseDests(entity, 1, NULL), ERROR_INVALID_PARAMETER);
	leave(entity);
}

TEST(destination_information_is_released_once) /* decision 82 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	dest_info result;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	REQUIRE_EQ(exact(entity, "10.0.0.0/8", RTM_BEST_PROTOCOL, BOTH, &result), NO_ERROR);
	CHECK_EQ(RtmReleaseDestInfo(entity, &result.info), NO_ERROR);
	CHECK_EQ(RtmReleaseDestInfo(entity, &result.info), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseDests(entity, 1, &result.info), ERROR_INVALID_HANDLE);
	CHECK_EQ(handles_of(entity), 0);
	leave(entity);
}

TEST(releasing_reads_only_what_holds_references) /* decisions 74, 77 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	dest_info result, before;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	REQUIRE_EQ(exact(entity, "10.0.0.0/8", RTM_BEST_PROTOCOL, UCAST, &result), NO_ERROR);
	memset(&result.info.DestAddress, 0xFF, sizeof(result.info.DestAddress));
	result.info.BelongsToViews = 0xFFFFFFFF;
	memcpy(&before, &result, sizeof(result));
	CHECK_EQ(RtmReleaseDestInfo(entity, &result.info), NO_ERROR);
	CHECK(memcmp(&result, &before, sizeof(result)) == 0);
	CHECK_EQ(handles_of(entity), 0);
	leave(entity);
}

TEST(a_bare_destination_handle_is_released_in_a_structure) /* decision 74 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_DEST_HANDLE dest;
	dest_info bare;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	dest = hold_dest(entity, "10.0.0.0/8");
	REQUIRE_EQ(RtmReferenceHandles(entity, 1, &dest), NO_ERROR);
	CHECK_EQ(handles_of(entity), 2);
	memset(&bare, 0xFF, sizeof(bare));
	bare.info.DestHandle = dest;
	bare.info.NumberOfViews = 0;
	CHECK_EQ(RtmReleaseDestInfo(entity, &bare.info), NO_ERROR);
	CHECK_EQ(handles_of(entity), 1);
	CHECK_EQ(RtmReleaseDests(entity, 1, &bare.info), NO_ERROR);
	CHECK_EQ(handles_of(entity), 0);
	leave(entity);
}

TEST(one_handle_of_an_information_is_kept_by_referencing_it)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	dest_info result;

	REQUIRE_EQ(exact(entity, "10.0.0.0/8", RTM_BEST_PROTOCOL, UCAST, &result), NO_ERROR);
	REQUIRE_EQ(RtmReferenceHandles(entity, 1, &VIEW(result, 0).Route), NO_ERROR);
	release_info(entity, &result);
	CHECK_EQ(handles_of(entity), 1);
	delete_route(entity, route); /* consumes the reference kept */
	CHECK_EQ(RtmReleaseRoutes(entity, 1, &route), ERROR_INVALID_HANDLE);
	leave(entity);
}
