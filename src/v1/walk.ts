/** Walks over what an entity enumerates. Whatever a library makes of its enumerations, a walk comes to an end. */
import { HANDLE_SIZE } from '../win32/abi.js';
import { V2, type V2Status } from '../win32/status.js';
import type { Handle } from '../v2/memory.js';
import { DEST_INFO, NET_ADDRESS, sizeOfDestInfo } from '../v2/structures.js';
import { breach, type V2Failure } from '../translate/errors.js';
import type { Owed } from './debts.js';
import type { Entity } from './entity.js';

/** What is done with each handle of an enumeration: true if it was kept or consumed, false if RTM gets it back. */
export type Visit<Result> = (handle: Handle) => boolean | Result;

/** How one kind of handles is fetched and given back. */
interface HandleCalls {
  readonly fetch: 'RtmGetEnumRoutes' | 'RtmGetEnumNextHops';
  readonly release: 'RtmReleaseRoutes' | 'RtmReleaseNextHops';
  readonly kind: Owed;
}

const ROUTES: HandleCalls = { fetch: 'RtmGetEnumRoutes', release: 'RtmReleaseRoutes', kind: 'route' };
const NEXT_HOPS: HandleCalls = { fetch: 'RtmGetEnumNextHops', release: 'RtmReleaseNextHops', kind: 'nextHop' };

/** What a call that fetches items has brought. */
interface Fetched {
  readonly code: V2Status;
  /** Items that it says it has written. */
  readonly claimed: number;
  /** Items that it has written. */
  readonly count: number;
}

/**
 * Takes the remaining routes of an enumeration one by one.
 *
 * @param visit anything but true or false that it returns ends the walk. It must not walk itself: the handles of the
 *   batch lie in the workspace
 * @param atOnce how many routes to fetch in one call, if RTM allows so many
 * @returns what ended the walk, a failure to fetch, or null after the last route
 */
export function eachRoute<Result>(
  entity: Entity,
  enumeration: Handle,
  visit: Visit<Result>,
  atOnce = entity.workspace.batch,
): Result | V2Failure | null {
  return eachHandle(entity, ROUTES, enumeration, visit, Math.min(atOnce, entity.workspace.batch));
}

/** Takes the remaining next hops of an enumeration one by one, as `eachRoute` does routes. */
export function eachNextHop<Result>(
  entity: Entity,
  enumeration: Handle,
  visit: Visit<Result>,
): Result | V2Failure | null {
  return eachHandle(entity, NEXT_HOPS, enumeration, visit, entity.workspace.batch);
}

/** Counts the remaining destinations of an enumeration. */
export function countDestinations(entity: Entity, enumeration: Handle): number | V2Failure {
  const { calls, registration, workspace } = entity;
  const { address, batch, countCell, destInfos } = workspace;
  const endless = entity.endlessCheck('destination');
  for (let total = 0; ; ) {
    workspace.u8.fill(0, destInfos, workspace.u8.length);
    workspace.setWord(countCell, batch);
    const code = calls.RtmGetEnumDests(registration, enumeration, address + countCell, address + destInfos);
    const claimed = hasItems(code) ? Math.min(workspace.word(countCell), batch) : 0;
    const count = destinationsWritten(entity, claimed);
    const flaw = count > 0 ? endless.note(workspace.handle(destInfos), count) : flawOfNothing(code, claimed);
    total += count;
    releaseDestinations(entity, count);
    const isEnd = code !== V2.NO_ERROR || count === 0 || flaw !== null;
    if (!isEnd) continue;
    endless.end();
    if (flaw !== null) return breach('RtmGetEnumDests', flaw);
    return code === V2.NO_ERROR || code === V2.NO_MORE_ITEMS ? total : { call: 'RtmGetEnumDests', code };
  }
}

/**
 * How many of the RTM_DEST_INFO that a call claims to have written are there. No page is clear about how far apart
 * they lie: as far as one with the view that was asked for takes, or one with all views.
 */
function destinationsWritten(entity: Entity, claimed: number): number {
  const sizes = [sizeOfDestInfo(1), sizeOfDestInfo(entity.workspace.profile.numberOfViews)];
  return Math.max(...sizes.map((size) => destinationsApart(entity, size, claimed)));
}

function destinationsApart({ id, workspace }: Entity, size: number, claimed: number): number {
  const { destInfos } = workspace;
  for (let count = 0; count < claimed; count += 1) {
    const offset = destInfos + count * size;
    const family = workspace.u16[(offset + DEST_INFO.DestAddress + NET_ADDRESS.AddressFamily) >>> 1];
    if (workspace.handle(offset) === 0 || family !== id.family) return count;
  }
  return claimed;
}

function eachHandle<Result>(
  entity: Entity,
  calls: HandleCalls,
  enumeration: Handle,
  visit: Visit<Result>,
  atOnce: number,
): Result | V2Failure | null {
  const { workspace } = entity;
  const { handles } = workspace;
  const endless = entity.endlessCheck(calls.kind);
  for (;;) {
    const { code, claimed, count } = fetchHandles(entity, calls, enumeration, atOnce);
    const flaw = count > 0 ? endless.note(workspace.handle(handles), count) : flawOfNothing(code, claimed);
    let end: Result | V2Failure | null = flaw === null ? null : breach(calls.fetch, flaw);
    // Handles that go back move to the front of the batch, to be given back together.
    let rejected = 0;
    for (let index = 0; index < count; index += 1) {
      const handle = workspace.handle(handles + index * HANDLE_SIZE);
      const result: boolean | Result = end === null && visit(handle);
      if (result === true) continue;
      if (result !== false) end = result;
      workspace.setHandle(handles + rejected * HANDLE_SIZE, handle);
      rejected += 1;
    }
    releaseHandles(entity, calls, rejected);
    if (end === null && code === V2.NO_ERROR && count > 0) continue;
    endless.end();
    // RTM may hand out the last ones together with the code that says so.
    if (end !== null || code === V2.NO_ERROR || code === V2.NO_MORE_ITEMS) return end;
    return { call: calls.fetch, code };
  }
}

/** Fetches the next handles of an enumeration to the front of `workspace.handles`, and tells how many there are. */
function fetchHandles(entity: Entity, calls: HandleCalls, enumeration: Handle, atOnce: number): Fetched {
  const { registration, workspace } = entity;
  const { address, countCell, handles } = workspace;
  // Handles other than NULL must be handles that the call wrote.
  workspace.u32.fill(0, handles >>> 2, (handles + atOnce * HANDLE_SIZE) >>> 2);
  workspace.setWord(countCell, atOnce);
  const code = entity.calls[calls.fetch](registration, enumeration, address + countCell, address + handles);
  const claimed = hasItems(code) ? Math.min(workspace.word(countCell), atOnce) : 0;
  let count = 0;
  for (let index = 0; index < claimed; index += 1) {
    const handle = workspace.handle(handles + index * HANDLE_SIZE);
    if (handle === 0) continue;
    if (count !== index) workspace.setHandle(handles + count * HANDLE_SIZE, handle);
    count += 1;
  }
  return { code, claimed, count };
}

/** Gives the first `count` handles in `workspace.handles` back. */
function releaseHandles(entity: Entity, { kind, release }: HandleCalls, count: number): void {
  if (count === 0) return;
  const { workspace } = entity;
  const code = entity.calls[release](entity.registration, count, workspace.address + workspace.handles);
  if (code === V2.NO_ERROR) return;
  for (let index = 0; index < count; index += 1) {
    entity.debts.add(kind, workspace.handle(workspace.handles + index * HANDLE_SIZE));
  }
}

/** Gives the first `count` destinations in `workspace.destInfos` back. */
function releaseDestinations(entity: Entity, count: number): void {
  if (count === 0) return;
  const { workspace } = entity;
  const { address, destInfos } = workspace;
  if (entity.calls.RtmReleaseDests(entity.registration, count, address + destInfos) === V2.NO_ERROR) return;
  let offset = destInfos;
  for (let index = 0; index < count; index += 1) {
    entity.oweDestInfo(offset);
    const views = workspace.word(offset + DEST_INFO.NumberOfViews);
    offset += sizeOfDestInfo(Math.min(views, workspace.profile.numberOfViews));
  }
}

/** Gives the first `count` route handles in `workspace.handles` back. */
export function releaseRoutes(entity: Entity, count: number): void {
  releaseHandles(entity, ROUTES, count);
}

/** Whether a call with this result may have brought items: outputs of one that fails are nothing to rely on. */
export function hasItems(code: V2Status): boolean {
  return code === V2.NO_ERROR || code === V2.NO_MORE_ITEMS;
}

/** What is wrong with a call that has written no item; null if it has said so. */
function flawOfNothing(code: V2Status, claimed: number): string | null {
  return code === V2.NO_ERROR && claimed > 0 ? `counts ${claimed} items and writes none` : null;
}
