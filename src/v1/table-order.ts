/**
 * RtmGetFirstRoute and RtmGetNextRoute: a table in its order, without a handle. RTMv2 tells destinations in the same
 * order, but the routes of one by how good they are; so a step takes the routes of one destination after another, and
 * picks the one that comes next by protocol, interface and next hop. Identities that several native RTMv2 routes share
 * are told once.
 */
import { constant } from '../win32/constants.js';
import { V1, type V1Status } from '../win32/status.js';
import type { Handle } from '../v2/memory.js';
import type { V2Failure } from '../translate/errors.js';
import { compareRoutes, newRoute, sameNetwork } from '../translate/route-format.js';
import { loadRoute, routeBuffer, storeRoute } from './arguments.js';
import { hasSource, isEnumerationFlags, wantsBest, wantsOneNetwork } from './criteria.js';
import type { Entity } from './entity.js';
import type { FamilyTable } from './family-table.js';
import { badEnumerationFlags, badFamily, badNetwork, badRoute } from './refusals.js';
import type { Table } from './table.js';
import { eachRoute } from './walk.js';

const ENUM_START = constant('RTM_ENUM_START');
const ENUM_NEXT = constant('RTM_ENUM_NEXT');
const UCAST = constant('RTM_VIEW_MASK_UCAST');

/** Most networks have a route or two, and a step needs those of two networks. */
const AT_ONCE = 4;

/** Ends a walk that has come to another network. */
const PAST = 'past';

type Step = 'RtmGetFirstRoute' | 'RtmGetNextRoute';

/** RtmGetFirstRoute: the first route that matches. */
export function firstInOrder(table: Table, protocolFamily: unknown, flags: unknown, route: unknown): V1Status {
  return step(table, 'RtmGetFirstRoute', protocolFamily, flags, route);
}

/** RtmGetNextRoute: the first route that matches and comes after the one in `route`. */
export function nextInOrder(table: Table, protocolFamily: unknown, flags: unknown, route: unknown): V1Status {
  return step(table, 'RtmGetNextRoute', protocolFamily, flags, route);
}

function step(table: Table, name: Step, protocolFamily: unknown, flags: unknown, route: unknown): V1Status {
  const overdue = table.watch.expire();
  const family = table.family(protocolFamily);
  if (family === undefined) return table.refuseArgument(name, badFamily(protocolFamily));
  if (!isEnumerationFlags(flags)) return table.refuseArgument(name, badEnumerationFlags(flags));
  const { format, input } = family;
  const buffer = routeBuffer(route, format);
  if (buffer === null) return table.refuseArgument(name, badRoute('Route', route, format));
  loadRoute(buffer, input);
  const isNext = name === 'RtmGetNextRoute';
  const isNetwork = format.prefixLength(input) >= 0;
  if (isNext && !isNetwork) return table.refuseArgument(name, badNetwork(input));
  const reader = family.readerFor(name);
  if (typeof reader === 'number') return reader;
  if (overdue !== null) return table.failOverdue(name, overdue);
  if (wantsOneNetwork(flags) && !isNetwork) return V1.NO_ROUTES;
  const search = new Search(family, reader, flags, isNext);
  const failure = search.run();
  if (failure !== null) return table.fail(name, failure);
  if (search.found === null) return V1.NO_ROUTES;
  storeRoute(search.found, buffer);
  return V1.NO_ERROR;
}

/** A search for the smallest identity that matches the family's `input`. */
class Search {
  /** The best candidate so far; all candidates are to one network. */
  found: Uint32Array | null = null;
  readonly #family: FamilyTable;
  readonly #reader: Entity;
  readonly #flags: number;
  /** Whether the route has to come after `input`. */
  readonly #isNext: boolean;

  constructor(family: FamilyTable, reader: Entity, flags: number, isNext: boolean) {
    this.#family = family;
    this.#reader = reader;
    this.#flags = flags;
    this.#isNext = isNext;
  }

  run(): V2Failure | null {
    const reader = this.#reader;
    const { format, input } = this.#family;
    const hasStart = this.#isNext || wantsOneNetwork(this.#flags);
    if (hasStart) reader.writePrefix(format.address(input), format.prefixLength(input));
    const enumeration = reader.enumerateAll(UCAST, hasStart ? ENUM_NEXT : ENUM_START);
    if (typeof enumeration === 'object') return enumeration;
    const end = eachRoute(reader, enumeration, (route) => this.#consider(route), AT_ONCE);
    reader.deleteEnumeration(enumeration);
    return end === PAST ? null : end;
  }

  #consider(route: Handle): false | typeof PAST | V2Failure {
    const { after: reading, format, input } = this.#family;
    const failure = reading.read(this.#reader, route);
    if (failure !== null) return failure;
    if (reading.isDeleted) return false;
    const { words } = reading;
    const onlyNetwork = this.found ?? (wantsOneNetwork(this.#flags) ? input : words);
    if (!sameNetwork(format, words, onlyNetwork)) return PAST;
    if (this.#isNext && compareRoutes(format, words, input) <= 0) return false;
    if (this.found !== null && compareRoutes(format, words, this.found) >= 0) return false;
    if (!hasSource(this.#flags, input, words)) return false;
    const isBest = wantsBest(this.#flags) ? this.#reader.isBestRoute(route, UCAST) : true;
    if (isBest !== true) return isBest;
    this.found ??= newRoute(format);
    this.found.set(words);
    return false;
  }
}
