import { describe, expect, it } from 'vitest';
import {
  INFINITE,
  IPX_GLOBAL_CLIENT_WAN_ROUTE,
  IPX_PROTOCOL_RIP,
  IPX_PROTOCOL_SAP,
  NO_ERROR,
  PROTO_IP_RIP,
  RTM_NO_CHANGE,
  RTM_PROTOCOL_FAMILY_IPX,
  RTM_ROUTE_CHANGED,
} from '../../src/v1/constants.js';
import { IpxNetwork, RtmIpxRoute } from '../../src/v1/ipx-route.js';
import { ClearRouteFlags, IsRouteLoopback, IsRouteNonUnicast, IsRouteValid, SetRouteValid } from '../../src/v1/macros.js';
import { describeEveryBackend } from '../support/backend.js';
import { addTo, bestOf, IPX, listOf, members, registerIn } from '../support/families.js';

describeEveryBackend(({ open }) => {
  it('ranks by ticks first and by hops then, the lower the better', () => {
    const rtm = open();
    const client = registerIn(IPX, rtm);
    const ranks = [[9, 9], [9, 8], [8, 15], [8, 15], [0, 0xffff], [0, 0]] as const;
    const winners = ranks.map(([rank, metric], index) => {
      const { flags } = addTo(IPX, rtm, client, IPX.route(1, { interfaceId: index, rank, metric }));
      return [flags === RTM_NO_CHANGE ? 'no' : 'yes', bestOf(IPX, rtm, 1)?.RR_InterfaceID];
    });
    expect(winners).toEqual([['yes', 0], ['yes', 1], ['yes', 2], ['no', 2], ['yes', 4], ['yes', 5]]);
  });

  it('takes every USHORT for ticks and hops', () => {
    const rtm = open();
    const client = registerIn(IPX, rtm);
    const worst = IPX.route(1, { rank: 0xffff, metric: 0xffff });
    addTo(IPX, rtm, client, worst);
    expect(addTo(IPX, rtm, client, IPX.route(1, { interfaceId: 2, rank: 0xffff, metric: 0x8000 })).flags).toBe(RTM_ROUTE_CHANGED);
    expect(addTo(IPX, rtm, client, IPX.route(1, { interfaceId: 3, rank: 0x8000, metric: 0xffff })).flags).toBe(RTM_ROUTE_CHANGED);
  });

  it('leaves the ticks of protocols alone that the administrator has ranked', () => {
    const rtm = open({ priorities: { [PROTO_IP_RIP]: 120 } });
    addTo(IPX, rtm, registerIn(IPX, rtm, PROTO_IP_RIP), IPX.route(1, { rank: 5, metric: 6 }));
    const { FSD_HopCount, FSD_TickCount } = (bestOf(IPX, rtm, 1) as RtmIpxRoute).RR_FamilySpecificData;
    expect([FSD_TickCount, FSD_HopCount]).toEqual([5, 6]);
  });

  it('stores the padding behind a next hop without making it part of the identity, or significant', () => {
    const rtm = open();
    const client = registerIn(IPX, rtm);
    const route = IPX.route(1);
    addTo(IPX, rtm, client, route);
    route.bytes.set([0xab, 0xcd], 42);
    expect(addTo(IPX, rtm, client, route).flags).toBe(RTM_NO_CHANGE);
    expect([...(bestOf(IPX, rtm, 1)?.bytes.subarray(42, 44) ?? [])]).toEqual([0xab, 0xcd]);
    expect(rtm.leftBehind()).toMatchObject({ routes: 1, nextHops: 1 });
    expect(rtm.RtmDeleteRoute(client, IPX.route(1), new Uint32Array(1), null)).toBe(NO_ERROR);
  });

  it.each([0, 1, 2, 3, 4, 5])('tells next hops apart by octet %d of their address', (octet) => {
    const rtm = open();
    const client = registerIn(IPX, rtm);
    for (let value = 0; value < 256; value += 17) {
      const route = IPX.route(1) as RtmIpxRoute;
      route.RR_NextHopAddress.NHA_Mac[octet] = value;
      addTo(IPX, rtm, client, route);
    }
    expect(rtm.leftBehind()).toMatchObject({ routes: 16, nextHops: 16, destinations: 1 });
    const told = listOf(IPX, rtm).map((route) => route.RR_NextHopAddress.bytes[octet]);
    expect(told.sort((one = 0, other = 0) => one - other)).toEqual(Array.from({ length: 16 }, (_, index) => index * 17));
  });

  it.each([0, 1, 0x0a000000, 0x7fffffff, 0x80000000, 0xffffffff])('takes the network %d', (number) => {
    const rtm = open();
    const client = registerIn(IPX, rtm, IPX_PROTOCOL_RIP);
    const network = new IpxNetwork();
    network.N_NetNumber = number;
    const route = IPX.route(1) as RtmIpxRoute;
    route.RR_Network.N_NetNumber = number;
    route.RR_FamilySpecificData.FSD_Flags = IPX_GLOBAL_CLIENT_WAN_ROUTE;
    addTo(IPX, rtm, client, route);
    const found = new RtmIpxRoute();
    expect(rtm.RtmIsRoute(RTM_PROTOCOL_FAMILY_IPX, network, found)).toBe(true);
    route.RR_RoutingProtocol = IPX_PROTOCOL_RIP;
    expect(members(found)).toBe(members(route));
    network.N_NetNumber ^= 1;
    expect(rtm.RtmIsRoute(RTM_PROTOCOL_FAMILY_IPX, network, null)).toBe(false);
    expect(rtm.GetLastError()).toBe(NO_ERROR);
  });

  it('lets protocols compete for a network', () => {
    const rtm = open();
    const [rip, sap] = [registerIn(IPX, rtm, IPX_PROTOCOL_RIP), registerIn(IPX, rtm, IPX_PROTOCOL_SAP)];
    addTo(IPX, rtm, rip, IPX.route(1, { rank: 3 }));
    const change = addTo(IPX, rtm, sap, IPX.route(1, { rank: 2 }));
    expect(change.flags).toBe(RTM_ROUTE_CHANGED);
    expect([change.previous.RR_RoutingProtocol, change.current.RR_RoutingProtocol]).toEqual([IPX_PROTOCOL_RIP, IPX_PROTOCOL_SAP]);
    expect(rtm.RtmDeregisterClient(sap)).toBe(NO_ERROR);
    expect(bestOf(IPX, rtm, 1)?.RR_RoutingProtocol).toBe(IPX_PROTOCOL_RIP);
  });

  it('tells the age of a route', () => {
    let now = Date.UTC(2003, 3, 24);
    const rtm = open({ clock: () => now });
    const { current } = addTo(IPX, rtm, registerIn(IPX, rtm), IPX.route(1));
    now += 61_500;
    expect(rtm.RtmGetRouteAge(current)).toBe(61);
    expect(rtm.RtmGetRouteAge(current.bytes)).toBe(61);
    expect(rtm.RtmGetRouteAge(current.bytes.slice(0, 51))).toBe(INFINITE);
  });
});

describe('the macros of Rtm.h, which are for IP', () => {
  it('do nothing with a route of IPX', () => {
    const route = IPX.route(1) as RtmIpxRoute;
    route.bytes.fill(0xff);
    const before = members(route);
    ClearRouteFlags(route);
    SetRouteValid(route);
    expect(members(route)).toBe(before);
    expect([IsRouteValid(route), IsRouteNonUnicast(route), IsRouteLoopback(route)]).toEqual([false, false, false]);
  });
});
