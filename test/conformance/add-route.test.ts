import { expect } from 'vitest';
import { failFirst, noFaults } from '../support/faults.js';
import { IP, ipNetworkOf, ipRoute, ipxRoute, maskOctets, membersOf, PROTOCOL_DATA, setTimeStamp, timeStamp } from './support/family.js';
import { Manager } from './support/manager.js';
import { conformance, type Scene } from './support/suite.js';

const NO_ERROR = 0;
const ERROR_INVALID_HANDLE = 6;
const ERROR_NOT_ENOUGH_MEMORY = 8;
const ERROR_INVALID_PARAMETER = 87;
const ERROR_NO_SYSTEM_RESOURCES = 1450;
const RTM_NO_CHANGE = 0;
const RTM_ROUTE_ADDED = 1;
const RTM_ROUTE_CHANGED = 3;
const LONGEST_TTL = 2147483;
const INFINITE = 0xffffffff;

/** 100 ns units from 1601-01-01 to 1970-01-01 UTC. */
const EPOCH = 116444736000000000n;

const failed = (code: number): object => ({ code, flags: undefined, current: null, previous: null });

/** Lets RTMv2 fail an addition with a code once, and returns what the caller learns; the next one must succeed. */
function failureWith({ openFaulty }: Scene, code: number): unknown {
  const { faults, manager } = openFaulty();
  const client = manager.client();
  faults.plan(failFirst('RtmAddRouteToDest', code));
  const answer = manager.tryAdd(client, manager.bytes());
  faults.plan(noFaults);
  expect(manager.routes()).toEqual([]);
  expect(manager.add(client).flags).toBe(RTM_ROUTE_ADDED);
  return answer;
}

/** Networks that no table can hold: address and mask. */
const IMPOSSIBLE_NETWORKS = [
  [[10, 0, 0, 0], [255, 0, 255, 0]],
  [[10, 0, 0, 0], [0, 255, 255, 255]],
  [[0, 0, 0, 0], [0, 0, 0, 1]],
  [[10, 1, 0, 0], [255, 0, 0, 0]],
  [[10, 0, 0, 1], [255, 255, 255, 254]],
  [[128, 0, 0, 0], [0, 0, 0, 0]],
] as const;

conformance('add-route', (test) => {
  test('add-0-added', ({ manager }) => {
    const [first, second] = [manager.client(0), manager.client(1)];
    expect(manager.add(first, { net: 1 })).toEqual({ flags: RTM_ROUTE_ADDED, current: manager.entry({ net: 1 }), previous: null });
    expect(manager.add(second, { net: 2 })).toEqual({ flags: RTM_ROUTE_ADDED, current: manager.entry({ net: 2 }, 1), previous: null });
    expect(manager.routes()).toEqual([manager.entry({ net: 1 }), manager.entry({ net: 2 }, 1)]);
  });

  test('add-0-updated', ({ manager }) => {
    const client = manager.client();
    for (const minor of [3, 1, 2]) manager.add(client, { minor, mark: minor });
    expect(manager.routes()).toEqual([manager.entry({ minor: 2, mark: 2 })]);
  });

  test('add-6', ({ manager }) => {
    const client = manager.client();
    manager.add(client);
    const enumeration = manager.enumeration();
    for (const handle of [0, -1, 0.5, NaN, client + 1, enumeration]) {
      expect(manager.tryAdd(handle, manager.bytes({ net: 2 })), `handle ${handle}`).toEqual(failed(ERROR_INVALID_HANDLE));
    }
    expect(manager.count()).toBe(1);
  });

  test('add-87-network', ({ manager }) => {
    const client = manager.client();
    for (const [address, mask] of IMPOSSIBLE_NETWORKS) {
      const answer = manager.tryAdd(client, ipRoute(address, mask));
      expect(answer, `${address.join('.')} mask ${mask.join('.')}`).toEqual(failed(ERROR_INVALID_PARAMETER));
    }
    expect(manager.count()).toBe(0);
  });

  test('add-87-null', ({ manager }) => {
    const client = manager.client();
    const { rtm } = manager;
    expect(rtm.RtmAddRoute(client, null as never, INFINITE, new Uint32Array(1), null, null)).toBe(ERROR_INVALID_PARAMETER);
    expect(rtm.RtmAddRoute(client, manager.bytes(), INFINITE, null as never, null, null)).toBe(ERROR_INVALID_PARAMETER);
    expect(manager.count()).toBe(0);
  });

  test('add-87-ttl', ({ manager }) => {
    const client = manager.client();
    for (const timeToLive of [LONGEST_TTL + 1, 0x7fffffff, INFINITE - 1, INFINITE + 1, -1, 0.5, NaN]) {
      const answer = manager.tryAdd(client, manager.bytes(), timeToLive);
      expect(answer, `${timeToLive} s`).toEqual(failed(ERROR_INVALID_PARAMETER));
    }
    expect(manager.count()).toBe(0);
    manager.add(client, { mark: 1 }, LONGEST_TTL);
    expect(manager.tryAdd(client, manager.bytes({ mark: 2 }), LONGEST_TTL + 1).code).toBe(ERROR_INVALID_PARAMETER);
    expect(manager.best(1)).toEqual(manager.entry({ mark: 1 }));
  });

  test('add-8', (scene) => {
    expect(failureWith(scene, ERROR_NOT_ENOUGH_MEMORY)).toEqual(failed(ERROR_NOT_ENOUGH_MEMORY));
  });

  test('add-1450', (scene) => {
    expect(failureWith(scene, ERROR_NO_SYSTEM_RESOURCES)).toEqual(failed(ERROR_NO_SYSTEM_RESOURCES));
  });

  test('add-reads-members', ({ manager, family }) => {
    const client = manager.client();
    const bytes = manager.bytes({ interfaceId: 0x89abcdef });
    const [own, data] = [PROTOCOL_DATA, family.familyData];
    for (let index = 0; index < own.size; index += 1) bytes[own.start + index] = 0xf0 - index;
    for (let index = 0; index < data.size; index += 1) bytes[data.start + index] = 0x80 + index;
    manager.tryAdd(client, bytes);
    const [stored] = manager.enumerated();
    expect(membersOf(stored ?? bytes)).toEqual(membersOf(bytes));
    expect(stored).toBeDefined();
  });

  test('add-sets-time-stamp', ({ manager, clock, family }) => {
    const client = manager.client();
    const expected = (): bigint => BigInt(clock.now) * 10000n + EPOCH;
    const bytes = manager.bytes();
    setTimeStamp(bytes, 1n);
    const current = manager.buffer();
    manager.rtm.RtmAddRoute(client, bytes, INFINITE, new Uint32Array(1), current, null);
    expect(timeStamp(current)).toBe(expected());
    expect(timeStamp(manager.bestBytes(family.network(1)) ?? bytes)).toBe(expected());
    clock.advance(77);
    manager.tryAdd(client, bytes);
    expect(timeStamp(manager.enumerated()[0] ?? bytes)).toBe(expected());
    expect(timeStamp(bytes), 'the structure of the caller').toBe(1n);
  });

  test('add-protocol-of-client', ({ manager, family }) => {
    const client = manager.client(0);
    const told = manager.add(client, { protocol: family.protocols[1] });
    expect(told.current).toEqual(manager.entry());
    expect(manager.routes()).toEqual([manager.entry()]);
  });

  test('add-changed-by-new-best', ({ manager }) => {
    const client = manager.client();
    manager.add(client, { via: 1, major: 9, mark: 5 });
    expect(manager.add(client, { via: 2, major: 8 })).toEqual({
      flags: RTM_ROUTE_CHANGED,
      current: manager.entry({ via: 2, major: 8 }),
      previous: manager.entry({ via: 1, major: 9, mark: 5 }),
    });
  });

  test('add-changed-by-update', ({ manager }) => {
    const client = manager.client();
    manager.add(client, { minor: 4, mark: 5 });
    expect(manager.add(client, { minor: 6, mark: 7 })).toEqual({
      flags: RTM_ROUTE_CHANGED,
      current: manager.entry({ minor: 6, mark: 7 }),
      previous: manager.entry({ minor: 4, mark: 5 }),
    });
  });

  test('add-changed-by-worse-update', ({ manager }) => {
    const client = manager.client();
    manager.add(client, { via: 1, minor: 1 });
    manager.add(client, { via: 2, minor: 2 });
    expect(manager.add(client, { via: 1, minor: 3 })).toEqual({
      flags: RTM_ROUTE_CHANGED,
      current: manager.entry({ via: 2, minor: 2 }),
      previous: manager.entry({ via: 1, minor: 1 }),
    });
  });

  test('add-no-change-not-best', ({ manager }) => {
    const client = manager.client();
    manager.add(client, { via: 1, minor: 1 });
    expect(manager.add(client, { via: 2, minor: 2 }).flags, 'added').toBe(RTM_NO_CHANGE);
    expect(manager.add(client, { via: 2, minor: 3 }).flags, 'updated').toBe(RTM_NO_CHANGE);
    expect(manager.routes()).toEqual([manager.entry({ via: 1, minor: 1 }), manager.entry({ via: 2, minor: 3 })]);
  });

  test('add-no-change-insignificant', ({ manager, clock }) => {
    const client = manager.client();
    manager.add(client, { mark: 1 });
    clock.advance(10);
    expect(manager.add(client, { mark: 2 }, 100).flags).toBe(RTM_NO_CHANGE);
    expect(manager.add(client, { mark: 2 }).flags, 'identical').toBe(RTM_NO_CHANGE);
  });

  test('add-no-change-fills-nothing', ({ manager }) => {
    const client = manager.client();
    manager.add(client, { via: 1, minor: 1 });
    const nothing = { flags: RTM_NO_CHANGE, current: null, previous: null };
    expect(manager.add(client, { via: 1, minor: 1, mark: 3 })).toEqual(nothing);
    expect(manager.add(client, { via: 2, minor: 2 })).toEqual(nothing);
  });

  test('add-buffers-optional', ({ manager, family }) => {
    const client = manager.client();
    const flags = new Uint32Array(1);
    const add = (minor: number, current: Uint8Array | null, previous: Uint8Array | null): number | undefined => {
      const route = manager.bytes({ minor });
      return manager.rtm.RtmAddRoute(client, route, INFINITE, flags, current, previous) === NO_ERROR ? flags[0] : undefined;
    };
    const [current, previous] = [manager.buffer(), manager.buffer()];
    expect(add(1, null, null)).toBe(RTM_ROUTE_ADDED);
    expect(add(2, null, null)).toBe(RTM_ROUTE_CHANGED);
    expect(add(3, current, null)).toBe(RTM_ROUTE_CHANGED);
    expect(add(4, null, previous)).toBe(RTM_ROUTE_CHANGED);
    expect([family.read(current).minor, family.read(previous).minor]).toEqual([3, 3]);
  });

  test('add-insignificant-is-stored', ({ manager, clock, family }) => {
    const client = manager.client();
    manager.add(client, { mark: 1 });
    clock.advance(60);
    manager.add(client, { mark: 2 });
    const stored = manager.bestBytes(family.network(1)) ?? manager.buffer();
    expect(family.read(stored)).toEqual(manager.entry({ mark: 2 }));
    expect(manager.rtm.RtmGetRouteAge(stored)).toBe(0);
  });

  test('add-judges-no-values', ({ manager, family }) => {
    const client = manager.client();
    const extremes = [
      { net: 1, interfaceId: 0, via: 0, major: 0, minor: 0 },
      { net: 2, interfaceId: 0xffffffff, via: 255, major: family.maxRank, minor: family.maxRank, flags: 0xffffffff },
    ];
    for (const fields of extremes) expect(manager.add(client, fields).flags).toBe(RTM_ROUTE_ADDED);
    expect(manager.routes()).toEqual(extremes.map((fields) => manager.entry(fields)));
    const zeros = manager.bytes({ net: 3, interfaceId: 0 }).fill(0, family.familyData.start - 8);
    expect(manager.tryAdd(client, zeros).code).toBe(NO_ERROR);
  });

  test('add-every-prefix-length', ({ manager }) => {
    const client = manager.client();
    const networks = Array.from({ length: 33 }, (_network, length) => {
      const mask = maskOctets(length);
      return { mask, address: [0xab, 0xcd, 0xef, 0xff].map((octet, index) => octet & (mask[index] ?? 0)) };
    });
    for (const { address, mask } of networks) {
      expect(manager.tryAdd(client, ipRoute(address, mask)).flags, mask.join('.')).toBe(RTM_ROUTE_ADDED);
    }
    expect(manager.count()).toBe(33);
    for (const { address, mask } of networks) {
      const found = manager.bestBytes(Uint8Array.of(...address, ...mask));
      expect(ipNetworkOf(found ?? manager.buffer())).toEqual([...address, ...mask]);
    }
  });

  test('add-every-ipx-number', ({ manager }) => {
    const client = manager.client();
    const numbers = [0, 1, 0xff, 0x100, 0x12345678, 0x80000000, 0xffffffff];
    for (const number of numbers) expect(manager.tryAdd(client, ipxRoute(number)).flags).toBe(RTM_ROUTE_ADDED);
    for (const number of numbers) {
      const network = ipxRoute(number).slice(32, 36);
      expect(manager.bestBytes(network)?.slice(32, 36)).toEqual(network);
    }
    expect(manager.count()).toBe(numbers.length);
  });

  test('add-failure-changes-nothing', ({ openFaulty }) => {
    const { faults, manager } = openFaulty();
    const client = manager.client();
    manager.add(client, { via: 1 });
    manager.add(client, { via: 2, minor: 5 });
    for (const fields of [{ via: 3, minor: 0 }, { via: 1, minor: 9 }, { via: 1, mark: 4 }, { net: 2 }]) {
      faults.plan(failFirst('RtmAddRouteToDest', ERROR_NO_SYSTEM_RESOURCES));
      expect(manager.tryAdd(client, manager.bytes(fields))).toEqual(failed(ERROR_NO_SYSTEM_RESOURCES));
      faults.plan(noFaults);
      expect(manager.routes()).toEqual([manager.entry({ via: 1 }), manager.entry({ via: 2, minor: 5 })]);
      expect(manager.best(1)).toEqual(manager.entry({ via: 1 }));
    }
  });

  test('add-without-clock', ({ open, family, clock }) => {
    const broken: (() => number)[] = [() => NaN, () => Infinity, () => -(2 ** 60), () => 'now' as unknown as number];
    const throwing = (): number => {
      throw new Error('no clock');
    };
    for (const now of [...broken, throwing]) {
      const manager = new Manager(open({ clock: now }), family, clock);
      const client = manager.client();
      expect(manager.tryAdd(client, manager.bytes())).toEqual(failed(ERROR_NO_SYSTEM_RESOURCES));
      expect(manager.count()).toBe(0);
      manager.deregister(client);
    }
  });

  test('add-order-of-checks', ({ manager }) => {
    const { rtm } = manager;
    expect(rtm.RtmAddRoute(0, null as never, LONGEST_TTL + 1, null as never, null, null)).toBe(ERROR_INVALID_HANDLE);
    expect(manager.tryAdd(0, IP.write(IP.route()).fill(0x55, 32, 40)).code).toBe(ERROR_INVALID_HANDLE);
  });
});
