import { describe, expect, it } from 'vitest';
import {
  ERROR_INVALID_PARAMETER,
  ERROR_NO_ROUTES,
  NO_ERROR,
  PROTO_IP_BGP,
  PROTO_IP_OSPF,
  PROTO_IP_RIP,
  RTM_ONLY_BEST_ROUTES,
  RTM_ONLY_THIS_INTERFACE,
  RTM_ONLY_THIS_NETWORK,
  RTM_ONLY_THIS_PROTOCOL,
  RTM_PROTOCOL_SINGLE_ROUTE,
} from '../../src/v1/constants.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import { formatIpv4, ipv4, ipv4Mask } from '../../src/v1/ipv4.js';
import { RtmIpxRoute } from '../../src/v1/ipx-route.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { countCalls } from '../../src/v2/library.js';
import { describeBackend, describeEveryBackend } from '../support/backend.js';
import {
  addTo,
  copyOf,
  deleteFrom,
  FAMILIES,
  type Family,
  IP,
  IPX,
  listOf,
  members,
  registerIn,
  type Route,
  walkOf,
} from '../support/families.js';
import { Random } from '../support/random.js';
import { add, register, routeTo } from '../support/routes.js';

const PROTOCOLS = [PROTO_IP_OSPF, PROTO_IP_RIP, PROTO_IP_BGP] as const;
const SEED = 20030424;

/** Octets from the first to the last, as a number. */
const big = (bytes: Uint8Array): bigint => [...bytes].reduce((value, octet) => value * 256n + BigInt(octet), 0n);

/** What table order compares, one after the other, straight from the pages. */
function keyOf(route: Route): readonly bigint[] {
  const source = [BigInt(route.RR_RoutingProtocol), BigInt(route.RR_InterfaceID)];
  if (route instanceof RtmIpRoute) {
    const [network, hop] = [route.RR_Network.bytes, route.RR_NextHopAddress.bytes];
    return [big(network.subarray(0, 4)), big(network.subarray(4)), ...source, big(hop.subarray(0, 4))];
  }
  return [BigInt(route.RR_Network.N_NetNumber), ...source, big(route.RR_NextHopAddress.NHA_Mac)];
}

function inOrder(one: Route, other: Route): number {
  const others = keyOf(other);
  for (const [index, part] of keyOf(one).entries()) {
    const difference = part - (others[index] ?? 0n);
    if (difference !== 0n) return difference < 0n ? -1 : 1;
  }
  return 0;
}

/** A random route out of few, so that they share networks, interfaces and next hops. */
function someRoute(family: Family, random: Random): Route {
  return family.route(random.below(20), {
    via: random.of([1, 2, 200]),
    interfaceId: random.of([1, 2, 0x80000000]),
    rank: random.below(3),
    metric: random.below(3),
  });
}

/** Fills a table at random; the last client keeps one route for each network. */
function populate(family: Family, rtm: Rtm1, random: Random): void {
  const clients = PROTOCOLS.map((protocol) =>
    registerIn(family, rtm, protocol, protocol === PROTO_IP_BGP ? RTM_PROTOCOL_SINGLE_ROUTE : 0),
  );
  for (let turn = 0; turn < 150; turn += 1) addTo(family, rtm, random.of(clients), someRoute(family, random));
}

describe.each(FAMILIES)('%s', (_name, family) => {
  describeEveryBackend(({ open }) => {
    it('tells every route once, in table order', () => {
      const rtm = open();
      populate(family, rtm, new Random(SEED));
      const { routes, end } = walkOf(family, rtm);
      expect(end).toBe(ERROR_NO_ROUTES);
      expect(routes.length).toBeGreaterThan(80);
      expect(routes.map(members)).toEqual(listOf(family, rtm).sort(inOrder).map(members));
    });

    it('tells what an enumeration with the same flags tells', () => {
      const rtm = open();
      const random = new Random(SEED + 1);
      populate(family, rtm, random);
      for (let flags = 0; flags < 16; flags += 1) {
        for (let turn = 0; turn < 5; turn += 1) {
          const criteria = someRoute(family, random);
          criteria.RR_RoutingProtocol = random.of(PROTOCOLS);
          const { routes, end } = walkOf(family, rtm, flags, criteria);
          const expected = listOf(family, rtm, flags, criteria).sort(inOrder);
          expect(routes.map(members), `flags ${flags}`).toEqual(expected.map(members));
          expect(end).toBe(ERROR_NO_ROUTES);
        }
      }
    });

    it('goes on from any identity, in the table or not', () => {
      const rtm = open();
      const random = new Random(SEED + 2);
      populate(family, rtm, random);
      const all = listOf(family, rtm).sort(inOrder);
      for (let turn = 0; turn < 200; turn += 1) {
        const route = someRoute(family, random);
        route.RR_RoutingProtocol = random.of([...PROTOCOLS, 0, 0xffffffff]);
        const expected = all.find((other) => inOrder(other, route) > 0);
        const status = rtm.RtmGetNextRoute(family.number, 0, route);
        expect(status).toBe(expected === undefined ? ERROR_NO_ROUTES : NO_ERROR);
        if (expected !== undefined) expect(members(route)).toBe(members(expected));
      }
    });

    it('goes on after a route that has gone meanwhile', () => {
      const rtm = open();
      const client = registerIn(family, rtm);
      const [first, second, third] = [family.route(0), family.route(0, { via: 2 }), family.route(1)];
      for (const route of [third, second, first]) addTo(family, rtm, client, route);
      const route = family.view();
      expect(rtm.RtmGetFirstRoute(family.number, 0, route)).toBe(NO_ERROR);
      deleteFrom(family, rtm, client, first);
      expect(rtm.RtmGetNextRoute(family.number, 0, route)).toBe(NO_ERROR);
      expect(route.RR_NextHopAddress.bytes).toEqual(second.RR_NextHopAddress.bytes);
      deleteFrom(family, rtm, client, second);
      expect(rtm.RtmGetNextRoute(family.number, 0, route)).toBe(NO_ERROR);
      expect(route.RR_Network.bytes).toEqual(third.RR_Network.bytes);
      expect(rtm.RtmGetNextRoute(family.number, 0, route)).toBe(ERROR_NO_ROUTES);
    });

    it('leaves the route alone where there is none to tell', () => {
      const rtm = open();
      addTo(family, rtm, registerIn(family, rtm), family.route(1));
      const route = family.route(2, { interfaceId: 77 });
      const before = members(route);
      expect(rtm.RtmGetNextRoute(family.number, 0, route)).toBe(ERROR_NO_ROUTES);
      expect(rtm.RtmGetFirstRoute(family.number, RTM_ONLY_THIS_NETWORK, route)).toBe(ERROR_NO_ROUTES);
      expect(members(route)).toBe(before);
    });

    it('reads no criteria that no flag refers to', () => {
      const rtm = open();
      addTo(family, rtm, registerIn(family, rtm), family.route(1));
      const garbage = family.view(new Uint8Array(family.size).fill(0xa5));
      expect(rtm.RtmGetFirstRoute(family.number, RTM_ONLY_BEST_ROUTES, garbage)).toBe(NO_ERROR);
      expect(garbage.RR_Network.bytes).toEqual(family.route(1).RR_Network.bytes);
    });

    it('takes the route as plain bytes', () => {
      const rtm = open();
      addTo(family, rtm, registerIn(family, rtm), family.route(3));
      const bytes = new Uint8Array(family.size + 5).subarray(3);
      expect(rtm.RtmGetFirstRoute(family.number, 0, bytes)).toBe(NO_ERROR);
      const { networkSize } = family;
      expect(bytes.subarray(32, 32 + networkSize)).toEqual(family.route(3).RR_Network.bytes);
      expect([...bytes.subarray(family.size)], 'nothing behind the structure').toEqual([0, 0]);
    });

    it.each([
      ['an unknown family', 2, 0, 0],
      ['an unknown flag', null, 16, 0],
      ['flags that are no DWORD', null, -1, 0],
      ['a route that is too short', null, 0, 1],
    ])('refuses %s', (_what, number, flags, missing) => {
      const rtm = open();
      addTo(family, rtm, registerIn(family, rtm), family.route(1));
      const bytes = new Uint8Array(family.size - missing);
      for (const name of ['RtmGetFirstRoute', 'RtmGetNextRoute'] as const) {
        expect(rtm[name](number ?? family.number, flags, bytes), name).toBe(ERROR_INVALID_PARAMETER);
      }
    });

    it('finds a route by network, protocol and interface: RtmGetSpecificRoute', () => {
      const rtm = open();
      const [rip, ospf] = [registerIn(family, rtm, PROTO_IP_RIP), registerIn(family, rtm, PROTO_IP_OSPF)];
      addTo(family, rtm, ospf, family.route(1, { interfaceId: 2, rank: 1 }));
      addTo(family, rtm, rip, family.route(1, { interfaceId: 1, via: 3 }));
      addTo(family, rtm, rip, family.route(1, { interfaceId: 2, via: 4, metric: 8 }));
      addTo(family, rtm, rip, family.route(1, { interfaceId: 2, via: 5, metric: 7 }));
      const route = family.route(1, { interfaceId: 2, via: 99 });
      route.RR_RoutingProtocol = PROTO_IP_RIP;
      expect(rtm.RtmGetSpecificRoute(family.number, route)).toBe(NO_ERROR);
      const expected = family.route(1, { interfaceId: 2, via: 4, metric: 8 });
      expected.RR_RoutingProtocol = PROTO_IP_RIP;
      expect(members(route), 'the first in table order, not the best').toBe(members(expected));
      route.RR_InterfaceID = 3;
      expect(rtm.RtmGetSpecificRoute(family.number, route)).toBe(ERROR_NO_ROUTES);
      expect(rtm.RtmGetSpecificRoute(2, route)).toBe(ERROR_INVALID_PARAMETER);
    });

    it.each([
      ['a protocol', RTM_ONLY_THIS_PROTOCOL],
      ['an interface', RTM_ONLY_THIS_INTERFACE],
    ])('tells best routes only if they are of %s, too', (_what, only) => {
      const rtm = open();
      const [rip, ospf] = [registerIn(family, rtm, PROTO_IP_RIP), registerIn(family, rtm, PROTO_IP_OSPF)];
      addTo(family, rtm, rip, family.route(1, { interfaceId: 1, rank: 2 }));
      addTo(family, rtm, ospf, family.route(1, { interfaceId: 2, rank: 1 }));
      addTo(family, rtm, rip, family.route(2, { interfaceId: 1, rank: 2 }));
      const criteria = family.route(9, { interfaceId: 1 });
      criteria.RR_RoutingProtocol = PROTO_IP_RIP;
      const { routes } = walkOf(family, rtm, RTM_ONLY_BEST_ROUTES | only, criteria);
      expect(routes.map((route) => members(route).split(',').slice(24, 24 + family.networkSize))).toEqual([
        [...family.route(2).RR_Network.bytes].map(String),
      ]);
    });
  });

  describeBackend('embedded', ({ library, openOn }) => {
    it('takes a step whose cost does not grow with the table', () => {
      const counted = countCalls(library());
      const rtm = openOn(counted.library);
      const client = registerIn(family, rtm);
      const callsOfSteps = (): number[] => {
        const route = family.view();
        const counts = [];
        expect(rtm.RtmGetFirstRoute(family.number, 0, route)).toBe(NO_ERROR);
        for (let turn = 0; turn < 5; turn += 1) {
          const before = counted.count();
          expect(rtm.RtmGetNextRoute(family.number, 0, copyOf(family, route))).toBe(NO_ERROR);
          counts.push(counted.count() - before);
          expect(rtm.RtmGetNextRoute(family.number, 0, route)).toBe(NO_ERROR);
        }
        return counts;
      };
      for (let network = 0; network < 10; network += 1) addTo(family, rtm, client, family.route(network));
      const few = callsOfSteps();
      for (let network = 10; network < 250; network += 1) addTo(family, rtm, client, family.route(network));
      expect(callsOfSteps()).toEqual(few);
      expect(Math.max(...few)).toBeLessThan(20);
    });
  });
});

describeEveryBackend(({ open }) => {
  it('tells the shorter mask first', () => {
    const rtm = open();
    const client = register(rtm);
    const networks = ['0.0.0.0/0', '9.255.0.0/16', '10.0.0.0/8', '10.0.0.0/9', '10.0.0.0/32', '10.0.0.1/32', '200.0.0.0/8'];
    for (const network of [...networks].reverse()) add(rtm, client, routeTo(network));
    const told = walkOf(IP, rtm).routes.map((route) => {
      const { N_NetMask, N_NetNumber } = (route as RtmIpRoute).RR_Network;
      const length = [...Array(33).keys()].find((bits) => ipv4Mask(bits) === N_NetMask);
      return `${formatIpv4(N_NetNumber)}/${length ?? '?'}`;
    });
    expect(told).toEqual(networks);
  });

  it('orders IPX networks as numbers', () => {
    const rtm = open();
    const client = registerIn(IPX, rtm);
    const numbers = [0, 1, 0xff, 0x100, 0x01000000, 0x7fffffff, 0x80000000, 0xffffffff];
    for (const number of [...numbers].reverse()) {
      const route = new RtmIpxRoute();
      route.RR_Network.N_NetNumber = number;
      addTo(IPX, rtm, client, route);
    }
    expect(walkOf(IPX, rtm).routes.map((route) => route.RR_Network.N_NetNumber)).toEqual(numbers);
  });

  it.each([
    ['a mask with a hole', ipv4('10.0.0.0'), ipv4('255.0.255.0')],
    ['bits outside its mask', ipv4('10.0.0.1'), ipv4Mask(8)],
  ])('cannot go on from a network with %s, and finds nothing in it', (_what, number, mask) => {
    const rtm = open();
    add(rtm, register(rtm), routeTo('10.0.0.0/8'));
    const route = new RtmIpRoute();
    route.RR_Network.N_NetNumber = number;
    route.RR_Network.N_NetMask = mask;
    expect(rtm.RtmGetNextRoute(IP.number, 0, route)).toBe(ERROR_INVALID_PARAMETER);
    expect(rtm.RtmGetFirstRoute(IP.number, RTM_ONLY_THIS_NETWORK, route)).toBe(ERROR_NO_ROUTES);
    expect(rtm.RtmGetFirstRoute(IP.number, 0, route)).toBe(NO_ERROR);
  });
});
