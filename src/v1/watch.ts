import type { V2Failure } from '../translate/errors.js';
import type { RouteFormat } from '../translate/route-format.js';
import type { Ageing } from './ageing.js';
import { announceMessages } from './mailbox.js';
import { Observer } from './observer.js';
import type { Owners } from './owners.js';
import { Pulse } from './pulse.js';

/** How often RTM is asked for changes that no call of this thread has brought, in milliseconds. */
const POLL_MS = 100;

/**
 * What has to happen on one library without a call that asks for it, for all objects of a thread: routes age, and
 * clients are told of what others do. A timer sees to it, and so does every call that depends on it.
 */
export class Watch {
  readonly #owners: Owners;
  readonly #observers = new Map<RouteFormat, Map<number, Observer>>();
  readonly #ageings = new Set<Ageing>();
  readonly #pulse = new Pulse(() => this.#beat());
  #isExpiring = false;

  constructor(owners: Owners) {
    this.#owners = owners;
  }

  /** The observer of one family of an RTM instance. */
  observerOf(format: RouteFormat, instance: number): Observer {
    let ofFamily = this.#observers.get(format);
    if (ofFamily === undefined) {
      ofFamily = new Map();
      this.#observers.set(format, ofFamily);
    }
    let observer = ofFamily.get(instance);
    if (observer === undefined) {
      observer = new Observer(format, this.#owners);
      ofFamily.set(instance, observer);
    }
    return observer;
  }

  /** Sees to it that routes of an opened object age, the next one in so many milliseconds. */
  awaken(ageing: Ageing, ms: number): void {
    this.#ageings.add(ageing);
    this.#pulse.within(ms);
  }

  /** Sees to it that changes are looked for from now on. */
  poll(): void {
    this.#pulse.within(POLL_MS);
  }

  /** Stops the timer unless there is something for it to do. */
  rest(): void {
    for (const ageing of this.#ageings) if (ageing.isIdle) this.#ageings.delete(ageing);
    if (this.#ageings.size === 0 && this.#alive().length === 0) this.#pulse.stop();
  }

  /**
   * Deletes the routes whose time to live is over and tells of that. Clocks are asked, which are the caller's code: a
   * function must do this before anything else.
   *
   * @returns a failure if a route that should be gone may still be there
   */
  expire(): V2Failure | null {
    if (this.#ageings.size === 0 || this.#isExpiring) return null;
    this.#isExpiring = true;
    const changed = new Set<Observer>();
    let failure: V2Failure | null = null;
    // The clock of one may do anything, also open an object whose routes age.
    for (const ageing of [...this.#ageings]) {
      failure = ageing.expire((client) => changed.add(client.family.observer)) ?? failure;
      if (ageing.isIdle) this.#ageings.delete(ageing);
    }
    this.#isExpiring = false;
    for (const observer of changed) observer.drain();
    return failure;
  }

  /** What the timer does; in how many milliseconds again. */
  #beat(): number {
    this.expire();
    for (const observer of this.#alive()) {
      observer.drain();
      observer.rest();
    }
    announceMessages();
    return this.#next();
  }

  #next(): number {
    let next = Infinity;
    for (const ageing of [...this.#ageings]) next = Math.min(next, ageing.remaining());
    return this.#alive().length === 0 ? next : Math.min(next, POLL_MS);
  }

  #alive(): Observer[] {
    const all = [...this.#observers.values()].flatMap((ofFamily) => [...ofFamily.values()]);
    return all.filter(({ entity }) => entity !== undefined);
  }
}

const watches = new WeakMap<Owners, Watch>();

/** The watch over the library of some owners. */
export function watchOf(owners: Owners): Watch {
  let watch = watches.get(owners);
  if (watch === undefined) {
    watch = new Watch(owners);
    watches.set(owners, watch);
  }
  return watch;
}
