/** The longest delay that a timer of Node takes; beyond it would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** One timer for everything that has to be done without being asked for. It never keeps the process alive. */
export class Pulse {
  readonly #beat: () => number;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer fires, in milliseconds of the monotonic clock. */
  #due = Infinity;

  /** @param beat does what there is to do, and tells in how many milliseconds again; Infinity for never */
  constructor(beat: () => number) {
    this.#beat = beat;
  }

  /** Makes sure that the next beat comes in so many milliseconds at the latest. */
  within(ms: number): void {
    const due = performance.now() + ms;
    if (due >= this.#due) return;
    this.stop();
    this.#due = due;
    this.#timer = setTimeout(
      () => {
        this.#due = Infinity;
        this.within(this.#beat());
      },
      Math.min(ms, LONGEST_TIMER_MS),
    );
    this.#timer.unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#due = Infinity;
  }
}
