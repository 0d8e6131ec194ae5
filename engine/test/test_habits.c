/*
 * test_habits.c - what published RTMv2 clients do, whether or not a page says so. Whoever was written against rtm.dll has
 * to get by here.
 */
#define __USE_MINGW_ANSI_STDIO 1
#include "events.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Change notification */

TEST(an_entity_without_a_callback_polls_for_changes) /* decision 141 */
{
	RTM_ENTITY_HANDLE poller = enter(8), other = enter(9);
	RTM_NOTIFY_HANDLE notify = NULL;
	dest_info result;
	UINT count;

	REQUIRE_EQ(RtmRegisterForChangeNotification(poller, UCAST, RTM_CHANGE_TYPE_ALL, NULL, &notify), NO_ERROR);
	for (unsigned round = 0; round < 3; round++) {
		RTM_ROUTE_HANDLE route = keep_route(other, ROUTE(.to = "10.0.0.0/8"));

		count = 1;
		CHECK_EQ(RtmGetChangedDests(poller, notify, &count, &result.info), NO_ERROR);
		CHECK_EQ(count, 1);
		CHECK_SAME(VIEW(result, 0).Route, route);
		CHECK_EQ(RtmReleaseChangedDests(poller, notify, count, &result.info), NO_ERROR);
		remove_route(other, route);
		CHECK_EQ(RtmGetChangedDests(poller, notify, &count, &result.info), NO_ERROR);
		CHECK_EQ(RtmReleaseChangedDests(poller, notify, count, &result.info), NO_ERROR);
		CHECK_EQ(RtmGetChangedDests(poller, notify, &count, &result.info), ERROR_NO_MORE_ITEMS);
	}
	CHECK_EQ(RtmDeregisterFromChangeNotification(poller, notify), NO_ERROR);
	leave(poller);
	leave(other);
}

/* What a callback saw that reads changes into a buffer for one destination and one view. */
static struct {
	atomic_uint destinations;
	atomic_uint ends;
	atomic_uint failures;
	atomic_uint smashed;
	atomic_uint foreign_views;
	atomic_int view;
} reading;

enum { CANARY = 0x5A };

static DWORD WINAPI read_changes(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE type, PVOID context1, PVOID context2)
{
	struct {
		RTM_DEST_INFO info;
		UCHAR canary[2 * sizeof(RTM_DEST_INFO)];
	} buffer;
	UINT count;
	DWORD status;

	(void)context2;
	if (type != RTM_CHANGE_NOTIFICATION)
		return NO_ERROR;
	memset(buffer.canary, CANARY, sizeof(buffer.canary));
	do {
		count = 1;
		status = RtmGetChangedDests(self, context1, &count, &buffer.info);
		if (status == NO_ERROR) {
			atomic_fetch_add(&reading.destinations, 1);
			if (buffer.info.NumberOfViews != 1 || buffer.info.ViewInfo[0].ViewId != atomic_load(&reading.view))
				atomic_fetch_add(&reading.foreign_views, 1);
			if (RtmReleaseChangedDests(self, context1, count, &buffer.info) != NO_ERROR)
				atomic_fetch_add(&reading.failures, 1);
		} else if (status != ERROR_NO_MORE_ITEMS) {
			atomic_fetch_add(&reading.failures, 1);
		}
	} while (count != 0);
	for (size_t i = 0; i < sizeof(buffer.canary); i++)
		if (buffer.canary[i] != CANARY)
			atomic_fetch_add(&reading.smashed, 1);
	atomic_fetch_add(&reading.ends, 1);
	return NO_ERROR;
}

/* Changes of routes in both views, read by a registration for one of them. */
static void check_reading_inside(RTM_VIEW_SET view, int id)
{
	RTM_ENTITY_HANDLE reader, owner = enter(9);
	RTM_NOTIFY_HANDLE notify = NULL;

	memset(&reading, 0, sizeof(reading));
	atomic_store(&reading.view, id);
	reader = enter_with(8, read_changes);
	REQUIRE_EQ(RtmRegisterForChangeNotification(reader, view, RTM_CHANGE_TYPE_BEST, NULL, &notify), NO_ERROR);
	hold_events();
	keep_route(owner, ROUTE(.to = "10.0.0.0/8", .in = BOTH));
	keep_route(owner, ROUTE(.to = "11.0.0.0/8", .in = BOTH));
	keep_route(owner, ROUTE(.to = "12.0.0.0/8", .in = view));
	let_events_go();
	EVENTUALLY(atomic_load(&reading.ends) == 1);
	CHECK_EQ(atomic_load(&reading.destinations), 3);
	leave(owner);
	EVENTUALLY(atomic_load(&reading.destinations) == 6);
	await_events();
	CHECK_EQ(atomic_load(&reading.failures), 0);
	CHECK_EQ(atomic_load(&reading.smashed), 0);
	CHECK_EQ(atomic_load(&reading.foreign_views), 0);
	CHECK_EQ(handles_of(reader), 1);
	CHECK_EQ(RtmDeregisterFromChangeNotification(reader, notify), NO_ERROR);
	leave(reader);
}

TEST(a_callback_reads_changes_into_a_buffer_for_one_view) /* decision 119 */
{
	check_reading_inside(UCAST, RTM_VIEW_ID_UCAST);
}

TEST(the_first_view_of_a_multicast_registration_is_the_multicast_view) /* decision 119 */
{
	check_reading_inside(MCAST, RTM_VIEW_ID_MCAST);
}

/* Ends of enumerations */

/* The loop of the samples: what came is processed and released before the status is looked at. */
TEST(an_enumeration_ends_with_259_and_nothing_to_release) /* decision 113 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_ENUM_HANDLE dests, routes, hops;
	RTM_ROUTE_HANDLE handles[2];
	dest_info info;
	unsigned rounds;
	DWORD status;
	UINT count;

	keep_route(entity, ROUTE(.to = "10.0.0.0/8", .via = {keep_hop(entity, "192.0.2.1", 1)}));
	keep_route(entity, ROUTE(.to = "11.0.0.0/8", .via = {keep_hop(entity, "192.0.2.2", 1)}));
	dests = dest_enum(entity, UCAST, RTM_ENUM_START, NULL);
	rounds = 0;
	do {
		count = 1;
		status = RtmGetEnumDests(entity, dests, &count, &info.info);
		CHECK_EQ(RtmReleaseDests(entity, count, &info.info), NO_ERROR);
		rounds++;
	} while (status == NO_ERROR);
	CHECK_EQ(status, ERROR_NO_MORE_ITEMS);
	CHECK_EQ(count, 0);
	CHECK_EQ(rounds, 3);

	routes = route_enum(entity, UCAST, RTM_ENUM_START, NULL);
	rounds = 0;
	do {
		count = 2;
		status = RtmGetEnumRoutes(entity, routes, &count, handles);
		CHECK_EQ(RtmReleaseRoutes(entity, count, handles), NO_ERROR);
		rounds++;
	} while (status == NO_ERROR);
	CHECK_EQ(status, ERROR_NO_MORE_ITEMS);
	CHECK_EQ(count, 0);
	CHECK_EQ(rounds, 2);

	hops = hop_enum(entity, RTM_ENUM_START, NULL);
	rounds = 0;
	do {
		count = 2;
		status = RtmGetEnumNextHops(entity, hops, &count, handles);
		CHECK_EQ(RtmReleaseNextHops(entity, count, handles), NO_ERROR);
		rounds++;
	} while (status == NO_ERROR);
	CHECK_EQ(status, ERROR_NO_MORE_ITEMS);
	CHECK_EQ(count, 0);
	CHECK_EQ(rounds, 2);
	CHECK_EQ(RtmDeleteEnumHandle(entity, dests), NO_ERROR);
	CHECK_EQ(RtmDeleteEnumHandle(entity, routes), NO_ERROR);
	CHECK_EQ(RtmDeleteEnumHandle(entity, hops), NO_ERROR);
	leave(entity);
}

/* Asking for sizes */

static void WINAPI some_method(RTM_ENTITY_HANDLE caller, RTM_ENTITY_HANDLE callee, RTM_ENTITY_METHOD_INPUT *input,
                               RTM_ENTITY_METHOD_OUTPUT *output)
{
	(void)caller;
	(void)callee;
	(void)input;
	output->OutputSize = 0;
}

TEST(the_number_of_methods_is_asked_with_0_and_no_array) /* decision 156 */
{
	RTM_ENTITY_INFO info = entity_info(instance, RTM2_AF_INET, 8, 1);
	RTM_ENTITY_EXPORT_METHODS methods = {.NumMethods = 1, .Methods = {some_method}};
	RTM_ENTITY_HANDLE callee = NULL, caller = enter(9);
	RTM_ENTITY_EXPORT_METHOD *told;
	UINT count = 0;

	REQUIRE_EQ(RtmRegisterEntity(&info, &methods, NULL, FALSE, &profile, &callee), NO_ERROR);
	CHECK_EQ(RtmGetEntityMethods(caller, callee, &count, NULL), NO_ERROR);
	REQUIRE_EQ(count, 1);
	told = calloc(count, sizeof(*told));
	REQUIRE(told != NULL);
	CHECK_EQ(RtmGetEntityMethods(caller, callee, &count, told), NO_ERROR);
	CHECK_EQ(count, 1);
	CHECK(told[0] == some_method);
	free(told);
	leave(callee);
	leave(caller);
}

TEST(the_number_of_entities_is_asked_with_0_and_no_arrays) /* decision 70 */
{
	RTM_ENTITY_HANDLE entities[2], *handles;
	RTM_ENTITY_INFO *infos;
	UINT count = 0;

	entities[0] = enter(8);
	entities[1] = enter(9);
	CHECK_EQ(RtmGetRegisteredEntities(entities[0], &count, NULL, NULL), ERROR_INSUFFICIENT_BUFFER);
	REQUIRE_EQ(count, 2);
	handles = calloc(count, sizeof(*handles));
	infos = calloc(count, sizeof(*infos));
	REQUIRE(handles != NULL && infos != NULL);
	CHECK_EQ(RtmGetRegisteredEntities(entities[0], &count, handles, infos), NO_ERROR);
	CHECK_EQ(count, 2);
	CHECK_EQ(RtmReleaseEntities(entities[0], count, handles), NO_ERROR);
	free(handles);
	free(infos);
	leave(entities[0]);
	leave(entities[1]);
}

/* What is not initialised */

TEST(change_flags_are_only_written_where_they_are_only_output)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_INFO hop = hop_info("192.0.2.1", 1);
	RTM_NEXTHOP_CHANGE_FLAGS flags = 0xCCCCCCCC;
	RTM_NEXTHOP_HANDLE handle = NULL;
	RTM_ROUTE_HANDLE route;

	CHECK_EQ(RtmAddNextHop(entity, &hop, &handle, &flags), NO_ERROR);
	CHECK_EQ(flags, RTM_NEXTHOP_CHANGE_NEW);
	flags = 0xCCCCCCCC;
	CHECK_EQ(RtmAddNextHop(entity, &hop, NULL, &flags), NO_ERROR);
	CHECK_EQ(flags, 0);
	route = add_route(entity, ROUTE(.to = "10.0.0.0/8", .via = {handle}));
	flags = 0xCCCCCCCC;
	CHECK_EQ(RtmDeleteRouteToDest(entity, route, &flags), NO_ERROR);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_BEST);
	release_hop(entity, handle);
	leave(entity);
}

TEST(members_of_a_next_hop_that_are_only_output_hold_anything)
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_INFO hop, result;
	RTM_NEXTHOP_CHANGE_FLAGS flags = 0;
	RTM_NEXTHOP_HANDLE handle = NULL;

	memset(&hop, 0xCC, sizeof(hop));
	hop.NextHopAddress = addr("192.0.2.1");
	hop.InterfaceIndex = 1;
	hop.Flags = 0;
	CHECK_EQ(RtmAddNextHop(entity, &hop, &handle, &flags), NO_ERROR);
	REQUIRE_EQ(RtmGetNextHopInfo(entity, handle, &result), NO_ERROR);
	CHECK_SAME(result.NextHopOwner, entity);
	CHECK_EQ(result.State, RTM_NEXTHOP_STATE_CREATED);
	CHECK_SAME(result.RemoteNextHop, NULL);
	CHECK_EQ(RtmReleaseNextHopInfo(entity, &result), NO_ERROR);
	release_hop(entity, handle);
	leave(entity);
}

TEST(members_of_a_route_that_are_only_output_hold_anything) /* decision 87 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NET_ADDRESS to = addr("10.0.0.0/8");
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	RTM_ROUTE_HANDLE handle = NULL;
	route_info input;

	memset(&input, 0xCC, sizeof(input));
	input.info.Neighbour = NULL;
	input.info.Flags = 0;
	input.info.PrefInfo.Preference = input.info.PrefInfo.Metric = 1;
	input.info.BelongsToViews = UCAST;
	input.info.NextHopsList.NumNextHops = 0;
	CHECK_EQ(RtmAddRouteToDest(entity, &handle, &to, &input.info, INFINITE, NULL, 0, NULL, &flags), NO_ERROR);
	CHECK_EQ(flags, RTM_ROUTE_CHANGE_NEW | RTM_ROUTE_CHANGE_BEST);
	delete_route(entity, handle);
	leave(entity);
}

TEST(a_route_has_no_neighbour) /* decision 89 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE hop = keep_hop(entity, "192.0.2.1", 1);
	RTM_ROUTE_HANDLE route = add_route(entity, ROUTE(.to = "10.0.0.0/8", .via = {hop})), same = NULL;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	route_info result;

	REQUIRE_EQ(RtmGetRouteInfo(entity, route, &result.info, NULL), NO_ERROR);
	CHECK_SAME(result.info.Neighbour, NULL);
	CHECK_EQ(RtmReleaseRouteInfo(entity, &result.info), NO_ERROR);
	CHECK_EQ(try_route(entity, &same, ROUTE(.to = "10.0.0.0/8", .metric = 3), &flags), NO_ERROR);
	CHECK_SAME(same, route);
	release_route(entity, same);
	release_route(entity, route);
	leave(entity);
}

/* An address as a client leaves it that sets four octets of a structure on its stack. */
static RTM_NET_ADDRESS junk_behind(const char *text)
{
	RTM_NET_ADDRESS clean = addr(text), junk;

	memset(&junk, 0xCC, sizeof(junk));
	junk.AddressFamily = clean.AddressFamily;
	junk.NumBits = clean.NumBits;
	memcpy(junk.AddrBits, clean.AddrBits, 4);
	return junk;
}

TEST(octets_behind_an_ipv4_address_hold_anything) /* decision 133 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NET_ADDRESS to = junk_behind("10.1.0.0/16"), told;
	RTM_NEXTHOP_INFO hop = hop_info("192.0.2.1", 1), told_hop;
	RTM_NEXTHOP_HANDLE first = NULL, second = NULL;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	RTM_ROUTE_HANDLE route = NULL;
	RTM_ENUM_HANDLE enumeration = NULL;
	route_info input;
	dest_info result;

	route_input(&input, ROUTE(.metric = 1));
	CHECK_EQ(RtmAddRouteToDest(entity, &route, &to, &input.info, INFINITE, NULL, 0, NULL, &flags), NO_ERROR);
	CHECK(is_known(entity, "10.1.0.0/16"));
	CHECK_EQ(RtmGetExactMatchDestination(entity, &to, RTM_BEST_PROTOCOL, UCAST, &result.info), NO_ERROR);
	told = addr("10.1.0.0/16");
	CHECK(memcmp(&result.info.DestAddress, &told, sizeof(told)) == 0); /* and are told as 0 */
	release_info(entity, &result);
	to = junk_behind("10.1.2.3");
	CHECK_EQ(RtmGetMostSpecificDestination(entity, &to, RTM_BEST_PROTOCOL, UCAST, &result.info), NO_ERROR);
	release_info(entity, &result);
	to = junk_behind("10.0.0.0/8");
	CHECK_EQ(RtmCreateDestEnum(entity, UCAST, RTM_ENUM_RANGE, &to, RTM_BEST_PROTOCOL, &enumeration), NO_ERROR);
	CHECK_TEXT(drain_dests(entity, enumeration, 1, 5), "10.1.0.0/16");
	to = junk_behind("10.1.0.0/16");
	route_input(&input, ROUTE(.metric = 2));
	flags = 0;
	CHECK_EQ(RtmAddRouteToDest(entity, NULL, &to, &input.info, INFINITE, NULL, 0, NULL, &flags), NO_ERROR);
	CHECK_EQ(held_by(entity).Routes, 1);

	CHECK_EQ(RtmAddNextHop(entity, &hop, &first, &flags), NO_ERROR);
	hop.NextHopAddress = junk_behind("192.0.2.1");
	CHECK_EQ(RtmAddNextHop(entity, &hop, &second, &flags), NO_ERROR);
	CHECK_SAME(second, first);
	CHECK_EQ(flags, 0);
	REQUIRE_EQ(RtmGetNextHopInfo(entity, first, &told_hop), NO_ERROR);
	CHECK_EQ(told_hop.NextHopAddress.AddrBits[4], 0);
	CHECK_EQ(RtmReleaseNextHopInfo(entity, &told_hop), NO_ERROR);
	release_hop(entity, first);
	release_hop(entity, second);
	release_route(entity, route);
	leave(entity);
}

/* Buffers that are too small */

/* The header's macro leaves room for one next hop less than asked for; nothing behind the last real one is written. */
TEST(information_of_a_route_fits_the_headers_size_if_its_next_hops_do) /* decision 98 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NET_ADDRESS to = addr("10.0.0.0/8");
	RTM_ROUTE_HANDLE route = add_route(entity, ROUTE(.to = "10.0.0.0/8"));
	struct route with_hops = {.to = "10.0.0.0/8"};

	for (unsigned room = 1; room <= profile.MaxNextHopsInRoute; room++) {
		size_t size = RTM_SIZE_OF_ROUTE_INFO(room);
		RTM_ROUTE_INFO *info = malloc(size); /* as large as it is, so that a sanitizer sees what is written behind */

		REQUIRE(info != NULL);
		test_context("room for %u by the macro", room);
		CHECK_EQ(RtmGetRouteInfo(entity, route, info, NULL), NO_ERROR);
		CHECK_EQ(info->NextHopsList.NumNextHops, room - 1);
		CHECK_EQ(RtmReleaseRouteInfo(entity, info), NO_ERROR);
		CHECK_EQ(RtmGetExactMatchRoute(entity, &to, RTM_MATCH_NONE, info, 0, UCAST, NULL), NO_ERROR);
		CHECK_EQ(RtmReleaseRouteInfo(entity, info), NO_ERROR);
		free(info);
		with_hops.via[room - 1] = keep_hop(entity, "192.0.2.1", room);
		update_route(entity, route, with_hops);
	}
	release_route(entity, route);
	leave(entity);
}

/* In place, as the sample of the how-to page: the pointer first, then the lock without one. */
TEST(a_route_is_changed_through_the_pointer_got_before_the_lock) /* decisions 75, 100 */
{
	RTM_ENTITY_HANDLE entity = enter(8);
	RTM_NEXTHOP_HANDLE old = keep_hop(entity, "192.0.2.1", 1), new = keep_hop(entity, "192.0.2.2", 1);
	RTM_ROUTE_HANDLE route = add_route(entity, ROUTE(.to = "10.0.0.0/8", .via = {old}));
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	RTM_ROUTE_INFO *pointer = NULL;
	route_info result;

	REQUIRE_EQ(RtmGetRoutePointer(entity, route, &pointer), NO_ERROR);
	REQUIRE_EQ(RtmLockRoute(entity, route, TRUE, TRUE, NULL), NO_ERROR);
	pointer->PrefInfo.Metric = 16;
	CHECK_EQ(RtmReleaseNextHops(entity, 1, &pointer->NextHopsList.NextHops[0]), NO_ERROR);
	pointer->NextHopsList.NextHops[0] = new;
	CHECK_EQ(RtmReferenceHandles(entity, 1, &new), NO_ERROR);
	CHECK_EQ(RtmUpdateAndUnlockRoute(entity, route, INFINITE, NULL, 0, NULL, &flags), NO_ERROR);
	REQUIRE_EQ(RtmGetRouteInfo(entity, route, &result.info, NULL), NO_ERROR);
	CHECK_EQ(result.info.PrefInfo.Metric, 16);
	CHECK_SAME(HOP(result, 0), new);
	CHECK_EQ(RtmReleaseRouteInfo(entity, &result.info), NO_ERROR);
	release_route(entity, route);
	CHECK_EQ(handles_of(entity), 0);
	leave(entity);
}

/* Leaving without clearing up */

TEST(an_entity_leaves_everything_as_it_is) /* decision 68 */
{
	RTM_ENTITY_HANDLE leaver = enter_listening(8), reader = enter(9), again;
	RTM_ROUTE_LIST_HANDLE list = NULL;
	RTM_NOTIFY_HANDLE notify = NULL, other = NULL;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	RTM_ROUTE_HANDLE route = NULL;
	route_info info;
	dest_info dest, changed;
	UINT count = 1;

	leaves_objects_behind();
	REQUIRE_EQ(RtmRegisterForChangeNotification(leaver, UCAST, RTM_CHANGE_TYPE_ALL, NULL, &notify), NO_ERROR);
	REQUIRE_EQ(RtmRegisterForChangeNotification(leaver, UCAST, RTM_CHANGE_TYPE_ALL | RTM_NOTIFY_ONLY_MARKED_DESTS,
	                                            NULL, &other),
	           NO_ERROR);
	REQUIRE_EQ(RtmCreateRouteList(leaver, &list), NO_ERROR);
	hold_events();
	REQUIRE_EQ(try_route_for(leaver, &route, ROUTE(.to = "10.0.0.0/8", .via = {keep_hop(leaver, "192.0.2.1", 1)}), 1,
	                         list, &flags),
	           NO_ERROR);
	keep_route(leaver, ROUTE(.to = "11.0.0.0/8"));
	(void)route_enum(leaver, UCAST, RTM_ENUM_START, NULL);
	REQUIRE_EQ(RtmGetRouteInfo(leaver, route, &info.info, NULL), NO_ERROR);
	REQUIRE_EQ(exact(leaver, "11.0.0.0/8", RTM_BEST_PROTOCOL, BOTH, &dest), NO_ERROR);
	REQUIRE_EQ(RtmMarkDestForChangeNotification(leaver, other, dest.info.DestHandle, TRUE), NO_ERROR);
	REQUIRE_EQ(RtmGetChangedDests(leaver, notify, &count, &changed.info), NO_ERROR);
	REQUIRE_EQ(RtmHoldDestination(leaver, dest.info.DestHandle, UCAST, 1), NO_ERROR);
	REQUIRE_EQ(RtmBlockMethods(leaver, NULL, 0, RTM_BLOCK_METHODS), NO_ERROR);
	CHECK_EQ(RtmDeregisterEntity(leaver), NO_ERROR);
	let_events_go();

	await_events();
	CHECK_EQ(events_of(leaver), 1); /* the reader, but neither change nor expiry */
	EVENTUALLY(!is_known(reader, "10.0.0.0/8"));
	CHECK(is_known(reader, "11.0.0.0/8"));
	again = enter(8);
	keep_route(again, ROUTE(.to = "10.0.0.0/8"));
	leave(again);
	leave(reader);
}

TEST(the_largest_time_to_live_is_forever) /* decision 95 */
{
	RTM_ENTITY_HANDLE entity = enter_listening(8);
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	CHECK_EQ(try_route_for(entity, NULL, ROUTE(.to = "10.0.0.0/8"), 0xFFFFFFFF, NULL, &flags), NO_ERROR);
	let_pass(20);
	CHECK(is_known(entity, "10.0.0.0/8"));
	CHECK_EQ(times_told(entity, RTM_ROUTE_EXPIRED), 0);
	leave(entity);
}

/* Ending the process */

enum { CHILD_CODE = 42 };

static atomic_bool inside;

static DWORD WINAPI stay_forever(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE type, PVOID context1, PVOID context2)
{
	(void)self;
	(void)type;
	(void)context1;
	(void)context2;
	atomic_store(&inside, true);
	while (atomic_load(&inside)) /* forever */
		give_way();
	return NO_ERROR;
}

static DWORD WINAPI end_the_process(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE type, PVOID context1, PVOID context2)
{
	(void)self;
	(void)type;
	(void)context1;
	(void)context2;
	exit(CHILD_CODE);
}

static DWORD wait_for_the_lock(void *dest)
{
	RTM_ENTITY_HANDLE entity = enter(10);

	return RtmLockDestination(entity, dest, TRUE, TRUE);
}

/* Routes that are to expire, changes to be told, information not released, locks held. */
static RTM_DEST_HANDLE be_in_the_middle_of_things(RTM_EVENT_CALLBACK callback)
{
	RTM_ENTITY_HANDLE entity = enter_with(8, callback);
	RTM_NOTIFY_HANDLE notify = NULL;
	RTM_DEST_HANDLE dest;

	REQUIRE_EQ(RtmRegisterForChangeNotification(entity, UCAST, RTM_CHANGE_TYPE_ALL, NULL, &notify), NO_ERROR);
	for (unsigned i = 0; i < 50; i++) {
		char prefix[32];

		snprintf(prefix, sizeof(prefix), "10.%u.0.0/16", i);
		(void)add_route_for(entity, ROUTE(.to = prefix), i);
	}
	(void)add_route(entity, ROUTE(.to = "11.0.0.0/8"));
	dest = hold_dest(entity, "11.0.0.0/8");
	REQUIRE_EQ(RtmHoldDestination(entity, dest, UCAST, 1), NO_ERROR);
	REQUIRE_EQ(RtmLockDestination(entity, dest, TRUE, TRUE), NO_ERROR);
	return dest;
}

static _Noreturn void end_abruptly(unsigned way)
{
	static struct thread thread;

	switch (way) {
	case 1: /* whatever is going on */
		(void)be_in_the_middle_of_things(note_event);
		break;
	case 2: /* while a callback is running */
		(void)be_in_the_middle_of_things(stay_forever);
		EVENTUALLY(atomic_load(&inside));
		break;
	case 3: /* by a callback */
		(void)be_in_the_middle_of_things(end_the_process);
		for (;;)
			give_way();
	default: /* while a thread waits for a lock */
		start_thread(&thread, wait_for_the_lock, be_in_the_middle_of_things(note_event));
		give_way_for_long();
		REQUIRE(!atomic_load(&thread.ended));
	}
	exit(CHILD_CODE);
}

TEST(a_process_ends_without_deregistering)
{
	enum { WAYS = 4 };

	if (child_number() != 0)
		end_abruptly(child_number());
	for (unsigned way = 1; way <= WAYS; way++) {
		test_context("way %u", way);
		CHECK_EQ(run_child("a_process_ends_without_deregistering", way), CHILD_CODE);
	}
}
