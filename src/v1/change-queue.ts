import { constant } from '../win32/constants.js';

const CURRENT = constant('RTM_CURRENT_BEST_ROUTE');
const PREVIOUS = constant('RTM_PREVIOUS_BEST_ROUTE');

/** Messages that the first and the largest chunk have room for, whatever they contain. */
const FIRST_CHUNK = 8;
const LARGEST_CHUNK = 1024;

interface Chunk {
  readonly words: Uint32Array;
  /** Words in use. */
  end: number;
}

/**
 * The change messages of one client, first in, first out. A message is its flags followed by the routes that the flags
 * name, so that one of a route that has come or gone takes half the room of one of a change. Chunks go as they are
 * emptied.
 */
export class ChangeQueue {
  readonly #routeWords: number;
  /** Words of the longest message. */
  readonly #messageWords: number;
  #chunks: Chunk[] = [];
  /** Words of the first chunk that have been taken. */
  #start = 0;
  #nextChunk = FIRST_CHUNK;

  /** @param routeWords DWORDs of a route structure */
  constructor(routeWords: number) {
    this.#routeWords = routeWords;
    this.#messageWords = 1 + 2 * routeWords;
  }

  get isEmpty(): boolean {
    const [first] = this.#chunks;
    return first === undefined || (this.#chunks.length === 1 && first.end === this.#start);
  }

  /**
   * Makes sure that the next message finds room.
   *
   * @returns false if there is no memory for it
   */
  reserve(): boolean {
    const last = this.#chunks.at(-1);
    if (last !== undefined && last.end + this.#messageWords <= last.words.length) return true;
    try {
      this.#chunks.push({ words: new Uint32Array(this.#messageWords * this.#nextChunk), end: 0 });
      this.#nextChunk = Math.min(2 * this.#nextChunk, LARGEST_CHUNK);
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Adds a message, for which there must be room.
   *
   * @param flags RTM_ROUTE_ADDED, RTM_ROUTE_CHANGED or RTM_ROUTE_DELETED, which say what of the routes counts
   */
  push(flags: number, current: Uint32Array, previous: Uint32Array): void {
    const chunk = this.#chunks.at(-1);
    if (chunk === undefined) throw new RangeError('no room was reserved');
    chunk.words[chunk.end] = flags;
    chunk.end += 1;
    if ((flags & CURRENT) !== 0) this.#append(chunk, current);
    if ((flags & PREVIOUS) !== 0) this.#append(chunk, previous);
  }

  /**
   * Takes the first message of a queue that has one.
   *
   * @param current receives the current best route if the flags name it
   * @param previous receives the previous one likewise
   * @returns the flags
   */
  shift(current: Uint32Array, previous: Uint32Array): number {
    const [chunk] = this.#chunks;
    if (chunk === undefined || this.isEmpty) throw new RangeError('the queue is empty');
    const flags = chunk.words[this.#start] ?? 0;
    this.#start += 1;
    if ((flags & CURRENT) !== 0) this.#take(chunk, current);
    if ((flags & PREVIOUS) !== 0) this.#take(chunk, previous);
    if (this.#start === chunk.end) this.#leaveChunk(chunk);
    return flags;
  }

  #append(chunk: Chunk, route: Uint32Array): void {
    chunk.words.set(route, chunk.end);
    chunk.end += this.#routeWords;
  }

  #take(chunk: Chunk, into: Uint32Array): void {
    for (let index = 0; index < this.#routeWords; index += 1) into[index] = chunk.words[this.#start + index] ?? 0;
    this.#start += this.#routeWords;
  }

  #leaveChunk(chunk: Chunk): void {
    this.#start = 0;
    // A queue that never grows long gets by with one chunk.
    if (this.#chunks.length === 1 && chunk.words.length === this.#messageWords * FIRST_CHUNK) {
      chunk.end = 0;
      return;
    }
    this.#chunks.shift();
    if (this.#chunks.length === 0) this.#nextChunk = FIRST_CHUNK;
  }
}
