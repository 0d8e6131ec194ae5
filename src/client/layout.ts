import { isArray } from '../v1/arguments.js';
import type { RtmIpRoute } from '../v1/ip-route.js';
import type { RtmIpxRoute } from '../v1/ipx-route.js';
import type { ProtocolSpecificData } from '../v1/route-structure.js';
import { type FileTime, ticksSince, writeFileTime } from '../win32/filetime.js';
import { integer, shown } from './members.js';
import type { Family, IpRoute, ProtocolData, RouteOf } from './route.js';

const TICKS_PER_MS = 10_000n;
const PROTOCOL_DATA_LENGTH = 4;

interface Structures {
  ip: RtmIpRoute;
  ipx: RtmIpxRoute;
}

/** The structure of Rtm.h that holds a route of a family. */
export type StructureOf<F extends Family> = Structures[F];

/** An object that a caller has passed in, its members not yet checked. */
export type Given = Readonly<Record<string, unknown>>;

/** How routes of one family lie in memory. What writes throws a TypeError or RangeError that names the bad member. */
export interface Layout<F extends Family> {
  /** RTM_PROTOCOL_FAMILY_IP or RTM_PROTOCOL_FAMILY_IPX. */
  readonly number: number;
  /** The names of a route's members. */
  readonly members: readonly string[];
  create(): StructureOf<F>;
  writeNetwork(network: unknown, into: StructureOf<F>): void;
  writeNextHop(nextHop: unknown, into: StructureOf<F>): void;
  /** Writes the members that the families do not share. */
  writeFamilyData(route: Given, into: StructureOf<F>): void;
  read(structure: StructureOf<F>): RouteOf<F>;
}

/** Writes the members that identify a route. */
export function writeKey<F extends Family>(layout: Layout<F>, route: Given, into: StructureOf<F>): void {
  const { network, nextHop, interface: interfaceId } = route;
  layout.writeNetwork(network, into);
  if (nextHop !== undefined) layout.writeNextHop(nextHop, into);
  if (interfaceId !== undefined) into.RR_InterfaceID = integer(interfaceId, 'interface');
}

/** Writes all members that RtmAddRoute reads. */
export function writeRoute<F extends Family>(layout: Layout<F>, route: Given, into: StructureOf<F>): void {
  writeKey(layout, route, into);
  layout.writeFamilyData(route, into);
  writeProtocolData(route['protocolData'], into.RR_ProtocolSpecificData);
}

function writeProtocolData(value: unknown, into: ProtocolSpecificData): void {
  if (value === undefined) return;
  if (!isArray(value) || value.length !== PROTOCOL_DATA_LENGTH) {
    throw new TypeError(`protocolData must be an array of ${PROTOCOL_DATA_LENGTH} numbers; it is ${shown(value)}`);
  }
  into.PSD_Data.set(value.map((dword, index) => integer(dword, `protocolData[${index}]`)));
}

/** The members that routes of both families have. */
export function readCommon(
  structure: StructureOf<Family>,
): Pick<IpRoute, 'interface' | 'protocol' | 'protocolData' | 'updated'> {
  const [first = 0, second = 0, third = 0, fourth = 0] = structure.RR_ProtocolSpecificData.PSD_Data;
  const protocolData: ProtocolData = [first, second, third, fourth];
  return {
    interface: structure.RR_InterfaceID,
    protocol: structure.RR_RoutingProtocol,
    updated: readTime(structure.RR_TimeStamp),
    protocolData,
  };
}

function readTime({ dwLowDateTime, dwHighDateTime }: FileTime): Date {
  return new Date(-Number(ticksSince(dwLowDateTime, dwHighDateTime, 0) / TICKS_PER_MS));
}

/** Writes a time stamp. */
export function writeTime(time: Date, into: FileTime): void {
  const words = new Uint32Array(2);
  writeFileTime(time.getTime(), words, 0);
  [into.dwLowDateTime = 0, into.dwHighDateTime = 0] = words;
}
