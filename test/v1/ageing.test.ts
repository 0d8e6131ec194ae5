import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  ERROR_NO_MORE_ROUTES,
  ERROR_NO_ROUTES,
  ERROR_NO_SUCH_ROUTE,
  INFINITE,
  NO_ERROR,
  RTM_NO_CHANGE,
  RTM_PROTOCOL_SINGLE_ROUTE,
  RTM_ROUTE_ADDED,
  RTM_ROUTE_CHANGED,
  RTM_ROUTE_DELETED,
} from '../../src/v1/constants.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { describeEveryBackend, NOTHING } from '../support/backend.js';
import { addTo, type AnyRoute, bytesOf, FAMILIES, Listener, ownedBy } from '../support/changes.js';

const START = Date.UTC(2003, 3, 24);
const DAY = 86_400;

afterEach(() => {
  vi.useRealTimers();
});

describeEveryBackend(({ open }) => {
  describe.each(FAMILIES)('ageing of %s', (_name, family) => {
    const [ONE, TWO, THREE] = family.protocols;
    const { routeTo } = family;

    /** Seconds since the test began, which it moves itself. */
    let seconds = 0;
    const clock = (): number => START + seconds * 1000;

    beforeEach(() => {
      seconds = 0;
    });

    function register(rtm: Rtm1, protocol = ONE, flags = 0): number {
      const client = rtm.RtmRegisterClient(family.family, protocol, null, flags);
      expect(client).not.toBe(0);
      return client;
    }

    /** Whether there is a route to a network. */
    function has(rtm: Rtm1, network: number): boolean {
      const { RR_Network } = routeTo(network);
      return rtm.RtmIsRoute(family.family, RR_Network, null);
    }

    function enumerated(rtm: Rtm1): AnyRoute[] {
      const enumeration = rtm.RtmCreateEnumerationHandle(family.family, 0, null);
      if (enumeration === 0) {
        expect(rtm.GetLastError()).toBe(ERROR_NO_ROUTES);
        return [];
      }
      const routes: AnyRoute[] = [];
      for (let route = family.newRoute(); rtm.RtmEnumerateGetNextRoute(enumeration, route) === NO_ERROR; ) {
        routes.push(route);
        route = family.newRoute();
      }
      rtm.RtmCloseEnumerationHandle(enumeration);
      return routes;
    }

    it('takes a route away when its time to live is over, and not before', () => {
      const rtm = open({ clock });
      const client = register(rtm);
      addTo(rtm, client, routeTo(1), 180);
      addTo(rtm, client, routeTo(2), 90);
      addTo(rtm, client, routeTo(3), INFINITE);
      seconds = 89.999;
      expect([1, 2, 3].map((network) => has(rtm, network))).toEqual([true, true, true]);
      seconds = 90;
      expect([1, 2, 3].map((network) => has(rtm, network))).toEqual([true, false, true]);
      seconds = 100 * DAY;
      expect([1, 2, 3].map((network) => has(rtm, network))).toEqual([false, false, true]);
      expect(rtm.leftBehind()).toMatchObject({ routes: 1, destinations: 1, nextHops: 1 });
    });

    it('starts the time to live again with every update, with the time that the update gives', () => {
      const rtm = open({ clock });
      const client = register(rtm);
      for (const network of [1, 2, 3, 4]) addTo(rtm, client, routeTo(network), 100);
      seconds = 99;
      // Insignificant, significant, longer for ever, and shorter.
      addTo(rtm, client, routeTo(1, { data: 5 }), 100);
      addTo(rtm, client, routeTo(2, { cost: 5 }), 100);
      addTo(rtm, client, routeTo(3), INFINITE);
      addTo(rtm, client, routeTo(4), 10);
      seconds = 109;
      expect([1, 2, 3, 4].map((network) => has(rtm, network))).toEqual([true, true, true, false]);
      seconds = 199;
      expect([1, 2, 3, 4].map((network) => has(rtm, network))).toEqual([false, false, true, false]);
    });

    it('gives a route that had no end one, when it is updated so', () => {
      const rtm = open({ clock });
      const client = register(rtm);
      addTo(rtm, client, routeTo(1), INFINITE);
      addTo(rtm, client, routeTo(1), 5);
      seconds = 5;
      expect(has(rtm, 1)).toBe(false);
    });

    it('lets a time to live of 0 end with the next call', () => {
      const rtm = open({ clock });
      const client = register(rtm);
      expect(addTo(rtm, client, routeTo(1), 0)).toBe(RTM_ROUTE_ADDED);
      expect(addTo(rtm, client, routeTo(1), 0)).toBe(RTM_ROUTE_ADDED);
      expect(has(rtm, 1)).toBe(false);
    });

    it('takes the longest time to live that there is', () => {
      const rtm = open({ clock });
      addTo(rtm, register(rtm), routeTo(1), 2_147_483);
      seconds = 2_147_482;
      expect(has(rtm, 1)).toBe(true);
      seconds = 2_147_483;
      expect(has(rtm, 1)).toBe(false);
    });

    it('shows a route past its time to no function', () => {
      const rtm = open({ clock });
      const [client, other] = [register(rtm), register(rtm, TWO)];
      const enumerations: number[] = [];
      const old = (): void => {
        addTo(rtm, client, routeTo(1, { cost: 1 }), 10);
        addTo(rtm, other, routeTo(1, { cost: 9 }));
        enumerations.push(rtm.RtmCreateEnumerationHandle(family.family, 0, null));
        seconds += 10;
      };
      const [flags, current, previous] = [new Uint32Array(1), family.newRoute(), family.newRoute()];
      old();
      expect(rtm.RtmIsRoute(family.family, routeTo(1).RR_Network, current)).toBe(true);
      expect(bytesOf(current)).toEqual(ownedBy(TWO, routeTo(1, { cost: 9 })));
      old();
      expect(rtm.RtmGetNetworkCount(family.family)).toBe(1);
      old();
      expect(enumerated(rtm).map(bytesOf)).toEqual([ownedBy(TWO, routeTo(1, { cost: 9 }))]);
      old();
      expect(rtm.RtmAddRoute(other, routeTo(1, { cost: 8 }), INFINITE, flags, current, previous)).toBe(NO_ERROR);
      expect(flags[0]).toBe(RTM_ROUTE_CHANGED);
      expect(bytesOf(previous)).toEqual(ownedBy(TWO, routeTo(1, { cost: 9 })));
      old();
      expect(rtm.RtmDeleteRoute(other, routeTo(1), flags, current)).toBe(NO_ERROR);
      expect(flags[0]).toBe(RTM_ROUTE_DELETED);
      old();
      expect(rtm.RtmDeleteRoute(client, routeTo(1), flags, current)).toBe(ERROR_NO_SUCH_ROUTE);
      old();
      expect(rtm.RtmEnumerateGetNextRoute(enumerations.at(-1) ?? 0, current)).toBe(NO_ERROR);
      expect(bytesOf(current)).toEqual(ownedBy(TWO, routeTo(1, { cost: 9 })));
      expect(rtm.RtmEnumerateGetNextRoute(enumerations.at(-1) ?? 0, current)).toBe(ERROR_NO_MORE_ROUTES);
      old();
      expect(rtm.RtmGetFirstRoute(family.family, 0, current)).toBe(NO_ERROR);
      expect(bytesOf(current)).toEqual(ownedBy(TWO, routeTo(1, { cost: 9 })));
      old();
      expect(rtm.RtmGetNextRoute(family.family, 0, family.newRoute())).toBe(NO_ERROR);
      old();
      expect(rtm.RtmBlockDeleteRoutes(client, 0, null)).toBe(ERROR_NO_ROUTES);
    });

    it('tells everybody of a best route that has aged out, its owner included', () => {
      const rtm = open({ clock });
      const [owner, listener] = [new Listener(rtm, family, ONE), new Listener(rtm, family, TWO)];
      owner.add(routeTo(1, { cost: 1, data: 6 }), 30);
      owner.add(routeTo(2), 30);
      listener.add(routeTo(1, { cost: 7 }));
      listener.all();
      seconds = 30;
      const messages = [
        {
          flags: RTM_ROUTE_CHANGED,
          current: ownedBy(TWO, routeTo(1, { cost: 7 })),
          previous: ownedBy(ONE, routeTo(1, { cost: 1, data: 6 })),
        },
        { flags: RTM_ROUTE_DELETED, current: null, previous: ownedBy(ONE, routeTo(2)) },
      ];
      expect(owner.all()).toEqual(messages);
      expect(listener.all()).toEqual(messages);
    });

    it('signals events also where a function that only reads has found a route past its time', () => {
      const rtm = open({ clock });
      const listener = new Listener(rtm, family, ONE);
      listener.add(routeTo(1), 30);
      seconds = 30;
      expect(rtm.RtmGetNetworkCount(family.family)).toBe(0);
      expect(listener.event.signalled).toBe(true);
      expect(listener.allFlags()).toEqual([RTM_ROUTE_DELETED]);
    });

    it('ages the routes of all objects that are open on a library, each by its own clock', () => {
      const [aged, other] = [open({ clock }), open({ clock: () => START })];
      addTo(aged, register(aged), routeTo(1), 30);
      addTo(other, register(other, TWO), routeTo(2), 30);
      seconds = 30;
      expect([1, 2].map((network) => has(other, network))).toEqual([false, true]);
    });

    it('stops with the client', () => {
      const rtm = open({ clock });
      const client = register(rtm);
      addTo(rtm, client, routeTo(1), 30);
      expect(rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
      const again = register(rtm);
      addTo(rtm, again, routeTo(1), INFINITE);
      seconds = 30;
      expect(has(rtm, 1)).toBe(true);
    });

    it('forgets the deadline of a route that was deleted, or that another has taken the place of', () => {
      const rtm = open({ clock });
      const [client, single] = [register(rtm), register(rtm, TWO, RTM_PROTOCOL_SINGLE_ROUTE)];
      addTo(rtm, client, routeTo(1), 30);
      rtm.RtmDeleteRoute(client, routeTo(1), new Uint32Array(1), null);
      addTo(rtm, client, routeTo(2), INFINITE);
      addTo(rtm, client, routeTo(1), INFINITE);
      addTo(rtm, single, routeTo(3, { interfaceId: 1 }), 30);
      addTo(rtm, single, routeTo(3, { interfaceId: 2 }), INFINITE);
      seconds = 30;
      expect([1, 2, 3].map((network) => has(rtm, network))).toEqual([true, true, true]);
    });

    it('ages the route of a single-route client', () => {
      const rtm = open({ clock });
      const single = register(rtm, THREE, RTM_PROTOCOL_SINGLE_ROUTE);
      addTo(rtm, single, routeTo(3, { interfaceId: 1 }), INFINITE);
      addTo(rtm, single, routeTo(3, { interfaceId: 2 }), 30);
      seconds = 30;
      expect(has(rtm, 3)).toBe(false);
      expect(rtm.leftBehind()).toMatchObject({ routes: 0, nextHops: 0 });
    });

    it('waits when the clock goes back', () => {
      const rtm = open({ clock });
      addTo(rtm, register(rtm), routeTo(1), 30);
      seconds = -1000;
      expect(has(rtm, 1)).toBe(true);
      seconds = 29;
      expect(has(rtm, 1)).toBe(true);
      seconds = 30;
      expect(has(rtm, 1)).toBe(false);
    });

    it.each([
      ['throws', (): number => { throw new Error('no time'); }],
      ['tells no instant', (): number => NaN],
    ])('ages nothing while the clock %s, and goes on afterwards', (_what, broken) => {
      let now = clock;
      const rtm = open({ clock: () => now() });
      const listener = new Listener(rtm, family, ONE);
      listener.add(routeTo(1), 30);
      seconds = 30;
      now = broken;
      expect(has(rtm, 1)).toBe(true);
      expect(enumerated(rtm)).toHaveLength(1);
      expect(listener.all()).toEqual([]);
      now = clock;
      expect(has(rtm, 1)).toBe(false);
    });

    it('lets a clock call the functions of RTM', () => {
      const rtm: Rtm1 = open({
        clock: () => {
          if (client !== 0 && !isAsked) {
            isAsked = true;
            rtm.RtmDeregisterClient(client);
          }
          return clock();
        },
      });
      let isAsked = true;
      const client = register(rtm);
      addTo(rtm, client, routeTo(1), 30);
      isAsked = false;
      seconds = 30;
      expect(has(rtm, 1)).toBe(false);
      expect(rtm.leftBehind()).toEqual(NOTHING);
    });

    it('takes a hundred thousand routes away at once', () => {
      const rtm = open({ clock });
      const client = register(rtm);
      const flags = new Uint32Array(1);
      const route = routeTo(0);
      const network = new Uint32Array(route.RR_Network.bytes.buffer, route.RR_Network.bytes.byteOffset, 1);
      let refused = 0;
      for (let index = 0; index < 100_000; index += 1) {
        // The first three octets vary, all within the mask.
        network[0] = 10 + index;
        if (rtm.RtmAddRoute(client, route, 10 + (index & 7), flags, null, null) !== NO_ERROR) refused += 1;
      }
      expect(refused).toBe(0);
      seconds = 13;
      expect(rtm.RtmGetNetworkCount(family.family)).toBe(50_000);
      seconds = 100;
      expect(rtm.RtmGetNetworkCount(family.family)).toBe(0);
      expect(rtm.leftBehind()).toMatchObject({ routes: 0, nextHops: 0, destinations: 0 });
    });

    describe('without a clock of the caller', () => {
      beforeEach(() => {
        vi.useFakeTimers();
      });

      it('goes by a clock that nobody sets', () => {
        const rtm = open();
        addTo(rtm, register(rtm), routeTo(1), 30);
        vi.setSystemTime(Date.now() + 1000 * DAY * 1000);
        expect(has(rtm, 1)).toBe(true);
        vi.advanceTimersByTime(29_999);
        expect(has(rtm, 1)).toBe(true);
        vi.advanceTimersByTime(1);
        expect(has(rtm, 1)).toBe(false);
      });

      it('takes routes away without being called, and tells of it', () => {
        const rtm = open();
        const listener = new Listener(rtm, family, ONE);
        const silent = open();
        addTo(silent, register(silent, TWO), routeTo(1), 30);
        listener.all();
        vi.advanceTimersByTime(29_000);
        expect(listener.event.signalled).toBe(false);
        vi.advanceTimersByTime(1200);
        expect(listener.event.signalled).toBe(true);
        expect(silent.leftBehind()).toMatchObject({ routes: 0 });
        expect(listener.allFlags()).toEqual([RTM_ROUTE_DELETED]);
      });

      it('has a timer only as long as there is something to do', () => {
        const rtm = open();
        const client = register(rtm);
        addTo(rtm, client, routeTo(1), INFINITE);
        expect(vi.getTimerCount()).toBe(0);
        addTo(rtm, client, routeTo(1), 30);
        addTo(rtm, client, routeTo(2), 60);
        expect(vi.getTimerCount()).toBe(1);
        vi.advanceTimersByTime(60_000);
        expect(rtm.leftBehind()).toMatchObject({ routes: 0 });
        expect(vi.getTimerCount()).toBe(0);
        addTo(rtm, client, routeTo(2), 60);
        expect(rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
        expect(vi.getTimerCount()).toBe(0);
        addTo(rtm, register(rtm), routeTo(2), 60);
        expect(vi.getTimerCount()).toBe(1);
        rtm.close();
        expect(vi.getTimerCount()).toBe(0);
      });
    });

    it('tells nothing of a route past its time that was not the best', () => {
      const rtm = open({ clock });
      const [owner, listener] = [new Listener(rtm, family, ONE), new Listener(rtm, family, TWO)];
      listener.add(routeTo(1, { cost: 1 }));
      expect(owner.add(routeTo(1, { cost: 5 }), 30)).toBe(RTM_NO_CHANGE);
      owner.all();
      seconds = 30;
      expect(owner.all()).toEqual([]);
      expect(listener.all()).toEqual([]);
    });
  });
});
