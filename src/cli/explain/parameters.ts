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
    parameters.map(
      (row, index) => ({ function: name, version: 2, type: v2ParametersOf(name)[index]?.[1] ?? '', row }) as const,
    ),
  ),
  ...[...rtmv2.types, ...rtmv2.diagnostics].flatMap(({ name, declaration, parameters = [] }) =>
    parameters.map((row) => ({ function: name, version: 2, type: typeIn(declaration, row.name), row }) as const),
  ),
];

/** A parameter of a macro, which has no type. */
interface MacroUse {
  readonly name: string;
  readonly macro: string;
  readonly version: 1 | 2;
  readonly meaning: string;
}

const macroUses: readonly MacroUse[] = [
  ...functions.macros.flatMap(({ name: macro, parameters, is: meaning }) =>
    parameters.map((name) => ({ name, macro, version: 1, meaning }) as const),
  ),
  ...rtmv2.macros.flatMap(({ name: macro, parameters }) =>
    parameters.map(({ name, meaning }) => ({ name, macro, version: 2, meaning }) as const),
  ),
];

/** Every name that is explained here. */
export const parameterNames: readonly string[] = [
  ...new Set([...uses.map(({ row }) => row.name), ...macroUses.map(({ name }) => name)]),
];

export function explainParameter(name: string): Entry[] {
  const functionUses = uses.filter(({ row }) => row.name === name);
  const inMacros = macroUses.filter((use) => use.name === name);
  if (functionUses.length === 0 && inMacros.length === 0) return [];
  const meanings = new Set([...functionUses.map(({ row }) => row.meaning), ...inMacros.map(({ meaning }) => meaning)]);
  const [meaning = ''] = meanings;
  const types = [...new Set(functionUses.map(({ type }) => declared(type, name)))];
  const versions = new Set([...functionUses, ...inMacros].map(({ version }) => version));
  return [
    {
      ...NOTHING_MORE,
      name,
      kind: 'parameter',
      version: versions.has(1) ? 1 : 2,
      ...(types.length === 0 ? {} : { declaration: types.join('; ') }),
      is: meanings.size === 1 ? meaning : 'A parameter that means something in each place where it stands.',
      becomes: becomes(functionUses, versions),
      sections: [
        ...section('In version 1', linesOf(functionUses.filter(({ version }) => version === 1))),
        ...section('In version 2', linesOf(functionUses.filter(({ version }) => version === 2))),
        ...section('In macros', linesOfMacros(inMacros)),
      ],
      sources: [...versions].sort().map((version) => (version === 1 ? 'rtm.h' : 'rtmv2.h')),
    },
  ];
}

function becomes(functionUses: readonly Use[], versions: ReadonlySet<number>): string {
  if (!versions.has(1)) return NEW_IN_V2;
  const places = [...new Set(functionUses.flatMap(({ row }) => ('v2' in row ? [row.v2] : [])))];
  if (places.length === 0) return 'What the macros become.';
  return places.length === 1 ? (places[0] ?? '') : 'Another thing in each function: see below.';
}

function linesOf(told: readonly Use[]): string[] {
  const lines = told.map(({ function: name, row }) => {
    const place = 'v2' in row ? ` Version 2: ${row.v2}` : '';
    return [name, `(${traitsOf(row)}): ${row.meaning}${place}`] as const;
  });
  return grouped(lines).map(
    ([names, text]) => `${names.length > NAMED ? `${names.length} functions` : listed(names)} ${text}`,
  );
}

function linesOfMacros(told: readonly MacroUse[]): string[] {
  return grouped(told.map(({ macro, meaning }) => [macro, meaning] as const)).map(
    ([macros, text]) => `${listed(macros)}: ${text}`,
  );
}

const declared = (type: string, name: string): string => (type.endsWith('*') ? `${type}${name}` : `${type} ${name}`);

/** The type of a parameter in a declaration. */
function typeIn(declaration: string, name: string): string {
  return new RegExp(`[(,]\\s*([^(),]*[\\s*])${name}\\s*[,)]`).exec(declaration)?.[1]?.trim() ?? '';
}
