import { afterEach, describe, expect, it } from 'vitest';
import {
  ERROR_MORE_MESSAGES,
  ERROR_NO_MESSAGES,
  ERROR_NO_SYSTEM_RESOURCES,
  ERROR_NOT_ENOUGH_MEMORY,
  INFINITE,
  NO_ERROR,
} from '../../src/v1/constants.js';
import { ipv4 } from '../../src/v1/ipv4.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { EventObject } from '../../src/win32/event-object.js';
import { describeBackend, NOTHING } from '../support/backend.js';
import { addTo, bytesOf, IP, Listener, type Message, ownedBy } from '../support/changes.js';
import { failAll, failNth, type FaultyLibrary, noFaults, withFaults } from '../support/faults.js';
import { NativeEntity } from '../support/native-entity.js';

const CODES = [5, 6, 8, 1450];
const [ONE, TWO, THREE] = IP.protocols;
const { routeTo } = IP;
const START = Date.UTC(2003, 3, 24);
const flags = new Uint32Array(1);

/** Where RR_Network is in the bytes of a message's route, which lack the time stamp. */
const [NETWORK, NETWORK_END] = [24, 32];

interface Scene {
  readonly rtm: Rtm1;
  readonly faulty: FaultyLibrary;
  readonly listener: Listener;
  readonly other: number;
  readonly native: NativeEntity;
  /** Moves the clock to where the routes that have a time to live are past it. */
  readonly age: () => void;
}

/** Something that happens in a table. It returns false if the call reports a failure, and can then be made again. */
type Happening = (scene: Scene) => boolean;

const fails = (status: number): boolean => {
  expect([NO_ERROR, ERROR_NO_SYSTEM_RESOURCES, ERROR_NOT_ENOUGH_MEMORY, 6, 259]).toContain(status);
  return status !== NO_ERROR && status !== 259;
};

/** Everything that brings messages about, or lets them be found. */
const HAPPENINGS: Readonly<Record<string, Happening>> = {
  'a route is added': ({ rtm, other }) => !fails(rtm.RtmAddRoute(other, routeTo(7), INFINITE, flags, null, null)),
  'a better route is added': ({ rtm, other }) =>
    !fails(rtm.RtmAddRoute(other, routeTo(1, { cost: 0, interfaceId: 3 }), INFINITE, flags, null, null)),
  // ERROR_ACCESS_DENIED of RTMv2 is ERROR_NO_SUCH_ROUTE to v1.
  'the best route is deleted': ({ rtm, other }) => rtm.RtmDeleteRoute(other, routeTo(1), flags, null) === NO_ERROR,
  'the client itself changes a route': ({ rtm, listener }) =>
    !fails(rtm.RtmAddRoute(listener.client, routeTo(5, { cost: 4 }), INFINITE, flags, null, null)),
  'routes are deleted in a block': ({ rtm, other }) => !fails(rtm.RtmBlockDeleteRoutes(other, 0, null)),
  'a client deregisters': ({ rtm, other }) => {
    const status = rtm.RtmDeregisterClient(other);
    return status === 6 || !fails(status);
  },
  'a client registers': ({ rtm }) => rtm.RtmRegisterClient(IP.family, THREE, new EventObject(), 0) !== 0,
  'routes age': ({ rtm, age }) => {
    age();
    return !rtm.RtmIsRoute(IP.family, routeTo(3).RR_Network, null) && rtm.GetLastError() === NO_ERROR;
  },
  'messages are taken': ({ rtm, listener }) =>
    rtm.RtmDequeueRouteChangeMessage(listener.client, flags, null, null) === ERROR_NO_MESSAGES,
};

describeBackend('embedded', ({ library, openOn }) => {
  let native: NativeEntity | undefined;

  afterEach(() => {
    native?.leave();
    native = undefined;
  });

  function scene(): Scene {
    let now = START;
    native?.leave();
    native = new NativeEntity(library(), 77);
    const faulty = withFaults(library());
    const rtm = openOn(faulty.library, { clock: () => now });
    const listener = new Listener(rtm, IP, ONE);
    const other = rtm.RtmRegisterClient(IP.family, TWO, null, 0);
    addTo(rtm, other, routeTo(1));
    addTo(rtm, other, routeTo(2));
    addTo(rtm, other, routeTo(2, { interfaceId: 2, cost: 9 }));
    addTo(rtm, other, routeTo(3), 30);
    addTo(rtm, other, routeTo(4, { cost: 1 }), 30);
    addTo(rtm, other, routeTo(4, { cost: 5, interfaceId: 2 }));
    listener.add(routeTo(1, { cost: 8 }));
    listener.add(routeTo(5));
    listener.all();
    return { rtm, faulty, listener, other, native, age: () => (now = START + 60_000) };
  }

  /** What an RTMv2 entity changes meanwhile. */
  function interfere({ native: entity }: Scene): void {
    entity.add({ address: ipv4('10.0.6.0'), length: 24, metric: 2, hasNextHop: false });
    entity.add({ address: ipv4('10.0.2.0'), length: 24, metric: 0, hasNextHop: false });
  }

  /**
   * What messages tell of each network in all, from the first previous to the last current best route: what happens in
   * two steps because a call had to be made again is told in two messages. Each message has to begin where the one before
   * has ended.
   */
  function changesIn(messages: readonly Message[]): readonly string[] {
    const networks = new Map<string, Pick<Message, 'current' | 'previous'>>();
    for (const { current, previous } of messages) {
      const network = (current ?? previous ?? []).slice(NETWORK, NETWORK_END).join();
      const before = networks.get(network);
      if (before !== undefined) expect(previous, network).toEqual(before.current);
      networks.set(network, { current, previous: before === undefined ? previous : before.previous });
    }
    return [...networks.values()].map((change) => JSON.stringify(change)).sort();
  }

  /** Every message that waits, however often a call has to be made again. */
  function persist({ listener }: Scene): Message[] {
    const messages: Message[] = [];
    for (let calls = 0; calls < 100; calls += 1) {
      const { status, ...message } = listener.next();
      if (status === ERROR_NO_SYSTEM_RESOURCES) continue;
      if (status === ERROR_NO_MESSAGES) return messages;
      expect([NO_ERROR, ERROR_MORE_MESSAGES]).toContain(status);
      messages.push(message);
    }
    throw new Error('there is no end to it');
  }

  function close({ rtm }: Scene, at = ''): void {
    rtm.close();
    expect(rtm.leftBehind(), at).toEqual(NOTHING);
  }

  /** What the client is told where nothing fails. */
  function undisturbed(happening: Happening): readonly string[] {
    const here = scene();
    interfere(here);
    happening(here);
    const messages = persist(here);
    close(here);
    return changesIn(messages);
  }

  describe.each(Object.entries(HAPPENINGS))('where %s', (name, happening) => {
    // The first message is taken by the happening itself.
    const countsMessages = name !== 'messages are taken';

    it.each(CODES)('a failure that answers %d is made good by the next call', (code) => {
      const expected = undisturbed(happening);
      for (let n = 1, reached = true; reached; n += 1) {
        const here = scene();
        interfere(here);
        here.faulty.plan(failNth(n, code));
        const isDone = happening(here);
        reached = here.faulty.calls.length >= n;
        const at = `call ${n}, ${here.faulty.calls[n - 1] ?? 'none'}`;
        here.faulty.plan(noFaults);
        if (!isDone && countsMessages) expect(happening(here), at).toBe(true);
        if (countsMessages) expect(changesIn(persist(here)), at).toEqual(expected);
        close(here, at);
      }
    });
  });

  it.each(CODES)('loses no message and tells none twice where a call answers %d, whichever call fails', (code) => {
    const expected = undisturbed(() => true);
    expect(expected).toHaveLength(2);
    for (let n = 1, reached = true; reached; n += 1) {
      const here = scene();
      interfere(here);
      here.faulty.plan(failNth(n, code));
      const messages = persist(here);
      reached = here.faulty.calls.length >= n;
      const at = `call ${n}, ${here.faulty.calls[n - 1] ?? 'none'}`;
      here.faulty.plan(noFaults);
      expect(changesIn([...messages, ...persist(here)]), at).toEqual(expected);
      close(here, at);
    }
  });

  it.each(CODES)('registers a client or leaves nothing of it where a call answers %d', (code) => {
    for (let n = 1, reached = true; reached; n += 1) {
      const faulty = withFaults(library());
      const rtm = openOn(faulty.library);
      const other = rtm.RtmRegisterClient(IP.family, TWO, null, 0);
      for (const network of [1, 2]) addTo(rtm, other, routeTo(network));
      faulty.plan(failNth(n, code));
      const event = new EventObject();
      const client = rtm.RtmRegisterClient(IP.family, ONE, event, 0);
      reached = faulty.calls.length >= n;
      const at = `call ${n}, ${faulty.calls[n - 1] ?? 'none'}`;
      faulty.plan(noFaults);
      if (client === 0) {
        expect([87, 1450, 8, 183], at).toContain(rtm.GetLastError());
        expect(rtm.leftBehind(), at).toMatchObject({ entities: 1, routes: 2 });
      } else {
        rtm.RtmDeregisterClient(client);
      }
      const listener = new Listener(rtm, IP, ONE);
      rtm.RtmDeleteRoute(other, routeTo(1), flags, null);
      expect(listener.all(), at).toEqual([{ flags: 2, current: null, previous: ownedBy(TWO, routeTo(1)) }]);
      expect(event.signalled, at).toBe(false);
      rtm.close();
      expect(rtm.leftBehind(), at).toEqual(NOTHING);
    }
  });

  it('ends the observer later where it cannot end it at once', () => {
    const faulty = withFaults(library());
    const rtm = openOn(faulty.library);
    const listener = new Listener(rtm, IP, ONE);
    faulty.plan(failAll('RtmDeregisterFromChangeNotification', 1450));
    expect(rtm.RtmDeregisterClient(listener.client)).toBe(NO_ERROR);
    expect(rtm.RtmRegisterClient(IP.family, ONE, null, 0)).not.toBe(0);
    faulty.plan(noFaults);
    const again = new Listener(rtm, IP, TWO);
    expect(rtm.RtmDeregisterClient(again.client)).toBe(NO_ERROR);
    rtm.close();
    expect(rtm.leftBehind()).toEqual(NOTHING);
  });

  it('ends the observer when the object is closed, at the latest', () => {
    const faulty = withFaults(library());
    const rtm = openOn(faulty.library);
    const listener = new Listener(rtm, IP, ONE);
    faulty.plan(failAll('RtmDeregisterFromChangeNotification', 1450));
    expect(rtm.RtmDeregisterClient(listener.client)).toBe(NO_ERROR);
    faulty.plan(noFaults);
    rtm.close();
    expect(rtm.leftBehind()).toEqual(NOTHING);
  });

  describe('a route that cannot be deleted when its time is over', () => {
    const STUBBORN = ['RtmGetExactMatchRoute', 'RtmDeleteRouteToDest'] as const;

    const reads: Readonly<Record<string, (rtm: Rtm1, route: RtmIpRoute) => boolean>> = {
      RtmIsRoute: (rtm, route) => rtm.RtmIsRoute(IP.family, routeTo(3).RR_Network, route),
      RtmGetNetworkCount: (rtm) => rtm.RtmGetNetworkCount(IP.family) !== 0,
      RtmCreateEnumerationHandle: (rtm) => rtm.RtmCreateEnumerationHandle(IP.family, 0, null) !== 0,
      RtmGetFirstRoute: (rtm, route) => rtm.RtmGetFirstRoute(IP.family, 0, route) === NO_ERROR,
      RtmGetNextRoute: (rtm, route) => rtm.RtmGetNextRoute(IP.family, 0, route) === NO_ERROR,
      RtmLookupIPDestination: (rtm, route) => rtm.RtmLookupIPDestination(ipv4('10.0.3.1'), route),
    };

    it.each(STUBBORN)('shows no route past its time where %s fails', (name) => {
      for (const code of [5, 6, 1168, 259, 1450]) {
        const here = scene();
        const { rtm, faulty, other, age } = here;
        const enumeration = rtm.RtmCreateEnumerationHandle(IP.family, 0, null);
        faulty.plan(failAll(name, code));
        age();
        const route = new RtmIpRoute();
        for (const [read, ask] of Object.entries(reads)) expect(ask(rtm, route), `${read}, ${code}`).toBe(false);
        expect(rtm.RtmEnumerateGetNextRoute(enumeration, route)).toBe(ERROR_NO_SYSTEM_RESOURCES);
        expect(rtm.RtmAddRoute(other, routeTo(9), INFINITE, flags, null, null)).toBe(ERROR_NO_SYSTEM_RESOURCES);
        expect(rtm.RtmDeleteRoute(other, routeTo(1), flags, null)).toBe(ERROR_NO_SYSTEM_RESOURCES);
        expect(rtm.RtmBlockDeleteRoutes(other, 0, null)).toBe(ERROR_NO_SYSTEM_RESOURCES);
        expect(rtm.lastFailure).toMatchObject({ v2Function: name, code, status: ERROR_NO_SYSTEM_RESOURCES });
        faulty.plan(noFaults);
        expect(rtm.RtmIsRoute(IP.family, routeTo(3).RR_Network, null)).toBe(false);
        expect(rtm.GetLastError()).toBe(NO_ERROR);
        expect(rtm.RtmIsRoute(IP.family, routeTo(4).RR_Network, route)).toBe(true);
        expect(bytesOf(route)).toEqual(ownedBy(TWO, routeTo(4, { cost: 5, interfaceId: 2 })));
        close(here);
      }
    });

    it('is given up with a client whose registration somebody else has ended', () => {
      const here = scene();
      const { rtm, faulty, age } = here;
      faulty.plan(({ name }) => (['RtmGetExactMatchRoute', 'RtmGetEntityInfo'].includes(name) ? 6 : null));
      age();
      expect(rtm.RtmGetNetworkCount(IP.family)).toBeGreaterThan(0);
      faulty.plan(noFaults);
      close(here);
    });
  });
});
