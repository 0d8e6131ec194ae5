import { constant } from '../win32/constants.js';
import { V1, type V1Status } from '../win32/status.js';
import { isDwordBuffer, isNull, type RouteBuffer, routeBuffer, storeRoute } from './arguments.js';
import type { FamilyTable } from './family-table.js';
import { noEvent } from './handle-refusals.js';
import type { Mailbox } from './mailbox.js';
import { badCell, badOptionalRoute } from './refusals.js';
import type { Table } from './table.js';

const RTM_NO_CHANGE = constant('RTM_NO_CHANGE');
const CURRENT = constant('RTM_CURRENT_BEST_ROUTE');
const PREVIOUS = constant('RTM_PREVIOUS_BEST_ROUTE');

const NAME = 'RtmDequeueRouteChangeMessage';

/** RtmDequeueRouteChangeMessage: takes the next message from the client's queue, after a look at what has changed. */
export function dequeueMessage(
  table: Table,
  clientHandle: unknown,
  flags: unknown,
  curBestRoute: unknown,
  prevBestRoute: unknown,
): V1Status {
  table.watch.expire();
  const client = table.client(clientHandle);
  if (client === undefined) return table.refuseHandle(NAME, 'ClientHandle', clientHandle);
  const { family, mailbox } = client;
  if (mailbox === null) return table.refuse(NAME, V1.INVALID_HANDLE, noEvent(clientHandle));
  const current = routeBuffer(curBestRoute, family.format);
  const previous = routeBuffer(prevBestRoute, family.format);
  if (!isDwordBuffer(flags)) return table.refuseArgument(NAME, badCell('Flags', flags));
  if (current === null && !isNull(curBestRoute)) {
    return table.refuseArgument(NAME, badOptionalRoute('CurBestRoute', curBestRoute, family.format));
  }
  if (previous === null && !isNull(prevBestRoute)) {
    return table.refuseArgument(NAME, badOptionalRoute('PrevBestRoute', prevBestRoute, family.format));
  }
  const failure = family.observer.drain();
  if (!mailbox.queue.isEmpty) return deliver(family, mailbox, flags, current, previous);
  // There is nothing to take, whatever the reason: who waits for the event must not be woken at once and without end.
  mailbox.reset();
  if (failure !== null) return table.fail(NAME, failure);
  flags[0] = RTM_NO_CHANGE;
  return V1.NO_MESSAGES;
}

/** Takes the first message out of a mailbox that has one. */
function deliver(
  { after, before, observer }: FamilyTable,
  mailbox: Mailbox,
  flags: Uint32Array,
  current: RouteBuffer | null,
  previous: RouteBuffer | null,
): V1Status {
  const change = mailbox.queue.shift(after.words, before.words);
  flags[0] = change;
  if ((change & CURRENT) !== 0 && current !== null) storeRoute(after.words, current);
  if ((change & PREVIOUS) !== 0 && previous !== null) storeRoute(before.words, previous);
  // As long as not everything is known that has changed, this need not have been the last message.
  if (!mailbox.queue.isEmpty || observer.isBehind) return V1.MORE_MESSAGES;
  mailbox.reset();
  return V1.NO_ERROR;
}
