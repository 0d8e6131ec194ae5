import { HANDLE_SIZE } from '../win32/abi.js';
import { constant } from '../win32/constants.js';
import { V1, type V1Status, V2 } from '../win32/status.js';
import { type Handle, handleOfWords, storeHandle } from '../v2/memory.js';
import type { V2Failure } from '../translate/errors.js';
import { newRoute, ROUTING_PROTOCOL, sameNextHop } from '../translate/route-format.js';
import { hasSource, ONE_NETWORK, wantsBest, wantsOneNetwork, wantsSource } from './criteria.js';
import type { Entity } from './entity.js';
import type { FamilyTable } from './family-table.js';
import type { HandleTarget } from './handles.js';
import { RouteReading } from './route-reading.js';
import { eachRoute, releaseRoutes } from './walk.js';

const ENUM_START = constant('RTM_ENUM_START');
const UCAST = constant('RTM_VIEW_MASK_UCAST');

const FIRST_CAPACITY = 64;

/** Ends a walk that has come to the route it was for. */
const FOUND = 'found';

/**
 * A v1 enumeration: the routes that were in the table when it was made, each told once, with what the table holds when
 * it is told. A reference to each keeps a route recognisable after it was deleted.
 */
export class Enumeration implements HandleTarget {
  handle = 0;
  readonly family: FamilyTable;
  /** What it was made with. */
  readonly entity: Entity;
  /** The route that `next` has come to is in its `words`. */
  readonly reading: RouteReading;
  readonly #identity: Uint32Array<ArrayBuffer>;
  /** Whether the route looked for belongs to a single-route client: then its network alone is its identity. */
  #isSingleRoute = false;
  /** Their handles, as two DWORDs each: every handle is told exactly, whatever the library makes of it. */
  #routes = new Uint32Array(2 * FIRST_CAPACITY);
  #length = 0;
  /** Routes before have been told. */
  #position = 0;
  /** Routes before have been given back. */
  #released = 0;

  constructor(family: FamilyTable, entity: Entity) {
    const { format, table } = family;
    this.family = family;
    this.entity = entity;
    this.reading = new RouteReading(format, table.owners);
    this.#identity = newRoute(format);
  }

  /** How many route handles it holds. */
  get held(): number {
    return this.#length - this.#released;
  }

  /**
   * Takes all routes that match into the enumeration.
   *
   * @param flags RTM_ONLY_*
   * @param criteria the route that the flags refer to
   * @returns NO_ERROR, ERROR_NO_ROUTES, ERROR_NOT_ENOUGH_MEMORY, or the v2 call that failed. There is something to
   *   close only after NO_ERROR
   */
  collect(flags: number, criteria: Uint32Array): V1Status | V2Failure {
    const enumeration = this.#start(flags, criteria);
    if (typeof enumeration === 'object') return enumeration;
    if (enumeration === 0) return V1.NO_ROUTES;
    const failure = eachRoute(this.entity, enumeration, (route) => this.#take(route, flags, criteria));
    this.entity.deleteEnumeration(enumeration);
    if (failure === null && this.#length > 0) return V1.NO_ERROR;
    this.#abandon();
    return failure ?? V1.NO_ROUTES;
  }

  /**
   * Goes to the next route that is still there, or there again.
   *
   * @returns NO_ERROR with the route in `reading`, ERROR_NO_MORE_ROUTES, or the v2 call that failed; the same route is
   *   then tried again
   */
  next(): V1Status | V2Failure {
    while (this.#position < this.#length) {
      const failure = this.reading.read(this.entity, this.#handleAt(this.#position));
      if (failure !== null) return failure;
      const found = this.reading.isDeleted ? this.#findAgain() : true;
      if (typeof found !== 'boolean') return found;
      this.#position += 1;
      this.#releaseTold();
      if (found) return V1.NO_ERROR;
    }
    return V1.NO_MORE_ROUTES;
  }

  /** Gives back the remaining routes, and what reading the told ones failed to. After a failure the next call goes on. */
  close(): V2Failure | null {
    const { calls, registration, workspace } = this.entity;
    this.#position = this.#length;
    while (this.#released < this.#length) {
      const count = this.#load();
      const code = calls.RtmReleaseRoutes(registration, count, workspace.address + workspace.handles);
      if (code !== V2.NO_ERROR) return { call: 'RtmReleaseRoutes', code };
      this.#released += count;
    }
    return this.entity.debts.isEmpty ? null : this.entity.settleAll();
  }

  /** Starts the v2 enumeration; 0 if the criteria name a network that no table can hold. */
  #start(flags: number, criteria: Uint32Array): Handle | V2Failure {
    if (!wantsOneNetwork(flags)) return this.entity.enumerateAll(UCAST, ENUM_START);
    const { format } = this.family;
    const length = format.prefixLength(criteria);
    return length < 0 ? 0 : this.entity.enumerateNetwork(format.address(criteria), length, UCAST, ENUM_START);
  }

  /** Takes a route into the enumeration if it matches. */
  #take(route: Handle, flags: number, criteria: Uint32Array): boolean | V1Status | V2Failure {
    const matches = this.#matches(route, flags, criteria);
    if (matches !== true) return matches;
    return this.#keep(route) ? true : V1.NOT_ENOUGH_MEMORY;
  }

  #matches(route: Handle, flags: number, criteria: Uint32Array): boolean | V2Failure {
    const isBest = wantsBest(flags) ? this.entity.isBestRoute(route, UCAST) : true;
    if (isBest !== true || !wantsSource(flags)) return isBest;
    const failure = this.reading.read(this.entity, route);
    if (failure !== null) return failure;
    return !this.reading.isDeleted && hasSource(flags, criteria, this.reading.words);
  }

  #keep(route: Handle): boolean {
    const at = 2 * this.#length;
    if (at === this.#routes.length) {
      try {
        const larger = new Uint32Array(2 * at);
        larger.set(this.#routes);
        this.#routes = larger;
      } catch {
        return false;
      }
    }
    storeHandle(this.#routes, at, route);
    this.#length += 1;
    return true;
  }

  #handleAt(index: number): Handle {
    return handleOfWords(this.#routes[2 * index] ?? 0, this.#routes[2 * index + 1] ?? 0);
  }

  /**
   * Whether a route with the identity of the deleted one in `reading` has been added again; if so, it is in `reading`
   * then. It is a new object to v2, so that no other handle of this enumeration can stand for it.
   */
  #findAgain(): boolean | V2Failure {
    this.#identity.set(this.reading.words);
    this.#isSingleRoute = this.reading.client?.isSingleRoute === true;
    const enumeration = this.#start(ONE_NETWORK, this.#identity);
    if (typeof enumeration === 'object') return enumeration.code === V2.NOT_FOUND ? false : enumeration;
    const found = eachRoute(this.entity, enumeration, (route) => this.#isSame(route));
    this.entity.deleteEnumeration(enumeration);
    return found === FOUND ? true : (found ?? false);
  }

  /** Reads a route, and ends the walk if it has the identity looked for. */
  #isSame(route: Handle): false | typeof FOUND | V2Failure {
    const { reading } = this;
    const failure = reading.read(this.entity, route);
    if (failure !== null) return failure;
    if (reading.isDeleted || reading.words[ROUTING_PROTOCOL] !== this.#identity[ROUTING_PROTOCOL]) return false;
    const isSame = this.#isSingleRoute || sameNextHop(this.family.format, reading.words, this.#identity);
    return isSame && FOUND;
  }

  /** Gives back the routes that have been told, as soon as they are worth a call. */
  #releaseTold(): void {
    const told = this.#position - this.#released;
    if (told < this.entity.workspace.batch && this.#position < this.#length) return;
    const count = this.#load();
    releaseRoutes(this.entity, count);
    this.#released += count;
  }

  #abandon(): void {
    while (this.#released < this.#length) {
      const count = this.#load();
      releaseRoutes(this.entity, count);
      this.#released += count;
    }
  }

  /** Copies the next routes to give back into `workspace.handles`; returns how many. */
  #load(): number {
    const { workspace } = this.entity;
    const end = this.#position > this.#released ? this.#position : this.#length;
    const count = Math.min(end - this.#released, workspace.batch);
    for (let index = 0; index < count; index += 1) {
      workspace.setHandle(workspace.handles + index * HANDLE_SIZE, this.#handleAt(this.#released + index));
    }
    return count;
  }
}
