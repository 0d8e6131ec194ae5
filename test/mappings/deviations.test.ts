import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { deviations } from '../support/deviations.js';

const url = (path: string): URL => new URL(`../../${path}`, import.meta.url);
const read = (path: string): unknown => JSON.parse(readFileSync(url(path), 'utf8'));

describe('mappings/deviations.json', () => {
  it('is what its schema says', () => {
    const schema = read('mappings/schemas/deviations.schema.json') as object;
    const validate = new Ajv2020({ allErrors: true, strict: true }).compile(schema);
    validate(read('mappings/deviations.json'));
    expect(validate.errors).toBeNull();
  });

  it('numbers its rows without a gap', () => {
    expect(deviations.map(({ id }) => id)).toEqual(deviations.map((_row, index) => index + 1));
  });

  it.each(deviations.map((row) => [row.id, row] as const))('row %d names a test that there is', (_id, { test }) => {
    expect(existsSync(url(test.file)), test.file).toBe(true);
    const source = readFileSync(url(test.file), 'utf8').replaceAll("\\'", "'");
    expect(source, test.file).toContain(`'${test.name}'`);
  });
});
