/** The ways to compile and run the C blocks: for this system, and for Windows under wine. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openV2Library } from '../../src/v2/library.js';
import { blocks } from './document.js';

export const root = fileURLToPath(new URL('../..', import.meta.url));
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
  /** Compiles a file, named from the root; returns what the compiler says. */
  compile(file: string): string;
  /** Runs the driver on a script; returns the lines that it prints. */
  run(script: readonly string[]): string[];
  /** Runs threads.c; returns what it prints. */
  runThreads(rounds: number): string;
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

const linesOf = (text: string): string[] => text.trimEnd().split('\n');

/** Writes the blocks of version 1 into a file, and tells where it is, from the root. */
export const legacyFile = (): string => relative(root, written(folder, 'legacy.c', blocks('c before').join('\n')));

/** The files of the port, without and with what stands in for Windows. */
export const portFiles = ['examples/port/rtm1.c', 'examples/port/main.c'];
export const posixFiles = ['examples/port/posix/windows.c'];

const POSIX = [`-I${join(port, 'posix')}`, `-I${join(root, 'engine/include')}`, '-D_POSIX_C_SOURCE=200809L', '-pthread'];

function compileWith(compiler: string, flags: readonly string[]): Tools['compile'] {
  mkdirSync(folder, { recursive: true });
  return (file) => {
    const source = join(root, file);
    const { error, stdout, stderr } = spawnSync(compiler, [...STRICT, ...QUIET, ...flags, '-c', source, '-o', join(folder, 'object.o')], { encoding: 'utf8' });
    return `${error?.message ?? ''}${stdout}${stderr}`;
  };
}

const compiler = (): string => process.env['CC'] ?? 'cc';

const STATISTICS = [`-I${folder}`, '-DHAS_STATISTICS'];

/** Builds a program of this folder together with the port. */
function buildNative(name: string, flags: readonly string[]): string {
  written(folder, 'statistics.c', blocks('c statistics').join('\n'));
  const program = join(folder, name);
  const sources = [join(here, `${name}.c`), ...posixFiles]; // from the root, where compilers are run
  must(compiler(), ['-std=c11', '-g', '-O1', `-I${port}`, ...POSIX, ...STATISTICS, '-o', program, ...sources, ...flags]);
  return program;
}

function native(): Tools {
  const { path: library } = openV2Library('embedded');
  const engine = readdirSync(join(root, 'engine/src')).filter((name) => name.endsWith('.c')).map((name) => join(root, 'engine/src', name));
  return {
    compile: compileWith(compiler(), POSIX),
    run: (script) => {
      const program = buildNative('driver', ['-fsanitize=address,undefined', library, `-Wl,-rpath,${join(library, '..')}`]);
      const { status, stdout, stderr } = spawnSync(program, { input: script.join('\n'), encoding: 'utf8', maxBuffer: 2 ** 28 });
      if (status !== 0) throw new Error(`the driver ended with ${status ?? 'a signal'}: ${stderr}`);
      return linesOf(stdout);
    },
    // With the sources of the engine, so that the sanitizer sees what orders the two.
    runThreads: (rounds) => {
      const program = buildNative('threads', ['-fsanitize=thread', '-D_DEFAULT_SOURCE', `-I${join(root, 'engine/src')}`, ...engine]);
      return must(program, [String(rounds)]);
    },
  };
}

const MINGW = 'x86_64-w64-mingw32-gcc';
const wine = (): string | undefined => ['wine', 'wine64', '/usr/lib/wine/wine64'].find(exists);

/** Builds a program of this folder with the port and Windows' import library, and puts the engine beside it as rtm.dll. */
function buildForWindows(name: string): string {
  const directory = join(folder, 'windows');
  const program = join(directory, `${name}.exe`);
  mkdirSync(directory, { recursive: true });
  must('make', ['-s', '-C', 'engine', 'OS=Windows_NT', `CC=${MINGW}`, 'BUILD=build/win64', 'all']);
  must(MINGW, ['-std=c11', `-I${port}`, '-static', join(here, `${name}.c`), '-o', program, '-lrtm']);
  copyFileSync(join(root, 'engine/build/win64/rtm2.dll'), join(directory, 'rtm.dll'));
  return program;
}

function underWine(program: string, programArguments: readonly string[], input: string): string {
  const files = { in: written(folder, 'windows/input', input), out: join(folder, 'windows/output') };
  // Programs under wine are not at ease with pipes.
  const command = `exec "${wine() ?? ''}" "${program}" ${programArguments.join(' ')} <"${files.in}" >"${files.out}" 2>"${files.out}.err"`;
  const env = { ...process.env, WINEPREFIX: join(root, 'engine/build/wine/prefix'), WINEDEBUG: '-all', WINEDLLOVERRIDES: 'mscoree,mshtml=' };
  mkdirSync(env.WINEPREFIX, { recursive: true });
  must('sh', ['-c', command], { env, timeout: WINE_LIMIT_MS });
  return readFileSync(files.out, 'utf8').replaceAll('\r', '');
}

function windows(): Tools {
  return {
    compile: compileWith(MINGW, []),
    run: (script) => linesOf(underWine(buildForWindows('driver'), [], `${script.join('\n')}\n`)),
    runThreads: (rounds) => underWine(buildForWindows('threads'), [String(rounds)], ''),
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

const MINGW_X86 = 'i686-w64-mingw32-gcc';

/** The compilers that the port has to be good enough for. */
export const compilers = ['gcc', 'clang', MINGW, MINGW_X86].map((name) => {
  const isPosix = !name.includes('mingw');
  return {
    name,
    isPosix,
    absence: absenceOf([
      [process.platform !== 'win32', 'there every compiler is for Windows'],
      [exists(name), `${name} is not installed`],
    ]),
    compile: compileWith(name, isPosix ? POSIX : []),
  };
});
