import { describe, expect, it } from 'vitest';
import {
  ERROR_INVALID_HANDLE,
  ERROR_INVALID_PARAMETER,
  ERROR_NO_ROUTES,
  NO_ERROR,
  PROTO_IP_OSPF,
  PROTO_IP_RIP,
  RTM_ONLY_BEST_ROUTES,
  RTM_ONLY_THIS_INTERFACE,
  RTM_ONLY_THIS_NETWORK,
  RTM_ONLY_THIS_PROTOCOL,
  RTM_PROTOCOL_SINGLE_ROUTE,
  RTM_ROUTE_ADDED,
} from '../../src/v1/constants.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { describeEveryBackend } from '../support/backend.js';
import { addTo, bestOf, FAMILIES, type Family, IP, listOf, members, registerIn, type Route } from '../support/families.js';

/** Routes of RIP to networks 1 and 2 over interfaces 1 and 2, the better ones over interface 1; and one of OSPF. */
function populate(family: Family, rtm: Rtm1): { rip: number; ospf: number } {
  const [rip, ospf] = [registerIn(family, rtm, PROTO_IP_RIP), registerIn(family, rtm, PROTO_IP_OSPF)];
  for (const network of [1, 2]) {
    for (const interfaceId of [1, 2]) addTo(family, rtm, rip, family.route(network, { interfaceId, rank: interfaceId }));
  }
  addTo(family, rtm, ospf, family.route(1, { interfaceId: 1, rank: 5 }));
  return { rip, ospf };
}

/** The criteria: network 1, interface 1, RIP. */
function criteriaOf(family: Family): Route {
  const route = family.route(1, { via: 99, interfaceId: 1, metric: 99 });
  route.RR_RoutingProtocol = PROTO_IP_RIP;
  return route;
}

describe.each(FAMILIES)('RtmBlockDeleteRoutes: %s', (_name, family) => {
  const [one, two] = [1, 2].map((network) => family.route(network).RR_Network.bytes.join('.'));
  const nameOf = (route: Route): string =>
    `${route.RR_Network.bytes.join('.') === one ? 'one' : 'two'} ${route.RR_InterfaceID}`;

  describeEveryBackend(({ open }) => {
    it('knows its networks apart', () => {
      expect(one).not.toBe(two);
    });

    it.each([
      ['all', 0, []],
      ['a network', RTM_ONLY_THIS_NETWORK, ['two 1', 'two 2']],
      ['an interface', RTM_ONLY_THIS_INTERFACE, ['one 2', 'two 2']],
      ['the protocol', RTM_ONLY_THIS_PROTOCOL, []],
      ['best routes', RTM_ONLY_BEST_ROUTES, []],
      ['best routes over an interface', RTM_ONLY_BEST_ROUTES | RTM_ONLY_THIS_INTERFACE, ['one 2', 'two 2']],
      ['a network over an interface', RTM_ONLY_THIS_NETWORK | RTM_ONLY_THIS_INTERFACE, ['one 2', 'two 1', 'two 2']],
      ['all criteria together', 7, ['one 2', 'two 1', 'two 2']],
      ['all flags', 15, ['one 2', 'two 1', 'two 2']],
    ])('deletes the routes that match, and no others: %s', (_what, flags, left) => {
      const rtm = open();
      const { rip } = populate(family, rtm);
      expect(rtm.RtmBlockDeleteRoutes(rip, flags, criteriaOf(family))).toBe(NO_ERROR);
      const routes = listOf(family, rtm);
      expect(routes.filter((route) => route.RR_RoutingProtocol === PROTO_IP_OSPF)).toHaveLength(1);
      const own = routes.filter((route) => route.RR_RoutingProtocol === PROTO_IP_RIP).map(nameOf);
      expect(own.sort()).toEqual([...left]);
      const hops = new Set(own.map((name) => name.slice(-1))).size;
      expect(rtm.leftBehind(), 'next hops go with their last route').toMatchObject({
        entities: 2,
        routes: own.length + 1,
        nextHops: hops + 1,
        handles: hops + 1,
      });
      expect(rtm.RtmBlockDeleteRoutes(rip, flags, criteriaOf(family)), 'again').toBe(ERROR_NO_ROUTES);
    });

    it('needs no criteria where no flag refers to them', () => {
      const rtm = open();
      const { rip } = populate(family, rtm);
      expect(rtm.RtmBlockDeleteRoutes(rip, RTM_ONLY_BEST_ROUTES, null)).toBe(NO_ERROR);
      expect(listOf(family, rtm)).toHaveLength(1);
    });

    it('leaves the best of the other routes as the best', () => {
      const rtm = open();
      const { rip } = populate(family, rtm);
      expect(rtm.RtmBlockDeleteRoutes(rip, 0, null)).toBe(NO_ERROR);
      expect(bestOf(family, rtm, 1)?.RR_RoutingProtocol).toBe(PROTO_IP_OSPF);
      expect(bestOf(family, rtm, 2)).toBeNull();
    });

    it('deletes more routes than RTM tells at once', () => {
      const rtm = open();
      const client = registerIn(family, rtm);
      for (let network = 0; network < 250; network += 1) addTo(family, rtm, client, family.route(network, { interfaceId: network % 2 }));
      const criteria = family.route(0, { interfaceId: 1 });
      expect(rtm.RtmBlockDeleteRoutes(client, RTM_ONLY_THIS_INTERFACE, criteria)).toBe(NO_ERROR);
      expect(rtm.leftBehind()).toMatchObject({ routes: 125, nextHops: 1, destinations: 125 });
    });

    it('deletes the routes of a single-route client, whatever next hops they have moved to', () => {
      const rtm = open();
      const client = registerIn(family, rtm, PROTO_IP_RIP, RTM_PROTOCOL_SINGLE_ROUTE);
      for (const interfaceId of [1, 2, 3]) addTo(family, rtm, client, family.route(1, { interfaceId }));
      const criteria = family.route(1, { interfaceId: 1 });
      expect(rtm.RtmBlockDeleteRoutes(client, RTM_ONLY_THIS_INTERFACE, criteria)).toBe(ERROR_NO_ROUTES);
      criteria.RR_InterfaceID = 3;
      expect(rtm.RtmBlockDeleteRoutes(client, RTM_ONLY_THIS_INTERFACE, criteria)).toBe(NO_ERROR);
      expect(rtm.leftBehind()).toMatchObject({ routes: 0, nextHops: 0 });
    });

    it('leaves a client that goes on as before', () => {
      const rtm = open();
      const { rip } = populate(family, rtm);
      expect(rtm.RtmBlockDeleteRoutes(rip, 0, null)).toBe(NO_ERROR);
      const route = family.route(2, { data: 7 });
      expect(addTo(family, rtm, rip, route).flags).toBe(RTM_ROUTE_ADDED);
      route.RR_RoutingProtocol = PROTO_IP_RIP;
      const stored = bestOf(family, rtm, 2);
      expect(stored && members(stored)).toBe(members(route));
    });

    it.each([
      ['another protocol', RTM_ONLY_THIS_PROTOCOL, PROTO_IP_OSPF, 1, 1],
      ['an interface without routes', RTM_ONLY_THIS_INTERFACE, PROTO_IP_RIP, 1, 9],
      ['a network without routes', RTM_ONLY_THIS_NETWORK, PROTO_IP_RIP, 9, 1],
    ])('says ERROR_NO_ROUTES where nothing matches: %s', (_what, flags, protocol, network, interfaceId) => {
      const rtm = open();
      const { rip } = populate(family, rtm);
      const criteria = family.route(network, { interfaceId });
      criteria.RR_RoutingProtocol = protocol;
      expect(rtm.RtmBlockDeleteRoutes(rip, flags, criteria)).toBe(ERROR_NO_ROUTES);
      expect(listOf(family, rtm)).toHaveLength(5);
    });

    it('says ERROR_NO_ROUTES for a network that only others have routes to', () => {
      const rtm = open();
      const { rip } = populate(family, rtm);
      addTo(family, rtm, registerIn(family, rtm, 77), family.route(3));
      expect(rtm.RtmBlockDeleteRoutes(rip, RTM_ONLY_THIS_NETWORK, family.route(3))).toBe(ERROR_NO_ROUTES);
      expect(bestOf(family, rtm, 3)).not.toBeNull();
    });

    it.each([
      ['an unknown flag', 16, true],
      ['flags that are no DWORD', 1.5, true],
      ['NULL where a flag refers to the criteria', RTM_ONLY_THIS_NETWORK, false],
    ])('refuses %s, and deletes nothing', (_what, flags, hasCriteria) => {
      const rtm = open();
      const { rip } = populate(family, rtm);
      const criteria = hasCriteria ? criteriaOf(family) : null;
      expect(rtm.RtmBlockDeleteRoutes(rip, flags, criteria)).toBe(ERROR_INVALID_PARAMETER);
      expect(rtm.RtmBlockDeleteRoutes(rip, 0, new Uint8Array(family.size - 1))).toBe(ERROR_INVALID_PARAMETER);
      expect(listOf(family, rtm)).toHaveLength(5);
    });

    it('asks for the handle first, then for the parameters, then for routes', () => {
      const rtm = open();
      const client = registerIn(family, rtm);
      expect(rtm.RtmBlockDeleteRoutes(client + 1, 16, null)).toBe(ERROR_INVALID_HANDLE);
      expect(rtm.RtmBlockDeleteRoutes(client, 16, null)).toBe(ERROR_INVALID_PARAMETER);
      expect(rtm.RtmBlockDeleteRoutes(client, 0, null)).toBe(ERROR_NO_ROUTES);
    });
  });
});

describeEveryBackend(({ open }) => {
  it('finds nothing in a network that no table can hold', () => {
    const rtm = open();
    const client = registerIn(IP, rtm);
    addTo(IP, rtm, client, IP.route(1));
    const criteria = IP.route(1);
    criteria.RR_Network.bytes[3] = 1;
    expect(rtm.RtmBlockDeleteRoutes(client, RTM_ONLY_THIS_NETWORK, criteria)).toBe(ERROR_NO_ROUTES);
  });
});
