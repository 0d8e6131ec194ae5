/*
 * alloc_stories.c - the calls in which allocations fail: every place of the library that allocates is reached by one of
 * these stories, and each place that grows something is reached again when it grows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alloc.h"

enum { ROOM_HOPS = 8, ROOM_VIEWS = 2, HOUR = 3600000 };

typedef union route_info {
	RTM_ROUTE_INFO info;
	UCHAR room[sizeof(RTM_ROUTE_INFO) + ROOM_HOPS * sizeof(HANDLE)];
} route_info;

typedef union dest_infos {
	RTM_DEST_INFO info;
	UCHAR room[16 * RTM_SIZE_OF_DEST_INFO(ROOM_VIEWS)];
} dest_infos;

#define BOTH (RTM_VIEW_MASK_UCAST | RTM_VIEW_MASK_MCAST)

/*
 * Words
 */

/* For all families: the first octets, in hexadecimal, of an address whose others are zero. */
static RTM_NET_ADDRESS net(USHORT family, unsigned first, unsigned bits)
{
	RTM_NET_ADDRESS a = {family, (USHORT)bits, {0}};

	for (unsigned i = 0; i < 4; i++)
		a.AddrBits[i] = (UCHAR)(first >> (24 - 8 * i));
	return a;
}

static RTM_NET_ADDRESS ip(unsigned first, unsigned bits)
{
	return net(RTM2_AF_INET, first, bits);
}

static DWORD WINAPI on_event(RTM_ENTITY_HANDLE self, RTM_EVENT_TYPE type, PVOID context1, PVOID context2)
{
	(void)self;
	(void)context1;
	(void)context2;
	count_event();
	return type == RTM_ROUTE_EXPIRED ? ERROR_NOT_SUPPORTED : NO_ERROR;
}

static void WINAPI answer(RTM_ENTITY_HANDLE caller, RTM_ENTITY_HANDLE callee, RTM_ENTITY_METHOD_INPUT *input,
                          RTM_ENTITY_METHOD_OUTPUT *output)
{
	(void)caller;
	(void)callee;
	output->OutputSize = input->InputSize;
}

static RTM_ENTITY_HANDLE enter_with(USHORT family, ULONG protocol, RTM_EVENT_CALLBACK callback, bool opaque, UINT methods)
{
	union {
		RTM_ENTITY_EXPORT_METHODS methods;
		UCHAR room[sizeof(RTM_ENTITY_EXPORT_METHODS) + 32 * sizeof(RTM_ENTITY_EXPORT_METHOD)];
	} exported;
	RTM_ENTITY_INFO info = {0, family, {{{protocol, 1}}}};
	RTM_REGN_PROFILE profile;
	RTM_ENTITY_HANDLE self = NULL;

	exported.methods.NumMethods = methods;
	for (UINT i = 0; i < methods; i++)
		(&exported.methods.Methods[0])[i] = answer;
	STEP(NEEDS_MEMORY, NO_ERROR,
	     RtmRegisterEntity(&info, methods ? &exported.methods : NULL, callback, opaque, &profile, &self));
	show_entity(self, family, opaque);
	return self;
}

static RTM_ENTITY_HANDLE enter(USHORT family, ULONG protocol)
{
	return enter_with(family, protocol, NULL, false, 0);
}

static void leave(RTM_ENTITY_HANDLE self)
{
	STEP(NEEDS_NONE, NO_ERROR, RtmDeregisterEntity(self));
}

static RTM_NEXTHOP_HANDLE add_hop(RTM_ENTITY_HANDLE self, RTM_NET_ADDRESS address, ULONG interface_index)
{
	RTM_NEXTHOP_INFO info = {.NextHopAddress = address, .InterfaceIndex = interface_index};
	RTM_NEXTHOP_HANDLE hop = NULL;
	RTM_NEXTHOP_CHANGE_FLAGS flags;

	STEP(NEEDS_MEMORY, NO_ERROR, RtmAddNextHop(self, &info, &hop, &flags));
	return hop;
}

static void delete_hop(RTM_ENTITY_HANDLE self, RTM_NEXTHOP_HANDLE hop)
{
	STEP(NEEDS_NONE, NO_ERROR, RtmDeleteNextHop(self, hop, NULL));
}

/* A route in both views through the first of the hops, up to a NULL. */
static route_info via(const RTM_NEXTHOP_HANDLE *hops, ULONG pref)
{
	route_info route;

	memset(&route, 0, sizeof(route));
	route.info.PrefInfo.Preference = pref;
	route.info.BelongsToViews = BOTH;
	for (USHORT i = 0; hops != NULL && hops[i] != NULL; i++) {
		(&route.info.NextHopsList.NextHops[0])[i] = hops[i];
		route.info.NextHopsList.NumNextHops = (USHORT)(i + 1);
	}
	return route;
}

static RTM_ROUTE_HANDLE add_in_full(RTM_ENTITY_HANDLE self, RTM_NET_ADDRESS to, route_info route, ULONG ttl,
                                    RTM_ROUTE_LIST_HANDLE list, RTM_ROUTE_CHANGE_FLAGS input)
{
	RTM_ROUTE_HANDLE handle = NULL;
	RTM_ROUTE_CHANGE_FLAGS flags = input;

	STEP(NEEDS_MEMORY, NO_ERROR, RtmAddRouteToDest(self, &handle, &to, &route.info, ttl, list, 0, NULL, &flags));
	saw("%s: %x\n", address_text(&to), flags);
	return handle;
}

static RTM_ROUTE_HANDLE add(RTM_ENTITY_HANDLE self, RTM_NET_ADDRESS to, route_info route)
{
	return add_in_full(self, to, route, INFINITE, NULL, 0);
}

static void delete_route(RTM_ENTITY_HANDLE self, RTM_ROUTE_HANDLE route)
{
	RTM_ROUTE_CHANGE_FLAGS flags;

	STEP(NEEDS_NONE, NO_ERROR, RtmDeleteRouteToDest(self, route, &flags));
}

/* A reference on the destination alone. */
static RTM_DEST_HANDLE hold_dest(RTM_ENTITY_HANDLE self, RTM_NET_ADDRESS to)
{
	dest_infos result;

	STEP(NEEDS_NONE, NO_ERROR,
	     RtmGetExactMatchDestination(self, &to, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_ANY, &result.info));
	return result.info.DestHandle;
}

static void release_dest(RTM_ENTITY_HANDLE self, RTM_DEST_HANDLE dest)
{
	dest_infos held;

	memset(&held, 0, sizeof(held));
	held.info.DestHandle = dest;
	STEP(NEEDS_NONE, NO_ERROR, RtmReleaseDestInfo(self, &held.info));
}

/* Reads an enumeration of routes to its end; a batch cut short for want of memory is as good as any. */
static void read_routes(RTM_ENTITY_HANDLE self, RTM_ENUM_HANDLE en, UINT batch, bool delete)
{
	RTM_ROUTE_HANDLE routes[64];
	UINT count = 1;

	while (count > 0) {
		DWORD status;

		count = batch;
		do {
			step_begin("RtmGetEnumRoutes", GIVES_PARTS);
			status = RtmGetEnumRoutes(self, en, &count, routes);
		} while (step_end(status, status == ERROR_NO_MORE_ITEMS ? status : NO_ERROR));
		for (UINT i = 0; i < count; i++) {
			saw("read %s\n", route_text(self, routes[i]));
			if (delete)
				delete_route(self, routes[i]);
		}
		if (!delete && count > 0)
			STEP(NEEDS_NONE, NO_ERROR, RtmReleaseRoutes(self, count, routes));
	}
	STEP(NEEDS_NONE, NO_ERROR, RtmDeleteEnumHandle(self, en));
}

static RTM_ENUM_HANDLE own_routes(RTM_ENTITY_HANDLE self)
{
	RTM_ENUM_HANDLE en = NULL;

	STEP(NEEDS_MEMORY, NO_ERROR,
	     RtmCreateRouteEnum(self, NULL, RTM_VIEW_MASK_ANY, RTM_ENUM_OWN_ROUTES, NULL, RTM_MATCH_NONE, NULL, 0, &en));
	return en;
}

static void delete_own_routes(RTM_ENTITY_HANDLE self)
{
	read_routes(self, own_routes(self), 64, true);
}

static RTM_NOTIFY_HANDLE listen_for(RTM_ENTITY_HANDLE self, RTM_NOTIFY_FLAGS flags)
{
	RTM_NOTIFY_HANDLE notification = NULL;

	STEP(NEEDS_MEMORY, NO_ERROR, RtmRegisterForChangeNotification(self, BOTH, flags, NULL, &notification));
	show_notification(self, notification);
	return notification;
}

static void read_changes(RTM_ENTITY_HANDLE self, RTM_NOTIFY_HANDLE notification)
{
	static dest_infos changes;
	UINT count;

	for (;;) {
		count = 16;
		step_begin("RtmGetChangedDests", NEEDS_NONE);
		if (RtmGetChangedDests(self, notification, &count, &changes.info) != NO_ERROR)
			count = 0;
		(void)step_end(NO_ERROR, NO_ERROR);
		if (count == 0)
			return;
		for (UINT i = 0; i < count; i++) {
			const RTM_DEST_INFO *info = (const void *)(changes.room + i * RTM_SIZE_OF_DEST_INFO(ROOM_VIEWS));

			saw("changed %s\n", address_text(&info->DestAddress));
		}
		STEP(NEEDS_NONE, NO_ERROR, RtmReleaseChangedDests(self, notification, count, &changes.info));
	}
}

static void stop_listening(RTM_ENTITY_HANDLE self, RTM_NOTIFY_HANDLE notification)
{
	STEP(NEEDS_NONE, NO_ERROR, RtmDeregisterFromChangeNotification(self, notification));
}

static RTM_ROUTE_LIST_HANDLE make_list(RTM_ENTITY_HANDLE self)
{
	RTM_ROUTE_LIST_HANDLE list = NULL;

	STEP(NEEDS_MEMORY, NO_ERROR, RtmCreateRouteList(self, &list));
	show_list(self, list);
	return list;
}

/*
 * Stories
 */

static void entities_come_and_go(void)
{
	static const USHORT families[] = {RTM2_AF_INET, RTM2_AF_INET6, RTM2_AF_IPX};
	RTM_ENTITY_HANDLE entities[3][12], handles[16];
	RTM_ENTITY_INFO infos[16];
	UINT count = 16;

	for (unsigned f = 0; f < 3; f++)
		for (unsigned i = 0; i < 12; i++)
			entities[f][i] = enter_with(families[f], i == 11 ? 0x80000001 : i + 1, i % 3 == 0 ? on_event : NULL, i < 8,
			                            i % 2 == 0 ? i + 20 : 0);
	STEP(NEEDS_NONE, NO_ERROR, RtmGetRegisteredEntities(entities[0][0], &count, handles, infos));
	for (UINT i = 0; i < count; i++)
		saw("entity %u\n", infos[i].EntityId.EntityProtocolId);
	STEP(NEEDS_NONE, NO_ERROR, RtmReleaseEntities(entities[0][0], count, handles));
	for (unsigned f = 0; f < 3; f++)
		for (unsigned i = 0; i < 12; i++)
			leave(entities[f][i]);
}

static void methods_are_invoked(void)
{
	RTM_ENTITY_HANDLE caller = enter(RTM2_AF_INET, 1), callee = enter_with(RTM2_AF_INET, 2, NULL, false, 2);
	RTM_ENTITY_METHOD_INPUT input = {.MethodType = METHOD_TYPE_ALL_METHODS, .InputSize = 3};
	union {
		RTM_ENTITY_METHOD_OUTPUT first;
		UCHAR room[100];
	} output;
	UINT size = sizeof(output);

	STEP(NEEDS_NONE, NO_ERROR, RtmInvokeMethod(caller, callee, &input, &size, &output.first));
	saw("%u octets\n", size);
	STEP(NEEDS_NONE, NO_ERROR, RtmBlockMethods(callee, NULL, 0, RTM_BLOCK_METHODS));
	STEP(NEEDS_NONE, NO_ERROR, RtmBlockMethods(callee, NULL, 0, RTM_RESUME_METHODS));
	leave(callee);
	leave(caller);
}

static void next_hops_come_and_go(void)
{
	RTM_ENTITY_HANDLE self = enter(RTM2_AF_INET, 1), six = enter(RTM2_AF_INET6, 1), ipx = enter(RTM2_AF_IPX, 1);
	RTM_ROUTE_HANDLE route = add(self, ip(0x0A000000, 8), via(NULL, 1));
	RTM_NEXTHOP_INFO info = {.NextHopAddress = ip(0xC0000201, 32), .InterfaceIndex = 1, .Flags = RTM_NEXTHOP_FLAGS_REMOTE};
	RTM_NEXTHOP_HANDLE hops[24], found[24], remote = NULL;
	RTM_NEXTHOP_CHANGE_FLAGS flags;
	RTM_NEXTHOP_INFO *pointer;
	RTM_ENUM_HANDLE en = NULL;
	UINT count = 24;

	for (unsigned i = 0; i < 20; i++)
		hops[i] = add_hop(self, ip(0xC0000201 + i % 5, 32), 1 + i / 5);
	hops[20] = add_hop(six, net(RTM2_AF_INET6, 0xFE800000, 128), 1);
	hops[21] = add_hop(six, net(RTM2_AF_INET6, 0xFE800000, 128), 2);
	hops[22] = add_hop(ipx, net(RTM2_AF_IPX, 0x00000001, 48), 1);
	hops[23] = add_hop(ipx, net(RTM2_AF_IPX, 0x00000001, 48), 0x01000000);
	info.RemoteNextHop = hold_dest(self, ip(0x0A000000, 8));
	STEP(NEEDS_MEMORY, NO_ERROR, RtmAddNextHop(self, &info, &remote, &flags));
	release_dest(self, info.RemoteNextHop);
	STEP(NEEDS_NONE, NO_ERROR, RtmLockNextHop(self, remote, TRUE, TRUE, &pointer));
	STEP(NEEDS_NONE, NO_ERROR, RtmLockNextHop(self, remote, TRUE, FALSE, &pointer));
	STEP(NEEDS_NONE, NO_ERROR, RtmReleaseNextHops(self, 1, &remote));

	STEP(NEEDS_MEMORY, NO_ERROR, RtmCreateNextHopEnum(self, RTM_ENUM_START, NULL, &en));
	STEP(NEEDS_NONE, NO_ERROR, RtmGetEnumNextHops(self, en, &count, found));
	for (UINT i = 0; i < count; i++)
		saw("%s\n", hop_text(self, found[i]));
	STEP(NEEDS_NONE, NO_ERROR, RtmReleaseNextHops(self, count, found));
	STEP(NEEDS_NONE, NO_ERROR, RtmDeleteEnumHandle(self, en));
	delete_route(self, route);
	for (unsigned i = 0; i < 24; i++)
		delete_hop(i < 20 ? self : i < 22 ? six : ipx, hops[i]);
	leave(self);
	leave(six);
	leave(ipx);
}

/* Prefixes of every length that part as late as they can, so that the trie's forks are as deep as they get. */
static void routes_fork_deeply(void)
{
	static const USHORT families[] = {RTM2_AF_INET, RTM2_AF_INET6, RTM2_AF_IPX};

	for (unsigned f = 0; f < 3; f++) {
		RTM_ENTITY_HANDLE self = enter(families[f], 1), other = enter(families[f], 2);
		unsigned bits = families[f] == RTM2_AF_INET6 ? 128 : 32;
		RTM_NET_ADDRESS last = net(families[f], 0x0A000000, bits);
		RTM_ROUTE_HANDLE routes[8];

		last.AddrBits[bits / 8 - 1] = 1;
		routes[0] = add(self, net(families[f], 0x0A000000, bits), via(NULL, 1));
		routes[1] = add(self, last, via(NULL, 1));
		routes[2] = add(other, last, via(NULL, 2));
		routes[3] = add(self, net(families[f], 0, 0), via(NULL, 1));
		routes[4] = add(other, net(families[f], 0x0A000000, bits - 1), via(NULL, 1));
		routes[5] = add(other, net(families[f], 0x0A000000, 9), via(NULL, 1));
		routes[6] = add(other, net(families[f], 0x0A800000, 9), via(NULL, 1));
		routes[7] = add(other, net(families[f], 0x0A000000, 8), via(NULL, 1));
		for (unsigned i = 0; i < 8; i++)
			delete_route(i == 0 || i == 1 || i == 3 ? self : other, routes[i]);
		leave(self);
		leave(other);
	}
}

/* One octet with many values: the nodes' arrays grow, and shrink again. */
static void routes_spread_widely(void)
{
	RTM_ENTITY_HANDLE self = enter(RTM2_AF_INET, 1);
	RTM_ROUTE_HANDLE routes[200];

	for (unsigned i = 0; i < 200; i++)
		routes[i] = add(self, ip(0x0A000000 | i << 16, 16), via(NULL, i % 3));
	for (unsigned i = 0; i < 200; i++)
		delete_route(self, routes[i]);
	leave(self);
}

static void routes_have_several_next_hops(void)
{
	RTM_ENTITY_HANDLE self = enter(RTM2_AF_INET, 1);
	RTM_NEXTHOP_HANDLE hops[ROOM_HOPS + 1] = {NULL};
	RTM_ROUTE_HANDLE routes[3];
	RTM_ROUTE_CHANGE_FLAGS flags = 0;
	route_info route;

	for (unsigned i = 0; i < ROOM_HOPS; i++)
		hops[i] = add_hop(self, ip(0xC0000201 + i, 32), 1);
	route = via(hops, 1);
	routes[0] = add(self, ip(0x0A000000, 8), via(hops + 7, 1));
	STEP(NEEDS_MEMORY, NO_ERROR, RtmAddRouteToDest(self, &routes[0], NULL, &route.info, INFINITE, NULL, 0, NULL, &flags));
	route = via(hops + 5, 2);
	STEP(NEEDS_MEMORY, NO_ERROR, RtmAddRouteToDest(self, &routes[0], NULL, &route.info, INFINITE, NULL, 0, NULL, &flags));
	routes[1] = add_in_full(self, ip(0x0A000000, 8), via(hops, 1), INFINITE, NULL, RTM_ROUTE_CHANGE_NEW);
	route = via(hops, 1);
	route.info.Neighbour = hops[0];
	routes[2] = add(self, ip(0x0A000000, 8), route);
	for (unsigned i = 0; i < 3; i++)
		delete_route(self, routes[i]);
	for (unsigned i = 0; i < ROOM_HOPS; i++)
		delete_hop(self, hops[i]);
	leave(self);
}

static void read_dests(RTM_ENTITY_HANDLE self)
{
	dest_infos results;
	RTM_ENUM_HANDLE en = NULL;
	UINT count = 16;

	STEP(NEEDS_MEMORY, NO_ERROR,
	     RtmCreateDestEnum(self, BOTH, RTM_ENUM_OWN_DESTS, NULL, RTM_THIS_PROTOCOL, &en));
	STEP(NEEDS_NONE, NO_ERROR, RtmGetEnumDests(self, en, &count, &results.info));
	saw("%u destinations\n", count);
	STEP(NEEDS_NONE, NO_ERROR, RtmReleaseDests(self, count, &results.info));
	STEP(NEEDS_NONE, NO_ERROR, RtmDeleteEnumHandle(self, en));
}

/* The memory that enumerations of all kinds have in common is got by the first. */
static void routes_are_enumerated_first(void)
{
	RTM_ENTITY_HANDLE self = enter(RTM2_AF_INET, 1);
	RTM_ROUTE_HANDLE route = add_in_full(self, ip(0x0A000000, 8), via(NULL, 1), INFINITE, NULL, RTM_ROUTE_CHANGE_NEW);

	STEP(NEEDS_NONE, NO_ERROR, RtmReleaseRoutes(self, 1, &route));
	read_routes(self, own_routes(self), 4, true);
	leave(self);
}

static void tables_are_enumerated(void)
{
	RTM_ENTITY_HANDLE self = enter(RTM2_AF_INET, 1);
	RTM_ENUM_HANDLE en = NULL;
	RTM_DEST_HANDLE dest;

	for (unsigned i = 0; i < 40; i++) {
		RTM_ROUTE_HANDLE route =
		    add_in_full(self, ip(0x0A000000, i < 30 ? 8 : i - 21), via(NULL, i % 7), INFINITE, NULL, RTM_ROUTE_CHANGE_NEW);

		STEP(NEEDS_NONE, NO_ERROR, RtmReleaseRoutes(self, 1, &route));
	}
	read_dests(self);
	for (UINT batch = 1; batch <= 49; batch += 16)
		read_routes(self, own_routes(self), batch, false);
	dest = hold_dest(self, ip(0x0A000000, 8));
	STEP(NEEDS_MEMORY, NO_ERROR,
	     RtmCreateRouteEnum(self, dest, RTM_VIEW_MASK_UCAST, RTM_ENUM_START, NULL, RTM_MATCH_NONE, NULL, 0, &en));
	read_routes(self, en, 3, false);
	release_dest(self, dest);
	delete_own_routes(self);
	leave(self);
}

static void changes_are_notified(void)
{
	RTM_ENTITY_HANDLE self = enter(RTM2_AF_INET, 1), other = enter_with(RTM2_AF_INET, 2, on_event, false, 0);
	RTM_NOTIFY_HANDLE all = listen_for(self, RTM_CHANGE_TYPE_ALL), best = listen_for(other, RTM_CHANGE_TYPE_BEST), marked;
	RTM_ROUTE_HANDLE routes[70];
	RTM_DEST_HANDLE dest;

	for (unsigned i = 0; i < 66; i++)
		routes[i] = add(self, ip(0x0A000000 | i << 8, 24), via(NULL, 1));
	marked = listen_for(self, RTM_CHANGE_TYPE_FORWARDING | RTM_NOTIFY_ONLY_MARKED_DESTS);
	dest = hold_dest(self, ip(0x0A000000, 24));
	STEP(NEEDS_NONE, NO_ERROR, RtmMarkDestForChangeNotification(self, marked, dest, TRUE));
	STEP(NEEDS_NONE, NO_ERROR, RtmIgnoreChangedDests(self, all, 1, &dest));
	release_dest(self, dest);
	delete_route(self, routes[0]);
	for (unsigned i = 66; i < 70; i++)
		routes[i] = add(other, ip(0x0A000000 | i << 8, 24), via(NULL, 1));
	read_changes(self, all);
	read_changes(self, marked);
	read_changes(other, best);
	for (unsigned i = 1; i < 70; i++)
		delete_route(i < 66 ? self : other, routes[i]);
	read_changes(self, all);
	stop_listening(self, marked);
	stop_listening(self, all);
	stop_listening(other, best);
	leave(self);
	leave(other);
}

static void routes_change_in_place(void)
{
	RTM_ENTITY_HANDLE self = enter_with(RTM2_AF_INET, 1, NULL, true, 0);
	RTM_NEXTHOP_HANDLE hops[3] = {NULL};
	RTM_ROUTE_HANDLE route;
	RTM_ROUTE_INFO *live;
	RTM_ROUTE_LIST_HANDLE list = make_list(self);
	RTM_ROUTE_CHANGE_FLAGS flags;
	RTM_DEST_HANDLE dest;
	PVOID *cell;

	hops[0] = add_hop(self, ip(0xC0000201, 32), 1);
	hops[1] = add_hop(self, ip(0xC0000202, 32), 1);
	route = add(self, ip(0x0A000000, 8), via(hops + 1, 1));
	dest = hold_dest(self, ip(0x0A000000, 8));
	STEP(NEEDS_MEMORY, NO_ERROR, RtmGetRoutePointer(self, route, &live));
	STEP(NEEDS_MEMORY, NO_ERROR, RtmLockRoute(self, route, TRUE, TRUE, &live));
	STEP(NEEDS_NONE, NO_ERROR, RtmReferenceHandles(self, 1, &hops[0]));
	(&live->NextHopsList.NextHops[0])[1] = hops[0];
	live->NextHopsList.NumNextHops = 2;
	live->PrefInfo.Metric = 7;
	STEP(NEEDS_MEMORY, NO_ERROR, RtmUpdateAndUnlockRoute(self, route, HOUR, list, 0, NULL, &flags));
	saw("changed: %x, metric %u\n", flags, live->PrefInfo.Metric);
	STEP(NEEDS_MEMORY, NO_ERROR, RtmLockDestination(self, dest, FALSE, TRUE));
	STEP(NEEDS_MEMORY, NO_ERROR, RtmGetOpaqueInformationPointer(self, dest, (PVOID *)&cell));
	*cell = &flags;
	STEP(NEEDS_NONE, NO_ERROR, RtmLockDestination(self, dest, FALSE, FALSE));
	release_dest(self, dest);
	delete_route(self, route);
	STEP(NEEDS_NONE, NO_ERROR, RtmDeleteRouteList(self, list));
	delete_hop(self, hops[0]);
	delete_hop(self, hops[1]);
	leave(self);
}

/* What is needed to lock a destination that has never been locked. */
static void destinations_are_locked(void)
{
	RTM_ENTITY_HANDLE self = enter_with(RTM2_AF_INET, 1, NULL, true, 0);
	RTM_ROUTE_HANDLE route = add(self, ip(0x0A000000, 8), via(NULL, 1));
	RTM_DEST_HANDLE dest = hold_dest(self, ip(0x0A000000, 8));

	STEP(NEEDS_NONE, ERROR_ACCESS_DENIED, RtmLockRoute(self, route, TRUE, FALSE, NULL));
	STEP(NEEDS_NONE, ERROR_ACCESS_DENIED, RtmLockDestination(self, dest, TRUE, FALSE));
	STEP(NEEDS_MEMORY, NO_ERROR, RtmLockDestination(self, dest, TRUE, TRUE));
	STEP(NEEDS_NONE, NO_ERROR, RtmLockDestination(self, dest, TRUE, FALSE));
	release_dest(self, dest);
	delete_route(self, route);
	leave(self);
}

static void opaque_pointers_are_kept(void)
{
	RTM_ENTITY_HANDLE self = enter_with(RTM2_AF_INET, 1, NULL, true, 0);
	RTM_ROUTE_HANDLE route = add(self, ip(0x0A000000, 8), via(NULL, 1));
	RTM_DEST_HANDLE dest = hold_dest(self, ip(0x0A000000, 8));
	PVOID *cell;

	STEP(NEEDS_MEMORY, NO_ERROR, RtmGetOpaqueInformationPointer(self, dest, (PVOID *)&cell));
	*cell = &self;
	saw("opaque pointer %s\n", *cell != NULL ? "kept" : "lost");
	release_dest(self, dest);
	delete_route(self, route);
	leave(self);
}

static void routes_are_listed(void)
{
	RTM_ENTITY_HANDLE self = enter(RTM2_AF_INET, 1);
	RTM_ROUTE_LIST_HANDLE lists[2];
	RTM_ROUTE_HANDLE routes[6], found[6];
	RTM_ENUM_HANDLE en = NULL;
	UINT count = 6;

	for (unsigned i = 0; i < 6; i++)
		routes[i] = add(self, ip(0x0A000000 | i << 8, 24), via(NULL, 1));
	lists[0] = make_list(self);
	lists[1] = make_list(self);
	STEP(NEEDS_MEMORY, NO_ERROR, RtmInsertInRouteList(self, lists[0], 5, routes));
	STEP(NEEDS_MEMORY, NO_ERROR, RtmInsertInRouteList(self, lists[1], 4, routes + 2));
	STEP(NEEDS_MEMORY, NO_ERROR, RtmInsertInRouteList(self, NULL, 1, routes + 3));
	STEP(NEEDS_MEMORY, NO_ERROR, RtmCreateRouteListEnum(self, lists[1], &en));
	STEP(NEEDS_NONE, NO_ERROR, RtmGetListEnumRoutes(self, en, &count, found));
	for (UINT i = 0; i < count; i++)
		saw("listed %s\n", route_text(self, found[i]));
	STEP(NEEDS_NONE, NO_ERROR, RtmReleaseRoutes(self, count, found));
	STEP(NEEDS_NONE, NO_ERROR, RtmDeleteEnumHandle(self, en));
	STEP(NEEDS_NONE, NO_ERROR, RtmDeleteRouteList(self, lists[0]));
	for (unsigned i = 0; i < 6; i++)
		delete_route(self, routes[i]);
	STEP(NEEDS_NONE, NO_ERROR, RtmDeleteRouteList(self, lists[1]));
	leave(self);
}

/* The thread for timers is first needed by a route that expires. */
static void routes_expire(void)
{
	RTM_ENTITY_HANDLE self = enter(RTM2_AF_INET, 1);
	RTM_ROUTE_HANDLE routes[20];
	route_info route = via(NULL, 3);
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	for (unsigned i = 0; i < 20; i++)
		routes[i] = add_in_full(self, ip(0x0A000000 | i << 8, 24), via(NULL, 1), HOUR - i, NULL, 0);
	STEP(NEEDS_MEMORY, NO_ERROR,
	     RtmAddRouteToDest(self, &routes[0], NULL, &route.info, INFINITE, NULL, 0, NULL, &flags));
	STEP(NEEDS_MEMORY, NO_ERROR,
	     RtmAddRouteToDest(self, &routes[1], NULL, &route.info, 2 * HOUR, NULL, 0, NULL, &flags));
	pass_time(HOUR);
	STEP(NEEDS_NONE, NO_ERROR, RtmReleaseRoutes(self, 18, routes + 2));
	delete_route(self, routes[0]);
	delete_route(self, routes[1]);
	leave(self);
}

/* ... or by an update in place. */
static void a_route_gets_a_time_to_live_in_place(void)
{
	RTM_ENTITY_HANDLE self = enter(RTM2_AF_INET, 1);
	RTM_ROUTE_HANDLE route = add(self, ip(0x0A000000, 8), via(NULL, 1));
	RTM_ROUTE_CHANGE_FLAGS flags;
	RTM_ROUTE_INFO *live;

	STEP(NEEDS_MEMORY, NO_ERROR, RtmLockRoute(self, route, TRUE, TRUE, &live));
	live->PrefInfo.Preference = 2;
	STEP(NEEDS_MEMORY, NO_ERROR, RtmUpdateAndUnlockRoute(self, route, HOUR, NULL, 0, NULL, &flags));
	pass_time(HOUR);
	STEP(NEEDS_NONE, NO_ERROR, RtmReleaseRoutes(self, 1, &route));
	leave(self);
}

/* ... or by a destination that may have to be held down. */
static void destinations_are_held_down(void)
{
	RTM_ENTITY_HANDLE self = enter(RTM2_AF_INET, 1);
	RTM_ROUTE_HANDLE routes[20];
	RTM_DEST_HANDLE dests[20];

	for (unsigned i = 0; i < 20; i++) {
		routes[i] = add(self, ip(0x0A000000 | i << 8, 24), via(NULL, 1));
		dests[i] = hold_dest(self, ip(0x0A000000 | i << 8, 24));
		STEP(NEEDS_MEMORY, NO_ERROR, RtmHoldDestination(self, dests[i], BOTH, HOUR + i));
		release_dest(self, dests[i]);
	}
	for (unsigned i = 0; i < 20; i++)
		delete_route(self, routes[i]);
	routes[0] = add(self, ip(0x0A000000, 24), via(NULL, 1));
	dests[0] = hold_dest(self, ip(0x0A000000, 24));
	STEP(NEEDS_MEMORY, NO_ERROR, RtmHoldDestination(self, dests[0], RTM_VIEW_MASK_UCAST, 2 * HOUR));
	release_dest(self, dests[0]);
	delete_route(self, routes[0]);
	pass_time(3 * HOUR);
	leave(self);
}

/* More of everything than one chunk of a pool has room for. */
static void tables_grow_large(void)
{
	enum { CHUNK = 1024, MANY = CHUNK + 10 };
	RTM_ENTITY_HANDLE self = enter(RTM2_AF_INET, 1);
	RTM_NOTIFY_HANDLE notification = listen_for(self, RTM_CHANGE_TYPE_ALL);
	static RTM_ROUTE_HANDLE routes[MANY];
	RTM_NEXTHOP_HANDLE hops[3] = {NULL};

	hops[0] = add_hop(self, ip(0xC0000201, 32), 1);
	hops[1] = add_hop(self, ip(0xC0000202, 32), 1);
	for (unsigned i = 0; i < MANY; i++) {
		RTM_NET_ADDRESS to = ip(0x0A000000 | i / 2 << 8 | i % 2, 32);
		route_info route = via(hops, 1);
		RTM_ROUTE_CHANGE_FLAGS flags = 0;

		STEP(i < CHUNK - 10 ? PREPARES : NEEDS_MEMORY, NO_ERROR,
		     RtmAddRouteToDest(self, &routes[i], &to, &route.info, HOUR, NULL, 0, NULL, &flags));
	}
	read_changes(self, notification);
	for (unsigned i = 0; i < MANY; i++) {
		RTM_ROUTE_CHANGE_FLAGS flags;

		STEP(i < CHUNK - 10 ? PREPARES : NEEDS_NONE, NO_ERROR, RtmDeleteRouteToDest(self, routes[i], &flags));
	}
	read_changes(self, notification);
	stop_listening(self, notification);
	delete_hop(self, hops[0]);
	delete_hop(self, hops[1]);
	leave(self);
}

#define STORY(name) {#name, name}

const struct story stories[] = {
	STORY(entities_come_and_go),
	STORY(methods_are_invoked),
	STORY(next_hops_come_and_go),
	STORY(routes_fork_deeply),
	STORY(routes_spread_widely),
	STORY(routes_have_several_next_hops),
	STORY(routes_are_enumerated_first),
	STORY(tables_are_enumerated),
	STORY(changes_are_notified),
	STORY(routes_change_in_place),
	STORY(destinations_are_locked),
	STORY(opaque_pointers_are_kept),
	STORY(routes_are_listed),
	STORY(routes_expire),
	STORY(a_route_gets_a_time_to_live_in_place),
	STORY(destinations_are_held_down),
	STORY(tables_grow_large),
	{NULL, NULL},
};
