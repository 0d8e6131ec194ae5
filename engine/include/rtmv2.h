/*
 * rtmv2.h - the Routing Table Manager version 2 API, for every system.
 *
 * Names, numbers, structure layouts and signatures are those of the public-domain mingw-w64 header of the same name;
 * layouts are checked against mappings/layouts.json when the library is built. Integers have fixed widths, so that the
 * structures are the same on LP64 systems as on Windows, and address family numbers are Windows' own on every system
 * (AF_INET6 is 23 here whatever <sys/socket.h> says).
 *
 * Not from that header, and marked so below: the Rtm2* functions at the end.
 */
#ifndef RTM2_RTMV2_H
#define RTM2_RTMV2_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(_WIN32)
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#include <windows.h>
#if defined(RTM2_BUILD)
#define RTM2_API __declspec(dllexport)
#else
#define RTM2_API __declspec(dllimport)
#endif
#else
#define RTM2_API __attribute__((visibility("default")))
#define WINAPI
typedef int32_t BOOL;
typedef int32_t INT;
typedef uint32_t UINT;
typedef uint32_t DWORD;
typedef uint32_t ULONG;
typedef uint64_t ULONGLONG;
typedef uint16_t USHORT;
typedef uint8_t UCHAR;
typedef void *PVOID;
typedef void *HANDLE;
typedef BOOL *PBOOL;
typedef UINT *PUINT;
typedef struct _FILETIME {
	DWORD dwLowDateTime;
	DWORD dwHighDateTime;
} FILETIME;
#define FALSE 0
#define TRUE 1
#define INFINITE 0xFFFFFFFFu
#define NO_ERROR 0
#define ERROR_SUCCESS 0
#define ERROR_FILE_NOT_FOUND 2
#define ERROR_ACCESS_DENIED 5
#define ERROR_INVALID_HANDLE 6
#define ERROR_NOT_ENOUGH_MEMORY 8
#define ERROR_INVALID_DATA 13
#define ERROR_NOT_SUPPORTED 50
#define ERROR_INVALID_PARAMETER 87
#define ERROR_INSUFFICIENT_BUFFER 122
#define ERROR_ALREADY_EXISTS 183
#define ERROR_NO_MORE_ITEMS 259
#define ERROR_NOT_FOUND 1168
#define ERROR_NO_SYSTEM_RESOURCES 1450
#define ERROR_BAD_CONFIGURATION 1610
#endif

/* Address families: Windows' numbers. */
#define RTM2_AF_INET 2
#define RTM2_AF_IPX 6
#define RTM2_AF_INET6 23

#define RTM_MAX_ADDRESS_SIZE 16
#define RTM_MAX_VIEWS 32

typedef HANDLE RTM_ENTITY_HANDLE, *PRTM_ENTITY_HANDLE;
typedef HANDLE RTM_DEST_HANDLE, *PRTM_DEST_HANDLE;
typedef HANDLE RTM_ROUTE_HANDLE, *PRTM_ROUTE_HANDLE;
typedef HANDLE RTM_NEXTHOP_HANDLE, *PRTM_NEXTHOP_HANDLE;
typedef HANDLE RTM_ENUM_HANDLE, *PRTM_ENUM_HANDLE;
typedef HANDLE RTM_NOTIFY_HANDLE, *PRTM_NOTIFY_HANDLE;
typedef HANDLE RTM_ROUTE_LIST_HANDLE, *PRTM_ROUTE_LIST_HANDLE;

typedef INT RTM_VIEW_ID, *PRTM_VIEW_ID;
typedef DWORD RTM_VIEW_SET, *PRTM_VIEW_SET;
typedef DWORD RTM_ROUTE_CHANGE_FLAGS, *PRTM_ROUTE_CHANGE_FLAGS;
typedef DWORD RTM_NEXTHOP_CHANGE_FLAGS, *PRTM_NEXTHOP_CHANGE_FLAGS;
typedef DWORD RTM_MATCH_FLAGS, *PRTM_MATCH_FLAGS;
typedef DWORD RTM_ENUM_FLAGS, *PRTM_ENUM_FLAGS;
typedef DWORD RTM_NOTIFY_FLAGS, *PRTM_NOTIFY_FLAGS;
typedef DWORD RTM_ENTITY_METHOD_TYPE, *PRTM_ENTITY_METHOD_TYPE;

/* Views */
#define RTM_VIEW_ID_UCAST 0
#define RTM_VIEW_ID_MCAST 1
#define RTM_VIEW_MASK_SIZE 32
#define RTM_VIEW_MASK_NONE 0u
#define RTM_VIEW_MASK_ANY 0u
#define RTM_VIEW_MASK_UCAST 1u
#define RTM_VIEW_MASK_MCAST 2u
#define RTM_VIEW_MASK_ALL 0xFFFFFFFFu

/* Destination flags */
#define RTM_DEST_FLAG_NATURAL_NET 0x1u
#define RTM_DEST_FLAG_FWD_ENGIN_ADD 0x2u
#define RTM_DEST_FLAG_DONT_FORWARD 0x4u

/* Route states and flags */
#define RTM_ROUTE_STATE_CREATED 0
#define RTM_ROUTE_STATE_DELETING 1
#define RTM_ROUTE_STATE_DELETED 2
#define RTM_ROUTE_FLAGS_MARTIAN 0x0001
#define RTM_ROUTE_FLAGS_BLACKHOLE 0x0002
#define RTM_ROUTE_FLAGS_DISCARD 0x0004
#define RTM_ROUTE_FLAGS_INACTIVE 0x0008
#define RTM_ROUTE_FLAGS_LOCAL 0x0010
#define RTM_ROUTE_FLAGS_REMOTE 0x0020
#define RTM_ROUTE_FLAGS_MYSELF 0x0040
#define RTM_ROUTE_FLAGS_LOOPBACK 0x0080
#define RTM_ROUTE_FLAGS_MCAST 0x0100
#define RTM_ROUTE_FLAGS_LOCAL_MCAST 0x0200
#define RTM_ROUTE_FLAGS_LIMITED_BC 0x0400
#define RTM_ROUTE_FLAGS_ZEROS_NETBC 0x1000
#define RTM_ROUTE_FLAGS_ZEROS_SUBNETBC 0x2000
#define RTM_ROUTE_FLAGS_ONES_NETBC 0x4000
#define RTM_ROUTE_FLAGS_ONES_SUBNETBC 0x8000
#define RTM_ROUTE_FLAGS_FORWARDING 0x000F
#define RTM_ROUTE_FLAGS_ANY_UNICAST 0x0070
#define RTM_ROUTE_FLAGS_ANY_MCAST 0x0300
#define RTM_ROUTE_FLAGS_NET_BCAST 0x5000
#define RTM_ROUTE_FLAGS_SUBNET_BCAST 0xA000
#define RTM_ROUTE_FLAGS_ANY_BCAST 0xF400

/* Next-hop states and flags */
#define RTM_NEXTHOP_STATE_CREATED 0
#define RTM_NEXTHOP_STATE_DELETED 1
#define RTM_NEXTHOP_FLAGS_REMOTE 0x1
#define RTM_NEXTHOP_FLAGS_DOWN 0x2

/* Change flags */
#define RTM_ROUTE_CHANGE_FIRST 0x00000001u
#define RTM_ROUTE_CHANGE_NEW 0x00000002u
#define RTM_ROUTE_CHANGE_BEST 0x00010000u
#define RTM_NEXTHOP_CHANGE_NEW 0x00000001u

/* Protocol selectors */
#define RTM_BEST_PROTOCOL 0u
#define RTM_THIS_PROTOCOL 0xFFFFFFFFu

/* Matching */
#define RTM_MATCH_NONE 0x00000000u
#define RTM_MATCH_OWNER 0x00000001u
#define RTM_MATCH_NEIGHBOUR 0x00000002u
#define RTM_MATCH_PREF 0x00000004u
#define RTM_MATCH_NEXTHOP 0x00000008u
#define RTM_MATCH_INTERFACE 0x00000010u
#define RTM_MATCH_FULL 0x0000FFFFu

/* Enumeration */
#define RTM_ENUM_START 0x00000000u
#define RTM_ENUM_NEXT 0x00000001u
#define RTM_ENUM_RANGE 0x00000002u
#define RTM_ENUM_ALL_DESTS 0x00000000u
#define RTM_ENUM_OWN_DESTS 0x01000000u
#define RTM_ENUM_ALL_ROUTES 0x00000000u
#define RTM_ENUM_OWN_ROUTES 0x00010000u

/* Change notification */
#define RTM_NUM_CHANGE_TYPES 3
#define RTM_CHANGE_TYPE_ALL 0x0001u
#define RTM_CHANGE_TYPE_BEST 0x0002u
#define RTM_CHANGE_TYPE_FORWARDING 0x0004u
#define RTM_NOTIFY_ONLY_MARKED_DESTS 0x00010000u

/* Methods */
#define RTM_RESUME_METHODS 0u
#define RTM_BLOCK_METHODS 1u
#define METHOD_TYPE_ALL_METHODS 0xFFFFFFFFu

typedef struct _RTM_REGN_PROFILE {
	UINT MaxNextHopsInRoute;
	UINT MaxHandlesInEnum;
	RTM_VIEW_SET ViewsSupported;
	UINT NumberOfViews;
} RTM_REGN_PROFILE, *PRTM_REGN_PROFILE;

typedef struct _RTM_NET_ADDRESS {
	USHORT AddressFamily;
	USHORT NumBits;
	UCHAR AddrBits[RTM_MAX_ADDRESS_SIZE];
} RTM_NET_ADDRESS, *PRTM_NET_ADDRESS;

typedef struct _RTM_PREF_INFO {
	ULONG Metric;
	ULONG Preference;
} RTM_PREF_INFO, *PRTM_PREF_INFO;

typedef struct _RTM_NEXTHOP_LIST {
	USHORT NumNextHops;
	RTM_NEXTHOP_HANDLE NextHops[1];
} RTM_NEXTHOP_LIST, *PRTM_NEXTHOP_LIST;

typedef struct _RTM_DEST_INFO {
	RTM_DEST_HANDLE DestHandle;
	RTM_NET_ADDRESS DestAddress;
	FILETIME LastChanged;
	RTM_VIEW_SET BelongsToViews;
	UINT NumberOfViews;
	struct {
		RTM_VIEW_ID ViewId;
		UINT NumRoutes;
		RTM_ROUTE_HANDLE Route;
		RTM_ENTITY_HANDLE Owner;
		DWORD DestFlags;
		RTM_ROUTE_HANDLE HoldRoute;
	} ViewInfo[1];
} RTM_DEST_INFO, *PRTM_DEST_INFO;

typedef struct _RTM_ROUTE_INFO {
	RTM_DEST_HANDLE DestHandle;
	RTM_ENTITY_HANDLE RouteOwner;
	RTM_NEXTHOP_HANDLE Neighbour;
	UCHAR State;
	UCHAR Flags1;
	USHORT Flags;
	RTM_PREF_INFO PrefInfo;
	RTM_VIEW_SET BelongsToViews;
	PVOID EntitySpecificInfo;
	RTM_NEXTHOP_LIST NextHopsList;
} RTM_ROUTE_INFO, *PRTM_ROUTE_INFO;

typedef struct _RTM_NEXTHOP_INFO {
	RTM_NET_ADDRESS NextHopAddress;
	RTM_ENTITY_HANDLE NextHopOwner;
	ULONG InterfaceIndex;
	USHORT State;
	USHORT Flags;
	PVOID EntitySpecificInfo;
	RTM_DEST_HANDLE RemoteNextHop;
} RTM_NEXTHOP_INFO, *PRTM_NEXTHOP_INFO;

/* Windows aligns the 64-bit member to 8 on x86 too; the i386 ABI of other systems would not. */
typedef struct _RTM_ENTITY_ID {
	union {
		struct {
			ULONG EntityProtocolId;
			ULONG EntityInstanceId;
		};
		ULONGLONG EntityId __attribute__((aligned(8)));
	};
} RTM_ENTITY_ID, *PRTM_ENTITY_ID;

typedef struct _RTM_ENTITY_INFO {
	USHORT RtmInstanceId;
	USHORT AddressFamily;
	RTM_ENTITY_ID EntityId;
} RTM_ENTITY_INFO, *PRTM_ENTITY_INFO;

typedef struct _RTM_ENTITY_METHOD_INPUT {
	RTM_ENTITY_METHOD_TYPE MethodType;
	UINT InputSize;
	UCHAR InputData[1];
} RTM_ENTITY_METHOD_INPUT, *PRTM_ENTITY_METHOD_INPUT;

typedef struct _RTM_ENTITY_METHOD_OUTPUT {
	RTM_ENTITY_METHOD_TYPE MethodType;
	DWORD MethodStatus;
	UINT OutputSize;
	UCHAR OutputData[1];
} RTM_ENTITY_METHOD_OUTPUT, *PRTM_ENTITY_METHOD_OUTPUT;

typedef void(WINAPI *RTM_ENTITY_EXPORT_METHOD)(RTM_ENTITY_HANDLE CallerHandle, RTM_ENTITY_HANDLE CalleeHandle,
                                               RTM_ENTITY_METHOD_INPUT *Input, RTM_ENTITY_METHOD_OUTPUT *Output);
typedef RTM_ENTITY_EXPORT_METHOD *PRTM_ENTITY_EXPORT_METHOD;

typedef struct _RTM_ENTITY_EXPORT_METHODS {
	UINT NumMethods;
	RTM_ENTITY_EXPORT_METHOD Methods[1];
} RTM_ENTITY_EXPORT_METHODS, *PRTM_ENTITY_EXPORT_METHODS;

typedef enum _RTM_EVENT_TYPE {
	RTM_ENTITY_REGISTERED,
	RTM_ENTITY_DEREGISTERED,
	RTM_ROUTE_EXPIRED,
	RTM_CHANGE_NOTIFICATION
} RTM_EVENT_TYPE, *PRTM_EVENT_TYPE;

typedef DWORD(WINAPI *RTM_EVENT_CALLBACK)(RTM_ENTITY_HANDLE RtmRegHandle, RTM_EVENT_TYPE EventType, PVOID Context1,
                                          PVOID Context2);

/* Sizes of the variable structures. RTM_SIZE_OF_ROUTE_INFO is one handle too small; allocate
 * sizeof(RTM_ROUTE_INFO) + MaxNextHopsInRoute * sizeof(HANDLE) instead. */
#define RTM_BASIC_DEST_INFO_SIZE offsetof(RTM_DEST_INFO, ViewInfo)
#define RTM_DEST_VIEW_INFO_SIZE (sizeof(RTM_DEST_INFO) - RTM_BASIC_DEST_INFO_SIZE)
#define RTM_SIZE_OF_DEST_INFO(NumViews) (RTM_BASIC_DEST_INFO_SIZE + (NumViews)*RTM_DEST_VIEW_INFO_SIZE)
#define RTM_BASIC_ROUTE_INFO_SIZE offsetof(RTM_ROUTE_INFO, NextHopsList.NumNextHops)
#define RTM_SIZE_OF_ROUTE_INFO(NumHops) (RTM_BASIC_ROUTE_INFO_SIZE + (NumHops) * sizeof(RTM_NEXTHOP_HANDLE))

/* Registration */
RTM2_API DWORD WINAPI RtmRegisterEntity(PRTM_ENTITY_INFO RtmEntityInfo, PRTM_ENTITY_EXPORT_METHODS ExportMethods,
                                        RTM_EVENT_CALLBACK EventCallback, BOOL ReserveOpaquePointer,
                                        PRTM_REGN_PROFILE RtmRegProfile, PRTM_ENTITY_HANDLE RtmRegHandle);
RTM2_API DWORD WINAPI RtmDeregisterEntity(RTM_ENTITY_HANDLE RtmRegHandle);
RTM2_API DWORD WINAPI RtmGetRegisteredEntities(RTM_ENTITY_HANDLE RtmRegHandle, PUINT NumEntities,
                                               PRTM_ENTITY_HANDLE EntityHandles, PRTM_ENTITY_INFO EntityInfos);
RTM2_API DWORD WINAPI RtmReleaseEntities(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumEntities,
                                         PRTM_ENTITY_HANDLE EntityHandles);

/* Opaque pointers */
RTM2_API DWORD WINAPI RtmLockDestination(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle, BOOL Exclusive,
                                         BOOL LockDest);
RTM2_API DWORD WINAPI RtmGetOpaqueInformationPointer(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle,
                                                     PVOID *OpaqueInfoPointer);

/* Methods */
RTM2_API DWORD WINAPI RtmGetEntityMethods(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENTITY_HANDLE EntityHandle,
                                          PUINT NumMethods, PRTM_ENTITY_EXPORT_METHOD ExptMethods);
RTM2_API DWORD WINAPI RtmInvokeMethod(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENTITY_HANDLE EntityHandle,
                                      PRTM_ENTITY_METHOD_INPUT Input, PUINT OutputSize,
                                      PRTM_ENTITY_METHOD_OUTPUT Output);
RTM2_API DWORD WINAPI RtmBlockMethods(RTM_ENTITY_HANDLE RtmRegHandle, HANDLE TargetHandle, UCHAR TargetType,
                                      DWORD BlockingFlag);

/* Information by handle */
RTM2_API DWORD WINAPI RtmGetEntityInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENTITY_HANDLE EntityHandle,
                                       PRTM_ENTITY_INFO EntityInfo);
RTM2_API DWORD WINAPI RtmReleaseEntityInfo(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_ENTITY_INFO EntityInfo);
RTM2_API DWORD WINAPI RtmGetDestInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle, ULONG ProtocolId,
                                     RTM_VIEW_SET TargetViews, PRTM_DEST_INFO DestInfo);
RTM2_API DWORD WINAPI RtmReleaseDestInfo(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_DEST_INFO DestInfo);
RTM2_API DWORD WINAPI RtmGetRouteInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
                                      PRTM_ROUTE_INFO RouteInfo, PRTM_NET_ADDRESS DestAddress);
RTM2_API DWORD WINAPI RtmReleaseRouteInfo(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_ROUTE_INFO RouteInfo);
RTM2_API DWORD WINAPI RtmGetNextHopInfo(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle,
                                        PRTM_NEXTHOP_INFO NextHopInfo);
RTM2_API DWORD WINAPI RtmReleaseNextHopInfo(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_NEXTHOP_INFO NextHopInfo);

/* Adding, changing, deleting routes */
RTM2_API DWORD WINAPI RtmAddRouteToDest(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_ROUTE_HANDLE RouteHandle,
                                        PRTM_NET_ADDRESS DestAddress, PRTM_ROUTE_INFO RouteInfo, ULONG TimeToLive,
                                        RTM_ROUTE_LIST_HANDLE RouteListHandle, RTM_NOTIFY_FLAGS NotifyType,
                                        RTM_NOTIFY_HANDLE NotifyHandle, PRTM_ROUTE_CHANGE_FLAGS ChangeFlags);
RTM2_API DWORD WINAPI RtmDeleteRouteToDest(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
                                           PRTM_ROUTE_CHANGE_FLAGS ChangeFlags);
RTM2_API DWORD WINAPI RtmHoldDestination(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle,
                                         RTM_VIEW_SET TargetViews, ULONG HoldTime);
RTM2_API DWORD WINAPI RtmGetRoutePointer(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
                                         PRTM_ROUTE_INFO *RoutePointer);
RTM2_API DWORD WINAPI RtmLockRoute(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle, BOOL Exclusive,
                                   BOOL LockRoute, PRTM_ROUTE_INFO *RoutePointer);
RTM2_API DWORD WINAPI RtmUpdateAndUnlockRoute(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
                                              ULONG TimeToLive, RTM_ROUTE_LIST_HANDLE RouteListHandle,
                                              RTM_NOTIFY_FLAGS NotifyType, RTM_NOTIFY_HANDLE NotifyHandle,
                                              PRTM_ROUTE_CHANGE_FLAGS ChangeFlags);

/* Queries */
RTM2_API DWORD WINAPI RtmGetExactMatchDestination(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_NET_ADDRESS DestAddress,
                                                  ULONG ProtocolId, RTM_VIEW_SET TargetViews, PRTM_DEST_INFO DestInfo);
RTM2_API DWORD WINAPI RtmGetMostSpecificDestination(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_NET_ADDRESS DestAddress,
                                                    ULONG ProtocolId, RTM_VIEW_SET TargetViews,
                                                    PRTM_DEST_INFO DestInfo);
RTM2_API DWORD WINAPI RtmGetLessSpecificDestination(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle,
                                                    ULONG ProtocolId, RTM_VIEW_SET TargetViews,
                                                    PRTM_DEST_INFO DestInfo);
RTM2_API DWORD WINAPI RtmGetExactMatchRoute(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_NET_ADDRESS DestAddress,
                                            RTM_MATCH_FLAGS MatchingFlags, PRTM_ROUTE_INFO RouteInfo,
                                            ULONG InterfaceIndex, RTM_VIEW_SET TargetViews,
                                            PRTM_ROUTE_HANDLE RouteHandle);
RTM2_API DWORD WINAPI RtmIsBestRoute(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_HANDLE RouteHandle,
                                     PRTM_VIEW_SET BestInViews);

/* Next hops */
RTM2_API DWORD WINAPI RtmAddNextHop(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_NEXTHOP_INFO NextHopInfo,
                                    PRTM_NEXTHOP_HANDLE NextHopHandle, PRTM_NEXTHOP_CHANGE_FLAGS ChangeFlags);
RTM2_API DWORD WINAPI RtmFindNextHop(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_NEXTHOP_INFO NextHopInfo,
                                     PRTM_NEXTHOP_HANDLE NextHopHandle, PRTM_NEXTHOP_INFO *NextHopPointer);
RTM2_API DWORD WINAPI RtmDeleteNextHop(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle,
                                       PRTM_NEXTHOP_INFO NextHopInfo);
RTM2_API DWORD WINAPI RtmGetNextHopPointer(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle,
                                           PRTM_NEXTHOP_INFO *NextHopPointer);
RTM2_API DWORD WINAPI RtmLockNextHop(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NEXTHOP_HANDLE NextHopHandle, BOOL Exclusive,
                                     BOOL LockNextHop, PRTM_NEXTHOP_INFO *NextHopPointer);

/* Enumeration */
RTM2_API DWORD WINAPI RtmCreateDestEnum(RTM_ENTITY_HANDLE RtmRegHandle, RTM_VIEW_SET TargetViews,
                                        RTM_ENUM_FLAGS EnumFlags, PRTM_NET_ADDRESS NetAddress, ULONG ProtocolId,
                                        PRTM_ENUM_HANDLE RtmEnumHandle);
RTM2_API DWORD WINAPI RtmGetEnumDests(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle, PUINT NumDests,
                                      PRTM_DEST_INFO DestInfos);
RTM2_API DWORD WINAPI RtmReleaseDests(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumDests, PRTM_DEST_INFO DestInfos);
RTM2_API DWORD WINAPI RtmCreateRouteEnum(RTM_ENTITY_HANDLE RtmRegHandle, RTM_DEST_HANDLE DestHandle,
                                         RTM_VIEW_SET TargetViews, RTM_ENUM_FLAGS EnumFlags,
                                         PRTM_NET_ADDRESS StartDest, RTM_MATCH_FLAGS MatchingFlags,
                                         PRTM_ROUTE_INFO CriteriaRoute, ULONG CriteriaInterface,
                                         PRTM_ENUM_HANDLE RtmEnumHandle);
RTM2_API DWORD WINAPI RtmGetEnumRoutes(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle, PUINT NumRoutes,
                                       PRTM_ROUTE_HANDLE RouteHandles);
RTM2_API DWORD WINAPI RtmReleaseRoutes(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumRoutes, PRTM_ROUTE_HANDLE RouteHandles);
RTM2_API DWORD WINAPI RtmCreateNextHopEnum(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_FLAGS EnumFlags,
                                           PRTM_NET_ADDRESS NetAddress, PRTM_ENUM_HANDLE RtmEnumHandle);
RTM2_API DWORD WINAPI RtmGetEnumNextHops(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle,
                                         PUINT NumNextHops, PRTM_NEXTHOP_HANDLE NextHopHandles);
RTM2_API DWORD WINAPI RtmReleaseNextHops(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumNextHops,
                                         PRTM_NEXTHOP_HANDLE NextHopHandles);
RTM2_API DWORD WINAPI RtmDeleteEnumHandle(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle);

/* Change notification */
RTM2_API DWORD WINAPI RtmRegisterForChangeNotification(RTM_ENTITY_HANDLE RtmRegHandle, RTM_VIEW_SET TargetViews,
                                                       RTM_NOTIFY_FLAGS NotifyFlags, PVOID NotifyContext,
                                                       PRTM_NOTIFY_HANDLE NotifyHandle);
RTM2_API DWORD WINAPI RtmGetChangedDests(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                                         PUINT NumDests, PRTM_DEST_INFO ChangedDests);
RTM2_API DWORD WINAPI RtmReleaseChangedDests(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                                             UINT NumDests, PRTM_DEST_INFO ChangedDests);
RTM2_API DWORD WINAPI RtmIgnoreChangedDests(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                                            UINT NumDests, PRTM_DEST_HANDLE ChangedDests);
RTM2_API DWORD WINAPI RtmGetChangeStatus(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                                         RTM_DEST_HANDLE DestHandle, PBOOL ChangeStatus);
RTM2_API DWORD WINAPI RtmMarkDestForChangeNotification(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                                                       RTM_DEST_HANDLE DestHandle, BOOL MarkDest);
RTM2_API DWORD WINAPI RtmIsMarkedForChangeNotification(RTM_ENTITY_HANDLE RtmRegHandle, RTM_NOTIFY_HANDLE NotifyHandle,
                                                       RTM_DEST_HANDLE DestHandle, PBOOL DestMarked);
RTM2_API DWORD WINAPI RtmDeregisterFromChangeNotification(RTM_ENTITY_HANDLE RtmRegHandle,
                                                          RTM_NOTIFY_HANDLE NotifyHandle);

/* Route lists */
RTM2_API DWORD WINAPI RtmCreateRouteList(RTM_ENTITY_HANDLE RtmRegHandle, PRTM_ROUTE_LIST_HANDLE RouteListHandle);
RTM2_API DWORD WINAPI RtmInsertInRouteList(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_LIST_HANDLE RouteListHandle,
                                           UINT NumRoutes, PRTM_ROUTE_HANDLE RouteHandles);
RTM2_API DWORD WINAPI RtmCreateRouteListEnum(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_LIST_HANDLE RouteListHandle,
                                             PRTM_ENUM_HANDLE RtmEnumHandle);
RTM2_API DWORD WINAPI RtmGetListEnumRoutes(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ENUM_HANDLE EnumHandle,
                                           PUINT NumRoutes, PRTM_ROUTE_HANDLE RouteHandles);
RTM2_API DWORD WINAPI RtmDeleteRouteList(RTM_ENTITY_HANDLE RtmRegHandle, RTM_ROUTE_LIST_HANDLE RouteListHandle);

/* Handles */
RTM2_API DWORD WINAPI RtmReferenceHandles(RTM_ENTITY_HANDLE RtmRegHandle, UINT NumHandles, HANDLE *RtmHandles);

/*
 * Diagnostics of this library; rtm.dll has nothing like them.
 */

/* What entities hold. A handle counts from the call that gives it out to the call that gives it back, against the
 * entity that made the call; registration handles do not count, enumeration handles do. */
typedef struct _RTM2_STATISTICS {
	ULONGLONG Entities;     /* registrations */
	ULONGLONG Routes;       /* routes in a table */
	ULONGLONG NextHops;     /* next hops in an entity's list */
	ULONGLONG Destinations; /* destinations with a route of the entity, also a held one (of any, for the whole process) */
	ULONGLONG Handles;      /* references given out and not given back */
	ULONGLONG Bytes;        /* memory of all tables; 0 when asked for one entity id */
} RTM2_STATISTICS, *PRTM2_STATISTICS;

/*
 * Fills *Statistics with the sum over all entities, registered or already gone, whose instance, address family and
 * 64-bit id equal those of *EntityInfo; with EntityInfo NULL, over everything in the process.
 * Returns NO_ERROR; ERROR_INVALID_PARAMETER (87) if Statistics is NULL. Needs no registration.
 */
RTM2_API DWORD WINAPI Rtm2GetStatistics(PRTM_ENTITY_INFO EntityInfo, PRTM2_STATISTICS Statistics);

/* Version of this library, e.g. "0.1.0"; the string is static. */
RTM2_API const char *WINAPI Rtm2GetVersion(void);

#ifdef __cplusplus
}
#endif

#endif
