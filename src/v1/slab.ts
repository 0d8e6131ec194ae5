const CHUNK_BITS = 12;
const CHUNK_RECORDS = 1 << CHUNK_BITS;
const CHUNK_MASK = CHUNK_RECORDS - 1;
const END_OF_FREE = -1;

/**
 * The full v1 structure of each of a client's routes: RTMv2 has no room for most of it. A route's EntitySpecificInfo
 * names its slot. Free slots are chained through their first word.
 */
export class RouteSlab {
  readonly #words: number;
  #chunks: Uint32Array[] = [];
  /** Slots below have been used. */
  #end = 0;
  #free = END_OF_FREE;

  /** @param words DWORDs of one route */
  constructor(words: number) {
    this.#words = words;
  }

  /** Slots that have ever been used: every taken slot is below. */
  get end(): number {
    return this.#end;
  }

  /**
   * Takes a slot.
   *
   * @returns the slot, or -1 if there is no memory for another
   */
  take(): number {
    if (this.#free !== END_OF_FREE) {
      const slot = this.#free;
      this.#free = (this.#chunk(slot)[(slot & CHUNK_MASK) * this.#words] ?? 0) | 0;
      return slot;
    }
    if (this.#end === this.#chunks.length * CHUNK_RECORDS && !this.#grow()) return -1;
    this.#end += 1;
    return this.#end - 1;
  }

  /** Gives a taken slot back. */
  release(slot: number): void {
    this.#chunk(slot)[(slot & CHUNK_MASK) * this.#words] = this.#free;
    this.#free = slot;
  }

  /** Gives back every slot for which `taken` has no 1. */
  releaseAllBut(taken: Uint8Array): void {
    this.#free = END_OF_FREE;
    for (let slot = this.#end - 1; slot >= 0; slot -= 1) {
      if (taken[slot] !== 1) this.release(slot);
    }
  }

  /** Copies a route into a slot. */
  write(slot: number, route: Uint32Array): void {
    this.#chunk(slot).set(route, (slot & CHUNK_MASK) * this.#words);
  }

  /** Copies the route out of a slot. */
  read(slot: number, into: Uint32Array): void {
    const words = this.#words;
    const chunk = this.#chunk(slot);
    const start = (slot & CHUNK_MASK) * words;
    for (let index = 0; index < words; index += 1) into[index] = chunk[start + index] ?? 0;
  }

  /** One DWORD of the route in a slot. */
  word(slot: number, index: number): number {
    return this.#chunk(slot)[(slot & CHUNK_MASK) * this.#words + index] ?? 0;
  }

  #chunk(slot: number): Uint32Array {
    const chunk = this.#chunks[slot >>> CHUNK_BITS];
    if (chunk === undefined) throw new RangeError(`slot ${slot} was never taken`);
    return chunk;
  }

  #grow(): boolean {
    try {
      this.#chunks.push(new Uint32Array(CHUNK_RECORDS * this.#words));
      return true;
    } catch {
      return false;
    }
  }
}
