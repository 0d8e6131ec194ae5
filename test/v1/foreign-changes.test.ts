import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  ERROR_NO_SYSTEM_RESOURCES,
  PROTO_IP_BGP,
  PROTO_IP_OSPF,
  PROTO_IP_RIP,
  RTM_NO_CHANGE,
  RTM_PROTOCOL_FAMILY_IP,
  RTM_ROUTE_ADDED,
  RTM_ROUTE_CHANGED,
  RTM_ROUTE_DELETED,
} from '../../src/v1/constants.js';
import { formatIpv4, ipv4 } from '../../src/v1/ipv4.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import { EventObject } from '../../src/win32/event-object.js';
import { constant } from '../../src/win32/constants.js';
import { describeEveryBackend, describeBackend } from '../support/backend.js';
import { addTo, IP, Listener } from '../support/changes.js';
import { NativeEntity } from '../support/native-entity.js';
import { onThread } from '../support/threads.js';

const TEN = { address: ipv4('10.0.0.0'), length: 8 };
const AF_INET6 = 23;
const POLL_MS = 100;

afterEach(() => {
  vi.useRealTimers();
});

/** What a message tells, as far as RTMv2 knows it: flags, and the metrics of the current and the previous route. */
function metrics(listener: Listener): (number | null)[][] {
  const metricOf = (bytes: readonly number[] | null): number | null =>
    bytes === null
      ? null
      : new RtmIpRoute(Uint8Array.from([...new Array<number>(8).fill(0), ...bytes])).RR_FamilySpecificData.FSD_Metric;
  return listener.all().map(({ flags, current, previous }) => [flags, metricOf(current), metricOf(previous)]);
}

describeEveryBackend(({ library, open }) => {
  it('tells of what RTMv2 entities do, when the client asks', () => {
    const rtm = open();
    const listener = new Listener(rtm, IP, PROTO_IP_RIP);
    const native = new NativeEntity(library(), PROTO_IP_BGP);
    native.addNextHop(ipv4('198.51.100.1'), 4);
    native.add({ ...TEN, metric: 3 });
    expect(metrics(listener)).toEqual([[RTM_ROUTE_ADDED, 3, null]]);
    native.add({ ...TEN, metric: 4 });
    expect(metrics(listener)).toEqual([[RTM_ROUTE_CHANGED, 4, 3]]);
    native.leave();
    expect(metrics(listener)).toEqual([[RTM_ROUTE_DELETED, null, 4]]);
  });

  it('tells what others change, without being called', () => {
    vi.useFakeTimers();
    const rtm = open();
    let signals = 0;
    const event = new EventObject(() => (signals += 1));
    const listener = new Listener(rtm, IP, PROTO_IP_RIP, event);
    const native = new NativeEntity(library(), PROTO_IP_BGP);
    native.add({ ...TEN, hasNextHop: false });
    expect(signals).toBe(0);
    vi.advanceTimersByTime(POLL_MS);
    expect(signals).toBe(1);
    expect(listener.allFlags()).toEqual([RTM_ROUTE_ADDED]);
    native.leave();
    vi.advanceTimersByTime(POLL_MS);
    expect(signals).toBe(2);
    expect(listener.allFlags()).toEqual([RTM_ROUTE_DELETED]);
  });

  it('tells several changes of a network as one, and none that were taken back', () => {
    const rtm = open();
    const listener = new Listener(rtm, IP, PROTO_IP_RIP);
    const native = new NativeEntity(library(), PROTO_IP_BGP);
    native.remove(native.add({ ...TEN, hasNextHop: false }));
    expect(listener.all()).toEqual([]);
    native.add({ ...TEN, metric: 1, hasNextHop: false });
    for (const metric of [2, 3]) native.add({ ...TEN, metric, hasNextHop: false });
    expect(metrics(listener)).toEqual([[RTM_ROUTE_ADDED, 3, null]]);
    for (const metric of [4, 5, 6]) native.add({ ...TEN, metric, hasNextHop: false });
    expect(metrics(listener)).toEqual([[RTM_ROUTE_CHANGED, 6, 3]]);
    for (const metric of [7, 6]) native.add({ ...TEN, metric, hasNextHop: false });
    expect(listener.all()).toEqual([]);
    native.leave();
    expect(metrics(listener)).toEqual([[RTM_ROUTE_DELETED, null, 6]]);
  });

  it('tells the caller of a change by another entity that its own call meets', () => {
    const rtm = open();
    const [listener, other] = [new Listener(rtm, IP, PROTO_IP_RIP), new Listener(rtm, IP, PROTO_IP_OSPF)];
    const native = new NativeEntity(library(), PROTO_IP_BGP);
    native.add({ address: ipv4('10.0.1.0'), length: 24, preference: 0, metric: 9, hasNextHop: false });
    // The very network of 1: the caller learns of the other route by message, and of its own by the result.
    expect(listener.add(IP.routeTo(1, { cost: 2 }))).toBe(RTM_ROUTE_CHANGED);
    expect(metrics(listener)).toEqual([[RTM_ROUTE_ADDED, 9, null]]);
    expect(metrics(other)).toEqual([
      [RTM_ROUTE_ADDED, 9, null],
      [RTM_ROUTE_CHANGED, 2, 9],
    ]);
    native.leave();
    expect(listener.remove(IP.routeTo(1))).toBe(RTM_ROUTE_DELETED);
    expect(listener.all()).toEqual([]);
  });

  it('does not tell of what is not in the unicast view', () => {
    const rtm = open();
    const listener = new Listener(rtm, IP, PROTO_IP_RIP);
    const native = new NativeEntity(library(), PROTO_IP_BGP);
    native.add({ ...TEN, views: constant('RTM_VIEW_MASK_MCAST'), hasNextHop: false });
    expect(listener.all()).toEqual([]);
    native.leave();
  });

  it('says ERROR_NO_SYSTEM_RESOURCES where RTMv2 tells nobody else of changes, and can be asked again', () => {
    const rtm = open();
    const natives = [new NativeEntity(library(), PROTO_IP_BGP), new NativeEntity(library(), PROTO_IP_OSPF)];
    const [first, second] = natives;
    if (first === undefined || second === undefined) throw new Error('there are two');
    expect(second.watch()).toBe(0);
    while (first.watch() === 0);
    const register = (): number => rtm.RtmRegisterClient(RTM_PROTOCOL_FAMILY_IP, PROTO_IP_RIP, new EventObject(), 0);
    expect(register()).toBe(0);
    expect(rtm.GetLastError()).toBe(ERROR_NO_SYSTEM_RESOURCES);
    expect(rtm.lastFailure).toMatchObject({ v2Function: 'RtmRegisterForChangeNotification' });
    expect(rtm.leftBehind()).toMatchObject({ entities: 0, handles: 0 });
    second.leave();
    expect(register()).not.toBe(0);
    first.leave();
  });

  it('has a timer as long as a client wants to be told, and no longer', () => {
    vi.useFakeTimers();
    const [rtm, elsewhere] = [open(), open()];
    expect(vi.getTimerCount()).toBe(0);
    const listeners = [new Listener(rtm, IP, PROTO_IP_RIP), new Listener(elsewhere, IP, PROTO_IP_OSPF)];
    expect(vi.getTimerCount()).toBe(1);
    rtm.RtmDeregisterClient(listeners[0]?.client ?? 0);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(10 * POLL_MS);
    expect(vi.getTimerCount()).toBe(1);
    elsewhere.close();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('follows the table of an address family that v1 does not know not at all', () => {
    const rtm = open();
    const listener = new Listener(rtm, IP, PROTO_IP_RIP);
    const native = new NativeEntity(library(), PROTO_IP_BGP, AF_INET6);
    native.add({ ...TEN, hasNextHop: false });
    expect(listener.all()).toEqual([]);
    native.leave();
  });
});

describeBackend('embedded', ({ open }) => {
  const adding = (count: number): string => `
    const client = rtm.RtmRegisterClient(1, 77, null, 0);
    const [route, flags] = [new rtm1.RtmIpRoute(), new Uint32Array(1)];
    route.RR_Network.N_NetMask = rtm1.ipv4Mask(24);
    for (let n = 0; n < ${count}; n += 1) {
      route.RR_Network.N_NetNumber = rtm1.ipv4('10.' + (n >> 8) + '.' + (n & 255) + '.0');
      if (rtm.RtmAddRoute(client, route, rtm1.INFINITE, flags, null, null) !== 0) throw new Error('add');
    }
  `;

  it('tells of what other threads do', async () => {
    const rtm = open();
    const listener = new Listener(rtm, IP, PROTO_IP_RIP);
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const done = onThread(`${adding(500)} Atomics.wait(data, 0, 0); rtm.close(); post('done');`, stop);
    expect(await listener.event.wait()).toBe(true);
    Atomics.store(stop, 0, 1);
    Atomics.notify(stop, 0);
    expect(await done).toBe('done');
    // Whatever was seen half-way, in the end every network that was told to be there was told to have gone.
    const networks = new Map<string, number>();
    for (;;) {
      const [flags, route, previous] = [new Uint32Array(1), new RtmIpRoute(), new RtmIpRoute()];
      rtm.RtmDequeueRouteChangeMessage(listener.client, flags, route, previous);
      const [told = 0] = flags;
      if (told === RTM_NO_CHANGE) break;
      const { N_NetNumber } = (told === RTM_ROUTE_DELETED ? previous : route).RR_Network;
      const before = networks.get(formatIpv4(N_NetNumber)) ?? RTM_ROUTE_DELETED;
      expect(told === RTM_ROUTE_ADDED, formatIpv4(N_NetNumber)).toBe(before === RTM_ROUTE_DELETED);
      networks.set(formatIpv4(N_NetNumber), told);
    }
    expect(networks.size).toBeGreaterThan(0);
    expect(new Set(networks.values())).toEqual(new Set([RTM_ROUTE_DELETED]));
  });

  it('goes on with its own work while other threads never stop changing the table', async () => {
    const rtm = open();
    const listener = new Listener(rtm, IP, PROTO_IP_RIP);
    const stop = new Int32Array(new SharedArrayBuffer(4));
    const done = onThread(
      `
      const stop = data;
      ${adding(1)}
      for (let metric = 1; Atomics.load(stop, 0) === 0; metric += 1) {
        route.RR_FamilySpecificData.FSD_Metric = metric & 0xff;
        rtm.RtmAddRoute(client, route, rtm1.INFINITE, flags, null, null);
      }
      rtm.close();
      post('done');
    `,
      stop,
    );
    await listener.event.wait();
    for (let network = 1000; network < 2000; network += 1) {
      expect(addTo(rtm, listener.client, IP.routeTo(network))).toBe(RTM_ROUTE_ADDED);
    }
    Atomics.store(stop, 0, 1);
    expect(await done).toBe('done');
    expect(listener.allFlags().at(-1)).toBe(RTM_ROUTE_DELETED);
  });
});

describe('the process', () => {
  const run = promisify(execFile);
  const built = new URL('../../dist/index.js', import.meta.url).href;
  const program = (body: string): readonly string[] => [
    '--input-type=module',
    '--eval',
    `import * as rtm1 from ${JSON.stringify(built)};
     const rtm = rtm1.openRtm1({ library: 'embedded' });
     const route = new rtm1.RtmIpRoute();
     const flags = new Uint32Array(1);
     ${body}`,
  ];

  it('is not kept alive by clients that are told, nor by routes that age', async () => {
    const { stdout } = await run(
      process.execPath,
      program(`
        const client = rtm.RtmRegisterClient(1, 8, new rtm1.EventObject(), 0);
        rtm.RtmAddRoute(client, route, 3600, flags, null, null);
        process.on('exit', () => console.log('exits'));
      `),
    );
    expect(stdout).toBe('exits\n');
  });

  it('stays alive while it waits for an event, and routes age meanwhile', async () => {
    const { stdout } = await run(
      process.execPath,
      program(`
        const event = new rtm1.EventObject();
        const client = rtm.RtmRegisterClient(1, 8, event, 0);
        rtm.RtmAddRoute(client, route, 0, flags, null, null);
        await event.wait();
        console.log(rtm.RtmDequeueRouteChangeMessage(client, flags, null, route), flags[0], rtm.RtmGetNetworkCount(1));
      `),
    );
    expect(stdout).toBe(`0 ${RTM_ROUTE_DELETED} 0\n`);
  });
});
