const NOWHERE = -1;
const FIRST_CAPACITY = 64;

/**
 * When which route of a client is to go: a binary heap of slots. Routing protocols renew their routes far more often
 * than they let one age, and so that is what costs next to nothing: a deadline that is put off or dropped is only
 * noted, and its slot moves when it comes to the top. Each slot stands in the heap at most once, so that it takes 24
 * bytes a slot however often routes are renewed.
 */
export class Deadlines {
  /** By slot: the deadline, Infinity for none. */
  #deadlines = new Float64Array(0);
  /** By slot: what the heap is ordered by, never later than the deadline. */
  #keys = new Float64Array(0);
  /** By slot: its place in the heap, or NOWHERE. */
  #places = new Int32Array(0);
  #heap = new Uint32Array(0);
  #length = 0;

  /**
   * Gives a slot a deadline, in place of any that it has.
   *
   * @param deadline milliseconds, by whatever clock the caller goes
   * @returns false if there is no memory for it
   */
  set(slot: number, deadline: number): boolean {
    if (slot >= this.#places.length && !this.#grow(slot)) return false;
    this.#deadlines[slot] = deadline;
    const place = this.#places[slot] ?? NOWHERE;
    if (place !== NOWHERE && (this.#keys[slot] ?? 0) <= deadline) return true;
    this.#keys[slot] = deadline;
    if (place === NOWHERE) this.#length += 1;
    this.#rise(place === NOWHERE ? this.#length - 1 : place, slot);
    return true;
  }

  /** Takes a slot's deadline away, if it has one. */
  clear(slot: number): void {
    if (slot < this.#deadlines.length) this.#deadlines[slot] = Infinity;
  }

  /** The earliest deadline; Infinity if there is none. */
  earliest(): number {
    this.#bringUp();
    return this.#length === 0 ? Infinity : (this.#keys[this.#heap[0] ?? 0] ?? 0);
  }

  /** The slot with the earliest deadline, which must exist. */
  first(): number {
    this.#bringUp();
    return this.#heap[0] ?? 0;
  }

  /** Puts the earliest deadline on top, now that those that were noted as put off or dropped may be in its way. */
  #bringUp(): void {
    while (this.#length > 0) {
      const slot = this.#heap[0] ?? 0;
      const deadline = this.#deadlines[slot] ?? Infinity;
      if (deadline === this.#keys[slot]) return;
      if (deadline === Infinity) this.#removeTop(slot);
      else {
        this.#keys[slot] = deadline;
        this.#sink(0, slot);
      }
    }
  }

  #removeTop(slot: number): void {
    this.#places[slot] = NOWHERE;
    this.#length -= 1;
    if (this.#length > 0) this.#sink(0, this.#heap[this.#length] ?? 0);
  }

  #rise(from: number, slot: number): void {
    const key = this.#keys[slot] ?? 0;
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >>> 1;
      const above = this.#heap[parent] ?? 0;
      if ((this.#keys[above] ?? 0) <= key) break;
      this.#put(place, above);
      place = parent;
    }
    this.#put(place, slot);
  }

  #sink(from: number, slot: number): void {
    const key = this.#keys[slot] ?? 0;
    let place = from;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= this.#length) break;
      let below = this.#heap[child] ?? 0;
      const other = this.#heap[child + 1] ?? 0;
      if (child + 1 < this.#length && (this.#keys[other] ?? 0) < (this.#keys[below] ?? 0)) {
        child += 1;
        below = other;
      }
      if ((this.#keys[below] ?? 0) >= key) break;
      this.#put(place, below);
      place = child;
    }
    this.#put(place, slot);
  }

  #put(place: number, slot: number): void {
    this.#heap[place] = slot;
    this.#places[slot] = place;
  }

  #grow(slot: number): boolean {
    const before = this.#places.length;
    const capacity = Math.max(FIRST_CAPACITY, 2 * before, slot + 1);
    try {
      const deadlines = new Float64Array(capacity).fill(Infinity, before);
      const keys = new Float64Array(capacity);
      const places = new Int32Array(capacity).fill(NOWHERE, before);
      const heap = new Uint32Array(capacity);
      deadlines.set(this.#deadlines);
      keys.set(this.#keys);
      places.set(this.#places);
      heap.set(this.#heap);
      [this.#deadlines, this.#keys, this.#places, this.#heap] = [deadlines, keys, places, heap];
      return true;
    } catch {
      return false;
    }
  }
}
