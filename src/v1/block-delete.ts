import { constant } from '../win32/constants.js';
import { V1, type V1Status, V2 } from '../win32/status.js';
import type { Handle } from '../v2/memory.js';
import type { V2Failure } from '../translate/errors.js';
import { sameNetwork } from '../translate/route-format.js';
import { isNull, loadRoute, routeBuffer } from './arguments.js';
import { type Client, NO_SLOT } from './client.js';
import { hasSource, isEnumerationFlags, needCriteria, wantsOneNetwork } from './criteria.js';
import { badCriteria, badEnumerationFlags } from './refusals.js';
import type { Table } from './table.js';
import { eachRoute } from './walk.js';

const OWN_ROUTES = constant('RTM_ENUM_OWN_ROUTES');
const UCAST = constant('RTM_VIEW_MASK_UCAST');

const NAME = 'RtmBlockDeleteRoutes';

/**
 * RtmBlockDeleteRoutes: deletes those of a client's routes that match. RTM_ONLY_BEST_ROUTES restricts nothing: as best
 * routes go others become best, so that in the end all go.
 */
export function blockDeleteRoutes(
  table: Table,
  clientHandle: unknown,
  flags: unknown,
  criteriaRoute: unknown,
): V1Status {
  const overdue = table.watch.expire();
  const client = table.client(clientHandle);
  if (client === undefined) return table.refuseHandle(NAME, 'ClientHandle', clientHandle);
  const { format, input, observer } = client.family;
  const criteria = routeBuffer(criteriaRoute, format);
  if (!isEnumerationFlags(flags)) return table.refuseArgument(NAME, badEnumerationFlags(flags));
  if (criteria === null && (!isNull(criteriaRoute) || needCriteria(flags))) {
    return table.refuseArgument(NAME, badCriteria(criteriaRoute, flags, format));
  }
  if (criteria !== null) loadRoute(criteria, input);
  if (wantsOneNetwork(flags) && format.prefixLength(input) < 0) return V1.NO_ROUTES;
  if (overdue !== null) return table.failOverdue(NAME, overdue);
  observer.drain();
  const result = client.settle() ?? deleteMatching(client, flags);
  observer.drain();
  if (typeof result !== 'number') return table.fail(NAME, result);
  return result === 0 ? V1.NO_ROUTES : V1.NO_ERROR;
}

/** Deletes the client's routes that match the family's `input`, and tells how many. A failure ends it where it is. */
function deleteMatching(client: Client, flags: number): number | V2Failure {
  const { entity, family } = client;
  const { format, input } = family;
  const enumeration = wantsOneNetwork(flags)
    ? entity.enumerateNetwork(format.address(input), format.prefixLength(input), UCAST, OWN_ROUTES)
    : entity.enumerateAll(UCAST, OWN_ROUTES);
  if (typeof enumeration === 'object') return enumeration;
  let deleted = 0;
  const failure = eachRoute(entity, enumeration, (route) => {
    const result = deleteIfMatching(client, route, flags);
    if (result === true) deleted += 1;
    return result;
  });
  entity.deleteEnumeration(enumeration);
  return failure ?? deleted;
}

/** Deletes a route, with its record and its share in its next hop, if it is the client's own and matches. */
function deleteIfMatching(client: Client, route: Handle, flags: number): boolean | V2Failure {
  const { entity, family } = client;
  const { after: reading, input } = family;
  const failure = reading.read(entity, route);
  if (failure !== null) return failure;
  if (reading.isDeleted || reading.client !== client) return false;
  // What cannot be undone is compared in full, also where RTM was asked for the routes of one network.
  const isMeant = !wantsOneNetwork(flags) || sameNetwork(family.format, input, reading.words);
  if (!isMeant || !hasSource(flags, input, reading.words)) return false;
  const { calls, registration, workspace } = entity;
  const code = calls.RtmDeleteRouteToDest(registration, route, workspace.address + workspace.flagsCell);
  if (code !== V2.NO_ERROR) return { call: 'RtmDeleteRouteToDest', code };
  if (reading.slot === NO_SLOT) client.isStale = true;
  else client.forget(reading.slot);
  return true;
}
