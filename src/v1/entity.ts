import { constant } from '../win32/constants.js';
import { HANDLE_SIZE } from '../win32/abi.js';
import { V2, type V2Status } from '../win32/status.js';
import type { V2Calls } from '../v2/calls.js';
import { EndlessCheck } from '../v2/endless.js';
import type { V2Function } from '../v2/signatures.js';
import type { Handle } from '../v2/memory.js';
import {
  DEST_INFO,
  type EntityId,
  NET_ADDRESS,
  NEXTHOP_INFO,
  ROUTE_INFO,
  VIEW_INFO,
  viewInfoAt,
  writeEntityInfo,
  writeNetAddress,
} from '../v2/structures.js';
import { flawOf, type Profile, Workspace } from '../v2/workspace.js';
import { breach, outOfMemory, type V2Failure } from '../translate/errors.js';
import { Debts, type Owed, payment } from './debts.js';

const BEST_PROTOCOL = constant('RTM_BEST_PROTOCOL');
const ENUM_START = constant('RTM_ENUM_START');
const ENUM_NEXT = constant('RTM_ENUM_NEXT');
const MATCH_NONE = constant('RTM_MATCH_NONE');

/** Debts that a call tries to pay which has something else to do. */
const DEBTS_A_CALL = 64;

/** A registration with RTMv2: what a v1 client is made of, and what the shim reads the table with. */
export class Entity {
  readonly calls: V2Calls;
  readonly workspace: Workspace;
  readonly id: EntityId;
  /** The RTM_ENTITY_HANDLE that every call starts with. */
  readonly registration: Handle;
  readonly debts = new Debts();

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
    shared.clearRegistration();
    const code = calls.RtmRegisterEntity(address + entityInfo, 0, 0, 0, address + regnProfile, address + handleCell);
    if (code !== V2.NO_ERROR) return { call: 'RtmRegisterEntity', code };
    const registration = shared.handle(handleCell);
    if (registration === 0) return breach('RtmRegisterEntity', 'gives no handle');
    const workspace = workspaceFor(shared.registeredProfile(), shared);
    if (!(workspace instanceof Workspace)) {
      calls.RtmDeregisterEntity(registration);
      return workspace;
    }
    workspace.setHandle(workspace.handleCell, registration);
    return new Entity(calls, workspace, id);
  }

  /** Tries to give back some of what earlier calls could not. */
  settle(): void {
    this.debts.settle(this.calls, this.workspace, this.registration, DEBTS_A_CALL);
  }

  /** Tries to give back all that earlier calls could not. */
  settleAll(): V2Failure | null {
    return this.debts.settle(this.calls, this.workspace, this.registration, Infinity);
  }

  /** Gives a handle back; what RTM refuses is owed. */
  #giveBack(kind: Owed, handle: Handle): void {
    const { pay } = payment({ kind, handle }, this.calls, this.workspace, this.registration);
    if (pay() !== V2.NO_ERROR) this.debts.add(kind, handle);
  }

  /** Watches over an enumeration of objects of one kind. */
  endlessCheck(kind: Owed): EndlessCheck {
    const { calls, registration, workspace } = this;
    return new EndlessCheck({
      take: (handle) => {
        workspace.setHandle(workspace.handleCell, handle);
        const cell = workspace.address + workspace.handleCell;
        return calls.RtmReferenceHandles(registration, 1, cell) === V2.NO_ERROR;
      },
      give: (handle) => {
        this.#giveBack(kind, handle);
      },
    });
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
   * Writes a prefix of the entity's family into `workspace.netAddress`.
   *
   * @param address the octets in memory order
   */
  writePrefix(address: number, length: number): void {
    writeNetAddress(this.workspace, this.workspace.netAddress, this.id.family, length, address);
  }

  /**
   * Reads what RTM knows of a route into `workspace.routeInfo`, which has to be released, and its destination into
   * `workspace.routeAddress`.
   */
  readRouteInfo(route: Handle): V2Failure | null {
    const { workspace } = this;
    const { address, routeAddress, routeInfo } = workspace;
    this.clearRouteInfo();
    workspace.setWord(routeAddress + NET_ADDRESS.AddressFamily, 0);
    const code = this.calls.RtmGetRouteInfo(this.registration, route, address + routeInfo, address + routeAddress);
    if (code !== V2.NO_ERROR) return { call: 'RtmGetRouteInfo', code };
    if (workspace.handle(routeInfo + ROUTE_INFO.RouteOwner) !== 0) return null;
    this.releaseRouteInfo();
    return breach('RtmGetRouteInfo', 'names no owner');
  }

  /** Clears `workspace.routeInfo` up to its first next hop: what a call does not write must not be what another wrote. */
  clearRouteInfo(): void {
    const { u32, routeInfo } = this.workspace;
    const end = (routeInfo + ROUTE_INFO.NextHops + HANDLE_SIZE) >>> 2;
    // Word by word: `fill` costs more than all the rest of this function.
    for (let index = routeInfo >>> 2; index < end; index += 1) u32[index] = 0;
  }

  /** Clears of the RTM_DEST_INFO at `offset` what tells whether anything was found, and its first view. */
  clearDestInfo(offset = this.workspace.destInfo): void {
    const { workspace } = this;
    const view = viewInfoAt(offset, 0);
    workspace.setHandle(offset + DEST_INFO.DestHandle, 0);
    workspace.setWord(offset + DEST_INFO.DestAddress + NET_ADDRESS.AddressFamily, 0);
    workspace.setWord(offset + DEST_INFO.LastChanged, 0);
    workspace.setWord(offset + DEST_INFO.LastChanged + 4, 0);
    workspace.setWord(offset + DEST_INFO.NumberOfViews, 0);
    workspace.setWord(view + VIEW_INFO.NumRoutes, 0);
    workspace.setHandle(view + VIEW_INFO.Route, 0);
    workspace.setHandle(view + VIEW_INFO.Owner, 0);
    workspace.setHandle(view + VIEW_INFO.HoldRoute, 0);
  }

  /** Gives back what `workspace.routeInfo` refers to. */
  releaseRouteInfo(): void {
    const { workspace } = this;
    const { routeInfo } = workspace;
    if (this.calls.RtmReleaseRouteInfo(this.registration, workspace.address + routeInfo) === V2.NO_ERROR) return;
    this.debts.add('destination', workspace.handle(routeInfo + ROUTE_INFO.DestHandle));
    this.debts.add('entity', workspace.handle(routeInfo + ROUTE_INFO.RouteOwner));
    this.debts.add('nextHop', workspace.handle(routeInfo + ROUTE_INFO.Neighbour));
    const told = workspace.u16[(routeInfo + ROUTE_INFO.NumNextHops) >>> 1] ?? 0;
    const hops = Math.min(told, workspace.profile.maxNextHopsInRoute);
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
    const views = Math.min(workspace.word(offset + DEST_INFO.NumberOfViews), workspace.profile.numberOfViews);
    for (let index = 0; index < views; index += 1) {
      const view = viewInfoAt(offset, index);
      this.debts.add('route', workspace.handle(view + VIEW_INFO.Route));
      this.debts.add('entity', workspace.handle(view + VIEW_INFO.Owner));
      this.debts.add('route', workspace.handle(view + VIEW_INFO.HoldRoute));
    }
  }

  /** Reads what RTM knows of a next hop into `workspace.nextHopInfo`, which has to be released. */
  readNextHopInfo(hop: Handle): V2Failure | null {
    const { workspace } = this;
    const { address, nextHopInfo } = workspace;
    workspace.u8.fill(0, nextHopInfo, nextHopInfo + NEXTHOP_INFO.size);
    const code = this.calls.RtmGetNextHopInfo(this.registration, hop, address + nextHopInfo);
    if (code !== V2.NO_ERROR) return { call: 'RtmGetNextHopInfo', code };
    if (workspace.handle(nextHopInfo + NEXTHOP_INFO.NextHopOwner) !== 0) return null;
    this.releaseNextHopInfo();
    return breach('RtmGetNextHopInfo', 'names no owner');
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
  releaseRoute(handle: Handle): void {
    const { workspace } = this;
    workspace.setHandle(workspace.handleCell, handle);
    const code = this.calls.RtmReleaseRoutes(this.registration, 1, workspace.address + workspace.handleCell);
    if (code !== V2.NO_ERROR) this.debts.add('route', handle);
  }

  /**
   * Starts an enumeration of routes to all destinations, or from the one in `workspace.netAddress` on.
   *
   * @param views RTM_VIEW_MASK_*
   * @param flags RTM_ENUM_*
   * @returns its handle
   */
  enumerateAll(views: number, flags: number): Handle | V2Failure {
    const { address, netAddress } = this.workspace;
    return this.#enumerateRoutes(0, views, flags, (flags & ENUM_NEXT) === 0 ? 0 : address + netAddress);
  }

  /**
   * Starts an enumeration of the routes to one network.
   *
   * @param networkAddress the octets in memory order
   * @param length of its prefix
   * @returns its handle; RtmGetExactMatchDestination fails with ERROR_NOT_FOUND where the network has no routes
   */
  enumerateNetwork(networkAddress: number, length: number, views: number, flags: number): Handle | V2Failure {
    const { calls, registration, workspace } = this;
    const { address, destInfo, netAddress } = workspace;
    this.writePrefix(networkAddress, length);
    const [prefix, info] = [address + netAddress, address + destInfo];
    this.clearDestInfo();
    const code = calls.RtmGetExactMatchDestination(registration, prefix, BEST_PROTOCOL, views, info);
    if (code !== V2.NO_ERROR) return { call: 'RtmGetExactMatchDestination', code };
    const destination = workspace.handle(destInfo + DEST_INFO.DestHandle);
    // To RtmCreateRouteEnum, NULL is every destination.
    if (destination === 0) return breach('RtmGetExactMatchDestination', 'gives no handle');
    const enumeration = this.#enumerateRoutes(destination, views, flags, 0);
    this.releaseDestInfo();
    return enumeration;
  }

  #enumerateRoutes(destination: Handle, views: number, flags: number, start: number): Handle | V2Failure {
    const { calls, registration, workspace } = this;
    const { address, handleCell } = workspace;
    const cell = address + handleCell;
    workspace.setHandle(handleCell, 0);
    const code = calls.RtmCreateRouteEnum(registration, destination, views, flags, start, MATCH_NONE, 0, 0, cell);
    return this.#created('RtmCreateRouteEnum', code);
  }

  /** Starts an enumeration of the destinations with a route in a view. */
  enumerateDestinations(view: number): Handle | V2Failure {
    const { calls, registration, workspace } = this;
    const { address, handleCell } = workspace;
    workspace.setHandle(handleCell, 0);
    const code = calls.RtmCreateDestEnum(registration, view, ENUM_START, 0, BEST_PROTOCOL, address + handleCell);
    return this.#created('RtmCreateDestEnum', code);
  }

  /** Starts an enumeration of the entity's next hops. */
  enumerateNextHops(): Handle | V2Failure {
    const { calls, registration, workspace } = this;
    const { address, handleCell } = workspace;
    workspace.setHandle(handleCell, 0);
    const code = calls.RtmCreateNextHopEnum(registration, ENUM_START, 0, address + handleCell);
    return this.#created('RtmCreateNextHopEnum', code);
  }

  /** The enumeration in `workspace.handleCell`, if a call has put one there. */
  #created(call: V2Function, code: V2Status): Handle | V2Failure {
    if (code !== V2.NO_ERROR) return { call, code };
    const enumeration = this.workspace.handle(this.workspace.handleCell);
    return enumeration === 0 ? breach(call, 'gives no handle') : enumeration;
  }

  /** Whether a route is the best one of its destination in a view. */
  isBestRoute(route: Handle, view: number): boolean | V2Failure {
    const { workspace } = this;
    const { address, flagsCell } = workspace;
    workspace.setWord(flagsCell, 0);
    const code = this.calls.RtmIsBestRoute(this.registration, route, address + flagsCell);
    if (code !== V2.NO_ERROR) return { call: 'RtmIsBestRoute', code };
    return (workspace.word(flagsCell) & view) !== 0;
  }

  /** Ends an enumeration. */
  deleteEnumeration(handle: Handle): V2Status {
    const code = this.calls.RtmDeleteEnumHandle(this.registration, handle);
    if (code !== V2.NO_ERROR) this.debts.add('enumeration', handle);
    return code;
  }
}

/** Room to work within the limits of a profile: shared room if that suits them. */
function workspaceFor(profile: Profile, shared: Workspace): Workspace | V2Failure {
  const flaw = flawOf(profile);
  if (flaw !== null) return breach('RtmRegisterEntity', flaw);
  const workspace = shared.fits(profile) ? shared : Workspace.tryCreate(profile);
  return workspace ?? outOfMemory('RtmRegisterEntity', 'tells a profile for which there is no memory');
}
