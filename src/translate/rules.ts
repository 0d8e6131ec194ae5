import { constant } from '../win32/constants.js';
import { mapping } from '../win32/mapping.js';
import type { FunctionsMapping, MemberRow, StructuresMapping } from '../mappings/types.js';

const { rows } = mapping('structures.json') as StructuresMapping;
const { functions } = mapping('functions.json') as FunctionsMapping;

function rowOf(structure: string, member: string): MemberRow {
  const row = rows.find((candidate) => candidate.structure === structure && candidate.member === member);
  if (row === undefined) throw new RangeError(`mappings/structures.json has no row for ${structure}.${member}`);
  return row;
}

function stated(value: number | undefined, what: string): number {
  if (value === undefined) throw new RangeError(`mappings/ does not state ${what}`);
  return value;
}

/** NumBits of the address that a member becomes. */
export function addressBits(structure: string, member: string): number {
  return stated(rowOf(structure, member).bits, `the bits of ${structure}.${member}`);
}

/** The bits of a member that RTMv2 has room for. */
export function memberMask(structure: string, member: string): number {
  return stated(rowOf(structure, member).mask, `the mask of ${structure}.${member}`);
}

/** The values of a renumbered member with what each becomes, in the order in which `mappings/structures.json` has them. */
export function memberValues(structure: string, member: string): readonly { readonly v1: number; readonly v2: number }[] {
  const values = rowOf(structure, member).values ?? [];
  return values.map(({ v1, v2 }) => ({ v1, v2: typeof v2 === 'string' ? constant(v2) : v2 }));
}

/** The highest value that a parameter of a v1 function may have. */
export function parameterMaximum(v1Function: string, parameter: string): number {
  const parameters = functions.find(({ name }) => name === v1Function)?.parameters ?? [];
  return stated(parameters.find(({ name }) => name === parameter)?.maximum, `the maximum of ${parameter} of ${v1Function}`);
}
