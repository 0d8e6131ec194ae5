/**
 * Builds the embedded RTMv2 when the package is installed, unless it came with a library for this system. Needs nothing
 * but Node, make and a C compiler.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const engine = dirname(fileURLToPath(import.meta.url));
const libraries = { win32: 'rtm2.dll', darwin: 'librtm2.dylib' };
const library = libraries[process.platform] ?? 'librtm2.so';
const prebuilt = join(engine, 'prebuilt', `${process.platform}-${process.arch}`, library);

const again = `node ${JSON.stringify(fileURLToPath(import.meta.url))}`;
const help = {
  linux: `On Debian and Ubuntu: apt install gcc make. Then run: ${again}`,
  darwin: `Run: xcode-select --install. Then: ${again}`,
  win32:
    `Install mingw-w64 with make (for instance from MSYS2), then run: ${again}\n` +
    `Or put a library built elsewhere (make -C engine CC=x86_64-w64-mingw32-gcc OS=Windows_NT) at\n${prebuilt}`,
};

function fail(problem, ...advice) {
  console.error([`rtm1-compat: ${problem}`, ...advice].join('\n'));
  process.exit(1);
}

/** Whether a program can be started at all; what it makes of the option is of no interest. */
function exists(program) {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}

/** The first of several programs that exists; a variable that is not set names none. */
function first(programs) {
  return programs.find((program) => program && exists(program));
}

function build() {
  const make = first([process.env.MAKE, 'make', 'mingw32-make', 'gmake']);
  const compiler = first([process.env.CC?.split(' ')[0], 'cc', 'gcc', 'clang']);
  const missing = [...(make ? [] : ['make']), ...(compiler ? [] : ['a C compiler'])];
  if (missing.length > 0) {
    fail(
      `the embedded RTMv2 library has to be built, and ${missing.join(' and ')} cannot be found.`,
      help[process.platform] ?? help.linux,
    );
  }
  const cc = process.env.CC || compiler;
  const made = spawnSync(make, ['-C', engine, `CC=${cc}`], { encoding: 'utf8' });
  if (made.status !== 0) {
    console.error(made.stdout);
    console.error(made.stderr);
    fail(`${make} -C engine has failed; its output is above.`, `Once that is mended, run: ${again}`);
  }
}

if (!existsSync(prebuilt)) build();
