import type { V2Status } from '../../src/win32/status.js';
import { wrapCalls } from '../../src/v2/calls.js';
import type { V2Library } from '../../src/v2/library.js';
import type { V2Function } from '../../src/v2/signatures.js';

/** One call of a v2 function, as a plan for failing calls sees it. */
export interface CallInfo {
  readonly name: V2Function;
  /** Number of this call since the plan was set, from 1. */
  readonly number: number;
}

/** Decides for each call what it answers instead of being made; null lets it through. */
export type FaultPlan = (call: CallInfo) => number | null;

/** A library whose calls can be made to fail, and which keeps a list of those made since the plan was set. */
export interface FaultyLibrary {
  readonly library: V2Library;
  readonly calls: readonly V2Function[];
  plan(plan: FaultPlan): void;
}

const LET_THROUGH: FaultPlan = () => null;

/** Puts faults between the shim and a library. A failed call is not made, and writes nothing. */
export function withFaults(library: V2Library): FaultyLibrary {
  const made: V2Function[] = [];
  let current = LET_THROUGH;
  const calls = wrapCalls(library.calls, (name, call) => (...parameters) => {
    made.push(name);
    const answer = current({ name, number: made.length });
    return answer === null ? call(...parameters) : (answer as V2Status);
  });
  return {
    library: { ...library, calls },
    calls: made,
    plan: (plan) => {
      made.length = 0;
      current = plan;
    },
  };
}

/** Lets everything through. */
export const noFaults = LET_THROUGH;

/** Fails the n-th call, whatever it is. */
export function failNth(n: number, code: number): FaultPlan {
  return ({ number }) => (number === n ? code : null);
}

/** Fails the first call of one function. */
export function failFirst(name: V2Function, code: number): FaultPlan {
  let done = false;
  return (call) => {
    if (done || call.name !== name) return null;
    done = true;
    return code;
  };
}

/** Fails every call of one function. */
export function failAll(name: V2Function, code: number): FaultPlan {
  return (call) => (call.name === name ? code : null);
}
