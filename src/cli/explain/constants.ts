/** Constants of both versions, and Win32 codes. */
import {
  constants,
  errors,
  functions,
  rtmv2,
  structures,
  type V1ConstantRow,
  v1Constants,
  type V2ConstantRow,
} from '../../mappings/index.js';
import { deviationsOf, type Entry, NEW_IN_V2, NOTHING_MORE, type Section, section } from './entry.js';
import { grouped, listed, mentions, parametersOf, translationLines } from './lines.js';

/** Every name that is explained here. A size has a number for each architecture: RTM_BASIC_DEST_INFO_SIZE.x64. */
export const constantNames: readonly string[] = [
  ...new Set(Object.keys(constants).map((name) => name.split('.')[0] ?? '')),
];

const isCodeName = (name: string): boolean => /^(ERROR_|NO_ERROR$)/.test(name);

const rowOf = (name: string): V1ConstantRow | undefined =>
  v1Constants.rows.find((row) => (row.name.endsWith('*') ? name.startsWith(row.name.slice(0, -1)) : row.name === name));

/** A code has one entry for each of its names: that of winerror.h and those of Rtm.h. */
export function explainCode(code: number): Entry[] {
  return constantNames
    .filter((name) => isCodeName(name) && constants[name] === code)
    .sort((one, other) => Number(isOfRtmH(one)) - Number(isOfRtmH(other)))
    .flatMap(explainConstant);
}

const isOfRtmH = (name: string): boolean => rowOf(name)?.header === 'Rtm.h';

export function explainConstant(name: string): Entry[] {
  const row = rowOf(name);
  const number = constants[name];
  if (row !== undefined && number !== undefined) return [ofV1Constant(name, number, row)];
  return rtmv2.constants.filter((candidate) => candidate.name === name).map(ofV2Constant);
}

function ofV1Constant(name: string, number: number, row: V1ConstantRow): Entry {
  const isCode = isCodeName(name);
  return {
    ...NOTHING_MORE,
    name,
    number,
    kind: `${isCode ? 'Win32 code' : 'constant'}, ${row.category}`,
    version: 1,
    is: row.is,
    becomes: row.v2,
    sections: isCode ? codeSections(name, number) : section('Used by', usersOf(name)),
    beware: row.beware === undefined ? [] : [row.beware],
    deviations: deviationsOf(name),
    sources: [...new Set([row.page, row.header.toLowerCase()])],
  };
}

function ofV2Constant({ name, is, page, beware }: V2ConstantRow): Entry {
  const number = constants[name];
  const replaced = v1Constants.rows.filter((row) => row.name !== name && mentions(row.v2, name)).map((row) => row.name);
  return {
    ...NOTHING_MORE,
    name,
    ...(number === undefined ? {} : { number }),
    kind: 'constant of version 2',
    version: 2,
    is,
    becomes: replaced.length === 0 ? NEW_IN_V2 : `It has a part in what became of ${listed(replaced)}.`,
    sections: [
      ...section('Value', number === undefined ? [] : [`${number}, or 0x${number.toString(16).toUpperCase()}`]),
      ...section('Taken by', takersOf(name)),
      ...section('Named by', usersOf(name)),
    ],
    beware: beware === undefined ? [] : [beware],
    deviations: deviationsOf(name),
    sources: [...new Set([page, headerOf(name)])],
  };
}

function headerOf(name: string): string {
  if (name.startsWith('AF_')) return 'winsock2.h';
  return name.startsWith('PROTO_') ? 'routprot.h' : 'rtmv2.h';
}

/** Parameters and members of version 2 whose text names a constant, or a group of constants that it is of. */
function takersOf(name: string): string[] {
  const group = /^(RTM_[A-Z]+_(?:MASK|FLAGS|STATE|TYPE|CHANGE))_|^(RTM_MATCH|RTM_ENUM)_/.exec(name);
  const stem = group?.[1] ?? group?.[2];
  const isNamed = (text: string): boolean => mentions(text, name) || (stem !== undefined && text.includes(`${stem}_*`));
  return [
    ...parametersOf(
      functions.v2.flatMap((row) =>
        row.parameters
          .filter(({ meaning }) => isNamed(meaning))
          .map((parameter) => [row.name, parameter.name] as const),
      ),
    ),
    ...rtmv2.members.filter(({ meaning }) => isNamed(meaning)).map(({ structure, member }) => `${structure}.${member}`),
  ];
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
  const saidBy = (
    rows: readonly {
      readonly name: string;
      readonly codes: readonly { readonly name: string; readonly meaning: string }[];
    }[],
  ): string[] => {
    const said = rows.flatMap((row) =>
      row.codes.filter((code) => code.name === name).map(({ meaning }) => [row.name, meaning] as const),
    );
    return grouped(said).map(([names, meaning]) => `${listed(names)}: ${meaning}`);
  };
  return [
    ...section('Said by version 1', saidBy(functions.functions)),
    ...section('Said by version 2', saidBy([...functions.v2, ...rtmv2.diagnostics])),
    ...section(
      'Where version 2 says it, version 1 says',
      translationLines(errors.rows.filter((row) => row.v2 !== null && row.code === number)),
    ),
  ];
}
