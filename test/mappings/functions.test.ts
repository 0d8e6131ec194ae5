import { describe, expect, it } from 'vitest';
import { constants, errors, functions as mapping, layouts, notes, rtmv2, structures, v1Constants } from '../../src/mappings/index.js';
import { kindOf, signatures, v2Functions } from '../../src/v2/signatures.js';
import { expectSchemaValid, textsIn } from '../support/mappings.js';
import { declarations, macros } from '../support/rtm-header.js';

const { functions, macros: macroRows, v2 } = mapping;

/** The functions that the v1 layer calls for any v1 function. */
const called = new Set(functions.flatMap(({ uses }) => uses.map(({ call }) => call)));

describe('mappings/functions.json', () => {
  it('is what its schema says', () => {
    expectSchemaValid('functions');
  });

  it('has every function of Rtm.h as it is declared there', () => {
    expect(declarations).toHaveLength(15);
    const rows = functions.map(({ name, result, parameters }) => ({
      name,
      result: result.type,
      parameters: parameters.map((parameter) => [parameter.type, parameter.name]),
    }));
    expect([...rows].sort((a, b) => a.name.localeCompare(b.name))).toEqual(
      [...declarations].sort((a, b) => a.name.localeCompare(b.name)),
    );
  });

  it('has every macro of Rtm.h', () => {
    expect(Object.fromEntries(macroRows.map(({ name, parameters }) => [name, parameters]))).toEqual(
      Object.fromEntries(macros),
    );
  });

  it('documents the codes that the translation of errors reports', () => {
    for (const { name, page, result, codes } of functions) {
      const documented = Object.entries(errors.documented).find(([v1]) => v1 === name)?.[1];
      const numbers = codes.map((code) => constants[code.name]);
      expect({ page, reports: result.reports, codes: [...numbers].sort() }, name).toEqual({
        ...documented,
        codes: [...(documented?.codes ?? [])].sort(),
      });
    }
  });

  it('has every function of Rtmv2.h, in the order of the header', () => {
    expect(v2.map(({ name }) => name)).toEqual(v2Functions);
    expect(v2).toHaveLength(57);
  });

  it('has the parameters of each function of Rtmv2.h, in the order of the header', () => {
    for (const { name, parameters } of v2) {
      const declared = signatures[name as keyof typeof signatures].map(([parameter]) => parameter);
      expect(parameters.map((parameter) => parameter.name), name).toEqual(declared);
    }
  });

  it('tells which parameters of Rtmv2.h are written to: those that point to what is no input', () => {
    for (const { name, parameters } of v2) {
      parameters.forEach(({ direction, name: parameter }, index) => {
        const [, type = 'DWORD'] = signatures[name as keyof typeof signatures][index] ?? [];
        if (direction !== 'in') expect(kindOf(type), `${name}: ${parameter}`).toBe('pointer');
        if (type.endsWith('*') && type !== 'HANDLE *') expect(direction, `${name}: ${parameter}`).toBe('out');
      });
    }
  });

  it('says of each v2 function either what it is called for or why it is not', () => {
    const notNeeded = v2.filter((row) => row.notNeeded !== undefined).map(({ name }) => name);
    expect(notNeeded.filter((name) => called.has(name))).toEqual([]);
    expect([...called, ...notNeeded].sort()).toEqual([...v2Functions].sort());
  });

  it('names for everything that is handed out a function that takes it back', () => {
    const names: readonly string[] = v2Functions;
    for (const { name, givenBackBy = '' } of v2) {
      for (const back of givenBackBy.match(/Rtm\w+/g) ?? []) expect(names, name).toContain(back);
    }
    const given = new Set(v2.flatMap(({ givenBackBy = '' }) => givenBackBy.match(/Rtm\w+/g) ?? []));
    const releases = v2Functions.filter((name) => /^Rtm(Release|Delete(?!RouteToDest)|Deregister)/.test(name));
    expect(releases.filter((name) => !given.has(name))).toEqual([]);
  });

  it('gives parameters that exist to the calls that it lists', () => {
    for (const { name, uses } of functions) {
      for (const { call, with: values = {} } of uses) {
        const parameters = signatures[call as keyof typeof signatures].map(([parameter]) => parameter as string);
        expect(parameters, `${name}: ${call}`).toEqual(expect.arrayContaining(Object.keys(values)));
      }
    }
  });
});

describe('the texts of the mappings', () => {
  const members = Object.entries(layouts).flatMap(([structure, { x64 }]) => [structure, ...x64.fields.map(({ name }) => name)]);
  const parameters = [
    ...Object.values(signatures).flatMap((list) => list.map(([name]) => name)),
    ...functions.flatMap((row) => row.parameters.map(({ name }) => name)),
  ];
  const namesOfV2 = [
    ...[...rtmv2.constants, ...rtmv2.types, ...rtmv2.macros, ...rtmv2.structures].map(({ name }) => name),
    ...rtmv2.types.flatMap(({ otherNames = [] }) => otherNames),
  ];
  const handles = new Set(Object.values(signatures).flatMap((list) => list.map(([, type]) => type as string)));
  const known = new Set<string>([
    ...v2Functions,
    ...functions.map(({ name }) => name),
    ...macroRows.map(({ name }) => name),
    ...Object.keys(constants),
    ...members,
    ...parameters,
    ...namesOfV2,
    ...handles,
  ]);

  it.each([
    ['functions.json', mapping],
    ['structures.json', structures],
    ['v1-constants.json', v1Constants],
    ['rtmv2.json', rtmv2],
    ['notes.json', notes],
  ])('name nothing in %s that neither header has', (_name, data) => {
    const words = textsIn(data).flatMap((text) => text.match(/\b(?:Rtm[A-Z]\w+|(?:RTM|ERROR|IP|IPX|AF|FSD|RR|PSD|NHA|N)_\w+)\b/g) ?? []);
    const unknown = words.filter((word) => !known.has(word) && !/^(IPX|IP)_PROTOCOL_$|^PROTO_IP_$|_$/.test(word));
    expect([...new Set(unknown)]).toEqual([]);
  });

  it('write the number of a code beside its name as it is', () => {
    const pairs = textsIn([mapping, structures, v1Constants, rtmv2, notes]).flatMap((text) => [...text.matchAll(/\b(ERROR_\w+) \((\d+)\)/g)]);
    expect(pairs.length).toBeGreaterThan(30);
    for (const [pair, name = '', number] of pairs) expect(constants[name], pair).toBe(Number(number));
  });
});
