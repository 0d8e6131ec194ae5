import { ipv4, ipv4Mask } from '../../src/v1/ipv4.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import { INFINITE, NO_ERROR, PROTO_IP_RIP, RTM_PROTOCOL_FAMILY_IP } from '../../src/v1/constants.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { expect } from 'vitest';

/** What a test says about a route; the rest is as it comes. */
export interface RouteFields {
  readonly via?: string;
  readonly interfaceId?: number;
  readonly metric?: number;
  readonly priority?: number;
  readonly type?: number;
}

/** A route to a network such as `10.0.0.0/8`. */
export function routeTo(network: string, fields: RouteFields = {}): RtmIpRoute {
  const { via = '192.0.2.1', interfaceId = 1, metric = 1, priority = 10, type = 4 } = fields;
  const [address = '', length = ''] = network.split('/');
  const route = new RtmIpRoute();
  route.RR_Network.N_NetNumber = ipv4(address);
  route.RR_Network.N_NetMask = ipv4Mask(Number(length));
  route.RR_InterfaceID = interfaceId;
  route.RR_NextHopAddress.N_NetNumber = ipv4(via);
  route.RR_NextHopAddress.N_NetMask = ipv4Mask(32);
  route.RR_FamilySpecificData.FSD_Type = type;
  route.RR_FamilySpecificData.FSD_Priority = priority;
  route.RR_FamilySpecificData.FSD_Metric = metric;
  return route;
}

/** Registers a client that must be accepted. */
export function register(rtm: Rtm1, protocol = PROTO_IP_RIP, flags = 0): number {
  const client = rtm.RtmRegisterClient(RTM_PROTOCOL_FAMILY_IP, protocol, null, flags);
  expect(client, 'RtmRegisterClient').not.toBe(0);
  return client;
}

/** What a change tells about the best route of its network. */
export interface Change {
  readonly flags: number;
  readonly current: RtmIpRoute;
  readonly previous: RtmIpRoute;
}

/** Adds a route that must be accepted. */
export function add(rtm: Rtm1, client: number, route: RtmIpRoute): Change {
  const flags = Uint32Array.of(0xdead);
  const current = new RtmIpRoute();
  const previous = new RtmIpRoute();
  expect(rtm.RtmAddRoute(client, route, INFINITE, flags, current, previous), 'RtmAddRoute').toBe(NO_ERROR);
  return { flags: flags[0] ?? -1, current, previous };
}

/** Deletes a route that must be there. */
export function remove(rtm: Rtm1, client: number, route: RtmIpRoute): Omit<Change, 'previous'> {
  const flags = Uint32Array.of(0xdead);
  const current = new RtmIpRoute();
  expect(rtm.RtmDeleteRoute(client, route, flags, current), 'RtmDeleteRoute').toBe(NO_ERROR);
  return { flags: flags[0] ?? -1, current };
}

/** The best route to exactly this network, or null. */
export function best(rtm: Rtm1, network: string): RtmIpRoute | null {
  const route = new RtmIpRoute();
  return rtm.RtmIsRoute(RTM_PROTOCOL_FAMILY_IP, routeTo(network).RR_Network, route) ? route : null;
}

/** Every route of an enumeration, and the code it ends with. */
export function enumerate(rtm: Rtm1, flags = 0, criteria: RtmIpRoute | null = null): RtmIpRoute[] {
  const enumeration = rtm.RtmCreateEnumerationHandle(RTM_PROTOCOL_FAMILY_IP, flags, criteria);
  if (enumeration === 0) return [];
  const routes: RtmIpRoute[] = [];
  for (;;) {
    const route = new RtmIpRoute();
    if (rtm.RtmEnumerateGetNextRoute(enumeration, route) !== NO_ERROR) break;
    routes.push(route);
  }
  expect(rtm.RtmCloseEnumerationHandle(enumeration), 'RtmCloseEnumerationHandle').toBe(NO_ERROR);
  return routes;
}

/** All members of a route but its time stamp, to compare. */
export function membersOf(route: RtmIpRoute): readonly number[] {
  return [...route.bytes.subarray(8)];
}
