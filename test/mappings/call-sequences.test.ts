/**
 * Whether the v2 calls that mappings/functions.json lists for each v1 function are those that are really made, in every
 * situation that it names and after the failure of each call.
 */
import { describe, expect, it } from 'vitest';
import { type CallStep, constants, functions as mapping, type PathRow } from '../../src/mappings/index.js';
import { constant } from '../../src/win32/constants.js';
import { signatures, type V2Function } from '../../src/v2/signatures.js';
import { statusName } from '../../src/win32/status.js';
import { describeBackend } from '../support/backend.js';
import { type Fault, type RecordedCall, withRecording } from './recording.js';
import { QUANTITIES, type Scene, scenes } from './scenes.js';

const FAILURE = constant('ERROR_NO_SYSTEM_RESOURCES');

const expand = (calls: readonly CallStep[]): string[] =>
  calls.flatMap((step) =>
    typeof step === 'string' ? [step] : Array<readonly string[]>(QUANTITIES[step.each] ?? 0).fill(step.calls).flat(),
  );

/** The calls of a path that a failure is listed for: each once, or each time where it does not stand in a group. */
function failing(path: PathRow): { at: string; nth: number }[] {
  const inGroup = new Set(path.calls.flatMap((step) => (typeof step === 'string' ? [] : step.calls)));
  const seen = new Map<string, number>();
  return expand(path.calls).flatMap((at) => {
    const nth = (seen.get(at) ?? 0) + 1;
    seen.set(at, nth);
    return nth > 1 && inGroup.has(at) ? [] : [{ at, nth }];
  });
}

/** What follows the failing call according to the row, and what it gives. */
function expected(path: PathRow, { at, nth }: { at: string; nth: number }): { calls: string[]; gives: string } {
  const main = expand(path.calls);
  let seen = 0;
  const position = main.findIndex((call) => {
    if (call === at) seen += 1;
    return call === at && seen === nth;
  });
  const row = path.failures.find((failure) => failure.at === at && (failure.nth ?? 1) === nth);
  if (row !== undefined) return { calls: [...main.slice(0, position + 1), ...expand(row.then)], gives: row.gives };
  if (path.withoutEffect.includes(at)) return { calls: main, gives: path.gives };
  return { calls: ['no row'], gives: 'no row' };
}

const valueOf = (text: string): number =>
  text
    .split(' | ')
    .map((name) => ({ NULL: 0, FALSE: 0, TRUE: 1 })[name] ?? constants[name] ?? Number(name))
    .reduce((sum, value) => sum | value, 0) >>> 0;

const names = (calls: readonly RecordedCall[]): string[] => calls.map(({ name }) => name);

describe('the scenes', () => {
  it('are the situations that mappings/functions.json names', () => {
    const rows = Object.fromEntries(mapping.functions.map(({ name, paths }) => [name, paths.map(({ when }) => when)]));
    expect(Object.fromEntries(Object.entries(scenes).map(([name, byText]) => [name, Object.keys(byText)]))).toEqual(rows);
  });
});

describeBackend('embedded', ({ library, openOn }) => {
  function play(scene: Scene, fault?: Fault): { readonly calls: readonly RecordedCall[]; readonly gives: string } {
    const recording = withRecording(library());
    const rtm = openOn(recording.library);
    const after: (() => void)[] = [];
    const run = scene(rtm, { library: library().path, finally: (step) => after.push(step) });
    let status = -1;
    const calls = recording.record(() => {
      status = run();
    }, fault);
    // Scenes share one table.
    for (const step of after) step();
    rtm.close();
    return { calls, gives: statusName(status) };
  }

  const sceneOf = (name: string, when: string): Scene => scenes[name]?.[when] ?? (() => () => -1);

  describe.each(mapping.functions.map((row) => [row.name, row] as const))('%s', (name, { uses, paths }) => {
    const made: RecordedCall[] = [];

    it.each(paths.map((path) => [path.when, path] as const))('makes the calls that are listed: %s', (when, path) => {
      const { calls, gives } = play(sceneOf(name, when));
      expect({ calls: names(calls), gives }).toEqual({ calls: expand(path.calls), gives: path.gives });
      made.push(...calls);
    });

    it.each(paths.map((path) => [path.when, path] as const))('and after each failure: %s', (when, path) => {
      for (const { at, nth } of failing(path)) {
        const { calls, gives } = play(sceneOf(name, when), { at: at as V2Function, nth, code: FAILURE });
        expect({ calls: names(calls), gives }, `${at} ${nth}`).toEqual(expected(path, { at, nth }));
        made.push(...calls);
      }
      const listed = failing(path).map(({ at, nth }) => `${at} ${nth}`);
      expect(listed).toEqual(expect.arrayContaining(path.failures.map(({ at, nth = 1 }) => `${at} ${nth}`)));
      expect(path.calls.flatMap((step) => (typeof step === 'string' ? step : step.calls))).toEqual(
        expect.arrayContaining([...path.withoutEffect]),
      );
    });

    it('calls them for what is listed, with the values that are listed', () => {
      const matches = ({ name: call, parameters }: RecordedCall, use: (typeof uses)[number]): boolean =>
        use.call === call &&
        Object.entries(use.with ?? {}).every(
          ([parameter, value]) =>
            parameters[signatures[call].findIndex(([other]) => other === parameter)] === valueOf(value),
        );
      const unlisted = made.filter((call) => !uses.some((use) => matches(call, use)));
      expect(unlisted.map(({ name: call, parameters }) => `${call}(${parameters.join(', ')})`)).toEqual([]);
      expect(uses.filter((use) => !made.some((call) => matches(call, use)))).toEqual([]);
    });
  });
});
