/** An RTM_IP_ROUTE of a check. */
import { offsetOf, sizeOf } from '../win32/abi.js';
import { constant } from '../win32/constants.js';
import { maskOfLength, prefixLength } from '../translate/ip-network.js';
import { memberValues } from '../translate/rules.js';
import { formatIpv4 } from '../v1/ipv4.js';
import { at } from './dwords.js';
import { memberNames, RouteRecord } from './route-record.js';

const NETWORK_NUMBER = at('RTM_IP_ROUTE', 'RR_Network') + at('IP_NETWORK', 'N_NetNumber');
const NETWORK_MASK = at('RTM_IP_ROUTE', 'RR_Network') + at('IP_NETWORK', 'N_NetMask');
const NEXT_HOP_NUMBER = at('RTM_IP_ROUTE', 'RR_NextHopAddress') + at('IP_NEXT_HOP_ADDRESS', 'N_NetNumber');
const NEXT_HOP_MASK = at('RTM_IP_ROUTE', 'RR_NextHopAddress') + at('IP_NEXT_HOP_ADDRESS', 'N_NetMask');
const FAMILY_DATA = at('RTM_IP_ROUTE', 'RR_FamilySpecificData');
const FSD_Type = FAMILY_DATA + at('IP_SPECIFIC_DATA', 'FSD_Type');
const FSD_Priority = FAMILY_DATA + at('IP_SPECIFIC_DATA', 'FSD_Priority');
const FSD_Metric = FAMILY_DATA + at('IP_SPECIFIC_DATA', 'FSD_Metric');
const FSD_Metric1 = FAMILY_DATA + at('IP_SPECIFIC_DATA', 'FSD_Metric1');
const FSD_Flags = FAMILY_DATA + at('IP_SPECIFIC_DATA', 'FSD_Flags');

const MEMBER_NAMES = memberNames('RTM_IP_ROUTE', [
  { member: 'RR_Network', structure: 'IP_NETWORK', prefix: 'RR_Network.' },
  { member: 'RR_NextHopAddress', structure: 'IP_NEXT_HOP_ADDRESS', prefix: 'RR_NextHopAddress.' },
  { member: 'RR_FamilySpecificData', structure: 'IP_SPECIFIC_DATA', prefix: '' },
]);

/** The type of a route whose RTMv2 counterpart has this flag. */
const typeWith = (flag: string): number =>
  memberValues('IP_SPECIFIC_DATA', 'FSD_Type').find(({ v2 }) => v2 === constant(flag))?.v1 ?? 0;

const TYPE_LOCAL = typeWith('RTM_ROUTE_FLAGS_LOCAL');
const TYPE_REMOTE = typeWith('RTM_ROUTE_FLAGS_REMOTE');
const IP_VALID_ROUTE = constant('IP_VALID_ROUTE');
const HOST_MASK = 0xffffffff;

export class IpRecord extends RouteRecord {
  constructor() {
    super('RTM_IP_ROUTE', MEMBER_NAMES);
  }

  get network(): number {
    return this.words[NETWORK_NUMBER] ?? 0;
  }

  get prefixLength(): number {
    return prefixLength(this.network, this.words[NETWORK_MASK] ?? 0);
  }

  get nextHop(): number {
    return this.words[NEXT_HOP_NUMBER] ?? 0;
  }

  get networkBytes(): Uint8Array {
    const start = offsetOf('RTM_IP_ROUTE', 'RR_Network');
    return this.bytes.subarray(start, start + sizeOf('IP_NETWORK'));
  }

  setNetwork(network: number, length: number): void {
    this.words[NETWORK_NUMBER] = network;
    this.words[NETWORK_MASK] = maskOfLength(length);
  }

  format(): string {
    const mask = formatIpv4(this.words[NETWORK_MASK] ?? 0);
    const length = this.prefixLength;
    const hop = `via ${formatIpv4(this.nextHop)} if ${this.interfaceIndex}`;
    return `${formatIpv4(this.network)}${length < 0 ? ` mask ${mask}` : `/${length}`} ${hop}`;
  }

  /** FSD_Metric1 repeats the metric, as a protocol does for MIB-II agents. */
  protected fillFamily(nextHop: number, metric: number, priority: number): void {
    const { words } = this;
    words[NEXT_HOP_NUMBER] = nextHop;
    words[NEXT_HOP_MASK] = HOST_MASK;
    words[FSD_Type] = nextHop === 0 ? TYPE_LOCAL : TYPE_REMOTE;
    words[FSD_Priority] = priority;
    words[FSD_Metric] = metric;
    words[FSD_Metric1] = metric;
    words[FSD_Flags] = IP_VALID_ROUTE;
  }
}
