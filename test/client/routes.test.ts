import { expect, it } from 'vitest';
import { RtmClient } from '../../src/client/client.js';
import type { IpRoute, IpRouteInput } from '../../src/client/route.js';
import { INFINITE, IP_VALID_ROUTE, PROTO_IP_OSPF, PROTO_IP_RIP } from '../../src/v1/constants.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { describeEveryBackend } from '../support/backend.js';
import { best } from '../support/routes.js';
import { errorOf, failure, replacing } from './support.js';

const CLOCK = Date.UTC(2003, 3, 24, 12);

/** A route with nothing but members that differ from their defaults and from each other. */
const FULL = {
  network: '10.0.0.0/8',
  nextHop: '192.0.2.1',
  nextHopMask: '255.255.255.0',
  interface: 3,
  type: 'remote',
  policy: 5,
  nextHopAS: 64_500,
  priority: 120,
  metric: 2,
  metric1: 11,
  metric2: 12,
  metric3: 13,
  metric4: 14,
  metric5: 0xffffffff,
  valid: false,
  otherFlags: 0x80000010,
  protocolData: [1, 2, 3, 0xffffffff],
} as const satisfies IpRouteInput;

const rip = (rtm: Rtm1) => RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP, rtm });
const ospf = (rtm: Rtm1) => RtmClient.register({ family: 'ip', protocol: PROTO_IP_OSPF, rtm });

const NETWORK = '10.0.0.0/8';
const over = (interfaceId: number, metric = 1, network = NETWORK): IpRouteInput => ({
  network,
  nextHop: '192.0.2.1',
  interface: interfaceId,
  metric,
});

describeEveryBackend(({ open }) => {
  it('keeps every member of a route', () => {
    using client = rip(open({ clock: () => CLOCK }));
    expect(client.addRoute(FULL)).toEqual({ change: 'added', current: client.bestRoute(NETWORK) });
    expect(client.bestRoute(NETWORK)).toEqual({ ...FULL, protocol: PROTO_IP_RIP, updated: new Date(CLOCK) });
  });

  it('writes each member where C has it', () => {
    const rtm = open();
    using client = rip(rtm);
    client.addRoute(FULL);
    const route = best(rtm, NETWORK);
    expect([...(route?.bytes.subarray(12) ?? [])]).toEqual([
      ...[3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 255, 255, 255, 255],
      ...[10, 0, 0, 0, 255, 0, 0, 0, 192, 0, 2, 1, 255, 255, 255, 0],
      ...[4, 0, 0, 0, 5, 0, 0, 0, 0xf4, 0xfb, 0, 0, 120, 0, 0, 0, 2, 0, 0, 0],
      ...[11, 0, 0, 0, 12, 0, 0, 0, 13, 0, 0, 0, 14, 0, 0, 0, 255, 255, 255, 255, 0x10, 0, 0, 0x80],
    ]);
  });

  it('takes what is omitted for 0, type other, valid, and a connected network', () => {
    const rtm = open();
    using client = rip(rtm);
    client.addRoute({ network: NETWORK, interface: 3 });
    const expected = new RtmIpRoute();
    expected.RR_RoutingProtocol = PROTO_IP_RIP;
    expected.RR_InterfaceID = 3;
    expected.RR_Network.bytes.set([10, 0, 0, 0, 255, 0, 0, 0]);
    expected.RR_FamilySpecificData.FSD_Type = 1;
    expected.RR_FamilySpecificData.FSD_Flags = IP_VALID_ROUTE;
    expect(best(rtm, NETWORK)?.bytes.subarray(8)).toEqual(expected.bytes.subarray(8));
    expect(client.bestRoute(NETWORK)).toMatchObject({ nextHop: '0.0.0.0', type: 'other', valid: true, otherFlags: 0 });
  });

  it.each([
    [0, 0],
    ['other', 1],
    ['invalid', 2],
    ['local', 3],
    ['remote', 4],
    [5, 5],
  ] as const)('has type %s for the number %i of RFC 1354', (type, number) => {
    const rtm = open();
    using client = rip(rtm);
    client.addRoute({ ...over(3), type: number });
    expect(client.bestRoute(NETWORK)?.type).toBe(type);
    client.addRoute({ ...over(3), type });
    expect(best(rtm, NETWORK)?.RR_FamilySpecificData.FSD_Type).toBe(number);
  });

  it('takes a route that was read for one to add and to delete, whoever added it first', () => {
    const rtm = open();
    using first = rip(rtm);
    using second = ospf(rtm);
    first.addRoute({ ...FULL, valid: true });
    const [route] = first.routes();
    expect(route).toBeDefined();
    if (route === undefined) return;
    expect(second.addRoute({ ...route, priority: 1 }).change).toBe('changed');
    expect(second.bestRoute(NETWORK)).toEqual({ ...route, priority: 1, protocol: PROTO_IP_OSPF, updated: expect.any(Date) as Date });
    expect(second.deleteRoute(route).change).toBe('changed');
    expect(second.bestRoute(NETWORK)).toEqual(route);
  });

  it('tells what an addition has done to the best route', () => {
    using client = rip(open());
    expect(client.addRoute(over(3, 5))).toMatchObject({ change: 'added', current: { interface: 3 } });
    expect(client.addRoute(over(4, 9))).toEqual({ change: 'none' });
    expect(client.addRoute(over(5, 2))).toMatchObject({
      change: 'changed',
      current: { interface: 5, metric: 2 },
      previous: { interface: 3, metric: 5 },
    });
    expect(client.addRoute({ ...over(5, 2), protocolData: [1, 2, 3, 4] }), 'not significant').toEqual({ change: 'none' });
  });

  it('tells what a deletion has done to the best route', () => {
    using client = rip(open());
    for (const metric of [1, 2, 3]) client.addRoute(over(metric, metric));
    expect(client.deleteRoute(over(3))).toEqual({ change: 'none' });
    expect(client.deleteRoute(over(1))).toMatchObject({ change: 'changed', current: { interface: 2 } });
    expect(client.deleteRoute(over(2))).toEqual({ change: 'deleted' });
    expect(errorOf(() => client.deleteRoute(over(2)))).toEqual(failure('RtmDeleteRoute', 'ERROR_NO_SUCH_ROUTE', 259));
  });

  it('keeps one route for each network of a client of single routes', () => {
    using client = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP, singleRoute: true, rtm: open() });
    client.addRoute(over(3));
    client.addRoute(over(4));
    expect(Array.from(client.routes(), (route) => route.interface)).toEqual([4]);
    expect(client.deleteRoute({ network: NETWORK }).change).toBe('deleted');
  });

  it('passes the time to live on in seconds', () => {
    const given: number[] = [];
    const rtm = open();
    const watched = replacing(rtm, {
      RtmAddRoute: (...parameters) => {
        given.push(parameters[2]);
        return rtm.RtmAddRoute(...parameters);
      },
    });
    using client = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP, rtm: watched });
    for (const lifetime of [{ ttl: 180 }, { ttl: 2_147_483 }, { ttl: Infinity }, { ttl: INFINITE }, {}]) {
      client.addRoute({ ...over(3), ...lifetime });
    }
    expect(given).toEqual([180, 2_147_483, INFINITE, INFINITE, INFINITE]);
  });

  it('knows the best route to exactly one network', () => {
    using client = rip(open());
    client.addRoute(over(3));
    expect(client.bestRoute(NETWORK)?.interface).toBe(3);
    expect(client.bestRoute('10.0.0.0/16')).toBeUndefined();
    expect(client.bestRoute('0.0.0.0/0')).toBeUndefined();
  });

  it('counts networks, not routes', () => {
    const rtm = open();
    using client = rip(rtm);
    using other = ospf(rtm);
    expect(client.networkCount()).toBe(0);
    client.addRoute(over(3));
    client.addRoute(over(4));
    other.addRoute(over(3, 1, '10.0.0.0/16'));
    expect(client.networkCount()).toBe(2);
  });

  it('looks up the best route to the longest prefix that covers an address', () => {
    const rtm = open();
    using client = rip(rtm);
    using other = ospf(rtm);
    client.addRoute(over(1, 1, '0.0.0.0/0'));
    client.addRoute({ ...over(2, 1, '10.0.0.0/8'), priority: 10 });
    other.addRoute({ ...over(3, 1, '10.0.0.0/8'), priority: 5 });
    client.addRoute(over(4, 1, '10.1.2.3/32'));
    const interfaceTo = (address: string): number | undefined => client.lookup(address)?.interface;
    expect(['10.1.2.3', '10.1.2.4', '11.0.0.0'].map(interfaceTo)).toEqual([4, 3, 1]);
    client.deleteRoute(over(1, 1, '0.0.0.0/0'));
    expect(interfaceTo('11.0.0.0')).toBeUndefined();
  });

  it.each([
    [{}, []],
    [{ network: '10.0.0.0/16' }, ['10.0.0.0/8 1', '10.0.0.0/8 2']],
    [{ interface: 2 }, ['10.0.0.0/16 1', '10.0.0.0/8 1']],
    [{ network: '10.0.0.0/8', interface: 1 }, ['10.0.0.0/16 1', '10.0.0.0/16 2', '10.0.0.0/8 2']],
  ])('deletes those of its routes that %o tells, and nobody else has any less', (filter, rest) => {
    const rtm = open();
    using client = rip(rtm);
    using other = ospf(rtm);
    for (const user of [client, other]) {
      for (const network of ['10.0.0.0/8', '10.0.0.0/16']) for (const n of [1, 2]) user.addRoute(over(n, n, network));
    }
    expect(client.deleteRoutes(filter)).toBe(true);
    expect(client.deleteRoutes(filter), 'there is nothing left to delete').toBe(false);
    const own = Array.from(client.routes({ protocol: PROTO_IP_RIP }), (route) => `${route.network} ${route.interface}`);
    expect(own.sort()).toEqual(rest);
    expect([...client.routes({ protocol: PROTO_IP_OSPF })]).toHaveLength(4);
  });

  it('tells the age of a route in seconds', () => {
    let now = CLOCK;
    using client = rip(open({ clock: () => now }));
    client.addRoute(over(3));
    const ages = (): number[] => Array.from(client.routes(), (route) => client.age(route));
    now += 89_999;
    expect(ages()).toEqual([89]);
    now += 1;
    expect(ages()).toEqual([90]);
    expect(errorOf(() => client.age({ updated: new Date(now + 60_000) }))).toEqual(
      failure('RtmGetRouteAge', 'ERROR_INVALID_PARAMETER', 87),
    );
  });

  describeIteration(open);
});

function describeIteration(open: () => Rtm1): void {
  const filled = (rtm: Rtm1) => {
    const [client, other] = [rip(rtm), ospf(rtm)];
    client.addRoute({ ...over(1, 5), priority: 10 });
    client.addRoute({ ...over(2, 5, '10.0.0.0/16'), priority: 10 });
    other.addRoute({ ...over(1, 1), priority: 20 });
    other.addRoute({ ...over(3, 1, '10.0.0.0/24'), priority: 20 });
    return client;
  };
  const listed = (routes: Iterable<IpRoute>): string[] =>
    Array.from(routes, ({ network, interface: over, protocol }) => `${network} ${over} ${protocol}`).sort();

  it('iterates over all routes of the table', () => {
    const rtm = open();
    expect(listed(filled(rtm).routes())).toEqual([
      `10.0.0.0/16 2 ${PROTO_IP_RIP}`,
      `10.0.0.0/24 3 ${PROTO_IP_OSPF}`,
      `10.0.0.0/8 1 ${PROTO_IP_OSPF}`,
      `10.0.0.0/8 1 ${PROTO_IP_RIP}`,
    ]);
  });

  it.each([
    [{ network: NETWORK }, [`10.0.0.0/8 1 ${PROTO_IP_OSPF}`, `10.0.0.0/8 1 ${PROTO_IP_RIP}`]],
    [{ interface: 2 }, [`10.0.0.0/16 2 ${PROTO_IP_RIP}`]],
    [{ protocol: PROTO_IP_RIP }, [`10.0.0.0/16 2 ${PROTO_IP_RIP}`, `10.0.0.0/8 1 ${PROTO_IP_RIP}`]],
    [{ interface: 1, best: true }, [`10.0.0.0/8 1 ${PROTO_IP_RIP}`]],
    [{ network: NETWORK, protocol: PROTO_IP_OSPF, best: true }, []],
    [{ network: '192.0.2.0/24' }, []],
  ])('iterates over the routes that %o tells', (filter, expected) => {
    expect(listed(filled(open()).routes(filter))).toEqual(expected);
  });

  it('holds no enumeration before the first route is asked for, nor after the last', () => {
    const rtm = open();
    const client = filled(rtm);
    const { handles } = rtm.leftBehind();
    const routes = client.routes();
    expect(rtm.leftBehind().handles).toBe(handles);
    expect([...routes]).toHaveLength(4);
    expect(rtm.leftBehind().handles).toBe(handles);
  });

  const inLoop = (routes: Generator<IpRoute>, body: (route: IpRoute) => boolean): void => {
    for (const route of routes) if (body(route)) break;
  };
  const throwing = (): never => {
    throw new Error('out');
  };

  it.each<[string, (routes: Generator<IpRoute>) => unknown]>([
    ['a break', (routes) => { inLoop(routes, () => true); }],
    ['the last route', (routes) => { inLoop(routes, () => false); }],
    ['an exception in the loop', (routes) => { expect(() => { inLoop(routes, throwing); }).toThrow('out'); }],
    ['return()', (routes) => [routes.next(), routes.return(undefined)]],
    ['destructuring', ([first]) => first],
  ])('closes its enumeration after %s', (_, leave) => {
    const rtm = open();
    let enumerations = 0;
    const counted = replacing(rtm, {
      RtmCreateEnumerationHandle: (...parameters) => {
        enumerations += 1;
        return rtm.RtmCreateEnumerationHandle(...parameters);
      },
      RtmCloseEnumerationHandle: (handle) => {
        enumerations -= 1;
        return rtm.RtmCloseEnumerationHandle(handle);
      },
    });
    using client = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP, rtm: counted });
    client.addRoute(over(3));
    client.addRoute(over(4));
    leave(client.routes());
    expect(enumerations).toBe(0);
  });
}
