import { mapping } from './mapping.js';

/** Every constant of Rtm.h, Rtmv2.h, routprot.h and winerror.h that the project uses, by its C name. */
export const constants = mapping('constants.json') as Readonly<Record<string, number>>;

/**
 * The number behind a C name.
 *
 * @throws {RangeError} if `mappings/constants.json` has no such name
 */
export function constant(name: string): number {
  const value = constants[name];
  if (value === undefined) throw new RangeError(`mappings/constants.json has no constant named ${name}`);
  return value;
}
