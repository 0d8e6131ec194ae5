import { expect } from 'vitest';
import { EventObject } from '../../src/index.js';
import { failAll, noFaults } from '../support/faults.js';
import type { Manager } from './support/manager.js';
import { conformance } from './support/suite.js';

const NO_ERROR = 0;
const ERROR_INVALID_HANDLE = 6;
const ERROR_NOT_ENOUGH_MEMORY = 8;
const ERROR_INVALID_PARAMETER = 87;
const ERROR_NO_ROUTES = 259;
const ERROR_NO_SYSTEM_RESOURCES = 1450;
const RTM_ROUTE_DELETED = 2;
const RTM_ROUTE_CHANGED = 3;
const RTM_PROTOCOL_SINGLE_ROUTE = 1;
const NETWORK = 1;
const INTERFACE = 2;
const PROTOCOL = 4;
const BEST = 8;

/** Two clients with routes to the same networks over the same interfaces. */
function fill(manager: Manager): { client: number; other: number } {
  const [client, other] = [manager.client(0), manager.client(1)];
  for (const net of [1, 2, 3]) {
    for (const interfaceId of [1, 2]) {
      manager.add(client, { net, interfaceId });
      manager.add(other, { net, interfaceId });
    }
  }
  return { client, other };
}

conformance('block-delete-routes', (test) => {
  test('block-delete-0', ({ manager, family }) => {
    const { client } = fill(manager);
    const others = manager.routes(PROTOCOL, { protocol: family.protocols[1] });
    expect(manager.rtm.RtmBlockDeleteRoutes(client, 0, null)).toBe(NO_ERROR);
    expect(manager.routes()).toEqual(others);
    expect(others).toHaveLength(6);
  });

  test('block-delete-259', ({ manager }) => {
    const { client } = fill(manager);
    const { rtm } = manager;
    expect(rtm.RtmBlockDeleteRoutes(client, NETWORK, manager.bytes({ net: 4 }))).toBe(ERROR_NO_ROUTES);
    expect(rtm.RtmBlockDeleteRoutes(client, INTERFACE, manager.bytes({ interfaceId: 3 }))).toBe(ERROR_NO_ROUTES);
    expect(manager.routes()).toHaveLength(12);
    expect(rtm.RtmBlockDeleteRoutes(client, 0, null)).toBe(NO_ERROR);
    expect(rtm.RtmBlockDeleteRoutes(client, 0, null), 'with nothing left').toBe(ERROR_NO_ROUTES);
  });

  test('block-delete-259-other-protocol', ({ manager, family }) => {
    const { client } = fill(manager);
    for (const protocol of [family.protocols[1], family.protocols[2]]) {
      expect(manager.rtm.RtmBlockDeleteRoutes(client, PROTOCOL, manager.bytes({ protocol }))).toBe(ERROR_NO_ROUTES);
    }
    expect(manager.routes()).toHaveLength(12);
  });

  test('block-delete-6', ({ manager }) => {
    const { client } = fill(manager);
    const enumeration = manager.enumeration();
    for (const handle of [0, -1, 0.5, NaN, client + 1000, enumeration]) {
      expect(manager.rtm.RtmBlockDeleteRoutes(handle, 0, null), `handle ${handle}`).toBe(ERROR_INVALID_HANDLE);
    }
    expect(manager.routes()).toHaveLength(12);
  });

  test('block-delete-87-flags', ({ manager }) => {
    const { client } = fill(manager);
    for (let bit = 4; bit < 32; bit += 1) {
      expect(manager.rtm.RtmBlockDeleteRoutes(client, 2 ** bit, manager.bytes()), `bit ${bit}`).toBe(ERROR_INVALID_PARAMETER);
    }
    expect(manager.routes()).toHaveLength(12);
  });

  test('block-delete-87-null', ({ manager }) => {
    const { client } = fill(manager);
    for (let flags = 1; flags < 8; flags += 1) {
      expect(manager.rtm.RtmBlockDeleteRoutes(client, flags, null), `flags ${flags}`).toBe(ERROR_INVALID_PARAMETER);
    }
    expect(manager.routes()).toHaveLength(12);
    expect(manager.rtm.RtmBlockDeleteRoutes(client, BEST, null), 'no flag refers to it').toBe(NO_ERROR);
  });

  test('block-delete-8', ({ openFaulty }) => {
    const { faults, manager } = openFaulty();
    const { client } = fill(manager);
    faults.plan(failAll('RtmCreateRouteEnum', ERROR_NOT_ENOUGH_MEMORY));
    expect(manager.rtm.RtmBlockDeleteRoutes(client, 0, null)).toBe(ERROR_NOT_ENOUGH_MEMORY);
    faults.plan(noFaults);
    expect(manager.rtm.RtmBlockDeleteRoutes(client, 0, null)).toBe(NO_ERROR);
  });

  test('block-delete-1450', ({ openFaulty }) => {
    const { faults, manager } = openFaulty();
    const { client } = fill(manager);
    faults.plan(failAll('RtmDeleteRouteToDest', ERROR_NO_SYSTEM_RESOURCES));
    expect(manager.rtm.RtmBlockDeleteRoutes(client, 0, null)).toBe(ERROR_NO_SYSTEM_RESOURCES);
    faults.plan(noFaults);
    expect(manager.routes()).toHaveLength(12);
    expect(manager.rtm.RtmBlockDeleteRoutes(client, 0, null)).toBe(NO_ERROR);
  });

  test('block-delete-subset', ({ manager, family }) => {
    const { client } = fill(manager);
    const before = manager.routes();
    const [protocol] = family.protocols;
    const criteria = { net: 2, interfaceId: 1, protocol, via: 77, mark: 5 };
    for (let flags = 0; flags < 8; flags += 1) {
      const left = before.filter(
        (route) =>
          route.protocol !== protocol ||
          ((flags & NETWORK) !== 0 && route.net !== criteria.net) ||
          ((flags & INTERFACE) !== 0 && route.interfaceId !== criteria.interfaceId),
      );
      expect(manager.rtm.RtmBlockDeleteRoutes(client, flags, manager.bytes(criteria)), `flags ${flags}`).toBe(NO_ERROR);
      expect(manager.routes(), `flags ${flags}`).toEqual(left);
      for (const net of [1, 2, 3]) for (const interfaceId of [1, 2]) manager.add(client, { net, interfaceId });
    }
  });

  test('block-delete-best-routes', ({ manager }) => {
    const client = manager.client();
    for (const net of [1, 2]) for (const via of [1, 2, 3]) manager.add(client, { net, via, minor: via });
    expect(manager.rtm.RtmBlockDeleteRoutes(client, BEST | NETWORK, manager.bytes({ net: 1 }))).toBe(NO_ERROR);
    expect(manager.routes().map(({ net }) => net)).toEqual([2, 2, 2]);
    expect(manager.rtm.RtmBlockDeleteRoutes(client, BEST, null)).toBe(NO_ERROR);
    expect(manager.routes()).toEqual([]);
  });

  test('block-delete-tells-all', ({ manager }) => {
    const caller = manager.client(0, { event: new EventObject() });
    const other = manager.client(1, { event: new EventObject() });
    manager.add(caller, { net: 1, mark: 4 });
    manager.add(caller, { net: 2, major: 1 });
    manager.add(other, { net: 2, major: 2 });
    for (const client of [caller, other]) manager.messages(client);
    expect(manager.rtm.RtmBlockDeleteRoutes(caller, 0, null)).toBe(NO_ERROR);
    for (const client of [caller, other]) {
      const told = manager.messages(client).sort((a, b) => (a.previous?.net ?? 0) - (b.previous?.net ?? 0));
      expect(told).toEqual([
        { flags: RTM_ROUTE_DELETED, current: null, previous: manager.entry({ net: 1, mark: 4 }) },
        { flags: RTM_ROUTE_CHANGED, current: manager.entry({ net: 2, major: 2 }, 1), previous: manager.entry({ net: 2, major: 1 }) },
      ]);
    }
  });

  test('block-delete-single-route', ({ manager }) => {
    const client = manager.client(0, { flags: RTM_PROTOCOL_SINGLE_ROUTE });
    for (const net of [1, 2, 3]) manager.add(client, { net, interfaceId: net });
    expect(manager.rtm.RtmBlockDeleteRoutes(client, INTERFACE, manager.bytes({ interfaceId: 2 }))).toBe(NO_ERROR);
    expect(manager.routes().map(({ net }) => net)).toEqual([1, 3]);
    expect(manager.rtm.RtmBlockDeleteRoutes(client, 0, null)).toBe(NO_ERROR);
    expect(manager.count()).toBe(0);
  });

  test('block-delete-leaves-nothing', ({ manager }) => {
    const client = manager.client();
    for (const net of [1, 2, 3]) manager.add(client, { net, via: net });
    expect(manager.rtm.RtmBlockDeleteRoutes(client, 0, null)).toBe(NO_ERROR);
    expect(manager.rtm.leftBehind()).toMatchObject({ entities: 1, routes: 0, nextHops: 0, destinations: 0 });
    manager.add(client, { net: 2 });
    expect(manager.routes()).toEqual([manager.entry({ net: 2 })]);
  });

  test('block-delete-order-of-checks', ({ manager }) => {
    const client = manager.client();
    expect(manager.rtm.RtmBlockDeleteRoutes(0, 16, null)).toBe(ERROR_INVALID_HANDLE);
    expect(manager.rtm.RtmBlockDeleteRoutes(client, 16, null)).toBe(ERROR_INVALID_PARAMETER);
    expect(manager.rtm.RtmBlockDeleteRoutes(client, 0, null)).toBe(ERROR_NO_ROUTES);
  });
});
