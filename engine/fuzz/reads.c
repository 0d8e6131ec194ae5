/*
 * reads.c - calls that read the tables, and what gives back what they gave. See calls.h.
 */
#include <string.h>

#include "calls.h"
#include "enum.h"

/*
 * Information and lookups
 */

void
get_dest_info(int client, HANDLE self)
{
	RTM_VIEW_SET views = some_views();
	RTM_NET_ADDRESS address = some_address(client, false);
	HANDLE dest = some_handle(KIND_DEST);
	ULONG protocol = some_protocol();
	dest_infos result;
	DWORD status;

	switch (byte() & 3) {
	case 0:
		status = RtmGetDestInfo(self, dest, protocol, views, MAYBE(&result.info));
		break;
	case 1:
		status = RtmGetExactMatchDestination(self, MAYBE(&address), protocol, views, MAYBE(&result.info));
		break;
	case 2:
		status = RtmGetMostSpecificDestination(self, MAYBE(&address), protocol, views, MAYBE(&result.info));
		break;
	default:
		status = RtmGetLessSpecificDestination(self, dest, protocol, views, MAYBE(&result.info));
	}
	if (answered(client, status) == NO_ERROR)
		given_dest_info(client, &result.info);
}

void
get_route_info(int client, HANDLE self)
{
	HANDLE route = some_handle(KIND_ROUTE);
	RTM_NET_ADDRESS address;
	RTM_VIEW_SET best;
	route_info result;
	bool wanted = byte() < 0xF0;

	if (answered(client, RtmGetRouteInfo(self, route, wanted ? &result.info : NULL, MAYBE(&address))) == NO_ERROR && wanted)
		given_route_info(client, &result.info);
	(void)answered(client, RtmIsBestRoute(self, route, MAYBE(&best)));
}

void
get_hop_info(int client, HANDLE self)
{
	HANDLE hop = some_handle(KIND_NEXTHOP);
	RTM_NEXTHOP_INFO info, *pointer;

	if (answered(client, RtmGetNextHopInfo(self, hop, MAYBE(&info))) == NO_ERROR) {
		book_given(client, info.NextHopOwner, KIND_ENTITY);
		book_given(client, info.RemoteNextHop, KIND_DEST);
	}
	if (answered(client, RtmGetNextHopPointer(self, hop, MAYBE(&pointer))) == NO_ERROR)
		MUST(lock_find(hop, TRUE) != NULL || pointer->NextHopOwner == self);
}

void
match_route(int client, HANDLE self)
{
	RTM_NET_ADDRESS address = some_address(client, false);
	RTM_MATCH_FLAGS flags = some_match_flags();
	RTM_VIEW_SET views = some_views();
	bool wanted = byte() & 1;
	HANDLE route = NULL;
	route_info criteria;
	DWORD status;

	some_route(client, &criteria);
	status = RtmGetExactMatchRoute(self, MAYBE(&address), flags, MAYBE(&criteria.info), byte() & 3, views,
	                               wanted ? &route : NULL);
	if (answered(client, status) != NO_ERROR)
		return;
	given_route_info(client, &criteria.info);
	if (wanted)
		book_given(client, route, KIND_ROUTE);
}

/*
 * Releases
 */

void
release_array(int client, HANDLE self)
{
	static const enum kind kinds[] = { KIND_ENTITY, KIND_ROUTE, KIND_NEXTHOP };
	enum kind kind = kinds[byte() % 3];
	UINT count = byte() % 4;
	HANDLE handles[4], *array;
	struct named named[4];
	bool held;
	DWORD status;

	for (UINT i = 0; i < count; i++) {
		handles[i] = some_handle(kind);
		named[i] = (struct named){ handles[i], kind };
	}
	array = MAYBE(handles);
	held = is_there(client) && (count == 0 || array != NULL) && all_held(client, named, count, false);
	status = kind == KIND_ENTITY  ? RtmReleaseEntities(self, count, array)
	         : kind == KIND_ROUTE ? RtmReleaseRoutes(self, count, array)
	                              : RtmReleaseNextHops(self, count, array);
	MUST((answered(client, status) == NO_ERROR) == held);
	if (held)
		taken_all(client, named, count);
}

void
release_route_info(int client, HANDLE self)
{
	struct named named[3 + ROOM_HOPS];
	unsigned hops = byte() % 4;
	RTM_ROUTE_INFO *given;
	route_info info;
	bool held;

	memset(&info, 0, sizeof(info));
	info.info.DestHandle = byte() & 1 ? some_handle(KIND_DEST) : NULL;
	info.info.RouteOwner = byte() & 1 ? some_handle(KIND_ENTITY) : NULL;
	info.info.Neighbour = byte() & 1 ? some_handle(KIND_NEXTHOP) : NULL;
	named[0] = (struct named){ info.info.DestHandle, KIND_DEST };
	named[1] = (struct named){ info.info.RouteOwner, KIND_ENTITY };
	named[2] = (struct named){ info.info.Neighbour, KIND_NEXTHOP };
	for (unsigned i = 0; i < hops; i++) {
		HOP(&info.info, i) = some_handle(KIND_NEXTHOP);
		named[3 + i] = (struct named){ HOP(&info.info, i), KIND_NEXTHOP };
	}
	info.info.NextHopsList.NumNextHops = (USHORT)hops;
	given = MAYBE(&info.info);
	held = is_there(client) && given != NULL && all_held(client, named, 3 + hops, true);
	MUST((answered(client, RtmReleaseRouteInfo(self, given)) == NO_ERROR) == held);
	if (held)
		taken_all(client, named, 3 + hops);
}

void
release_hop_info(int client, HANDLE self)
{
	RTM_NEXTHOP_INFO info = { .NextHopOwner = byte() & 1 ? some_handle(KIND_ENTITY) : NULL,
		                  .RemoteNextHop = byte() & 1 ? some_handle(KIND_DEST) : NULL };
	struct named named[] = { { info.NextHopOwner, KIND_ENTITY }, { info.RemoteNextHop, KIND_DEST } };
	RTM_NEXTHOP_INFO *given = MAYBE(&info);
	bool held = is_there(client) && given != NULL && all_held(client, named, 2, true);

	MUST((answered(client, RtmReleaseNextHopInfo(self, given)) == NO_ERROR) == held);
	if (held)
		taken_all(client, named, 2);
}

/* One information of a destination, by any of the three calls for it. */
void
release_dest_info(int client, HANDLE self)
{
	struct named named[1 + 3 * ROOM_VIEWS];
	unsigned count = 0, views = byte() % (ROOM_VIEWS + 1), how = byte() % 3;
	HANDLE notification = some_handle(KIND_NOTIFY);
	const struct entry *e = book_find(notification);
	RTM_DEST_INFO *given;
	dest_infos infos;
	bool held;
	DWORD status;

	memset(&infos, 0, sizeof(infos));
	infos.info.DestHandle = byte() & 3 ? some_handle(KIND_DEST) : NULL;
	infos.info.NumberOfViews = views;
	named[count++] = (struct named){ infos.info.DestHandle, KIND_DEST };
	for (unsigned i = 0; i < views; i++) {
		VIEW(&infos.info, i).Route = byte() & 1 ? some_handle(KIND_ROUTE) : NULL;
		VIEW(&infos.info, i).Owner = byte() & 1 ? some_handle(KIND_ENTITY) : NULL;
		named[count++] = (struct named){ VIEW(&infos.info, i).Route, KIND_ROUTE };
		named[count++] = (struct named){ VIEW(&infos.info, i).Owner, KIND_ENTITY };
	}
	given = MAYBE(&infos.info);
	held = is_there(client) && given != NULL && all_held(client, named, count, true) &&
	       (how < 2 || (e != NULL && e->kind == KIND_NOTIFY && e->open && e->owner == client));
	status = how == 0   ? RtmReleaseDestInfo(self, given)
	         : how == 1 ? RtmReleaseDests(self, 1, given)
	                    : RtmReleaseChangedDests(self, notification, 1, given);
	MUST((answered(client, status) == NO_ERROR) == held);
	if (held)
		taken_all(client, named, count);
}

void
reference_handles(int client, HANDLE self)
{
	static const enum kind kinds[] = { KIND_ENTITY, KIND_DEST, KIND_ROUTE, KIND_NEXTHOP };
	UINT count = byte() % 4;
	HANDLE handles[4];

	for (UINT i = 0; i < count; i++)
		handles[i] = some_handle(kinds[byte() & 3]);
	if (answered(client, RtmReferenceHandles(self, count, MAYBE(handles))) == NO_ERROR)
		for (UINT i = 0; i < count; i++) {
			const struct entry *e = book_find(handles[i]);

			MUST(e != NULL && e->kind <= KIND_NEXTHOP);
			book_given(client, handles[i], e->kind);
		}
}

/*
 * Enumerations
 */

void
create_enum(int client, HANDLE self)
{
	RTM_NET_ADDRESS address = some_address(client, false);
	RTM_VIEW_SET views = some_views();
	unsigned subject = byte() & 3;
	HANDLE en = NULL, dest = byte() & 3 ? NULL : some_handle(KIND_DEST);
	RTM_MATCH_FLAGS match = some_match_flags();
	struct entry *e;
	route_info criteria;
	DWORD status;

	some_route(client, &criteria);
	switch (subject) {
	case DESTS:
		status = RtmCreateDestEnum(self, views, some_enum_flags(RTM_ENUM_OWN_DESTS), MAYBE(&address), some_protocol(),
		                           MAYBE(&en));
		break;
	case ROUTES:
		status = RtmCreateRouteEnum(self, dest, views, some_enum_flags(RTM_ENUM_OWN_ROUTES), MAYBE(&address), match,
		                            MAYBE(&criteria.info), byte() & 3, MAYBE(&en));
		break;
	case NEXT_HOPS:
		address = some_address(client, true);
		status = RtmCreateNextHopEnum(self, some_enum_flags(0), MAYBE(&address), MAYBE(&en));
		break;
	default:
		status = RtmCreateRouteListEnum(self, some_handle(KIND_LIST), MAYBE(&en));
	}
	if (answered(client, status) != NO_ERROR)
		return;
	e = book_opened(client, en, KIND_ENUM);
	e->subject = (int)subject;
	e->views = subject != DESTS ? 0 : views == RTM_VIEW_MASK_ALL || views == 3 ? 2 : views != 0;
}

static void
get_enum_dests(int client, HANDLE self, HANDLE en)
{
	dest_infos infos;
	UINT count = some_count();
	DWORD status = answered(client, RtmGetEnumDests(self, en, MAYBE(&count), MAYBE(&infos.info)));

	if (status != NO_ERROR)
		return;
	MUST(is_own(client, en, KIND_ENUM) && book_find(en)->subject == DESTS);
	for (UINT i = 0; i < count; i++)
		given_dest_info(client, (const void *)(infos.room + i * RTM_SIZE_OF_DEST_INFO(book_find(en)->views)));
}

void
get_enum(int client, HANDLE self)
{
	HANDLE en = some_handle(KIND_ENUM), handles[BATCH];
	const struct entry *e = book_find(en);
	int subject = e != NULL && byte() < 0xF0 ? e->subject : byte() & 3;
	UINT count = some_count();
	DWORD status;

	if (subject == DESTS) {
		get_enum_dests(client, self, en);
		return;
	}
	status = subject == ROUTES      ? RtmGetEnumRoutes(self, en, MAYBE(&count), MAYBE(handles))
	         : subject == NEXT_HOPS ? RtmGetEnumNextHops(self, en, MAYBE(&count), MAYBE(handles))
	                                : RtmGetListEnumRoutes(self, en, MAYBE(&count), MAYBE(handles));
	if (answered(client, status) != NO_ERROR)
		return;
	MUST(is_own(client, en, KIND_ENUM) && e->subject == subject && count <= BATCH);
	given_all(client, count, handles, subject == NEXT_HOPS ? KIND_NEXTHOP : KIND_ROUTE);
}

/* Ends an enumeration, a list or a notification: each succeeds exactly if it is the client's own. */
void
close_one(int client, HANDLE self)
{
	static const enum kind kinds[] = { KIND_ENUM, KIND_LIST, KIND_NOTIFY };
	enum kind kind = kinds[byte() % 3];
	HANDLE handle = some_handle(kind);
	bool own = is_own(client, handle, kind);
	DWORD status = kind == KIND_ENUM   ? RtmDeleteEnumHandle(self, handle)
	               : kind == KIND_LIST ? RtmDeleteRouteList(self, handle)
	                                   : RtmDeregisterFromChangeNotification(self, handle);

	MUST((answered(client, status) == NO_ERROR) == own);
	if (own)
		book_closed(book_find(handle));
}
