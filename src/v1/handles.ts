import { randomInt } from 'node:crypto';

const SLOT_BITS = 20;

/** Handles that can be open at once. */
export const MAX_HANDLES = 2 ** SLOT_BITS;

const SLOT_MASK = MAX_HANDLES - 1;
const MAX_GENERATION = 2 ** (53 - SLOT_BITS) - 1;

/** Something that a v1 handle stands for. */
export interface HandleTarget {
  /** The handle; 0 while there is none. */
  handle: number;
}

/**
 * The v1 handles of one opened object: numbers that hold a slot and, above it, a generation which is used once. So a
 * handle that was closed is never valid again, and since each table starts from a random generation, a handle of one
 * table means nothing in another.
 */
export class HandleTable {
  readonly #targets: (HandleTarget | undefined)[] = [];
  readonly #free: number[] = [];
  readonly #first = randomInt(1, 2 ** 32);
  #generation = this.#first;

  /** Whether no handle is left to give out. */
  get isFull(): boolean {
    return this.#free.length === 0 && this.#targets.length === MAX_HANDLES;
  }

  /** Gives `target` a handle. The table must not be full. */
  open(target: HandleTarget): number {
    const slot = this.#free.pop() ?? this.#targets.length;
    this.#generation = this.#generation === MAX_GENERATION ? 1 : this.#generation + 1;
    target.handle = this.#generation * MAX_HANDLES + slot;
    this.#targets[slot] = target;
    return target.handle;
  }

  /** What a value is the handle of; undefined if it is no live handle. */
  find(handle: unknown): HandleTarget | undefined {
    if (typeof handle !== 'number') return undefined;
    // The bit operation is right for every integer below 2^53; anything else does not equal the target's own handle.
    const target = this.#targets[handle & SLOT_MASK];
    return target?.handle === handle ? target : undefined;
  }

  /** Whether a number that is no live handle was one. A generation is used once: it was never that of another slot. */
  hasEnded(handle: number): boolean {
    const generation = Math.floor(handle / MAX_HANDLES);
    const wasUsed = generation > this.#first && generation <= this.#generation;
    if (!wasUsed || (handle & SLOT_MASK) >= this.#targets.length || !Number.isInteger(handle)) return false;
    return !this.all().some((target) => Math.floor(target.handle / MAX_HANDLES) === generation);
  }

  /** Makes the handle of `target` invalid. */
  close(target: HandleTarget): void {
    const slot = target.handle & SLOT_MASK;
    if (this.#targets[slot] !== target) return;
    this.#targets[slot] = undefined;
    this.#free.push(slot);
    target.handle = 0;
  }

  /** Everything that has a handle now. */
  all(): HandleTarget[] {
    return this.#targets.filter((target) => target !== undefined);
  }
}
