import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  ERROR_INVALID_HANDLE,
  ERROR_INVALID_PARAMETER,
  ERROR_MORE_MESSAGES,
  ERROR_NO_MESSAGES,
  INFINITE,
  NO_ERROR,
  RTM_NO_CHANGE,
  RTM_PROTOCOL_SINGLE_ROUTE,
  RTM_ROUTE_ADDED,
  RTM_ROUTE_CHANGED,
  RTM_ROUTE_DELETED,
} from '../../src/v1/constants.js';
import type { RouteArgument } from '../../src/v1/functions.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { EventObject } from '../../src/win32/event-object.js';
import { describeEveryBackend, NOTHING } from '../support/backend.js';
import { addTo, type AnyRoute, FAMILIES, Listener, type Message, ownedBy } from '../support/changes.js';
import { detached, hostileValues } from '../support/hostile-values.js';

const added = (current: readonly number[]): Message => ({ flags: RTM_ROUTE_ADDED, current, previous: null });
const deleted = (previous: readonly number[]): Message => ({ flags: RTM_ROUTE_DELETED, current: null, previous });
const changed = (previous: readonly number[], current: readonly number[]): Message => ({
  flags: RTM_ROUTE_CHANGED,
  current,
  previous,
});

afterEach(() => {
  vi.useRealTimers();
});

describeEveryBackend(({ open }) => {
  describe.each(FAMILIES)('change messages of %s', (_name, family) => {
    const [ONE, TWO, THREE] = family.protocols;
    const { routeTo } = family;

    /** A client that is told and one that is not. */
    function scene(): { rtm: Rtm1; listener: Listener; other: number } {
      const rtm = open();
      const listener = new Listener(rtm, family, ONE);
      const other = rtm.RtmRegisterClient(family.family, TWO, null, 0);
      expect(other).not.toBe(0);
      return { rtm, listener, other };
    }

    function remove(rtm: Rtm1, client: number, route: AnyRoute): void {
      expect(rtm.RtmDeleteRoute(client, route, new Uint32Array(1), null)).toBe(NO_ERROR);
    }

    it('tells of the first route of a network', () => {
      const { rtm, listener, other } = scene();
      addTo(rtm, other, routeTo(1));
      expect(listener.all()).toEqual([added(ownedBy(TWO, routeTo(1)))]);
    });

    it('tells of another best route, and of the one before', () => {
      const { rtm, listener, other } = scene();
      const [worse, better] = [routeTo(1, { cost: 5 }), routeTo(1, { cost: 2, interfaceId: 9 })];
      addTo(rtm, other, worse);
      addTo(rtm, other, better);
      remove(rtm, other, better);
      expect(listener.all()).toEqual([
        added(ownedBy(TWO, worse)),
        changed(ownedBy(TWO, worse), ownedBy(TWO, better)),
        changed(ownedBy(TWO, better), ownedBy(TWO, worse)),
      ]);
    });

    it('tells that the last route of a network has gone', () => {
      const { rtm, listener, other } = scene();
      addTo(rtm, other, routeTo(1));
      listener.all();
      remove(rtm, other, routeTo(1));
      expect(listener.all()).toEqual([deleted(ownedBy(TWO, routeTo(1)))]);
    });

    it('tells nothing of routes that are not the best, nor of updates that change nothing significant', () => {
      const { rtm, listener, other } = scene();
      addTo(rtm, other, routeTo(1, { cost: 1 }));
      listener.all();
      addTo(rtm, other, routeTo(1, { cost: 2, interfaceId: 2 }));
      addTo(rtm, other, routeTo(1, { cost: 3, interfaceId: 2 }));
      addTo(rtm, other, routeTo(1, { cost: 1, data: 77 }));
      remove(rtm, other, routeTo(1, { interfaceId: 2 }));
      expect(listener.event.signalled).toBe(false);
      expect(listener.all()).toEqual([]);
    });

    it('tells the previous best route with the data that it had last', () => {
      const { rtm, listener, other } = scene();
      addTo(rtm, other, routeTo(1, { data: 1 }));
      addTo(rtm, other, routeTo(1, { data: 2 }));
      addTo(rtm, other, routeTo(1, { data: 3, cost: 7 }));
      addTo(rtm, other, routeTo(1, { data: 4, cost: 7 }));
      remove(rtm, other, routeTo(1));
      expect(listener.all()).toEqual([
        added(ownedBy(TWO, routeTo(1, { data: 1 }))),
        changed(ownedBy(TWO, routeTo(1, { data: 2 })), ownedBy(TWO, routeTo(1, { data: 3, cost: 7 }))),
        deleted(ownedBy(TWO, routeTo(1, { data: 4, cost: 7 }))),
      ]);
    });

    it('stamps the routes of a message with the time of their last update', () => {
      let now = Date.UTC(2003, 3, 24);
      const rtm = open({ clock: () => now });
      const listener = new Listener(rtm, family, ONE);
      const other = rtm.RtmRegisterClient(family.family, TWO, null, 0);
      addTo(rtm, other, routeTo(1));
      now += 10_000;
      addTo(rtm, other, routeTo(1));
      now += 5000;
      addTo(rtm, other, routeTo(1, { cost: 2 }));
      listener.next();
      const [current, previous] = [family.newRoute(), family.newRoute()];
      expect(rtm.RtmDequeueRouteChangeMessage(listener.client, new Uint32Array(1), current, previous)).toBe(NO_ERROR);
      expect([rtm.RtmGetRouteAge(current), rtm.RtmGetRouteAge(previous)]).toEqual([0, 5]);
    });

    it('does not tell a client of its own calls, whose results have told it', () => {
      const rtm = open();
      const [first, second] = [new Listener(rtm, family, ONE), new Listener(rtm, family, TWO)];
      expect(first.add(routeTo(1))).toBe(RTM_ROUTE_ADDED);
      expect(first.add(routeTo(1, { cost: 2 }))).toBe(RTM_ROUTE_CHANGED);
      expect(second.add(routeTo(1, { cost: 1 }))).toBe(RTM_ROUTE_CHANGED);
      expect(first.remove(routeTo(1))).toBe(RTM_NO_CHANGE);
      expect(second.remove(routeTo(1))).toBe(RTM_ROUTE_DELETED);
      expect(first.allFlags()).toEqual([RTM_ROUTE_CHANGED, RTM_ROUTE_DELETED]);
      expect(second.allFlags()).toEqual([RTM_ROUTE_ADDED, RTM_ROUTE_CHANGED]);
    });

    it('tells clients of other opened objects at once', () => {
      const [rtm, elsewhere, third] = [open(), open(), open()];
      const [first, second] = [new Listener(rtm, family, ONE), new Listener(elsewhere, family, TWO)];
      const silent = third.RtmRegisterClient(family.family, THREE, null, 0);
      addTo(third, silent, routeTo(1));
      expect([first, second].map(({ event }) => event.signalled)).toEqual([true, true]);
      expect([first, second].map((listener) => listener.allFlags())).toEqual([[RTM_ROUTE_ADDED], [RTM_ROUTE_ADDED]]);
      rtm.close();
      second.add(routeTo(2));
      remove(third, silent, routeTo(1));
      expect(second.allFlags()).toEqual([RTM_ROUTE_DELETED]);
    });

    it('tells nothing of other instances and of the other family', () => {
      const { listener } = scene();
      const elsewhere = open({ instance: 7 });
      addTo(elsewhere, elsewhere.RtmRegisterClient(family.family, TWO, null, 0), routeTo(1));
      const [, other] = FAMILIES.find(([, one]) => one !== family) ?? [];
      if (other === undefined) throw new Error('there are two families');
      const rtm = open();
      addTo(rtm, rtm.RtmRegisterClient(other.family, other.protocols[2], null, 0), other.routeTo(1));
      expect(listener.all()).toEqual([]);
    });

    it('keeps messages in the order of the changes, and says whether more wait', () => {
      const { rtm, listener, other } = scene();
      const networks = Array.from({ length: 3000 }, (_none, index) => (index * 7919) % 3000);
      for (const network of networks) addTo(rtm, other, routeTo(network));
      for (const [index, network] of networks.entries()) {
        const { status, current } = listener.next();
        expect(status).toBe(index < networks.length - 1 ? ERROR_MORE_MESSAGES : NO_ERROR);
        expect(current).toEqual(ownedBy(TWO, routeTo(network)));
      }
      expect(listener.next()).toEqual({ status: ERROR_NO_MESSAGES, flags: RTM_NO_CHANGE, current: null, previous: null });
    });

    it('takes NULL for a best route that is not wanted', () => {
      const { rtm, listener, other } = scene();
      addTo(rtm, other, routeTo(1));
      const flags = new Uint32Array(1);
      expect(rtm.RtmDequeueRouteChangeMessage(listener.client, flags, null, null)).toBe(NO_ERROR);
      expect(flags[0]).toBe(RTM_ROUTE_ADDED);
    });

    it('says ERROR_INVALID_HANDLE for a client without an event, which can do all else', () => {
      const { rtm, other } = scene();
      const flags = Uint32Array.of(0xdead);
      expect(rtm.RtmDequeueRouteChangeMessage(other, flags, null, null)).toBe(ERROR_INVALID_HANDLE);
      expect(rtm.RtmDequeueRouteChangeMessage(1, flags, null, null)).toBe(ERROR_INVALID_HANDLE);
      expect(flags[0]).toBe(0xdead);
      addTo(rtm, other, routeTo(1));
    });

    it('keeps a message that it cannot deliver for want of a buffer', () => {
      const { rtm, listener, other } = scene();
      addTo(rtm, other, routeTo(1));
      const dequeue = (flags: unknown, current: unknown, previous: unknown): number =>
        rtm.RtmDequeueRouteChangeMessage(
          listener.client,
          flags as Uint32Array,
          current as RouteArgument,
          previous as RouteArgument,
        );
      const good = new Uint32Array(1);
      const wrong = FAMILIES.map(([, one]) => one.newRoute()).filter((route) => route.bytes.length !== routeTo(1).bytes.length);
      for (const bad of [...wrong, new Uint8Array(51), detached(new Uint8Array(92)), {}, 7]) {
        expect(dequeue(good, bad, null)).toBe(ERROR_INVALID_PARAMETER);
        expect(dequeue(good, null, bad)).toBe(ERROR_INVALID_PARAMETER);
      }
      for (const bad of [null, 0, new Uint32Array(0), new Uint8Array(4)]) {
        expect(dequeue(bad, null, null)).toBe(ERROR_INVALID_PARAMETER);
      }
      expect(listener.allFlags()).toEqual([RTM_ROUTE_ADDED]);
    });

    it('tells a new client later changes only, whatever waits for others', () => {
      const { rtm, listener, other } = scene();
      addTo(rtm, other, routeTo(1));
      addTo(rtm, other, routeTo(2));
      const late = new Listener(rtm, family, THREE);
      expect(late.event.signalled).toBe(false);
      expect(late.next().status).toBe(ERROR_NO_MESSAGES);
      addTo(rtm, other, routeTo(1, { cost: 3 }));
      expect(late.all()).toEqual([changed(ownedBy(TWO, routeTo(1)), ownedBy(TWO, routeTo(1, { cost: 3 })))]);
      expect(listener.allFlags()).toEqual([RTM_ROUTE_ADDED, RTM_ROUTE_ADDED, RTM_ROUTE_CHANGED]);
    });

    it('knows what was in the table before the first client wanted to be told', () => {
      const rtm = open();
      const other = rtm.RtmRegisterClient(family.family, TWO, null, 0);
      const networks = Array.from({ length: 200 }, (_none, index) => index);
      for (const network of networks) addTo(rtm, other, routeTo(network, { data: network + 1 }));
      const listener = new Listener(rtm, family, ONE);
      expect(rtm.RtmDeregisterClient(other)).toBe(NO_ERROR);
      const told = listener.all().map((message) => JSON.stringify(message));
      const expected = networks.map((network) =>
        JSON.stringify(deleted(ownedBy(TWO, routeTo(network, { data: network + 1 })))),
      );
      expect(told.sort()).toEqual(expected.sort());
    });

    it('tells all others of the routes that a client takes with it', () => {
      const rtm = open();
      const [stays, leaves, other] = [ONE, TWO, THREE].map((protocol) => new Listener(rtm, family, protocol));
      if (stays === undefined || leaves === undefined || other === undefined) throw new Error('there are three');
      stays.add(routeTo(1, { cost: 5 }));
      leaves.add(routeTo(1, { cost: 1 }));
      leaves.add(routeTo(2));
      for (const listener of [stays, leaves, other]) listener.all();
      expect(rtm.RtmDeregisterClient(leaves.client)).toBe(NO_ERROR);
      expect(leaves.event.signalled).toBe(false);
      for (const listener of [stays, other]) {
        expect(listener.all()).toEqual([
          changed(ownedBy(TWO, routeTo(1, { cost: 1 })), ownedBy(ONE, routeTo(1, { cost: 5 }))),
          deleted(ownedBy(TWO, routeTo(2))),
        ]);
      }
    });

    it('tells everybody of what RtmBlockDeleteRoutes deletes, the caller included', () => {
      const rtm = open();
      const [caller, other] = [new Listener(rtm, family, ONE), new Listener(rtm, family, TWO)];
      caller.add(routeTo(1, { cost: 1, data: 3 }));
      caller.add(routeTo(2));
      caller.add(routeTo(2, { interfaceId: 2, cost: 9 }));
      other.add(routeTo(1, { cost: 5 }));
      for (const listener of [caller, other]) listener.all();
      expect(rtm.RtmBlockDeleteRoutes(caller.client, 0, null)).toBe(NO_ERROR);
      for (const listener of [caller, other]) {
        expect(listener.event.signalled).toBe(true);
        expect(listener.all()).toEqual([
          changed(ownedBy(ONE, routeTo(1, { cost: 1, data: 3 })), ownedBy(TWO, routeTo(1, { cost: 5 }))),
          deleted(ownedBy(ONE, routeTo(2))),
        ]);
      }
    });

    it('drops the messages of a client that deregisters, and leaves its event alone', () => {
      const { rtm, listener, other } = scene();
      addTo(rtm, other, routeTo(1));
      expect(rtm.RtmDeregisterClient(listener.client)).toBe(NO_ERROR);
      expect(listener.event.signalled).toBe(true);
      expect(listener.next().status).toBe(ERROR_INVALID_HANDLE);
      addTo(rtm, other, routeTo(2));
      const again = new Listener(rtm, family, ONE, listener.event);
      expect(again.all()).toEqual([]);
    });

    it('tells of the moves of a single-route client', () => {
      const rtm = open();
      const listener = new Listener(rtm, family, ONE);
      const single = new Listener(rtm, family, TWO, new EventObject(), RTM_PROTOCOL_SINGLE_ROUTE);
      single.add(routeTo(1, { interfaceId: 1 }));
      single.add(routeTo(1, { interfaceId: 2, cost: 9 }));
      expect(listener.all()).toEqual([
        added(ownedBy(TWO, routeTo(1, { interfaceId: 1 }))),
        changed(ownedBy(TWO, routeTo(1, { interfaceId: 1 })), ownedBy(TWO, routeTo(1, { interfaceId: 2, cost: 9 }))),
      ]);
      expect(single.all()).toEqual([]);
    });

    describe('the event', () => {
      it('is signalled whenever a message is queued, and reset when none is left', () => {
        const { rtm, listener, other } = scene();
        expect(listener.event.signalled).toBe(false);
        addTo(rtm, other, routeTo(1));
        expect(listener.event.signalled).toBe(true);
        addTo(rtm, other, routeTo(2));
        expect(listener.next().status).toBe(ERROR_MORE_MESSAGES);
        expect(listener.event.signalled).toBe(true);
        expect(listener.next().status).toBe(NO_ERROR);
        expect(listener.event.signalled).toBe(false);
      });

      it('is signalled again for the next message where the program has reset it itself', () => {
        const { rtm, listener, other } = scene();
        addTo(rtm, other, routeTo(1));
        listener.event.reset();
        addTo(rtm, other, routeTo(2));
        expect(listener.event.signalled).toBe(true);
        expect(listener.allFlags()).toEqual([RTM_ROUTE_ADDED, RTM_ROUTE_ADDED]);
      });

      it('is reset when nothing was there after all', () => {
        const { listener } = scene();
        listener.event.set();
        expect(listener.next().status).toBe(ERROR_NO_MESSAGES);
        expect(listener.event.signalled).toBe(false);
      });

      it('stays signalled while another client that shares it has messages', () => {
        const rtm = open();
        const event = new EventObject();
        const [first, second] = [new Listener(rtm, family, ONE, event), new Listener(rtm, family, TWO, event)];
        addTo(rtm, rtm.RtmRegisterClient(family.family, THREE, null, 0), routeTo(1));
        expect(first.next().status).toBe(NO_ERROR);
        expect(event.signalled).toBe(true);
        expect(first.next().status).toBe(ERROR_NO_MESSAGES);
        expect(event.signalled).toBe(true);
        expect(second.next().status).toBe(NO_ERROR);
        expect(event.signalled).toBe(false);
      });

      it('is signalled by a message that is taken at once while another client that shares it has messages', () => {
        let now = Date.UTC(2001, 0);
        const rtm = open({ clock: () => now });
        const event = new EventObject();
        const waiting = new Listener(rtm, family, ONE, event);
        // Of the other family, so that the messages of one are nothing to the other.
        const beside = FAMILIES.map(([, each]) => each).find((each) => each !== family) ?? family;
        const taking = new Listener(rtm, beside, beside.protocols[0], event);
        addTo(rtm, rtm.RtmRegisterClient(beside.family, beside.protocols[1], null, 0), beside.routeTo(1), 1);
        expect(taking.allFlags()).toEqual([RTM_ROUTE_ADDED]);
        addTo(rtm, rtm.RtmRegisterClient(family.family, TWO, null, 0), routeTo(1));
        event.reset();
        now += 1000;
        const { status, flags } = taking.next();
        expect([status, flags], 'a message of the very moment').toEqual([NO_ERROR, RTM_ROUTE_DELETED]);
        expect(event.signalled, 'the other client still has a message').toBe(true);
        expect(waiting.next().status).toBe(NO_ERROR);
        expect(event.signalled).toBe(false);
      });

      it('is signalled after all outputs have been written', () => {
        const rtm = open();
        const [flags, current] = [Uint32Array.of(0xdead), family.newRoute()];
        const seen: unknown[] = [];
        const event = new EventObject(() => seen.push(flags[0], ownedBy(TWO, current)));
        new Listener(rtm, family, ONE, event);
        const other = rtm.RtmRegisterClient(family.family, TWO, null, 0);
        rtm.RtmAddRoute(other, routeTo(1), INFINITE, flags, current, null);
        expect(seen).toEqual([RTM_ROUTE_ADDED, ownedBy(TWO, routeTo(1))]);
      });

      it('ends a wait', async () => {
        const { rtm, listener, other } = scene();
        const wait = listener.event.wait();
        addTo(rtm, other, routeTo(1));
        expect(await wait).toBe(true);
        expect(listener.allFlags()).toEqual([RTM_ROUTE_ADDED]);
      });

      it('may call the functions of RTM, also such as bring about more messages', () => {
        const rtm = open();
        const told: number[] = [];
        const events: EventObject[] = [];
        // Each answers every change by a change of its own, as long as the numbers of networks are small.
        const clients: Listener[] = [ONE, TWO].map((protocol, index) => {
          const event = new EventObject(() => {
            const listener = clients[index];
            for (const { flags } of listener?.all() ?? []) {
              told.push(flags);
              if (told.length < 200) listener?.add(routeTo(told.length));
            }
          });
          events.push(event);
          return new Listener(rtm, family, protocol, event);
        });
        addTo(rtm, rtm.RtmRegisterClient(family.family, THREE, null, 0), routeTo(0));
        expect(told.length).toBeGreaterThan(200);
        expect(new Set(told)).toEqual(new Set([RTM_ROUTE_ADDED]));
        expect(events.map(({ signalled }) => signalled)).toEqual([false, false]);
        expect(rtm.RtmGetNetworkCount(family.family)).toBe(200);
      });

      it('does not keep a call from returning by calling up another one without end', async () => {
        const rtm = open();
        let isEnding = false;
        let answers = 0;
        const clients: Listener[] = [ONE, TWO].map((protocol, index) => {
          const event = new EventObject(() => {
            const listener = clients[index];
            if (isEnding || listener === undefined) return;
            // Each answers every change of the other by a change to a network of its own, for ever.
            answers += listener.all().length;
            listener.add(routeTo(2 + index, { cost: answers }));
          });
          return new Listener(rtm, family, protocol, event);
        });
        addTo(rtm, rtm.RtmRegisterClient(family.family, THREE, null, 0), routeTo(1, { cost: 9 }));
        const returned = answers;
        expect(returned).toBeGreaterThan(1000);
        const event = clients.find(({ event: each }) => each.signalled)?.event;
        expect(event, 'the last message is signalled, though what it calls waits').toBeDefined();
        await setImmediate();
        expect(answers, 'and goes on when its turn comes').toBeGreaterThan(returned);
        isEnding = true;
        await setImmediate();
      });

      it('may deregister its client, and close the object', () => {
        const rtm = open();
        const results: number[] = [];
        const leaving: Listener = new Listener(
          rtm,
          family,
          ONE,
          new EventObject(() => results.push(rtm.RtmDeregisterClient(leaving.client))),
        );
        const closing = new Listener(rtm, family, TWO, new EventObject(() => {
          rtm.close();
        }));
        const other = rtm.RtmRegisterClient(family.family, THREE, null, 0);
        expect(rtm.RtmAddRoute(other, routeTo(1), INFINITE, new Uint32Array(1), null, null)).toBe(NO_ERROR);
        expect(results).toEqual([NO_ERROR]);
        expect(closing.next().status).toBe(ERROR_INVALID_HANDLE);
        expect(rtm.leftBehind()).toEqual(NOTHING);
      });

      it('does not make the call fail that has caused the message, whatever it throws', async () => {
        const rtm = open();
        const error = new Error('in a callback');
        const uncaught = new Promise((resolve) => {
          const others = process.listeners('uncaughtException');
          process.removeAllListeners('uncaughtException');
          process.once('uncaughtException', (caught) => {
            for (const listener of others) process.on('uncaughtException', listener);
            resolve(caught);
          });
        });
        const throwing = new EventObject(() => {
          throw error;
        });
        const [first, second] = [new Listener(rtm, family, ONE, throwing), new Listener(rtm, family, TWO)];
        addTo(rtm, rtm.RtmRegisterClient(family.family, THREE, null, 0), routeTo(1));
        expect(await uncaught).toBe(error);
        expect([first, second].map((listener) => listener.allFlags())).toEqual([[RTM_ROUTE_ADDED], [RTM_ROUTE_ADDED]]);
      });
    });

    describe('registration', () => {
      it('takes NULL for no notification', () => {
        const rtm = open();
        for (const [index, event] of [null, 0].entries()) {
          const client = rtm.RtmRegisterClient(family.family, 300 + index, event, 0);
          expect(client).not.toBe(0);
          expect(rtm.RtmDequeueRouteChangeMessage(client, new Uint32Array(1), null, null)).toBe(ERROR_INVALID_HANDLE);
        }
      });

      it.skipIf(process.platform === 'win32')('refuses what is no event', () => {
        const rtm = open();
        const isNull = (value: unknown): boolean => value === null || value === undefined || value === 0;
        for (const value of hostileValues().filter((one) => !isNull(one))) {
          expect(rtm.RtmRegisterClient(family.family, 300, value as EventObject, 0)).toBe(0);
          expect(rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
        }
        expect(rtm.leftBehind()).toEqual(NOTHING);
      });

      it('leaves nothing of a client that is refused', () => {
        const { rtm, listener } = scene();
        const event = new EventObject();
        expect(rtm.RtmRegisterClient(family.family, ONE, event, 0)).toBe(0);
        addTo(rtm, rtm.RtmRegisterClient(family.family, THREE, null, 0), routeTo(1));
        expect(event.signalled).toBe(false);
        expect(listener.allFlags()).toEqual([RTM_ROUTE_ADDED]);
      });

      it('leaves nothing behind when the clients have gone', () => {
        const { rtm, listener, other } = scene();
        addTo(rtm, other, routeTo(1));
        expect(rtm.leftBehind()).toMatchObject({ entities: 2, routes: 1, nextHops: 1 });
        for (const client of [other, listener.client]) expect(rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
        expect(rtm.leftBehind()).toEqual(NOTHING);
      });
    });
  });
});
