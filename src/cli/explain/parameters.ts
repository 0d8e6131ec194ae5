/** Names of parameters: which functions take them, and what they mean there. */
import { functions, type ParameterRow, rtmv2, type V2ParameterRow } from '../../mappings/index.js';
import { type Entry, NEW_IN_V2, NOTHING_MORE, section } from './entry.js';
import { grouped, listed, traitsOf, v2ParametersOf } from './lines.js';

/** A parameter where it stands. */
interface Use {
  readonly function: string;
  readonly version: 1 | 2;
  readonly type: string;
  readonly row: ParameterRow | V2ParameterRow;
}

/** More functions than this are counted, not named. */
const NAMED = 12;

const uses: readonly Use[] = [
  ...functions.functions.flatMap(({ name, parameters }) =>
    parameters.map((row) => ({ function: name, version: 1, type: row.type, row }) as const),
  ),
  ...functions.v2.flatMap(({ name, parameters }) =>
    parameters.map((row, index) => ({ function: name, version: 2, type: v2ParametersOf(name)[index]?.[1] ?? '', row }) as const),
  ),
  ...[...rtmv2.types, ...rtmv2.diagnostics].flatMap(({ name, declaration, parameters = [] }) =>
    parameters.map((row) => ({ function: name, version: 2, type: typeIn(declaration, row.name), row }) as const),
  ),
];

/** Parameters of macros, which have no type. */
const macroUses: readonly (readonly [parameter: string, macro: string, meaning: string])[] = [
  ...functions.macros.flatMap(({ name, parameters, is }) => parameters.map((parameter) => [parameter, name, is] as const)),
  ...rtmv2.macros.flatMap(({ name, parameters }) => parameters.map((row) => [row.name, name, row.meaning] as const)),
];

/** Every name that is explained here. */
export const parameterNames: readonly string[] = [
  ...new Set([...uses.map(({ row }) => row.name), ...macroUses.map(([parameter]) => parameter)]),
];

export function explainParameter(name: string): Entry[] {
  const of = uses.filter(({ row }) => row.name === name);
  const ofMacros = macroUses.filter(([parameter]) => parameter === name).map(([, macro, meaning]) => [macro, meaning] as const);
  if (of.length === 0 && ofMacros.length === 0) return [];
  const places = new Set(of.flatMap(({ row }) => ('v2' in row ? [row.v2] : [])));
  const meanings = new Set([...of.map(({ row }) => row.meaning), ...ofMacros.map(([, meaning]) => meaning)]);
  const [meaning = ''] = meanings;
  return [
    {
      ...NOTHING_MORE,
      name,
      kind: 'parameter',
      version: places.size > 0 ? 1 : 2,
      ...(of.length === 0 ? {} : { declaration: [...new Set(of.map(({ type }) => declared(type, name)))].join('; ') }),
      is: meanings.size === 1 ? meaning : 'A parameter with a meaning in each function that takes it.',
      becomes: places.size > 0 ? [...places].join(' ') : NEW_IN_V2,
      sections: [
        ...section('In version 1', linesOf(of.filter(({ version }) => version === 1))),
        ...section('In version 2', linesOf(of.filter(({ version }) => version === 2))),
        ...section('In macros', grouped(ofMacros).map(([macros, text]) => `${listed(macros)}: ${text}`)),
      ],
      sources: [...new Set(of.map(({ version }) => (version === 1 ? 'rtm.h' : 'rtmv2.h')))].concat(of.length === 0 ? ['rtmv2.h'] : []),
    },
  ];
}

function linesOf(of: readonly Use[]): string[] {
  const told = of.map(({ function: name, row }) => [name, `(${traitsOf(row)}): ${row.meaning}`] as const);
  return grouped(told).map(([names, text]) => `${names.length > NAMED ? `${names.length} functions` : listed(names)} ${text}`);
}

const declared = (type: string, name: string): string => (type.endsWith('*') ? `${type}${name}` : `${type} ${name}`);

/** The type of a parameter in a declaration. */
function typeIn(declaration: string, name: string): string {
  return new RegExp(`[(,]\\s*([^(),]*[\\s*])${name}\\s*[,)]`).exec(declaration)?.[1]?.trim() ?? '';
}
