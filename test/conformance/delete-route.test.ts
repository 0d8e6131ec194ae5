import { expect } from 'vitest';
import { failFirst, noFaults } from '../support/faults.js';
import { ipRoute, setTimeStamp } from './support/family.js';
import { conformance } from './support/suite.js';

const NO_ERROR = 0;
const ERROR_INVALID_HANDLE = 6;
const ERROR_INVALID_PARAMETER = 87;
const ERROR_NO_SUCH_ROUTE = 259;
const ERROR_NO_SYSTEM_RESOURCES = 1450;
const RTM_NO_CHANGE = 0;
const RTM_ROUTE_DELETED = 2;
const RTM_ROUTE_CHANGED = 3;
const RTM_PROTOCOL_SINGLE_ROUTE = 1;

const failed = (code: number): object => ({ code, flags: undefined, current: null, previous: null });

conformance('delete-route', (test) => {
  test('delete-0', ({ manager }) => {
    const [client, other] = [manager.client(0), manager.client(1)];
    const kept = [{ net: 2 }, { via: 2 }, { interfaceId: 2 }];
    for (const fields of [{}, ...kept]) manager.add(client, fields);
    manager.add(other);
    expect(manager.tryDelete(client, manager.bytes()).code).toBe(NO_ERROR);
    const left = [manager.entry({ via: 2 }), manager.entry({ interfaceId: 2 }), manager.entry({}, 1), manager.entry({ net: 2 })];
    expect(manager.routes()).toEqual(left);
  });

  test('delete-6', ({ manager }) => {
    const client = manager.client();
    manager.add(client);
    const enumeration = manager.enumeration();
    for (const handle of [0, -1, 0.5, NaN, client + 1, enumeration]) {
      expect(manager.tryDelete(handle, manager.bytes()), `handle ${handle}`).toEqual(failed(ERROR_INVALID_HANDLE));
    }
    expect(manager.count()).toBe(1);
  });

  test('delete-87-network', ({ manager }) => {
    const client = manager.client();
    manager.tryAdd(client, ipRoute([10, 0, 0, 0], [255, 0, 0, 0]));
    for (const [address, mask] of [
      [[10, 0, 0, 0], [255, 0, 255, 0]],
      [[10, 0, 0, 0], [0, 0, 0, 255]],
      [[10, 1, 0, 0], [255, 0, 0, 0]],
    ] as const) {
      expect(manager.tryDelete(client, ipRoute(address, mask))).toEqual(failed(ERROR_INVALID_PARAMETER));
    }
    expect(manager.count()).toBe(1);
  });

  test('delete-87-null', ({ manager }) => {
    const client = manager.client();
    manager.add(client);
    expect(manager.rtm.RtmDeleteRoute(client, null as never, new Uint32Array(1), null)).toBe(ERROR_INVALID_PARAMETER);
    expect(manager.rtm.RtmDeleteRoute(client, manager.bytes(), null as never, null)).toBe(ERROR_INVALID_PARAMETER);
    expect(manager.count()).toBe(1);
  });

  test('delete-259', ({ manager }) => {
    const client = manager.client();
    expect(manager.tryDelete(client, manager.bytes()), 'in an empty table').toEqual(failed(ERROR_NO_SUCH_ROUTE));
    manager.add(client);
    for (const fields of [{ net: 2 }, { via: 2 }, { interfaceId: 2 }]) {
      expect(manager.tryDelete(client, manager.bytes(fields))).toEqual(failed(ERROR_NO_SUCH_ROUTE));
    }
    manager.remove(client);
    expect(manager.tryDelete(client, manager.bytes()), 'once deleted').toEqual(failed(ERROR_NO_SUCH_ROUTE));
  });

  test('delete-259-other-protocol', ({ manager, family }) => {
    const [client, other] = [manager.client(0), manager.client(1)];
    manager.add(other);
    for (const protocol of family.protocols) {
      expect(manager.tryDelete(client, manager.bytes({ protocol }))).toEqual(failed(ERROR_NO_SUCH_ROUTE));
    }
    expect(manager.routes()).toEqual([manager.entry({}, 1)]);
  });

  test('delete-1450', ({ openFaulty }) => {
    const { faults, manager } = openFaulty();
    const client = manager.client();
    manager.add(client);
    faults.plan(failFirst('RtmDeleteRouteToDest', ERROR_NO_SYSTEM_RESOURCES));
    expect(manager.tryDelete(client, manager.bytes())).toEqual(failed(ERROR_NO_SYSTEM_RESOURCES));
    faults.plan(noFaults);
  });

  test('delete-no-change', ({ manager }) => {
    const client = manager.client();
    manager.add(client, { via: 1, minor: 1 });
    manager.add(client, { via: 2, minor: 2 });
    expect(manager.remove(client, { via: 2 })).toEqual({ flags: RTM_NO_CHANGE, current: null, previous: null });
    expect(manager.best(1)).toEqual(manager.entry({ via: 1, minor: 1 }));
  });

  test('delete-deleted', ({ manager }) => {
    const client = manager.client();
    manager.add(client);
    expect(manager.remove(client)).toEqual({ flags: RTM_ROUTE_DELETED, current: null, previous: null });
    expect(manager.best(1)).toBeNull();
  });

  test('delete-changed', ({ manager }) => {
    const [client, other] = [manager.client(0), manager.client(1)];
    manager.add(client, { via: 1, minor: 1 });
    manager.add(other, { via: 3, minor: 3 });
    manager.add(client, { via: 2, minor: 2, mark: 8 });
    const next = manager.entry({ via: 2, minor: 2, mark: 8 });
    expect(manager.remove(client, { via: 1 })).toEqual({ flags: RTM_ROUTE_CHANGED, current: next, previous: null });
    const last = manager.entry({ via: 3, minor: 3 }, 1);
    expect(manager.remove(client, { via: 2 })).toEqual({ flags: RTM_ROUTE_CHANGED, current: last, previous: null });
    expect(manager.routes()).toEqual([last]);
  });

  test('delete-buffer-optional', ({ manager }) => {
    const client = manager.client();
    for (const via of [1, 2]) manager.add(client, { via, minor: via });
    const flags = new Uint32Array(1);
    expect(manager.rtm.RtmDeleteRoute(client, manager.bytes({ via: 1 }), flags, null)).toBe(NO_ERROR);
    expect(flags[0]).toBe(RTM_ROUTE_CHANGED);
  });

  test('delete-reads-identity-only', ({ manager, family }) => {
    const client = manager.client();
    manager.add(client, { minor: 4, mark: 4 });
    const bytes = manager.bytes({ protocol: 0xdead, minor: 99, major: 99, flags: 0xff, mark: 99 });
    setTimeStamp(bytes, 0x7fffffffffffffffn);
    bytes.fill(0xee, family.familyData.start);
    expect(manager.tryDelete(client, bytes).flags).toBe(RTM_ROUTE_DELETED);
  });

  test('delete-single-route', ({ manager }) => {
    const client = manager.client(0, { flags: RTM_PROTOCOL_SINGLE_ROUTE });
    manager.add(client, { net: 1, via: 1, interfaceId: 1 });
    manager.add(client, { net: 2, via: 1, interfaceId: 1 });
    expect(manager.remove(client, { net: 1, via: 7, interfaceId: 9 }).flags).toBe(RTM_ROUTE_DELETED);
    expect(manager.routes()).toEqual([manager.entry({ net: 2 })]);
  });

  test('delete-order-of-checks', ({ manager }) => {
    const client = manager.client();
    const { rtm } = manager;
    expect(rtm.RtmDeleteRoute(0, null as never, null as never, null)).toBe(ERROR_INVALID_HANDLE);
    expect(rtm.RtmDeleteRoute(client, manager.bytes(), null as never, null)).toBe(ERROR_INVALID_PARAMETER);
    expect(rtm.RtmDeleteRoute(client, manager.bytes(), new Uint32Array(1), null)).toBe(ERROR_NO_SUCH_ROUTE);
  });

  test('delete-failure-changes-nothing', ({ openFaulty }) => {
    const { faults, manager } = openFaulty();
    const client = manager.client();
    for (const via of [1, 2]) manager.add(client, { via, minor: via });
    for (const via of [1, 2]) {
      faults.plan(failFirst('RtmDeleteRouteToDest', ERROR_NO_SYSTEM_RESOURCES));
      expect(manager.tryDelete(client, manager.bytes({ via }))).toEqual(failed(ERROR_NO_SYSTEM_RESOURCES));
      faults.plan(noFaults);
      expect(manager.routes()).toEqual([manager.entry({ via: 1, minor: 1 }), manager.entry({ via: 2, minor: 2 })]);
      expect(manager.best(1)).toEqual(manager.entry({ via: 1, minor: 1 }));
    }
    expect(manager.remove(client, { via: 1 }).flags).toBe(RTM_ROUTE_CHANGED);
  });
});
