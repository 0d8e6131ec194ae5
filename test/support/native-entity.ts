import { expect } from 'vitest';
import { Entity } from '../../src/v1/entity.js';
import { NET_ADDRESS, NEXTHOP_INFO, ROUTE_INFO, writeNetAddress } from '../../src/v2/structures.js';
import type { Handle } from '../../src/v2/memory.js';
import type { V2Library } from '../../src/v2/library.js';
import { Workspace } from '../../src/v2/workspace.js';
import { constant } from '../../src/win32/constants.js';

const AF_INET = constant('AF_INET');
const INFINITE = constant('INFINITE');
const UCAST = constant('RTM_VIEW_MASK_UCAST');

/** What a native entity says about a route of its own. */
export interface NativeRoute {
  /** The network: octets in memory order, and the length of its prefix. */
  readonly address: number;
  readonly length: number;
  readonly views?: number;
  readonly preference?: number;
  readonly metric?: number;
  readonly flags?: number;
  /** What is there for compatibility with version 1. */
  readonly flags1?: number;
  readonly hasNextHop?: boolean;
}

/** An RTMv2 client as ported code has it: it calls RTMv2 itself and knows nothing of version 1. */
export class NativeEntity {
  readonly #entity: Entity;
  /** A handle of each route that is in the table. */
  readonly #routes = new Set<Handle>();
  #nextHop: Handle = 0;

  constructor({ calls }: V2Library, protocolId: number, family = AF_INET, protocolInstance = 1) {
    const id = { instance: 0, family, protocolId, protocolInstance };
    const entity = Entity.register(calls, new Workspace(Workspace.INITIAL), id);
    if ('code' in entity) throw new Error(`RtmRegisterEntity answers ${entity.code}`);
    this.#entity = entity;
  }

  /** @param address octets in memory order, the first the lowest: four, or six for IPX */
  addNextHop(address: number, interfaceId: number): void {
    const { calls, id, registration, workspace } = this.#entity;
    const { nextHopInfo, handleCell, flagsCell } = workspace;
    workspace.u8.fill(0, nextHopInfo, nextHopInfo + NEXTHOP_INFO.size);
    workspace.setHandle(handleCell, 0);
    writeNetAddress(workspace, nextHopInfo, id.family, id.family === AF_INET ? 32 : 48, address);
    workspace.setWord(nextHopInfo + NET_ADDRESS.AddrBits + 4, address / 2 ** 32);
    workspace.setWord(nextHopInfo + NEXTHOP_INFO.InterfaceIndex, interfaceId);
    const [info, cell, flags] = [nextHopInfo, handleCell, flagsCell].map((offset) => workspace.address + offset);
    expect(calls.RtmAddNextHop(registration, info ?? 0, cell ?? 0, flags ?? 0)).toBe(0);
    this.#nextHop = workspace.handle(handleCell);
  }

  /** Adds a route, or updates the one to its network; returns a handle of it. */
  add(route: NativeRoute): Handle {
    const { address: network, length, views = UCAST, preference = 0, metric = 0, flags = 0, hasNextHop = true } = route;
    const { calls, registration, workspace } = this.#entity;
    const { address, flagsCell, handleCell, netAddress, routeInfo } = workspace;
    this.#entity.writePrefix(network, length);
    workspace.u8.fill(0, routeInfo, routeInfo + ROUTE_INFO.NextHops);
    workspace.u8[routeInfo + ROUTE_INFO.Flags1] = route.flags1 ?? 0;
    workspace.u16[(routeInfo + ROUTE_INFO.Flags) >>> 1] = flags;
    workspace.setWord(routeInfo + ROUTE_INFO.Preference, preference);
    workspace.setWord(routeInfo + ROUTE_INFO.Metric, metric);
    workspace.setWord(routeInfo + ROUTE_INFO.BelongsToViews, views);
    // What ported code keeps here is its own affair: no address of this may ever be followed, nor taken for a slot.
    workspace.setHandle(routeInfo + ROUTE_INFO.EntitySpecificInfo, 1);
    workspace.u16[(routeInfo + ROUTE_INFO.NumNextHops) >>> 1] = hasNextHop ? 1 : 0;
    workspace.setHandle(routeInfo + ROUTE_INFO.NextHops, hasNextHop ? this.#nextHop : 0);
    workspace.setHandle(handleCell, 0);
    workspace.setWord(flagsCell, 0);
    const parameters = [address + handleCell, address + netAddress, address + routeInfo, INFINITE, 0, 0, 0] as const;
    expect(calls.RtmAddRouteToDest(registration, ...parameters, address + flagsCell)).toBe(0);
    const handle = workspace.handle(handleCell);
    if (this.#routes.has(handle)) this.#entity.releaseRoute(handle);
    this.#routes.add(handle);
    return handle;
  }

  /** Deletes a route. */
  remove(route: Handle): void {
    this.#routes.delete(route);
    const { calls, registration, workspace } = this.#entity;
    expect(calls.RtmDeleteRouteToDest(registration, route, workspace.address + workspace.flagsCell)).toBe(0);
  }

  /** Deletes all its routes, and leaves. */
  leave(): void {
    const { calls, registration } = this.#entity;
    for (const route of this.#routes) this.remove(route);
    if (this.#nextHop !== 0) expect(calls.RtmDeleteNextHop(registration, this.#nextHop, 0)).toBe(0);
    expect(calls.RtmDeregisterEntity(registration)).toBe(0);
  }

  /** Asks to be told of changes; returns what RTM answers. */
  watch(): number {
    const { calls, registration, workspace } = this.#entity;
    const cell = workspace.address + workspace.handleCell;
    return calls.RtmRegisterForChangeNotification(registration, UCAST, constant('RTM_CHANGE_TYPE_ALL'), 0, cell);
  }
}
