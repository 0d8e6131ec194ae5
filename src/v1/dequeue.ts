import { constant } from '../win32/constants.js';
import { V1, type V1Status } from '../win32/status.js';
import { isDwordBuffer, isNull, type RouteBuffer, routeBuffer, storeRoute } from './arguments.js';
import type { FamilyTable } from './family-table.js';
import type { Mailbox } from './mailbox.js';
import type { Table } from './table.js';

const RTM_NO_CHANGE = constant('RTM_NO_CHANGE');
const CURRENT = constant('RTM_CURRENT_BEST_ROUTE');
const PREVIOUS = constant('RTM_PREVIOUS_BEST_ROUTE');

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
  if (client?.mailbox == null) return V1.INVALID_HANDLE;
  const { family, mailbox } = client;
  const current = routeBuffer(curBestRoute, family.format);
  const previous = routeBuffer(prevBestRoute, family.format);
  if (
    !isDwordBuffer(flags) ||
    (current === null && !isNull(curBestRoute)) ||
    (previous === null && !isNull(prevBestRoute))
  ) {
    return V1.INVALID_PARAMETER;
  }
  const failure = family.observer.drain();
  if (!mailbox.queue.isEmpty) return deliver(family, mailbox, flags, current, previous);
  // There is nothing to take, whatever the reason: who waits for the event must not be woken at once and without end.
  mailbox.reset();
  if (failure !== null) return table.fail('RtmDequeueRouteChangeMessage', failure);
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
