/// <reference lib="esnext.disposable" />
import { ERROR_INVALID_HANDLE, ERROR_NO_MORE_ROUTES, ERROR_NO_ROUTES, INFINITE, NO_ERROR } from '../v1/constants.js';
import { defaultFunctions } from '../v1/default-functions.js';
import type { Rtm1Functions } from '../v1/functions.js';
import { errorFrom, RtmError, type RtmFunction } from './error.js';
import { type Criteria, criteriaOf } from './filter.js';
import { ip } from './ip.js';
import { parseAddress } from './ip-text.js';
import { ipx } from './ipx.js';
import { type Layout, type StructureOf, writeKey, writeTime } from './layout.js';
import { checkedObject, integer, shown, time } from './members.js';
import type { Family, RouteFilter, RouteOf, SpecificRouteOf } from './route.js';

const layouts: { readonly [F in Family]: Layout<F> } = { ip, ipx };

const FILTER = ['network', 'interface', 'protocol', 'best'];

/** Which table. */
export interface TableOptions<F extends Family> {
  /** The protocol family, each with a routing table of its own. */
  readonly family: F;
  /** What `openRtm1` returned; the default library, as for the module's own functions, if omitted. */
  readonly rtm?: Rtm1Functions;
}

/**
 * The layout of a family that a caller has named.
 *
 * @throws {RangeError} if there is no such family
 */
export function layoutOf(family: unknown): Layout<Family> {
  if (typeof family !== 'string' || !Object.hasOwn(layouts, family)) {
    throw new RangeError(`family must be 'ip' or 'ipx'; it is ${shown(family)}`);
  }
  return layouts[family as Family];
}

/**
 * Functions that a caller has passed, or the default ones.
 *
 * @throws {TypeError} if it has passed something else
 */
export function functionsOf(rtm: unknown = defaultFunctions): Rtm1Functions {
  if (typeof rtm !== 'object' || rtm === null || !('RtmRegisterClient' in rtm)) {
    throw new TypeError(`rtm must be what openRtm1 returned; it is ${shown(rtm)}`);
  }
  return rtm as Rtm1Functions;
}

/**
 * The routing table of a family, to read: it takes no client, and no protocol that would have to be free. An RtmClient
 * is one, too. Routes are plain objects, addresses are text, and what fails throws: an `RtmError` if RTM refuses, and a
 * TypeError or RangeError, before RTM is asked anything, if an argument is not what it has to be.
 *
 * @example
 * using rtm = openRtm1({ library: 'embedded' });
 * using rip = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP, rtm });
 * rip.addRoute({ network: '10.0.0.0/8', nextHop: '192.0.2.1', interface: 3 });
 * using table = new RouteTable({ family: 'ip', rtm });
 * Array.from(table.routesInOrder(), ({ network, protocol }) => [network, protocol]); // [['10.0.0.0/8', PROTO_IP_RIP]]
 */
export class RouteTable<F extends Family = Family> {
  /** The protocol family. */
  readonly family: F;
  readonly #rtm: Rtm1Functions;
  readonly #layout: Layout<F>;
  readonly #enumerations = new Set<number>();

  /**
   * @throws {TypeError | RangeError} if an option is none, or not what it has to be
   *
   * @example
   * using table = new RouteTable({ family: 'ipx' });
   * table.networkCount(); // 0
   */
  constructor(options: TableOptions<F>) {
    const { family, rtm } = checkedObject(options, 'the table', ['family', 'rtm']);
    this.#layout = layoutOf(family) as unknown as Layout<F>;
    this.#rtm = functionsOf(rtm);
    this.family = family as F;
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
    const criteria = criteriaOf(this.#layout, filter, FILTER);
    this.checkUsable('RtmCreateEnumerationHandle');
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
        if (status !== NO_ERROR) throw errorFrom(this.#rtm, 'RtmEnumerateGetNextRoute', status);
        yield this.#layout.read(route);
      }
    } finally {
      this.#closeEnumeration(enumeration);
    }
  }

  /** Closes an enumeration; one that cannot be closed now is tried again by `dispose`. */
  #closeEnumeration(enumeration: number): number {
    const status = this.#rtm.RtmCloseEnumerationHandle(enumeration);
    if (status === NO_ERROR || status === ERROR_INVALID_HANDLE) this.#enumerations.delete(enumeration);
    return status;
  }

  /**
   * The routes of the table, of all protocols, that a filter tells, in table order: by network, the shorter prefix first,
   * then by protocol, interface and next hop. Nothing is held open between two of them. Each step looks at the table as
   * it is then: a route that was added behind the last one told is told, one that was deleted is not, and none is told
   * twice. `routes()` is faster, and keeps to what was there at the beginning.
   *
   * @throws {RtmError} if RTM fails
   * @throws {TypeError | RangeError} if a member is not what it has to be
   *
   * @example
   * using rip = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP });
   * for (const network of ['10.1.0.0/16', '9.0.0.0/8', '10.0.0.0/8']) rip.addRoute({ network, interface: 3 });
   * const networks: string[] = [];
   * for (const { network } of rip.routesInOrder({ interface: 3 })) networks.push(network);
   * networks; // ['9.0.0.0/8', '10.0.0.0/8', '10.1.0.0/16']
   */
  routesInOrder(filter: RouteFilter = {}): Generator<RouteOf<F>, void, undefined> {
    const criteria = criteriaOf(this.#layout, filter, FILTER);
    this.checkUsable('RtmGetFirstRoute');
    return this.#walk(criteria);
  }

  *#walk({ flags, route }: Criteria<F>): Generator<RouteOf<F>, void, undefined> {
    const { number } = this.#layout;
    let name: RtmFunction = 'RtmGetFirstRoute';
    for (;;) {
      this.checkUsable(name);
      const status = this.#rtm[name](number, flags, route);
      if (status === ERROR_NO_ROUTES) return;
      if (status !== NO_ERROR) throw errorFrom(this.#rtm, name, status);
      yield this.#layout.read(route);
      name = 'RtmGetNextRoute';
    }
  }

  /**
   * The first route in table order that a filter tells; undefined if there is none.
   *
   * @throws {RtmError} if RTM fails
   * @throws {TypeError | RangeError} if a member is not what it has to be
   *
   * @example
   * using rip = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP });
   * rip.addRoute({ network: '10.0.0.0/8', interface: 4 });
   * rip.addRoute({ network: '10.0.0.0/8', interface: 3 });
   * rip.firstRoute()?.interface; // 3
   * rip.firstRoute({ interface: 4 })?.network; // '10.0.0.0/8'
   * rip.firstRoute({ protocol: PROTO_IP_OSPF }); // undefined
   */
  firstRoute(filter: RouteFilter = {}): RouteOf<F> | undefined {
    const { flags, route } = criteriaOf(this.#layout, filter, FILTER);
    return this.#found('RtmGetFirstRoute', route, () => this.#rtm.RtmGetFirstRoute(this.#layout.number, flags, route));
  }

  /**
   * The route to a network that a protocol has over an interface, the first in table order if there are several: the
   * macro RtmGetSpecificRoute. The next hop is not asked for. Undefined if there is none.
   *
   * @param route members other than network, interface and protocol are not looked at
   * @throws {RtmError} if RTM fails
   * @throws {TypeError | RangeError} if a member is not what it has to be
   *
   * @example
   * using rip = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP });
   * rip.addRoute({ network: '10.0.0.0/8', nextHop: '192.0.2.1', interface: 3 });
   * rip.specificRoute({ network: '10.0.0.0/8', interface: 3, protocol: PROTO_IP_RIP })?.nextHop; // '192.0.2.1'
   * rip.specificRoute({ network: '10.0.0.0/8', interface: 4, protocol: PROTO_IP_RIP }); // undefined
   */
  specificRoute(route: SpecificRouteOf<F>): RouteOf<F> | undefined {
    const structure = this.#layout.create();
    const { network, interface: interfaceId, protocol } = checkedObject(route, 'a route', this.#layout.members);
    writeKey(this.#layout, { network }, structure);
    structure.RR_InterfaceID = integer(interfaceId, 'interface');
    structure.RR_RoutingProtocol = integer(protocol, 'protocol');
    // The macro calls RtmGetFirstRoute, which is the function that fails if there is a failure.
    return this.#found('RtmGetFirstRoute', structure, () =>
      this.#rtm.RtmGetSpecificRoute(this.#layout.number, structure),
    );
  }

  /** What a function has found that fills in a route. */
  #found(name: RtmFunction, route: StructureOf<F>, find: () => number): RouteOf<F> | undefined {
    this.checkUsable(name);
    const status = find();
    if (status === NO_ERROR) return this.#layout.read(route);
    if (status === ERROR_NO_ROUTES) return undefined;
    throw errorFrom(this.#rtm, name, status);
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
    this.checkUsable('RtmIsRoute');
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
  lookup(this: RouteTable<'ip'>, address: string): RouteOf<'ip'> | undefined {
    if (this.#layout !== ip) {
      throw new TypeError('lookup is for clients of the IP family and its table: an IPX network has no prefixes');
    }
    const route = ip.create();
    const number = parseAddress(address, 'address');
    this.checkUsable('RtmLookupIPDestination');
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
    this.checkUsable('RtmGetNetworkCount');
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
    this.checkUsable('RtmGetRouteAge');
    const age = this.#rtm.RtmGetRouteAge(structure);
    if (age === INFINITE) throw this.#lastError('RtmGetRouteAge');
    return age;
  }

  /**
   * Closes the enumerations of loops over `routes()` that were left standing. The table itself is not closed.
   *
   * @throws {RtmError} if RTM fails: nothing is lost, and another call does the rest
   *
   * @example
   * const table = new RouteTable({ family: 'ip' });
   * table.routes().next();
   * table.dispose();
   * leftBehind().handles; // 0
   */
  dispose(): void {
    const failure = this.closeEnumerations();
    if (failure !== null) throw failure;
  }

  /**
   * `dispose()`, for `using`.
   *
   * @example
   * {
   *   using table = new RouteTable({ family: 'ip' });
   *   table.routes().next();
   * }
   * leftBehind().handles; // 0
   */
  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Whether the table can be read: a client that has been disposed of is of no use any more. */
  protected isUsable(): boolean {
    return true;
  }

  /**
   * Throws ERROR_INVALID_HANDLE if the table cannot be read any more.
   *
   * @param rtmFunction what was about to be called
   */
  protected checkUsable(rtmFunction: RtmFunction): void {
    if (!this.isUsable()) throw new RtmError(rtmFunction, ERROR_INVALID_HANDLE);
  }

  /** Closes the enumerations that are open; returns the error of the last that RTM has failed to close. */
  protected closeEnumerations(): RtmError | null {
    let failure: RtmError | null = null;
    for (const enumeration of this.#enumerations) {
      const status = this.#closeEnumeration(enumeration);
      if (this.#enumerations.has(enumeration)) failure = errorFrom(this.#rtm, 'RtmCloseEnumerationHandle', status);
    }
    return failure;
  }

  #lastError(rtmFunction: RtmFunction): RtmError {
    return errorFrom(this.#rtm, rtmFunction, this.#rtm.GetLastError());
  }
}
