import { sizeOf } from '../win32/abi.js';
import { defineInspection } from '../win32/inspection.js';
import { formatIpxNetwork, formatIpxNode } from './ipx-address.js';
import { ROUTE_DWORDS, RouteStructure, type RouteStructureJson } from './route-structure.js';
import { defineDwords, defineUshorts, dwordStructure, inspectStructure, Structure } from './structure.js';
import { readJson } from './structure-json.js';

/** An IPX_NETWORK: `N_NetNumber`, a number in the byte order of the machine. IPX networks have no masks. */
export const IpxNetwork = dwordStructure('IPX_NETWORK', ['N_NetNumber'], ({ N_NetNumber }) =>
  formatIpxNetwork(N_NetNumber),
);
export type IpxNetwork = InstanceType<typeof IpxNetwork>;

/** An IPX_NEXT_HOP_ADDRESS: a view over the 6 bytes of a router's MAC address, first octet first. */
export class IpxNextHopAddress {
  readonly NHA_Mac: Uint8Array;

  /**
   * @param bytes memory to view: at least 6 bytes, starting anywhere; new memory if omitted
   * @throws {RangeError} if the memory is too small
   */
  constructor(bytes?: Uint8Array) {
    const size = sizeOf('IPX_NEXT_HOP_ADDRESS');
    const { buffer, byteOffset, byteLength } = bytes ?? new Uint8Array(size);
    if (byteLength < size) {
      throw new RangeError(`IPX_NEXT_HOP_ADDRESS takes ${size} bytes, and there are only ${byteLength}`);
    }
    this.NHA_Mac = new Uint8Array(buffer, byteOffset, size);
  }

  /** The bytes of the C structure; writing them changes this object. */
  get bytes(): Uint8Array {
    return this.NHA_Mac;
  }

  /** The member of the C structure: six octets. */
  toJSON(): { NHA_Mac: number[] } {
    return { NHA_Mac: Array.from(this.NHA_Mac) };
  }

  static {
    const hasMemory = ({ NHA_Mac }: Partial<IpxNextHopAddress>): boolean => NHA_Mac?.[0] !== undefined;
    defineInspection(IpxNextHopAddress.prototype, 'IpxNextHopAddress', hasMemory, ['NHA_Mac'], ({ NHA_Mac }) =>
      formatIpxNode(NHA_Mac),
    );
  }
}

/** An IPX_SPECIFIC_DATA as JSON has it. */
export type IpxSpecificDataJson = Readonly<Record<'FSD_Flags' | 'FSD_TickCount' | 'FSD_HopCount', number>>;

/**
 * An IPX_SPECIFIC_DATA. FSD_TickCount ranks routes first and FSD_HopCount among those of equally many ticks, the lower
 * first (Windows 2000 Resource Kit, "IPX Routing Tables"). Protocols other than RIP convert their metric to ticks.
 */
export class IpxSpecificData extends Structure<IpxSpecificDataJson> {
  /** 0 or IPX_GLOBAL_CLIENT_WAN_ROUTE. */
  declare FSD_Flags: number;
  /** Ticks that it takes to reach the network, 0..65535. */
  declare FSD_TickCount: number;
  /** Routers on the way, 0..65535. */
  declare FSD_HopCount: number;

  /** @param bytes memory to view: at least 8 bytes, starting at a multiple of 4; new memory if omitted */
  constructor(bytes?: Uint8Array) {
    super('IPX_SPECIFIC_DATA', bytes);
  }

  static {
    defineDwords(IpxSpecificData.prototype, 'IPX_SPECIFIC_DATA', ['FSD_Flags']);
    defineUshorts(IpxSpecificData.prototype, 'IPX_SPECIFIC_DATA', ['FSD_TickCount', 'FSD_HopCount']);
    inspectStructure(IpxSpecificData.prototype, 'IPX_SPECIFIC_DATA');
  }
}

/** An RTM_IPX_ROUTE as JSON has it: numbers as they are in memory, under the names of C. */
export interface RtmIpxRouteJson extends RouteStructureJson {
  readonly RR_Network: ReturnType<IpxNetwork['toJSON']>;
  readonly RR_NextHopAddress: { readonly NHA_Mac: readonly number[] };
  readonly RR_FamilySpecificData: IpxSpecificDataJson;
}

/**
 * An RTM_IPX_ROUTE: a view over the 52 bytes of the C structure, with members named as in C.
 *
 * @example
 * const route = new RtmIpxRoute();
 * route.RR_Network.N_NetNumber = 0xbadcafe;
 * route.RR_NextHopAddress.NHA_Mac.set([0x00, 0x00, 0x5e, 0x00, 0x53, 0x01]);
 * route.RR_InterfaceID = 3;
 * route.RR_FamilySpecificData.FSD_TickCount = 2;
 * route.toJSON().RR_NextHopAddress.NHA_Mac; // [0x00, 0x00, 0x5e, 0x00, 0x53, 0x01]
 */
export class RtmIpxRoute extends RouteStructure<RtmIpxRouteJson> {
  #network: IpxNetwork | undefined;
  #nextHop: IpxNextHopAddress | undefined;
  #familyData: IpxSpecificData | undefined;

  /** @param bytes memory to view: at least 52 bytes, starting at a multiple of 4; new memory if omitted */
  constructor(bytes?: Uint8Array) {
    super('RTM_IPX_ROUTE', bytes);
  }

  /**
   * A route with the members that `toJSON` has told. The two bytes of padding behind NHA_Mac are 0.
   *
   * @throws {TypeError} if a member is missing, is none, or is of another kind
   * @throws {RangeError} if a number is none that the member can hold
   *
   * @example
   * const route = new RtmIpxRoute();
   * route.RR_Network.N_NetNumber = 0xbadcafe;
   * const copy = RtmIpxRoute.fromJSON(JSON.parse(JSON.stringify(route)));
   * copy.bytes; // route.bytes
   */
  static fromJSON(json: RtmIpxRouteJson): RtmIpxRoute {
    return readJson(new RtmIpxRoute(), json, 'RTM_IPX_ROUTE');
  }

  /** The destination network. */
  get RR_Network(): IpxNetwork {
    return (this.#network ??= new IpxNetwork(this.member('RR_Network', 'IPX_NETWORK')));
  }

  /** The router to send to, a part of the route's identity. */
  get RR_NextHopAddress(): IpxNextHopAddress {
    return (this.#nextHop ??= new IpxNextHopAddress(this.member('RR_NextHopAddress', 'IPX_NEXT_HOP_ADDRESS')));
  }

  /** Flags, ticks and hops. */
  get RR_FamilySpecificData(): IpxSpecificData {
    return (this.#familyData ??= new IpxSpecificData(this.member('RR_FamilySpecificData', 'IPX_SPECIFIC_DATA')));
  }

  static {
    defineDwords(RtmIpxRoute.prototype, 'RTM_IPX_ROUTE', ROUTE_DWORDS);
    inspectStructure(RtmIpxRoute.prototype, 'RTM_IPX_ROUTE');
  }
}
