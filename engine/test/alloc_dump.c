/*
 * alloc_dump.c - all that clients can see of the tables, as text, without any handle: two tables with the same text are the
 * same for every client. Bytes of Rtm2GetStatistics are left out, because room that was made for what then could not be
 * stored is kept for the next attempt.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "alloc.h"
#include "still.h"

enum { MOST_SHOWN = 64, ROOM_HOPS = 8, ROOM_VIEWS = 2, TEXT_ROOM = 400, TEXTS = 16, BATCH = 16, WITNESS = 0xFFFF };

typedef union route_info {
	RTM_ROUTE_INFO info;
	UCHAR room[sizeof(RTM_ROUTE_INFO) + ROOM_HOPS * sizeof(HANDLE)];
} route_info;

typedef union dest_infos {
	RTM_DEST_INFO info;
	UCHAR room[BATCH * RTM_SIZE_OF_DEST_INFO(ROOM_VIEWS)];
} dest_infos;

static struct shown {
	enum { ENTITY, LIST, NOTIFICATION } kind;
	RTM_ENTITY_HANDLE owner;
	HANDLE handle;
	USHORT family;
	bool has_opaque;
} shown[MOST_SHOWN];
static unsigned shown_count;

static unsigned events;
static bool telling;

static struct {
	char *text;
	size_t size, length;
} out;

#define CHECK(call) REQUIRE((call) == NO_ERROR)

static void show(struct shown what)
{
	REQUIRE(shown_count < MOST_SHOWN);
	shown[shown_count++] = what;
}

void show_entity(RTM_ENTITY_HANDLE entity, USHORT family, bool has_opaque)
{
	show((struct shown){ENTITY, entity, entity, family, has_opaque});
}

void show_list(RTM_ENTITY_HANDLE owner, RTM_ROUTE_LIST_HANDLE list)
{
	show((struct shown){LIST, owner, list, 0, false});
}

void show_notification(RTM_ENTITY_HANDLE owner, RTM_NOTIFY_HANDLE notification)
{
	show((struct shown){NOTIFICATION, owner, notification, 0, false});
}

void count_event(void)
{
	still_callback_begin();
	events += !telling;
	still_callback_end();
}

__attribute__((format(printf, 1, 2))) static void tell(const char *format, ...)
{
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(out.text + out.length, out.size - out.length, format, arguments);
	va_end(arguments);
	REQUIRE(length >= 0 && (size_t)length < out.size - out.length);
	out.length += (size_t)length;
}

/* One of a few buffers that take turns. */
static char *text_room(void)
{
	static char rooms[TEXTS][TEXT_ROOM];
	static unsigned turn;

	return rooms[turn++ % TEXTS];
}

const char *address_text(const RTM_NET_ADDRESS *address)
{
	char *text = text_room();
	unsigned octets = address->AddressFamily == RTM2_AF_INET6 ? 16 : address->AddressFamily == RTM2_AF_IPX ? 6 : 4;

	for (unsigned i = 0; i < octets; i++)
		sprintf(text + 2 * i, "%02x", address->AddrBits[i]);
	sprintf(text + 2 * octets, "/%u", address->NumBits);
	return text;
}

/* An entity may have left: its information is there as long as anything of it is. */
static const char *entity_text(RTM_ENTITY_HANDLE self, RTM_ENTITY_HANDLE entity)
{
	RTM_ENTITY_INFO info;
	char *text = text_room();

	if (entity == NULL)
		return "none";
	CHECK(RtmGetEntityInfo(self, entity, &info));
	sprintf(text, "%u.%u", info.EntityId.EntityProtocolId, info.EntityId.EntityInstanceId);
	return text;
}

const char *hop_text(RTM_ENTITY_HANDLE self, RTM_NEXTHOP_HANDLE hop)
{
	RTM_NEXTHOP_INFO info;
	char *text = text_room();

	if (hop == NULL)
		return "none";
	CHECK(RtmGetNextHopInfo(self, hop, &info));
	snprintf(text, TEXT_ROOM, "%s%%%u of %s", address_text(&info.NextHopAddress), info.InterfaceIndex,
	         entity_text(self, info.NextHopOwner));
	CHECK(RtmReleaseNextHopInfo(self, &info));
	return text;
}

const char *route_text(RTM_ENTITY_HANDLE self, RTM_ROUTE_HANDLE route)
{
	RTM_NET_ADDRESS address;
	route_info result;
	char *text = text_room();

	if (route == NULL)
		return "none";
	CHECK(RtmGetRouteInfo(self, route, &result.info, &address));
	snprintf(text, TEXT_ROOM, "%s of %s by %s", address_text(&address), entity_text(self, result.info.RouteOwner),
	         hop_text(self, result.info.Neighbour));
	CHECK(RtmReleaseRouteInfo(self, &result.info));
	return text;
}

static void tell_route(RTM_ENTITY_HANDLE self, RTM_ROUTE_HANDLE route)
{
	route_info result;
	RTM_VIEW_SET best;
	const RTM_NEXTHOP_HANDLE *hops = &result.info.NextHopsList.NextHops[0];

	CHECK(RtmGetRouteInfo(self, route, &result.info, NULL));
	CHECK(RtmIsBestRoute(self, route, &best));
	tell("route %s: state %u, flags %x %x, %u/%u, views %x, best in %x, info %" PRIxPTR ", via", route_text(self, route),
	     result.info.State, result.info.Flags1, result.info.Flags, result.info.PrefInfo.Preference,
	     result.info.PrefInfo.Metric, result.info.BelongsToViews, best, (uintptr_t)result.info.EntitySpecificInfo);
	for (unsigned i = 0; i < result.info.NextHopsList.NumNextHops; i++)
		tell(" %s", hop_text(self, hops[i]));
	tell("\n");
	CHECK(RtmReleaseRouteInfo(self, &result.info));
}

static void tell_routes(RTM_ENTITY_HANDLE self)
{
	RTM_ROUTE_HANDLE routes[BATCH];
	RTM_ENUM_HANDLE en;
	UINT count;

	CHECK(RtmCreateRouteEnum(self, NULL, RTM_VIEW_MASK_ANY, RTM_ENUM_START, NULL, RTM_MATCH_NONE, NULL, 0, &en));
	while (count = BATCH, RtmGetEnumRoutes(self, en, &count, routes) == NO_ERROR) {
		for (UINT i = 0; i < count; i++)
			tell_route(self, routes[i]);
		CHECK(RtmReleaseRoutes(self, count, routes));
	}
	CHECK(RtmDeleteEnumHandle(self, en));
}

/* What a destination has for single entities and registrations. */
static void tell_dest_details(RTM_DEST_HANDLE dest, USHORT family)
{
	for (unsigned i = 0; i < shown_count; i++) {
		const struct shown *s = &shown[i];
		BOOL changed, marked;
		PVOID *cell;

		if (s->family == family && s->has_opaque) {
			CHECK(RtmGetOpaqueInformationPointer(s->owner, dest, (PVOID *)&cell));
			tell(", opaque %" PRIxPTR, (uintptr_t)*cell);
		}
		/* A registration for another family does not know the destination. */
		if (s->kind != NOTIFICATION || RtmGetChangeStatus(s->owner, s->handle, dest, &changed) != NO_ERROR)
			continue;
		CHECK(RtmIsMarkedForChangeNotification(s->owner, s->handle, dest, &marked));
		tell(", %s%s", changed ? "changed" : "unchanged", marked ? " marked" : "");
	}
}

static void tell_dest(RTM_ENTITY_HANDLE self, const RTM_DEST_INFO *info)
{
	tell("destination %s: views %x, changed at %x%08x", address_text(&info->DestAddress), info->BelongsToViews,
	     info->LastChanged.dwHighDateTime, info->LastChanged.dwLowDateTime);
	for (UINT i = 0; i < info->NumberOfViews; i++) {
		tell(", view %d: %u routes, best %s", (&info->ViewInfo[0])[i].ViewId, (&info->ViewInfo[0])[i].NumRoutes,
		     route_text(self, (&info->ViewInfo[0])[i].Route));
		tell(", owner %s, held %s", entity_text(self, (&info->ViewInfo[0])[i].Owner),
		     route_text(self, (&info->ViewInfo[0])[i].HoldRoute));
	}
	tell_dest_details(info->DestHandle, info->DestAddress.AddressFamily);
	tell("\n");
}

/* The enumeration is one of any view, so that it comes to held routes too; it tells of no view. */
static void tell_dests(RTM_ENTITY_HANDLE self)
{
	static dest_infos batch, single;
	RTM_ENUM_HANDLE en;
	UINT count;

	CHECK(RtmCreateDestEnum(self, RTM_VIEW_MASK_ANY, RTM_ENUM_START, NULL, RTM_BEST_PROTOCOL, &en));
	while (count = BATCH, RtmGetEnumDests(self, en, &count, &batch.info) == NO_ERROR) {
		for (UINT i = 0; i < count; i++) {
			const RTM_DEST_INFO *info = (const void *)(batch.room + i * RTM_BASIC_DEST_INFO_SIZE);

			CHECK(RtmGetDestInfo(self, info->DestHandle, RTM_BEST_PROTOCOL, RTM_VIEW_MASK_ALL, &single.info));
			tell_dest(self, &single.info);
			CHECK(RtmReleaseDestInfo(self, &single.info));
		}
		CHECK(RtmReleaseDests(self, count, &batch.info));
	}
	CHECK(RtmDeleteEnumHandle(self, en));
}

static void tell_hops(RTM_ENTITY_HANDLE self)
{
	RTM_NEXTHOP_HANDLE hops[BATCH];
	RTM_ENUM_HANDLE en;
	UINT count;

	CHECK(RtmCreateNextHopEnum(self, RTM_ENUM_START, NULL, &en));
	while (count = BATCH, RtmGetEnumNextHops(self, en, &count, hops) == NO_ERROR) {
		for (UINT i = 0; i < count; i++) {
			RTM_NEXTHOP_INFO info;

			CHECK(RtmGetNextHopInfo(self, hops[i], &info));
			tell("hop %s: state %u, flags %x, info %" PRIxPTR ", remote %d\n", hop_text(self, hops[i]), info.State,
			     info.Flags, (uintptr_t)info.EntitySpecificInfo, info.RemoteNextHop != NULL);
			CHECK(RtmReleaseNextHopInfo(self, &info));
		}
		CHECK(RtmReleaseNextHops(self, count, hops));
	}
	CHECK(RtmDeleteEnumHandle(self, en));
}

static void tell_list(RTM_ENTITY_HANDLE self, RTM_ROUTE_LIST_HANDLE list)
{
	RTM_ROUTE_HANDLE routes[BATCH];
	RTM_ENUM_HANDLE en;
	UINT count;

	CHECK(RtmCreateRouteListEnum(self, list, &en));
	do {
		count = BATCH;
		CHECK(RtmGetListEnumRoutes(self, en, &count, routes));
		for (UINT i = 0; i < count; i++)
			tell("listed %s\n", route_text(self, routes[i]));
		CHECK(RtmReleaseRoutes(self, count, routes));
	} while (count == BATCH);
	CHECK(RtmDeleteEnumHandle(self, en));
}

static void tell_statistics(const char *of, RTM_ENTITY_INFO *info)
{
	RTM2_STATISTICS s;

	CHECK(Rtm2GetStatistics(info, &s));
	tell("%s: %llu entities, %llu routes, %llu hops, %llu destinations, %llu handles\n", of,
	     (unsigned long long)s.Entities, (unsigned long long)s.Routes, (unsigned long long)s.NextHops,
	     (unsigned long long)s.Destinations, (unsigned long long)s.Handles);
}

/* Tells of everyone registered for the family but the witness, and of what each has. */
static void tell_entities(RTM_ENTITY_HANDLE self)
{
	RTM_ENTITY_HANDLE handles[MOST_SHOWN];
	RTM_ENTITY_INFO infos[MOST_SHOWN];
	RTM_ENTITY_EXPORT_METHOD methods[32];
	UINT count = MOST_SHOWN;

	CHECK(RtmGetRegisteredEntities(self, &count, handles, infos));
	for (UINT i = 0; i < count; i++) {
		UINT method_count = 32;

		if (handles[i] == self)
			continue;
		CHECK(RtmGetEntityMethods(self, handles[i], &method_count, methods));
		tell("entity %s: %u methods;", entity_text(self, handles[i]), method_count);
		tell_statistics("has", &infos[i]);
	}
	CHECK(RtmReleaseEntities(self, count, handles));
}

static bool is_there(const struct shown *s)
{
	RTM_ENTITY_INFO info;
	RTM_ENUM_HANDLE en;

	if (RtmGetEntityInfo(s->owner, s->owner, &info) != NO_ERROR)
		return false;
	if (s->kind != LIST)
		return true;
	if (RtmCreateRouteListEnum(s->owner, s->handle, &en) != NO_ERROR)
		return false;
	CHECK(RtmDeleteEnumHandle(s->owner, en));
	return true;
}

static void forget_released(void)
{
	unsigned count = 0;

	for (unsigned i = 0; i < shown_count; i++)
		if (is_there(&shown[i]))
			shown[count++] = shown[i];
	shown_count = count;
}

static void tell_shown(void)
{
	for (unsigned i = 0; i < shown_count; i++) {
		if (shown[i].kind == ENTITY)
			tell_hops(shown[i].handle);
		else if (shown[i].kind == LIST)
			tell_list(shown[i].owner, shown[i].handle);
	}
}

static void tell_family(USHORT family)
{
	RTM_ENTITY_INFO info = {0, family, {{{WITNESS, WITNESS}}}};
	RTM_REGN_PROFILE profile;
	RTM_ENTITY_HANDLE self;

	CHECK(RtmRegisterEntity(&info, NULL, NULL, FALSE, &profile, &self));
	tell("family %u\n", family);
	tell_entities(self);
	tell_dests(self);
	tell_routes(self);
	CHECK(RtmDeregisterEntity(self));
}

size_t tell_tables(char *text, size_t size)
{
	static const USHORT families[] = {RTM2_AF_INET, RTM2_AF_INET6, RTM2_AF_IPX};

	still();
	out.text = text;
	out.size = size;
	out.length = 0;
	telling = true;
	forget_released();
	tell("%u events\n", events);
	tell_statistics("all", NULL);
	for (unsigned i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		tell_family(families[i]);
	tell_shown();
	still();
	telling = false;
	return out.length;
}
