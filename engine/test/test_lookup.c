/* test_lookup.c - RtmGetExactMatchDestination, RtmGetMostSpecificDestination, RtmGetExactMatchRoute. */
#include "support.h"

#include <string.h>

/* RtmGetExactMatchRoute with the criteria in the caller's buffer, which receives the result. */
static DWORD match(RTM_ENTITY_HANDLE entity, const char *prefix, RTM_MATCH_FLAGS flags, route_info *criteria,
                   ULONG interface_index, RTM_VIEW_SET views, RTM_ROUTE_HANDLE *route)
{
	RTM_NET_ADDRESS address = addr(prefix);

	return RtmGetExactMatchRoute(entity, &address, flags, &criteria->info, interface_index, views, route);
}

/* The route matched; both of its references given back. NULL if there is none. */
static RTM_ROUTE_HANDLE matched(RTM_ENTITY_HANDLE entity, RTM_MATCH_FLAGS flags, struct route criteria,
                                ULONG interface_index, RTM_VIEW_SET views)
{
	RTM_ROUTE_HANDLE route = NULL;
	route_info result;
	DWORD status;

	route_input(&result, criteria);
	result.info.RouteOwner = entity;
	status = match(entity, criteria.to, flags, &result, interface_index, views, &route);
	if (status != NO_ERROR) {
		CHECK_EQ(status, ERROR_NOT_FOUND);
		CHECK_SAME(route, NULL);
		return NULL;
	}
	REQUIRE_EQ(RtmReleaseRouteInfo(entity, &result.info), NO_ERROR);
	release_route(entity, route);
	return route;
}

/* RtmGetExactMatchDestination */

TEST(a_destination_is_found_by_exactly_its_prefix)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	dest_info result;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	REQUIRE_EQ(exact(entity, "10.0.0.0/8", RTM_BEST_PROTOCOL, UCAST, &result), NO_ERROR);
	CHECK_TEXT(text_of(&result.info.DestAddress), "10.0.0.0/8");
	release_info(entity, &result);
	CHECK_EQ(exact(entity, "10.0.0.0/7", RTM_BEST_PROTOCOL, UCAST, &result), ERROR_NOT_FOUND);
	CHECK_EQ(exact(entity, "10.0.0.0/9", RTM_BEST_PROTOCOL, UCAST, &result), ERROR_NOT_FOUND);
	CHECK_EQ(exact(entity, "11.0.0.0/8", RTM_BEST_PROTOCOL, UCAST, &result), ERROR_NOT_FOUND);
	leave(entity);
}

TEST(an_empty_table_holds_no_destination)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	dest_info result;

	CHECK_EQ(exact(entity, "0.0.0.0/0", RTM_BEST_PROTOCOL, RTM_VIEW_MASK_ANY, &result), ERROR_NOT_FOUND);
	CHECK_EQ(most_specific(entity, "10.0.0.1", RTM_BEST_PROTOCOL, RTM_VIEW_MASK_ANY, &result), ERROR_NOT_FOUND);
	leave(entity);
}

TEST(the_default_route_is_a_destination)
{
	RTM_ENTITY_HANDLE entity = enter(8);

	CHECK(!is_known(entity, "0.0.0.0/0"));
	keep_route(entity, ROUTE(.to = "0.0.0.0/0"));
	CHECK(is_known(entity, "0.0.0.0/0"));
	CHECK_TEXT(longest_match(entity, "203.0.113.9", UCAST), "0.0.0.0/0");
	CHECK_TEXT(longest_match(entity, "0.0.0.0/0", UCAST), "0.0.0.0/0");
	leave(entity);
}

TEST(a_lookup_masks_its_prefix) /* decision 133 */
{
	RTM_ENTITY_HANDLE entity = enter(8);

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	CHECK(is_known(entity, "10.1.2.3/8"));
	CHECK_TEXT(longest_match(entity, "10.1.2.3/8", UCAST), "10.0.0.0/8");
	leave(entity);
}

TEST(a_lookup_ignores_octets_behind_the_address) /* decision 133 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NET_ADDRESS address = addr("10.1.2.3/32");
	dest_info result;

	keep_route(entity, ROUTE(.to = "10.1.2.3/32"));
	memset(address.AddrBits + 4, 0x5A, 12);
	REQUIRE_EQ(RtmGetExactMatchDestination(entity, &address, RTM_BEST_PROTOCOL, UCAST, &result.info), NO_ERROR);
	release_info(entity, &result);
	REQUIRE_EQ(RtmGetMostSpecificDestination(entity, &address, RTM_BEST_PROTOCOL, UCAST, &result.info), NO_ERROR);
	release_info(entity, &result);
	leave(entity);
}

TEST(a_lookup_has_the_family_and_length_of_the_table) /* decision 133 */
{
	static const char *const prefixes[] = {"2001:db8::/32", "ipx:0a000000/32", "10.0.0.0/33", "10.0.0.0/65535"};
	RTM_ENTITY_HANDLE entity = enter(8);
	route_info criteria;
	dest_info result;

	keep_route(entity, ROUTE(.to = "0.0.0.0/0"));
	route_input(&criteria, ROUTE(.tag = 0));
	for (unsigned i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
		test_context("%s", prefixes[i]);
		CHECK_EQ(exact(entity, prefixes[i], RTM_BEST_PROTOCOL, UCAST, &result), ERROR_INVALID_PARAMETER);
		CHECK_EQ(most_specific(entity, prefixes[i], RTM_BEST_PROTOCOL, UCAST, &result),
		         ERROR_INVALID_PARAMETER);
		CHECK_EQ(match(entity, prefixes[i], RTM_MATCH_NONE, &criteria, 0, UCAST, NULL),
		         ERROR_INVALID_PARAMETER);
	}
	leave(entity);
}

TEST(lookups_need_their_pointers) /* decision 81 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NET_ADDRESS address = addr("10.0.0.0/8");
	RTM_ROUTE_HANDLE route = NULL;
	route_info criteria;
	dest_info result;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	route_input(&criteria, ROUTE(.tag = 0));
	CHECK_EQ(RtmGetExactMatchDestination(entity, NULL, 0, UCAST, &result.info), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmGetExactMatchDestination(entity, &address, 0, UCAST, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmGetMostSpecificDestination(entity, NULL, 0, UCAST, &result.info), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmGetMostSpecificDestination(entity, &address, 0, UCAST, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmGetExactMatchRoute(entity, NULL, RTM_MATCH_NONE, &criteria.info, 0, UCAST, &route),
	         ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmGetExactMatchRoute(entity, &address, RTM_MATCH_NONE, NULL, 0, UCAST, &route),
	         ERROR_INVALID_PARAMETER);
	CHECK_SAME(route, NULL);
	CHECK_EQ(handles_of(entity), 0);
	leave(entity);
}

TEST(lookups_refuse_unsupported_views) /* decisions 121, 122 */
{
	static const RTM_VIEW_SET views[] = {4, 0x80000000, 7, 0xFFFFFFFE, 0x7FFFFFFF};
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");
	route_info criteria;
	dest_info result;

	route_input(&criteria, ROUTE(.tag = 0));
	for (unsigned i = 0; i < sizeof(views) / sizeof(views[0]); i++) {
		test_context("views 0x%x", (unsigned)views[i]);
		CHECK_EQ(exact(entity, "10.0.0.0/8", RTM_BEST_PROTOCOL, views[i], &result), ERROR_NOT_SUPPORTED);
		CHECK_EQ(most_specific(entity, "10.0.0.0/8", RTM_BEST_PROTOCOL, views[i], &result),
		         ERROR_NOT_SUPPORTED);
		CHECK_EQ(match(entity, "10.0.0.0/8", RTM_MATCH_NONE, &criteria, 0, views[i], &route),
		         ERROR_NOT_SUPPORTED);
		CHECK_EQ(RtmGetDestInfo(entity, dest, RTM_BEST_PROTOCOL, views[i], &result.info), ERROR_NOT_SUPPORTED);
	}
	release_dest(entity, dest);
	leave(entity);
}

TEST(lookups_check_in_order) /* decision 80 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NET_ADDRESS address = addr("10.0.0.0/8"), too_long = addr("10.0.0.0/33");
	route_info criteria;
	dest_info result;

	route_input(&criteria, ROUTE(.tag = 0));
	/* Parameters, then views, then existence. */
	CHECK_EQ(RtmGetExactMatchDestination(entity, &too_long, 0, 4, &result.info), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmGetExactMatchDestination(entity, &address, 0, 4, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmGetExactMatchDestination(entity, &address, 0, 4, &result.info), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmGetExactMatchDestination(entity, &address, 0, UCAST, &result.info), ERROR_NOT_FOUND);
	CHECK_EQ(RtmGetMostSpecificDestination(entity, &too_long, 0, 4, &result.info), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmGetMostSpecificDestination(entity, &address, 0, 4, &result.info), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmGetMostSpecificDestination(entity, &address, 0, UCAST, &result.info), ERROR_NOT_FOUND);
	CHECK_EQ(RtmGetExactMatchRoute(entity, &address, 0x20, &criteria.info, 0, 4, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmGetExactMatchRoute(entity, &too_long, 0, &criteria.info, 0, 4, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmGetExactMatchRoute(entity, &address, 0, &criteria.info, 0, 4, NULL), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmGetExactMatchRoute(entity, &address, 0, &criteria.info, 0, UCAST, NULL), ERROR_NOT_FOUND);
	leave(entity);
}

TEST(a_failed_lookup_writes_nothing) /* decision 81 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = NULL;
	dest_info result, before;
	route_info criteria, criteria_before;

	memset(&result, 0x5A, sizeof(result));
	memcpy(&before, &result, sizeof(result));
	route_input(&criteria, ROUTE(.tag = 5));
	memcpy(&criteria_before, &criteria, sizeof(criteria));
	CHECK_EQ(exact(entity, "10.0.0.0/8", RTM_BEST_PROTOCOL, UCAST, &result), ERROR_NOT_FOUND);
	CHECK_EQ(most_specific(entity, "10.0.0.0/8", RTM_BEST_PROTOCOL, UCAST, &result), ERROR_NOT_FOUND);
	CHECK(memcmp(&result, &before, sizeof(result)) == 0);
	CHECK_EQ(match(entity, "10.0.0.0/8", RTM_MATCH_NONE, &criteria, 0, UCAST, &route), ERROR_NOT_FOUND);
	CHECK(memcmp(&criteria, &criteria_before, sizeof(criteria)) == 0);
	CHECK_SAME(route, NULL);
	leave(entity);
}

TEST(a_destination_without_a_route_in_the_views_asked_is_absent) /* decision 130 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	dest_info result;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8", .in = MCAST));
	CHECK_EQ(exact(entity, "10.0.0.0/8", RTM_BEST_PROTOCOL, UCAST, &result), ERROR_NOT_FOUND);
	REQUIRE_EQ(exact(entity, "10.0.0.0/8", RTM_BEST_PROTOCOL, MCAST, &result), NO_ERROR);
	release_info(entity, &result);
	REQUIRE_EQ(exact(entity, "10.0.0.0/8", RTM_BEST_PROTOCOL, BOTH, &result), NO_ERROR);
	release_info(entity, &result);
	REQUIRE_EQ(exact(entity, "10.0.0.0/8", RTM_BEST_PROTOCOL, RTM_VIEW_MASK_ALL, &result), NO_ERROR);
	release_info(entity, &result);
	CHECK(is_known(entity, "10.0.0.0/8"));
	leave(entity);
}

TEST(a_protocol_without_a_route_does_not_hide_a_destination) /* decision 131 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	dest_info result;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	REQUIRE_EQ(exact(entity, "10.0.0.0/8", 77, UCAST, &result), NO_ERROR);
	CHECK_SAME(VIEW(result, 0).Route, NULL);
	CHECK_SAME(VIEW(result, 0).Owner, NULL);
	CHECK_EQ(VIEW(result, 0).NumRoutes, 1);
	release_info(entity, &result);
	REQUIRE_EQ(most_specific(entity, "10.0.0.1", 77, UCAST, &result), NO_ERROR);
	CHECK_TEXT(text_of(&result.info.DestAddress), "10.0.0.0/8");
	CHECK_SAME(VIEW(result, 0).Route, NULL);
	release_info(entity, &result);
	leave(entity);
}

/* RtmGetMostSpecificDestination */

TEST(the_longest_matching_prefix_is_found)
{
	RTM_ENTITY_HANDLE entity = enter(8);

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	keep_route(entity, ROUTE(.to = "10.1.0.0/16"));
	keep_route(entity, ROUTE(.to = "10.1.2.0/24"));
	keep_route(entity, ROUTE(.to = "10.1.2.3/32"));
	CHECK_TEXT(longest_match(entity, "10.1.2.3", UCAST), "10.1.2.3/32");
	CHECK_TEXT(longest_match(entity, "10.1.2.4", UCAST), "10.1.2.0/24");
	CHECK_TEXT(longest_match(entity, "10.1.3.4", UCAST), "10.1.0.0/16");
	CHECK_TEXT(longest_match(entity, "10.2.3.4", UCAST), "10.0.0.0/8");
	CHECK_TEXT(longest_match(entity, "11.2.3.4", UCAST), "none");
	leave(entity);
}

TEST(a_prefix_matches_itself_and_shorter_ones_only)
{
	RTM_ENTITY_HANDLE entity = enter(8);

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	keep_route(entity, ROUTE(.to = "10.1.0.0/16"));
	CHECK_TEXT(longest_match(entity, "10.1.0.0/17", UCAST), "10.1.0.0/16");
	CHECK_TEXT(longest_match(entity, "10.1.0.0/16", UCAST), "10.1.0.0/16");
	CHECK_TEXT(longest_match(entity, "10.1.0.0/15", UCAST), "10.0.0.0/8");
	CHECK_TEXT(longest_match(entity, "10.0.0.0/8", UCAST), "10.0.0.0/8");
	CHECK_TEXT(longest_match(entity, "10.0.0.0/7", UCAST), "none");
	leave(entity);
}

TEST(every_length_can_be_the_longest)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	char prefix[32] = "172.21.202.85/";

	for (int bits = 32; bits >= 0; bits--) {
		RTM_NET_ADDRESS masked;
		dest_info result;

		prefix[14] = (char)(bits < 10 ? '0' + bits : '0' + bits / 10);
		prefix[15] = (char)(bits < 10 ? '\0' : '0' + bits % 10);
		prefix[16] = '\0';
		test_context("%s", prefix);
		REQUIRE_EQ(RtmGetRouteInfo(entity, keep_route(entity, ROUTE(.to = prefix)), NULL, &masked), NO_ERROR);
		REQUIRE_EQ(RtmGetMostSpecificDestination(entity, &masked, RTM_BEST_PROTOCOL, UCAST, &result.info),
		           NO_ERROR);
		CHECK_EQ(result.info.DestAddress.NumBits, bits);
		release_info(entity, &result);
	}
	for (int bits = 32; bits > 0; bits--) {
		dest_info result;

		REQUIRE_EQ(most_specific(entity, "172.21.202.85", RTM_BEST_PROTOCOL, UCAST, &result), NO_ERROR);
		CHECK_EQ(result.info.DestAddress.NumBits, bits);
		delete_route(entity, VIEW(result, 0).Route);
		VIEW(result, 0).Route = NULL; /* consumed */
		release_info(entity, &result);
	}
	CHECK_TEXT(longest_match(entity, "172.21.202.85", UCAST), "0.0.0.0/0");
	leave(entity);
}

TEST(the_search_walks_on_when_the_views_do_not_fit) /* decision 130 */
{
	RTM_ENTITY_HANDLE entity = enter(8);

	keep_route(entity, ROUTE(.to = "10.0.0.0/8", .in = UCAST));
	keep_route(entity, ROUTE(.to = "10.1.0.0/16", .in = MCAST));
	keep_route(entity, ROUTE(.to = "10.1.2.0/24", .in = IN_NO_VIEW));
	CHECK_TEXT(longest_match(entity, "10.1.2.3", UCAST), "10.0.0.0/8");
	CHECK_TEXT(longest_match(entity, "10.1.2.3", MCAST), "10.1.0.0/16");
	CHECK_TEXT(longest_match(entity, "10.1.2.3", BOTH), "10.1.0.0/16");
	CHECK_TEXT(longest_match(entity, "10.1.2.3", RTM_VIEW_MASK_ALL), "10.1.0.0/16");
	CHECK_TEXT(longest_match(entity, "10.1.2.3", RTM_VIEW_MASK_ANY), "10.1.2.0/24");
	CHECK_TEXT(longest_match(entity, "10.2.2.3", MCAST), "none");
	leave(entity);
}

TEST(a_deleted_destination_matches_no_more)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE narrow;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	narrow = keep_route(entity, ROUTE(.to = "10.1.0.0/16"));
	remove_route(entity, narrow);
	CHECK_TEXT(longest_match(entity, "10.1.2.3", UCAST), "10.0.0.0/8");
	leave(entity);
}

TEST(routes_of_all_owners_match)
{
	RTM_ENTITY_HANDLE reader = enter(8), owner = enter(9);

	keep_route(owner, ROUTE(.to = "10.0.0.0/8"));
	CHECK_TEXT(longest_match(reader, "10.1.2.3", UCAST), "10.0.0.0/8");
	CHECK(is_known(reader, "10.0.0.0/8"));
	leave(reader);
	leave(owner);
}

/* RtmGetExactMatchRoute */

TEST(without_criteria_the_best_route_is_matched) /* decision 134 */
{
	RTM_ENTITY_HANDLE a = enter(8), b = enter(9);
	RTM_ROUTE_HANDLE better;

	keep_route(a, ROUTE(.to = "10.0.0.0/8", .pref = 2));
	better = keep_route(b, ROUTE(.to = "10.0.0.0/8", .pref = 1));
	CHECK_SAME(matched(a, RTM_MATCH_NONE, ROUTE(.to = "10.0.0.0/8"), 0, UCAST), better);
	CHECK_SAME(matched(a, RTM_MATCH_NONE, ROUTE(.to = "10.0.0.0/8"), 0, RTM_VIEW_MASK_ANY), better);
	CHECK_SAME(matched(a, RTM_MATCH_NONE, ROUTE(.to = "10.0.0.0/8"), 0, RTM_VIEW_MASK_ALL), better);
	CHECK_SAME(matched(a, RTM_MATCH_NONE, ROUTE(.to = "10.0.0.0/8"), 0, MCAST), NULL);
	CHECK_SAME(matched(a, RTM_MATCH_NONE, ROUTE(.to = "10.0.0.0/9"), 0, UCAST), NULL);
	leave(a);
	leave(b);
}

TEST(without_criteria_the_best_route_of_all_target_views_is_matched) /* decision 134 */
{
	RTM_ENTITY_HANDLE a = enter(8), b = enter(9);
	RTM_ROUTE_HANDLE unicast = keep_route(a, ROUTE(.to = "10.0.0.0/8", .pref = 2, .in = UCAST));
	RTM_ROUTE_HANDLE multicast = keep_route(b, ROUTE(.to = "10.0.0.0/8", .pref = 1, .in = MCAST));

	CHECK_SAME(matched(a, RTM_MATCH_NONE, ROUTE(.to = "10.0.0.0/8"), 0, UCAST), unicast);
	CHECK_SAME(matched(a, RTM_MATCH_NONE, ROUTE(.to = "10.0.0.0/8"), 0, MCAST), multicast);
	CHECK_SAME(matched(a, RTM_MATCH_NONE, ROUTE(.to = "10.0.0.0/8"), 0, BOTH), multicast);
	CHECK_SAME(matched(a, RTM_MATCH_NONE, ROUTE(.to = "10.0.0.0/8"), 0, RTM_VIEW_MASK_ALL), multicast);
	CHECK_SAME(matched(a, RTM_MATCH_NONE, ROUTE(.to = "10.0.0.0/8"), 0, RTM_VIEW_MASK_ANY), multicast);
	leave(a);
	leave(b);
}

TEST(a_route_of_no_view_is_matched_with_any) /* decisions 88, 130 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .in = IN_NO_VIEW));

	CHECK_SAME(matched(entity, RTM_MATCH_NONE, ROUTE(.to = "10.0.0.0/8"), 0, RTM_VIEW_MASK_ANY), route);
	CHECK_SAME(matched(entity, RTM_MATCH_NONE, ROUTE(.to = "10.0.0.0/8"), 0, RTM_VIEW_MASK_ALL), NULL);
	leave(entity);
}

TEST(the_matched_route_is_described)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "192.0.2.1", 3);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .pref = 3, .metric = 4, .in = BOTH,
	                                                  .neighbour = hop, .via = {hop}, .flags = 16, .tag = 99));
	RTM_ROUTE_HANDLE found = NULL;
	route_info result;

	route_input(&result, ROUTE(.tag = 0));
	REQUIRE_EQ(match(entity, "10.0.0.0/8", RTM_MATCH_NONE, &result, 0, UCAST, &found), NO_ERROR);
	CHECK_SAME(found, route);
	CHECK(result.info.DestHandle != NULL);
	CHECK_SAME(result.info.RouteOwner, entity);
	CHECK_SAME(result.info.Neighbour, hop);
	CHECK_EQ(result.info.State, RTM_ROUTE_STATE_CREATED);
	CHECK_EQ(result.info.Flags, 16);
	CHECK_EQ(result.info.PrefInfo.Preference, 3);
	CHECK_EQ(result.info.PrefInfo.Metric, 4);
	CHECK_EQ(result.info.BelongsToViews, BOTH);
	CHECK_SAME(result.info.EntitySpecificInfo, (void *)(uintptr_t)99);
	CHECK_EQ(result.info.NextHopsList.NumNextHops, 1);
	CHECK_SAME(HOP(result, 0), hop);
	CHECK_EQ(handles_of(entity), 1 + 4);
	release_route(entity, found);
	CHECK_EQ(RtmReleaseRouteInfo(entity, &result.info), NO_ERROR);
	leave(entity);
}

TEST(the_handle_of_a_matched_route_is_optional) /* decision 134 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	route_info result;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	route_input(&result, ROUTE(.tag = 0));
	REQUIRE_EQ(match(entity, "10.0.0.0/8", RTM_MATCH_NONE, &result, 0, UCAST, NULL), NO_ERROR);
	CHECK_EQ(handles_of(entity), 2);
	CHECK_EQ(RtmReleaseRouteInfo(entity, &result.info), NO_ERROR);
	leave(entity);
}

TEST(matching_by_owner)
{
	RTM_ENTITY_HANDLE a = enter(8), b = enter(9), c = enter(10);
	RTM_ROUTE_HANDLE of_a = keep_route(a, ROUTE(.to = "10.0.0.0/8", .pref = 2));
	RTM_ROUTE_HANDLE of_b = keep_route(b, ROUTE(.to = "10.0.0.0/8", .pref = 1)), found = NULL;
	route_info result;

	CHECK_SAME(matched(a, RTM_MATCH_OWNER, ROUTE(.to = "10.0.0.0/8"), 0, UCAST), of_a);
	CHECK_SAME(matched(b, RTM_MATCH_OWNER, ROUTE(.to = "10.0.0.0/8"), 0, UCAST), of_b);
	CHECK_SAME(matched(c, RTM_MATCH_OWNER, ROUTE(.to = "10.0.0.0/8"), 0, UCAST), NULL);
	route_input(&result, ROUTE(.tag = 0));
	result.info.RouteOwner = a;
	REQUIRE_EQ(match(c, "10.0.0.0/8", RTM_MATCH_OWNER, &result, 0, UCAST, &found), NO_ERROR);
	CHECK_SAME(found, of_a);
	release_route(c, found);
	CHECK_EQ(RtmReleaseRouteInfo(c, &result.info), NO_ERROR);
	leave(a);
	leave(b);
	leave(c);
}

TEST(matching_by_neighbour)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE a = keep_hop(entity, "192.0.2.1", 3), b = keep_hop(entity, "192.0.2.2", 3);
	RTM_NEXTHOP_HANDLE c = keep_hop(entity, "192.0.2.3", 3);
	RTM_ROUTE_HANDLE none = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .pref = 3));
	RTM_ROUTE_HANDLE via_a = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .pref = 2, .neighbour = a));
	RTM_ROUTE_HANDLE via_b = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .pref = 1, .neighbour = b, .via = {c}));

	CHECK_SAME(matched(entity, RTM_MATCH_NEIGHBOUR, ROUTE(.to = "10.0.0.0/8", .neighbour = a), 0, UCAST), via_a);
	CHECK_SAME(matched(entity, RTM_MATCH_NEIGHBOUR, ROUTE(.to = "10.0.0.0/8", .neighbour = b), 0, UCAST), via_b);
	CHECK_SAME(matched(entity, RTM_MATCH_NEIGHBOUR, ROUTE(.to = "10.0.0.0/8", .neighbour = c), 0, UCAST), NULL);
	CHECK_SAME(matched(entity, RTM_MATCH_NEIGHBOUR, ROUTE(.to = "10.0.0.0/8"), 0, UCAST), none);
	leave(entity);
}

TEST(matching_by_preference_and_metric) /* decision 125 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE a = keep_hop(entity, "192.0.2.1", 3), b = keep_hop(entity, "192.0.2.2", 3);
	RTM_ROUTE_HANDLE first = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .pref = 1, .metric = 1));
	RTM_ROUTE_HANDLE second =
	    keep_route(entity, ROUTE(.to = "10.0.0.0/8", .pref = 1, .metric = 2, .neighbour = a));
	RTM_ROUTE_HANDLE third = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .pref = 2, .metric = 1, .neighbour = b));

	CHECK_SAME(matched(entity, RTM_MATCH_PREF, ROUTE(.to = "10.0.0.0/8", .pref = 1, .metric = 1), 0, UCAST), first);
	CHECK_SAME(matched(entity, RTM_MATCH_PREF, ROUTE(.to = "10.0.0.0/8", .pref = 1, .metric = 2), 0, UCAST),
	           second);
	CHECK_SAME(matched(entity, RTM_MATCH_PREF, ROUTE(.to = "10.0.0.0/8", .pref = 2, .metric = 1), 0, UCAST), third);
	CHECK_SAME(matched(entity, RTM_MATCH_PREF, ROUTE(.to = "10.0.0.0/8", .pref = 2, .metric = 2), 0, UCAST), NULL);
	leave(entity);
}

TEST(matching_by_next_hops_compares_sets) /* decision 126 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE a = keep_hop(entity, "192.0.2.1", 3), b = keep_hop(entity, "192.0.2.2", 3);
	RTM_NEXTHOP_HANDLE c = keep_hop(entity, "192.0.2.3", 3);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .neighbour = c, .via = {a, b}));
	RTM_ROUTE_HANDLE none = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .pref = 9));

	CHECK_SAME(matched(entity, RTM_MATCH_NEXTHOP, ROUTE(.to = "10.0.0.0/8", .via = {a, b}), 0, UCAST), route);
	CHECK_SAME(matched(entity, RTM_MATCH_NEXTHOP, ROUTE(.to = "10.0.0.0/8", .via = {b, a}), 0, UCAST), route);
	CHECK_SAME(matched(entity, RTM_MATCH_NEXTHOP, ROUTE(.to = "10.0.0.0/8", .via = {a}), 0, UCAST), NULL);
	CHECK_SAME(matched(entity, RTM_MATCH_NEXTHOP, ROUTE(.to = "10.0.0.0/8", .via = {a, c}), 0, UCAST), NULL);
	CHECK_SAME(matched(entity, RTM_MATCH_NEXTHOP, ROUTE(.to = "10.0.0.0/8", .via = {a, b, c}), 0, UCAST), NULL);
	CHECK_SAME(matched(entity, RTM_MATCH_NEXTHOP, ROUTE(.to = "10.0.0.0/8"), 0, UCAST), none);
	leave(entity);
}

TEST(matching_by_interface_looks_at_all_next_hops) /* decision 127 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE on_3 = keep_hop(entity, "192.0.2.1", 3), on_4 = keep_hop(entity, "192.0.2.2", 4);
	RTM_NEXTHOP_HANDLE on_5 = keep_hop(entity, "192.0.2.3", 5);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8", .neighbour = on_5, .via = {on_3, on_4}));

	keep_route(entity, ROUTE(.to = "10.0.0.0/8", .pref = 9));
	CHECK_SAME(matched(entity, RTM_MATCH_INTERFACE, ROUTE(.to = "10.0.0.0/8"), 3, UCAST), route);
	CHECK_SAME(matched(entity, RTM_MATCH_INTERFACE, ROUTE(.to = "10.0.0.0/8"), 4, UCAST), route);
	CHECK_SAME(matched(entity, RTM_MATCH_INTERFACE, ROUTE(.to = "10.0.0.0/8"), 5, UCAST), NULL);
	CHECK_SAME(matched(entity, RTM_MATCH_INTERFACE, ROUTE(.to = "10.0.0.0/8"), 0, UCAST), NULL);
	CHECK_SAME(matched(entity, RTM_MATCH_NONE, ROUTE(.to = "10.0.0.0/8"), 5, UCAST), route);
	leave(entity);
}

TEST(matching_flags_combine)
{
	RTM_ENTITY_HANDLE a = enter(8), b = enter(9);
	RTM_NEXTHOP_HANDLE hop = keep_hop(a, "192.0.2.1", 3);
	struct route wanted = ROUTE(.to = "10.0.0.0/8", .pref = 2, .metric = 1, .neighbour = hop, .via = {hop});
	RTM_ROUTE_HANDLE route = keep_route(a, wanted);

	keep_route(b, ROUTE(.to = "10.0.0.0/8", .pref = 2, .metric = 1));
	keep_route(a, ROUTE(.to = "10.0.0.0/8", .pref = 1));
	CHECK_SAME(matched(a, RTM_MATCH_OWNER | RTM_MATCH_PREF, wanted, 0, UCAST), route);
	CHECK_SAME(matched(a, RTM_MATCH_FULL, wanted, 3, UCAST), route); /* decision 124 */
	CHECK_SAME(matched(a, RTM_MATCH_FULL, wanted, 4, UCAST), NULL);
	CHECK_SAME(matched(a, 0x1F, wanted, 3, UCAST), route);
	CHECK_SAME(matched(b, RTM_MATCH_OWNER | RTM_MATCH_NEIGHBOUR, wanted, 0, UCAST), NULL);
	leave(a);
	leave(b);
}

TEST(matching_refuses_unknown_flags) /* decision 124 */
{
	static const RTM_MATCH_FLAGS flags[] = {0x20, 0x21, 0x8000, 0x10000, 0x1FFFF, 0xFFFFFFFF, 0xFFE0, 0x7FFF};
	RTM_ENTITY_HANDLE entity = enter(8);
	route_info criteria;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	route_input(&criteria, ROUTE(.tag = 0));
	for (unsigned i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
		test_context("flags 0x%x", (unsigned)flags[i]);
		CHECK_EQ(match(entity, "10.0.0.0/8", flags[i], &criteria, 0, UCAST, NULL), ERROR_INVALID_PARAMETER);
	}
	leave(entity);
}

TEST(of_several_matching_routes_the_best_is_given) /* decision 134 */
{
	RTM_ENTITY_HANDLE a = enter(8), b = enter(9);
	RTM_NEXTHOP_HANDLE hop = keep_hop(a, "192.0.2.1", 3);
	RTM_ROUTE_HANDLE unicast = keep_route(a, ROUTE(.to = "10.0.0.0/8", .metric = 3));
	RTM_ROUTE_HANDLE multicast =
	    keep_route(a, ROUTE(.to = "10.0.0.0/8", .metric = 2, .in = MCAST, .neighbour = hop));

	keep_route(b, ROUTE(.to = "10.0.0.0/8", .metric = 1, .in = BOTH));
	CHECK_SAME(matched(a, RTM_MATCH_OWNER, ROUTE(.to = "10.0.0.0/8"), 0, UCAST), unicast);
	CHECK_SAME(matched(a, RTM_MATCH_OWNER, ROUTE(.to = "10.0.0.0/8"), 0, MCAST), multicast);
	CHECK_SAME(matched(a, RTM_MATCH_OWNER, ROUTE(.to = "10.0.0.0/8"), 0, BOTH), multicast);
	CHECK_SAME(matched(a, RTM_MATCH_OWNER, ROUTE(.to = "10.0.0.0/8"), 0, RTM_VIEW_MASK_ANY), multicast);
	leave(a);
	leave(b);
}

TEST(criteria_handles_are_overwritten_and_not_released) /* decision 134 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = add_hop(entity, "192.0.2.1", 3);
	route_info result;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8", .neighbour = hop, .via = {hop}));
	route_input(&result, ROUTE(.neighbour = hop, .via = {hop}));
	REQUIRE_EQ(match(entity, "10.0.0.0/8", RTM_MATCH_NEIGHBOUR | RTM_MATCH_NEXTHOP, &result, 0, UCAST, NULL),
	           NO_ERROR);
	CHECK_EQ(handles_of(entity), 1 + 4);
	CHECK_EQ(RtmReleaseRouteInfo(entity, &result.info), NO_ERROR);
	CHECK_EQ(handles_of(entity), 1);
	release_hop(entity, hop);
	leave(entity);
}
