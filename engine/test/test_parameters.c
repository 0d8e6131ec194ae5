/*
 * test_parameters.c - a storm of calls with right handles and wild parameters: each combination of them has one right
 * answer by the order of checks (decision 80), and a failure writes nothing (decision 81). RTM2_SEED sets the seed, RTM2_STORM
 * the number of calls.
 */
#define __USE_MINGW_ANSI_STDIO 1
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "support.h"

enum { CALLS = 100000, UNTOUCHED = 0x5A, WILD_HOPS = 12 };

static const RTM_VIEW_SET wild_views[] = {0, 1, 1, 1, 2, 3, 3, 4, 7, 0x80000000, 0xFFFFFFFE, 0xFFFFFFFF};
static const RTM_ENUM_FLAGS wild_ranges[] = {0, 0, 1, 1, 2, 2, 2, 3, 4, 0x8000, 0x00100000, 0x40000000};
static const RTM_MATCH_FLAGS wild_matches[] = {0,    0,    0,    1,      2,      4,       8,
                                               0x10, 0x1F, 0x20, 0x8001, 0xFFFF, 0x10000, 0xFFFFFFFF};

/* One roll of the dice; the parts that are not used do not matter. */
struct wild {
	RTM_ENTITY_HANDLE entity;
	RTM_DEST_HANDLE dest;
	RTM_NEXTHOP_HANDLE hop;
	RTM_NET_ADDRESS address;
	bool has_address;
	bool has_info;
	bool has_output;
	bool has_flags;
	RTM_VIEW_SET views;
	RTM_ENUM_FLAGS range;
	bool own;
	RTM_MATCH_FLAGS match;
	UINT count;
	USHORT hops;
};

/* Where results go; a failed call leaves it as it was. */
struct output {
	dest_info dest;
	route_info route;
	HANDLE handle;
	UINT count;
};

static bool is_address_right(const struct wild *w)
{
	return w->has_address && w->address.AddressFamily == RTM2_AF_INET && w->address.NumBits <= 32;
}

static bool are_views_right(const struct wild *w)
{
	return w->views == RTM_VIEW_MASK_ALL || (w->views & ~BOTH) == 0;
}

static bool is_range_right(const struct wild *w)
{
	return w->range == RTM_ENUM_START ||
	       ((w->range == RTM_ENUM_NEXT || w->range == RTM_ENUM_RANGE) && is_address_right(w));
}

static bool is_match_right(const struct wild *w)
{
	return w->match == RTM_MATCH_FULL || (w->match & ~0x1Fu) == 0;
}

/* By the order of checks: parameters, then views. */
static DWORD answer(bool parameters, bool views)
{
	return !parameters ? ERROR_INVALID_PARAMETER : !views ? ERROR_NOT_SUPPORTED : NO_ERROR;
}

static PRTM_NET_ADDRESS address_of(struct wild *w)
{
	return w->has_address ? &w->address : NULL;
}

/* Each makes a call, gives back what it got and returns the code; *right is the code it should be. */

static DWORD exact_destination(struct wild *w, struct output *out, DWORD *right)
{
	DWORD status = RtmGetExactMatchDestination(w->entity, address_of(w), RTM_BEST_PROTOCOL, w->views,
	                                           w->has_output ? &out->dest.info : NULL);

	*right = answer(is_address_right(w) && w->has_output, are_views_right(w));
	if (*right == NO_ERROR && status == ERROR_NOT_FOUND)
		*right = ERROR_NOT_FOUND;
	if (status == NO_ERROR)
		release_info(w->entity, &out->dest);
	return status;
}

static DWORD most_specific_destination(struct wild *w, struct output *out, DWORD *right)
{
	DWORD status = RtmGetMostSpecificDestination(w->entity, address_of(w), RTM_BEST_PROTOCOL, w->views,
	                                             w->has_output ? &out->dest.info : NULL);

	*right = answer(is_address_right(w) && w->has_output, are_views_right(w));
	if (*right == NO_ERROR && status == ERROR_NOT_FOUND)
		*right = ERROR_NOT_FOUND;
	if (status == NO_ERROR)
		release_info(w->entity, &out->dest);
	return status;
}

static DWORD destination_by_handle(struct wild *w, struct output *out, DWORD *right)
{
	DWORD status = RtmGetDestInfo(w->entity, w->dest, RTM_BEST_PROTOCOL, w->views,
	                              w->has_output ? &out->dest.info : NULL);

	*right = answer(w->has_output, are_views_right(w));
	if (status == NO_ERROR)
		release_info(w->entity, &out->dest);
	return status;
}

static DWORD exact_route(struct wild *w, struct output *out, DWORD *right)
{
	route_info criteria, before;
	DWORD status;

	route_input(&criteria, ROUTE(.neighbour = w->hop, .via = {w->hop}));
	criteria.info.RouteOwner = w->entity;
	memcpy(&before, &criteria, sizeof(criteria));
	status = RtmGetExactMatchRoute(w->entity, address_of(w), w->match, w->has_info ? &criteria.info : NULL, 3,
	                               w->views, w->has_output ? &out->handle : NULL);
	*right = answer(is_address_right(w) && w->has_info && is_match_right(w), are_views_right(w));
	if (*right == NO_ERROR && status == ERROR_NOT_FOUND)
		*right = ERROR_NOT_FOUND;
	if (status != NO_ERROR) {
		CHECK(memcmp(&criteria, &before, sizeof(criteria)) == 0);
		return status;
	}
	REQUIRE_EQ(RtmReleaseRouteInfo(w->entity, &criteria.info), NO_ERROR);
	if (w->has_output)
		release_route(w->entity, out->handle);
	return status;
}

static DWORD destination_enumeration(struct wild *w, struct output *out, DWORD *right)
{
	DWORD status = RtmCreateDestEnum(w->entity, w->views, w->range | (w->own ? RTM_ENUM_OWN_DESTS : 0),
	                                 address_of(w), RTM_BEST_PROTOCOL, w->has_output ? &out->handle : NULL);

	*right = answer(is_range_right(w) && w->has_output, are_views_right(w));
	if (status == NO_ERROR)
		REQUIRE_EQ(RtmDeleteEnumHandle(w->entity, out->handle), NO_ERROR);
	return status;
}

static DWORD route_enumeration(struct wild *w, struct output *out, DWORD *right)
{
	bool has_criteria = w->has_info || (w->match & ~RTM_MATCH_INTERFACE) == 0;
	route_info criteria;
	DWORD status;

	route_input(&criteria, ROUTE(.neighbour = w->hop, .via = {w->hop}));
	criteria.info.RouteOwner = w->entity;
	status = RtmCreateRouteEnum(w->entity, NULL, w->views, w->range | (w->own ? RTM_ENUM_OWN_ROUTES : 0),
	                            address_of(w), w->match, w->has_info ? &criteria.info : NULL, 3,
	                            w->has_output ? &out->handle : NULL);
	*right = answer(is_range_right(w) && is_match_right(w) && has_criteria && w->has_output, are_views_right(w));
	if (status == NO_ERROR)
		REQUIRE_EQ(RtmDeleteEnumHandle(w->entity, out->handle), NO_ERROR);
	return status;
}

static DWORD next_hop_enumeration(struct wild *w, struct output *out, DWORD *right)
{
	DWORD status =
	    RtmCreateNextHopEnum(w->entity, w->range, address_of(w), w->has_output ? &out->handle : NULL);

	*right = answer(is_range_right(w) && w->has_output, true);
	if (status == NO_ERROR)
		REQUIRE_EQ(RtmDeleteEnumHandle(w->entity, out->handle), NO_ERROR);
	return status;
}

static DWORD batch_of_routes(struct wild *w, struct output *out, DWORD *right)
{
	static RTM_ROUTE_HANDLE results[ROOM_HANDLES];
	RTM_ENUM_HANDLE enumeration = route_enum(w->entity, UCAST, RTM_ENUM_START, NULL);
	DWORD status;

	out->count = w->count;
	status = RtmGetEnumRoutes(w->entity, enumeration, w->has_flags ? &out->count : NULL,
	                          w->has_output ? results : NULL);
	*right = answer(w->has_flags && w->has_output && w->count > 0 && w->count <= profile.MaxHandlesInEnum, true);
	if (status == NO_ERROR)
		REQUIRE_EQ(RtmReleaseRoutes(w->entity, out->count, results), NO_ERROR);
	else
		CHECK_EQ(out->count, w->count);
	out->count = 0;
	REQUIRE_EQ(RtmDeleteEnumHandle(w->entity, enumeration), NO_ERROR);
	return status;
}

static DWORD addition_of_a_route(struct wild *w, struct output *out, DWORD *right)
{
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	route_info input;
	DWORD status;

	route_input(&input, ROUTE(.tag = 0));
	input.info.BelongsToViews = w->views;
	for (USHORT i = 0; i < w->hops; i++)
		HOP(input, i) = w->hop;
	input.info.NextHopsList.NumNextHops = w->hops;
	status = RtmAddRouteToDest(w->entity, w->has_output ? &out->handle : NULL, address_of(w),
	                           w->has_info ? &input.info : NULL, INFINITE, NULL, 0, NULL,
	                           w->has_flags ? &flags : NULL);
	*right = answer(is_address_right(w) && w->has_info && w->has_flags && are_views_right(w) &&
	                    w->hops <= profile.MaxNextHopsInRoute,
	                true);
	if (status == NO_ERROR && w->has_output)
		release_route(w->entity, out->handle);
	return status;
}

static DWORD addition_of_a_next_hop(struct wild *w, struct output *out, DWORD *right)
{
	RTM_NEXTHOP_CHANGE_FLAGS flags = 0;
	RTM_NEXTHOP_INFO info = hop_info("192.0.2.1", 3);
	DWORD status;

	info.NextHopAddress = w->address;
	status = RtmAddNextHop(w->entity, w->has_info ? &info : NULL, w->has_output ? &out->handle : NULL,
	                       w->has_flags ? &flags : NULL);
	*right = answer(w->has_info && w->has_flags && w->address.AddressFamily == RTM2_AF_INET &&
	                    w->address.NumBits <= 32,
	                true);
	if (status == NO_ERROR && w->has_output)
		release_hop(w->entity, out->handle);
	return status;
}

static DWORD (*const wild_calls[])(struct wild *w, struct output *out, DWORD *right) = {
	exact_destination,       most_specific_destination, destination_by_handle, exact_route,
	destination_enumeration, route_enumeration,         next_hop_enumeration,  batch_of_routes,
	addition_of_a_route,     addition_of_a_next_hop,
};

static bool rarely(struct random *random)
{
	return random_below(random, 12) == 0;
}

static RTM_NET_ADDRESS wild_address(struct random *random)
{
	static const USHORT families[] = {0, RTM2_AF_IPX, RTM2_AF_INET6, 0x0200, 0xFFFF};
	RTM_NET_ADDRESS address;

	for (unsigned i = 0; i < RTM_MAX_ADDRESS_SIZE; i++)
		address.AddrBits[i] = (UCHAR)(random_below(random, 3) ? 10 : random_next(random));
	address.AddressFamily = rarely(random) ? families[random_below(random, 5)] : RTM2_AF_INET;
	address.NumBits = (USHORT)(rarely(random) ? 33 + random_below(random, 65503) : random_below(random, 33));
	return address;
}

static void roll(struct wild *w, struct random *random)
{
	w->address = wild_address(random);
	w->has_address = !rarely(random);
	w->has_info = !rarely(random);
	w->has_output = !rarely(random);
	w->has_flags = !rarely(random);
	w->views = wild_views[random_below(random, sizeof(wild_views) / sizeof(wild_views[0]))];
	w->range = wild_ranges[random_below(random, sizeof(wild_ranges) / sizeof(wild_ranges[0]))];
	w->own = random_below(random, 2) == 0;
	w->match = wild_matches[random_below(random, sizeof(wild_matches) / sizeof(wild_matches[0]))];
	w->count = rarely(random) ? (UINT)random_next(random) : random_below(random, profile.MaxHandlesInEnum + 3);
	w->hops = (USHORT)random_below(random, WILD_HOPS);
}

/* Makes one call; whether it answered right and wrote nothing if it failed. */
static bool call_wildly(struct wild *w, unsigned number)
{
	struct output out, before;
	DWORD status, right = NO_ERROR;

	memset(&out, UNTOUCHED, sizeof(out));
	out.handle = NULL;
	out.count = 0;
	memcpy(&before, &out, sizeof(out));
	status = wild_calls[number](w, &out, &right);
	if (!CHECK_EQ(status, right))
		return false;
	return status == NO_ERROR || CHECK(memcmp(&out, &before, sizeof(out)) == 0);
}

TEST(wild_parameters_have_their_right_answers) /* decisions 80, 81, 88, 89, 117, 121, 122, 123, 124, 127, 133 */
{
	struct random random = {random_seed()};
	unsigned long number = environment_number("RTM2_STORM", CALLS);
	struct wild w;

	printf("wild parameters: seed %" PRIu64 ", %lu calls\n", random.state, number);
	memset(&w, 0, sizeof(w));
	w.entity = enter(8);
	w.hop = keep_hop(w.entity, "192.0.2.1", 3);
	keep_route(w.entity, ROUTE(.to = "10.0.0.0/8", .in = BOTH, .neighbour = w.hop, .via = {w.hop}));
	w.dest = hold_dest(w.entity, "10.0.0.0/8");
	for (unsigned long i = 0; i < number; i++) {
		unsigned call = random_below(&random, sizeof(wild_calls) / sizeof(wild_calls[0]));

		roll(&w, &random);
		test_context("call %lu, kind %u", i, call);
		if (!call_wildly(&w, call))
			break;
	}
	CHECK_EQ(handles_of(w.entity), 1);
	release_dest(w.entity, w.dest);
	leave(w.entity);
}
