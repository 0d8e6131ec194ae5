import { constant } from '../win32/constants.js';
import { setLastError } from '../win32/last-error.js';
import { ticksSince } from '../win32/filetime.js';
import { V1, type V1Status } from '../win32/status.js';
import type { V2Failure } from '../translate/errors.js';
import { IP_FORMAT } from '../translate/ip-format.js';
import { IPX_FORMAT } from '../translate/ipx-format.js';
import { isDword, isNull, loadNetwork, loadRoute, routeBuffer, storeRoute } from './arguments.js';
import type { Entity } from './entity.js';
import type { Table } from './table.js';

const INFINITE = constant('INFINITE');
const UCAST = constant('RTM_VIEW_MASK_UCAST');

const ADDRESS_BITS = 32;

const TICKS_PER_SECOND = 10_000_000n;

/** A time stamp may lie so far ahead of the clock before it counts as invalid. */
const TOLERANCE = TICKS_PER_SECOND;

/** RtmIsRoute: whether any route to exactly this network exists, and which is the best. */
export function isRoute(table: Table, protocolFamily: unknown, network: unknown, bestRoute: unknown): boolean {
  const status = findRoute(table, protocolFamily, network, bestRoute);
  if (typeof status === 'boolean') return status;
  setLastError(status);
  return false;
}

/** True, or why not: the last error to set. */
function findRoute(table: Table, protocolFamily: unknown, network: unknown, bestRoute: unknown): true | V1Status {
  const overdue = table.watch.expire();
  const family = table.family(protocolFamily);
  if (family === undefined) return V1.INVALID_PARAMETER;
  const { after, format, input } = family;
  const best = routeBuffer(bestRoute, format);
  if (!loadNetwork(network, format, input) || (best === null && !isNull(bestRoute))) return V1.INVALID_PARAMETER;
  const reader = family.readerFor('RtmIsRoute');
  if (typeof reader === 'number') return reader;
  const length = format.prefixLength(input);
  if (length < 0) return V1.NO_ERROR;
  if (overdue !== null) return table.failOverdue('RtmIsRoute', overdue);
  reader.writePrefix(format.address(input), length);
  const failure = after.readBest(reader);
  if (failure !== null) return table.fail('RtmIsRoute', failure);
  if (!after.exists) return V1.NO_ERROR;
  if (best !== null) storeRoute(after.words, best);
  return true;
}

/** RtmLookupIPDestination: whether there is a route to an address, and which is the best of the longest match. */
export function lookupDestination(table: Table, destination: unknown, route: unknown): boolean {
  const status = findLongestMatch(table, destination, route);
  if (typeof status === 'boolean') return status;
  setLastError(status);
  return false;
}

/** True, or why not: the last error to set. */
function findLongestMatch(table: Table, destination: unknown, route: unknown): true | V1Status {
  const overdue = table.watch.expire();
  const family = table.family(IP_FORMAT.family);
  const into = routeBuffer(route, IP_FORMAT);
  if (family === undefined || !isDword(destination) || into === null) return V1.INVALID_PARAMETER;
  const reader = family.readerFor('RtmLookupIPDestination');
  if (typeof reader === 'number') return reader;
  if (overdue !== null) return table.failOverdue('RtmLookupIPDestination', overdue);
  const { after } = family;
  reader.writePrefix(destination, ADDRESS_BITS);
  const failure = after.readLongestMatch(reader);
  if (failure !== null) return table.fail('RtmLookupIPDestination', failure);
  if (!after.exists) return V1.NO_ERROR;
  storeRoute(after.words, into);
  return true;
}

/** RtmGetNetworkCount: how many networks have a route. */
export function networkCount(table: Table, protocolFamily: unknown): number {
  const overdue = table.watch.expire();
  const family = table.family(protocolFamily);
  let reader = family === undefined ? V1.INVALID_PARAMETER : family.readerFor('RtmGetNetworkCount');
  if (typeof reader !== 'number' && overdue !== null) reader = table.failOverdue('RtmGetNetworkCount', overdue);
  if (typeof reader === 'number') {
    setLastError(reader);
    return 0;
  }
  const count = countDestinations(reader);
  if (typeof count !== 'number') {
    setLastError(table.fail('RtmGetNetworkCount', count));
    return 0;
  }
  if (count === 0) setLastError(V1.NO_ERROR);
  return count;
}

function countDestinations(reader: Entity): number | V2Failure {
  const enumeration = reader.enumerateDestinations(UCAST);
  if (typeof enumeration === 'object') return enumeration;
  const count = reader.countDestinations(enumeration);
  reader.deleteEnumeration(enumeration);
  return count;
}

/** RR_TimeStamp, with which the routes of all families begin. */
const timeStamp = new Uint32Array(2);

/**
 * RtmGetRouteAge: whole seconds since a route was added or last updated.
 *
 * @param now milliseconds since 1970, or NaN where the clock fails
 */
export function routeAge(now: number, route: unknown): number {
  const from = routeBuffer(route, IP_FORMAT) ?? routeBuffer(route, IPX_FORMAT);
  if (from !== null && !Number.isNaN(now)) {
    loadRoute(from, timeStamp);
    const [low = 0, high = 0] = timeStamp;
    const age = ticksSince(low, high, now);
    const seconds = age < 0n ? 0 : Number(age / TICKS_PER_SECOND);
    if ((low !== 0 || high !== 0) && age >= -TOLERANCE && seconds < INFINITE) return seconds;
  }
  setLastError(V1.INVALID_PARAMETER);
  return INFINITE;
}
