import type { Handle } from './memory.js';

/**
 * Items that an enumeration may tell: more than any table holds, at 16 times the Internet's. What a library tells beyond
 * is made up.
 */
export const MAX_ENUMERATED = 2 ** 24;

/** How often one handle has to come back before it is more than a handle that RTM has used anew meanwhile. */
const REPETITIONS = 2;

/**
 * Recognises an enumeration that never ends, because it tells the same again and again, in constant memory and at no cost
 * for one that does. As in Brent's algorithm one handle is remembered, and replaced at each power of 2: where items
 * repeat in a circle, the remembered one is in it after a while, and comes back.
 */
export class EndlessCheck {
  #remembered: Handle = 0;
  #repetitions = 0;
  #batches = 0;
  #replaceAt = 1;
  #items = 0;

  /**
   * Takes note of a batch of items.
   *
   * @param first handle of the first one
   * @returns what shows that the enumeration is endless, or null
   */
  note(first: Handle, items: number): string | null {
    this.#items += items;
    if (this.#items > MAX_ENUMERATED) return `tells more than ${MAX_ENUMERATED} items`;
    if (first === this.#remembered) {
      this.#repetitions += 1;
      if (this.#repetitions === REPETITIONS) return 'tells the same items again and again';
    }
    this.#batches += 1;
    if (this.#batches === this.#replaceAt) {
      this.#replaceAt *= 2;
      this.#remembered = first;
      this.#repetitions = 0;
    }
    return null;
  }
}
