/**
 * Whether the v2 calls that mappings/functions.json lists for each v1 function are those that are really made, in every
 * situation that it names and after the failure of each call.
 */
import { describe, expect, it } from 'vitest';
import { type CallStep, constants, functions as mapping, type PathRow } from '../../src/mappings/index.js';
import { toV1, type V1Function } from '../../src/translate/errors.js';
import { constant } from '../../src/win32/constants.js';
import { signatures, type V2Function } from '../../src/v2/signatures.js';
import { statusName, type V2Status } from '../../src/win32/status.js';
import { describeBackend } from '../support/backend.js';
import { type Fault, type RecordedCall, withRecording } from './recording.js';
import { QUANTITIES, type Scene, scenes } from './scenes.js';

/** What a call answers in a row that names no code. */
const GENERIC = 'ERROR_NO_SYSTEM_RESOURCES';

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

/** The codes that a call is failed with: one that says nothing, and those that its page documents. */
function codesOf(call: string): readonly string[] {
  const documented = mapping.v2.find(({ name }) => name === call)?.codes.map(({ name }) => name) ?? [];
  return [GENERIC, ...documented.filter((code) => code !== GENERIC)];
}

/** Which call of a sequence fails, and how. */
interface Failing {
  readonly at: string;
  readonly nth: number;
  readonly code: string;
}

/** What the row says that is made and reported after a failure. */
function expected(name: V1Function, path: PathRow, { at, nth, code }: Failing): { calls: string[]; gives: string } {
  const main = expand(path.calls);
  let seen = 0;
  const position = main.findIndex((call) => {
    if (call === at) seen += 1;
    return call === at && seen === nth;
  });
  const rows = path.failures.filter((failure) => failure.at === at && (failure.nth ?? 1) === nth);
  const row = rows.find((failure) => (failure.code ?? GENERIC) === code) ?? rows.find((failure) => failure.code === undefined);
  if (row === undefined) {
    return path.withoutEffect.includes(at) ? { calls: main, gives: path.gives } : { calls: ['no row'], gives: 'no row' };
  }
  const isTranslated = row.code === undefined && row.gives === GENERIC;
  const translated = statusName(toV1(name, at as V2Function, constant(code) as V2Status));
  return { calls: [...main.slice(0, position + 1), ...expand(row.then)], gives: isTranslated ? translated : row.gives };
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
      const tried = failing(path).flatMap(({ at, nth }) => codesOf(at).map((code) => ({ at, nth, code })));
      for (const { at, nth, code } of tried) {
        const { calls, gives } = play(sceneOf(name, when), { at: at as V2Function, nth, code: constant(code) });
        const wanted = expected(name as V1Function, path, { at, nth, code });
        expect({ calls: names(calls), gives }, `${at} ${nth} ${code}`).toEqual(wanted);
        made.push(...calls);
      }
      const rows = path.failures.map(({ at, nth = 1, code = GENERIC }) => ({ at, nth, code }));
      expect(tried).toEqual(expect.arrayContaining(rows));
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
