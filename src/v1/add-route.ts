import { constant } from '../win32/constants.js';
import { writeFileTime } from '../win32/filetime.js';
import { V1, type V1Status, V2 } from '../win32/status.js';
import { breach, type V2Failure } from '../translate/errors.js';
import { differSignificantly, ROUTING_PROTOCOL, sameNextHop, TIME_STAMP } from '../translate/route-format.js';
import { parameterMaximum } from '../translate/rules.js';
import { isDword, isDwordBuffer, isNull, loadRoute, routeBuffer, storeRoute } from './arguments.js';
import { type Client, NO_SLOT } from './client.js';
import type { FamilyTable } from './family-table.js';
import type { NextHop } from './next-hops.js';
import { badCell, badNetwork, badOptionalRoute, badRoute, badTimeToLive } from './refusals.js';
import { NO_CLOCK, NO_MEMORY } from './states.js';
import type { RouteReading } from './route-reading.js';
import type { Table } from './table.js';

const CHANGE_NEW = constant('RTM_ROUTE_CHANGE_NEW');
const INFINITE = constant('INFINITE');
const RTM_NO_CHANGE = constant('RTM_NO_CHANGE');
const RTM_ROUTE_ADDED = constant('RTM_ROUTE_ADDED');
const RTM_ROUTE_CHANGED = constant('RTM_ROUTE_CHANGED');

const NAME = 'RtmAddRoute';

/** The documented ceiling of a time to live, in seconds: 24 days and a bit. */
const MAX_TIME_TO_LIVE = parameterMaximum('RtmAddRoute', 'TimeToLive');

/** RtmAddRoute: checks the arguments, adds or updates the route, and tells what became of the network's best route. */
export function addRoute(
  table: Table,
  clientHandle: unknown,
  route: unknown,
  timeToLive: unknown,
  flags: unknown,
  curBestRoute: unknown,
  prevBestRoute: unknown,
): V1Status {
  const now = table.now();
  const ageingNow = timeToLive === INFINITE ? 0 : table.ageing.now();
  const overdue = table.watch.expire();
  const client = table.client(clientHandle);
  if (client === undefined) return table.refuseHandle(NAME, 'ClientHandle', clientHandle);
  const { family } = client;
  const { format, input } = family;
  const from = routeBuffer(route, format);
  const current = routeBuffer(curBestRoute, format);
  const previous = routeBuffer(prevBestRoute, format);
  if (from === null) return table.refuseArgument(NAME, badRoute('Route', route, format));
  if (!isTimeToLive(timeToLive)) return table.refuseArgument(NAME, badTimeToLive(timeToLive));
  if (!isDwordBuffer(flags)) return table.refuseArgument(NAME, badCell('Flags', flags));
  if (current === null && !isNull(curBestRoute)) {
    return table.refuseArgument(NAME, badOptionalRoute('CurBestRoute', curBestRoute, format));
  }
  if (previous === null && !isNull(prevBestRoute)) {
    return table.refuseArgument(NAME, badOptionalRoute('PrevBestRoute', prevBestRoute, format));
  }
  loadRoute(from, input);
  const length = format.prefixLength(input);
  if (length < 0) return table.refuseArgument(NAME, badNetwork(input));
  if (Number.isNaN(now) || Number.isNaN(ageingNow)) return table.refuse(NAME, V1.NO_SYSTEM_RESOURCES, NO_CLOCK);
  if (overdue !== null) return table.failOverdue(NAME, overdue);
  family.observer.drain();
  completeInput(client, now);
  const status = addInput(client, length, timeToLive, ageingNow);
  if (status !== V1.NO_ERROR) return status;
  if (family.after.exists) family.observer.observe(family.current, true, client);
  const change = changeOf(family);
  flags[0] = change;
  if (change === RTM_NO_CHANGE) return status;
  if (current !== null) storeRoute(family.current, current);
  if (change === RTM_ROUTE_CHANGED && previous !== null) storeRoute(family.before.words, previous);
  return status;
}

function isTimeToLive(value: unknown): value is number {
  return isDword(value) && (value <= MAX_TIME_TO_LIVE || value === INFINITE);
}

/** Fills in what the manager decides: protocol, priority and time stamp. */
function completeInput({ family, protocol }: Client, now: number): void {
  const { format, input, table } = family;
  input[ROUTING_PROTOCOL] = protocol;
  const priority = table.settings.priorities.get(protocol);
  if (priority !== undefined) format.setPriority(input, priority);
  writeFileTime(now, input, TIME_STAMP);
}

function changeOf({ after, before, current, format }: FamilyTable): number {
  // Others may change the best route so fast that it cannot be read: the observer tells what comes of it.
  if (!after.exists) return RTM_NO_CHANGE;
  if (!before.exists) return RTM_ROUTE_ADDED;
  return differSignificantly(format, before.words, current) ? RTM_ROUTE_CHANGED : RTM_NO_CHANGE;
}

/** Takes what the route needs, adds it, and gives everything back if that fails. */
function addInput(client: Client, length: number, timeToLive: number, now: number): V1Status {
  const { format, input, table } = client.family;
  const unsettled = client.settle();
  if (unsettled !== null) return table.fail(NAME, unsettled);
  const slot = client.slab.take();
  if (slot === NO_SLOT) return table.refuse(NAME, V1.NOT_ENOUGH_MEMORY, NO_MEMORY);
  client.slab.write(slot, input);
  if (timeToLive !== INFINITE && !table.limit(client, slot, timeToLive, now)) {
    client.release(slot);
    return table.refuse(NAME, V1.NOT_ENOUGH_MEMORY, NO_MEMORY);
  }
  const hop = client.nextHopFor(input);
  if ('code' in hop) {
    client.release(slot);
    return table.fail(NAME, hop);
  }
  client.entity.writePrefix(format.address(input), length);
  const failure = change(client, slot, hop);
  if (failure === null) return V1.NO_ERROR;
  // What could not be undone is in the table still and needs its record and its next hop.
  if (!client.isStale) {
    client.release(slot);
    client.dropIfIdle(hop);
  }
  return table.fail(NAME, failure);
}

/** Adds the route, and reads the best route before and after. All or nothing. */
function change(client: Client, slot: number, hop: NextHop): V2Failure | null {
  const { family } = client;
  const { after, before, input } = family;
  let failure = before.readBest(client.entity);
  if (failure !== null) return failure;
  family.observer.observeReading(before, input, null);
  const replaced = findReplaced(client, hop);
  if (typeof replaced !== 'number') return replaced;
  failure = client.putRoute(input, slot, hop);
  if (failure !== null) return failure;
  const { flagsCell } = client.entity.workspace;
  const isNew = (client.entity.workspace.word(flagsCell) & CHANGE_NEW) !== 0;
  if (isOnlyChoice(client, replaced)) {
    after.exists = true;
    after.isDeleted = false;
    family.current = input;
  } else {
    family.current = after.words;
    failure = after.readBest(client.entity) ?? absenceOf(after);
    if (failure !== null) {
      undo(client, hop, replaced);
      return failure;
    }
    if (after.client === client && after.slot === slot) client.isRankedAsGiven = after.isAsGiven;
  }
  hop.routes += 1;
  if (replaced !== NO_SLOT) client.forget(replaced);
  // RTM has updated a route that it did not show before, or the other way round.
  if (isNew !== (replaced === NO_SLOT)) client.isStale = true;
  return null;
}

/** A network to which a route was added has a best route. */
function absenceOf({ exists, isDeleted }: RouteReading): V2Failure | null {
  return exists || isDeleted ? null : breach('RtmGetExactMatchDestination', 'tells no best route where one was added');
}

/** The slot of the client's route that has the identity of the new one, and so is about to be updated. */
function findReplaced(client: Client, hop: NextHop): number | V2Failure {
  const { before, format, input } = client.family;
  if (!before.exists) return NO_SLOT;
  const isOwn = before.client === client && (client.isSingleRoute || sameNextHop(format, before.words, input));
  if (isOwn) return before.slot;
  // A hop without routes was not there before; and one route in all is the best one, which is not it.
  if (before.routeCount === 1 || (hop.routes === 0 && !client.isSingleRoute)) return NO_SLOT;
  const failure = client.findRoute(client.isSingleRoute ? undefined : hop, false);
  if (failure !== null) return failure.code === V2.NOT_FOUND ? NO_SLOT : failure;
  const slot = client.slotInRouteInfo();
  client.entity.releaseRouteInfo();
  return slot;
}

/**
 * Whether the best route need not be read: it is the one just added, since no other is there, and RTM keeps it as it
 * was given. RTM can rank by a policy of its own; it is asked until it has shown that it does not.
 */
function isOnlyChoice(client: Client, replaced: number): boolean {
  const { before } = client.family;
  if (!client.isRankedAsGiven) return false;
  if (!before.exists) return true;
  return before.routeCount === 1 && replaced !== NO_SLOT && replaced === before.slot;
}

/** Takes an addition back: the route that it replaced returns, or else the new one goes. */
function undo(client: Client, hop: NextHop, replaced: number): void {
  if (replaced !== NO_SLOT) {
    client.restore(replaced);
    return;
  }
  const failure = client.findRoute(client.isSingleRoute ? undefined : hop, true);
  if (failure !== null) {
    client.isStale = true;
    return;
  }
  const { calls, registration, workspace } = client.entity;
  const route = workspace.handle(workspace.handleCell);
  const code = calls.RtmDeleteRouteToDest(registration, route, workspace.address + workspace.flagsCell);
  client.entity.releaseRouteInfo();
  if (code === V2.NO_ERROR) return;
  client.entity.releaseRoute(route);
  client.isStale = true;
}
