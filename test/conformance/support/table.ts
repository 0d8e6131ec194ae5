import { readFileSync } from 'node:fs';
import type { FamilyName } from './family.js';

/** One promise of RTMv1, and how it is tested. */
export interface Row {
  readonly id: string;
  /** The function that promises it, or the part of the documentation that it belongs to. */
  readonly about: string;
  /** The return code or last error that the row shows. */
  readonly code?: number;
  /** The promise in one sentence. */
  readonly what: string;
  /** Name of the documentation page, or of the header. */
  readonly page: string;
  readonly basis: 'documented' | 'header' | 'decided';
  /** `both`, one family, or `none` where no table is needed. */
  readonly families: 'both' | FamilyName | 'none';
  /** Subject of the row of `mappings/deviations.json` that took the decision. */
  readonly deviation?: string;
  /** Subject of the row of `mappings/deviations.json` because of which the promise is not kept: its test must fail. */
  readonly departs?: string;
}

/** The rows whose tests are in one file. */
export interface Suite {
  /** Name of the test file without `.test.ts`. */
  readonly suite: string;
  readonly rows: readonly Row[];
}

/** Families that a kind of library need not have. */
export interface Lacks {
  readonly families: readonly FamilyName[];
  readonly why: string;
}

/** A row of `mappings/deviations.json` that no row of this table is about. */
interface Elsewhere {
  readonly deviation: string;
  readonly why: string;
}

interface Table {
  readonly decidedElsewhere: readonly Elsewhere[];
  readonly mayLack: Readonly<Record<string, Lacks>>;
  readonly suites: readonly Suite[];
}

const file = new URL('../../../mappings/conformance.json', import.meta.url);

export const table = JSON.parse(readFileSync(file, 'utf8')) as Table;

export const allRows: readonly Row[] = table.suites.flatMap(({ rows }) => rows);
