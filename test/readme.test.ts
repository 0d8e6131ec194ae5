import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { UserPrograms } from './support/user-programs.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const codes = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code ?? '');
const examples = new UserPrograms(codes);

/** What the examples print, in order. */
const OUTPUTS = [
  /^1 network\nRtmDeregisterClient: 0 \{\s*entities: 0,\s+routes: 0,\s+nextHops: 0,\s+destinations: 0,\s+handles: 0\s*\}\n$/,
  /^changed 192\.0\.2\.2\nchanged\n13\nERROR_NO_SUCH_ROUTE RtmDeleteRoute\n$/,
];

describe('README.md', () => {
  it('begins with an example of about ten lines', () => {
    expect(codes).toHaveLength(OUTPUTS.length);
    expect(codes[0]?.trim().split('\n').length).toBeLessThanOrEqual(16);
  });

  it.each(codes.map((code, index) => [index, code] as const))('has example %d, which compiles and runs as written', (index, code) => {
    expect(examples.diagnosticsOf(code)).toEqual([]);
    expect(examples.outputOf(code)).toMatch(OUTPUTS[index] ?? /^$/);
  });

  it('names only files that exist', () => {
    const files = [...readme.matchAll(/`((?:src|engine|mappings|examples)\/[\w./-]+)`|\]\(([\w./-]+)\)/g)].map(([, a, b]) => a ?? b ?? '');
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) expect(() => readFileSync(join(root, file), { flag: 'r' }), file).not.toThrow(/ENOENT/);
  });
});
