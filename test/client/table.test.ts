import { describe, expect, it } from 'vitest';
import { RtmClient } from '../../src/client/client.js';
import type { IpRoute } from '../../src/client/route.js';
import { RouteTable } from '../../src/client/table.js';
import { IPX_PROTOCOL_RIP, IPX_PROTOCOL_SAP, PROTO_IP_OSPF, PROTO_IP_RIP } from '../../src/v1/constants.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { wrapCalls } from '../../src/v2/calls.js';
import type { V2Function } from '../../src/v2/signatures.js';
import type { V2Status } from '../../src/win32/status.js';
import { describeBackend, describeEveryBackend } from '../support/backend.js';
import { Random } from '../support/random.js';
import { errorOf, failure } from './support.js';

const ACCESS_DENIED = 5 as V2Status;

const rip = (rtm: Rtm1) => RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP, rtm });
const ospf = (rtm: Rtm1) => RtmClient.register({ family: 'ip', protocol: PROTO_IP_OSPF, rtm });

const octets = (address: string): number[] => address.split('.').map(Number);

/** What orders routes of the IP family, the first that differs deciding. */
const keyOf = ({ network, protocol, interface: over, nextHop }: IpRoute): number[] => {
  const [address = '', length = ''] = network.split('/');
  return [...octets(address), Number(length), protocol, over, ...octets(nextHop)];
};

function inOrder(one: IpRoute, other: IpRoute): number {
  const [left, right] = [keyOf(one), keyOf(other)];
  return left.map((part, index) => part - (right[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
}

describeEveryBackend(({ open }) => {
  describe('routesInOrder', () => {
    it('tells what routes() tells, by network, protocol, interface and next hop, whatever the filter', () => {
      const rtm = open();
      using one = rip(rtm);
      using two = ospf(rtm);
      const random = new Random(20031128);
      const networks = ['10.0.0.0/8', '10.0.0.0/16', '9.0.0.0/8', '10.1.0.0/16', '0.0.0.0/0', '224.0.0.0/4'] as const;
      for (let count = 0; count < 60; count += 1) {
        random.of([one, two]).addRoute({
          network: random.of(networks),
          nextHop: random.of(['192.0.2.1', '9.255.255.255', '10.0.0.1']),
          interface: random.of([1, 2, 256]),
          metric: random.of([1, 2]),
        });
      }
      const filters = [{}, { network: '10.0.0.0/8' }, { interface: 2 }, { protocol: PROTO_IP_OSPF }, { best: true }];
      for (const filter of [...filters, { network: '10.0.0.0/16', interface: 1, protocol: PROTO_IP_RIP, best: true }]) {
        const routes = [...one.routes(filter)].sort(inOrder);
        expect([...one.routesInOrder(filter)]).toEqual(routes);
        expect(one.firstRoute(filter)).toEqual(routes[0]);
      }
      expect([...one.routesInOrder()].length).toBeGreaterThan(20);
      expect([...one.routesInOrder({ network: '172.16.0.0/12' })]).toEqual([]);
    });

    it('goes by the numbers of IPX networks', () => {
      const rtm = open();
      using client = RtmClient.register({ family: 'ipx', protocol: IPX_PROTOCOL_RIP, rtm });
      using sap = RtmClient.register({ family: 'ipx', protocol: IPX_PROTOCOL_SAP, rtm });
      for (const network of ['80000000', '00000100', '000000FF', 'FFFFFFFE']) client.addRoute({ network, interface: 3 });
      sap.addRoute({ network: '00000100', interface: 2 });
      expect(Array.from(client.routesInOrder(), ({ network, interface: over }) => `${network} ${over}`)).toEqual([
        '000000FF 3',
        // By protocol before interface, whichever number is the smaller.
        ...(IPX_PROTOCOL_RIP < IPX_PROTOCOL_SAP ? ['00000100 3', '00000100 2'] : ['00000100 2', '00000100 3']),
        '80000000 3',
        'FFFFFFFE 3',
      ]);
      expect(client.firstRoute({ interface: 2 })?.protocol).toBe(IPX_PROTOCOL_SAP);
      const asked = { network: '00000100', interface: 2, protocol: IPX_PROTOCOL_SAP };
      expect(client.specificRoute(asked)).toMatchObject(asked);
    });

    it('looks at the table as it is at each step', () => {
      const rtm = open();
      using client = rip(rtm);
      const add = (network: string): void => void client.addRoute({ network, interface: 3 });
      for (const network of ['10.2.0.0/16', '10.4.0.0/16', '10.6.0.0/16']) add(network);
      const told: string[] = [];
      for (const { network } of client.routesInOrder()) {
        told.push(network);
        if (network !== '10.2.0.0/16') continue;
        add('10.1.0.0/16');
        add('10.3.0.0/16');
        client.deleteRoute({ network, interface: 3 });
        client.deleteRoute({ network: '10.4.0.0/16', interface: 3 });
      }
      expect(told).toEqual(['10.2.0.0/16', '10.3.0.0/16', '10.6.0.0/16']);
    });

    it('holds nothing open, and ends with the client', () => {
      const rtm = open();
      const client = rip(rtm);
      client.addRoute({ network: '10.0.0.0/8', interface: 3 });
      const { handles } = rtm.leftBehind();
      const walk = client.routesInOrder();
      walk.next();
      expect(rtm.leftBehind().handles).toBe(handles);
      client.dispose();
      expect(errorOf(() => walk.next())).toEqual(failure('RtmGetNextRoute', 'ERROR_INVALID_HANDLE', 6));
    });
  });

  it('gets the route that a protocol has to a network over an interface', () => {
    const rtm = open();
    using one = rip(rtm);
    using two = ospf(rtm);
    const network = '10.0.0.0/8';
    one.addRoute({ network, nextHop: '192.0.2.9', interface: 3, metric: 1 });
    one.addRoute({ network, nextHop: '192.0.2.1', interface: 3, metric: 9 });
    two.addRoute({ network, nextHop: '192.0.2.5', interface: 3 });
    const asked = { network, interface: 3, protocol: PROTO_IP_RIP };
    expect(one.specificRoute(asked)?.nextHop, 'the first of several in table order').toBe('192.0.2.1');
    const route = two.specificRoute({ ...asked, protocol: PROTO_IP_OSPF });
    expect(route).toMatchObject({ nextHop: '192.0.2.5', protocol: PROTO_IP_OSPF });
    expect(route && one.specificRoute({ ...route, nextHop: '192.0.2.77' }), 'a route that was read; its next hop is not asked for').toEqual(route);
    expect(one.specificRoute({ ...asked, interface: 4 })).toBeUndefined();
    expect(one.specificRoute({ ...asked, network: '10.0.0.0/9' })).toBeUndefined();
  });

  it('is read without a client, and so by whoever has none', () => {
    const rtm = open();
    using table = new RouteTable({ family: 'ip', rtm });
    expect([table.networkCount(), table.firstRoute(), [...table.routes()], [...table.routesInOrder()]]).toEqual([0, undefined, [], []]);
    using client = rip(rtm);
    client.addRoute({ network: '10.0.0.0/8', nextHop: '192.0.2.1', interface: 3 });
    expect(rtm.leftBehind().entities, 'it registers nobody').toBe(1);
    const [route] = table.routes();
    expect(route).toMatchObject({ network: '10.0.0.0/8', protocol: PROTO_IP_RIP });
    expect([table.lookup('10.1.2.3'), table.bestRoute('10.0.0.0/8'), table.firstRoute()]).toEqual([route, route, route]);
    expect(route && table.age(route)).toBeGreaterThanOrEqual(0);
    const loop = table.routes();
    loop.next();
    table.dispose();
    expect(errorOf(() => loop.next())).toEqual(failure('RtmEnumerateGetNextRoute', 'ERROR_INVALID_HANDLE', 6));
    expect(rtm.leftBehind()).toMatchObject({ entities: 1, routes: 1 });
    expect(new RouteTable({ family: 'ipx', rtm }).networkCount()).toBe(0);
  });
});

describeBackend('embedded', ({ library, open, openOn }) => {
  it.each<[string, object, ErrorConstructor, string]>([
    ['routesInOrder', [{ metric: 3 }], TypeError, "a filter has no member 'metric'"],
    ['routesInOrder', [{ network: '10.1.0.0/8' }], RangeError, "the network is '10.0.0.0/8'"],
    ['firstRoute', [{ best: 1 }], TypeError, 'best must be true or false; it is 1'],
    ['firstRoute', [null], TypeError, 'a filter must be an object; it is null'],
    ['specificRoute', [], TypeError, 'a route must be an object; it is undefined'],
    ['specificRoute', [{ network: '10.0.0.0/8', interface: 3 }], TypeError, 'protocol must be a number; it is undefined'],
    ['specificRoute', [{ network: '10.0.0.0/8', protocol: 8 }], TypeError, 'interface must be a number; it is undefined'],
    ['specificRoute', [{ interface: 3, protocol: 8 }], TypeError, "network must be text such as '10.0.0.0/8'"],
  ])('refuses what %s(%o) cannot mean', (method, values, type, message) => {
    using table = new RouteTable({ family: 'ip', rtm: open() });
    const body = (): unknown => Reflect.apply(Reflect.get(table, method) as () => unknown, table, values as unknown[]);
    expect(body).toThrow(type);
    expect(body).toThrow(message);
  });

  it.each<[object | null, ErrorConstructor, string]>([
    [{ family: 'ipv6' }, RangeError, "family must be 'ip' or 'ipx'; it is 'ipv6'"],
    [{ family: 'ip', rtm: 5 }, TypeError, 'rtm must be what openRtm1 returned; it is 5'],
    [{ family: 'ip', protocol: 8 }, TypeError, "the table has no member 'protocol': there are family, rtm"],
    [null, TypeError, 'the table must be an object; it is null'],
  ])('is no table: %o', (options, type, message) => {
    const body = (): unknown => Reflect.construct(RouteTable, [options]);
    expect(body).toThrow(type);
    expect(body).toThrow(message);
  });

  it('throws what RTM reports when RTMv2 fails', () => {
    const base = library();
    let failing: V2Function | null = null;
    const calls = wrapCalls(base.calls, (name, call) => (...parameters) => (name === failing ? ACCESS_DENIED : call(...parameters)));
    const rtm = openOn({ ...base, calls });
    using client = rip(rtm);
    client.addRoute({ network: '10.0.0.0/8', interface: 3 });
    client.networkCount();
    const asked = { network: '10.0.0.0/8', interface: 3, protocol: PROTO_IP_RIP };
    const walk = client.routesInOrder();
    walk.next();
    failing = 'RtmCreateRouteEnum';
    for (const call of [() => [...client.routesInOrder()], () => client.firstRoute(), () => client.specificRoute(asked)]) {
      expect(errorOf(call)).toEqual(failure('RtmGetFirstRoute', 'ERROR_NO_SYSTEM_RESOURCES', 1450));
      expect(errorOf(call).failure).toMatchObject({ kind: 'call', v2Function: 'RtmCreateRouteEnum', code: ACCESS_DENIED });
    }
    expect(errorOf(() => walk.next())).toEqual(failure('RtmGetNextRoute', 'ERROR_NO_SYSTEM_RESOURCES', 1450));
    failing = null;
  });
});
