import { readFileSync } from 'node:fs';

const text = readFileSync(new URL('../../MIGRATION.md', import.meta.url), 'utf8');

/** The blocks of MIGRATION.md of one kind, for instance `c before`, in order. */
export function blocks(kind: string): readonly string[] {
  return [...text.matchAll(/^```([^\n]+)\n(.*?)^```$/gms)].filter(([, info]) => info === kind).map(([, , code = '']) => code);
}

/** The headings of the third level: each function has one. */
export const headings: readonly string[] = [...text.matchAll(/^### (.+)$/gm)].map(([, heading = '']) => heading);

/** What stands between two headings. */
export function section(heading: string): string {
  const [, after = ''] = text.split(`\n### ${heading}\n`);
  return after.split(/\n##/)[0] ?? '';
}
