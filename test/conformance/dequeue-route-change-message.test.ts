import { expect } from 'vitest';
import { EventObject } from '../../src/index.js';
import { noFaults } from '../support/faults.js';
import type { Manager } from './support/manager.js';
import { conformance, NATIVE_PROTOCOL } from './support/suite.js';

const NO_ERROR = 0;
const ERROR_INVALID_HANDLE = 6;
const ERROR_INVALID_PARAMETER = 87;
const ERROR_MORE_MESSAGES = 234;
const ERROR_NO_MESSAGES = 259;
const ERROR_NO_SYSTEM_RESOURCES = 1450;
const RTM_NO_CHANGE = 0;
const RTM_ROUTE_ADDED = 1;
const RTM_ROUTE_DELETED = 2;
const RTM_ROUTE_CHANGED = 3;

/** One client that is told of changes, and one that makes them. */
function speakerAndListener(manager: Manager): { speaker: number; listener: number; event: EventObject } {
  const event = new EventObject();
  return { event, listener: manager.client(1, { event }), speaker: manager.client(0) };
}

conformance('dequeue-route-change-message', (test) => {
  test('dequeue-0', ({ manager }) => {
    const { speaker, listener, event } = speakerAndListener(manager);
    manager.add(speaker);
    expect(event.signalled, 'before').toBe(true);
    const message = { flags: RTM_ROUTE_ADDED, current: manager.entry(), previous: null };
    expect(manager.dequeue(listener)).toEqual({ code: NO_ERROR, ...message });
    expect(event.signalled, 'after').toBe(false);
    expect(manager.dequeue(listener).code).toBe(ERROR_NO_MESSAGES);
  });

  test('dequeue-234', ({ manager }) => {
    const { speaker, listener, event } = speakerAndListener(manager);
    for (const net of [1, 2, 3]) manager.add(speaker, { net });
    for (const [net, code, signalled] of [[1, ERROR_MORE_MESSAGES, true], [2, ERROR_MORE_MESSAGES, true], [3, NO_ERROR, false]] as const) {
      const message = { flags: RTM_ROUTE_ADDED, current: manager.entry({ net }), previous: null };
      expect(manager.dequeue(listener)).toEqual({ code, ...message });
      expect(event.signalled, `after the message about network ${net}`).toBe(signalled);
    }
  });

  test('dequeue-259', ({ manager }) => {
    const { listener, event } = speakerAndListener(manager);
    event.set();
    expect(manager.dequeue(listener).code).toBe(ERROR_NO_MESSAGES);
    expect(event.signalled).toBe(false);
  });

  test('dequeue-259-outputs', ({ manager }) => {
    const { listener } = speakerAndListener(manager);
    const nothing = { code: ERROR_NO_MESSAGES, flags: RTM_NO_CHANGE, current: null, previous: null };
    expect(manager.dequeue(listener)).toEqual(nothing);
  });

  test('dequeue-6', ({ manager }) => {
    const { speaker, listener } = speakerAndListener(manager);
    manager.add(speaker);
    const enumeration = manager.enumeration();
    const failure = { code: ERROR_INVALID_HANDLE, flags: undefined, current: null, previous: null };
    for (const handle of [0, -1, 0.5, NaN, listener + 1000, enumeration]) {
      expect(manager.dequeue(handle), `handle ${handle}`).toEqual(failure);
    }
    expect(manager.messages(listener)).toHaveLength(1);
  });

  test('dequeue-6-no-event', ({ manager }) => {
    const { speaker, listener } = speakerAndListener(manager);
    manager.add(listener);
    expect(manager.dequeue(speaker).code).toBe(ERROR_INVALID_HANDLE);
    manager.add(speaker, { net: 2 });
    manager.remove(speaker, { net: 2 });
    manager.deregister(speaker);
  });

  test('dequeue-1450', ({ openFaulty, native }) => {
    const { faults, manager } = openFaulty();
    const { listener } = speakerAndListener(manager);
    faults.plan(() => ERROR_NO_SYSTEM_RESOURCES);
    native().add();
    const failure = { code: ERROR_NO_SYSTEM_RESOURCES, flags: undefined, current: null, previous: null };
    expect(manager.dequeue(listener)).toEqual(failure);
    faults.plan(noFaults);
    const current = manager.entry({ protocol: NATIVE_PROTOCOL });
    expect(manager.messages(listener)).toEqual([{ flags: RTM_ROUTE_ADDED, current, previous: null }]);
  });

  test('dequeue-234-while-failing', ({ openFaulty }) => {
    const { faults, manager } = openFaulty();
    const { speaker, listener } = speakerAndListener(manager);
    manager.add(speaker);
    faults.plan(() => ERROR_NO_SYSTEM_RESOURCES);
    const message = { flags: RTM_ROUTE_ADDED, current: manager.entry(), previous: null };
    expect(manager.dequeue(listener)).toEqual({ code: ERROR_MORE_MESSAGES, ...message });
    faults.plan(noFaults);
    expect(manager.dequeue(listener).code).toBe(ERROR_NO_MESSAGES);
  });

  test('dequeue-87', ({ manager }) => {
    const { speaker, listener } = speakerAndListener(manager);
    manager.add(speaker);
    expect(manager.rtm.RtmDequeueRouteChangeMessage(listener, null as never, null, null)).toBe(ERROR_INVALID_PARAMETER);
    expect(manager.messages(listener)).toHaveLength(1);
  });

  test('dequeue-added', ({ manager }) => {
    const { speaker, listener } = speakerAndListener(manager);
    manager.add(speaker, { mark: 3, flags: 1 });
    const current = manager.entry({ mark: 3, flags: 1 });
    expect(manager.messages(listener)).toEqual([{ flags: RTM_ROUTE_ADDED, current, previous: null }]);
  });

  test('dequeue-deleted', ({ manager }) => {
    const { speaker, listener } = speakerAndListener(manager);
    manager.add(speaker, { mark: 3 });
    manager.messages(listener);
    manager.remove(speaker);
    const previous = manager.entry({ mark: 3 });
    expect(manager.messages(listener)).toEqual([{ flags: RTM_ROUTE_DELETED, current: null, previous }]);
  });

  test('dequeue-changed', ({ manager }) => {
    const { speaker, listener } = speakerAndListener(manager);
    manager.add(speaker, { via: 1, minor: 5 });
    manager.messages(listener);
    manager.add(speaker, { via: 2, minor: 4 });
    const [previous, current] = [manager.entry({ via: 1, minor: 5 }), manager.entry({ via: 2, minor: 4 })];
    expect(manager.messages(listener)).toEqual([{ flags: RTM_ROUTE_CHANGED, current, previous }]);
  });

  test('dequeue-buffers-optional', ({ manager, family }) => {
    const { speaker, listener } = speakerAndListener(manager);
    for (const minor of [1, 2, 3]) manager.add(speaker, { minor });
    const flags = new Uint32Array(1);
    const take = (current: Uint8Array | null, previous: Uint8Array | null): number[] => {
      const code = manager.rtm.RtmDequeueRouteChangeMessage(listener, flags, current, previous);
      return [code, ...flags];
    };
    const [current, previous] = [manager.buffer(), manager.buffer()];
    expect(take(null, null)).toEqual([ERROR_MORE_MESSAGES, RTM_ROUTE_ADDED]);
    expect(take(current, null)).toEqual([ERROR_MORE_MESSAGES, RTM_ROUTE_CHANGED]);
    expect(take(null, previous)).toEqual([NO_ERROR, RTM_ROUTE_CHANGED]);
    expect([family.read(current).minor, family.read(previous).minor]).toEqual([2, 2]);
  });

  test('dequeue-order-of-checks', ({ manager }) => {
    const { listener } = speakerAndListener(manager);
    expect(manager.rtm.RtmDequeueRouteChangeMessage(0, null as never, null, null)).toBe(ERROR_INVALID_HANDLE);
    expect(manager.rtm.RtmDequeueRouteChangeMessage(listener, null as never, null, null)).toBe(ERROR_INVALID_PARAMETER);
    expect(manager.dequeue(listener).code).toBe(ERROR_NO_MESSAGES);
  });
});
