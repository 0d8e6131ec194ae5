import { expect } from 'vitest';
import { noFaults } from '../support/faults.js';
import { ipNetworkOf, ipRoute, ipxRoute, membersOf } from './support/family.js';
import { Manager, sorted } from './support/manager.js';
import { conformance, type Scene } from './support/suite.js';

const NO_ERROR = 0;
const ERROR_INVALID_PARAMETER = 87;
const ERROR_NO_ROUTES = 259;
const ERROR_NO_SYSTEM_RESOURCES = 1450;
const NETWORK = 1;
const INTERFACE = 2;
const PROTOCOL = 4;
const BEST = 8;

type Walk = 'RtmGetFirstRoute' | 'RtmGetNextRoute';

/** Three clients whose routes differ in every part of the key, added in an order that is not that of the table. */
function fill(manager: Manager): void {
  for (const index of [2, 0, 1] as const) {
    const client = manager.client(index);
    for (const net of [2, 1]) {
      for (const interfaceId of [2, 1]) {
        for (const via of [2, 1]) manager.add(client, { net, interfaceId, via, minor: 1 + ((net + index + via) % 3) });
      }
    }
  }
}

/** Everything that the flags and criteria let through, in the order of the table. */
function subset(manager: Manager, flags: number, criteria: { net: number; interfaceId: number; protocol: number }): unknown[] {
  return sorted(manager.routes()).filter(
    (route) =>
      ((flags & NETWORK) === 0 || route.net === criteria.net) &&
      ((flags & INTERFACE) === 0 || route.interfaceId === criteria.interfaceId) &&
      ((flags & PROTOCOL) === 0 || route.protocol === criteria.protocol) &&
      ((flags & BEST) === 0 || JSON.stringify(manager.best(route.net)) === JSON.stringify(route)),
  );
}

/** Wrong families and flags, which both functions refuse. */
function refusesBadParameters({ manager, family }: Scene, walk: Walk): void {
  fill(manager);
  const route = manager.bytes();
  for (const number of [2, 23, 0xffffffff, -1, NaN]) {
    expect(manager.rtm[walk](number, 0, route), `family ${number}`).toBe(ERROR_INVALID_PARAMETER);
  }
  for (let bit = 4; bit < 32; bit += 1) {
    expect(manager.rtm[walk](family.number, 2 ** bit, route), `bit ${bit}`).toBe(ERROR_INVALID_PARAMETER);
  }
  expect(route).toEqual(manager.bytes());
}

function refusesNull({ manager, family }: Scene, walk: Walk): void {
  fill(manager);
  for (let flags = 0; flags < 16; flags += 1) {
    expect(manager.rtm[walk](family.number, flags, null as never), `flags ${flags}`).toBe(ERROR_INVALID_PARAMETER);
  }
}

function reportsFailures({ openFaulty }: Scene, walk: Walk): void {
  const { faults, manager } = openFaulty();
  fill(manager);
  faults.plan(() => ERROR_NO_SYSTEM_RESOURCES);
  const route = manager.bytes();
  expect(manager.step(walk, 0, route)).toBe(ERROR_NO_SYSTEM_RESOURCES);
  expect(route).toEqual(manager.bytes());
  faults.plan(noFaults);
  expect(manager.step(walk, 0, route)).toBe(NO_ERROR);
}

/** Reads a walk's routes. */
const read = (manager: Manager, walked: readonly Uint8Array[]): unknown[] => walked.map((bytes) => manager.family.read(bytes));

conformance('first-and-next-route', (test) => {
  test('first-0', ({ manager }) => {
    fill(manager);
    const route = manager.bytes({ net: 9, via: 9, interfaceId: 9, mark: 9 });
    expect(manager.step('RtmGetFirstRoute', 0, route)).toBe(NO_ERROR);
    expect(manager.family.read(route)).toEqual(sorted(manager.routes())[0]);
  });

  test('first-87', (scene) => {
    refusesBadParameters(scene, 'RtmGetFirstRoute');
  });

  test('first-87-null', (scene) => {
    refusesNull(scene, 'RtmGetFirstRoute');
  });

  test('first-259', ({ manager }) => {
    const route = manager.bytes({ net: 3 });
    expect(manager.step('RtmGetFirstRoute', 0, route), 'in an empty table').toBe(ERROR_NO_ROUTES);
    fill(manager);
    expect(manager.step('RtmGetFirstRoute', NETWORK, route)).toBe(ERROR_NO_ROUTES);
    expect(route).toEqual(manager.bytes({ net: 3 }));
  });

  test('first-1450', (scene) => {
    reportsFailures(scene, 'RtmGetFirstRoute');
  });

  test('first-criteria', ({ manager, family }) => {
    fill(manager);
    const criteria = { net: 2, interfaceId: 2, protocol: family.protocols[1] };
    for (let flags = 0; flags < 16; flags += 1) {
      const [expected] = subset(manager, flags, criteria);
      const route = manager.bytes(criteria);
      const code = manager.step('RtmGetFirstRoute', flags, route);
      expect(code, `flags ${flags}`).toBe(expected === undefined ? ERROR_NO_ROUTES : NO_ERROR);
      if (expected !== undefined) expect(family.read(route), `flags ${flags}`).toEqual(expected);
    }
  });

  test('next-route-0', ({ manager, family }) => {
    fill(manager);
    const all = sorted(manager.routes());
    all.slice(0, -1).forEach((route, index) => {
      const bytes = family.write(route);
      expect(manager.step('RtmGetNextRoute', 0, bytes)).toBe(NO_ERROR);
      expect(family.read(bytes)).toEqual(all[index + 1]);
    });
    expect(all).toHaveLength(24);
  });

  test('next-route-87', (scene) => {
    refusesBadParameters(scene, 'RtmGetNextRoute');
  });

  test('next-route-87-null', (scene) => {
    refusesNull(scene, 'RtmGetNextRoute');
  });

  test('next-route-87-network', ({ manager }) => {
    fill(manager);
    for (const network of [[10, 0, 0, 0, 255, 0, 255, 0], [10, 1, 0, 0, 255, 0, 0, 0]]) {
      const route = ipRoute(network.slice(0, 4), network.slice(4));
      expect(manager.step('RtmGetNextRoute', 0, route)).toBe(ERROR_INVALID_PARAMETER);
    }
  });

  test('next-route-259', ({ manager, family }) => {
    const route = manager.bytes({ net: 0 });
    expect(manager.step('RtmGetNextRoute', 0, route), 'in an empty table').toBe(ERROR_NO_ROUTES);
    fill(manager);
    const last = family.write(sorted(manager.routes()).at(-1) ?? family.route());
    expect(manager.step('RtmGetNextRoute', 0, last)).toBe(ERROR_NO_ROUTES);
    expect(manager.step('RtmGetNextRoute', NETWORK, route), 'a network without routes').toBe(ERROR_NO_ROUTES);
    expect(route).toEqual(manager.bytes({ net: 0 }));
  });

  test('next-route-1450', (scene) => {
    reportsFailures(scene, 'RtmGetNextRoute');
  });

  test('next-route-criteria', ({ manager, family }) => {
    fill(manager);
    const criteria = { net: 2, interfaceId: 2, protocol: family.protocols[1] };
    for (let flags = 0; flags < 16; flags += 1) {
      expect(read(manager, manager.walked(flags, criteria)), `flags ${flags}`).toEqual(subset(manager, flags, criteria));
    }
  });

  test('next-route-key-that-is-gone', ({ manager, family }) => {
    const client = manager.client();
    for (const net of [1, 3, 5]) manager.add(client, { net });
    const from = (fields: object): number | null => {
      const route = manager.bytes(fields);
      return manager.step('RtmGetNextRoute', 0, route) === NO_ERROR ? family.read(route).net : null;
    };
    expect([0, 1, 2, 3, 4, 5, 6].map((net) => from({ net }))).toEqual([1, 3, 3, 5, 5, null, null]);
    expect(from({ net: 3, via: 0 }), 'a smaller next hop').toBe(3);
    expect(from({ net: 3, via: 2 }), 'a larger next hop').toBe(5);
    expect(from({ net: 3, protocol: family.protocols[0] - 1, interfaceId: 9, via: 9 }), 'a smaller protocol').toBe(3);
    expect(from({ net: 3, interfaceId: 0, via: 9 }), 'a smaller interface').toBe(3);
  });

  test('order-of-routes', ({ manager }) => {
    fill(manager);
    expect(read(manager, manager.walked())).toEqual(sorted(manager.routes()));
  });

  test('order-of-numbers', ({ manager, family }) => {
    const numbers = [0xffffffff, 0x80000000, 0x7fffffff, 1, 0];
    for (const protocol of numbers) {
      const client = manager.rtm.RtmRegisterClient(family.number, protocol, null, 0);
      for (const interfaceId of numbers) manager.add(client, { interfaceId });
    }
    const ascending = [...numbers].reverse();
    const expected = ascending.flatMap((protocol) => ascending.map((interfaceId) => ({ protocol, interfaceId })));
    const walked = manager.walked().map((bytes) => family.read(bytes));
    expect(walked.map(({ protocol, interfaceId }) => ({ protocol, interfaceId }))).toEqual(expected);
  });

  test('order-of-ip-networks', ({ manager }) => {
    const ascending = [
      [0, 0, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 255, 0, 0, 0],
      [0, 0, 0, 1, 255, 255, 255, 255],
      [1, 0, 0, 0, 255, 0, 0, 0],
      [1, 0, 0, 0, 255, 255, 255, 255],
      [1, 0, 0, 255, 255, 255, 255, 255],
      [1, 0, 1, 0, 255, 255, 255, 0],
      [1, 255, 0, 0, 255, 255, 0, 0],
      [127, 255, 255, 255, 255, 255, 255, 255],
      [128, 0, 0, 0, 128, 0, 0, 0],
      [255, 255, 255, 255, 255, 255, 255, 255],
    ];
    const client = manager.client();
    for (const network of [...ascending].reverse()) manager.tryAdd(client, ipRoute(network.slice(0, 4), network.slice(4)));
    expect(manager.walked().map(ipNetworkOf)).toEqual(ascending);
    const hops = [[0, 0, 0, 1], [1, 0, 0, 0], [1, 0, 0, 2], [1, 0, 1, 0], [128, 0, 0, 0], [255, 0, 0, 1]];
    for (const hop of [...hops].reverse()) {
      const route = ipRoute([9, 0, 0, 0], [255, 0, 0, 0]);
      route.set([...hop, 255 - (hop[0] ?? 0), 0, 0, 0], 40);
      manager.tryAdd(client, route);
    }
    const walked = manager.walked(NETWORK, {}).length;
    expect(walked, 'no route to 10.1.0.0/16').toBe(0);
    const all = manager.walked().filter((bytes) => bytes[32] === 9);
    expect(all.map((bytes) => [...bytes.subarray(40, 44)])).toEqual(hops);
  });

  test('order-of-ipx-networks', ({ manager }) => {
    const ascending = [0, 1, 0xff, 0x100, 0x01000000, 0x7fffffff, 0x80000000, 0xffffffff];
    const client = manager.client();
    for (const number of [...ascending].reverse()) manager.tryAdd(client, ipxRoute(number));
    const numberOf = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset).getUint32(32, true);
    expect(manager.walked().map(numberOf)).toEqual(ascending);
    const macs = [[0, 0, 0, 0, 0, 2], [0, 0, 0, 0, 1, 0], [0, 0, 1, 0, 0, 0], [0, 128, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0], [255, 0, 0, 0, 0, 0]];
    for (const mac of [...macs].reverse()) {
      const route = ipxRoute(5);
      route.set(mac, 36);
      manager.tryAdd(client, route);
    }
    const walked = manager.walked(NETWORK, { net: 5 });
    expect(walked.map((bytes) => [...bytes.subarray(36, 42)])).toEqual(macs);
  });

  test('order-each-once', ({ manager }) => {
    const client = manager.client();
    for (let index = 0; index < 300; index += 1) {
      manager.add(client, { net: (index * 7) % 50, via: Math.floor(index / 50), interfaceId: index % 5, mark: index });
    }
    const [walked, enumerated] = [manager.walked(), manager.enumerated()].map((routes) =>
      routes.map((bytes) => membersOf(bytes).join(' ')),
    );
    expect(walked?.length).toBe(300);
    expect([...(walked ?? [])].sort()).toEqual([...(enumerated ?? [])].sort());
  });

  test('order-of-changing-table', ({ manager, family }) => {
    const client = manager.client();
    for (const net of [1, 2, 3, 4, 5, 6]) manager.add(client, { net });
    const route = manager.bytes();
    const told: number[] = [];
    let code = manager.step('RtmGetFirstRoute', 0, route);
    while (code === NO_ERROR) {
      const { net } = family.read(route);
      told.push(net);
      if (net < 7) manager.remove(client, { net });
      if (net === 2) manager.remove(client, { net: 3 });
      if (net === 4) manager.add(client, { net: 0 });
      if (net === 5) manager.add(client, { net: 8 });
      code = manager.step('RtmGetNextRoute', 0, route);
    }
    expect(told).toEqual([1, 2, 4, 5, 6, 8]);
  });

  test('first-without-client', ({ manager, open, family, clock }) => {
    const reader = new Manager(open(), family, clock);
    expect(reader.walked()).toEqual([]);
    fill(manager);
    expect(reader.walked()).toEqual(manager.walked());
  });
});
