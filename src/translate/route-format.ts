import { offsetOf, sizeOf } from '../win32/abi.js';
import { swapOctets } from './ip-network.js';

const WORD_SIZE = 4;
const WORD = 0x1_0000_0000;

/** Index of the DWORD at which a member of a structure starts. */
export const wordOf = (structure: string, member: string): number => offsetOf(structure, member) / WORD_SIZE;

const common = (member: string): number => wordOf('RTM_IP_ROUTE', member);

/** Index of the first DWORD of each member that the route structures of all families have in the same place. */
export const TIME_STAMP = common('RR_TimeStamp');
export const ROUTING_PROTOCOL = common('RR_RoutingProtocol');
export const INTERFACE_ID = common('RR_InterfaceID');
export const NETWORK = common('RR_Network');

/** What one family's routes have that the others' have not, or have in a form of their own. */
export interface FamilyMembers {
  /** RTM_PROTOCOL_FAMILY_*. */
  readonly family: number;
  /** RTMv2's number of the address family. */
  readonly addressFamily: number;
  /** Name of the route structure in `mappings/layouts.json`. */
  readonly structure: string;
  /** Name of the structure of its RR_Network. */
  readonly networkStructure: string;
  /** Bits of a network's address. */
  readonly networkBits: number;
  /** Bits of a next hop's address. */
  readonly nextHopBits: number;
  /** Index of the DWORD of FSD_Flags. */
  readonly flags: number;
  /** The bits of FSD_Flags that RTM_ROUTE_INFO.Flags1 has room for: Rtmv2.h reserves it for compatibility with v1. */
  readonly flagsMask: number;
  /** Length of the prefix that the route's network denotes, or -1 if no table can hold it. */
  readonly prefixLength: (route: Uint32Array) => number;
  /** The network's address as RTMv2 has it: octets in memory order, in one DWORD. */
  readonly address: (route: Uint32Array) => number;
  /** Writes the network that RTMv2 names by such an address and a prefix length. */
  readonly setNetwork: (route: Uint32Array, address: number, length: number) => void;
  /** The next hop's address as a number: octets in memory order, the first the lowest; at most 48 bits. */
  readonly nextHop: (route: Uint32Array) => number;
  /** Writes the next hop that has such an address and a prefix length. */
  readonly setNextHop: (route: Uint32Array, address: number, length: number) => void;
  /** What ranks the route first, the lower the better: RTMv2's preference. */
  readonly preference: (route: Uint32Array) => number;
  /** What ranks routes of one preference, the lower the better: RTMv2's metric. */
  readonly metric: (route: Uint32Array) => number;
  /** Writes both, as near as the structure can hold them. */
  readonly setRank: (route: Uint32Array, preference: number, metric: number) => void;
  /** Writes the priority that an administrator has given to the route's protocol, if the family knows of any. */
  readonly setPriority: (route: Uint32Array, priority: number) => void;
  /** RTM_ROUTE_INFO.Flags of the route. */
  readonly routeFlags: (route: Uint32Array) => number;
  /** Writes what such flags of a native RTMv2 route tell. */
  readonly setRouteFlags: (route: Uint32Array, flags: number) => void;
}

/**
 * The route structure of one protocol family, read and written as an array of DWORDs. Everything that depends on the
 * family is here, so that the rest of the shim has one path for all of them. All formats name their members in the same
 * order, and so are of one shape to the JavaScript engine: that path is as fast as if there were only one.
 */
export interface RouteFormat extends FamilyMembers {
  /** Bytes of the structure. */
  readonly size: number;
  /** DWORDs of the structure. */
  readonly words: number;
  /** Bytes of its RR_Network. */
  readonly networkSize: number;
  /** Index of the first DWORD of RR_FamilySpecificData, which is the last member of every route structure. */
  readonly familyData: number;
}

/** Completes what a family says about itself by what its layouts say. */
export function routeFormat(members: FamilyMembers): RouteFormat {
  const size = sizeOf(members.structure);
  return {
    ...members,
    size,
    words: size / WORD_SIZE,
    networkSize: sizeOf(members.networkStructure),
    familyData: wordOf(members.structure, 'RR_FamilySpecificData'),
  };
}

/** Room for one route. */
export function newRoute(format: RouteFormat): Uint32Array<ArrayBuffer> {
  return new Uint32Array(format.words);
}

/** Whether two routes are to the same network. */
export function sameNetwork(format: RouteFormat, one: Uint32Array, other: Uint32Array): boolean {
  return format.address(one) === format.address(other) && format.prefixLength(one) === format.prefixLength(other);
}

/** Whether two routes of one protocol to one network go over the same interface to the same next hop. */
export function sameNextHop(format: RouteFormat, one: Uint32Array, other: Uint32Array): boolean {
  return one[INTERFACE_ID] === other[INTERFACE_ID] && format.nextHop(one) === format.nextHop(other);
}

/**
 * Whether two best routes of a network differ in a value that v1 calls significant: protocol, interface, address of the
 * next hop, or any byte of the family-specific data.
 */
export function differSignificantly(format: RouteFormat, one: Uint32Array, other: Uint32Array): boolean {
  if (one[ROUTING_PROTOCOL] !== other[ROUTING_PROTOCOL] || !sameNextHop(format, one, other)) return true;
  for (let index = format.familyData; index < format.words; index += 1) {
    if (one[index] !== other[index]) return true;
  }
  return false;
}

/**
 * Compares the identities of two routes in table order: by the octets of the network, the shorter mask first, then by
 * protocol, interface, and the octets of the next hop.
 *
 * @returns a negative number if `one` comes first, a positive one if `other` does, or 0
 */
export function compareRoutes(format: RouteFormat, one: Uint32Array, other: Uint32Array): number {
  return (
    swapOctets(format.address(one)) - swapOctets(format.address(other)) ||
    format.prefixLength(one) - format.prefixLength(other) ||
    (one[ROUTING_PROTOCOL] ?? 0) - (other[ROUTING_PROTOCOL] ?? 0) ||
    (one[INTERFACE_ID] ?? 0) - (other[INTERFACE_ID] ?? 0) ||
    compareOctets(format.nextHop(one), format.nextHop(other))
  );
}

/** Compares two numbers of up to 48 bits by their octets, the lowest first. */
function compareOctets(one: number, other: number): number {
  return swapOctets(one) - swapOctets(other) || swapOctets(one / WORD) - swapOctets(other / WORD);
}
