/** Everything a command touches outside itself, so that it can run inside another process too. */
import type { LibraryAttempt } from '../v2/library.js';
import type { CheckTarget } from './check.js';
import type { LibraryIdentity } from './library-choice.js';
import type { FamilyName, Refusal } from './registration.js';
import type { RouteHost } from './route-sources.js';
import type { Terminal } from './terminal.js';

export interface OpenedTarget extends CheckTarget {
  /** Which library it is, and everything that was tried, in order, this one last. */
  readonly library: LibraryIdentity & { readonly attempts: readonly LibraryAttempt[] };
  /** What the library says to a client of a family that registers and deregisters; null if it lets it. */
  refusal(family: FamilyName): Refusal | null;
  close(): void;
}

export interface Io {
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  readonly host: RouteHost;
  /**
   * Opens an RTMv2 library.
   *
   * @param selection `auto`, `embedded`, `system` or the path of a library
   * @throws {LibraryError} where no such library can be used
   */
  readonly openTarget: (selection: string) => Promise<OpenedTarget>;
}

/** Status with which a command ends its process. */
export const EXIT_OK = 0;
/** The answer is no: a promise of v1 was broken, or there is no library. */
export const EXIT_FAILED = 1;
/** Of no use: the input, the usage, or the library that was found. */
export const EXIT_UNUSABLE = 2;
