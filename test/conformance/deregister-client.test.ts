import { expect } from 'vitest';
import { EventObject } from '../../src/index.js';
import { NOTHING } from '../support/backend.js';
import { failAll, failFirst, noFaults } from '../support/faults.js';
import { conformance } from './support/suite.js';

const NO_ERROR = 0;
const ERROR_INVALID_HANDLE = 6;
const ERROR_NO_SYSTEM_RESOURCES = 1450;
const RTM_ROUTE_DELETED = 2;
const RTM_ROUTE_CHANGED = 3;

conformance('deregister-client', (test) => {
  test('deregister-0', ({ manager }) => {
    const leaving = manager.client(0);
    const staying = manager.client(1);
    for (let net = 1; net <= 100; net += 1) manager.add(leaving, { net, via: net, interfaceId: net % 3 });
    for (const via of [1, 2, 3]) manager.add(leaving, { net: 200, via });
    manager.add(staying, { net: 1 });
    expect(manager.rtm.RtmDeregisterClient(leaving)).toBe(NO_ERROR);
    expect(manager.routes()).toEqual([manager.entry({ net: 1 }, 1)]);
  });

  test('deregister-6', ({ manager }) => {
    const client = manager.client();
    manager.add(client);
    const enumeration = manager.enumeration();
    for (const handle of [0, -1, 0.5, NaN, 1e300, client + 1, 0xffffffff, enumeration]) {
      expect(manager.rtm.RtmDeregisterClient(handle), `handle ${handle}`).toBe(ERROR_INVALID_HANDLE);
    }
    manager.deregister(client);
    expect(manager.rtm.RtmDeregisterClient(client), 'a second time').toBe(ERROR_INVALID_HANDLE);
  });

  test('deregister-1450', ({ openFaulty }) => {
    const { faults, manager } = openFaulty();
    const client = manager.client();
    manager.add(client);
    faults.plan(failAll('RtmDeleteRouteToDest', ERROR_NO_SYSTEM_RESOURCES));
    expect(manager.rtm.RtmDeregisterClient(client)).toBe(ERROR_NO_SYSTEM_RESOURCES);
    faults.plan(noFaults);
  });

  test('deregister-ends-handle', ({ manager }) => {
    const gone = manager.client(0, { event: new EventObject() });
    manager.deregister(gone);
    const answers = (): number[] => [
      manager.tryAdd(gone, manager.bytes()).code,
      manager.tryDelete(gone, manager.bytes()).code,
      manager.dequeue(gone).code,
      manager.rtm.RtmBlockDeleteRoutes(gone, 0, null),
      manager.rtm.RtmDeregisterClient(gone),
    ];
    expect(answers()).toEqual(answers().map(() => ERROR_INVALID_HANDLE));
    manager.client(0, { event: new EventObject() });
    expect(answers(), 'with a new client of the protocol').toEqual(answers().map(() => ERROR_INVALID_HANDLE));
  });

  test('deregister-frees-everything', ({ manager }) => {
    const client = manager.client();
    for (let net = 1; net <= 20; net += 1) {
      for (const via of [1, 2]) manager.add(client, { net, via, interfaceId: net });
    }
    const held = manager.rtm.leftBehind();
    expect(held).toMatchObject({ entities: 1, routes: 40, nextHops: 40, destinations: 20 });
    manager.deregister(client);
    expect(manager.rtm.leftBehind()).toEqual(NOTHING);
  });

  test('deregister-best-route', ({ manager }) => {
    const [leaving, staying] = [manager.client(0), manager.client(1)];
    manager.add(leaving, { major: 1 });
    manager.add(staying, { via: 2, major: 3 });
    manager.add(staying, { via: 3, major: 2 });
    manager.deregister(leaving);
    expect(manager.best(1)).toEqual(manager.entry({ via: 3, major: 2 }, 1));
  });

  test('deregister-tells-others', ({ manager }) => {
    const [leaving, staying] = [manager.client(0), manager.client(1, { event: new EventObject() })];
    const listener = manager.client(2, { event: new EventObject() });
    manager.add(leaving, { net: 1, mark: 7 });
    manager.add(leaving, { net: 2, major: 1 });
    manager.add(staying, { net: 2, major: 2 });
    manager.add(leaving, { net: 3, major: 2 });
    manager.add(staying, { net: 3, major: 1 });
    for (const client of [staying, listener]) manager.messages(client);
    manager.deregister(leaving);
    for (const client of [staying, listener]) {
      const told = manager.messages(client).sort((a, b) => (a.previous?.net ?? 0) - (b.previous?.net ?? 0));
      expect(told).toEqual([
        { flags: RTM_ROUTE_DELETED, current: null, previous: manager.entry({ net: 1, mark: 7 }) },
        { flags: RTM_ROUTE_CHANGED, current: manager.entry({ net: 2, major: 2 }, 1), previous: manager.entry({ net: 2, major: 1 }) },
      ]);
    }
  });

  test('deregister-tells-caller-nothing', ({ manager }) => {
    const event = new EventObject();
    const leaving = manager.client(0, { event });
    manager.client(1, { event: new EventObject() });
    for (let net = 1; net <= 5; net += 1) manager.add(leaving, { net });
    manager.deregister(leaving);
    expect(event.signalled).toBe(false);
  });

  test('deregister-drops-messages', ({ manager }) => {
    const event = new EventObject();
    const leaving = manager.client(0, { event });
    manager.add(manager.client(1));
    manager.deregister(leaving);
    expect(event.signalled).toBe(true);
    expect(manager.messages(manager.client(0, { event: new EventObject() }))).toEqual([]);
  });

  test('deregister-second-call-finishes', ({ openFaulty }) => {
    const { faults, manager } = openFaulty();
    const client = manager.client();
    for (let net = 1; net <= 5; net += 1) manager.add(client, { net });
    for (const name of ['RtmDeleteRouteToDest', 'RtmDeleteNextHop', 'RtmDeregisterEntity'] as const) {
      faults.plan(failFirst(name, ERROR_NO_SYSTEM_RESOURCES));
      expect(manager.rtm.RtmDeregisterClient(client), name).toBe(ERROR_NO_SYSTEM_RESOURCES);
    }
    faults.plan(noFaults);
    expect(manager.rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
    expect(manager.rtm.leftBehind()).toEqual(NOTHING);
    expect(manager.routes()).toEqual([]);
  });
});
