import { afterEach, expect, it, vi } from 'vitest';
import { RtmClient } from '../../src/client/client.js';
import type { RouteChange } from '../../src/client/route.js';
import { PROTO_IP_OSPF, PROTO_IP_RIP } from '../../src/v1/constants.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { wrapCalls } from '../../src/v2/calls.js';
import { describeBackend, describeEveryBackend } from '../support/backend.js';
import type { V2Status } from '../../src/win32/status.js';
import { failure } from './support.js';

const NETWORK = '10.0.0.0/8';
const ROUTE = { network: NETWORK, nextHop: '192.0.2.1', interface: 3, metric: 2 };

const notified = (rtm: Rtm1) => RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP, notify: true, rtm });
const other = (rtm: Rtm1) => RtmClient.register({ family: 'ip', protocol: PROTO_IP_OSPF, rtm });

/** The next `count` changes: those that are there already, or come. */
async function take(
  client: RtmClient<'ip', true>,
  count: number,
): Promise<RouteChange<'ip'>[]> {
  const changes: RouteChange<'ip'>[] = [];
  if (count === 0) return changes;
  for await (const change of client.changes()) {
    changes.push(change);
    if (changes.length === count) break;
  }
  return changes;
}

afterEach(() => {
  vi.useRealTimers();
});

describeEveryBackend(({ open }) => {
  it('tells what others have done to best routes, in order', async () => {
    const rtm = open();
    using client = notified(rtm);
    using ospf = other(rtm);
    ospf.addRoute(ROUTE);
    ospf.addRoute({ ...ROUTE, interface: 4, metric: 1 });
    ospf.deleteRoutes();
    expect(await take(client, 3)).toMatchObject([
      { kind: 'added', current: { ...ROUTE, protocol: PROTO_IP_OSPF } },
      { kind: 'changed', current: { interface: 4, metric: 1 }, previous: { interface: 3, metric: 2 } },
      { kind: 'deleted', previous: { network: NETWORK } },
    ]);
  });

  it('loses no change between one loop and the next', async () => {
    const rtm = open();
    using client = notified(rtm);
    using ospf = other(rtm);
    const networks = Array.from({ length: 20 }, (_, n) => `10.${n}.0.0/16`);
    const told: RouteChange<'ip'>[] = [];
    for (const network of networks) {
      ospf.addRoute({ ...ROUTE, network });
      ospf.addRoute({ ...ROUTE, network, metric: 9 });
      told.push(...(await take(client, 1)));
    }
    told.push(...(await take(client, 20)));
    const expected = networks.flatMap((network) => [
      { kind: 'added', current: { network, metric: 2 } },
      { kind: 'changed', current: { network, metric: 9 }, previous: { network, metric: 2 } },
    ]);
    expect(told).toMatchObject(expected);
  });

  it('waits for a change that comes later', async () => {
    const rtm = open();
    using client = notified(rtm);
    using ospf = other(rtm);
    const waiting = take(client, 1);
    ospf.addRoute(ROUTE);
    expect(await waiting).toMatchObject([{ kind: 'added' }]);
  });

  it('serves several next() in the order of the calls', async () => {
    const rtm = open();
    using client = notified(rtm);
    using ospf = other(rtm);
    const changes = client.changes();
    const waiting = Promise.all([changes.next(), changes.next()]);
    ospf.addRoute(ROUTE);
    ospf.deleteRoute(ROUTE);
    expect((await waiting).map(({ value }) => value?.kind)).toEqual(['added', 'deleted']);
  });

  it('tells nothing of its own additions and deletions, and everything of its own deleteRoutes', async () => {
    const rtm = open();
    using client = notified(rtm);
    client.addRoute(ROUTE);
    client.deleteRoute(ROUTE);
    client.addRoute({ ...ROUTE, network: '172.16.0.0/12' });
    expect(client.deleteRoutes({ network: '172.16.0.0/12' })).toBe(true);
    expect(await take(client, 1)).toMatchObject([{ kind: 'deleted', previous: { network: '172.16.0.0/12' } }]);
  });

  it('ends, waiting or not, when the client is disposed of', async () => {
    const rtm = open();
    const client = notified(rtm);
    const waiting = client.changes().next();
    client.dispose();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  it('ends when the signal aborts, and keeps what was not asked for', async () => {
    const rtm = open();
    using client = notified(rtm);
    using ospf = other(rtm);
    const controller = new AbortController();
    const changes = client.changes({ signal: controller.signal });
    const waiting = changes.next();
    controller.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
    ospf.addRoute(ROUTE);
    expect(await changes.next(), 'it has ended').toEqual({ done: true, value: undefined });
    expect(await take(client, 1)).toMatchObject([{ kind: 'added' }]);
  });

  it('loses no change that comes together with the end', async () => {
    const rtm = open();
    using client = notified(rtm);
    using ospf = other(rtm);
    const controller = new AbortController();
    const waiting = client.changes({ signal: controller.signal }).next();
    ospf.addRoute(ROUTE);
    controller.abort();
    const first = await waiting;
    const changes = first.done === true ? await take(client, 1) : [first.value];
    expect(changes).toMatchObject([{ kind: 'added' }]);
  });

  it('takes nothing with a signal that has aborted before', async () => {
    const rtm = open();
    using client = notified(rtm);
    using ospf = other(rtm);
    ospf.addRoute(ROUTE);
    expect(await client.changes({ signal: AbortSignal.abort() }).next()).toEqual({ done: true, value: undefined });
    expect(await take(client, 1)).toMatchObject([{ kind: 'added' }]);
  });

  it('ends a waiting next() by return()', async () => {
    using client = notified(open());
    const changes = client.changes();
    const waiting = changes.next();
    expect(await changes.return()).toEqual({ done: true, value: undefined });
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  it('is disposed of by await using', async () => {
    const rtm = open();
    using client = notified(rtm);
    using ospf = other(rtm);
    ospf.addRoute(ROUTE);
    {
      await using changes = client.changes();
      expect(await changes.next()).toMatchObject({ value: { kind: 'added' } });
    }
    ospf.deleteRoute(ROUTE);
    expect(await take(client, 1)).toMatchObject([{ kind: 'deleted' }]);
  });

  it('lets one iterator at a time read', async () => {
    const rtm = open();
    using client = notified(rtm);
    using ospf = other(rtm);
    const first = client.changes();
    const second = client.changes();
    const waiting = first.next();
    await expect(client.changes().next()).rejects.toThrow('being iterated already');
    ospf.addRoute(ROUTE);
    expect(await waiting).toMatchObject({ value: { kind: 'added' } });
    await first.return();
    ospf.deleteRoute(ROUTE);
    expect(await second.next(), 'the turn is free').toMatchObject({ value: { kind: 'deleted' } });
    await second.return();
  });

  it('keeps apart the changes of two clients', async () => {
    const rtm = open();
    using client = notified(rtm);
    using second = RtmClient.register({ family: 'ip', protocol: PROTO_IP_OSPF, notify: true, rtm });
    client.addRoute(ROUTE);
    second.addRoute({ ...ROUTE, network: '10.0.0.0/16' });
    expect(await take(client, 1)).toMatchObject([{ current: { protocol: PROTO_IP_OSPF } }]);
    expect(await take(second, 1)).toMatchObject([{ current: { protocol: PROTO_IP_RIP } }]);
  });

  it('tells of routes that age out, also of its own', async () => {
    let now = Date.UTC(2003, 3, 24);
    const rtm = open({ clock: () => now });
    using client = notified(rtm);
    client.addRoute({ ...ROUTE, ttl: 180 });
    now += 180_000;
    expect(await take(client, 1)).toMatchObject([{ kind: 'deleted', previous: ROUTE }]);
  });
});

describeBackend('embedded', ({ library, openOn }) => {
  it('rejects when RTM fails, and lets the next iterator go on', async () => {
    let fails = false;
    const calls = wrapCalls(library().calls, (name, call) => (...parameters) =>
      fails && name === 'RtmGetChangedDests' ? (8 as V2Status) : call(...parameters),
    );
    const rtm = openOn({ ...library(), calls });
    using client = notified(rtm);
    using ospf = other(rtm);
    fails = true;
    const changes = client.changes();
    await expect(changes.next()).rejects.toEqual(
      failure('RtmDequeueRouteChangeMessage', 'ERROR_NO_SYSTEM_RESOURCES', 1450),
    );
    expect(await changes.next(), 'it has ended').toEqual({ done: true, value: undefined });
    ospf.addRoute(ROUTE);
    fails = false;
    expect(await take(client, 1)).toMatchObject([{ kind: 'added', current: ROUTE }]);
  });

  it.each<[string, (rtm: Rtm1, client: RtmClient) => void]>([
    ['its object is closed', (rtm) => { rtm.close(); }],
    ['its handle is deregistered', (rtm, client) => rtm.RtmDeregisterClient(client.handle)],
  ])('ends, waiting or not, when %s', async (_, end) => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const rtm = openOn(library());
    using client = notified(rtm);
    const changes = client.changes();
    const waiting = changes.next();
    await vi.advanceTimersByTimeAsync(10_000);
    end(rtm, client);
    await vi.advanceTimersByTimeAsync(1000);
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(await client.changes().next()).toEqual({ done: true, value: undefined });
  });
});
