/*
 * sweeper.c - a routing protocol in the manner of the documentation's samples: it announces routes in rounds and sweeps away
 * what a round did not announce again, by way of two route lists; a watcher is told of changes by a callback that only sets
 * an event, and reads them on a thread of its own; a second watcher has no callback and polls, for multicast alone.
 *
 * It is careless where published programs are: buffers have the size that the header's macros say, structures on the stack
 * are filled in only where they must be, the output of a call is processed before its status is looked at.
 */
#define __USE_MINGW_ANSI_STDIO 1
#define WIN32_LEAN_AND_MEAN
#include <winsock2.h>
#include <windows.h>
#define MPR50 1
#include <routprot.h>
#include <rtmv2.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if !defined(_WIN64)
#include "import.h"
#endif

#define NETWORKS 500u     /* announced in the first round */
#define STALE_EVERY 5u    /* one of so many is not announced again */
#define MULTICAST_EVERY 7u /* one of so many is in the multicast view, too */
#define STALE (NETWORKS / STALE_EVERY)
#define PATIENCE 30000u   /* ms to wait for what has to come */

/* In network byte order. */
#define IPV4(a, b, c, d) ((ULONG)(a) | (ULONG)(b) << 8 | (ULONG)(c) << 16 | (ULONG)(d) << 24)

static RTM_ENTITY_HANDLE sweeper, watcher, poller;
static RTM_REGN_PROFILE profile;
static RTM_NOTIFY_HANDLE watching, polling;
static RTM_ROUTE_LIST_HANDLE fresh_list, stale_list;
static HANDLE changes_wait, reader_thread, all_seen;
static volatile LONG stop_reading;
static LONG failures;

/* How often the watcher was told that a network has a route, and that it has none. */
static struct {
	CRITICAL_SECTION lock;
	UINT reachable, unreachable;
	UINT wanted_reachable, wanted_unreachable;
	BYTE state[NETWORKS]; /* 1 has a route, 2 has none any more */
} seen;

static BOOL report(BOOL good, const char *what, int line)
{
	if (!good) {
		InterlockedIncrement(&failures);
		printf("sweeper.c:%d: does not hold: %s\n", line, what);
	}
	return good;
}

#define CHECK(condition) report((condition) ? TRUE : FALSE, #condition, __LINE__)
#define GOOD(call) report((call) == NO_ERROR, #call, __LINE__)

static PVOID get_memory(SIZE_T size)
{
	PVOID memory = malloc(size);

	if (memory == NULL)
		ExitProcess(3);
	return memory;
}

/*
 * Changes
 */

static UINT network_of(const RTM_NET_ADDRESS *address)
{
	return address->AddrBits[1] * 256u + address->AddrBits[2];
}

static void note_change(const RTM_DEST_INFO *dest)
{
	UINT network = network_of(&dest->DestAddress);
	BYTE state = dest->ViewInfo[0].Route != NULL ? 1 : 2;

	if (!CHECK(network < NETWORKS && dest->ViewInfo[0].ViewId == RTM_VIEW_ID_UCAST))
		return;
	EnterCriticalSection(&seen.lock);
	if (seen.state[network] != state) {
		seen.state[network] = state;
		if (state == 1)
			seen.reachable++;
		else
			seen.unreachable++;
	}
	if (seen.reachable == seen.wanted_reachable && seen.unreachable == seen.wanted_unreachable)
		SetEvent(all_seen);
	LeaveCriticalSection(&seen.lock);
}

/* Reads all changes, in batches as large as they may be. */
static void read_changes(void)
{
	SIZE_T stride = RTM_SIZE_OF_DEST_INFO(1);
	PRTM_DEST_INFO dests = get_memory(stride * profile.MaxHandlesInEnum);
	UINT count;
	DWORD status;

	do {
		count = profile.MaxHandlesInEnum;
		status = RtmGetChangedDests(watcher, watching, &count, dests);
		for (UINT i = 0; i < count; i++)
			note_change((PRTM_DEST_INFO)(PVOID)((PUCHAR)dests + i * stride));
		RtmReleaseChangedDests(watcher, watching, count, dests);
	} while (status == NO_ERROR);
	CHECK(status == ERROR_NO_MORE_ITEMS);
	free(dests);
}

static DWORD WINAPI reader(PVOID unused)
{
	(void)unused;
	while (WaitForSingleObject(changes_wait, INFINITE) == WAIT_OBJECT_0 && !stop_reading)
		read_changes();
	return 0;
}

static DWORD WINAPI watcher_callback(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE event, PVOID context1, PVOID context2)
{
	(void)self;
	if (event == RTM_CHANGE_NOTIFICATION && context1 == watching)
		SetEvent((HANDLE)context2);
	return NO_ERROR;
}

static void expect_changes(UINT reachable, UINT unreachable)
{
	EnterCriticalSection(&seen.lock);
	seen.wanted_reachable = reachable;
	seen.wanted_unreachable = unreachable;
	ResetEvent(all_seen);
	LeaveCriticalSection(&seen.lock);
}

static void await_changes(void)
{
	CHECK(WaitForSingleObject(all_seen, PATIENCE) == WAIT_OBJECT_0);
}

/* One at a time, by polling. */
static UINT poll_changes(BOOL reachable)
{
	RTM_DEST_INFO dest;
	UINT total = 0, count = 1;

	while (RtmGetChangedDests(poller, polling, &count, &dest) == NO_ERROR && count != 0) {
		CHECK(dest.NumberOfViews == 1 && dest.ViewInfo[0].ViewId == RTM_VIEW_ID_MCAST);
		CHECK((dest.ViewInfo[0].Route != NULL) == reachable);
		total++;
		RtmReleaseChangedDests(poller, polling, 1, &dest);
		count = 1;
	}
	CHECK(count == 0);
	return total;
}

/*
 * Registration
 */

static RTM_ENTITY_HANDLE enter(ULONG protocol, RTM_EVENT_CALLBACK callback)
{
	RTM_ENTITY_INFO info;
	RTM_ENTITY_HANDLE handle;

	info.RtmInstanceId = 0;
	info.AddressFamily = AF_INET;
	info.EntityId.EntityInstanceId = 1;
	info.EntityId.EntityProtocolId = protocol;
	GOOD(RtmRegisterEntity(&info, NULL, callback, FALSE, &profile, &handle));
	return handle;
}

static void start(void)
{
	sweeper = enter(PROTO_IP_RIP, NULL);
	watcher = enter(PROTO_IP_NETMGMT, watcher_callback);
	poller = enter(PROTO_IP_IGMP, NULL);
	changes_wait = CreateEventA(NULL, FALSE, FALSE, NULL);
	all_seen = CreateEventA(NULL, TRUE, FALSE, NULL);
	InitializeCriticalSection(&seen.lock);
	GOOD(RtmRegisterForChangeNotification(watcher, RTM_VIEW_MASK_UCAST, RTM_CHANGE_TYPE_BEST, changes_wait, &watching));
	GOOD(RtmRegisterForChangeNotification(poller, RTM_VIEW_MASK_MCAST, RTM_CHANGE_TYPE_BEST, NULL, &polling));
	reader_thread = CreateThread(NULL, 0, reader, NULL, 0, NULL);
	GOOD(RtmCreateRouteList(sweeper, &fresh_list));
	GOOD(RtmCreateRouteList(sweeper, &stale_list));
}

/*
 * Routes
 */

static BOOL is_stale(UINT network)
{
	return network % STALE_EVERY == 0;
}

static BOOL is_multicast(UINT network)
{
	return network % MULTICAST_EVERY == 0;
}

/* The next hop's handle is let go at once: the route has a reference of its own. */
static void announce(UINT network, ULONG metric)
{
	RTM_NEXTHOP_INFO hop;
	RTM_NEXTHOP_HANDLE hop_handle = NULL;
	RTM_NEXTHOP_CHANGE_FLAGS hop_flags;
	RTM_ROUTE_CHANGE_FLAGS flags = RTM_ROUTE_CHANGE_FIRST;
	RTM_NET_ADDRESS to;
	PRTM_ROUTE_INFO info = get_memory(RTM_SIZE_OF_ROUTE_INFO(profile.MaxNextHopsInRoute));

	RTM_IPV4_MAKE_NET_ADDRESS(&hop.NextHopAddress, IPV4(192, 0, 2, 1 + network % 3), 32)
	hop.InterfaceIndex = 1;
	hop.EntitySpecificInfo = NULL;
	hop.Flags = 0;
	hop.RemoteNextHop = NULL;
	GOOD(RtmAddNextHop(sweeper, &hop, &hop_handle, &hop_flags));

	ZeroMemory(info, RTM_SIZE_OF_ROUTE_INFO(1));
	info->Neighbour = hop_handle;
	info->PrefInfo.Metric = metric;
	info->Flags = RTM_ROUTE_FLAGS_REMOTE;
	info->BelongsToViews = is_multicast(network) ? RTM_VIEW_MASK_UCAST | RTM_VIEW_MASK_MCAST : RTM_VIEW_MASK_UCAST;
	info->NextHopsList.NumNextHops = 1;
	info->NextHopsList.NextHops[0] = hop_handle;
	RTM_IPV4_MAKE_NET_ADDRESS(&to, IPV4(10, network / 256, network % 256, 0), 24)
	GOOD(RtmAddRouteToDest(sweeper, NULL, &to, info, INFINITE, fresh_list, 0, NULL, &flags));
	CHECK(flags & RTM_ROUTE_CHANGE_BEST);
	RtmReleaseNextHops(sweeper, 1, &hop_handle);
	free(info);
}

static void first_round(void)
{
	expect_changes(NETWORKS, 0);
	for (UINT i = 0; i < NETWORKS; i++)
		announce(i, 2);
	await_changes();
	CHECK(poll_changes(TRUE) == (NETWORKS + MULTICAST_EVERY - 1) / MULTICAST_EVERY);
}

/* Moves all routes from one list to another. What is moved leaves the list under its enumeration. */
static UINT move_list(RTM_ROUTE_LIST_HANDLE from, RTM_ROUTE_LIST_HANDLE to)
{
	PRTM_ROUTE_HANDLE routes = get_memory(profile.MaxHandlesInEnum * sizeof(RTM_ROUTE_HANDLE));
	RTM_ENUM_HANDLE enumeration;
	UINT count, total = 0;

	GOOD(RtmCreateRouteListEnum(sweeper, from, &enumeration));
	do {
		count = profile.MaxHandlesInEnum;
		GOOD(RtmGetListEnumRoutes(sweeper, enumeration, &count, routes));
		GOOD(RtmInsertInRouteList(sweeper, to, count, routes));
		GOOD(RtmReleaseRoutes(sweeper, count, routes));
		total += count;
	} while (count == profile.MaxHandlesInEnum);
	GOOD(RtmDeleteEnumHandle(sweeper, enumeration));
	free(routes);
	return total;
}

static UINT delete_listed(RTM_ROUTE_LIST_HANDLE list)
{
	RTM_ROUTE_HANDLE route;
	RTM_ENUM_HANDLE enumeration;
	RTM_ROUTE_CHANGE_FLAGS flags;
	UINT count, total = 0;

	GOOD(RtmCreateRouteListEnum(sweeper, list, &enumeration));
	for (;;) {
		count = 1;
		GOOD(RtmGetListEnumRoutes(sweeper, enumeration, &count, &route));
		if (count == 0)
			break;
		GOOD(RtmDeleteRouteToDest(sweeper, route, &flags));
		total++;
	}
	GOOD(RtmDeleteEnumHandle(sweeper, enumeration));
	return total;
}

/* All routes become stale; what is announced again is fresh; what is stale then is swept away. */
static void second_round(void)
{
	UINT multicast = 0;

	CHECK(move_list(fresh_list, stale_list) == NETWORKS);
	for (UINT i = 0; i < NETWORKS; i++)
		if (!is_stale(i))
			announce(i, 2);
	expect_changes(NETWORKS, STALE);
	CHECK(delete_listed(stale_list) == STALE);
	await_changes();
	for (UINT i = 0; i < NETWORKS; i++) {
		CHECK(seen.state[i] == (is_stale(i) ? 2 : 1));
		multicast += is_multicast(i) && is_stale(i);
	}
	CHECK(poll_changes(FALSE) == multicast);
	CHECK(move_list(fresh_list, stale_list) == NETWORKS - STALE);
}

/*
 * Reading
 */

/* The routes of a destination, found by an enumeration for it alone. */
static UINT count_routes_of(RTM_DEST_HANDLE dest)
{
	RTM_ROUTE_HANDLE routes[4];
	RTM_ENUM_HANDLE enumeration;
	UINT count, total = 0;
	DWORD status;

	GOOD(RtmCreateRouteEnum(watcher, dest, RTM_VIEW_MASK_UCAST, RTM_ENUM_START, NULL, RTM_MATCH_NONE, NULL, 0, &enumeration));
	do {
		count = 4;
		status = RtmGetEnumRoutes(watcher, enumeration, &count, routes);
		total += count;
		RtmReleaseRoutes(watcher, count, routes);
	} while (status == NO_ERROR);
	RtmDeleteEnumHandle(watcher, enumeration);
	return total;
}

/* What a route says, into a buffer of the header's size. */
static void check_route(RTM_ROUTE_HANDLE route)
{
	PRTM_ROUTE_INFO info = get_memory(RTM_SIZE_OF_ROUTE_INFO(profile.MaxNextHopsInRoute));
	RTM_NEXTHOP_INFO hop;

	GOOD(RtmGetRouteInfo(watcher, route, info, NULL));
	CHECK(info->NextHopsList.NumNextHops == 1 && info->PrefInfo.Metric == 2);
	GOOD(RtmGetNextHopInfo(watcher, info->NextHopsList.NextHops[0], &hop));
	CHECK(hop.InterfaceIndex == 1 && hop.NextHopAddress.AddrBits[0] == 192);
	RtmReleaseNextHopInfo(watcher, &hop);
	RtmReleaseRouteInfo(watcher, info);
	free(info);
}

static void enumerate_table(void)
{
	SIZE_T stride = RTM_SIZE_OF_DEST_INFO(profile.NumberOfViews);
	PRTM_DEST_INFO dests = get_memory(stride * profile.MaxHandlesInEnum), dest;
	RTM_ENUM_HANDLE enumeration;
	UINT count, total = 0, multicast = 0;
	ULONG last = 0;
	DWORD status;

	GOOD(RtmCreateDestEnum(watcher, RTM_VIEW_MASK_ALL, RTM_ENUM_START, NULL, RTM_BEST_PROTOCOL, &enumeration));
	do {
		count = profile.MaxHandlesInEnum;
		status = RtmGetEnumDests(watcher, enumeration, &count, dests);
		for (UINT i = 0; i < count; i++) {
			dest = (PRTM_DEST_INFO)(PVOID)((PUCHAR)dests + i * stride);
			CHECK(total + i == 0 || network_of(&dest->DestAddress) > last);
			last = network_of(&dest->DestAddress);
			CHECK(dest->ViewInfo[0].ViewId == RTM_VIEW_ID_UCAST && dest->ViewInfo[0].NumRoutes == 1);
			CHECK(count_routes_of(dest->DestHandle) == 1);
			check_route(dest->ViewInfo[0].Route);
			multicast += (&dest->ViewInfo[0])[1].Route != NULL;
		}
		total += count;
		RtmReleaseDests(watcher, count, dests);
	} while (status == NO_ERROR);
	CHECK(status == ERROR_NO_MORE_ITEMS && count == 0 && total == NETWORKS - STALE);
	CHECK(multicast > 0 && multicast < total);
	GOOD(RtmDeleteEnumHandle(watcher, enumeration));
	free(dests);
}

/* The best route to a host, if any. */
static RTM_ROUTE_HANDLE look_up(ULONG host, PRTM_DEST_INFO dest)
{
	RTM_NET_ADDRESS address;
	DWORD status;

	RTM_IPV4_MAKE_NET_ADDRESS(&address, host, 32)
	status = RtmGetMostSpecificDestination(watcher, &address, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_UCAST, dest);
	CHECK(status == NO_ERROR || status == ERROR_NOT_FOUND);
	return status == NO_ERROR ? dest->ViewInfo[0].Route : NULL;
}

static void look_up_hosts(void)
{
	for (UINT i = 0; i < NETWORKS; i++) {
		RTM_DEST_INFO dest, above;
		RTM_VIEW_SET best_in = 0;
		RTM_ROUTE_HANDLE route = look_up(IPV4(10, i / 256, i % 256, 77), &dest);

		if (!CHECK((route != NULL) == !is_stale(i)) || route == NULL)
			continue;
		GOOD(RtmIsBestRoute(watcher, route, &best_in));
		CHECK(best_in & RTM_VIEW_MASK_UCAST);
		CHECK(RtmGetLessSpecificDestination(watcher, dest.DestHandle, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_UCAST, &above) ==
		      ERROR_NOT_FOUND);
		GOOD(RtmReleaseDestInfo(watcher, &dest));
	}
}

/*
 * The end
 */

static void delete_next_hops(void)
{
	PRTM_NEXTHOP_HANDLE hops = get_memory(profile.MaxHandlesInEnum * sizeof(RTM_NEXTHOP_HANDLE));
	RTM_ENUM_HANDLE enumeration;
	UINT count, total = 0;
	DWORD status;

	GOOD(RtmCreateNextHopEnum(sweeper, RTM_ENUM_START, NULL, &enumeration));
	do {
		count = profile.MaxHandlesInEnum;
		status = RtmGetEnumNextHops(sweeper, enumeration, &count, hops);
		for (UINT i = 0; i < count; i++)
			GOOD(RtmDeleteNextHop(sweeper, hops[i], NULL));
		total += count;
	} while (status == NO_ERROR);
	CHECK(total == 3);
	GOOD(RtmDeleteEnumHandle(sweeper, enumeration));
	free(hops);
}

static void finish(void)
{
	expect_changes(NETWORKS, NETWORKS);
	CHECK(delete_listed(stale_list) == NETWORKS - STALE);
	await_changes();
	delete_next_hops();
	GOOD(RtmDeleteRouteList(sweeper, fresh_list));
	GOOD(RtmDeleteRouteList(sweeper, stale_list));
	InterlockedExchange(&stop_reading, 1);
	SetEvent(changes_wait);
	CHECK(WaitForSingleObject(reader_thread, PATIENCE) == WAIT_OBJECT_0);
	CHECK(poll_changes(FALSE) > 0);
	GOOD(RtmDeregisterFromChangeNotification(watcher, watching));
	GOOD(RtmDeregisterFromChangeNotification(poller, polling));
	GOOD(RtmDeregisterEntity(poller));
	GOOD(RtmDeregisterEntity(watcher));
	GOOD(RtmDeregisterEntity(sweeper));
}

int main(void)
{
	static const struct {
		const char *name;
		void (*body)(void);
	} steps[] = {
		{"register, and ask to be told of changes", start},
		{"announce routes, and be told of them", first_round},
		{"sweep away what is not announced again", second_round},
		{"enumerate destinations, and the routes of each", enumerate_table},
		{"look hosts up", look_up_hosts},
		{"delete everything, and leave", finish},
	};
	unsigned passed = 0;

	/* Each step builds on those before it. */
	while (passed < sizeof(steps) / sizeof(steps[0]) && failures == 0) {
		printf("* %s\n", steps[passed].name);
		steps[passed].body();
		passed += failures == 0;
	}
	printf("%u passed, %u failed\n", passed, failures != 0);
	return failures != 0;
}
