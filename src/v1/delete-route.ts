import { constant } from '../win32/constants.js';
import { V1, type V1Status, V2 } from '../win32/status.js';
import type { V2Failure } from '../translate/errors.js';
import { isDwordBuffer, isNull, loadRoute, routeBuffer, storeRoute } from './arguments.js';
import { type Client, NO_SLOT } from './client.js';
import type { NextHop } from './next-hops.js';
import { badCell, badNetwork, badOptionalRoute, badRoute } from './refusals.js';
import type { Table } from './table.js';

const CHANGE_BEST = constant('RTM_ROUTE_CHANGE_BEST');
const RTM_NO_CHANGE = constant('RTM_NO_CHANGE');
const RTM_ROUTE_DELETED = constant('RTM_ROUTE_DELETED');
const RTM_ROUTE_CHANGED = constant('RTM_ROUTE_CHANGED');

const NAME = 'RtmDeleteRoute';

/** RtmDeleteRoute: checks the arguments, deletes the route, and tells what became of the network's best route. */
export function deleteRoute(
  table: Table,
  clientHandle: unknown,
  route: unknown,
  flags: unknown,
  curBestRoute: unknown,
): V1Status {
  const overdue = table.watch.expire();
  const client = table.client(clientHandle);
  if (client === undefined) return table.refuseHandle(NAME, 'ClientHandle', clientHandle);
  const { after, format, input, observer } = client.family;
  const from = routeBuffer(route, format);
  const current = routeBuffer(curBestRoute, format);
  if (from === null) return table.refuseArgument(NAME, badRoute('Route', route, format));
  if (!isDwordBuffer(flags)) return table.refuseArgument(NAME, badCell('Flags', flags));
  if (current === null && !isNull(curBestRoute)) {
    return table.refuseArgument(NAME, badOptionalRoute('CurBestRoute', curBestRoute, format));
  }
  loadRoute(from, input);
  const length = format.prefixLength(input);
  if (length < 0) return table.refuseArgument(NAME, badNetwork(input));
  if (overdue !== null) return table.failOverdue(NAME, overdue);
  observer.drain();
  const unsettled = client.settle();
  if (unsettled !== null) return table.fail(NAME, unsettled);
  // v1 identifies a single-route client's route by the network alone.
  const hop = client.isSingleRoute ? undefined : client.findNextHop(input);
  if (hop === undefined && !client.isSingleRoute) return V1.NO_SUCH_ROUTE;
  client.entity.writePrefix(format.address(input), length);
  const change = remove(client, hop);
  if (typeof change !== 'number') return table.fail(NAME, change);
  if (change !== RTM_NO_CHANGE) observer.observeReading(after, input, client);
  flags[0] = change;
  if (change === RTM_ROUTE_CHANGED && current !== null) storeRoute(after.words, current);
  return V1.NO_ERROR;
}

/** Deletes the route, and reads the network's best route afterwards if it was that. All or nothing. */
function remove(client: Client, hop: NextHop | undefined): number | V2Failure {
  const { after } = client.family;
  const { calls, registration, workspace } = client.entity;
  const { address, flagsCell, handleCell } = workspace;
  const absent = client.findRoute(hop, true);
  if (absent !== null) return absent;
  const route = workspace.handle(handleCell);
  const slot = client.slotInRouteInfo();
  workspace.setWord(flagsCell, 0);
  const code = calls.RtmDeleteRouteToDest(registration, route, address + flagsCell);
  const wasBest = (workspace.word(flagsCell) & CHANGE_BEST) !== 0;
  client.entity.releaseRouteInfo();
  if (code !== V2.NO_ERROR) {
    client.entity.releaseRoute(route);
    return { call: 'RtmDeleteRouteToDest', code };
  }
  if (wasBest) {
    const failure = after.readBest(client.entity);
    if (failure !== null) {
      client.restore(slot);
      return failure;
    }
  }
  if (slot !== NO_SLOT) client.forget(slot);
  if (!wasBest) return RTM_NO_CHANGE;
  return after.exists ? RTM_ROUTE_CHANGED : RTM_ROUTE_DELETED;
}
