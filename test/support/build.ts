import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildHostile } from './hostile-library.js';

/**
 * Builds `dist` once before all tests, since some of them run the package as its users have it, and the library that
 * stands for others than the embedded one.
 */
export default function build(): void {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc'], { cwd: root, stdio: 'inherit' });
  if (process.platform === 'linux') buildHostile();
}
