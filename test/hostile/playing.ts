import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** What is done with a library, each for itself. */
export const PHASES = ['v1', 'check', 'doctor'] as const;
export type Phase = (typeof PHASES)[number];

/** How the process ended in a phase, if it did: by a signal or exit status, and what it wrote on standard error. */
export interface Ending {
  readonly ended: string;
}

export interface V1Complaint {
  readonly kind: 'throws' | 'endless';
  readonly function: string;
  readonly what: string;
}

/** A call of a v1 function and all that it told. */
export interface V1Call {
  readonly function: string;
  readonly result: number | boolean;
  readonly lastError?: number;
  readonly written: readonly string[];
}

export interface V1Outcome {
  readonly opened: boolean;
  /** Why the library was not opened. */
  readonly refusal?: string;
  readonly complaints: readonly V1Complaint[];
  readonly transcript: readonly V1Call[];
}

export interface ProgramOutcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What came of a library in each phase. */
export interface Play {
  readonly v1: V1Outcome | Ending;
  readonly check: ProgramOutcome | Ending;
  readonly doctor: ProgramOutcome | Ending;
}

interface Job {
  readonly name: string;
  readonly path: string;
  readonly phases: readonly Phase[];
}

interface Line {
  readonly name: string;
  readonly phase: Phase;
  readonly begins?: true;
}

const PLAYER = fileURLToPath(new URL('player.mjs', import.meta.url));
/** Calls of RTMv2 in one phase; the honest library gets some hundreds. */
export const ALLOWANCE = 500_000;
/** Whoever loops without calling RTMv2 is found by this alone. */
const LONGEST_SILENCE_MS = 10_000;
const STDERR_SHOWN = 300;

/**
 * Plays all libraries, two processes at a time, each of them as long as no library takes it down.
 *
 * @param libraries the paths by name
 * @param routes a file of routes for `rtm1 check`
 */
export async function playAll(libraries: ReadonlyMap<string, string>, routes: string): Promise<Map<string, Play>> {
  const jobs = [...libraries].map(([name, path]) => ({ name, path, phases: PHASES }));
  const middle = Math.ceil(jobs.length / 2);
  const results = new Map<string, Partial<Play>>();
  await Promise.all([jobs.slice(0, middle), jobs.slice(middle)].map((half) => playInTurn(half, routes, results)));
  return results as Map<string, Play>;
}

async function playInTurn(jobs: readonly Job[], routes: string, results: Map<string, Partial<Play>>): Promise<void> {
  let left: readonly Job[] = jobs;
  while (left.length > 0) {
    const { lines, ending } = await runPlayer(left, routes);
    for (const { name, phase, begins, ...outcome } of lines) {
      if (begins !== true) note(results, name, phase, outcome);
    }
    const last = lines.at(-1);
    if (ending === null) return;
    // All that ended well is done; what ended the process is told of it, and the rest goes on in another one.
    const at = last?.begins === true ? last : { name: left[0]?.name ?? '', phase: PHASES[0] };
    note(results, at.name, at.phase, { ended: ending });
    left = behind(left, at);
  }
}

function note(results: Map<string, Partial<Play>>, name: string, phase: Phase, outcome: object): void {
  results.set(name, { ...results.get(name), [phase]: outcome });
}

/** What is left of the jobs behind one phase of one of them. */
function behind(jobs: readonly Job[], { name, phase }: Pick<Line, 'name' | 'phase'>): readonly Job[] {
  const index = jobs.findIndex((job) => job.name === name);
  const [job] = jobs.slice(index, index + 1);
  if (job === undefined) return [];
  const phases = job.phases.slice(job.phases.indexOf(phase) + 1);
  return [...(phases.length > 0 ? [{ ...job, phases }] : []), ...jobs.slice(index + 1)];
}

/** What the player printed, and how it ended; null if it came to its end. */
async function runPlayer(jobs: readonly Job[], routes: string): Promise<{ lines: Line[]; ending: string | null }> {
  const child = spawn(process.execPath, [PLAYER, routes, String(ALLOWANCE)], {
    env: { ...process.env, NODE_NO_WARNINGS: '1', NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  let silence: NodeJS.Timeout | undefined;
  let isSilent = false;
  const heard = (): void => {
    clearTimeout(silence);
    silence = setTimeout(() => {
      isSilent = true;
      child.kill('SIGKILL');
    }, LONGEST_SILENCE_MS);
  };
  heard();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    heard();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.on('error', () => undefined);
  child.stdin.end(JSON.stringify(jobs));
  const ending = await new Promise<string | null>((resolve) => {
    child.on('close', (code, signal) => {
      if (isSilent) resolve('hangs');
      else if (code === 0) resolve(null);
      else resolve(`${signal ?? `exit status ${code ?? -1}`}: ${stderr.trim().slice(-STDERR_SHOWN)}`);
    });
  });
  clearTimeout(silence);
  const lines = stdout.split('\n').filter((line) => line.endsWith('}'));
  return { lines: lines.map((line) => JSON.parse(line) as Line), ending };
}
