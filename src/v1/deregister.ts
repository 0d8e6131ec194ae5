/**
 * The heart of the project. RtmDeregisterClient is one call in v1; RTMv2 deletes nothing for an entity that leaves, so
 * that on v2 the client's owner has to do what follows, in this order, and in full:
 *
 *   1. give back what earlier calls could not;
 *   2. enumerate the entity's own routes, in all views, and delete each: the deletion consumes the handle;
 *   3. delete its next hops, now that no route uses them: first those the shim knows, then any that RTM still lists;
 *   4. give back whatever 2 and 3 left over;
 *   5. deregister the entity;
 *   6. and only then let go of the records, which routes have referred to until they were gone.
 *
 * A failure ends it where it is. Everything up to there is done for good, nothing is lost, the client is still
 * registered, and the next call does the rest.
 */
import { constant } from '../win32/constants.js';
import { V2 } from '../win32/status.js';
import { NEXTHOP_INFO, ROUTE_INFO } from '../v2/structures.js';
import type { Handle } from '../v2/memory.js';
import { breach, type V2Failure } from '../translate/errors.js';
import type { Client } from './client.js';
import type { Entity } from './entity.js';
import { eachNextHop, eachRoute, type Visit } from './walk.js';

const VIEW_ANY = constant('RTM_VIEW_MASK_ANY');
const OWN_ROUTES = constant('RTM_ENUM_OWN_ROUTES');
const ROUTE_CREATED = constant('RTM_ROUTE_STATE_CREATED');
const NEXTHOP_CREATED = constant('RTM_NEXTHOP_STATE_CREATED');

/**
 * An enumeration that ends too soon leaves routes that nobody can ever delete, and asking once more costs three calls:
 * so one empty enumeration is not taken for proof.
 */
const MIN_PASSES = 2;

/** Deletions beyond the number of records that are no sign of trouble yet. */
const SPARE_DELETIONS = 64;

/**
 * Deregisters a client's entity and everything that it owns. The caller retires the client if this succeeds, or if the
 * failure turns out to be that the registration is gone.
 */
export function deregisterEntity(client: Client): V2Failure | null {
  const { entity } = client;
  // From here on slab and next hops say more than the table holds; they are brought into step if the client lives on.
  client.isStale = true;
  return entity.settleAll() ?? deleteRoutes(client) ?? deleteNextHops(client) ?? entity.settleAll() ?? leave(entity);
}

function leave({ calls, registration }: Entity): V2Failure | null {
  const code = calls.RtmDeregisterEntity(registration);
  return code === V2.NO_ERROR ? null : { call: 'RtmDeregisterEntity', code };
}

function deleteRoutes({ entity, slab }: Client): V2Failure | null {
  const pass = { deleted: 0 };
  let total = 0;
  for (let passes = 1; ; passes += 1) {
    const failure = deleteEnumeratedRoutes(entity, pass);
    if (failure !== null) return failure;
    if (pass.deleted === 0 && passes >= MIN_PASSES) return null;
    total += pass.deleted;
    // Every route has a record: what comes back after so many deletions was not deleted.
    if (total > slab.end + SPARE_DELETIONS) return breach('RtmDeleteRouteToDest', 'deletes routes that are told again');
  }
}

/** One pass over the entity's routes. */
function deleteEnumeratedRoutes(entity: Entity, pass: { deleted: number }): V2Failure | null {
  pass.deleted = 0;
  const enumeration = entity.enumerateAll(VIEW_ANY, OWN_ROUTES);
  if (typeof enumeration === 'object') return enumeration;
  const failure = eachRoute(entity, enumeration, deleteRoute(entity, pass));
  const ended = entity.deleteEnumeration(enumeration);
  return failure ?? (ended === V2.NO_ERROR ? null : { call: 'RtmDeleteEnumHandle', code: ended });
}

/** Deletes one route after another. Here is where a deregistration spends its time. */
function deleteRoute(entity: Entity, pass: { deleted: number }): Visit<V2Failure> {
  const { registration, workspace } = entity;
  const { RtmDeleteRouteToDest } = entity.calls;
  const flags = workspace.address + workspace.flagsCell;
  return (route) => {
    const code = RtmDeleteRouteToDest(registration, route, flags);
    if (code === V2.NO_ERROR) {
      pass.deleted += 1;
      return true;
    }
    return code === V2.NOT_FOUND && isRouteGone(entity, route) ? false : { call: 'RtmDeleteRouteToDest', code };
  };
}

/** Whether a route that RTM did not find for deletion has really left the table: it may be held down. */
function isRouteGone(entity: Entity, route: Handle): boolean {
  const { workspace } = entity;
  if (entity.readRouteInfo(route) !== null) return false;
  const state = workspace.u8[workspace.routeInfo + ROUTE_INFO.State];
  entity.releaseRouteInfo();
  return state !== ROUTE_CREATED;
}

function deleteNextHops(client: Client): V2Failure | null {
  const { entity, nextHops } = client;
  for (const hop of nextHops.all()) {
    const result = deleteNextHop(entity, hop.handle);
    if (typeof result !== 'boolean') return result;
    if (!result) entity.debts.add('nextHop', hop.handle);
    nextHops.remove(hop);
  }
  return deleteEnumeratedNextHops(entity);
}

/**
 * Deletes a next hop.
 *
 * @returns true if that has consumed the handle, false if the next hop was gone already
 */
function deleteNextHop(entity: Entity, handle: Handle): boolean | V2Failure {
  const code = entity.calls.RtmDeleteNextHop(entity.registration, handle, 0);
  if (code === V2.NO_ERROR) return true;
  return code === V2.NOT_FOUND && isNextHopGone(entity, handle) ? false : { call: 'RtmDeleteNextHop', code };
}

function isNextHopGone(entity: Entity, handle: Handle): boolean {
  const { workspace } = entity;
  if (entity.readNextHopInfo(handle) !== null) return false;
  const state = workspace.u16[(workspace.nextHopInfo + NEXTHOP_INFO.State) >>> 1];
  entity.releaseNextHopInfo();
  return state !== NEXTHOP_CREATED;
}

/** Deletes the next hops that RTM lists for the entity, of which the shim should know all. */
function deleteEnumeratedNextHops(entity: Entity): V2Failure | null {
  const enumeration = entity.enumerateNextHops();
  if (typeof enumeration === 'object') return enumeration;
  const failure = eachNextHop(entity, enumeration, (handle) => deleteNextHop(entity, handle));
  const ended = entity.deleteEnumeration(enumeration);
  return failure ?? (ended === V2.NO_ERROR ? null : { call: 'RtmDeleteEnumHandle', code: ended });
}
