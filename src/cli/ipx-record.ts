/** An RTM_IPX_ROUTE of a check. */
import { offsetOf, sizeOf } from '../win32/abi.js';
import { at } from './dwords.js';
import { formatNetwork, formatNode, ticksAndHops } from './ipx-text.js';
import { memberNames, RouteRecord } from './route-record.js';

const NETWORK_NUMBER = at('RTM_IPX_ROUTE', 'RR_Network') + at('IPX_NETWORK', 'N_NetNumber');
const NODE = offsetOf('RTM_IPX_ROUTE', 'RR_NextHopAddress') + offsetOf('IPX_NEXT_HOP_ADDRESS', 'NHA_Mac');
const NODE_OCTETS = sizeOf('IPX_NEXT_HOP_ADDRESS');
const FAMILY_DATA = offsetOf('RTM_IPX_ROUTE', 'RR_FamilySpecificData');
const FSD_TickCount = (FAMILY_DATA + offsetOf('IPX_SPECIFIC_DATA', 'FSD_TickCount')) / 2;
const FSD_HopCount = (FAMILY_DATA + offsetOf('IPX_SPECIFIC_DATA', 'FSD_HopCount')) / 2;
const NETWORK_BITS = 32;

const MEMBER_NAMES = memberNames('RTM_IPX_ROUTE', [
  { member: 'RR_Network', structure: 'IPX_NETWORK', prefix: 'RR_Network.' },
  { member: 'RR_NextHopAddress', structure: 'IPX_NEXT_HOP_ADDRESS', prefix: 'RR_NextHopAddress.' },
  { member: 'RR_FamilySpecificData', structure: 'IPX_SPECIFIC_DATA', prefix: '' },
]);

export class IpxRecord extends RouteRecord {
  readonly #halves: Uint16Array;

  constructor() {
    super('RTM_IPX_ROUTE', MEMBER_NAMES);
    this.#halves = new Uint16Array(this.words.buffer);
  }

  get network(): number {
    return this.words[NETWORK_NUMBER] ?? 0;
  }

  get prefixLength(): number {
    return NETWORK_BITS;
  }

  get nextHop(): number {
    return this.bytes.subarray(NODE, NODE + NODE_OCTETS).reduce((node, octet) => node * 256 + octet, 0);
  }

  get networkBytes(): Uint8Array {
    const start = offsetOf('RTM_IPX_ROUTE', 'RR_Network');
    return this.bytes.subarray(start, start + sizeOf('IPX_NETWORK'));
  }

  setNetwork(network: number): void {
    this.words[NETWORK_NUMBER] = network;
  }

  format(): string {
    return `${formatNetwork(this.network)} via ${formatNode(this.nextHop)} if ${this.interfaceIndex}`;
  }

  protected fillFamily(nextHop: number, rank: number): void {
    const [ticks, hops] = ticksAndHops(rank);
    let rest = nextHop;
    for (let octet = NODE_OCTETS - 1; octet >= 0; octet--) {
      this.bytes[NODE + octet] = rest % 256;
      rest = Math.floor(rest / 256);
    }
    this.#halves[FSD_TickCount] = ticks;
    this.#halves[FSD_HopCount] = hops;
  }
}
