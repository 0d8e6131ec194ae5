import { expect, it } from 'vitest';
import {
  IP_VALID_ROUTE,
  NO_ERROR,
  PROTO_IP_BGP,
  PROTO_IP_OSPF,
  PROTO_IP_RIP,
  RTM_NO_CHANGE,
  RTM_ROUTE_CHANGED,
} from '../../src/v1/constants.js';
import { describeEveryBackend } from '../support/backend.js';
import { add, best, enumerate, membersOf, register, routeTo } from '../support/routes.js';

describeEveryBackend(({ open }) => {
  it('ranks by priority first, the lower the better', () => {
    const rtm = open();
    add(rtm, register(rtm, PROTO_IP_RIP), routeTo('10.0.0.0/8', { priority: 2, metric: 1 }));
    const change = add(rtm, register(rtm, PROTO_IP_OSPF), routeTo('10.0.0.0/8', { priority: 1, metric: 9 }));
    expect(change.flags).toBe(RTM_ROUTE_CHANGED);
    expect(best(rtm, '10.0.0.0/8')?.RR_RoutingProtocol).toBe(PROTO_IP_OSPF);
  });

  it('ranks by metric where priorities are equal, the lower the better', () => {
    const rtm = open();
    const client = register(rtm);
    add(rtm, client, routeTo('10.0.0.0/8', { metric: 0x80000000 }));
    add(rtm, client, routeTo('10.0.0.0/8', { interfaceId: 2, metric: 0x7fffffff }));
    expect(best(rtm, '10.0.0.0/8')?.RR_InterfaceID).toBe(2);
  });

  it('keeps the best route where another is equally good', () => {
    const rtm = open();
    add(rtm, register(rtm, PROTO_IP_RIP), routeTo('10.0.0.0/8'));
    const change = add(rtm, register(rtm, PROTO_IP_OSPF), routeTo('10.0.0.0/8'));
    expect(change.flags).toBe(RTM_NO_CHANGE);
    expect(best(rtm, '10.0.0.0/8')?.RR_RoutingProtocol).toBe(PROTO_IP_RIP);
  });

  it('lets routes of type invalid, and routes not marked valid, compete', () => {
    const rtm = open();
    const client = register(rtm);
    const valid = routeTo('10.0.0.0/8', { metric: 2 });
    valid.RR_FamilySpecificData.FSD_Flags = IP_VALID_ROUTE;
    add(rtm, client, valid);
    add(rtm, client, routeTo('10.0.0.0/8', { interfaceId: 2, metric: 1, type: 2 }));
    expect(best(rtm, '10.0.0.0/8')?.RR_InterfaceID).toBe(2);
  });

  it('does not rank by FSD_Metric1..5', () => {
    const rtm = open();
    const client = register(rtm);
    const first = routeTo('10.0.0.0/8', { metric: 1 });
    first.RR_FamilySpecificData.FSD_Metric1 = 99;
    add(rtm, client, first);
    expect(add(rtm, client, routeTo('10.0.0.0/8', { interfaceId: 2, metric: 1 })).flags).toBe(RTM_NO_CHANGE);
  });

  it('lets the next best take over when a client leaves, and leaves the others alone', () => {
    const rtm = open();
    const [rip, ospf, bgp] = [PROTO_IP_RIP, PROTO_IP_OSPF, PROTO_IP_BGP].map((protocol) => register(rtm, protocol));
    for (let index = 0; index < 300; index += 1) {
      const network = `10.${index >>> 8}.${index & 255}.0/24`;
      add(rtm, rip ?? 0, routeTo(network, { priority: 1 }));
      if (index % 2 === 0) add(rtm, ospf ?? 0, routeTo(network, { priority: 2, metric: index }));
      if (index % 3 === 0) add(rtm, bgp ?? 0, routeTo(network, { priority: 3, metric: index }));
    }
    const others = (): (readonly number[])[] =>
      enumerate(rtm)
        .filter((route) => route.RR_RoutingProtocol !== PROTO_IP_RIP)
        .map(membersOf);
    const before = others();
    expect(rtm.RtmDeregisterClient(rip ?? 0)).toBe(NO_ERROR);
    expect(others()).toEqual(before);
    for (let index = 0; index < 300; index += 1) {
      const expected = index % 2 === 0 ? PROTO_IP_OSPF : index % 3 === 0 ? PROTO_IP_BGP : undefined;
      const route = best(rtm, `10.${index >>> 8}.${index & 255}.0/24`);
      expect(route?.RR_RoutingProtocol).toBe(expected);
    }
    expect(rtm.RtmGetNetworkCount(1)).toBe(200);
  });
});
