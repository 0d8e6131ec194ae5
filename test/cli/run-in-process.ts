import { run } from '../../src/cli/program.js';
import type { Io, OpenedTarget } from '../../src/cli/io.js';
import { LibraryError, type LibraryAttempt } from '../../src/v2/library.js';
import type { RouteHost } from '../../src/cli/route-sources.js';

export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly stdin?: string | Uint8Array;
  readonly isTerminal?: boolean;
  readonly host?: Partial<RouteHost>;
  /** What opens, whatever is asked for; without it no library does. */
  readonly target?: OpenedTarget;
  readonly attempts?: readonly LibraryAttempt[];
}

/** Runs `rtm1` inside this process, on a Linux machine whose table has no file unless the test gives one. */
export async function rtm1(argv: readonly string[], surroundings: Surroundings = {}): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const terminal = (name: 'stdout' | 'stderr'): Io['stdout'] => ({
    isTTY: surroundings.isTerminal ?? false,
    write: (text) => (written[name] += text),
  });
  const io: Io = {
    stdout: terminal('stdout'),
    stderr: terminal('stderr'),
    host: {
      platform: 'linux',
      env: {},
      readText: (path) => {
        throw new Error(`no such file: ${path}`);
      },
      output: (program) => {
        throw new Error(`no such program: ${program}`);
      },
      interfaceAddresses: () => [],
      stdin: streamOf(surroundings.stdin ?? ''),
      ...surroundings.host,
    },
    openTarget: (selection) => {
      if (surroundings.target === undefined) throw new LibraryError(selection, surroundings.attempts ?? []);
      return surroundings.target;
    },
    openLibrary: (selection) => {
      if (surroundings.target === undefined) throw new LibraryError(selection, surroundings.attempts ?? []);
      return { ...surroundings.target.library, attempts: surroundings.attempts ?? [] };
    },
  };
  const status = await run(argv, io);
  return { status, ...written };
}

async function* streamOf(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  const middle = Math.floor(bytes.length / 2);
  yield await Promise.resolve(bytes.subarray(0, middle));
  yield await Promise.resolve(bytes.subarray(middle));
}
