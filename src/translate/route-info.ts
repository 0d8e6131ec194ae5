import { constant } from '../win32/constants.js';
import type { Memory } from '../v2/memory.js';
import { ROUTE_INFO } from '../v2/structures.js';
import { FSD_FLAGS, FSD_METRIC, FSD_PRIORITY, FSD_TYPE } from './ip-route.js';

/** RFC 1354 route types, as FSD_Type has them. */
const TYPE_OTHER = 1;
const TYPE_LOCAL = 3;
const TYPE_REMOTE = 4;

const LOCAL = constant('RTM_ROUTE_FLAGS_LOCAL');
const REMOTE = constant('RTM_ROUTE_FLAGS_REMOTE');
const UCAST = constant('RTM_VIEW_MASK_UCAST');

/** Rtmv2.h reserves Flags1 for compatibility with v1, and has one byte for it. */
const FLAGS1_MASK = 0xff;

/** RTM_ROUTE_INFO.Flags of a v1 route: v2 knows of v1's route types only whether the destination is next door. */
export function routeFlags(type: number): number {
  if (type === TYPE_LOCAL) return LOCAL;
  return type === TYPE_REMOTE ? REMOTE : 0;
}

/** FSD_Type of a route that a v2 entity has added. */
export function routeType(flags: number): number {
  if ((flags & LOCAL) !== 0) return TYPE_LOCAL;
  return (flags & REMOTE) !== 0 ? TYPE_REMOTE : TYPE_OTHER;
}

/**
 * Writes the RTM_ROUTE_INFO with which RtmAddRouteToDest adds a v1 route. v1's identity (network, protocol, interface,
 * next hop) becomes v2's (destination, owner, neighbour) because the next hop serves as neighbour too.
 *
 * @param route the RTM_IP_ROUTE
 * @param nextHop handle of the next hop that stands for the route's (address, interface)
 * @param ownerInfo what to keep in EntitySpecificInfo
 */
export function writeRouteInfo(
  memory: Memory,
  offset: number,
  route: Uint32Array,
  nextHop: number,
  ownerInfo: number,
): void {
  memory.setHandle(offset + ROUTE_INFO.DestHandle, 0);
  memory.setHandle(offset + ROUTE_INFO.RouteOwner, 0);
  memory.setHandle(offset + ROUTE_INFO.Neighbour, nextHop);
  memory.u8[offset + ROUTE_INFO.State] = 0;
  memory.u8[offset + ROUTE_INFO.Flags1] = (route[FSD_FLAGS] ?? 0) & FLAGS1_MASK;
  memory.u16[(offset + ROUTE_INFO.Flags) >>> 1] = routeFlags(route[FSD_TYPE] ?? 0);
  memory.setWord(offset + ROUTE_INFO.Metric, route[FSD_METRIC] ?? 0);
  memory.setWord(offset + ROUTE_INFO.Preference, route[FSD_PRIORITY] ?? 0);
  memory.setWord(offset + ROUTE_INFO.BelongsToViews, UCAST);
  memory.setHandle(offset + ROUTE_INFO.EntitySpecificInfo, ownerInfo);
  memory.u16[(offset + ROUTE_INFO.NumNextHops) >>> 1] = 1;
  memory.setHandle(offset + ROUTE_INFO.NextHops, nextHop);
}
