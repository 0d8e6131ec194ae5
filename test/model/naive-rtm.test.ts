import fc from 'fast-check';
import { describe, it } from 'vitest';
import { createRtm1 } from '../../src/v1/rtm1.js';
import { openRtmv2 } from '../../src/v2/index.js';
import { describeBackend } from '../support/backend.js';
import { type Run, runs } from './actions.js';
import { Player } from './player.js';
import { Session } from './session.js';

/** How many runs there are; the environment variable asks for a longer test. */
const RUNS = Number(process.env['RTM1_MODEL_RUNS'] ?? 1500);
/** Which runs they are. A failure prints what makes it happen again. */
const SEED = Number(process.env['RTM1_MODEL_SEED'] ?? 1);
const PATH = process.env['RTM1_MODEL_PATH'];

describe('a naive version 1', () => {
  describeBackend('embedded', ({ library }) => {
    it('answers every sequence of calls as the shim does', () => {
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
      const details = fc.check(fc.property(runs, play), { seed: SEED, numRuns: RUNS, ...(PATH !== undefined && { path: PATH }) });
      if (details.failed) throw new Error(reported(details));
    });
  });
});

function reported({ seed, counterexamplePath, numRuns, numShrinks, errorInstance }: fc.RunDetails<[Run]>): string {
  const replay = `RTM1_MODEL_SEED=${seed} RTM1_MODEL_PATH=${counterexamplePath ?? ''} npx vitest run test/model`;
  const reason = errorInstance instanceof Error ? errorInstance.message : String(errorInstance);
  return `After ${numRuns} runs, shrunk ${numShrinks} times:\n${reason}\n\nOnce more: ${replay}\n`;
}
