import { describe, expect, it } from 'vitest';
import {
  ERROR_INVALID_HANDLE,
  ERROR_NO_SUCH_ROUTE,
  ERROR_NO_SYSTEM_RESOURCES,
  INFINITE,
  NO_ERROR,
  PROTO_IP_BGP,
  PROTO_IP_OSPF,
  PROTO_IP_RIP,
  RTM_ONLY_BEST_ROUTES,
  RTM_ONLY_THIS_NETWORK,
  RTM_ONLY_THIS_PROTOCOL,
  RTM_PROTOCOL_SINGLE_ROUTE,
} from '../../src/v1/constants.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { describeBackend, NOTHING } from '../support/backend.js';
import {
  addTo,
  bestOf,
  copyOf,
  deleteFrom,
  FAMILIES,
  type Family,
  IP,
  listOf,
  members,
  registerIn,
  type Route,
  walkOf,
} from '../support/families.js';
import { failAll, failFirst, failNth, noFaults, withFaults } from '../support/faults.js';

/** The path is the same for all families: the second one is there to show that. */
const codesOf = (family: Family): number[] =>
  family === IP ? [5, 6, 8, 50, 87, 259, 1168, 1450, 9999] : [6, 1450];

/** Networks, in table order. */
const PRIVATE = 0;
const TEN = 1;
const ABSENT = 2;

interface Clients {
  readonly rtm: Rtm1;
  readonly rip: number;
  readonly ospf: number;
  readonly single: number;
}

type Change = (clients: Clients) => number;

const MARK = 0xdead;
const flags = new Uint32Array(1);

/** Changes of every kind: of a new network, of the best route, of another one, with a next hop that is new or that goes. */
function changesOf({ route }: Family): Readonly<Record<string, Change>> {
  return {
    'adds the first route of a network': ({ rtm, rip }) => put(rtm, rip, route(ABSENT)),
    'adds a route over a new next hop': ({ rtm, rip }) => put(rtm, rip, route(TEN, { interfaceId: 50, metric: 9 })),
    'adds the new best route': ({ rtm, ospf }) => put(rtm, ospf, route(TEN, { interfaceId: 51, rank: 1 })),
    'updates the best route': ({ rtm, rip }) => put(rtm, rip, route(TEN, { metric: 2 })),
    'updates the best route so that another is better': ({ rtm, rip }) => put(rtm, rip, route(TEN, { metric: 200 })),
    'updates the only route of a network': ({ rtm, rip }) => put(rtm, rip, route(PRIVATE, { metric: 7 })),
    'updates a route that is not the best': ({ rtm, rip }) => put(rtm, rip, route(TEN, { interfaceId: 2, metric: 66 })),
    'moves the route of a single-route client': ({ rtm, single }) =>
      put(rtm, single, route(TEN, { interfaceId: 52, rank: 99 })),
    'deletes the best route': ({ rtm, rip }) => rtm.RtmDeleteRoute(rip, route(TEN), flags, null),
    'deletes a route that is not the best': ({ rtm, rip }) =>
      rtm.RtmDeleteRoute(rip, route(TEN, { interfaceId: 2 }), flags, null),
    'deletes the only route of a network': ({ rtm, rip }) => rtm.RtmDeleteRoute(rip, route(PRIVATE), flags, null),
    'deletes the route of a single-route client': ({ rtm, single }) =>
      rtm.RtmDeleteRoute(single, route(TEN), flags, null),
  };
}

function put(rtm: Rtm1, client: number, route: Route): number {
  return rtm.RtmAddRoute(client, route, INFINITE, flags, null, null);
}

function tableOf(family: Family, rtm: Rtm1): readonly string[] {
  return listOf(family, rtm).map(members).sort();
}

function populate(family: Family, rtm: Rtm1): Clients {
  const { route } = family;
  const rip = registerIn(family, rtm, PROTO_IP_RIP);
  const ospf = registerIn(family, rtm, PROTO_IP_OSPF);
  const single = registerIn(family, rtm, PROTO_IP_BGP, RTM_PROTOCOL_SINGLE_ROUTE);
  addTo(family, rtm, rip, route(TEN, { metric: 1 }));
  addTo(family, rtm, rip, route(TEN, { interfaceId: 2, metric: 5 }));
  addTo(family, rtm, rip, route(PRIVATE, { metric: 3 }));
  addTo(family, rtm, ospf, route(TEN, { rank: 11, metric: 1 }));
  addTo(family, rtm, single, route(TEN, { interfaceId: 3, rank: 99 }));
  return { rtm, rip, ospf, single };
}

describe.each(FAMILIES)('%s', (_name, family) => {
  describeBackend('embedded', ({ library, open, openOn }) => {
    /** What the table holds after a change that nothing disturbs. */
    function undisturbed(change: Change): readonly string[] {
      const rtm = open({ instance: 9 });
      const status = change(populate(family, rtm));
      expect(status).toBe(NO_ERROR);
      const table = tableOf(family, rtm);
      rtm.close();
      return table;
    }

    /** Lets each v2 call of a change fail once, in a table of its own each time. */
    function failEachCall(change: Change, code: number, check: (clients: Clients, status: number, at: string) => void): void {
      for (let n = 1, reached = true; reached; n += 1) {
        const faulty = withFaults(library());
        const rtm = openOn(faulty.library);
        const clients = populate(family, rtm);
        faulty.plan(failNth(n, code));
        const status = change(clients);
        reached = faulty.calls.length >= n;
        const at = `call ${n}, ${faulty.calls[n - 1] ?? 'none'}`;
        faulty.plan(noFaults);
        check(clients, status, at);
        for (const client of [clients.rip, clients.ospf, clients.single]) {
          expect(rtm.RtmDeregisterClient(client), at).toBe(NO_ERROR);
        }
        expect(rtm.leftBehind(), at).toEqual(NOTHING);
        rtm.close();
      }
    }

    describe.each(Object.entries(changesOf(family)))('a call that %s', (_what, change) => {
      it.each(codesOf(family))('does all or nothing where a v2 call answers %d, and can be made again', (code) => {
        const [before, after] = [undisturbed(() => NO_ERROR), undisturbed(change)];
        failEachCall(change, code, (clients, status, at) => {
          expect(tableOf(family, clients.rtm), at).toEqual(status === NO_ERROR ? after : before);
          if (status === NO_ERROR) return;
          expect(change(clients), `${at}, again`).toBe(NO_ERROR);
          expect(tableOf(family, clients.rtm), `${at}, again`).toEqual(after);
        });
      });

      it('leaves its output alone when it fails', () => {
        const marked: Change = (clients) => {
          flags[0] = MARK;
          return change(clients);
        };
        failEachCall(marked, 1450, (_clients, status, at) => {
          expect(flags[0] === MARK, at).toBe(status !== NO_ERROR);
        });
      });

      it('keeps next hops in step with routes after every failure', () => {
        failEachCall(change, 1450, ({ rtm, rip, ospf, single }, _status, at) => {
          for (const [client, protocol] of [[rip, PROTO_IP_RIP], [ospf, PROTO_IP_OSPF], [single, PROTO_IP_BGP]] as const) {
            const own = listOf(family, rtm).filter((route) => route.RR_RoutingProtocol === protocol);
            for (const route of own) deleteFrom(family, rtm, client, route);
            // What a release has failed to give back goes with the next call.
            expect(rtm.RtmDeleteRoute(client, family.route(TEN), flags, null), at).toBe(ERROR_NO_SUCH_ROUTE);
          }
          expect(rtm.leftBehind(), at).toEqual({ entities: 3, routes: 0, nextHops: 0, destinations: 0, handles: 0 });
        });
      });
    });

    it('brings itself into step with the table where even undoing fails', () => {
      const faulty = withFaults(library());
      const { rtm, rip } = populate(family, openOn(faulty.library));
      // The best route cannot be read after the change, and the change cannot be taken back.
      let adds = 0;
      let reads = 0;
      faulty.plan(({ name }) => {
        if (name === 'RtmAddRouteToDest') return (adds += 1) > 1 ? 1450 : null;
        return name === 'RtmGetExactMatchDestination' && (reads += 1) > 1 ? 1450 : null;
      });
      expect(put(rtm, rip, family.route(TEN, { metric: 200 }))).toBe(ERROR_NO_SYSTEM_RESOURCES);
      faulty.plan(noFaults);
      expect(put(rtm, rip, family.route(TEN, { metric: 3 }))).toBe(NO_ERROR);
      const expected = family.route(TEN, { metric: 3 });
      expected.RR_RoutingProtocol = PROTO_IP_RIP;
      expect(members(bestOf(family, rtm, TEN) ?? family.view())).toBe(members(expected));
      for (const route of listOf(family, rtm).filter((one) => one.RR_RoutingProtocol === PROTO_IP_RIP)) deleteFrom(family, rtm, rip, route);
      expect(rtm.leftBehind()).toMatchObject({ routes: 2, nextHops: 2, handles: 2 });
    });

    it('gives back later what it cannot give back at once', () => {
      const faulty = withFaults(library());
      const { rtm, rip } = populate(family, openOn(faulty.library));
      const { handles } = rtm.leftBehind();
      faulty.plan(({ name }) => (name.startsWith('RtmRelease') ? 1450 : null));
      expect(put(rtm, rip, family.route(TEN, { metric: 2 }))).toBe(NO_ERROR);
      expect(rtm.leftBehind().handles).toBeGreaterThan(handles);
      faulty.plan(noFaults);
      expect(put(rtm, rip, family.route(TEN, { metric: 2 }))).toBe(NO_ERROR);
      expect(rtm.leftBehind().handles).toBe(handles);
    });

    describe('reading', () => {
      const criteria = family.route(TEN);
      criteria.RR_RoutingProtocol = PROTO_IP_RIP;

      /** Lets each v2 call of a read fail once. Nothing may be left by it once the object is closed. */
      function failEachRead(read: (rtm: Rtm1) => void, code: number): void {
        for (let n = 1, reached = true; reached; n += 1) {
          const faulty = withFaults(library());
          const { rtm } = populate(family, openOn(faulty.library));
          const before = tableOf(family, rtm);
          faulty.plan(failNth(n, code));
          read(rtm);
          reached = faulty.calls.length >= n;
          const at = `call ${n}, ${faulty.calls[n - 1] ?? 'none'}`;
          faulty.plan(noFaults);
          expect(tableOf(family, rtm), at).toEqual(before);
          rtm.close();
          expect(rtm.leftBehind(), at).toEqual(NOTHING);
        }
      }

      it.each(codesOf(family))('loses nothing where a v2 call answers %d', (code) => {
        failEachRead((rtm) => rtm.RtmIsRoute(family.number, criteria.RR_Network, family.view()), code);
        failEachRead((rtm) => rtm.RtmGetNetworkCount(family.number), code);
        failEachRead((rtm) => rtm.RtmLookupIPDestination(0x0000010a, new Uint8Array(92)), code);
        for (const only of [0, RTM_ONLY_THIS_NETWORK, RTM_ONLY_BEST_ROUTES | RTM_ONLY_THIS_PROTOCOL]) {
          failEachRead((rtm) => {
            const enumeration = rtm.RtmCreateEnumerationHandle(family.number, only, criteria);
            rtm.RtmEnumerateGetNextRoute(enumeration, family.view());
            rtm.RtmCloseEnumerationHandle(enumeration);
          }, code);
          failEachRead((rtm) => {
            const route = copyOf(family, criteria);
            rtm.RtmGetFirstRoute(family.number, only, route);
            rtm.RtmGetNextRoute(family.number, only, route);
          }, code);
        }
      });

      it('tells the right route in table order, or a failure, whichever call fails', () => {
        const wholeTable = walkOf(family, populate(family, open({ instance: 9 })).rtm).routes.map(members);
        for (let n = 1, reached = true; reached; n += 1) {
          const faulty = withFaults(library());
          const { rtm } = populate(family, openOn(faulty.library));
          const told: string[] = [];
          const route = family.view();
          faulty.plan(failNth(n, 1450));
          for (let name: 'RtmGetFirstRoute' | 'RtmGetNextRoute' = 'RtmGetFirstRoute'; told.length < wholeTable.length; ) {
            const before = members(route);
            const status = rtm[name](family.number, 0, route);
            if (status !== NO_ERROR) {
              expect([status, members(route)], `call ${n}`).toEqual([ERROR_NO_SYSTEM_RESOURCES, before]);
              continue;
            }
            told.push(members(route));
            name = 'RtmGetNextRoute';
          }
          reached = faulty.calls.length >= n;
          expect(told, `call ${n}`).toEqual(wholeTable);
          rtm.close();
        }
      });

      it('tells a route again that it failed to tell', () => {
        const faulty = withFaults(library());
        const { rtm } = populate(family, openOn(faulty.library));
        const enumeration = rtm.RtmCreateEnumerationHandle(family.number, 0, null);
        const route = family.view();
        faulty.plan(failFirst('RtmGetRouteInfo', 1450));
        expect(rtm.RtmEnumerateGetNextRoute(enumeration, route)).toBe(ERROR_NO_SYSTEM_RESOURCES);
        let told = 0;
        while (rtm.RtmEnumerateGetNextRoute(enumeration, route) === NO_ERROR) told += 1;
        expect(told).toBe(5);
      });

      it('keeps an enumeration that it failed to close, and closes it when asked again', () => {
        const faulty = withFaults(library());
        const { rtm } = populate(family, openOn(faulty.library));
        const { handles } = rtm.leftBehind();
        const enumeration = rtm.RtmCreateEnumerationHandle(family.number, 0, null);
        faulty.plan(failAll('RtmReleaseRoutes', 6));
        expect(rtm.RtmCloseEnumerationHandle(enumeration)).toBe(ERROR_NO_SYSTEM_RESOURCES);
        expect(rtm.RtmCloseEnumerationHandle(enumeration)).toBe(ERROR_NO_SYSTEM_RESOURCES);
        faulty.plan(noFaults);
        expect(rtm.RtmCloseEnumerationHandle(enumeration)).toBe(NO_ERROR);
        expect(rtm.RtmCloseEnumerationHandle(enumeration)).toBe(ERROR_INVALID_HANDLE);
        expect(rtm.leftBehind().handles).toBe(handles);
      });

      it('gives back with the last call of an enumeration what an earlier one could not', () => {
        const faulty = withFaults(library());
        const { rtm } = populate(family, openOn(faulty.library));
        const { handles } = rtm.leftBehind();
        const enumeration = rtm.RtmCreateEnumerationHandle(family.number, 0, null);
        faulty.plan(failAll('RtmReleaseRouteInfo', 6));
        expect(rtm.RtmEnumerateGetNextRoute(enumeration, family.view())).toBe(NO_ERROR);
        faulty.plan(noFaults);
        expect(rtm.RtmCloseEnumerationHandle(enumeration)).toBe(NO_ERROR);
        expect(rtm.leftBehind().handles).toBe(handles);
      });

      it('does not give back what an earlier count has left in its buffer', () => {
        const faulty = withFaults(library());
        const { rtm } = populate(family, openOn(faulty.library));
        expect(rtm.RtmGetNetworkCount(family.number)).toBe(2);
        faulty.plan(failAll('RtmGetEnumDests', 259));
        expect(rtm.RtmGetNetworkCount(family.number)).toBe(0);
        expect(faulty.calls).toEqual(['RtmCreateDestEnum', 'RtmGetEnumDests', 'RtmDeleteEnumHandle']);
        faulty.plan(noFaults);
      });

      it('takes another id for its hidden entity where one is taken', () => {
        const faulty = withFaults(library());
        const { rtm } = populate(family, openOn(faulty.library));
        faulty.plan(failNth(1, 183));
        expect(rtm.RtmGetNetworkCount(family.number)).toBe(2);
        expect(faulty.calls.filter((name) => name === 'RtmRegisterEntity')).toHaveLength(2);
      });
    });
  });
});
