import koffi, { type LibraryHandle } from 'koffi';
import { bindFunctions, type V2Calls, wrapCalls } from './calls.js';
import { refusalOfExports } from './exports.js';
import { refusalOfFormat, refusalOfPath } from './library-file.js';
import { type Machine, packageFile, type Place, placesOf, thisMachine } from './places.js';
import { refusalToRegister } from './probe.js';
import { bindStatistics, type V2Statistics } from './statistics.js';
import type { EntityId } from './structures.js';

/**
 * Which RTMv2 to open: `auto` is Windows' rtm.dll where it exists and works, else the embedded one; `embedded` is the
 * one that comes with this package; `system` is rtm.dll of the system directory; anything else is the path of a
 * library, a name without a slash that of a file in the current directory.
 */
export type LibrarySelection = 'auto' | 'embedded' | 'system' | (string & {});

/** A library that was tried, and why it was not taken; `reason` is null for the one that was. */
export interface LibraryAttempt {
  readonly kind: 'embedded' | 'system' | 'path';
  readonly path: string;
  readonly reason: string | null;
}

/** An opened RTMv2. */
export interface V2Library {
  readonly kind: 'embedded' | 'system' | 'path';
  /** Absolute. */
  readonly path: string;
  /** What Rtm2GetVersion says; null where it says nothing printable, or is not exported, as by rtm.dll. */
  readonly version: string | null;
  /** Everything that was tried, in order, this library last. */
  readonly attempts: readonly LibraryAttempt[];
  readonly calls: V2Calls;
  /** What entities of one id hold; null where Rtm2GetStatistics is not exported, as by rtm.dll. */
  readonly statistics: ((id: EntityId) => V2Statistics) | null;
}

const BUILD = packageFile('engine/build.mjs');

/** A version goes to terminals and logs as it is: it has to be a word or a few, and nothing that they would obey. */
const VERSION_TEXT = /^[\x20-\x7e]{1,64}$/;

/** No library could be opened: what was tried, and why each was refused. */
export class LibraryError extends Error {
  readonly attempts: readonly LibraryAttempt[];
  /** The message without what was tried. */
  readonly advice: string;

  constructor(selection: LibrarySelection, attempts: readonly LibraryAttempt[]) {
    const tried = attempts.map(({ path, reason }) => `\n  ${path}: ${reason ?? 'opened'}`).join('');
    const embedded = attempts.some(({ kind }) => kind === 'embedded');
    const problem = `No RTMv2 library could be opened (asked for '${selection}').`;
    const remedy = embedded
      ? `\nTo build the embedded library, install make and a C compiler and run: node "${BUILD}"`
      : '';
    super(problem + tried + remedy);
    this.name = 'LibraryError';
    this.attempts = attempts;
    this.advice = problem + remedy;
  }
}

/**
 * Opens an RTMv2 library: it must load, export all 57 functions and, where it is chosen automatically, let an entity
 * register and deregister. It is loaded by its absolute path whatever is asked for, so that no search path has a say.
 *
 * @throws {LibraryError} naming everything that was tried
 */
export function openV2Library(selection: LibrarySelection = 'auto'): V2Library {
  return openOn(thisMachine(), openFile, selection);
}

/** How files become libraries. */
export interface OpenFile {
  /** What is wrong with a path before anything is loaded from it. */
  readonly refusal: (path: string) => string | null;
  /** Loads a library, or throws. */
  readonly load: (path: string) => LibraryHandle;
}

export const openFile: OpenFile = { refusal: refusalOfPath, load: (path) => koffi.load(path) };

/** `openV2Library` on any machine. */
export function openOn(machine: Machine, file: OpenFile, selection: LibrarySelection): V2Library {
  const attempts: LibraryAttempt[] = [];
  for (const place of placesOf(selection, machine)) {
    const { kind, path } = place;
    const opened = openAt(place, machine, file);
    const isProbed = kind === 'system' && selection === 'auto';
    const refusal = typeof opened === 'string' ? opened : isProbed ? refusalToRegister(opened.calls) : null;
    attempts.push({ kind, path, reason: refusal });
    if (typeof opened !== 'string' && refusal === null) return { kind, path, attempts, ...opened };
  }
  throw new LibraryError(selection, attempts);
}

/** The opened library, or why it is of no use. */
function openAt(
  { kind, path, refusal }: Place,
  machine: Machine,
  file: OpenFile,
): string | Pick<V2Library, 'calls' | 'version' | 'statistics'> {
  const library = refusal ?? loaded(path, machine, file);
  if (typeof library === 'string') return library;
  // What comes with the package is what the package was tested with.
  const wrongExports = kind === 'embedded' ? null : refusalOfExports(library);
  if (wrongExports !== null) return wrongExports;
  const { functions, missing } = bindFunctions(library, 'uintptr_t');
  if (missing.length > 0) return `it does not export ${missing.join(', ')}`;
  const calls = Object.fromEntries(functions) as unknown as V2Calls;
  return { calls, version: versionOf(library), statistics: bindStatistics(library) };
}

function loaded(path: string, { platform, arch }: Machine, file: OpenFile): LibraryHandle | string {
  const refusal = file.refusal(path);
  if (refusal !== null) return refusal;
  try {
    return file.load(path);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    // Windows' loader says "Module not found" of a library that is there and needs another one that is not.
    const hint = platform === 'win32' ? '; a library that it needs may be missing' : '';
    return refusalOfFormat(path, platform, arch) ?? `${message}${hint}`;
  }
}

function versionOf(library: LibraryHandle): string | null {
  try {
    const version: unknown = library.func('Rtm2GetVersion', 'str', [])();
    return typeof version === 'string' && VERSION_TEXT.test(version) ? version : null;
  } catch {
    return null;
  }
}

/**
 * The same library with every call counted.
 *
 * @example
 * const { library, count } = countCalls(openV2Library('embedded'));
 * const rtm = createRtm1(library);
 * rtm.RtmDeregisterClient(client);
 * count(); // how many RTMv2 calls that took, among others
 */
export function countCalls(library: V2Library): { readonly library: V2Library; readonly count: () => number } {
  let made = 0;
  const calls = wrapCalls(library.calls, (_name, call) => (...parameters) => {
    made += 1;
    return call(...parameters);
  });
  return { library: { ...library, calls }, count: () => made };
}
