import { constant } from '../win32/constants.js';
import { setLastError } from '../win32/last-error.js';
import { ticksSince } from '../win32/filetime.js';
import { V1, V2 } from '../win32/status.js';
import { DEST_INFO, sizeOfDestInfo } from '../v2/structures.js';
import type { V2Failure } from '../translate/errors.js';
import { prefixLength } from '../translate/ip-network.js';
import { newRouteWords, TIME_STAMP } from '../translate/ip-route.js';
import { isNull, loadNetwork, loadRoute, routeBuffer, storeRoute } from './arguments.js';
import type { Entity } from './entity.js';
import type { Table } from './table.js';

const FAMILY_IP = constant('RTM_PROTOCOL_FAMILY_IP');
const INFINITE = constant('INFINITE');
const ENUM_START = constant('RTM_ENUM_START');
const BEST_PROTOCOL = constant('RTM_BEST_PROTOCOL');
const UCAST = constant('RTM_VIEW_MASK_UCAST');

const TICKS_PER_SECOND = 10_000_000n;

/** A time stamp may lie so far ahead of the clock before it counts as invalid. */
const TOLERANCE = TICKS_PER_SECOND;

const network = new Uint32Array(2);
const route = newRouteWords();

/** RtmIsRoute: whether any route to exactly this network exists, and which is the best. */
export function isRoute(table: Table, family: unknown, networkArgument: unknown, bestRoute: unknown): boolean {
  const best = routeBuffer(bestRoute);
  if (family !== FAMILY_IP || !loadNetwork(networkArgument, network) || (best === null && !isNull(bestRoute))) {
    setLastError(V1.INVALID_PARAMETER);
    return false;
  }
  const [number = 0, mask = 0] = network;
  const length = prefixLength(number, mask);
  const reader = table.readerFor('RtmIsRoute');
  if (reader === undefined) return false;
  if (length < 0) {
    setLastError(V1.NO_ERROR);
    return false;
  }
  reader.writePrefix(number, length);
  const failure = table.after.readBest(reader);
  if (failure !== null || !table.after.exists) {
    setLastError(failure === null ? V1.NO_ERROR : table.fail('RtmIsRoute', failure));
    return false;
  }
  if (best !== null) storeRoute(table.after.words, best);
  return true;
}

/** RtmGetNetworkCount: how many networks have a route. */
export function networkCount(table: Table, family: unknown): number {
  if (family !== FAMILY_IP) {
    setLastError(V1.INVALID_PARAMETER);
    return 0;
  }
  const reader = table.readerFor('RtmGetNetworkCount');
  if (reader === undefined) return 0;
  const count = countDestinations(reader);
  if (typeof count !== 'number') {
    setLastError(table.fail('RtmGetNetworkCount', count));
    return 0;
  }
  if (count === 0) setLastError(V1.NO_ERROR);
  return count;
}

function countDestinations(reader: Entity): number | V2Failure {
  const { calls, registration, workspace } = reader;
  const { address, handleCell } = workspace;
  const cell = address + handleCell;
  const created = calls.RtmCreateDestEnum(registration, UCAST, ENUM_START, 0, BEST_PROTOCOL, cell);
  if (created !== V2.NO_ERROR) return { call: 'RtmCreateDestEnum', code: created };
  const enumeration = workspace.handle(handleCell);
  const count = countBatches(reader, enumeration);
  reader.deleteEnumeration(enumeration);
  return count;
}

function countBatches(reader: Entity, enumeration: number): number | V2Failure {
  const { calls, registration, workspace } = reader;
  const { address, batch, countCell, destInfos } = workspace;
  let count = 0;
  for (;;) {
    workspace.setHandle(destInfos, 0);
    workspace.setWord(countCell, batch);
    const code = calls.RtmGetEnumDests(registration, enumeration, address + countCell, address + destInfos);
    // The array begins with a destination's handle, and so with NULL if the call has written nothing.
    const fetched = workspace.handle(destInfos) === 0 ? 0 : Math.min(workspace.word(countCell), batch);
    count += fetched;
    if (fetched > 0) releaseDestinations(reader, fetched);
    if (code === V2.NO_MORE_ITEMS || (code === V2.NO_ERROR && fetched === 0)) return count;
    if (code !== V2.NO_ERROR) return { call: 'RtmGetEnumDests', code };
  }
}

function releaseDestinations(reader: Entity, count: number): void {
  const { calls, registration, workspace } = reader;
  const { address, destInfos } = workspace;
  if (calls.RtmReleaseDests(registration, count, address + destInfos) === V2.NO_ERROR) return;
  let offset = destInfos;
  for (let index = 0; index < count; index += 1) {
    reader.oweDestInfo(offset);
    offset += sizeOfDestInfo(workspace.word(offset + DEST_INFO.NumberOfViews));
  }
}

/**
 * RtmGetRouteAge: whole seconds since a route was added or last updated.
 *
 * @param now milliseconds since 1970, or NaN where the clock fails
 */
export function routeAge(now: number, routeArgument: unknown): number {
  const from = routeBuffer(routeArgument);
  if (from !== null && !Number.isNaN(now)) {
    loadRoute(from, route);
    const [low, high] = [route[TIME_STAMP] ?? 0, route[TIME_STAMP + 1] ?? 0];
    const age = ticksSince(low, high, now);
    const seconds = age < 0n ? 0 : Number(age / TICKS_PER_SECOND);
    if ((low !== 0 || high !== 0) && age >= -TOLERANCE && seconds < INFINITE) return seconds;
  }
  setLastError(V1.INVALID_PARAMETER);
  return INFINITE;
}
