import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openV2Library } from '../../src/v2/library.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const SOURCES = here('../hostile/library/');
const BUILT = here('../../engine/build/hostile/hostile.so');

/** Compiles a library. */
export function compileLibrary(...options: readonly string[]): void {
  const shared = ['-std=gnu11', '-O1', '-fPIC', '-shared', '-w'];
  execFileSync(process.env['CC'] ?? 'cc', [...shared, ...options], { stdio: ['ignore', 'inherit', 'inherit'] });
}

/** Compiles test/hostile/library, for all that want a copy of it. */
export function buildHostile(): void {
  mkdirSync(dirname(BUILT), { recursive: true });
  compileLibrary(
    ...['-fvisibility=hidden', '-DRTM2_BUILD', `-I${here('../../engine/include')}`, '-o', BUILT],
    ...readdirSync(SOURCES)
      .filter((name) => name.endsWith('.c'))
      .map((name) => join(SOURCES, name)),
    '-ldl',
  );
}

/** Places a library in a folder that does one trick, see test/hostile/library, with tables of its own; returns its path. */
export function placeHostile(folder: string, verb: string, subject: string, number: number | bigint): string {
  if (!existsSync(BUILT)) throw new Error('test/support/build.ts has not built the hostile library');
  const path = join(folder, `hostile+${verb}+${subject}+${number}.so`);
  copyFileSync(BUILT, path);
  copyFileSync(openV2Library('embedded').path, `${path}.engine`);
  return path;
}
