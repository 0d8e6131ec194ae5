import { constant } from './constants.js';

const INFINITE = constant('INFINITE');

/** The longest delay that a timer of Node takes; beyond it would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

let isEvent: (value: object) => value is EventObject;
let setSignalled: (event: EventObject, signalled: boolean, isCallingLater: boolean) => void;

/**
 * A manual-reset event, as CreateEvent of Windows makes them: once set it stays signalled until it is reset. It is what
 * RtmRegisterClient takes for its `ChangeEvent` on every system.
 *
 * @example
 * const event = new EventObject();
 * const client = RtmRegisterClient(RTM_PROTOCOL_FAMILY_IP, PROTO_IP_RIP, event, 0);
 * while (await event.wait()) {
 *   for (;;) {
 *     const status = RtmDequeueRouteChangeMessage(client, flags, current, previous);
 *     if (status !== NO_ERROR && status !== ERROR_MORE_MESSAGES) break;
 *     // ...
 *     if (status === NO_ERROR) break;
 *   }
 * }
 */
export class EventObject {
  readonly #onSignal: (() => void) | undefined;
  readonly #waiters = new Set<() => void>();
  #isSignalled = false;

  /**
   * @param onSignal called each time the event goes from unsignalled to signalled. RTM signals events when all else that
   *   a call has to do is done, so that any function may be called from here. What it throws becomes an uncaught
   *   exception of the process, and never reaches whoever has set the event
   * @throws {TypeError} if `onSignal` is given and is no function
   */
  constructor(onSignal?: () => void) {
    if (onSignal !== undefined && typeof onSignal !== 'function') throw new TypeError('onSignal must be a function');
    this.#onSignal = onSignal;
  }

  /** Whether the event is signalled. */
  get signalled(): boolean {
    return this.#isSignalled;
  }

  /** Signals the event, and with it every wait that is pending. Nothing happens to one that is signalled. */
  set(): void {
    this.#setSignalled(true, false);
  }

  /** Takes the signal back. */
  reset(): void {
    this.#setSignalled(false, false);
  }

  /**
   * Waits until the event is signalled. That does not reset it. While a wait is pending the process stays alive.
   *
   * @param ms how long, in milliseconds; for ever if omitted or INFINITE
   * @returns true once the event is signalled; false if that did not happen in time. Rejected with a RangeError if `ms`
   *   is no such number
   */
  async wait(ms: number = INFINITE): Promise<boolean> {
    if (typeof ms !== 'number' || !(ms >= 0)) throw new RangeError('ms must be a number of milliseconds, 0 or more');
    if (this.#isSignalled || ms === 0) return this.#isSignalled;
    return new Promise((resolve) => {
      this.#await(ms === INFINITE ? Infinity : ms, resolve);
    });
  }

  #await(ms: number, resolve: (signalled: boolean) => void): void {
    let timer: NodeJS.Timeout | undefined;
    const wake = (): void => {
      clearTimeout(timer);
      resolve(true);
    };
    const sleep = (remaining: number): void => {
      const delay = Math.min(remaining, LONGEST_TIMER_MS);
      timer = setTimeout(() => {
        if (remaining > delay) {
          sleep(remaining - delay);
          return;
        }
        this.#waiters.delete(wake);
        resolve(false);
      }, delay);
    };
    this.#waiters.add(wake);
    sleep(ms);
  }

  #setSignalled(signalled: boolean, isCallingLater: boolean): void {
    if (this.#isSignalled === signalled) return;
    this.#isSignalled = signalled;
    if (!signalled) return;
    for (const wake of this.#waiters) wake();
    this.#waiters.clear();
    if (!isCallingLater) this.#callBack();
    else {
      setImmediate(() => {
        this.#callBack();
      });
    }
  }

  #callBack(): void {
    try {
      this.#onSignal?.();
    } catch (error) {
      process.nextTick(() => {
        throw error;
      });
    }
  }

  static {
    isEvent = (value): value is EventObject => #isSignalled in value;
    setSignalled = (event, signalled, isCallingLater) => {
      event.#setSignalled(signalled, isCallingLater);
    };
  }
}

/** Whether a value is an EventObject. It is recognised by what it is inside and is asked nothing. */
export function isEventObject(value: unknown): value is EventObject {
  return typeof value === 'object' && value !== null && isEvent(value);
}

/**
 * Sets or resets an event, whatever a class derived from EventObject makes of its methods.
 *
 * @param isCallingLater whether `onSignal` is to be called in a later turn of the event loop instead of at once
 */
export function signalEventObject(event: EventObject, signalled: boolean, isCallingLater = false): void {
  setSignalled(event, signalled, isCallingLater);
}
