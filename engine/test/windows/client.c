/*
 * client.c - a routing client as one would write it against the published header and import library: nothing of this
 * project is included or linked; its DLL lies beside the program under the name rtm.dll.
 *
 * There are two entities: a routing protocol that owns next hops and routes, and an observer that is told of changes.
 * The program goes through their whole life, prints what it sees, and exits with 0 only if all was as documented.
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

enum {
	NETWORKS = 5,
	BATCH = 2,
	MOST_ENTITIES = 8,
	SEEN_NETWORKS = 16,
	HOLD_MS = 500,
	TTL_MS = 20,
	PATIENCE_MS = 30000 /* to wait for an event; one that never comes fails the program instead of hanging it */
};

#define OBSERVER_PROTOCOL PROTOCOL_ID((ULONG)PROTO_TYPE_MS0, PROTO_VENDOR_MS1, 1)

/* In network byte order. */
#define IPV4(a, b, c, d) ((ULONG)(a) | (ULONG)(b) << 8 | (ULONG)(c) << 16 | (ULONG)(d) << 24)

static RTM_ENTITY_HANDLE protocol, observer;
static RTM_ENTITY_HANDLE protocol_seen; /* by the observer */
static RTM_NOTIFY_HANDLE notification;  /* of the observer */
static RTM_REGN_PROFILE profile;
static RTM_NEXTHOP_HANDLE gateway[2];
static const ULONG gateway_address[2] = {IPV4(192, 0, 2, 1), IPV4(192, 0, 2, 2)};
static const ULONG gateway_interface[2] = {3, 4};

static RTM_ROUTE_HANDLE route[NETWORKS];
static const struct {
	ULONG address, length;
	unsigned through; /* which gateway; 2 means both */
	ULONG metric;
} network[NETWORKS] = {
	{0, 0, 0, 10},
	{IPV4(10, 0, 0, 0), 8, 0, 5},
	{IPV4(10, 1, 0, 0), 16, 1, 5},
	{IPV4(10, 1, 2, 0), 24, 2, 5},
	{IPV4(192, 168, 7, 0), 24, 1, 2},
};

/* What the callbacks saw; they run on a thread of RTM. */
static struct {
	UINT registered, deregistered, expired, aged;
	RTM_ENTITY_INFO entity;
	UINT count;
	struct seen_network {
		RTM_NET_ADDRESS prefix;
		BOOL reachable, held;
		ULONG metric;
	} networks[SEEN_NETWORKS];
} seen;
static CRITICAL_SECTION seen_lock;
static CONDITION_VARIABLE seen_moved;

/* Marks of routes, in EntitySpecificInfo: one that RTM deletes when it expires, one that is kept. */
static char mortal, lasting;

/* Reporting */

static LONG failures;

static BOOL check(BOOL held, const char *what, int line)
{
	if (!held) {
		InterlockedIncrement(&failures);
		printf("client.c:%d: does not hold: %s\n", line, what);
	}
	return held;
}

static BOOL check_status(DWORD got, DWORD want, const char *call, int line)
{
	if (got != want) {
		InterlockedIncrement(&failures);
		printf("client.c:%d: got %lu, expected %lu: %s\n", line, got, want, call);
	}
	return got == want;
}

#define CHECK(condition) check((condition) ? TRUE : FALSE, #condition, __LINE__)
#define EXPECT(call, status) check_status((call), (status), #call, __LINE__)

/* Waits until the callbacks have brought about a condition on what they saw. */
#define AWAIT(condition)                                                                                               \
	do {                                                                                                           \
		BOOL in_time = TRUE;                                                                                   \
                                                                                                                       \
		EnterCriticalSection(&seen_lock);                                                                      \
		while (in_time && !(condition))                                                                        \
			in_time = SleepConditionVariableCS(&seen_moved, &seen_lock, PATIENCE_MS);                      \
		LeaveCriticalSection(&seen_lock);                                                                      \
		check(in_time, #condition, __LINE__);                                                                  \
	} while (0)

static const char *text_of(const RTM_NET_ADDRESS *prefix)
{
	static __thread char text[24];

	snprintf(text, sizeof(text), "%u.%u.%u.%u/%u", prefix->AddrBits[0], prefix->AddrBits[1], prefix->AddrBits[2],
	         prefix->AddrBits[3], prefix->NumBits);
	return text;
}

static RTM_NET_ADDRESS prefix_of(ULONG address, ULONG length)
{
	RTM_NET_ADDRESS prefix;

	memset(&prefix, 0, sizeof(prefix));
	RTM_IPV4_MAKE_NET_ADDRESS(&prefix, address, length)
	return prefix;
}

static RTM_NET_ADDRESS prefix_of_network(unsigned i)
{
	return prefix_of(network[i].address, network[i].length);
}

static BOOL same_prefix(const RTM_NET_ADDRESS *a, const RTM_NET_ADDRESS *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* A cleared RTM_ROUTE_INFO with room for as many next hops as a route may have. */
static RTM_ROUTE_INFO *new_route_info(void)
{
	RTM_ROUTE_INFO *info = calloc(1, sizeof(*info) + profile.MaxNextHopsInRoute * sizeof(RTM_NEXTHOP_HANDLE));

	if (!info)
		abort();
	return info;
}

/* Metric of a route. */
static ULONG metric_of(RTM_ENTITY_HANDLE self, RTM_ROUTE_HANDLE handle)
{
	RTM_ROUTE_INFO *info = new_route_info();
	ULONG metric = 0;

	if (EXPECT(RtmGetRouteInfo(self, handle, info, NULL), NO_ERROR)) {
		metric = info->PrefInfo.Metric;
		EXPECT(RtmReleaseRouteInfo(self, info), NO_ERROR);
	}
	free(info);
	return metric;
}

/* Callbacks */

static void keep_entity(UINT *counter, const RTM_ENTITY_INFO *info)
{
	EnterCriticalSection(&seen_lock);
	seen.entity = *info;
	++*counter;
	LeaveCriticalSection(&seen_lock);
	WakeAllConditionVariable(&seen_moved);
}

static void count(UINT *counter)
{
	EnterCriticalSection(&seen_lock);
	++*counter;
	LeaveCriticalSection(&seen_lock);
	WakeAllConditionVariable(&seen_moved);
}

/* A route that is to outlive its time gets a worse metric, and no time limit any more. */
static void keep_route(RTM_ENTITY_HANDLE self, RTM_ROUTE_HANDLE handle)
{
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	RTM_ROUTE_INFO *live;

	if (EXPECT(RtmLockRoute(self, handle, TRUE, TRUE, &live), NO_ERROR)) {
		live->PrefInfo.Metric = 16;
		EXPECT(RtmUpdateAndUnlockRoute(self, handle, INFINITE, NULL, 0, NULL, &flags), NO_ERROR);
	}
	EXPECT(RtmReleaseRoutes(self, 1, &handle), NO_ERROR);
}

static DWORD WINAPI on_protocol_event(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE event, PVOID context1, PVOID context2)
{
	CHECK(self == protocol);
	switch (event) {
	case RTM_ENTITY_REGISTERED:
		keep_entity(&seen.registered, context2);
		return NO_ERROR;
	case RTM_ENTITY_DEREGISTERED:
		keep_entity(&seen.deregistered, context2);
		return NO_ERROR;
	case RTM_ROUTE_EXPIRED:
		if (((RTM_ROUTE_INFO *)context2)->EntitySpecificInfo == &mortal) {
			count(&seen.expired);
			return ERROR_NOT_SUPPORTED;
		}
		keep_route(self, context1);
		count(&seen.aged);
		return NO_ERROR;
	default:
		CHECK(!"an event that the protocol did not ask for");
		return NO_ERROR;
	}
}

static struct seen_network *find_seen(const RTM_NET_ADDRESS *prefix)
{
	for (UINT i = 0; i < seen.count; i++)
		if (same_prefix(&seen.networks[i].prefix, prefix))
			return &seen.networks[i];
	return NULL;
}

static void note_change(RTM_ENTITY_HANDLE self, const RTM_DEST_INFO *dest)
{
	struct seen_network now = {.prefix = dest->DestAddress}, *place;

	CHECK(dest->NumberOfViews == 1 && dest->ViewInfo[0].ViewId == RTM_VIEW_ID_UCAST);
	now.reachable = dest->ViewInfo[0].Route != NULL;
	now.held = dest->ViewInfo[0].HoldRoute != NULL;
	if (now.reachable)
		now.metric = metric_of(self, dest->ViewInfo[0].Route);
	printf("changed: %s %s%s, metric %lu\n", text_of(&now.prefix), now.reachable ? "reachable" : "unreachable",
	       now.held ? ", held down" : "", now.metric);
	EnterCriticalSection(&seen_lock);
	place = find_seen(&now.prefix);
	if (!place && CHECK(seen.count < SEEN_NETWORKS))
		place = &seen.networks[seen.count++];
	if (place)
		*place = now;
	LeaveCriticalSection(&seen_lock);
	WakeAllConditionVariable(&seen_moved);
}

/* One destination and one view at a time, on the stack. */
static DWORD WINAPI on_observer_event(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE event, PVOID context1, PVOID context2)
{
	RTM_DEST_INFO dest;
	UINT dests;
	DWORD status;

	CHECK(self == observer);
	if (event != RTM_CHANGE_NOTIFICATION || context2 != &seen)
		return NO_ERROR;
	do {
		dests = 1;
		status = RtmGetChangedDests(self, context1, &dests, &dest);
		if (dests < 1)
			break;
		note_change(self, &dest);
		EXPECT(RtmReleaseChangedDests(self, context1, dests, &dest), NO_ERROR);
	} while (status == NO_ERROR);
	CHECK(status == NO_ERROR || status == ERROR_NO_MORE_ITEMS);
	return NO_ERROR;
}

static BOOL saw(unsigned i, BOOL reachable, BOOL held, ULONG metric)
{
	RTM_NET_ADDRESS prefix = prefix_of_network(i);
	const struct seen_network *place = find_seen(&prefix);

	return place && place->reachable == reachable && place->held == held && place->metric == metric;
}

/* Methods that the protocol exports: both look up the route to the prefix of their input. */

static void answer_about_route(RTM_ENTITY_HANDLE self, RTM_ENTITY_METHOD_INPUT *input, RTM_ENTITY_METHOD_OUTPUT *output,
                               BOOL wants_interface)
{
	RTM_NET_ADDRESS prefix;
	RTM_NEXTHOP_INFO hop;
	RTM_ROUTE_INFO *info = new_route_info();
	ULONG answer;

	output->MethodStatus = ERROR_INSUFFICIENT_BUFFER;
	if (input->InputSize != sizeof(prefix) || output->OutputSize < sizeof(answer)) {
		output->OutputSize = 0;
		free(info);
		return;
	}
	memcpy(&prefix, input->InputData, sizeof(prefix));
	info->RouteOwner = self;
	output->MethodStatus =
	    RtmGetExactMatchRoute(self, &prefix, RTM_MATCH_OWNER, info, 0, RTM_VIEW_MASK_UCAST, NULL);
	output->OutputSize = 0;
	if (output->MethodStatus == NO_ERROR) {
		EXPECT(RtmGetNextHopInfo(self, info->Neighbour, &hop), NO_ERROR);
		memcpy(&answer, hop.NextHopAddress.AddrBits, sizeof(answer));
		if (wants_interface)
			answer = hop.InterfaceIndex;
		memcpy(output->OutputData, &answer, sizeof(answer));
		output->OutputSize = sizeof(answer);
		EXPECT(RtmReleaseNextHopInfo(self, &hop), NO_ERROR);
		EXPECT(RtmReleaseRouteInfo(self, info), NO_ERROR);
	}
	free(info);
}

static VOID WINAPI neighbour_addr(RTM_ENTITY_HANDLE caller, RTM_ENTITY_HANDLE self, RTM_ENTITY_METHOD_INPUT *input,
                                  RTM_ENTITY_METHOD_OUTPUT *output)
{
	CHECK(caller == observer && self == protocol);
	answer_about_route(self, input, output, FALSE);
}

static VOID WINAPI outbound_intf(RTM_ENTITY_HANDLE caller, RTM_ENTITY_HANDLE self, RTM_ENTITY_METHOD_INPUT *input,
                                 RTM_ENTITY_METHOD_OUTPUT *output)
{
	CHECK(caller == observer && self == protocol);
	answer_about_route(self, input, output, TRUE);
}

/* Registration */

static RTM_ENTITY_INFO entity_info(ULONG protocol_id)
{
	RTM_ENTITY_INFO info;

	memset(&info, 0, sizeof(info));
	info.AddressFamily = AF_INET;
	info.EntityId.EntityProtocolId = protocol_id;
	info.EntityId.EntityInstanceId = 1;
	return info;
}

static void register_entities(void)
{
	RTM_ENTITY_INFO rip = entity_info(PROTO_IP_RIP), other = entity_info(OBSERVER_PROTOCOL);
	struct {
		RTM_ENTITY_EXPORT_METHODS methods;
		RTM_ENTITY_EXPORT_METHOD second;
	} exported = {{2, {neighbour_addr}}, outbound_intf};
	RTM_ENTITY_HANDLE twin = NULL;

	EXPECT(RtmRegisterEntity(&rip, &exported.methods, on_protocol_event, TRUE, &profile, &protocol), NO_ERROR);
	printf("registered: up to %u next hops in a route, %u handles in an enumeration, views 0x%lx\n",
	       profile.MaxNextHopsInRoute, profile.MaxHandlesInEnum, profile.ViewsSupported);
	CHECK(profile.MaxNextHopsInRoute >= 2 && profile.MaxHandlesInEnum >= BATCH);
	CHECK(profile.ViewsSupported & RTM_VIEW_MASK_UCAST);
	EXPECT(RtmRegisterEntity(&rip, NULL, NULL, FALSE, &profile, &twin), ERROR_ALREADY_EXISTS);
	EXPECT(RtmRegisterEntity(&other, NULL, on_observer_event, FALSE, &profile, &observer), NO_ERROR);
	AWAIT(seen.registered == 1);
	CHECK(seen.entity.EntityId.EntityId == other.EntityId.EntityId);
}

static void find_entities(void)
{
	RTM_ENTITY_HANDLE handles[MOST_ENTITIES];
	RTM_ENTITY_INFO infos[MOST_ENTITIES], info;
	UINT entities = 0;

	EXPECT(RtmGetRegisteredEntities(observer, &entities, NULL, NULL), ERROR_INSUFFICIENT_BUFFER);
	entities = MOST_ENTITIES;
	if (!EXPECT(RtmGetRegisteredEntities(observer, &entities, handles, infos), NO_ERROR))
		return;
	for (UINT i = 0; i < entities; i++) {
		printf("entity %u: protocol 0x%lx, instance %lu\n", i, infos[i].EntityId.EntityProtocolId,
		       infos[i].EntityId.EntityInstanceId);
		EXPECT(RtmGetEntityInfo(observer, handles[i], &info), NO_ERROR);
		CHECK(info.EntityId.EntityId == infos[i].EntityId.EntityId && info.AddressFamily == AF_INET);
		EXPECT(RtmReleaseEntityInfo(observer, &info), NO_ERROR);
		if (infos[i].EntityId.EntityProtocolId == PROTO_IP_RIP)
			protocol_seen = handles[i];
	}
	CHECK(entities == 2);
	EXPECT(RtmReferenceHandles(observer, 1, &protocol_seen), NO_ERROR);
	EXPECT(RtmReleaseEntities(observer, entities, handles), NO_ERROR);
}

static void watch_best_routes(void)
{
	EXPECT(RtmRegisterForChangeNotification(observer, RTM_VIEW_MASK_UCAST, RTM_CHANGE_TYPE_BEST, &seen,
	                                        &notification), NO_ERROR);
}

/* Next hops */

static RTM_NEXTHOP_INFO gateway_info(unsigned i)
{
	RTM_NEXTHOP_INFO info;

	memset(&info, 0, sizeof(info));
	RTM_IPV4_MAKE_NET_ADDRESS(&info.NextHopAddress, gateway_address[i], 32)
	info.InterfaceIndex = gateway_interface[i];
	return info;
}

static void add_gateways(void)
{
	for (unsigned i = 0; i < 2; i++) {
		RTM_NEXTHOP_INFO info = gateway_info(i), *live;
		RTM_NEXTHOP_CHANGE_FLAGS flags = 0;
		RTM_NEXTHOP_HANDLE again = NULL;

		EXPECT(RtmAddNextHop(protocol, &info, &gateway[i], &flags), NO_ERROR);
		CHECK(flags == RTM_NEXTHOP_CHANGE_NEW);
		EXPECT(RtmAddNextHop(protocol, &info, &again, &flags), NO_ERROR);
		CHECK(again == gateway[i] && flags == 0);
		EXPECT(RtmReleaseNextHops(protocol, 1, &again), NO_ERROR);

		if (EXPECT(RtmLockNextHop(protocol, gateway[i], TRUE, TRUE, &live), NO_ERROR)) {
			live->EntitySpecificInfo = &gateway[i];
			EXPECT(RtmLockNextHop(protocol, gateway[i], TRUE, FALSE, &live), NO_ERROR);
		}
		again = NULL;
		EXPECT(RtmFindNextHop(protocol, &info, &again, &live), NO_ERROR);
		CHECK(again == gateway[i] && live->EntitySpecificInfo == &gateway[i]);
		EXPECT(RtmReleaseNextHops(protocol, 1, &again), NO_ERROR);
		EXPECT(RtmGetNextHopPointer(protocol, gateway[i], &live), NO_ERROR);
		CHECK(live->InterfaceIndex == gateway_interface[i]);
		printf("gateway %s on interface %lu\n", text_of(&live->NextHopAddress), live->InterfaceIndex);
	}
	EXPECT(RtmGetNextHopPointer(observer, gateway[0], &(RTM_NEXTHOP_INFO *){NULL}), ERROR_ACCESS_DENIED);
}

static void enumerate_gateways(void)
{
	RTM_NEXTHOP_HANDLE handles[BATCH];
	RTM_ENUM_HANDLE enumeration;
	UINT hops, total = 0;
	DWORD status;

	EXPECT(RtmCreateNextHopEnum(protocol, RTM_ENUM_START, NULL, &enumeration), NO_ERROR);
	do {
		hops = BATCH;
		status = RtmGetEnumNextHops(protocol, enumeration, &hops, handles);
		for (UINT i = 0; i < hops; i++)
			CHECK(handles[i] == gateway[total + i]);
		total += hops;
		EXPECT(RtmReleaseNextHops(protocol, hops, handles), NO_ERROR);
	} while (status == NO_ERROR);
	CHECK(status == ERROR_NO_MORE_ITEMS && total == 2);
	EXPECT(RtmDeleteEnumHandle(protocol, enumeration), NO_ERROR);
}

/* Routes */

static void set_gateways(RTM_ROUTE_INFO *info, unsigned through)
{
	info->Neighbour = gateway[through % 2];
	info->NextHopsList.NumNextHops = through == 2 ? 2 : 1;
	info->NextHopsList.NextHops[0] = gateway[through % 2];
	if (through == 2)
		(&info->NextHopsList.NextHops[0])[1] = gateway[1];
}

static DWORD put_route(unsigned i, RTM_ROUTE_HANDLE *handle, ULONG metric, ULONG ttl, PVOID specific,
                       RTM_ROUTE_CHANGE_FLAGS *flags)
{
	RTM_NET_ADDRESS prefix = prefix_of_network(i);
	RTM_ROUTE_INFO *info = new_route_info();
	DWORD status;

	set_gateways(info, network[i].through);
	info->Flags = RTM_ROUTE_FLAGS_REMOTE;
	info->PrefInfo.Metric = metric;
	info->BelongsToViews = RTM_VIEW_MASK_UCAST;
	info->EntitySpecificInfo = specific;
	status = RtmAddRouteToDest(protocol, handle, &prefix, info, ttl, NULL, 0, NULL, flags);
	free(info);
	return status;
}

static void add_routes(void)
{
	for (unsigned i = 0; i < NETWORKS; i++) {
		RTM_ROUTE_CHANGE_FLAGS flags = 0;
		RTM_ROUTE_HANDLE again = NULL;

		EXPECT(put_route(i, &route[i], network[i].metric, INFINITE, NULL, &flags), NO_ERROR);
		CHECK(flags == (RTM_ROUTE_CHANGE_NEW | RTM_ROUTE_CHANGE_BEST));
		flags = 0;
		EXPECT(put_route(i, &again, network[i].metric, INFINITE, NULL, &flags), NO_ERROR);
		CHECK(again == route[i] && !(flags & RTM_ROUTE_CHANGE_NEW));
		EXPECT(RtmReleaseRoutes(protocol, 1, &again), NO_ERROR);
	}
	for (unsigned i = 0; i < NETWORKS; i++)
		AWAIT(saw(i, TRUE, FALSE, network[i].metric));
}

/* Changes metric and gateway under the lock, minding the references of next hops. */
static void update_in_place(void)
{
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	RTM_ROUTE_INFO *live, *info = new_route_info();
	RTM_VIEW_SET best_in = 0;

	EXPECT(RtmLockRoute(observer, route[1], TRUE, TRUE, &live), ERROR_ACCESS_DENIED);
	if (EXPECT(RtmLockRoute(protocol, route[1], TRUE, TRUE, &live), NO_ERROR)) {
		RTM_NEXTHOP_HANDLE old[2] = {live->Neighbour, live->NextHopsList.NextHops[0]};
		RTM_NEXTHOP_HANDLE new[2] = {gateway[1], gateway[1]};

		CHECK(old[0] == gateway[0] && old[1] == gateway[0]);
		EXPECT(RtmReferenceHandles(protocol, 2, new), NO_ERROR);
		live->Neighbour = live->NextHopsList.NextHops[0] = gateway[1];
		EXPECT(RtmReleaseNextHops(protocol, 2, old), NO_ERROR);
		live->PrefInfo.Metric = 4;
		EXPECT(RtmUpdateAndUnlockRoute(protocol, route[1], INFINITE, NULL, 0, NULL, &flags), NO_ERROR);
		CHECK(flags & RTM_ROUTE_CHANGE_BEST);
	}
	AWAIT(saw(1, TRUE, FALSE, 4));

	EXPECT(RtmGetRouteInfo(protocol, route[1], info, NULL), NO_ERROR);
	CHECK(info->RouteOwner == protocol && info->State == RTM_ROUTE_STATE_CREATED && info->PrefInfo.Metric == 4);
	CHECK(info->Neighbour == gateway[1] && info->NextHopsList.NumNextHops == 1 &&
	      info->NextHopsList.NextHops[0] == gateway[1]);
	EXPECT(RtmReleaseRouteInfo(protocol, info), NO_ERROR);
	EXPECT(RtmGetRoutePointer(protocol, route[1], &live), NO_ERROR);
	CHECK(live->PrefInfo.Metric == 4 && live->DestHandle == info->DestHandle);
	EXPECT(RtmIsBestRoute(protocol, route[1], &best_in), NO_ERROR);
	CHECK(best_in == RTM_VIEW_MASK_UCAST);
	free(info);
}

/* Order of the table: by address, the shorter prefix first. */
static void enumerate_dests(void)
{
	RTM_DEST_INFO dests[BATCH]; /* one view each */
	RTM_ENUM_HANDLE enumeration;
	UINT count_of_dests, total = 0;
	DWORD status;

	EXPECT(RtmCreateDestEnum(observer, RTM_VIEW_MASK_UCAST, RTM_ENUM_START | RTM_ENUM_ALL_DESTS, NULL,
	                         RTM_BEST_PROTOCOL, &enumeration), NO_ERROR);
	count_of_dests = profile.MaxHandlesInEnum + 1;
	EXPECT(RtmGetEnumDests(observer, enumeration, &count_of_dests, dests), ERROR_INVALID_PARAMETER);
	do {
		count_of_dests = BATCH;
		status = RtmGetEnumDests(observer, enumeration, &count_of_dests, dests);
		for (UINT i = 0; i < count_of_dests; i++, total++) {
			RTM_NET_ADDRESS prefix = prefix_of_network(total % NETWORKS);

			CHECK(total < NETWORKS && same_prefix(&dests[i].DestAddress, &prefix));
			CHECK(dests[i].NumberOfViews == 1 && dests[i].ViewInfo[0].NumRoutes == 1);
			CHECK(dests[i].ViewInfo[0].Route == route[total % NETWORKS]);
			CHECK(dests[i].ViewInfo[0].Owner == protocol);
			printf("destination %s, metric %lu\n", text_of(&dests[i].DestAddress),
			       metric_of(observer, dests[i].ViewInfo[0].Route));
		}
		EXPECT(RtmReleaseDests(observer, count_of_dests, dests), NO_ERROR);
	} while (status == NO_ERROR);
	CHECK(status == ERROR_NO_MORE_ITEMS && total == NETWORKS);
	EXPECT(RtmDeleteEnumHandle(observer, enumeration), NO_ERROR);
}

/* Number of routes of the protocol in the range of a network; prefixes go up. */
static UINT enumerate_routes(RTM_ENUM_FLAGS flags, unsigned range)
{
	RTM_NET_ADDRESS start = prefix_of_network(range), prefix;
	RTM_ROUTE_HANDLE handles[BATCH];
	RTM_ENUM_HANDLE enumeration;
	UINT routes, total = 0;
	DWORD status;

	EXPECT(RtmCreateRouteEnum(protocol, NULL, RTM_VIEW_MASK_ANY, flags | RTM_ENUM_OWN_ROUTES, &start,
	                          RTM_MATCH_NONE, NULL, 0, &enumeration), NO_ERROR);
	do {
		routes = BATCH;
		status = RtmGetEnumRoutes(protocol, enumeration, &routes, handles);
		for (UINT i = 0; i < routes; i++) {
			EXPECT(RtmGetRouteInfo(protocol, handles[i], NULL, &prefix), NO_ERROR);
			printf("route to %s\n", text_of(&prefix));
		}
		total += routes;
		EXPECT(RtmReleaseRoutes(protocol, routes, handles), NO_ERROR);
	} while (status == NO_ERROR);
	CHECK(status == ERROR_NO_MORE_ITEMS);
	EXPECT(RtmDeleteEnumHandle(protocol, enumeration), NO_ERROR);
	return total;
}

static void enumerate_ranges(void)
{
	CHECK(enumerate_routes(RTM_ENUM_START, 0) == NETWORKS);
	CHECK(enumerate_routes(RTM_ENUM_RANGE, 1) == 3);
	CHECK(enumerate_routes(RTM_ENUM_NEXT, 2) == 3);
}

/* From the longest match up to the default route. */
static void look_up(void)
{
	RTM_NET_ADDRESS host = prefix_of(IPV4(10, 1, 2, 3), 32), prefix;
	RTM_DEST_INFO dest, above;
	DWORD status;
	unsigned at = 3;

	status = RtmGetMostSpecificDestination(observer, &host, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_UCAST, &dest);
	if (!CHECK(status == NO_ERROR))
		return;
	for (;;) {
		prefix = prefix_of_network(at);
		CHECK(same_prefix(&dest.DestAddress, &prefix) && dest.ViewInfo[0].Route == route[at]);
		printf("10.1.2.3 is within %s\n", text_of(&dest.DestAddress));
		status = RtmGetLessSpecificDestination(observer, dest.DestHandle, RTM_BEST_PROTOCOL,
		                                       RTM_VIEW_MASK_UCAST, &above);
		EXPECT(RtmReleaseDestInfo(observer, &dest), NO_ERROR);
		if (status != NO_ERROR || !CHECK(at > 0))
			break;
		dest = above;
		at--;
	}
	CHECK(status == ERROR_NOT_FOUND && at == 0);
	EXPECT(RtmGetExactMatchDestination(observer, &host, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_UCAST, &dest),
	       ERROR_NOT_FOUND);
}

/* The two equal-cost gateways, found by criteria. */
static void match_route(void)
{
	RTM_NET_ADDRESS prefix = prefix_of_network(3);
	RTM_ROUTE_INFO *info = new_route_info();
	RTM_ROUTE_HANDLE handle = NULL;

	EXPECT(RtmGetExactMatchRoute(protocol, &prefix, RTM_MATCH_INTERFACE, info, 99, RTM_VIEW_MASK_UCAST, &handle),
	       ERROR_NOT_FOUND);
	info->Neighbour = gateway[0];
	EXPECT(RtmGetExactMatchRoute(protocol, &prefix, RTM_MATCH_NEIGHBOUR | RTM_MATCH_INTERFACE, info,
	                             gateway_interface[1], RTM_VIEW_MASK_UCAST, &handle), NO_ERROR);
	CHECK(handle == route[3] && info->RouteOwner == protocol && info->NextHopsList.NumNextHops == 2);
	CHECK((&info->NextHopsList.NextHops[0])[1] == gateway[1]);
	EXPECT(RtmReleaseRouteInfo(protocol, info), NO_ERROR);
	EXPECT(RtmReleaseRoutes(protocol, 1, &handle), NO_ERROR);
	free(info);
}

/* Route lists */

static UINT count_listed(RTM_ROUTE_LIST_HANDLE list)
{
	RTM_ROUTE_HANDLE handles[BATCH];
	RTM_ENUM_HANDLE enumeration;
	UINT routes, total = 0;

	EXPECT(RtmCreateRouteListEnum(protocol, list, &enumeration), NO_ERROR);
	do {
		routes = BATCH;
		EXPECT(RtmGetListEnumRoutes(protocol, enumeration, &routes, handles), NO_ERROR);
		total += routes;
		if (routes > 0)
			EXPECT(RtmReleaseRoutes(protocol, routes, handles), NO_ERROR);
	} while (routes == BATCH);
	EXPECT(RtmDeleteEnumHandle(protocol, enumeration), NO_ERROR);
	return total;
}

static void use_route_lists(void)
{
	RTM_ROUTE_LIST_HANDLE first, second;

	EXPECT(RtmCreateRouteList(protocol, &first), NO_ERROR);
	EXPECT(RtmCreateRouteList(protocol, &second), NO_ERROR);
	EXPECT(RtmInsertInRouteList(protocol, first, NETWORKS, route), NO_ERROR);
	CHECK(count_listed(first) == NETWORKS);
	EXPECT(RtmInsertInRouteList(protocol, second, 2, route), NO_ERROR);
	CHECK(count_listed(first) == NETWORKS - 2 && count_listed(second) == 2);
	EXPECT(RtmInsertInRouteList(protocol, NULL, 1, route), NO_ERROR);
	CHECK(count_listed(second) == 1);
	EXPECT(RtmDeleteRouteList(protocol, first), NO_ERROR);
	EXPECT(RtmDeleteRouteList(protocol, second), NO_ERROR);
}

/* Opaque pointers and marks, both on the destination of network 4. */

static void use_opaque_pointer(RTM_DEST_HANDLE dest)
{
	PVOID cell = NULL;

	EXPECT(RtmLockDestination(protocol, dest, TRUE, TRUE), NO_ERROR);
	EXPECT(RtmGetOpaqueInformationPointer(protocol, dest, &cell), NO_ERROR);
	if (CHECK(cell && *(PVOID *)cell == NULL))
		*(PVOID *)cell = &lasting;
	EXPECT(RtmLockDestination(protocol, dest, TRUE, FALSE), NO_ERROR);

	EXPECT(RtmLockDestination(protocol, dest, FALSE, TRUE), NO_ERROR);
	EXPECT(RtmGetOpaqueInformationPointer(protocol, dest, &cell), NO_ERROR);
	CHECK(*(PVOID *)cell == &lasting);
	EXPECT(RtmLockDestination(protocol, dest, FALSE, FALSE), NO_ERROR);
	EXPECT(RtmGetOpaqueInformationPointer(observer, dest, &cell), ERROR_NOT_FOUND);
}

/* Updates the route of network 4 and tells whether a registration has the change before it. */
static BOOL change_is_pending(RTM_NOTIFY_HANDLE marked, RTM_DEST_HANDLE dest)
{
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	BOOL pending = FALSE;

	EXPECT(put_route(4, &route[4], network[4].metric, INFINITE, NULL, &flags), NO_ERROR);
	EXPECT(RtmGetChangeStatus(observer, marked, dest, &pending), NO_ERROR);
	return pending;
}

static void watch_marked(RTM_DEST_HANDLE dest)
{
	RTM_NOTIFY_HANDLE marked;
	RTM_DEST_INFO changed;
	BOOL answer = TRUE;
	UINT dests = 1;

	EXPECT(RtmRegisterForChangeNotification(observer, RTM_VIEW_MASK_UCAST,
	                                        RTM_CHANGE_TYPE_ALL | RTM_NOTIFY_ONLY_MARKED_DESTS, NULL, &marked),
	       NO_ERROR);
	EXPECT(RtmIsMarkedForChangeNotification(observer, marked, dest, &answer), NO_ERROR);
	CHECK(answer == FALSE);
	CHECK(!change_is_pending(marked, dest));
	EXPECT(RtmMarkDestForChangeNotification(observer, marked, dest, TRUE), NO_ERROR);
	EXPECT(RtmIsMarkedForChangeNotification(observer, marked, dest, &answer), NO_ERROR);
	CHECK(answer == TRUE);
	CHECK(change_is_pending(marked, dest));
	EXPECT(RtmIgnoreChangedDests(observer, marked, 1, &dest), NO_ERROR);
	EXPECT(RtmGetChangedDests(observer, marked, &dests, &changed), ERROR_NO_MORE_ITEMS);
	CHECK(change_is_pending(marked, dest));
	dests = 1;
	EXPECT(RtmGetChangedDests(observer, marked, &dests, &changed), NO_ERROR);
	CHECK(dests == 1 && changed.DestHandle == dest && changed.ViewInfo[0].Route == route[4]);
	EXPECT(RtmReleaseChangedDests(observer, marked, dests, &changed), NO_ERROR);
	EXPECT(RtmMarkDestForChangeNotification(observer, marked, dest, FALSE), NO_ERROR);
	EXPECT(RtmDeregisterFromChangeNotification(observer, marked), NO_ERROR);
}

static void use_destination(void)
{
	RTM_NET_ADDRESS prefix = prefix_of_network(4);
	RTM_DEST_INFO by_prefix, by_handle;

	if (!EXPECT(RtmGetExactMatchDestination(observer, &prefix, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_UCAST, &by_prefix),
	            NO_ERROR))
		return;
	EXPECT(RtmGetDestInfo(observer, by_prefix.DestHandle, PROTO_IP_RIP, RTM_VIEW_MASK_UCAST, &by_handle), NO_ERROR);
	CHECK(by_handle.ViewInfo[0].Route == route[4] && by_handle.DestHandle == by_prefix.DestHandle);
	EXPECT(RtmReleaseDestInfo(observer, &by_handle), NO_ERROR);
	use_opaque_pointer(by_prefix.DestHandle);
	watch_marked(by_prefix.DestHandle);
	EXPECT(RtmReleaseDestInfo(observer, &by_prefix), NO_ERROR);
}

/* Methods */

union method_input {
	RTM_ENTITY_METHOD_INPUT input;
	UCHAR room[FIELD_OFFSET(RTM_ENTITY_METHOD_INPUT, InputData) + sizeof(RTM_NET_ADDRESS)];
};

static DWORD ask(ULONG answers[2], UINT *size)
{
	RTM_NET_ADDRESS prefix = prefix_of_network(4);
	union method_input question;
	RTM_ENTITY_METHOD_OUTPUT output[2]; /* a header and a ULONG each */
	DWORD status;

	question.input.MethodType = METHOD_RIP2_NEIGHBOUR_ADDR | METHOD_RIP2_OUTBOUND_INTF;
	question.input.InputSize = sizeof(prefix);
	memcpy(question.input.InputData, &prefix, sizeof(prefix));
	*size = sizeof(output);
	status = RtmInvokeMethod(observer, protocol_seen, &question.input, size, output);
	for (unsigned i = 0; status == NO_ERROR && i < 2; i++) {
		CHECK(output[i].MethodType == 1u << i && output[i].MethodStatus == NO_ERROR);
		CHECK(output[i].OutputSize == sizeof(ULONG));
		memcpy(&answers[i], output[i].OutputData, sizeof(ULONG));
	}
	return status;
}

static DWORD WINAPI ask_on_thread(PVOID unused)
{
	ULONG answers[2];
	UINT size;

	(void)unused;
	return ask(answers, &size);
}

static void use_methods(void)
{
	RTM_ENTITY_EXPORT_METHOD methods[2];
	ULONG answers[2] = {0, 0};
	UINT size, number = 0;
	DWORD status = ERROR_GEN_FAILURE;
	HANDLE thread;

	EXPECT(RtmGetEntityMethods(observer, protocol_seen, &number, NULL), NO_ERROR);
	CHECK(number == 2);
	EXPECT(RtmGetEntityMethods(observer, protocol_seen, &number, methods), NO_ERROR);
	CHECK(methods[0] == neighbour_addr && methods[1] == outbound_intf);
	EXPECT(ask( answers, &size), NO_ERROR);
	CHECK(size == 2 * sizeof(RTM_ENTITY_METHOD_OUTPUT));
	CHECK(answers[0] == gateway_address[1] && answers[1] == gateway_interface[1]);
	printf("the protocol says: through interface %lu\n", answers[1]);

	EXPECT(RtmBlockMethods(protocol, NULL, 0, RTM_BLOCK_METHODS), NO_ERROR);
	thread = CreateThread(NULL, 0, ask_on_thread, NULL, 0, NULL);
	EXPECT(RtmBlockMethods(protocol, NULL, 0, RTM_RESUME_METHODS), NO_ERROR);
	if (CHECK(thread)) {
		CHECK(WaitForSingleObject(thread, PATIENCE_MS) == WAIT_OBJECT_0);
		CHECK(GetExitCodeThread(thread, &status) && status == NO_ERROR);
		CloseHandle(thread);
	}
}

/* Time */

/* The last route of a marked destination stays for a while as the held one. */
static void hold_down(void)
{
	RTM_NET_ADDRESS prefix = prefix_of_network(2);
	RTM_ROUTE_INFO *info = new_route_info();
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	RTM_DEST_INFO dest, held;
	ULONGLONG begin;

	EXPECT(RtmGetExactMatchDestination(protocol, &prefix, RTM_THIS_PROTOCOL, RTM_VIEW_MASK_UCAST, &dest), NO_ERROR);
	EXPECT(RtmHoldDestination(protocol, dest.DestHandle, RTM_VIEW_MASK_UCAST, 0), ERROR_INVALID_PARAMETER);
	EXPECT(RtmHoldDestination(protocol, dest.DestHandle, RTM_VIEW_MASK_UCAST, HOLD_MS), NO_ERROR);
	EXPECT(RtmReferenceHandles(protocol, 1, &route[2]), NO_ERROR);
	begin = GetTickCount64();
	EXPECT(RtmDeleteRouteToDest(protocol, route[2], &flags), NO_ERROR);
	CHECK(flags == RTM_ROUTE_CHANGE_BEST);
	EXPECT(RtmGetRouteInfo(protocol, route[2], info, NULL), NO_ERROR);
	CHECK(info->State == RTM_ROUTE_STATE_DELETED);
	EXPECT(RtmReleaseRouteInfo(protocol, info), NO_ERROR);
	EXPECT(RtmGetDestInfo(observer, dest.DestHandle, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_UCAST, &held), NO_ERROR);
	CHECK(held.ViewInfo[0].Route == NULL);
	CHECK(held.ViewInfo[0].HoldRoute == route[2] || GetTickCount64() - begin >= HOLD_MS);
	EXPECT(RtmReleaseDestInfo(observer, &held), NO_ERROR);
	AWAIT(saw(2, FALSE, FALSE, 0));
	EXPECT(RtmReleaseRoutes(protocol, 1, &route[2]), NO_ERROR);
	EXPECT(RtmReleaseDestInfo(protocol, &dest), NO_ERROR);
	route[2] = NULL;
	free(info);
}

static BOOL is_gone(unsigned i)
{
	RTM_NET_ADDRESS prefix = prefix_of_network(i);
	RTM_DEST_INFO dest;
	DWORD status = RtmGetExactMatchDestination(protocol, &prefix, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_UCAST, &dest);

	if (status == NO_ERROR)
		EXPECT(RtmReleaseDestInfo(protocol, &dest), NO_ERROR);
	return status == ERROR_NOT_FOUND;
}

/* Of two routes whose time is up, RTM deletes the one that its owner leaves to it. */
static void expire(void)
{
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	EXPECT(put_route(3, &route[3], network[3].metric, TTL_MS, &lasting, &flags), NO_ERROR);
	EXPECT(put_route(2, NULL, network[2].metric, TTL_MS, &mortal, &flags), NO_ERROR);
	AWAIT(seen.aged == 1 && seen.expired == 1);
	AWAIT(saw(3, TRUE, FALSE, 16));
	AWAIT(is_gone(2));
}

/* The end */

static void delete_routes(void)
{
	RTM_ROUTE_HANDLE handles[BATCH];
	RTM_ENUM_HANDLE enumeration;
	UINT routes, total = 0;
	DWORD status;

	for (unsigned i = 0; i < NETWORKS; i++)
		if (route[i])
			EXPECT(RtmReleaseRoutes(protocol, 1, &route[i]), NO_ERROR);
	EXPECT(RtmCreateRouteEnum(protocol, NULL, RTM_VIEW_MASK_ANY, RTM_ENUM_OWN_ROUTES, NULL, RTM_MATCH_NONE, NULL, 0,
	                          &enumeration), NO_ERROR);
	do {
		routes = BATCH;
		status = RtmGetEnumRoutes(protocol, enumeration, &routes, handles);
		for (UINT i = 0; i < routes; i++) {
			RTM_ROUTE_CHANGE_FLAGS flags = 0;

			EXPECT(RtmDeleteRouteToDest(protocol, handles[i], &flags), NO_ERROR);
			CHECK(flags == RTM_ROUTE_CHANGE_BEST);
		}
		total += routes;
	} while (status == NO_ERROR);
	CHECK(status == ERROR_NO_MORE_ITEMS && total == NETWORKS - 1);
	EXPECT(RtmDeleteEnumHandle(protocol, enumeration), NO_ERROR);
	for (unsigned i = 0; i < NETWORKS; i++)
		AWAIT(saw(i, FALSE, FALSE, 0));
}

static void leave(void)
{
	RTM_NEXTHOP_INFO second = gateway_info(1);

	EXPECT(RtmReleaseEntities(observer, 1, &protocol_seen), NO_ERROR);
	EXPECT(RtmDeregisterFromChangeNotification(observer, notification), NO_ERROR);
	EXPECT(RtmDeleteNextHop(protocol, gateway[0], NULL), NO_ERROR);
	EXPECT(RtmDeleteNextHop(protocol, NULL, &second), NO_ERROR);
	EXPECT(RtmReleaseNextHops(protocol, 1, &gateway[1]), NO_ERROR);
	EXPECT(RtmDeregisterEntity(observer), NO_ERROR);
	AWAIT(seen.deregistered == 1);
	CHECK(seen.entity.EntityId.EntityProtocolId == OBSERVER_PROTOCOL);
	EXPECT(RtmDeregisterEntity(protocol), NO_ERROR);
}

/* Asks the DLL beside the program what a client left behind; Windows' own rtm.dll has nothing to ask. */
static void audit(void)
{
	struct {
		ULONGLONG entities, routes, next_hops, destinations, handles, bytes;
	} left;
	DWORD(WINAPI * statistics)(RTM_ENTITY_INFO *, PVOID);
	HMODULE rtm = GetModuleHandleA("rtm.dll");
	char path[MAX_PATH];

	GetModuleFileNameA(rtm, path, sizeof(path));
	printf("this was %s\n", path);
	statistics = (__typeof__(statistics))(void (*)(void))GetProcAddress(rtm, "Rtm2GetStatistics");
	if (!statistics)
		return;
	EXPECT(statistics(NULL, &left), NO_ERROR);
	printf("left behind: %llu entities, %llu routes, %llu next hops, %llu destinations, %llu handles\n",
	       left.entities, left.routes, left.next_hops, left.destinations, left.handles);
	CHECK(left.entities + left.routes + left.next_hops + left.destinations + left.handles == 0);
}

int main(void)
{
	static const struct {
		const char *name;
		void (*body)(void);
	} steps[] = {
		{"register, and hear of another entity", register_entities},
		{"find the other entity", find_entities},
		{"ask to be told of best routes", watch_best_routes},
		{"add next hops", add_gateways},
		{"enumerate next hops", enumerate_gateways},
		{"add routes, and be told of them", add_routes},
		{"update a route in place", update_in_place},
		{"enumerate destinations", enumerate_dests},
		{"enumerate routes, all and in ranges", enumerate_ranges},
		{"look up an address", look_up},
		{"find a route by criteria", match_route},
		{"keep routes in lists", use_route_lists},
		{"keep a pointer with a destination, mark it and poll", use_destination},
		{"invoke methods of another entity", use_methods},
		{"hold a destination down", hold_down},
		{"let routes expire", expire},
		{"delete all routes", delete_routes},
		{"delete next hops, and leave", leave},
		{"leave nothing behind", audit},
	};
	unsigned passed = 0;

	InitializeCriticalSection(&seen_lock);
	/* Each step builds on those before it. */
	while (passed < sizeof(steps) / sizeof(steps[0]) && failures == 0) {
		printf("* %s\n", steps[passed].name);
		steps[passed].body();
		if (failures == 0)
			passed++;
	}
	printf("%u passed, %u failed\n", passed, failures != 0);
	return failures != 0;
}
