import { expect } from 'vitest';
import { EventObject } from '../../src/index.js';
import { NOTHING } from '../support/backend.js';
import { failNth, noFaults } from '../support/faults.js';
import type { Route } from './support/family.js';
import { type Answer, type Manager, sorted, type Told } from './support/manager.js';
import type { NativeEntity } from './support/native-entity.js';
import { conformance, NATIVE_PROTOCOL, type Scene } from './support/suite.js';
import { failuresOf } from './support/v2-codes.js';

const NO_ERROR = 0;
const ERROR_INVALID_HANDLE = 6;
const ERROR_NOT_ENOUGH_MEMORY = 8;
const ERROR_INVALID_PARAMETER = 87;
const ERROR_CLIENT_ALREADY_EXISTS = 183;
const ERROR_NO_MORE_ITEMS = 259;
const ERROR_NOT_FOUND = 1168;
const ERROR_NO_SYSTEM_RESOURCES = 1450;
const RTM_ROUTE_ADDED = 1;
const RTM_ROUTE_DELETED = 2;
const RTM_ROUTE_CHANGED = 3;

/** A v1 call that is made while one call of RTMv2 fails, and what has to hold afterwards. */
interface Story {
  /** Makes the call; returns its code, or its last error where it reports through that, or NO_ERROR. */
  readonly act: () => number;
  /**
   * With RTMv2 working again: makes sure that all is well or that another call makes it so.
   *
   * @param isLie the failing call denied something that is there, so that what `act` found need not be complete
   */
  readonly after: (code: number, isLie: boolean) => void;
  /** The clients that are left, to be deregistered. */
  readonly clients: readonly number[];
  readonly native?: NativeEntity;
}

/** Codes by which RTMv2 says that something is not there: for what is there they are lies rather than failures. */
const isDenial = (code: number): boolean => code === ERROR_NOT_FOUND || code === ERROR_NO_MORE_ITEMS;

function end({ clients, native }: Story, manager: Manager): void {
  for (const client of clients) {
    expect([NO_ERROR, ERROR_INVALID_HANDLE], 'the last deregistration').toContain(manager.rtm.RtmDeregisterClient(client));
  }
  native?.leave();
  expect(manager.rtm.leftBehind()).toEqual(NOTHING);
  manager.rtm.close();
}

/** Tells a story once for every call of RTMv2 that it makes and every code that this call can fail with. */
function failEachCall(scene: Scene, documented: readonly number[], tell: (manager: Manager, scene: Scene) => Story): void {
  const { faults, manager } = scene.openFaulty();
  const undisturbed = tell(manager, scene);
  faults.plan(noFaults);
  const code = undisturbed.act();
  const calls = [...faults.calls];
  expect([NO_ERROR, 234], 'the code without failures').toContain(code);
  undisturbed.after(code, false);
  end(undisturbed, manager);
  calls.forEach((name, index) => {
    for (const failure of failuresOf(name)) {
      try {
        tellWithFailure(scene, documented, tell, index + 1, failure);
      } catch (error) {
        throw new Error(`where ${name}, call ${index + 1} of ${calls.length}, answers ${failure}: ${String(error)} ${JSON.stringify((error as {actual?: unknown}).actual)}`, { cause: error });
      }
    }
  });
}

function tellWithFailure(
  scene: Scene,
  documented: readonly number[],
  tell: (manager: Manager, scene: Scene) => Story,
  call: number,
  failure: number,
): void {
  const { faults, manager } = scene.openFaulty();
  const story = tell(manager, scene);
  faults.plan(failNth(call, failure));
  const code = story.act();
  faults.plan(noFaults);
  expect([NO_ERROR, 234, ...documented]).toContain(code);
  story.after(code, isDenial(failure));
  end(story, manager);
}

const event = (): EventObject => new EventObject();

/** Messages by network. Each of these stories changes a network once, so that their order is no matter. */
const byNetwork = (messages: readonly Told[]): Told[] =>
  [...messages].sort((a, b) => ((a.current ?? a.previous)?.net ?? 0) - ((b.current ?? b.previous)?.net ?? 0));

/** The last error of a call that reports a failure by a result that is 0 or FALSE. */
const codeOf = ({ rtm }: Manager, result: number | boolean): number =>
  result === 0 || result === false ? rtm.GetLastError() : NO_ERROR;

/** RtmRegisterClient with an event, beside a client that has routes. */
function registration(manager: Manager): Story {
  const speaker = manager.client(0);
  for (const net of [1, 2]) manager.add(speaker, { net, mark: net });
  const clients = [speaker];
  const { family, rtm } = manager;
  return {
    clients,
    act: () => {
      const client = rtm.RtmRegisterClient(family.number, family.protocols[1], event(), 0);
      if (client !== 0) clients.push(client);
      return codeOf(manager, client);
    },
    after: (_code, isLie) => {
      const listener = clients[1] ?? manager.client(1, { event: event() });
      if (clients.length === 1) clients.push(listener);
      manager.add(speaker, { net: 3 });
      manager.remove(speaker, { net: 1 });
      const messages = manager.messages(listener);
      const added = { flags: RTM_ROUTE_ADDED, current: manager.entry({ net: 3 }), previous: null };
      const deleted = { flags: RTM_ROUTE_DELETED, current: null, previous: manager.entry({ net: 1, mark: 1 }) };
      if (isLie) expect(messages).toContainEqual(added);
      else expect(messages).toEqual([added, deleted]);
    },
  };
}

/** A client with routes to three networks, one of which another client has a route to as well. */
function threeNetworks(manager: Manager): { owner: number; other: number; told: Told[]; left: Route[] } {
  const owner = manager.client(0, { event: event() });
  const other = manager.client(1, { event: event() });
  for (const net of [1, 2, 3]) manager.add(owner, { net, via: net, minor: 1 });
  manager.add(other, { net: 2, minor: 2 });
  manager.messages(other);
  const deleted = (net: number): Told => ({
    flags: RTM_ROUTE_DELETED,
    current: null,
    previous: manager.entry({ net, via: net, minor: 1 }),
  });
  const left = manager.entry({ net: 2, minor: 2 }, 1);
  const changed = { flags: RTM_ROUTE_CHANGED, current: left, previous: manager.entry({ net: 2, via: 2, minor: 1 }) };
  return { owner, other, told: [deleted(1), changed, deleted(3)], left: [left] };
}

function deregistration(manager: Manager): Story {
  const { owner, other, told, left } = threeNetworks(manager);
  return {
    clients: [other],
    act: () => manager.rtm.RtmDeregisterClient(owner),
    after: (code) => {
      if (code !== NO_ERROR) expect(manager.rtm.RtmDeregisterClient(owner), 'the second call').toBe(NO_ERROR);
      expect(manager.rtm.RtmDeregisterClient(owner), 'one call more').toBe(ERROR_INVALID_HANDLE);
      expect(manager.routes()).toEqual(left);
      expect(byNetwork(manager.messages(other))).toEqual(told);
    },
  };
}

function blockDeletion(manager: Manager): Story {
  const { owner, other, told, left } = threeNetworks(manager);
  return {
    clients: [owner, other],
    act: () => manager.rtm.RtmBlockDeleteRoutes(owner, 0, null),
    after: (code, isLie) => {
      if (code !== NO_ERROR || isLie) {
        expect([NO_ERROR, ERROR_NO_MORE_ITEMS], 'the second call').toContain(manager.rtm.RtmBlockDeleteRoutes(owner, 0, null));
      }
      expect(manager.routes()).toEqual(left);
      for (const client of [owner, other]) expect(byNetwork(manager.messages(client))).toEqual(told);
    },
  };
}

/** A change of the caller's to the best route of network 1, from `before` to `after`. */
interface Change {
  readonly try: (client: number) => Answer;
  readonly told: Told;
  readonly before: readonly Route[];
  readonly after: readonly Route[];
}

/** Messages each of which starts where the one before ended, and that together say what one message would. */
function leadsTo(messages: readonly Told[], { current, previous }: Told): void {
  const known = [previous, ...messages.map((message) => message.current)];
  expect(messages.map((message) => message.previous)).toEqual(known.slice(0, -1));
  expect(known.at(-1)).toEqual(current);
}

/** A call that changes the table: if it fails nothing has happened, and everything happens when it is made again. */
function changeStory(manager: Manager, prepare: (client: number) => Change): Story {
  const client = manager.client(0, { event: event() });
  const { try: change, told, before, after } = prepare(client);
  const listener = manager.client(1, { event: event() });
  const answers: Answer[] = [];
  const changeIt = (): number => {
    const answer = change(client);
    answers.push(answer);
    return answer.code;
  };
  return {
    clients: [client, listener],
    act: changeIt,
    after: (code, isLie) => {
      if (code !== NO_ERROR) {
        expect(answers).toEqual([{ code, flags: undefined, current: null, previous: null }]);
        expect(manager.routes(), 'after the failure').toEqual(before);
        expect(changeIt(), 'the second call').toBe(NO_ERROR);
      }
      if (!isLie || code !== NO_ERROR) expect(answers.at(-1)).toMatchObject({ flags: told.flags, current: told.current });
      expect(manager.routes()).toEqual(after);
      const messages = manager.messages(listener);
      if (isLie) leadsTo(messages, told);
      else expect([messages, manager.messages(client)]).toEqual([[told], []]);
    },
  };
}

function additionOfBest(manager: Manager): Story {
  const [worse, better] = [manager.entry({ via: 1, minor: 2 }), manager.entry({ via: 2, minor: 1 })];
  return changeStory(manager, (client) => {
    manager.add(client, worse);
    return {
      try: (caller) => manager.tryAdd(caller, manager.bytes(better)),
      told: { flags: RTM_ROUTE_CHANGED, current: better, previous: worse },
      before: [worse],
      after: [worse, better],
    };
  });
}

function additionOfFirst(manager: Manager): Story {
  const first = manager.entry({ net: 5 });
  return changeStory(manager, () => ({
    try: (caller) => manager.tryAdd(caller, manager.bytes({ net: 5 })),
    told: { flags: RTM_ROUTE_ADDED, current: first, previous: null },
    before: [],
    after: [first],
  }));
}

function updateOfBest(manager: Manager): Story {
  const [best, second, updated] = [{ via: 1, minor: 1 }, { via: 2, minor: 2 }, { via: 1, minor: 3 }].map((fields) =>
    manager.entry(fields),
  ) as [Route, Route, Route];
  return changeStory(manager, (client) => {
    for (const route of [best, second]) manager.add(client, route);
    return {
      try: (caller) => manager.tryAdd(caller, manager.bytes(updated)),
      told: { flags: RTM_ROUTE_CHANGED, current: second, previous: best },
      before: [best, second],
      after: [updated, second],
    };
  });
}

function deletionOfBest(manager: Manager): Story {
  const [best, second] = [manager.entry({ via: 1, minor: 1 }), manager.entry({ via: 2, minor: 2 })];
  return changeStory(manager, (client) => {
    for (const route of [best, second]) manager.add(client, route);
    return {
      try: (caller) => manager.tryDelete(caller, manager.bytes(best)),
      told: { flags: RTM_ROUTE_CHANGED, current: second, previous: best },
      before: [best, second],
      after: [second],
    };
  });
}

/** RtmDequeueRouteChangeMessage with one message in the queue and a change by a native entity still to be found. */
function dequeuing(manager: Manager, scene: Scene): Story {
  const [speaker, listener] = [manager.client(0), manager.client(1, { event: event() })];
  const native = scene.native();
  manager.add(speaker, { net: 1 });
  native.add({ net: 2 });
  const taken: Told[] = [];
  return {
    clients: [speaker, listener],
    native,
    act: () => {
      const { code, flags = NaN, current, previous } = manager.dequeue(listener);
      if (code === NO_ERROR || code === 234) taken.push({ flags, current, previous });
      return code;
    },
    after: () => {
      taken.push(...manager.messages(listener));
      expect(taken).toEqual([
        { flags: RTM_ROUTE_ADDED, current: manager.entry({ net: 1 }), previous: null },
        { flags: RTM_ROUTE_ADDED, current: manager.entry({ net: 2, protocol: NATIVE_PROTOCOL }), previous: null },
      ]);
    },
  };
}

/** Two clients and a native entity with routes to three networks. */
function fill(manager: Manager, scene: Scene): { clients: number[]; native: NativeEntity; routes: Route[] } {
  const clients = [manager.client(0), manager.client(1)];
  for (const client of clients) for (const net of [1, 2]) manager.add(client, { net });
  const native = scene.native();
  for (const net of [2, 3]) native.add({ net, preference: 1 });
  return { clients, native, routes: manager.routes() };
}

/** A call that only reads: whatever it answered before, asked again it finds the truth. */
function question(ask: (manager: Manager) => { code: number; found: unknown }) {
  return (manager: Manager, scene: Scene): Story => {
    const { clients, native } = fill(manager, scene);
    const truth = ask(manager).found;
    let answer = { code: NaN, found: undefined as unknown };
    return {
      clients,
      native,
      act: () => {
        answer = ask(manager);
        return answer.code;
      },
      after: (code, isLie) => {
        if (code === NO_ERROR && !isLie) expect(answer.found).toEqual(truth);
        if (code !== NO_ERROR) expect(answer.found).toBeNull();
        expect(ask(manager)).toEqual({ code: NO_ERROR, found: truth });
        expect(truth).not.toBeNull();
      },
    };
  };
}

/** What is in a buffer after a call that reports through its result; null if it was left alone. */
const asked = (manager: Manager, call: (buffer: Uint8Array) => number | boolean): { code: number; found: unknown } => {
  const buffer = manager.buffer();
  const code = codeOf(manager, call(buffer));
  return { code, found: manager.filled(buffer) };
};

/** The same for a step of RtmGetFirstRoute or RtmGetNextRoute, whose buffer is filled beforehand. */
const stepped = (manager: Manager, walk: 'RtmGetFirstRoute' | 'RtmGetNextRoute'): { code: number; found: unknown } => {
  const route = manager.bytes({ net: 1, protocol: 0, mark: 99 });
  const before = route.slice();
  const code = manager.step(walk, 0, route);
  if (code !== NO_ERROR) expect(route).toEqual(before);
  return { code, found: code === NO_ERROR ? manager.family.read(route) : null };
};

function creation(manager: Manager, scene: Scene): Story {
  const { clients, native, routes } = fill(manager, scene);
  let handle = 0;
  return {
    clients,
    native,
    act: () => {
      handle = manager.rtm.RtmCreateEnumerationHandle(manager.family.number, 0, null);
      return codeOf(manager, handle);
    },
    after: (code, isLie) => {
      if (code === NO_ERROR) {
        const told = sorted(manager.rest(handle).map((bytes) => manager.family.read(bytes)));
        if (!isLie) expect(told).toEqual(routes);
        expect(manager.rtm.RtmCloseEnumerationHandle(handle)).toBe(NO_ERROR);
      }
      expect(manager.routes()).toEqual(routes);
    },
  };
}

function enumeration(manager: Manager, scene: Scene): Story {
  const { clients, native, routes } = fill(manager, scene);
  const handle = manager.enumeration();
  const told: Uint8Array[] = [];
  const next = (): number => {
    const buffer = manager.buffer();
    const code = manager.rtm.RtmEnumerateGetNextRoute(handle, buffer);
    if (code === NO_ERROR) told.push(buffer);
    else expect(manager.filled(buffer)).toBeNull();
    return code;
  };
  return {
    clients,
    native,
    act: () => {
      let code = next();
      while (code === NO_ERROR && told.length < routes.length) code = next();
      return code;
    },
    after: (_code, isLie) => {
      told.push(...manager.rest(handle));
      const all = sorted(told.map((bytes) => manager.family.read(bytes)));
      expect(new Set(all.map((route) => JSON.stringify(route))).size, 'told twice').toBe(all.length);
      if (!isLie) expect(all).toEqual(routes);
      expect(manager.rtm.RtmCloseEnumerationHandle(handle)).toBe(NO_ERROR);
    },
  };
}

function closing(manager: Manager, scene: Scene): Story {
  const { clients, native } = fill(manager, scene);
  const handle = manager.enumeration();
  manager.rtm.RtmEnumerateGetNextRoute(handle, manager.buffer());
  return {
    clients,
    native,
    act: () => manager.rtm.RtmCloseEnumerationHandle(handle),
    after: (code) => {
      if (code !== NO_ERROR) expect(manager.rtm.RtmCloseEnumerationHandle(handle), 'the second call').toBe(NO_ERROR);
      expect(manager.rtm.RtmCloseEnumerationHandle(handle), 'one call more').toBe(ERROR_INVALID_HANDLE);
    },
  };
}

/** RtmIsRoute at the moment when a route ages out. */
function ageing(manager: Manager, { clock }: Scene): Story {
  const owner = manager.client(0, { event: event() });
  const listener = manager.client(1, { event: event() });
  manager.add(owner, { net: 1 }, 60);
  manager.add(owner, { net: 2, via: 2 }, 60);
  manager.messages(listener);
  clock.advance(60);
  const { family, rtm } = manager;
  return {
    clients: [owner, listener],
    act: () => {
      const buffer = manager.buffer();
      expect(rtm.RtmIsRoute(family.number, family.network(1), buffer), 'a route past its time').toBe(false);
      return rtm.GetLastError();
    },
    after: () => {
      expect([manager.best(1), manager.best(2), manager.count()]).toEqual([null, null, 0]);
      const told = [1, 2].map((net) => ({
        flags: RTM_ROUTE_DELETED,
        current: null,
        previous: manager.entry({ net, via: net }),
      }));
      for (const client of [owner, listener]) expect(byNetwork(manager.messages(client))).toEqual(told);
      expect(rtm.leftBehind()).toMatchObject({ routes: 0, destinations: 0 });
    },
  };
}

conformance('failures', (test) => {
  test('failure-register', (scene) => {
    const codes = [ERROR_CLIENT_ALREADY_EXISTS, ERROR_INVALID_PARAMETER, ERROR_NO_SYSTEM_RESOURCES, ERROR_NOT_ENOUGH_MEMORY];
    failEachCall(scene, codes, registration);
  });

  test('failure-deregister', (scene) => {
    failEachCall(scene, [ERROR_INVALID_HANDLE, ERROR_NO_SYSTEM_RESOURCES], deregistration);
  });

  test('failure-add', (scene) => {
    const codes = [ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER, ERROR_NO_SYSTEM_RESOURCES, ERROR_NOT_ENOUGH_MEMORY];
    for (const story of [additionOfFirst, additionOfBest, updateOfBest]) failEachCall(scene, codes, story);
  });

  test('failure-delete', (scene) => {
    const codes = [ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER, ERROR_NO_MORE_ITEMS, ERROR_NO_SYSTEM_RESOURCES];
    failEachCall(scene, codes, deletionOfBest);
  });

  test('failure-block-delete', (scene) => {
    const codes = [
      ERROR_NO_MORE_ITEMS, ERROR_INVALID_HANDLE, ERROR_INVALID_PARAMETER, ERROR_NO_SYSTEM_RESOURCES, ERROR_NOT_ENOUGH_MEMORY,
    ];
    failEachCall(scene, codes, blockDeletion);
  });

  test('failure-dequeue', (scene) => {
    failEachCall(scene, [ERROR_NO_MORE_ITEMS, ERROR_INVALID_HANDLE, ERROR_NO_SYSTEM_RESOURCES], dequeuing);
  });

  test('failure-is-route', (scene) => {
    const ask = (manager: Manager): { code: number; found: unknown } =>
      asked(manager, (buffer) => manager.rtm.RtmIsRoute(manager.family.number, manager.family.network(2), buffer));
    failEachCall(scene, [ERROR_INVALID_PARAMETER, ERROR_NO_SYSTEM_RESOURCES], question(ask));
  });

  test('failure-count', (scene) => {
    const ask = (manager: Manager): { code: number; found: unknown } => {
      const networks = manager.rtm.RtmGetNetworkCount(manager.family.number);
      return { code: codeOf(manager, networks), found: networks === 0 ? null : networks };
    };
    failEachCall(scene, [ERROR_INVALID_PARAMETER, ERROR_NO_SYSTEM_RESOURCES], question(ask));
  });

  test('failure-age', ({ openFaulty, family }) => {
    const { faults, manager } = openFaulty();
    manager.add(manager.client());
    const route = manager.bestBytes(family.network(1)) ?? manager.buffer();
    faults.plan(() => ERROR_NO_SYSTEM_RESOURCES);
    expect(manager.rtm.RtmGetRouteAge(route)).toBe(0);
    faults.plan(noFaults);
  });

  test('failure-create', (scene) => {
    const codes = [ERROR_NO_MORE_ITEMS, ERROR_INVALID_PARAMETER, ERROR_NO_SYSTEM_RESOURCES, ERROR_NOT_ENOUGH_MEMORY];
    failEachCall(scene, codes, creation);
  });

  test('failure-next', (scene) => {
    failEachCall(scene, [ERROR_INVALID_HANDLE, ERROR_NO_MORE_ITEMS, ERROR_NO_SYSTEM_RESOURCES], enumeration);
  });

  test('failure-close', (scene) => {
    failEachCall(scene, [ERROR_INVALID_HANDLE, ERROR_NO_SYSTEM_RESOURCES], closing);
  });

  test('failure-first', (scene) => {
    const codes = [ERROR_INVALID_PARAMETER, ERROR_NO_MORE_ITEMS, ERROR_NO_SYSTEM_RESOURCES];
    failEachCall(scene, codes, question((manager) => stepped(manager, 'RtmGetFirstRoute')));
  });

  test('failure-next-route', (scene) => {
    const codes = [ERROR_INVALID_PARAMETER, ERROR_NO_MORE_ITEMS, ERROR_NO_SYSTEM_RESOURCES];
    failEachCall(scene, codes, question((manager) => stepped(manager, 'RtmGetNextRoute')));
  });

  test('failure-lookup', (scene) => {
    const address = new DataView(Uint8Array.of(10, 2, 3, 4).buffer).getUint32(0, true);
    const ask = (manager: Manager): { code: number; found: unknown } =>
      asked(manager, (buffer) => manager.rtm.RtmLookupIPDestination(address, buffer));
    failEachCall(scene, [ERROR_INVALID_PARAMETER, ERROR_NO_SYSTEM_RESOURCES], question(ask));
  });

  test('failure-ageing', (scene) => {
    failEachCall(scene, [ERROR_INVALID_PARAMETER, ERROR_NO_SYSTEM_RESOURCES], ageing);
  });
});
