import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import koffi, { type LibraryHandle } from 'koffi';
import { constant } from '../win32/constants.js';
import { OWN_PROTOCOL } from '../win32/protocol.js';
import { statusName, V2 } from '../win32/status.js';
import { bindFunctions, type V2Calls, wrapCalls } from './calls.js';
import { Memory } from './memory.js';
import { bindStatistics, type V2Statistics } from './statistics.js';
import { type EntityId, writeEntityInfo } from './structures.js';

/**
 * Which RTMv2 to open: `auto` is Windows' rtm.dll where it exists and works, else the embedded one; `embedded` is the
 * one that comes with this package; `system` is rtm.dll; anything else is the path of a library.
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
  readonly path: string;
  /** What Rtm2GetVersion says; null where it is not exported, as by rtm.dll. */
  readonly version: string | null;
  /** Everything that was tried, in order, this library last. */
  readonly attempts: readonly LibraryAttempt[];
  readonly calls: V2Calls;
  /** What entities of one id hold; null where Rtm2GetStatistics is not exported, as by rtm.dll. */
  readonly statistics: ((id: EntityId) => V2Statistics) | null;
}

/** No library could be opened: what was tried, and why each was refused. */
export class LibraryError extends Error {
  readonly attempts: readonly LibraryAttempt[];

  constructor(selection: LibrarySelection, attempts: readonly LibraryAttempt[]) {
    const tried = attempts.map(({ path, reason }) => `\n  ${path}: ${reason ?? 'opened'}`).join('');
    const embedded = attempts.some(({ kind }) => kind === 'embedded');
    super(
      `No RTMv2 library could be opened (asked for '${selection}').${tried}` +
        (embedded
          ? `\nTo build the embedded library, install make and a C compiler and run: node "${packageFile('engine/build.mjs')}"`
          : ''),
    );
    this.name = 'LibraryError';
    this.attempts = attempts;
  }
}

const packageFile = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** Where the embedded library may stand: as it came with the package, else as built on this machine. */
function embeddedPaths(): readonly string[] {
  const names: Partial<Record<NodeJS.Platform, string>> = { win32: 'rtm2.dll', darwin: 'librtm2.dylib' };
  const name = names[process.platform] ?? 'librtm2.so';
  return [`engine/prebuilt/${process.platform}-${process.arch}/${name}`, `engine/build/${name}`].map(packageFile);
}

function candidates(selection: LibrarySelection): readonly Pick<LibraryAttempt, 'kind' | 'path'>[] {
  const system = { kind: 'system', path: 'rtm.dll' } as const;
  const embedded = embeddedPaths().map((path) => ({ kind: 'embedded', path }) as const);
  switch (selection) {
    case 'auto':
      return process.platform === 'win32' ? [system, ...embedded] : embedded;
    case 'embedded':
      return embedded;
    case 'system':
      return [system];
    default:
      return [{ kind: 'path', path: selection }];
  }
}

/**
 * Opens an RTMv2 library: it must load, export all 57 functions and, where it is chosen automatically, let an entity
 * register, because an rtm.dll on a machine without routing configuration does not.
 *
 * @throws {LibraryError} naming everything that was tried
 */
export function openV2Library(selection: LibrarySelection = 'auto'): V2Library {
  const attempts: LibraryAttempt[] = [];
  for (const { kind, path } of candidates(selection)) {
    const opened = tryOpen(kind, path, selection === 'auto' && kind === 'system');
    if (typeof opened !== 'string') {
      attempts.push({ kind, path, reason: null });
      return { kind, path, attempts, ...opened };
    }
    attempts.push({ kind, path, reason: opened });
  }
  throw new LibraryError(selection, attempts);
}

/** The opened library, or why it is of no use. */
function tryOpen(
  kind: LibraryAttempt['kind'],
  path: string,
  probing: boolean,
): string | Pick<V2Library, 'calls' | 'version' | 'statistics'> {
  if (kind === 'system' && process.platform !== 'win32') return 'rtm.dll is a part of Windows';
  if (kind === 'embedded' && !existsSync(path)) return 'not built';
  let library: LibraryHandle;
  try {
    library = koffi.load(path);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { functions, missing } = bindFunctions(library, 'uintptr_t');
  if (missing.length > 0) return `does not export ${missing.join(', ')}`;
  const calls = Object.fromEntries(functions) as unknown as V2Calls;
  const refusal = probing ? probe(calls) : null;
  return refusal ?? { calls, version: versionOf(library), statistics: bindStatistics(library) };
}

/** Registers an entity and deregisters it. Null if that works, else what went wrong. */
function probe(calls: V2Calls): string | null {
  const memory = new Memory(64);
  const [info, profile, handle] = [0, 16, 32];
  writeEntityInfo(memory, info, {
    instance: 0,
    family: constant('AF_INET'),
    protocolId: OWN_PROTOCOL,
    protocolInstance: process.pid,
  });
  const { address } = memory;
  const code = calls.RtmRegisterEntity(address + info, 0, 0, 0, address + profile, address + handle);
  if (code !== V2.NO_ERROR) return `RtmRegisterEntity answers ${code} (${statusName(code)})`;
  calls.RtmDeregisterEntity(memory.handle(handle));
  return null;
}

function versionOf(library: LibraryHandle): string | null {
  try {
    const version: unknown = library.func('Rtm2GetVersion', 'str', [])();
    return typeof version === 'string' ? version : null;
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
