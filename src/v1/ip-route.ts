import { IP_VALID_ROUTE } from './constants.js';
import { dottedNetwork } from './dword-text.js';
import { ROUTE_DWORDS, RouteStructure, type RouteStructureJson } from './route-structure.js';
import { defineDwords, dwordStructure, inspectStructure } from './structure.js';
import { readJson } from './structure-json.js';

/** The types of RFC 1354, by FSD_Type. */
const TYPES: Readonly<Record<number, string>> = { 1: 'other', 2: 'invalid', 3: 'local', 4: 'remote' };

/**
 * An IP_NETWORK, which is also IP_NEXT_HOP_ADDRESS: `N_NetNumber` and `N_NetMask`. Both hold four octets in memory
 * order (network byte order), whatever the processor's own: 10.0.0.0 is the bytes 10, 0, 0, 0 and so the number
 * 0x0000000A. The header's own macros read them so. `ipv4` and `ipv4Mask` make such numbers.
 */
export const IpNetwork = dwordStructure('IP_NETWORK', ['N_NetNumber', 'N_NetMask'], ({ N_NetNumber, N_NetMask }) =>
  dottedNetwork(N_NetNumber, N_NetMask),
);
export type IpNetwork = InstanceType<typeof IpNetwork>;

/**
 * An IP_SPECIFIC_DATA. FSD_Priority ranks routes of different protocols and FSD_Metric routes of one protocol, the
 * lower first; FSD_Metric1..5 are for MIB-II agents only and never rank routes.
 */
export const IpSpecificData = dwordStructure(
  'IP_SPECIFIC_DATA',
  [
    'FSD_Type',
    'FSD_Policy',
    'FSD_NextHopAS',
    'FSD_Priority',
    'FSD_Metric',
    'FSD_Metric1',
    'FSD_Metric2',
    'FSD_Metric3',
    'FSD_Metric4',
    'FSD_Metric5',
    'FSD_Flags',
  ],
  ({ FSD_Type, FSD_Flags }) => `${TYPES[FSD_Type] ?? ''} ${(FSD_Flags & IP_VALID_ROUTE) === 0 ? '' : 'valid'}`.trim(),
);
export type IpSpecificData = InstanceType<typeof IpSpecificData>;

/** An RTM_IP_ROUTE as JSON has it: numbers as they are in memory, under the names of C. */
export interface RtmIpRouteJson extends RouteStructureJson {
  readonly RR_Network: ReturnType<IpNetwork['toJSON']>;
  readonly RR_NextHopAddress: ReturnType<IpNetwork['toJSON']>;
  readonly RR_FamilySpecificData: ReturnType<IpSpecificData['toJSON']>;
}

/**
 * An RTM_IP_ROUTE: a view over the 92 bytes of the C structure, with members named as in C.
 *
 * @example
 * const route = new RtmIpRoute();
 * route.RR_Network.N_NetNumber = ipv4('10.0.0.0');
 * route.RR_Network.N_NetMask = ipv4Mask(8);
 * route.RR_NextHopAddress.N_NetNumber = ipv4('192.0.2.1');
 * route.RR_InterfaceID = 3;
 * route.RR_FamilySpecificData.FSD_Metric = 2;
 * route.toJSON().RR_FamilySpecificData.FSD_Metric; // 2
 */
export class RtmIpRoute extends RouteStructure<RtmIpRouteJson> {
  #network: IpNetwork | undefined;
  #nextHop: IpNetwork | undefined;
  #familyData: IpSpecificData | undefined;

  /** @param bytes memory to view: at least 92 bytes, starting at a multiple of 4; new memory if omitted */
  constructor(bytes?: Uint8Array) {
    super('RTM_IP_ROUTE', bytes);
  }

  /**
   * A route with the members that `toJSON` has told, byte for byte.
   *
   * @throws {TypeError} if a member is missing, is none, or is of another kind
   * @throws {RangeError} if a number is none that the member can hold
   *
   * @example
   * const route = new RtmIpRoute();
   * route.RR_Network.N_NetNumber = ipv4('10.0.0.0');
   * const copy = RtmIpRoute.fromJSON(JSON.parse(JSON.stringify(route)));
   * copy.bytes; // route.bytes
   */
  static fromJSON(json: RtmIpRouteJson): RtmIpRoute {
    return readJson(new RtmIpRoute(), json, 'RTM_IP_ROUTE');
  }

  /** The destination network. */
  get RR_Network(): IpNetwork {
    return (this.#network ??= new IpNetwork(this.member('RR_Network', 'IP_NETWORK')));
  }

  /** The router to send to. Its address is part of the route's identity, its mask is not. */
  get RR_NextHopAddress(): IpNetwork {
    return (this.#nextHop ??= new IpNetwork(this.member('RR_NextHopAddress', 'IP_NEXT_HOP_ADDRESS')));
  }

  /** Priority, metrics, type and flags. */
  get RR_FamilySpecificData(): IpSpecificData {
    return (this.#familyData ??= new IpSpecificData(this.member('RR_FamilySpecificData', 'IP_SPECIFIC_DATA')));
  }

  static {
    defineDwords(RtmIpRoute.prototype, 'RTM_IP_ROUTE', ROUTE_DWORDS);
    inspectStructure(RtmIpRoute.prototype, 'RTM_IP_ROUTE');
  }
}
