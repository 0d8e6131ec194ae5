import { describe, expect, it } from 'vitest';
import { constants, v1Constants } from '../../src/mappings/index.js';
import { expectSchemaValid } from '../support/mappings.js';
import { constantDefinitions } from '../support/rtm-header.js';

const { rows } = v1Constants;

/** The number of a definition: a number, or constants joined by a bar. */
function valueOf(definition: string): number {
  return definition
    .replace(/[()]/g, '')
    .split('|')
    .reduce((value, part) => value | (/^(0x[\da-f]+|\d+)$/i.test(part) ? Number(part) : (constants[part] ?? NaN)), 0);
}

describe('mappings/v1-constants.json', () => {
  it('is what its schema says', () => {
    expectSchemaValid('v1-constants');
  });

  it('has every constant of Rtm.h once', () => {
    const names = rows.filter(({ header }) => header === 'Rtm.h').map(({ name }) => name);
    expect([...names].sort()).toEqual([...constantDefinitions.keys()].filter((name) => !name.startsWith('__')).sort());
    expect(names).toHaveLength(21);
  });

  it('names only constants that have a number, and each once', () => {
    const covered = rows.map(({ name }) => Object.keys(constants).filter((known) => matches(name, known)));
    expect(covered.filter((names) => names.length === 0)).toEqual([]);
    expect(new Set(covered.flat()).size).toBe(covered.flat().length);
  });

  it('has every Win32 code that either version uses', () => {
    const codes = Object.keys(constants).filter((name) => /^ERROR_|^NO_ERROR$/.test(name));
    expect(codes.filter((name) => !rows.some((row) => row.name === name))).toEqual([]);
  });
});

describe('mappings/constants.json', () => {
  it.each([...constantDefinitions].filter(([name]) => !name.startsWith('__')))('has %s as Rtm.h defines it', (name, definition) => {
    expect(constants[name]).toBe(valueOf(definition));
  });
});

const matches = (pattern: string, name: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
