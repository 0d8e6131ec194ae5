/** What v1 calls answer while another thread of the process adds and deletes routes between any two v2 calls. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  ERROR_MORE_MESSAGES,
  ERROR_NO_MESSAGES,
  ERROR_NO_MORE_ROUTES,
  ERROR_NO_ROUTES,
  INFINITE,
  NO_ERROR,
  PROTO_IP_OSPF,
  PROTO_IP_RIP,
  RTM_CURRENT_BEST_ROUTE,
  RTM_PREVIOUS_BEST_ROUTE,
  RTM_PROTOCOL_FAMILY_IP as FAMILY,
} from '../../src/v1/constants.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import { formatIpv4, ipv4, ipv4Mask } from '../../src/v1/ipv4.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { EventObject } from '../../src/win32/event-object.js';
import { describeBackend } from '../support/backend.js';
import { loadChurn } from './churn.js';

/** How often each race is run; the environment variable asks for more. */
const ROUNDS = Number(process.env['RTM1_RACE_ROUNDS'] ?? 600);
/** Messages taken in each round of the test that takes some: each look at the queue may bring hundreds. */
const MESSAGES_A_ROUND = 4;
/** How often the other thread has to have added and deleted its routes meanwhile. */
const MIN_TURNS = 20;
const TIMEOUT_MS = 200 * ROUNDS + 60_000;

/** Counts what calls answer. */
class Tally {
  readonly counts: Record<string, number> = {};

  note(answer: number | string): void {
    this.counts[answer] = (this.counts[answer] ?? 0) + 1;
  }
}

const networkOf = (route: RtmIpRoute): string => formatIpv4(route.RR_Network.N_NetNumber);

function networkTo(n: number): RtmIpRoute {
  const route = new RtmIpRoute();
  route.RR_Network.N_NetNumber = ipv4(`10.${n}.0.0`);
  route.RR_Network.N_NetMask = ipv4Mask(16);
  return route;
}

/** The best route of each network, by the table. */
function table(rtm: Rtm1, networks: number): Map<string, number> {
  const bests = new Map<string, number>();
  const route = new RtmIpRoute();
  for (let n = 0; n < networks; n += 1) {
    const { RR_Network } = networkTo(n);
    if (rtm.RtmIsRoute(FAMILY, RR_Network, route)) bests.set(networkOf(route), route.RR_RoutingProtocol);
  }
  return bests;
}

describeBackend('embedded', ({ open }) => {
  const churn = loadChurn();
  let isRunning = false;
  const stop = (): void => {
    if (!isRunning) return;
    isRunning = false;
    churn.stop();
  };
  /** Runs something again and again, as long as the other thread has not done its part in it too, within reason. */
  const race = (run: (round: number) => void, rounds = ROUNDS): number => {
    const until = churn.turns() + MIN_TURNS;
    let round = 0;
    for (; round < rounds || (churn.turns() < until && round < 2 * rounds); round += 1) run(round);
    return round;
  };
  afterEach(stop);

  describe.each([
    ['a thread that adds and deletes routes', false],
    ['an entity that comes and goes with its routes', true],
  ])('beside %s', (_name, isReturning) => {
    beforeEach(() => {
      churn.start(isReturning);
      isRunning = true;
    });

    it('registers clients that want to be told of changes', { timeout: TIMEOUT_MS }, () => {
      const rtm = open();
      const tally = new Tally();
      const rounds = race(() => {
        const client = rtm.RtmRegisterClient(FAMILY, PROTO_IP_RIP, new EventObject(), 0);
        tally.note(client === 0 ? `RtmRegisterClient leaves ${rtm.GetLastError()}` : 'registered');
        tally.note(`RtmDeregisterClient ${client === 0 ? NO_ERROR : rtm.RtmDeregisterClient(client)}`);
      });
      expect(tally.counts).toEqual({ registered: rounds, [`RtmDeregisterClient ${NO_ERROR}`]: rounds });
    });

    it('tells changes that add up to the table', { timeout: TIMEOUT_MS }, () => {
      const rtm = open();
      const keeper = rtm.RtmRegisterClient(FAMILY, PROTO_IP_OSPF, null, 0);
      const client = rtm.RtmRegisterClient(FAMILY, PROTO_IP_RIP, new EventObject(), 0);
      const [current, previous, flags] = [new RtmIpRoute(), new RtmIpRoute(), new Uint32Array(1)];
      /** What is known of the networks that were told of. */
      const known = new Map<string, number | null>();
      const tally = new Tally();
      const drain = (most: number): void => {
        // As long as the other thread goes on there may always be one more.
        for (let taken = 0; taken < most; taken += 1) {
          const status = rtm.RtmDequeueRouteChangeMessage(client, flags, current, previous);
          if (status === ERROR_NO_MESSAGES) return;
          tally.note(status === NO_ERROR || status === ERROR_MORE_MESSAGES ? 'messages' : `status ${status}`);
          const [change = 0] = flags;
          const hasCurrent = (change & RTM_CURRENT_BEST_ROUTE) !== 0;
          const hasPrevious = (change & RTM_PREVIOUS_BEST_ROUTE) !== 0;
          const network = networkOf(hasCurrent ? current : previous);
          const before = hasPrevious ? previous.RR_RoutingProtocol : null;
          // The first message of a network tells what was there when the client came.
          if (known.has(network) && known.get(network) !== before) tally.note('a message does not follow from the one before');
          known.set(network, hasCurrent ? current.RR_RoutingProtocol : null);
        }
      };
      const keep = (round: number): void => {
        const route = networkTo(round % churn.networks);
        // Better or worse than the other one by turns.
        route.RR_FamilySpecificData.FSD_Priority = 3 * (round % 2);
        rtm.RtmAddRoute(keeper, route, INFINITE, flags, null, null);
      };
      for (let round = 0; round < churn.networks; round += 1) keep(round);
      race((round) => {
        keep(round);
        drain(MESSAGES_A_ROUND);
      }, ROUNDS / 20);
      stop();
      drain(Infinity);
      const { messages = 0, ...unexpected } = tally.counts;
      expect(unexpected).toEqual({});
      expect(messages).toBeGreaterThan(MIN_TURNS);
      const present = table(rtm, churn.networks);
      expect(present.size, 'networks in the end').toBe(churn.networks);
      const told = [...known].filter(([, protocol]) => protocol !== null);
      expect(Object.fromEntries(told)).toEqual(Object.fromEntries(present));
    });

    it('reads, enumerates, walks, counts and looks up what is or was there', { timeout: TIMEOUT_MS }, () => {
      const rtm = open();
      const unexpected = new Tally();
      const route = new RtmIpRoute();
      let seen = 0;
      const check = (): void => {
        const { FSD_Priority, FSD_Metric } = route.RR_FamilySpecificData;
        const isRight = route.RR_RoutingProtocol === churn.protocol && FSD_Priority === 1 && FSD_Metric === 0;
        if (!isRight) unexpected.note(`route of ${route.RR_RoutingProtocol}, priority ${FSD_Priority}`);
        seen += 1;
      };
      race((round) => {
        const network = networkTo(round % churn.networks);
        if (rtm.RtmIsRoute(FAMILY, network.RR_Network, route)) check();
        else if (rtm.GetLastError() !== NO_ERROR) unexpected.note(`RtmIsRoute leaves ${rtm.GetLastError()}`);
        if (rtm.RtmLookupIPDestination(network.RR_Network.N_NetNumber, route)) check();
        else if (rtm.GetLastError() !== NO_ERROR) unexpected.note(`RtmLookupIPDestination leaves ${rtm.GetLastError()}`);
        if (rtm.RtmGetNetworkCount(FAMILY) > churn.networks) unexpected.note('RtmGetNetworkCount');
        const status = rtm.RtmGetFirstRoute(FAMILY, 0, route);
        if (status === NO_ERROR) check();
        else if (status !== ERROR_NO_ROUTES) unexpected.note(`RtmGetFirstRoute ${status}`);
        enumerate(rtm, unexpected, route, check);
      }, ROUNDS / 10);
      expect(unexpected.counts).toEqual({});
      expect(seen, 'routes that were told').toBeGreaterThan(MIN_TURNS);
    });

    it('adds and deletes routes to the same networks', { timeout: TIMEOUT_MS }, () => {
      const rtm = open();
      const tally = new Tally();
      const flags = new Uint32Array(1);
      const client = rtm.RtmRegisterClient(FAMILY, PROTO_IP_OSPF, null, 0);
      const rounds = race((round) => {
        const route = networkTo(round % churn.networks);
        route.RR_FamilySpecificData.FSD_Priority = 3 * (round % 2);
        tally.note(`RtmAddRoute ${rtm.RtmAddRoute(client, route, INFINITE, flags, null, null)}`);
        tally.note(`RtmDeleteRoute ${rtm.RtmDeleteRoute(client, route, flags, null)}`);
      });
      expect(tally.counts).toEqual({ [`RtmAddRoute ${NO_ERROR}`]: rounds, [`RtmDeleteRoute ${NO_ERROR}`]: rounds });
      expect(rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
    });
  });
});

function enumerate(rtm: Rtm1, unexpected: Tally, route: RtmIpRoute, check: () => void): void {
  const enumeration = rtm.RtmCreateEnumerationHandle(FAMILY, 0, null);
  if (enumeration === 0) {
    if (rtm.GetLastError() !== ERROR_NO_ROUTES) unexpected.note(`RtmCreateEnumerationHandle leaves ${rtm.GetLastError()}`);
    return;
  }
  for (;;) {
    const status = rtm.RtmEnumerateGetNextRoute(enumeration, route);
    if (status === NO_ERROR) {
      check();
      continue;
    }
    if (status !== ERROR_NO_MORE_ROUTES) unexpected.note(`RtmEnumerateGetNextRoute ${status}`);
    break;
  }
  const closed = rtm.RtmCloseEnumerationHandle(enumeration);
  if (closed !== NO_ERROR) unexpected.note(`RtmCloseEnumerationHandle ${closed}`);
}
