import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { UserPrograms } from '../support/user-programs.js';
import { blocks } from './document.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What the TypeScript blocks print, in order. */
const OUTPUTS: readonly (string | RegExp)[] = [
  /^10\.0\.0\.0 255\.0\.0\.0 192\.0\.2\.1 3\n\{\s*entities: 0, routes: 0, nextHops: 0, destinations: 0, handles: 0\s*\}\n$/,
  /^registering takes 1 call\nregistering and leaving take \d+ calls\n$/,
  'RtmRegisterEntity: 0\nRtmDeregisterEntity: 0\n',
  /^RtmRegisterClient: \d+ things to do\n(?:Rtm\w+: \d+ things to do\n){14}$/,
];

describe('MIGRATION.md', () => {
  it('has the tables that mappings/ makes', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/docs.mjs', '--check'], { cwd: root, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('has as many TypeScript blocks as are checked here', () => {
    expect(blocks('ts')).toHaveLength(OUTPUTS.length);
  });

  it.each(blocks('ts').map((code, index) => [index, code] as const))('TypeScript block %d compiles and runs', (index, code) => {
    expect(programs.diagnosticsOf(code)).toEqual([]);
    expect(programs.outputOf(code)).toMatch(OUTPUTS[index] ?? /^$/);
  });

  const text = readFileSync(new URL('../../MIGRATION.md', import.meta.url), 'utf8');

  it('refers to sections and files that there are', () => {
    const anchors = [...text.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) => title.toLowerCase().replace(/[^\w\s-]/g, '').replaceAll(' ', '-'));
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    expect(links.length).toBeGreaterThan(20);
    for (const link of links) {
      if (link.startsWith('#')) expect(anchors, link).toContain(link.slice(1));
      else expect(existsSync(`${root}/${link}`), link).toBe(true);
    }
  });
});

/** An expression over the data of each file, with the type that it has, so that `satisfies` proves something. */
const TYPES: readonly (readonly [file: string, expression: string, type: string])[] = [
  ['functions', 'mapping.functions[0]?.category', "'one call' | 'call sequence' | 'own bookkeeping' | undefined"],
  ['structures', 'mapping.rows[0]?.v2', 'readonly string[] | undefined'],
  ['v1-constants', 'mapping.rows[0]?.name', 'string | undefined'],
  ['constants', "mapping['RTM_PROTOCOL_FAMILY_IP']", 'number | undefined'],
  ['errors', 'mapping.rows[0]?.gives', 'number | undefined'],
  ['deviations', 'mapping.rows[0]?.basis', "'documented' | 'seen' | 'inferred' | undefined"],
  ['layouts', "mapping['RTM_IP_ROUTE']?.x64.size", 'number | undefined'],
  ['rtmv2', 'mapping.constants[0]?.is', 'string | undefined'],
  ['notes', 'mapping.rows[0]?.functions', 'readonly string[] | undefined'],
];

const importing = (file: string, expression: string, type: string): string =>
  `import mapping from 'rtm1-compat/mappings/${file}.json' with { type: 'json' };\nconsole.log(typeof (${expression} satisfies ${type}));\n`;

describe('the JSON files', () => {
  it.each(TYPES)('%s.json can be imported, and is typed', (file, expression, type) => {
    const code = importing(file, expression, type);
    expect(programs.diagnosticsOf(code)).toEqual([]);
    expect(programs.diagnosticsOf(importing(file, expression, 'boolean'))).toHaveLength(1);
    expect(programs.outputOf(code)).not.toBe('undefined\n');
  });
});

const programs = new UserPrograms([
  ...blocks('ts'),
  ...TYPES.flatMap(([file, expression, type]) => [importing(file, expression, type), importing(file, expression, 'boolean')]),
]);

