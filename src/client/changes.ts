/// <reference lib="esnext.disposable" />
import type { EventObject } from '../win32/event-object.js';

/** No event tells that a client has been deregistered behind the back of whoever waits; looking again does. */
const LOOK_AGAIN_MS = 1000;

/** Where change messages come from: one client's queue, and the event that tells of it. */
export interface ChangeSource<Change> {
  readonly event: EventObject;
  /** Takes the oldest message; undefined if there is none, in which case the event has been reset. */
  readonly take: () => Change | undefined;
}

/** Lets one iterator after another read a source of changes. */
export class ChangeReader<Change> {
  readonly #source: ChangeSource<Change>;
  #active: ChangeIterator<Change> | null = null;

  constructor(source: ChangeSource<Change>) {
    this.#source = source;
  }

  /** An iterator that has the source for itself from its first `next()` until it ends. */
  iterate(signal: AbortSignal | undefined): ChangeIterator<Change> {
    return new ChangeIterator(this.#source, signal, {
      enter: (iterator) => {
        if (this.#active !== null) {
          throw new Error(
            'The changes of this client are being iterated already: a message goes to one reader only. End that loop first, or register another client',
          );
        }
        this.#active = iterator;
      },
      leave: () => {
        this.#active = null;
      },
    });
  }

  /**
   * Takes what there is now, without waiting.
   *
   * @param limit how many at most
   * @param next takes the oldest; undefined if there is none. If it throws, what has been taken before is not lost: it
   *   is returned, and the next call finds out again
   */
  take(limit: number, next: () => Change | undefined): Change[] {
    if (this.#active?.isAwaited === true) {
      throw new Error(
        'Somebody waits for the next change of changes(), and takeChanges would take it away. ' +
          'Call it from within that loop, or end the loop first',
      );
    }
    const taken: Change[] = [];
    try {
      while (taken.length < limit) {
        const change = next();
        if (change === undefined) break;
        taken.push(change);
      }
    } catch (error) {
      if (taken.length === 0) throw error;
    }
    return taken;
  }

  /** Ends the iterator that is reading, if there is one. */
  stop(): void {
    this.#active?.stop();
  }
}

interface Turn<Change> {
  readonly enter: (iterator: ChangeIterator<Change>) => void;
  readonly leave: () => void;
}

/**
 * The changes of a source, in order. A message is taken when somebody waits for it and not before, so that whatever ends
 * the iterator loses none.
 */
export class ChangeIterator<Change> implements AsyncIterableIterator<Change, undefined, undefined>, AsyncDisposable {
  readonly #source: ChangeSource<Change>;
  readonly #generator: AsyncGenerator<Change, undefined, undefined>;
  #isStopped = false;
  #awaited = 0;

  constructor(source: ChangeSource<Change>, signal: AbortSignal | undefined, turn: Turn<Change>) {
    this.#source = source;
    this.#generator = this.#read(signal, turn);
  }

  async *#read(signal: AbortSignal | undefined, turn: Turn<Change>): AsyncGenerator<Change, undefined, undefined> {
    const stop = (): void => {
      this.stop();
    };
    turn.enter(this);
    signal?.addEventListener('abort', stop);
    try {
      while (!this.#isStopped && signal?.aborted !== true) {
        const change = this.#source.take();
        if (change === undefined) await this.#source.event.wait(LOOK_AGAIN_MS);
        else yield change;
      }
    } finally {
      signal?.removeEventListener('abort', stop);
      turn.leave();
    }
  }

  /** Makes the iterator end, also one that is waiting: its event is signalled, which the next reader will find out. */
  stop(): void {
    this.#isStopped = true;
    this.#source.event.set();
  }

  /** Whether a `next()` has not been answered yet. */
  get isAwaited(): boolean {
    return this.#awaited > 0;
  }

  next(): Promise<IteratorResult<Change, undefined>> {
    this.#awaited += 1;
    return this.#generator.next().finally(() => {
      this.#awaited -= 1;
    });
  }

  /** Ends the iterator, also a `next()` that is waiting. */
  return(): Promise<IteratorResult<Change, undefined>> {
    this.stop();
    return this.#generator.return(undefined);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
