/** An RTM_IP_ROUTE as the 92 bytes of its C layout, filled from route text and compared member by member. */
import { abi, layouts, offsetOf, sizeOf } from '../win32/abi.js';
import { constant } from '../win32/constants.js';
import { maskOfLength, prefixLength } from '../translate/ip-network.js';
import { formatIpv4 } from '../v1/ipv4.js';
import type { RouteTable } from './route-table.js';

const SIZE = sizeOf('RTM_IP_ROUTE');

/** Position of a member in the route, counted in DWORDs. */
const at = (structure: string, member: string): number => offsetOf(structure, member) / 4;

const RR_RoutingProtocol = at('RTM_IP_ROUTE', 'RR_RoutingProtocol');
const RR_InterfaceID = at('RTM_IP_ROUTE', 'RR_InterfaceID');
const RR_ProtocolSpecificData = at('RTM_IP_ROUTE', 'RR_ProtocolSpecificData');
const NETWORK_NUMBER = at('RTM_IP_ROUTE', 'RR_Network') + at('IP_NETWORK', 'N_NetNumber');
const NETWORK_MASK = at('RTM_IP_ROUTE', 'RR_Network') + at('IP_NETWORK', 'N_NetMask');
const NEXT_HOP_NUMBER = at('RTM_IP_ROUTE', 'RR_NextHopAddress') + at('IP_NEXT_HOP_ADDRESS', 'N_NetNumber');
const NEXT_HOP_MASK = at('RTM_IP_ROUTE', 'RR_NextHopAddress') + at('IP_NEXT_HOP_ADDRESS', 'N_NetMask');
const FAMILY_DATA = at('RTM_IP_ROUTE', 'RR_FamilySpecificData');
const FSD_Type = FAMILY_DATA + at('IP_SPECIFIC_DATA', 'FSD_Type');
const FSD_Metric = FAMILY_DATA + at('IP_SPECIFIC_DATA', 'FSD_Metric');
const FSD_Metric1 = FAMILY_DATA + at('IP_SPECIFIC_DATA', 'FSD_Metric1');
const FSD_Flags = FAMILY_DATA + at('IP_SPECIFIC_DATA', 'FSD_Flags');

/** DWORD position -> the named member it belongs to. */
const MEMBER_NAMES = new Map([
  ...namesOf('RTM_IP_ROUTE', 0, ''),
  ...namesOf('IP_NETWORK', at('RTM_IP_ROUTE', 'RR_Network'), 'RR_Network.'),
  ...namesOf('IP_NEXT_HOP_ADDRESS', at('RTM_IP_ROUTE', 'RR_NextHopAddress'), 'RR_NextHopAddress.'),
  ...namesOf('IP_SPECIFIC_DATA', FAMILY_DATA, ''),
]);

/** Route types of RFC 1354. */
const TYPE_LOCAL = 3;
const TYPE_REMOTE = 4;
const IP_VALID_ROUTE = constant('IP_VALID_ROUTE');
const HOST_MASK = 0xffffffff;

/** The buffer of one route. */
export class RouteRecord {
  readonly bytes = new Uint8Array(SIZE);
  readonly #words = new Uint32Array(this.bytes.buffer);

  get network(): number {
    return this.#words[NETWORK_NUMBER] ?? 0;
  }

  /** -1 when the mask is not contiguous, or the network has bits outside it. */
  get prefixLength(): number {
    return prefixLength(this.network, this.#words[NETWORK_MASK] ?? 0);
  }

  get nextHop(): number {
    return this.#words[NEXT_HOP_NUMBER] ?? 0;
  }

  get interfaceIndex(): number {
    return this.#words[RR_InterfaceID] ?? 0;
  }

  set routingProtocol(protocol: number) {
    this.#words[RR_RoutingProtocol] = protocol;
  }

  /**
   * Fills in every member that a routing protocol sets, and the protocol that the manager returns.
   *
   * RR_ProtocolSpecificData, which belongs to the protocol, carries row and line: a route that comes back shows by them
   * which line of the input wrote it last. FSD_Metric1 repeats the metric, as a protocol does for MIB-II agents.
   */
  fill(routes: RouteTable, row: number, protocol: number): void {
    const words = this.#words;
    const nextHop = routes.nextHop[row] ?? 0;
    const metric = routes.metric[row] ?? 0;
    const line = routes.line[row] ?? 0;
    words[RR_RoutingProtocol] = protocol;
    words[RR_InterfaceID] = routes.interfaceIndex[row] ?? 0;
    words[RR_ProtocolSpecificData] = row;
    words[RR_ProtocolSpecificData + 1] = line;
    words[RR_ProtocolSpecificData + 2] = ~row;
    words[RR_ProtocolSpecificData + 3] = ~line;
    words[NETWORK_NUMBER] = routes.network[row] ?? 0;
    words[NETWORK_MASK] = maskOfLength(routes.prefixLength[row] ?? 0);
    words[NEXT_HOP_NUMBER] = nextHop;
    words[NEXT_HOP_MASK] = HOST_MASK;
    words[FSD_Type] = nextHop === 0 ? TYPE_LOCAL : TYPE_REMOTE;
    words[FSD_Metric] = metric;
    words[FSD_Metric1] = metric;
    words[FSD_Flags] = IP_VALID_ROUTE;
  }

  clear(): void {
    this.#words.fill(0);
  }

  /** The identity of the route, as text. */
  format(): string {
    const mask = formatIpv4(this.#words[NETWORK_MASK] ?? 0);
    const length = this.prefixLength;
    const hop = `via ${formatIpv4(this.nextHop)} if ${this.interfaceIndex}`;
    return `${formatIpv4(this.network)}${length < 0 ? ` mask ${mask}` : `/${length}`} ${hop}`;
  }

  /** Name of the first member, the time stamp aside, that differs from `other`; undefined when all are equal. */
  differingMember(other: RouteRecord): string | undefined {
    const words = this.#words;
    const otherWords = other.#words;
    for (let index = RR_RoutingProtocol; index < words.length; index++) {
      if (words[index] !== otherWords[index]) return MEMBER_NAMES.get(index);
    }
    return undefined;
  }
}

/** The members of a structure that begins at DWORD `start`, each under every DWORD it occupies. */
function namesOf(structure: string, start: number, prefix: string): [number, string][] {
  return (layouts[structure]?.[abi].fields ?? []).flatMap(({ name, offset, size }) =>
    Array.from({ length: size / 4 }, (_, dword): [number, string] => [start + offset / 4 + dword, `${prefix}${name}`]),
  );
}
