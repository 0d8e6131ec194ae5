import { expect, it } from 'vitest';
import {
  ERROR_INVALID_HANDLE,
  ERROR_INVALID_PARAMETER,
  ERROR_NO_SYSTEM_RESOURCES,
  INFINITE,
  NO_ERROR,
  PROTO_IP_OSPF,
  PROTO_IP_RIP,
  RTM_NO_CHANGE,
  RTM_PROTOCOL_SINGLE_ROUTE,
  RTM_ROUTE_ADDED,
  RTM_ROUTE_CHANGED,
} from '../../src/v1/constants.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import { ipv4, ipv4Mask } from '../../src/v1/ipv4.js';
import { describeEveryBackend } from '../support/backend.js';
import { detached } from '../support/hostile-values.js';
import { add, best, enumerate, membersOf, register, routeTo } from '../support/routes.js';

const MARK = 0xabadcafe;

function marked(): RtmIpRoute {
  const route = new RtmIpRoute();
  route.RR_InterfaceID = MARK;
  return route;
}

function detachedRoute(): RtmIpRoute {
  const bytes = new Uint8Array(92);
  const route = new RtmIpRoute(bytes);
  detached(bytes);
  return route;
}

describeEveryBackend(({ open }) => {
  it('says RTM_ROUTE_ADDED for the first route of a network, and fills in the current one', () => {
    const rtm = open();
    const client = register(rtm);
    const route = routeTo('10.0.0.0/8', { via: '192.0.2.7', interfaceId: 7, metric: 3 });
    const [current, previous] = [marked(), marked()];
    const flags = new Uint32Array(1);
    expect(rtm.RtmAddRoute(client, route, INFINITE, flags, current, previous)).toBe(NO_ERROR);
    expect(flags[0]).toBe(RTM_ROUTE_ADDED);
    route.RR_RoutingProtocol = PROTO_IP_RIP;
    expect(membersOf(current)).toEqual(membersOf(route));
    expect(previous.RR_InterfaceID, 'previous is left alone').toBe(MARK);
  });

  it('keeps every member of the structure', () => {
    const rtm = open();
    const client = register(rtm);
    const route = routeTo('172.16.0.0/12');
    route.bytes.forEach((_byte, index, bytes) => {
      // Everything but stamp, protocol and network: those are not the caller's, or must make sense.
      if (index >= 12 && (index < 32 || index >= 40)) bytes[index] = index * 7;
    });
    add(rtm, client, route);
    route.RR_RoutingProtocol = PROTO_IP_RIP;
    const stored = best(rtm, '172.16.0.0/12');
    expect(stored && membersOf(stored)).toEqual(membersOf(route));
  });

  it('gives routes the protocol of the client, whatever the structure says', () => {
    const rtm = open();
    const client = register(rtm, PROTO_IP_OSPF);
    const route = routeTo('10.0.0.0/8');
    route.RR_RoutingProtocol = PROTO_IP_RIP;
    expect(add(rtm, client, route).current.RR_RoutingProtocol).toBe(PROTO_IP_OSPF);
  });

  it('says RTM_NO_CHANGE for a route that is not the best, and fills in nothing', () => {
    const rtm = open();
    const client = register(rtm);
    add(rtm, client, routeTo('10.0.0.0/8', { metric: 1 }));
    const [current, previous] = [marked(), marked()];
    const flags = new Uint32Array(1);
    const worse = routeTo('10.0.0.0/8', { interfaceId: 2, metric: 2 });
    expect(rtm.RtmAddRoute(client, worse, INFINITE, flags, current, previous)).toBe(NO_ERROR);
    expect(flags[0]).toBe(RTM_NO_CHANGE);
    expect([current.RR_InterfaceID, previous.RR_InterfaceID]).toEqual([MARK, MARK]);
    expect(rtm.leftBehind()).toMatchObject({ routes: 2, destinations: 1 });
  });

  it('says RTM_ROUTE_CHANGED when a better route comes, and fills in both', () => {
    const rtm = open();
    const client = register(rtm);
    add(rtm, client, routeTo('10.0.0.0/8', { metric: 5 }));
    const change = add(rtm, client, routeTo('10.0.0.0/8', { interfaceId: 2, metric: 4 }));
    expect(change.flags).toBe(RTM_ROUTE_CHANGED);
    expect([change.current.RR_InterfaceID, change.previous.RR_InterfaceID]).toEqual([2, 1]);
  });

  it('updates the route with the same network, interface and next hop', () => {
    const rtm = open();
    const client = register(rtm);
    add(rtm, client, routeTo('10.0.0.0/8', { metric: 5 }));
    const change = add(rtm, client, routeTo('10.0.0.0/8', { metric: 6 }));
    expect(change.flags).toBe(RTM_ROUTE_CHANGED);
    expect(change.current.RR_FamilySpecificData.FSD_Metric).toBe(6);
    expect(change.previous.RR_FamilySpecificData.FSD_Metric).toBe(5);
    expect(rtm.leftBehind()).toMatchObject({ routes: 1, nextHops: 1 });
  });

  it('says RTM_ROUTE_CHANGED when an update makes the best route worse than another', () => {
    const rtm = open();
    const client = register(rtm);
    add(rtm, client, routeTo('10.0.0.0/8', { metric: 5 }));
    add(rtm, client, routeTo('10.0.0.0/8', { interfaceId: 2, metric: 6 }));
    const change = add(rtm, client, routeTo('10.0.0.0/8', { metric: 7 }));
    expect(change.flags).toBe(RTM_ROUTE_CHANGED);
    expect([change.current.RR_InterfaceID, change.previous.RR_InterfaceID]).toEqual([2, 1]);
  });

  it('updates a route that is not the best without losing its record', () => {
    const rtm = open();
    const client = register(rtm);
    add(rtm, client, routeTo('10.0.0.0/8', { metric: 5 }));
    add(rtm, client, routeTo('10.0.0.0/8', { interfaceId: 2, metric: 9 }));
    const change = add(rtm, client, routeTo('10.0.0.0/8', { interfaceId: 2, metric: 8 }));
    expect(change.flags).toBe(RTM_NO_CHANGE);
    const metrics = enumerate(rtm).map((route) => route.RR_FamilySpecificData.FSD_Metric);
    expect(metrics.sort()).toEqual([5, 8]);
  });

  it.each([
    ['the interface', (route: RtmIpRoute) => (route.RR_InterfaceID = 9)],
    ['the next hop', (route: RtmIpRoute) => (route.RR_NextHopAddress.N_NetNumber = ipv4('192.0.2.9'))],
  ])('takes a route that differs in %s for another one', (_what, differ) => {
    const rtm = open();
    const client = register(rtm);
    const route = routeTo('10.0.0.0/8');
    add(rtm, client, route);
    differ(route);
    expect(add(rtm, client, route).flags).toBe(RTM_NO_CHANGE);
    expect(rtm.leftBehind()).toMatchObject({ routes: 2, nextHops: 2 });
  });

  it('takes a prefix of another length for another network', () => {
    const rtm = open();
    const client = register(rtm);
    add(rtm, client, routeTo('10.0.0.0/8'));
    expect(add(rtm, client, routeTo('10.0.0.0/16')).flags).toBe(RTM_ROUTE_ADDED);
  });

  it('stores the mask of the next hop without making it part of the identity, or significant', () => {
    const rtm = open();
    const client = register(rtm);
    const route = routeTo('10.0.0.0/8');
    add(rtm, client, route);
    route.RR_NextHopAddress.N_NetMask = ipv4Mask(24);
    expect(add(rtm, client, route).flags).toBe(RTM_NO_CHANGE);
    expect(best(rtm, '10.0.0.0/8')?.RR_NextHopAddress.N_NetMask).toBe(ipv4Mask(24));
    expect(rtm.leftBehind().routes).toBe(1);
  });

  it('takes any byte of the family-specific data for significant', () => {
    const rtm = open();
    const client = register(rtm);
    const route = routeTo('10.0.0.0/8');
    for (let index = 48; index < 92; index += 1) {
      route.bytes[index] = (route.bytes[index] ?? 0) ^ 1;
      const { flags } = add(rtm, client, route);
      expect(flags, `byte ${index}`).toBe(index === 48 ? RTM_ROUTE_ADDED : RTM_ROUTE_CHANGED);
    }
  });

  it('takes protocol-specific data for insignificant, and stores it', () => {
    const rtm = open();
    const client = register(rtm);
    const route = routeTo('10.0.0.0/8');
    add(rtm, client, route);
    route.RR_ProtocolSpecificData.PSD_Data.set([1, 2, 3, 4]);
    expect(add(rtm, client, route).flags).toBe(RTM_NO_CHANGE);
    expect([...(best(rtm, '10.0.0.0/8')?.RR_ProtocolSpecificData.PSD_Data ?? [])]).toEqual([1, 2, 3, 4]);
  });

  it('stamps routes with the time of their last update, also of an insignificant one', () => {
    let now = Date.UTC(2003, 3, 24);
    const rtm = open({ clock: () => now });
    const client = register(rtm);
    const route = routeTo('10.0.0.0/8');
    add(rtm, client, route);
    now += 90_000;
    const stored = () => best(rtm, '10.0.0.0/8') ?? new RtmIpRoute();
    expect(rtm.RtmGetRouteAge(stored())).toBe(90);
    add(rtm, client, route);
    expect(rtm.RtmGetRouteAge(stored())).toBe(0);
  });

  it('keeps one route for each network of a single-route client', () => {
    const rtm = open();
    const client = register(rtm, PROTO_IP_RIP, RTM_PROTOCOL_SINGLE_ROUTE);
    add(rtm, client, routeTo('10.0.0.0/8'));
    const change = add(rtm, client, routeTo('10.0.0.0/8', { via: '192.0.2.9', interfaceId: 9, metric: 9 }));
    expect(change.flags).toBe(RTM_ROUTE_CHANGED);
    expect([change.current.RR_InterfaceID, change.previous.RR_InterfaceID]).toEqual([9, 1]);
    expect(rtm.leftBehind()).toMatchObject({ routes: 1, nextHops: 1, handles: 1 });
  });

  it('moves a single-route client\'s route that is not the best to another next hop', () => {
    const rtm = open();
    const client = register(rtm, PROTO_IP_RIP, RTM_PROTOCOL_SINGLE_ROUTE);
    add(rtm, register(rtm, PROTO_IP_OSPF), routeTo('10.0.0.0/8', { priority: 1 }));
    add(rtm, client, routeTo('10.0.0.0/8'));
    expect(add(rtm, client, routeTo('10.0.0.0/8', { interfaceId: 9 })).flags).toBe(RTM_NO_CHANGE);
    expect(enumerate(rtm).map((route) => route.RR_InterfaceID).sort()).toEqual([1, 9]);
    expect(rtm.leftBehind()).toMatchObject({ routes: 2, nextHops: 2 });
  });

  it('overrides the priority of protocols that the administrator has ranked, and of no others', () => {
    const rtm = open({ priorities: { [PROTO_IP_RIP]: 120 } });
    add(rtm, register(rtm, PROTO_IP_RIP), routeTo('10.0.0.0/8', { priority: 1 }));
    const change = add(rtm, register(rtm, PROTO_IP_OSPF), routeTo('10.0.0.0/8', { priority: 110 }));
    expect(change.flags).toBe(RTM_ROUTE_CHANGED);
    expect(change.previous.RR_FamilySpecificData.FSD_Priority).toBe(120);
    expect(change.current.RR_FamilySpecificData.FSD_Priority).toBe(110);
  });

  it('takes every DWORD for a metric, a priority and an interface', () => {
    const rtm = open();
    const client = register(rtm);
    const extreme = routeTo('10.0.0.0/8', { metric: 0xffffffff, priority: 0xffffffff, interfaceId: 0xffffffff });
    add(rtm, client, extreme);
    expect(best(rtm, '10.0.0.0/8')?.RR_FamilySpecificData.FSD_Metric).toBe(0xffffffff);
    const zero = routeTo('10.0.0.0/8', { metric: 0, priority: 0, interfaceId: 0, via: '0.0.0.0' });
    expect(add(rtm, client, zero).flags).toBe(RTM_ROUTE_CHANGED);
  });

  it.each(['0.0.0.0/0', '128.0.0.0/1', '255.255.255.255/32', '224.0.0.0/4'])('takes the network %s', (network) => {
    const rtm = open();
    add(rtm, register(rtm), routeTo(network));
    expect(best(rtm, network)?.RR_Network.bytes).toEqual(routeTo(network).RR_Network.bytes);
  });

  it.each([
    ['a mask with a hole', ipv4('10.0.0.0'), ipv4('255.0.255.0')],
    ['a mask in the byte order of the machine', ipv4('10.0.0.0'), 0xff000000],
    ['an address with bits outside the mask', ipv4('10.0.0.1'), ipv4Mask(8)],
    ['an address in the byte order of the machine', 0x0a000000, ipv4Mask(8)],
  ])('refuses %s', (_what, number, mask) => {
    const rtm = open();
    const route = routeTo('10.0.0.0/8');
    route.RR_Network.N_NetNumber = number;
    route.RR_Network.N_NetMask = mask;
    const flags = Uint32Array.of(MARK);
    expect(rtm.RtmAddRoute(register(rtm), route, INFINITE, flags, null, null)).toBe(ERROR_INVALID_PARAMETER);
    expect(flags[0]).toBe(MARK);
    expect(rtm.leftBehind()).toMatchObject({ routes: 0, nextHops: 0 });
  });

  it.each([
    [0, NO_ERROR],
    [2147483, NO_ERROR],
    [2147484, ERROR_INVALID_PARAMETER],
    [INFINITE - 1, ERROR_INVALID_PARAMETER],
    [INFINITE, NO_ERROR],
    [-1, ERROR_INVALID_PARAMETER],
    [1.5, ERROR_INVALID_PARAMETER],
  ])('answers a time to live of %d s with %d', (timeToLive, status) => {
    const rtm = open();
    const client = register(rtm);
    const flags = new Uint32Array(1);
    expect(rtm.RtmAddRoute(client, routeTo('10.0.0.0/8'), timeToLive, flags, null, null)).toBe(status);
  });

  it('takes and gives routes as plain bytes, wherever they start', () => {
    const rtm = open();
    const client = register(rtm);
    const memory = new Uint8Array(3 * 128);
    const route = memory.subarray(1, 1 + 92);
    const [current, previous] = [memory.subarray(130, 130 + 100), memory.subarray(259, 259 + 92)];
    const flags = new Uint32Array(1);
    route.set(routeTo('10.0.0.0/8', { metric: 2 }).bytes);
    expect(rtm.RtmAddRoute(client, route, INFINITE, flags, current, previous)).toBe(NO_ERROR);
    route.set(routeTo('10.0.0.0/8', { metric: 3 }).bytes);
    expect(rtm.RtmAddRoute(client, route, INFINITE, flags, current, previous)).toBe(NO_ERROR);
    expect(new RtmIpRoute(current.slice()).RR_FamilySpecificData.FSD_Metric).toBe(3);
    expect(new RtmIpRoute(previous.slice()).RR_FamilySpecificData.FSD_Metric).toBe(2);
    expect([...current.subarray(92)], 'nothing behind the structure').toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('lets one buffer serve as all three routes', () => {
    const rtm = open();
    const client = register(rtm);
    const flags = new Uint32Array(1);
    const route = routeTo('10.0.0.0/8', { metric: 2 });
    expect(rtm.RtmAddRoute(client, route, INFINITE, flags, route, route)).toBe(NO_ERROR);
    expect(route.RR_RoutingProtocol).toBe(PROTO_IP_RIP);
    route.RR_FamilySpecificData.FSD_Metric = 3;
    expect(rtm.RtmAddRoute(client, route, INFINITE, flags, route, null)).toBe(NO_ERROR);
    expect(flags[0]).toBe(RTM_ROUTE_CHANGED);
    expect(route.RR_FamilySpecificData.FSD_Metric).toBe(3);
  });

  it.each([
    ['NULL', () => null],
    ['too few bytes', () => new Uint8Array(91)],
    ['DWORDs', () => new Uint32Array(23)],
    ['another structure', () => routeTo('10.0.0.0/8').RR_Network],
    ['a route whose memory was taken away', () => detachedRoute()],
    ['bytes whose memory was taken away', () => detached(new Uint8Array(92))],
    ['something that only looks like a route', () => Object.create(routeTo('10.0.0.0/8')) as unknown],
  ])('refuses %s for a route, and for a buffer to fill in unless it is NULL', (what, make) => {
    const rtm = open();
    const client = register(rtm);
    const flags = Uint32Array.of(MARK);
    const [good, bad] = [routeTo('10.0.0.0/8'), make() as RtmIpRoute];
    expect(rtm.RtmAddRoute(client, bad, INFINITE, flags, null, null)).toBe(ERROR_INVALID_PARAMETER);
    const asOutput = what === 'NULL' ? NO_ERROR : ERROR_INVALID_PARAMETER;
    expect(rtm.RtmAddRoute(client, good, INFINITE, flags, bad, null)).toBe(asOutput);
    expect(rtm.RtmAddRoute(client, good, INFINITE, flags, null, bad)).toBe(asOutput);
    if (what !== 'NULL') expect([flags[0], rtm.leftBehind().routes]).toEqual([MARK, 0]);
  });

  it.each([
    ['NULL', null],
    ['a number', 0],
    ['an array', [0]],
    ['bytes', new Uint8Array(4)],
    ['no DWORD at all', new Uint32Array(0)],
    ['memory that was taken away', detached(new Uint32Array(1))],
  ])('refuses %s for Flags', (_what, flags) => {
    const rtm = open();
    const client = register(rtm);
    const route = routeTo('10.0.0.0/8');
    expect(rtm.RtmAddRoute(client, route, INFINITE, flags as Uint32Array, null, null)).toBe(ERROR_INVALID_PARAMETER);
    expect(rtm.leftBehind().routes).toBe(0);
  });

  it('asks for the handle first, then for the parameters', () => {
    const rtm = open({ clock: () => NaN });
    const flags = new Uint32Array(1);
    const [good, bad] = [routeTo('10.0.0.0/8'), new Uint8Array(91)];
    expect(rtm.RtmAddRoute(1, bad, INFINITE, flags, null, null)).toBe(ERROR_INVALID_HANDLE);
    const client = register(rtm);
    expect(rtm.RtmAddRoute(client, bad, INFINITE, flags, null, null)).toBe(ERROR_INVALID_PARAMETER);
    expect(rtm.RtmAddRoute(client, good, INFINITE, flags, null, null)).toBe(ERROR_NO_SYSTEM_RESOURCES);
  });

  it.each([
    ['throws', () => { throw new Error('no clock'); }],
    ['tells an instant beyond FILETIME', () => 1e300],
    ['tells no number', () => 'noon' as unknown as number],
  ])('fails and adds nothing where the clock %s', (_what, clock) => {
    const rtm = open({ clock });
    const client = register(rtm);
    const flags = new Uint32Array(1);
    expect(rtm.RtmAddRoute(client, routeTo('10.0.0.0/8'), INFINITE, flags, null, null)).toBe(ERROR_NO_SYSTEM_RESOURCES);
    expect(rtm.leftBehind().routes).toBe(0);
  });

  it('survives a clock that calls back', () => {
    let calls = 0;
    const rtm = open({
      clock: () => {
        calls += 1;
        if (calls === 1) add(rtm, client, routeTo('172.16.0.0/12', { interfaceId: 5 }));
        return Date.now();
      },
    });
    const client = register(rtm);
    add(rtm, client, routeTo('10.0.0.0/8', { interfaceId: 6 }));
    expect(best(rtm, '10.0.0.0/8')?.RR_InterfaceID).toBe(6);
    expect(best(rtm, '172.16.0.0/12')?.RR_InterfaceID).toBe(5);
  });

  it('shares a next hop among the routes that use it', () => {
    const rtm = open();
    const client = register(rtm);
    for (let index = 0; index < 10; index += 1) add(rtm, client, routeTo(`10.${index}.0.0/16`));
    expect(rtm.leftBehind()).toMatchObject({ routes: 10, nextHops: 1, handles: 1 });
  });
});
