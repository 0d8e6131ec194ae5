import type { V2Failure } from '../translate/errors.js';
import type { Client } from './client.js';
import { Deadlines } from './deadlines.js';

/**
 * How often a deletion that failed, or a clock that fails, is tried again, in milliseconds. A timer that fires before
 * its time by the caller's clock waits as long.
 */
export const RETRY_MS = 100;

/** The routes of one opened object that do not stay for ever, by the clock of that object. */
export class Ageing {
  /** Milliseconds by the clock that routes of this object age by; NaN where it fails. */
  readonly now: () => number;
  readonly #clients = new Set<Client>();

  constructor(now: () => number) {
    this.now = now;
  }

  /** Whether no route has a time to live. */
  get isIdle(): boolean {
    return this.#clients.size === 0;
  }

  /**
   * Lets the route in a client's slot go at a time of this clock.
   *
   * @returns false if there is no memory for it
   */
  schedule(client: Client, slot: number, deadline: number): boolean {
    client.deadlines ??= new Deadlines();
    if (!client.deadlines.set(slot, deadline)) return false;
    this.#clients.add(client);
    return true;
  }

  /** Forgets a client. */
  remove(client: Client): void {
    this.#clients.delete(client);
  }

  /**
   * Deletes every route whose time to live is over. Of a client whose routes cannot be deleted the remaining ones are
   * tried again by the next call.
   *
   * @param expired is given each client whose routes have gone
   * @returns the first v2 call that failed
   */
  expire(expired: (client: Client) => void): V2Failure | null {
    const now = this.now();
    let failure: V2Failure | null = null;
    for (const client of this.#clients) {
      const earliest = client.deadlines?.earliest() ?? Infinity;
      if (earliest === Infinity) this.#clients.delete(client);
      if (!(earliest <= now)) continue;
      expired(client);
      const end = client.expire(now);
      if (end === null) continue;
      // Nobody can delete the routes of an entity that was deregistered behind the client's back.
      if (client.entity.confirmEnd(end) !== null) this.#clients.delete(client);
      else failure ??= end;
    }
    return failure;
  }

  /** In how many milliseconds there is something to do; Infinity if there will be nothing. */
  remaining(): number {
    let earliest = Infinity;
    for (const { deadlines } of this.#clients) earliest = Math.min(earliest, deadlines?.earliest() ?? Infinity);
    if (earliest === Infinity) return Infinity;
    const remaining = earliest - this.now();
    return remaining > RETRY_MS ? remaining : RETRY_MS;
  }
}
