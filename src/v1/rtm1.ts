/// <reference lib="esnext.disposable" />
import { defineInspection } from '../win32/inspection.js';
import { GetLastError } from '../win32/last-error.js';
import { openV2Library, type V2Library } from '../v2/library.js';
import { addRoute } from './add-route.js';
import { type LeftBehind, leftBehind } from './audit.js';
import { blockDeleteRoutes } from './block-delete.js';
import { deregisterAll, deregisterClient, registerClient } from './client-life.js';
import { deleteRoute } from './delete-route.js';
import { dequeueMessage } from './dequeue.js';
import { closeAll, closeEnumeration, createEnumeration, nextRoute } from './enumerate.js';
import type { Rtm1Functions } from './functions.js';
import { SPECIFIC_ROUTE } from './criteria.js';
import { isRoute, lookupDestination, networkCount, routeAge } from './lookup.js';
import { announceMessages } from './mailbox.js';
import { type Rtm1Options, settingsOf } from './options.js';
import type { Failure } from './failure.js';
import { Table } from './table.js';
import { firstInOrder, nextInOrder } from './table-order.js';

/** What an opened object runs on. */
export type LibraryInfo = Pick<V2Library, 'kind' | 'path' | 'version' | 'attempts'>;

/** Sets the events that a function has messages for, now that its result and all its outputs are there. */
function announced<Result>(result: Result): Result {
  announceMessages();
  return result;
}

/** The functions of Rtm.h on one RTM instance of one library. They may be taken out and called on their own. */
export class Rtm1 implements Rtm1Functions {
  readonly #table: Table;

  constructor(table: Table) {
    this.#table = table;
  }

  readonly RtmRegisterClient: Rtm1Functions['RtmRegisterClient'] = (family, protocol, changeEvent, flags) =>
    announced(registerClient(this.#table, family, protocol, changeEvent, flags));

  readonly RtmDeregisterClient: Rtm1Functions['RtmDeregisterClient'] = (client) =>
    announced(deregisterClient(this.#table, client));

  readonly RtmAddRoute: Rtm1Functions['RtmAddRoute'] = (client, route, timeToLive, flags, current, previous) =>
    announced(addRoute(this.#table, client, route, timeToLive, flags, current, previous));

  readonly RtmDeleteRoute: Rtm1Functions['RtmDeleteRoute'] = (client, route, flags, current) =>
    announced(deleteRoute(this.#table, client, route, flags, current));

  readonly RtmBlockDeleteRoutes: Rtm1Functions['RtmBlockDeleteRoutes'] = (client, flags, criteria) =>
    announced(blockDeleteRoutes(this.#table, client, flags, criteria));

  readonly RtmDequeueRouteChangeMessage: Rtm1Functions['RtmDequeueRouteChangeMessage'] = (
    client,
    flags,
    current,
    previous,
  ) => announced(dequeueMessage(this.#table, client, flags, current, previous));

  readonly RtmIsRoute: Rtm1Functions['RtmIsRoute'] = (family, network, best) =>
    announced(isRoute(this.#table, family, network, best));

  readonly RtmGetNetworkCount: Rtm1Functions['RtmGetNetworkCount'] = (family) =>
    announced(networkCount(this.#table, family));

  readonly RtmGetRouteAge: Rtm1Functions['RtmGetRouteAge'] = (route) =>
    routeAge(this.#table.now(), route, (refusal) => this.#table.refuseArgument('RtmGetRouteAge', refusal));

  readonly RtmCreateEnumerationHandle: Rtm1Functions['RtmCreateEnumerationHandle'] = (family, flags, criteria) =>
    announced(createEnumeration(this.#table, family, flags, criteria));

  readonly RtmEnumerateGetNextRoute: Rtm1Functions['RtmEnumerateGetNextRoute'] = (enumeration, route) =>
    announced(nextRoute(this.#table, enumeration, route));

  readonly RtmCloseEnumerationHandle: Rtm1Functions['RtmCloseEnumerationHandle'] = (enumeration) =>
    closeEnumeration(this.#table, enumeration);

  readonly RtmGetFirstRoute: Rtm1Functions['RtmGetFirstRoute'] = (family, flags, route) =>
    announced(firstInOrder(this.#table, family, flags, route));

  readonly RtmGetNextRoute: Rtm1Functions['RtmGetNextRoute'] = (family, flags, route) =>
    announced(nextInOrder(this.#table, family, flags, route));

  readonly RtmGetSpecificRoute: Rtm1Functions['RtmGetSpecificRoute'] = (family, route) =>
    announced(firstInOrder(this.#table, family, SPECIFIC_ROUTE, route));

  readonly RtmLookupIPDestination: Rtm1Functions['RtmLookupIPDestination'] = (destination, route) =>
    announced(lookupDestination(this.#table, destination, route));

  readonly GetLastError: Rtm1Functions['GetLastError'] = GetLastError;

  readonly leftBehind = (): LeftBehind => leftBehind(this.#table);

  /** The library: which one, and what else was tried before it. */
  get library(): LibraryInfo {
    const { kind, path, version, attempts } = this.#table.library;
    return { kind, path, version, attempts };
  }

  /**
   * Why a function of this object last failed; null while none has. It stays until another one fails: a success leaves
   * it alone, and so does what is only an answer, as ERROR_NO_MORE_ROUTES (259) and ERROR_MORE_MESSAGES (234) are.
   *
   * @example
   * using rtm = openRtm1({ library: 'embedded' });
   * rtm.RtmGetNetworkCount(7); // 0
   * rtm.lastFailure?.kind; // 'argument'
   * rtm.lastFailure?.message; // 'ProtocolFamily must be RTM_PROTOCOL_FAMILY_IP (1) or RTM_PROTOCOL_FAMILY_IPX (0); it is 7'
   */
  get lastFailure(): Failure | null {
    return this.#table.lastFailure;
  }

  /**
   * Deregisters all clients and closes all enumerations. Afterwards their handles are invalid, and functions that take
   * none report ERROR_NO_SYSTEM_RESOURCES.
   */
  close(): void {
    if (this.#table.isClosed) return;
    deregisterAll(this.#table);
    closeAll(this.#table);
    this.#table.dismissReaders();
    this.#table.isClosed = true;
    announceMessages();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  static {
    defineInspection(Rtm1.prototype, 'Rtm1', (value) => #table in value, ['library', 'lastFailure']);
  }
}

/**
 * Opens an RTMv2 library and returns the functions of Rtm.h bound to it.
 *
 * @throws {LibraryError} if no library can be opened, saying what was tried
 * @throws {TypeError | RangeError} if an option is none, or not what it has to be
 *
 * @example
 * using rtm = openRtm1({ library: 'embedded' });
 * const client = rtm.RtmRegisterClient(RTM_PROTOCOL_FAMILY_IP, PROTO_IP_RIP, null, 0);
 * rtm.RtmDeregisterClient(client); // NO_ERROR
 */
export function openRtm1(options: Rtm1Options = {}): Rtm1 {
  const { library, ...settings } = settingsOf(options);
  return new Rtm1(new Table(openV2Library(library), settings));
}

/**
 * The functions of Rtm.h on a library that is already open; the `library` option is of no meaning here.
 *
 * @throws {TypeError | RangeError} as `openRtm1` does
 */
export function createRtm1(library: V2Library, options: Rtm1Options = {}): Rtm1 {
  return new Rtm1(new Table(library, settingsOf(options)));
}
