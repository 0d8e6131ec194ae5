/**
 * The C blocks of MIGRATION.md: those of version 1 compile against Rtm.h, those of version 2 compile against Rtmv2.h and,
 * given the same calls, tell and leave the same as the v1 functions.
 */
import { describe, expect, it } from 'vitest';
import { functions } from '../../src/mappings/index.js';
import { openV2Library } from '../../src/v2/library.js';
import { describeBackend } from '../support/backend.js';
import { blocks, headings, section } from './document.js';
import { toolchains } from './toolchains.js';
import { ScriptRunner } from './script.js';
import { randomScript, scripts } from './scripts.js';

const SEEDS = [1, 2, 3, 4, 5, 6];
const all: Readonly<Record<string, readonly string[]>> = {
  ...scripts,
  ...Object.fromEntries(SEEDS.map((seed) => [`random calls, seed ${seed}`, randomScript(seed)])),
};

describe('MIGRATION.md', () => {
  it('has a section for each function, with its name in both blocks or what it becomes', () => {
    for (const { name } of functions.functions) {
      expect(headings).toContain(name);
      const [before = ''] = [.../```c before\n(.*?)```/s.exec(section(name)) ?? []].slice(1);
      const [after = ''] = [.../```c after\n(.*?)```/s.exec(section(name)) ?? []].slice(1);
      expect(before, name).toContain(`${name}(`);
      expect(after, name).not.toContain(`${name}(`);
    }
  });

  it('has a script for each function', () => {
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(functions.functions.map(({ name }) => name)));
  });
});

describe.each(toolchains)('$name', ({ absence, build }) => {
  const title = absence === null ? 'the C blocks' : `the C blocks (${absence})`;
  describe.skipIf(absence !== null)(title, () => {
    const tools = absence === null ? build() : null;

    it('compile without a warning: version 1', () => {
      expect(tools?.compile('legacy.c', blocks('c before').join('\n'))).toBe('');
    });

    it('compile without a warning: version 2', () => {
      expect(tools?.compile('port.c', blocks('c after').join('\n'))).toBe('');
    });

    const output = new Map<string, readonly string[]>();
    it('run', () => {
      const names = Object.keys(all);
      const lines = tools?.run(names.flatMap((name) => [...(all[name] ?? []), `left ${name}`])) ?? [];
      let current: string[] = [];
      for (const line of lines) {
        if (line.startsWith('left ')) {
          output.set(names[output.size] ?? '', current);
          current = [];
          expect(line).toBe('left nothing');
        } else {
          current.push(line);
        }
      }
      expect(output.size).toBe(names.length);
    });

    describeBackend('embedded', ({ openOn }) => {
      it.each(Object.keys(all))('tell and leave what version 1 does: %s', (name) => {
        const rtm = openOn(openV2Library('embedded'));
        expect(output.get(name)).toEqual(new ScriptRunner(rtm).run(all[name] ?? []));
      });
    });
  });
});

