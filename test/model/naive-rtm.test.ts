import fc from 'fast-check';
import { describe, it } from 'vitest';
import { createRtm1 } from '../../src/v1/rtm1.js';
import { openRtmv2 } from '../../src/v2/index.js';
import { describeBackend } from '../support/backend.js';
import { type Run, runs } from './actions.js';
import { Player } from './player.js';
import { Session } from './session.js';
import { shrunk } from './shrink.js';

/** How many runs there are; the environment variable asks for a longer test. */
const RUNS = Number(process.env['RTM1_MODEL_RUNS'] ?? 1500);
/** Which runs they are. A failure prints what makes it happen again; the path is the number of the run. */
const SEED = Number(process.env['RTM1_MODEL_SEED'] ?? 1);
const PATH = process.env['RTM1_MODEL_PATH'];

/** Milliseconds: far more than it takes. */
const TIMEOUT = 60_000 + RUNS * 200;

describe('a naive version 1', () => {
  describeBackend('embedded', ({ library }) => {
    it(
      'answers every sequence of calls as the shim does',
      () => {
        const rtmv2 = openRtmv2(library().path);
        let instance = 1;
        const play = ({ setting, actions }: Run): void => {
          const session = new Session({ open: (options) => createRtm1(library(), options), rtmv2, instance }, setting);
          try {
            const player = new Player(session);
            for (const action of actions) player.perform(action);
            player.finish();
          } catch (error) {
            // What a run has left behind when it failed must not spoil the next one.
            instance++;
            throw new Error(`${error instanceof Error ? error.message : String(error)}\n\n${session.script}`, { cause: error });
          } finally {
            session.close();
          }
        };
        const parameters = { seed: SEED, numRuns: RUNS, endOnFailure: true, ...(PATH !== undefined && { path: PATH }) };
        const details = fc.check(fc.property(runs, play), parameters);
        if (details.failed) throw new Error(reported(details, play));
      },
      TIMEOUT,
    );
  });
});

/** What is wrong, in as few calls as possible, and how to see it again. */
function reported({ seed, counterexamplePath, counterexample }: fc.RunDetails<[Run]>, play: (run: Run) => void): string {
  const [found] = counterexample ?? [];
  if (!found) return 'No run was made';
  const path = counterexamplePath ?? '';
  const run = shrunk(found, (other) => failureOf(other, play) !== undefined);
  const lengths = `Run ${path}, cut from ${found.actions.length} actions to ${run.actions.length}`;
  const replay = `RTM1_MODEL_SEED=${seed} RTM1_MODEL_PATH=${path} npx vitest run test/model`;
  return `${lengths}:\n${failureOf(run, play) ?? 'it does not fail again'}\n\nOnce more: ${replay}\n`;
}

function failureOf(run: Run, play: (run: Run) => void): string | undefined {
  try {
    play(run);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
