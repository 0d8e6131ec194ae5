import { type EventObject, isEventObject, signalEventObject } from '../win32/event-object.js';
import { isNativeHandle, type NativeEvents, nativeEvents } from '../win32/native-event.js';
import { GetLastError, setLastError } from '../win32/last-error.js';
import type { V1Status } from '../win32/status.js';
import { ChangeQueue } from './change-queue.js';

/**
 * What RtmRegisterClient takes to tell of changes: an EventObject, or the HANDLE of an event of the system as a number,
 * on Windows only. null and 0 are NULL: no notification.
 */
export type ChangeEvent = EventObject | number | null;

/** Mailboxes of this thread that are open. */
const open = new Set<Mailbox>();
/** Mailboxes that have received messages, and whose events have not been set since. */
const unannounced = new Set<Mailbox>();
let isAnnouncing = false;

/** The messages that wait for one client, and the event that tells of them. */
export class Mailbox {
  readonly queue: ChangeQueue;
  readonly #event: EventObject | number;
  readonly #system: NativeEvents | null;

  /** @param event an EventObject, or a native HANDLE where `system` has the functions for it */
  constructor(routeWords: number, event: EventObject | number, system: NativeEvents | null) {
    this.queue = new ChangeQueue(routeWords);
    this.#event = event;
    this.#system = system;
  }

  /** Begins to count as one of those whose clients share an event. */
  open(): void {
    open.add(this);
  }

  /** Adds a message, for which the queue must have room. The event is set by the next `announce`. */
  post(flags: number, current: Uint32Array, previous: Uint32Array): void {
    this.queue.push(flags, current, previous);
    unannounced.add(this);
  }

  /**
   * Resets the event because the queue has been emptied. Clients may share one event; while another of them has messages
   * it is not reset, and a signal that this mailbox's messages were to give is given still: nobody would look for the
   * messages of the other one otherwise.
   */
  reset(): void {
    for (const other of open) if (other.#event === this.#event && !other.queue.isEmpty) return;
    unannounced.delete(this);
    this.#signal(false);
  }

  /** Ends the mailbox: its event is left as it is from here on. */
  close(): void {
    open.delete(this);
    unannounced.delete(this);
  }

  /** Sets the event; what it calls, it calls later if it is to. */
  announce(isCallingLater: boolean): void {
    this.#signal(true, isCallingLater);
  }

  #signal(signalled: boolean, isCallingLater = false): void {
    if (typeof this.#event === 'object') signalEventObject(this.#event, signalled, isCallingLater);
    else if (signalled) this.#system?.SetEvent(this.#event);
    else this.#system?.ResetEvent(this.#event);
  }
}

/**
 * The mailbox for a ChangeEvent argument.
 *
 * @returns null for NULL, undefined if the value is no event
 */
export function mailboxFor(changeEvent: unknown, routeWords: number): Mailbox | null | undefined {
  if (changeEvent === null || changeEvent === undefined || changeEvent === 0) return null;
  if (isEventObject(changeEvent)) return new Mailbox(routeWords, changeEvent, null);
  const system = nativeEvents();
  return system !== null && isNativeHandle(changeEvent) ? new Mailbox(routeWords, changeEvent, system) : undefined;
}

/** Events that one function sets before what the next ones call has to wait for another turn of the event loop. */
const MOST_CALLED_AT_ONCE = 4096;

/**
 * Sets the events of all clients that have received messages. This is the last thing that a function does: what an
 * event calls may call any function, which then leaves the events that it brings about to this one. Events that call
 * each other up without end must not keep it from returning, and so after many it only sets them. The last error is that
 * of the function that does this.
 */
export function announceMessages(): void {
  if (unannounced.size === 0 || isAnnouncing) return;
  const lastError = GetLastError() as V1Status;
  let announced = 0;
  isAnnouncing = true;
  for (let [mailbox] = unannounced; mailbox !== undefined; [mailbox] = unannounced) {
    unannounced.delete(mailbox);
    mailbox.announce(announced >= MOST_CALLED_AT_ONCE);
    announced += 1;
  }
  isAnnouncing = false;
  setLastError(lastError);
}
