import { expect } from 'vitest';
import { NOTHING } from '../support/backend.js';
import { noFaults } from '../support/faults.js';
import { FAMILIES, membersOf, PROTOCOL_DATA } from './support/family.js';
import { Manager, sorted } from './support/manager.js';
import { conformance, type Scene } from './support/suite.js';

const NO_ERROR = 0;
const ERROR_INVALID_HANDLE = 6;
const ERROR_NOT_ENOUGH_MEMORY = 8;
const ERROR_INVALID_PARAMETER = 87;
const ERROR_NO_ROUTES = 259;
const ERROR_NO_MORE_ROUTES = 259;
const ERROR_NO_SYSTEM_RESOURCES = 1450;
const NETWORK = 1;
const INTERFACE = 2;
const PROTOCOL = 4;
const BEST = 8;

/** Why RtmCreateEnumerationHandle gives NULL. */
function refusal({ rtm, family }: Manager, flags: number, criteria: Uint8Array | null, number = family.number): number {
  expect(rtm.RtmCreateEnumerationHandle(number, flags, criteria)).toBe(0);
  return rtm.GetLastError();
}

/** Two clients with routes that differ in every criterion. */
function fill(manager: Manager): { first: number; second: number } {
  const [first, second] = [manager.client(0), manager.client(1)];
  for (const net of [1, 2, 3]) {
    for (const interfaceId of [1, 2]) manager.add(first, { net, interfaceId, minor: interfaceId + 1 });
  }
  for (const net of [2, 3, 4]) manager.add(second, { net, interfaceId: 2, minor: net === 3 ? 1 : 9 });
  return { first, second };
}

/** Lets RTMv2 fail the creation of an enumeration with a code, and returns what the caller learns. */
function refusalWith({ openFaulty }: Scene, code: number): number {
  const { faults, manager } = openFaulty();
  manager.add(manager.client());
  faults.plan(({ name }) => (name === 'RtmCreateRouteEnum' || name === 'RtmCreateDestEnum' ? code : null));
  const learnt = refusal(manager, 0, null);
  faults.plan(noFaults);
  expect(manager.routes()).toEqual([manager.entry()]);
  return learnt;
}

conformance('enumeration', (test) => {
  test('create-gives-handle', ({ manager }) => {
    fill(manager);
    const handle = manager.enumeration();
    expect(manager.rest(handle)).toHaveLength(9);
  });

  test('create-259', ({ manager, family }) => {
    expect(refusal(manager, 0, null), 'in an empty table').toBe(ERROR_NO_ROUTES);
    fill(manager);
    expect(refusal(manager, NETWORK, manager.bytes({ net: 5 }))).toBe(ERROR_NO_ROUTES);
    expect(refusal(manager, INTERFACE, manager.bytes({ interfaceId: 3 }))).toBe(ERROR_NO_ROUTES);
    expect(refusal(manager, PROTOCOL, manager.bytes({ protocol: family.protocols[2] }))).toBe(ERROR_NO_ROUTES);
    expect(refusal(manager, NETWORK | PROTOCOL, manager.bytes({ net: 4 }))).toBe(ERROR_NO_ROUTES);
  });

  test('create-87-family', ({ manager }) => {
    fill(manager);
    for (const number of [2, 23, 0xffffffff, -1, NaN]) {
      expect(refusal(manager, 0, null, number), `family ${number}`).toBe(ERROR_INVALID_PARAMETER);
    }
  });

  test('create-87-flags', ({ manager }) => {
    fill(manager);
    for (let bit = 4; bit < 32; bit += 1) {
      expect(refusal(manager, 2 ** bit, manager.bytes()), `bit ${bit}`).toBe(ERROR_INVALID_PARAMETER);
      expect(refusal(manager, 2 ** bit + NETWORK, manager.bytes()), `bit ${bit}`).toBe(ERROR_INVALID_PARAMETER);
    }
  });

  test('create-87-null', ({ manager }) => {
    fill(manager);
    for (let flags = 1; flags < 16; flags += 1) {
      if (flags !== BEST) expect(refusal(manager, flags, null), `flags ${flags}`).toBe(ERROR_INVALID_PARAMETER);
    }
  });

  test('create-8', (scene) => {
    expect(refusalWith(scene, ERROR_NOT_ENOUGH_MEMORY)).toBe(ERROR_NOT_ENOUGH_MEMORY);
  });

  test('create-1450', (scene) => {
    expect(refusalWith(scene, ERROR_NO_SYSTEM_RESOURCES)).toBe(ERROR_NO_SYSTEM_RESOURCES);
  });

  test('create-this-network', ({ manager }) => {
    fill(manager);
    const all = manager.routes();
    expect(manager.routes(NETWORK, { net: 2, interfaceId: 9, protocol: 9 })).toEqual(all.filter(({ net }) => net === 2));
  });

  test('create-this-interface', ({ manager }) => {
    fill(manager);
    const all = manager.routes();
    expect(manager.routes(INTERFACE, { net: 9, interfaceId: 1, protocol: 9 })).toEqual(all.filter(({ interfaceId }) => interfaceId === 1));
  });

  test('create-this-protocol', ({ manager, family }) => {
    fill(manager);
    const protocol = family.protocols[1];
    const expected = manager.routes().filter((route) => route.protocol === protocol);
    expect(expected).toHaveLength(3);
    expect(manager.routes(PROTOCOL, { net: 9, interfaceId: 9, protocol })).toEqual(expected);
  });

  test('create-best-routes', ({ manager }) => {
    fill(manager);
    const best = [1, 2, 3, 4].map((net) => manager.best(net));
    expect(manager.routes(BEST)).toEqual(best);
    expect(best.map((route) => route?.protocol === manager.family.protocols[1])).toEqual([false, false, true, true]);
  });

  test('create-flags-combine', ({ manager, family }) => {
    fill(manager);
    const all = manager.routes();
    const [protocol] = family.protocols;
    const criteria = { net: 2, interfaceId: 2, protocol };
    for (let flags = 0; flags < 8; flags += 1) {
      const expected = all.filter(
        (route) =>
          ((flags & NETWORK) === 0 || route.net === criteria.net) &&
          ((flags & INTERFACE) === 0 || route.interfaceId === criteria.interfaceId) &&
          ((flags & PROTOCOL) === 0 || route.protocol === criteria.protocol),
      );
      expect(manager.routes(flags, criteria), `flags ${flags}`).toEqual(expected);
    }
  });

  test('create-best-of-all', ({ manager, family }) => {
    fill(manager);
    const [protocol] = family.protocols;
    const ofFirst = [1, 2].map((net) => manager.entry({ net, interfaceId: 1, minor: 2 }));
    expect(manager.routes(BEST | PROTOCOL, { protocol })).toEqual(ofFirst);
    expect(manager.routes(BEST | INTERFACE, { interfaceId: 1 })).toEqual(ofFirst);
    expect(manager.routes(BEST | NETWORK, { net: 3 })).toEqual([manager.best(3)]);
    expect(refusal(manager, BEST | NETWORK | INTERFACE, manager.bytes({ net: 1, interfaceId: 2 }))).toBe(ERROR_NO_ROUTES);
  });

  test('create-null-criteria', ({ manager }) => {
    fill(manager);
    expect(manager.routes(0, null)).toHaveLength(9);
    expect(manager.routes(BEST, null)).toHaveLength(4);
  });

  test('create-without-client', ({ manager, open, family, clock }) => {
    fill(manager);
    const reader = new Manager(open(), family, clock);
    expect(reader.routes()).toEqual(manager.routes());
    for (const other of FAMILIES.filter(({ name }) => name !== family.name)) {
      expect(new Manager(manager.rtm, other, clock).routes()).toEqual([]);
    }
  });

  test('next-0', ({ manager }) => {
    const client = manager.client();
    const added = Array.from({ length: 200 }, (_route, index) => {
      const bytes = manager.bytes({ net: index % 100, via: 1 + Math.floor(index / 100), minor: index });
      bytes.fill(index, PROTOCOL_DATA.start, PROTOCOL_DATA.start + PROTOCOL_DATA.size);
      manager.tryAdd(client, bytes);
      return membersOf(bytes).join(' ');
    });
    const told = manager.enumerated().map((bytes) => membersOf(bytes).join(' '));
    expect(told.sort()).toEqual(added.sort());
  });

  test('next-6', ({ manager }) => {
    const { first } = fill(manager);
    const handle = manager.enumeration();
    const buffer = manager.buffer();
    for (const wrong of [0, -1, 0.5, NaN, handle + 1000, first]) {
      expect(manager.rtm.RtmEnumerateGetNextRoute(wrong, buffer), `handle ${wrong}`).toBe(ERROR_INVALID_HANDLE);
    }
    expect(manager.rtm.RtmCloseEnumerationHandle(handle)).toBe(NO_ERROR);
    expect(manager.rtm.RtmEnumerateGetNextRoute(handle, buffer), 'closed').toBe(ERROR_INVALID_HANDLE);
    expect(manager.filled(buffer)).toBeNull();
  });

  test('next-259', ({ manager }) => {
    fill(manager);
    const handle = manager.enumeration();
    expect(manager.rest(handle)).toHaveLength(9);
    const buffer = manager.buffer();
    for (let time = 0; time < 3; time += 1) {
      expect(manager.rtm.RtmEnumerateGetNextRoute(handle, buffer)).toBe(ERROR_NO_MORE_ROUTES);
    }
    expect(manager.filled(buffer)).toBeNull();
  });

  test('next-1450', ({ openFaulty }) => {
    const { faults, manager } = openFaulty();
    const { first } = fill(manager);
    const handle = manager.enumeration();
    manager.deregister(first);
    faults.plan(() => ERROR_NO_SYSTEM_RESOURCES);
    const buffer = manager.buffer();
    expect(manager.rtm.RtmEnumerateGetNextRoute(handle, buffer)).toBe(ERROR_NO_SYSTEM_RESOURCES);
    expect(manager.filled(buffer)).toBeNull();
    faults.plan(noFaults);
    expect(manager.rest(handle)).toHaveLength(3);
  });

  test('next-87', ({ manager }) => {
    fill(manager);
    const handle = manager.enumeration();
    expect(manager.rtm.RtmEnumerateGetNextRoute(handle, null as never)).toBe(ERROR_INVALID_PARAMETER);
    expect(manager.rest(handle)).toHaveLength(9);
  });

  test('next-pages-codes-only', ({ manager }) => {
    fill(manager);
    const code = manager.rtm.RtmEnumerateGetNextRoute(manager.enumeration(), null as never);
    expect([NO_ERROR, ERROR_INVALID_HANDLE, ERROR_NO_MORE_ROUTES, ERROR_NO_SYSTEM_RESOURCES]).toContain(code);
  });

  test('next-later-routes', ({ manager }) => {
    const client = manager.client();
    for (const net of [1, 3]) manager.add(client, { net });
    const handle = manager.enumeration();
    for (const net of [0, 2, 4]) manager.add(client, { net });
    manager.add(client, { net: 3, via: 2 });
    expect(sorted(manager.rest(handle).map((bytes) => manager.family.read(bytes)))).toEqual([
      manager.entry({ net: 1 }),
      manager.entry({ net: 3 }),
    ]);
  });

  test('next-deleted-routes', ({ manager }) => {
    const client = manager.client();
    for (const net of [1, 2, 3, 4]) manager.add(client, { net });
    const handle = manager.enumeration();
    for (const net of [1, 3]) manager.remove(client, { net });
    expect(sorted(manager.rest(handle).map((bytes) => manager.family.read(bytes)))).toEqual([
      manager.entry({ net: 2 }),
      manager.entry({ net: 4 }),
    ]);
  });

  test('next-current-data', ({ manager }) => {
    const client = manager.client();
    manager.add(client, { minor: 1, mark: 1 });
    const handle = manager.enumeration();
    manager.add(client, { minor: 2, mark: 2 });
    expect(manager.rest(handle).map((bytes) => manager.family.read(bytes))).toEqual([manager.entry({ minor: 2, mark: 2 })]);
  });

  test('next-several-enumerations', ({ manager, family }) => {
    fill(manager);
    const handles = [manager.enumeration(), manager.enumeration(PROTOCOL, manager.bytes()), manager.enumeration(BEST)];
    const told = handles.map(() => new Array<string>());
    for (let step = 0; step < 10; step += 1) {
      handles.forEach((handle, index) => {
        const buffer = manager.buffer();
        if (manager.rtm.RtmEnumerateGetNextRoute(handle, buffer) !== NO_ERROR) return;
        told[index]?.push(JSON.stringify(family.read(buffer)));
      });
    }
    expect(told.map(({ length }) => length)).toEqual([9, 6, 4]);
    expect(told.map((routes) => new Set(routes).size)).toEqual([9, 6, 4]);
    expect(new Set(handles).size).toBe(3);
  });

  test('next-outlives-clients', ({ manager }) => {
    const { first, second } = fill(manager);
    const handle = manager.enumeration();
    manager.deregister(first);
    expect(manager.rest(handle).map((bytes) => manager.family.read(bytes).protocol)).toEqual([1, 1, 1].map((index) => manager.family.protocols[index as 1]));
    manager.deregister(second);
    expect(manager.rtm.RtmEnumerateGetNextRoute(handle, manager.buffer())).toBe(ERROR_NO_MORE_ROUTES);
    expect(manager.rtm.RtmCloseEnumerationHandle(handle)).toBe(NO_ERROR);
  });

  test('close-0', ({ manager }) => {
    const { first, second } = fill(manager);
    const handles = [0, 3, 9].map((steps) => {
      const handle = manager.enumeration();
      for (let step = 0; step < steps; step += 1) manager.rtm.RtmEnumerateGetNextRoute(handle, manager.buffer());
      return handle;
    });
    expect(handles.map((handle) => manager.rtm.RtmCloseEnumerationHandle(handle))).toEqual([NO_ERROR, NO_ERROR, NO_ERROR]);
    manager.deregister(first, second);
    expect(manager.rtm.leftBehind()).toEqual(NOTHING);
  });

  test('close-6', ({ manager }) => {
    const { first } = fill(manager);
    const handle = manager.enumeration();
    for (const wrong of [0, -1, 0.5, NaN, handle + 1000, first]) {
      expect(manager.rtm.RtmCloseEnumerationHandle(wrong), `handle ${wrong}`).toBe(ERROR_INVALID_HANDLE);
    }
    expect(manager.rtm.RtmCloseEnumerationHandle(handle)).toBe(NO_ERROR);
    expect(manager.rtm.RtmCloseEnumerationHandle(handle), 'a second time').toBe(ERROR_INVALID_HANDLE);
    expect(manager.count(), 'with a client whose handle was tried').toBe(4);
  });

  test('close-1450', ({ openFaulty }) => {
    const { faults, manager } = openFaulty();
    fill(manager);
    const handle = manager.enumeration();
    faults.plan(() => ERROR_NO_SYSTEM_RESOURCES);
    expect(manager.rtm.RtmCloseEnumerationHandle(handle)).toBe(ERROR_NO_SYSTEM_RESOURCES);
    faults.plan(noFaults);
    expect(manager.rtm.RtmCloseEnumerationHandle(handle)).toBe(NO_ERROR);
    expect(manager.rtm.RtmCloseEnumerationHandle(handle)).toBe(ERROR_INVALID_HANDLE);
  });
});
