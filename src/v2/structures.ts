import { HANDLE_SIZE, offsetOf, sizeOf } from '../win32/abi.js';
import type { Memory } from './memory.js';

/** Offsets of the members that are read or written one by one, in bytes from the start of their structure. */
export const NET_ADDRESS = {
  size: sizeOf('RTM_NET_ADDRESS'),
  AddressFamily: offsetOf('RTM_NET_ADDRESS', 'AddressFamily'),
  NumBits: offsetOf('RTM_NET_ADDRESS', 'NumBits'),
  AddrBits: offsetOf('RTM_NET_ADDRESS', 'AddrBits'),
} as const;

const ENTITY_ID = offsetOf('RTM_ENTITY_INFO', 'EntityId');

export const ENTITY_INFO = {
  size: sizeOf('RTM_ENTITY_INFO'),
  RtmInstanceId: offsetOf('RTM_ENTITY_INFO', 'RtmInstanceId'),
  AddressFamily: offsetOf('RTM_ENTITY_INFO', 'AddressFamily'),
  EntityProtocolId: ENTITY_ID + offsetOf('RTM_ENTITY_ID', 'EntityProtocolId'),
  EntityInstanceId: ENTITY_ID + offsetOf('RTM_ENTITY_ID', 'EntityInstanceId'),
} as const;

export const REGN_PROFILE = {
  size: sizeOf('RTM_REGN_PROFILE'),
  MaxNextHopsInRoute: offsetOf('RTM_REGN_PROFILE', 'MaxNextHopsInRoute'),
  MaxHandlesInEnum: offsetOf('RTM_REGN_PROFILE', 'MaxHandlesInEnum'),
  NumberOfViews: offsetOf('RTM_REGN_PROFILE', 'NumberOfViews'),
} as const;

const VIEW_INFOS = offsetOf('RTM_DEST_INFO', 'ViewInfo');
const VIEW_INFO_SIZE = sizeOf('RTM_DEST_INFO.ViewInfo');

export const DEST_INFO = {
  DestHandle: offsetOf('RTM_DEST_INFO', 'DestHandle'),
  DestAddress: offsetOf('RTM_DEST_INFO', 'DestAddress'),
  LastChanged: offsetOf('RTM_DEST_INFO', 'LastChanged'),
  NumberOfViews: offsetOf('RTM_DEST_INFO', 'NumberOfViews'),
} as const;

/** Members of one element of an RTM_DEST_INFO's ViewInfo. */
export const VIEW_INFO = {
  NumRoutes: offsetOf('RTM_DEST_INFO.ViewInfo', 'NumRoutes'),
  Route: offsetOf('RTM_DEST_INFO.ViewInfo', 'Route'),
  Owner: offsetOf('RTM_DEST_INFO.ViewInfo', 'Owner'),
  HoldRoute: offsetOf('RTM_DEST_INFO.ViewInfo', 'HoldRoute'),
} as const;

const PREF_INFO = offsetOf('RTM_ROUTE_INFO', 'PrefInfo');
const NEXT_HOPS_LIST = offsetOf('RTM_ROUTE_INFO', 'NextHopsList');

export const ROUTE_INFO = {
  DestHandle: offsetOf('RTM_ROUTE_INFO', 'DestHandle'),
  RouteOwner: offsetOf('RTM_ROUTE_INFO', 'RouteOwner'),
  Neighbour: offsetOf('RTM_ROUTE_INFO', 'Neighbour'),
  State: offsetOf('RTM_ROUTE_INFO', 'State'),
  Flags1: offsetOf('RTM_ROUTE_INFO', 'Flags1'),
  Flags: offsetOf('RTM_ROUTE_INFO', 'Flags'),
  Metric: PREF_INFO + offsetOf('RTM_PREF_INFO', 'Metric'),
  Preference: PREF_INFO + offsetOf('RTM_PREF_INFO', 'Preference'),
  BelongsToViews: offsetOf('RTM_ROUTE_INFO', 'BelongsToViews'),
  EntitySpecificInfo: offsetOf('RTM_ROUTE_INFO', 'EntitySpecificInfo'),
  NumNextHops: NEXT_HOPS_LIST + offsetOf('RTM_NEXTHOP_LIST', 'NumNextHops'),
  NextHops: NEXT_HOPS_LIST + offsetOf('RTM_NEXTHOP_LIST', 'NextHops'),
} as const;

export const NEXTHOP_INFO = {
  size: sizeOf('RTM_NEXTHOP_INFO'),
  NextHopAddress: offsetOf('RTM_NEXTHOP_INFO', 'NextHopAddress'),
  NextHopOwner: offsetOf('RTM_NEXTHOP_INFO', 'NextHopOwner'),
  InterfaceIndex: offsetOf('RTM_NEXTHOP_INFO', 'InterfaceIndex'),
  State: offsetOf('RTM_NEXTHOP_INFO', 'State'),
  Flags: offsetOf('RTM_NEXTHOP_INFO', 'Flags'),
  EntitySpecificInfo: offsetOf('RTM_NEXTHOP_INFO', 'EntitySpecificInfo'),
  RemoteNextHop: offsetOf('RTM_NEXTHOP_INFO', 'RemoteNextHop'),
} as const;

/** Rtmv2.h's RTM_SIZE_OF_DEST_INFO: bytes of an RTM_DEST_INFO with so many views (a count, not a mask). */
export function sizeOfDestInfo(views: number): number {
  return VIEW_INFOS + views * VIEW_INFO_SIZE;
}

/** Bytes that an RTM_ROUTE_INFO with so many next hops takes. (RTM_SIZE_OF_ROUTE_INFO is one handle too small.) */
export function sizeOfRouteInfo(nextHops: number): number {
  return sizeOf('RTM_ROUTE_INFO') + nextHops * HANDLE_SIZE;
}

/** Offset of element `index` of an RTM_DEST_INFO's ViewInfo. */
export function viewInfoAt(destInfo: number, index: number): number {
  return destInfo + VIEW_INFOS + index * VIEW_INFO_SIZE;
}

/** Identifies an entity: the key of its registration. */
export interface EntityId {
  /** RtmInstanceId, 0..0xFFFF. */
  readonly instance: number;
  /** Windows' number of the address family, for instance AF_INET. */
  readonly family: number;
  /** EntityProtocolId. */
  readonly protocolId: number;
  /** EntityInstanceId. */
  readonly protocolInstance: number;
}

/** Writes an RTM_ENTITY_INFO at `offset`. */
export function writeEntityInfo(memory: Memory, offset: number, id: EntityId): void {
  memory.u16[(offset + ENTITY_INFO.RtmInstanceId) >>> 1] = id.instance;
  memory.u16[(offset + ENTITY_INFO.AddressFamily) >>> 1] = id.family;
  memory.setWord(offset + ENTITY_INFO.EntityProtocolId, id.protocolId);
  memory.setWord(offset + ENTITY_INFO.EntityInstanceId, id.protocolInstance);
}

/** Clears the RTM_ENTITY_INFO at `offset`: an entity of no family, which there is not. */
export function clearEntityInfo(memory: Memory, offset: number): void {
  writeEntityInfo(memory, offset, { instance: 0, family: 0, protocolId: 0, protocolInstance: 0 });
}

/** Reads the RTM_ENTITY_INFO at `offset`. */
export function readEntityInfo(memory: Memory, offset: number): EntityId {
  return {
    instance: memory.u16[(offset + ENTITY_INFO.RtmInstanceId) >>> 1] ?? 0,
    family: memory.u16[(offset + ENTITY_INFO.AddressFamily) >>> 1] ?? 0,
    protocolId: memory.word(offset + ENTITY_INFO.EntityProtocolId),
    protocolInstance: memory.word(offset + ENTITY_INFO.EntityInstanceId),
  };
}

/**
 * Writes an IPv4 RTM_NET_ADDRESS at `offset`.
 *
 * @param family AF_INET as Windows numbers it
 * @param bits prefix length
 * @param address the four octets in memory order (network byte order)
 */
export function writeNetAddress(memory: Memory, offset: number, family: number, bits: number, address: number): void {
  memory.u16[(offset + NET_ADDRESS.AddressFamily) >>> 1] = family;
  memory.u16[(offset + NET_ADDRESS.NumBits) >>> 1] = bits;
  const word = (offset + NET_ADDRESS.AddrBits) >>> 2;
  memory.u32[word] = address;
  // One by one: `fill` costs more than all the rest of this function.
  memory.u32[word + 1] = 0;
  memory.u32[word + 2] = 0;
  memory.u32[word + 3] = 0;
}
