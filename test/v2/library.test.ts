import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import { afterAll, describe, expect, it } from 'vitest';
import { countCalls, LibraryError, openV2Library } from '../../src/v2/library.js';
import { v2Functions } from '../../src/v2/signatures.js';
import { constant } from '../../src/win32/constants.js';

const folder = mkdtempSync(join(tmpdir(), 'rtm1-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

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

  it('says of a file that is no library what the loader says of it', () => {
    const path = join(folder, 'no-library.so');
    writeFileSync(path, 'no library');
    const error = errorOf(() => openV2Library(path));
    expect(error.attempts).toHaveLength(1);
    expect(error.attempts[0]).toMatchObject({ kind: 'path', path });
    expect(error.message).toContain(path);
    expect(error.message).not.toContain('npm rebuild');
  });

  it.runIf(process.platform === 'linux')('says which functions a library lacks', () => {
    // Any library but one of ours will do; the C library is always there.
    const error = errorOf(() => openV2Library('libc.so.6'));
    expect(error.attempts[0]?.reason).toMatch(/^does not export RtmRegisterEntity, .*RtmReferenceHandles$/);
  });

  it.skipIf(process.platform === 'win32')('says that rtm.dll is a part of Windows, where it is asked for elsewhere', () => {
    const error = errorOf(() => openV2Library('system'));
    expect(error.attempts).toEqual([{ kind: 'system', path: 'rtm.dll', reason: 'rtm.dll is a part of Windows' }]);
  });

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
