/** Functions of both versions, the macros of Rtm.h, and what the embedded library exports besides. */
import {
  type DiagnosticRow,
  errors,
  functions,
  type MacroRow,
  rtmv2,
  type V1FunctionRow,
  type V2FunctionRow,
} from '../../mappings/index.js';
import { deviationsOf, type Entry, NEW_IN_V2, NOTHING_MORE, notesOf, section } from './entry.js';
import {
  callsText,
  codeLine,
  listed,
  parameterLine,
  signatureOf,
  translationLines,
  v2CodeLine,
  v2ParameterLine,
  v2SignatureOf,
} from './lines.js';

const V2_CODES = 'Codes, as result; 0 (NO_ERROR) is success, and GetLastError tells nothing';

/** Every name that is explained here. */
export const functionNames: readonly string[] = [
  ...functions.functions,
  ...functions.macros,
  ...functions.v2,
  ...rtmv2.diagnostics,
].map(({ name }) => name);

export function explainFunction(name: string): Entry[] {
  const isNamed = (row: { readonly name: string }): boolean => row.name === name;
  return [
    ...functions.functions.filter(isNamed).map(ofV1Function),
    ...functions.macros.filter(isNamed).map(ofMacro),
    ...functions.v2.filter(isNamed).map(ofV2Function),
    ...rtmv2.diagnostics.filter(isNamed).map(ofDiagnostic),
  ];
}

function ofV1Function(row: V1FunctionRow): Entry {
  return {
    name: row.name,
    kind: `function of version 1, ${row.category}`,
    version: 1,
    declaration: signatureOf(row),
    is: row.summary,
    becomes: row.instead,
    sections: [
      ...section('Parameters', row.parameters.map(parameterLine)),
      ...section(
        row.result.reports === 'result' ? 'Codes' : `Codes, as last error after ${row.result.failure ?? ''}`,
        row.codes.map(codeLine),
      ),
      ...section('What you must do now', row.duties),
      ...section(
        'Calls of version 2',
        row.uses.map((use) => `${use.call}: ${use.for}`),
      ),
      ...section(
        'In order',
        row.paths.map((path) => `${path.when}: ${callsText(path.calls)}`),
      ),
    ],
    beware: row.beware,
    notes: notesOf(row.name),
    deviations: deviationsOf(row.name, row.page),
    sources: [row.page, 'rtm.h', `MIGRATION.md#${row.name.toLowerCase()}`],
  };
}

function ofMacro(row: MacroRow): Entry {
  return {
    ...NOTHING_MORE,
    name: row.name,
    kind: 'macro of version 1',
    version: 1,
    declaration: row.parameters.length === 0 ? row.name : `${row.name}(${row.parameters.join(', ')})`,
    is: row.is,
    becomes: row.v2,
    beware: [row.beware],
    notes: notesOf(row.name),
    deviations: deviationsOf(row.name),
    sources: [...new Set([row.page, 'rtm.h']), 'MIGRATION.md#macros'],
  };
}

function ofV2Function(row: V2FunctionRow): Entry {
  const users = functions.functions.filter(({ uses }) => uses.some(({ call }) => call === row.name));
  const purposes = users.flatMap(({ name, uses }) =>
    uses.filter(({ call }) => call === row.name).map((use) => `${name}: ${use.for}`),
  );
  return {
    name: row.name,
    kind: 'function of version 2',
    version: 2,
    declaration: v2SignatureOf(row.name),
    is: row.what,
    becomes:
      row.notNeeded === undefined
        ? `Stands in for ${listed(users.map(({ name }) => name))}.`
        : `Not needed: ${row.notNeeded}`,
    sections: [
      ...section('Parameters', row.parameters.map(v2ParameterLine)),
      ...section(V2_CODES, row.codes.map(v2CodeLine)),
      ...section('What to give back', givenBack(row)),
      ...section('Called for', purposes),
      ...section('What its codes become', translationLines(errors.rows.filter(({ v2 }) => v2 === row.name))),
    ],
    beware: row.beware,
    notes: notesOf(row.name),
    deviations: deviationsOf(row.name, row.page),
    sources: [row.page, 'rtmv2.h'],
  };
}

function givenBack({ handsOut, givenBackBy, consumes }: V2FunctionRow): string[] {
  const lines = [
    ...(handsOut === undefined ? [] : [`It hands out ${handsOut}, to be given back by ${givenBackBy ?? ''}.`]),
    ...(consumes === undefined ? [] : [`It consumes ${consumes}: do not give that back afterwards.`]),
  ];
  return lines.length > 0 ? lines : ['Nothing: it hands out no reference.'];
}

function ofDiagnostic(row: DiagnosticRow): Entry {
  return {
    ...NOTHING_MORE,
    name: row.name,
    kind: 'function of the embedded library',
    version: 2,
    declaration: row.declaration,
    is: row.is,
    becomes: NEW_IN_V2,
    sections: [
      ...section('Parameters', row.parameters.map(v2ParameterLine)),
      ...section(V2_CODES, row.codes.map(v2CodeLine)),
    ],
    beware: row.beware,
    deviations: deviationsOf(row.name),
    sources: ['rtmv2.h of the embedded library'],
  };
}
