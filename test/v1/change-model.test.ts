import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  ERROR_NO_MESSAGES,
  INFINITE,
  NO_ERROR,
  PROTO_IP_BGP,
  PROTO_IP_OSPF,
  PROTO_IP_RIP,
  RTM_CURRENT_BEST_ROUTE,
  RTM_PREVIOUS_BEST_ROUTE,
  RTM_PROTOCOL_FAMILY_IP,
  RTM_PROTOCOL_SINGLE_ROUTE,
  RTM_ROUTE_ADDED,
  RTM_ROUTE_CHANGED,
  RTM_ROUTE_DELETED,
} from '../../src/v1/constants.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { EventObject } from '../../src/win32/event-object.js';
import { describeEveryBackend, NOTHING } from '../support/backend.js';
import { ModelTable, significantOf } from '../support/model.js';
import { membersOf, routeTo } from '../support/routes.js';

const PROTOCOLS = [PROTO_IP_RIP, PROTO_IP_OSPF, PROTO_IP_BGP] as const;
const SINGLE = PROTO_IP_BGP;
const NETWORKS = ['0.0.0.0/0', '10.0.0.0/8', '10.0.0.0/9', '192.0.2.0/24'] as const;
const EVERYBODY = -1;

/** What the runs start from; fast-check tells it together with the path to a failure. */
const SEED = Number(process.env['RTM1_MODEL_SEED'] ?? 20030424);

const kind = fc.oneof(
  { weight: 8, arbitrary: fc.constant('add' as const) },
  { weight: 4, arbitrary: fc.constant('delete' as const) },
  { weight: 2, arbitrary: fc.constant('take messages' as const) },
  { weight: 2, arbitrary: fc.constant('wait' as const) },
  { weight: 1, arbitrary: fc.constant('delete all' as const) },
  { weight: 1, arbitrary: fc.constant('deregister' as const) },
);

/** Few values of everything, so that routes meet. */
const step = fc.record({
  kind,
  client: fc.nat(2),
  network: fc.constantFrom(...NETWORKS),
  interfaceId: fc.integer({ min: 1, max: 2 }),
  metric: fc.integer({ min: 0, max: 2 }),
  data: fc.integer({ min: 0, max: 1 }),
  timeToLive: fc.constantFrom(INFINITE, INFINITE, 0, 10, 25),
});

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function structureOf({ network, interfaceId, metric, data }: Step): RtmIpRoute {
  const route = routeTo(network, { interfaceId, metric });
  route.RR_ProtocolSpecificData.PSD_Data[0] = data;
  return route;
}

/** The best route of each network, as it is at one moment. */
type BestRoutes = readonly (RtmIpRoute | null)[];

/** What one change must tell, in any order. */
type Group = string[];

const nameOf = (flags: number, current: RtmIpRoute | null, previous: RtmIpRoute | null): string =>
  JSON.stringify([flags, current === null ? null : membersOf(current), previous === null ? null : membersOf(previous)]);

/** What must be told where the best routes were one thing and are another. */
function messagesOf(before: BestRoutes, after: BestRoutes): Group {
  return NETWORKS.flatMap((_network, index) => {
    const [previous = null, current = null] = [before[index], after[index]];
    if (previous === null) return current === null ? [] : [nameOf(RTM_ROUTE_ADDED, current, null)];
    if (current === null) return [nameOf(RTM_ROUTE_DELETED, null, previous)];
    return significantOf(previous) === significantOf(current) ? [] : [nameOf(RTM_ROUTE_CHANGED, current, previous)];
  });
}

/** Three clients that are told of changes, beside the model of a table. */
class Triple {
  seconds = 0;
  readonly #model = new ModelTable();
  readonly #deadlines = new Map<RtmIpRoute, number>();
  readonly #rtm: Rtm1;
  readonly #clients: number[];
  readonly #events = PROTOCOLS.map(() => new EventObject());
  readonly #expected: Group[][] = PROTOCOLS.map(() => []);

  constructor(open: (clock: () => number) => Rtm1) {
    this.#rtm = open(() => Date.UTC(2003, 3, 24) + this.seconds * 1000);
    this.#clients = PROTOCOLS.map((_protocol, index) => this.#register(index));
  }

  take(taken: Step): void {
    const { client: index } = taken;
    this.#age();
    const before = this.#bestRoutes();
    const told = this.#act(taken);
    const messages = messagesOf(before, this.#bestRoutes());
    if (messages.length === 0) return;
    for (const [each, groups] of this.#expected.entries()) {
      if (told === EVERYBODY || each !== index) groups.push([...messages]);
    }
  }

  takeMessages(index: number): void {
    const groups = this.#expected[index] ?? [];
    const event = this.#events[index];
    expect(event?.signalled).toBe(groups.length > 0);
    for (const group of groups.splice(0)) {
      const told = group.map(() => this.#nextMessage(index));
      expect(told.sort()).toEqual(group.sort());
    }
    const flags = new Uint32Array(1);
    expect(this.#rtm.RtmDequeueRouteChangeMessage(this.#clients[index] ?? 0, flags, null, null)).toBe(ERROR_NO_MESSAGES);
    expect(event?.signalled).toBe(false);
  }

  end(): void {
    this.#age();
    for (const index of PROTOCOLS.keys()) this.takeMessages(index);
    for (const client of this.#clients) expect(this.#rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
    expect(this.#rtm.leftBehind()).toEqual(NOTHING);
    this.#rtm.close();
  }

  /** Does it in both; returns who is told: EVERYBODY, or all but the client. */
  #act(taken: Step): number {
    const { client: index } = taken;
    const protocol = PROTOCOLS[index] ?? 0;
    const client = this.#clients[index] ?? 0;
    const given = structureOf(taken);
    const flags = new Uint32Array(1);
    switch (taken.kind) {
      case 'add':
        expect(this.#rtm.RtmAddRoute(client, given, taken.timeToLive, flags, null, null)).toBe(NO_ERROR);
        this.#add(protocol, given, taken.timeToLive);
        return index;
      case 'delete':
        expect(this.#rtm.RtmDeleteRoute(client, given, flags, null)).toBe(
          this.#model.delete(protocol, protocol === SINGLE, given).status,
        );
        return index;
      case 'delete all':
        this.#rtm.RtmBlockDeleteRoutes(client, 0, null);
        this.#model.deregister(protocol);
        return EVERYBODY;
      case 'deregister':
        expect(this.#rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
        this.#model.deregister(protocol);
        this.#expected[index]?.splice(0);
        this.#events[index]?.reset();
        this.#clients[index] = this.#register(index);
        return index;
      case 'take messages':
        this.takeMessages(index);
        return EVERYBODY;
      case 'wait':
        this.seconds += 10;
        return EVERYBODY;
    }
  }

  #add(protocol: number, given: RtmIpRoute, timeToLive: number): void {
    this.#model.add(protocol, protocol === SINGLE, given);
    const added = this.#model.find(protocol, protocol === SINGLE, given);
    if (added === undefined) throw new Error('it has just been added');
    this.#deadlines.set(added, timeToLive === INFINITE ? Infinity : this.seconds + timeToLive);
  }

  /** Lets routes age in both, and tells everybody. */
  #age(): void {
    const before = this.#bestRoutes();
    const old = this.#model.routes.filter((route) => (this.#deadlines.get(route) ?? Infinity) <= this.seconds);
    for (const route of old) this.#model.remove(route);
    const messages = messagesOf(before, this.#bestRoutes());
    if (messages.length > 0) for (const groups of this.#expected) groups.push([...messages]);
    // Whatever call comes first brings it about.
    expect(this.#rtm.RtmGetNetworkCount(RTM_PROTOCOL_FAMILY_IP)).toBe(this.#model.networks);
  }

  #bestRoutes(): BestRoutes {
    return NETWORKS.map((network) => {
      const best = this.#model.best(routeTo(network));
      return best === undefined ? null : new RtmIpRoute(best.bytes.slice());
    });
  }

  #nextMessage(index: number): string {
    const [flags, current, previous] = [new Uint32Array(1), new RtmIpRoute(), new RtmIpRoute()];
    this.#rtm.RtmDequeueRouteChangeMessage(this.#clients[index] ?? 0, flags, current, previous);
    const [told = 0] = flags;
    return nameOf(
      told,
      (told & RTM_CURRENT_BEST_ROUTE) === 0 ? null : current,
      (told & RTM_PREVIOUS_BEST_ROUTE) === 0 ? null : previous,
    );
  }

  #register(index: number): number {
    const protocol = PROTOCOLS[index] ?? 0;
    const flags = protocol === SINGLE ? RTM_PROTOCOL_SINGLE_ROUTE : 0;
    const event = this.#events[index] ?? null;
    const client = this.#rtm.RtmRegisterClient(RTM_PROTOCOL_FAMILY_IP, protocol, event, flags);
    expect(client).not.toBe(0);
    return client;
  }
}

describeEveryBackend(({ open }) => {
  let instance = 200;

  it('tells three clients what a list of routes says, whatever they add, delete, let age and leave', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        // A run that fails leaves its clients behind; the next one has a table of its own.
        instance += 1;
        const triple = new Triple((clock) => open({ instance, clock }));
        for (const taken of steps) triple.take(taken);
        triple.end();
      }),
      { numRuns: 150, seed: SEED },
    );
  });
});
