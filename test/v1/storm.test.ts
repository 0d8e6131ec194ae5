import { expect, it } from 'vitest';
import * as macros from '../../src/v1/macros.js';
import { INFINITE, PROTO_IP_RIP, RTM_PROTOCOL_FAMILY_IP, RTM_PROTOCOL_FAMILY_IPX } from '../../src/v1/constants.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import { EventObject } from '../../src/win32/event-object.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { describeBackend, NOTHING } from '../support/backend.js';
import { IPX, type Route } from '../support/families.js';
import { hostileValues } from '../support/hostile-values.js';
import { Random } from '../support/random.js';
import { routeTo } from '../support/routes.js';

/** How many calls: RTM1_STORM, for instance a million. */
const CALLS = Number(process.env['RTM1_STORM'] ?? 30_000);
/** What the random numbers start from: RTM1_STORM_SEED repeats a storm. */
const SEED = Number(process.env['RTM1_STORM_SEED'] ?? 20030424);

type Kind =
  | 'family'
  | 'protocol'
  | 'event'
  | 'bit'
  | 'only'
  | 'client'
  | 'enumeration'
  | 'route'
  | 'network'
  | 'address'
  | 'ttl'
  | 'flags';

const FUNCTIONS = {
  RtmRegisterClient: ['family', 'protocol', 'event', 'bit'],
  RtmDeregisterClient: ['client'],
  RtmAddRoute: ['client', 'route', 'ttl', 'flags', 'route', 'route'],
  RtmDeleteRoute: ['client', 'route', 'flags', 'route'],
  RtmBlockDeleteRoutes: ['client', 'only', 'route'],
  RtmDequeueRouteChangeMessage: ['client', 'flags', 'route', 'route'],
  RtmIsRoute: ['family', 'network', 'route'],
  RtmGetNetworkCount: ['family'],
  RtmGetRouteAge: ['route'],
  RtmCreateEnumerationHandle: ['family', 'only', 'route'],
  RtmEnumerateGetNextRoute: ['enumeration', 'route'],
  RtmCloseEnumerationHandle: ['enumeration'],
  RtmGetFirstRoute: ['family', 'only', 'route'],
  RtmGetNextRoute: ['family', 'only', 'route'],
  RtmGetSpecificRoute: ['family', 'route'],
  RtmLookupIPDestination: ['address', 'route'],
  GetLastError: [],
} as const satisfies Partial<Record<keyof Rtm1, readonly Kind[]>>;

type Name = keyof typeof FUNCTIONS;

/** How often a function is called beside the others: without routes there would be nothing to work on. */
const WEIGHTS: Partial<Record<Name, number>> = {
  RtmAddRoute: 60,
  RtmDeleteRoute: 20,
  RtmRegisterClient: 8,
  RtmDeregisterClient: 1,
  RtmBlockDeleteRoutes: 1,
};
const NAMES = (Object.keys(FUNCTIONS) as Name[]).flatMap((name) => Array<Name>(WEIGHTS[name] ?? 4).fill(name));

describeBackend('embedded', ({ open }) => {
  const timeout = 60_000 + CALLS;

  it(`never throws and leaves nothing behind, whatever ${CALLS} calls are given (seed ${SEED})`, { timeout }, () => {
    const random = new Random(SEED);
    const hostile = hostileValues();
    const rtm = open({ instance: 77 });
    const gone: number[] = [];
    const enumerations: number[] = [];
    const ofIp = Array.from({ length: 40 }, (_, n) =>
      routeTo(`10.${n % 10}.0.0/${random.of([16, 17, 24])}`, { interfaceId: n % 3, metric: n % 4 }),
    );
    const ofIpx = Array.from({ length: 20 }, (_, n) => IPX.route(n % 6, { interfaceId: n % 3, metric: n % 4 }));
    const ip = { number: RTM_PROTOCOL_FAMILY_IP, routes: ofIp, clients: [] as number[] };
    const ipx = { number: RTM_PROTOCOL_FAMILY_IPX, routes: ofIpx, clients: [] as number[] };
    const families = [ip, ip, ip, ipx];
    /** What the sensible arguments of a call are of. */
    let family: (typeof families)[number] = ip;
    const flags = new Uint32Array(1);

    const sensible = (kind: Kind): unknown => {
      switch (kind) {
        case 'family':
          return family.number;
        case 'protocol':
          return PROTO_IP_RIP + random.below(4);
        case 'event':
          return random.happens(1, 2) ? null : new EventObject();
        case 'bit':
          return random.below(2);
        case 'only':
          return random.below(16);
        case 'address':
          return 10 + 256 * random.below(10);
        case 'client':
          return random.of(random.happens(1, 10) ? gone : random.of([family, family, ip, ipx]).clients);
        case 'enumeration':
          return random.of(enumerations.slice(-4));
        case 'route':
          return random.happens(1, 8) ? null : random.of(family.routes);
        case 'network':
          return random.of<Route>(family.routes).RR_Network;
        case 'ttl':
          return INFINITE;
        case 'flags':
          return flags;
      }
    };

    let accepted = 0;
    for (let call = 0; call < CALLS; call += 1) {
      const name = random.of(NAMES);
      family = random.of(families);
      const isWild = random.happens(1, 2);
      const parameters = FUNCTIONS[name].map((kind) =>
        isWild && random.happens(1, 3) ? random.of(hostile) : sensible(kind),
      );
      if (random.happens(1, 50)) parameters.length = random.below(parameters.length + 1);
      if (random.happens(1, 50)) parameters.push(random.of(hostile));
      const result: unknown = Reflect.apply(rtm[name], undefined, parameters);
      if (typeof result !== 'number' && typeof result !== 'boolean') expect.unreachable(`${name} gave ${typeof result}`);
      if (name === 'RtmAddRoute' && result === 0) accepted += 1;
      if (name === 'RtmRegisterClient' && result !== 0) {
        (parameters[0] === ipx.number ? ipx : ip).clients.push(result as number);
      }
      if (name === 'RtmDeregisterClient' && result === 0) {
        gone.push(parameters[0] as number);
        for (const { clients } of [ip, ipx]) {
          const index = clients.indexOf(parameters[0] as number);
          if (index >= 0) clients.splice(index, 1);
        }
      }
      if (name === 'RtmCreateEnumerationHandle' && result !== 0) enumerations.push(result as number);
    }
    expect(accepted, 'some calls were sound').toBeGreaterThan(CALLS / 20);
    rtm.close();
    expect(rtm.leftBehind()).toEqual(NOTHING);
  });

  it('never throws from a macro of Rtm.h', () => {
    for (const value of hostileValues()) {
      for (const macro of Object.values(macros)) Reflect.apply(macro, undefined, [value]);
    }
    expect(macros.IsRouteValid(new RtmIpRoute())).toBe(false);
  });
});
