import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import koffi from 'koffi';
import { openV2Library } from '../../src/v2/library.js';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A native thread that adds and deletes routes to 10.0.0.0/16 up to 10.249.0.0/16 all the time. */
export interface Churn {
  /** Networks that have a route now and then, as the second octet of 10.n.0.0/16. */
  readonly networks: number;
  /** RR_RoutingProtocol of its routes. */
  readonly protocol: number;
  /** @param isReturning whether its entity leaves and comes back all the time */
  start(isReturning: boolean): void;
  /** How often it has added and deleted all of its routes since it was started. */
  turns(): number;
  /** Ends it, with nothing of it left in the table. */
  stop(): void;
}

/** Compiles test/races/churn.c against the embedded library, and loads it into this process. */
export function loadChurn(): Churn {
  const { path } = openV2Library('embedded');
  const built = join(root, 'engine/build/races/libchurn.so');
  mkdirSync(dirname(built), { recursive: true });
  const source = join(root, 'test/races/churn.c');
  const flags = ['-std=c11', '-O2', '-Wall', '-Wextra', '-Werror', '-shared', '-fPIC', '-pthread'];
  const link = [path, `-Wl,-rpath,${dirname(path)}`];
  execFileSync(process.env['CC'] ?? 'cc', [...flags, `-I${join(root, 'engine/include')}`, source, '-o', built, ...link]);
  const library = koffi.load(built);
  const start = library.func('churn_start', 'int', ['int']) as (isReturning: number) => number;
  const stop = library.func('churn_stop', 'uint', []) as () => number;
  const turns = library.func('churn_turns', 'uint', []) as () => number;
  const failure = library.func('churn_failure', 'str', []) as () => string | null;
  return {
    networks: 250,
    protocol: 4242,
    start: (isReturning) => {
      if (start(Number(isReturning)) === 0) throw new Error(`the thread cannot be started: ${failure() ?? 'by the system'}`);
    },
    turns,
    stop: () => {
      stop();
      const reason = failure();
      if (reason !== null) throw new Error(`the thread has failed: ${reason}`);
    },
  };
}
