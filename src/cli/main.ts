#!/usr/bin/env node
/** The program `rtm1`: the command line on this process and this machine. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { EXIT_UNUSABLE, type Io } from './io.js';
import { run } from './program.js';

const OUTPUT_LIMIT = 1 << 30;

const io: Io = {
  stdout: process.stdout,
  stderr: process.stderr,
  host: {
    platform: process.platform,
    env: process.env,
    readText: (path) => readFileSync(path, 'latin1'),
    output: (program, ...programArguments) =>
      execFileSync(program, programArguments, {
        encoding: 'latin1',
        maxBuffer: OUTPUT_LIMIT,
        stdio: ['ignore', 'pipe', 'ignore'],
      }),
    interfaceAddresses: () =>
      Object.entries(networkInterfaces()).flatMap(([name, addresses]) =>
        (addresses ?? []).map(({ address, mac }) => ({ name, address, mac })),
      ),
    stdin: process.stdin,
  },
  // Loads koffi and the v1 layer, which help and explanations do without.
  openTarget: async (selection) => (await import('./target.js')).openTarget(selection),
};

// A reader that has seen enough, as `head`, is no reason to fail.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return;
  console.error(`rtm1: standard output: ${error.message}`);
  process.exit(EXIT_UNUSABLE);
});

try {
  process.exitCode = await run(process.argv.slice(2), io);
} catch (error) {
  // Node's own status for an uncaught error is the one that says "a promise was broken".
  console.error('rtm1: unexpected:', error);
  process.exitCode = EXIT_UNUSABLE;
}
