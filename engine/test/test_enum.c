/* test_enum.c - enumerations of destinations, routes and next hops: what they hold, in which order, how they end. */
#include "support.h"

#include <stdio.h>
#include <string.h>

/* The prefixes of the tests below, in the order of decision 114, though added in another. */
#define ALL_PREFIXES                                                                                                   \
	"0.0.0.0/0 0.0.0.0/1 10.0.0.0/7 10.0.0.0/8 10.0.0.0/9 10.0.0.0/16 10.0.0.0/32 10.0.0.1/32 10.1.0.0/16 "        \
	"10.128.0.0/9 10.255.255.255/32 11.0.0.0/8 128.0.0.0/1 255.255.255.255/32"

static void add_all_prefixes(RTM_ENTITY_HANDLE entity)
{
	static const char *const prefixes[] = {"11.0.0.0/8",  "10.0.0.0/16", "0.0.0.0/0",   "255.255.255.255/32",
	                                       "10.0.0.1/32", "10.0.0.0/7",  "10.0.0.0/32", "10.128.0.0/9",
	                                       "128.0.0.0/1", "10.0.0.0/8",  "10.1.0.0/16", "10.255.255.255/32",
	                                       "0.0.0.0/1",   "10.0.0.0/9"};

	for (unsigned i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		keep_route(entity, ROUTE(.to = prefixes[i], .tag = i));
}

static const char *dests(RTM_ENTITY_HANDLE entity, RTM_VIEW_SET views, RTM_ENUM_FLAGS flags, const char *start)
{
	unsigned count = views == RTM_VIEW_MASK_ANY ? 0 : views == UCAST || views == MCAST ? 1 : 2;

	return drain_dests(entity, dest_enum(entity, views, flags, start), count, 5);
}

static const char *routes(RTM_ENTITY_HANDLE entity, RTM_VIEW_SET views, RTM_ENUM_FLAGS flags, const char *start)
{
	return drain_routes(entity, route_enum(entity, views, flags, start), 5);
}

static const char *hops(RTM_ENTITY_HANDLE entity, RTM_ENUM_FLAGS flags, const char *start)
{
	return drain_hops(entity, hop_enum(entity, flags, start), 5);
}

/* Route enumeration with all arguments. */
static DWORD create(RTM_ENTITY_HANDLE entity, RTM_DEST_HANDLE dest, RTM_MATCH_FLAGS flags, struct route criteria,
                    RTM_ENTITY_HANDLE owner, ULONG interface_index, RTM_ENUM_HANDLE *enumeration)
{
	route_info input;

	route_input(&input, criteria);
	input.info.RouteOwner = owner;
	return RtmCreateRouteEnum(entity, dest, RTM_VIEW_MASK_ANY, RTM_ENUM_START, NULL, flags, &input.info,
	                          interface_index, enumeration);
}

static const char *matching(RTM_ENTITY_HANDLE entity, RTM_MATCH_FLAGS flags, struct route criteria,
                            RTM_ENTITY_HANDLE owner, ULONG interface_index)
{
	RTM_ENUM_HANDLE enumeration = NULL;

	REQUIRE_EQ(create(entity, NULL, flags, criteria, owner, interface_index, &enumeration), NO_ERROR);
	return drain_routes(entity, enumeration, 3);
}

static void delete_enum(RTM_ENTITY_HANDLE entity, RTM_ENUM_HANDLE enumeration)
{
	REQUIRE_EQ(RtmDeleteEnumHandle(entity, enumeration), NO_ERROR);
}

/* Order and range */

TEST(destinations_come_by_address_then_shorter_prefix) /* decision 114 */
{
	RTM_ENTITY_HANDLE entity = enter(8);

	add_all_prefixes(entity);
	CHECK_TEXT(dests(entity, UCAST, RTM_ENUM_START, NULL), ALL_PREFIXES);
	CHECK_TEXT(dests(entity, RTM_VIEW_MASK_ANY, RTM_ENUM_START, NULL), ALL_PREFIXES);
	CHECK_TEXT(dests(entity, RTM_VIEW_MASK_ALL, RTM_ENUM_START, NULL), ALL_PREFIXES);
	leave(entity);
}

TEST(every_batch_size_gives_the_same_enumeration)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	char all[1024];

	add_all_prefixes(entity);
	snprintf(all, sizeof(all), "%s", routes(entity, UCAST, RTM_ENUM_START, NULL));
	for (UINT batch = 1; batch <= profile.MaxHandlesInEnum; batch++) {
		test_context("batches of %u", batch);
		CHECK_TEXT(drain_dests(entity, dest_enum(entity, BOTH, RTM_ENUM_START, NULL), 2, batch), ALL_PREFIXES);
		CHECK_TEXT(drain_routes(entity, route_enum(entity, UCAST, RTM_ENUM_START, NULL), batch), all);
	}
	leave(entity);
}

TEST(an_empty_table_enumerates_to_its_end_at_once) /* decision 113 */
{
	RTM_ENTITY_HANDLE entity = enter(8);

	CHECK_TEXT(dests(entity, UCAST, RTM_ENUM_START, NULL), "");
	CHECK_TEXT(routes(entity, UCAST, RTM_ENUM_START, NULL), "");
	CHECK_TEXT(hops(entity, RTM_ENUM_START, NULL), "");
	leave(entity);
}

TEST(start_ignores_the_address) /* decision 117 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	char all_routes[1024];

	add_all_prefixes(entity);
	keep_hop(entity, "192.0.2.1", 3);
	snprintf(all_routes, sizeof(all_routes), "%s", routes(entity, UCAST, RTM_ENUM_START, NULL));
	CHECK_TEXT(dests(entity, UCAST, RTM_ENUM_START, "11.0.0.0/8"), ALL_PREFIXES);
	CHECK_TEXT(dests(entity, UCAST, RTM_ENUM_OWN_DESTS, "2001:db8::/32"), ALL_PREFIXES);
	CHECK_TEXT(routes(entity, UCAST, RTM_ENUM_OWN_ROUTES, "255.0.0.0/8"), all_routes);
	CHECK_TEXT(hops(entity, RTM_ENUM_START, "255.0.0.0/8"), "192.0.2.1/32%3");
	leave(entity);
}

TEST(next_runs_from_the_prefix_to_the_end_of_the_table) /* decision 116 */
{
	RTM_ENTITY_HANDLE entity = enter(8);

	add_all_prefixes(entity);
	CHECK_TEXT(dests(entity, UCAST, RTM_ENUM_NEXT, "10.1.0.0/16"),
	           "10.1.0.0/16 10.128.0.0/9 10.255.255.255/32 11.0.0.0/8 128.0.0.0/1 255.255.255.255/32");
	CHECK_TEXT(dests(entity, UCAST, RTM_ENUM_NEXT, "10.1.0.0/17"),
	           "10.128.0.0/9 10.255.255.255/32 11.0.0.0/8 128.0.0.0/1 255.255.255.255/32");
	CHECK_TEXT(dests(entity, UCAST, RTM_ENUM_NEXT, "10.0.0.0/32"),
	           "10.0.0.0/32 10.0.0.1/32 10.1.0.0/16 10.128.0.0/9 10.255.255.255/32 11.0.0.0/8 128.0.0.0/1 "
	           "255.255.255.255/32");
	CHECK_TEXT(dests(entity, UCAST, RTM_ENUM_NEXT, "129.0.0.0/8"), "255.255.255.255/32");
	CHECK_TEXT(dests(entity, UCAST, RTM_ENUM_NEXT, "255.255.255.255"), "255.255.255.255/32");
	CHECK_TEXT(dests(entity, UCAST, RTM_ENUM_NEXT, "0.0.0.0/0"), ALL_PREFIXES);
	leave(entity);
}

TEST(next_leaves_out_the_shorter_prefixes_of_its_address) /* decisions 114, 116 */
{
	RTM_ENTITY_HANDLE entity = enter(8);

	keep_route(entity, ROUTE(.to = "10.0.0.0/7"));
	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	keep_route(entity, ROUTE(.to = "10.0.0.0/9"));
	CHECK_TEXT(dests(entity, UCAST, RTM_ENUM_NEXT, "10.0.0.0/8"), "10.0.0.0/8 10.0.0.0/9");
	leave(entity);
}

TEST(range_is_the_subtree_of_the_prefix) /* decision 116 */
{
	RTM_ENTITY_HANDLE entity = enter(8);

	add_all_prefixes(entity);
	CHECK_TEXT(dests(entity, UCAST, RTM_ENUM_RANGE, "10.0.0.0/8"),
	           "10.0.0.0/8 10.0.0.0/9 10.0.0.0/16 10.0.0.0/32 10.0.0.1/32 10.1.0.0/16 10.128.0.0/9 "
	           "10.255.255.255/32");
	CHECK_TEXT(dests(entity, UCAST, RTM_ENUM_RANGE, "10.0.0.0/10"),
	           "10.0.0.0/16 10.0.0.0/32 10.0.0.1/32 10.1.0.0/16");
	CHECK_TEXT(dests(entity, UCAST, RTM_ENUM_RANGE, "10.0.0.1/32"), "10.0.0.1/32");
	CHECK_TEXT(dests(entity, UCAST, RTM_ENUM_RANGE, "255.0.0.0/8"), "255.255.255.255/32");
	CHECK_TEXT(dests(entity, UCAST, RTM_ENUM_RANGE, "192.0.2.0/24"), "");
	CHECK_TEXT(dests(entity, UCAST, RTM_ENUM_RANGE, "0.0.0.0/0"), ALL_PREFIXES);
	CHECK_TEXT(dests(entity, UCAST, RTM_ENUM_RANGE, "128.0.0.0/1"), "128.0.0.0/1 255.255.255.255/32");
	leave(entity);
}

TEST(the_start_of_an_enumeration_is_masked) /* decision 133 */
{
	RTM_ENTITY_HANDLE entity = enter(8);

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	keep_route(entity, ROUTE(.to = "10.1.0.0/16"));
	CHECK_TEXT(dests(entity, UCAST, RTM_ENUM_RANGE, "10.1.2.3/8"), "10.0.0.0/8 10.1.0.0/16");
	CHECK_TEXT(dests(entity, UCAST, RTM_ENUM_NEXT, "10.255.2.3/8"), "10.0.0.0/8 10.1.0.0/16");
	leave(entity);
}

TEST(routes_follow_the_ranges_of_their_destinations) /* decisions 116, 117 */
{
	RTM_ENTITY_HANDLE entity = enter(8);

	keep_route(entity, ROUTE(.to = "9.0.0.0/8", .tag = 1));
	keep_route(entity, ROUTE(.to = "10.0.0.0/8", .tag = 2));
	keep_route(entity, ROUTE(.to = "10.1.0.0/16", .tag = 3));
	keep_route(entity, ROUTE(.to = "11.0.0.0/8", .tag = 4));
	CHECK_TEXT(routes(entity, UCAST, RTM_ENUM_START, NULL),
	           "9.0.0.0/8=1 10.0.0.0/8=2 10.1.0.0/16=3 11.0.0.0/8=4");
	CHECK_TEXT(routes(entity, UCAST, RTM_ENUM_NEXT, "10.0.0.0/8"), "10.0.0.0/8=2 10.1.0.0/16=3 11.0.0.0/8=4");
	CHECK_TEXT(routes(entity, UCAST, RTM_ENUM_NEXT, "10.0.0.0/9"), "10.1.0.0/16=3 11.0.0.0/8=4");
	CHECK_TEXT(routes(entity, UCAST, RTM_ENUM_RANGE, "10.0.0.0/8"), "10.0.0.0/8=2 10.1.0.0/16=3");
	CHECK_TEXT(routes(entity, UCAST, RTM_ENUM_RANGE | RTM_ENUM_OWN_ROUTES, "10.0.0.0/8"),
	           "10.0.0.0/8=2 10.1.0.0/16=3");
	CHECK_TEXT(routes(entity, UCAST, RTM_ENUM_NEXT | RTM_ENUM_OWN_ROUTES, "10.0.0.0/9"),
	           "10.1.0.0/16=3 11.0.0.0/8=4");
	leave(entity);
}

TEST(routes_of_a_destination_come_best_first) /* decision 114 */
{
	RTM_ENTITY_HANDLE a = enter(8), b = enter(9), c = enter(10), d = enter(11);
	RTM_ROUTE_HANDLE updated;

	keep_route(a, ROUTE(.to = "10.0.0.0/8", .pref = 2, .metric = 1, .tag = 3));
	updated = keep_route(b, ROUTE(.to = "10.0.0.0/8", .pref = 9, .metric = 9, .tag = 1));
	keep_route(c, ROUTE(.to = "10.0.0.0/8", .pref = 2, .metric = 1, .tag = 4));
	keep_route(d, ROUTE(.to = "10.0.0.0/8", .pref = 2, .metric = 2, .tag = 5));
	keep_route(d, ROUTE(.to = "11.0.0.0/8", .pref = 0, .tag = 6));
	CHECK_TEXT(routes(a, UCAST, RTM_ENUM_START, NULL),
	           "10.0.0.0/8=3 10.0.0.0/8=4 10.0.0.0/8=5 10.0.0.0/8=1 11.0.0.0/8=6");
	update_route(b, updated, ROUTE(.pref = 1, .metric = 99, .tag = 1));
	CHECK_TEXT(routes(a, UCAST, RTM_ENUM_START, NULL),
	           "10.0.0.0/8=1 10.0.0.0/8=3 10.0.0.0/8=4 10.0.0.0/8=5 11.0.0.0/8=6");
	leave(a);
	leave(b);
	leave(c);
	leave(d);
}

TEST(next_hops_come_by_address_prefix_and_interface) /* decision 114 */
{
	RTM_ENTITY_HANDLE entity = enter(8), other = enter(9);

	keep_hop(entity, "192.0.2.2", 1);
	keep_hop(entity, "192.0.2.1", 256);
	keep_hop(entity, "192.0.2.1", 3);
	keep_hop(entity, "192.0.2.0/24", 0x80000000);
	keep_hop(entity, "192.0.2.0", 1);
	keep_hop(entity, "10.255.0.1", 9);
	keep_hop(entity, "192.0.2.1", 0);
	keep_hop(other, "192.0.2.1", 5);
	CHECK_TEXT(hops(entity, RTM_ENUM_START, NULL),
	           "10.255.0.1/32%9 192.0.2.0/24%2147483648 192.0.2.0/32%1 192.0.2.1/32%0 192.0.2.1/32%3 "
	           "192.0.2.1/32%256 192.0.2.2/32%1");
	CHECK_TEXT(hops(entity, RTM_ENUM_NEXT, "192.0.2.1"),
	           "192.0.2.1/32%0 192.0.2.1/32%3 192.0.2.1/32%256 192.0.2.2/32%1");
	CHECK_TEXT(hops(entity, RTM_ENUM_NEXT, "192.0.2.0/25"),
	           "192.0.2.0/32%1 192.0.2.1/32%0 192.0.2.1/32%3 192.0.2.1/32%256 192.0.2.2/32%1");
	CHECK_TEXT(hops(entity, RTM_ENUM_RANGE, "192.0.2.1"), "192.0.2.1/32%0 192.0.2.1/32%3 192.0.2.1/32%256");
	CHECK_TEXT(hops(entity, RTM_ENUM_RANGE, "10.0.0.0/8"), "10.255.0.1/32%9");
	CHECK_TEXT(hops(other, RTM_ENUM_START, NULL), "192.0.2.1/32%5");
	leave(entity);
	leave(other);
}

TEST(a_deleted_next_hop_is_not_enumerated)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = add_hop(entity, "192.0.2.1", 3);

	keep_hop(entity, "192.0.2.2", 3);
	keep_route(entity, ROUTE(.to = "10.0.0.0/8", .via = {hop}));
	delete_hop(entity, hop);
	CHECK_TEXT(hops(entity, RTM_ENUM_START, NULL), "192.0.2.2/32%3");
	leave(entity);
}

/* Views, owners, protocols */

TEST(an_enumeration_skips_what_is_not_in_its_views) /* decisions 88, 130 */
{
	RTM_ENTITY_HANDLE entity = enter(8);

	keep_route(entity, ROUTE(.to = "10.0.0.0/8", .in = UCAST, .tag = 1));
	keep_route(entity, ROUTE(.to = "11.0.0.0/8", .in = MCAST, .tag = 2));
	keep_route(entity, ROUTE(.to = "12.0.0.0/8", .in = IN_NO_VIEW, .tag = 3));
	keep_route(entity, ROUTE(.to = "13.0.0.0/8", .in = BOTH, .tag = 4));
	CHECK_TEXT(dests(entity, UCAST, RTM_ENUM_START, NULL), "10.0.0.0/8 13.0.0.0/8");
	CHECK_TEXT(dests(entity, MCAST, RTM_ENUM_START, NULL), "11.0.0.0/8 13.0.0.0/8");
	CHECK_TEXT(dests(entity, BOTH, RTM_ENUM_START, NULL), "10.0.0.0/8 11.0.0.0/8 13.0.0.0/8");
	CHECK_TEXT(dests(entity, RTM_VIEW_MASK_ALL, RTM_ENUM_START, NULL), "10.0.0.0/8 11.0.0.0/8 13.0.0.0/8");
	CHECK_TEXT(dests(entity, RTM_VIEW_MASK_ANY, RTM_ENUM_START, NULL),
	           "10.0.0.0/8 11.0.0.0/8 12.0.0.0/8 13.0.0.0/8");
	CHECK_TEXT(routes(entity, UCAST, RTM_ENUM_START, NULL), "10.0.0.0/8=1 13.0.0.0/8=4");
	CHECK_TEXT(routes(entity, MCAST, RTM_ENUM_START, NULL), "11.0.0.0/8=2 13.0.0.0/8=4");
	CHECK_TEXT(routes(entity, RTM_VIEW_MASK_ALL, RTM_ENUM_START, NULL),
	           "10.0.0.0/8=1 11.0.0.0/8=2 13.0.0.0/8=4");
	CHECK_TEXT(routes(entity, RTM_VIEW_MASK_ANY, RTM_ENUM_START, NULL),
	           "10.0.0.0/8=1 11.0.0.0/8=2 12.0.0.0/8=3 13.0.0.0/8=4");
	leave(entity);
}

TEST(own_routes_are_those_of_the_caller)
{
	RTM_ENTITY_HANDLE a = enter(8), b = enter(9);

	keep_route(a, ROUTE(.to = "10.0.0.0/8", .pref = 2, .tag = 1));
	keep_route(b, ROUTE(.to = "10.0.0.0/8", .pref = 1, .tag = 2));
	keep_route(b, ROUTE(.to = "11.0.0.0/8", .tag = 3));
	keep_route(a, ROUTE(.to = "12.0.0.0/8", .in = MCAST, .tag = 4));
	CHECK_TEXT(routes(a, RTM_VIEW_MASK_ANY, RTM_ENUM_OWN_ROUTES, NULL), "10.0.0.0/8=1 12.0.0.0/8=4");
	CHECK_TEXT(routes(a, UCAST, RTM_ENUM_OWN_ROUTES, NULL), "10.0.0.0/8=1");
	CHECK_TEXT(routes(b, RTM_VIEW_MASK_ANY, RTM_ENUM_OWN_ROUTES, NULL), "10.0.0.0/8=2 11.0.0.0/8=3");
	leave(a);
	leave(b);
}

TEST(own_routes_come_in_the_order_of_all_routes) /* decision 114 */
{
	RTM_ENTITY_HANDLE entity = enter(8), other = enter(9);
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "192.0.2.1", 3);
	char all[1024];

	add_all_prefixes(entity);
	keep_route(entity, ROUTE(.to = "10.0.0.0/8", .pref = 1, .neighbour = hop, .tag = 100));
	snprintf(all, sizeof(all), "%s", routes(entity, UCAST, RTM_ENUM_START, NULL));
	add_all_prefixes(other);
	CHECK_TEXT(routes(entity, UCAST, RTM_ENUM_OWN_ROUTES, NULL), all);
	leave(entity);
	leave(other);
}

TEST(own_destinations_are_those_whose_best_route_is_the_callers) /* decision 128 */
{
	RTM_ENTITY_HANDLE a = enter(8), b = enter(9);

	keep_route(a, ROUTE(.to = "10.0.0.0/8", .pref = 1));
	keep_route(b, ROUTE(.to = "10.0.0.0/8", .pref = 2, .in = BOTH));
	keep_route(b, ROUTE(.to = "11.0.0.0/8", .pref = 1));
	keep_route(a, ROUTE(.to = "11.0.0.0/8", .pref = 2));
	keep_route(a, ROUTE(.to = "12.0.0.0/8", .in = MCAST));
	keep_route(a, ROUTE(.to = "13.0.0.0/8", .in = IN_NO_VIEW));
	CHECK_TEXT(dests(a, UCAST, RTM_ENUM_OWN_DESTS, NULL), "10.0.0.0/8");
	CHECK_TEXT(dests(a, MCAST, RTM_ENUM_OWN_DESTS, NULL), "12.0.0.0/8");
	CHECK_TEXT(dests(a, BOTH, RTM_ENUM_OWN_DESTS, NULL), "10.0.0.0/8 12.0.0.0/8");
	CHECK_TEXT(dests(a, RTM_VIEW_MASK_ANY, RTM_ENUM_OWN_DESTS, NULL), "10.0.0.0/8 12.0.0.0/8");
	CHECK_TEXT(dests(b, UCAST, RTM_ENUM_OWN_DESTS, NULL), "11.0.0.0/8");
	CHECK_TEXT(dests(b, MCAST, RTM_ENUM_OWN_DESTS, NULL), "10.0.0.0/8");
	CHECK_TEXT(dests(b, RTM_VIEW_MASK_ANY, RTM_ENUM_OWN_DESTS, NULL), "10.0.0.0/8 11.0.0.0/8");
	CHECK_TEXT(dests(a, UCAST, RTM_ENUM_OWN_DESTS | RTM_ENUM_NEXT, "11.0.0.0/8"), "");
	CHECK_TEXT(dests(a, BOTH, RTM_ENUM_OWN_DESTS | RTM_ENUM_RANGE, "12.0.0.0/6"), "12.0.0.0/8");
	leave(a);
	leave(b);
}

TEST(a_destination_enumeration_reports_the_protocol_asked) /* decision 131 */
{
	RTM_ENTITY_HANDLE rip = enter(8), ospf = enter(13);
	RTM_ROUTE_HANDLE of_rip = keep_route(rip, ROUTE(.to = "10.0.0.0/8", .pref = 120));
	RTM_ENUM_HANDLE enumeration = NULL;
	UINT count = 1;
	dest_info result;

	keep_route(ospf, ROUTE(.to = "10.0.0.0/8", .pref = 110));
	keep_route(ospf, ROUTE(.to = "11.0.0.0/8", .pref = 110));
	REQUIRE_EQ(RtmCreateDestEnum(ospf, UCAST, RTM_ENUM_START, NULL, 8, &enumeration), NO_ERROR);
	REQUIRE_EQ(RtmGetEnumDests(ospf, enumeration, &count, &result.info), NO_ERROR);
	CHECK_EQ(count, 1);
	CHECK_SAME(VIEW(result, 0).Route, of_rip);
	CHECK_SAME(VIEW(result, 0).Owner, rip);
	CHECK_EQ(VIEW(result, 0).NumRoutes, 2);
	CHECK_EQ(RtmReleaseDests(ospf, 1, &result.info), NO_ERROR);
	REQUIRE_EQ(RtmGetEnumDests(ospf, enumeration, &count, &result.info), NO_ERROR);
	CHECK_TEXT(text_of(&result.info.DestAddress), "11.0.0.0/8");
	CHECK_SAME(VIEW(result, 0).Route, NULL);
	CHECK_SAME(VIEW(result, 0).Owner, NULL);
	CHECK_EQ(RtmReleaseDests(ospf, 1, &result.info), NO_ERROR);
	delete_enum(ospf, enumeration);
	REQUIRE_EQ(RtmCreateDestEnum(rip, UCAST, RTM_ENUM_START, NULL, RTM_THIS_PROTOCOL, &enumeration), NO_ERROR);
	REQUIRE_EQ(RtmGetEnumDests(rip, enumeration, &count, &result.info), NO_ERROR);
	CHECK_SAME(VIEW(result, 0).Route, of_rip);
	CHECK_EQ(RtmReleaseDests(rip, 1, &result.info), NO_ERROR);
	delete_enum(rip, enumeration);
	leave(rip);
	leave(ospf);
}

TEST(enumerated_destinations_lie_as_far_apart_as_their_views_need) /* decisions 119, 120 */
{
	static const struct {
		RTM_VIEW_SET views;
		unsigned count;
	} cases[] = {{RTM_VIEW_MASK_ANY, 0}, {UCAST, 1}, {MCAST, 1}, {BOTH, 2}, {RTM_VIEW_MASK_ALL, 2}};
	RTM_ENTITY_HANDLE entity = enter(8);

	for (unsigned i = 0; i < 4; i++) {
		static const char *const prefixes[] = {"10.0.0.0/8", "11.0.0.0/8", "12.0.0.0/8", "13.0.0.0/8"};

		keep_route(entity, ROUTE(.to = prefixes[i], .in = BOTH));
	}
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		RTM_ENUM_HANDLE enumeration = dest_enum(entity, cases[i].views, RTM_ENUM_START, NULL);
		size_t stride = RTM_SIZE_OF_DEST_INFO(cases[i].count), used;
		union {
			RTM_DEST_INFO first;
			UCHAR room[5 * RTM_SIZE_OF_DEST_INFO(ROOM_VIEWS)];
		} results;
		UINT count = 4, seen = 0;

		test_context("views 0x%x", (unsigned)cases[i].views);
		while (seen < 4) {
			count = 4 - seen;
			memset(&results, 0x5A, sizeof(results));
			REQUIRE_EQ(RtmGetEnumDests(entity, enumeration, &count, &results.first), NO_ERROR);
			for (UINT j = 0; j < count; j++) {
				const RTM_DEST_INFO *dest = (const void *)(results.room + j * stride);

				CHECK_EQ(dest->DestAddress.AddrBits[0], 10 + seen + j);
				CHECK_EQ(dest->NumberOfViews, cases[i].count);
			}
			used = count * stride;
			for (size_t j = used; j < sizeof(results); j++)
				if (!CHECK_EQ(results.room[j], 0x5A))
					break;
			CHECK_EQ(handles_of(entity), 1 + count * (1 + 2 * cases[i].count)); /* decision 77 */
			REQUIRE_EQ(RtmReleaseDests(entity, count, &results.first), NO_ERROR);
			CHECK_EQ(handles_of(entity), 1);
			seen += count;
		}
		delete_enum(entity, enumeration);
	}
	leave(entity);
}

/* Route enumeration of one destination */

TEST(a_single_destination_enumerates_its_routes_whatever_the_range) /* decision 118 */
{
	RTM_ENTITY_HANDLE a = enter(8), b = enter(9);
	RTM_NET_ADDRESS elsewhere = addr("200.0.0.0/8");
	RTM_ENUM_HANDLE enumeration = NULL;
	RTM_DEST_HANDLE dest;

	keep_route(a, ROUTE(.to = "10.0.0.0/8", .pref = 2, .tag = 1));
	keep_route(b, ROUTE(.to = "10.0.0.0/8", .pref = 1, .in = BOTH, .tag = 2));
	keep_route(a, ROUTE(.to = "10.0.0.0/9", .tag = 3));
	dest = hold_dest(a, "10.0.0.0/8");
	REQUIRE_EQ(RtmCreateRouteEnum(a, dest, RTM_VIEW_MASK_ANY, RTM_ENUM_START, NULL, RTM_MATCH_NONE, NULL, 0,
	                              &enumeration),
	           NO_ERROR);
	CHECK_TEXT(drain_routes(a, enumeration, 1), "10.0.0.0/8=2 10.0.0.0/8=1");
	REQUIRE_EQ(RtmCreateRouteEnum(a, dest, RTM_VIEW_MASK_ANY, RTM_ENUM_NEXT, &elsewhere, RTM_MATCH_NONE, NULL, 0,
	                              &enumeration),
	           NO_ERROR);
	CHECK_TEXT(drain_routes(a, enumeration, 5), "10.0.0.0/8=2 10.0.0.0/8=1");
	REQUIRE_EQ(RtmCreateRouteEnum(a, dest, UCAST, RTM_ENUM_OWN_ROUTES, NULL, RTM_MATCH_NONE, NULL, 0, &enumeration),
	           NO_ERROR);
	CHECK_TEXT(drain_routes(a, enumeration, 5), "10.0.0.0/8=1");
	REQUIRE_EQ(RtmCreateRouteEnum(a, dest, MCAST, RTM_ENUM_START, NULL, RTM_MATCH_NONE, NULL, 0, &enumeration),
	           NO_ERROR);
	CHECK_TEXT(drain_routes(a, enumeration, 5), "10.0.0.0/8=2");
	REQUIRE_EQ(create(a, dest, RTM_MATCH_OWNER, ROUTE(.tag = 0), b, 0, &enumeration), NO_ERROR);
	CHECK_TEXT(drain_routes(a, enumeration, 5), "10.0.0.0/8=2");
	release_dest(a, dest);
	leave(a);
	leave(b);
}

TEST(a_destination_without_routes_enumerates_none) /* decision 182 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");
	RTM_ENUM_HANDLE enumeration = NULL;

	remove_route(entity, route);
	REQUIRE_EQ(RtmCreateRouteEnum(entity, dest, RTM_VIEW_MASK_ANY, RTM_ENUM_START, NULL, RTM_MATCH_NONE, NULL, 0,
	                              &enumeration),
	           NO_ERROR);
	CHECK_TEXT(drain_routes(entity, enumeration, 5), "");
	release_dest(entity, dest);
	leave(entity);
}

/* Matching */

TEST(an_enumeration_matches_routes)
{
	RTM_ENTITY_HANDLE a = enter(8), b = enter(9);
	RTM_NEXTHOP_HANDLE h = keep_hop(a, "192.0.2.1", 3), i = keep_hop(a, "192.0.2.2", 4);

	keep_route(a, ROUTE(.to = "10.0.0.0/8", .pref = 1, .metric = 1, .neighbour = h, .via = {h, i}, .tag = 1));
	keep_route(a, ROUTE(.to = "10.0.0.0/8", .pref = 1, .metric = 2, .neighbour = i, .via = {i}, .tag = 2));
	keep_route(b, ROUTE(.to = "10.0.0.0/8", .pref = 1, .metric = 1, .tag = 3));
	keep_route(a, ROUTE(.to = "11.0.0.0/8", .pref = 1, .metric = 1, .neighbour = h, .via = {i, h}, .tag = 4));
	keep_route(b, ROUTE(.to = "11.0.0.0/8", .pref = 1, .metric = 2, .tag = 5));
	CHECK_TEXT(matching(b, RTM_MATCH_OWNER, ROUTE(.tag = 0), a, 0), "10.0.0.0/8=1 10.0.0.0/8=2 11.0.0.0/8=4");
	CHECK_TEXT(matching(b, RTM_MATCH_OWNER, ROUTE(.tag = 0), b, 0), "10.0.0.0/8=3 11.0.0.0/8=5");
	CHECK_TEXT(matching(a, RTM_MATCH_NEIGHBOUR, ROUTE(.neighbour = h), NULL, 0), "10.0.0.0/8=1 11.0.0.0/8=4");
	CHECK_TEXT(matching(a, RTM_MATCH_NEIGHBOUR, ROUTE(.neighbour = NULL), NULL, 0), "10.0.0.0/8=3 11.0.0.0/8=5");
	CHECK_TEXT(matching(a, RTM_MATCH_PREF, ROUTE(.pref = 1, .metric = 2), NULL, 0),
	           "10.0.0.0/8=2 11.0.0.0/8=5"); /* decision 125 */
	CHECK_TEXT(matching(a, RTM_MATCH_NEXTHOP, ROUTE(.via = {h, i}), NULL, 0),
	           "10.0.0.0/8=1 11.0.0.0/8=4"); /* decision 126 */
	CHECK_TEXT(matching(a, RTM_MATCH_NEXTHOP, ROUTE(.via = {i}), NULL, 0), "10.0.0.0/8=2");
	CHECK_TEXT(matching(a, RTM_MATCH_INTERFACE, ROUTE(.tag = 0), NULL, 3),
	           "10.0.0.0/8=1 11.0.0.0/8=4"); /* decision 127 */
	CHECK_TEXT(matching(a, RTM_MATCH_INTERFACE, ROUTE(.tag = 0), NULL, 4),
	           "10.0.0.0/8=1 10.0.0.0/8=2 11.0.0.0/8=4");
	CHECK_TEXT(matching(a, RTM_MATCH_INTERFACE, ROUTE(.tag = 0), NULL, 5), "");
	CHECK_TEXT(matching(a, RTM_MATCH_OWNER | RTM_MATCH_PREF, ROUTE(.pref = 1, .metric = 1), b, 0), "10.0.0.0/8=3");
	CHECK_TEXT(matching(a, RTM_MATCH_FULL, ROUTE(.pref = 1, .metric = 1, .neighbour = h, .via = {h, i}), a, 4),
	           "10.0.0.0/8=1 11.0.0.0/8=4"); /* decision 124 */
	leave(a);
	leave(b);
}

TEST(the_interface_needs_no_criteria_route) /* decision 127 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ENUM_HANDLE enumeration = NULL;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8", .via = {keep_hop(entity, "192.0.2.1", 3)}, .tag = 1));
	keep_route(entity, ROUTE(.to = "11.0.0.0/8", .via = {keep_hop(entity, "192.0.2.1", 4)}, .tag = 2));
	REQUIRE_EQ(RtmCreateRouteEnum(entity, NULL, UCAST, RTM_ENUM_START, NULL, RTM_MATCH_INTERFACE, NULL, 4,
	                              &enumeration),
	           NO_ERROR);
	CHECK_TEXT(drain_routes(entity, enumeration, 5), "11.0.0.0/8=2");
	leave(entity);
}

TEST(the_criteria_are_read_when_the_enumeration_is_created)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "192.0.2.1", 3);
	RTM_ENUM_HANDLE enumeration = NULL;
	RTM_NET_ADDRESS start = addr("11.0.0.0/8");
	route_info criteria;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8", .neighbour = hop, .via = {hop}, .tag = 1));
	keep_route(entity, ROUTE(.to = "11.0.0.0/8", .neighbour = hop, .via = {hop}, .tag = 2));
	route_input(&criteria, ROUTE(.neighbour = hop, .via = {hop}));
	REQUIRE_EQ(RtmCreateRouteEnum(entity, NULL, UCAST, RTM_ENUM_NEXT, &start,
	                              RTM_MATCH_NEIGHBOUR | RTM_MATCH_NEXTHOP | RTM_MATCH_PREF, &criteria.info, 0,
	                              &enumeration),
	           NO_ERROR);
	memset(&criteria, 0xFF, sizeof(criteria));
	memset(&start, 0xFF, sizeof(start));
	CHECK_TEXT(drain_routes(entity, enumeration, 5), "11.0.0.0/8=2");
	leave(entity);
}

/* Changes during an enumeration */

TEST(destinations_added_behind_the_cursor_appear) /* decision 115 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ENUM_HANDLE enumeration;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	keep_route(entity, ROUTE(.to = "20.0.0.0/8"));
	enumeration = dest_enum(entity, UCAST, RTM_ENUM_START, NULL);
	CHECK_TEXT(next_dest(entity, enumeration, 1), "10.0.0.0/8");
	keep_route(entity, ROUTE(.to = "9.0.0.0/8"));
	keep_route(entity, ROUTE(.to = "10.0.0.0/9"));
	keep_route(entity, ROUTE(.to = "15.0.0.0/8"));
	CHECK_TEXT(next_dest(entity, enumeration, 1), "10.0.0.0/9");
	CHECK_TEXT(next_dest(entity, enumeration, 1), "15.0.0.0/8");
	CHECK_TEXT(next_dest(entity, enumeration, 1), "20.0.0.0/8");
	keep_route(entity, ROUTE(.to = "30.0.0.0/8"));
	CHECK_TEXT(next_dest(entity, enumeration, 1), "30.0.0.0/8");
	CHECK_TEXT(next_dest(entity, enumeration, 1), "end");
	CHECK_TEXT(next_dest(entity, enumeration, 1), "end");
	delete_enum(entity, enumeration);
	leave(entity);
}

TEST(a_batch_that_is_not_full_is_not_the_end) /* decision 115 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ENUM_HANDLE dest, route, hop;
	RTM_NEXTHOP_HANDLE hop_results[5];
	RTM_ROUTE_HANDLE route_results[5];
	static RTM_DEST_INFO dest_results[5];
	UINT count = 5;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8", .tag = 1));
	keep_hop(entity, "192.0.2.1", 1);
	dest = dest_enum(entity, UCAST, RTM_ENUM_START, NULL);
	route = route_enum(entity, UCAST, RTM_ENUM_START, NULL);
	hop = hop_enum(entity, RTM_ENUM_START, NULL);
	CHECK_EQ(RtmGetEnumDests(entity, dest, &count, dest_results), NO_ERROR);
	CHECK_EQ(count, 1);
	CHECK_EQ(RtmReleaseDests(entity, count, dest_results), NO_ERROR);
	count = 5;
	CHECK_EQ(RtmGetEnumRoutes(entity, route, &count, route_results), NO_ERROR);
	CHECK_EQ(count, 1);
	CHECK_EQ(RtmReleaseRoutes(entity, count, route_results), NO_ERROR);
	count = 5;
	CHECK_EQ(RtmGetEnumNextHops(entity, hop, &count, hop_results), NO_ERROR);
	CHECK_EQ(count, 1);
	CHECK_EQ(RtmReleaseNextHops(entity, count, hop_results), NO_ERROR);
	keep_route(entity, ROUTE(.to = "11.0.0.0/8", .tag = 2));
	keep_hop(entity, "192.0.2.1", 2);
	CHECK_TEXT(drain_dests(entity, dest, 1, 5), "11.0.0.0/8");
	CHECK_TEXT(drain_routes(entity, route, 5), "11.0.0.0/8=2");
	CHECK_TEXT(drain_hops(entity, hop, 5), "192.0.2.1/32%2");
	leave(entity);
}

TEST(the_cursor_stays_at_the_last_result_whatever_was_passed_over) /* decision 115 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE passed, route_results[5];
	RTM_ENUM_HANDLE dest, route, own;
	static RTM_DEST_INFO dest_results[5];
	UINT count = 5;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8", .in = UCAST, .tag = 1));
	passed = keep_route(entity, ROUTE(.to = "11.0.0.0/8", .in = MCAST, .tag = 2));
	dest = dest_enum(entity, UCAST, RTM_ENUM_START, NULL);
	route = route_enum(entity, UCAST, RTM_ENUM_START, NULL);
	own = route_enum(entity, UCAST, RTM_ENUM_OWN_ROUTES, NULL);
	CHECK_EQ(RtmGetEnumDests(entity, dest, &count, dest_results), NO_ERROR);
	CHECK_EQ(count, 1);
	CHECK_EQ(RtmReleaseDests(entity, count, dest_results), NO_ERROR);
	count = 5;
	CHECK_EQ(RtmGetEnumRoutes(entity, route, &count, route_results), NO_ERROR);
	CHECK_EQ(count, 1);
	CHECK_EQ(RtmReleaseRoutes(entity, count, route_results), NO_ERROR);
	count = 5;
	CHECK_EQ(RtmGetEnumRoutes(entity, own, &count, route_results), NO_ERROR);
	CHECK_EQ(count, 1);
	CHECK_EQ(RtmReleaseRoutes(entity, count, route_results), NO_ERROR);
	update_route(entity, passed, ROUTE(.in = UCAST, .tag = 2));
	CHECK_TEXT(drain_dests(entity, dest, 1, 5), "11.0.0.0/8");
	CHECK_TEXT(drain_routes(entity, route, 5), "11.0.0.0/8=2");
	CHECK_TEXT(drain_routes(entity, own, 5), "11.0.0.0/8=2");
	leave(entity);
}

TEST(deleted_destinations_do_not_appear) /* decision 115 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE first = keep_route(entity, ROUTE(.to = "10.0.0.0/8")), second, third;
	RTM_ENUM_HANDLE enumeration;

	second = keep_route(entity, ROUTE(.to = "11.0.0.0/8"));
	third = keep_route(entity, ROUTE(.to = "12.0.0.0/8"));
	keep_route(entity, ROUTE(.to = "13.0.0.0/8"));
	enumeration = dest_enum(entity, UCAST, RTM_ENUM_START, NULL);
	CHECK_TEXT(next_dest(entity, enumeration, 1), "10.0.0.0/8");
	remove_route(entity, first); /* the cursor outlives the destination it stands on */
	remove_route(entity, second);
	CHECK_TEXT(next_dest(entity, enumeration, 1), "12.0.0.0/8");
	remove_route(entity, third);
	keep_route(entity, ROUTE(.to = "12.0.0.0/8")); /* never twice */
	CHECK_TEXT(next_dest(entity, enumeration, 1), "13.0.0.0/8");
	CHECK_TEXT(next_dest(entity, enumeration, 1), "end");
	delete_enum(entity, enumeration);
	leave(entity);
}

TEST(an_enumeration_of_destinations_reports_the_present) /* decision 115 */
{
	RTM_ENTITY_HANDLE entity = enter(8), other = enter(9);
	RTM_ROUTE_HANDLE first = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .in = UCAST));
	RTM_ROUTE_HANDLE second = keep_route(entity, ROUTE(.to = "11.0.0.0/8", .in = UCAST));
	RTM_ENUM_HANDLE unicast = dest_enum(entity, UCAST, RTM_ENUM_START, NULL);
	RTM_ENUM_HANDLE own = dest_enum(entity, UCAST, RTM_ENUM_OWN_DESTS, NULL);

	update_route(entity, first, ROUTE(.in = MCAST));
	keep_route(other, ROUTE(.to = "12.0.0.0/8", .in = UCAST));
	keep_route(entity, ROUTE(.to = "12.0.0.0/8", .pref = 1, .in = UCAST));
	update_route(entity, second, ROUTE(.pref = 2));
	keep_route(other, ROUTE(.to = "13.0.0.0/8", .pref = 1, .in = UCAST));
	CHECK_TEXT(drain_dests(entity, unicast, 1, 1), "11.0.0.0/8 12.0.0.0/8 13.0.0.0/8");
	CHECK_TEXT(drain_dests(entity, own, 1, 1), "11.0.0.0/8");
	leave(entity);
	leave(other);
}

TEST(routes_added_behind_the_cursor_appear) /* decision 115 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ENUM_HANDLE enumeration, own;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8", .tag = 1));
	keep_route(entity, ROUTE(.to = "20.0.0.0/8", .tag = 2));
	enumeration = route_enum(entity, UCAST, RTM_ENUM_START, NULL);
	own = route_enum(entity, UCAST, RTM_ENUM_OWN_ROUTES, NULL);
	CHECK_TEXT(next_route(entity, enumeration), "10.0.0.0/8=1");
	CHECK_TEXT(next_route(entity, own), "10.0.0.0/8=1");
	keep_route(entity, ROUTE(.to = "9.0.0.0/8", .tag = 3));
	keep_route(entity, ROUTE(.to = "15.0.0.0/8", .tag = 4));
	CHECK_TEXT(next_route(entity, enumeration), "15.0.0.0/8=4");
	CHECK_TEXT(next_route(entity, own), "15.0.0.0/8=4");
	CHECK_TEXT(drain_routes(entity, enumeration, 2), "20.0.0.0/8=2");
	CHECK_TEXT(drain_routes(entity, own, 2), "20.0.0.0/8=2");
	leave(entity);
}

TEST(deleted_routes_do_not_appear) /* decision 115 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE first = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .tag = 1)), second;
	RTM_ENUM_HANDLE enumeration, own;

	second = keep_route(entity, ROUTE(.to = "11.0.0.0/8", .tag = 2));
	keep_route(entity, ROUTE(.to = "12.0.0.0/8", .tag = 3));
	enumeration = route_enum(entity, UCAST, RTM_ENUM_START, NULL);
	own = route_enum(entity, UCAST, RTM_ENUM_OWN_ROUTES, NULL);
	CHECK_TEXT(next_route(entity, enumeration), "10.0.0.0/8=1");
	CHECK_TEXT(next_route(entity, own), "10.0.0.0/8=1");
	remove_route(entity, first);
	remove_route(entity, second);
	CHECK_TEXT(drain_routes(entity, enumeration, 2), "12.0.0.0/8=3");
	CHECK_TEXT(drain_routes(entity, own, 2), "12.0.0.0/8=3");
	leave(entity);
}

TEST(an_owner_deletes_its_routes_while_it_enumerates_them) /* decision 115 */
{
	RTM_ENTITY_HANDLE entity = enter(8), other = enter(9);
	RTM_ENUM_HANDLE enumeration;
	RTM_ROUTE_HANDLE batch[3];
	RTM_ROUTE_CHANGE_FLAGS flags;
	UINT count = 3;
	char others[1024];

	add_all_prefixes(other);
	snprintf(others, sizeof(others), "%s", routes(other, UCAST, RTM_ENUM_START, NULL));
	add_all_prefixes(entity);
	enumeration = route_enum(entity, RTM_VIEW_MASK_ANY, RTM_ENUM_OWN_ROUTES, NULL);
	while (RtmGetEnumRoutes(entity, enumeration, &count, batch) == NO_ERROR) {
		for (UINT i = 0; i < count; i++)
			CHECK_EQ(RtmDeleteRouteToDest(entity, batch[i], &flags), NO_ERROR);
		count = 3;
	}
	delete_enum(entity, enumeration);
	CHECK_EQ(held_by(entity).Routes, 0);
	CHECK_EQ(handles_of(entity), 0);
	CHECK_TEXT(routes(entity, RTM_VIEW_MASK_ANY, RTM_ENUM_START, NULL), others);
	leave(entity);
	leave(other);
}

TEST(sorting_again_neither_loses_nor_repeats_a_route) /* decision 115 */
{
	RTM_ENTITY_HANDLE entities[4];
	RTM_ROUTE_HANDLE handles[4];
	RTM_ENUM_HANDLE enumeration;

	for (ULONG i = 0; i < 4; i++) {
		entities[i] = enter(20 + i);
		handles[i] = keep_route(entities[i], ROUTE(.to = "10.0.0.0/8", .pref = i, .tag = i));
	}
	enumeration = route_enum(entities[0], UCAST, RTM_ENUM_START, NULL);
	CHECK_TEXT(next_route(entities[0], enumeration), "10.0.0.0/8=0");
	update_route(entities[0], handles[0], ROUTE(.pref = 9, .tag = 0)); /* to the end */
	update_route(entities[3], handles[3], ROUTE(.pref = 0, .tag = 3)); /* to the front */
	CHECK_TEXT(next_route(entities[0], enumeration), "10.0.0.0/8=1");
	update_route(entities[1], handles[1], ROUTE(.pref = 5, .tag = 1));
	CHECK_TEXT(next_route(entities[0], enumeration), "10.0.0.0/8=2");
	CHECK_TEXT(next_route(entities[0], enumeration), "10.0.0.0/8=3");
	CHECK_TEXT(next_route(entities[0], enumeration), "end");
	delete_enum(entities[0], enumeration);
	for (unsigned i = 0; i < 4; i++)
		leave(entities[i]);
}

TEST(captured_routes_that_are_deleted_are_skipped) /* decision 115 */
{
	RTM_ENTITY_HANDLE entities[4];
	RTM_ROUTE_HANDLE handles[4];
	RTM_ENUM_HANDLE enumeration;

	for (ULONG i = 0; i < 4; i++) {
		entities[i] = enter(20 + i);
		handles[i] = keep_route(entities[i], ROUTE(.to = "10.0.0.0/8", .pref = i, .tag = i));
	}
	keep_route(entities[0], ROUTE(.to = "11.0.0.0/8", .tag = 4));
	enumeration = route_enum(entities[0], UCAST, RTM_ENUM_START, NULL);
	CHECK_TEXT(next_route(entities[0], enumeration), "10.0.0.0/8=0");
	remove_route(entities[1], handles[1]);
	CHECK_TEXT(next_route(entities[0], enumeration), "10.0.0.0/8=2");
	remove_route(entities[2], handles[2]);
	remove_route(entities[3], handles[3]);
	CHECK_TEXT(next_route(entities[0], enumeration), "11.0.0.0/8=4");
	CHECK_TEXT(next_route(entities[0], enumeration), "end");
	delete_enum(entities[0], enumeration);
	for (unsigned i = 0; i < 4; i++)
		leave(entities[i]);
}

TEST(captured_routes_are_let_go_with_their_enumeration) /* decision 115 */
{
	RTM_ENTITY_HANDLE a = enter(8), b = enter(9);
	RTM_ROUTE_HANDLE route;
	RTM_ENUM_HANDLE enumeration;

	keep_route(a, ROUTE(.to = "10.0.0.0/8", .pref = 1, .tag = 1));
	route = keep_route(b, ROUTE(.to = "10.0.0.0/8", .pref = 2, .tag = 2));
	enumeration = route_enum(a, UCAST, RTM_ENUM_START, NULL);
	CHECK_TEXT(next_route(a, enumeration), "10.0.0.0/8=1");
	CHECK_EQ(handles_of(a), 1); /* captures are RTM's own references */
	remove_route(b, route);
	delete_enum(a, enumeration);
	CHECK_EQ(RtmGetRouteInfo(a, route, NULL, NULL), ERROR_INVALID_HANDLE);
	leave(a);
	leave(b);
}

TEST(next_hops_change_under_an_enumeration) /* decision 115 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE first = keep_hop(entity, "192.0.2.1", 3), second = keep_hop(entity, "192.0.2.2", 3);
	RTM_ENUM_HANDLE enumeration;

	keep_hop(entity, "192.0.2.3", 3);
	enumeration = hop_enum(entity, RTM_ENUM_START, NULL);
	CHECK_TEXT(next_hop(entity, enumeration), "192.0.2.1/32%3");
	remove_hop(entity, first);
	remove_hop(entity, second);
	keep_hop(entity, "192.0.2.1", 2);
	keep_hop(entity, "192.0.2.1", 4);
	CHECK_TEXT(next_hop(entity, enumeration), "192.0.2.1/32%4");
	CHECK_TEXT(next_hop(entity, enumeration), "192.0.2.3/32%3");
	CHECK_TEXT(next_hop(entity, enumeration), "end");
	delete_enum(entity, enumeration);
	leave(entity);
}

TEST(enumerations_do_not_disturb_each_other)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ENUM_HANDLE first, second;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8", .tag = 1));
	keep_route(entity, ROUTE(.to = "11.0.0.0/8", .tag = 2));
	first = route_enum(entity, UCAST, RTM_ENUM_START, NULL);
	second = route_enum(entity, UCAST, RTM_ENUM_START, NULL);
	CHECK_TEXT(next_route(entity, first), "10.0.0.0/8=1");
	CHECK_TEXT(next_route(entity, first), "11.0.0.0/8=2");
	CHECK_TEXT(next_route(entity, second), "10.0.0.0/8=1");
	CHECK_TEXT(next_route(entity, first), "end");
	delete_enum(entity, first);
	CHECK_TEXT(next_route(entity, second), "11.0.0.0/8=2");
	delete_enum(entity, second);
	leave(entity);
}

/* Creating: errors */

TEST(creating_an_enumeration_needs_room_for_its_handle) /* decision 81 */
{
	RTM_ENTITY_HANDLE entity = enter(8);

	CHECK_EQ(RtmCreateDestEnum(entity, UCAST, RTM_ENUM_START, NULL, 0, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmCreateRouteEnum(entity, NULL, UCAST, RTM_ENUM_START, NULL, RTM_MATCH_NONE, NULL, 0, NULL),
	         ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmCreateNextHopEnum(entity, RTM_ENUM_START, NULL, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(handles_of(entity), 0);
	leave(entity);
}

/* Tries all three kinds of enumeration with range flags and an address; they have to agree. */
static void check_range_refused(RTM_ENTITY_HANDLE entity, RTM_ENUM_FLAGS flags, PRTM_NET_ADDRESS address)
{
	RTM_ENUM_HANDLE enumeration = NULL;

	CHECK_EQ(RtmCreateDestEnum(entity, UCAST, flags, address, 0, &enumeration), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmCreateRouteEnum(entity, NULL, UCAST, flags, address, RTM_MATCH_NONE, NULL, 0, &enumeration),
	         ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmCreateNextHopEnum(entity, flags, address, &enumeration), ERROR_INVALID_PARAMETER);
	CHECK_SAME(enumeration, NULL);
}

TEST(a_range_needs_an_address) /* decision 117 */
{
	RTM_ENTITY_HANDLE entity = enter(8);

	check_range_refused(entity, RTM_ENUM_NEXT, NULL);
	check_range_refused(entity, RTM_ENUM_RANGE, NULL);
	leave(entity);
}

TEST(a_range_has_the_family_and_length_of_the_table) /* decisions 117, 133 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NET_ADDRESS ipv6 = addr("2001:db8::/32"), too_long = addr("10.0.0.0/33");

	check_range_refused(entity, RTM_ENUM_NEXT, &ipv6);
	check_range_refused(entity, RTM_ENUM_RANGE, &ipv6);
	check_range_refused(entity, RTM_ENUM_NEXT, &too_long);
	check_range_refused(entity, RTM_ENUM_RANGE, &too_long);
	leave(entity);
}

TEST(range_flags_exclude_each_other) /* decision 117 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NET_ADDRESS address = addr("10.0.0.0/8");

	check_range_refused(entity, RTM_ENUM_NEXT | RTM_ENUM_RANGE, &address);
	leave(entity);
}

TEST(unknown_enumeration_flags_are_refused) /* decision 117 */
{
	static const RTM_ENUM_FLAGS unknown[] = {4, 0x8000, 0x00020000, 0x02000000, 0x80000000, 0xFFFFFFFC};
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NET_ADDRESS address = addr("10.0.0.0/8");

	for (unsigned i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		test_context("flags 0x%x", (unsigned)unknown[i]);
		check_range_refused(entity, unknown[i], &address);
	}
	leave(entity);
}

TEST(unknown_matching_flags_are_refused) /* decision 124 */
{
	static const RTM_MATCH_FLAGS unknown[] = {0x20, 0x3F, 0x8000, 0x10000, 0x1FFFF, 0xFFFFFFFF};
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ENUM_HANDLE enumeration = NULL;

	for (unsigned i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		test_context("flags 0x%x", (unsigned)unknown[i]);
		CHECK_EQ(create(entity, NULL, unknown[i], ROUTE(.tag = 0), NULL, 0, &enumeration),
		         ERROR_INVALID_PARAMETER);
	}
	CHECK_SAME(enumeration, NULL);
	leave(entity);
}

TEST(criteria_need_a_criteria_route) /* decision 127 */
{
	static const RTM_MATCH_FLAGS flags[] = {RTM_MATCH_OWNER, RTM_MATCH_NEIGHBOUR, RTM_MATCH_PREF, RTM_MATCH_NEXTHOP,
	                                        RTM_MATCH_FULL, RTM_MATCH_OWNER | RTM_MATCH_INTERFACE};
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ENUM_HANDLE enumeration = NULL;

	for (unsigned i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		test_context("flags 0x%x", (unsigned)flags[i]);
		CHECK_EQ(RtmCreateRouteEnum(entity, NULL, UCAST, RTM_ENUM_START, NULL, flags[i], NULL, 3, &enumeration),
		         ERROR_INVALID_PARAMETER);
	}
	CHECK_SAME(enumeration, NULL);
	leave(entity);
}

TEST(enumerations_refuse_unsupported_views) /* decisions 121, 122 */
{
	static const RTM_VIEW_SET views[] = {4, 0x80000000, 7, 0xFFFFFFFE, 0x7FFFFFFF};
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ENUM_HANDLE enumeration = NULL;

	for (unsigned i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
		test_context("views 0x%x", (unsigned)views[i]);
		CHECK_EQ(RtmCreateDestEnum(entity, views[i], RTM_ENUM_START, NULL, 0, &enumeration),
		         ERROR_NOT_SUPPORTED);
		CHECK_EQ(RtmCreateRouteEnum(entity, NULL, views[i], RTM_ENUM_START, NULL, RTM_MATCH_NONE, NULL, 0,
		                            &enumeration),
		         ERROR_NOT_SUPPORTED);
	}
	CHECK_SAME(enumeration, NULL);
	leave(entity);
}

TEST(creating_checks_in_order) /* decision 80 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ENUM_HANDLE enumeration = NULL;

	CHECK_EQ(RtmCreateRouteEnum(entity, entity, 4, 3, NULL, 0x20, NULL, 0, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmCreateRouteEnum(entity, NULL, 4, RTM_ENUM_NEXT, NULL, RTM_MATCH_NONE, NULL, 0, &enumeration),
	         ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmCreateRouteEnum(entity, NULL, 4, RTM_ENUM_START, NULL, RTM_MATCH_PREF, NULL, 0, &enumeration),
	         ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmCreateDestEnum(entity, 4, RTM_ENUM_NEXT, NULL, 0, &enumeration), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmCreateDestEnum(entity, 4, RTM_ENUM_START, NULL, 0, NULL), ERROR_INVALID_PARAMETER);
	CHECK_SAME(enumeration, NULL);
	leave(entity);
}

TEST(a_route_enumeration_needs_a_destination_for_its_handle)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_ENUM_HANDLE enumeration = NULL;

	CHECK_EQ(create(entity, route, RTM_MATCH_NONE, ROUTE(.tag = 0), NULL, 0, &enumeration), ERROR_INVALID_HANDLE);
	CHECK_EQ(create(entity, &route, RTM_MATCH_NONE, ROUTE(.tag = 0), NULL, 0, &enumeration), ERROR_INVALID_HANDLE);
	CHECK_SAME(enumeration, NULL);
	leave(entity);
}

/* Reading: errors */

struct three_enums {
	RTM_ENUM_HANDLE dest;
	RTM_ENUM_HANDLE route;
	RTM_ENUM_HANDLE hop;
};

static struct three_enums open_enums(RTM_ENTITY_HANDLE entity)
{
	struct three_enums enums = {dest_enum(entity, UCAST, RTM_ENUM_START, NULL),
	                            route_enum(entity, UCAST, RTM_ENUM_START, NULL),
	                            hop_enum(entity, RTM_ENUM_START, NULL)};

	return enums;
}

static void close_enums(RTM_ENTITY_HANDLE entity, struct three_enums enums)
{
	delete_enum(entity, enums.dest);
	delete_enum(entity, enums.route);
	delete_enum(entity, enums.hop);
}

TEST(a_batch_is_not_empty_nor_larger_than_the_profile_allows) /* decision 123 */
{
	static RTM_DEST_INFO dest_room[ROOM_HANDLES];
	RTM_ENTITY_HANDLE entity = enter(8), handles[ROOM_HANDLES];
	struct three_enums enums;
	UINT counts[3];

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	keep_hop(entity, "192.0.2.1", 3);
	enums = open_enums(entity);
	counts[0] = 0;
	counts[1] = profile.MaxHandlesInEnum + 1;
	counts[2] = 0xFFFFFFFF;
	for (unsigned i = 0; i < 3; i++) {
		UINT count = counts[i];

		test_context("count %u", counts[i]);
		CHECK_EQ(RtmGetEnumDests(entity, enums.dest, &count, dest_room), ERROR_INVALID_PARAMETER);
		CHECK_EQ(RtmGetEnumRoutes(entity, enums.route, &count, handles), ERROR_INVALID_PARAMETER);
		CHECK_EQ(RtmGetEnumNextHops(entity, enums.hop, &count, handles), ERROR_INVALID_PARAMETER);
		CHECK_EQ(count, counts[i]); /* decision 81 */
	}
	/* Nothing was consumed. */
	CHECK_TEXT(next_dest(entity, enums.dest, 1), "10.0.0.0/8");
	CHECK_TEXT(next_route(entity, enums.route), "10.0.0.0/8=0");
	CHECK_TEXT(next_hop(entity, enums.hop), "192.0.2.1/32%3");
	close_enums(entity, enums);
	leave(entity);
}

TEST(the_size_of_a_batch_is_checked_at_the_end_too) /* decision 80 */
{
	RTM_ENTITY_HANDLE entity = enter(8), handle;
	struct three_enums enums = open_enums(entity);
	UINT count = 0;
	dest_info result;

	CHECK_TEXT(next_dest(entity, enums.dest, 1), "end");
	CHECK_TEXT(next_route(entity, enums.route), "end");
	CHECK_TEXT(next_hop(entity, enums.hop), "end");
	CHECK_EQ(RtmGetEnumDests(entity, enums.dest, &count, &result.info), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmGetEnumRoutes(entity, enums.route, &count, &handle), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmGetEnumNextHops(entity, enums.hop, &count, &handle), ERROR_INVALID_PARAMETER);
	close_enums(entity, enums);
	leave(entity);
}

TEST(reading_an_enumeration_needs_its_pointers) /* decisions 80, 81 */
{
	RTM_ENTITY_HANDLE entity = enter(8), handle;
	struct three_enums enums = open_enums(entity);
	UINT count = 1;
	dest_info result;

	CHECK_EQ(RtmGetEnumDests(entity, enums.dest, NULL, &result.info), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmGetEnumDests(entity, enums.dest, &count, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmGetEnumRoutes(entity, enums.route, NULL, &handle), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmGetEnumRoutes(entity, enums.route, &count, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmGetEnumNextHops(entity, enums.hop, NULL, &handle), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmGetEnumNextHops(entity, enums.hop, &count, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(count, 1);
	CHECK_EQ(RtmGetEnumDests(entity, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetEnumRoutes(entity, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetEnumNextHops(entity, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	close_enums(entity, enums);
	leave(entity);
}

TEST(an_enumeration_of_another_kind_is_not_read) /* decision 129 */
{
	RTM_ENTITY_HANDLE entity = enter(8), handle;
	struct three_enums enums = open_enums(entity);
	UINT count = 1;
	dest_info result;

	CHECK_EQ(RtmGetEnumDests(entity, enums.route, &count, &result.info), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetEnumDests(entity, enums.hop, &count, &result.info), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetEnumRoutes(entity, enums.dest, &count, &handle), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetEnumRoutes(entity, enums.hop, &count, &handle), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetEnumNextHops(entity, enums.dest, &count, &handle), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetEnumNextHops(entity, enums.route, &count, &handle), ERROR_INVALID_HANDLE);
	CHECK_EQ(count, 1);
	close_enums(entity, enums);
	leave(entity);
}

TEST(an_enumeration_belongs_to_its_entity) /* decision 129 */
{
	RTM_ENTITY_HANDLE entity = enter(8), other = enter(9), handle;
	struct three_enums enums = open_enums(entity);
	UINT count = 1;
	dest_info result;

	CHECK_EQ(RtmGetEnumDests(other, enums.dest, &count, &result.info), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetEnumRoutes(other, enums.route, &count, &handle), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetEnumNextHops(other, enums.hop, &count, &handle), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeleteEnumHandle(other, enums.dest), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeleteEnumHandle(other, enums.route), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeleteEnumHandle(other, enums.hop), ERROR_INVALID_HANDLE);
	close_enums(entity, enums);
	leave(entity);
	leave(other);
}

/* Deleting */

TEST(an_enumeration_counts_as_a_handle_until_it_is_deleted) /* decision 73 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	struct three_enums enums = open_enums(entity);

	CHECK_EQ(handles_of(entity), 3);
	close_enums(entity, enums);
	CHECK_EQ(handles_of(entity), 0);
	CHECK_EQ(RtmDeleteEnumHandle(entity, enums.dest), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeleteEnumHandle(entity, enums.route), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeleteEnumHandle(entity, enums.hop), ERROR_INVALID_HANDLE);
	leave(entity);
}

TEST(only_enumerations_are_deleted_as_such)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));

	CHECK_EQ(RtmDeleteEnumHandle(entity, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeleteEnumHandle(entity, route), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeleteEnumHandle(entity, entity), ERROR_INVALID_HANDLE);
	leave(entity);
}

TEST(deleting_an_enumeration_does_not_release_its_results)
{
	RTM_ENTITY_HANDLE entity = enter(8), hop;
	RTM_ROUTE_HANDLE route;
	struct three_enums enums;
	UINT count = 1;
	dest_info result;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	keep_hop(entity, "192.0.2.1", 3);
	enums = open_enums(entity);
	REQUIRE_EQ(RtmGetEnumDests(entity, enums.dest, &count, &result.info), NO_ERROR);
	REQUIRE_EQ(RtmGetEnumRoutes(entity, enums.route, &count, &route), NO_ERROR);
	REQUIRE_EQ(RtmGetEnumNextHops(entity, enums.hop, &count, &hop), NO_ERROR);
	close_enums(entity, enums);
	CHECK_EQ(handles_of(entity), 3 + 1 + 1);
	CHECK_EQ(RtmReleaseDests(entity, 1, &result.info), NO_ERROR);
	release_route(entity, route);
	release_hop(entity, hop);
	leave(entity);
}

TEST(an_empty_release_of_destinations_does_nothing)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	dest_info result;

	memset(&result, 0xFF, sizeof(result));
	CHECK_EQ(RtmReleaseDests(entity, 0, &result.info), NO_ERROR);
	leave(entity);
}
