/** Makes a run that fails as short and as plain as possible: by leaving out stretches of actions, then by plainer choices. */
import type { Run } from './actions.js';

type Fails = (run: Run) => boolean;

/**
 * @param run a run that fails
 * @param fails whether another one does
 */
export function shrunk(run: Run, fails: Fails): Run {
  let best = run;
  for (;;) {
    const plainer = withPlainerChoices(withFewerActions(best, fails), fails);
    if (plainer === best) return best;
    best = plainer;
  }
}

function withFewerActions(run: Run, fails: Fails): Run {
  let best = run;
  for (let size = run.actions.length; size >= 1; size = Math.floor(size / 2)) {
    for (let end = best.actions.length; end > 0; end -= size) {
      const actions = best.actions.filter((_, index) => index < end - size || index >= end);
      const candidate = { ...best, actions };
      if (fails(candidate)) best = candidate;
    }
  }
  return best;
}

function withPlainerChoices(run: Run, fails: Fails): Run {
  let best = run;
  for (const path of choicesOf({ actions: run.actions })) {
    const candidate = withPlainest(best, path) as Run;
    if (fails(candidate)) best = candidate;
  }
  const plainSetting = { ...best, setting: { priorities: [] } };
  return best.setting.priorities.length > 0 && fails(plainSetting) ? plainSetting : best;
}

/** Where the choices of the actions are that are not the plainest: zero and no. */
function choicesOf(value: unknown): readonly (readonly string[])[] {
  if (value === true || (typeof value === 'number' && value !== 0)) return [[]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, part]) => choicesOf(part).map((path) => [name, ...path]));
}

function withPlainest(value: unknown, [name, ...path]: readonly string[]): unknown {
  if (name === undefined) return typeof value === 'number' ? 0 : false;
  if (Array.isArray(value)) return value.with(Number(name), withPlainest(value[Number(name)], path));
  const record = value as Readonly<Record<string, unknown>>;
  return { ...record, [name]: withPlainest(record[name], path) };
}
