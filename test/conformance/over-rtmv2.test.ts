import { expect } from 'vitest';
import { EventObject, RtmIpRoute } from '../../src/index.js';
import { NOTHING } from '../support/backend.js';
import { failFirst, noFaults } from '../support/faults.js';
import { IP } from './support/family.js';
import { Manager } from './support/manager.js';
import { LOCAL, MULTICAST, REMOTE, UNICAST } from './support/native-entity.js';
import { conformance, NATIVE_PROTOCOL, type Scene } from './support/suite.js';
import { UNDOCUMENTED } from './support/v2-codes.js';

const NO_ERROR = 0;
const ERROR_NO_SUCH_ROUTE = 259;
const RTM_ROUTE_ADDED = 1;
const RTM_ROUTE_DELETED = 2;
const RTM_ROUTE_CHANGED = 3;
const NETWORK = 1;
const PROTOCOL = 4;

/** Milliseconds after which a test gives up waiting for what has to come by itself. */
const PATIENCE = 30_000;

/** Vendor numbers of PROTOCOL_ID that Microsoft's headers use: PROTO_VENDOR_MS0, _MS1 and _MS2. */
const MICROSOFT_VENDORS = [0, 0x137, 0x3fff];

/** The vendor that a PROTOCOL_ID names in bits 16 to 29. */
const vendorOf = (protocol: number): number => (protocol >>> 16) & 0x3fff;

/** What the v1 caller learns when RTMv2 answers the deletion of a route with a code once. */
function learntFromDeletion({ openFaulty }: Scene, code: number): number {
  const { faults, manager } = openFaulty();
  const client = manager.client();
  manager.add(client);
  faults.plan(failFirst('RtmDeleteRouteToDest', code));
  const learnt = manager.tryDelete(client, manager.bytes()).code;
  faults.plan(noFaults);
  manager.deregister(client);
  manager.rtm.close();
  return learnt;
}

conformance('over-rtmv2', (test) => {
  test('v2-hidden-entity', (scene) => {
    const native = scene.native();
    expect(scene.manager.count()).toBe(0);
    const protocols = native.others().map(({ protocol }) => protocol);
    expect(protocols).toHaveLength(1);
    for (const protocol of protocols) {
      expect(MICROSOFT_VENDORS).not.toContain(vendorOf(protocol));
      expect([0, 0xffffffff]).not.toContain(protocol);
    }
    expect(native.best(1)).toBeNull();
    scene.manager.rtm.close();
    expect(native.others()).toEqual([]);
  });

  test('v2-entity-of-client', (scene) => {
    const { manager, family } = scene;
    const native = scene.native();
    for (const index of [0, 1, 2] as const) manager.client(index);
    const clients = native.others().filter(({ protocol }) => family.protocols.includes(protocol));
    expect(clients.map(({ protocol }) => protocol).sort((a, b) => a - b)).toEqual([...family.protocols]);
    expect(new Set(clients.map(({ instance }) => instance)).size).toBe(1);
  });

  test('v2-native-protocol-is-not-taken', (scene) => {
    const { manager, family } = scene;
    const protocol = family.protocols[0];
    const native = scene.native(protocol);
    const client = manager.client(0);
    native.add({ net: 2 });
    manager.add(client, { net: 1 });
    expect(manager.routes().map((route) => route.protocol)).toEqual([protocol, protocol]);
    manager.deregister(client);
    expect(manager.routes().map(({ net }) => net)).toEqual([2]);
  });

  test('v2-registration-codes', ({ openFaulty, family }) => {
    const expected = [[183, 183], [87, 87], [13, 87], [2, 87], [8, 8], [1610, 1450], [1450, 1450], [6, 1450], [UNDOCUMENTED, 1450]] as const;
    for (const [raw, translated] of expected) {
      const { faults, manager } = openFaulty();
      manager.count();
      faults.plan(failFirst('RtmRegisterEntity', raw));
      expect(manager.rtm.RtmRegisterClient(family.number, family.protocols[0], null, 0)).toBe(0);
      expect(manager.rtm.GetLastError(), `for ${raw}`).toBe(translated);
      expect(manager.rtm.lastFailure).toMatchObject({ v2Function: 'RtmRegisterEntity', code: raw, status: translated });
      faults.plan(noFaults);
    }
  });

  test('v2-not-found-codes', (scene) => {
    const expected = [[1168, 259], [259, 259], [5, 259], [6, 6], [1450, 1450], [8, 1450], [UNDOCUMENTED, 1450]] as const;
    for (const [raw, translated] of expected) expect(learntFromDeletion(scene, raw), `for ${raw}`).toBe(translated);
  });

  test('v2-family-not-configured', ({ openFaulty, family }) => {
    const { faults, manager } = openFaulty();
    const { rtm } = manager;
    faults.plan(({ name }) => (name === 'RtmRegisterEntity' ? 2 : null));
    const lastErrorOf = (result: number | boolean): number => {
      expect([0, false]).toContain(result);
      return rtm.GetLastError();
    };
    const codes = [
      lastErrorOf(rtm.RtmRegisterClient(family.number, family.protocols[0], null, 0)),
      lastErrorOf(rtm.RtmIsRoute(family.number, family.network(1), null)),
      lastErrorOf(rtm.RtmGetNetworkCount(family.number)),
      lastErrorOf(rtm.RtmCreateEnumerationHandle(family.number, 0, null)),
      rtm.RtmGetFirstRoute(family.number, 0, manager.bytes()),
      rtm.RtmGetNextRoute(family.number, 0, manager.bytes()),
    ];
    expect(codes).toEqual(codes.map(() => 87));
    faults.plan(noFaults);
    manager.add(manager.client());
    expect(manager.count()).toBe(1);
  });

  test('v2-route-of-client', (scene) => {
    const { manager, family } = scene;
    const native = scene.native();
    manager.add(manager.client(), { via: 7, interfaceId: 9, major: 3, minor: 4 });
    const octets = family.router(7);
    const hop = { octets, bits: 8 * octets.length, interfaceId: 9 };
    expect(native.best(1)).toMatchObject({ neighbour: hop, hops: [hop], preference: 3, metric: 4 });
    expect(manager.rtm.leftBehind()).toMatchObject({ routes: 1, nextHops: 1, destinations: 1 });
  });

  test('v2-unicast-view', (scene) => {
    const { manager } = scene;
    const native = scene.native();
    manager.add(manager.client());
    expect(native.best(1, UNICAST)?.views).toBe(UNICAST);
    expect(native.best(1, MULTICAST)).toBeNull();
    native.add({ net: 2, views: MULTICAST });
    native.add({ net: 1, vias: [5], preference: 0, views: MULTICAST });
    expect(manager.routes()).toEqual([manager.entry()]);
    expect([manager.count(), manager.best(2), manager.walked().length]).toEqual([1, null, 1]);
    expect(manager.best(1)).toEqual(manager.entry());
  });

  test('v2-route-flags', (scene) => {
    const { manager } = scene;
    const native = scene.native();
    const client = manager.client();
    for (const [type, flags] of [[1, 0], [2, 0], [3, LOCAL], [4, REMOTE]] as const) {
      const route = new RtmIpRoute(manager.bytes({ flags: 0x12345681 }));
      route.RR_FamilySpecificData.FSD_Type = type;
      manager.tryAdd(client, route.bytes);
      expect(native.best(1), `type ${type}`).toMatchObject({ flags, flags1: 0x81 });
      expect(manager.best(1)?.flags).toBe(0x12345681);
    }
  });

  test('v2-next-hop-with-last-route', ({ manager }) => {
    const client = manager.client();
    for (const net of [1, 2]) manager.add(client, { net, via: 1 });
    manager.add(client, { net: 3, via: 2 });
    const hops = (): number => manager.rtm.leftBehind().nextHops;
    expect(hops()).toBe(2);
    manager.remove(client, { net: 1, via: 1 });
    expect(hops()).toBe(2);
    manager.remove(client, { net: 2, via: 1 });
    expect(hops()).toBe(1);
  });

  test('v2-foreign-route', (scene) => {
    const { manager, family } = scene;
    const native = scene.native();
    native.add({ net: 1, vias: [5, 4], interfaceId: 8, preference: 30, metric: 40 });
    native.add({ net: 2, vias: [] });
    const fields = { protocol: NATIVE_PROTOCOL, major: 30, minor: 40 };
    expect(manager.best(1)).toEqual(manager.entry({ ...fields, via: 5, interfaceId: 8 }));
    const withoutHop = manager.bestBytes(family.network(2)) ?? manager.buffer();
    const nextHop = family.name === 'IP' ? withoutHop.slice(40, 48) : withoutHop.slice(36, 42);
    expect([...nextHop, family.read(withoutHop).interfaceId]).toEqual([...nextHop].map(() => 0).concat(0));
    expect([...withoutHop.subarray(16, 32)], 'protocol-specific data').toEqual(new Array<number>(16).fill(0));
    expect(manager.routes()).toHaveLength(2);
    expect(manager.count()).toBe(2);
  });

  test('v2-foreign-type', (scene) => {
    const { manager } = scene;
    const native = scene.native();
    for (const [flags, type] of [[0, 1], [LOCAL, 3], [REMOTE, 4]] as const) {
      native.add({ flags });
      const route = new RtmIpRoute(manager.bestBytes(IP.network(1)) ?? manager.buffer());
      expect(route.RR_FamilySpecificData.FSD_Type, `flags ${flags}`).toBe(type);
    }
  });

  test('v2-foreign-time', (scene) => {
    const manager = new Manager(scene.open({ clock: Date.now }), scene.family, scene.clock);
    const native = scene.native();
    const before = Date.now();
    native.add();
    const route = manager.bestBytes(scene.family.network(1)) ?? manager.buffer();
    const age = manager.rtm.RtmGetRouteAge(route);
    expect(age).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThanOrEqual(1 + (Date.now() - before) / 1000);
  });

  test('v2-foreign-pointer', (scene) => {
    const { manager } = scene;
    const native = scene.native();
    const client = manager.client();
    manager.add(client, { net: 9, mark: 1 });
    for (const pointer of [1n, 2n, 0xdeadbeefn, 0xffffffffn]) {
      native.add({ net: 1, pointer });
      expect(manager.best(1), `pointer ${pointer}`).toEqual(manager.entry({ protocol: NATIVE_PROTOCOL }));
    }
  });

  test('v2-foreign-competes', (scene) => {
    const { manager } = scene;
    const native = scene.native();
    const client = manager.client();
    native.add({ preference: 5 });
    const foreign = manager.entry({ protocol: NATIVE_PROTOCOL, major: 5 });
    expect(manager.add(client, { major: 6 }).flags, 'a worse route').toBe(0);
    expect(manager.best(1)).toEqual(foreign);
    const own = manager.entry({ major: 4 });
    expect(manager.add(client, { major: 4 })).toEqual({ flags: RTM_ROUTE_CHANGED, current: own, previous: foreign });
    expect(manager.remove(client)).toEqual({ flags: RTM_ROUTE_CHANGED, current: foreign, previous: null });
  });

  test('v2-several-of-one-identity', (scene) => {
    const { manager, family } = scene;
    const entities = [3, 1, 2].map((metric, index) => {
      const native = scene.native(NATIVE_PROTOCOL, index + 1);
      native.add({ metric });
      return native;
    });
    expect(entities).toHaveLength(3);
    const best = manager.entry({ protocol: NATIVE_PROTOCOL, minor: 1 });
    expect(manager.walked().map((bytes) => family.read(bytes))).toEqual([best]);
    expect(manager.routes().map(({ minor }) => minor).sort()).toEqual([1, 2, 3]);
    expect([manager.count(), manager.best(1)]).toEqual([1, best]);
  });

  test('v2-foreign-rank-too-large', (scene) => {
    const native = scene.native();
    native.add({ preference: 0x10000, metric: 0xffffffff });
    expect(scene.manager.best(1)).toMatchObject({ major: 0xffff, minor: 0xffff });
    native.add({ preference: 0xffff, metric: 0xfffe });
    expect(scene.manager.best(1)).toMatchObject({ major: 0xffff, minor: 0xfffe });
  });

  test('v2-foreign-not-deleted', (scene) => {
    const { manager, family } = scene;
    const protocol = family.protocols[0];
    const native = scene.native(protocol);
    native.add();
    const client = manager.client(0);
    expect(manager.tryDelete(client, manager.bytes()).code).toBe(ERROR_NO_SUCH_ROUTE);
    expect(manager.rtm.RtmBlockDeleteRoutes(client, 0, null)).toBe(ERROR_NO_SUCH_ROUTE);
    manager.deregister(client);
    expect(manager.routes()).toEqual([manager.entry()]);
  });

  test('v2-protocol-criterion', (scene) => {
    const { manager, family } = scene;
    const protocol = family.protocols[0];
    const native = scene.native(protocol);
    native.add({ net: 2 });
    manager.add(manager.client(0), { net: 1 });
    manager.add(manager.client(1), { net: 3 });
    const both = [manager.entry({ net: 1 }), manager.entry({ net: 2 })];
    expect(manager.routes(PROTOCOL, { protocol })).toEqual(both);
    expect(manager.walked(PROTOCOL, { protocol }).map((bytes) => family.read(bytes))).toEqual(both);
    expect(manager.routes(PROTOCOL | NETWORK, { protocol, net: 2 })).toEqual([manager.entry({ net: 2 })]);
  });

  test('v2-foreign-change-told', (scene) => {
    const { manager } = scene;
    const listeners = [manager.client(0, { event: new EventObject() }), manager.client(1, { event: new EventObject() })];
    const toldToAll = (message: object): void => {
      for (const client of listeners) expect(manager.messages(client)).toEqual([message]);
    };
    const native = scene.native();
    const first = manager.entry({ protocol: NATIVE_PROTOCOL });
    native.add();
    toldToAll({ flags: RTM_ROUTE_ADDED, current: first, previous: null });
    const second = manager.entry({ protocol: NATIVE_PROTOCOL, minor: 7 });
    native.add({ metric: 7 });
    toldToAll({ flags: RTM_ROUTE_CHANGED, current: second, previous: first });
    native.remove(1);
    toldToAll({ flags: RTM_ROUTE_DELETED, current: null, previous: second });
  });

  test('v2-foreign-change-signals', async (scene) => {
    const event = new EventObject();
    const listener = scene.manager.client(0, { event });
    scene.native().add();
    expect(await event.wait(PATIENCE)).toBe(true);
    expect(scene.manager.messages(listener)).toHaveLength(1);
  });

  test('v2-foreign-change-before-own', (scene) => {
    const { manager } = scene;
    const caller = manager.client(0, { event: new EventObject() });
    const listener = manager.client(1, { event: new EventObject() });
    const native = scene.native();
    native.add();
    const [foreign, own] = [manager.entry({ protocol: NATIVE_PROTOCOL }), manager.entry({ major: 1 })];
    expect(manager.add(caller, { major: 1 })).toEqual({ flags: RTM_ROUTE_CHANGED, current: own, previous: foreign });
    const added = { flags: RTM_ROUTE_ADDED, current: foreign, previous: null };
    expect(manager.messages(caller)).toEqual([added]);
    expect(manager.messages(listener)).toEqual([added, { flags: RTM_ROUTE_CHANGED, current: own, previous: foreign }]);
  });

  test('v2-cancelled-change', (scene) => {
    const { manager } = scene;
    const listener = manager.client(0, { event: new EventObject() });
    const native = scene.native();
    native.add({ net: 1 });
    native.remove(1);
    native.add({ net: 2 });
    expect(manager.messages(listener).map(({ current }) => current?.net)).toEqual([2]);
    native.add({ net: 2, metric: 9 });
    native.add({ net: 2, metric: 1 });
    expect(manager.messages(listener)).toEqual([]);
  });

  test('v2-last-error', ({ manager, family }) => {
    const client = manager.client();
    expect(manager.rtm.RtmIsRoute(99, family.network(1), null)).toBe(false);
    manager.add(client);
    manager.remove(client);
    manager.deregister(client);
    expect(manager.rtm.GetLastError()).toBe(87);
    expect(manager.rtm.RtmIsRoute(family.number, family.network(1), null)).toBe(false);
    expect(manager.rtm.GetLastError()).toBe(NO_ERROR);
  });

  test('v2-nothing-left', (scene) => {
    const { manager } = scene;
    const native = scene.native();
    const clients = ([0, 1, 2] as const).map((index) => manager.client(index, { event: new EventObject() }));
    for (const client of clients) for (const net of [1, 2, 3]) manager.add(client, { net, via: net }, 60 * net);
    manager.deregister(...clients);
    expect(manager.rtm.leftBehind()).toEqual(NOTHING);
    expect(native.others().length).toBeLessThanOrEqual(1);
    expect([1, 2, 3].map((net) => native.best(net))).toEqual([null, null, null]);
  });
});
