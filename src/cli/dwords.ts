import { offsetOf } from '../win32/abi.js';

/** Position of a member in its structure, counted in DWORDs. */
export function at(structure: string, member: string): number {
  return offsetOf(structure, member) / 4;
}
