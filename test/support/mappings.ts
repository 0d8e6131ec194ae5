import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';

/** A file of `mappings/`, as it stands there. */
export function readMapping(path: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../mappings/${path}`, import.meta.url), 'utf8'));
}

/** Fails unless a file of `mappings/` is what its schema says. */
export function expectSchemaValid(name: string): void {
  const validate = new Ajv2020({ allErrors: true, strict: true, strictRequired: false }).compile(readMapping(`schemas/${name}.schema.json`) as object);
  validate(readMapping(`${name}.json`));
  expect(validate.errors).toBeNull();
}

/** Every text in a mapping, wherever it stands. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
