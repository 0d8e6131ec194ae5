import { expect } from 'vitest';
import { EventObject } from '../../src/index.js';
import { IP } from './support/family.js';
import { Manager } from './support/manager.js';
import { conformance } from './support/suite.js';

const NO_ERROR = 0;
const ERROR_MORE_MESSAGES = 234;
const RTM_NO_CHANGE = 0;
const RTM_ROUTE_ADDED = 1;
const RTM_ROUTE_DELETED = 2;
const RTM_ROUTE_CHANGED = 3;

/** Three notified clients. */
const audience = (manager: Manager): [number, number, number] => [
  manager.client(0, { event: new EventObject() }),
  manager.client(1, { event: new EventObject() }),
  manager.client(2, { event: new EventObject() }),
];

const messagesOf = (manager: Manager, clients: readonly number[]): unknown[] => clients.map((client) => manager.messages(client));

conformance('messages', (test) => {
  test('message-add', ({ manager }) => {
    const [caller, ...others] = audience(manager);
    expect(manager.add(caller, { minor: 2 }).flags).toBe(RTM_ROUTE_ADDED);
    const added = { flags: RTM_ROUTE_ADDED, current: manager.entry({ minor: 2 }), previous: null };
    expect(messagesOf(manager, [caller, ...others])).toEqual([[], [added], [added]]);
    expect(manager.add(caller, { minor: 3 }).flags).toBe(RTM_ROUTE_CHANGED);
    const changed = { flags: RTM_ROUTE_CHANGED, current: manager.entry({ minor: 3 }), previous: manager.entry({ minor: 2 }) };
    expect(messagesOf(manager, [caller, ...others])).toEqual([[], [changed], [changed]]);
  });

  test('message-delete', ({ manager }) => {
    const [caller, ...others] = audience(manager);
    for (const via of [1, 2]) manager.add(caller, { via, minor: via });
    messagesOf(manager, others);
    const [best, next] = [manager.entry({ via: 1, minor: 1 }), manager.entry({ via: 2, minor: 2 })];
    manager.remove(caller, { via: 1 });
    const changed = { flags: RTM_ROUTE_CHANGED, current: next, previous: best };
    expect(messagesOf(manager, [caller, ...others])).toEqual([[], [changed], [changed]]);
    manager.remove(caller, { via: 2 });
    const deleted = { flags: RTM_ROUTE_DELETED, current: null, previous: next };
    expect(messagesOf(manager, [caller, ...others])).toEqual([[], [deleted], [deleted]]);
  });

  test('message-ageing', ({ manager, clock }) => {
    const events = [new EventObject(), new EventObject()] as const;
    const [owner, other] = [manager.client(0, { event: events[0] }), manager.client(1, { event: events[1] })];
    manager.add(owner, {}, 60);
    manager.messages(other);
    clock.advance(60);
    expect(manager.count()).toBe(0);
    expect(events.map(({ signalled }) => signalled), 'after any call').toEqual([true, true]);
    const deleted = { flags: RTM_ROUTE_DELETED, current: null, previous: manager.entry() };
    expect(messagesOf(manager, [owner, other])).toEqual([[deleted], [deleted]]);
  });

  test('message-needs-event', ({ manager }) => {
    const event = new EventObject();
    const [speaker, deaf, listener] = [manager.client(0), manager.client(1), manager.client(2, { event })];
    manager.add(speaker);
    expect(event.signalled).toBe(true);
    expect(manager.dequeue(deaf).code).toBe(6);
    expect(manager.messages(listener)).toHaveLength(1);
  });

  test('message-best-only', ({ manager }) => {
    const [caller, listener] = audience(manager);
    manager.add(caller, { via: 1, minor: 1 });
    manager.messages(listener);
    for (const minor of [2, 3]) expect(manager.add(caller, { via: 2, minor }).flags).toBe(RTM_NO_CHANGE);
    expect(manager.remove(caller, { via: 2 }).flags).toBe(RTM_NO_CHANGE);
    expect(manager.messages(listener)).toEqual([]);
  });

  test('message-insignificant', ({ manager, clock }) => {
    const [caller, listener] = audience(manager);
    manager.add(caller, { mark: 1 });
    manager.messages(listener);
    clock.advance(30);
    manager.add(caller, { mark: 2 }, 100);
    expect(manager.messages(listener)).toEqual([]);
  });

  test('message-family', ({ manager, clock }) => {
    const ip = new Manager(manager.rtm, IP, clock);
    const [ipListener, ipxListener] = [ip.client(0, { event: new EventObject() }), manager.client(0, { event: new EventObject() })];
    ip.add(ip.client(1), { net: 1 });
    manager.add(manager.client(1), { net: 2 });
    expect(ip.messages(ipListener)).toEqual([{ flags: RTM_ROUTE_ADDED, current: ip.entry({ net: 1 }, 1), previous: null }]);
    expect(manager.messages(ipxListener)).toEqual([{ flags: RTM_ROUTE_ADDED, current: manager.entry({ net: 2 }, 1), previous: null }]);
  });

  test('message-signals-event', ({ manager }) => {
    const event = new EventObject();
    const [speaker, listener] = [manager.client(0), manager.client(1, { event })];
    expect(event.signalled).toBe(false);
    for (const net of [1, 2]) manager.add(speaker, { net });
    expect(event.signalled).toBe(true);
    expect([manager.dequeue(listener).code, event.signalled]).toEqual([ERROR_MORE_MESSAGES, true]);
    expect([manager.dequeue(listener).code, event.signalled]).toEqual([NO_ERROR, false]);
    manager.remove(speaker, { net: 1 });
    expect(event.signalled).toBe(true);
    expect([manager.dequeue(listener).code, event.signalled]).toEqual([NO_ERROR, false]);
  });

  test('message-signals-caller', ({ manager }) => {
    const event = new EventObject();
    const caller = manager.client(0, { event });
    manager.add(caller);
    manager.add(caller, { minor: 7 });
    manager.remove(caller);
    expect(event.signalled).toBe(false);
    expect(manager.messages(caller)).toEqual([]);
  });

  test('message-order', ({ manager }) => {
    const [first, second, listener] = audience(manager);
    manager.add(first, { net: 1, minor: 5 });
    manager.add(second, { net: 2, minor: 5 });
    manager.add(second, { net: 1, minor: 4 });
    manager.remove(second, { net: 2 });
    manager.remove(second, { net: 1 });
    manager.remove(first, { net: 1 });
    const [ofFirst, ofSecond] = [manager.entry({ minor: 5 }), manager.entry({ minor: 4 }, 1)];
    const otherNetwork = manager.entry({ net: 2, minor: 5 }, 1);
    expect(manager.messages(listener)).toEqual([
      { flags: RTM_ROUTE_ADDED, current: ofFirst, previous: null },
      { flags: RTM_ROUTE_ADDED, current: otherNetwork, previous: null },
      { flags: RTM_ROUTE_CHANGED, current: ofSecond, previous: ofFirst },
      { flags: RTM_ROUTE_DELETED, current: null, previous: otherNetwork },
      { flags: RTM_ROUTE_CHANGED, current: ofFirst, previous: ofSecond },
      { flags: RTM_ROUTE_DELETED, current: null, previous: ofFirst },
    ]);
  });

  test('message-to-each-client', ({ manager }) => {
    const [speaker, one, two] = audience(manager);
    manager.add(speaker, { net: 1 });
    expect(manager.messages(one)).toHaveLength(1);
    manager.add(speaker, { net: 2 });
    expect(manager.messages(two).map(({ current }) => current?.net)).toEqual([1, 2]);
    expect(manager.messages(one).map(({ current }) => current?.net)).toEqual([2]);
  });

  test('message-to-other-handles', ({ manager }) => {
    const [one, two] = audience(manager);
    manager.add(one, { net: 1 });
    manager.add(two, { net: 2 });
    expect(manager.messages(one).map(({ current }) => current?.net)).toEqual([2]);
    expect(manager.messages(two).map(({ current }) => current?.net)).toEqual([1]);
  });

  test('message-across-objects', ({ manager, open, family, clock }) => {
    const other = new Manager(open(), family, clock);
    const event = new EventObject();
    const listener = other.client(1, { event });
    const speaker = manager.client(0);
    manager.add(speaker, { mark: 3 });
    expect(event.signalled).toBe(true);
    expect(other.messages(listener)).toEqual([{ flags: RTM_ROUTE_ADDED, current: manager.entry({ mark: 3 }), previous: null }]);
    manager.deregister(speaker);
    expect(other.messages(listener)).toEqual([{ flags: RTM_ROUTE_DELETED, current: null, previous: manager.entry({ mark: 3 }) }]);
  });

  test('message-previous-as-told', ({ manager }) => {
    const [caller, listener] = audience(manager);
    for (const mark of [1, 2]) manager.add(caller, { mark });
    manager.messages(listener);
    manager.add(caller, { mark: 3 });
    manager.remove(caller);
    expect(manager.messages(listener)).toEqual([{ flags: RTM_ROUTE_DELETED, current: null, previous: manager.entry({ mark: 3 }) }]);
  });

  test('message-previous-of-older-route', ({ manager }) => {
    const speaker = manager.client(0);
    manager.add(speaker, { net: 1, mark: 4 });
    manager.add(speaker, { net: 2, mark: 5 });
    const listener = manager.client(1, { event: new EventObject() });
    manager.add(speaker, { net: 1, minor: 9 });
    manager.remove(speaker, { net: 2 });
    expect(manager.messages(listener)).toEqual([
      { flags: RTM_ROUTE_CHANGED, current: manager.entry({ net: 1, minor: 9 }), previous: manager.entry({ net: 1, mark: 4 }) },
      { flags: RTM_ROUTE_DELETED, current: null, previous: manager.entry({ net: 2, mark: 5 }) },
    ]);
  });

  test('message-no-echo', ({ manager }) => {
    const [one, two] = audience(manager);
    manager.add(one, { net: 1 });
    manager.add(two, { net: 2 });
    manager.add(one, { net: 3 });
    manager.add(two, { net: 1, major: 1 });
    expect(manager.messages(one)).toEqual([
      { flags: RTM_ROUTE_ADDED, current: manager.entry({ net: 2 }, 1), previous: null },
      { flags: RTM_ROUTE_CHANGED, current: manager.entry({ net: 1, major: 1 }, 1), previous: manager.entry({ net: 1 }) },
    ]);
  });

  test('message-forwarder', ({ manager, native }) => {
    const forwarder = native();
    const client = manager.client();
    forwarder.watchForwarding();
    manager.add(client, { net: 1 });
    expect(forwarder.changedNetworks()).toEqual([1]);
    manager.add(client, { net: 1, via: 2, minor: 0 });
    manager.add(client, { net: 2 });
    expect(forwarder.changedNetworks()).toEqual([1, 2]);
    manager.remove(client, { net: 1, via: 2 });
    manager.remove(client, { net: 2 });
    expect(forwarder.changedNetworks()).toEqual([1, 2]);
    manager.deregister(client);
    expect(forwarder.changedNetworks()).toEqual([1]);
  });

  test('message-after-deregistration', ({ manager }) => {
    const [speaker, leaving, staying] = audience(manager);
    const event = new EventObject();
    manager.deregister(leaving);
    const again = manager.client(1, { event });
    manager.deregister(again);
    manager.add(speaker);
    expect(event.signalled).toBe(false);
    expect(manager.messages(staying)).toHaveLength(1);
  });

  test('event-callback', ({ manager }) => {
    const taken: unknown[] = [];
    let calls = 0;
    const speaker = manager.client(0);
    const quiet = new EventObject(() => {
      calls += 1;
    });
    manager.client(2, { event: quiet });
    const event: EventObject = new EventObject(() => {
      taken.push(...manager.messages(listener));
      if (manager.count() === 1) manager.add(listener, { net: 9 });
    });
    const listener = manager.client(1, { event });
    manager.add(speaker, { net: 1 });
    expect(taken).toEqual([{ flags: RTM_ROUTE_ADDED, current: manager.entry({ net: 1 }), previous: null }]);
    expect(manager.best(9)).toEqual(manager.entry({ net: 9 }, 1));
    manager.add(speaker, { net: 2 });
    expect(taken).toHaveLength(2);
    expect(calls, 'calls of one that is never reset').toBe(1);
  });

  test('event-wait', async ({ manager }) => {
    const event = new EventObject();
    const speaker = manager.client(0);
    manager.client(1, { event });
    expect(await event.wait(0)).toBe(false);
    const waiting = event.wait();
    manager.add(speaker);
    expect(await waiting).toBe(true);
    expect(await event.wait(0), 'a wait does not reset it').toBe(true);
    event.reset();
    expect(await event.wait(0)).toBe(false);
  });

  test('event-shared', ({ manager }) => {
    const event = new EventObject();
    const clients = [manager.client(1, { event }), manager.client(2, { event })];
    manager.add(manager.client(0));
    expect(event.signalled).toBe(true);
    const states = clients.map((client) => [manager.messages(client).length, event.signalled]);
    expect(states, 'it is reset when nobody has messages any more').toEqual([[1, true], [1, false]]);
  });

  test('event-after-outputs', ({ manager, family }) => {
    const speaker = manager.client(0);
    const [flags, current] = [Uint32Array.of(99), manager.buffer()];
    const seen: unknown[] = [];
    const event = new EventObject(() => seen.push(flags[0], manager.filled(current)));
    manager.client(1, { event });
    expect(manager.rtm.RtmAddRoute(speaker, manager.bytes(), 0xffffffff, flags, current, null)).toBe(NO_ERROR);
    expect(seen).toEqual([RTM_ROUTE_ADDED, manager.entry()]);
    expect(family.read(current)).toEqual(manager.entry());
  });
});
