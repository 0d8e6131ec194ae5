/**
 * Routes as the bytes of their C structures, written down from the layouts of Rtm.h: what the model computes with, and
 * the calls that a failure prints are written with.
 */

/** RTM_PROTOCOL_FAMILY_IPX or RTM_PROTOCOL_FAMILY_IP. */
export type Family = 0 | 1;

export const IPX = 0;
export const IP = 1;
export const FAMILIES: readonly Family[] = [IPX, IP];

/** Where things are in RTM_IPX_ROUTE (index 0) and in RTM_IP_ROUTE (index 1): [first byte, byte after the last]. */
interface Layout {
  readonly size: number;
  readonly network: readonly [number, number];
  /** The address alone: the mask of an IP next hop is no part of what it is. */
  readonly nextHop: readonly [number, number];
  readonly familyData: readonly [number, number];
}

const LAYOUTS: readonly [Layout, Layout] = [
  { size: 52, network: [32, 36], nextHop: [36, 42], familyData: [44, 52] },
  { size: 92, network: [32, 40], nextHop: [40, 44], familyData: [48, 92] },
];

export const layoutOf = (family: Family): Layout => LAYOUTS[family];

export const PROTOCOL = 8;
export const INTERFACE = 12;
const PROTOCOL_DATA = 16;
const NETWORK = 32;
const NETWORK_MASK = 36;
const IP_NEXT_HOP = 40;
const IP_NEXT_HOP_MASK = 44;
const IPX_NEXT_HOP = 36;
const IPX_PADDING = 42;
const IPX_FLAGS = 44;
const IPX_TICKS = 48;
const IPX_HOPS = 50;
const IP_TYPE = 48;
export const IP_PRIORITY = 60;
const IP_METRIC = 64;
const IP_METRIC_5 = 84;
const IP_FLAGS = 88;

const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
export const u32 = (bytes: Uint8Array, offset: number): number => view(bytes).getUint32(offset, true);
export const setU32 = (bytes: Uint8Array, offset: number, value: number): void => {
  view(bytes).setUint32(offset, value, true);
};
const u16 = (bytes: Uint8Array, offset: number): number => view(bytes).getUint16(offset, true);
export const hex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');

const part = (bytes: Uint8Array, [from, to]: readonly [number, number]): Uint8Array => bytes.subarray(from, to);

/** The network of a route, as text that is equal for equal networks. */
export const networkOf = (family: Family, route: Uint8Array): string => hex(part(route, layoutOf(family).network));

/** What a best route has to differ in to count as another one. */
export const significant = (family: Family, route: Uint8Array): string =>
  [u32(route, PROTOCOL), u32(route, INTERFACE), hex(part(route, layoutOf(family).nextHop))].join() +
  hex(part(route, layoutOf(family).familyData));

/** Network, protocol, interface and next hop: what makes two routes the same. */
export const identity = (family: Family, route: Uint8Array): string =>
  [networkOf(family, route), u32(route, PROTOCOL), u32(route, INTERFACE), hex(part(route, layoutOf(family).nextHop))].join();

/** What decides which route is the best, the smaller numbers first. */
export const rank = (family: Family, route: Uint8Array): readonly [number, number] =>
  family === IP
    ? [u32(route, IP_PRIORITY), u32(route, IP_METRIC)]
    : [u16(route, IPX_TICKS), u16(route, IPX_HOPS)];

/** The place of a route in a walk, as numbers to compare one after the other. */
export function place(family: Family, route: Uint8Array): readonly number[] {
  const network = family === IP ? [...route.subarray(NETWORK, NETWORK_MASK), ...octetsOfMask(route)] : [u32(route, NETWORK)];
  return [...network, u32(route, PROTOCOL), u32(route, INTERFACE), ...part(route, layoutOf(family).nextHop)];
}

/** Among masks of one kind the shorter has the smaller octets. */
const octetsOfMask = (route: Uint8Array): Uint8Array => route.subarray(NETWORK_MASK, IP_NEXT_HOP);

export function compare(left: readonly number[], right: readonly number[]): number {
  for (const [index, value] of left.entries()) {
    const other = right[index] ?? 0;
    if (value !== other) return value < other ? -1 : 1;
  }
  return 0;
}

/** Whether a table can hold the network: its mask is contiguous and it has no bits outside the mask. */
export function isHoldable(family: Family, network: Uint8Array): boolean {
  if (family === IPX) return true;
  const bits = [...network.subarray(0, 8)].map((octet) => octet.toString(2).padStart(8, '0')).join('');
  const [address, mask] = [bits.slice(0, 32), bits.slice(32)];
  return /^1*0*$/.test(mask) && !address.slice(mask.lastIndexOf('1') + 1).includes('1');
}

/** The prefix length of an IP route's network, or -1 if the address is not in it. */
export function matchedLength(route: Uint8Array, address: number): number {
  const mask = u32(route, NETWORK_MASK);
  if (((address & mask) >>> 0) !== u32(route, NETWORK)) return -1;
  return [...octetsOfMask(route)].map((octet) => octet.toString(2)).join('').replaceAll('0', '').length;
}

/** A dotted address or mask, or a prefix length, as four octets. */
function octets(text: string): number[] {
  if (text.includes('.')) return text.split('.').map(Number);
  const bits = '1'.repeat(Number(text)).padEnd(32, '0');
  return [0, 8, 16, 24].map((from) => parseInt(bits.slice(from, from + 8), 2));
}

/** IP_NETWORK of a text such as `10.0.0.0/8` or `10.0.0.0/255.0.0.0`. */
export function ipNetwork(text: string): Uint8Array {
  const [address = '', mask = ''] = text.split('/');
  return Uint8Array.of(...octets(address), ...octets(mask));
}

/** IPX_NETWORK of a number. */
export function ipxNetwork(number: number): Uint8Array {
  const bytes = new Uint8Array(4);
  setU32(bytes, 0, number);
  return bytes;
}

/** A DWORD of a dotted address, in memory order. */
export const ipAddress = (text: string): number => u32(Uint8Array.of(...octets(text)), 0);

export interface IpFields {
  /** RR_TimeStamp, which only RtmGetRouteAge reads. */
  readonly time?: bigint;
  readonly protocol?: number;
  readonly ifc?: number;
  readonly data?: number;
  readonly to: string;
  readonly via?: string;
  readonly viaMask?: string;
  readonly type?: number;
  readonly priority?: number;
  readonly metric?: number;
  readonly metric5?: number;
  readonly flags?: number;
}

/** An RTM_IP_ROUTE; what is not said is zero. */
export function ipRoute(fields: IpFields): Uint8Array {
  const route = new Uint8Array(layoutOf(IP).size);
  setTimeStamp(route, fields.time ?? 0n);
  setU32(route, PROTOCOL, fields.protocol ?? 0);
  setU32(route, INTERFACE, fields.ifc ?? 0);
  setU32(route, PROTOCOL_DATA, fields.data ?? 0);
  route.set(ipNetwork(fields.to), NETWORK);
  route.set(octets(fields.via ?? '0.0.0.0'), IP_NEXT_HOP);
  route.set(octets(fields.viaMask ?? '0'), IP_NEXT_HOP_MASK);
  setU32(route, IP_TYPE, fields.type ?? 0);
  setU32(route, IP_PRIORITY, fields.priority ?? 0);
  setU32(route, IP_METRIC, fields.metric ?? 0);
  setU32(route, IP_METRIC_5, fields.metric5 ?? 0);
  setU32(route, IP_FLAGS, fields.flags ?? 0);
  return route;
}

export interface IpxFields {
  readonly time?: bigint;
  readonly protocol?: number;
  readonly ifc?: number;
  readonly data?: number;
  readonly to: number;
  readonly via?: string;
  /** The byte after the next hop. */
  readonly padding?: number;
  readonly flags?: number;
  readonly ticks?: number;
  readonly hops?: number;
}

/** An RTM_IPX_ROUTE; what is not said is zero. */
export function ipxRoute(fields: IpxFields): Uint8Array {
  const route = new Uint8Array(layoutOf(IPX).size);
  setTimeStamp(route, fields.time ?? 0n);
  setU32(route, PROTOCOL, fields.protocol ?? 0);
  setU32(route, INTERFACE, fields.ifc ?? 0);
  setU32(route, PROTOCOL_DATA, fields.data ?? 0);
  setU32(route, NETWORK, fields.to);
  route.set(macOctets(fields.via ?? '0-0-0-0-0-0'), IPX_NEXT_HOP);
  route[IPX_PADDING] = fields.padding ?? 0;
  setU32(route, IPX_FLAGS, fields.flags ?? 0);
  view(route).setUint16(IPX_TICKS, fields.ticks ?? 0, true);
  view(route).setUint16(IPX_HOPS, fields.hops ?? 0, true);
  return route;
}

const macOctets = (text: string): number[] => text.split('-').map((octet) => parseInt(octet, 16));

/** The call of `ipRoute` or `ipxRoute` that makes this route. */
export function textOfRoute(family: Family, route: Uint8Array): string {
  const dotted = (offset: number): string => route.subarray(offset, offset + 4).join('.');
  const common = {
    time: timeStamp(route),
    protocol: u32(route, PROTOCOL),
    ifc: u32(route, INTERFACE),
    data: u32(route, PROTOCOL_DATA),
  };
  if (family === IPX) {
    const via = [...route.subarray(IPX_NEXT_HOP, IPX_PADDING)].map((octet) => octet.toString(16)).join('-');
    return `ipxRoute(${textOf({
      ...common,
      to: u32(route, NETWORK),
      via,
      padding: route[IPX_PADDING],
      flags: u32(route, IPX_FLAGS),
      ticks: u16(route, IPX_TICKS),
      hops: u16(route, IPX_HOPS),
    })})`;
  }
  return `ipRoute(${textOf({
    ...common,
    to: `${dotted(NETWORK)}/${dotted(NETWORK_MASK)}`,
    via: dotted(IP_NEXT_HOP),
    viaMask: dotted(IP_NEXT_HOP_MASK),
    type: u32(route, IP_TYPE),
    priority: u32(route, IP_PRIORITY),
    metric: u32(route, IP_METRIC),
    metric5: u32(route, IP_METRIC_5),
    flags: u32(route, IP_FLAGS),
  })})`;
}

const textOf = (fields: Readonly<Record<string, unknown>>): string =>
  `{ ${Object.entries(fields)
    .filter(([name, value]) => name === 'to' || (value !== 0 && value !== 0n))
    .map(([name, value]) => `${name}: ${textOfValue(value)}`)
    .join(', ')} }`;

function textOfValue(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'string' ? `'${value}'` : String(value);
}

/** RR_TimeStamp in 100 ns units since 1601-01-01 UTC. */
export const timeStamp = (route: Uint8Array): bigint => view(route).getBigUint64(0, true);

/** FILETIME of milliseconds since 1970-01-01 UTC. */
export const fileTime = (ms: number): bigint => (BigInt(ms) + 11_644_473_600_000n) * 10_000n;

export const setTimeStamp = (route: Uint8Array, time: bigint): void => {
  view(route).setBigUint64(0, time, true);
};
