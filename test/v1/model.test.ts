import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  INFINITE,
  NO_ERROR,
  PROTO_IP_BGP,
  PROTO_IP_OSPF,
  PROTO_IP_RIP,
  RTM_PROTOCOL_FAMILY_IP,
  RTM_PROTOCOL_SINGLE_ROUTE,
} from '../../src/v1/constants.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { describeEveryBackend, NOTHING } from '../support/backend.js';
import { type Expected, ModelTable } from '../support/model.js';
import { enumerate, membersOf, register, routeTo } from '../support/routes.js';

const PROTOCOLS = [PROTO_IP_RIP, PROTO_IP_OSPF, PROTO_IP_BGP] as const;
const SINGLE = PROTO_IP_BGP;
const NETWORKS = ['0.0.0.0/0', '10.0.0.0/8', '10.0.0.0/9', '10.128.0.0/9', '10.0.0.0/32', '192.0.2.0/24'] as const;

/** What the runs start from; fast-check tells it together with the path to a failure. */
const SEED = Number(process.env['RTM1_MODEL_SEED'] ?? 20030424);

/** Few values of everything, so that routes meet. */
const route = fc.record({
  network: fc.constantFrom(...NETWORKS),
  interfaceId: fc.integer({ min: 1, max: 2 }),
  hop: fc.integer({ min: 1, max: 2 }),
  priority: fc.integer({ min: 0, max: 1 }),
  metric: fc.integer({ min: 0, max: 2 }),
  type: fc.constantFrom(1, 4),
  data: fc.integer({ min: 0, max: 1 }),
});

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('add' as const), client: fc.nat(2), route }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('delete' as const), client: fc.nat(2), route }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('deregister' as const), client: fc.nat(2), route }) },
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

function structureOf(given: Step['route']): RtmIpRoute {
  const { network, interfaceId, hop, priority, metric, type, data } = given;
  const built = routeTo(network, { via: `192.0.2.${hop}`, interfaceId, priority, metric, type });
  built.RR_ProtocolSpecificData.PSD_Data[0] = data;
  return built;
}

/** A table of three clients beside the model of one. */
class Pair {
  readonly model = new ModelTable();
  readonly #rtm: Rtm1;
  readonly #clients: number[];

  constructor(rtm: Rtm1) {
    this.#rtm = rtm;
    this.#clients = PROTOCOLS.map((protocol) => this.#register(protocol));
  }

  take(taken: Step): void {
    const protocol = PROTOCOLS[taken.client] ?? 0;
    const client = this.#clients[taken.client] ?? 0;
    const given = structureOf(taken.route);
    const flags = new Uint32Array(1);
    const [current, previous] = [new RtmIpRoute(), new RtmIpRoute()];
    if (taken.kind === 'add') {
      const status = this.#rtm.RtmAddRoute(client, given, INFINITE, flags, current, previous);
      compare(this.model.add(protocol, protocol === SINGLE, given), status, flags, current, previous);
    } else if (taken.kind === 'delete') {
      const status = this.#rtm.RtmDeleteRoute(client, given, flags, current);
      compare(this.model.delete(protocol, protocol === SINGLE, given), status, flags, current, previous);
    } else {
      expect(this.#rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
      this.model.deregister(protocol);
      this.#clients[taken.client] = this.#register(protocol);
    }
  }

  compareTables(): void {
    const told = enumerate(this.#rtm).map((one) => membersOf(one).join());
    expect(told.sort()).toEqual(this.model.routes.map((one) => membersOf(one).join()).sort());
    expect(this.#rtm.RtmGetNetworkCount(RTM_PROTOCOL_FAMILY_IP)).toBe(this.model.networks);
    for (const network of NETWORKS) {
      const asked = routeTo(network);
      const isThere = this.#rtm.RtmIsRoute(RTM_PROTOCOL_FAMILY_IP, asked.RR_Network, asked);
      const best = this.model.best(asked);
      expect(isThere, network).toBe(best !== undefined);
      if (best !== undefined) expect(membersOf(asked), network).toEqual(membersOf(best));
    }
    const owned = new Set(this.model.routes.map((one) => `${one.RR_RoutingProtocol} ${ModelTable.networkOf(one)}`));
    const { entities, routes, destinations } = this.#rtm.leftBehind();
    expect([entities, routes, destinations]).toEqual([3, this.model.routes.length, owned.size]);
  }

  end(): void {
    for (const client of this.#clients) expect(this.#rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
    expect(this.#rtm.leftBehind()).toEqual(NOTHING);
  }

  #register(protocol: number): number {
    return register(this.#rtm, protocol, protocol === SINGLE ? RTM_PROTOCOL_SINGLE_ROUTE : 0);
  }
}

function compare(
  expected: Expected,
  status: number,
  flags: Uint32Array,
  current: RtmIpRoute,
  previous: RtmIpRoute,
): void {
  const untouched = new RtmIpRoute();
  expect(status).toBe(expected.status);
  expect(flags[0]).toBe(expected.flags ?? 0);
  expect(membersOf(current)).toEqual(membersOf(expected.current ?? untouched));
  expect(membersOf(previous)).toEqual(membersOf(expected.previous ?? untouched));
}

describeEveryBackend(({ open }) => {
  let instance = 100;

  it('does what a list of routes would do, whatever three clients add, delete and leave', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        // A run that fails leaves its clients behind; the next one has a table of its own.
        instance += 1;
        const rtm = open({ instance });
        const pair = new Pair(rtm);
        for (const taken of steps) pair.take(taken);
        pair.compareTables();
        pair.end();
        rtm.close();
      }),
      { numRuns: 150, seed: SEED },
    );
  });
});
