import { setLastError } from '../win32/last-error.js';
import { V1, type V1Status } from '../win32/status.js';
import { isNull, loadRoute, routeBuffer, storeRoute } from './arguments.js';
import { isEnumerationFlags, needCriteria } from './criteria.js';
import { Enumeration } from './enumeration.js';
import { badCriteria, badEnumerationFlags, badFamily, badRoute } from './refusals.js';
import { NO_HANDLES, NO_MEMORY } from './states.js';
import type { Table } from './table.js';

const CREATE = 'RtmCreateEnumerationHandle';
const NEXT = 'RtmEnumerateGetNextRoute';
const CLOSE = 'RtmCloseEnumerationHandle';

/** RtmCreateEnumerationHandle: takes the matching routes into an enumeration and gives it a v1 handle. */
export function createEnumeration(
  table: Table,
  protocolFamily: unknown,
  flags: unknown,
  criteriaRoute: unknown,
): number {
  const created = tryCreate(table, protocolFamily, flags, criteriaRoute);
  if (created instanceof Enumeration) return created.handle;
  setLastError(created);
  return 0;
}

/** The enumeration, or why there is none. */
function tryCreate(
  table: Table,
  protocolFamily: unknown,
  flags: unknown,
  criteriaRoute: unknown,
): Enumeration | V1Status {
  const overdue = table.watch.expire();
  const family = table.family(protocolFamily);
  if (family === undefined) return table.refuseArgument(CREATE, badFamily(protocolFamily));
  if (!isEnumerationFlags(flags)) return table.refuseArgument(CREATE, badEnumerationFlags(flags));
  const criteria = routeBuffer(criteriaRoute, family.format);
  if (criteria === null && (!isNull(criteriaRoute) || needCriteria(flags))) {
    return table.refuseArgument(CREATE, badCriteria(criteriaRoute, flags, family.format));
  }
  const reader = family.readerFor(CREATE);
  if (typeof reader === 'number') return reader;
  if (overdue !== null) return table.failOverdue(CREATE, overdue);
  if (table.handles.isFull) return table.refuse(CREATE, V1.NOT_ENOUGH_MEMORY, NO_HANDLES);
  if (criteria !== null) loadRoute(criteria, family.input);
  const enumeration = new Enumeration(family, reader);
  const result = enumeration.collect(flags, family.input);
  if (typeof result !== 'number') return table.fail(CREATE, result);
  if (result === V1.NOT_ENOUGH_MEMORY) return table.refuse(CREATE, result, NO_MEMORY);
  if (result !== V1.NO_ERROR) return result;
  table.handles.open(enumeration);
  return enumeration;
}

/** RtmEnumerateGetNextRoute: the next route of the enumeration. */
export function nextRoute(table: Table, enumerationHandle: unknown, route: unknown): V1Status {
  const overdue = table.watch.expire();
  const enumeration = enumerationOf(table, enumerationHandle);
  if (enumeration === undefined) return table.refuseHandle(NEXT, 'EnumerationHandle', enumerationHandle);
  const { format } = enumeration.family;
  const into = routeBuffer(route, format);
  if (into === null) return table.refuseArgument(NEXT, badRoute('Route', route, format));
  if (overdue !== null) return table.failOverdue(NEXT, overdue);
  const result = enumeration.next();
  if (typeof result !== 'number') return table.fail(NEXT, result);
  if (result === V1.NO_ERROR) storeRoute(enumeration.reading.words, into);
  return result;
}

/** RtmCloseEnumerationHandle: gives back what the enumeration holds and ends the v1 handle. */
export function closeEnumeration(table: Table, enumerationHandle: unknown): V1Status {
  const enumeration = enumerationOf(table, enumerationHandle);
  if (enumeration === undefined) return table.refuseHandle(CLOSE, 'EnumerationHandle', enumerationHandle);
  const failure = enumeration.close();
  if (failure === null) {
    table.handles.close(enumeration);
    return V1.NO_ERROR;
  }
  const end = enumeration.entity.confirmEnd(failure);
  if (end !== null) table.handles.close(enumeration);
  return table.fail(CLOSE, end ?? failure);
}

/** Closes every enumeration. One that fails is tried once more, and then left as it is. */
export function closeAll(table: Table): void {
  for (const target of table.handles.all()) {
    if (!(target instanceof Enumeration)) continue;
    if (closeEnumeration(table, target.handle) !== V1.NO_ERROR) closeEnumeration(table, target.handle);
    table.handles.close(target);
  }
}

/** The enumeration that a value is the handle of, with what it still owed RTM given back. */
function enumerationOf(table: Table, handle: unknown): Enumeration | undefined {
  const target = table.handles.find(handle);
  if (!(target instanceof Enumeration)) return undefined;
  const { entity } = target;
  if (!entity.debts.isEmpty) entity.settle();
  return target;
}
