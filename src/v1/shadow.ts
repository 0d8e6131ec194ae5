import { NETWORK, type RouteFormat } from '../translate/route-format.js';
import { RouteSlab } from './slab.js';

/** No network has this slot. */
export const UNKNOWN = -1;

const WORD_SIZE = 4;
const FIRST_CAPACITY = 64;

/**
 * The last known best route of each network: RTMv2 tells only what is, and v1 tells what was as well. Routes are records
 * in a slab, found through an open-addressed hash table of their slots: one of at most 3/4 load at 4 bytes an entry, so
 * that a network takes the route and 6 to 11 bytes, 98 to 103 bytes for IP.
 */
export class Shadow {
  readonly #format: RouteFormat;
  readonly #slab: RouteSlab;
  /** Slot + 1 of the network that stands here; 0 for none. The length is a power of 2. */
  #table = new Uint32Array(FIRST_CAPACITY);
  #size = 0;

  constructor(format: RouteFormat) {
    this.#format = format;
    this.#slab = new RouteSlab(format.words);
  }

  /** How many networks have a best route. */
  get size(): number {
    return this.#size;
  }

  /** The slot of the best route of a route's network, or UNKNOWN. */
  find(route: Uint32Array): number {
    return (this.#table[this.#placeOf(route)] ?? 0) - 1;
  }

  /** Copies the route out of a slot. */
  read(slot: number, into: Uint32Array): void {
    this.#slab.read(slot, into);
  }

  /** Replaces the route in a slot by one to the same network. */
  replace(slot: number, route: Uint32Array): void {
    this.#slab.write(slot, route);
  }

  /**
   * Adds the best route of a network that has none yet.
   *
   * @returns false if there is no memory for it
   */
  add(route: Uint32Array): boolean {
    if (4 * (this.#size + 1) > 3 * this.#table.length && !this.#grow()) return false;
    const slot = this.#slab.take();
    if (slot === UNKNOWN) return false;
    this.#slab.write(slot, route);
    this.#table[this.#placeOf(route)] = slot + 1;
    this.#size += 1;
    return true;
  }

  /** Removes the best route of a route's network, which must have one. */
  remove(route: Uint32Array): void {
    const mask = this.#table.length - 1;
    let gap = this.#placeOf(route);
    this.#slab.release((this.#table[gap] ?? 0) - 1);
    // Entries behind the gap move up, unless that would take them before the place they belong to.
    for (let place = (gap + 1) & mask; this.#table[place] !== 0; place = (place + 1) & mask) {
      const entry = this.#table[place] ?? 0;
      const home = this.#hashOfSlot(entry - 1) & mask;
      if (((place - home) & mask) < ((place - gap) & mask)) continue;
      this.#table[gap] = entry;
      gap = place;
    }
    this.#table[gap] = 0;
    this.#size -= 1;
  }

  /** The place where a network stands, or else the free one where it would. */
  #placeOf(route: Uint32Array): number {
    const mask = this.#table.length - 1;
    let place = this.#hash(route) & mask;
    for (;;) {
      const entry = this.#table[place] ?? 0;
      if (entry === 0 || this.#isNetworkOf(entry - 1, route)) return place;
      place = (place + 1) & mask;
    }
  }

  #isNetworkOf(slot: number, route: Uint32Array): boolean {
    const end = NETWORK + this.#format.networkSize / WORD_SIZE;
    for (let index = NETWORK; index < end; index += 1) {
      if (this.#slab.word(slot, index) !== route[index]) return false;
    }
    return true;
  }

  #hash(route: Uint32Array): number {
    let hash = 0;
    const end = NETWORK + this.#format.networkSize / WORD_SIZE;
    for (let index = NETWORK; index < end; index += 1) hash = mix(hash, route[index] ?? 0);
    return hash;
  }

  #hashOfSlot(slot: number): number {
    let hash = 0;
    const end = NETWORK + this.#format.networkSize / WORD_SIZE;
    for (let index = NETWORK; index < end; index += 1) hash = mix(hash, this.#slab.word(slot, index));
    return hash;
  }

  #grow(): boolean {
    const before = this.#table;
    try {
      this.#table = new Uint32Array(2 * before.length);
    } catch {
      return false;
    }
    const mask = this.#table.length - 1;
    for (const entry of before) {
      if (entry === 0) continue;
      let place = this.#hashOfSlot(entry - 1) & mask;
      while (this.#table[place] !== 0) place = (place + 1) & mask;
      this.#table[place] = entry;
    }
    return true;
  }
}

/** Spreads every bit of a word over the whole hash: the words of networks differ in few and regular bits. */
function mix(hash: number, word: number): number {
  let mixed = Math.imul(hash ^ word, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
