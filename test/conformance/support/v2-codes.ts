import { readFileSync } from 'node:fs';
import type { V2Function } from '../../../src/v2/signatures.js';

const file = new URL('../../../engine/test/conformance.txt', import.meta.url);

const ROW = /^(Rtm[A-Za-z]+) \| (\d+) /;

/** No page of RTMv2 names it: ERROR_GEN_FAILURE. */
export const UNDOCUMENTED = 31;

const codes = new Map<string, number[]>();
for (const line of readFileSync(file, 'utf8').split('\n')) {
  const [, name = '', code = '0'] = ROW.exec(line) ?? [];
  if (code !== '0') codes.set(name, [...(codes.get(name) ?? []), Number(code)]);
}

/** The failures that the page of an RTMv2 function names, and one that none does. */
export function failuresOf(name: V2Function): readonly number[] {
  return [...(codes.get(name) ?? []), UNDOCUMENTED];
}
