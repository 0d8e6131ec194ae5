import { readFileSync } from 'node:fs';

/** One row of `mappings/deviations.json`. */
export interface Deviation {
  readonly id: number;
  readonly subject: string;
  readonly documentation: string;
  readonly behaviour: string;
  readonly why: string;
  readonly basis: 'documented' | 'seen' | 'inferred';
  readonly page: string;
  readonly test: { readonly file: string; readonly name: string };
  readonly undocumentedCodes?: readonly { readonly function: string; readonly code: number }[];
}

const file = new URL('../../mappings/deviations.json', import.meta.url);

export const deviations = (JSON.parse(readFileSync(file, 'utf8')) as { rows: readonly Deviation[] }).rows;
