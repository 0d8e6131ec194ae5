import { expect } from 'vitest';
import { abi, openRtmv2, offsetOf, type Rtmv2, sizeOf, sizeOfDestInfo, sizeOfRouteInfo, type V2Library } from '../../../src/v2/index.js';
import type { Family } from './family.js';

const NO_ERROR = 0;
const ERROR_NO_MORE_ITEMS = 259;
const INFINITE = 0xffffffff;
const MAX_NEXT_HOPS = 32;
const MAX_VIEWS = 2;
const MAX_ENTITIES = 64;

export const UNICAST = 1;
export const MULTICAST = 2;
export const LOCAL = 0x10;
export const REMOTE = 0x20;

/** What a native entity says about a route of its own. */
export interface NativeRoute {
  readonly net?: number;
  /** Routers that the route goes over; none are possible. */
  readonly vias?: readonly number[];
  readonly interfaceId?: number;
  readonly preference?: number;
  readonly metric?: number;
  readonly views?: number;
  readonly flags?: number;
  /** EntitySpecificInfo. */
  readonly pointer?: bigint;
}

/** What RTMv2 says about the best route of a network. */
export interface SeenRoute {
  readonly neighbour: Hop | null;
  readonly hops: readonly Hop[];
  readonly preference: number;
  readonly metric: number;
  readonly flags: number;
  readonly flags1: number;
  readonly views: number;
}

interface Hop {
  readonly octets: readonly number[];
  readonly bits: number;
  readonly interfaceId: number;
}

/** What tells entities apart. */
export interface EntityId {
  readonly protocol: number;
  readonly instance: number;
}

type Handles = BigUint64Array | Uint32Array;

const handles = (...values: readonly bigint[]): Handles =>
  abi === 'x64' ? BigUint64Array.from(values) : Uint32Array.from(values, Number);

const firstOf = (cell: Handles): bigint => BigInt(cell[0] ?? 0);

const handleAt = (view: DataView, offset: number): bigint =>
  abi === 'x64' ? view.getBigUint64(offset, true) : BigInt(view.getUint32(offset, true));

function setHandle(view: DataView, offset: number, value: bigint): void {
  if (abi === 'x64') view.setBigUint64(offset, value, true);
  else view.setUint32(offset, Number(value), true);
}

/** Offset of a member of a member. */
const inner = (structure: string, member: string, type: string, part: string): number =>
  offsetOf(structure, member) + offsetOf(type, part);

const ROUTE = 'RTM_ROUTE_INFO';
const NEXT_HOP = 'RTM_NEXTHOP_INFO';
const PREFERENCE = inner(ROUTE, 'PrefInfo', 'RTM_PREF_INFO', 'Preference');
const METRIC = inner(ROUTE, 'PrefInfo', 'RTM_PREF_INFO', 'Metric');
const NEXT_HOP_COUNT = inner(ROUTE, 'NextHopsList', 'RTM_NEXTHOP_LIST', 'NumNextHops');
const NEXT_HOPS = inner(ROUTE, 'NextHopsList', 'RTM_NEXTHOP_LIST', 'NextHops');
const HANDLE_BYTES = abi === 'x64' ? 8 : 4;

const opened = new Map<string, Rtmv2>();

/** The functions of a library; binding them takes longer than most tests. */
function rtmv2Of({ path }: V2Library): Rtmv2 {
  const rtm = opened.get(path) ?? openRtmv2(path);
  opened.set(path, rtm);
  return rtm;
}

/** A client of RTMv2 itself on the tables of a library. */
export class NativeEntity {
  readonly #rtm: Rtmv2;
  readonly #family: Family;
  readonly #handle: bigint;
  readonly #routes = new Map<string, bigint>();
  readonly #hops = new Set<bigint>();
  #watch = 0n;
  #hasLeft = false;

  constructor(library: V2Library, family: Family, protocol: number, instance: number) {
    this.#rtm = rtmv2Of(library);
    this.#family = family;
    const info = new DataView(new ArrayBuffer(sizeOf('RTM_ENTITY_INFO')));
    info.setUint16(offsetOf('RTM_ENTITY_INFO', 'AddressFamily'), family.addressFamily, true);
    info.setUint32(inner('RTM_ENTITY_INFO', 'EntityId', 'RTM_ENTITY_ID', 'EntityProtocolId'), protocol, true);
    info.setUint32(inner('RTM_ENTITY_INFO', 'EntityId', 'RTM_ENTITY_ID', 'EntityInstanceId'), instance, true);
    const cell = handles(0n);
    const profile = new Uint8Array(sizeOf('RTM_REGN_PROFILE'));
    expect(this.#rtm.RtmRegisterEntity(info, null, null, false, profile, cell), 'RtmRegisterEntity').toBe(NO_ERROR);
    this.#handle = firstOf(cell);
  }

  /** Adds a route, or updates the one to the same network via the same first router. */
  add(route: NativeRoute = {}): void {
    const { net = 1, vias = [1], interfaceId = 1, preference = 10, metric = 1, views = UNICAST, flags = 0, pointer = 0n } = route;
    const hops = vias.map((via) => this.#hop(via, interfaceId));
    const info = new DataView(new ArrayBuffer(sizeOfRouteInfo(MAX_NEXT_HOPS)));
    setHandle(info, offsetOf(ROUTE, 'Neighbour'), hops[0] ?? 0n);
    info.setUint32(PREFERENCE, preference, true);
    info.setUint32(METRIC, metric, true);
    info.setUint32(offsetOf(ROUTE, 'BelongsToViews'), views, true);
    info.setUint16(offsetOf(ROUTE, 'Flags'), flags, true);
    setHandle(info, offsetOf(ROUTE, 'EntitySpecificInfo'), pointer);
    info.setUint16(NEXT_HOP_COUNT, hops.length, true);
    hops.forEach((hop, index) => {
      setHandle(info, NEXT_HOPS + index * HANDLE_BYTES, hop);
    });
    const key = `${net} ${String(vias[0])} ${interfaceId}`;
    const cell = handles(this.#routes.get(key) ?? 0n);
    const code = this.#rtm.RtmAddRouteToDest(this.#handle, cell, this.#address(net), info, INFINITE, 0, 0, 0, new Uint32Array(1));
    expect(code, 'RtmAddRouteToDest').toBe(NO_ERROR);
    this.#routes.set(key, firstOf(cell));
  }

  /** Deletes the route to a network via a router. */
  remove(net: number, via = 1, interfaceId = 1): void {
    const key = `${net} ${via} ${interfaceId}`;
    const code = this.#rtm.RtmDeleteRouteToDest(this.#handle, this.#routes.get(key) ?? 0n, new Uint32Array(1));
    expect(code, 'RtmDeleteRouteToDest').toBe(NO_ERROR);
    this.#routes.delete(key);
  }

  /** Deletes all that the entity has added, and deregisters it; a second time there is nothing to do. */
  leave(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    for (const route of this.#routes.values()) {
      expect(this.#rtm.RtmDeleteRouteToDest(this.#handle, route, new Uint32Array(1)), 'RtmDeleteRouteToDest').toBe(NO_ERROR);
    }
    for (const hop of this.#hops) {
      expect(this.#rtm.RtmDeleteNextHop(this.#handle, hop, null), 'RtmDeleteNextHop').toBe(NO_ERROR);
    }
    if (this.#watch !== 0n) {
      expect(this.#rtm.RtmDeregisterFromChangeNotification(this.#handle, this.#watch)).toBe(NO_ERROR);
    }
    expect(this.#rtm.RtmDeregisterEntity(this.#handle), 'RtmDeregisterEntity').toBe(NO_ERROR);
  }

  /** The entities of the table besides this one. */
  others(): EntityId[] {
    const count = Uint32Array.of(MAX_ENTITIES);
    const found = handles(...new Array<bigint>(MAX_ENTITIES).fill(0n));
    const size = sizeOf('RTM_ENTITY_INFO');
    const infos = new DataView(new ArrayBuffer(MAX_ENTITIES * size));
    expect(this.#rtm.RtmGetRegisteredEntities(this.#handle, count, found, infos)).toBe(NO_ERROR);
    const [entities = 0] = count;
    expect(this.#rtm.RtmReleaseEntities(this.#handle, entities, found)).toBe(NO_ERROR);
    const all = Array.from({ length: entities }, (_entity, index) => ({
      handle: BigInt(found[index] ?? 0),
      protocol: infos.getUint32(index * size + inner('RTM_ENTITY_INFO', 'EntityId', 'RTM_ENTITY_ID', 'EntityProtocolId'), true),
      instance: infos.getUint32(index * size + inner('RTM_ENTITY_INFO', 'EntityId', 'RTM_ENTITY_ID', 'EntityInstanceId'), true),
    }));
    return all.filter(({ handle }) => handle !== this.#handle).map(({ protocol, instance }) => ({ protocol, instance }));
  }

  /** The best route of a network in a view, or null. */
  best(net: number, view = UNICAST): SeenRoute | null {
    const dest = new DataView(new ArrayBuffer(sizeOfDestInfo(MAX_VIEWS)));
    const code = this.#rtm.RtmGetExactMatchDestination(this.#handle, this.#address(net), 0, view, dest);
    if (code !== NO_ERROR) return null;
    const route = handleAt(dest, offsetOf('RTM_DEST_INFO', 'ViewInfo') + offsetOf('RTM_DEST_INFO.ViewInfo', 'Route'));
    const info = new DataView(new ArrayBuffer(sizeOfRouteInfo(MAX_NEXT_HOPS)));
    expect(this.#rtm.RtmGetRouteInfo(this.#handle, route, info, null), 'RtmGetRouteInfo').toBe(NO_ERROR);
    const neighbour = handleAt(info, offsetOf(ROUTE, 'Neighbour'));
    const seen = {
      neighbour: neighbour === 0n ? null : this.#describe(neighbour),
      hops: Array.from({ length: info.getUint16(NEXT_HOP_COUNT, true) }, (_hop, index) =>
        this.#describe(handleAt(info, NEXT_HOPS + index * HANDLE_BYTES)),
      ),
      preference: info.getUint32(PREFERENCE, true),
      metric: info.getUint32(METRIC, true),
      flags: info.getUint16(offsetOf(ROUTE, 'Flags'), true),
      flags1: info.getUint8(offsetOf(ROUTE, 'Flags1')),
      views: info.getUint32(offsetOf(ROUTE, 'BelongsToViews'), true),
    };
    expect(this.#rtm.RtmReleaseRouteInfo(this.#handle, info)).toBe(NO_ERROR);
    expect(this.#rtm.RtmReleaseDestInfo(this.#handle, dest)).toBe(NO_ERROR);
    return seen;
  }

  /** Asks RTMv2 to note the networks whose best route changes for forwarding, as the forwarder does. */
  watchForwarding(): void {
    const cell = handles(0n);
    const FORWARDING = 4;
    expect(this.#rtm.RtmRegisterForChangeNotification(this.#handle, UNICAST, FORWARDING, 0, cell)).toBe(NO_ERROR);
    this.#watch = firstOf(cell);
  }

  /** The networks that were noted since the last call, in ascending order. */
  changedNetworks(): number[] {
    const networks: number[] = [];
    const dest = new DataView(new ArrayBuffer(sizeOfDestInfo(MAX_VIEWS)));
    for (;;) {
      const count = Uint32Array.of(1);
      const code = this.#rtm.RtmGetChangedDests(this.#handle, this.#watch, count, dest);
      if (count[0] === 1) {
        const bits = inner('RTM_DEST_INFO', 'DestAddress', 'RTM_NET_ADDRESS', 'AddrBits');
        networks.push(dest.getUint8(bits + (this.#family.name === 'IP' ? 1 : 3)));
        expect(this.#rtm.RtmReleaseChangedDests(this.#handle, this.#watch, 1, dest)).toBe(NO_ERROR);
      }
      if (code === ERROR_NO_MORE_ITEMS) return networks.sort((a, b) => a - b);
      expect(code, 'RtmGetChangedDests').toBe(NO_ERROR);
    }
  }

  #address(net: number): DataView {
    const { bits, octets } = this.#family.prefix(net);
    return this.#netAddress(bits, octets);
  }

  #netAddress(bits: number, octets: readonly number[]): DataView {
    const address = new DataView(new ArrayBuffer(sizeOf('RTM_NET_ADDRESS')));
    address.setUint16(offsetOf('RTM_NET_ADDRESS', 'AddressFamily'), this.#family.addressFamily, true);
    address.setUint16(offsetOf('RTM_NET_ADDRESS', 'NumBits'), bits, true);
    new Uint8Array(address.buffer).set(octets, offsetOf('RTM_NET_ADDRESS', 'AddrBits'));
    return address;
  }

  #hop(via: number, interfaceId: number): bigint {
    const octets = this.#family.router(via);
    const info = new DataView(new ArrayBuffer(sizeOf(NEXT_HOP)));
    const address = new Uint8Array(this.#netAddress(8 * octets.length, octets).buffer);
    new Uint8Array(info.buffer).set(address, offsetOf(NEXT_HOP, 'NextHopAddress'));
    info.setUint32(offsetOf(NEXT_HOP, 'InterfaceIndex'), interfaceId, true);
    const [cell, flags] = [handles(0n), new Uint32Array(1)];
    expect(this.#rtm.RtmAddNextHop(this.#handle, info, cell, flags), 'RtmAddNextHop').toBe(NO_ERROR);
    const hop = firstOf(cell);
    if (this.#hops.has(hop)) expect(this.#rtm.RtmReleaseNextHops(this.#handle, 1, cell)).toBe(NO_ERROR);
    this.#hops.add(hop);
    return hop;
  }

  #describe(hop: bigint): Hop {
    const info = new DataView(new ArrayBuffer(sizeOf(NEXT_HOP)));
    expect(this.#rtm.RtmGetNextHopInfo(this.#handle, hop, info), 'RtmGetNextHopInfo').toBe(NO_ERROR);
    const address = offsetOf(NEXT_HOP, 'NextHopAddress');
    const bits = info.getUint16(address + offsetOf('RTM_NET_ADDRESS', 'NumBits'), true);
    const start = address + offsetOf('RTM_NET_ADDRESS', 'AddrBits');
    const described = {
      bits,
      octets: [...new Uint8Array(info.buffer, start, bits / 8)],
      interfaceId: info.getUint32(offsetOf(NEXT_HOP, 'InterfaceIndex'), true),
    };
    expect(this.#rtm.RtmReleaseNextHopInfo(this.#handle, info)).toBe(NO_ERROR);
    return described;
  }
}
