import { constant } from '../win32/constants.js';
import type { Handle, Memory } from '../v2/memory.js';
import { NET_ADDRESS, NEXTHOP_INFO, ROUTE_INFO, writeNetAddress } from '../v2/structures.js';
import { INTERFACE_ID, type RouteFormat } from './route-format.js';

const UCAST = constant('RTM_VIEW_MASK_UCAST');

/** An address takes a DWORD, and where it is a MAC address half of the next. */
const WORD = 0x1_0000_0000;
const HALF = 0xffff;

/**
 * Writes the RTM_ROUTE_INFO with which RtmAddRouteToDest adds a v1 route. v1's identity (network, protocol, interface,
 * next hop) becomes v2's (destination, owner, neighbour) because the next hop serves as neighbour too.
 *
 * @param nextHop handle of the next hop that stands for the route's (address, interface)
 * @param ownerInfo what to keep in EntitySpecificInfo
 */
export function writeRouteInfo(
  memory: Memory,
  offset: number,
  format: RouteFormat,
  route: Uint32Array,
  nextHop: Handle,
  ownerInfo: number,
): void {
  memory.setHandle(offset + ROUTE_INFO.DestHandle, 0);
  memory.setHandle(offset + ROUTE_INFO.RouteOwner, 0);
  memory.setHandle(offset + ROUTE_INFO.Neighbour, nextHop);
  memory.u8[offset + ROUTE_INFO.State] = 0;
  memory.u8[offset + ROUTE_INFO.Flags1] = (route[format.flags] ?? 0) & format.flagsMask;
  memory.u16[(offset + ROUTE_INFO.Flags) >>> 1] = format.routeFlags(route);
  memory.setWord(offset + ROUTE_INFO.Metric, format.metric(route));
  memory.setWord(offset + ROUTE_INFO.Preference, format.preference(route));
  memory.setWord(offset + ROUTE_INFO.BelongsToViews, UCAST);
  memory.setHandle(offset + ROUTE_INFO.EntitySpecificInfo, ownerInfo);
  memory.u16[(offset + ROUTE_INFO.NumNextHops) >>> 1] = 1;
  memory.setHandle(offset + ROUTE_INFO.NextHops, nextHop);
}

/**
 * Writes the RTM_NEXTHOP_INFO with which RtmAddNextHop adds a next hop.
 *
 * @param address as {@link RouteFormat.nextHop} tells it
 */
export function writeNextHopInfo(
  memory: Memory,
  offset: number,
  format: RouteFormat,
  address: number,
  interfaceId: number,
): void {
  const hop = offset + NEXTHOP_INFO.NextHopAddress;
  memory.u8.fill(0, offset, offset + NEXTHOP_INFO.size);
  writeNetAddress(memory, hop, format.addressFamily, format.nextHopBits, address);
  memory.setWord(hop + NET_ADDRESS.AddrBits + 4, address / WORD);
  memory.setWord(offset + NEXTHOP_INFO.InterfaceIndex, interfaceId);
}

/** Whether an RTM_NET_ADDRESS names a network that the family has. */
export function isAddressOf(format: RouteFormat, memory: Memory, offset: number): boolean {
  return hasAddress(format, memory, offset, format.networkBits);
}

function hasAddress(format: RouteFormat, memory: Memory, offset: number, mostBits: number): boolean {
  const family = memory.u16[(offset + NET_ADDRESS.AddressFamily) >>> 1];
  return family === format.addressFamily && (memory.u16[(offset + NET_ADDRESS.NumBits) >>> 1] ?? 0) <= mostBits;
}

/**
 * Fills in the next hop that an RTM_NEXTHOP_INFO describes: its interface only if its address is none of the family, as
 * that of an IPv4 route over an IPv6 neighbour.
 */
export function readNextHopInfo(memory: Memory, offset: number, format: RouteFormat, route: Uint32Array): void {
  const hop = offset + NEXTHOP_INFO.NextHopAddress;
  route[INTERFACE_ID] = memory.word(offset + NEXTHOP_INFO.InterfaceIndex);
  if (!hasAddress(format, memory, hop, format.nextHopBits)) return;
  const bits = hop + NET_ADDRESS.AddrBits;
  const length = memory.u16[(hop + NET_ADDRESS.NumBits) >>> 1] ?? 0;
  format.setNextHop(route, memory.word(bits) + (memory.word(bits + 4) & HALF) * WORD, length);
}

/** Fills in the network that an RTM_NET_ADDRESS denotes. */
export function readNetwork(memory: Memory, offset: number, format: RouteFormat, route: Uint32Array): void {
  const length = memory.u16[(offset + NET_ADDRESS.NumBits) >>> 1] ?? 0;
  format.setNetwork(route, memory.word(offset + NET_ADDRESS.AddrBits), length);
}
