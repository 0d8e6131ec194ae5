import type { Handle } from './memory.js';

/**
 * Items that an enumeration may tell: more than any table holds, at 16 times the Internet's. What a library tells beyond
 * is made up.
 */
export const MAX_ENUMERATED = 2 ** 24;

/** Batches before the first one that is remembered: most enumerations have fewer, and are spared the calls for it. */
const FIRST_REMEMBERED = 256;

/** How often the remembered item has to come back before nothing else explains it. */
const REPETITIONS = 2;

/** Keeps an object from going, so that its handle cannot become that of another one. */
export interface Hold {
  /** Takes a reference; false if RTM gives none. */
  take(handle: Handle): boolean;
  give(handle: Handle): void;
}

/**
 * Recognises an enumeration that never ends, because it tells the same again and again, in constant memory and at next to
 * no cost. As in Brent's algorithm one handle is remembered, and replaced at each power of 2: where items repeat in a
 * circle, the remembered one is in it after a while, and comes back. A reference to it is held meanwhile, since a handle
 * that nobody holds may be used for another object.
 */
export class EndlessCheck {
  readonly #hold: Hold;
  #remembered: Handle = 0;
  #repetitions = 0;
  #batches = 0;
  #replaceAt = FIRST_REMEMBERED;
  #items = 0;

  constructor(hold: Hold) {
    this.#hold = hold;
  }

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
    if (this.#batches === this.#replaceAt) this.#remember(first);
    return null;
  }

  /** Lets go of what is held. */
  end(): void {
    if (this.#remembered !== 0) this.#hold.give(this.#remembered);
    this.#remembered = 0;
  }

  #remember(handle: Handle): void {
    this.end();
    this.#replaceAt *= 2;
    this.#repetitions = 0;
    if (this.#hold.take(handle)) this.#remembered = handle;
  }
}

/** How often one item may come back in a list of changes before the rest of them has to wait. */
const MOST_RETURNS = 2;

/**
 * Recognises a list in which the same comes back again and again, as it may where others go on changing things: it is no
 * mistake, and no reason to go on for long.
 */
export class Repetition {
  #remembered = NaN;
  #returns = 0;
  #items = 0;
  #replaceAt = 1;

  /**
   * Takes note of an item.
   *
   * @param name tells it from others
   * @returns whether what was remembered has come back often enough
   */
  note(name: number): boolean {
    if (name === this.#remembered) this.#returns += 1;
    this.#items += 1;
    if (this.#items === this.#replaceAt) {
      this.#replaceAt *= 4;
      this.#remembered = name;
      this.#returns = 0;
    }
    return this.#returns >= MOST_RETURNS;
  }
}
