import { expect } from 'vitest';
import { noFaults } from '../support/faults.js';
import { FAMILIES, ipNetworkOf, ipRoute, maskOctets, setTimeStamp, timeStamp } from './support/family.js';
import { Manager } from './support/manager.js';
import { conformance } from './support/suite.js';

const NO_ERROR = 0;
const ERROR_INVALID_PARAMETER = 87;
const ERROR_NO_SYSTEM_RESOURCES = 1450;
const INFINITE = 0xffffffff;

/** Leaves a last error that no successful call leaves, so that a test sees whether one was set. */
function provokeError({ rtm, family }: Manager): void {
  rtm.RtmRegisterClient(99, family.protocols[0], null, 0);
  expect(rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
}

/** What FALSE of RtmIsRoute means. */
function whyNoRoute({ rtm, family }: Manager, network: unknown, number = family.number): number {
  expect(rtm.RtmIsRoute(number, network as Uint8Array, null)).toBe(false);
  return rtm.GetLastError();
}

/** The DWORD of four octets in memory order. */
const dwordOf = (...octets: readonly number[]): number => new DataView(Uint8Array.from(octets).buffer).getUint32(0, true);

/** Network and mask of the route that RtmLookupIPDestination finds, or null. */
function lookedUp(manager: Manager, ...address: readonly number[]): number[] | null {
  const buffer = manager.buffer();
  if (manager.rtm.RtmLookupIPDestination(dwordOf(...address), buffer)) return ipNetworkOf(buffer);
  expect(manager.rtm.GetLastError()).toBe(NO_ERROR);
  expect(manager.filled(buffer)).toBeNull();
  return null;
}

/** Makes every call of RTMv2 fail. */
const failEverything = (): number => ERROR_NO_SYSTEM_RESOURCES;

conformance('lookup', (test) => {
  test('is-route-true', ({ manager }) => {
    const [client, other] = [manager.client(0), manager.client(1)];
    manager.add(client, { via: 1, minor: 2 });
    manager.add(client, { via: 2, minor: 1, mark: 6 });
    manager.add(other, { via: 3, minor: 3 });
    expect(manager.best(1)).toEqual(manager.entry({ via: 2, minor: 1, mark: 6 }));
  });

  test('is-route-0', ({ manager, family }) => {
    expect(whyNoRoute(manager, family.network(1)), 'in an empty table').toBe(NO_ERROR);
    manager.add(manager.client(), { net: 1 });
    provokeError(manager);
    const buffer = manager.buffer();
    expect(manager.rtm.RtmIsRoute(family.number, family.network(2), buffer)).toBe(false);
    expect(manager.rtm.GetLastError()).toBe(NO_ERROR);
    expect(manager.filled(buffer)).toBeNull();
  });

  test('is-route-87-family', ({ manager, family }) => {
    manager.add(manager.client());
    for (const number of [2, 23, 0xffffffff, -1, NaN]) {
      expect(whyNoRoute(manager, family.network(1), number), `family ${number}`).toBe(ERROR_INVALID_PARAMETER);
    }
  });

  test('is-route-87-null', ({ manager }) => {
    expect(whyNoRoute(manager, null)).toBe(ERROR_INVALID_PARAMETER);
  });

  test('is-route-1450', ({ openFaulty, family }) => {
    const { faults, manager } = openFaulty();
    manager.add(manager.client());
    faults.plan(failEverything);
    expect(whyNoRoute(manager, family.network(1))).toBe(ERROR_NO_SYSTEM_RESOURCES);
    faults.plan(noFaults);
    expect(manager.best(1)).toEqual(manager.entry());
  });

  test('is-route-exact', ({ manager }) => {
    const client = manager.client();
    manager.tryAdd(client, ipRoute([10, 0, 0, 0], maskOctets(8)));
    manager.tryAdd(client, ipRoute([10, 1, 0, 0], maskOctets(24)));
    for (const length of [7, 9, 16, 23, 25, 32]) {
      const address = length === 7 ? [10, 0, 0, 0] : [10, 1, 0, 0];
      const network = length === 9 ? [10, 0, 0, 0] : address;
      expect(manager.bestBytes(Uint8Array.of(...network, ...maskOctets(length))), `/${length}`).toBeNull();
    }
    expect(manager.bestBytes(Uint8Array.of(10, 0, 0, 0, ...maskOctets(8)))).not.toBeNull();
    expect(manager.bestBytes(Uint8Array.of(10, 1, 0, 0, ...maskOctets(24)))).not.toBeNull();
  });

  test('is-route-without-best', ({ manager, family }) => {
    manager.add(manager.client());
    expect(manager.rtm.RtmIsRoute(family.number, family.network(1), null)).toBe(true);
    expect(whyNoRoute(manager, family.network(2))).toBe(NO_ERROR);
  });

  test('is-route-no-network', ({ manager }) => {
    manager.tryAdd(manager.client(), ipRoute([10, 0, 0, 0], maskOctets(8)));
    expect(whyNoRoute(manager, Uint8Array.of(10, 0, 0, 0, 255, 0, 255, 0))).toBe(NO_ERROR);
    expect(whyNoRoute(manager, Uint8Array.of(10, 1, 0, 0, 255, 0, 0, 0))).toBe(NO_ERROR);
  });

  test('is-route-without-client', ({ manager, open, family, clock }) => {
    const reader = new Manager(open(), family, clock);
    expect(reader.best(1)).toBeNull();
    const client = manager.client();
    manager.add(client, { mark: 5 });
    expect(reader.best(1)).toEqual(manager.entry({ mark: 5 }));
    manager.deregister(client);
    expect(reader.best(1)).toBeNull();
  });

  test('count-networks', ({ manager }) => {
    const [client, other] = [manager.client(0), manager.client(1)];
    for (const net of [1, 2, 3]) for (const via of [1, 2]) manager.add(client, { net, via });
    manager.add(other, { net: 3 });
    manager.add(other, { net: 4 });
    expect(manager.count()).toBe(4);
    manager.remove(client, { net: 1, via: 1 });
    expect(manager.count(), 'with one of two routes deleted').toBe(4);
    manager.remove(client, { net: 1, via: 2 });
    expect(manager.count(), 'with both deleted').toBe(3);
    manager.deregister(client);
    expect(manager.count()).toBe(2);
  });

  test('count-0', ({ manager, family }) => {
    provokeError(manager);
    expect(manager.rtm.RtmGetNetworkCount(family.number)).toBe(0);
    expect(manager.rtm.GetLastError()).toBe(NO_ERROR);
  });

  test('count-87', ({ manager }) => {
    manager.add(manager.client());
    for (const number of [2, 23, 0xffffffff, -1, NaN]) {
      expect(manager.rtm.RtmGetNetworkCount(number), `family ${number}`).toBe(0);
      expect(manager.rtm.GetLastError(), `family ${number}`).toBe(ERROR_INVALID_PARAMETER);
    }
  });

  test('count-1450', ({ openFaulty, family }) => {
    const { faults, manager } = openFaulty();
    manager.add(manager.client());
    faults.plan(failEverything);
    expect(manager.rtm.RtmGetNetworkCount(family.number)).toBe(0);
    expect(manager.rtm.GetLastError()).toBe(ERROR_NO_SYSTEM_RESOURCES);
    faults.plan(noFaults);
    expect(manager.count()).toBe(1);
  });

  test('count-pages-codes-only', ({ openFaulty, family }) => {
    const { faults, manager } = openFaulty();
    manager.client();
    faults.plan(failEverything);
    manager.rtm.RtmGetNetworkCount(family.number);
    faults.plan(noFaults);
    expect([NO_ERROR, ERROR_INVALID_PARAMETER]).toContain(manager.rtm.GetLastError());
  });

  test('count-without-client', ({ manager, clock }) => {
    const client = manager.client();
    manager.add(client);
    for (const family of FAMILIES.filter(({ name }) => name !== manager.family.name)) {
      expect(new Manager(manager.rtm, family, clock).count()).toBe(0);
    }
    manager.deregister(client);
    expect(manager.count()).toBe(0);
  });

  test('age-seconds', ({ manager, clock, family }) => {
    const client = manager.client();
    const age = (): number => manager.rtm.RtmGetRouteAge(manager.bestBytes(family.network(1)) ?? manager.buffer());
    manager.add(client);
    expect(age()).toBe(0);
    clock.now += 999;
    expect(age()).toBe(0);
    clock.now += 1;
    expect(age()).toBe(1);
    clock.advance(40 * 365 * 24 * 3600);
    expect(age()).toBe(40 * 365 * 24 * 3600 + 1);
    manager.add(client);
    expect(age()).toBe(0);
  });

  test('age-87', ({ manager, clock, family }) => {
    manager.add(manager.client());
    const route = manager.bestBytes(family.network(1)) ?? manager.buffer();
    const fresh = timeStamp(route);
    for (const stamp of [0n, fresh + 10_000_001n, 2n ** 63n, 2n ** 64n - 1n]) {
      setTimeStamp(route, stamp);
      provokeError(manager);
      expect(manager.rtm.RtmGetRouteAge(route), `stamp ${stamp}`).toBe(INFINITE);
      expect(manager.rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
    }
    setTimeStamp(route, fresh);
    clock.advance(-2);
    expect(manager.rtm.RtmGetRouteAge(route)).toBe(INFINITE);
  });

  test('age-87-null', ({ manager, family }) => {
    manager.rtm.RtmIsRoute(family.number, family.network(1), null);
    expect(manager.rtm.RtmGetRouteAge(null as never)).toBe(INFINITE);
    expect(manager.rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
  });

  test('age-tolerance', ({ manager, clock, family }) => {
    manager.add(manager.client());
    const route = manager.bestBytes(family.network(1)) ?? manager.buffer();
    clock.advance(-1);
    expect(manager.rtm.RtmGetRouteAge(route)).toBe(0);
  });

  test('age-of-structure', ({ manager, clock, family }) => {
    const client = manager.client();
    manager.add(client);
    const route = manager.bestBytes(family.network(1)) ?? manager.buffer();
    manager.remove(client);
    clock.advance(5);
    expect(manager.rtm.RtmGetRouteAge(route)).toBe(5);
  });

  test('lookup-longest-match', ({ manager }) => {
    const client = manager.client();
    const networks = [[[0, 0, 0, 0], 0], [[10, 0, 0, 0], 8], [[10, 1, 0, 0], 16], [[10, 1, 2, 3], 32]] as const;
    for (const [address, length] of networks) manager.tryAdd(client, ipRoute(address, maskOctets(length), { minor: 5 }));
    const best = ipRoute([10, 1, 0, 0], maskOctets(16), { via: 9, minor: 4 });
    manager.tryAdd(client, best);
    expect(lookedUp(manager, 10, 1, 2, 3)).toEqual([10, 1, 2, 3, 255, 255, 255, 255]);
    expect(lookedUp(manager, 10, 1, 2, 4)).toEqual([10, 1, 0, 0, 255, 255, 0, 0]);
    expect(lookedUp(manager, 10, 2, 0, 0)).toEqual([10, 0, 0, 0, 255, 0, 0, 0]);
    expect(lookedUp(manager, 255, 255, 255, 255)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    const found = manager.buffer();
    expect(manager.rtm.RtmLookupIPDestination(dwordOf(10, 1, 9, 9), found)).toBe(true);
    expect(manager.filled(found)).toMatchObject({ via: 9, minor: 4, protocol: 8 });
  });

  test('lookup-0', ({ manager }) => {
    expect(lookedUp(manager, 10, 0, 0, 1), 'in an empty table').toBeNull();
    const client = manager.client();
    manager.tryAdd(client, ipRoute([10, 0, 0, 0], maskOctets(8)));
    provokeError(manager);
    expect(lookedUp(manager, 11, 0, 0, 1)).toBeNull();
    manager.deregister(client);
    expect(lookedUp(manager, 10, 0, 0, 1), 'after the route has gone').toBeNull();
  });

  test('lookup-87', ({ manager }) => {
    manager.tryAdd(manager.client(), ipRoute([0, 0, 0, 0], maskOctets(0)));
    const { rtm } = manager;
    for (const address of [-1, 0.5, NaN, 2 ** 32, '10.0.0.1']) {
      expect(rtm.RtmLookupIPDestination(address as number, manager.buffer()), `address ${address}`).toBe(false);
      expect(rtm.GetLastError(), `address ${address}`).toBe(ERROR_INVALID_PARAMETER);
    }
    expect(rtm.RtmLookupIPDestination(0, new Uint8Array(91))).toBe(false);
    expect(rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
  });

  test('lookup-1450', ({ openFaulty }) => {
    const { faults, manager } = openFaulty();
    manager.tryAdd(manager.client(), ipRoute([0, 0, 0, 0], maskOctets(0)));
    faults.plan(failEverything);
    expect(manager.rtm.RtmLookupIPDestination(0, manager.buffer())).toBe(false);
    expect(manager.rtm.GetLastError()).toBe(ERROR_NO_SYSTEM_RESOURCES);
    faults.plan(noFaults);
    expect(lookedUp(manager, 1, 2, 3, 4)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  test('last-error-of-success', ({ manager, family }) => {
    manager.add(manager.client());
    provokeError(manager);
    expect(manager.rtm.RtmIsRoute(family.number, family.network(1), null)).toBe(true);
    expect(manager.rtm.RtmGetNetworkCount(family.number)).toBe(1);
    expect(manager.rtm.RtmGetRouteAge(manager.enumerated()[0] ?? manager.buffer())).toBe(0);
    expect(manager.rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
  });
});
