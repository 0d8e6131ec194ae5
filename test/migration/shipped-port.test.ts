/** examples/port as users get it: with the package, on systems with other compilers, and with nothing else from here. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compilers, portFiles, posixFiles, root } from './toolchains.js';

/** Calls that one of the POSIX systems has not. */
const NOT_EVERYWHERE = ['sem_timedwait', 'pthread_condattr_setclock', 'pthread_mutex_timedlock', 'pthread_barrier_wait', 'clock_nanosleep'];

describe.each(compilers)('the port by $name', ({ absence, isPosix, compile }) => {
  const title = absence === null ? 'compiles' : `compiles (${absence})`;
  it.skipIf(absence !== null).each([...portFiles, ...(isPosix ? posixFiles : [])])(`${title} without a warning: %s`, (file) => {
    expect(compile(file)).toBe('');
  });
});

describe.skipIf(process.platform === 'win32')('the port in the package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rtm1 port-')); // people have such folders
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const packed = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: root, encoding: 'utf8' });
  const files = (JSON.parse(packed.stdout) as { files: { path: string }[] }[]).flatMap((one) => one.files.map(({ path }) => path));

  it('is complete, and has nothing that was built', () => {
    expect(files.filter((path) => path.startsWith('examples/port/')).sort()).toEqual(
      ['Makefile', 'main.c', 'posix/rtm.h', 'posix/windows.c', 'posix/windows.h', 'posix/winsock2.h', 'rtm1.c', 'rtm1.h'].map(
        (name) => `examples/port/${name}`,
      ),
    );
  });

  it('builds by the one command of the document, and hears of changes as by version 1', () => {
    for (const path of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      cpSync(join(root, path), join(folder, path));
    }
    const { status, stdout, stderr } = spawnSync('make', ['-s', '-C', 'examples/port', 'run'], { cwd: folder, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout.split('\n').filter((line) => /^(was|is) /.test(line))).toEqual([
      'was 10.0.0.0 via 192.0.2.1, protocol 8',
      'is  10.0.0.0 via 192.0.2.2, protocol 13',
      'was 10.0.0.0 via 192.0.2.2, protocol 13',
      'is  10.0.0.0 via 192.0.2.1, protocol 8',
    ]);
  });

  it('finds its library from wherever it is run', () => {
    const { status, stderr } = spawnSync(join(folder, 'examples/port/port'), { cwd: tmpdir(), encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  });

  it('asks for nothing that only some POSIX systems have', () => {
    const undefinedNames = spawnSync('nm', ['-u', 'port'], { cwd: join(folder, 'examples/port'), encoding: 'utf8' }).stdout;
    expect(undefinedNames).toContain('pthread_cond_timedwait');
    for (const name of NOT_EVERYWHERE) expect(undefinedNames).not.toContain(name);
  });
});
