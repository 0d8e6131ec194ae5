import { constant } from '../win32/constants.js';
import { V2 } from '../win32/status.js';
import { ROUTE_INFO } from '../v2/structures.js';
import type { Handle } from '../v2/memory.js';
import { breach, type V2Failure } from '../translate/errors.js';
import { writeNextHopInfo, writeRouteInfo } from '../translate/route-info.js';
import { INTERFACE_ID, newRoute } from '../translate/route-format.js';
import type { Deadlines } from './deadlines.js';
import type { Entity } from './entity.js';
import type { FamilyTable } from './family-table.js';
import type { HandleTarget } from './handles.js';
import type { Mailbox } from './mailbox.js';
import { type NextHop, NextHops } from './next-hops.js';
import { RouteSlab } from './slab.js';
import { eachRoute } from './walk.js';

const INFINITE = constant('INFINITE');
const VIEW_ANY = constant('RTM_VIEW_MASK_ANY');
const OWN_ROUTES = constant('RTM_ENUM_OWN_ROUTES');
const CHANGE_FIRST = constant('RTM_ROUTE_CHANGE_FIRST');
const MATCH_OWNER = constant('RTM_MATCH_OWNER');
const MATCH_NEIGHBOUR = constant('RTM_MATCH_NEIGHBOUR');
const UCAST = constant('RTM_VIEW_MASK_UCAST');

/** A route's slot where there is no route. */
export const NO_SLOT = -1;

/** A v1 client: an entity, the records of its routes, and its next hops. */
export class Client implements HandleTarget {
  handle = 0;
  readonly family: FamilyTable;
  readonly entity: Entity;
  /** Whether it keeps one route for each network: RTM_PROTOCOL_SINGLE_ROUTE. */
  readonly isSingleRoute: boolean;
  readonly slab: RouteSlab;
  readonly nextHops = new NextHops();
  /** Where it is told of changes, if it wants to be. */
  readonly mailbox: Mailbox | null;
  /** When the routes in its slots are to go, once there is one that is. */
  deadlines: Deadlines | null = null;
  /** A v2 failure came at a moment that left slab and next hops out of step with the table. */
  isStale = false;
  /** RTM is known to keep priority and metric of this client's routes as they are given. */
  isRankedAsGiven = false;
  /** A next hop without routes could not be deleted. */
  hasIdleNextHops = false;
  readonly #record: Uint32Array;

  constructor(family: FamilyTable, entity: Entity, isSingleRoute: boolean, mailbox: Mailbox | null) {
    this.family = family;
    this.entity = entity;
    this.isSingleRoute = isSingleRoute;
    this.mailbox = mailbox;
    this.slab = new RouteSlab(family.format.words);
    this.#record = newRoute(family.format);
  }

  /** RR_RoutingProtocol of its routes. */
  get protocol(): number {
    return this.entity.id.protocolId;
  }

  /**
   * Makes good what earlier failures have left: gives back what is owed, brings slab and next hops into step with the
   * table again, and deletes idle next hops. Only the second of these must succeed before routes change.
   */
  settle(): V2Failure | null {
    if (!this.entity.debts.isEmpty) this.entity.settle();
    // While it is stale a next hop may look idle that is not: counting comes first, and deletes the idle ones itself.
    if (this.isStale) return this.#resynchronise();
    if (this.hasIdleNextHops) this.#deleteIdleNextHops();
    return null;
  }

  /** The next hop of a route, if the client has a route over it already. */
  findNextHop(route: Uint32Array): NextHop | undefined {
    return this.nextHops.find(this.family.format.nextHop(route), route[INTERFACE_ID] ?? 0);
  }

  /** The next hop of a route, added if there is none yet. */
  nextHopFor(route: Uint32Array): NextHop | V2Failure {
    return this.findNextHop(route) ?? this.#addNextHop(this.family.format.nextHop(route), route[INTERFACE_ID] ?? 0);
  }

  /** Deletes a next hop that no route uses; if that fails, it stays and is tried again. */
  dropIfIdle(hop: NextHop): void {
    if (hop.routes > 0) return;
    if (this.entity.calls.RtmDeleteNextHop(this.entity.registration, hop.handle, 0) === V2.NO_ERROR) {
      this.nextHops.remove(hop);
    } else {
      this.hasIdleNextHops = true;
    }
  }

  /** Gives a slot back. */
  release(slot: number): void {
    this.slab.release(slot);
    this.deadlines?.clear(slot);
  }

  /** Forgets a route: its record, and its share in its next hop. */
  forget(slot: number): void {
    this.slab.read(slot, this.#record);
    this.release(slot);
    const hop = this.findNextHop(this.#record);
    if (hop === undefined) return;
    hop.routes -= 1;
    this.dropIfIdle(hop);
  }

  /** Adds the route in a slot, or updates the one with its identity, at the destination in `workspace.netAddress`. */
  putRoute(route: Uint32Array, slot: number, hop: NextHop): V2Failure | null {
    const { calls, registration, workspace } = this.entity;
    const { address, flagsCell, netAddress, routeInfo } = workspace;
    writeRouteInfo(workspace, routeInfo, this.family.format, route, hop.handle, slot + 1);
    workspace.setWord(flagsCell, this.isSingleRoute ? CHANGE_FIRST : 0);
    const code = calls.RtmAddRouteToDest(
      registration,
      0,
      address + netAddress,
      address + routeInfo,
      INFINITE,
      0,
      0,
      0,
      address + flagsCell,
    );
    return code === V2.NO_ERROR ? null : { call: 'RtmAddRouteToDest', code };
  }

  /** Puts the route in a slot back, as it was before a change that has to be undone. */
  restore(slot: number): void {
    if (slot === NO_SLOT) {
      this.isStale = true;
      return;
    }
    this.slab.read(slot, this.#record);
    const hop = this.findNextHop(this.#record);
    if (hop === undefined || this.putRoute(this.#record, slot, hop) !== null) this.isStale = true;
  }

  /**
   * Deletes every route whose deadline has come.
   *
   * @returns why it had to stop; the rest is for the next time
   */
  expire(now: number): V2Failure | null {
    let failure = this.settle();
    while (failure === null && this.deadlines !== null && this.deadlines.earliest() <= now) {
      failure = this.#expireSlot(this.deadlines.first());
    }
    return failure;
  }

  #expireSlot(slot: number): V2Failure | null {
    const { calls, registration, workspace } = this.entity;
    const { format } = this.family;
    this.slab.read(slot, this.#record);
    this.entity.writePrefix(format.address(this.#record), format.prefixLength(this.#record));
    const absent = this.findRoute(this.isSingleRoute ? undefined : this.findNextHop(this.#record), true);
    // Whether it has gone behind the client's back or RTM has only failed to find it, counting will show.
    if (absent !== null) this.isStale = true;
    if (absent !== null) return absent;
    const route = workspace.handle(workspace.handleCell);
    const isThere = this.slotInRouteInfo() === slot;
    this.entity.releaseRouteInfo();
    const code = isThere
      ? calls.RtmDeleteRouteToDest(registration, route, workspace.address + workspace.flagsCell)
      : V2.NOT_FOUND;
    if (code === V2.NO_ERROR) {
      this.forget(slot);
      return null;
    }
    this.entity.releaseRoute(route);
    if (!isThere) this.isStale = true;
    return { call: 'RtmDeleteRouteToDest', code };
  }

  /**
   * Finds the client's route at the destination in `workspace.netAddress`, over one next hop unless the client is a
   * single-route one. On success `workspace.routeInfo` has to be released, and so has the route's handle, which
   * `workspace.handleCell` receives if it is wanted.
   */
  findRoute(hop: NextHop | undefined, wantsHandle: boolean): V2Failure | null {
    const { calls, registration, workspace } = this.entity;
    const { address, handleCell, netAddress, routeInfo } = workspace;
    this.entity.clearRouteInfo();
    workspace.setHandle(routeInfo + ROUTE_INFO.RouteOwner, registration);
    workspace.setHandle(routeInfo + ROUTE_INFO.Neighbour, hop?.handle ?? 0);
    workspace.setHandle(handleCell, 0);
    const code = calls.RtmGetExactMatchRoute(
      registration,
      address + netAddress,
      hop === undefined ? MATCH_OWNER : MATCH_OWNER | MATCH_NEIGHBOUR,
      address + routeInfo,
      0,
      UCAST,
      wantsHandle ? address + handleCell : 0,
    );
    if (code !== V2.NO_ERROR) return { call: 'RtmGetExactMatchRoute', code };
    // Owner and neighbour are what was asked for: not written over, they are nothing to be given back.
    const isTold = workspace.handle(routeInfo + ROUTE_INFO.DestHandle) !== 0;
    if (isTold && (!wantsHandle || workspace.handle(handleCell) !== 0)) return null;
    if (isTold) this.entity.releaseRouteInfo();
    return breach('RtmGetExactMatchRoute', 'tells no route');
  }

  /** The slot that `workspace.routeInfo` of an own route names. */
  slotInRouteInfo(): number {
    const { workspace } = this.entity;
    const slot = workspace.smallNumber(workspace.routeInfo + ROUTE_INFO.EntitySpecificInfo) - 1;
    return slot >= 0 && slot < this.slab.end ? slot : NO_SLOT;
  }

  #addNextHop(hopAddress: number, interfaceId: number): NextHop | V2Failure {
    const { calls, registration, workspace } = this.entity;
    const { address, flagsCell, handleCell, nextHopInfo } = workspace;
    writeNextHopInfo(workspace, nextHopInfo, this.family.format, hopAddress, interfaceId);
    workspace.setHandle(handleCell, 0);
    const code = calls.RtmAddNextHop(registration, address + nextHopInfo, address + handleCell, address + flagsCell);
    if (code !== V2.NO_ERROR) return { call: 'RtmAddNextHop', code };
    if (workspace.handle(handleCell) === 0) return breach('RtmAddNextHop', 'gives no handle');
    const hop = { address: hopAddress, interfaceId, handle: workspace.handle(handleCell), routes: 0 };
    this.nextHops.insert(hop);
    return hop;
  }

  #deleteIdleNextHops(): void {
    this.hasIdleNextHops = false;
    for (const hop of this.nextHops.all()) this.dropIfIdle(hop);
  }

  /** Counts anew what the table really holds of this client. */
  #resynchronise(): V2Failure | null {
    const { entity } = this;
    const enumeration = entity.enumerateAll(VIEW_ANY, OWN_ROUTES);
    if (typeof enumeration === 'object') return enumeration;
    for (const hop of this.nextHops.all()) hop.routes = 0;
    const taken = new Uint8Array(this.slab.end);
    const failure = eachRoute(entity, enumeration, (route) => this.#countRoute(route, taken) ?? false);
    entity.deleteEnumeration(enumeration);
    if (failure !== null) return failure;
    this.slab.releaseAllBut(taken);
    for (let slot = 0; slot < taken.length; slot += 1) if (taken[slot] !== 1) this.deadlines?.clear(slot);
    this.isStale = false;
    this.#deleteIdleNextHops();
    return null;
  }

  #countRoute(route: Handle, taken: Uint8Array): V2Failure | null {
    const failure = this.entity.readRouteInfo(route);
    if (failure !== null) return failure;
    const slot = this.slotInRouteInfo();
    this.entity.releaseRouteInfo();
    if (slot === NO_SLOT) return null;
    taken[slot] = 1;
    this.slab.read(slot, this.#record);
    const hop = this.findNextHop(this.#record);
    if (hop !== undefined) hop.routes += 1;
    return null;
  }
}
