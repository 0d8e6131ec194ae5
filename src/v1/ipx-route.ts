import { sizeOf } from '../win32/abi.js';
import { ROUTE_DWORDS, RouteStructure } from './route-structure.js';
import { defineDwords, defineUshorts, dwordStructure, Structure } from './structure.js';

/** An IPX_NETWORK: `N_NetNumber`, a number in the byte order of the machine. IPX networks have no masks. */
export const IpxNetwork = dwordStructure('IPX_NETWORK', ['N_NetNumber']);
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
}

/**
 * An IPX_SPECIFIC_DATA. FSD_TickCount ranks routes first and FSD_HopCount among those of equally many ticks, the lower
 * first (Windows 2000 Resource Kit, "IPX Routing Tables"). Protocols other than RIP convert their metric to ticks.
 */
export class IpxSpecificData extends Structure {
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
  }
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
 */
export class RtmIpxRoute extends RouteStructure {
  #network: IpxNetwork | undefined;
  #nextHop: IpxNextHopAddress | undefined;
  #familyData: IpxSpecificData | undefined;

  /** @param bytes memory to view: at least 52 bytes, starting at a multiple of 4; new memory if omitted */
  constructor(bytes?: Uint8Array) {
    super('RTM_IPX_ROUTE', bytes);
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
  }
}
