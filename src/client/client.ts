/// <reference lib="esnext.disposable" />
import {
  ERROR_INVALID_HANDLE,
  ERROR_MORE_MESSAGES,
  ERROR_NO_MESSAGES,
  ERROR_NO_MORE_ROUTES,
  ERROR_NO_ROUTES,
  INFINITE,
  NO_ERROR,
  RTM_PROTOCOL_SINGLE_ROUTE,
  RTM_ROUTE_ADDED,
  RTM_ROUTE_CHANGED,
  RTM_ROUTE_DELETED,
} from '../v1/constants.js';
import { defaultFunctions } from '../v1/default-functions.js';
import type { Rtm1Functions } from '../v1/functions.js';
import { EventObject } from '../win32/event-object.js';
import { type ChangeIterator, ChangeReader } from './changes.js';
import { RtmError, type RtmFunction } from './error.js';
import { type Criteria, criteriaOf } from './filter.js';
import { ip } from './ip.js';
import { parseAddress } from './ip-text.js';
import { ipx } from './ipx.js';
import { type Layout, writeKey, writeRoute, writeTime } from './layout.js';
import { boolean, checkedObject, integer, shown, time } from './members.js';
import type {
  AddResult,
  DeleteResult,
  Family,
  RouteChange,
  RouteFilter,
  RouteInputOf,
  RouteKeyOf,
  RouteOf,
} from './route.js';
import { parameterMaximum } from '../translate/rules.js';

const layouts: { readonly [F in Family]: Layout<F> } = { ip, ipx };

const MAX_TIME_TO_LIVE = parameterMaximum('RtmAddRoute', 'TimeToLive');

/** What a client is registered as. */
export interface RegisterOptions<F extends Family, N extends boolean> {
  /** The protocol family, each with a routing table of its own. */
  readonly family: F;
  /** The routing protocol, for instance PROTO_IP_RIP: only one client can be registered for each of a family. */
  readonly protocol: number;
  /** Keep one route for each network: another one to the same network replaces it. */
  readonly singleRoute?: boolean;
  /** Queue the changes that others make to best routes, for `changes()`. They have to be read: they stay until then. */
  readonly notify?: N;
  /** What `openRtm1` returned; the default library, as for the module's own functions, if omitted. */
  readonly rtm?: Rtm1Functions;
}

/**
 * A client of a routing table, for one routing protocol: the functions of Rtm.h in the idiom of TypeScript. Routes are
 * plain objects, addresses are text, and what fails throws: an `RtmError` if RTM refuses, and a TypeError or RangeError,
 * before RTM is asked anything, if an argument is not what it has to be.
 *
 * Clients and users of the functions of Rtm.h share the table, and `handle` is valid with those functions.
 *
 * @example
 * using rip = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP });
 * rip.addRoute({ network: '10.0.0.0/8', nextHop: '192.0.2.1', interface: 3, metric: 2, ttl: 180 });
 * rip.lookup('10.1.2.3')?.nextHop; // '192.0.2.1'
 */
export class RtmClient<F extends Family = Family, N extends boolean = boolean> {
  /** The protocol family. */
  readonly family: F;
  /** The routing protocol. */
  readonly protocol: number;
  /** Whether changes are queued for `changes()`. */
  readonly notified: N;
  readonly #rtm: Rtm1Functions;
  readonly #layout: Layout<F>;
  readonly #reader: ChangeReader<RouteChange<F>> | null;
  readonly #enumerations = new Set<number>();
  #handle: number;

  private constructor(options: RegisterOptions<F, N>, notified: N) {
    const { family, protocol, singleRoute = false, rtm = defaultFunctions } = options;
    this.family = family;
    this.protocol = protocol;
    this.notified = notified;
    this.#rtm = rtm;
    this.#layout = layouts[family];
    const event = notified ? new EventObject() : null;
    this.#reader = event === null ? null : new ChangeReader({ event, take: () => this.#dequeue() });
    this.#handle = rtm.RtmRegisterClient(
      this.#layout.number,
      protocol,
      event,
      singleRoute ? RTM_PROTOCOL_SINGLE_ROUTE : 0,
    );
    if (this.#handle === 0) throw this.#lastError('RtmRegisterClient');
  }

  /**
   * Registers a client.
   *
   * @throws {RtmError} ERROR_CLIENT_ALREADY_EXISTS if the protocol has a client already
   * @throws {TypeError | RangeError} if an option is none, or not what it has to be
   *
   * @example
   * using rtm = openRtm1({ library: 'embedded', instance: 7 });
   * using ospf = RtmClient.register({ family: 'ip', protocol: PROTO_IP_OSPF, singleRoute: true, rtm });
   * ospf.networkCount(); // 0
   */
  static register<F extends Family, const N extends boolean = false>(options: RegisterOptions<F, N>): RtmClient<F, N> {
    checkOptions(options);
    const { notify = false } = options;
    return new RtmClient(options, notify as N);
  }

  /**
   * The client's handle, for the functions of Rtm.h; 0 once it has been disposed of.
   *
   * @example
   * using rtm = openRtm1({ library: 'embedded' });
   * const rip = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP, rtm });
   * rtm.RtmDeregisterClient(rip.handle); // 0
   */
  get handle(): number {
    return this.#handle;
  }

  /**
   * Adds a route, or updates the one with the same network, interface and next hop.
   *
   * @returns what this has done to the best route of the network
   * @throws {RtmError} if RTM refuses it
   * @throws {TypeError | RangeError} if a member is not what it has to be
   *
   * @example
   * using rip = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP });
   * const route = { network: '10.0.0.0/8', nextHop: '192.0.2.1', interface: 3 };
   * rip.addRoute({ ...route, metric: 5, ttl: 180 }).change; // 'added'
   * rip.addRoute({ ...route, metric: 2 }).change; // 'changed'
   * rip.addRoute({ ...route, interface: 4, metric: 9 }).change; // 'none'
   */
  addRoute(route: RouteInputOf<F>): AddResult<F> {
    const layout = this.#layout;
    const given = checkedObject(route, 'a route', [...layout.members, 'ttl']);
    const [structure, current, previous] = [layout.create(), layout.create(), layout.create()];
    writeRoute(layout, given, structure);
    const ttl = timeToLive(given['ttl']);
    const flags = new Uint32Array(1);
    const status = this.#rtm.RtmAddRoute(this.#handle, structure, ttl, flags, current, previous);
    if (status !== NO_ERROR) throw new RtmError('RtmAddRoute', status);
    switch (flags[0]) {
      case RTM_ROUTE_ADDED:
        return { change: 'added', current: layout.read(current) };
      case RTM_ROUTE_CHANGED:
        return { change: 'changed', current: layout.read(current), previous: layout.read(previous) };
      default:
        return { change: 'none' };
    }
  }

  /**
   * Deletes one of the client's routes. Members that do not identify it are not looked at.
   *
   * @returns what this has done to the best route of the network
   * @throws {RtmError} ERROR_NO_SUCH_ROUTE if the client has no such route
   * @throws {TypeError | RangeError} if a member is not what it has to be
   *
   * @example
   * using rip = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP });
   * const route = { network: '10.0.0.0/8', nextHop: '192.0.2.1', interface: 3 };
   * rip.addRoute({ ...route, metric: 2 });
   * rip.deleteRoute(route).change; // 'deleted'
   */
  deleteRoute(route: RouteKeyOf<F>): DeleteResult<F> {
    const layout = this.#layout;
    const [structure, current] = [layout.create(), layout.create()];
    writeKey(layout, checkedObject(route, 'a route', [...layout.members, 'ttl']), structure);
    const flags = new Uint32Array(1);
    const status = this.#rtm.RtmDeleteRoute(this.#handle, structure, flags, current);
    if (status !== NO_ERROR) throw new RtmError('RtmDeleteRoute', status);
    switch (flags[0]) {
      case RTM_ROUTE_DELETED:
        return { change: 'deleted' };
      case RTM_ROUTE_CHANGED:
        return { change: 'changed', current: layout.read(current) };
      default:
        return { change: 'none' };
    }
  }

  /**
   * Deletes those of the client's routes that a filter tells, or all of them. The client's own `changes()` tell of it,
   * too.
   *
   * @returns whether there were any
   * @throws {RtmError} if RTM fails
   * @throws {TypeError | RangeError} if a member is not what it has to be
   *
   * @example
   * using rip = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP });
   * rip.addRoute({ network: '10.0.0.0/8', interface: 3 });
   * rip.addRoute({ network: '10.0.0.0/8', interface: 4 });
   * rip.deleteRoutes({ interface: 3 }); // true
   * rip.deleteRoutes({ interface: 3 }); // false
   * rip.networkCount(); // 1
   */
  deleteRoutes(filter: Pick<RouteFilter, 'network' | 'interface'> = {}): boolean {
    const { flags, route } = criteriaOf(this.#layout, filter, ['network', 'interface']);
    const status = this.#rtm.RtmBlockDeleteRoutes(this.#handle, flags, route);
    if (status !== NO_ERROR && status !== ERROR_NO_ROUTES) throw new RtmError('RtmBlockDeleteRoutes', status);
    return status === NO_ERROR;
  }

  /**
   * The routes of the table, of all protocols, that a filter tells, in no particular order. They are those that are there
   * when the first is asked for; one that has been deleted since is passed over, and each is as it is when it is its turn.
   *
   * @throws {RtmError} if RTM fails
   * @throws {TypeError | RangeError} if a member is not what it has to be
   *
   * @example
   * using rip = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP });
   * rip.addRoute({ network: '10.0.0.0/8', interface: 3 });
   * rip.addRoute({ network: '10.0.0.0/8', interface: 4, metric: 9 });
   * for (const route of rip.routes({ best: true })) console.log(route.network, route.interface);
   * Array.from(rip.routes({ network: '10.0.0.0/8' }), (route) => route.metric).sort(); // [0, 9]
   */
  routes(filter: RouteFilter = {}): Generator<RouteOf<F>, void, undefined> {
    const criteria = criteriaOf(this.#layout, filter, ['network', 'interface', 'protocol', 'best']);
    this.#checkRegistered('RtmCreateEnumerationHandle');
    return this.#enumerate(criteria);
  }

  *#enumerate({ flags, route }: Criteria<F>): Generator<RouteOf<F>, void, undefined> {
    const enumeration = this.#rtm.RtmCreateEnumerationHandle(this.#layout.number, flags, route);
    if (enumeration === 0) {
      if (this.#rtm.GetLastError() === ERROR_NO_ROUTES) return;
      throw this.#lastError('RtmCreateEnumerationHandle');
    }
    this.#enumerations.add(enumeration);
    try {
      for (;;) {
        const status = this.#rtm.RtmEnumerateGetNextRoute(enumeration, route);
        if (status === ERROR_NO_MORE_ROUTES) return;
        if (status !== NO_ERROR) throw new RtmError('RtmEnumerateGetNextRoute', status);
        yield this.#layout.read(route);
      }
    } finally {
      this.#closeEnumeration(enumeration);
    }
  }

  /** Closes an enumeration; one that cannot be closed now is tried again when the client is disposed of. */
  #closeEnumeration(enumeration: number): number {
    const status = this.#rtm.RtmCloseEnumerationHandle(enumeration);
    if (status === NO_ERROR || status === ERROR_INVALID_HANDLE) this.#enumerations.delete(enumeration);
    return status;
  }

  /**
   * The best route to exactly this network, of whatever protocol; undefined if there is none.
   *
   * @param network written as in a route
   * @throws {RtmError} if RTM fails
   * @throws {TypeError | RangeError} if it is no network
   *
   * @example
   * using rip = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP });
   * rip.addRoute({ network: '10.0.0.0/8', interface: 3, metric: 2 });
   * rip.bestRoute('10.0.0.0/8')?.metric; // 2
   * rip.bestRoute('10.1.0.0/16'); // undefined
   */
  bestRoute(network: string): RouteOf<F> | undefined {
    const route = this.#layout.create();
    this.#layout.writeNetwork(network, route);
    this.#checkRegistered('RtmIsRoute');
    if (this.#rtm.RtmIsRoute(this.#layout.number, route.RR_Network, route)) return this.#layout.read(route);
    if (this.#rtm.GetLastError() === NO_ERROR) return undefined;
    throw this.#lastError('RtmIsRoute');
  }

  /**
   * The best route to the longest prefix that covers an address; undefined if none does. For the IP family only.
   *
   * @param address for instance `10.1.2.3`
   * @throws {RtmError} if RTM fails
   * @throws {TypeError | RangeError} if it is no address
   *
   * @example
   * using rip = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP });
   * rip.addRoute({ network: '0.0.0.0/0', nextHop: '192.0.2.254', interface: 1 });
   * rip.addRoute({ network: '10.0.0.0/8', nextHop: '192.0.2.1', interface: 3 });
   * rip.lookup('10.1.2.3')?.network; // '10.0.0.0/8'
   * rip.lookup('198.51.100.7')?.network; // '0.0.0.0/0'
   */
  lookup(this: RtmClient<'ip'>, address: string): RouteOf<'ip'> | undefined {
    if (this.#layout !== ip) throw new TypeError('lookup is for clients of the IP family: an IPX network has no prefixes');
    const route = ip.create();
    const number = parseAddress(address, 'address');
    this.#checkRegistered('RtmLookupIPDestination');
    if (this.#rtm.RtmLookupIPDestination(number, route)) return ip.read(route);
    if (this.#rtm.GetLastError() === NO_ERROR) return undefined;
    throw this.#lastError('RtmLookupIPDestination');
  }

  /**
   * Counts the networks that have a route, of whatever protocol. RTMv2 has no such number: it takes a walk over the table.
   *
   * @throws {RtmError} if RTM fails
   *
   * @example
   * using rip = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP });
   * rip.addRoute({ network: '10.0.0.0/8', interface: 3 });
   * rip.addRoute({ network: '10.0.0.0/8', interface: 4 });
   * rip.networkCount(); // 1
   */
  networkCount(): number {
    this.#checkRegistered('RtmGetNetworkCount');
    const count = this.#rtm.RtmGetNetworkCount(this.#layout.number);
    if (count === 0 && this.#rtm.GetLastError() !== NO_ERROR) throw this.#lastError('RtmGetNetworkCount');
    return count;
  }

  /**
   * Whole seconds since a route was added or last updated, by the clock that the library was opened with.
   *
   * @param route as read from the table
   * @throws {RtmError} ERROR_INVALID_PARAMETER if that lies ahead
   * @throws {TypeError} if there is no time in it
   *
   * @example
   * const clock = { now: Date.UTC(2003, 3, 24) };
   * using rtm = openRtm1({ library: 'embedded', clock: () => clock.now });
   * using rip = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP, rtm });
   * rip.addRoute({ network: '10.0.0.0/8', interface: 3 });
   * const [route] = rip.routes();
   * clock.now += 90_000;
   * route && rip.age(route); // 90
   */
  age(route: Pick<RouteOf<F>, 'updated'>): number {
    const { updated } = checkedObject(route, 'a route', this.#layout.members);
    const structure = this.#layout.create();
    writeTime(time(updated, 'updated'), structure.RR_TimeStamp);
    this.#checkRegistered('RtmGetRouteAge');
    const age = this.#rtm.RtmGetRouteAge(structure);
    if (age === INFINITE) throw this.#lastError('RtmGetRouteAge');
    return age;
  }

  /**
   * The changes of best routes from the registration on, in order: those that other clients make, and those that ageing
   * and the client's own `deleteRoutes` make. Waiting for one keeps the process alive. The iterator ends, without an
   * error, when the signal aborts and when the client is no longer registered.
   *
   * A change that nobody has waited for yet stays queued for the next iterator. One iterator at a time reads: another one
   * rejects as long as the first has not ended.
   *
   * @throws {RtmError} from `next()`, if RTM fails; another iterator may then go on, and nothing is lost
   *
   * @example
   * using rip = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP, notify: true });
   * using ospf = RtmClient.register({ family: 'ip', protocol: PROTO_IP_OSPF });
   * ospf.addRoute({ network: '10.0.0.0/8', nextHop: '192.0.2.1', interface: 3 });
   * for await (const change of rip.changes({ signal: AbortSignal.timeout(60_000) })) {
   *   change.kind; // 'added'
   *   if (change.kind !== 'deleted') console.log(`${change.current.network} goes to ${change.current.nextHop} now`);
   *   break;
   * }
   */
  changes(this: RtmClient<F, true>, { signal }: { readonly signal?: AbortSignal } = {}): ChangeIterator<RouteChange<F>> {
    if (this.#reader === null) {
      throw new TypeError('This client does not queue changes: register it with notify: true');
    }
    this.#checkRegistered('RtmDequeueRouteChangeMessage');
    return this.#reader.iterate(signal);
  }

  #dequeue(): RouteChange<F> | undefined {
    const layout = this.#layout;
    const [flags, current, previous] = [new Uint32Array(1), layout.create(), layout.create()];
    const status = this.#rtm.RtmDequeueRouteChangeMessage(this.#handle, flags, current, previous);
    if (status === ERROR_INVALID_HANDLE) this.#reader?.stop();
    if (status === ERROR_NO_MESSAGES || status === ERROR_INVALID_HANDLE) return undefined;
    if (status !== NO_ERROR && status !== ERROR_MORE_MESSAGES) throw new RtmError('RtmDequeueRouteChangeMessage', status);
    switch (flags[0]) {
      case RTM_ROUTE_ADDED:
        return { kind: 'added', current: layout.read(current) };
      case RTM_ROUTE_DELETED:
        return { kind: 'deleted', previous: layout.read(previous) };
      default:
        return { kind: 'changed', current: layout.read(current), previous: layout.read(previous) };
    }
  }

  /**
   * Ends the registration: deletes every route that the client added, and ends its iterators. Whatever is asked of the
   * client afterwards throws ERROR_INVALID_HANDLE; disposing of it again does nothing.
   *
   * @throws {RtmError} if RTM fails: nothing is lost, and another call does the rest
   *
   * @example
   * const rip = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP });
   * rip.addRoute({ network: '10.0.0.0/8', interface: 3 });
   * rip.dispose();
   * leftBehind().routes; // 0
   */
  dispose(): void {
    let failure: RtmError | null = null;
    for (const enumeration of this.#enumerations) {
      const status = this.#closeEnumeration(enumeration);
      if (this.#enumerations.has(enumeration)) failure = new RtmError('RtmCloseEnumerationHandle', status);
    }
    if (this.#handle !== 0) {
      const status = this.#rtm.RtmDeregisterClient(this.#handle);
      if (status === NO_ERROR || status === ERROR_INVALID_HANDLE) {
        this.#handle = 0;
        this.#reader?.stop();
      } else {
        failure = new RtmError('RtmDeregisterClient', status);
      }
    }
    if (failure !== null) throw failure;
  }

  /**
   * `dispose()`, for `using`.
   *
   * @example
   * {
   *   using rip = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP });
   *   rip.addRoute({ network: '10.0.0.0/8', interface: 3 });
   * }
   * leftBehind().entities; // 0
   */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Reading needs no client in Rtm.h, but a client that has been disposed of is of no use here. */
  #checkRegistered(rtmFunction: RtmFunction): void {
    if (this.#handle === 0) throw new RtmError(rtmFunction, ERROR_INVALID_HANDLE);
  }

  #lastError(rtmFunction: RtmFunction): RtmError {
    return new RtmError(rtmFunction, this.#rtm.GetLastError());
  }
}

const OPTIONS = ['family', 'protocol', 'singleRoute', 'notify', 'rtm'];

function checkOptions(options: unknown): void {
  const { family, protocol, singleRoute = false, notify = false, rtm = defaultFunctions } = checkedObject(
    options,
    'the registration',
    OPTIONS,
  );
  if (typeof family !== 'string' || !Object.hasOwn(layouts, family)) {
    throw new RangeError(`family must be 'ip' or 'ipx'; it is ${shown(family)}`);
  }
  integer(protocol, 'protocol');
  boolean(singleRoute, 'singleRoute');
  boolean(notify, 'notify');
  if (typeof rtm !== 'object' || rtm === null || !('RtmRegisterClient' in rtm)) {
    throw new TypeError(`rtm must be what openRtm1 returned; it is ${shown(rtm)}`);
  }
}

/** TimeToLive: seconds, or INFINITE. */
function timeToLive(ttl: unknown = Infinity): number {
  if (ttl === Infinity || ttl === INFINITE) return INFINITE;
  return integer(ttl, 'ttl', MAX_TIME_TO_LIVE);
}
