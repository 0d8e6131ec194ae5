import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  constants,
  deviations,
  functions,
  layouts,
  notes,
  rtmv2,
  structures,
  v1Constants,
} from '../../src/mappings/index.js';
import { v2Functions } from '../../src/v2/signatures.js';
import { expectSchemaValid } from '../support/mappings.js';

const header = readFileSync(new URL('../../engine/include/rtmv2.h', import.meta.url), 'utf8').replace(
  /\/\*[\s\S]*?\*\//g,
  '',
);

const names = (rows: readonly { readonly name: string }[]): string[] => rows.map(({ name }) => name);

describe('mappings/rtmv2.json', () => {
  it('is what its schema says', () => {
    expectSchemaValid('rtmv2');
  });

  it('says of every constant what it is for, once: the rest are those of version 1 and of winerror.h', () => {
    const elsewhere = (name: string): boolean =>
      v1Constants.rows.some((row) =>
        row.name.endsWith('*') ? name.startsWith(row.name.slice(0, -1)) : row.name === name,
      );
    const wanted = new Set(Object.keys(constants).map((name) => name.split('.')[0] ?? ''));
    expect(names(rtmv2.constants).sort()).toEqual([...wanted].filter((name) => !elsewhere(name)).sort());
  });

  it('has every type of the header that is no structure, with its pointer', () => {
    const typedefs = [...header.matchAll(/typedef (?:HANDLE|INT|DWORD) (\w+), \*(\w+);/g)].map(
      ([, name = '', pointer = '']) => [name, pointer],
    );
    expect(typedefs).toHaveLength(15);
    for (const [name = '', pointer = ''] of typedefs) {
      const row = rtmv2.types.find((type) => type.name === name);
      expect(row?.otherNames, name).toContain(pointer);
    }
  });

  it('has the callbacks as the header declares them', () => {
    const declared = (text: string): string =>
      text.replace(/\s+/g, ' ').replaceAll('(WINAPI', ' (WINAPI').replaceAll('  ', ' ').replace('VOID', 'void');
    const ofHeader = [...header.matchAll(/typedef (?:void|DWORD)\(WINAPI \*(\w+)\)[^;]*;/g)].map(
      ([text, name = '']) => [name, declared(text)] as const,
    );
    expect(ofHeader).toHaveLength(2);
    for (const [name, text] of ofHeader) {
      const row = rtmv2.types.find((type) => type.name === name);
      expect(declared(row?.declaration ?? ''), name).toBe(text);
      const parameters = [...text.matchAll(/(\w+)(?=[,)])/g)]
        .map(([, parameter]) => parameter)
        .filter((parameter) => parameter !== name);
      expect(
        row?.parameters?.map((parameter) => parameter.name),
        name,
      ).toEqual(parameters);
    }
  });

  it('has every structure of the layouts that is none of version 1, with every member', () => {
    const ofVersion1 = new Set(structures.rows.map(({ structure }) => structure));
    const members = Object.entries(layouts)
      .filter(([name]) => !ofVersion1.has(name))
      .flatMap(([name, { x64 }]) => x64.fields.map((field) => `${name}.${field.name}`));
    const told = rtmv2.members.map(({ structure, member }) => `${structure}.${member}`);
    expect(told.filter((name) => !name.startsWith('RTM2_')).sort()).toEqual(members.sort());
    expect(new Set(rtmv2.members.map(({ structure }) => structure))).toEqual(new Set(names(rtmv2.structures)));
  });

  it('has what the embedded library exports besides, as its header declares it', () => {
    const declared = [...header.matchAll(/RTM2_API ([\w *]+?)WINAPI (Rtm2\w+)(\([^)]*\));/g)].map(
      ([, result = '', name = '', parameters = '']) => `${result}${name}${parameters}`,
    );
    expect(rtmv2.diagnostics.map(({ declaration }) => declaration)).toEqual(declared);
    const body = /typedef struct _RTM2_STATISTICS \{([^}]*)\}/.exec(header)?.[1] ?? '';
    const members = [...body.matchAll(/ULONGLONG (\w+);/g)].map(([, name]) => name);
    expect(
      rtmv2.members.filter(({ structure }) => structure === 'RTM2_STATISTICS').map(({ member }) => member),
    ).toEqual(members);
  });

  it('names no thing twice', () => {
    const all = [...rtmv2.constants, ...rtmv2.types, ...rtmv2.macros, ...rtmv2.structures, ...rtmv2.diagnostics];
    const every = [...names(all), ...rtmv2.types.flatMap(({ otherNames = [] }) => otherNames)];
    expect(every.filter((name, index) => every.indexOf(name) !== index)).toEqual([]);
  });
});

describe('mappings/notes.json', () => {
  it('is what its schema says', () => {
    expectSchemaValid('notes');
  });

  it('refers to functions and decisions that there are', () => {
    const known = new Set<string>([...names(functions.functions), ...names(functions.macros), ...v2Functions]);
    for (const { title, functions: concerned, deviations: decisions } of notes.rows) {
      expect(
        concerned.filter((name) => !known.has(name)),
        title,
      ).toEqual([]);
      expect(
        decisions.filter((id) => !deviations.rows.some((row) => row.id === id)),
        title,
      ).toEqual([]);
    }
  });
});
