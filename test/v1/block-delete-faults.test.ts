import { describe, expect, it } from 'vitest';
import {
  ERROR_NO_SYSTEM_RESOURCES,
  ERROR_NO_ROUTES,
  NO_ERROR,
  PROTO_IP_OSPF,
  PROTO_IP_RIP,
  RTM_ONLY_THIS_INTERFACE,
  RTM_ONLY_THIS_NETWORK,
} from '../../src/v1/constants.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { errorMapping } from '../../src/translate/errors.js';
import { describeBackend, NOTHING } from '../support/backend.js';
import { addTo, FAMILIES, type Family, listOf, members, registerIn } from '../support/families.js';
import { failNth, type FaultyLibrary, noFaults, withFaults } from '../support/faults.js';

const CODES = [5, 6, 8, 50, 87, 259, 1168, 1450, 9999];
const ROUTES = 12;

interface Scene {
  readonly rtm: Rtm1;
  readonly client: number;
  readonly faulty: FaultyLibrary;
  readonly others: readonly string[];
}

const DELETIONS = [
  ['all', 0],
  ['an interface', RTM_ONLY_THIS_INTERFACE],
  ['a network', RTM_ONLY_THIS_NETWORK],
] as const;

describeBackend('embedded', ({ library, openOn }) => {
  function scene(family: Family): Scene {
    const faulty = withFaults(library());
    const rtm = openOn(faulty.library);
    const [client, other] = [registerIn(family, rtm, PROTO_IP_RIP), registerIn(family, rtm, PROTO_IP_OSPF)];
    for (let n = 0; n < ROUTES; n += 1) {
      addTo(family, rtm, client, family.route(n % 4, { interfaceId: n % 3, via: n }));
      if (n % 4 === 0) addTo(family, rtm, other, family.route(n % 4, { interfaceId: n % 3, rank: 20 }));
    }
    return { rtm, client, faulty, others: routesBut(family, rtm, PROTO_IP_RIP) };
  }

  function routesBut(family: Family, rtm: Rtm1, protocol: number): readonly string[] {
    return listOf(family, rtm)
      .filter((route) => route.RR_RoutingProtocol !== protocol)
      .map(members)
      .sort();
  }

  describe.each(FAMILIES)('RtmBlockDeleteRoutes: %s', (_name, family) => {
    describe.each(DELETIONS)('of %s', (_what, flags) => {
      const block = ({ rtm, client }: Scene): number =>
        rtm.RtmBlockDeleteRoutes(client, flags, family.route(1, { interfaceId: 1 }));

      /** What an undisturbed call leaves of the client's routes. */
      function undisturbed(): readonly string[] {
        const here = scene(family);
        expect(block(here)).toBe(NO_ERROR);
        const left = routesBut(family, here.rtm, PROTO_IP_OSPF);
        here.rtm.close();
        return left;
      }

      it.each(CODES)('a second call finishes where a v2 call answers %d', (code) => {
        const left = undisturbed();
        const documented = [NO_ERROR, ...(errorMapping.documented.RtmBlockDeleteRoutes.codes)];
        for (let n = 1, reached = true; reached; n += 1) {
          const here = scene(family);
          here.faulty.plan(failNth(n, code));
          const status = block(here);
          reached = here.faulty.calls.length >= n;
          const at = `call ${n}, ${here.faulty.calls[n - 1] ?? 'none'}`;
          here.faulty.plan(noFaults);
          expect(documented, at).toContain(status);
          expect([NO_ERROR, ERROR_NO_ROUTES], `${at}, again`).toContain(block(here));
          expect(routesBut(family, here.rtm, PROTO_IP_OSPF), at).toEqual(left);
          expect(routesBut(family, here.rtm, PROTO_IP_RIP), `${at}, others`).toEqual(here.others);
          for (const interfaceId of [0, 1, 2]) {
            here.rtm.RtmBlockDeleteRoutes(here.client, RTM_ONLY_THIS_INTERFACE, family.route(0, { interfaceId }));
          }
          expect(here.rtm.RtmBlockDeleteRoutes(here.client, 0, null)).toBe(ERROR_NO_ROUTES);
          expect(here.rtm.leftBehind(), `${at}, next hops go with their last routes`).toMatchObject({ nextHops: 3, handles: 3 });
          here.rtm.close();
          expect(here.rtm.leftBehind(), at).toEqual(NOTHING);
        }
      });

      it('says ERROR_NO_SYSTEM_RESOURCES for a route that it cannot delete, and keeps its record', () => {
        const here = scene(family);
        here.faulty.plan(({ name }) => (name === 'RtmDeleteRouteToDest' ? 1450 : null));
        const before = routesBut(family, here.rtm, PROTO_IP_OSPF);
        expect(block(here)).toBe(ERROR_NO_SYSTEM_RESOURCES);
        here.faulty.plan(noFaults);
        expect(routesBut(family, here.rtm, PROTO_IP_OSPF)).toEqual(before);
      });
    });
  });
});
