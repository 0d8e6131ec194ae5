/* test_less_specific.c - walking from a destination up to the default route. */
#include "events.h"

#include <string.h>

/* The prefix that follows, "none" without one; no reference is kept. */
static const char *above(RTM_ENTITY_HANDLE entity, RTM_DEST_HANDLE dest, RTM_VIEW_SET views, RTM_DEST_HANDLE *next)
{
	dest_info result;
	DWORD status = RtmGetLessSpecificDestination(entity, dest, RTM_BEST_PROTOCOL, views, &result.info);

	if (status != NO_ERROR) {
		REQUIRE_EQ(status, ERROR_NOT_FOUND);
		return "none";
	}
	if (next)
		*next = result.info.DestHandle;
	release_info(entity, &result);
	return text_of(&result.info.DestAddress);
}

TEST(the_walk_leads_through_ever_shorter_prefixes_to_the_default_route)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_DEST_HANDLE dest;

	keep_route(entity, ROUTE(.to = "10.1.2.0/24"));
	keep_route(entity, ROUTE(.to = "10.1.0.0/16"));
	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	keep_route(entity, ROUTE(.to = "0.0.0.0/0"));
	/* None of these covers the first. */
	keep_route(entity, ROUTE(.to = "10.1.2.128/25"));
	keep_route(entity, ROUTE(.to = "10.1.3.0/24"));
	keep_route(entity, ROUTE(.to = "10.2.0.0/16"));
	keep_route(entity, ROUTE(.to = "0.0.0.0/8"));
	dest = hold_dest(entity, "10.1.2.0/24");
	release_dest(entity, dest);
	CHECK_TEXT(above(entity, dest, UCAST, &dest), "10.1.0.0/16");
	CHECK_TEXT(above(entity, dest, UCAST, &dest), "10.0.0.0/8");
	CHECK_TEXT(above(entity, dest, UCAST, &dest), "0.0.0.0/0");
	CHECK_TEXT(above(entity, dest, UCAST, &dest), "none"); /* decision 132 */
	leave(entity);
}

TEST(without_a_default_route_the_walk_ends_earlier)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_DEST_HANDLE dest;

	keep_route(entity, ROUTE(.to = "10.1.0.0/16"));
	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	dest = hold_dest(entity, "10.1.0.0/16");
	release_dest(entity, dest);
	CHECK_TEXT(above(entity, dest, UCAST, &dest), "10.0.0.0/8");
	CHECK_TEXT(above(entity, dest, UCAST, &dest), "none");
	leave(entity);
}

TEST(every_length_is_a_step_of_the_walk)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NET_ADDRESS address = addr("255.255.255.255");
	RTM_DEST_HANDLE dest;

	for (int bits = 32; bits >= 0; bits--) {
		address.NumBits = (USHORT)bits;
		keep_route(entity, ROUTE(.to = text_of(&address)));
	}
	dest = hold_dest(entity, "255.255.255.255/32");
	release_dest(entity, dest);
	for (int bits = 31; bits >= 0; bits--) {
		dest_info result;

		REQUIRE_EQ(RtmGetLessSpecificDestination(entity, dest, RTM_BEST_PROTOCOL, UCAST, &result.info), NO_ERROR);
		CHECK_EQ(result.info.DestAddress.NumBits, bits);
		dest = result.info.DestHandle;
		release_info(entity, &result);
	}
	CHECK_TEXT(above(entity, dest, UCAST, NULL), "none");
	leave(entity);
}

TEST(the_walk_passes_over_what_is_not_in_the_views) /* decision 130 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_DEST_HANDLE dest;

	keep_route(entity, ROUTE(.to = "10.1.2.0/24"));
	keep_route(entity, ROUTE(.to = "10.1.0.0/16", .in = MCAST));
	keep_route(entity, ROUTE(.to = "10.0.0.0/8", .in = IN_NO_VIEW));
	keep_route(entity, ROUTE(.to = "0.0.0.0/0", .in = BOTH));
	dest = hold_dest(entity, "10.1.2.0/24");
	release_dest(entity, dest);
	CHECK_TEXT(above(entity, dest, UCAST, NULL), "0.0.0.0/0");
	CHECK_TEXT(above(entity, dest, MCAST, NULL), "10.1.0.0/16");
	CHECK_TEXT(above(entity, dest, BOTH, NULL), "10.1.0.0/16");
	CHECK_TEXT(above(entity, dest, RTM_VIEW_MASK_ANY, &dest), "10.1.0.0/16");
	CHECK_TEXT(above(entity, dest, RTM_VIEW_MASK_ANY, &dest), "10.0.0.0/8");
	CHECK_TEXT(above(entity, dest, RTM_VIEW_MASK_ALL, &dest), "0.0.0.0/0");
	leave(entity);
}

TEST(the_walk_starts_from_any_destination_handle_even_an_empty_one) /* decisions 132, 182 */
{
	RTM_ENTITY_HANDLE owner = enter(8), reader = enter(9);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.1.0.0/16"));
	RTM_DEST_HANDLE dest = hold_dest(reader, "10.1.0.0/16");

	keep_route(owner, ROUTE(.to = "10.0.0.0/8"));
	remove_route(owner, route);
	CHECK_TEXT(above(reader, dest, UCAST, NULL), "10.0.0.0/8");
	release_dest(reader, dest);
	leave(owner);
	leave(reader);
}

TEST(the_destination_found_is_described_as_by_other_lookups) /* decisions 120, 131 */
{
	RTM_ENTITY_HANDLE owner = enter(8), reader = enter(9);
	RTM_ROUTE_HANDLE best = keep_route(owner, ROUTE(.to = "10.0.0.0/8", .in = BOTH));
	RTM_DEST_HANDLE dest;
	dest_info result;

	keep_route(owner, ROUTE(.to = "10.1.0.0/16"));
	dest = hold_dest(reader, "10.1.0.0/16");
	REQUIRE_EQ(RtmGetLessSpecificDestination(reader, dest, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_ALL, &result.info),
	           NO_ERROR);
	CHECK_EQ(result.info.NumberOfViews, 2);
	CHECK_SAME(VIEW(result, 1).Route, best);
	CHECK_SAME(VIEW(result, 1).Owner, owner);
	CHECK_EQ(handles_of(reader), 1 + 5);
	release_info(reader, &result);
	REQUIRE_EQ(RtmGetLessSpecificDestination(reader, dest, RTM_THIS_PROTOCOL, UCAST, &result.info), NO_ERROR);
	CHECK_EQ(VIEW(result, 0).NumRoutes, 1);
	CHECK_SAME(VIEW(result, 0).Route, NULL);
	release_info(reader, &result);
	release_dest(reader, dest);
	leave(owner);
	leave(reader);
}

TEST(a_held_destination_is_a_step_for_any_view_only) /* decision 137 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route;
	RTM_DEST_HANDLE dest, held;

	leaves_objects_behind();
	keep_route(entity, ROUTE(.to = "10.1.2.0/24"));
	route = keep_route(entity, ROUTE(.to = "10.1.0.0/16"));
	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	dest = hold_dest(entity, "10.1.2.0/24");
	held = hold_dest(entity, "10.1.0.0/16");
	REQUIRE_EQ(RtmHoldDestination(entity, held, UCAST, HOUR), NO_ERROR);
	remove_route(entity, route);
	CHECK_TEXT(above(entity, dest, UCAST, NULL), "10.0.0.0/8");
	CHECK_TEXT(above(entity, dest, RTM_VIEW_MASK_ANY, NULL), "10.1.0.0/16");
	release_dest(entity, dest);
	release_dest(entity, held);
}

TEST(ipv6_prefixes_are_walked_too)
{
	RTM_ENTITY_HANDLE entity = enter_as(instance, RTM2_AF_INET6, 8, 1);
	RTM_DEST_HANDLE dest;

	keep_route(entity, ROUTE(.to = "2001:db8:1:2::/64"));
	keep_route(entity, ROUTE(.to = "2001:db8::/33"));
	keep_route(entity, ROUTE(.to = "2001:db8::/32"));
	keep_route(entity, ROUTE(.to = "::/0"));
	dest = hold_dest(entity, "2001:db8:1:2::/64");
	release_dest(entity, dest);
	CHECK_TEXT(above(entity, dest, UCAST, &dest), "2001:db8:0:0:0:0:0:0/33");
	CHECK_TEXT(above(entity, dest, UCAST, &dest), "2001:db8:0:0:0:0:0:0/32");
	CHECK_TEXT(above(entity, dest, UCAST, &dest), "0:0:0:0:0:0:0:0/0");
	CHECK_TEXT(above(entity, dest, UCAST, &dest), "none");
	leave(entity);
}

TEST(the_walk_checks_its_arguments) /* decisions 79, 80, 81, 122, 132 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.1.0.0/16"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.1.0.0/16");
	dest_info result, untouched;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	memset(&result, 0x5A, sizeof(result));
	untouched = result;
	CHECK_EQ(RtmGetLessSpecificDestination(NULL, dest, 0, UCAST, &result.info), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetLessSpecificDestination(entity, NULL, 0, UCAST, &result.info), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetLessSpecificDestination(entity, route, 0, UCAST, &result.info), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetLessSpecificDestination(entity, NULL, 0, 4, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetLessSpecificDestination(entity, dest, 0, UCAST, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmGetLessSpecificDestination(entity, dest, 0, 4, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmGetLessSpecificDestination(entity, dest, 0, 4, &result.info), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmGetLessSpecificDestination(entity, dest, 0, MCAST, &result.info), ERROR_NOT_FOUND);
	CHECK(memcmp(&result, &untouched, sizeof(result)) == 0);
	release_dest(entity, dest);
	leave(entity);
}
