/** A small generator of random numbers that a seed makes repeatable (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** An integer from 0 to below `end`. */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % end;
  }

  /** One of some values. */
  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }

  /** Whether something that happens `times` in `outOf` times happens now. */
  happens(times: number, outOf: number): boolean {
    return this.below(outOf) < times;
  }
}
