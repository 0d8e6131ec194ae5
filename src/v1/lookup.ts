import { constant } from '../win32/constants.js';
import { setLastError } from '../win32/last-error.js';
import { ticksSince } from '../win32/filetime.js';
import { V1, type V1Status } from '../win32/status.js';
import type { V2Failure } from '../translate/errors.js';
import { IP_FORMAT } from '../translate/ip-format.js';
import { IPX_FORMAT } from '../translate/ipx-format.js';
import { isDword, isNull, loadNetwork, loadRoute, routeBuffer, storeRoute } from './arguments.js';
import type { Entity } from './entity.js';
import type { Refusal } from './failure.js';
import {
  badAddress,
  badFamily,
  badNetworkBuffer,
  badOptionalRoute,
  badRoute,
  badRouteOfAnyFamily,
  badTimeStamp,
} from './refusals.js';
import { NO_CLOCK } from './states.js';
import type { Table } from './table.js';
import { countDestinations } from './walk.js';

const INFINITE = constant('INFINITE');
const UCAST = constant('RTM_VIEW_MASK_UCAST');

const IS_ROUTE = 'RtmIsRoute';
const LOOKUP = 'RtmLookupIPDestination';
const COUNT = 'RtmGetNetworkCount';

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
  if (family === undefined) return table.refuseArgument(IS_ROUTE, badFamily(protocolFamily));
  const { after, format, input } = family;
  const best = routeBuffer(bestRoute, format);
  if (!loadNetwork(network, format, input)) return table.refuseArgument(IS_ROUTE, badNetworkBuffer(network, format));
  if (best === null && !isNull(bestRoute)) {
    return table.refuseArgument(IS_ROUTE, badOptionalRoute('BestRoute', bestRoute, format));
  }
  const reader = family.readerFor(IS_ROUTE);
  if (typeof reader === 'number') return reader;
  const length = format.prefixLength(input);
  if (length < 0) return V1.NO_ERROR;
  if (overdue !== null) return table.failOverdue(IS_ROUTE, overdue);
  reader.writePrefix(format.address(input), length);
  const failure = after.readBest(reader);
  if (failure !== null) return table.fail(IS_ROUTE, failure);
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
  if (family === undefined) return table.refuseArgument(LOOKUP, badFamily(IP_FORMAT.family));
  if (!isDword(destination)) return table.refuseArgument(LOOKUP, badAddress(destination));
  const into = routeBuffer(route, IP_FORMAT);
  if (into === null) return table.refuseArgument(LOOKUP, badRoute('prir', route, IP_FORMAT));
  const reader = family.readerFor(LOOKUP);
  if (typeof reader === 'number') return reader;
  if (overdue !== null) return table.failOverdue(LOOKUP, overdue);
  const { after } = family;
  reader.writePrefix(destination, ADDRESS_BITS);
  const failure = after.readLongestMatch(reader);
  if (failure !== null) return table.fail(LOOKUP, failure);
  if (!after.exists) return V1.NO_ERROR;
  storeRoute(after.words, into);
  return true;
}

/** RtmGetNetworkCount: how many networks have a route. */
export function networkCount(table: Table, protocolFamily: unknown): number {
  const overdue = table.watch.expire();
  const family = table.family(protocolFamily);
  let reader =
    family === undefined ? table.refuseArgument(COUNT, badFamily(protocolFamily)) : family.readerFor(COUNT);
  if (typeof reader !== 'number' && overdue !== null) reader = table.failOverdue(COUNT, overdue);
  if (typeof reader === 'number') {
    setLastError(reader);
    return 0;
  }
  const count = countNetworks(reader);
  if (typeof count !== 'number') {
    setLastError(table.fail(COUNT, count));
    return 0;
  }
  if (count === 0) setLastError(V1.NO_ERROR);
  return count;
}

function countNetworks(reader: Entity): number | V2Failure {
  const enumeration = reader.enumerateDestinations(UCAST);
  if (typeof enumeration === 'object') return enumeration;
  const count = countDestinations(reader, enumeration);
  reader.deleteEnumeration(enumeration);
  return count;
}

/** RR_TimeStamp, with which the routes of all families begin. */
const timeStamp = new Uint32Array(2);

/**
 * RtmGetRouteAge: whole seconds since a route was added or last updated.
 *
 * @param now milliseconds since 1970, or NaN where the clock fails
 * @param refuse is told why there is no age
 */
export function routeAge(now: number, route: unknown, refuse: (refusal: Refusal) => V1Status): number {
  const age = tellAge(now, route);
  if (typeof age === 'number') return age;
  setLastError(refuse(age));
  return INFINITE;
}

function tellAge(now: number, route: unknown): number | Refusal {
  const from = routeBuffer(route, IP_FORMAT) ?? routeBuffer(route, IPX_FORMAT);
  if (from === null) return badRouteOfAnyFamily(route, [IP_FORMAT, IPX_FORMAT]);
  if (Number.isNaN(now)) return NO_CLOCK;
  loadRoute(from, timeStamp);
  const [low = 0, high = 0] = timeStamp;
  const age = ticksSince(low, high, now);
  const seconds = age < 0n ? 0 : Number(age / TICKS_PER_SECOND);
  if ((low !== 0 || high !== 0) && age >= -TOLERANCE && seconds < INFINITE) return seconds;
  return badTimeStamp(low, high, age < -TOLERANCE);
}
