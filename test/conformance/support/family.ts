/**
 * The two families, written down from the layout tables of the documentation: every argument of this suite is made of,
 * and every result read from, plain bytes, so that no accessor of the library can hide a mistake of its own.
 */

export type FamilyName = 'IP' | 'IPX';

/** A route in terms that both families have. Numbers stand for networks and routers: network 2 comes after network 1. */
export interface Route {
  /** IP: 10.`net`.0.0/16. IPX: network number `net`. 0..255. */
  readonly net: number;
  /** IP: 192.0.2.`via`. IPX: a MAC address that ends in `via`. 0..255. */
  readonly via: number;
  readonly interfaceId: number;
  readonly protocol: number;
  /** What ranks routes first. IP: FSD_Priority. IPX: FSD_TickCount. */
  readonly major: number;
  /** What ranks routes next. IP: FSD_Metric. IPX: FSD_HopCount. */
  readonly minor: number;
  /** FSD_Flags. */
  readonly flags: number;
  /** First DWORD of the protocol-specific data. */
  readonly mark: number;
}

/** What a test says about a route; the rest is as in {@link Family.route}. */
export type Fields = Partial<Route>;

interface Range {
  readonly start: number;
  readonly size: number;
}

export interface Family {
  readonly name: FamilyName;
  /** The value of `ProtocolFamily`. */
  readonly number: number;
  /** Address family of RTMv2. */
  readonly addressFamily: number;
  /** Three protocols in ascending order. */
  readonly protocols: readonly [number, number, number];
  /** Bytes of the route structure. */
  readonly routeSize: number;
  /** Where in the route structure the family-specific data is. */
  readonly familyData: Range;
  /** Largest value of `major` and `minor`. */
  readonly maxRank: number;
  /** A complete route: network 1 via router 1 over interface 1 by the first protocol, unless `fields` says otherwise. */
  readonly route: (fields?: Fields) => Route;
  readonly write: (route: Route) => Uint8Array;
  readonly read: (bytes: Uint8Array) => Route;
  /** The network structure of a network. */
  readonly network: (net: number) => Uint8Array;
  /** Prefix length and octets of a network in RTMv2. */
  readonly prefix: (net: number) => { readonly bits: number; readonly octets: readonly number[] };
  /** Octets of a router's address in RTMv2; all of them are significant. */
  readonly router: (via: number) => readonly number[];
}

const TIME_STAMP = 0;
const ROUTING_PROTOCOL = 8;
const INTERFACE = 12;
const NETWORK = 32;

/** PROTOCOL_SPECIFIC_DATA of either route structure. */
export const PROTOCOL_DATA: Range = { start: 16, size: 16 };

const viewOf = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView => new DataView(buffer, byteOffset, byteLength);

/** RR_TimeStamp of either route structure: 100 ns units since 1601-01-01 UTC. */
export const timeStamp = (bytes: Uint8Array): bigint => viewOf(bytes).getBigUint64(TIME_STAMP, true);

export const setTimeStamp = (bytes: Uint8Array, stamp: bigint): void => {
  viewOf(bytes).setBigUint64(TIME_STAMP, stamp, true);
};

function writeCommon(bytes: Uint8Array, { protocol, interfaceId, mark }: Route): DataView {
  const view = viewOf(bytes);
  view.setUint32(ROUTING_PROTOCOL, protocol, true);
  view.setUint32(INTERFACE, interfaceId, true);
  view.setUint32(PROTOCOL_DATA.start, mark, true);
  return view;
}

const readCommon = (view: DataView): Pick<Route, 'protocol' | 'interfaceId' | 'mark'> => ({
  protocol: view.getUint32(ROUTING_PROTOCOL, true),
  interfaceId: view.getUint32(INTERFACE, true),
  mark: view.getUint32(PROTOCOL_DATA.start, true),
});

const IP_NEXT_HOP = 40;
const IP_DATA: Range = { start: 48, size: 44 };
const IP_PRIORITY = IP_DATA.start + 12;
const IP_METRIC = IP_DATA.start + 16;
const IP_FLAGS = IP_DATA.start + 40;

const routeOf =
  (protocol: number) =>
  (fields: Fields = {}): Route => ({
    ...{ net: 1, via: 1, interfaceId: 1, protocol, major: 10, minor: 1, flags: 0, mark: 0 },
    ...fields,
  });

export const IP: Family = {
  name: 'IP',
  number: 1,
  addressFamily: 2,
  protocols: [8, 13, 14],
  routeSize: 92,
  familyData: IP_DATA,
  maxRank: 0xffffffff,
  route: routeOf(8),
  write: (route) => {
    const bytes = new Uint8Array(92);
    bytes.set([10, route.net, 0, 0, 255, 255, 0, 0], NETWORK);
    bytes.set([192, 0, 2, route.via, 255, 255, 255, 255], IP_NEXT_HOP);
    const view = writeCommon(bytes, route);
    view.setUint32(IP_PRIORITY, route.major, true);
    view.setUint32(IP_METRIC, route.minor, true);
    view.setUint32(IP_FLAGS, route.flags, true);
    return bytes;
  },
  read: (bytes) => {
    const view = viewOf(bytes);
    return {
      ...readCommon(view),
      net: view.getUint8(NETWORK + 1),
      via: view.getUint8(IP_NEXT_HOP + 3),
      major: view.getUint32(IP_PRIORITY, true),
      minor: view.getUint32(IP_METRIC, true),
      flags: view.getUint32(IP_FLAGS, true),
    };
  },
  network: (net) => Uint8Array.of(10, net, 0, 0, 255, 255, 0, 0),
  prefix: (net) => ({ bits: 16, octets: [10, net, 0, 0] }),
  router: (via) => [192, 0, 2, via],
};

const IPX_NEXT_HOP = 36;
const IPX_DATA: Range = { start: 44, size: 8 };
const IPX_FLAGS = IPX_DATA.start;
const IPX_TICKS = IPX_DATA.start + 4;
const IPX_HOPS = IPX_DATA.start + 6;
const IPX_MAC_SIZE = 6;

const IPX_PROTOCOL_RIP = 0x20000;

export const IPX: Family = {
  name: 'IPX',
  number: 0,
  addressFamily: 6,
  protocols: [IPX_PROTOCOL_RIP, IPX_PROTOCOL_RIP + 1, IPX_PROTOCOL_RIP + 2],
  routeSize: 52,
  familyData: IPX_DATA,
  maxRank: 0xffff,
  route: routeOf(IPX_PROTOCOL_RIP),
  write: (route) => {
    const bytes = new Uint8Array(52);
    bytes.set([2, 0, 0, 0, 0, route.via], IPX_NEXT_HOP);
    const view = writeCommon(bytes, route);
    view.setUint32(NETWORK, route.net, true);
    view.setUint32(IPX_FLAGS, route.flags, true);
    view.setUint16(IPX_TICKS, route.major, true);
    view.setUint16(IPX_HOPS, route.minor, true);
    return bytes;
  },
  read: (bytes) => {
    const view = viewOf(bytes);
    return {
      ...readCommon(view),
      net: view.getUint32(NETWORK, true),
      via: view.getUint8(IPX_NEXT_HOP + IPX_MAC_SIZE - 1),
      major: view.getUint16(IPX_TICKS, true),
      minor: view.getUint16(IPX_HOPS, true),
      flags: view.getUint32(IPX_FLAGS, true),
    };
  },
  network: (net) => {
    const bytes = new Uint8Array(4);
    viewOf(bytes).setUint32(0, net, true);
    return bytes;
  },
  prefix: (net) => ({ bits: 32, octets: [0, 0, 0, net] }),
  router: (via) => [2, 0, 0, 0, 0, via],
};

export const FAMILIES: readonly Family[] = [IP, IPX];

/** An IP route to any prefix, by octets. */
export function ipRoute(address: readonly number[], mask: readonly number[], fields: Fields = {}): Uint8Array {
  const bytes = IP.write(IP.route(fields));
  bytes.set([...address, ...mask], NETWORK);
  return bytes;
}

/** Octets of the mask of a prefix length. */
export const maskOctets = (length: number): number[] =>
  [0, 8, 16, 24].map((start) => 0xff & ~(0xff >> Math.min(8, Math.max(0, length - start))));

/** Network address and mask of an IP route, as octets. */
export const ipNetworkOf = (bytes: Uint8Array): number[] => [...bytes.subarray(NETWORK, NETWORK + 8)];

/** An IPX route to any network number. */
export function ipxRoute(network: number, fields: Fields = {}): Uint8Array {
  const bytes = IPX.write(IPX.route(fields));
  viewOf(bytes).setUint32(NETWORK, network, true);
  return bytes;
}

/** Everything but the time stamp, which a test cannot know beforehand. */
export const membersOf = (bytes: Uint8Array): number[] => [...bytes.subarray(ROUTING_PROTOCOL)];
