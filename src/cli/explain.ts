/** What the mappings know of one name or code. */
import {
  constants,
  deviations,
  errors,
  functions,
  type LayoutRow,
  layouts,
  type MacroRow,
  type MemberRow,
  structures,
  type V1ConstantRow,
  v1Constants,
  type V1FunctionRow,
  type V2FunctionRow,
} from '../mappings/index.js';
import { callsText, codeLine, mentions, parameterLine, signatureOf, translationLine } from './explain-lines.js';

/** Lines under a heading. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** One thing that a name or code stands for. */
export interface Entry {
  readonly name: string;
  readonly kind: string;
  readonly number?: number;
  /** Its declaration in C. */
  readonly declaration?: string;
  /** What it is. */
  readonly is: string;
  /** What it becomes in version 2; of things of version 2, what they are for. */
  readonly becomes: string;
  readonly sections: readonly Section[];
  readonly beware: readonly string[];
  /** Decisions of this package that concern it. */
  readonly deviations: readonly { readonly id: number; readonly subject: string; readonly behaviour: string }[];
  /** Pages of the documentation, or headers. */
  readonly sources: readonly string[];
}

/** Every name that can be explained. */
export const names: readonly string[] = [
  ...new Set([
    ...functions.functions.map(({ name }) => name),
    ...functions.macros.map(({ name }) => name),
    ...functions.v2.map(({ name }) => name),
    ...Object.entries(layouts).flatMap(([structure, { x64 }]) => [structure, ...x64.fields.map(({ name }) => name)]),
    ...Object.keys(constants).filter((name) => !name.includes('.')),
  ]),
];

/**
 * Explains a name of either header, `STRUCTURE.MEMBER`, or a Win32 code, decimal or 0x...; upper and lower case are the
 * same.
 *
 * @returns an entry for each thing that it stands for; none if it stands for nothing
 */
export function explain(query: string): readonly Entry[] {
  if (/^(\d+|0x[\da-f]+)$/i.test(query)) return explainCode(Number(query));
  const [structure, member] = query.split('.');
  if (member !== undefined) return explainMember(known(member), known(structure ?? ''));
  const name = known(query);
  const entries = [
    ...functions.functions.filter((row) => row.name === name).map(ofV1Function),
    ...functions.macros.filter((row) => row.name === name).map(ofMacro),
    ...functions.v2.filter((row) => row.name === name).map(ofV2Function),
    ...explainMember(name),
    ...ofStructure(name),
  ];
  return entries.length > 0 ? entries : ofConstant(name);
}

/** The name as the headers spell it. */
function known(name: string): string {
  return names.find((candidate) => candidate.toLowerCase() === name.toLowerCase()) ?? name;
}

function section(title: string, lines: readonly string[]): Section[] {
  return lines.length === 0 ? [] : [{ title, lines }];
}

/** Decisions that name something, or are about its page; a header is no page of one thing. */
function deviationsOf(name: string, page?: string): Entry['deviations'] {
  return deviations.rows
    .filter((row) => (row.page === page && !row.page.endsWith('.h')) || mentions(row, name))
    .map(({ id, subject, behaviour }) => ({ id, subject, behaviour }));
}

function ofV1Function(row: V1FunctionRow): Entry {
  return {
    name: row.name,
    kind: `function of version 1, ${row.category}`,
    declaration: signatureOf(row),
    is: row.summary,
    becomes: row.instead,
    sections: [
      ...section('Parameters', row.parameters.map(parameterLine)),
      ...section(row.result.reports === 'result' ? 'Codes' : `Codes, as last error after ${row.result.failure ?? ''}`, row.codes.map(codeLine)),
      ...section('What you must do now', row.duties),
      ...section('Calls of version 2', row.uses.map((use) => `${use.call}: ${use.for}`)),
      ...section('In order', row.paths.map((path) => `${path.when}: ${callsText(path.calls)}`)),
    ],
    beware: row.beware,
    deviations: deviationsOf(row.name, row.page),
    sources: [row.page, 'rtm.h', `MIGRATION.md#${row.name.toLowerCase()}`],
  };
}

function ofMacro(row: MacroRow): Entry {
  return {
    name: row.name,
    kind: 'macro of version 1',
    declaration: row.parameters.length === 0 ? row.name : `${row.name}(${row.parameters.join(', ')})`,
    is: row.is,
    becomes: row.v2,
    sections: [],
    beware: [row.beware],
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
    is: row.what,
    becomes: row.notNeeded === undefined ? `Stands in for ${users.map(({ name }) => name).join(', ')}.` : `Not needed: ${row.notNeeded}`,
    sections: [
      ...section('Codes', row.codes.map((name) => `${name} (${constants[name] ?? ''})`)),
      ...section('Hands out', row.handsOut === undefined ? [] : [`${row.handsOut}, to be given back by ${row.givenBackBy ?? ''}`]),
      ...section('Consumes', row.consumes === undefined ? [] : [row.consumes]),
      ...section('Called for', purposes),
      ...section('What its codes become', errors.rows.filter(({ v2 }) => v2 === row.name).map(translationLine)),
    ],
    beware: [],
    deviations: deviationsOf(row.name, row.page),
    sources: [row.page],
  };
}

function explainMember(member: string, structure?: string): Entry[] {
  const isAsked = (owner: string, name: string): boolean => name === member && (structure === undefined || owner === structure);
  const ofV1 = structures.rows.filter((row) => isAsked(row.structure, row.member)).map(ofMember);
  const described = new Set(structures.rows.map((row) => row.structure));
  const ofV2 = Object.entries(layouts)
    .filter(([owner]) => !described.has(owner))
    .flatMap(([owner, { x64 }]) => x64.fields.filter(({ name }) => isAsked(owner, name)).map((field) => ofV2Member(owner, field)));
  return [...ofV1, ...ofV2];
}

function ofMember(row: MemberRow): Entry {
  const field = layouts[row.structure]?.x64.fields.find(({ name }) => name === row.member);
  return {
    name: `${row.structure}.${row.member}`,
    kind: `member of version 1, ${row.category}`,
    declaration: `${field?.type ?? ''} at offset ${field?.offset ?? ''}, ${field?.size ?? ''} bytes`,
    is: row.meaning,
    becomes: [row.v2.join(row.category === 'divided' ? ', ' : ' -> '), row.how].filter((text) => text !== '').join(': '),
    sections: [
      ...section('Unit', row.unit === undefined ? [] : [row.unit]),
      ...section('Byte order', row.byteOrder === undefined ? [] : [row.byteOrder]),
      ...section('Values', (row.values ?? []).map(({ v1, v2 }) => `${v1} becomes ${v2}`)),
    ],
    beware: row.beware === undefined ? [] : [row.beware],
    deviations: deviationsOf(row.member),
    sources: [row.page, 'rtm.h', 'MIGRATION.md#structures'],
  };
}

function ofV2Member(structure: string, field: LayoutRow['fields'][number]): Entry {
  const name = `${structure}.${field.name}`;
  const residents = structures.rows.filter(({ v2 }) => v2.includes(name)).map((row) => `${row.structure}.${row.member}`);
  return {
    name,
    kind: 'member of version 2',
    declaration: `${field.type} at offset ${field.offset} on x64, ${field.size} bytes`,
    is: `A member of ${structure}.`,
    becomes: residents.length === 0 ? 'Nothing of version 1 lives here.' : `What was ${residents.join(', ')} lives here.`,
    sections: [],
    beware: [],
    deviations: [],
    sources: ['rtmv2.h'],
  };
}

function ofStructure(name: string): Entry[] {
  const layout = layouts[name];
  if (layout === undefined) return [];
  const rows = structures.rows.filter(({ structure }) => structure === name);
  const isV1 = rows.length > 0;
  const { x64, x86 } = layout;
  const members = isV1
    ? rows.map((row) => `${row.member}: ${row.category}${row.v2.length === 0 ? '' : `, ${row.v2.join(row.category === 'divided' ? ', ' : ' -> ')}`}`)
    : x64.fields.map((field) => `${field.name}: ${field.type} at offset ${field.offset}`);
  const places = isV1 ? [] : structures.rows.filter(({ v2 }) => v2.some((step) => step.startsWith(`${name}.`)));
  return [
    {
      name,
      kind: `structure of version ${isV1 ? 1 : 2}`,
      is: x64.size === x86.size ? `${x64.size} bytes.` : `${x64.size} bytes on x64, ${x86.size} on x86.`,
      becomes: isV1
        ? 'Its members go where the list says.'
        : `It holds what was ${places.map((row) => `${row.structure}.${row.member}`).join(', ') || 'in no structure of version 1'}.`,
      sections: section('Members', members),
      beware: [],
      deviations: deviationsOf(name),
      sources: [isV1 ? 'rtm.h' : 'rtmv2.h'],
    },
  ];
}

const isCodeName = (name: string): boolean => /^(ERROR_|NO_ERROR$)/.test(name);

const constantRow = (name: string): V1ConstantRow | undefined =>
  v1Constants.rows.find((row) => (row.name.endsWith('*') ? name.startsWith(row.name.slice(0, -1)) : row.name === name));

function ofConstant(name: string): Entry[] {
  const number = constants[name];
  if (number === undefined) return [];
  const row = constantRow(name);
  if (row === undefined) return [ofV2Constant(name, number)];
  return [
    {
      name,
      number,
      kind: `${isCodeName(name) ? 'Win32 code' : 'constant'}, ${row.category}`,
      is: row.is,
      becomes: row.v2,
      sections: isCodeName(name) ? codeSections(name, number) : section('Used by', usersOf(name)),
      beware: row.beware === undefined ? [] : [row.beware],
      deviations: deviationsOf(name),
      sources: [...new Set([row.page, row.header.toLowerCase()])],
    },
  ];
}

function ofV2Constant(name: string, number: number): Entry {
  return {
    name,
    number,
    kind: 'constant of version 2',
    is: `${number}, or 0x${number.toString(16).toUpperCase()}.`,
    becomes: 'It is where things of version 1 have gone.',
    sections: section('Named by', usersOf(name)),
    beware: [],
    deviations: deviationsOf(name),
    sources: [name.startsWith('AF_') ? 'winsock2.h' : 'rtmv2.h'],
  };
}

/** What of version 1 has to do with a constant. */
function usersOf(name: string): string[] {
  return [
    ...functions.functions.filter((row) => mentions(row, name)).map((row) => row.name),
    ...functions.macros.filter((row) => mentions(row, name)).map((row) => row.name),
    ...structures.rows.filter((row) => mentions(row, name)).map((row) => `${row.structure}.${row.member}`),
    ...v1Constants.rows.filter((row) => row.name !== name && mentions(row, name)).map((row) => row.name),
  ];
}

function codeSections(name: string, number: number): Section[] {
  const saidByV1 = functions.functions.flatMap((row) =>
    row.codes.filter((code) => code.name === name).map((code) => `${row.name}: ${code.meaning}`),
  );
  const saidByV2 = functions.v2.filter(({ codes }) => codes.includes(name)).map((row) => row.name);
  const becomes = errors.rows.filter((row) => row.v2 !== null && row.code === number).map((row) => `${row.v1}: ${translationLine(row)}`);
  return [
    ...section('Said by version 1', saidByV1),
    ...section('Said by version 2', saidByV2.length === 0 ? [] : [saidByV2.join(', ')]),
    ...section('Where version 2 says it, version 1 says', becomes),
  ];
}

/** A code has one entry for each of its names: that of winerror.h and those of Rtm.h. */
function explainCode(code: number): Entry[] {
  return Object.keys(constants)
    .filter((name) => isCodeName(name) && constants[name] === code)
    .sort((one, other) => Number(isOfRtmH(one)) - Number(isOfRtmH(other)))
    .flatMap(ofConstant);
}

const isOfRtmH = (name: string): boolean => constantRow(name)?.header === 'Rtm.h';
