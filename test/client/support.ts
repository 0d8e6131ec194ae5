import { expect } from 'vitest';
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
