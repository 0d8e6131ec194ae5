import { HANDLE_SIZE } from '../win32/abi.js';
import { constant } from '../win32/constants.js';
import { V1, type V1Status, V2 } from '../win32/status.js';
import { DEST_INFO } from '../v2/structures.js';
import type { V2Failure } from '../translate/errors.js';
import { prefixLength } from '../translate/ip-network.js';
import {
  INTERFACE_ID,
  NETWORK_MASK,
  NETWORK_NUMBER,
  newRouteWords,
  ROUTING_PROTOCOL,
  sameNextHop,
} from '../translate/ip-route.js';
import type { Entity } from './entity.js';
import type { HandleTarget } from './handles.js';
import type { Owners } from './owners.js';
import { RouteReading } from './route-reading.js';

const ENUM_START = constant('RTM_ENUM_START');
const BEST_PROTOCOL = constant('RTM_BEST_PROTOCOL');
const UCAST = constant('RTM_VIEW_MASK_UCAST');

const ONLY_THIS_NETWORK = constant('RTM_ONLY_THIS_NETWORK');
const ONLY_THIS_INTERFACE = constant('RTM_ONLY_THIS_INTERFACE');
const ONLY_THIS_PROTOCOL = constant('RTM_ONLY_THIS_PROTOCOL');
const ONLY_BEST_ROUTES = constant('RTM_ONLY_BEST_ROUTES');

/** Flags that refer to the criteria route. */
export const CRITERIA_FLAGS = ONLY_THIS_NETWORK | ONLY_THIS_INTERFACE | ONLY_THIS_PROTOCOL;

/** Every flag there is. */
export const ENUMERATION_FLAGS = CRITERIA_FLAGS | ONLY_BEST_ROUTES;

const FIRST_CAPACITY = 64;

/**
 * A v1 enumeration: the routes that were in the table when it was made, each told once, with what the table holds when
 * it is told. A reference to each keeps a route recognisable after it was deleted.
 */
export class Enumeration implements HandleTarget {
  handle = 0;
  /** What it was made with. */
  readonly entity: Entity;
  /** The route that `next` has come to is in its `words`. */
  readonly reading: RouteReading;
  readonly #identity = newRouteWords();
  /** Whether the route looked for belongs to a single-route client: then its network alone is its identity. */
  #isSingleRoute = false;
  #routes = new Float64Array(FIRST_CAPACITY);
  #length = 0;
  /** Routes before have been told. */
  #position = 0;
  /** Routes before have been given back. */
  #released = 0;

  constructor(entity: Entity, owners: Owners) {
    this.entity = entity;
    this.reading = new RouteReading(owners);
  }

  /** How many route handles it holds. */
  get held(): number {
    return this.#length - this.#released;
  }

  /**
   * Takes all routes that match into the enumeration.
   *
   * @param flags RTM_ONLY_*
   * @param criteria the RTM_IP_ROUTE that the flags refer to
   * @returns NO_ERROR, ERROR_NO_ROUTES, ERROR_NOT_ENOUGH_MEMORY, or the v2 call that failed. There is something to
   *   close only after NO_ERROR
   */
  collect(flags: number, criteria: Uint32Array): V1Status | V2Failure {
    const enumeration = this.#start(flags, criteria);
    if (typeof enumeration !== 'number') return enumeration;
    if (enumeration === 0) return V1.NO_ROUTES;
    const result = this.#collectBatches(enumeration, flags, criteria);
    this.entity.deleteEnumeration(enumeration);
    if (result === V1.NO_ERROR && this.#length > 0) return result;
    this.#abandon();
    return result === V1.NO_ERROR ? V1.NO_ROUTES : result;
  }

  /**
   * Goes to the next route that is still there, or there again.
   *
   * @returns NO_ERROR with the route in `reading`, ERROR_NO_MORE_ROUTES, or the v2 call that failed; the same route is
   *   then tried again
   */
  next(): V1Status | V2Failure {
    while (this.#position < this.#length) {
      const failure = this.reading.read(this.entity, this.#routes[this.#position] ?? 0);
      if (failure !== null) return failure;
      const found = this.reading.isDeleted ? this.#findAgain() : true;
      if (typeof found !== 'boolean') return found;
      this.#position += 1;
      this.#releaseTold();
      if (found) return V1.NO_ERROR;
    }
    return V1.NO_MORE_ROUTES;
  }

  /** Gives the remaining routes back. After a failure the next call goes on. */
  close(): V2Failure | null {
    const { calls, registration, workspace } = this.entity;
    this.#position = this.#length;
    while (this.#released < this.#length) {
      const count = this.#load();
      const code = calls.RtmReleaseRoutes(registration, count, workspace.address + workspace.handles);
      if (code !== V2.NO_ERROR) return { call: 'RtmReleaseRoutes', code };
      this.#released += count;
    }
    return null;
  }

  /** Starts the v2 enumeration; 0 if the criteria name a network that no table can hold. */
  #start(flags: number, criteria: Uint32Array): number | V2Failure {
    const entity = this.entity;
    const { calls, registration, workspace } = entity;
    const { address, destInfo, handleCell, netAddress } = workspace;
    const isOneNetwork = (flags & ONLY_THIS_NETWORK) !== 0;
    if (isOneNetwork) {
      const length = prefixLength(criteria[NETWORK_NUMBER] ?? 0, criteria[NETWORK_MASK] ?? 0);
      if (length < 0) return 0;
      entity.writePrefix(criteria[NETWORK_NUMBER] ?? 0, length);
      const [prefix, info] = [address + netAddress, address + destInfo];
      const code = calls.RtmGetExactMatchDestination(registration, prefix, BEST_PROTOCOL, UCAST, info);
      if (code !== V2.NO_ERROR) return { call: 'RtmGetExactMatchDestination', code };
    }
    const destination = isOneNetwork ? workspace.handle(destInfo + DEST_INFO.DestHandle) : 0;
    const code = entity.enumerateRoutes(destination, UCAST, ENUM_START);
    const enumeration = workspace.handle(handleCell);
    if (isOneNetwork) entity.releaseDestInfo();
    return code === V2.NO_ERROR ? enumeration : { call: 'RtmCreateRouteEnum', code };
  }

  #collectBatches(enumeration: number, flags: number, criteria: Uint32Array): V1Status | V2Failure {
    const entity = this.entity;
    for (;;) {
      const code = entity.fetchRoutes(enumeration);
      const { fetched } = entity;
      const result = this.#collectBatch(fetched, flags, criteria);
      if (result !== V1.NO_ERROR) return result;
      if (code === V2.NO_MORE_ITEMS || (code === V2.NO_ERROR && fetched === 0)) return V1.NO_ERROR;
      if (code !== V2.NO_ERROR) return { call: 'RtmGetEnumRoutes', code };
    }
  }

  /** Keeps the matching ones of the first `fetched` routes in `workspace.handles`, and gives the others back. */
  #collectBatch(fetched: number, flags: number, criteria: Uint32Array): V1Status | V2Failure {
    const { workspace } = this.entity;
    const { handles } = workspace;
    let result: V1Status | V2Failure = V1.NO_ERROR;
    let rejected = 0;
    for (let index = 0; index < fetched; index += 1) {
      const route = workspace.handle(handles + index * HANDLE_SIZE);
      const matches: boolean | V2Failure = result === V1.NO_ERROR && this.#matches(route, flags, criteria);
      if (matches === true && this.#keep(route)) continue;
      if (matches === true) result = V1.NOT_ENOUGH_MEMORY;
      else if (matches !== false) result = matches;
      workspace.setHandle(handles + rejected * HANDLE_SIZE, route);
      rejected += 1;
    }
    this.entity.releaseRouteBatch(rejected);
    return result;
  }

  #matches(route: number, flags: number, criteria: Uint32Array): boolean | V2Failure {
    const { calls, registration, workspace } = this.entity;
    const { address, flagsCell } = workspace;
    if ((flags & ONLY_BEST_ROUTES) !== 0) {
      const code = calls.RtmIsBestRoute(registration, route, address + flagsCell);
      if (code !== V2.NO_ERROR) return { call: 'RtmIsBestRoute', code };
      if ((workspace.word(flagsCell) & UCAST) === 0) return false;
    }
    if ((flags & (ONLY_THIS_INTERFACE | ONLY_THIS_PROTOCOL)) === 0) return true;
    const failure = this.reading.read(this.entity, route);
    if (failure !== null) return failure;
    const { isDeleted, words } = this.reading;
    const isOther = (flag: number, word: number): boolean => (flags & flag) !== 0 && words[word] !== criteria[word];
    return !isDeleted && !isOther(ONLY_THIS_INTERFACE, INTERFACE_ID) && !isOther(ONLY_THIS_PROTOCOL, ROUTING_PROTOCOL);
  }

  #keep(route: number): boolean {
    if (this.#length === this.#routes.length) {
      try {
        const larger = new Float64Array(2 * this.#length);
        larger.set(this.#routes);
        this.#routes = larger;
      } catch {
        return false;
      }
    }
    this.#routes[this.#length] = route;
    this.#length += 1;
    return true;
  }

  /**
   * Whether a route with the identity of the deleted one in `reading` has been added again; if so, it is in `reading`
   * then. It is a new object to v2, so that no other handle of this enumeration can stand for it.
   */
  #findAgain(): boolean | V2Failure {
    this.#identity.set(this.reading.words);
    this.#isSingleRoute = this.reading.client?.isSingleRoute === true;
    const enumeration = this.#start(ONLY_THIS_NETWORK, this.#identity);
    if (typeof enumeration !== 'number') return enumeration.code === V2.NOT_FOUND ? false : enumeration;
    const found = this.#findInBatches(enumeration);
    this.entity.deleteEnumeration(enumeration);
    return found;
  }

  #findInBatches(enumeration: number): boolean | V2Failure {
    const entity = this.entity;
    const { workspace } = entity;
    for (;;) {
      const code = entity.fetchRoutes(enumeration);
      const { fetched } = entity;
      let found: boolean | V2Failure = false;
      for (let index = 0; index < fetched && found === false; index += 1) {
        found = this.#isSame(workspace.handle(workspace.handles + index * HANDLE_SIZE));
      }
      entity.releaseRouteBatch(fetched);
      if (found !== false) return found;
      if (code === V2.NO_MORE_ITEMS || (code === V2.NO_ERROR && fetched === 0)) return false;
      if (code !== V2.NO_ERROR) return { call: 'RtmGetEnumRoutes', code };
    }
  }

  /** Reads a route, and tells whether it has the identity looked for. */
  #isSame(route: number): boolean | V2Failure {
    const { reading } = this;
    const failure = reading.read(this.entity, route);
    if (failure !== null) return failure;
    if (reading.isDeleted || reading.words[ROUTING_PROTOCOL] !== this.#identity[ROUTING_PROTOCOL]) return false;
    return this.#isSingleRoute || sameNextHop(reading.words, this.#identity);
  }

  /** Gives back the routes that have been told, as soon as they are worth a call. */
  #releaseTold(): void {
    const told = this.#position - this.#released;
    if (told < this.entity.workspace.batch && this.#position < this.#length) return;
    const count = this.#load();
    this.entity.releaseRouteBatch(count);
    this.#released += count;
  }

  #abandon(): void {
    while (this.#released < this.#length) {
      const count = this.#load();
      this.entity.releaseRouteBatch(count);
      this.#released += count;
    }
  }

  /** Copies the next routes to give back into `workspace.handles`; returns how many. */
  #load(): number {
    const { workspace } = this.entity;
    const end = this.#position > this.#released ? this.#position : this.#length;
    const count = Math.min(end - this.#released, workspace.batch);
    for (let index = 0; index < count; index += 1) {
      workspace.setHandle(workspace.handles + index * HANDLE_SIZE, this.#routes[this.#released + index] ?? 0);
    }
    return count;
  }
}
