/*
 * unsupported.c - the documented functions that this version exports but does not carry out.
 */
#include "rtmv2.h"

#define UNSUPPORTED(name, parameters)          \
	DWORD WINAPI name parameters               \
	{                                          \
		return ERROR_NOT_SUPPORTED;            \
	}

#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wunused-parameter"
#endif

UNSUPPORTED(RtmGetRegisteredEntities, (RTM_ENTITY_HANDLE r, PUINT n, PRTM_ENTITY_HANDLE h, PRTM_ENTITY_INFO i))
UNSUPPORTED(RtmLockDestination, (RTM_ENTITY_HANDLE r, RTM_DEST_HANDLE d, BOOL exclusive, BOOL lock))
UNSUPPORTED(RtmGetOpaqueInformationPointer, (RTM_ENTITY_HANDLE r, RTM_DEST_HANDLE d, PVOID *p))
UNSUPPORTED(RtmGetEntityMethods, (RTM_ENTITY_HANDLE r, RTM_ENTITY_HANDLE e, PUINT n, PRTM_ENTITY_EXPORT_METHOD m))
UNSUPPORTED(RtmInvokeMethod, (RTM_ENTITY_HANDLE r, RTM_ENTITY_HANDLE e, PRTM_ENTITY_METHOD_INPUT i, PUINT n,
                              PRTM_ENTITY_METHOD_OUTPUT o))
UNSUPPORTED(RtmBlockMethods, (RTM_ENTITY_HANDLE r, HANDLE t, UCHAR type, DWORD flag))
UNSUPPORTED(RtmHoldDestination, (RTM_ENTITY_HANDLE r, RTM_DEST_HANDLE d, RTM_VIEW_SET v, ULONG time))
UNSUPPORTED(RtmGetRoutePointer, (RTM_ENTITY_HANDLE r, RTM_ROUTE_HANDLE h, PRTM_ROUTE_INFO *p))
UNSUPPORTED(RtmLockRoute, (RTM_ENTITY_HANDLE r, RTM_ROUTE_HANDLE h, BOOL exclusive, BOOL lock, PRTM_ROUTE_INFO *p))
UNSUPPORTED(RtmUpdateAndUnlockRoute, (RTM_ENTITY_HANDLE r, RTM_ROUTE_HANDLE h, ULONG ttl, RTM_ROUTE_LIST_HANDLE l,
                                      RTM_NOTIFY_FLAGS t, RTM_NOTIFY_HANDLE n, PRTM_ROUTE_CHANGE_FLAGS c))
UNSUPPORTED(RtmGetLessSpecificDestination, (RTM_ENTITY_HANDLE r, RTM_DEST_HANDLE d, ULONG protocol, RTM_VIEW_SET v,
                                            PRTM_DEST_INFO i))
UNSUPPORTED(RtmGetNextHopPointer, (RTM_ENTITY_HANDLE r, RTM_NEXTHOP_HANDLE h, PRTM_NEXTHOP_INFO *p))
UNSUPPORTED(RtmLockNextHop, (RTM_ENTITY_HANDLE r, RTM_NEXTHOP_HANDLE h, BOOL exclusive, BOOL lock,
                             PRTM_NEXTHOP_INFO *p))
UNSUPPORTED(RtmRegisterForChangeNotification, (RTM_ENTITY_HANDLE r, RTM_VIEW_SET v, RTM_NOTIFY_FLAGS f, PVOID c,
                                               PRTM_NOTIFY_HANDLE n))
UNSUPPORTED(RtmGetChangedDests, (RTM_ENTITY_HANDLE r, RTM_NOTIFY_HANDLE n, PUINT c, PRTM_DEST_INFO i))
UNSUPPORTED(RtmReleaseChangedDests, (RTM_ENTITY_HANDLE r, RTM_NOTIFY_HANDLE n, UINT c, PRTM_DEST_INFO i))
UNSUPPORTED(RtmIgnoreChangedDests, (RTM_ENTITY_HANDLE r, RTM_NOTIFY_HANDLE n, UINT c, PRTM_DEST_HANDLE d))
UNSUPPORTED(RtmGetChangeStatus, (RTM_ENTITY_HANDLE r, RTM_NOTIFY_HANDLE n, RTM_DEST_HANDLE d, PBOOL s))
UNSUPPORTED(RtmMarkDestForChangeNotification, (RTM_ENTITY_HANDLE r, RTM_NOTIFY_HANDLE n, RTM_DEST_HANDLE d, BOOL m))
UNSUPPORTED(RtmIsMarkedForChangeNotification, (RTM_ENTITY_HANDLE r, RTM_NOTIFY_HANDLE n, RTM_DEST_HANDLE d, PBOOL m))
UNSUPPORTED(RtmDeregisterFromChangeNotification, (RTM_ENTITY_HANDLE r, RTM_NOTIFY_HANDLE n))
UNSUPPORTED(RtmCreateRouteList, (RTM_ENTITY_HANDLE r, PRTM_ROUTE_LIST_HANDLE l))
UNSUPPORTED(RtmInsertInRouteList, (RTM_ENTITY_HANDLE r, RTM_ROUTE_LIST_HANDLE l, UINT n, PRTM_ROUTE_HANDLE h))
UNSUPPORTED(RtmCreateRouteListEnum, (RTM_ENTITY_HANDLE r, RTM_ROUTE_LIST_HANDLE l, PRTM_ENUM_HANDLE e))
UNSUPPORTED(RtmGetListEnumRoutes, (RTM_ENTITY_HANDLE r, RTM_ENUM_HANDLE e, PUINT n, PRTM_ROUTE_HANDLE h))
UNSUPPORTED(RtmDeleteRouteList, (RTM_ENTITY_HANDLE r, RTM_ROUTE_LIST_HANDLE l))
