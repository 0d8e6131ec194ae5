/** A program that was written for RTMv2: it shares the table with v1 clients, who see its routes and cannot change them. */
import { abi, constant, offsetOf, type Rtmv2, sizeOf, sizeOfRouteInfo } from '../../src/v2/index.js';

/** A next hop: octets of its address, most significant first, and the interface. */
export interface NativeNextHop {
  readonly address: readonly number[];
  readonly interfaceIndex: number;
}

/** What an entity says about a route. */
export interface NativeRoute {
  /** Octets of the destination's address. */
  readonly destination: readonly number[];
  readonly bits: number;
  readonly nextHops: readonly NativeNextHop[];
  readonly preference: number;
  readonly metric: number;
  /** RTM_ROUTE_FLAGS_*. */
  readonly flags: number;
  /** What is there for compatibility with version 1: the low octet of FSD_Flags. */
  readonly flags1: number;
  /** RTM_VIEW_MASK_*. */
  readonly views: number;
}

const HANDLE_SIZE = abi === 'x64' ? 8 : 4;
const NO_ERROR = 0;

function check(call: string, code: number): void {
  if (code !== NO_ERROR) throw new Error(`${call} of a native entity answers ${code}`);
}

class HandleCell {
  readonly bytes = new Uint8Array(HANDLE_SIZE);

  get value(): number {
    const view = new DataView(this.bytes.buffer);
    return HANDLE_SIZE === 8 ? Number(view.getBigUint64(0, true)) : view.getUint32(0, true);
  }
}

const cells = (handles: readonly HandleCell[]): Uint8Array => {
  const bytes = new Uint8Array(handles.length * HANDLE_SIZE);
  handles.forEach(({ bytes: handle }, index) => {
    bytes.set(handle, index * HANDLE_SIZE);
  });
  return bytes;
};

export class NativeEntity {
  readonly #rtm: Rtmv2;
  readonly #family: number;
  readonly #handle: number;
  /** The next hops that were added, to be deleted in the end, by what names them. */
  readonly #nextHops = new Map<string, NativeNextHop>();

  constructor(rtm: Rtmv2, instance: number, family: number, protocol: number, protocolInstance: number) {
    const info = new DataView(new ArrayBuffer(sizeOf('RTM_ENTITY_INFO')));
    const id = offsetOf('RTM_ENTITY_INFO', 'EntityId');
    info.setUint16(offsetOf('RTM_ENTITY_INFO', 'RtmInstanceId'), instance, true);
    info.setUint16(offsetOf('RTM_ENTITY_INFO', 'AddressFamily'), family, true);
    info.setUint32(id + offsetOf('RTM_ENTITY_ID', 'EntityProtocolId'), protocol, true);
    info.setUint32(id + offsetOf('RTM_ENTITY_ID', 'EntityInstanceId'), protocolInstance, true);
    const profile = new Uint8Array(sizeOf('RTM_REGN_PROFILE'));
    const handle = new HandleCell();
    check('RtmRegisterEntity', rtm.RtmRegisterEntity(info, null, null, false, profile, handle.bytes));
    this.#rtm = rtm;
    this.#family = family;
    this.#handle = handle.value;
  }

  /** Adds a route or updates the one with the same destination and neighbour, which is its first next hop; tells its handle. */
  put(route: NativeRoute): number {
    const nextHops = route.nextHops.map((nextHop) => this.#addNextHop(nextHop));
    const info = this.#routeInfo(route, nextHops);
    const handle = new HandleCell();
    const changes = new Uint32Array(1);
    const destination = this.#netAddress(route.destination, route.bits);
    const forever = constant('INFINITE');
    check(
      'RtmAddRouteToDest',
      this.#rtm.RtmAddRouteToDest(this.#handle, handle.bytes, destination, info, forever, 0, 0, 0, changes),
    );
    if (nextHops.length > 0) {
      check('RtmReleaseNextHops', this.#rtm.RtmReleaseNextHops(this.#handle, nextHops.length, cells(nextHops)));
    }
    return handle.value;
  }

  /** Gives back one reference to a route. */
  release(route: number): void {
    const handle = new HandleCell();
    const view = new DataView(handle.bytes.buffer);
    if (HANDLE_SIZE === 8) view.setBigUint64(0, BigInt(route), true);
    else view.setUint32(0, route, true);
    check('RtmReleaseRoutes', this.#rtm.RtmReleaseRoutes(this.#handle, 1, handle.bytes));
  }

  /** Deletes a route, and with it the reference. */
  delete(route: number): void {
    check('RtmDeleteRouteToDest', this.#rtm.RtmDeleteRouteToDest(this.#handle, route, new Uint32Array(1)));
  }

  /** Ends the registration; the routes have to be deleted before. */
  end(): void {
    for (const nextHop of this.#nextHops.values()) {
      check('RtmDeleteNextHop', this.#rtm.RtmDeleteNextHop(this.#handle, 0, this.#nextHopInfo(nextHop)));
    }
    check('RtmDeregisterEntity', this.#rtm.RtmDeregisterEntity(this.#handle));
  }

  #addNextHop(nextHop: NativeNextHop): HandleCell {
    const handle = new HandleCell();
    const info = this.#nextHopInfo(nextHop);
    check('RtmAddNextHop', this.#rtm.RtmAddNextHop(this.#handle, info, handle.bytes, new Uint32Array(1)));
    this.#nextHops.set(JSON.stringify(nextHop), nextHop);
    return handle;
  }

  #netAddress(octets: readonly number[], bits: number): DataView {
    const address = new DataView(new ArrayBuffer(sizeOf('RTM_NET_ADDRESS')));
    address.setUint16(offsetOf('RTM_NET_ADDRESS', 'AddressFamily'), this.#family, true);
    address.setUint16(offsetOf('RTM_NET_ADDRESS', 'NumBits'), bits, true);
    new Uint8Array(address.buffer).set(octets, offsetOf('RTM_NET_ADDRESS', 'AddrBits'));
    return address;
  }

  #nextHopInfo({ address, interfaceIndex }: NativeNextHop): DataView {
    const info = new DataView(new ArrayBuffer(sizeOf('RTM_NEXTHOP_INFO')));
    const bytes = new Uint8Array(this.#netAddress(address, address.length * 8).buffer);
    new Uint8Array(info.buffer).set(bytes, offsetOf('RTM_NEXTHOP_INFO', 'NextHopAddress'));
    info.setUint32(offsetOf('RTM_NEXTHOP_INFO', 'InterfaceIndex'), interfaceIndex, true);
    return info;
  }

  #routeInfo(route: NativeRoute, nextHops: readonly HandleCell[]): DataView {
    const info = new DataView(new ArrayBuffer(sizeOfRouteInfo(nextHops.length)));
    const bytes = new Uint8Array(info.buffer);
    const preferences = offsetOf('RTM_ROUTE_INFO', 'PrefInfo');
    const list = offsetOf('RTM_ROUTE_INFO', 'NextHopsList');
    bytes.set(nextHops[0]?.bytes ?? [], offsetOf('RTM_ROUTE_INFO', 'Neighbour'));
    info.setUint8(offsetOf('RTM_ROUTE_INFO', 'Flags1'), route.flags1);
    info.setUint16(offsetOf('RTM_ROUTE_INFO', 'Flags'), route.flags, true);
    info.setUint32(preferences + offsetOf('RTM_PREF_INFO', 'Preference'), route.preference, true);
    info.setUint32(preferences + offsetOf('RTM_PREF_INFO', 'Metric'), route.metric, true);
    info.setUint32(offsetOf('RTM_ROUTE_INFO', 'BelongsToViews'), route.views, true);
    info.setUint16(list + offsetOf('RTM_NEXTHOP_LIST', 'NumNextHops'), nextHops.length, true);
    bytes.set(cells(nextHops), list + offsetOf('RTM_NEXTHOP_LIST', 'NextHops'));
    return info;
  }
}
