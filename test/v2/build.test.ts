import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openV2Library } from '../../src/v2/library.js';

const engine = fileURLToPath(new URL('../../engine', import.meta.url));
const { path: built } = openV2Library('embedded');

/** The script that `npm install` runs, in a package of its own. */
describe.skipIf(process.platform === 'win32')('engine/build.mjs', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rtm1-'));
    copyFileSync(join(engine, 'build.mjs'), join(folder, 'build.mjs'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function run(env: Readonly<Record<string, string>>): { status: number | null; output: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['build.mjs'], {
      cwd: folder,
      env: { ...process.env, ...env },
      encoding: 'utf8',
    });
    return { status, output: stdout + stderr };
  }

  it('does nothing where the package has a library for this system', () => {
    const prebuilt = join(folder, 'prebuilt', `${process.platform}-${process.arch}`);
    mkdirSync(prebuilt, { recursive: true });
    writeFileSync(join(prebuilt, built.split('/').at(-1) ?? ''), '');
    expect(run({ PATH: folder })).toEqual({ status: 0, output: '' });
  });

  it('says what to install where there is neither make nor a compiler', () => {
    const { status, output } = run({ PATH: folder, CC: '', MAKE: '' });
    expect(status).toBe(1);
    expect(output).toMatch(/make and a C compiler cannot be found/);
    expect(output).toMatch(/apt install gcc make|xcode-select --install/);
  });

  it('shows what the compiler says if it fails', () => {
    for (const part of ['Makefile', 'include']) cpSync(join(engine, part), join(folder, part), { recursive: true });
    mkdirSync(join(folder, 'src'));
    writeFileSync(join(folder, 'src', 'wrong.c'), '#error this cannot be compiled\n');
    const { status, output } = run({});
    expect(status).toBe(1);
    expect(output).toContain('this cannot be compiled');
  });

  it('builds a library that can be opened, and says nothing', () => {
    for (const part of ['Makefile', 'include', 'src']) cpSync(join(engine, part), join(folder, part), { recursive: true });
    expect(run({})).toEqual({ status: 0, output: '' });
    const library = openV2Library(join(folder, 'build', built.split('/').at(-1) ?? ''));
    expect(library.version).not.toBeNull();
  });
});
