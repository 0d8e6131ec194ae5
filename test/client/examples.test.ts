import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as surface from '../../src/index.js';
import { UserPrograms } from '../support/user-programs.js';
import { documentedIn, withChecks } from '../support/examples.js';

const folder = fileURLToPath(new URL('../../src/client', import.meta.url));

const documented = readdirSync(folder)
  .filter((name) => name.endsWith('.ts'))
  .flatMap((name) => documentedIn(join(folder, name)))
  .filter(({ name }) => (name.split('.')[0] ?? '') in surface);

/** What else of the public surface comes with examples. */
const others = ['default', 'ip-route', 'ipv4', 'ipx-route', 'rtm1'].flatMap((name) =>
  documentedIn(fileURLToPath(new URL(`../../src/v1/${name}.ts`, import.meta.url))),
);

const examples = [...documented, ...others].flatMap((entry) => entry.examples);

/** What every example may use without saying where it comes from. */
const exported = Object.keys(surface).filter((name) => /^\w+$/.test(name));

/** A module that runs the examples, one after the other, and prints what went wrong with each. */
const program = [
  "import assert from 'node:assert/strict';",
  `import { ${exported.join(', ')} } from 'rtm1-compat';`,
  'const outcomes: string[] = [];',
  // In a position of its own, so that nothing is inferred from the value that is expected.
  'const check = (actual: unknown, expected: unknown, line: string): void => { assert.deepEqual(actual, expected, line); };',
  'const run = async (example: () => Promise<void>): Promise<void> => {',
  "  outcomes.push(await example().then(() => 'fine', (error: unknown) => String(error)));",
  '};',
  'console.log = () => undefined;',
  ...examples.map(({ code }) => `await run(async () => {\n${withChecks(code, 'check')}\n});`),
  'const { entities, routes, nextHops, handles } = leftBehind();',
  "if (entities + routes + nextHops + handles > 0) throw new Error('the examples leave something behind');",
  'process.stdout.write(JSON.stringify(outcomes));',
].join('\n');

// The imports are those of all examples together.
const programs = new UserPrograms([program], { noUnusedLocals: false });

describe('the documentation of RtmClient and of what goes with it', () => {
  it('has an example of everything that can be called', () => {
    expect(documented.length).toBeGreaterThan(10);
    expect(others.flatMap((entry) => entry.examples).length).toBeGreaterThan(6);
    expect(documented.filter((entry) => entry.examples.length === 0).map(({ name }) => name)).toEqual([]);
  });

  it('has examples that compile', () => {
    expect(programs.diagnosticsOf(program)).toEqual([]);
  });

  it('has examples that run, and give what they say they give', () => {
    const outcomes = JSON.parse(programs.outputOf(program)) as string[];
    expect(Object.fromEntries(outcomes.map((outcome, index) => [`${index} ${examples[index]?.of ?? ''}`, outcome]))).toEqual(
      Object.fromEntries(examples.map(({ of }, index) => [`${index} ${of}`, 'fine'])),
    );
  });

  it('says what its examples give', () => {
    const withoutChecks = examples.filter(({ code }) => withChecks(code, 'check') === code).map(({ of }) => of);
    expect(withoutChecks).toEqual([]);
  });
});
