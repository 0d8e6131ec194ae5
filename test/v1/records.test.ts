import { expect, it } from 'vitest';
import {
  ERROR_INVALID_HANDLE,
  ERROR_NO_SYSTEM_RESOURCES,
  INFINITE,
  NO_ERROR,
  PROTO_IP_RIP,
  RTM_PROTOCOL_FAMILY_IP,
  RTM_PROTOCOL_SINGLE_ROUTE,
} from '../../src/v1/constants.js';
import { addRoute } from '../../src/v1/add-route.js';
import type { Client } from '../../src/v1/client.js';
import { deregisterClient, registerClient } from '../../src/v1/client-life.js';
import { deleteRoute } from '../../src/v1/delete-route.js';
import type { RtmIpRoute } from '../../src/v1/ip-route.js';
import { settingsOf } from '../../src/v1/options.js';
import { Table } from '../../src/v1/table.js';
import { describeBackend } from '../support/backend.js';
import { type FaultyLibrary, noFaults, withFaults } from '../support/faults.js';
import { routeTo } from '../support/routes.js';

const flags = new Uint32Array(1);
const network = (n: number): string => `10.${n >>> 8}.${n & 255}.0/24`;

interface Scene {
  readonly table: Table;
  readonly client: Client;
  readonly faulty: FaultyLibrary;
}

/** The records behind routes can be seen from inside only: a lost one costs memory, and nothing else. */
describeBackend('embedded', ({ library }) => {
  function within(registrationFlags: number, body: (scene: Scene) => void): void {
    const faulty = withFaults(library());
    const table = new Table(faulty.library, settingsOf({}));
    const handle = registerClient(table, RTM_PROTOCOL_FAMILY_IP, PROTO_IP_RIP, null, registrationFlags);
    const client = table.client(handle);
    if (client === undefined) throw new Error('no client');
    body({ table, client, faulty });
    expect(deregisterClient(table, handle)).toBe(NO_ERROR);
    table.dismissReaders();
  }

  const add = ({ table, client }: Scene, route: RtmIpRoute): number =>
    addRoute(table, client.handle, route, INFINITE, flags, null, null);
  const remove = ({ table, client }: Scene, route: RtmIpRoute): number =>
    deleteRoute(table, client.handle, route, flags, null);

  it('uses the record of a deleted route again', () => {
    within(0, (scene) => {
      for (let n = 0; n < 500; n += 1) {
        expect(add(scene, routeTo(network(n)))).toBe(NO_ERROR);
        expect(remove(scene, routeTo(network(n)))).toBe(NO_ERROR);
      }
      expect(scene.client.slab.end).toBe(1);
    });
  });

  it('uses the record of an updated route again', () => {
    within(0, (scene) => {
      for (let n = 0; n < 500; n += 1) expect(add(scene, routeTo(network(0), { metric: n }))).toBe(NO_ERROR);
      expect(scene.client.slab.end).toBe(2);
    });
  });

  it('uses the record of a moved route again', () => {
    within(RTM_PROTOCOL_SINGLE_ROUTE, (scene) => {
      for (let n = 0; n < 500; n += 1) expect(add(scene, routeTo(network(0), { interfaceId: n }))).toBe(NO_ERROR);
      expect(scene.client.slab.end).toBe(2);
    });
  });

  it('uses the record of a route again that could not be added', () => {
    within(0, (scene) => {
      for (const name of ['RtmAddNextHop', 'RtmGetExactMatchDestination', 'RtmAddRouteToDest'] as const) {
        scene.faulty.plan((call) => (call.name === name ? 1450 : null));
        for (let n = 0; n < 10; n += 1) expect(add(scene, routeTo(network(n)))).toBe(ERROR_NO_SYSTEM_RESOURCES);
      }
      scene.faulty.plan(noFaults);
      expect(scene.client.slab.end).toBe(1);
    });
  });

  it('uses records again that a deregistration has freed before it failed', () => {
    within(0, (scene) => {
      for (let n = 0; n < 200; n += 1) expect(add(scene, routeTo(network(n)))).toBe(NO_ERROR);
      let deletions = 0;
      scene.faulty.plan(({ name }) => (name === 'RtmDeleteRouteToDest' && (deletions += 1) > 150 ? 1450 : null));
      expect(deregisterClient(scene.table, scene.client.handle)).toBe(ERROR_NO_SYSTEM_RESOURCES);
      scene.faulty.plan(noFaults);
      for (let n = 1000; n < 1150; n += 1) expect(add(scene, routeTo(network(n)))).toBe(NO_ERROR);
      expect(scene.client.slab.end).toBe(200);
      expect(scene.faulty.calls.filter((name) => name === 'RtmCreateRouteEnum'), 'counts anew once').toHaveLength(1);
    });
  });

  it('forgets a client that has left', () => {
    const table = new Table(library(), settingsOf({}));
    const client = table.client(registerClient(table, RTM_PROTOCOL_FAMILY_IP, PROTO_IP_RIP, null, 0));
    const reader = client?.family.readerFor('RtmIsRoute');
    if (client === undefined || typeof reader !== 'object') throw new Error('no client');
    const { registration } = client.entity;
    expect(table.owners.find(registration, reader)).toBe(client);
    expect(deregisterClient(table, client.handle)).toBe(NO_ERROR);
    expect(table.owners.find(registration, reader)).toEqual({ call: 'RtmGetEntityInfo', code: ERROR_INVALID_HANDLE });
    table.dismissReaders();
  });

  it('makes no more calls than it needs', () => {
    within(0, (scene) => {
      const callsOf = (change: () => number): readonly string[] => {
        scene.faulty.plan(noFaults);
        expect(change()).toBe(NO_ERROR);
        return [...scene.faulty.calls];
      };
      const readBest = ['RtmGetExactMatchDestination', 'RtmGetRouteInfo', 'RtmReleaseDestInfo', 'RtmReleaseRouteInfo'];
      const first = routeTo(network(0));
      expect(callsOf(() => add(scene, first)), 'the first time, whether RTM ranks routes as they are given').toEqual([
        'RtmAddNextHop',
        'RtmGetExactMatchDestination',
        'RtmAddRouteToDest',
        ...readBest,
      ]);
      expect(callsOf(() => add(scene, routeTo(network(1))))).toEqual([
        'RtmGetExactMatchDestination',
        'RtmAddRouteToDest',
      ]);
      expect(callsOf(() => add(scene, first)).toSorted()).toEqual([...readBest, 'RtmAddRouteToDest'].toSorted());
      const second = routeTo(network(0), { interfaceId: 2, metric: 9 });
      expect(callsOf(() => add(scene, second)).toSorted()).toEqual(
        ['RtmAddNextHop', ...readBest, 'RtmAddRouteToDest', ...readBest].toSorted(),
      );
      const elsewhere = routeTo(network(1), { interfaceId: 2, metric: 9 });
      expect(callsOf(() => add(scene, elsewhere)).toSorted()).toEqual(
        [...readBest, 'RtmAddRouteToDest', ...readBest].toSorted(),
      );
      const removal = ['RtmGetExactMatchRoute', 'RtmDeleteRouteToDest', 'RtmReleaseRouteInfo'];
      expect(callsOf(() => remove(scene, second))).toEqual(removal);
      expect(callsOf(() => remove(scene, elsewhere))).toEqual([...removal, 'RtmDeleteNextHop']);
      expect(callsOf(() => remove(scene, first)).at(-1)).toBe('RtmGetExactMatchDestination');
    });
  });
});
