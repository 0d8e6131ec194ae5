/**
 * RTM version 1 as its pages describe it, in arrays and loops: no index, no handle, no version 2. It is slow and short
 * enough to be compared with the pages by reading, and says what every call has to answer.
 *
 * Where the pages leave a choice, a call has several answers; the one that was seen is committed.
 */
import {
  compare,
  FAMILIES,
  type Family,
  fileTime,
  identity as identityOf,
  INTERFACE,
  IP,
  IP_PRIORITY,
  isHoldable,
  layoutOf,
  matchedLength,
  networkOf,
  place,
  PROTOCOL,
  rank,
  setTimeStamp,
  setU32,
  significant,
  timeStamp,
  u32,
} from './route-bytes.js';

const INFINITE = 0xffffffff;
const MAX_TTL = 2147483;
const NO_MORE = 259;
const INVALID_PARAMETER = 87;

const CURRENT = 1;
const PREVIOUS = 2;

const ONLY_NETWORK = 1;
const ONLY_INTERFACE = 2;
const ONLY_PROTOCOL = 4;
const ONLY_BEST = 8;

/** One thing that a call may answer. Buffers that are not named are left alone. */
export interface Answer {
  /** The result; 'handle' is any handle that is not in use. */
  readonly result: number | boolean | 'handle';
  /** What the last error becomes; it is left alone if this is absent. */
  readonly lastError?: number;
  readonly flags?: number;
  readonly current?: Uint8Array;
  readonly previous?: Uint8Array;
  readonly route?: Uint8Array;
  /** What has happened if this is what was answered. */
  readonly commit?: () => void;
}

/** An event object: whether it is signalled, and how often it became so; undefined where that is open. */
export interface NaiveEvent {
  signalled: boolean | undefined;
  signals: number | undefined;
}

/**
 * The best routes of a network, one after the other, from the one that was told last; null is none. A message leads from the
 * first to any later one, as several changes may be told as one.
 */
type Chain = readonly (Uint8Array | null)[];

/** A v1 client; `event` is null for one that is not notified. */
export interface NaiveClient {
  readonly family: Family;
  readonly protocol: number;
  readonly event: NaiveEvent | null;
  readonly single: boolean;
  /** Changes in groups: which network of a group comes first is open. */
  queue: readonly (readonly Chain[])[];
}

/** A native RTMv2 entity: its routes are in the table, but no v1 call can change them. */
export interface NaiveEntity {
  readonly family: Family;
  readonly protocol: number;
}

/** A route of the table. A time stamp of zero stands for the time of RTMv2's own clock. */
export interface NaiveRoute {
  readonly family: Family;
  readonly owner: NaiveClient | NaiveEntity;
  bytes: Uint8Array;
  /** When it ages out, in milliseconds of the clock. */
  deadline: number;
  /** Whether it is in the unicast view, which is all that v1 sees. */
  visible: boolean;
}

interface Snapshot {
  readonly route: NaiveRoute;
  readonly identity: string;
  readonly networkAndProtocol: string;
  readonly isSingle: boolean;
  /** It was not there at some call, which may have passed it over. */
  passed: boolean;
}

/** An enumeration: what it has still to tell. */
export interface NaiveEnumeration {
  readonly family: Family;
  remaining: Snapshot[];
}

interface Best {
  readonly family: Family;
  readonly network: string;
  route: NaiveRoute;
}

/** The best routes of a family as the notified clients know them; there is none while nobody is notified. */
type Told = ReadonlyMap<string, Uint8Array>;

const NOTHING_TOLD: Told = new Map();

export class NaiveRtm {
  /** The time, in milliseconds since 1970-01-01 UTC. */
  now: number;
  readonly #priorities: ReadonlyMap<number, number>;
  /** In the order in which they were added. */
  routes: NaiveRoute[] = [];
  clients: NaiveClient[] = [];
  #bests: Best[] = [];
  readonly #told: (Told | null)[] = [null, null];

  constructor(now: number, priorities: ReadonlyMap<number, number>) {
    this.now = now;
    this.#priorities = priorities;
  }

  // ---------------------------------------------------------------- clients

  registerClient(family: Family, protocol: number, event: NaiveEvent | null, single: boolean): Answer & { client?: NaiveClient } {
    this.expire();
    // What native entities have changed before is nothing for a newcomer, and is told to the others.
    if (event !== null) this.#poll(family);
    if (this.clients.some((other) => other.family === family && other.protocol === protocol)) {
      return { result: 0, lastError: 183 };
    }
    const client: NaiveClient = { family, protocol, event, single, queue: [] };
    if (event !== null) this.#told[family] ??= this.#presentBests(family);
    this.clients.push(client);
    return { result: 'handle', client };
  }

  deregisterClient(client: NaiveClient): Answer {
    // The client that leaves hears of nothing any more.
    this.clients = this.clients.filter((other) => other !== client);
    this.expire();
    this.#poll(client.family);
    if (!this.#audience(client.family).length) this.#told[client.family] = null;
    this.#remove(this.routes.filter(({ owner }) => owner === client));
    this.#poll(client.family);
    return { result: 0 };
  }

  // ---------------------------------------------------------------- routes

  addRoute(client: NaiveClient, route: Uint8Array, ttl: number): Answer {
    const { family } = client;
    if (!isHoldable(family, networkBytes(family, route))) return { result: INVALID_PARAMETER };
    if (ttl > MAX_TTL && ttl !== INFINITE) return { result: INVALID_PARAMETER };
    this.expire();
    this.#poll(family);
    const bytes = route.slice(0, layoutOf(family).size);
    setTimeStamp(bytes, fileTime(this.now));
    setU32(bytes, PROTOCOL, client.protocol);
    const priority = family === IP ? this.#priorities.get(client.protocol) : undefined;
    if (priority !== undefined) setU32(bytes, IP_PRIORITY, priority);
    const deadline = ttl === INFINITE ? Infinity : this.now + ttl * 1000;
    return this.#change(client, networkOf(family, bytes), () => {
      this.#put(client, this.#own(client, bytes), { bytes, deadline, visible: true });
    });
  }

  deleteRoute(client: NaiveClient, route: Uint8Array): Answer {
    const { family } = client;
    if (!isHoldable(family, networkBytes(family, route))) return { result: INVALID_PARAMETER };
    this.expire();
    this.#poll(family);
    const criteria = route.slice(0, layoutOf(family).size);
    setU32(criteria, PROTOCOL, client.protocol);
    const own = this.#own(client, criteria);
    if (own === undefined) return { result: NO_MORE };
    const network = networkOf(family, criteria);
    const wasBest = this.#best(family, network) === own;
    this.#change(client, network, () => {
      this.#remove([own]);
    });
    const after = this.#best(family, network)?.bytes;
    // What became of the best route counts, not how much the next best one differs from it.
    if (!wasBest) return { result: 0, flags: 0 };
    return after ? { result: 0, flags: CURRENT | PREVIOUS, current: after } : { result: 0, flags: PREVIOUS };
  }

  blockDeleteRoutes(client: NaiveClient, flags: number, criteria: Uint8Array | null): Answer {
    // A network that no table can hold is not looked for.
    if (criteria && flags & ONLY_NETWORK && !isHoldable(client.family, networkBytes(client.family, criteria))) {
      return { result: NO_MORE };
    }
    this.expire();
    this.#poll(client.family);
    // As best routes go others become best, so that in the end all go.
    const matching = this.#matching(client.family, flags & ~ONLY_BEST, criteria);
    const own = matching.filter(({ owner }) => owner === client);
    if (own.length === 0) return { result: NO_MORE };
    this.#remove(own);
    this.#poll(client.family);
    return { result: 0 };
  }

  // ---------------------------------------------------------------- messages

  dequeueRouteChangeMessage(client: NaiveClient): readonly Answer[] {
    const { event, family } = client;
    if (event === null) return [{ result: 6 }];
    const { signals } = event;
    this.expire();
    this.#poll(family);
    // Others may have registered with the same event: their messages keep it signalled.
    const isShared = this.clients.some((other) => other !== client && other.event === event && other.queue.length > 0);
    const empty = (): void => {
      client.queue = [];
      // A message that is found and taken by one call signals nothing.
      if (!isShared) Object.assign(event, { signalled: false, signals });
    };
    const answers: Answer[] = [];
    if (mayBeEmpty(family, client.queue)) answers.push({ result: NO_MORE, flags: 0, commit: empty });
    const [group = [], ...later] = client.queue;
    for (const [index, chain] of group.entries()) {
      for (const [rest, message] of messagesOf(family, chain)) {
        const left = group.with(index, rest).filter((other) => !isOver(family, other));
        const queue = left.length > 0 ? [left, ...later] : later;
        if (mayBeEmpty(family, queue)) answers.push({ result: 0, ...message, commit: empty });
        const keep = (): void => {
          client.queue = queue;
        };
        if (queue.length > 0) answers.push({ result: 234, ...message, commit: keep });
      }
    }
    return answers;
  }

  // ---------------------------------------------------------------- questions

  isRoute(family: Family, network: Uint8Array): Answer {
    this.expire();
    const best = this.#best(family, hexOfNetwork(family, network));
    return best ? { result: true, route: best.bytes } : { result: false, lastError: 0 };
  }

  getNetworkCount(family: Family): Answer {
    this.expire();
    const networks = new Set(this.#visible(family).map(({ bytes }) => networkOf(family, bytes)));
    return networks.size > 0 ? { result: networks.size } : { result: 0, lastError: 0 };
  }

  getRouteAge(route: Uint8Array): Answer {
    const age = fileTime(this.now) - timeStamp(route);
    if (timeStamp(route) === 0n || age < -10_000_000n) return { result: INFINITE, lastError: INVALID_PARAMETER };
    return { result: age < 0n ? 0 : Number(age / 10_000_000n) };
  }

  /** The best route of the longest prefix that the address is in. */
  lookupIPDestination(address: number): Answer {
    this.expire();
    let longest: NaiveRoute | undefined;
    for (const { family, route } of this.#bests) {
      if (family !== IP || matchedLength(route.bytes, address) < 0) continue;
      if (!longest || matchedLength(route.bytes, address) > matchedLength(longest.bytes, address)) longest = route;
    }
    return longest ? { result: true, route: longest.bytes } : { result: false, lastError: 0 };
  }

  // ---------------------------------------------------------------- enumerations and walks

  createEnumeration(family: Family, flags: number, criteria: Uint8Array | null): Answer & { enumeration?: NaiveEnumeration } {
    this.expire();
    const routes = this.#matching(family, flags, criteria);
    if (routes.length === 0) return { result: 0, lastError: NO_MORE };
    const remaining = routes.map((route) => ({
      route,
      identity: identityOf(family, route.bytes),
      networkAndProtocol: networkAndProtocol(route),
      isSingle: 'single' in route.owner && route.owner.single,
      passed: false,
    }));
    return { result: 'handle', enumeration: { family, remaining } };
  }

  enumerateGetNextRoute(enumeration: NaiveEnumeration): readonly Answer[] {
    this.expire();
    const there = enumeration.remaining.flatMap((entry) => {
      const present = this.#ofEntry(entry, enumeration.remaining);
      if (!present.some(({ isCertain }) => isCertain)) entry.passed = true;
      return present.map(({ route, isCertain }) => ({ entry, bytes: route.bytes, isCertain }));
    });
    there.sort((left, right) => Number(right.isCertain) - Number(left.isCertain));
    const answers: Answer[] = there.map(({ entry, bytes }) => ({
      result: 0,
      route: bytes,
      commit: () => {
        enumeration.remaining = enumeration.remaining.filter((other) => other !== entry);
      },
    }));
    const end: Answer = {
      result: NO_MORE,
      commit: () => {
        enumeration.remaining = [];
      },
    };
    return there.every(({ entry }) => entry.passed) ? [end, ...answers] : answers;
  }

  /**
   * The routes that an entry of an enumeration stands for now: the route itself, or one of the same identity that has come
   * since. Whether another route of the network and protocol is the same as a single-route client's is not said.
   */
  #ofEntry(entry: Snapshot, entries: readonly Snapshot[]): { route: NaiveRoute; isCertain: boolean }[] {
    const { family } = entry.route;
    const namesakes = entries.filter(({ identity }) => identity === entry.identity);
    const sameIdentity = this.#visible(family).filter(({ bytes }) => identityOf(family, bytes) === entry.identity);
    const isEnough = namesakes.indexOf(entry) < sameIdentity.length;
    // A single-route client may have given its route another interface or next hop since.
    const isUnchanged = identityOf(family, entry.route.bytes) === entry.identity;
    return this.#visible(family).flatMap((route) => {
      if (route === entry.route) return [{ route, isCertain: true }];
      if (sameIdentity.includes(route)) return [{ route, isCertain: isEnough && isUnchanged }];
      return entry.isSingle && networkAndProtocol(route) === entry.networkAndProtocol ? [{ route, isCertain: false }] : [];
    });
  }

  getFirstRoute(family: Family, flags: number, criteria: Uint8Array): readonly Answer[] {
    this.expire();
    return firstOf(family, this.#matching(family, flags, criteria));
  }

  getNextRoute(family: Family, flags: number, route: Uint8Array): readonly Answer[] {
    if (!isHoldable(family, networkBytes(family, route))) return [{ result: INVALID_PARAMETER }];
    this.expire();
    const from = place(family, route);
    return firstOf(
      family,
      this.#matching(family, flags, route).filter(({ bytes }) => compare(place(family, bytes), from) > 0),
    );
  }

  // ---------------------------------------------------------------- native entities

  /** A native entity adds a route or, with the route, updates it. The table is told at once, v1 clients are not. */
  putNativeRoute(entity: NaiveEntity, existing: NaiveRoute | undefined, bytes: Uint8Array, visible: boolean): NaiveRoute {
    return this.#put(entity, existing, { bytes, deadline: Infinity, visible });
  }

  deleteNativeRoute(route: NaiveRoute): void {
    this.#remove([route]);
  }

  // ---------------------------------------------------------------- time

  /** Whether there are routes whose time has come. */
  get isAnythingDue(): boolean {
    return this.routes.some(({ deadline }) => deadline <= this.now);
  }

  /**
   * Deletes the routes whose time has come. Everybody is told, the owners too, together with what native entities have
   * changed before.
   */
  expire(): void {
    for (const family of FAMILIES) {
      const due = this.routes.filter((route) => route.family === family && route.deadline <= this.now);
      if (due.length === 0) continue;
      const before = this.#presentBests(family);
      this.#remove(due);
      this.#tell(family, this.#told[family] ?? NOTHING_TOLD, before);
    }
  }

  // ---------------------------------------------------------------- the table

  #visible(family: Family): NaiveRoute[] {
    return this.routes.filter((route) => route.family === family && route.visible);
  }

  #matching(family: Family, flags: number, criteria: Uint8Array | null): NaiveRoute[] {
    return this.#visible(family).filter((route) => {
      const { bytes } = route;
      if (flags & ONLY_BEST && this.#best(family, networkOf(family, bytes)) !== route) return false;
      if (criteria === null) return true;
      if (flags & ONLY_NETWORK && networkOf(family, bytes) !== networkOf(family, criteria)) return false;
      if (flags & ONLY_INTERFACE && u32(bytes, INTERFACE) !== u32(criteria, INTERFACE)) return false;
      return !(flags & ONLY_PROTOCOL && u32(bytes, PROTOCOL) !== u32(criteria, PROTOCOL));
    });
  }

  /** The client's route that this one names. */
  #own(client: NaiveClient, bytes: Uint8Array): NaiveRoute | undefined {
    const { family } = client;
    return this.routes.find(
      (route) =>
        route.owner === client &&
        (client.single
          ? networkOf(family, route.bytes) === networkOf(family, bytes)
          : identityOf(family, route.bytes) === identityOf(family, bytes)),
    );
  }

  #put(
    owner: NaiveClient | NaiveEntity,
    existing: NaiveRoute | undefined,
    content: Pick<NaiveRoute, 'bytes' | 'deadline' | 'visible'>,
  ): NaiveRoute {
    const route = existing ?? { owner, family: owner.family, ...content };
    if (existing) Object.assign(existing, content);
    else this.routes.push(route);
    this.#choose(route.family, networkOf(route.family, content.bytes));
    return route;
  }

  #remove(gone: readonly NaiveRoute[]): void {
    this.routes = this.routes.filter((route) => !gone.includes(route));
    for (const { family, bytes } of gone) this.#choose(family, networkOf(family, bytes));
  }

  #best(family: Family, network: string): NaiveRoute | undefined {
    return this.#bests.find((best) => best.family === family && best.network === network)?.route;
  }

  /** The lower rank wins; in a tie the best route stays the best, and otherwise the route that was added first. */
  #choose(family: Family, network: string): void {
    const routes = this.#visible(family).filter(({ bytes }) => networkOf(family, bytes) === network);
    const incumbent = this.#best(family, network);
    let best = incumbent && routes.includes(incumbent) ? incumbent : routes[0];
    for (const route of routes) {
      if (best && compare(rank(family, route.bytes), rank(family, best.bytes)) < 0) best = route;
    }
    this.#bests = this.#bests.filter((other) => other.family !== family || other.network !== network);
    if (best) this.#bests.push({ family, network, route: best });
  }

  #presentBests(family: Family): Told {
    return new Map(
      this.#bests.filter((best) => best.family === family).map(({ network, route }) => [network, route.bytes]),
    );
  }

  // ---------------------------------------------------------------- changes

  /** A client's own change of one network: it learns the outcome from its call, the others from messages. */
  #change(client: NaiveClient, network: string, doIt: () => void): Answer {
    const { family } = client;
    const before = this.#best(family, network)?.bytes ?? null;
    doIt();
    const after = this.#best(family, network)?.bytes ?? null;
    this.#poll(family, client);
    const flags = changeFlags(family, before, after);
    return {
      result: 0,
      flags,
      ...(flags & CURRENT && after && { current: after }),
      ...(flags & PREVIOUS && before && { previous: before }),
    };
  }

  #audience(family: Family): NaiveClient[] {
    return this.clients.filter((client) => client.family === family && client.event !== null);
  }

  /** Tells the notified clients how the best routes differ from those that they know of. */
  #poll(family: Family, except?: NaiveClient): void {
    this.#tell(family, this.#told[family] ?? NOTHING_TOLD, null, except);
  }

  /** Tells of changes by way of `between`, the best routes at some time before now, which need not be told. */
  #tell(family: Family, told: Told, between: Told | null, except?: NaiveClient): void {
    if (!this.#told[family]) return;
    const present = this.#presentBests(family);
    this.#told[family] = present;
    const networks = new Set([...told.keys(), ...(between?.keys() ?? []), ...present.keys()]);
    const chains = [...networks]
      .map((network) => [told, ...(between ? [between] : []), present].map((bests) => bests.get(network) ?? null))
      .filter((chain) => !isOver(family, chain));
    if (chains.length === 0) return;
    for (const client of this.#audience(family).filter((other) => other !== except)) {
      client.queue = [...client.queue, chains];
      if (client.event) signal(client.event, chains.some((chain) => !mayBeOver(family, chain)));
    }
  }
}

function signal(event: NaiveEvent, isCertain: boolean): void {
  if (event.signalled === true) return;
  event.signalled = isCertain ? true : undefined;
  event.signals = isCertain && event.signals !== undefined ? event.signals + 1 : undefined;
}

/** Whether there is nothing more to tell. */
const isOver = (family: Family, chain: Chain): boolean =>
  chain.every((bytes) => changeFlags(family, chain[0] ?? null, bytes) === 0);

/** Whether what was told last is what there is now, so that nothing needs to be told. */
const mayBeOver = (family: Family, chain: Chain): boolean =>
  changeFlags(family, chain[0] ?? null, chain.at(-1) ?? null) === 0;

const mayBeEmpty = (family: Family, queue: readonly (readonly Chain[])[]): boolean =>
  queue.every((group) => group.every((chain) => mayBeOver(family, chain)));

/** The messages that may come next, and what is left to be told after each. */
function messagesOf(family: Family, chain: Chain): [rest: Chain, message: Pick<Answer, 'flags' | 'current' | 'previous'>][] {
  const previous = chain[0] ?? null;
  return chain.flatMap((current, index) => {
    const flags = changeFlags(family, previous, current);
    if (flags === 0) return [];
    return [[chain.slice(index), { flags, ...(current && { current }), ...(previous && { previous }) }]];
  });
}

/** RTM_NO_CHANGE, RTM_ROUTE_ADDED, RTM_ROUTE_DELETED or RTM_ROUTE_CHANGED. */
function changeFlags(family: Family, before: Uint8Array | null, after: Uint8Array | null): number {
  if (before && after && significant(family, before) === significant(family, after)) return 0;
  return (after ? CURRENT : 0) | (before ? PREVIOUS : 0);
}

const networkBytes = (family: Family, route: Uint8Array): Uint8Array => route.subarray(...layoutOf(family).network);

function hexOfNetwork(family: Family, network: Uint8Array): string {
  const route = new Uint8Array(layoutOf(family).size);
  route.set(network.subarray(0, family === IP ? 8 : 4), layoutOf(family).network[0]);
  return networkOf(family, route);
}

const networkAndProtocol = ({ family, bytes }: NaiveRoute): string =>
  `${networkOf(family, bytes)} ${u32(bytes, PROTOCOL)}`;

/**
 * The route in front. Native entities of one protocol may have several that are one to version 1: the best of them, and it
 * is open which if they rank alike.
 */
function firstOf(family: Family, routes: readonly NaiveRoute[]): readonly Answer[] {
  if (routes.length === 0) return [{ result: NO_MORE }];
  const order = routes.map(({ bytes }) => [...place(family, bytes), ...rank(family, bytes)]);
  const front = order.reduce((least, other) => (compare(other, least) < 0 ? other : least));
  return routes
    .filter((_, index) => compare(order[index] ?? [], front) === 0)
    .map(({ bytes }) => ({ result: 0, route: bytes }));
}
