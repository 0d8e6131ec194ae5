/** Types that are no structures, callbacks, and the macros of Rtmv2.h. */
import { functions, rtmv2, type V2MacroRow, type V2TypeRow } from '../../mappings/index.js';
import { deviationsOf, type Entry, NEW_IN_V2, NOTHING_MORE, section } from './entry.js';
import { parametersOf, v2ParameterLine, v2ParametersOf } from './lines.js';

/** More parameters than this are counted, not named. */
const NAMED = 12;

/** Names of one thing: a pointer to a type, the tag of a structure. */
export const otherNames: ReadonlyMap<string, string> = new Map(
  rtmv2.types.flatMap((row) => (row.otherNames ?? []).map((other) => [other, row.name] as const)),
);

/** Every name that is explained here. */
export const typeNames: readonly string[] = [...rtmv2.types, ...rtmv2.macros].map(({ name }) => name);

export function explainType(name: string): Entry[] {
  return [
    ...rtmv2.types.filter((row) => row.name === name).map(ofType),
    ...rtmv2.macros.filter((row) => row.name === name).map(ofMacro),
  ];
}

function ofType(row: V2TypeRow): Entry {
  const kind =
    row.page === 'windows-data-types'
      ? 'type of Windows'
      : row.parameters === undefined
        ? 'type of version 2'
        : 'callback of version 2';
  return {
    ...NOTHING_MORE,
    name: row.name,
    kind,
    version: 2,
    declaration: row.declaration,
    is: row.is,
    becomes: row.v1,
    sections: [
      ...section('Parameters', (row.parameters ?? []).map(v2ParameterLine)),
      ...section('Result', row.result === undefined ? [] : [row.result]),
      ...section('Other names', row.otherNames ?? []),
      ...section('Taken by', takersOf([row.name, ...(row.otherNames ?? [])])),
    ],
    beware: row.beware ?? [],
    deviations: deviationsOf(row.name),
    sources: [...new Set([row.page, ...(kind === 'type of Windows' ? [] : ['rtmv2.h'])])],
  };
}

/** Parameters of this type. */
function takersOf(types: readonly string[]): string[] {
  const isOfType = (type: string): boolean => types.includes(type.replace(/ \*$/, ''));
  const takers = [
    ...functions.functions.flatMap(({ name, parameters }) =>
      parameters.filter(({ type }) => isOfType(type)).map((parameter) => [name, parameter.name] as const),
    ),
    ...functions.v2.flatMap(({ name }) =>
      v2ParametersOf(name)
        .filter(([, type]) => isOfType(type))
        .map(([parameter]) => [name, parameter] as const),
    ),
  ];
  return takers.length > NAMED ? [`${takers.length} parameters`] : parametersOf(takers);
}

function ofMacro(row: V2MacroRow): Entry {
  return {
    ...NOTHING_MORE,
    name: row.name,
    kind: 'macro of version 2',
    version: 2,
    declaration:
      row.parameters.length === 0 ? row.name : `${row.name}(${row.parameters.map(({ name }) => name).join(', ')})`,
    is: row.is,
    becomes: NEW_IN_V2,
    sections: section(
      'Parameters',
      row.parameters.map(({ name, meaning }) => `${name}: ${meaning}`),
    ),
    beware: row.beware ?? [],
    deviations: deviationsOf(row.name),
    sources: [...new Set([row.page, 'rtmv2.h'])],
  };
}
