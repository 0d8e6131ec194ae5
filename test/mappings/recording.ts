import type { V2Status } from '../../src/win32/status.js';
import { wrapCalls } from '../../src/v2/calls.js';
import type { V2Library } from '../../src/v2/library.js';
import type { Handle } from '../../src/v2/memory.js';
import type { V2Function } from '../../src/v2/signatures.js';

/** One v2 call as it was made. */
export interface RecordedCall {
  readonly name: V2Function;
  readonly parameters: readonly Handle[];
}

/** Which call is to fail, and how: the n-th of one function from the start of the recording. */
export interface Fault {
  readonly at: V2Function;
  readonly nth: number;
  readonly code: number;
}

/** A library that keeps a list of the calls made while `record` runs. */
export interface RecordingLibrary {
  readonly library: V2Library;
  /** Runs something, with one call failing if a fault is given; returns the calls. A failing call is not made. */
  record(run: () => void, fault?: Fault): readonly RecordedCall[];
}

export function withRecording(library: V2Library): RecordingLibrary {
  let recorded: RecordedCall[] | undefined;
  let pending: Fault | undefined;
  let seen = 0;
  const calls = wrapCalls(library.calls, (name, call) => (...parameters) => {
    if (recorded === undefined) return call(...parameters);
    recorded.push({ name, parameters });
    if (pending?.at === name) {
      seen += 1;
      if (seen === pending.nth) return pending.code as V2Status;
    }
    return call(...parameters);
  });
  return {
    library: { ...library, calls },
    record(run, fault) {
      const made: RecordedCall[] = [];
      [recorded, pending, seen] = [made, fault, 0];
      try {
        run();
      } finally {
        recorded = undefined;
      }
      return made;
    },
  };
}
