/* test_notify.c - which changes a registration is told of, how they are fetched, and what ends it. */
#define __USE_MINGW_ANSI_STDIO 1
#include "events.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ALL RTM_CHANGE_TYPE_ALL
#define BEST RTM_CHANGE_TYPE_BEST
#define FORWARDING RTM_CHANGE_TYPE_FORWARDING
#define ONLY_MARKED RTM_NOTIFY_ONLY_MARKED_DESTS

enum { MOST_CHANGES = 1024, CHANGE_TEXT = 64 };

static RTM_NOTIFY_HANDLE watch(RTM_ENTITY_HANDLE entity, RTM_VIEW_SET views, RTM_NOTIFY_FLAGS flags)
{
	RTM_NOTIFY_HANDLE notify = NULL;

	REQUIRE_EQ(RtmRegisterForChangeNotification(entity, views, flags, NULL, &notify), NO_ERROR);
	REQUIRE(notify != NULL);
	return notify;
}

static void unwatch(RTM_ENTITY_HANDLE entity, RTM_NOTIFY_HANDLE notify)
{
	REQUIRE_EQ(RtmDeregisterFromChangeNotification(entity, notify), NO_ERROR);
}

/* Fetches one changed destination; false without one, which has to be told as 259 with count 0. */
static bool fetch(RTM_ENTITY_HANDLE entity, RTM_NOTIFY_HANDLE notify, dest_info *result)
{
	UINT count = 1;
	DWORD status = RtmGetChangedDests(entity, notify, &count, &result->info);

	if (status == NO_ERROR) {
		REQUIRE_EQ(count, 1);
		return true;
	}
	REQUIRE_EQ(status, ERROR_NO_MORE_ITEMS);
	REQUIRE_EQ(count, 0);
	return false;
}

static void release_fetched(RTM_ENTITY_HANDLE entity, RTM_NOTIFY_HANDLE notify, dest_info *result)
{
	REQUIRE_EQ(RtmReleaseChangedDests(entity, notify, 1, &result->info), NO_ERROR);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(a, b);
}

/* What changed, in the order of text, since the order of fetching is not promised. */
static const char *changes(RTM_ENTITY_HANDLE entity, RTM_NOTIFY_HANDLE notify)
{
	static char found[MOST_CHANGES][CHANGE_TEXT], text[MOST_CHANGES * CHANGE_TEXT];
	unsigned count = 0;
	size_t length = 0;
	dest_info result;

	while (fetch(entity, notify, &result)) {
		REQUIRE(count < MOST_CHANGES);
		snprintf(found[count++], CHANGE_TEXT, "%s", text_of(&result.info.DestAddress));
		release_fetched(entity, notify, &result);
	}
	qsort(found, count, CHANGE_TEXT, compare_texts);
	text[0] = '\0';
	for (unsigned i = 0; i < count; i++)
		length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%s", i ? " " : "", found[i]);
	return text;
}

static void forget_changes(RTM_ENTITY_HANDLE entity, RTM_NOTIFY_HANDLE notify)
{
	(void)changes(entity, notify);
}

static bool is_pending(RTM_ENTITY_HANDLE entity, RTM_NOTIFY_HANDLE notify, RTM_DEST_HANDLE dest)
{
	BOOL status = 77;

	REQUIRE_EQ(RtmGetChangeStatus(entity, notify, dest, &status), NO_ERROR);
	REQUIRE(status == TRUE || status == FALSE);
	return status == TRUE;
}

static void mark(RTM_ENTITY_HANDLE entity, RTM_NOTIFY_HANDLE notify, RTM_DEST_HANDLE dest, BOOL on)
{
	REQUIRE_EQ(RtmMarkDestForChangeNotification(entity, notify, dest, on), NO_ERROR);
}

static bool is_marked(RTM_ENTITY_HANDLE entity, RTM_NOTIFY_HANDLE notify, RTM_DEST_HANDLE dest)
{
	BOOL marked = 77;

	REQUIRE_EQ(RtmIsMarkedForChangeNotification(entity, notify, dest, &marked), NO_ERROR);
	REQUIRE(marked == TRUE || marked == FALSE);
	return marked == TRUE;
}

/* Types of change */

/* A table in which one change after the other is made, and a registration for each type of change and combination. */
struct observed {
	RTM_ENTITY_HANDLE owner;
	RTM_ENTITY_HANDLE rival;
	RTM_ENTITY_HANDLE observer;
	RTM_NEXTHOP_HANDLE hop[2];
	RTM_NOTIFY_HANDLE watch[8]; /* by their type bits */
};

static struct observed observe(RTM_VIEW_SET views)
{
	struct observed o = {.owner = enter(8), .rival = enter(9), .observer = enter(10)};

	o.hop[0] = keep_hop(o.owner, "192.0.2.1", 1);
	o.hop[1] = keep_hop(o.owner, "192.0.2.2", 1);
	for (RTM_NOTIFY_FLAGS types = 1; types < 8; types++)
		o.watch[types] = watch(o.observer, views, types);
	return o;
}

static void end_observation(struct observed *o)
{
	for (unsigned types = 1; types < 8; types++)
		unwatch(o->observer, o->watch[types]);
	leave(o->owner);
	leave(o->rival);
	leave(o->observer);
}

/* Checks that exactly the registrations for at least one of these types were told of 10.0.0.0/8, and fetches it. */
static void check_types(struct observed *o, const char *what, RTM_NOTIFY_FLAGS told)
{
	for (RTM_NOTIFY_FLAGS types = 1; types < 8; types++) {
		test_context("%s, registered for %u", what, (unsigned)types);
		CHECK_TEXT(changes(o->observer, o->watch[types]), (types & told) ? "10.0.0.0/8" : "");
	}
	test_context("%s", "");
}

TEST(every_type_of_change_has_its_registrations) /* decisions 92, 145, 148 */
{
	struct observed o = observe(UCAST);
	RTM_ROUTE_HANDLE route, rival;

	route = keep_route(o.owner, ROUTE(.to = "10.0.0.0/8", .pref = 5, .metric = 5, .via = {o.hop[0]}));
	check_types(&o, "first route", ALL | BEST | FORWARDING);
	update_route(o.owner, route, ROUTE(.pref = 5, .metric = 5, .via = {o.hop[0]}));
	check_types(&o, "same again", ALL);
	update_route(o.owner, route, ROUTE(.pref = 5, .metric = 5, .via = {o.hop[0]}, .tag = 1));
	check_types(&o, "private information", ALL);
	update_route(o.owner, route, ROUTE(.pref = 5, .metric = 6, .via = {o.hop[0]}));
	check_types(&o, "metric", ALL | BEST);
	update_route(o.owner, route, ROUTE(.pref = 6, .metric = 6, .via = {o.hop[0]}));
	check_types(&o, "preference", ALL | BEST | FORWARDING);
	update_route(o.owner, route, ROUTE(.pref = 6, .metric = 6, .via = {o.hop[1]}));
	check_types(&o, "another next hop", ALL | BEST | FORWARDING);
	update_route(o.owner, route, ROUTE(.pref = 6, .metric = 6, .via = {o.hop[1], o.hop[0]}));
	check_types(&o, "one more next hop", ALL | BEST | FORWARDING);
	update_route(o.owner, route, ROUTE(.pref = 6, .metric = 6));
	check_types(&o, "no next hop", ALL | BEST | FORWARDING);
	update_route(o.owner, route, ROUTE(.pref = 6, .metric = 6, .flags = RTM_ROUTE_FLAGS_LOCAL));
	check_types(&o, "a flag without meaning for forwarding", ALL | BEST);
	update_route(o.owner, route,
	             ROUTE(.pref = 6, .metric = 6, .flags = RTM_ROUTE_FLAGS_LOCAL | RTM_ROUTE_FLAGS_BLACKHOLE));
	check_types(&o, "a forwarding flag", ALL | BEST | FORWARDING);

	rival = keep_route(o.rival, ROUTE(.to = "10.0.0.0/8", .pref = 9));
	check_types(&o, "a worse route", ALL);
	update_route(o.rival, rival, ROUTE(.pref = 8));
	check_types(&o, "a worse route that gets better", ALL);
	update_route(o.rival, rival, ROUTE(.pref = 8, .flags = RTM_ROUTE_FLAGS_DISCARD));
	check_types(&o, "a forwarding flag of a worse route", ALL);
	update_route(o.rival, rival, ROUTE(.pref = 1));
	check_types(&o, "another best route", ALL | BEST | FORWARDING);
	update_route(o.rival, rival, ROUTE(.pref = 8));
	check_types(&o, "the former best route again", ALL | BEST | FORWARDING);
	remove_route(o.rival, rival);
	check_types(&o, "a worse route deleted", ALL);
	remove_route(o.owner, route);
	check_types(&o, "the last route deleted", ALL | BEST | FORWARDING);
	end_observation(&o);
}

TEST(every_forwarding_flag_counts_as_forwarding) /* decision 145 */
{
	struct observed o = observe(UCAST);
	RTM_ROUTE_HANDLE route = keep_route(o.owner, ROUTE(.to = "10.0.0.0/8"));

	check_types(&o, "first route", ALL | BEST | FORWARDING);
	for (unsigned bit = 0; bit < 16; bit++) {
		USHORT flag = (USHORT)(1u << bit);

		update_route(o.owner, route, ROUTE(.flags = flag));
		check_types(&o, "flag set",
		            (flag & RTM_ROUTE_FLAGS_FORWARDING) ? ALL | BEST | FORWARDING : ALL | BEST);
		update_route(o.owner, route, ROUTE(.flags = 0));
		check_types(&o, "flag cleared",
		            (flag & RTM_ROUTE_FLAGS_FORWARDING) ? ALL | BEST | FORWARDING : ALL | BEST);
	}
	end_observation(&o);
}

TEST(the_order_of_next_hops_is_no_change_of_the_best_route) /* decision 145 */
{
	struct observed o = observe(UCAST);
	RTM_ROUTE_HANDLE route = keep_route(o.owner, ROUTE(.to = "10.0.0.0/8", .via = {o.hop[0], o.hop[1]}));

	check_types(&o, "first route", ALL | BEST | FORWARDING);
	update_route(o.owner, route, ROUTE(.via = {o.hop[1], o.hop[0]}));
	check_types(&o, "next hops in another order", ALL);
	end_observation(&o);
}

TEST(a_route_of_no_view_changes_nothing_in_a_view)
{
	struct observed o = observe(BOTH);
	RTM_ROUTE_HANDLE route = keep_route(o.owner, ROUTE(.to = "10.0.0.0/8", .in = IN_NO_VIEW));

	check_types(&o, "route of no view", 0);
	update_route(o.owner, route, ROUTE(.metric = 2, .in = IN_NO_VIEW));
	check_types(&o, "update", 0);
	remove_route(o.owner, route);
	check_types(&o, "deletion", 0);
	end_observation(&o);
}

TEST(a_changed_next_hop_is_no_change_of_a_destination) /* decision 111 */
{
	struct observed o = observe(UCAST);
	RTM_NEXTHOP_INFO hop = hop_info("192.0.2.1", 1);
	RTM_NEXTHOP_CHANGE_FLAGS flags = 0;

	keep_route(o.owner, ROUTE(.to = "10.0.0.0/8", .via = {o.hop[0]}));
	check_types(&o, "first route", ALL | BEST | FORWARDING);
	hop.Flags = RTM_NEXTHOP_FLAGS_DOWN;
	REQUIRE_EQ(RtmAddNextHop(o.owner, &hop, NULL, &flags), NO_ERROR);
	check_types(&o, "next hop changed", 0);
	remove_hop(o.owner, o.hop[0]);
	check_types(&o, "next hop deleted", 0);
	end_observation(&o);
}

TEST(a_failed_call_changes_nothing)
{
	struct observed o = observe(UCAST);
	RTM_ROUTE_HANDLE route = keep_route(o.owner, ROUTE(.to = "10.0.0.0/8"));
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	check_types(&o, "first route", ALL | BEST | FORWARDING);
	CHECK_EQ(try_route(o.rival, &route, ROUTE(.pref = 9), &flags), ERROR_ACCESS_DENIED);
	CHECK_EQ(RtmDeleteRouteToDest(o.rival, route, &flags), ERROR_ACCESS_DENIED);
	CHECK_EQ(try_route(o.owner, &route, ROUTE(.in = 4), &flags), ERROR_INVALID_PARAMETER);
	check_types(&o, "failures", 0);
	end_observation(&o);
}

TEST(the_originator_of_a_change_is_told_too) /* decision 140 */
{
	RTM_ENTITY_HANDLE entity = enter_listening(8);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL);

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	await_events();
	CHECK_EQ(times_told(entity, RTM_CHANGE_NOTIFICATION), 1);
	CHECK_TEXT(changes(entity, notify), "10.0.0.0/8");
	unwatch(entity, notify);
	leave(entity);
}

/* Views */

struct views_watched {
	RTM_ENTITY_HANDLE entity;
	RTM_NOTIFY_HANDLE ucast;
	RTM_NOTIFY_HANDLE mcast;
	RTM_NOTIFY_HANDLE all;
	RTM_NOTIFY_HANDLE any;
};

static struct views_watched watch_views(RTM_NOTIFY_FLAGS flags)
{
	struct views_watched v = {.entity = enter(8)};

	v.ucast = watch(v.entity, UCAST, flags);
	v.mcast = watch(v.entity, MCAST, flags);
	v.all = watch(v.entity, RTM_VIEW_MASK_ALL, flags);
	v.any = watch(v.entity, RTM_VIEW_MASK_ANY, flags);
	return v;
}

static void end_views(struct views_watched *v)
{
	unwatch(v->entity, v->ucast);
	unwatch(v->entity, v->mcast);
	unwatch(v->entity, v->all);
	unwatch(v->entity, v->any);
	leave(v->entity);
}

static void check_views(struct views_watched *v, const char *what, RTM_VIEW_SET told)
{
	test_context("%s", what);
	CHECK_TEXT(changes(v->entity, v->ucast), (told & UCAST) ? "10.0.0.0/8" : "");
	CHECK_TEXT(changes(v->entity, v->mcast), (told & MCAST) ? "10.0.0.0/8" : "");
	CHECK_TEXT(changes(v->entity, v->all), told ? "10.0.0.0/8" : "");
	CHECK_TEXT(changes(v->entity, v->any), told ? "10.0.0.0/8" : "");
}

TEST(a_registration_is_told_of_changes_in_its_views) /* decisions 121, 147 */
{
	struct views_watched v = watch_views(ALL);
	RTM_ROUTE_HANDLE ucast, mcast;

	ucast = keep_route(v.entity, ROUTE(.to = "10.0.0.0/8", .in = UCAST));
	check_views(&v, "a unicast route", UCAST);
	mcast = keep_route(v.entity,
	                   ROUTE(.to = "10.0.0.0/8", .in = MCAST, .neighbour = keep_hop(v.entity, "192.0.2.1", 1)));
	check_views(&v, "a multicast route", MCAST);
	update_route(v.entity, mcast, ROUTE(.metric = 9, .in = MCAST));
	check_views(&v, "the multicast route changes", MCAST);
	update_route(v.entity, mcast, ROUTE(.metric = 9, .in = BOTH));
	check_views(&v, "the multicast route enters the unicast view", BOTH);
	remove_route(v.entity, ucast);
	check_views(&v, "the unicast route goes", UCAST);
	remove_route(v.entity, mcast);
	check_views(&v, "the route of both views goes", BOTH);
	end_views(&v);
}

TEST(a_route_that_moves_between_views_changes_both) /* decision 146 */
{
	struct views_watched v = watch_views(ALL | BEST | FORWARDING), best = {.entity = v.entity};
	RTM_ROUTE_HANDLE route;

	best.ucast = watch(v.entity, UCAST, BEST);
	best.mcast = watch(v.entity, MCAST, BEST);
	best.all = watch(v.entity, RTM_VIEW_MASK_ALL, FORWARDING);
	best.any = watch(v.entity, RTM_VIEW_MASK_ANY, FORWARDING);
	route = keep_route(v.entity, ROUTE(.to = "10.0.0.0/8", .in = UCAST));
	check_views(&v, "a unicast route", UCAST);
	check_views(&best, "a unicast route, best", UCAST);
	update_route(v.entity, route, ROUTE(.in = MCAST));
	check_views(&v, "from unicast to multicast", BOTH);
	check_views(&best, "from unicast to multicast, best", BOTH);
	update_route(v.entity, route, ROUTE(.in = IN_NO_VIEW));
	check_views(&v, "from multicast to no view", MCAST);
	check_views(&best, "from multicast to no view, best", MCAST);
	update_route(v.entity, route, ROUTE(.in = BOTH));
	check_views(&v, "into both views", BOTH);
	check_views(&best, "into both views, best", BOTH);
	unwatch(v.entity, best.ucast);
	unwatch(v.entity, best.mcast);
	unwatch(v.entity, best.all);
	unwatch(v.entity, best.any);
	end_views(&v);
}

TEST(the_best_route_of_one_view_is_no_matter_of_another) /* decision 145 */
{
	struct views_watched v = watch_views(BEST);
	RTM_ENTITY_HANDLE rival = enter(9);

	keep_route(v.entity, ROUTE(.to = "10.0.0.0/8", .pref = 5, .in = UCAST));
	check_views(&v, "unicast", UCAST);
	keep_route(rival, ROUTE(.to = "10.0.0.0/8", .pref = 7, .in = BOTH));
	check_views(&v, "a worse route that is best in multicast", MCAST);
	leave(rival);
	check_views(&v, "it goes", MCAST);
	end_views(&v);
}

TEST(changed_destinations_have_the_views_of_the_registration) /* decisions 119, 120, 147 */
{
	struct views_watched v = watch_views(ALL);
	RTM_ROUTE_HANDLE route = keep_route(v.entity, ROUTE(.to = "10.0.0.0/8", .in = BOTH));
	dest_info result;

	REQUIRE(fetch(v.entity, v.ucast, &result));
	CHECK_EQ(result.info.NumberOfViews, 1);
	CHECK_EQ(VIEW(result, 0).ViewId, RTM_VIEW_ID_UCAST);
	CHECK_EQ(VIEW(result, 0).NumRoutes, 1);
	CHECK_SAME(VIEW(result, 0).Route, route);
	CHECK_SAME(VIEW(result, 0).Owner, v.entity);
	CHECK_SAME(VIEW(result, 0).HoldRoute, NULL);
	CHECK_EQ(result.info.BelongsToViews, BOTH);
	release_fetched(v.entity, v.ucast, &result);

	REQUIRE(fetch(v.entity, v.mcast, &result));
	CHECK_EQ(result.info.NumberOfViews, 1);
	CHECK_EQ(VIEW(result, 0).ViewId, RTM_VIEW_ID_MCAST);
	CHECK_SAME(VIEW(result, 0).Route, route);
	release_fetched(v.entity, v.mcast, &result);

	REQUIRE(fetch(v.entity, v.all, &result));
	CHECK_EQ(result.info.NumberOfViews, 2);
	CHECK_EQ(VIEW(result, 0).ViewId, RTM_VIEW_ID_UCAST);
	CHECK_EQ(VIEW(result, 1).ViewId, RTM_VIEW_ID_MCAST);
	release_fetched(v.entity, v.all, &result);

	memset(&result, 0x5A, sizeof(result));
	REQUIRE(fetch(v.entity, v.any, &result));
	CHECK_EQ(result.info.NumberOfViews, 0);
	CHECK_EQ(result.info.BelongsToViews, BOTH);
	CHECK_EQ(result.room[RTM_BASIC_DEST_INFO_SIZE], 0x5A);
	release_fetched(v.entity, v.any, &result);
	end_views(&v);
}

/* The infos of an array lie as far apart as the number of views of the registration says. */
static void check_stride(RTM_VIEW_SET views, unsigned number_of_views)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NOTIFY_HANDLE notify = watch(entity, views, ALL);
	size_t stride = RTM_SIZE_OF_DEST_INFO(number_of_views), used = 3 * stride;
	union {
		RTM_DEST_INFO first;
		UCHAR room[4 * RTM_SIZE_OF_DEST_INFO(ROOM_VIEWS)];
	} results;
	UINT count = 3;
	bool seen[3] = {false};

	keep_route(entity, ROUTE(.to = "10.0.0.0/8", .in = BOTH));
	keep_route(entity, ROUTE(.to = "11.0.0.0/8", .in = BOTH));
	keep_route(entity, ROUTE(.to = "12.0.0.0/8", .in = BOTH));
	memset(&results, 0x5A, sizeof(results));
	REQUIRE_EQ(RtmGetChangedDests(entity, notify, &count, &results.first), NO_ERROR);
	REQUIRE_EQ(count, 3);
	for (unsigned i = 0; i < 3; i++) {
		const RTM_DEST_INFO *info = (const void *)(results.room + i * stride);

		CHECK_EQ(info->NumberOfViews, number_of_views);
		REQUIRE(info->DestAddress.AddrBits[0] >= 10 && info->DestAddress.AddrBits[0] <= 12);
		seen[info->DestAddress.AddrBits[0] - 10] = true;
	}
	CHECK(seen[0] && seen[1] && seen[2]);
	for (size_t i = used; i < sizeof(results); i++)
		if (!CHECK_EQ(results.room[i], 0x5A))
			break;
	CHECK_EQ(RtmReleaseChangedDests(entity, notify, count, &results.first), NO_ERROR);
	unwatch(entity, notify);
	leave(entity);
}

TEST(changed_destinations_lie_as_far_apart_as_their_views_need) /* decision 119 */
{
	check_stride(UCAST, 1);
	check_stride(MCAST, 1);
	check_stride(RTM_VIEW_MASK_ALL, 2);
	check_stride(RTM_VIEW_MASK_ANY, 0);
}

/* Fetching */

TEST(several_changes_of_a_destination_are_one_with_the_present_state)
{
	RTM_ENTITY_HANDLE owner = enter(8), rival = enter(9), reader = enter(10);
	RTM_NOTIFY_HANDLE notify = watch(reader, UCAST, ALL);
	RTM_ROUTE_HANDLE first, second;
	dest_info result;

	first = keep_route(owner, ROUTE(.to = "10.0.0.0/8", .metric = 5));
	update_route(owner, first, ROUTE(.metric = 6));
	second = keep_route(rival, ROUTE(.to = "10.0.0.0/8", .metric = 1));
	REQUIRE(fetch(reader, notify, &result));
	CHECK_EQ(VIEW(result, 0).NumRoutes, 2);
	CHECK_SAME(VIEW(result, 0).Route, second);
	release_fetched(reader, notify, &result);
	CHECK(!fetch(reader, notify, &result));
	unwatch(reader, notify);
	leave(owner);
	leave(rival);
	leave(reader);
}

TEST(changes_tell_the_best_route_of_any_protocol) /* decision 153 */
{
	RTM_ENTITY_HANDLE owner = enter(8), reader = enter(10);
	RTM_NOTIFY_HANDLE notify = watch(reader, UCAST, ALL);
	RTM_ROUTE_HANDLE best = keep_route(owner, ROUTE(.to = "10.0.0.0/8", .metric = 1));
	dest_info result;

	keep_route(reader, ROUTE(.to = "10.0.0.0/8", .metric = 9));
	REQUIRE(fetch(reader, notify, &result));
	CHECK_SAME(VIEW(result, 0).Route, best);
	CHECK_SAME(VIEW(result, 0).Owner, owner);
	release_fetched(reader, notify, &result);
	unwatch(reader, notify);
	leave(owner);
	leave(reader);
}

TEST(a_destination_that_lost_its_routes_is_still_told) /* decision 144 */
{
	RTM_ENTITY_HANDLE owner = enter(8), reader = enter(9);
	RTM_NOTIFY_HANDLE notify = watch(reader, RTM_VIEW_MASK_ALL, ALL);
	RTM_ROUTE_HANDLE route = keep_route(owner, ROUTE(.to = "10.0.0.0/8", .in = BOTH));
	dest_info result;

	forget_changes(reader, notify);
	remove_route(owner, route);
	CHECK(!is_known(reader, "10.0.0.0/8"));
	REQUIRE(fetch(reader, notify, &result));
	CHECK_TEXT(text_of(&result.info.DestAddress), "10.0.0.0/8");
	CHECK_EQ(result.info.BelongsToViews, 0);
	CHECK_EQ(result.info.NumberOfViews, 2);
	for (unsigned v = 0; v < 2; v++) {
		CHECK_EQ(VIEW(result, v).NumRoutes, 0);
		CHECK_SAME(VIEW(result, v).Route, NULL);
		CHECK_SAME(VIEW(result, v).Owner, NULL);
		CHECK_SAME(VIEW(result, v).HoldRoute, NULL);
	}
	release_fetched(reader, notify, &result);
	unwatch(reader, notify);
	leave(owner);
	leave(reader);
}

TEST(a_destination_that_came_and_went_unseen_is_told_as_empty) /* decision 144 */
{
	RTM_ENTITY_HANDLE owner = enter(8), reader = enter(9);
	RTM_NOTIFY_HANDLE notify = watch(reader, UCAST, ALL);
	dest_info result;

	remove_route(owner, keep_route(owner, ROUTE(.to = "10.0.0.0/8")));
	REQUIRE(fetch(reader, notify, &result));
	CHECK_EQ(VIEW(result, 0).NumRoutes, 0);
	release_fetched(reader, notify, &result);
	CHECK(!fetch(reader, notify, &result));
	unwatch(reader, notify);
	leave(owner);
	leave(reader);
}

TEST(a_change_behind_the_fetching_is_told_again) /* decision 144 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	dest_info first, second;

	REQUIRE(fetch(entity, notify, &first));
	update_route(entity, route, ROUTE(.metric = 2));
	REQUIRE(fetch(entity, notify, &second)); /* before the first was released */
	CHECK_SAME(second.info.DestHandle, first.info.DestHandle);
	release_fetched(entity, notify, &first);
	release_fetched(entity, notify, &second);
	CHECK(!fetch(entity, notify, &second));
	unwatch(entity, notify);
	leave(entity);
}

TEST(the_end_of_changes_keeps_being_told) /* decisions 113, 143 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL);
	dest_info result, before;

	memset(&result, 0x5A, sizeof(result));
	before = result;
	for (unsigned i = 0; i < 3; i++)
		CHECK(!fetch(entity, notify, &result));
	CHECK(memcmp(&result, &before, sizeof(result)) == 0);
	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	CHECK_TEXT(changes(entity, notify), "10.0.0.0/8");
	for (unsigned i = 0; i < 3; i++)
		CHECK(!fetch(entity, notify, &result));
	unwatch(entity, notify);
	leave(entity);
}

TEST(many_changes_are_fetched_in_batches)
{
	static union {
		RTM_DEST_INFO first;
		UCHAR room[ROOM_HANDLES * RTM_SIZE_OF_DEST_INFO(1)];
	} results;
	static bool seen[MOST_CHANGES];
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL);
	unsigned total = 0;
	char prefix[CHANGE_TEXT];
	UINT count;

	memset(seen, 0, sizeof(seen));
	for (unsigned i = 0; i < MOST_CHANGES; i++) {
		snprintf(prefix, sizeof(prefix), "10.%u.%u.0/24", i / 256, i % 256);
		keep_route(entity, ROUTE(.to = prefix));
	}
	for (;;) {
		DWORD status;

		count = profile.MaxHandlesInEnum;
		status = RtmGetChangedDests(entity, notify, &count, &results.first);
		if (status == ERROR_NO_MORE_ITEMS)
			break;
		REQUIRE_EQ(status, NO_ERROR);
		REQUIRE(count >= 1 && count <= profile.MaxHandlesInEnum);
		for (UINT i = 0; i < count; i++) {
			const RTM_DEST_INFO *info = (const void *)(results.room + i * RTM_SIZE_OF_DEST_INFO(1));
			unsigned number = info->DestAddress.AddrBits[1] * 256u + info->DestAddress.AddrBits[2];

			REQUIRE(number < MOST_CHANGES && !seen[number]);
			seen[number] = true;
			total++;
		}
		CHECK_EQ(RtmReleaseChangedDests(entity, notify, count, &results.first), NO_ERROR);
	}
	CHECK_EQ(count, 0);
	CHECK_EQ(total, MOST_CHANGES);
	unwatch(entity, notify);
	leave(entity);
}

TEST(changes_made_before_the_registration_are_not_told)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NOTIFY_HANDLE notify;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	notify = watch(entity, UCAST, ALL);
	CHECK_TEXT(changes(entity, notify), "");
	unwatch(entity, notify);
	leave(entity);
}

TEST(every_registration_has_changes_of_its_own)
{
	RTM_ENTITY_HANDLE one = enter(8), other = enter(9);
	RTM_NOTIFY_HANDLE a = watch(one, UCAST, ALL), b = watch(one, UCAST, ALL), c = watch(other, UCAST, BEST);

	keep_route(one, ROUTE(.to = "10.0.0.0/8"));
	CHECK_TEXT(changes(one, a), "10.0.0.0/8");
	keep_route(one, ROUTE(.to = "11.0.0.0/8"));
	CHECK_TEXT(changes(one, a), "11.0.0.0/8");
	CHECK_TEXT(changes(one, b), "10.0.0.0/8 11.0.0.0/8");
	CHECK_TEXT(changes(other, c), "10.0.0.0/8 11.0.0.0/8");
	unwatch(one, a);
	keep_route(one, ROUTE(.to = "12.0.0.0/8"));
	CHECK_TEXT(changes(one, b), "12.0.0.0/8");
	unwatch(one, b);
	unwatch(other, c);
	leave(one);
	leave(other);
}

TEST(changes_of_another_table_are_not_told) /* decision 60 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ENTITY_HANDLE ipv6 = enter_as(instance, RTM2_AF_INET6, 8, 1);
	RTM_ENTITY_HANDLE abroad = enter_as(second_instance(), RTM2_AF_INET, 8, 1);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL);

	keep_route(ipv6, ROUTE(.to = "2001:db8::/32"));
	keep_route(abroad, ROUTE(.to = "10.0.0.0/8"));
	CHECK_TEXT(changes(entity, notify), "");
	unwatch(entity, notify);
	leave(entity);
	leave(ipv6);
	leave(abroad);
}

TEST(fetching_checks_its_arguments) /* decisions 80, 81, 123 */
{
	RTM_ENTITY_HANDLE entity = enter(8), other = enter(9);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL);
	static union {
		RTM_DEST_INFO first;
		UCHAR room[ROOM_HANDLES * RTM_SIZE_OF_DEST_INFO(1)];
	} results;
	UINT count = 1;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	CHECK_EQ(RtmGetChangedDests(NULL, notify, &count, &results.first), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetChangedDests(entity, NULL, &count, &results.first), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetChangedDests(entity, entity, &count, &results.first), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetChangedDests(other, notify, &count, &results.first), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetChangedDests(entity, NULL, NULL, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetChangedDests(entity, notify, NULL, &results.first), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmGetChangedDests(entity, notify, &count, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(count, 1);
	count = 0;
	CHECK_EQ(RtmGetChangedDests(entity, notify, &count, &results.first), ERROR_INVALID_PARAMETER);
	CHECK_EQ(count, 0);
	count = profile.MaxHandlesInEnum + 1;
	CHECK_EQ(RtmGetChangedDests(entity, notify, &count, &results.first), ERROR_INVALID_PARAMETER);
	CHECK_EQ(count, profile.MaxHandlesInEnum + 1);
	count = profile.MaxHandlesInEnum;
	CHECK_EQ(RtmGetChangedDests(entity, notify, &count, &results.first), NO_ERROR);
	CHECK_EQ(count, 1);
	CHECK_EQ(RtmReleaseChangedDests(entity, notify, 1, &results.first), NO_ERROR);
	unwatch(entity, notify);
	leave(entity);
	leave(other);
}

TEST(fetched_destinations_are_released_once) /* decisions 77, 82 */
{
	RTM_ENTITY_HANDLE entity = enter(8), other = enter(9);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL);
	dest_info result;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	CHECK_EQ(handles_of(entity), 1);
	REQUIRE(fetch(entity, notify, &result));
	CHECK_EQ(handles_of(entity), 1 + 3); /* destination, route, owner */
	CHECK_EQ(RtmReleaseChangedDests(NULL, notify, 1, &result.info), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseChangedDests(entity, NULL, 1, &result.info), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseChangedDests(entity, result.info.DestHandle, 1, &result.info), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseChangedDests(other, notify, 1, &result.info), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseChangedDests(entity, notify, 1, NULL), ERROR_INVALID_PARAMETER);
	CHECK_EQ(handles_of(entity), 1 + 3);
	CHECK_EQ(RtmReleaseChangedDests(entity, notify, 0, NULL), NO_ERROR);
	CHECK_EQ(RtmReleaseChangedDests(entity, notify, 1, &result.info), NO_ERROR);
	CHECK_EQ(handles_of(entity), 1);
	CHECK_EQ(RtmReleaseChangedDests(entity, notify, 1, &result.info), ERROR_INVALID_HANDLE);
	unwatch(entity, notify);
	leave(entity);
	leave(other);
}

/* Status and ignoring */

TEST(a_change_is_pending_until_it_is_fetched)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL), bystander = watch(entity, MCAST, ALL);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");

	CHECK(is_pending(entity, notify, dest));
	CHECK(!is_pending(entity, bystander, dest));
	CHECK(is_pending(entity, notify, dest)); /* asking does not fetch */
	CHECK_TEXT(changes(entity, notify), "10.0.0.0/8");
	CHECK(!is_pending(entity, notify, dest));
	update_route(entity, route, ROUTE(.metric = 2));
	CHECK(is_pending(entity, notify, dest));
	release_dest(entity, dest);
	unwatch(entity, notify);
	unwatch(entity, bystander);
	leave(entity);
}

struct question {
	RTM_ENTITY_HANDLE entity;
	RTM_NOTIFY_HANDLE notify;
	RTM_DEST_HANDLE dest;
	BOOL answer;
};

static DWORD ask_status(void *context)
{
	struct question *q = context;

	return RtmGetChangeStatus(q->entity, q->notify, q->dest, &q->answer);
}

TEST(another_thread_may_ask_for_the_status)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	struct question q = {.entity = entity, .notify = watch(entity, UCAST, ALL), .answer = 77};
	struct thread thread;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	q.dest = hold_dest(entity, "10.0.0.0/8");
	start_thread(&thread, ask_status, &q);
	CHECK_EQ(end_thread(&thread), NO_ERROR);
	CHECK_EQ(q.answer, TRUE);
	release_dest(entity, q.dest);
	unwatch(entity, q.notify);
	leave(entity);
}

TEST(an_ignored_change_is_not_fetched) /* decision 150 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL), other = watch(entity, UCAST, ALL);
	RTM_ROUTE_HANDLE route;
	RTM_DEST_HANDLE dests[2];

	route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	keep_route(entity, ROUTE(.to = "11.0.0.0/8"));
	keep_route(entity, ROUTE(.to = "12.0.0.0/8"));
	dests[0] = hold_dest(entity, "10.0.0.0/8");
	dests[1] = hold_dest(entity, "12.0.0.0/8");
	CHECK_EQ(RtmIgnoreChangedDests(entity, notify, 2, dests), NO_ERROR);
	CHECK(!is_pending(entity, notify, dests[0]));
	CHECK(is_pending(entity, other, dests[0]));
	CHECK_TEXT(changes(entity, notify), "11.0.0.0/8");
	CHECK_TEXT(changes(entity, other), "10.0.0.0/8 11.0.0.0/8 12.0.0.0/8");
	/* A later change is told again. */
	update_route(entity, route, ROUTE(.metric = 2));
	CHECK_TEXT(changes(entity, notify), "10.0.0.0/8");
	/* The handles are still the caller's. */
	release_dest(entity, dests[0]);
	release_dest(entity, dests[1]);
	unwatch(entity, notify);
	unwatch(entity, other);
	leave(entity);
}

TEST(an_ignored_change_that_happens_again_is_told_once) /* decision 150 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");

	for (ULONG i = 1; i < 4; i++) {
		CHECK_EQ(RtmIgnoreChangedDests(entity, notify, 1, &dest), NO_ERROR);
		update_route(entity, route, ROUTE(.metric = i));
	}
	CHECK_TEXT(changes(entity, notify), "10.0.0.0/8");
	CHECK_EQ(RtmIgnoreChangedDests(entity, notify, 1, &dest), NO_ERROR);
	CHECK_TEXT(changes(entity, notify), "");
	release_dest(entity, dest);
	unwatch(entity, notify);
	leave(entity);
}

TEST(ignoring_what_is_not_pending_has_no_effect) /* decision 150 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");

	forget_changes(entity, notify);
	CHECK_EQ(RtmIgnoreChangedDests(entity, notify, 1, &dest), NO_ERROR);
	CHECK_EQ(RtmIgnoreChangedDests(entity, notify, 1, &dest), NO_ERROR);
	CHECK_EQ(RtmIgnoreChangedDests(entity, notify, 0, NULL), NO_ERROR);
	update_route(entity, route, ROUTE(.metric = 2));
	CHECK_TEXT(changes(entity, notify), "10.0.0.0/8");
	release_dest(entity, dest);
	unwatch(entity, notify);
	leave(entity);
}

TEST(an_ignored_destination_does_not_stay_for_that) /* decision 182 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");
	dest_info result;

	remove_route(entity, route);
	CHECK_EQ(RtmIgnoreChangedDests(entity, notify, 1, &dest), NO_ERROR);
	release_dest(entity, dest);
	CHECK_TEXT(changes(entity, notify), "");
	CHECK_EQ(RtmGetDestInfo(entity, dest, RTM_BEST_PROTOCOL, UCAST, &result.info), ERROR_INVALID_HANDLE);
	unwatch(entity, notify);
	leave(entity);
}

TEST(one_bad_handle_ignores_nothing) /* decision 80 */
{
	RTM_ENTITY_HANDLE entity = enter(8), other = enter(9);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dests[2];

	dests[0] = hold_dest(entity, "10.0.0.0/8");
	dests[1] = route;
	CHECK_EQ(RtmIgnoreChangedDests(entity, notify, 2, dests), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmIgnoreChangedDests(NULL, notify, 1, dests), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmIgnoreChangedDests(entity, NULL, 1, dests), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmIgnoreChangedDests(entity, dests[0], 1, dests), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmIgnoreChangedDests(other, notify, 1, dests), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmIgnoreChangedDests(entity, notify, 1, NULL), ERROR_INVALID_PARAMETER);
	CHECK(is_pending(entity, notify, dests[0]));
	release_dest(entity, dests[0]);
	unwatch(entity, notify);
	leave(entity);
	leave(other);
}

TEST(the_status_of_a_change_needs_handles_and_room) /* decisions 80, 81 */
{
	RTM_ENTITY_HANDLE entity = enter(8), other = enter(9);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");
	BOOL answer = 77;

	CHECK_EQ(RtmGetChangeStatus(NULL, notify, dest, &answer), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetChangeStatus(entity, NULL, dest, &answer), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetChangeStatus(entity, notify, NULL, &answer), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetChangeStatus(entity, notify, route, &answer), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetChangeStatus(entity, dest, notify, &answer), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetChangeStatus(other, notify, dest, &answer), ERROR_INVALID_HANDLE);
	CHECK_EQ(answer, 77);
	CHECK_EQ(RtmGetChangeStatus(entity, notify, dest, NULL), ERROR_INVALID_PARAMETER);
	release_dest(entity, dest);
	unwatch(entity, notify);
	leave(entity);
	leave(other);
}

/* Marks */

TEST(only_marked_destinations_reach_a_registration_for_them)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL | ONLY_MARKED);
	RTM_ROUTE_HANDLE marked = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_ROUTE_HANDLE other = keep_route(entity, ROUTE(.to = "11.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");

	CHECK_TEXT(changes(entity, notify), "");
	CHECK(!is_marked(entity, notify, dest));
	mark(entity, notify, dest, TRUE);
	CHECK(is_marked(entity, notify, dest));
	CHECK_TEXT(changes(entity, notify), ""); /* marking is no change */
	update_route(entity, marked, ROUTE(.metric = 2));
	update_route(entity, other, ROUTE(.metric = 2));
	CHECK_TEXT(changes(entity, notify), "10.0.0.0/8");
	mark(entity, notify, dest, FALSE);
	CHECK(!is_marked(entity, notify, dest));
	update_route(entity, marked, ROUTE(.metric = 3));
	CHECK_TEXT(changes(entity, notify), "");
	release_dest(entity, dest);
	unwatch(entity, notify);
	leave(entity);
}

TEST(type_and_view_must_fit_a_marked_destination_too)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NOTIFY_HANDLE best = watch(entity, UCAST, BEST | ONLY_MARKED), mcast = watch(entity, MCAST, ALL | ONLY_MARKED);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");

	mark(entity, best, dest, TRUE);
	mark(entity, mcast, dest, TRUE);
	update_route(entity, route, ROUTE(.tag = 1));
	CHECK_TEXT(changes(entity, best), "");
	CHECK_TEXT(changes(entity, mcast), "");
	update_route(entity, route, ROUTE(.pref = 1));
	CHECK_TEXT(changes(entity, best), "10.0.0.0/8");
	CHECK_TEXT(changes(entity, mcast), "");
	release_dest(entity, dest);
	unwatch(entity, best);
	unwatch(entity, mcast);
	leave(entity);
}

TEST(a_mark_belongs_to_one_registration) /* decision 149 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NOTIFY_HANDLE a = watch(entity, UCAST, ALL | ONLY_MARKED), b = watch(entity, UCAST, ALL | ONLY_MARKED);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");

	mark(entity, a, dest, TRUE);
	CHECK(!is_marked(entity, b, dest));
	update_route(entity, route, ROUTE(.metric = 2));
	CHECK_TEXT(changes(entity, a), "10.0.0.0/8");
	CHECK_TEXT(changes(entity, b), "");
	mark(entity, b, dest, FALSE);
	CHECK(is_marked(entity, a, dest));
	release_dest(entity, dest);
	unwatch(entity, a);
	unwatch(entity, b);
	leave(entity);
}

TEST(a_mark_without_the_flag_has_no_effect) /* decision 149 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL);
	RTM_ROUTE_HANDLE a = keep_route(entity, ROUTE(.to = "10.0.0.0/8")), b;
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");

	b = keep_route(entity, ROUTE(.to = "11.0.0.0/8"));
	forget_changes(entity, notify);
	mark(entity, notify, dest, TRUE);
	CHECK(is_marked(entity, notify, dest));
	update_route(entity, a, ROUTE(.metric = 2));
	update_route(entity, b, ROUTE(.metric = 2));
	CHECK_TEXT(changes(entity, notify), "10.0.0.0/8 11.0.0.0/8");
	release_dest(entity, dest);
	unwatch(entity, notify);
	leave(entity);
}

TEST(a_mark_survives_its_destination_being_empty) /* decisions 149, 182 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL | ONLY_MARKED);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");
	dest_info result;

	mark(entity, notify, dest, TRUE);
	release_dest(entity, dest);
	remove_route(entity, route);
	CHECK_TEXT(changes(entity, notify), "10.0.0.0/8");
	CHECK(!is_known(entity, "10.0.0.0/8"));
	/* No reference is left but the mark's: the object is still there. */
	CHECK(is_marked(entity, notify, dest));
	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	REQUIRE(fetch(entity, notify, &result));
	CHECK_SAME(result.info.DestHandle, dest);
	release_fetched(entity, notify, &result);
	unwatch(entity, notify);
	leave(entity);
}

TEST(unmarking_lets_an_empty_destination_go) /* decision 149 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL | ONLY_MARKED);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");
	BOOL answer;

	mark(entity, notify, dest, TRUE);
	mark(entity, notify, dest, TRUE); /* once more is no second mark */
	release_dest(entity, dest);
	remove_route(entity, route);
	forget_changes(entity, notify);
	mark(entity, notify, dest, FALSE);
	CHECK_EQ(RtmIsMarkedForChangeNotification(entity, notify, dest, &answer), ERROR_INVALID_HANDLE);
	unwatch(entity, notify);
	leave(entity);
}

TEST(unmarking_does_not_drop_a_pending_change) /* decision 149 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL | ONLY_MARKED);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");

	mark(entity, notify, dest, TRUE);
	update_route(entity, route, ROUTE(.metric = 2));
	mark(entity, notify, dest, FALSE);
	mark(entity, notify, dest, FALSE); /* nothing to unmark is no error */
	CHECK_TEXT(changes(entity, notify), "10.0.0.0/8");
	release_dest(entity, dest);
	unwatch(entity, notify);
	leave(entity);
}

TEST(marks_go_with_their_registration) /* decisions 149, 152 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL | ONLY_MARKED), next;
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8"), kept;
	dest_info result;

	keep_route(entity, ROUTE(.to = "11.0.0.0/8"));
	kept = hold_dest(entity, "11.0.0.0/8");
	mark(entity, notify, dest, TRUE);
	mark(entity, notify, kept, TRUE);
	release_dest(entity, dest);
	remove_route(entity, route);
	forget_changes(entity, notify);
	unwatch(entity, notify);
	CHECK_EQ(RtmGetDestInfo(entity, dest, RTM_BEST_PROTOCOL, UCAST, &result.info), ERROR_INVALID_HANDLE);
	next = watch(entity, UCAST, ALL | ONLY_MARKED);
	CHECK(!is_marked(entity, next, kept));
	release_dest(entity, kept);
	unwatch(entity, next);
	leave(entity);
}

TEST(marking_needs_handles_and_room) /* decisions 80, 81 */
{
	RTM_ENTITY_HANDLE entity = enter(8), other = enter(9);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL | ONLY_MARKED);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");
	BOOL answer = 77;

	CHECK_EQ(RtmMarkDestForChangeNotification(NULL, notify, dest, TRUE), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmMarkDestForChangeNotification(entity, NULL, dest, TRUE), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmMarkDestForChangeNotification(entity, notify, NULL, TRUE), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmMarkDestForChangeNotification(entity, notify, route, TRUE), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmMarkDestForChangeNotification(other, notify, dest, TRUE), ERROR_INVALID_HANDLE);
	CHECK(!is_marked(entity, notify, dest));
	CHECK_EQ(RtmIsMarkedForChangeNotification(NULL, notify, dest, &answer), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmIsMarkedForChangeNotification(entity, NULL, dest, &answer), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmIsMarkedForChangeNotification(entity, notify, NULL, &answer), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmIsMarkedForChangeNotification(entity, notify, route, &answer), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmIsMarkedForChangeNotification(other, notify, dest, &answer), ERROR_INVALID_HANDLE);
	CHECK_EQ(answer, 77);
	CHECK_EQ(RtmIsMarkedForChangeNotification(entity, notify, dest, NULL), ERROR_INVALID_PARAMETER);
	release_dest(entity, dest);
	unwatch(entity, notify);
	leave(entity);
	leave(other);
}

/* Registering */

TEST(a_registration_states_types_of_change) /* decisions 80, 81, 122, 148 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NOTIFY_HANDLE notify = NULL;

	CHECK_EQ(RtmRegisterForChangeNotification(NULL, UCAST, ALL, NULL, &notify), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmRegisterForChangeNotification(entity, UCAST, 0, NULL, &notify), ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmRegisterForChangeNotification(entity, UCAST, ONLY_MARKED, NULL, &notify), ERROR_INVALID_PARAMETER);
	for (unsigned bit = 3; bit < 32; bit++)
		if (1u << bit != ONLY_MARKED)
			CHECK_EQ(RtmRegisterForChangeNotification(entity, UCAST, ALL | 1u << bit, NULL, &notify),
			         ERROR_INVALID_PARAMETER);
	CHECK_EQ(RtmRegisterForChangeNotification(entity, UCAST, ALL, NULL, NULL), ERROR_INVALID_PARAMETER);
	CHECK_SAME(notify, NULL);
	CHECK_EQ(handles_of(entity), 0);
	leave(entity);
}

TEST(a_registration_refuses_unsupported_views) /* decisions 80, 122 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NOTIFY_HANDLE notify = NULL;

	CHECK_EQ(RtmRegisterForChangeNotification(entity, 4, ALL, NULL, &notify), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmRegisterForChangeNotification(entity, BOTH | 8, ALL, NULL, &notify), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmRegisterForChangeNotification(entity, 0x7FFFFFFF, ALL, NULL, &notify), ERROR_NOT_SUPPORTED);
	CHECK_EQ(RtmRegisterForChangeNotification(entity, 4, 0, NULL, &notify), ERROR_INVALID_PARAMETER);
	CHECK_SAME(notify, NULL);
	leave(entity);
}

TEST(a_table_has_32_registrations) /* decision 151 */
{
	RTM_ENTITY_HANDLE one = enter(8), other = enter(9), ipv6 = enter_as(instance, RTM2_AF_INET6, 8, 1);
	RTM_NOTIFY_HANDLE notify[32], more = NULL;

	for (unsigned i = 0; i < 32; i++)
		notify[i] = watch(i % 2 ? one : other, UCAST, ALL);
	CHECK_EQ(RtmRegisterForChangeNotification(one, UCAST, ALL, NULL, &more), ERROR_NO_SYSTEM_RESOURCES);
	CHECK_EQ(RtmRegisterForChangeNotification(other, UCAST, ALL, NULL, &more), ERROR_NO_SYSTEM_RESOURCES);
	CHECK_SAME(more, NULL);
	unwatch(ipv6, watch(ipv6, UCAST, ALL));
	keep_route(one, ROUTE(.to = "10.0.0.0/8"));
	for (unsigned i = 0; i < 32; i++)
		CHECK_TEXT(changes(i % 2 ? one : other, notify[i]), "10.0.0.0/8");
	unwatch(one, notify[31]);
	notify[31] = watch(one, UCAST, ALL);
	CHECK_EQ(RtmRegisterForChangeNotification(one, UCAST, ALL, NULL, &more), ERROR_NO_SYSTEM_RESOURCES);
	for (unsigned i = 0; i < 32; i++)
		unwatch(i % 2 ? one : other, notify[i]);
	leave(one);
	leave(other);
	leave(ipv6);
}

TEST(a_registration_is_a_handle_until_it_ends) /* decision 73 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL), again;

	CHECK_EQ(handles_of(entity), 1);
	unwatch(entity, notify);
	CHECK_EQ(handles_of(entity), 0);
	again = watch(entity, UCAST, ALL);
	CHECK(again != notify);
	unwatch(entity, again);
	leave(entity);
}

TEST(nothing_works_with_a_registration_that_ended) /* decision 152 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL);
	RTM_DEST_HANDLE dest;
	dest_info result;
	UINT count = 1;
	BOOL answer;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	dest = hold_dest(entity, "10.0.0.0/8");
	unwatch(entity, notify);
	CHECK_EQ(RtmGetChangedDests(entity, notify, &count, &result.info), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReleaseChangedDests(entity, notify, 0, &result.info), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmIgnoreChangedDests(entity, notify, 1, &dest), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmGetChangeStatus(entity, notify, dest, &answer), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmMarkDestForChangeNotification(entity, notify, dest, TRUE), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmIsMarkedForChangeNotification(entity, notify, dest, &answer), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeregisterFromChangeNotification(entity, notify), ERROR_INVALID_HANDLE);
	release_dest(entity, dest);
	leave(entity);
}

TEST(only_its_entity_ends_a_registration)
{
	RTM_ENTITY_HANDLE entity = enter(8), other = enter(9);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL);

	CHECK_EQ(RtmDeregisterFromChangeNotification(NULL, notify), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeregisterFromChangeNotification(other, notify), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeregisterFromChangeNotification(entity, NULL), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmDeregisterFromChangeNotification(entity, entity), ERROR_INVALID_HANDLE);
	CHECK_EQ(RtmReferenceHandles(entity, 1, &notify), ERROR_INVALID_HANDLE); /* decision 83 */
	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	CHECK_TEXT(changes(entity, notify), "10.0.0.0/8");
	unwatch(entity, notify);
	leave(entity);
	leave(other);
}

TEST(pending_changes_end_with_their_registration) /* decisions 144, 152 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL);
	RTM_ROUTE_HANDLE route = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	RTM_DEST_HANDLE dest = hold_dest(entity, "10.0.0.0/8");
	dest_info result;

	remove_route(entity, route);
	release_dest(entity, dest);
	REQUIRE_EQ(RtmGetDestInfo(entity, dest, RTM_BEST_PROTOCOL, UCAST, &result.info), NO_ERROR);
	release_info(entity, &result);
	unwatch(entity, notify);
	CHECK_EQ(RtmGetDestInfo(entity, dest, RTM_BEST_PROTOCOL, UCAST, &result.info), ERROR_INVALID_HANDLE);
	leave(entity);
}

TEST(registrations_end_with_their_entity) /* decision 68 */
{
	RTM_ENTITY_HANDLE entity = enter(8), other = enter(9);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL), more[32];
	dest_info result;
	UINT count = 1;

	keep_route(other, ROUTE(.to = "10.0.0.0/8"));
	leave(entity);
	CHECK_EQ(RtmGetChangedDests(entity, notify, &count, &result.info), ERROR_INVALID_HANDLE);
	entity = enter(8);
	CHECK_EQ(RtmGetChangedDests(entity, notify, &count, &result.info), ERROR_INVALID_HANDLE);
	for (unsigned i = 0; i < 32; i++)
		more[i] = watch(entity, UCAST, ALL);
	for (unsigned i = 0; i < 32; i++)
		unwatch(entity, more[i]);
	leave(entity);
	leave(other);
}

/* The event */

TEST(a_change_is_announced_with_handle_and_context)
{
	RTM_ENTITY_HANDLE entity = enter_listening(8), owner = enter(9);
	RTM_NOTIFY_HANDLE a = NULL, b = NULL;
	int context_a, context_b;

	REQUIRE_EQ(RtmRegisterForChangeNotification(entity, UCAST, ALL, &context_a, &a), NO_ERROR);
	REQUIRE_EQ(RtmRegisterForChangeNotification(entity, MCAST, ALL, &context_b, &b), NO_ERROR);
	await_events();
	CHECK_EQ(times_told(entity, RTM_CHANGE_NOTIFICATION), 0);
	keep_route(owner, ROUTE(.to = "10.0.0.0/8", .in = MCAST));
	await_events();
	REQUIRE_EQ(times_told(entity, RTM_CHANGE_NOTIFICATION), 1);
	CHECK_EQ(event_of(entity, events_of(entity) - 1).type, RTM_CHANGE_NOTIFICATION);
	CHECK_SAME(event_of(entity, events_of(entity) - 1).context1, b);
	CHECK_SAME(event_of(entity, events_of(entity) - 1).context2, &context_b);
	keep_route(owner, ROUTE(.to = "11.0.0.0/8"));
	await_events();
	REQUIRE_EQ(times_told(entity, RTM_CHANGE_NOTIFICATION), 2);
	CHECK_SAME(event_of(entity, events_of(entity) - 1).context1, a);
	CHECK_SAME(event_of(entity, events_of(entity) - 1).context2, &context_a);
	unwatch(entity, a);
	unwatch(entity, b);
	leave(entity);
	leave(owner);
}

TEST(changes_are_announced_once_until_they_are_all_fetched) /* decision 142 */
{
	RTM_ENTITY_HANDLE entity = enter_listening(8);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL);
	RTM_ROUTE_HANDLE a = keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	dest_info result;

	await_events();
	CHECK_EQ(times_told(entity, RTM_CHANGE_NOTIFICATION), 1);
	keep_route(entity, ROUTE(.to = "11.0.0.0/8"));
	keep_route(entity, ROUTE(.to = "12.0.0.0/8"));
	update_route(entity, a, ROUTE(.metric = 1));
	await_events();
	CHECK_EQ(times_told(entity, RTM_CHANGE_NOTIFICATION), 1);
	REQUIRE(fetch(entity, notify, &result)); /* some of them is not all of them */
	release_fetched(entity, notify, &result);
	keep_route(entity, ROUTE(.to = "13.0.0.0/8"));
	await_events();
	CHECK_EQ(times_told(entity, RTM_CHANGE_NOTIFICATION), 1);
	forget_changes(entity, notify);
	await_events();
	CHECK_EQ(times_told(entity, RTM_CHANGE_NOTIFICATION), 1);
	keep_route(entity, ROUTE(.to = "14.0.0.0/8"));
	await_events();
	CHECK_EQ(times_told(entity, RTM_CHANGE_NOTIFICATION), 2);
	unwatch(entity, notify);
	leave(entity);
}

TEST(a_change_while_an_event_is_on_its_way_is_announced_with_it) /* decision 142 */
{
	RTM_ENTITY_HANDLE entity = enter_listening(8);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL);

	hold_events();
	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	forget_changes(entity, notify);
	keep_route(entity, ROUTE(.to = "11.0.0.0/8"));
	let_events_go();
	await_events();
	CHECK_EQ(times_told(entity, RTM_CHANGE_NOTIFICATION), 1);
	CHECK_TEXT(changes(entity, notify), "11.0.0.0/8");
	unwatch(entity, notify);
	leave(entity);
}

TEST(a_registration_that_ended_is_announced_no_more) /* decision 152 */
{
	RTM_ENTITY_HANDLE entity = enter_listening(8);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL), stays = watch(entity, UCAST, BEST);

	hold_events();
	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	unwatch(entity, notify); /* the event is on its way */
	let_events_go();
	await_events();
	CHECK_EQ(times_told(entity, RTM_CHANGE_NOTIFICATION), 1);
	CHECK_SAME(event_of(entity, events_of(entity) - 1).context1, stays);
	unwatch(entity, stays);
	leave(entity);
}

TEST(a_registration_is_announced_in_the_place_of_one_that_ended) /* decision 152 */
{
	RTM_ENTITY_HANDLE entity = enter_listening(8);
	RTM_NOTIFY_HANDLE notify = NULL;

	hold_events();
	for (unsigned i = 0; i < 3; i++) {
		if (notify)
			unwatch(entity, notify); /* with its event on its way */
		notify = watch(entity, UCAST, ALL);
		keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	}
	let_events_go();
	await_events();
	REQUIRE_EQ(times_told(entity, RTM_CHANGE_NOTIFICATION), 1);
	CHECK_SAME(event_of(entity, events_of(entity) - 1).context1, notify);
	unwatch(entity, notify);
	leave(entity);
}

/* A callback that the test lets go on when it wants to. */
static struct {
	atomic_bool inside;
	atomic_bool may_leave;
	atomic_bool left;
} visit;

static DWORD WINAPI linger(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE type, PVOID context1, PVOID context2)
{
	(void)self;
	(void)context1;
	(void)context2;
	if (type != RTM_CHANGE_NOTIFICATION)
		return NO_ERROR;
	atomic_store(&visit.inside, true);
	while (!atomic_load(&visit.may_leave))
		give_way();
	atomic_store(&visit.left, true);
	return NO_ERROR;
}

static void prepare_visit(void)
{
	atomic_store(&visit.inside, false);
	atomic_store(&visit.may_leave, false);
	atomic_store(&visit.left, false);
}

struct parting {
	RTM_ENTITY_HANDLE entity;
	RTM_NOTIFY_HANDLE notify;
	bool left_before_return;
};

static DWORD part_from_changes(void *context)
{
	struct parting *p = context;
	DWORD status = RtmDeregisterFromChangeNotification(p->entity, p->notify);

	p->left_before_return = atomic_load(&visit.left);
	return status;
}

static DWORD part_from_all(void *context)
{
	struct parting *p = context;
	DWORD status = RtmDeregisterEntity(p->entity);

	p->left_before_return = atomic_load(&visit.left);
	return status;
}

TEST(ending_a_registration_waits_for_its_running_callback) /* decision 152 */
{
	RTM_ENTITY_HANDLE entity = enter_with(8, linger);
	struct parting p = {.entity = entity, .notify = watch(entity, UCAST, ALL)};
	struct thread thread;

	prepare_visit();
	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	EVENTUALLY(atomic_load(&visit.inside));
	start_thread(&thread, part_from_changes, &p);
	give_way_for_long();
	CHECK(!atomic_load(&thread.ended));
	/* Meanwhile the table is free. */
	keep_route(entity, ROUTE(.to = "11.0.0.0/8"));
	atomic_store(&visit.may_leave, true);
	CHECK_EQ(end_thread(&thread), NO_ERROR);
	CHECK(p.left_before_return);
	leave(entity);
}

TEST(deregistration_of_an_entity_waits_for_its_running_callback) /* decision 67 */
{
	RTM_ENTITY_HANDLE entity = enter_with(8, linger), owner = enter(9);
	struct parting p = {.entity = entity};
	struct thread thread;

	prepare_visit();
	(void)watch(entity, UCAST, ALL);
	keep_route(owner, ROUTE(.to = "10.0.0.0/8"));
	EVENTUALLY(atomic_load(&visit.inside));
	start_thread(&thread, part_from_all, &p);
	give_way_for_long();
	CHECK(!atomic_load(&thread.ended));
	atomic_store(&visit.may_leave, true);
	CHECK_EQ(end_thread(&thread), NO_ERROR);
	CHECK(p.left_before_return);
	leave(owner);
}

static atomic_uint parting_status;

static DWORD WINAPI part_inside(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE type, PVOID context1, PVOID context2)
{
	(void)context2;
	if (type == RTM_CHANGE_NOTIFICATION)
		atomic_store(&parting_status, RtmDeregisterFromChangeNotification(self, context1));
	return NO_ERROR;
}

TEST(a_callback_may_end_its_own_registration) /* decision 152 */
{
	RTM_ENTITY_HANDLE entity = enter_with(8, part_inside);

	(void)watch(entity, UCAST, ALL);
	atomic_store(&parting_status, 77);
	keep_route(entity, ROUTE(.to = "10.0.0.0/8"));
	EVENTUALLY(atomic_load(&parting_status) != 77);
	CHECK_EQ(atomic_load(&parting_status), NO_ERROR);
	CHECK_EQ(handles_of(entity), 0);
	leave(entity);
}

static DWORD WINAPI part_wholly_inside(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE type, PVOID context1, PVOID context2)
{
	(void)context1;
	(void)context2;
	if (type == RTM_CHANGE_NOTIFICATION)
		atomic_store(&parting_status, RtmDeregisterEntity(self));
	return NO_ERROR;
}

TEST(a_callback_may_deregister_its_own_entity) /* decision 67 */
{
	RTM_ENTITY_HANDLE entity = enter_with(8, part_wholly_inside), owner = enter(9);
	RTM_NOTIFY_HANDLE notify = watch(entity, UCAST, ALL);

	atomic_store(&parting_status, 77);
	keep_route(owner, ROUTE(.to = "10.0.0.0/8"));
	EVENTUALLY(atomic_load(&parting_status) != 77);
	CHECK_EQ(atomic_load(&parting_status), NO_ERROR);
	CHECK_EQ(RtmDeregisterFromChangeNotification(entity, notify), ERROR_INVALID_HANDLE);
	leave(owner);
}
