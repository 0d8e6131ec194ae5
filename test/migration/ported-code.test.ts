/**
 * The C blocks of MIGRATION.md: those of version 1 compile against Rtm.h, those of version 2 compile against Rtmv2.h and,
 * given the same calls, tell and leave the same as the v1 functions.
 */
import { describe, expect, it } from 'vitest';
import { RTM_ROUTE_DELETED } from '../../src/v1/constants.js';
import { functions } from '../../src/mappings/index.js';
import { openV2Library } from '../../src/v2/library.js';
import { describeBackend } from '../support/backend.js';
import { headings, section } from './document.js';
import { legacyFile, portFiles, toolchains } from './toolchains.js';
import { ScriptRunner } from './script.js';
import { FAULTS, faultyScript, randomScript, scripts } from './scripts.js';
import { unrulyScript } from './unruly-script.js';

const SEEDS = Array.from({ length: 24 }, (_, index) => index + 1);
/** How often each thread of threads.c does what it does. */
const ROUNDS = 2000;
const all: Readonly<Record<string, readonly string[]>> = {
  ...scripts,
  ...Object.fromEntries(SEEDS.map((seed) => [`random calls, seed ${seed}`, randomScript(seed)])),
  ...Object.fromEntries(SEEDS.map((seed) => [`comings and goings at random, seed ${seed}`, unrulyScript(seed)])),
};

/** A call that was told that there is no memory, 8, or no resource, 1450. */
const FAILURE = /^(?:start|stop|add|delete|block|message|list|open|read) (?:8|5aa)\b/;

/** What each of several scripts has printed that end with `left`, at which nothing may be left. */
function runsOf(lines: readonly string[]): string[][] {
  const runs: string[][] = [[]];
  for (const line of lines) {
    if (!line.startsWith('left ')) {
      runs.at(-1)?.push(line);
      continue;
    }
    expect(line).toBe('left nothing, 0 networks | |');
    runs.push([]);
  }
  expect(runs.pop()).toEqual([]);
  return runs;
}

/** The flags of the last message about each network. */
function lastTold(lines: readonly string[]): Set<string> {
  const flagsOf = new Map<string, string>();
  for (const line of lines) {
    const [, flags = '', route = ''] = /^message (?:0|ea) (\w) .*?\[([^\]]*)\]/.exec(line) ?? [];
    if (flags !== '') flagsOf.set(route.split(' ').slice(6, 8).join('/'), flags);
  }
  return new Set(flagsOf.values());
}

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
      expect(tools?.compile(legacyFile())).toBe('');
    });

    it.each(portFiles)('compile without a warning: %s', (file) => {
      expect(tools?.compile(file)).toBe('');
    });

    it('serve several threads: no wrong answer, every message, nothing left', () => {
      expect(tools?.runThreads(ROUNDS)).toBe('0 wrong\n');
    });

    it('lose nothing by one failure, of memory or of a call of RTMv2: what was not told is told later', () => {
      const scripts = Array.from({ length: FAULTS }, (_, index) => [...faultyScript(index + 1), 'left']);
      const runs = runsOf(tools?.run(scripts.flat()) ?? []);
      expect(runs).toHaveLength(FAULTS);
      const failed = runs.filter((lines) => lines.some((line) => FAILURE.test(line)));
      expect(failed.length).toBeGreaterThan(100);
      expect(failed).not.toContain(runs.at(-1));
      for (const lines of runs) expect(lastTold(lines)).toEqual(new Set([`${RTM_ROUTE_DELETED}`]));
    });

    const output = new Map<string, readonly string[]>();
    it('run', () => {
      const names = Object.keys(all);
      const runs = runsOf(tools?.run(names.flatMap((name) => [...(all[name] ?? []), 'left'])) ?? []);
      for (const lines of runs) output.set(names[output.size] ?? '', lines);
      expect(output.size).toBe(names.length);
    });

    describeBackend('embedded', ({ openOn }) => {
      it.each(Object.keys(all))('tell and leave what version 1 does: %s', (name) => {
        const library = openV2Library('embedded');
        expect(output.get(name)).toEqual(new ScriptRunner(openOn(library), library).run(all[name] ?? []));
      });
    });
  });
});

