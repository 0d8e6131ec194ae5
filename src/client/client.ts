/// <reference lib="esnext.disposable" />
import { parameterMaximum } from '../translate/rules.js';
import {
  ERROR_INVALID_HANDLE,
  ERROR_MORE_MESSAGES,
  ERROR_NO_MESSAGES,
  ERROR_NO_ROUTES,
  INFINITE,
  NO_ERROR,
  RTM_PROTOCOL_SINGLE_ROUTE,
  RTM_ROUTE_ADDED,
  RTM_ROUTE_CHANGED,
  RTM_ROUTE_DELETED,
} from '../v1/constants.js';
import type { Rtm1Functions } from '../v1/functions.js';
import { EventObject } from '../win32/event-object.js';
import { type ChangeIterator, ChangeReader } from './changes.js';
import { errorFrom, RtmError, type RtmFunction } from './error.js';
import { criteriaOf } from './filter.js';
import { type Layout, writeKey, writeRoute } from './layout.js';
import { boolean, checkedObject, integer } from './members.js';
import type { AddResult, DeleteResult, Family, RouteChange, RouteFilter, RouteInputOf, RouteKeyOf } from './route.js';
import { functionsOf, layoutOf, RouteTable, type TableOptions } from './table.js';

const MAX_TIME_TO_LIVE = parameterMaximum('RtmAddRoute', 'TimeToLive');

/** What a client is registered as. */
export interface RegisterOptions<F extends Family, N extends boolean> extends TableOptions<F> {
  /** The routing protocol, for instance PROTO_IP_RIP: only one client can be registered for each of a family. */
  readonly protocol: number;
  /** Keep one route for each network: another one to the same network replaces it. */
  readonly singleRoute?: boolean;
  /** Queue the changes that others make to best routes, for `changes()`. They have to be read: they stay until then. */
  readonly notify?: N;
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
export class RtmClient<F extends Family = Family, N extends boolean = boolean> extends RouteTable<F> {
  /** The routing protocol. */
  readonly protocol: number;
  /** Whether changes are queued for `changes()`. */
  readonly notified: N;
  readonly #rtm: Rtm1Functions;
  readonly #layout: Layout<F>;
  readonly #reader: ChangeReader<RouteChange<F>> | null;
  #handle: number;

  private constructor(options: RegisterOptions<F, N>, notified: N) {
    const { family, protocol, singleRoute = false } = options;
    const rtm = functionsOf(options.rtm);
    super({ family, rtm });
    this.protocol = protocol;
    this.notified = notified;
    this.#rtm = rtm;
    this.#layout = layoutOf(family) as unknown as Layout<F>;
    const event = notified ? new EventObject() : null;
    this.#reader = event === null ? null : new ChangeReader({ event, take: () => this.#nextChange() });
    const flags = singleRoute ? RTM_PROTOCOL_SINGLE_ROUTE : 0;
    this.#handle = rtm.RtmRegisterClient(this.#layout.number, protocol, event, flags);
    if (this.#handle === 0) throw errorFrom(rtm, 'RtmRegisterClient', rtm.GetLastError());
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
    if (status !== NO_ERROR) throw this.#error('RtmAddRoute', status);
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
    if (status !== NO_ERROR) throw this.#error('RtmDeleteRoute', status);
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
    if (status !== NO_ERROR && status !== ERROR_NO_ROUTES) throw this.#error('RtmBlockDeleteRoutes', status);
    return status === NO_ERROR;
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
    return this.#changeReader().iterate(signal);
  }

  /**
   * Takes the changes that there are now, those of `changes()`, in order: it never waits, and is for programs that look
   * at times of their own, and for tests. An empty array tells that nothing has changed since.
   *
   * It shares one queue with `changes()`, and a change goes to one taker only. It may be called from within a loop over
   * `changes()`, to go on with all the rest at once; while such a loop waits for its next change, it would take that
   * away, and throws instead.
   *
   * @param limit how many at most; for a queue that other threads fill faster than it can be emptied
   * @throws {Error} if somebody waits for `next()` of an iterator of `changes()`
   * @throws {RtmError} if RTM fails before there is any change to return; nothing is lost
   * @throws {TypeError | RangeError} if `limit` is no such number, or the client does not queue changes
   *
   * @example
   * using rip = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP, notify: true });
   * using ospf = RtmClient.register({ family: 'ip', protocol: PROTO_IP_OSPF });
   * rip.takeChanges(); // []
   * ospf.addRoute({ network: '10.0.0.0/8', interface: 3 });
   * ospf.deleteRoute({ network: '10.0.0.0/8', interface: 3 });
   * rip.takeChanges().map(({ kind }) => kind); // ['added', 'deleted']
   */
  takeChanges(this: RtmClient<F, true>, limit = Infinity): RouteChange<F>[] {
    const most = limit === Infinity ? limit : integer(limit, 'limit');
    return this.#changeReader().take(most, () => this.#dequeue());
  }

  #changeReader(): ChangeReader<RouteChange<F>> {
    if (this.#reader === null) {
      throw new TypeError('This client does not queue changes: register it with notify: true');
    }
    this.checkUsable('RtmDequeueRouteChangeMessage');
    return this.#reader;
  }

  /** The oldest change, for an iterator: it ends with the client. */
  #nextChange(): RouteChange<F> | undefined {
    try {
      return this.#dequeue();
    } catch (error) {
      if (!(error instanceof RtmError) || error.code !== ERROR_INVALID_HANDLE) throw error;
      this.#reader?.stop();
      return undefined;
    }
  }

  #dequeue(): RouteChange<F> | undefined {
    const layout = this.#layout;
    const [flags, current, previous] = [new Uint32Array(1), layout.create(), layout.create()];
    const status = this.#rtm.RtmDequeueRouteChangeMessage(this.#handle, flags, current, previous);
    if (status === ERROR_NO_MESSAGES) return undefined;
    const isTaken = status === NO_ERROR || status === ERROR_MORE_MESSAGES;
    if (!isTaken) throw this.#error('RtmDequeueRouteChangeMessage', status);
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
  override dispose(): void {
    let failure = this.closeEnumerations();
    if (this.#handle !== 0) {
      const status = this.#rtm.RtmDeregisterClient(this.#handle);
      if (status === NO_ERROR || status === ERROR_INVALID_HANDLE) {
        this.#handle = 0;
        this.#reader?.stop();
      } else {
        failure = this.#error('RtmDeregisterClient', status);
      }
    }
    if (failure !== null) throw failure;
  }

  /** Reading needs no client in Rtm.h, but a client that has been disposed of is of no use here. */
  protected override isUsable(): boolean {
    return this.#handle !== 0;
  }

  #error(rtmFunction: RtmFunction, code: number): RtmError {
    return this.#handle === 0 ? new RtmError(rtmFunction, code) : errorFrom(this.#rtm, rtmFunction, code);
  }
}

const OPTIONS = ['family', 'protocol', 'singleRoute', 'notify', 'rtm'];

function checkOptions(options: unknown): void {
  const given = checkedObject(options, 'the registration', OPTIONS);
  const { family, protocol, singleRoute = false, notify = false, rtm } = given;
  layoutOf(family);
  integer(protocol, 'protocol');
  boolean(singleRoute, 'singleRoute');
  boolean(notify, 'notify');
  functionsOf(rtm);
}

/** TimeToLive: seconds, or INFINITE. */
function timeToLive(ttl: unknown = Infinity): number {
  if (ttl === Infinity || ttl === INFINITE) return INFINITE;
  return integer(ttl, 'ttl', MAX_TIME_TO_LIVE);
}
