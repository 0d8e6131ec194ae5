import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { type LibrarySelection, openV2Library, type V2Library } from '../../src/v2/library.js';
import type { Rtm1Options } from '../../src/v1/options.js';
import { createRtm1, type Rtm1 } from '../../src/v1/rtm1.js';
import { placeHostile } from './hostile-library.js';

/** What every object of a test has to leave in RTMv2. */
export const NOTHING = { entities: 0, routes: 0, nextHops: 0, destinations: 0, handles: 0 };

/** One RTMv2 that a suite runs on. */
export interface Backend {
  /** The library itself, for tests that put something between it and the shim. */
  readonly library: () => V2Library;
  /** Opens an object on it, which is closed after the test and must then have left nothing behind. */
  readonly open: (options?: Rtm1Options) => Rtm1;
  /** The same on another library, for instance on this one with its calls wrapped. */
  readonly openOn: (library: V2Library, options?: Rtm1Options) => Rtm1;
}

const held: unknown[] = [];

/** How many calls the library may be made: tests of many routes make many. */
const ANY_NUMBER = 0xffffffff;

/** Which RTMv2 libraries there are to run on, and why one cannot be here. */
const BACKENDS = {
  embedded: { isHere: true, absence: '' },
  'a library with handles of 64 bits': { isHere: process.platform === 'linux', absence: 'it is an ELF library' },
  system: { isHere: process.platform === 'win32', absence: 'rtm.dll is a part of Windows' },
} as const;

/**
 * The embedded library behind one whose handles are other numbers, nearly all of them above 2^53, and which keeps no
 * statistics: as far from the embedded one as the documentation lets a library be. It has tables of its own.
 */
function libraryOfWideHandles(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rtm1-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });
  const path = placeHostile(folder, 'handles', 'obscured', 0);
  const library = koffi.load(path);
  // A library that nobody holds is unloaded, and allows what it did at first when it is loaded again.
  held.push(library);
  const allow = library.func('HostileAllow', 'void', ['uint32']) as (calls: number) => void;
  allow(ANY_NUMBER);
  return path;
}

/** Runs a suite on one RTMv2. Where it cannot be, the suite is shown as skipped, with the reason in its name. */
export function describeBackend(name: keyof typeof BACKENDS, body: (backend: Backend) => void): void {
  const { isHere, absence } = BACKENDS[name];
  describe.skipIf(!isHere)(isHere ? `on ${name}` : `on ${name} (${absence})`, () => {
    if (!isHere) {
      it('runs the suite', () => undefined);
      return;
    }
    const selection: LibrarySelection = name === 'a library with handles of 64 bits' ? libraryOfWideHandles() : name;
    const opened: Rtm1[] = [];
    let library: V2Library | undefined;
    const backend: Backend = {
      library: () => (library ??= openV2Library(selection)),
      open: (options) => backend.openOn(backend.library(), options),
      openOn: (on, options) => {
        const rtm = createRtm1(on, options);
        opened.push(rtm);
        return rtm;
      },
    };
    afterEach(() => {
      const closed = opened.splice(0);
      for (const rtm of closed) rtm.close();
      for (const rtm of closed) expect(rtm.leftBehind(), 'left behind after close()').toEqual(NOTHING);
    });
    body(backend);
  });
}

/** Runs a suite on every RTMv2 there is. */
export function describeEveryBackend(body: (backend: Backend) => void): void {
  for (const name of Object.keys(BACKENDS) as (keyof typeof BACKENDS)[]) describeBackend(name, body);
}
