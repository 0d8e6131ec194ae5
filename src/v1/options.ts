import type { LibrarySelection } from '../v2/library.js';
import { isDword } from './arguments.js';

const MAX_INSTANCE = 0xffff;

/** What `openRtm1` can be told. */
export interface Rtm1Options {
  /** Which RTMv2 to use; `auto` if omitted. See {@link LibrarySelection}. */
  readonly library?: LibrarySelection;
  /** RTM instance, 0..65535: instances have tables of their own. 0 if omitted. */
  readonly instance?: number;
  /**
   * FSD_Priority by protocol, as an administrator would set it: replaces what the client puts into its routes.
   * Protocols that are not named keep what the client says.
   */
  readonly priorities?: ReadonlyMap<number, number> | Readonly<Record<number, number>>;
  /**
   * Milliseconds since 1970-01-01 UTC, for time stamps and ages, and for how long routes live. If omitted, `Date.now`
   * for the former, and for the latter a clock that goes on evenly, whatever somebody sets the time to.
   */
  readonly clock?: () => number;
}

/** Options with everything filled in and nothing that the caller could still change. */
export interface Settings {
  readonly library: LibrarySelection;
  readonly instance: number;
  readonly priorities: ReadonlyMap<number, number>;
  readonly clock: () => number;
  /** Whether the clock is one that the caller gave. */
  readonly isClockGiven: boolean;
}

/**
 * Checks options.
 *
 * @throws {TypeError | RangeError} naming the option and what it may be
 */
export function settingsOf(options: Rtm1Options): Settings {
  const { library = 'auto', instance = 0, priorities = {}, clock, ...unknown } = checkedObject(options);
  const [unknownName] = Object.keys(unknown);
  if (unknownName !== undefined) {
    throw new TypeError(`There is no option '${unknownName}': there are library, instance, priorities and clock`);
  }
  if (typeof library !== 'string' || library === '') {
    throw new TypeError("library must be 'auto', 'embedded', 'system' or the path of a library");
  }
  if (typeof instance !== 'number' || !Number.isInteger(instance) || instance < 0 || instance > MAX_INSTANCE) {
    throw new RangeError(`instance must be an integer from 0 to ${MAX_INSTANCE}`);
  }
  if (clock !== undefined && typeof clock !== 'function') {
    throw new TypeError('clock must be a function that returns milliseconds since 1970-01-01 UTC');
  }
  return {
    library,
    instance,
    priorities: prioritiesOf(priorities),
    clock: (clock ?? Date.now) as () => number,
    isClockGiven: clock !== undefined,
  };
}

function checkedObject(options: unknown): Record<string, unknown> {
  if (typeof options !== 'object' || options === null) throw new TypeError('options must be an object');
  return options as Record<string, unknown>;
}

function prioritiesOf(priorities: unknown): Map<number, number> {
  const expected = 'priorities must be a Map or an object from protocol to priority, both integers 0..0xFFFFFFFF';
  if (typeof priorities !== 'object' || priorities === null) throw new TypeError(expected);
  const entries: (readonly [unknown, unknown])[] =
    priorities instanceof Map
      ? [...(priorities as Map<unknown, unknown>)]
      : Object.entries(priorities).map(([name, priority]) => [protocolNamed(name), priority] as const);
  return new Map(
    entries.map(([protocol, priority]) => {
      if (!isDword(protocol) || !isDword(priority)) throw new RangeError(expected);
      return [protocol, priority];
    }),
  );
}

/** The number that a property name spells, or NaN. */
function protocolNamed(name: string): number {
  const protocol = Number(name);
  return String(protocol) === name ? protocol : NaN;
}
