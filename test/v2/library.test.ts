import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import { afterAll, describe, expect, it } from 'vitest';
import {
  countCalls,
  type LibraryAttempt,
  LibraryError,
  openFile,
  type OpenFile,
  openOn,
  openV2Library,
} from '../../src/v2/library.js';
import { type Machine, thisMachine } from '../../src/v2/places.js';
import { v2Functions } from '../../src/v2/signatures.js';
import { constant } from '../../src/win32/constants.js';
import { buildStub } from '../support/stub-library.js';

const folder = mkdtempSync(join(tmpdir(), 'rtm1-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let files = 0;

/** The path of a new file. */
function fileOf(content: string | Buffer): string {
  files += 1;
  const path = join(folder, `file-${files}`);
  writeFileSync(path, content);
  return path;
}

/** Makes the head of a file that of a DLL for x64. */
function asDll(bytes: Buffer): void {
  bytes.write('MZ', 0, 'latin1');
  bytes.writeUInt32LE(0x40, 0x3c);
  bytes.write('PE\0\0', 0x40, 'latin1');
  bytes.writeUInt16LE(0x8664, 0x44);
  bytes.writeUInt16LE(0x2000, 0x56);
}

/** What went wrong; a success is a failure. */
function errorOf(open: () => unknown): LibraryError {
  try {
    open();
  } catch (error) {
    if (error instanceof LibraryError) return error;
    throw error;
  }
  throw new Error('a library was opened');
}

describe('openV2Library', () => {
  it('opens the embedded library, and tells its path and version', () => {
    const library = openV2Library('embedded');
    expect(library.kind).toBe('embedded');
    expect(library.path).toMatch(/rtm2\.(so|dylib|dll)$/);
    expect(library.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(library.attempts.at(-1)).toEqual({ kind: 'embedded', path: library.path, reason: null });
    expect(Object.keys(library.calls).sort()).toEqual([...v2Functions].sort());
  });

  it('chooses automatically where nothing is said', () => {
    const { attempts, kind } = openV2Library();
    expect(attempts.at(-1)?.kind).toBe(kind);
    if (process.platform === 'win32') expect(attempts[0]?.kind).toBe('system');
    else expect(attempts.every((attempt) => attempt.kind === 'embedded')).toBe(true);
  });

  it('opens a library by its path', () => {
    const { path } = openV2Library('embedded');
    expect(openV2Library(path)).toMatchObject({ kind: 'path', path });
  });

  it('opens a file of the current directory by its name, by the absolute path', () => {
    const { path } = openV2Library('embedded');
    copyFileSync(path, join(folder, 'rtm.dll'));
    const loaded: string[] = [];
    const here = { ...thisMachine(), directory: folder };
    const library = openOn(here, { ...openFile, load: (file) => (loaded.push(file), koffi.load(file)) }, 'rtm.dll');
    expect([library.path, ...loaded]).toEqual([join(folder, 'rtm.dll'), join(folder, 'rtm.dll')]);
  });

  it.each([
    ['text', () => fileOf('no library'), 'the file is no library'],
    ['two octets', () => fileOf('MZ'), 'the file is no library'],
    ['nothing', () => fileOf(''), 'the file is empty'],
    ['a directory', () => folder, 'it is a directory, and no library'],
    ['nowhere', () => join(folder, 'none.so'), 'there is no such file'],
  ])('says of %s that it is no library', (_what, make, reason) => {
    const path = make();
    const error = errorOf(() => openV2Library(path));
    expect(error.attempts).toEqual([{ kind: 'path', path, reason }]);
    expect(error.message).toContain(`${path}: ${reason}`);
    expect(error.message).not.toContain('npm rebuild');
  });

  it.skipIf(process.platform === 'win32')('reads nothing from what is no regular file', () => {
    expect(errorOf(() => openV2Library('/dev/null')).attempts[0]?.reason).toBe('it is no regular file');
  });

  it.runIf(process.platform === 'linux')('says of a library for others whom it is for', () => {
    const { path } = openV2Library('embedded');
    const reasonOf = (change: (bytes: Buffer) => void): string | null | undefined => {
      const bytes = readFileSync(path);
      change(bytes);
      const changed = fileOf(bytes);
      return errorOf(() => openV2Library(changed)).attempts[0]?.reason;
    };
    const [machine, type] = [18, 16];
    const other = process.arch === 'arm64' ? ([62, 'x64'] as const) : ([183, 'arm64'] as const);
    expect(reasonOf((bytes) => bytes.writeUInt16LE(other[0], machine))).toBe(
      `it is built for ${other[1]}, and this Node.js is for ${process.arch}`,
    );
    expect(reasonOf((bytes) => bytes.writeUInt16LE(0x7777, machine))).toContain('built for another processor');
    expect(reasonOf((bytes) => bytes.writeUInt16LE(1, type))).toBe(
      'the file is a program or an object file (ELF), and no library',
    );
    expect(reasonOf(asDll)).toBe('it is a library for win32 (PE), and this is linux');
    expect(reasonOf((bytes) => bytes.writeUInt32LE(0xfeedfacf, 0))).toBe(
      'it is a library for darwin (Mach-O), and this is linux',
    );
  });

  it('counts the functions that a library lacks, and names the first', () => {
    const reasonOf = (without: readonly string[], asData: readonly string[] = []): string | null | undefined => {
      const path = buildStub(folder, `stub-${without.length}-${asData.length}`, { without, asData });
      return errorOf(() => openV2Library(path)).attempts[0]?.reason;
    };
    expect(reasonOf(v2Functions)).toBe('it exports none of the 57 functions of Rtmv2.h: it is no RTMv2 library');
    expect(reasonOf(['RtmAddNextHop'])).toBe('it does not export 1 of the 57 functions of Rtmv2.h: RtmAddNextHop');
    expect(reasonOf(v2Functions.slice(0, 9))).toBe(
      'it does not export 9 of the 57 functions of Rtmv2.h: ' +
        'RtmRegisterEntity, RtmDeregisterEntity, RtmGetRegisteredEntities, RtmReleaseEntities, RtmLockDestination and 4 more',
    );
  });

  it.each([
    ['a-word', '5.2.3790', '5.2.3790'],
    ['some-words', 'RTMv2 5.2 (test)', 'RTMv2 5.2 (test)'],
    ['nothing', '', null],
    ['escapes', '\u001b[2J1.2.3', null],
    ['lines', '1.2.3\nok', null],
    ['other-letters', '1.2.3\u202e', null],
    ['a-flood', '1'.repeat(100_000), null],
  ])('tells a version that is a short text, and no other: %s', (name, version, told) => {
    expect(openV2Library(buildStub(folder, `version-${name}`, { version })).version).toBe(told);
  });

  it.skipIf(process.platform === 'darwin')('calls nothing that is no function', () => {
    const path = buildStub(folder, 'data', { asData: ['RtmRegisterEntity', 'RtmDeregisterEntity'] });
    expect(errorOf(() => openV2Library(path)).attempts[0]?.reason).toBe(
      'it exports under these names something that is no function: RtmRegisterEntity, RtmDeregisterEntity',
    );
  });

  it.skipIf(process.platform === 'win32')(
    'says that rtm.dll is a part of Windows, where it is asked for elsewhere',
    () => {
      const error = errorOf(() => openV2Library('system'));
      expect(error.attempts).toEqual([{ kind: 'system', path: 'rtm.dll', reason: 'rtm.dll is a part of Windows' }]);
    },
  );

  it('registers an entity with what it has opened', () => {
    const { calls } = openV2Library('embedded');
    const memory = new Uint32Array(16);
    const address = Number(koffi.address(memory));
    new Uint16Array(memory.buffer).set([0, constant('AF_INET')]);
    memory.set([4242, 1], 2);
    expect(calls.RtmRegisterEntity(address, 0, 0, 0, address + 16, address + 32)).toBe(0);
    expect(memory[4], 'MaxNextHopsInRoute').toBeGreaterThan(0);
    const handle = (memory[8] ?? 0) + (memory[9] ?? 0) * 2 ** 32;
    expect(calls.RtmDeregisterEntity(handle)).toBe(0);
    expect(calls.RtmDeregisterEntity(handle)).toBe(constant('ERROR_INVALID_HANDLE'));
  });
});

describe('openV2Library on Windows', () => {
  const SYSTEM = 'C:\\Windows\\System32\\rtm.dll';

  /** What `auto` comes to where rtm.dll of the system is a certain library. */
  function open(library: string): { readonly attempts: readonly LibraryAttempt[]; readonly loaded: readonly string[] } {
    const loaded: string[] = [];
    const windows: Machine = {
      ...thisMachine(),
      platform: 'win32',
      directory: folder,
      systemDirectory: () => 'C:\\Windows\\System32',
      exists: () => true,
    };
    const read: OpenFile = {
      refusal: () => null,
      load: (path) => {
        loaded.push(path);
        return koffi.load(path === SYSTEM ? library : openV2Library('embedded').path);
      },
    };
    return { attempts: openOn(windows, read, 'auto').attempts, loaded };
  }

  it('takes rtm.dll of the system directory, and looks nowhere else', () => {
    const { attempts, loaded } = open(openV2Library('embedded').path);
    expect(attempts).toEqual([{ kind: 'system', path: SYSTEM, reason: null }]);
    expect(loaded).toEqual([SYSTEM]);
  });

  it.each([
    ['RtmRegisterEntity', 1610, 'ERROR_BAD_CONFIGURATION'],
    ['RtmDeregisterEntity', 6, 'ERROR_INVALID_HANDLE'],
  ] as const)('does not take one whose %s fails', (call, code, name) => {
    const { attempts } = open(buildStub(folder, `refusing-${call}`, { answers: { [call]: code } }));
    expect(attempts[0]).toEqual({ kind: 'system', path: SYSTEM, reason: `${call} answers ${code} (${name})` });
    expect(attempts.at(-1)).toMatchObject({ kind: 'embedded', reason: null });
  });
});

describe('countCalls', () => {
  it('counts every call, and nothing else of the library changes', () => {
    const original = openV2Library('embedded');
    const { library, count } = countCalls(original);
    expect(library).toMatchObject({ kind: original.kind, path: original.path, version: original.version });
    expect(count()).toBe(0);
    library.calls.RtmDeregisterEntity(0);
    library.calls.RtmReleaseRoutes(0, 0, 0);
    expect(count()).toBe(2);
  });
});
