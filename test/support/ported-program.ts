import { expect } from 'vitest';
import { HANDLE_SIZE, layouts, abi, sizeOf } from '../../src/win32/abi.js';
import { constant } from '../../src/win32/constants.js';
import { openRtmv2, type Rtmv2 } from '../../src/v2/rtmv2.js';
import { sizeOfDestInfo, sizeOfRouteInfo } from '../../src/v2/structures.js';

const AF_INET = constant('AF_INET');
const BEST_PROTOCOL = constant('RTM_BEST_PROTOCOL');
const INFINITE = constant('INFINITE');
const UCAST = constant('RTM_VIEW_MASK_UCAST');
/** More than any library here allows in a route. */
const MAX_NEXT_HOPS = 64;

/** Members one inside the other, each with the structure that it is a member of: `RTM_ROUTE_INFO.PrefInfo`, `RTM_PREF_INFO.Metric`. */
export type MemberPath = readonly string[];

function fieldOf(step: string): { readonly offset: number; readonly size: number } {
  const dot = step.lastIndexOf('.');
  const field = layouts[step.slice(0, dot)]?.[abi].fields.find(({ name }) => name === step.slice(dot + 1));
  if (field === undefined) throw new RangeError(`there is no ${step}`);
  return field;
}

/** Bytes laid out as a structure of Rtmv2.h, read and written by the names of its members. */
export class Structure {
  readonly bytes: Uint8Array<ArrayBuffer>;

  constructor(name: string, size = sizeOf(name)) {
    this.bytes = new Uint8Array(size);
  }

  /** The octets of a member. */
  octets(...path: MemberPath): Uint8Array {
    const fields = path.map(fieldOf);
    const start = fields.reduce((sum, { offset }) => sum + offset, 0);
    return this.bytes.subarray(start, start + (fields.at(-1)?.size ?? 0));
  }

  /** A member that is a number or a handle. */
  number(...path: MemberPath): number {
    return numberIn(this.octets(...path));
  }

  set(value: number, ...path: MemberPath): void {
    const octets = this.octets(...path);
    for (let index = 0; index < octets.length; index += 1) octets[index] = Math.floor(value / 256 ** index) % 256;
  }
}

/** What RTMv2 says about the best route of a network, by the structure that says it. */
export type Seen = Readonly<Record<string, Structure>>;

/** A program that has been ported: it calls RTMv2 itself and knows nothing of version 1. */
export class PortedProgram {
  readonly #rtm: Rtmv2;
  readonly #family: number;
  readonly #handle: number;
  readonly #undo: (() => void)[] = [];

  constructor(library: string, protocol: number, family = AF_INET) {
    this.#rtm = openRtmv2(library);
    this.#family = family;
    const info = new Structure('RTM_ENTITY_INFO');
    info.set(family, 'RTM_ENTITY_INFO.AddressFamily');
    info.set(protocol, 'RTM_ENTITY_INFO.EntityId', 'RTM_ENTITY_ID.EntityProtocolId');
    const handle = newHandle();
    const profile = new Structure('RTM_REGN_PROFILE').bytes;
    expect(this.#rtm.RtmRegisterEntity(info.bytes, null, null, false, profile, handle)).toBe(0);
    this.#handle = numberIn(handle);
  }

  /** Adds a route over a next hop; both go when the entity leaves. */
  addRoute(network: readonly number[], bits: number, nextHop: readonly number[], preference: number): void {
    const rtm = this.#rtm;
    const hopInfo = new Structure('RTM_NEXTHOP_INFO');
    hopInfo.octets('RTM_NEXTHOP_INFO.NextHopAddress').set(this.#address(nextHop, 8 * nextHop.length).bytes);
    const hop = newHandle();
    expect(rtm.RtmAddNextHop(this.#handle, hopInfo.bytes, hop, new Uint8Array(4))).toBe(0);
    const info = new Structure('RTM_ROUTE_INFO', sizeOfRouteInfo(1));
    info.set(preference, 'RTM_ROUTE_INFO.PrefInfo', 'RTM_PREF_INFO.Preference');
    info.set(UCAST, 'RTM_ROUTE_INFO.BelongsToViews');
    info.set(1, 'RTM_ROUTE_INFO.NextHopsList', 'RTM_NEXTHOP_LIST.NumNextHops');
    info.set(numberIn(hop), 'RTM_ROUTE_INFO.NextHopsList', 'RTM_NEXTHOP_LIST.NextHops');
    const route = newHandle();
    const address = this.#address(network, bits).bytes;
    const rest = [INFINITE, 0, 0, 0, new Uint8Array(4)] as const;
    expect(rtm.RtmAddRouteToDest(this.#handle, route, address, info.bytes, ...rest)).toBe(0);
    this.#undo.push(() => {
      expect(rtm.RtmDeleteRouteToDest(this.#handle, numberIn(route), new Uint8Array(4))).toBe(0);
      expect(rtm.RtmDeleteNextHop(this.#handle, numberIn(hop), null)).toBe(0);
    });
  }

  /** Looks at the best route of a network; what is returned holds no references any more. */
  look(network: readonly number[], bits: number): Seen {
    const rtm = this.#rtm;
    const address = this.#address(network, bits);
    const dest = new Structure('RTM_DEST_INFO', sizeOfDestInfo(2));
    const route = new Structure('RTM_ROUTE_INFO', sizeOfRouteInfo(MAX_NEXT_HOPS));
    const hop = new Structure('RTM_NEXTHOP_INFO');
    const owner = new Structure('RTM_ENTITY_INFO');
    const me = this.#handle;
    expect(rtm.RtmGetExactMatchDestination(me, address.bytes, BEST_PROTOCOL, UCAST, dest.bytes)).toBe(0);
    const best = dest.number('RTM_DEST_INFO.ViewInfo', 'RTM_DEST_INFO.ViewInfo.Route');
    expect(rtm.RtmGetRouteInfo(me, best, route.bytes, address.bytes)).toBe(0);
    const [first] = ['RTM_NEXTHOP_LIST.NextHops'].map((member) => route.number('RTM_ROUTE_INFO.NextHopsList', member));
    expect(rtm.RtmGetNextHopInfo(me, first ?? 0, hop.bytes)).toBe(0);
    expect(rtm.RtmGetEntityInfo(me, route.number('RTM_ROUTE_INFO.RouteOwner'), owner.bytes)).toBe(0);
    expect(rtm.RtmReleaseEntityInfo(me, owner.bytes)).toBe(0);
    expect(rtm.RtmReleaseNextHopInfo(me, hop.bytes)).toBe(0);
    expect(rtm.RtmReleaseRouteInfo(me, route.bytes)).toBe(0);
    expect(rtm.RtmReleaseDestInfo(me, dest.bytes)).toBe(0);
    return { RTM_ROUTE_INFO: route, RTM_NEXTHOP_INFO: hop, RTM_ENTITY_INFO: owner, RTM_DEST_INFO: dest, RTM_NET_ADDRESS: address };
  }

  leave(): void {
    for (const step of this.#undo.splice(0)) step();
    expect(this.#rtm.RtmDeregisterEntity(this.#handle)).toBe(0);
  }

  #address(octets: readonly number[], bits: number): Structure {
    const address = new Structure('RTM_NET_ADDRESS');
    address.set(this.#family, 'RTM_NET_ADDRESS.AddressFamily');
    address.set(bits, 'RTM_NET_ADDRESS.NumBits');
    address.octets('RTM_NET_ADDRESS.AddrBits').set(octets);
    return address;
  }
}

const newHandle = (): Uint8Array => new Uint8Array(HANDLE_SIZE);

/** The number that octets spell, the lowest first. */
export const numberIn = (octets: Uint8Array): number => octets.reduceRight((sum, octet) => sum * 256 + octet, 0);
