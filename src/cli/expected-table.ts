/**
 * What the v1 documentation promises of the table while one client adds routes to it: the reference that a check
 * compares the library with.
 *
 * - Network, interface and next hop identify a route of one protocol; a second one with the same identity is an update.
 * - The lower rank is best. On a tie the best route stays, and where the best route itself became worse, the earliest added
 *   of the lowest ones follows.
 *
 * Everything is columns and open hashing: a full Internet table costs little time and memory beside the library.
 */
import { RTM_NO_CHANGE, RTM_ROUTE_ADDED, RTM_ROUTE_CHANGED } from './changes.js';
import type { RouteTable } from './route-table.js';

const NONE = -1;
const WORD = 0x1_0000_0000;

export class ExpectedTable {
  /** Number of distinct networks. */
  networkCount = 0;
  /** Number of routes in the table: updates do not count. */
  routeCount = 0;
  /** After `add`: row of the network's best route before and after; -1 where there was none before. */
  previousBest = NONE;
  currentBest = NONE;

  readonly #input: RouteTable;
  /** Route in the table -> row of the input that wrote it last. */
  readonly #rowOf: Int32Array;
  readonly #networkOf: Int32Array;
  /** Routes of one network in the order they were added. */
  readonly #nextOfNetwork: Int32Array;
  readonly #firstOf: Int32Array;
  readonly #lastOf: Int32Array;
  readonly #bestOf: Int32Array;
  /** Open hash tables: route by identity, and network by its first route. */
  readonly #byIdentity: Int32Array;
  readonly #byNetwork: Int32Array;
  readonly #slotMask: number;

  /** @param input rows to add; the table never holds more than these */
  constructor(input: RouteTable) {
    const slots = 2 ** Math.ceil(Math.log2(input.count * 2 + 2));
    this.#input = input;
    this.#rowOf = new Int32Array(input.count);
    this.#networkOf = new Int32Array(input.count);
    this.#nextOfNetwork = new Int32Array(input.count).fill(NONE);
    this.#firstOf = new Int32Array(input.count);
    this.#lastOf = new Int32Array(input.count);
    this.#bestOf = new Int32Array(input.count);
    this.#byIdentity = new Int32Array(slots).fill(NONE);
    this.#byNetwork = new Int32Array(slots).fill(NONE);
    this.#slotMask = slots - 1;
  }

  /** Adds row `row` of the input; returns the `*Flags` that RtmAddRoute has to report. */
  add(row: number): number {
    const { interfaceIndex, nextHop } = this.#input;
    const network = this.#input.network[row] ?? 0;
    const prefixLength = this.#input.prefixLength[row] ?? 0;
    const slot = this.#identitySlot(network, prefixLength, interfaceIndex[row] ?? 0, nextHop[row] ?? 0);
    const known = this.#byIdentity[slot] ?? NONE;
    if (known !== NONE) {
      return this.#update(known, row);
    }
    const route = this.routeCount++;
    this.#byIdentity[slot] = route;
    this.#rowOf[route] = row;
    const networkSlot = this.#networkSlot(network, prefixLength);
    const networkId = this.#byNetwork[networkSlot] ?? NONE;
    return networkId === NONE ? this.#addNetwork(route, networkSlot) : this.#addToNetwork(route, networkId);
  }

  /** The route with this identity, or -1. */
  find(network: number, prefixLength: number, interfaceIndex: number, nextHop: number): number {
    return this.#byIdentity[this.#identitySlot(network, prefixLength, interfaceIndex, nextHop)] ?? NONE;
  }

  /** Whether any route to exactly this network is in the table. */
  hasNetwork(network: number, prefixLength: number): boolean {
    return this.networkOf(network, prefixLength) !== NONE;
  }

  /** Row of the input that wrote route `route` last. */
  rowOf(route: number): number {
    return this.#rowOf[route] ?? NONE;
  }

  /** The network of a row's prefix, or -1. */
  networkOf(network: number, prefixLength: number): number {
    return this.#byNetwork[this.#networkSlot(network, prefixLength)] ?? NONE;
  }

  /** The network of row `row` of the input, once it was added. */
  networkOfRow(row: number): number {
    return this.networkOf(this.#input.network[row] ?? 0, this.#input.prefixLength[row] ?? 0);
  }

  /** Row of the best route of network `networkId`, 0 to `networkCount - 1`. */
  bestRowOf(networkId: number): number {
    return this.rowOf(this.#bestOf[networkId] ?? NONE);
  }

  /**
   * The best route of a network gives way to a route of another protocol, which goes again: the route with the lowest
   * rank follows, among equals the one added first, with no regard to which was the best.
   */
  restoreBest(networkId: number): void {
    this.#bestOf[networkId] = this.#firstOf[networkId] ?? NONE;
    this.#makeBest(networkId, this.#lowestOf(networkId));
  }

  #addNetwork(route: number, slot: number): number {
    const networkId = this.networkCount++;
    this.#byNetwork[slot] = networkId;
    this.#networkOf[route] = networkId;
    this.#firstOf[networkId] = route;
    this.#lastOf[networkId] = route;
    this.previousBest = NONE;
    this.#makeBest(networkId, route);
    return RTM_ROUTE_ADDED;
  }

  #addToNetwork(route: number, networkId: number): number {
    this.#networkOf[route] = networkId;
    this.#nextOfNetwork[this.#lastOf[networkId] ?? NONE] = route;
    this.#lastOf[networkId] = route;
    this.previousBest = this.bestRowOf(networkId);
    return this.#challenge(networkId, route);
  }

  #update(route: number, row: number): number {
    const networkId = this.#networkOf[route] ?? NONE;
    const previousRow = this.rowOf(route);
    this.previousBest = this.bestRowOf(networkId);
    this.#rowOf[route] = row;
    if (this.#bestOf[networkId] !== route) {
      return this.#challenge(networkId, route);
    }
    this.#makeBest(networkId, this.#lowestOf(networkId));
    const isUnchanged = this.#bestOf[networkId] === route && this.#rankOf(previousRow) === this.#rankOf(row);
    return isUnchanged ? RTM_NO_CHANGE : RTM_ROUTE_CHANGED;
  }

  /** `route`, which was not the best of its network, becomes it if its rank is lower. */
  #challenge(networkId: number, route: number): number {
    const isBetter = this.#rankOf(this.rowOf(route)) < this.#rankOf(this.bestRowOf(networkId));
    this.#makeBest(networkId, isBetter ? route : (this.#bestOf[networkId] ?? NONE));
    return isBetter ? RTM_ROUTE_CHANGED : RTM_NO_CHANGE;
  }

  #makeBest(networkId: number, route: number): void {
    this.#bestOf[networkId] = route;
    this.currentBest = this.rowOf(route);
  }

  /** The route with the lowest rank: among equals the present best, then the one added first. */
  #lowestOf(networkId: number): number {
    let lowest = this.#bestOf[networkId] ?? NONE;
    for (let route = this.#firstOf[networkId] ?? NONE; route !== NONE; route = this.#nextOfNetwork[route] ?? NONE) {
      if (this.#rankOf(this.rowOf(route)) < this.#rankOf(this.rowOf(lowest))) lowest = route;
    }
    return lowest;
  }

  #rankOf(row: number): number {
    return this.#input.rank[row] ?? 0;
  }

  #identitySlot(network: number, prefixLength: number, interfaceIndex: number, nextHop: number): number {
    const input = this.#input;
    let slot = mixed(mixed(mixed(mixed(network, prefixLength), interfaceIndex), nextHop), nextHop / WORD) & this.#slotMask;
    for (let route = this.#byIdentity[slot] ?? NONE; route !== NONE; route = this.#byIdentity[slot] ?? NONE) {
      const row = this.rowOf(route);
      const isSame =
        input.network[row] === network &&
        input.prefixLength[row] === prefixLength &&
        input.interfaceIndex[row] === interfaceIndex &&
        input.nextHop[row] === nextHop;
      if (isSame) return slot;
      slot = (slot + 1) & this.#slotMask;
    }
    return slot;
  }

  #networkSlot(network: number, prefixLength: number): number {
    const input = this.#input;
    let slot = mixed(network, prefixLength) & this.#slotMask;
    for (let id = this.#byNetwork[slot] ?? NONE; id !== NONE; id = this.#byNetwork[slot] ?? NONE) {
      const row = this.rowOf(this.#firstOf[id] ?? NONE);
      if (input.network[row] === network && input.prefixLength[row] === prefixLength) return slot;
      slot = (slot + 1) & this.#slotMask;
    }
    return slot;
  }
}

/** Murmur3's block step and finalizer. */
function mixed(hash: number, value: number): number {
  let mix = Math.imul(hash ^ Math.imul(value, 0xcc9e2d51), 0x1b873593);
  mix = Math.imul(mix ^ (mix >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return (mix ^ (mix >>> 16)) >>> 0;
}
