import { expect, expectTypeOf, it } from 'vitest';
import type { ChangeIterator } from '../../src/client/changes.js';
import { RtmClient } from '../../src/client/client.js';
import type {
  AddResult,
  DeleteResult,
  IpRoute,
  IpRouteInput,
  IpRouteKey,
  IpxRoute,
  IpxRouteInput,
  IpxRouteKey,
  RouteChange,
  SpecificRouteOf,
} from '../../src/client/route.js';
import { RouteTable } from '../../src/client/table.js';
import type { ArgumentFailure, Failure, HandleRule, StateFailure } from '../../src/v1/failure.js';
import { PROTO_IP_RIP } from '../../src/v1/constants.js';
import { constant } from '../../src/win32/constants.js';
import { describeBackend } from '../support/backend.js';

const IPX_PROTOCOL_RIP = constant('IPX_PROTOCOL_RIP');

const IP = { network: '10.0.0.0/8', nextHop: '192.0.2.1', interface: 3, metric: 2 };
const IPX = { network: '0000A1B2', nextHop: '00:11:22:33:44:55', interface: 3, ticks: 4, hops: 1 };

/** Calls that must not compile stand here: they are checked, and never made. */
const neverRun = (calls: () => void): void => {
  expectTypeOf(calls).toBeFunction();
};

describeBackend('embedded', ({ open }) => {
  it('is of the family that it registers for', () => {
    const rtm = open();
    using ip = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP, rtm });
    using ipx = RtmClient.register({ family: 'ipx', protocol: IPX_PROTOCOL_RIP, rtm });
    expect([ip.family, ipx.family]).toEqual(['ip', 'ipx']);
    expectTypeOf(ip).toEqualTypeOf<RtmClient<'ip', false>>();
    expectTypeOf(ipx).toEqualTypeOf<RtmClient<'ipx', false>>();
    expectTypeOf(ip.family).toEqualTypeOf<'ip'>();
    neverRun(() => {
      // @ts-expect-error there is no such family
      RtmClient.register({ family: 'ipv6', protocol: PROTO_IP_RIP });
      // @ts-expect-error the protocol is missing
      RtmClient.register({ family: 'ip' });
      // @ts-expect-error clients come from register()
      new RtmClient({ family: 'ip', protocol: PROTO_IP_RIP }, false);
    });
  });

  it('gives and takes routes of its family', () => {
    const rtm = open();
    using ip = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP, rtm });
    using ipx = RtmClient.register({ family: 'ipx', protocol: IPX_PROTOCOL_RIP, rtm });

    const added = ip.addRoute(IP);
    expect(added.change).toBe('added');
    expectTypeOf(added).toEqualTypeOf<AddResult<'ip'>>();
    if (added.change === 'added') expectTypeOf(added.current).toEqualTypeOf<IpRoute>();
    // @ts-expect-error there is no previous route where the first one was added
    if (added.change === 'added') expect(added.previous).toBeUndefined();

    const ipxAdded = ipx.addRoute(IPX);
    expect(ipxAdded).toMatchObject({ change: 'added', current: IPX });
    expectTypeOf(ipxAdded).toEqualTypeOf<AddResult<'ipx'>>();

    const [route] = ip.routes();
    expect(route).toMatchObject(IP);
    expectTypeOf(route).toEqualTypeOf<IpRoute | undefined>();
    expectTypeOf(ipx.bestRoute('0000A1B2')).toEqualTypeOf<IpxRoute | undefined>();
    expectTypeOf(ip.lookup('10.1.2.3')).toEqualTypeOf<IpRoute | undefined>();
    expectTypeOf<Parameters<typeof ip.addRoute>>().toEqualTypeOf<[IpRouteInput]>();
    expectTypeOf<Parameters<typeof ipx.addRoute>>().toEqualTypeOf<[IpxRouteInput]>();

    const deleted = ip.deleteRoute(IP);
    expect(deleted).toEqual({ change: 'deleted' });
    expectTypeOf(deleted).toEqualTypeOf<DeleteResult<'ip'>>();

    neverRun(() => {
      // @ts-expect-error an IPX route has ticks, and no metric
      ipx.addRoute({ network: '0000A1B2', interface: 3, metric: 2 });
      // @ts-expect-error an IP route has a metric, and no ticks
      ip.addRoute({ network: '10.0.0.0/8', interface: 3, ticks: 2 });
      // @ts-expect-error the manager writes the protocol
      ip.addRoute({ network: '10.0.0.0/8', interface: 3, protocol: 8 });
      // @ts-expect-error a route goes over some interface
      ip.addRoute({ network: '10.0.0.0/8', nextHop: '192.0.2.1' });
      // @ts-expect-error four DWORDs
      ip.addRoute({ network: '10.0.0.0/8', interface: 3, protocolData: [1, 2, 3] });
      // @ts-expect-error there is no longest match among IPX networks
      ipx.lookup('0000A1B2');
      // @ts-expect-error only the client's own routes can be deleted
      ip.deleteRoutes({ protocol: 9 });
      // @ts-expect-error a client of one family is none of the other
      const wrong: RtmClient<'ipx'> = ip;
      return wrong;
    });
  });

  it('takes a route that was read where one is added, and where one is named', () => {
    expectTypeOf<IpRoute>().toExtend<IpRouteInput>();
    expectTypeOf<IpRoute>().toExtend<IpRouteKey>();
    expectTypeOf<IpxRoute>().toExtend<IpxRouteInput>();
    expectTypeOf<IpxRoute>().not.toExtend<IpRouteInput>();
    expectTypeOf<IpRoute>().not.toExtend<IpxRouteInput>();
    expectTypeOf<IpxRoute>().not.toExtend<IpRouteKey>();
    expectTypeOf<IpRoute>().not.toExtend<IpxRouteKey>();
    using ip = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP, rtm: open() });
    ip.addRoute(IP);
    expect(Array.from(ip.routes(), (route) => ip.addRoute(route).change)).toEqual(['none']);
  });

  it('reads the table of its family, with a client and without', () => {
    const rtm = open();
    using table = new RouteTable({ family: 'ip', rtm });
    using ipx = RtmClient.register({ family: 'ipx', protocol: IPX_PROTOCOL_RIP, rtm });
    expect(table.family).toBe('ip');
    expectTypeOf(table).toEqualTypeOf<RouteTable<'ip'>>();
    expectTypeOf(table).not.toHaveProperty('addRoute');
    expectTypeOf(ipx).toExtend<RouteTable<'ipx'>>();
    expectTypeOf(ipx).not.toExtend<RouteTable<'ip'>>();
    expectTypeOf(table.firstRoute()).toEqualTypeOf<IpRoute | undefined>();
    expectTypeOf(table.routesInOrder()).toEqualTypeOf<Generator<IpRoute, void, undefined>>();
    expectTypeOf(ipx.routesInOrder()).toEqualTypeOf<Generator<IpxRoute, void, undefined>>();
    expectTypeOf(ipx.specificRoute({ network: '0000A1B2', interface: 3, protocol: IPX_PROTOCOL_RIP })).toEqualTypeOf<
      IpxRoute | undefined
    >();
    expectTypeOf<IpRoute>().toExtend<SpecificRouteOf<'ip'>>();
    expectTypeOf<IpxRoute>().not.toExtend<SpecificRouteOf<'ip'>>();
    expectTypeOf<IpRoute>().not.toExtend<SpecificRouteOf<'ipx'>>();
    neverRun(() => {
      // @ts-expect-error the protocol is missing
      table.specificRoute({ network: '10.0.0.0/8', interface: 3 });
      // @ts-expect-error there is no longest match among IPX networks
      new RouteTable({ family: 'ipx', rtm }).lookup('0000A1B2');
      // @ts-expect-error filters do not rank
      table.routesInOrder({ metric: 2 });
    });
  });

  it('tells what has failed by its kind', () => {
    const rtm = open();
    expectTypeOf(rtm.lastFailure).toEqualTypeOf<Failure | null>();
    expectTypeOf(rtm.lastFailure?.v2Function).toExtend<string | null | undefined>();
    expectTypeOf(rtm.lastFailure?.code).toEqualTypeOf<number | null | undefined>();
    rtm.RtmGetNetworkCount(7);
    const failure = rtm.lastFailure;
    expect(failure?.kind).toBe('argument');
    switch (failure?.kind) {
      case 'argument':
        expectTypeOf(failure).toEqualTypeOf<ArgumentFailure>();
        expectTypeOf(failure.v2Function).toBeNull();
        break;
      case 'handle':
        expectTypeOf(failure.rule).toEqualTypeOf<HandleRule>();
        break;
      case 'state':
        expectTypeOf(failure).toEqualTypeOf<StateFailure>();
        break;
      case 'call':
      case 'overdue':
        expectTypeOf(failure.code).toBeNumber();
        break;
      default:
        expectTypeOf(failure).toEqualTypeOf<null>();
    }
  });

  it('has changes if it asked for them', () => {
    const rtm = open();
    using silent = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP, rtm });
    using ipx = RtmClient.register({ family: 'ipx', protocol: IPX_PROTOCOL_RIP, notify: true, rtm });
    expect([silent.notified, ipx.notified]).toEqual([false, true]);
    expectTypeOf(ipx).toEqualTypeOf<RtmClient<'ipx', true>>();
    expectTypeOf(ipx.changes()).toEqualTypeOf<ChangeIterator<RouteChange<'ipx'>>>();
    expectTypeOf(ipx.takeChanges()).toEqualTypeOf<RouteChange<'ipx'>[]>();
    expectTypeOf(silent).toExtend<RtmClient<'ip'>>();
    expectTypeOf(silent).toExtend<RtmClient>();
    expectTypeOf(silent).not.toExtend<RtmClient<'ipx'>>();
    expectTypeOf(silent).not.toExtend<RtmClient<'ip', true>>();
    neverRun(() => {
      // @ts-expect-error it was registered without notify
      silent.changes();
      // @ts-expect-error it was registered without notify
      silent.takeChanges();
    });
  });
});
