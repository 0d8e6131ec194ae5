/** The ways to compile and run the C blocks: for this system, and for Windows under wine. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openV2Library } from '../../src/v2/library.js';
import { blocks } from './document.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const here = join(root, 'test/migration');
const folder = join(root, 'engine/build/migration');
const port = join(root, 'examples/port');
const STRICT = ['-std=c11', '-O1', '-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Wshadow', '-Wstrict-prototypes'];
/** Version 1 and version 2 give their functions the same names, so that nothing outside a file calls them. */
const QUIET = ['-Wno-unused-function'];
const WINE_LIMIT_MS = 300_000;

/** The variable that turns a missing toolchain from a skipped suite into a failed one. */
const REQUIRED = process.env['RTM1_MIGRATION_TOOLCHAINS'] === 'required';

export interface Tools {
  /** Compiles a file; returns what the compiler says. */
  compile(file: string): string;
  /** Runs the driver on a script; returns the lines that it prints. */
  run(script: readonly string[]): string[];
}

export interface Toolchain {
  readonly name: string;
  /** Why it cannot be used here; null if it can. */
  readonly absence: string | null;
  readonly build: () => Tools;
}

const exists = (program: string): boolean => spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;

function must(program: string, programArguments: readonly string[], options: { env?: NodeJS.ProcessEnv; timeout?: number } = {}): string {
  const { status, stdout, stderr, error } = spawnSync(program, programArguments, { cwd: root, encoding: 'utf8', ...options });
  if (status !== 0) throw new Error(`${program} ${programArguments.join(' ')}: ${error?.message ?? ''}${stdout}${stderr}`);
  return `${stdout}${stderr}`;
}

function written(directory: string, name: string, code: string): string {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, name);
  writeFileSync(file, code);
  return file;
}

const linesOf = (text: string): string[] => text.replaceAll('\r', '').trimEnd().split('\n');

/** Writes the blocks of version 1 into a file, and tells where it is. */
export const legacyFile = (): string => written(folder, 'legacy.c', blocks('c before').join('\n'));

/** The files of the port, without and with what stands in for Windows. */
export const portFiles = [join(port, 'rtm1.c'), join(port, 'main.c')];
export const posixFiles = [join(port, 'posix/windows.c')];

const POSIX = [`-I${join(port, 'posix')}`, `-I${join(root, 'engine/include')}`, '-D_POSIX_C_SOURCE=200809L', '-pthread'];

function compileWith(compiler: string, flags: readonly string[]): Tools['compile'] {
  mkdirSync(folder, { recursive: true });
  return (file) => {
    const { error, stdout, stderr } = spawnSync(compiler, [...STRICT, ...QUIET, ...flags, '-c', file, '-o', join(folder, 'object.o')], { encoding: 'utf8' });
    return `${error?.message ?? ''}${stdout}${stderr}`;
  };
}

const compiler = (): string => process.env['CC'] ?? 'cc';

function native(): Tools {
  const directory = join(folder, 'native');
  const { path: library } = openV2Library('embedded');
  return {
    compile: compileWith(compiler(), POSIX),
    run: (script) => {
      written(directory, 'statistics.c', blocks('c statistics').join('\n'));
      const program = join(directory, 'driver');
      const sources = [join(here, 'driver.c'), ...posixFiles];
      const link = ['-g', '-O1', '-fsanitize=address,undefined', ...sources, '-o', program, library, `-Wl,-rpath,${join(library, '..')}`];
      must(compiler(), ['-std=c11', `-I${directory}`, `-I${port}`, ...POSIX, '-DHAS_STATISTICS', ...link]);
      const { status, stdout, stderr } = spawnSync(program, { input: script.join('\n'), encoding: 'utf8', maxBuffer: 2 ** 28 });
      if (status !== 0) throw new Error(`the driver ended with ${status ?? 'a signal'}: ${stderr}`);
      return linesOf(stdout);
    },
  };
}

const MINGW = 'x86_64-w64-mingw32-gcc';
const wine = (): string | undefined => ['wine', 'wine64', '/usr/lib/wine/wine64'].find(exists);

function windows(): Tools {
  const directory = join(folder, 'windows');
  const dll = join(root, 'engine/build/win64/rtm2.dll');
  return {
    compile: compileWith(MINGW, []),
    run: (script) => {
      must('make', ['-s', '-C', 'engine', 'OS=Windows_NT', `CC=${MINGW}`, 'BUILD=build/win64', 'all']);
      mkdirSync(directory, { recursive: true });
      must(MINGW, ['-std=c11', `-I${port}`, '-static', join(here, 'driver.c'), '-o', join(directory, 'driver.exe'), '-lrtm']);
      copyFileSync(dll, join(directory, 'rtm.dll'));
      const input = written(directory, 'script', `${script.join('\n')}\n`);
      const output = join(directory, 'output');
      // Programs under wine are not at ease with pipes.
      const command = `exec "${wine() ?? ''}" "${join(directory, 'driver.exe')}" <"${input}" >"${output}" 2>"${output}.err"`;
      const env = { ...process.env, WINEPREFIX: join(root, 'engine/build/wine/prefix'), WINEDEBUG: '-all', WINEDLLOVERRIDES: 'mscoree,mshtml=' };
      mkdirSync(env.WINEPREFIX, { recursive: true });
      must('sh', ['-c', command], { env, timeout: WINE_LIMIT_MS });
      return linesOf(readFileSync(output, 'utf8'));
    },
  };
}

function absenceOf(missing: readonly (readonly [boolean, string])[]): string | null {
  const reasons = missing.filter(([isHere]) => !isHere).map(([, reason]) => reason);
  if (reasons.length === 0) return null;
  if (REQUIRED) throw new Error(`RTM1_MIGRATION_TOOLCHAINS=required, but ${reasons.join(', ')}`);
  return `skipped: ${reasons.join(', ')}`;
}

export const toolchains: readonly Toolchain[] = [
  {
    name: 'on this system',
    absence: absenceOf([
      [process.platform === 'linux', 'the stand-in for windows.h is for Linux'],
      [exists(process.env['CC'] ?? 'cc'), 'there is no C compiler'],
    ]),
    build: native,
  },
  {
    name: 'as a Windows program with rtm.dll',
    absence: absenceOf([
      [process.platform === 'linux', 'wine is used on Linux only'],
      [exists(MINGW), 'mingw-w64 is not installed'],
      [wine() !== undefined, 'wine is not installed'],
      [existsSync(join(root, 'engine/Makefile')), 'there is no source of the engine'],
    ]),
    build: windows,
  },
];
