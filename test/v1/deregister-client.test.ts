import { expect, it } from 'vitest';
import {
  ERROR_INVALID_HANDLE,
  ERROR_NO_ROUTES,
  INFINITE,
  NO_ERROR,
  PROTO_IP_BGP,
  PROTO_IP_OSPF,
  PROTO_IP_RIP,
  RTM_PROTOCOL_FAMILY_IP,
  RTM_PROTOCOL_SINGLE_ROUTE,
} from '../../src/v1/constants.js';
import { countCalls } from '../../src/v2/library.js';
import { describeEveryBackend, NOTHING } from '../support/backend.js';
import { add, enumerate, membersOf, register, routeTo } from '../support/routes.js';

/** The n-th of many networks. */
const network = (n: number): string => `10.${n >>> 8}.${n & 255}.0/24`;

describeEveryBackend(({ library, open, openOn }) => {
  it('removes every route the client added', () => {
    const rtm = open();
    const client = register(rtm);
    for (let n = 0; n < 1000; n += 1) add(rtm, client, routeTo(network(n), { interfaceId: n % 10 }));
    expect(rtm.leftBehind()).toEqual({ entities: 1, routes: 1000, nextHops: 10, destinations: 1000, handles: 10 });
    expect(rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
    expect(rtm.leftBehind()).toEqual(NOTHING);
    expect(rtm.RtmGetNetworkCount(RTM_PROTOCOL_FAMILY_IP)).toBe(0);
    expect(rtm.RtmCreateEnumerationHandle(RTM_PROTOCOL_FAMILY_IP, 0, null)).toBe(0);
    expect(rtm.GetLastError()).toBe(ERROR_NO_ROUTES);
  });

  it.each([0, 1, 63, 64, 65, 128])('removes %d routes', (count) => {
    const rtm = open();
    const client = register(rtm);
    for (let n = 0; n < count; n += 1) add(rtm, client, routeTo(network(n)));
    expect(rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
    expect(rtm.leftBehind()).toEqual(NOTHING);
  });

  it('removes several routes of one network', () => {
    const rtm = open();
    const client = register(rtm);
    for (let n = 0; n < 200; n += 1) add(rtm, client, routeTo('10.0.0.0/8', { interfaceId: n, metric: n }));
    expect(rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
    expect(rtm.leftBehind()).toEqual(NOTHING);
  });

  it('removes the routes of a single-route client', () => {
    const rtm = open();
    const client = register(rtm, PROTO_IP_RIP, RTM_PROTOCOL_SINGLE_ROUTE);
    for (let n = 0; n < 200; n += 1) add(rtm, client, routeTo(network(n % 100), { interfaceId: n }));
    expect(rtm.leftBehind().routes).toBe(100);
    expect(rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
    expect(rtm.leftBehind()).toEqual(NOTHING);
  });

  it('leaves the routes of all other clients as they are', () => {
    const rtm = open();
    const [rip, ospf, bgp] = [register(rtm, PROTO_IP_RIP), register(rtm, PROTO_IP_OSPF), register(rtm, PROTO_IP_BGP)];
    for (let n = 0; n < 300; n += 1) {
      add(rtm, rip, routeTo(network(n)));
      if (n % 2 === 0) add(rtm, ospf, routeTo(network(n)));
      if (n % 3 === 0) add(rtm, bgp, routeTo(network(n)));
    }
    const others = enumerate(rtm)
      .filter((route) => route.RR_RoutingProtocol !== PROTO_IP_RIP)
      .map(membersOf);
    expect(rtm.RtmDeregisterClient(rip)).toBe(NO_ERROR);
    expect(enumerate(rtm).map(membersOf)).toEqual(others);
  });

  it('ends the handle', () => {
    const rtm = open();
    const client = register(rtm);
    expect(rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
    expect(rtm.RtmDeregisterClient(client)).toBe(ERROR_INVALID_HANDLE);
    const flags = new Uint32Array(1);
    expect(rtm.RtmAddRoute(client, routeTo('10.0.0.0/8'), INFINITE, flags, null, null)).toBe(ERROR_INVALID_HANDLE);
    expect(rtm.RtmDeleteRoute(client, routeTo('10.0.0.0/8'), flags, null)).toBe(ERROR_INVALID_HANDLE);
  });

  it('makes one call for each route, one for each batch and next hop, and few besides', () => {
    const counted = countCalls(library());
    const rtm = openOn(counted.library);
    const client = register(rtm);
    const [routes, nextHops] = [6400, 5];
    for (let n = 0; n < routes; n += 1) add(rtm, client, routeTo(network(n), { interfaceId: n % nextHops }));
    const before = counted.count();
    expect(rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
    const besides = counted.count() - before - routes - nextHops;
    expect(besides).toBeLessThanOrEqual(Math.ceil(routes / 64) + 10);
  });
});
