import { expect } from 'vitest';
import type { Rtm1Functions } from '../../src/v1/functions.js';
import { RtmError, type RtmFunction } from '../../src/client/error.js';

/** The RtmError that a call throws. */
export function errorOf(call: () => unknown): RtmError {
  try {
    call();
  } catch (error) {
    if (error instanceof RtmError) return error;
    throw error;
  }
  return expect.unreachable('it throws');
}

/** What an RtmError has to say of itself. */
export const failure = (rtmFunction: RtmFunction, name: string, code: number): unknown =>
  expect.objectContaining({ function: rtmFunction, name, code });

/** The same functions, some of them replaced. */
export function replacing(rtm: Rtm1Functions, replaced: Partial<Rtm1Functions>): Rtm1Functions {
  const functions: Record<string | symbol, unknown> = replaced;
  return new Proxy(rtm, { get: (target, name): unknown => functions[name] ?? Reflect.get(target, name, target) });
}
