import { describe, expect, it } from 'vitest';
import {
  ERROR_INVALID_HANDLE,
  ERROR_NO_SYSTEM_RESOURCES,
  NO_ERROR,
  PROTO_IP_OSPF,
  PROTO_IP_RIP,
  RTM_ROUTE_ADDED,
  RTM_ROUTE_DELETED,
} from '../../src/v1/constants.js';
import { constant } from '../../src/win32/constants.js';
import { createRtm1, type Rtm1 } from '../../src/v1/rtm1.js';
import type { V2Library } from '../../src/v2/library.js';
import { Memory } from '../../src/v2/memory.js';
import type { Handle } from '../../src/v2/memory.js';
import { describeBackend, NOTHING } from '../support/backend.js';
import {
  addTo,
  bestOf,
  deleteFrom,
  FAMILIES,
  type Family,
  IP,
  listOf,
  members,
  registerIn,
} from '../support/families.js';
import { failAll, failFirst, failNth, type FaultyLibrary, noFaults, withFaults } from '../support/faults.js';

/** The path is the same for all families: the second one is there to show that. */
const codesOf = (family: Family): number[] =>
  family === IP ? [5, 6, 8, 50, 87, 259, 1168, 1450, 9999] : [259, 1450];

/** More than a batch of routes, over three next hops, beside those of another client. */
const ROUTES = 70;
const OTHER_ROUTES = 7;
const NOT_FOUND = constant('ERROR_NOT_FOUND');
/** The number of a network without routes. */
const ABSENT = 200;

interface Scene {
  readonly rtm: Rtm1;
  readonly client: number;
  readonly faulty: FaultyLibrary;
  readonly others: readonly string[];
}

describe.each(FAMILIES)('%s', (_name, family) => {
  describeBackend('embedded', ({ library, openOn }) => {
    function scene(open: (faulty: V2Library) => Rtm1 = openOn): Scene {
      const faulty = withFaults(library());
      const rtm = open(faulty.library);
      const [client, other] = [registerIn(family, rtm, PROTO_IP_RIP), registerIn(family, rtm, PROTO_IP_OSPF)];
      for (let n = 0; n < ROUTES; n += 1) {
        addTo(family, rtm, client, family.route(n, { interfaceId: n % 3 }));
        if (n % 10 === 0) addTo(family, rtm, other, family.route(n, { rank: n % 20 }));
      }
      const others = othersOf(rtm);
      return { rtm, client, faulty, others };
    }

    function othersOf(rtm: Rtm1): readonly string[] {
      return listOf(family, rtm)
        .filter((route) => route.RR_RoutingProtocol !== PROTO_IP_RIP)
        .map(members);
    }

    /** Everything is as if the client had never been. */
    function expectGone({ rtm, client, others }: Scene): void {
      expect(rtm.RtmDeregisterClient(client)).toBe(ERROR_INVALID_HANDLE);
      expect(othersOf(rtm)).toEqual(others);
      expect(listOf(family, rtm)).toHaveLength(others.length);
      expect(rtm.leftBehind()).toEqual({
        entities: 1,
        routes: OTHER_ROUTES,
        nextHops: 1,
        destinations: OTHER_ROUTES,
        handles: 1,
      });
    }

    it('makes so many calls that there is much to fail', () => {
      const { rtm, client, faulty } = scene();
      faulty.plan(noFaults);
      rtm.RtmDeregisterClient(client);
      expect(faulty.calls.filter((name) => name === 'RtmDeleteRouteToDest')).toHaveLength(ROUTES);
      expect(faulty.calls.at(-1)).toBe('RtmDeregisterEntity');
    });

    describe.each(codesOf(family))('where a v2 call answers %d', (code) => {
      it('a second call finishes, whichever call it was', () => {
        const calls = countCallsOfDeregistration();
        for (let n = 1; n <= calls; n += 1) {
          const here = scene();
          here.faulty.plan(failNth(n, code));
          const status = here.rtm.RtmDeregisterClient(here.client);
          const failed = here.faulty.calls[n - 1] ?? 'nothing';
          here.faulty.plan(noFaults);
          const context = `call ${n}, ${failed}`;
          // An enumeration may end at any time; then, and only then, 259 is no failure.
          const isEnd = code === 259 && failed.startsWith('RtmGetEnum');
          expect(status, context).toBe(isEnd ? NO_ERROR : ERROR_NO_SYSTEM_RESOURCES);
          if (status !== NO_ERROR) expect(here.rtm.RtmDeregisterClient(here.client), context).toBe(NO_ERROR);
          expectGone(here);
          here.rtm.close();
          expect(here.rtm.leftBehind(), context).toEqual(NOTHING);
        }
      });
    });

    function countCallsOfDeregistration(): number {
      const { rtm, client, faulty } = scene();
      faulty.plan(noFaults);
      rtm.RtmDeregisterClient(client);
      const { length } = faulty.calls;
      rtm.close();
      return length;
    }

    it('keeps the raw code for diagnosis', () => {
      const { rtm, client, faulty } = scene();
      expect(rtm.lastFailure).toBeNull();
      faulty.plan(failFirst('RtmDeleteNextHop', 5));
      rtm.RtmDeregisterClient(client);
      expect(rtm.lastFailure).toEqual({
        v1Function: 'RtmDeregisterClient',
        v2Function: 'RtmDeleteNextHop',
        code: 5,
        status: ERROR_NO_SYSTEM_RESOURCES,
      });
    });

    it('keeps failing without harm for as long as RTMv2 does', () => {
      const { rtm, client, faulty } = scene();
      faulty.plan(failAll('RtmDeleteRouteToDest', 1450));
      for (let turn = 0; turn < 5; turn += 1) expect(rtm.RtmDeregisterClient(client)).toBe(ERROR_NO_SYSTEM_RESOURCES);
      expect(rtm.leftBehind().routes).toBe(ROUTES + OTHER_ROUTES);
      faulty.plan(noFaults);
      expect(rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
    });

    it.each([10, 60, 72, 80])('leaves a client that can go on if it fails at call %d', (n) => {
      const { rtm, client, faulty } = scene();
      faulty.plan(failNth(n, 1450));
      expect(rtm.RtmDeregisterClient(client)).toBe(ERROR_NO_SYSTEM_RESOURCES);
      faulty.plan(noFaults);
      const remaining = listOf(family, rtm).filter((route) => route.RR_RoutingProtocol === PROTO_IP_RIP);
      const route = family.route(ABSENT, { interfaceId: 1 });
      expect(addTo(family, rtm, client, route).flags).toBe(RTM_ROUTE_ADDED);
      for (const left of remaining) deleteFrom(family, rtm, client, left);
      expect(bestOf(family, rtm, ABSENT)?.RR_InterfaceID).toBe(1);
      expect(deleteFrom(family, rtm, client, route).flags).toBe(RTM_ROUTE_DELETED);
      expect(rtm.leftBehind(), 'next hops of the client are gone with its routes').toMatchObject({ nextHops: 1 });
      expect(rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
    });

    it('ends the client where somebody else has deregistered its entity', () => {
      // What is left has no owner that could be asked to delete it; it stays in a table that no other test uses.
      const { rtm, client, faulty } = scene((on) => createRtm1(on, { instance: 4711 }));
      const registration = findRegistration(faulty, rtm, client);
      expect(library().calls.RtmDeregisterEntity(registration)).toBe(0);
      expect(rtm.RtmDeregisterClient(client)).toBe(ERROR_INVALID_HANDLE);
      expect(rtm.lastFailure?.v2Function).toBe('RtmGetEntityInfo');
      faulty.plan(noFaults);
      expect(rtm.RtmDeregisterClient(client)).toBe(ERROR_INVALID_HANDLE);
      expect(faulty.calls, 'a handle that has ended reaches RTMv2 no more').toEqual([]);
      expect(rtm.leftBehind().routes, 'what nobody can delete any more is told').toBe(ROUTES + 1 + OTHER_ROUTES);
    });

    /** The v2 handle of a client, which the shim shows to nobody. */
    function findRegistration(faulty: FaultyLibrary, rtm: Rtm1, client: number): Handle {
      let registration: Handle = 0;
      const { calls } = faulty.library;
      const watched = calls.RtmAddRouteToDest;
      Object.assign(calls, {
        RtmAddRouteToDest: (...parameters: Parameters<typeof watched>) => {
          registration = parameters[0];
          return watched(...parameters);
        },
      });
      addTo(family, rtm, client, family.route(ABSENT));
      return registration;
    }

    it('does not insist on giving back what RTM says twice that it does not have', () => {
      const here = scene();
      const { calls } = here.faulty.library;
      const original = calls.RtmReleaseRoutes;
      Object.assign(calls, {
        // Does its work, and says that it has not.
        RtmReleaseRoutes: (registration: number, count: number, routes: number) => {
          expect(original(registration, count, routes)).toBe(NO_ERROR);
          return 1450;
        },
      });
      here.faulty.plan(failFirst('RtmDeleteRouteToDest', 1450));
      expect(here.rtm.RtmDeregisterClient(here.client)).toBe(ERROR_NO_SYSTEM_RESOURCES);
      Object.assign(calls, { RtmReleaseRoutes: original });
      expect(here.rtm.RtmDeregisterClient(here.client)).toBe(ERROR_NO_SYSTEM_RESOURCES);
      expect(here.rtm.lastFailure).toMatchObject({ v2Function: 'RtmReleaseRoutes', code: ERROR_INVALID_HANDLE });
      expect(here.rtm.RtmDeregisterClient(here.client)).toBe(NO_ERROR);
      expectGone(here);
    });

    /** Adds a reference to a route or a next hop. */
    function reference(registration: number, handle: number): void {
      const memory = new Memory(8);
      memory.setHandle(0, handle);
      expect(library().calls.RtmReferenceHandles(registration, 1, memory.address)).toBe(NO_ERROR);
    }

    it('takes a route that has gone by itself for deleted, and gives its handle back', () => {
      const here = scene();
      const { calls } = here.faulty.library;
      const original = calls.RtmDeleteRouteToDest;
      Object.assign(calls, {
        // Deletes the route, but leaves the handle and says that it was not there, as for one that is held down.
        RtmDeleteRouteToDest: (registration: number, route: number, flags: number) => {
          reference(registration, route);
          expect(original(registration, route, flags)).toBe(NO_ERROR);
          return NOT_FOUND;
        },
      });
      expect(here.rtm.RtmDeregisterClient(here.client)).toBe(NO_ERROR);
      expectGone(here);
    });

    it('takes a next hop that has gone by itself for deleted, and gives its handle back', () => {
      const here = scene();
      const { calls } = here.faulty.library;
      const original = calls.RtmDeleteNextHop;
      Object.assign(calls, {
        RtmDeleteNextHop: (registration: number, nextHop: number, info: number) => {
          reference(registration, nextHop);
          expect(original(registration, nextHop, info)).toBe(NO_ERROR);
          return NOT_FOUND;
        },
      });
      expect(here.rtm.RtmDeregisterClient(here.client)).toBe(NO_ERROR);
      expectGone(here);
    });
  });
});
