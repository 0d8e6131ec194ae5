import { constant } from '../win32/constants.js';
import { HANDLE_SIZE } from '../win32/abi.js';
import { V2, type V2Status } from '../win32/status.js';
import type { V2Calls } from '../v2/calls.js';
import {
  DEST_INFO,
  type EntityId,
  NEXTHOP_INFO,
  ROUTE_INFO,
  VIEW_INFO,
  viewInfoAt,
  writeEntityInfo,
  writeNetAddress,
} from '../v2/structures.js';
import { Workspace } from '../v2/workspace.js';
import type { V2Failure } from '../translate/errors.js';
import { Debts } from './debts.js';

const AF_INET = constant('AF_INET');
const MATCH_NONE = constant('RTM_MATCH_NONE');

/** A registration with RTMv2: what a v1 client is made of, and what the shim reads the table with. */
export class Entity {
  readonly calls: V2Calls;
  readonly workspace: Workspace;
  readonly id: EntityId;
  /** The RTM_ENTITY_HANDLE that every call starts with. */
  readonly registration: number;
  readonly debts = new Debts();
  /** How many handles the last fetch brought. */
  fetched = 0;

  private constructor(calls: V2Calls, workspace: Workspace, id: EntityId) {
    this.calls = calls;
    this.workspace = workspace;
    this.id = id;
    this.registration = workspace.handle(workspace.handleCell);
  }

  /**
   * Registers an entity, without methods and without an event callback: RTM would call it from a thread of its own.
   *
   * @param shared the workspace to use if it suits the limits that RTM tells
   */
  static register(calls: V2Calls, shared: Workspace, id: EntityId): Entity | V2Failure {
    const { address, entityInfo, regnProfile, handleCell } = shared;
    writeEntityInfo(shared, entityInfo, id);
    const code = calls.RtmRegisterEntity(address + entityInfo, 0, 0, 0, address + regnProfile, address + handleCell);
    if (code !== V2.NO_ERROR) return { call: 'RtmRegisterEntity', code };
    const profile = shared.registeredProfile();
    const workspace = shared.fits(profile) ? shared : Workspace.tryCreate(profile);
    if (workspace === null) {
      calls.RtmDeregisterEntity(shared.handle(handleCell));
      return { call: 'RtmRegisterEntity', code: V2.NOT_ENOUGH_MEMORY };
    }
    workspace.setHandle(workspace.handleCell, shared.handle(handleCell));
    return new Entity(calls, workspace, id);
  }

  /** Tries to give back what earlier calls could not. */
  settle(): V2Failure | null {
    return this.debts.settle(this.calls, this.workspace, this.registration);
  }

  /**
   * Tells whether a call has failed because the registration itself does not exist any more.
   *
   * @returns the failure that confirms it, or null
   */
  confirmEnd({ code }: V2Failure): V2Failure | null {
    return code === V2.INVALID_HANDLE && this.isGone() ? { call: 'RtmGetEntityInfo', code } : null;
  }

  /** Whether RTM no longer knows this registration: somebody else has deregistered the entity. */
  isGone(): boolean {
    const { address, entityInfo } = this.workspace;
    const code = this.calls.RtmGetEntityInfo(this.registration, this.registration, address + entityInfo);
    if (code === V2.NO_ERROR) this.calls.RtmReleaseEntityInfo(this.registration, address + entityInfo);
    return code === V2.INVALID_HANDLE;
  }

  /**
   * Writes an IPv4 prefix into `workspace.netAddress`.
   *
   * @param number the octets in memory order
   */
  writePrefix(number: number, length: number): void {
    writeNetAddress(this.workspace, this.workspace.netAddress, AF_INET, length, number);
  }

  /** Gives back what `workspace.routeInfo` refers to. */
  releaseRouteInfo(): void {
    const { workspace } = this;
    const { routeInfo } = workspace;
    if (this.calls.RtmReleaseRouteInfo(this.registration, workspace.address + routeInfo) === V2.NO_ERROR) return;
    this.debts.add('destination', workspace.handle(routeInfo + ROUTE_INFO.DestHandle));
    this.debts.add('entity', workspace.handle(routeInfo + ROUTE_INFO.RouteOwner));
    this.debts.add('nextHop', workspace.handle(routeInfo + ROUTE_INFO.Neighbour));
    const hops = workspace.u16[(routeInfo + ROUTE_INFO.NumNextHops) >>> 1] ?? 0;
    for (let index = 0; index < hops; index += 1) {
      this.debts.add('nextHop', workspace.handle(routeInfo + ROUTE_INFO.NextHops + index * HANDLE_SIZE));
    }
  }

  /** Gives back what `workspace.destInfo` refers to. */
  releaseDestInfo(): void {
    const { workspace } = this;
    const { destInfo } = workspace;
    if (this.calls.RtmReleaseDestInfo(this.registration, workspace.address + destInfo) !== V2.NO_ERROR) {
      this.oweDestInfo(destInfo);
    }
  }

  /** Remembers everything that the RTM_DEST_INFO at `offset` refers to as not given back. */
  oweDestInfo(offset: number): void {
    const { workspace } = this;
    this.debts.add('destination', workspace.handle(offset + DEST_INFO.DestHandle));
    const views = workspace.word(offset + DEST_INFO.NumberOfViews);
    for (let index = 0; index < views; index += 1) {
      const view = viewInfoAt(offset, index);
      this.debts.add('route', workspace.handle(view + VIEW_INFO.Route));
      this.debts.add('entity', workspace.handle(view + VIEW_INFO.Owner));
      this.debts.add('route', workspace.handle(view + VIEW_INFO.HoldRoute));
    }
  }

  /** Gives back what `workspace.nextHopInfo` refers to. */
  releaseNextHopInfo(): void {
    const { workspace } = this;
    const { nextHopInfo } = workspace;
    if (this.calls.RtmReleaseNextHopInfo(this.registration, workspace.address + nextHopInfo) === V2.NO_ERROR) return;
    this.debts.add('entity', workspace.handle(nextHopInfo + NEXTHOP_INFO.NextHopOwner));
    this.debts.add('destination', workspace.handle(nextHopInfo + NEXTHOP_INFO.RemoteNextHop));
  }

  /** Gives one route handle back. */
  releaseRoute(handle: number): void {
    const { workspace } = this;
    workspace.setHandle(workspace.handleCell, handle);
    const code = this.calls.RtmReleaseRoutes(this.registration, 1, workspace.address + workspace.handleCell);
    if (code !== V2.NO_ERROR) this.debts.add('route', handle);
  }

  /**
   * Gives the first `count` route handles in `workspace.handles` back.
   *
   * @returns what RTM answers; unless 0, the handles are owed
   */
  releaseRouteBatch(count: number): V2Status {
    if (count === 0) return V2.NO_ERROR;
    const { workspace } = this;
    const code = this.calls.RtmReleaseRoutes(this.registration, count, workspace.address + workspace.handles);
    if (code !== V2.NO_ERROR) {
      for (let index = 0; index < count; index += 1) {
        this.debts.add('route', workspace.handle(workspace.handles + index * HANDLE_SIZE));
      }
    }
    return code;
  }

  /**
   * Starts an enumeration of routes; `workspace.handleCell` receives its handle.
   *
   * @param destination a destination handle, or 0 for all
   */
  enumerateRoutes(destination: number, views: number, flags: number): V2Status {
    const { address, handleCell } = this.workspace;
    return this.calls.RtmCreateRouteEnum(
      this.registration,
      destination,
      views,
      flags,
      0,
      MATCH_NONE,
      0,
      0,
      address + handleCell,
    );
  }

  /**
   * Fetches the next routes of an enumeration into `workspace.handles`; `fetched` tells how many came, also beside the
   * code that says that there are no more.
   */
  fetchRoutes(enumeration: number): V2Status {
    return this.#fetch(enumeration, this.calls.RtmGetEnumRoutes);
  }

  /** Fetches the next of the entity's next hops, as `fetchRoutes` does routes. */
  fetchNextHops(enumeration: number): V2Status {
    return this.#fetch(enumeration, this.calls.RtmGetEnumNextHops);
  }

  #fetch(enumeration: number, next: V2Calls['RtmGetEnumRoutes' | 'RtmGetEnumNextHops']): V2Status {
    const { workspace } = this;
    const { address, batch, countCell, handles } = workspace;
    // A call that fails leaves its outputs alone: handles other than NULL must be handles that it wrote.
    workspace.u32.fill(0, handles >>> 2, (handles + batch * HANDLE_SIZE) >>> 2);
    workspace.setWord(countCell, batch);
    const code = next(this.registration, enumeration, address + countCell, address + handles);
    const count = Math.min(workspace.word(countCell), batch);
    this.fetched = 0;
    while (this.fetched < count && workspace.handle(handles + this.fetched * HANDLE_SIZE) !== 0) this.fetched += 1;
    return code;
  }

  /** Ends an enumeration. */
  deleteEnumeration(handle: number): V2Status {
    const code = this.calls.RtmDeleteEnumHandle(this.registration, handle);
    if (code !== V2.NO_ERROR) this.debts.add('enumeration', handle);
    return code;
  }
}
