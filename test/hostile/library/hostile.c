/*
 * hostile.c - an RTMv2 library that does what the embedded engine does, except for one trick.
 *
 * The trick stands in the name of its own file, hostile+VERB+SUBJECT+NUMBER.so, and the engine that it goes on to is
 * the file of the same name with .engine behind it: so copies of one file are as many libraries, each with its own
 * tables, also within one process. tricks.ts says what each verb does. SUBJECT is a function, * for all but
 * registration, or what the verb says; NUMBER is decimal or 0x...
 *
 * It counts the calls that it gets, and ends the process with EXIT_ENDLESS when they are more than any honest use
 * needs, and with EXIT_OVERRUN when it is given back an array or a structure that it cannot have filled: so that
 * neither a loop without end nor a wrong length goes unseen.
 */
#include <string.h>

#include "disguise.h"

/* What every function begins and ends with; a and b are its outputs. */
#define BEGIN(a, b)                                                                                                    \
	DWORD status;                                                                                                  \
	if (is_refused(__func__, &status, a, sizeof(*(a)), b, sizeof(*(b))))                                           \
		return status
#define NO_OUTPUT ((char *)NULL)
#define END return answer(__func__, status)

/*
 * The functions that have tricks of their own
 */

static bool is_registration_refused(const RTM_ENTITY_INFO *info, DWORD *status)
{
	static ULONG first_instance;

	if (does("no-family") && info->AddressFamily == trick.number) {
		*status = ERROR_FILE_NOT_FOUND;
		return true;
	}
	if (first_instance == 0)
		first_instance = info->EntityId.EntityInstanceId;
	*status = ERROR_NO_SYSTEM_RESOURCES;
	return does("one-instance") && info->EntityId.EntityInstanceId != first_instance;
}

static void show_profile(RTM_REGN_PROFILE *p)
{
	if (limits("hops"))
		p->MaxNextHopsInRoute = (UINT)trick.number;
	if (limits("handles"))
		p->MaxHandlesInEnum = (UINT)trick.number;
	if (limits("views"))
		p->NumberOfViews = (UINT)trick.number;
	if (limits("supported"))
		p->ViewsSupported = (RTM_VIEW_SET)trick.number;
}

DWORD RtmRegisterEntity(PRTM_ENTITY_INFO info, PRTM_ENTITY_EXPORT_METHODS methods, RTM_EVENT_CALLBACK callback,
                        BOOL opaque, PRTM_REGN_PROFILE profile, PRTM_ENTITY_HANDLE handle)
{
	BEGIN(profile, handle);
	if (is_registration_refused(info, &status))
		return status;
	status = real.RtmRegisterEntity(info, methods, callback, opaque, profile, handle);
	if (status == NO_ERROR) {
		show_profile(profile);
		*handle = gives_none(__func__, status) ? NULL : show(*handle);
	}
	END;
}

DWORD RtmDeregisterEntity(RTM_ENTITY_HANDLE self)
{
	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmDeregisterEntity(hide(self));
	END;
}

DWORD RtmReleaseEntities(RTM_ENTITY_HANDLE self, UINT count, PRTM_ENTITY_HANDLE handles)
{
	HANDLE copy[MOST_HANDLES];

	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmReleaseEntities(hide(self), count, hide_all(count, handles, copy));
	END;
}

DWORD RtmGetRegisteredEntities(RTM_ENTITY_HANDLE self, PUINT count, PRTM_ENTITY_HANDLE handles, PRTM_ENTITY_INFO infos)
{
	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmGetRegisteredEntities(hide(self), count, handles, infos);
	if (status == NO_ERROR)
		for (UINT i = 0; i < *count; i++)
			handles[i] = show(handles[i]);
	END;
}

DWORD RtmGetEntityInfo(RTM_ENTITY_HANDLE self, RTM_ENTITY_HANDLE entity, PRTM_ENTITY_INFO info)
{
	BEGIN(info, NO_OUTPUT);
	status = real.RtmGetEntityInfo(hide(self), hide(entity), info);
	if (status == NO_ERROR && does("entity")) {
		if (concerns("protocol"))
			info->EntityId.EntityProtocolId = (ULONG)trick.number;
		if (concerns("instance"))
			info->EntityId.EntityInstanceId = (ULONG)trick.number;
		if (concerns("family"))
			info->AddressFamily = (USHORT)trick.number;
	}
	END;
}

DWORD RtmReleaseEntityInfo(RTM_ENTITY_HANDLE self, PRTM_ENTITY_INFO info)
{
	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmReleaseEntityInfo(hide(self), info);
	END;
}

DWORD RtmGetDestInfo(RTM_ENTITY_HANDLE self, RTM_DEST_HANDLE dest, ULONG protocol, RTM_VIEW_SET views,
                     PRTM_DEST_INFO info)
{
	BEGIN(info, NO_OUTPUT);
	if (is_beyond("views", views != 0))
		return ERROR_NOT_SUPPORTED;
	status = real.RtmGetDestInfo(hide(self), hide(dest), protocol, views, info);
	if (status == NO_ERROR)
		show_dest(hide(self), info);
	END;
}

DWORD RtmReleaseDestInfo(RTM_ENTITY_HANDLE self, PRTM_DEST_INFO info)
{
	dest_copies copy;

	BEGIN(NO_OUTPUT, NO_OUTPUT);
	/* A bare handle is released by an info that has no views. */
	if (info->NumberOfViews == 0) {
		copy.dest = (RTM_DEST_INFO){.DestHandle = hide(info->DestHandle)};
		status = real.RtmReleaseDestInfo(hide(self), &copy.dest);
	} else
		status = real.RtmReleaseDestInfo(hide(self), hide_dests(1, info, copy.room));
	END;
}

DWORD RtmGetRouteInfo(RTM_ENTITY_HANDLE self, RTM_ROUTE_HANDLE route, PRTM_ROUTE_INFO info, PRTM_NET_ADDRESS address)
{
	BEGIN(info, address);
	status = real.RtmGetRouteInfo(hide(self), hide(route), info, address);
	if (status == NO_ERROR && info != NULL)
		show_route(hide(self), info);
	if (status == NO_ERROR && address != NULL)
		show_address(address, "dest-family", "dest-bits");
	END;
}

DWORD RtmReleaseRouteInfo(RTM_ENTITY_HANDLE self, PRTM_ROUTE_INFO info)
{
	route_copy copy;

	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmReleaseRouteInfo(hide(self), hide_route(info, &copy));
	END;
}

DWORD RtmGetNextHopInfo(RTM_ENTITY_HANDLE self, RTM_NEXTHOP_HANDLE hop, PRTM_NEXTHOP_INFO info)
{
	BEGIN(info, NO_OUTPUT);
	status = real.RtmGetNextHopInfo(hide(self), hide(hop), info);
	if (status == NO_ERROR)
		show_hop(hide(self), info);
	END;
}

DWORD RtmReleaseNextHopInfo(RTM_ENTITY_HANDLE self, PRTM_NEXTHOP_INFO info)
{
	RTM_NEXTHOP_INFO copy;

	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmReleaseNextHopInfo(hide(self), hide_hop(info, &copy));
	END;
}

DWORD RtmAddRouteToDest(RTM_ENTITY_HANDLE self, PRTM_ROUTE_HANDLE handle, PRTM_NET_ADDRESS address,
                        PRTM_ROUTE_INFO info, ULONG lifetime, RTM_ROUTE_LIST_HANDLE list, RTM_NOTIFY_FLAGS notify_type,
                        RTM_NOTIFY_HANDLE notify, PRTM_ROUTE_CHANGE_FLAGS flags)
{
	HANDLE route = handle != NULL ? hide(*handle) : NULL;
	bool is_new = route == NULL;
	route_copy copy;

	BEGIN(handle, flags);
	if (is_beyond("hops", info->NextHopsList.NumNextHops))
		return ERROR_INVALID_PARAMETER;
	if (does("lifetime"))
		lifetime = (ULONG)trick.number;
	status = real.RtmAddRouteToDest(hide(self), &route, address, hide_route(info, &copy), lifetime, hide(list),
	                                notify_type, notify, flags);
	if (status != NO_ERROR)
		END;
	if (does("gone")) {
		RTM_ROUTE_CHANGE_FLAGS unused = 0;

		(void)real.RtmReferenceHandles(hide(self), 1, &route);
		(void)real.RtmDeleteRouteToDest(hide(self), route, &unused);
	}
	if (does("change-flags"))
		*flags = (RTM_ROUTE_CHANGE_FLAGS)trick.number;
	if (is_new && (handle == NULL || gives_none(__func__, status)))
		(void)real.RtmReleaseRoutes(hide(self), 1, &route);
	else if (is_new)
		*handle = show(route);
	END;
}

DWORD RtmDeleteRouteToDest(RTM_ENTITY_HANDLE self, RTM_ROUTE_HANDLE route, PRTM_ROUTE_CHANGE_FLAGS flags)
{
	BEGIN(flags, NO_OUTPUT);
	status = real.RtmDeleteRouteToDest(hide(self), hide(route), flags);
	if (status == NO_ERROR && does("change-flags"))
		*flags = (RTM_ROUTE_CHANGE_FLAGS)trick.number;
	END;
}

DWORD RtmGetExactMatchDestination(RTM_ENTITY_HANDLE self, PRTM_NET_ADDRESS address, ULONG protocol, RTM_VIEW_SET views,
                                  PRTM_DEST_INFO info)
{
	BEGIN(info, NO_OUTPUT);
	if (is_beyond("views", views != 0))
		return ERROR_NOT_SUPPORTED;
	status = real.RtmGetExactMatchDestination(hide(self), address, protocol, views, info);
	if (status == NO_ERROR)
		show_dest(hide(self), info);
	END;
}

DWORD RtmGetMostSpecificDestination(RTM_ENTITY_HANDLE self, PRTM_NET_ADDRESS address, ULONG protocol,
                                    RTM_VIEW_SET views, PRTM_DEST_INFO info)
{
	BEGIN(info, NO_OUTPUT);
	if (is_beyond("views", views != 0))
		return ERROR_NOT_SUPPORTED;
	status = real.RtmGetMostSpecificDestination(hide(self), address, protocol, views, info);
	if (status == NO_ERROR)
		show_dest(hide(self), info);
	END;
}

DWORD RtmGetLessSpecificDestination(RTM_ENTITY_HANDLE self, RTM_DEST_HANDLE dest, ULONG protocol, RTM_VIEW_SET views,
                                    PRTM_DEST_INFO info)
{
	BEGIN(info, NO_OUTPUT);
	if (is_beyond("views", views != 0))
		return ERROR_NOT_SUPPORTED;
	status = real.RtmGetLessSpecificDestination(hide(self), hide(dest), protocol, views, info);
	if (status == NO_ERROR)
		show_dest(hide(self), info);
	END;
}

DWORD RtmGetExactMatchRoute(RTM_ENTITY_HANDLE self, PRTM_NET_ADDRESS address, RTM_MATCH_FLAGS match,
                            PRTM_ROUTE_INFO info, ULONG interface_index, RTM_VIEW_SET views, PRTM_ROUTE_HANDLE handle)
{
	HANDLE route = NULL;
	route_copy copy;

	BEGIN(info, handle);
	memset(&copy, 0, sizeof(copy));
	/* Without criteria what the client has in its buffer need not be a route. */
	if ((match & RTM_MATCH_NEXTHOP) != 0)
		(void)hide_route(info, &copy);
	else {
		copy.info.RouteOwner = hide(info->RouteOwner);
		copy.info.Neighbour = hide(info->Neighbour);
		copy.info.PrefInfo = info->PrefInfo;
	}
	status = real.RtmGetExactMatchRoute(hide(self), address, match, &copy.info, interface_index, views, &route);
	if (status != NO_ERROR)
		END;
	memcpy(info, &copy, offsetof(RTM_ROUTE_INFO, NextHopsList.NextHops) +
	                        copy.info.NextHopsList.NumNextHops * sizeof(HANDLE));
	show_route(hide(self), info);
	if (handle == NULL || gives_none(__func__, status))
		(void)real.RtmReleaseRoutes(hide(self), 1, &route);
	else
		*handle = show(route);
	END;
}

DWORD RtmIsBestRoute(RTM_ENTITY_HANDLE self, RTM_ROUTE_HANDLE route, PRTM_VIEW_SET views)
{
	BEGIN(views, NO_OUTPUT);
	status = real.RtmIsBestRoute(hide(self), hide(route), views);
	if (status == NO_ERROR && does("best"))
		*views = (RTM_VIEW_SET)trick.number;
	END;
}

DWORD RtmAddNextHop(RTM_ENTITY_HANDLE self, PRTM_NEXTHOP_INFO info, PRTM_NEXTHOP_HANDLE handle,
                    PRTM_NEXTHOP_CHANGE_FLAGS flags)
{
	HANDLE hop = handle != NULL ? hide(*handle) : NULL;
	bool is_new = hop == NULL;
	RTM_NEXTHOP_INFO copy;

	BEGIN(handle, flags);
	status = real.RtmAddNextHop(hide(self), hide_hop(info, &copy), &hop, flags);
	if (status != NO_ERROR)
		END;
	if (does("change-flags"))
		*flags = (RTM_NEXTHOP_CHANGE_FLAGS)trick.number;
	if (is_new && (handle == NULL || gives_none(__func__, status)))
		(void)real.RtmReleaseNextHops(hide(self), 1, &hop);
	else if (is_new)
		*handle = show(hop);
	END;
}

DWORD RtmDeleteNextHop(RTM_ENTITY_HANDLE self, RTM_NEXTHOP_HANDLE hop, PRTM_NEXTHOP_INFO info)
{
	RTM_NEXTHOP_INFO copy;

	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmDeleteNextHop(hide(self), hide(hop), hide_hop(info, &copy));
	END;
}

DWORD RtmCreateDestEnum(RTM_ENTITY_HANDLE self, RTM_VIEW_SET views, RTM_ENUM_FLAGS flags, PRTM_NET_ADDRESS start,
                        ULONG protocol, PRTM_ENUM_HANDLE handle)
{
	BEGIN(handle, NO_OUTPUT);
	if (is_beyond("views", views != 0))
		return ERROR_NOT_SUPPORTED;
	status = real.RtmCreateDestEnum(hide(self), views, flags, start, protocol, handle);
	if (status == NO_ERROR)
		*handle = gives_none(__func__, status) ? NULL : show(*handle);
	END;
}

DWORD RtmGetEnumDests(RTM_ENTITY_HANDLE self, RTM_ENUM_HANDLE from, PUINT count, PRTM_DEST_INFO infos)
{
	BEGIN(count, infos);
	status = give_dests(__func__, (fetcher)real.RtmGetEnumDests, self, from, count, infos);
	END;
}

DWORD RtmReleaseDests(RTM_ENTITY_HANDLE self, UINT count, PRTM_DEST_INFO infos)
{
	dest_copies copy;

	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmReleaseDests(hide(self), count, hide_dests(count, infos, copy.room));
	END;
}

DWORD RtmCreateRouteEnum(RTM_ENTITY_HANDLE self, RTM_DEST_HANDLE dest, RTM_VIEW_SET views, RTM_ENUM_FLAGS flags,
                         PRTM_NET_ADDRESS start, RTM_MATCH_FLAGS match, PRTM_ROUTE_INFO criteria, ULONG interface_index,
                         PRTM_ENUM_HANDLE handle)
{
	route_copy copy;

	BEGIN(handle, NO_OUTPUT);
	status = real.RtmCreateRouteEnum(hide(self), hide(dest), views, flags, start, match, hide_route(criteria, &copy),
	                                 interface_index, handle);
	if (status == NO_ERROR)
		*handle = gives_none(__func__, status) ? NULL : show(*handle);
	END;
}

DWORD RtmGetEnumRoutes(RTM_ENTITY_HANDLE self, RTM_ENUM_HANDLE from, PUINT count, PRTM_ROUTE_HANDLE handles)
{
	BEGIN(count, handles);
	status = give_handles(__func__, (fetcher)real.RtmGetEnumRoutes, self, from, count, handles);
	END;
}

DWORD RtmReleaseRoutes(RTM_ENTITY_HANDLE self, UINT count, PRTM_ROUTE_HANDLE handles)
{
	HANDLE copy[MOST_HANDLES];

	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmReleaseRoutes(hide(self), count, hide_all(count, handles, copy));
	END;
}

DWORD RtmCreateNextHopEnum(RTM_ENTITY_HANDLE self, RTM_ENUM_FLAGS flags, PRTM_NET_ADDRESS start,
                           PRTM_ENUM_HANDLE handle)
{
	BEGIN(handle, NO_OUTPUT);
	status = real.RtmCreateNextHopEnum(hide(self), flags, start, handle);
	if (status == NO_ERROR)
		*handle = gives_none(__func__, status) ? NULL : show(*handle);
	END;
}

DWORD RtmGetEnumNextHops(RTM_ENTITY_HANDLE self, RTM_ENUM_HANDLE from, PUINT count, PRTM_NEXTHOP_HANDLE handles)
{
	BEGIN(count, handles);
	status = give_handles(__func__, (fetcher)real.RtmGetEnumNextHops, self, from, count, handles);
	END;
}

DWORD RtmReleaseNextHops(RTM_ENTITY_HANDLE self, UINT count, PRTM_NEXTHOP_HANDLE handles)
{
	HANDLE copy[MOST_HANDLES];

	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmReleaseNextHops(hide(self), count, hide_all(count, handles, copy));
	END;
}

DWORD RtmDeleteEnumHandle(RTM_ENTITY_HANDLE self, RTM_ENUM_HANDLE enumeration)
{
	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmDeleteEnumHandle(hide(self), hide(enumeration));
	END;
}

DWORD RtmRegisterForChangeNotification(RTM_ENTITY_HANDLE self, RTM_VIEW_SET views, RTM_NOTIFY_FLAGS flags,
                                       PVOID context, PRTM_NOTIFY_HANDLE handle)
{
	BEGIN(handle, NO_OUTPUT);
	if (is_beyond("views", views != 0))
		return ERROR_NOT_SUPPORTED;
	status = real.RtmRegisterForChangeNotification(hide(self), views, flags, context, handle);
	if (status == NO_ERROR)
		*handle = gives_none(__func__, status) ? NULL : show(*handle);
	END;
}

DWORD RtmGetChangedDests(RTM_ENTITY_HANDLE self, RTM_NOTIFY_HANDLE from, PUINT count, PRTM_DEST_INFO infos)
{
	BEGIN(count, infos);
	status = give_dests(__func__, (fetcher)real.RtmGetChangedDests, self, from, count, infos);
	END;
}

DWORD RtmReleaseChangedDests(RTM_ENTITY_HANDLE self, RTM_NOTIFY_HANDLE from, UINT count, PRTM_DEST_INFO infos)
{
	dest_copies copy;

	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmReleaseChangedDests(hide(self), hide(from), count, hide_dests(count, infos, copy.room));
	END;
}

DWORD RtmDeregisterFromChangeNotification(RTM_ENTITY_HANDLE self, RTM_NOTIFY_HANDLE notify)
{
	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmDeregisterFromChangeNotification(hide(self), hide(notify));
	END;
}

DWORD RtmReferenceHandles(RTM_ENTITY_HANDLE self, UINT count, HANDLE *handles)
{
	HANDLE copy[MOST_HANDLES];

	BEGIN(NO_OUTPUT, NO_OUTPUT);
	status = real.RtmReferenceHandles(hide(self), count, hide_all(count, handles, copy));
	END;
}

/*
 * The rest goes on as it is: a client of version 1 needs none of it
 */

#define FORWARD(name, parameters, arguments)                                                                           \
	DWORD name parameters                                                                                          \
	{                                                                                                              \
		BEGIN(NO_OUTPUT, NO_OUTPUT);                                                                           \
		status = real.name arguments;                                                                          \
		END;                                                                                                   \
	}

FORWARD(RtmLockDestination, (HANDLE s, HANDLE d, BOOL exclusive, BOOL lock), (s, d, exclusive, lock))
FORWARD(RtmGetOpaqueInformationPointer, (HANDLE s, HANDLE d, PVOID *p), (s, d, p))
FORWARD(RtmGetEntityMethods, (HANDLE s, HANDLE e, PUINT n, PRTM_ENTITY_EXPORT_METHOD m), (s, e, n, m))
FORWARD(RtmInvokeMethod, (HANDLE s, HANDLE e, PRTM_ENTITY_METHOD_INPUT i, PUINT n, PRTM_ENTITY_METHOD_OUTPUT o),
        (s, e, i, n, o))
FORWARD(RtmBlockMethods, (HANDLE s, HANDLE t, UCHAR type, DWORD flag), (s, t, type, flag))
FORWARD(RtmHoldDestination, (HANDLE s, HANDLE d, RTM_VIEW_SET v, ULONG time), (s, d, v, time))
FORWARD(RtmGetRoutePointer, (HANDLE s, HANDLE r, PRTM_ROUTE_INFO *p), (s, r, p))
FORWARD(RtmLockRoute, (HANDLE s, HANDLE r, BOOL exclusive, BOOL lock, PRTM_ROUTE_INFO *p), (s, r, exclusive, lock, p))
FORWARD(RtmUpdateAndUnlockRoute,
        (HANDLE s, HANDLE r, ULONG t, HANDLE l, RTM_NOTIFY_FLAGS y, HANDLE n, PRTM_ROUTE_CHANGE_FLAGS f),
        (s, r, t, l, y, n, f))
FORWARD(RtmFindNextHop, (HANDLE s, PRTM_NEXTHOP_INFO i, HANDLE *h, PRTM_NEXTHOP_INFO *p), (s, i, h, p))
FORWARD(RtmGetNextHopPointer, (HANDLE s, HANDLE h, PRTM_NEXTHOP_INFO *p), (s, h, p))
FORWARD(RtmLockNextHop, (HANDLE s, HANDLE h, BOOL exclusive, BOOL lock, PRTM_NEXTHOP_INFO *p),
        (s, h, exclusive, lock, p))
FORWARD(RtmIgnoreChangedDests, (HANDLE s, HANDLE n, UINT count, HANDLE *d), (s, n, count, d))
FORWARD(RtmGetChangeStatus, (HANDLE s, HANDLE n, HANDLE d, PBOOL b), (s, n, d, b))
FORWARD(RtmMarkDestForChangeNotification, (HANDLE s, HANDLE n, HANDLE d, BOOL b), (s, n, d, b))
FORWARD(RtmIsMarkedForChangeNotification, (HANDLE s, HANDLE n, HANDLE d, PBOOL b), (s, n, d, b))
FORWARD(RtmCreateRouteList, (HANDLE s, HANDLE *l), (s, l))
FORWARD(RtmInsertInRouteList, (HANDLE s, HANDLE l, UINT n, HANDLE *r), (s, l, n, r))
FORWARD(RtmCreateRouteListEnum, (HANDLE s, HANDLE l, HANDLE *e), (s, l, e))
FORWARD(RtmGetListEnumRoutes, (HANDLE s, HANDLE e, PUINT n, HANDLE *r), (s, e, n, r))
FORWARD(RtmDeleteRouteList, (HANDLE s, HANDLE l), (s, l))
