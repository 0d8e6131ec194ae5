import { expect, it } from 'vitest';
import {
  ERROR_NO_MORE_ROUTES,
  ERROR_NO_SYSTEM_RESOURCES,
  ERROR_NOT_ENOUGH_MEMORY,
  INFINITE,
  NO_ERROR,
  PROTO_IP_RIP,
  RTM_PROTOCOL_FAMILY_IP,
  RTM_PROTOCOL_SINGLE_ROUTE,
} from '../../src/v1/constants.js';
import { addRoute } from '../../src/v1/add-route.js';
import { deregisterClient, registerClient } from '../../src/v1/client-life.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import { formatIpv4 } from '../../src/v1/ipv4.js';
import { isRoute } from '../../src/v1/lookup.js';
import { settingsOf } from '../../src/v1/options.js';
import { createRtm1, openRtm1, type Rtm1 } from '../../src/v1/rtm1.js';
import { Table } from '../../src/v1/table.js';
import { describeBackend } from '../support/backend.js';
import { failFirst, noFaults, withFaults } from '../support/faults.js';
import { add, enumerate, register, remove, routeTo } from '../support/routes.js';

const IP = RTM_PROTOCOL_FAMILY_IP;
const SEED = 20031118;

/** What keeps a faulty sequence the same from run to run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function policyOf(rtm: Rtm1, network: string): number {
  const best = new RtmIpRoute();
  expect(rtm.RtmIsRoute(IP, routeTo(network).RR_Network, best)).toBe(true);
  return best.RR_FamilySpecificData.FSD_Policy;
}

describeBackend('embedded', ({ library, open }) => {
  it('keeps every record when a failed deregistration is followed by a failed enumeration', () => {
    const faulty = withFaults(library());
    const rtm = createRtm1(faulty.library);
    const client = register(rtm);
    const networks = ['10.1.0.0/16', '10.2.0.0/16', '10.3.0.0/16'];
    for (const network of networks) {
      const route = routeTo(network);
      route.RR_FamilySpecificData.FSD_Policy = 7;
      add(rtm, client, route);
    }
    faulty.plan(failFirst('RtmDeleteRouteToDest', ERROR_NO_SYSTEM_RESOURCES));
    expect(rtm.RtmDeregisterClient(client)).toBe(ERROR_NO_SYSTEM_RESOURCES);
    faulty.plan(failFirst('RtmGetEnumRoutes', ERROR_NOT_ENOUGH_MEMORY));
    const flags = new Uint32Array(1);
    expect(rtm.RtmAddRoute(client, routeTo('10.4.0.0/16'), INFINITE, flags, null, null)).toBe(ERROR_NOT_ENOUGH_MEMORY);
    faulty.plan(noFaults);
    add(rtm, client, routeTo('10.4.0.0/16'));
    expect(networks.map((network) => policyOf(rtm, network))).toEqual([7, 7, 7]);
    for (const network of networks) add(rtm, client, routeTo(network));
    expect(rtm.leftBehind()).toMatchObject({ routes: 4, nextHops: 1 });
    remove(rtm, client, routeTo('10.2.0.0/16'));
    expect(rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
    expect(rtm.leftBehind()).toEqual({ entities: 0, routes: 0, nextHops: 0, destinations: 0, handles: 0 });
    rtm.close();
  });

  it(`never makes two routes of one identity, however many calls fail (seed ${SEED})`, () => {
    const draw = random(SEED);
    for (let life = 0; life < 150; life += 1) {
      const faulty = withFaults(library());
      const rtm = createRtm1(faulty.library);
      const client = register(rtm);
      const flags = new Uint32Array(1);
      const identities = ['10.0.0.0/8', '10.1.0.0/16', '10.2.0.0/16'].flatMap((network) =>
        ['192.0.2.1', '192.0.2.2'].map((via) => routeTo(network, { via })),
      );
      const any = (): RtmIpRoute => identities[draw(identities.length)] ?? routeTo('10.0.0.0/8');
      for (let step = 0; step < 40; step += 1) {
        faulty.plan(() => (draw(6) === 0 ? ERROR_NO_SYSTEM_RESOURCES : null));
        const dice = draw(10);
        if (dice < 6) rtm.RtmAddRoute(client, any(), INFINITE, flags, null, null);
        else if (dice < 9) rtm.RtmDeleteRoute(client, any(), flags, null);
        else {
          // One call always fails, so that the client lives on.
          faulty.plan(({ name }) => (name === 'RtmDeregisterEntity' || draw(6) === 0 ? ERROR_NO_SYSTEM_RESOURCES : null));
          rtm.RtmDeregisterClient(client);
        }
      }
      faulty.plan(noFaults);
      for (const route of identities) add(rtm, client, route);
      expect(rtm.leftBehind(), `life ${life}`).toMatchObject({ routes: identities.length, nextHops: 2, destinations: 3 });
      expect(enumerate(rtm), `life ${life}`).toHaveLength(identities.length);
      expect(rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
      expect(rtm.leftBehind()).toEqual({ entities: 0, routes: 0, nextHops: 0, destinations: 0, handles: 0 });
      rtm.close();
    }
  });

  it('does not take a route of a gone registration for one of the client that came after it', () => {
    const table = new Table(library(), settingsOf({ instance: 4711 }));
    const flags = new Uint32Array(1);
    const enter = (): number => registerClient(table, IP, PROTO_IP_RIP, null, 0);
    const put = (client: number, route: RtmIpRoute): number => addRoute(table, client, route, INFINITE, flags, null, null);
    const first = enter();
    expect(put(first, routeTo('10.0.0.0/8', { via: '192.0.2.1' }))).toBe(NO_ERROR);
    const entity = table.client(first)?.entity;
    expect(table.calls.RtmDeregisterEntity(entity?.registration ?? 0)).toBe(NO_ERROR);
    expect(deregisterClient(table, first)).not.toBe(NO_ERROR);
    const second = enter();
    expect(put(second, routeTo('10.0.0.0/16', { via: '192.0.2.2' }))).toBe(NO_ERROR);
    const best = new RtmIpRoute();
    expect(isRoute(table, IP, routeTo('10.0.0.0/8').RR_Network, best)).toBe(true);
    expect(formatIpv4(best.RR_Network.N_NetMask)).toBe('255.0.0.0');
    expect(formatIpv4(best.RR_NextHopAddress.N_NetNumber)).toBe('192.0.2.1');
    expect(deregisterClient(table, second)).toBe(NO_ERROR);
    table.dismissReaders();
  });

  it('tells a route once, also when its protocol comes back with one route for each network', () => {
    const rtm = open();
    const client = register(rtm);
    add(rtm, client, routeTo('10.0.0.0/8', { via: '192.0.2.1' }));
    add(rtm, client, routeTo('10.0.0.0/8', { via: '192.0.2.2' }));
    const enumeration = rtm.RtmCreateEnumerationHandle(IP, 0, null);
    expect(rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
    add(rtm, register(rtm, PROTO_IP_RIP, RTM_PROTOCOL_SINGLE_ROUTE), routeTo('10.0.0.0/8', { via: '192.0.2.3' }));
    expect(rtm.RtmEnumerateGetNextRoute(enumeration, new RtmIpRoute())).toBe(ERROR_NO_MORE_ROUTES);
    expect(rtm.RtmCloseEnumerationHandle(enumeration)).toBe(NO_ERROR);
  });

  it('knows a library by its file, however its path is spelled', () => {
    const { path } = library();
    const other = path.replace(/([^/]+)\/([^/]+)$/, '$1/../$1/$2');
    using one = openRtm1({ library: path, instance: 4712 });
    using two = openRtm1({ library: other, instance: 4712 });
    const route = routeTo('10.0.0.0/8');
    route.RR_FamilySpecificData.FSD_Policy = 9;
    add(one, register(one), route);
    expect(policyOf(two, '10.0.0.0/8')).toBe(9);
  });
});
