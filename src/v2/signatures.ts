import { HANDLE_SIZE, sizeOf } from '../win32/abi.js';

/**
 * How a C parameter type crosses the FFI: by value (`handle`, `dword`, `bool`, `byte`, and `address` for addresses that
 * RTM only stores or calls), or as `pointer` to caller-allocated memory.
 */
export type ParameterKind = 'handle' | 'dword' | 'bool' | 'byte' | 'address' | 'pointer';

const KINDS = {
  RTM_ENTITY_HANDLE: 'handle',
  RTM_DEST_HANDLE: 'handle',
  RTM_ROUTE_HANDLE: 'handle',
  RTM_NEXTHOP_HANDLE: 'handle',
  RTM_ENUM_HANDLE: 'handle',
  RTM_NOTIFY_HANDLE: 'handle',
  RTM_ROUTE_LIST_HANDLE: 'handle',
  HANDLE: 'handle',
  UINT: 'dword',
  ULONG: 'dword',
  DWORD: 'dword',
  RTM_VIEW_SET: 'dword',
  RTM_MATCH_FLAGS: 'dword',
  RTM_ENUM_FLAGS: 'dword',
  RTM_NOTIFY_FLAGS: 'dword',
  BOOL: 'bool',
  UCHAR: 'byte',
  PVOID: 'address',
  RTM_EVENT_CALLBACK: 'address',
  PUINT: 'pointer',
  PBOOL: 'pointer',
  PRTM_VIEW_SET: 'pointer',
  PRTM_ROUTE_CHANGE_FLAGS: 'pointer',
  PRTM_NEXTHOP_CHANGE_FLAGS: 'pointer',
  PRTM_ENTITY_HANDLE: 'pointer',
  PRTM_DEST_HANDLE: 'pointer',
  PRTM_ROUTE_HANDLE: 'pointer',
  PRTM_NEXTHOP_HANDLE: 'pointer',
  PRTM_ENUM_HANDLE: 'pointer',
  PRTM_NOTIFY_HANDLE: 'pointer',
  PRTM_ROUTE_LIST_HANDLE: 'pointer',
  'HANDLE *': 'pointer',
  'PVOID *': 'pointer',
  'PRTM_ROUTE_INFO *': 'pointer',
  'PRTM_NEXTHOP_INFO *': 'pointer',
  PRTM_NET_ADDRESS: 'pointer',
  PRTM_REGN_PROFILE: 'pointer',
  PRTM_ENTITY_INFO: 'pointer',
  PRTM_DEST_INFO: 'pointer',
  PRTM_ROUTE_INFO: 'pointer',
  PRTM_NEXTHOP_INFO: 'pointer',
  PRTM_ENTITY_EXPORT_METHOD: 'pointer',
  PRTM_ENTITY_EXPORT_METHODS: 'pointer',
  PRTM_ENTITY_METHOD_INPUT: 'pointer',
  PRTM_ENTITY_METHOD_OUTPUT: 'pointer',
} as const satisfies Record<string, ParameterKind>;

/** A parameter type of Rtmv2.h, as the header spells it. */
export type CType = keyof typeof KINDS;

/** A parameter: its name and its type in Rtmv2.h. */
export type Parameter = readonly [name: string, type: CType];

/**
 * The 57 functions of Rtmv2.h with their parameters in order. Each returns a DWORD, a Win32 code, and each is WINAPI
 * (stdcall on 32-bit Windows).
 */
export const signatures = {
  RtmRegisterEntity: [
    ['RtmEntityInfo', 'PRTM_ENTITY_INFO'],
    ['ExportMethods', 'PRTM_ENTITY_EXPORT_METHODS'],
    ['EventCallback', 'RTM_EVENT_CALLBACK'],
    ['ReserveOpaquePointer', 'BOOL'],
    ['RtmRegProfile', 'PRTM_REGN_PROFILE'],
    ['RtmRegHandle', 'PRTM_ENTITY_HANDLE'],
  ],
  RtmDeregisterEntity: [['RtmRegHandle', 'RTM_ENTITY_HANDLE']],
  RtmGetRegisteredEntities: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['NumEntities', 'PUINT'],
    ['EntityHandles', 'PRTM_ENTITY_HANDLE'],
    ['EntityInfos', 'PRTM_ENTITY_INFO'],
  ],
  RtmReleaseEntities: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['NumEntities', 'UINT'],
    ['EntityHandles', 'PRTM_ENTITY_HANDLE'],
  ],
  RtmLockDestination: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['DestHandle', 'RTM_DEST_HANDLE'],
    ['Exclusive', 'BOOL'],
    ['LockDest', 'BOOL'],
  ],
  RtmGetOpaqueInformationPointer: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['DestHandle', 'RTM_DEST_HANDLE'],
    ['OpaqueInfoPointer', 'PVOID *'],
  ],
  RtmGetEntityMethods: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['EntityHandle', 'RTM_ENTITY_HANDLE'],
    ['NumMethods', 'PUINT'],
    ['ExptMethods', 'PRTM_ENTITY_EXPORT_METHOD'],
  ],
  RtmInvokeMethod: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['EntityHandle', 'RTM_ENTITY_HANDLE'],
    ['Input', 'PRTM_ENTITY_METHOD_INPUT'],
    ['OutputSize', 'PUINT'],
    ['Output', 'PRTM_ENTITY_METHOD_OUTPUT'],
  ],
  RtmBlockMethods: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['TargetHandle', 'HANDLE'],
    ['TargetType', 'UCHAR'],
    ['BlockingFlag', 'DWORD'],
  ],
  RtmGetEntityInfo: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['EntityHandle', 'RTM_ENTITY_HANDLE'],
    ['EntityInfo', 'PRTM_ENTITY_INFO'],
  ],
  RtmReleaseEntityInfo: [['RtmRegHandle', 'RTM_ENTITY_HANDLE'], ['EntityInfo', 'PRTM_ENTITY_INFO']],
  RtmGetDestInfo: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['DestHandle', 'RTM_DEST_HANDLE'],
    ['ProtocolId', 'ULONG'],
    ['TargetViews', 'RTM_VIEW_SET'],
    ['DestInfo', 'PRTM_DEST_INFO'],
  ],
  RtmReleaseDestInfo: [['RtmRegHandle', 'RTM_ENTITY_HANDLE'], ['DestInfo', 'PRTM_DEST_INFO']],
  RtmGetRouteInfo: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['RouteHandle', 'RTM_ROUTE_HANDLE'],
    ['RouteInfo', 'PRTM_ROUTE_INFO'],
    ['DestAddress', 'PRTM_NET_ADDRESS'],
  ],
  RtmReleaseRouteInfo: [['RtmRegHandle', 'RTM_ENTITY_HANDLE'], ['RouteInfo', 'PRTM_ROUTE_INFO']],
  RtmGetNextHopInfo: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['NextHopHandle', 'RTM_NEXTHOP_HANDLE'],
    ['NextHopInfo', 'PRTM_NEXTHOP_INFO'],
  ],
  RtmReleaseNextHopInfo: [['RtmRegHandle', 'RTM_ENTITY_HANDLE'], ['NextHopInfo', 'PRTM_NEXTHOP_INFO']],
  RtmAddRouteToDest: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['RouteHandle', 'PRTM_ROUTE_HANDLE'],
    ['DestAddress', 'PRTM_NET_ADDRESS'],
    ['RouteInfo', 'PRTM_ROUTE_INFO'],
    ['TimeToLive', 'ULONG'],
    ['RouteListHandle', 'RTM_ROUTE_LIST_HANDLE'],
    ['NotifyType', 'RTM_NOTIFY_FLAGS'],
    ['NotifyHandle', 'RTM_NOTIFY_HANDLE'],
    ['ChangeFlags', 'PRTM_ROUTE_CHANGE_FLAGS'],
  ],
  RtmDeleteRouteToDest: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['RouteHandle', 'RTM_ROUTE_HANDLE'],
    ['ChangeFlags', 'PRTM_ROUTE_CHANGE_FLAGS'],
  ],
  RtmHoldDestination: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['DestHandle', 'RTM_DEST_HANDLE'],
    ['TargetViews', 'RTM_VIEW_SET'],
    ['HoldTime', 'ULONG'],
  ],
  RtmGetRoutePointer: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['RouteHandle', 'RTM_ROUTE_HANDLE'],
    ['RoutePointer', 'PRTM_ROUTE_INFO *'],
  ],
  RtmLockRoute: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['RouteHandle', 'RTM_ROUTE_HANDLE'],
    ['Exclusive', 'BOOL'],
    ['LockRoute', 'BOOL'],
    ['RoutePointer', 'PRTM_ROUTE_INFO *'],
  ],
  RtmUpdateAndUnlockRoute: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['RouteHandle', 'RTM_ROUTE_HANDLE'],
    ['TimeToLive', 'ULONG'],
    ['RouteListHandle', 'RTM_ROUTE_LIST_HANDLE'],
    ['NotifyType', 'RTM_NOTIFY_FLAGS'],
    ['NotifyHandle', 'RTM_NOTIFY_HANDLE'],
    ['ChangeFlags', 'PRTM_ROUTE_CHANGE_FLAGS'],
  ],
  RtmGetExactMatchDestination: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['DestAddress', 'PRTM_NET_ADDRESS'],
    ['ProtocolId', 'ULONG'],
    ['TargetViews', 'RTM_VIEW_SET'],
    ['DestInfo', 'PRTM_DEST_INFO'],
  ],
  RtmGetMostSpecificDestination: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['DestAddress', 'PRTM_NET_ADDRESS'],
    ['ProtocolId', 'ULONG'],
    ['TargetViews', 'RTM_VIEW_SET'],
    ['DestInfo', 'PRTM_DEST_INFO'],
  ],
  RtmGetLessSpecificDestination: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['DestHandle', 'RTM_DEST_HANDLE'],
    ['ProtocolId', 'ULONG'],
    ['TargetViews', 'RTM_VIEW_SET'],
    ['DestInfo', 'PRTM_DEST_INFO'],
  ],
  RtmGetExactMatchRoute: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['DestAddress', 'PRTM_NET_ADDRESS'],
    ['MatchingFlags', 'RTM_MATCH_FLAGS'],
    ['RouteInfo', 'PRTM_ROUTE_INFO'],
    ['InterfaceIndex', 'ULONG'],
    ['TargetViews', 'RTM_VIEW_SET'],
    ['RouteHandle', 'PRTM_ROUTE_HANDLE'],
  ],
  RtmIsBestRoute: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['RouteHandle', 'RTM_ROUTE_HANDLE'],
    ['BestInViews', 'PRTM_VIEW_SET'],
  ],
  RtmAddNextHop: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['NextHopInfo', 'PRTM_NEXTHOP_INFO'],
    ['NextHopHandle', 'PRTM_NEXTHOP_HANDLE'],
    ['ChangeFlags', 'PRTM_NEXTHOP_CHANGE_FLAGS'],
  ],
  RtmFindNextHop: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['NextHopInfo', 'PRTM_NEXTHOP_INFO'],
    ['NextHopHandle', 'PRTM_NEXTHOP_HANDLE'],
    ['NextHopPointer', 'PRTM_NEXTHOP_INFO *'],
  ],
  RtmDeleteNextHop: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['NextHopHandle', 'RTM_NEXTHOP_HANDLE'],
    ['NextHopInfo', 'PRTM_NEXTHOP_INFO'],
  ],
  RtmGetNextHopPointer: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['NextHopHandle', 'RTM_NEXTHOP_HANDLE'],
    ['NextHopPointer', 'PRTM_NEXTHOP_INFO *'],
  ],
  RtmLockNextHop: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['NextHopHandle', 'RTM_NEXTHOP_HANDLE'],
    ['Exclusive', 'BOOL'],
    ['LockNextHop', 'BOOL'],
    ['NextHopPointer', 'PRTM_NEXTHOP_INFO *'],
  ],
  RtmCreateDestEnum: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['TargetViews', 'RTM_VIEW_SET'],
    ['EnumFlags', 'RTM_ENUM_FLAGS'],
    ['NetAddress', 'PRTM_NET_ADDRESS'],
    ['ProtocolId', 'ULONG'],
    ['RtmEnumHandle', 'PRTM_ENUM_HANDLE'],
  ],
  RtmGetEnumDests: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['EnumHandle', 'RTM_ENUM_HANDLE'],
    ['NumDests', 'PUINT'],
    ['DestInfos', 'PRTM_DEST_INFO'],
  ],
  RtmReleaseDests: [['RtmRegHandle', 'RTM_ENTITY_HANDLE'], ['NumDests', 'UINT'], ['DestInfos', 'PRTM_DEST_INFO']],
  RtmCreateRouteEnum: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['DestHandle', 'RTM_DEST_HANDLE'],
    ['TargetViews', 'RTM_VIEW_SET'],
    ['EnumFlags', 'RTM_ENUM_FLAGS'],
    ['StartDest', 'PRTM_NET_ADDRESS'],
    ['MatchingFlags', 'RTM_MATCH_FLAGS'],
    ['CriteriaRoute', 'PRTM_ROUTE_INFO'],
    ['CriteriaInterface', 'ULONG'],
    ['RtmEnumHandle', 'PRTM_ENUM_HANDLE'],
  ],
  RtmGetEnumRoutes: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['EnumHandle', 'RTM_ENUM_HANDLE'],
    ['NumRoutes', 'PUINT'],
    ['RouteHandles', 'PRTM_ROUTE_HANDLE'],
  ],
  RtmReleaseRoutes: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['NumRoutes', 'UINT'],
    ['RouteHandles', 'PRTM_ROUTE_HANDLE'],
  ],
  RtmCreateNextHopEnum: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['EnumFlags', 'RTM_ENUM_FLAGS'],
    ['NetAddress', 'PRTM_NET_ADDRESS'],
    ['RtmEnumHandle', 'PRTM_ENUM_HANDLE'],
  ],
  RtmGetEnumNextHops: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['EnumHandle', 'RTM_ENUM_HANDLE'],
    ['NumNextHops', 'PUINT'],
    ['NextHopHandles', 'PRTM_NEXTHOP_HANDLE'],
  ],
  RtmReleaseNextHops: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['NumNextHops', 'UINT'],
    ['NextHopHandles', 'PRTM_NEXTHOP_HANDLE'],
  ],
  RtmDeleteEnumHandle: [['RtmRegHandle', 'RTM_ENTITY_HANDLE'], ['EnumHandle', 'RTM_ENUM_HANDLE']],
  RtmRegisterForChangeNotification: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['TargetViews', 'RTM_VIEW_SET'],
    ['NotifyFlags', 'RTM_NOTIFY_FLAGS'],
    ['NotifyContext', 'PVOID'],
    ['NotifyHandle', 'PRTM_NOTIFY_HANDLE'],
  ],
  RtmGetChangedDests: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['NotifyHandle', 'RTM_NOTIFY_HANDLE'],
    ['NumDests', 'PUINT'],
    ['ChangedDests', 'PRTM_DEST_INFO'],
  ],
  RtmReleaseChangedDests: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['NotifyHandle', 'RTM_NOTIFY_HANDLE'],
    ['NumDests', 'UINT'],
    ['ChangedDests', 'PRTM_DEST_INFO'],
  ],
  RtmIgnoreChangedDests: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['NotifyHandle', 'RTM_NOTIFY_HANDLE'],
    ['NumDests', 'UINT'],
    ['ChangedDests', 'PRTM_DEST_HANDLE'],
  ],
  RtmGetChangeStatus: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['NotifyHandle', 'RTM_NOTIFY_HANDLE'],
    ['DestHandle', 'RTM_DEST_HANDLE'],
    ['ChangeStatus', 'PBOOL'],
  ],
  RtmMarkDestForChangeNotification: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['NotifyHandle', 'RTM_NOTIFY_HANDLE'],
    ['DestHandle', 'RTM_DEST_HANDLE'],
    ['MarkDest', 'BOOL'],
  ],
  RtmIsMarkedForChangeNotification: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['NotifyHandle', 'RTM_NOTIFY_HANDLE'],
    ['DestHandle', 'RTM_DEST_HANDLE'],
    ['DestMarked', 'PBOOL'],
  ],
  RtmDeregisterFromChangeNotification: [['RtmRegHandle', 'RTM_ENTITY_HANDLE'], ['NotifyHandle', 'RTM_NOTIFY_HANDLE']],
  RtmCreateRouteList: [['RtmRegHandle', 'RTM_ENTITY_HANDLE'], ['RouteListHandle', 'PRTM_ROUTE_LIST_HANDLE']],
  RtmInsertInRouteList: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['RouteListHandle', 'RTM_ROUTE_LIST_HANDLE'],
    ['NumRoutes', 'UINT'],
    ['RouteHandles', 'PRTM_ROUTE_HANDLE'],
  ],
  RtmCreateRouteListEnum: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['RouteListHandle', 'RTM_ROUTE_LIST_HANDLE'],
    ['RtmEnumHandle', 'PRTM_ENUM_HANDLE'],
  ],
  RtmGetListEnumRoutes: [
    ['RtmRegHandle', 'RTM_ENTITY_HANDLE'],
    ['EnumHandle', 'RTM_ENUM_HANDLE'],
    ['NumRoutes', 'PUINT'],
    ['RouteHandles', 'PRTM_ROUTE_HANDLE'],
  ],
  RtmDeleteRouteList: [['RtmRegHandle', 'RTM_ENTITY_HANDLE'], ['RouteListHandle', 'RTM_ROUTE_LIST_HANDLE']],
  RtmReferenceHandles: [['RtmRegHandle', 'RTM_ENTITY_HANDLE'], ['NumHandles', 'UINT'], ['RtmHandles', 'HANDLE *']],
} as const satisfies Record<string, readonly Parameter[]>;

/** The name of an RTMv2 function. */
export type V2Function = keyof typeof signatures;

/** All 57 names, in the header's order. */
export const v2Functions = Object.keys(signatures) as readonly V2Function[];

/** How a parameter of this type crosses the FFI. */
export function kindOf(type: CType): ParameterKind {
  return KINDS[type];
}

/** The name of the documentation page of a function. */
export function pageOf(name: V2Function): string {
  return `nf-rtmv2-${name.toLowerCase()}`;
}

/** Bytes that a pointer of this type must at least point to; one element where it points to an array. */
export function pointeeSize(type: CType): number {
  const structure = type.replace(/^P/, '');
  if (structure.startsWith('RTM_') && /(_INFO|_ADDRESS|_PROFILE|_METHODS|_INPUT|_OUTPUT)$/.test(structure)) {
    return sizeOf(structure);
  }
  return /HANDLE|\*|EXPORT_METHOD$/.test(type) ? HANDLE_SIZE : 4;
}

type ValueOf<P extends readonly Parameter[], Values extends Record<ParameterKind, unknown>> = {
  [I in keyof P]: P[I] extends readonly [string, infer T extends CType] ? Values[(typeof KINDS)[T]] : never;
};

/** The 57 functions as methods of an object, with a JavaScript type for each way of crossing the FFI. */
export type Functions<Values extends Record<ParameterKind, unknown>, Result> = {
  readonly [N in V2Function]: (...parameters: ValueOf<(typeof signatures)[N], Values>) => Result;
};
