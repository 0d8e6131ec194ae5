/* support.c - the vocabulary of the tests; see support.h. */
#define __USE_MINGW_ANSI_STDIO 1
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_INSTANCE = 100, SECOND_INSTANCE_DISTANCE = 20000, TEXT_SIZE = 64, LISTING_SIZE = 16384 };

USHORT instance = FIRST_INSTANCE;
RTM_REGN_PROFILE profile;

static RTM2_STATISTICS statistics_before;
static bool leaving;

/* Fixture */

static void before_each(void)
{
	instance++;
	leaving = false;
	CHECK_EQ(Rtm2GetStatistics(NULL, &statistics_before), NO_ERROR);
}

static void after_each(void)
{
	RTM2_STATISTICS statistics_after;

	if (leaving)
		return;
	CHECK_EQ(Rtm2GetStatistics(NULL, &statistics_after), NO_ERROR);
	CHECK_EQ(statistics_after.Entities, statistics_before.Entities);
	CHECK_EQ(statistics_after.Routes, statistics_before.Routes);
	CHECK_EQ(statistics_after.NextHops, statistics_before.NextHops);
	CHECK_EQ(statistics_after.Destinations, statistics_before.Destinations);
	CHECK_EQ(statistics_after.Handles, statistics_before.Handles);
}

__attribute__((constructor)) static void install_fixture(void)
{
	test_fixture(before_each, after_each);
}

void leaves_objects_behind(void)
{
	leaving = true;
}

USHORT second_instance(void)
{
	return (USHORT)(instance + SECOND_INSTANCE_DISTANCE);
}

/* Prefixes as text */

static void parse_ipv4(const char *text, RTM_NET_ADDRESS *address)
{
	unsigned octet[4], bits = 32;
	int fields = sscanf(text, "%u.%u.%u.%u/%u", &octet[0], &octet[1], &octet[2], &octet[3], &bits);

	REQUIRE(fields >= 4);
	address->AddressFamily = RTM2_AF_INET;
	address->NumBits = (USHORT)bits;
	for (int i = 0; i < 4; i++)
		address->AddrBits[i] = (UCHAR)octet[i];
}

/* Reads groups up to the end or to "::"; returns their number. */
static unsigned parse_groups(const char **text, uint16_t *groups)
{
	unsigned count = 0;

	while (count < 8 && **text && **text != '/' && **text != ':') {
		char *end;

		groups[count++] = (uint16_t)strtoul(*text, &end, 16);
		*text = end;
		if (end[0] == ':' && end[1] != ':')
			(*text)++;
	}
	return count;
}

static void parse_ipv6(const char *text, RTM_NET_ADDRESS *address)
{
	uint16_t head[8], tail[8];
	unsigned heads = parse_groups(&text, head), tails = 0;

	if (text[0] == ':') {
		text += 2;
		tails = parse_groups(&text, tail);
	}
	REQUIRE(heads + tails <= 8);
	address->AddressFamily = RTM2_AF_INET6;
	address->NumBits = *text == '/' ? (USHORT)atoi(text + 1) : 128;
	for (unsigned i = 0; i < heads; i++) {
		address->AddrBits[2 * i] = (UCHAR)(head[i] >> 8);
		address->AddrBits[2 * i + 1] = (UCHAR)head[i];
	}
	for (unsigned i = 0; i < tails; i++) {
		unsigned group = 8 - tails + i;

		address->AddrBits[2 * group] = (UCHAR)(tail[i] >> 8);
		address->AddrBits[2 * group + 1] = (UCHAR)tail[i];
	}
}

static void parse_ipx(const char *text, RTM_NET_ADDRESS *address)
{
	unsigned octets = 0, octet;

	while (octets < RTM_MAX_ADDRESS_SIZE && sscanf(text, "%2x", &octet) == 1 && text[0] != '/') {
		address->AddrBits[octets++] = (UCHAR)octet;
		text += 2;
	}
	address->AddressFamily = RTM2_AF_IPX;
	address->NumBits = *text == '/' ? (USHORT)atoi(text + 1) : (USHORT)(8 * octets);
}

RTM_NET_ADDRESS addr(const char *text)
{
	RTM_NET_ADDRESS address;

	memset(&address, 0, sizeof(address));
	if (strncmp(text, "ipx:", 4) == 0)
		parse_ipx(text + 4, &address);
	else if (strchr(text, ':'))
		parse_ipv6(text, &address);
	else
		parse_ipv4(text, &address);
	return address;
}

const char *text_of(const RTM_NET_ADDRESS *address)
{
	static char buffers[4][TEXT_SIZE];
	static unsigned turn;
	char *text = buffers[turn++ % 4];
	const UCHAR *octet = address->AddrBits;
	int length = 0;

	switch (address->AddressFamily) {
	case RTM2_AF_INET:
		length = sprintf(text, "%u.%u.%u.%u", octet[0], octet[1], octet[2], octet[3]);
		break;
	case RTM2_AF_INET6:
		for (int i = 0; i < 16; i += 2)
			length += sprintf(text + length, i ? ":%x" : "%x", octet[i] << 8 | octet[i + 1]);
		break;
	default:
		length = sprintf(text, "ipx:");
		for (int i = 0; i < (address->NumBits + 7) / 8 && i < RTM_MAX_ADDRESS_SIZE; i++)
			length += sprintf(text + length, "%02x", octet[i]);
	}
	sprintf(text + length, "/%u", address->NumBits);
	return text;
}

/* Entities */

RTM_ENTITY_INFO entity_info(USHORT rtm_instance, USHORT family, ULONG protocol, ULONG protocol_instance)
{
	RTM_ENTITY_INFO info;

	memset(&info, 0, sizeof(info));
	info.RtmInstanceId = rtm_instance;
	info.AddressFamily = family;
	info.EntityId.EntityProtocolId = protocol;
	info.EntityId.EntityInstanceId = protocol_instance;
	return info;
}

RTM_ENTITY_HANDLE enter_as(USHORT rtm_instance, USHORT family, ULONG protocol, ULONG protocol_instance)
{
	RTM_ENTITY_INFO info = entity_info(rtm_instance, family, protocol, protocol_instance);
	RTM_ENTITY_HANDLE entity = NULL;

	REQUIRE_EQ(RtmRegisterEntity(&info, NULL, NULL, FALSE, &profile, &entity), NO_ERROR);
	REQUIRE(entity != NULL);
	REQUIRE(profile.MaxNextHopsInRoute < ROOM_HOPS && profile.MaxHandlesInEnum < ROOM_HANDLES);
	return entity;
}

RTM_ENTITY_HANDLE enter(ULONG protocol)
{
	return enter_as(instance, RTM2_AF_INET, protocol, 1);
}

static void delete_own_routes(RTM_ENTITY_HANDLE entity)
{
	RTM_ENUM_HANDLE enumeration = route_enum(entity, RTM_VIEW_MASK_ANY, RTM_ENUM_OWN_ROUTES, NULL);
	RTM_ROUTE_HANDLE route = NULL;
	RTM_ROUTE_CHANGE_FLAGS flags;
	UINT count = 1;

	while (RtmGetEnumRoutes(entity, enumeration, &count, &route) == NO_ERROR)
		REQUIRE_EQ(RtmDeleteRouteToDest(entity, route, &flags), NO_ERROR);
	CHECK_EQ(RtmDeleteEnumHandle(entity, enumeration), NO_ERROR);
}

static void delete_own_hops(RTM_ENTITY_HANDLE entity)
{
	RTM_ENUM_HANDLE enumeration = hop_enum(entity, RTM_ENUM_START, NULL);
	RTM_NEXTHOP_HANDLE hop = NULL;
	UINT count = 1;

	while (RtmGetEnumNextHops(entity, enumeration, &count, &hop) == NO_ERROR)
		REQUIRE_EQ(RtmDeleteNextHop(entity, hop, NULL), NO_ERROR);
	CHECK_EQ(RtmDeleteEnumHandle(entity, enumeration), NO_ERROR);
}

void leave(RTM_ENTITY_HANDLE entity)
{
	delete_own_routes(entity);
	delete_own_hops(entity);
	CHECK_EQ(RtmDeregisterEntity(entity), NO_ERROR);
}

RTM2_STATISTICS held_by(RTM_ENTITY_HANDLE entity)
{
	RTM2_STATISTICS statistics;
	RTM_ENTITY_INFO info;

	REQUIRE_EQ(RtmGetEntityInfo(entity, entity, &info), NO_ERROR);
	REQUIRE_EQ(Rtm2GetStatistics(&info, &statistics), NO_ERROR);
	return statistics;
}

ULONGLONG handles_of(RTM_ENTITY_HANDLE entity)
{
	return held_by(entity).Handles;
}

/* Next hops */

RTM_NEXTHOP_INFO hop_info(const char *address, ULONG interface_index)
{
	RTM_NEXTHOP_INFO info;

	memset(&info, 0, sizeof(info));
	info.NextHopAddress = addr(address);
	info.InterfaceIndex = interface_index;
	return info;
}

RTM_NEXTHOP_HANDLE add_hop(RTM_ENTITY_HANDLE entity, const char *address, ULONG interface_index)
{
	RTM_NEXTHOP_INFO info = hop_info(address, interface_index);
	RTM_NEXTHOP_HANDLE hop = NULL;
	RTM_NEXTHOP_CHANGE_FLAGS flags = 0;

	REQUIRE_EQ(RtmAddNextHop(entity, &info, &hop, &flags), NO_ERROR);
	REQUIRE(hop != NULL);
	return hop;
}

RTM_NEXTHOP_HANDLE keep_hop(RTM_ENTITY_HANDLE entity, const char *address, ULONG interface_index)
{
	RTM_NEXTHOP_HANDLE hop = add_hop(entity, address, interface_index);

	release_hop(entity, hop);
	return hop;
}

void remove_hop(RTM_ENTITY_HANDLE entity, RTM_NEXTHOP_HANDLE hop)
{
	REQUIRE_EQ(RtmReferenceHandles(entity, 1, &hop), NO_ERROR);
	delete_hop(entity, hop);
}

void release_hop(RTM_ENTITY_HANDLE entity, RTM_NEXTHOP_HANDLE hop)
{
	REQUIRE_EQ(RtmReleaseNextHops(entity, 1, &hop), NO_ERROR);
}

void delete_hop(RTM_ENTITY_HANDLE entity, RTM_NEXTHOP_HANDLE hop)
{
	REQUIRE_EQ(RtmDeleteNextHop(entity, hop, NULL), NO_ERROR);
}

/* Routes */

void route_input(route_info *input, struct route route)
{
	unsigned hops = 0;

	memset(input, 0, sizeof(*input));
	input->info.Neighbour = route.neighbour;
	input->info.Flags = route.flags;
	input->info.Flags1 = route.flags1;
	input->info.PrefInfo.Preference = route.pref;
	input->info.PrefInfo.Metric = route.metric;
	input->info.BelongsToViews = route.in == 0 ? UCAST : route.in == IN_NO_VIEW ? 0 : route.in;
	input->info.EntitySpecificInfo = (PVOID)route.tag;
	while (hops < ROOM_HOPS && route.via[hops]) {
		HOP(*input, hops) = route.via[hops];
		hops++;
	}
	input->info.NextHopsList.NumNextHops = (USHORT)hops;
}

DWORD try_route(RTM_ENTITY_HANDLE entity, RTM_ROUTE_HANDLE *handle, struct route route, RTM_ROUTE_CHANGE_FLAGS *flags)
{
	RTM_NET_ADDRESS destination;
	route_info input;

	route_input(&input, route);
	if (route.to)
		destination = addr(route.to);
	return RtmAddRouteToDest(entity, handle, route.to ? &destination : NULL, &input.info, INFINITE, NULL, 0, NULL,
	                         flags);
}

RTM_ROUTE_HANDLE add_route(RTM_ENTITY_HANDLE entity, struct route route)
{
	RTM_ROUTE_HANDLE handle = NULL;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	REQUIRE_EQ(try_route(entity, &handle, route, &flags), NO_ERROR);
	REQUIRE(handle != NULL);
	return handle;
}

RTM_ROUTE_HANDLE keep_route(RTM_ENTITY_HANDLE entity, struct route route)
{
	RTM_ROUTE_HANDLE handle = add_route(entity, route);

	release_route(entity, handle);
	return handle;
}

RTM_ROUTE_CHANGE_FLAGS update_route(RTM_ENTITY_HANDLE entity, RTM_ROUTE_HANDLE handle, struct route route)
{
	RTM_ROUTE_HANDLE same = handle;
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	REQUIRE_EQ(try_route(entity, &same, route, &flags), NO_ERROR);
	CHECK_SAME(same, handle);
	return flags;
}

RTM_ROUTE_CHANGE_FLAGS delete_route(RTM_ENTITY_HANDLE entity, RTM_ROUTE_HANDLE handle)
{
	RTM_ROUTE_CHANGE_FLAGS flags = 0;

	REQUIRE_EQ(RtmDeleteRouteToDest(entity, handle, &flags), NO_ERROR);
	return flags;
}

RTM_ROUTE_CHANGE_FLAGS remove_route(RTM_ENTITY_HANDLE entity, RTM_ROUTE_HANDLE handle)
{
	REQUIRE_EQ(RtmReferenceHandles(entity, 1, &handle), NO_ERROR);
	return delete_route(entity, handle);
}

void release_route(RTM_ENTITY_HANDLE entity, RTM_ROUTE_HANDLE handle)
{
	REQUIRE_EQ(RtmReleaseRoutes(entity, 1, &handle), NO_ERROR);
}

RTM_VIEW_SET best_in(RTM_ENTITY_HANDLE entity, RTM_ROUTE_HANDLE handle)
{
	RTM_VIEW_SET views = RTM_VIEW_MASK_ALL;

	REQUIRE_EQ(RtmIsBestRoute(entity, handle, &views), NO_ERROR);
	return views;
}

/* Destinations */

DWORD exact(RTM_ENTITY_HANDLE entity, const char *prefix, ULONG protocol, RTM_VIEW_SET views, dest_info *result)
{
	RTM_NET_ADDRESS address = addr(prefix);

	return RtmGetExactMatchDestination(entity, &address, protocol, views, &result->info);
}

DWORD most_specific(RTM_ENTITY_HANDLE entity, const char *prefix, ULONG protocol, RTM_VIEW_SET views,
                    dest_info *result)
{
	RTM_NET_ADDRESS address = addr(prefix);

	return RtmGetMostSpecificDestination(entity, &address, protocol, views, &result->info);
}

void release_info(RTM_ENTITY_HANDLE entity, dest_info *result)
{
	REQUIRE_EQ(RtmReleaseDestInfo(entity, &result->info), NO_ERROR);
}

bool is_known(RTM_ENTITY_HANDLE entity, const char *prefix)
{
	dest_info result;
	DWORD status = exact(entity, prefix, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_ANY, &result);

	if (status != NO_ERROR) {
		CHECK_EQ(status, ERROR_NOT_FOUND);
		return false;
	}
	release_info(entity, &result);
	return true;
}

RTM_DEST_HANDLE hold_dest(RTM_ENTITY_HANDLE entity, const char *prefix)
{
	dest_info result;

	REQUIRE_EQ(exact(entity, prefix, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_ANY, &result), NO_ERROR);
	REQUIRE(result.info.DestHandle != NULL);
	return result.info.DestHandle;
}

void release_dest(RTM_ENTITY_HANDLE entity, RTM_DEST_HANDLE dest)
{
	dest_info bare;

	memset(&bare, 0, sizeof(bare));
	bare.info.DestHandle = dest;
	release_info(entity, &bare);
}

RTM_ROUTE_HANDLE best_of(RTM_ENTITY_HANDLE entity, const char *prefix, RTM_VIEW_SET view)
{
	dest_info result;
	RTM_ROUTE_HANDLE route;

	if (exact(entity, prefix, RTM_BEST_PROTOCOL, view, &result) != NO_ERROR)
		return NULL;
	REQUIRE_EQ(result.info.NumberOfViews, 1);
	route = VIEW(result, 0).Route;
	release_info(entity, &result);
	return route;
}

const char *longest_match(RTM_ENTITY_HANDLE entity, const char *prefix, RTM_VIEW_SET views)
{
	dest_info result;
	DWORD status = most_specific(entity, prefix, RTM_BEST_PROTOCOL, views, &result);

	if (status != NO_ERROR) {
		CHECK_EQ(status, ERROR_NOT_FOUND);
		return "none";
	}
	release_info(entity, &result);
	return text_of(&result.info.DestAddress);
}

/* Enumerations */

RTM_ENUM_HANDLE dest_enum(RTM_ENTITY_HANDLE entity, RTM_VIEW_SET views, RTM_ENUM_FLAGS flags, const char *start)
{
	RTM_NET_ADDRESS address = addr(start ? start : "0.0.0.0/0");
	RTM_ENUM_HANDLE enumeration = NULL;

	REQUIRE_EQ(RtmCreateDestEnum(entity, views, flags, start ? &address : NULL, RTM_BEST_PROTOCOL, &enumeration),
	           NO_ERROR);
	REQUIRE(enumeration != NULL);
	return enumeration;
}

RTM_ENUM_HANDLE route_enum(RTM_ENTITY_HANDLE entity, RTM_VIEW_SET views, RTM_ENUM_FLAGS flags, const char *start)
{
	RTM_NET_ADDRESS address = addr(start ? start : "0.0.0.0/0");
	RTM_ENUM_HANDLE enumeration = NULL;

	REQUIRE_EQ(RtmCreateRouteEnum(entity, NULL, views, flags, start ? &address : NULL, RTM_MATCH_NONE, NULL, 0,
	                              &enumeration),
	           NO_ERROR);
	REQUIRE(enumeration != NULL);
	return enumeration;
}

RTM_ENUM_HANDLE hop_enum(RTM_ENTITY_HANDLE entity, RTM_ENUM_FLAGS flags, const char *start)
{
	RTM_NET_ADDRESS address = addr(start ? start : "0.0.0.0/0");
	RTM_ENUM_HANDLE enumeration = NULL;

	REQUIRE_EQ(RtmCreateNextHopEnum(entity, flags, start ? &address : NULL, &enumeration), NO_ERROR);
	REQUIRE(enumeration != NULL);
	return enumeration;
}

/* A listing under construction: items separated by blanks. */
static char listing[LISTING_SIZE];
static size_t listing_length;

static void start_listing(void)
{
	listing[0] = '\0';
	listing_length = 0;
}

static void list_text(const char *item)
{
	listing_length += (size_t)snprintf(listing + listing_length, LISTING_SIZE - listing_length, "%s%s",
	                                   listing_length ? " " : "", item);
	REQUIRE(listing_length < LISTING_SIZE);
}

static const char *show_route(RTM_ENTITY_HANDLE entity, RTM_ROUTE_HANDLE route)
{
	static char text[TEXT_SIZE + 32];
	RTM_NET_ADDRESS destination;
	route_info result;

	REQUIRE_EQ(RtmGetRouteInfo(entity, route, &result.info, &destination), NO_ERROR);
	snprintf(text, sizeof(text), "%s=%llu", text_of(&destination),
	         (unsigned long long)(uintptr_t)result.info.EntitySpecificInfo);
	REQUIRE_EQ(RtmReleaseRouteInfo(entity, &result.info), NO_ERROR);
	return text;
}

static const char *show_hop(RTM_ENTITY_HANDLE entity, RTM_NEXTHOP_HANDLE hop)
{
	static char text[TEXT_SIZE + 32];
	RTM_NEXTHOP_INFO result;

	REQUIRE_EQ(RtmGetNextHopInfo(entity, hop, &result), NO_ERROR);
	snprintf(text, sizeof(text), "%s%%%u", text_of(&result.NextHopAddress), (unsigned)result.InterfaceIndex);
	REQUIRE_EQ(RtmReleaseNextHopInfo(entity, &result), NO_ERROR);
	return text;
}

/* Checks what every read of an enumeration owes: items with success, none at the end. */
static bool has_items(DWORD status, UINT count, UINT capacity)
{
	if (status == NO_ERROR) {
		REQUIRE(count >= 1 && count <= capacity);
		return true;
	}
	REQUIRE_EQ(status, ERROR_NO_MORE_ITEMS);
	REQUIRE_EQ(count, 0);
	return false;
}

/* Reads one batch of each kind into the listing; false at the end. */

static bool list_dests(RTM_ENTITY_HANDLE entity, RTM_ENUM_HANDLE enumeration, unsigned views, UINT batch)
{
	static union {
		RTM_DEST_INFO first;
		UCHAR room[ROOM_HANDLES * RTM_SIZE_OF_DEST_INFO(ROOM_VIEWS)];
	} results;
	UINT count = batch;
	DWORD status;

	status = RtmGetEnumDests(entity, enumeration, &count, &results.first);
	if (!has_items(status, count, batch))
		return false;
	for (UINT i = 0; i < count; i++) {
		const RTM_DEST_INFO *dest = (const void *)(results.room + i * RTM_SIZE_OF_DEST_INFO(views));

		CHECK_EQ(dest->NumberOfViews, views);
		list_text(text_of(&dest->DestAddress));
	}
	REQUIRE_EQ(RtmReleaseDests(entity, count, &results.first), NO_ERROR);
	return true;
}

static bool list_routes(RTM_ENTITY_HANDLE entity, RTM_ENUM_HANDLE enumeration, UINT batch)
{
	RTM_ROUTE_HANDLE results[ROOM_HANDLES];
	UINT count = batch;
	DWORD status;

	status = RtmGetEnumRoutes(entity, enumeration, &count, results);
	if (!has_items(status, count, batch))
		return false;
	for (UINT i = 0; i < count; i++)
		list_text(show_route(entity, results[i]));
	REQUIRE_EQ(RtmReleaseRoutes(entity, count, results), NO_ERROR);
	return true;
}

static bool list_hops(RTM_ENTITY_HANDLE entity, RTM_ENUM_HANDLE enumeration, UINT batch)
{
	RTM_NEXTHOP_HANDLE results[ROOM_HANDLES];
	UINT count = batch;
	DWORD status;

	status = RtmGetEnumNextHops(entity, enumeration, &count, results);
	if (!has_items(status, count, batch))
		return false;
	for (UINT i = 0; i < count; i++)
		list_text(show_hop(entity, results[i]));
	REQUIRE_EQ(RtmReleaseNextHops(entity, count, results), NO_ERROR);
	return true;
}

const char *drain_dests(RTM_ENTITY_HANDLE entity, RTM_ENUM_HANDLE enumeration, unsigned views, UINT batch)
{
	start_listing();
	while (list_dests(entity, enumeration, views, batch))
		continue;
	CHECK(!list_dests(entity, enumeration, views, batch));
	CHECK_EQ(RtmDeleteEnumHandle(entity, enumeration), NO_ERROR);
	return listing;
}

const char *drain_routes(RTM_ENTITY_HANDLE entity, RTM_ENUM_HANDLE enumeration, UINT batch)
{
	start_listing();
	while (list_routes(entity, enumeration, batch))
		continue;
	CHECK(!list_routes(entity, enumeration, batch));
	CHECK_EQ(RtmDeleteEnumHandle(entity, enumeration), NO_ERROR);
	return listing;
}

const char *drain_hops(RTM_ENTITY_HANDLE entity, RTM_ENUM_HANDLE enumeration, UINT batch)
{
	start_listing();
	while (list_hops(entity, enumeration, batch))
		continue;
	CHECK(!list_hops(entity, enumeration, batch));
	CHECK_EQ(RtmDeleteEnumHandle(entity, enumeration), NO_ERROR);
	return listing;
}

const char *next_dest(RTM_ENTITY_HANDLE entity, RTM_ENUM_HANDLE enumeration, unsigned views)
{
	start_listing();
	return list_dests(entity, enumeration, views, 1) ? listing : "end";
}

const char *next_route(RTM_ENTITY_HANDLE entity, RTM_ENUM_HANDLE enumeration)
{
	start_listing();
	return list_routes(entity, enumeration, 1) ? listing : "end";
}

const char *next_hop(RTM_ENTITY_HANDLE entity, RTM_ENUM_HANDLE enumeration)
{
	start_listing();
	return list_hops(entity, enumeration, 1) ? listing : "end";
}

/* Random numbers: splitmix64 */

unsigned long environment_number(const char *name, unsigned long fallback)
{
	const char *text = getenv(name);

	return text && *text ? strtoul(text, NULL, 0) : fallback;
}

uint64_t random_seed(void)
{
	const char *text = getenv("RTM2_SEED");

	return text && *text ? strtoull(text, NULL, 0) : 20031118;
}

uint64_t random_next(struct random *random)
{
	uint64_t z = random->state += 0x9E3779B97F4A7C15u;

	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

unsigned random_below(struct random *random, unsigned limit)
{
	return (unsigned)((random_next(random) >> 32) % limit);
}
