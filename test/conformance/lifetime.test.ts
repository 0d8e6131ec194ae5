import { expect } from 'vitest';
import { EventObject } from '../../src/index.js';
import { NOTHING } from '../support/backend.js';
import { failAll, noFaults } from '../support/faults.js';
import { ipRoute, maskOctets } from './support/family.js';
import { Manager } from './support/manager.js';
import { conformance } from './support/suite.js';

const NO_ERROR = 0;
const ERROR_NO_ROUTES = 259;
const ERROR_NO_SUCH_ROUTE = 259;
const ERROR_NO_SYSTEM_RESOURCES = 1450;
const RTM_NO_CHANGE = 0;
const RTM_ROUTE_ADDED = 1;
const RTM_ROUTE_DELETED = 2;
const RTM_ROUTE_CHANGED = 3;
const LONGEST_TTL = 2147483;
const INFINITE = 0xffffffff;

/** Milliseconds after which a test gives up waiting for what has to come by itself. */
const PATIENCE = 30_000;
const CENTURY = 100 * 365 * 24 * 3600;

conformance('lifetime', (test) => {
  test('ttl-in-seconds', ({ manager, clock }) => {
    manager.add(manager.client(), {}, 60);
    clock.advance(59);
    clock.now += 999;
    expect(manager.best(1)).toEqual(manager.entry());
    clock.now += 1;
    expect(manager.best(1)).toBeNull();
  });

  test('ttl-ceiling', ({ manager, clock }) => {
    manager.add(manager.client(), {}, LONGEST_TTL);
    clock.advance(LONGEST_TTL - 1);
    expect(manager.count()).toBe(1);
    clock.advance(1);
    expect(manager.count()).toBe(0);
  });

  test('ttl-infinite', ({ manager, clock }) => {
    manager.add(manager.client(), {}, INFINITE);
    clock.advance(CENTURY);
    expect(manager.routes()).toEqual([manager.entry()]);
  });

  test('ttl-restarted', ({ manager, clock }) => {
    const client = manager.client();
    manager.add(client, { minor: 1 }, 60);
    clock.advance(50);
    manager.add(client, { minor: 2 }, 60);
    clock.advance(59);
    expect(manager.count()).toBe(1);
    manager.add(client, { minor: 2 }, 5);
    clock.advance(4);
    expect(manager.count(), 'a shorter period').toBe(1);
    clock.advance(1);
    expect(manager.count()).toBe(0);
  });

  test('ttl-restarted-by-insignificant-update', ({ manager, clock }) => {
    const client = manager.client();
    manager.add(client, { mark: 1 }, 60);
    clock.advance(50);
    expect(manager.add(client, { mark: 2 }, 60).flags).toBe(RTM_NO_CHANGE);
    clock.advance(50);
    expect(manager.add(client, { mark: 2 }, 60).flags, 'identical').toBe(RTM_NO_CHANGE);
    clock.advance(59);
    expect(manager.best(1)).toEqual(manager.entry({ mark: 2 }));
    clock.advance(1);
    expect(manager.best(1)).toBeNull();
  });

  test('ttl-cancelled', ({ manager, clock }) => {
    const client = manager.client();
    manager.add(client, {}, 60);
    manager.add(client, {}, INFINITE);
    clock.advance(CENTURY);
    expect(manager.count()).toBe(1);
    manager.add(client, {}, 1);
    clock.advance(1);
    expect(manager.count(), 'finite again').toBe(0);
  });

  test('ttl-zero', ({ manager }) => {
    const client = manager.client();
    expect(manager.add(client, {}, 0)).toEqual({ flags: RTM_ROUTE_ADDED, current: manager.entry(), previous: null });
    expect(manager.best(1)).toBeNull();
    expect(manager.count()).toBe(0);
  });

  test('ttl-of-failed-update', ({ openFaulty, clock }) => {
    const { faults, manager } = openFaulty();
    const client = manager.client();
    manager.add(client, {}, 60);
    clock.advance(30);
    faults.plan(failAll('RtmAddRouteToDest', ERROR_NO_SYSTEM_RESOURCES));
    expect(manager.tryAdd(client, manager.bytes({ minor: 5 }), 60).code).toBe(ERROR_NO_SYSTEM_RESOURCES);
    faults.plan(noFaults);
    clock.advance(29);
    expect(manager.best(1)).toEqual(manager.entry());
    clock.advance(1);
    expect(manager.best(1)).toBeNull();
  });

  test('aged-is-gone', ({ manager, clock, family }) => {
    const { rtm } = manager;
    const questions: Record<string, () => unknown> = {
      RtmIsRoute: () => [rtm.RtmIsRoute(family.number, family.network(1), null), rtm.GetLastError()],
      RtmGetNetworkCount: () => [rtm.RtmGetNetworkCount(family.number), rtm.GetLastError()],
      RtmCreateEnumerationHandle: () => [rtm.RtmCreateEnumerationHandle(family.number, 0, null), rtm.GetLastError()],
      RtmGetFirstRoute: () => manager.step('RtmGetFirstRoute', 0, manager.bytes()),
      RtmGetNextRoute: () => manager.step('RtmGetNextRoute', 0, manager.bytes({ net: 0 })),
    };
    const answers: Record<string, unknown> = {
      RtmIsRoute: [false, NO_ERROR],
      RtmGetNetworkCount: [0, NO_ERROR],
      RtmCreateEnumerationHandle: [0, ERROR_NO_ROUTES],
      RtmGetFirstRoute: ERROR_NO_ROUTES,
      RtmGetNextRoute: ERROR_NO_ROUTES,
    };
    const client = manager.client();
    for (const [name, ask] of Object.entries(questions)) {
      manager.add(client, {}, 60);
      clock.advance(60);
      expect(ask(), name).toEqual(answers[name]);
    }
    if (family.name === 'IP') {
      manager.tryAdd(client, ipRoute([0, 0, 0, 0], maskOctets(0)), 60);
      clock.advance(60);
      expect([rtm.RtmLookupIPDestination(0, manager.buffer()), rtm.GetLastError()]).toEqual([false, NO_ERROR]);
    }
    manager.add(client, {}, 60);
    clock.advance(60);
    expect(rtm.RtmBlockDeleteRoutes(client, 0, null)).toBe(ERROR_NO_ROUTES);
  });

  test('aged-is-not-deleted-again', ({ manager, clock }) => {
    const client = manager.client();
    manager.add(client, {}, 60);
    clock.advance(60);
    expect(manager.tryDelete(client, manager.bytes()).code).toBe(ERROR_NO_SUCH_ROUTE);
  });

  test('aged-next-best', ({ manager, clock }) => {
    const [owner, other] = [manager.client(0), manager.client(1)];
    const listener = manager.client(2, { event: new EventObject() });
    manager.add(owner, { via: 1, minor: 1 }, 60);
    manager.add(owner, { via: 2, minor: 3 }, 600);
    manager.add(other, { via: 3, minor: 2 });
    manager.messages(listener);
    clock.advance(60);
    const [previous, current] = [manager.entry({ via: 1, minor: 1 }), manager.entry({ via: 3, minor: 2 }, 1)];
    expect(manager.messages(listener)).toEqual([{ flags: RTM_ROUTE_CHANGED, current, previous }]);
    expect(manager.best(1)).toEqual(current);
  });

  test('aged-not-best', ({ manager, clock }) => {
    const owner = manager.client(0, { event: new EventObject() });
    const listener = manager.client(1, { event: new EventObject() });
    manager.add(owner, { via: 1, minor: 1 });
    manager.add(owner, { via: 2, minor: 2 }, 60);
    manager.messages(listener);
    clock.advance(60);
    expect([manager.messages(owner), manager.messages(listener)]).toEqual([[], []]);
    expect(manager.routes()).toEqual([manager.entry({ via: 1, minor: 1 })]);
  });

  test('aged-leaves-nothing', ({ manager, clock }) => {
    const client = manager.client();
    for (const net of [1, 2, 3]) manager.add(client, { net, via: net }, 60);
    clock.advance(60);
    expect(manager.count()).toBe(0);
    expect(manager.rtm.leftBehind()).toMatchObject({ entities: 1, routes: 0, nextHops: 0, destinations: 0 });
  });

  test('aged-each-on-its-own', ({ manager, clock }) => {
    const client = manager.client();
    for (const via of [3, 1, 2]) manager.add(client, { via }, via * 10);
    const left = [1, 2, 3].map(() => {
      clock.advance(10);
      return manager.routes().map((route) => route.via);
    });
    expect(left).toEqual([[2, 3], [3], []]);
  });

  test('aged-in-all-objects', ({ manager, open, clock, family }) => {
    const other = new Manager(open(), family, clock);
    manager.add(manager.client(), {}, 60);
    expect(other.count()).toBe(1);
    clock.advance(60);
    expect(other.count()).toBe(0);
    expect(manager.count()).toBe(0);
  });

  test('aged-added-again', ({ manager, clock }) => {
    const client = manager.client();
    manager.add(client, { minor: 1 }, 60);
    clock.advance(60);
    expect(manager.add(client, { minor: 2 }, 60)).toEqual({
      flags: RTM_ROUTE_ADDED,
      current: manager.entry({ minor: 2 }),
      previous: null,
    });
    clock.advance(59);
    expect(manager.count()).toBe(1);
  });

  test('aged-passed-over', ({ manager, clock }) => {
    const client = manager.client();
    for (const net of [1, 2, 3]) manager.add(client, { net }, net === 2 ? 60 : INFINITE);
    const handle = manager.enumeration();
    clock.advance(60);
    expect(manager.rest(handle).map((bytes) => manager.family.read(bytes).net).sort()).toEqual([1, 3]);
  });

  test('aged-on-deregistration', ({ manager, clock }) => {
    const client = manager.client();
    for (const net of [1, 2, 3]) manager.add(client, { net }, net * 30);
    clock.advance(60);
    expect(manager.rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
    expect(manager.rtm.leftBehind()).toEqual(NOTHING);
    clock.advance(CENTURY);
    expect(manager.count()).toBe(0);
  });

  test('ttl-of-failing-clock', ({ open, family, clock }) => {
    let tell: () => number = () => clock.now;
    const manager = new Manager(open({ clock: () => tell() }), family, clock);
    manager.add(manager.client(), {}, 60);
    clock.advance(-3600);
    expect(manager.count(), 'gone back').toBe(1);
    tell = () => NaN;
    expect(manager.count(), 'failing').toBe(1);
    tell = () => clock.now;
    clock.advance(3660);
    expect(manager.count()).toBe(0);
  });

  test('ttl-without-call', async ({ open, family, clock }) => {
    const manager = new Manager(open({ clock: Date.now }), family, clock);
    const event = new EventObject();
    const owner = manager.client(0, { event });
    manager.add(owner, {}, 0);
    expect(await event.wait(PATIENCE)).toBe(true);
    expect(manager.messages(owner)).toEqual([{ flags: RTM_ROUTE_DELETED, current: null, previous: manager.entry() }]);
  });

  test('aged-overdue', ({ openFaulty, clock, family }) => {
    const { faults, manager } = openFaulty();
    manager.add(manager.client(), {}, 60);
    clock.advance(60);
    faults.plan(failAll('RtmDeleteRouteToDest', ERROR_NO_SYSTEM_RESOURCES));
    for (let time = 0; time < 2; time += 1) {
      expect(manager.rtm.RtmIsRoute(family.number, family.network(1), null)).toBe(false);
      expect(manager.rtm.GetLastError()).toBe(ERROR_NO_SYSTEM_RESOURCES);
    }
    faults.plan(noFaults);
    expect(manager.best(1)).toBeNull();
  });
});
