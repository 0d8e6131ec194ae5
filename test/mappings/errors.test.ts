import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { type ErrorRow, errorMapping } from '../../src/translate/errors.js';
import { v2Functions } from '../../src/v2/signatures.js';
import { constants } from '../../src/win32/constants.js';
import { statusName } from '../../src/win32/status.js';
import { deviations } from '../support/deviations.js';

const read = (name: string): unknown => JSON.parse(readFileSync(new URL(`../../mappings/${name}`, import.meta.url), 'utf8'));

const { documented, rows } = errorMapping;

/** A row as its name in a message. */
const nameOf = ({ v1, v2, code, gives }: ErrorRow): string => `${v1} ${v2 ?? '-'} ${code ?? '-'} -> ${gives}`;

/** Whether every failure that `later` is for is decided by `earlier`. */
function covers(earlier: ErrorRow, later: ErrorRow): boolean {
  if (earlier.v2 === null || later.v2 === null || earlier.v1 !== later.v1) return false;
  const sameCall = earlier.v2 === '*' || earlier.v2 === later.v2;
  return sameCall && (earlier.code === '*' || earlier.code === later.code);
}

describe('mappings/errors.json', () => {
  it('is what its schema says', () => {
    const validate = new Ajv2020({ allErrors: true, strict: true }).compile(read('schemas/errors.schema.json') as object);
    validate(read('errors.json'));
    expect(validate.errors).toBeNull();
  });

  it('has a row for every code that a page documents', () => {
    const missing = Object.entries(documented).flatMap(([v1, { codes }]) =>
      codes.filter((code) => !rows.some((row) => row.v1 === v1 && row.gives === code)).map((code) => `${v1} ${code}`),
    );
    expect(missing).toEqual([]);
  });

  it('gives no code that the page of the function does not document, unless a deviation says so', () => {
    const recorded = new Set(
      deviations.flatMap(({ undocumentedCodes = [] }) => undocumentedCodes.map((pair) => `${pair.function} ${pair.code}`)),
    );
    const given = new Set(rows.filter(({ v1, gives }) => !documented[v1].codes.includes(gives)).map(({ v1, gives }) => `${v1} ${gives}`));
    expect([...given].sort()).toEqual([...recorded].sort());
  });

  it('has no row that can never decide', () => {
    const shadowed = rows.filter((row, index) => rows.slice(0, index).some((earlier) => covers(earlier, row)));
    expect(shadowed.map(nameOf)).toEqual([]);
  });

  it('decides every failure of every function but those that call nothing', () => {
    const withoutDefault = Object.keys(documented).filter(
      (v1) => !rows.some((row) => row.v1 === v1 && row.v2 === '*' && row.code === '*'),
    );
    expect(withoutDefault).toEqual(['RtmGetRouteAge']);
  });

  it('names functions that exist, and codes that have a name', () => {
    for (const row of rows) {
      if (row.v2 !== null && row.v2 !== '*') expect(v2Functions).toContain(row.v2);
      for (const code of [row.code, row.gives]) {
        if (typeof code === 'number') expect(statusName(code), nameOf(row)).not.toBe(String(code));
      }
    }
  });

  it('takes nothing for documented that the page of the v1 function does not have', () => {
    const wrong = rows.filter(({ v1, basis, gives }) => basis === 'documented' && !documented[v1].codes.includes(gives));
    expect(wrong.map(nameOf)).toEqual([]);
  });
});

describe('statusName', () => {
  it('knows every Win32 code by its own name, not by an alias of Rtm.h', () => {
    expect(statusName(constants['ERROR_NO_ROUTES'] ?? -1)).toBe('ERROR_NO_MORE_ITEMS');
    expect(statusName(0)).toBe('NO_ERROR');
    expect(statusName(4242)).toBe('4242');
  });
});
