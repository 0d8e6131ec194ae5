import { expect, it } from 'vitest';
import { RtmClient } from '../../src/client/client.js';
import type { RouteChange } from '../../src/client/route.js';
import { IPX_PROTOCOL_RIP, IPX_PROTOCOL_SAP, PROTO_IP_OSPF, PROTO_IP_RIP } from '../../src/v1/constants.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { wrapCalls } from '../../src/v2/calls.js';
import type { V2Status } from '../../src/win32/status.js';
import { describeBackend, describeEveryBackend } from '../support/backend.js';
import { errorOf, failure } from './support.js';

const NETWORK = '10.0.0.0/8';
const ROUTE = { network: NETWORK, nextHop: '192.0.2.1', interface: 3, metric: 2 };
const ACCESS_DENIED = 5 as V2Status;

const notified = (rtm: Rtm1) => RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP, notify: true, rtm });
const other = (rtm: Rtm1) => RtmClient.register({ family: 'ip', protocol: PROTO_IP_OSPF, rtm });
const kinds = (changes: readonly RouteChange<'ip'>[]): string[] => changes.map(({ kind }) => kind);

/** A change on each of some networks. */
const addAll = (client: RtmClient<'ip'>, count: number, first = 0): string[] =>
  Array.from({ length: count }, (_, n) => {
    const network = `10.${first + n}.0.0/16`;
    client.addRoute({ ...ROUTE, network });
    return network;
  });

const networksOf = (changes: readonly RouteChange<'ip'>[]): string[] =>
  changes.map((change) => (change.kind === 'deleted' ? change.previous : change.current).network);

/** Lets everything run that is only waiting for its turn. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
};

describeEveryBackend(({ open }) => {
  it('takes what there is, in order, and then nothing', () => {
    const rtm = open();
    using client = notified(rtm);
    using ospf = other(rtm);
    expect(client.takeChanges()).toEqual([]);
    ospf.addRoute(ROUTE);
    ospf.addRoute({ ...ROUTE, interface: 4, metric: 1 });
    ospf.deleteRoutes();
    expect(client.takeChanges()).toMatchObject([
      { kind: 'added', current: { ...ROUTE, protocol: PROTO_IP_OSPF } },
      { kind: 'changed', current: { interface: 4, metric: 1 }, previous: { interface: 3, metric: 2 } },
      { kind: 'deleted', previous: { network: NETWORK } },
    ]);
    expect(client.takeChanges()).toEqual([]);
  });

  it('takes those of the IPX family', () => {
    const rtm = open();
    using client = RtmClient.register({ family: 'ipx', protocol: IPX_PROTOCOL_RIP, notify: true, rtm });
    using sap = RtmClient.register({ family: 'ipx', protocol: IPX_PROTOCOL_SAP, rtm });
    const route = { network: '0000A1B2', nextHop: '00:11:22:33:44:55', interface: 3, ticks: 4, hops: 1 };
    sap.addRoute(route);
    sap.deleteRoute(route);
    expect(client.takeChanges()).toMatchObject([
      { kind: 'added', current: route },
      { kind: 'deleted', previous: route },
    ]);
  });

  it('tells nothing of the own additions and deletions', () => {
    const rtm = open();
    using client = notified(rtm);
    client.addRoute(ROUTE);
    client.deleteRoute(ROUTE);
    expect(client.takeChanges()).toEqual([]);
  });

  it('takes no more than it is to, and leaves the rest', () => {
    const rtm = open();
    using client = notified(rtm);
    using ospf = other(rtm);
    const networks = addAll(ospf, 5);
    expect(client.takeChanges(0)).toEqual([]);
    expect(networksOf(client.takeChanges(2))).toEqual(networks.slice(0, 2));
    expect(networksOf(client.takeChanges(2))).toEqual(networks.slice(2, 4));
    expect(networksOf(client.takeChanges(2))).toEqual(networks.slice(4));
  });

  it('lets a loop go on with all the rest at once', async () => {
    const rtm = open();
    using client = notified(rtm);
    using ospf = other(rtm);
    const networks = addAll(ospf, 4);
    const batches: string[][] = [];
    for await (const change of client.changes()) {
      batches.push(networksOf([change, ...client.takeChanges()]));
      if (batches.length === 1) networks.push(...addAll(ospf, 3, 4));
      else break;
    }
    expect(batches).toEqual([networks.slice(0, 4), networks.slice(4)]);
  });

  it('shares one queue with the iterator: each change goes to one of them, and in order', async () => {
    const rtm = open();
    using client = notified(rtm);
    using ospf = other(rtm);
    const changes = client.changes();
    const told: string[] = [];
    const networks: string[] = [];
    for (let round = 0; round < 10; round += 1) {
      networks.push(...addAll(ospf, 3, 3 * round));
      const { value } = await changes.next();
      if (value !== undefined) told.push(...networksOf([value]));
      told.push(...networksOf(client.takeChanges()));
    }
    expect(told).toEqual(networks);
    const waiting = changes.next();
    ospf.deleteRoute({ ...ROUTE, network: '10.0.0.0/16' });
    expect(await waiting, 'an empty queue does not keep the next change from the iterator').toMatchObject({
      done: false,
      value: { kind: 'deleted' },
    });
    await changes.return();
  });

  it('takes nothing away from whoever waits for the next change', async () => {
    const rtm = open();
    using client = notified(rtm);
    using ospf = other(rtm);
    const changes = client.changes();
    const waiting = changes.next();
    await settled();
    expect(() => client.takeChanges()).toThrow(/Somebody waits for the next change of changes\(\)/);
    ospf.addRoute(ROUTE);
    expect(() => client.takeChanges(), 'also when it is there already').toThrow(/waits/);
    expect(await waiting).toMatchObject({ value: { kind: 'added' } });
    ospf.deleteRoute(ROUTE);
    expect(kinds(client.takeChanges())).toEqual(['deleted']);
    await changes.return();
  });

  it('can be called again after a waiting iterator was ended', async () => {
    const rtm = open();
    using client = notified(rtm);
    using ospf = other(rtm);
    const controller = new AbortController();
    const waiting = client.changes({ signal: controller.signal }).next();
    controller.abort();
    expect((await waiting).done).toBe(true);
    ospf.addRoute(ROUTE);
    expect(kinds(client.takeChanges())).toEqual(['added']);
  });

  it('throws once the client has ended', () => {
    const rtm = open();
    const disposed = notified(rtm);
    disposed.dispose();
    const invalid = failure('RtmDequeueRouteChangeMessage', 'ERROR_INVALID_HANDLE', 6);
    expect(errorOf(() => disposed.takeChanges())).toEqual(invalid);
    using client = notified(rtm);
    rtm.RtmDeregisterClient(client.handle);
    expect(errorOf(() => client.takeChanges())).toEqual(invalid);
  });
});

describeBackend('embedded', ({ library, open, openOn }) => {
  it('refuses a client that asked for no changes, and a limit that is none', () => {
    const rtm = open();
    using client = notified(rtm);
    using silent = other(rtm);
    const take = (of: object, ...values: unknown[]): unknown => Reflect.apply(Reflect.get(of, 'takeChanges') as () => unknown, of, values);
    expect(() => take(silent)).toThrow(new TypeError('This client does not queue changes: register it with notify: true'));
    for (const limit of [-1, 0.5, NaN]) expect(() => take(client, limit)).toThrow(RangeError);
    expect(() => take(client, '3')).toThrow(new TypeError("limit must be a number; it is '3'"));
  });

  it('loses nothing when RTM fails in between', () => {
    const base = library();
    let failsAfter = Infinity;
    const rtm = openOn({
      ...base,
      calls: wrapCalls(base.calls, (name, call) => (...parameters) =>
        name === 'RtmGetChangedDests' && (failsAfter -= 1) < 0 ? ACCESS_DENIED : call(...parameters),
      ),
    });
    using client = notified(rtm);
    using ospf = other(rtm);
    const networks = addAll(ospf, 3);
    failsAfter = 2;
    const told: string[] = [];
    for (let turn = 0; told.length < networks.length && turn < 9; turn += 1) told.push(...networksOf(client.takeChanges()));
    expect(told).toEqual(networks);
    failsAfter = 0;
    expect(errorOf(() => client.takeChanges())).toEqual(
      failure('RtmDequeueRouteChangeMessage', 'ERROR_NO_SYSTEM_RESOURCES', 1450),
    );
    failsAfter = Infinity;
    networks.push(...addAll(ospf, 1, 9));
    expect(networksOf(client.takeChanges())).toEqual(networks.slice(3));
  });
});
