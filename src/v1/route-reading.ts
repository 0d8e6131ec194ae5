import { constant } from '../win32/constants.js';
import { V2, type V2Status } from '../win32/status.js';
import type { V2Function } from '../v2/signatures.js';
import { DEST_INFO, NET_ADDRESS, ROUTE_INFO, VIEW_INFO, viewInfoAt } from '../v2/structures.js';
import type { Handle } from '../v2/memory.js';
import { breach, type V2Failure } from '../translate/errors.js';
import { isAddressOf, readNetwork, readNextHopInfo } from '../translate/route-info.js';
import { newRoute, type RouteFormat, ROUTING_PROTOCOL, TIME_STAMP } from '../translate/route-format.js';
import { Client, NO_SLOT } from './client.js';
import type { Entity } from './entity.js';
import type { Owners } from './owners.js';

const BEST_PROTOCOL = constant('RTM_BEST_PROTOCOL');
const UCAST = constant('RTM_VIEW_MASK_UCAST');
const VIEW_ANY = constant('RTM_VIEW_MASK_ANY');
const STATE_CREATED = constant('RTM_ROUTE_STATE_CREATED');

/**
 * How often a best route is looked up that has gone before it could be read. Another thread has deleted it, so that the
 * next look finds another, or none; a library that shows deleted routes for longer is believed after so many.
 */
const MOST_LOOKS = 16;

/**
 * A v1 route read out of the v2 table: in full from the record of the client that owns it, or made up from what v2
 * knows where a native v2 entity owns it. One such object is used again and again.
 */
export class RouteReading {
  /** The v1 structure. */
  readonly words: Uint32Array<ArrayBuffer>;
  /** The client that owns the route, if it is one of ours. */
  client: Client | undefined;
  /** Slot of the client's record, or `NO_SLOT`. */
  slot = NO_SLOT;
  /**
   * Whether the route has left the table, or the unicast view; `words` then tell its identity only. After `readBest` or
   * `readLongestMatch`: whether RTM names a best route that has, for as long as it was asked.
   */
  isDeleted = false;
  /** Whether RTM keeps the priority and the metric that the client gave. */
  isAsGiven = false;
  /** After `readBest` or `readLongestMatch`: whether the network has a best route. */
  exists = false;
  /** After them: how many routes the network has. */
  routeCount = 0;

  readonly #format: RouteFormat;
  readonly #owners: Owners;

  constructor(format: RouteFormat, owners: Owners) {
    this.words = newRoute(format);
    this.#format = format;
    this.#owners = owners;
  }

  /** Reads the best route of the network in `workspace.netAddress`, if it has any. */
  readBest(entity: Entity): V2Failure | null {
    return this.#look(entity, 'RtmGetExactMatchDestination');
  }

  /** Reads the best route of the longest prefix that covers the address in `workspace.netAddress`, if there is any. */
  readLongestMatch(entity: Entity): V2Failure | null {
    return this.#look(entity, 'RtmGetMostSpecificDestination');
  }

  #look(entity: Entity, find: 'RtmGetExactMatchDestination' | 'RtmGetMostSpecificDestination'): V2Failure | null {
    const { registration, workspace } = entity;
    const { address, destInfo, netAddress } = workspace;
    const call = entity.calls[find];
    for (let looks = 1; looks <= MOST_LOOKS; looks += 1) {
      entity.clearDestInfo();
      const code = call(registration, address + netAddress, BEST_PROTOCOL, UCAST, address + destInfo);
      const failure = this.#takeBest(entity, find, code);
      if (failure !== null || !this.isDeleted) return failure;
    }
    this.exists = false;
    return null;
  }

  /** Reads the best route of the destination in `workspace.destInfo`, if a call has found one. */
  #takeBest(entity: Entity, call: V2Function, code: V2Status): V2Failure | null {
    const { workspace } = entity;
    const { destInfo } = workspace;
    this.exists = false;
    this.isDeleted = false;
    if (code === V2.NOT_FOUND) return null;
    if (code !== V2.NO_ERROR) return { call, code };
    const view = viewInfoAt(destInfo, 0);
    const hasView = workspace.word(destInfo + DEST_INFO.NumberOfViews) > 0;
    const best = hasView ? workspace.handle(view + VIEW_INFO.Route) : 0;
    this.routeCount = workspace.word(view + VIEW_INFO.NumRoutes);
    const failure = best === 0 ? null : entity.readRouteInfo(best);
    entity.releaseDestInfo();
    if (best === 0 || failure !== null) return failure;
    this.exists = true;
    return this.#interpretAndRelease(entity);
  }

  /** Reads the route that a handle stands for. */
  read(entity: Entity, route: Handle): V2Failure | null {
    return entity.readRouteInfo(route) ?? this.#interpretAndRelease(entity);
  }

  #interpretAndRelease(entity: Entity): V2Failure | null {
    const failure = this.#interpret(entity);
    entity.releaseRouteInfo();
    return failure;
  }

  #interpret(entity: Entity): V2Failure | null {
    const { workspace } = entity;
    const { routeAddress, routeInfo } = workspace;
    if (!isAddressOf(this.#format, workspace, routeAddress)) {
      return breach('RtmGetRouteInfo', 'tells a destination that is none of the family');
    }
    const isVisible = (workspace.word(routeInfo + ROUTE_INFO.BelongsToViews) & UCAST) !== 0;
    this.isDeleted = !isVisible || workspace.u8[routeInfo + ROUTE_INFO.State] !== STATE_CREATED;
    const owner = this.#owners.find(workspace.handle(routeInfo + ROUTE_INFO.RouteOwner), entity);
    if ('code' in owner) return owner;
    const isClient = owner instanceof Client;
    this.client = isClient ? owner : undefined;
    this.slot = NO_SLOT;
    // The slot of a deleted route may already hold another one.
    if (isClient && !this.isDeleted && this.#readRecord(entity, owner)) return null;
    return this.#makeUp(entity, isClient ? owner.protocol : owner.protocolId);
  }

  /** Reads the owner's record; false if there is none for this route. */
  #readRecord(entity: Entity, owner: Client): boolean {
    const { words } = this;
    const { workspace } = entity;
    const { routeAddress, routeInfo } = workspace;
    const format = this.#format;
    const slot = workspace.smallNumber(routeInfo + ROUTE_INFO.EntitySpecificInfo) - 1;
    if (slot < 0 || slot >= owner.slab.end) return false;
    owner.slab.read(slot, words);
    if (format.prefixLength(words) !== workspace.u16[(routeAddress + NET_ADDRESS.NumBits) >>> 1]) return false;
    if (format.address(words) !== workspace.word(routeAddress + NET_ADDRESS.AddrBits)) return false;
    const preference = workspace.word(routeInfo + ROUTE_INFO.Preference);
    const metric = workspace.word(routeInfo + ROUTE_INFO.Metric);
    this.slot = slot;
    this.isAsGiven = format.preference(words) === preference && format.metric(words) === metric;
    if (!this.isAsGiven) format.setRank(words, preference, metric);
    return true;
  }

  /** Makes a v1 route of what v2 tells about one: its first next hop, and nothing that only v1 knows. */
  #makeUp(entity: Entity, protocol: number): V2Failure | null {
    const { words } = this;
    const { workspace } = entity;
    const { routeAddress, routeInfo } = workspace;
    const format = this.#format;
    this.isAsGiven = false;
    words.fill(0);
    words[ROUTING_PROTOCOL] = protocol;
    readNetwork(workspace, routeAddress, format, words);
    format.setRouteFlags(words, workspace.u16[(routeInfo + ROUTE_INFO.Flags) >>> 1] ?? 0);
    words[format.flags] = (workspace.u8[routeInfo + ROUTE_INFO.Flags1] ?? 0) & format.flagsMask;
    format.setRank(
      words,
      workspace.word(routeInfo + ROUTE_INFO.Preference),
      workspace.word(routeInfo + ROUTE_INFO.Metric),
    );
    return this.#makeUpNextHop(entity) ?? this.#makeUpTimeStamp(entity);
  }

  #makeUpNextHop(entity: Entity): V2Failure | null {
    const { workspace } = entity;
    const { nextHopInfo, routeInfo } = workspace;
    if ((workspace.u16[(routeInfo + ROUTE_INFO.NumNextHops) >>> 1] ?? 0) === 0) return null;
    const hop = workspace.handle(routeInfo + ROUTE_INFO.NextHops);
    if (hop === 0) return breach('RtmGetRouteInfo', 'counts next hops and tells none');
    const failure = entity.readNextHopInfo(hop);
    if (failure !== null) return failure;
    readNextHopInfo(workspace, nextHopInfo, this.#format, this.words);
    entity.releaseNextHopInfo();
    return null;
  }

  #makeUpTimeStamp(entity: Entity): V2Failure | null {
    const { words } = this;
    const { calls, registration, workspace } = entity;
    const { address, destInfo, routeInfo } = workspace;
    const destination = workspace.handle(routeInfo + ROUTE_INFO.DestHandle);
    entity.clearDestInfo();
    const code = calls.RtmGetDestInfo(registration, destination, BEST_PROTOCOL, VIEW_ANY, address + destInfo);
    if (code !== V2.NO_ERROR) return { call: 'RtmGetDestInfo', code };
    words[TIME_STAMP] = workspace.word(destInfo + DEST_INFO.LastChanged);
    words[TIME_STAMP + 1] = workspace.word(destInfo + DEST_INFO.LastChanged + 4);
    entity.releaseDestInfo();
    return null;
  }
}
