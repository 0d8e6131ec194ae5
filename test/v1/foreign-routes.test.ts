import koffi from 'koffi';
import { expect, it } from 'vitest';
import {
  ERROR_NO_ROUTES,
  NO_ERROR,
  PROTO_IP_BGP,
  PROTO_IP_RIP,
  RTM_NO_CHANGE,
  RTM_ONLY_THIS_INTERFACE,
  RTM_ONLY_THIS_PROTOCOL,
  RTM_PROTOCOL_FAMILY_IP,
  RTM_PROTOCOL_FAMILY_IPX,
  RTM_ROUTE_CHANGED,
} from '../../src/v1/constants.js';
import { constant } from '../../src/win32/constants.js';
import { EventObject } from '../../src/win32/event-object.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import { ipv4 } from '../../src/v1/ipv4.js';
import { RtmIpxRoute } from '../../src/v1/ipx-route.js';
import { swapOctets } from '../../src/translate/ip-network.js';
import { ROUTE_INFO } from '../../src/v2/structures.js';
import { wrapCalls } from '../../src/v2/calls.js';
import type { Handle } from '../../src/v2/memory.js';
import type { V2Library } from '../../src/v2/library.js';
import { type Backend, describeEveryBackend } from '../support/backend.js';
import { addTo, bestOf, deleteFrom, IP, IPX, listOf, members, registerIn, walkOf } from '../support/families.js';
import { NativeEntity } from '../support/native-entity.js';
import { add, best, enumerate, membersOf, register, remove, routeTo } from '../support/routes.js';

const AF_IPX = constant('AF_IPX');
const LOCAL = constant('RTM_ROUTE_FLAGS_LOCAL');
const MCAST = constant('RTM_VIEW_MASK_MCAST');

/** A network as RTMv2 names it. */
function prefix(network: string): { address: number; length: number } {
  const [address = '', length = ''] = network.split('/');
  return { address: ipv4(address), length: Number(length) };
}

/** A route of RIP to 10/8, as criteria. */
function criteriaOfRip(): RtmIpRoute {
  const route = routeTo('10.0.0.0/8');
  route.RR_RoutingProtocol = PROTO_IP_RIP;
  return route;
}

describeEveryBackend(({ library, open, openOn }: Backend) => {
  it('shows the route of a native entity as far as RTMv2 knows it', () => {
    const rtm = open();
    const native = new NativeEntity(library(), PROTO_IP_BGP);
    native.addNextHop(ipv4('198.51.100.1'), 42);
    native.add({ ...prefix('10.0.0.0/8'), preference: 20, metric: 30, flags: LOCAL });
    const expected = routeTo('10.0.0.0/8', {
      via: '198.51.100.1',
      interfaceId: 42,
      priority: 20,
      metric: 30,
      type: 3,
    });
    expected.RR_RoutingProtocol = PROTO_IP_BGP;
    const shown = best(rtm, '10.0.0.0/8');
    expect(shown && membersOf(shown)).toEqual(membersOf(expected));
    expect(rtm.RtmGetRouteAge(shown ?? expected)).toBeLessThan(60);
    expect(enumerate(rtm).map(membersOf)).toEqual([membersOf(expected)]);
    native.leave();
    expect(best(rtm, '10.0.0.0/8')).toBeNull();
  });

  it.each([0, 1, 0x80, 0xff])('shows Flags1 of a native entity as FSD_Flags: %i', (flags1) => {
    const rtm = open();
    const listener = rtm.RtmRegisterClient(RTM_PROTOCOL_FAMILY_IP, PROTO_IP_RIP, new EventObject(), 0);
    const native = new NativeEntity(library(), PROTO_IP_BGP);
    native.add({ ...prefix('10.0.0.0/8'), flags1, hasNextHop: false });
    expect(best(rtm, '10.0.0.0/8')?.RR_FamilySpecificData.FSD_Flags).toBe(flags1);
    expect(enumerate(rtm).map((route) => route.RR_FamilySpecificData.FSD_Flags)).toEqual([flags1]);
    const [flags, current] = [new Uint32Array(1), new RtmIpRoute()];
    expect(rtm.RtmDequeueRouteChangeMessage(listener, flags, current, null)).toBe(NO_ERROR);
    expect(current.RR_FamilySpecificData.FSD_Flags).toBe(flags1);
    native.add({ ...prefix('10.0.0.0/8'), flags1: flags1 ^ 1, hasNextHop: false });
    expect(rtm.RtmDequeueRouteChangeMessage(listener, flags, current, null), 'a significant change').toBe(NO_ERROR);
    expect([flags[0], current.RR_FamilySpecificData.FSD_Flags]).toEqual([RTM_ROUTE_CHANGED, flags1 ^ 1]);
    native.leave();
  });

  it('shows Flags1 of a native entity as FSD_Flags of an IPX route', () => {
    const rtm = open();
    const native = new NativeEntity(library(), PROTO_IP_BGP, AF_IPX);
    native.add({ address: swapOctets(0x1a2b), length: 32, flags1: 1, hasNextHop: false });
    const network = new RtmIpxRoute();
    network.RR_Network.N_NetNumber = 0x1a2b;
    const shown = new RtmIpxRoute();
    expect(rtm.RtmIsRoute(RTM_PROTOCOL_FAMILY_IPX, network.RR_Network, shown)).toBe(true);
    expect(shown.RR_FamilySpecificData.FSD_Flags).toBe(1);
    native.leave();
  });

  it('shows a route without next hop over 0.0.0.0/0, interface 0', () => {
    const rtm = open();
    const native = new NativeEntity(library(), PROTO_IP_BGP);
    native.add({ ...prefix('10.0.0.0/8'), hasNextHop: false });
    const shown = best(rtm, '10.0.0.0/8');
    expect([...(shown?.RR_NextHopAddress.bytes ?? [])]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(shown?.RR_FamilySpecificData.FSD_Type).toBe(1);
    native.leave();
  });

  it('does not show routes of the multicast view', () => {
    const rtm = open();
    const native = new NativeEntity(library(), PROTO_IP_BGP);
    native.add({ ...prefix('10.0.0.0/8'), views: MCAST, hasNextHop: false });
    expect(best(rtm, '10.0.0.0/8')).toBeNull();
    expect(enumerate(rtm)).toEqual([]);
    expect(rtm.RtmGetNetworkCount(RTM_PROTOCOL_FAMILY_IP)).toBe(0);
    native.leave();
  });

  it('competes with native entities for the best route', () => {
    const rtm = open();
    const client = register(rtm);
    const native = new NativeEntity(library(), PROTO_IP_BGP);
    native.addNextHop(ipv4('198.51.100.1'), 42);
    native.add({ ...prefix('10.0.0.0/8'), preference: 20 });
    expect(add(rtm, client, routeTo('10.0.0.0/8', { priority: 21 })).flags).toBe(RTM_NO_CHANGE);
    const change = add(rtm, client, routeTo('10.0.0.0/8', { priority: 19 }));
    expect([change.flags, change.previous.RR_RoutingProtocol]).toEqual([RTM_ROUTE_CHANGED, PROTO_IP_BGP]);
    const removal = remove(rtm, client, routeTo('10.0.0.0/8'));
    expect([removal.flags, removal.current.RR_InterfaceID]).toEqual([RTM_ROUTE_CHANGED, 42]);
    native.leave();
  });

  it('does not take a native entity of a protocol for its v1 client', () => {
    const rtm = open();
    const native = new NativeEntity(library(), PROTO_IP_RIP);
    native.add({ ...prefix('10.0.0.0/8'), hasNextHop: false });
    const client = register(rtm, PROTO_IP_RIP);
    add(rtm, client, routeTo('172.16.0.0/12'));
    expect(rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
    expect(best(rtm, '10.0.0.0/8')?.RR_RoutingProtocol).toBe(PROTO_IP_RIP);
    native.leave();
  });

  it('enumerates native routes by protocol and by interface', () => {
    const rtm = open();
    const native = new NativeEntity(library(), PROTO_IP_BGP);
    native.addNextHop(ipv4('198.51.100.1'), 42);
    native.add(prefix('10.0.0.0/8'));
    add(rtm, register(rtm), routeTo('10.0.0.0/8', { interfaceId: 42 }));
    const criteria = routeTo('10.0.0.0/8', { interfaceId: 42 });
    criteria.RR_RoutingProtocol = PROTO_IP_BGP;
    expect(enumerate(rtm, RTM_ONLY_THIS_PROTOCOL, criteria)).toHaveLength(1);
    expect(enumerate(rtm, RTM_ONLY_THIS_INTERFACE, criteria)).toHaveLength(2);
    native.leave();
  });

  it('tells an identity that several native routes have once in table order, as the best of them', () => {
    const rtm = open();
    const natives = [1, 2, 3].map((protocolInstance) => new NativeEntity(library(), PROTO_IP_BGP, undefined, protocolInstance));
    for (const [index, native] of natives.entries()) {
      native.addNextHop(ipv4('198.51.100.1'), 42);
      native.add({ ...prefix('10.0.0.0/8'), preference: 9 - index });
    }
    const client = register(rtm, PROTO_IP_RIP);
    add(rtm, client, routeTo('10.0.0.0/8', { priority: 1 }));
    add(rtm, client, routeTo('11.0.0.0/8', { priority: 2 }));
    expect(enumerate(rtm)).toHaveLength(5);
    const { routes } = walkOf(IP, rtm);
    expect(routes.map((route) => route.RR_RoutingProtocol)).toEqual([PROTO_IP_RIP, PROTO_IP_BGP, PROTO_IP_RIP]);
    expect(new RtmIpRoute(routes[1]?.bytes).RR_FamilySpecificData.FSD_Priority).toBe(7);
    for (const native of natives) native.leave();
  });

  it('looks up the destinations of native routes, too', () => {
    const rtm = open();
    const native = new NativeEntity(library(), PROTO_IP_BGP);
    native.addNextHop(ipv4('198.51.100.1'), 42);
    native.add(prefix('10.1.0.0/16'));
    native.add({ ...prefix('10.1.2.0/24'), views: MCAST });
    add(rtm, register(rtm), routeTo('10.0.0.0/8'));
    const found = new RtmIpRoute();
    expect(rtm.RtmLookupIPDestination(ipv4('10.1.2.3'), found)).toBe(true);
    expect(found.RR_InterfaceID, 'not the multicast route, whose prefix is longer').toBe(42);
    expect(found.RR_RoutingProtocol).toBe(PROTO_IP_BGP);
    native.leave();
  });

  it('leaves the routes of native entities alone when it deletes a client\'s', () => {
    const rtm = open();
    const native = new NativeEntity(library(), PROTO_IP_RIP);
    native.add({ ...prefix('10.0.0.0/8'), hasNextHop: false });
    const client = register(rtm, PROTO_IP_RIP);
    add(rtm, client, routeTo('10.0.0.0/8'));
    expect(rtm.RtmBlockDeleteRoutes(client, 7, criteriaOfRip())).toBe(NO_ERROR);
    expect(rtm.RtmBlockDeleteRoutes(client, 0, null)).toBe(ERROR_NO_ROUTES);
    expect(best(rtm, '10.0.0.0/8')?.RR_RoutingProtocol).toBe(PROTO_IP_RIP);
    native.leave();
  });

  it('shows and meets native routes of IPX', () => {
    const rtm = open();
    const client = registerIn(IPX, rtm);
    const native = new NativeEntity(library(), PROTO_IP_BGP, AF_IPX);
    native.addNextHop(0x0605_0403_0201, 42);
    const expected = new RtmIpxRoute();
    expected.RR_RoutingProtocol = PROTO_IP_BGP;
    expected.RR_InterfaceID = 42;
    expected.RR_Network.N_NetNumber = IPX.route(1).RR_Network.N_NetNumber;
    expected.RR_NextHopAddress.NHA_Mac.set([1, 2, 3, 4, 5, 6]);
    expected.RR_FamilySpecificData.FSD_TickCount = 8;
    expected.RR_FamilySpecificData.FSD_HopCount = 9;
    const address = swapOctets(expected.RR_Network.N_NetNumber);
    native.add({ address, length: 32, preference: 8, metric: 9, flags: LOCAL });
    expect(listOf(IPX, rtm).map(members)).toEqual([members(expected)]);
    expect(addTo(IPX, rtm, client, IPX.route(1, { rank: 8, metric: 10 })).flags).toBe(RTM_NO_CHANGE);
    const change = addTo(IPX, rtm, client, IPX.route(1, { rank: 8, metric: 8 }));
    expect([change.flags, members(change.previous)]).toEqual([RTM_ROUTE_CHANGED, members(expected)]);
    deleteFrom(IPX, rtm, client, IPX.route(1));
    expect(bestOf(IPX, rtm, 1)?.RR_RoutingProtocol).toBe(PROTO_IP_BGP);
    native.leave();
  });

  it('knows its own routes by the id of their owner where they do not name its registration', () => {
    const rtm = openOn(withOtherOwnerHandles(library()));
    const client = register(rtm);
    add(rtm, client, routeTo('10.0.0.0/8', { metric: 5, type: 99 }));
    const change = add(rtm, client, routeTo('10.0.0.0/8', { metric: 6, type: 99 }));
    expect([change.flags, change.previous.RR_FamilySpecificData.FSD_Metric]).toEqual([RTM_ROUTE_CHANGED, 5]);
    expect(best(rtm, '10.0.0.0/8')?.RR_FamilySpecificData.FSD_Type, 'only the record knows this').toBe(99);
    expect(rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
  });
});

/**
 * The same library, but routes name their owners by other handles than those that registration gave. No page says that
 * they are the same.
 */
function withOtherOwnerHandles(library: V2Library): V2Library {
  const MARK = 0x1000;
  const highWordOfOwner = (info: Handle): bigint => BigInt(info) + BigInt(ROUTE_INFO.RouteOwner + 4);
  const ownerAt = (info: Handle): Handle => koffi.decode(BigInt(info) + BigInt(ROUTE_INFO.RouteOwner), 'uint64_t') as Handle;
  const toggle = (info: Handle): void => {
    const at = highWordOfOwner(info);
    koffi.encode(at, 'uint32_t', (koffi.decode.uint32(at) ^ MARK) >>> 0);
  };
  /** The handles that owners are named by, and those that they have. */
  const realOnes = new Map<bigint, bigint>();
  const calls = wrapCalls(library.calls, (name, call) => (...parameters) => {
    const [registration = 0, second = 0, third = 0] = parameters;
    if (name === 'RtmGetRouteInfo') {
      const code = call(...parameters);
      if (code !== 0) return code;
      const real = BigInt(ownerAt(third));
      toggle(third);
      realOnes.set(BigInt(ownerAt(third)), real);
      return code;
    }
    if (name === 'RtmReleaseRouteInfo') {
      if (realOnes.has(BigInt(ownerAt(second)))) toggle(second);
      return call(...parameters);
    }
    if (name === 'RtmGetEntityInfo') return call(registration, realOnes.get(BigInt(second)) ?? second, third);
    return call(...parameters);
  });
  return { ...library, calls, path: `${library.path} with other owner handles` };
}
