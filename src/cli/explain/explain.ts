/** What the mappings know of one name or code. */
import { layouts } from '../../mappings/index.js';
import { constantNames, explainCode, explainConstant } from './constants.js';
import type { Entry } from './entry.js';
import { explainFunction, functionNames } from './functions.js';
import { explainMember, explainStructure, memberNames } from './members.js';
import { explainParameter, parameterNames } from './parameters.js';
import { explainType, otherNames, typeNames } from './types.js';

export type { Entry, Section } from './entry.js';

/** Tags of structures and pointers to them: _RTM_DEST_INFO and PRTM_DEST_INFO are RTM_DEST_INFO. */
const structureNames = [...new Set([...Object.keys(layouts), ...memberNames])].filter((name) =>
  /^[A-Z0-9_]+$/.test(name),
);
const aliases: ReadonlyMap<string, string> = new Map([
  ...structureNames.flatMap((name) => [[`_${name}`, name] as const, [`P${name}`, name] as const]),
  ...otherNames,
]);

/** Every name that can be explained. */
export const names: readonly string[] = [
  ...new Set([...functionNames, ...constantNames, ...memberNames, ...typeNames, ...parameterNames]),
];

const spelling: ReadonlyMap<string, string> = new Map(
  [...aliases.keys(), ...names].reverse().map((name) => [name.toLowerCase(), name]),
);

/**
 * Explains a name of either header, `STRUCTURE.MEMBER`, or a Win32 code, decimal or 0x...; upper and lower case are the
 * same.
 *
 * @returns an entry for each thing that it stands for; none if it stands for nothing
 */
export function explain(query: string): readonly Entry[] {
  if (/^(\d+|0x[\da-f]+)$/i.test(query)) return explainCode(Number(query));
  const spelt = spelling.get(query.toLowerCase()) ?? query;
  const name = aliases.get(spelt) ?? spelt;
  const dot = name.lastIndexOf('.');
  return [
    ...explainFunction(name),
    ...explainMember(name.slice(dot + 1), dot < 0 ? undefined : name.slice(0, dot)),
    ...explainStructure(name),
    ...explainType(name),
    ...explainParameter(name),
    ...explainConstant(name),
  ];
}
