import { constant } from '../win32/constants.js';
import { setLastError } from '../win32/last-error.js';
import { V1, type V1Status } from '../win32/status.js';
import { isDword, isNull, loadRoute, routeBuffer, storeRoute } from './arguments.js';
import { CRITERIA_FLAGS, Enumeration, ENUMERATION_FLAGS } from './enumeration.js';
import type { Table } from './table.js';

const FAMILY_IP = constant('RTM_PROTOCOL_FAMILY_IP');

/** RtmCreateEnumerationHandle: takes the matching routes into an enumeration and gives it a v1 handle. */
export function createEnumeration(table: Table, family: unknown, flags: unknown, criteriaRoute: unknown): number {
  const created = tryCreate(table, family, flags, criteriaRoute);
  if (created instanceof Enumeration) return created.handle;
  if (created !== undefined) setLastError(created);
  return 0;
}

/** The enumeration, or why there is none: the last error to set, or undefined if it is set. */
function tryCreate(
  table: Table,
  family: unknown,
  flags: unknown,
  criteriaRoute: unknown,
): Enumeration | V1Status | undefined {
  const criteria = routeBuffer(criteriaRoute);
  if (
    family !== FAMILY_IP ||
    !isDword(flags) ||
    (flags & ~ENUMERATION_FLAGS) !== 0 ||
    (criteria === null && (!isNull(criteriaRoute) || (flags & CRITERIA_FLAGS) !== 0))
  ) {
    return V1.INVALID_PARAMETER;
  }
  const reader = table.readerFor('RtmCreateEnumerationHandle');
  if (reader === undefined) return undefined;
  if (table.handles.isFull) return V1.NOT_ENOUGH_MEMORY;
  if (criteria !== null) loadRoute(criteria, table.input);
  const enumeration = new Enumeration(reader, table.owners);
  const result = enumeration.collect(flags, table.input);
  if (typeof result !== 'number') return table.fail('RtmCreateEnumerationHandle', result);
  if (result !== V1.NO_ERROR) return result;
  table.handles.open(enumeration);
  return enumeration;
}

/** RtmEnumerateGetNextRoute: the next route of the enumeration. */
export function nextRoute(table: Table, enumerationHandle: unknown, route: unknown): V1Status {
  const enumeration = enumerationOf(table, enumerationHandle);
  if (enumeration === undefined) return V1.INVALID_HANDLE;
  const into = routeBuffer(route);
  if (into === null) return V1.INVALID_PARAMETER;
  const result = enumeration.next();
  if (typeof result !== 'number') return table.fail('RtmEnumerateGetNextRoute', result);
  if (result === V1.NO_ERROR) storeRoute(enumeration.reading.words, into);
  return result;
}

/** RtmCloseEnumerationHandle: gives back what the enumeration holds and ends the v1 handle. */
export function closeEnumeration(table: Table, enumerationHandle: unknown): V1Status {
  const enumeration = enumerationOf(table, enumerationHandle);
  if (enumeration === undefined) return V1.INVALID_HANDLE;
  const failure = enumeration.close();
  if (failure === null) {
    table.handles.close(enumeration);
    return V1.NO_ERROR;
  }
  const end = enumeration.entity.confirmEnd(failure);
  if (end !== null) table.handles.close(enumeration);
  return table.fail('RtmCloseEnumerationHandle', end ?? failure);
}

/** Closes every enumeration. One that fails is tried once more, and then left as it is. */
export function closeAll(table: Table): void {
  for (const target of table.handles.all()) {
    if (!(target instanceof Enumeration)) continue;
    if (closeEnumeration(table, target.handle) !== V1.NO_ERROR) closeEnumeration(table, target.handle);
    table.handles.close(target);
  }
}

function enumerationOf(table: Table, handle: unknown): Enumeration | undefined {
  const target = table.handles.find(handle);
  return target instanceof Enumeration ? target : undefined;
}
