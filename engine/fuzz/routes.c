/*
 * routes.c - calls that change the tables, or tell who wants to hear of changes. See calls.h.
 */
#include "calls.h"

/*
 * Routes and next hops
 */

void
add_next_hop(int client, HANDLE self)
{
	RTM_NEXTHOP_INFO info = { .NextHopAddress = some_address(client, true), .InterfaceIndex = byte() & 3 };
	HANDLE hop = byte() < 0xC0 ? NULL : some_handle(KIND_NEXTHOP), given = hop;
	RTM_NEXTHOP_CHANGE_FLAGS flags;
	bool wanted = byte() < 0xF0;

	info.Flags = byte() & 3;
	info.RemoteNextHop = byte() & 1 ? some_handle(KIND_DEST) : NULL;
	info.EntitySpecificInfo = &info;
	if (answered(client, RtmAddNextHop(self, MAYBE(&info), wanted ? &hop : NULL, MAYBE(&flags))) == NO_ERROR && wanted &&
	    given == NULL)
		book_given(client, hop, KIND_NEXTHOP);
}

void
find_next_hop(int client, HANDLE self)
{
	RTM_NEXTHOP_INFO info = { .NextHopAddress = some_address(client, true), .InterfaceIndex = byte() & 3 };
	RTM_NEXTHOP_INFO *pointer;
	HANDLE hop = NULL;
	bool wanted = byte() & 1;

	if (answered(client, RtmFindNextHop(self, MAYBE(&info), wanted ? &hop : NULL, MAYBE(&pointer))) == NO_ERROR && wanted)
		book_given(client, hop, KIND_NEXTHOP);
}

void
delete_next_hop(int client, HANDLE self)
{
	RTM_NEXTHOP_INFO info = { .NextHopAddress = some_address(client, true), .InterfaceIndex = byte() & 3 };
	HANDLE hop = byte() & 1 ? some_handle(KIND_NEXTHOP) : NULL;

	if (answered(client, RtmDeleteNextHop(self, hop, MAYBE(&info))) == NO_ERROR && hop != NULL)
		book_consumed(client, hop);
}

/* Adding, or changing by handle. A route that is locked is changed only with its handle told: its references are returned
 * and lent anew. */
void
add_route(int client, HANDLE self)
{
	RTM_NET_ADDRESS address = some_address(client, false);
	HANDLE route = byte() < 0xC0 ? NULL : some_handle(KIND_ROUTE), by_handle = route;
	HANDLE list = byte() < 0xE0 ? NULL : some_handle(KIND_LIST);
	RTM_ROUTE_CHANGE_FLAGS flags = byte() & 3;
	ULONG ttl = some_time();
	bool wanted = byte() & 1;
	static struct lent lent[MOST_ENTRIES];
	unsigned lent_count;
	route_info info;

	some_route(client, &info);
	lent_count = is_there(client) ? all_lent(client, lent) : 0;
	wanted |= lent_count > 0;
	if (answered(client, RtmAddRouteToDest(self, wanted || route != NULL ? &route : NULL, MAYBE(&address), MAYBE(&info.info),
	                                       ttl, list, 0, NULL, MAYBE(&flags))) != NO_ERROR)
		return;
	for (unsigned i = 0; i < lent_count; i++)
		if (lent[i].t_route == route) {
			struct lent now = lent_of_info(&info.info);

			lent_taken(client, &lent[i]);
			lent_given(client, &now);
		}
	if (route != NULL && by_handle == NULL)
		book_given(client, route, KIND_ROUTE);
}

void
delete_route(int client, HANDLE self)
{
	HANDLE route = some_handle(KIND_ROUTE);
	RTM_ROUTE_CHANGE_FLAGS flags;
	struct lent lent;

	if (!is_there(client)) {
		(void)answered(client, RtmDeleteRouteToDest(self, route, &flags));
		return;
	}
	lent = lent_of(client, route);
	if (answered(client, RtmDeleteRouteToDest(self, route, MAYBE(&flags))) != NO_ERROR)
		return;
	book_consumed(client, route);
	if (lent.t_locks > 0)
		lent_taken(client, &lent);
	lock_disarm(NULL, route);
}

void
hold_destination(int client, HANDLE self)
{
	HANDLE dest = some_handle(KIND_DEST);
	RTM_VIEW_SET views = some_views();

	(void)answered(client, RtmHoldDestination(self, dest, views, some_time()));
}

void
get_route_pointer(int client, HANDLE self)
{
	HANDLE route = some_handle(KIND_ROUTE);
	RTM_ROUTE_INFO *info;

	if (answered(client, RtmGetRoutePointer(self, route, MAYBE(&info))) == NO_ERROR)
		MUST(info->NextHopsList.NumNextHops <= ROOM_HOPS || lent_of(client, route).t_locks > 0);
}

void
get_opaque_pointer(int client, HANDLE self)
{
	HANDLE dest = some_handle(KIND_DEST);
	PVOID *cell;
	DWORD status = answered(client, RtmGetOpaqueInformationPointer(self, dest, (PVOID *)MAYBE(&cell)));

	if (status != NO_ERROR)
		return;
	/* A slot is empty until its owner writes to it, whoever had it before. */
	MUST(clients[client].has_opaque && (*cell == NULL || *cell == clients[client].handle));
	*cell = self;
}

/*
 * Notifications and lists
 */

void
register_for_changes(int client, HANDLE self)
{
	RTM_NOTIFY_FLAGS flags = (byte() % 7 + 1u) | (byte() & 3 ? 0 : RTM_NOTIFY_ONLY_MARKED_DESTS);
	RTM_VIEW_SET views = some_views();
	HANDLE notification = NULL;
	struct entry *e;
	DWORD status;

	if (byte() >= 0xF8)
		flags = number();
	status = RtmRegisterForChangeNotification(self, views, flags, &notification, MAYBE(&notification));
	if (answered(client, status) != NO_ERROR)
		return;
	e = book_opened(client, notification, KIND_NOTIFY);
	e->views = views == RTM_VIEW_MASK_ALL || views == 3 ? 2 : views != 0;
}

void
get_changed_dests(int client, HANDLE self)
{
	HANDLE notification = some_handle(KIND_NOTIFY);
	dest_infos infos;
	UINT count = some_count();

	if (answered(client, RtmGetChangedDests(self, notification, MAYBE(&count), MAYBE(&infos.info))) != NO_ERROR)
		return;
	MUST(is_own(client, notification, KIND_NOTIFY) && count > 0 && count <= BATCH);
	for (UINT i = 0; i < count; i++)
		given_dest_info(client, (const void *)(infos.room + i * RTM_SIZE_OF_DEST_INFO(book_find(notification)->views)));
}

void
change_status(int client, HANDLE self)
{
	HANDLE notification = some_handle(KIND_NOTIFY), dests[3];
	UINT count = 1 + byte() % 3;
	BOOL answer;
	DWORD status;

	for (UINT i = 0; i < count; i++)
		dests[i] = some_handle(KIND_DEST);
	switch (byte() & 3) {
	case 0:
		status = RtmIgnoreChangedDests(self, notification, count, MAYBE(dests));
		break;
	case 1:
		status = RtmGetChangeStatus(self, notification, dests[0], MAYBE(&answer));
		break;
	case 2:
		status = RtmIsMarkedForChangeNotification(self, notification, dests[0], MAYBE(&answer));
		break;
	default:
		status = RtmMarkDestForChangeNotification(self, notification, dests[0], byte() & 1);
	}
	if (answered(client, status) == NO_ERROR)
		MUST(is_own(client, notification, KIND_NOTIFY));
}

void
create_list(int client, HANDLE self)
{
	HANDLE list = NULL;

	if (answered(client, RtmCreateRouteList(self, MAYBE(&list))) == NO_ERROR)
		(void)book_opened(client, list, KIND_LIST);
}

void
insert_in_list(int client, HANDLE self)
{
	HANDLE list = byte() < 0xE0 ? some_handle(KIND_LIST) : NULL, routes[4];
	UINT count = byte() % 5;

	for (UINT i = 0; i < count; i++)
		routes[i] = some_handle(KIND_ROUTE);
	if (answered(client, RtmInsertInRouteList(self, list, count, MAYBE(routes))) == NO_ERROR)
		MUST(list == NULL || is_own(client, list, KIND_LIST));
}
