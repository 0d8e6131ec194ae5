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
  RTM_PROTOCOL_FAMILY_IP,
  RTM_PROTOCOL_SINGLE_ROUTE,
} from '../../src/v1/constants.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { describeBackend, NOTHING } from '../support/backend.js';
import { failAll, failFirst, failNth, noFaults, withFaults } from '../support/faults.js';
import { add, best, enumerate, membersOf, register, remove, routeTo } from '../support/routes.js';

const CODES = [5, 6, 8, 50, 87, 259, 1168, 1450, 9999];
const TEN = '10.0.0.0/8';

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
const CHANGES: Readonly<Record<string, Change>> = {
  'adds the first route of a network': ({ rtm, rip }) => addTo(rtm, rip, routeTo('172.16.0.0/12')),
  'adds a route over a new next hop': ({ rtm, rip }) => addTo(rtm, rip, routeTo(TEN, { interfaceId: 50, metric: 9 })),
  'adds the new best route': ({ rtm, ospf }) => addTo(rtm, ospf, routeTo(TEN, { interfaceId: 51, priority: 1 })),
  'updates the best route': ({ rtm, rip }) => addTo(rtm, rip, routeTo(TEN, { metric: 2 })),
  'updates the best route so that another is better': ({ rtm, rip }) => addTo(rtm, rip, routeTo(TEN, { metric: 200 })),
  'updates the only route of a network': ({ rtm, rip }) => addTo(rtm, rip, routeTo('192.168.0.0/16', { metric: 7 })),
  'updates a route that is not the best': ({ rtm, rip }) =>
    addTo(rtm, rip, routeTo(TEN, { interfaceId: 2, metric: 66 })),
  'moves the route of a single-route client': ({ rtm, single }) =>
    addTo(rtm, single, routeTo(TEN, { interfaceId: 52, priority: 99 })),
  'deletes the best route': ({ rtm, rip }) => rtm.RtmDeleteRoute(rip, routeTo(TEN), flags, null),
  'deletes a route that is not the best': ({ rtm, rip }) =>
    rtm.RtmDeleteRoute(rip, routeTo(TEN, { interfaceId: 2 }), flags, null),
  'deletes the only route of a network': ({ rtm, rip }) =>
    rtm.RtmDeleteRoute(rip, routeTo('192.168.0.0/16'), flags, null),
  'deletes the route of a single-route client': ({ rtm, single }) =>
    rtm.RtmDeleteRoute(single, routeTo(TEN), flags, null),
};

function addTo(rtm: Rtm1, client: number, route: RtmIpRoute): number {
  return rtm.RtmAddRoute(client, route, INFINITE, flags, null, null);
}

function tableOf(rtm: Rtm1): readonly string[] {
  return enumerate(rtm)
    .map((route) => membersOf(route).join())
    .sort();
}

function populate(rtm: Rtm1): Clients {
  const rip = register(rtm, PROTO_IP_RIP);
  const ospf = register(rtm, PROTO_IP_OSPF);
  const single = register(rtm, PROTO_IP_BGP, RTM_PROTOCOL_SINGLE_ROUTE);
  add(rtm, rip, routeTo(TEN, { metric: 1 }));
  add(rtm, rip, routeTo(TEN, { interfaceId: 2, metric: 5 }));
  add(rtm, rip, routeTo('192.168.0.0/16', { metric: 3 }));
  add(rtm, ospf, routeTo(TEN, { priority: 11, metric: 1 }));
  add(rtm, single, routeTo(TEN, { interfaceId: 3, priority: 99 }));
  return { rtm, rip, ospf, single };
}

describeBackend('embedded', ({ library, open, openOn }) => {
  /** What the table holds after a change that nothing disturbs. */
  function undisturbed(change: Change): readonly string[] {
    const rtm = open({ instance: 9 });
    const status = change(populate(rtm));
    expect(status).toBe(NO_ERROR);
    const table = tableOf(rtm);
    rtm.close();
    return table;
  }

  /** Lets each v2 call of a change fail once, in a table of its own each time. */
  function failEachCall(change: Change, code: number, check: (clients: Clients, status: number, at: string) => void): void {
    for (let n = 1, reached = true; reached; n += 1) {
      const faulty = withFaults(library());
      const rtm = openOn(faulty.library);
      const clients = populate(rtm);
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

  describe.each(Object.entries(CHANGES))('a call that %s', (_what, change) => {
    it.each(CODES)('does all or nothing where a v2 call answers %d, and can be made again', (code) => {
      const [before, after] = [undisturbed(() => NO_ERROR), undisturbed(change)];
      failEachCall(change, code, (clients, status, at) => {
        expect(tableOf(clients.rtm), at).toEqual(status === NO_ERROR ? after : before);
        if (status === NO_ERROR) return;
        expect(change(clients), `${at}, again`).toBe(NO_ERROR);
        expect(tableOf(clients.rtm), `${at}, again`).toEqual(after);
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
          const own = enumerate(rtm).filter((route) => route.RR_RoutingProtocol === protocol);
          for (const route of own) remove(rtm, client, route);
          // What a release has failed to give back goes with the next call.
          expect(rtm.RtmDeleteRoute(client, routeTo(TEN), flags, null), at).toBe(ERROR_NO_SUCH_ROUTE);
        }
        expect(rtm.leftBehind(), at).toEqual({ entities: 3, routes: 0, nextHops: 0, destinations: 0, handles: 0 });
      });
    });
  });

  it('brings itself into step with the table where even undoing fails', () => {
    const faulty = withFaults(library());
    const { rtm, rip } = populate(openOn(faulty.library));
    // The best route cannot be read after the change, and the change cannot be taken back.
    let adds = 0;
    let reads = 0;
    faulty.plan(({ name }) => {
      if (name === 'RtmAddRouteToDest') return (adds += 1) > 1 ? 1450 : null;
      return name === 'RtmGetExactMatchDestination' && (reads += 1) > 1 ? 1450 : null;
    });
    expect(addTo(rtm, rip, routeTo(TEN, { metric: 200 }))).toBe(ERROR_NO_SYSTEM_RESOURCES);
    faulty.plan(noFaults);
    expect(addTo(rtm, rip, routeTo(TEN, { metric: 3 }))).toBe(NO_ERROR);
    expect(best(rtm, TEN)?.RR_FamilySpecificData.FSD_Metric).toBe(3);
    for (const route of enumerate(rtm).filter((one) => one.RR_RoutingProtocol === PROTO_IP_RIP)) remove(rtm, rip, route);
    expect(rtm.leftBehind()).toMatchObject({ routes: 2, nextHops: 2, handles: 2 });
  });

  it('gives back later what it cannot give back at once', () => {
    const faulty = withFaults(library());
    const { rtm, rip } = populate(openOn(faulty.library));
    const { handles } = rtm.leftBehind();
    faulty.plan(({ name }) => (name.startsWith('RtmRelease') ? 1450 : null));
    expect(addTo(rtm, rip, routeTo(TEN, { metric: 2 }))).toBe(NO_ERROR);
    expect(rtm.leftBehind().handles).toBeGreaterThan(handles);
    faulty.plan(noFaults);
    expect(addTo(rtm, rip, routeTo(TEN, { metric: 2 }))).toBe(NO_ERROR);
    expect(rtm.leftBehind().handles).toBe(handles);
  });

  describe('reading', () => {
    const criteria = routeTo(TEN);
    criteria.RR_RoutingProtocol = PROTO_IP_RIP;

    /** Lets each v2 call of a read fail once. Nothing may be left by it once the object is closed. */
    function failEachRead(read: (rtm: Rtm1) => void, code: number): void {
      for (let n = 1, reached = true; reached; n += 1) {
        const faulty = withFaults(library());
        const { rtm } = populate(openOn(faulty.library));
        const before = tableOf(rtm);
        faulty.plan(failNth(n, code));
        read(rtm);
        reached = faulty.calls.length >= n;
        const at = `call ${n}, ${faulty.calls[n - 1] ?? 'none'}`;
        faulty.plan(noFaults);
        expect(tableOf(rtm), at).toEqual(before);
        rtm.close();
        expect(rtm.leftBehind(), at).toEqual(NOTHING);
      }
    }

    it.each(CODES)('loses nothing where a v2 call answers %d', (code) => {
      failEachRead((rtm) => rtm.RtmIsRoute(RTM_PROTOCOL_FAMILY_IP, criteria.RR_Network, new RtmIpRoute()), code);
      failEachRead((rtm) => rtm.RtmGetNetworkCount(RTM_PROTOCOL_FAMILY_IP), code);
      for (const only of [0, RTM_ONLY_THIS_NETWORK, RTM_ONLY_BEST_ROUTES | RTM_ONLY_THIS_PROTOCOL]) {
        failEachRead((rtm) => {
          const enumeration = rtm.RtmCreateEnumerationHandle(RTM_PROTOCOL_FAMILY_IP, only, criteria);
          rtm.RtmEnumerateGetNextRoute(enumeration, new RtmIpRoute());
          rtm.RtmCloseEnumerationHandle(enumeration);
        }, code);
      }
    });

    it('tells a route again that it failed to tell', () => {
      const faulty = withFaults(library());
      const { rtm } = populate(openOn(faulty.library));
      const enumeration = rtm.RtmCreateEnumerationHandle(RTM_PROTOCOL_FAMILY_IP, 0, null);
      const route = new RtmIpRoute();
      faulty.plan(failFirst('RtmGetRouteInfo', 1450));
      expect(rtm.RtmEnumerateGetNextRoute(enumeration, route)).toBe(ERROR_NO_SYSTEM_RESOURCES);
      let told = 0;
      while (rtm.RtmEnumerateGetNextRoute(enumeration, route) === NO_ERROR) told += 1;
      expect(told).toBe(5);
    });

    it('keeps an enumeration that it failed to close, and closes it when asked again', () => {
      const faulty = withFaults(library());
      const { rtm } = populate(openOn(faulty.library));
      const { handles } = rtm.leftBehind();
      const enumeration = rtm.RtmCreateEnumerationHandle(RTM_PROTOCOL_FAMILY_IP, 0, null);
      faulty.plan(failAll('RtmReleaseRoutes', 6));
      expect(rtm.RtmCloseEnumerationHandle(enumeration)).toBe(ERROR_NO_SYSTEM_RESOURCES);
      expect(rtm.RtmCloseEnumerationHandle(enumeration)).toBe(ERROR_NO_SYSTEM_RESOURCES);
      faulty.plan(noFaults);
      expect(rtm.RtmCloseEnumerationHandle(enumeration)).toBe(NO_ERROR);
      expect(rtm.RtmCloseEnumerationHandle(enumeration)).toBe(ERROR_INVALID_HANDLE);
      expect(rtm.leftBehind().handles).toBe(handles);
    });

    it('does not give back what an earlier count has left in its buffer', () => {
      const faulty = withFaults(library());
      const { rtm } = populate(openOn(faulty.library));
      expect(rtm.RtmGetNetworkCount(RTM_PROTOCOL_FAMILY_IP)).toBe(2);
      faulty.plan(failAll('RtmGetEnumDests', 259));
      expect(rtm.RtmGetNetworkCount(RTM_PROTOCOL_FAMILY_IP)).toBe(0);
      expect(faulty.calls).toEqual(['RtmCreateDestEnum', 'RtmGetEnumDests', 'RtmDeleteEnumHandle']);
      faulty.plan(noFaults);
    });

    it('takes another id for its hidden entity where one is taken', () => {
      const faulty = withFaults(library());
      const { rtm } = populate(openOn(faulty.library));
      faulty.plan(failNth(1, 183));
      expect(rtm.RtmGetNetworkCount(RTM_PROTOCOL_FAMILY_IP)).toBe(2);
      expect(faulty.calls.filter((name) => name === 'RtmRegisterEntity')).toHaveLength(2);
    });
  });
});
