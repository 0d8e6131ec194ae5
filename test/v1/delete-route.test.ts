import { expect, it } from 'vitest';
import {
  ERROR_INVALID_HANDLE,
  ERROR_INVALID_PARAMETER,
  ERROR_NO_SUCH_ROUTE,
  PROTO_IP_OSPF,
  PROTO_IP_RIP,
  RTM_NO_CHANGE,
  RTM_PROTOCOL_SINGLE_ROUTE,
  RTM_ROUTE_CHANGED,
  RTM_ROUTE_DELETED,
} from '../../src/v1/constants.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import { ipv4 } from '../../src/v1/ipv4.js';
import { describeEveryBackend } from '../support/backend.js';
import { add, best, enumerate, register, remove, routeTo } from '../support/routes.js';

describeEveryBackend(({ open }) => {
  it('says RTM_ROUTE_DELETED for the only route of a network', () => {
    const rtm = open();
    const client = register(rtm);
    add(rtm, client, routeTo('10.0.0.0/8'));
    expect(remove(rtm, client, routeTo('10.0.0.0/8')).flags).toBe(RTM_ROUTE_DELETED);
    expect(best(rtm, '10.0.0.0/8')).toBeNull();
    expect(rtm.leftBehind()).toEqual({ entities: 1, routes: 0, nextHops: 0, destinations: 0, handles: 0 });
  });

  it('says RTM_ROUTE_CHANGED for the best of several, and fills in the one that takes over', () => {
    const rtm = open();
    const client = register(rtm);
    add(rtm, client, routeTo('10.0.0.0/8', { metric: 1 }));
    add(rtm, client, routeTo('10.0.0.0/8', { interfaceId: 3, metric: 3 }));
    add(rtm, client, routeTo('10.0.0.0/8', { interfaceId: 2, metric: 2 }));
    const change = remove(rtm, client, routeTo('10.0.0.0/8'));
    expect(change.flags).toBe(RTM_ROUTE_CHANGED);
    expect(change.current.RR_InterfaceID).toBe(2);
  });

  it('says RTM_NO_CHANGE for a route that was not the best, and fills in nothing', () => {
    const rtm = open();
    const client = register(rtm);
    add(rtm, client, routeTo('10.0.0.0/8', { metric: 1 }));
    add(rtm, client, routeTo('10.0.0.0/8', { interfaceId: 2, metric: 2 }));
    const change = remove(rtm, client, routeTo('10.0.0.0/8', { interfaceId: 2 }));
    expect(change.flags).toBe(RTM_NO_CHANGE);
    expect(change.current.bytes).toEqual(new RtmIpRoute().bytes);
  });

  it('lets the route of another client take over', () => {
    const rtm = open();
    const [rip, ospf] = [register(rtm, PROTO_IP_RIP), register(rtm, PROTO_IP_OSPF)];
    add(rtm, rip, routeTo('10.0.0.0/8', { priority: 1, metric: 7 }));
    add(rtm, ospf, routeTo('10.0.0.0/8', { priority: 2, metric: 4 }));
    const { current } = remove(rtm, rip, routeTo('10.0.0.0/8'));
    expect(current.RR_RoutingProtocol).toBe(PROTO_IP_OSPF);
    expect(current.RR_FamilySpecificData.FSD_Metric).toBe(4);
  });

  it('names a route by network, interface and next hop, and by nothing else', () => {
    const rtm = open();
    const client = register(rtm);
    add(rtm, client, routeTo('10.0.0.0/8', { metric: 1, priority: 1 }));
    const other = routeTo('10.0.0.0/8', { metric: 9, priority: 9 });
    other.RR_RoutingProtocol = 77;
    other.RR_NextHopAddress.N_NetMask = 0;
    expect(remove(rtm, client, other).flags).toBe(RTM_ROUTE_DELETED);
  });

  it('names a route of a single-route client by the network alone', () => {
    const rtm = open();
    const client = register(rtm, PROTO_IP_RIP, RTM_PROTOCOL_SINGLE_ROUTE);
    add(rtm, client, routeTo('10.0.0.0/8'));
    const elsewhere = routeTo('10.0.0.0/8', { via: '198.51.100.1', interfaceId: 9 });
    expect(remove(rtm, client, elsewhere).flags).toBe(RTM_ROUTE_DELETED);
    expect(rtm.leftBehind()).toMatchObject({ routes: 0, nextHops: 0, handles: 0 });
  });

  it('keeps a next hop until the last route over it goes', () => {
    const rtm = open();
    const client = register(rtm);
    add(rtm, client, routeTo('10.0.0.0/8'));
    add(rtm, client, routeTo('172.16.0.0/12'));
    remove(rtm, client, routeTo('10.0.0.0/8'));
    expect(rtm.leftBehind().nextHops).toBe(1);
    remove(rtm, client, routeTo('172.16.0.0/12'));
    expect(rtm.leftBehind().nextHops).toBe(0);
  });

  it.each([
    ['network', routeTo('10.0.0.0/9')],
    ['interface', routeTo('10.0.0.0/8', { interfaceId: 2 })],
    ['next hop', routeTo('10.0.0.0/8', { via: '192.0.2.2' })],
  ])('answers ERROR_NO_SUCH_ROUTE where the %s differs', (_what, route) => {
    const rtm = open();
    const client = register(rtm);
    add(rtm, client, routeTo('10.0.0.0/8'));
    const flags = new Uint32Array(1);
    expect(rtm.RtmDeleteRoute(client, route, flags, null)).toBe(ERROR_NO_SUCH_ROUTE);
    expect(enumerate(rtm)).toHaveLength(1);
  });

  it('does not delete the route of another client', () => {
    const rtm = open();
    add(rtm, register(rtm, PROTO_IP_RIP), routeTo('10.0.0.0/8'));
    const ospf = register(rtm, PROTO_IP_OSPF);
    add(rtm, ospf, routeTo('172.16.0.0/12'));
    const flags = new Uint32Array(1);
    expect(rtm.RtmDeleteRoute(ospf, routeTo('10.0.0.0/8'), flags, null)).toBe(ERROR_NO_SUCH_ROUTE);
    expect(best(rtm, '10.0.0.0/8')).not.toBeNull();
  });

  it('asks for the handle first, then for the parameters, then for the route', () => {
    const rtm = open();
    const flags = new Uint32Array(1);
    const unsound = routeTo('10.0.0.0/8');
    unsound.RR_Network.N_NetNumber = ipv4('10.0.0.1');
    expect(rtm.RtmDeleteRoute(0, unsound, flags, null)).toBe(ERROR_INVALID_HANDLE);
    const client = register(rtm);
    expect(rtm.RtmDeleteRoute(client, unsound, flags, null)).toBe(ERROR_INVALID_PARAMETER);
    expect(rtm.RtmDeleteRoute(client, routeTo('10.0.0.0/8'), flags, null)).toBe(ERROR_NO_SUCH_ROUTE);
  });

  it('frees what it used, however often routes come and go', () => {
    const rtm = open();
    const client = register(rtm);
    for (let round = 0; round < 3; round += 1) {
      for (let index = 0; index < 2000; index += 1) {
        add(rtm, client, routeTo(`10.${index >>> 8}.${index & 255}.0/24`, { interfaceId: index & 7 }));
      }
      for (let index = 0; index < 2000; index += 1) {
        remove(rtm, client, routeTo(`10.${index >>> 8}.${index & 255}.0/24`, { interfaceId: index & 7 }));
      }
      expect(rtm.leftBehind()).toEqual({ entities: 1, routes: 0, nextHops: 0, destinations: 0, handles: 0 });
    }
  });
});
