import { expect } from 'vitest';
import {
  INFINITE,
  NO_ERROR,
  PROTO_IP_RIP,
  RTM_PROTOCOL_FAMILY_IP,
  RTM_PROTOCOL_FAMILY_IPX,
} from '../../src/v1/constants.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import { ipv4, ipv4Mask } from '../../src/v1/ipv4.js';
import { RtmIpxRoute } from '../../src/v1/ipx-route.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';

export type Route = RtmIpRoute | RtmIpxRoute;

/** What a test that runs for every family says about a route. Numbers are small: networks and next hops are numbered. */
export interface RouteSpec {
  readonly via?: number;
  readonly interfaceId?: number;
  /** What ranks routes first, the lower the better: priority, or ticks. */
  readonly rank?: number;
  /** What ranks routes of one rank, the lower the better: metric, or hops. */
  readonly metric?: number;
  /** A DWORD that belongs to the routing protocol. */
  readonly data?: number;
}

/** What became of the best route of a network. */
export interface BestChange {
  readonly flags: number;
  readonly current: Route;
  readonly previous: Route;
}

/** One protocol family, in the words of tests that say the same about all of them. */
export interface Family {
  readonly name: string;
  /** RTM_PROTOCOL_FAMILY_*. */
  readonly number: number;
  /** Bytes of the route structure. */
  readonly size: number;
  /** Bytes of RR_Network. */
  readonly networkSize: number;
  /** Byte offset of RR_FamilySpecificData. */
  readonly familyData: number;
  readonly view: (bytes?: Uint8Array) => Route;
  /** A route to the n-th network, 0..255. Networks are in table order. */
  readonly route: (network: number, spec?: RouteSpec) => Route;
}

export const IP: Family = {
  name: 'IP',
  number: RTM_PROTOCOL_FAMILY_IP,
  size: 92,
  networkSize: 8,
  familyData: 48,
  view: (bytes) => new RtmIpRoute(bytes),
  route: (network, { via = 1, interfaceId = 1, rank = 10, metric = 1, data = 0 } = {}) => {
    const route = new RtmIpRoute();
    route.RR_Network.N_NetNumber = ipv4(`10.${network}.0.0`);
    route.RR_Network.N_NetMask = ipv4Mask(16);
    route.RR_NextHopAddress.N_NetNumber = ipv4(`192.0.2.${via}`);
    route.RR_NextHopAddress.N_NetMask = ipv4Mask(32);
    route.RR_InterfaceID = interfaceId;
    route.RR_FamilySpecificData.FSD_Type = 4;
    route.RR_FamilySpecificData.FSD_Priority = rank;
    route.RR_FamilySpecificData.FSD_Metric = metric;
    route.RR_ProtocolSpecificData.PSD_Data[0] = data;
    return route;
  },
};

export const IPX: Family = {
  name: 'IPX',
  number: RTM_PROTOCOL_FAMILY_IPX,
  size: 52,
  networkSize: 4,
  familyData: 44,
  view: (bytes) => new RtmIpxRoute(bytes),
  route: (network, { via = 1, interfaceId = 1, rank = 10, metric = 1, data = 0 } = {}) => {
    const route = new RtmIpxRoute();
    // Octets that differ everywhere: an order of the bytes in memory is not one of the numbers.
    route.RR_Network.N_NetNumber = 0x80ff01fe + network * 0x101;
    route.RR_NextHopAddress.NHA_Mac.set([0x00, 0x00, 0x5e, 0x00, 0x53, via]);
    route.RR_InterfaceID = interfaceId;
    route.RR_FamilySpecificData.FSD_TickCount = rank;
    route.RR_FamilySpecificData.FSD_HopCount = metric;
    route.RR_ProtocolSpecificData.PSD_Data[0] = data;
    return route;
  },
};

export const FAMILIES: readonly (readonly [string, Family])[] = [IP, IPX].map((family) => [family.name, family]);

/** A copy that writing the original does not change. */
export function copyOf(family: Family, route: Route): Route {
  return family.view(route.bytes.slice());
}

/** All members of a route but its time stamp, to compare. */
export function members(route: Route): string {
  return [...route.bytes.subarray(8)].join();
}

/** Registers a client that must be accepted. */
export function registerIn(family: Family, rtm: Rtm1, protocol = PROTO_IP_RIP, flags = 0): number {
  const client = rtm.RtmRegisterClient(family.number, protocol, null, flags);
  expect(client, 'RtmRegisterClient').not.toBe(0);
  return client;
}

/** Adds a route that must be accepted. */
export function addTo(family: Family, rtm: Rtm1, client: number, route: Route): BestChange {
  const flags = Uint32Array.of(0xdead);
  const [current, previous] = [family.view(), family.view()];
  expect(rtm.RtmAddRoute(client, route, INFINITE, flags, current, previous), 'RtmAddRoute').toBe(NO_ERROR);
  return { flags: flags[0] ?? -1, current, previous };
}

/** Deletes a route that must be there. */
export function deleteFrom(family: Family, rtm: Rtm1, client: number, route: Route): Omit<BestChange, 'previous'> {
  const flags = Uint32Array.of(0xdead);
  const current = family.view();
  expect(rtm.RtmDeleteRoute(client, route, flags, current), 'RtmDeleteRoute').toBe(NO_ERROR);
  return { flags: flags[0] ?? -1, current };
}

/** The best route to the n-th network, or null. */
export function bestOf(family: Family, rtm: Rtm1, network: number): Route | null {
  const route = family.view();
  return rtm.RtmIsRoute(family.number, family.route(network).RR_Network, route) ? route : null;
}

/** Every route of an enumeration; none where there is no handle. */
export function listOf(family: Family, rtm: Rtm1, flags = 0, criteria: Route | null = null): Route[] {
  const enumeration = rtm.RtmCreateEnumerationHandle(family.number, flags, criteria);
  if (enumeration === 0) return [];
  const routes: Route[] = [];
  for (let route = family.view(); rtm.RtmEnumerateGetNextRoute(enumeration, route) === NO_ERROR; route = family.view()) {
    routes.push(route);
  }
  expect(rtm.RtmCloseEnumerationHandle(enumeration), 'RtmCloseEnumerationHandle').toBe(NO_ERROR);
  return routes;
}

/** Every route that RtmGetFirstRoute and RtmGetNextRoute tell, and the code that they end with. */
export function walkOf(family: Family, rtm: Rtm1, flags = 0, criteria = family.view()): { routes: Route[]; end: number } {
  const route = copyOf(family, criteria);
  const routes: Route[] = [];
  let status = rtm.RtmGetFirstRoute(family.number, flags, route);
  while (status === NO_ERROR) {
    routes.push(copyOf(family, route));
    status = rtm.RtmGetNextRoute(family.number, flags, route);
  }
  return { routes, end: status };
}
