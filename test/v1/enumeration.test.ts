import { expect, it } from 'vitest';
import {
  ERROR_INVALID_HANDLE,
  ERROR_INVALID_PARAMETER,
  ERROR_NO_MORE_ROUTES,
  ERROR_NO_ROUTES,
  NO_ERROR,
  PROTO_IP_BGP,
  PROTO_IP_OSPF,
  PROTO_IP_RIP,
  RTM_ONLY_BEST_ROUTES,
  RTM_ONLY_THIS_INTERFACE,
  RTM_ONLY_THIS_NETWORK,
  RTM_ONLY_THIS_PROTOCOL,
  RTM_PROTOCOL_FAMILY_IP,
  RTM_PROTOCOL_SINGLE_ROUTE,
} from '../../src/v1/constants.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import { formatIpv4, ipv4 } from '../../src/v1/ipv4.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { describeEveryBackend } from '../support/backend.js';
import { add, enumerate, register, remove, routeTo } from '../support/routes.js';

const IP = RTM_PROTOCOL_FAMILY_IP;

/** Four routes to two networks, by two protocols, over two interfaces. */
function fourRoutes(rtm: Rtm1): { rip: number; ospf: number } {
  const [rip, ospf] = [register(rtm, PROTO_IP_RIP), register(rtm, PROTO_IP_OSPF)];
  add(rtm, rip, routeTo('10.0.0.0/8', { interfaceId: 1, priority: 2 }));
  add(rtm, ospf, routeTo('10.0.0.0/8', { interfaceId: 2, priority: 1 }));
  add(rtm, rip, routeTo('172.16.0.0/12', { interfaceId: 2, priority: 2 }));
  add(rtm, ospf, routeTo('172.16.0.0/12', { interfaceId: 1, priority: 3 }));
  return { rip, ospf };
}

/** A route as `network protocol interface`. */
function brief(route: RtmIpRoute): string {
  return `${formatIpv4(route.RR_Network.N_NetNumber)} ${route.RR_RoutingProtocol} ${route.RR_InterfaceID}`;
}

const TEN_RIP = `10.0.0.0 ${PROTO_IP_RIP} 1`;
const TEN_OSPF = `10.0.0.0 ${PROTO_IP_OSPF} 2`;
const PRIVATE_RIP = `172.16.0.0 ${PROTO_IP_RIP} 2`;
const PRIVATE_OSPF = `172.16.0.0 ${PROTO_IP_OSPF} 1`;

function criteria(): RtmIpRoute {
  const route = routeTo('10.0.0.0/8', { interfaceId: 2, via: '203.0.113.9', metric: 99 });
  route.RR_RoutingProtocol = PROTO_IP_RIP;
  return route;
}

describeEveryBackend(({ open }) => {
  it.each([
    ['no flags', 0, [TEN_RIP, TEN_OSPF, PRIVATE_RIP, PRIVATE_OSPF]],
    ['a network', RTM_ONLY_THIS_NETWORK, [TEN_RIP, TEN_OSPF]],
    ['an interface', RTM_ONLY_THIS_INTERFACE, [TEN_OSPF, PRIVATE_RIP]],
    ['a protocol', RTM_ONLY_THIS_PROTOCOL, [TEN_RIP, PRIVATE_RIP]],
    ['network and protocol', RTM_ONLY_THIS_NETWORK | RTM_ONLY_THIS_PROTOCOL, [TEN_RIP]],
    ['interface and protocol', RTM_ONLY_THIS_INTERFACE | RTM_ONLY_THIS_PROTOCOL, [PRIVATE_RIP]],
    ['best routes', RTM_ONLY_BEST_ROUTES, [TEN_OSPF, PRIVATE_RIP]],
    ['best routes of a protocol', RTM_ONLY_BEST_ROUTES | RTM_ONLY_THIS_PROTOCOL, [PRIVATE_RIP]],
    ['best routes over an interface', RTM_ONLY_BEST_ROUTES | RTM_ONLY_THIS_INTERFACE, [TEN_OSPF, PRIVATE_RIP]],
    ['the best route of a network', RTM_ONLY_BEST_ROUTES | RTM_ONLY_THIS_NETWORK, [TEN_OSPF]],
  ])('tells each route once: %s', (_what, flags, expected) => {
    const rtm = open();
    fourRoutes(rtm);
    expect(enumerate(rtm, flags, criteria()).map(brief).sort()).toEqual([...expected].sort());
    expect(rtm.leftBehind().handles, 'one next hop for each client and interface').toBe(4);
  });

  it.each([
    ['nothing at all', 0, null],
    ['another network', RTM_ONLY_THIS_NETWORK, routeTo('192.168.0.0/16')],
    ['the same network with another mask', RTM_ONLY_THIS_NETWORK, routeTo('10.0.0.0/16')],
    ['all criteria together', 7, criteria()],
    ['best routes of a protocol that has none', RTM_ONLY_BEST_ROUTES | RTM_ONLY_THIS_PROTOCOL, criteria()],
  ])('gives no handle but ERROR_NO_ROUTES where nothing matches: %s', (what, flags, route) => {
    const rtm = open();
    if (what !== 'nothing at all') add(rtm, register(rtm, PROTO_IP_BGP), routeTo('10.0.0.0/8'));
    expect(rtm.RtmCreateEnumerationHandle(IP, flags, route)).toBe(0);
    expect(rtm.GetLastError()).toBe(ERROR_NO_ROUTES);
  });

  it('matches nothing with a network that no table can hold', () => {
    const rtm = open();
    fourRoutes(rtm);
    const route = criteria();
    route.RR_Network.N_NetNumber = ipv4('10.0.0.1');
    expect(rtm.RtmCreateEnumerationHandle(IP, RTM_ONLY_THIS_NETWORK, route)).toBe(0);
    expect(rtm.GetLastError()).toBe(ERROR_NO_ROUTES);
  });

  it.each([
    ['an unknown family', 2, 0, null],
    ['an unknown flag', IP, 16, null],
    ['NULL where a flag refers to the criteria', IP, RTM_ONLY_THIS_PROTOCOL, null],
    ['criteria that are too short', IP, RTM_ONLY_BEST_ROUTES, new Uint8Array(91)],
  ])('refuses %s', (_what, family, flags, route) => {
    const rtm = open();
    fourRoutes(rtm);
    expect(rtm.RtmCreateEnumerationHandle(family, flags, route)).toBe(0);
    expect(rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
  });

  it('needs no criteria for best routes', () => {
    const rtm = open();
    fourRoutes(rtm);
    expect(enumerate(rtm, RTM_ONLY_BEST_ROUTES, null)).toHaveLength(2);
  });

  it('ends with ERROR_NO_MORE_ROUTES, again and again, and touches nothing', () => {
    const rtm = open();
    add(rtm, register(rtm), routeTo('10.0.0.0/8'));
    const enumeration = rtm.RtmCreateEnumerationHandle(IP, 0, null);
    const route = new RtmIpRoute();
    expect(rtm.RtmEnumerateGetNextRoute(enumeration, route)).toBe(NO_ERROR);
    route.RR_InterfaceID = 77;
    expect(rtm.RtmEnumerateGetNextRoute(enumeration, route)).toBe(ERROR_NO_MORE_ROUTES);
    expect(rtm.RtmEnumerateGetNextRoute(enumeration, route)).toBe(ERROR_NO_MORE_ROUTES);
    expect(route.RR_InterfaceID).toBe(77);
    expect(rtm.RtmCloseEnumerationHandle(enumeration)).toBe(NO_ERROR);
    expect(rtm.RtmCloseEnumerationHandle(enumeration)).toBe(ERROR_INVALID_HANDLE);
    expect(rtm.RtmEnumerateGetNextRoute(enumeration, route)).toBe(ERROR_INVALID_HANDLE);
  });

  it('does not take a client handle for an enumeration, nor the other way round', () => {
    const rtm = open();
    const client = register(rtm);
    add(rtm, client, routeTo('10.0.0.0/8'));
    const enumeration = rtm.RtmCreateEnumerationHandle(IP, 0, null);
    expect(rtm.RtmCloseEnumerationHandle(client)).toBe(ERROR_INVALID_HANDLE);
    expect(rtm.RtmEnumerateGetNextRoute(client, new RtmIpRoute())).toBe(ERROR_INVALID_HANDLE);
    expect(rtm.RtmDeregisterClient(enumeration)).toBe(ERROR_INVALID_HANDLE);
  });

  it('tells routes as they are when they are told', () => {
    const rtm = open();
    const client = register(rtm);
    add(rtm, client, routeTo('10.0.0.0/8', { metric: 1 }));
    const enumeration = rtm.RtmCreateEnumerationHandle(IP, 0, null);
    add(rtm, client, routeTo('10.0.0.0/8', { metric: 2 }));
    const route = new RtmIpRoute();
    expect(rtm.RtmEnumerateGetNextRoute(enumeration, route)).toBe(NO_ERROR);
    expect(route.RR_FamilySpecificData.FSD_Metric).toBe(2);
  });

  it('does not tell routes that came after it was made, and passes over those that have gone', () => {
    const rtm = open();
    const client = register(rtm);
    for (let index = 0; index < 200; index += 1) add(rtm, client, routeTo(`10.${index}.0.0/16`));
    const enumeration = rtm.RtmCreateEnumerationHandle(IP, 0, null);
    for (let index = 0; index < 200; index += 2) remove(rtm, client, routeTo(`10.${index}.0.0/16`));
    for (let index = 0; index < 200; index += 1) add(rtm, client, routeTo(`172.16.${index}.0/24`));
    const told: string[] = [];
    const route = new RtmIpRoute();
    while (rtm.RtmEnumerateGetNextRoute(enumeration, route) === NO_ERROR) {
      told.push(formatIpv4(route.RR_Network.N_NetNumber));
    }
    expect(told).toHaveLength(100);
    expect(told.every((network) => /^10\.\d*[13579]\.0\.0$/.test(network))).toBe(true);
  });

  it('tells a route that has gone and come again, once, as it is now', () => {
    const rtm = open();
    const [rip, ospf] = [register(rtm, PROTO_IP_RIP), register(rtm, PROTO_IP_OSPF)];
    add(rtm, rip, routeTo('10.0.0.0/8', { metric: 1 }));
    const enumeration = rtm.RtmCreateEnumerationHandle(IP, 0, null);
    remove(rtm, rip, routeTo('10.0.0.0/8'));
    add(rtm, ospf, routeTo('10.0.0.0/8', { metric: 8 }));
    add(rtm, rip, routeTo('10.0.0.0/8', { interfaceId: 9, metric: 9 }));
    add(rtm, rip, routeTo('10.0.0.0/8', { metric: 7 }));
    const route = new RtmIpRoute();
    expect(rtm.RtmEnumerateGetNextRoute(enumeration, route)).toBe(NO_ERROR);
    expect([route.RR_RoutingProtocol, route.RR_FamilySpecificData.FSD_Metric]).toEqual([PROTO_IP_RIP, 7]);
    expect(rtm.RtmEnumerateGetNextRoute(enumeration, route)).toBe(ERROR_NO_MORE_ROUTES);
  });

  it('tells a single-route client\'s route that has come again over another next hop', () => {
    const rtm = open();
    const client = register(rtm, PROTO_IP_RIP, RTM_PROTOCOL_SINGLE_ROUTE);
    add(rtm, client, routeTo('10.0.0.0/8'));
    const enumeration = rtm.RtmCreateEnumerationHandle(IP, 0, null);
    remove(rtm, client, routeTo('10.0.0.0/8'));
    add(rtm, client, routeTo('10.0.0.0/8', { interfaceId: 5 }));
    const route = new RtmIpRoute();
    expect(rtm.RtmEnumerateGetNextRoute(enumeration, route)).toBe(NO_ERROR);
    expect(route.RR_InterfaceID).toBe(5);
  });

  it('outlives the clients whose routes it tells', () => {
    const rtm = open();
    const { rip } = fourRoutes(rtm);
    const enumeration = rtm.RtmCreateEnumerationHandle(IP, 0, null);
    expect(rtm.RtmDeregisterClient(rip)).toBe(NO_ERROR);
    const route = new RtmIpRoute();
    const told: string[] = [];
    while (rtm.RtmEnumerateGetNextRoute(enumeration, route) === NO_ERROR) told.push(brief(route));
    expect(told.sort()).toEqual([TEN_OSPF, PRIVATE_OSPF].sort());
    expect(rtm.RtmCloseEnumerationHandle(enumeration)).toBe(NO_ERROR);
  });

  it('holds handles only while it is open', () => {
    const rtm = open();
    const client = register(rtm);
    for (let index = 0; index < 150; index += 1) add(rtm, client, routeTo(`10.${index}.0.0/16`));
    const enumeration = rtm.RtmCreateEnumerationHandle(IP, 0, null);
    expect(rtm.leftBehind().handles).toBe(1 + 150);
    const route = new RtmIpRoute();
    for (let index = 0; index < 100; index += 1) rtm.RtmEnumerateGetNextRoute(enumeration, route);
    expect(rtm.RtmCloseEnumerationHandle(enumeration)).toBe(NO_ERROR);
    expect(rtm.leftBehind().handles).toBe(1);
  });

  it('lets many enumerations run side by side', () => {
    const rtm = open();
    fourRoutes(rtm);
    const enumerations = Array.from({ length: 50 }, () => rtm.RtmCreateEnumerationHandle(IP, 0, null));
    const route = new RtmIpRoute();
    for (let turn = 0; turn < 4; turn += 1) {
      for (const enumeration of enumerations) expect(rtm.RtmEnumerateGetNextRoute(enumeration, route)).toBe(NO_ERROR);
    }
    for (const enumeration of enumerations) expect(rtm.RtmCloseEnumerationHandle(enumeration)).toBe(NO_ERROR);
  });
});
