/** Everything a command touches outside itself, so that it can run inside another process too. */
import type { V2Library } from '../v2/library.js';
import type { CheckTarget } from './check.js';
import type { LibraryIdentity } from './library-choice.js';
import type { RouteHost } from './route-sources.js';
import type { Terminal } from './terminal.js';

export interface OpenedTarget extends CheckTarget {
  readonly library: LibraryIdentity;
  close(): void;
}

export interface Io {
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  readonly host: RouteHost;
  /**
   * Opens an RTMv2 library for a check.
   *
   * @param selection `auto`, `embedded`, `system` or the path of a library
   * @throws {LibraryError} where no such library can be used
   */
  readonly openTarget: (selection: string) => OpenedTarget;
  /** Opens an RTMv2 library only to see which it is; throws as `openTarget` does. */
  readonly openLibrary: (selection: string) => Pick<V2Library, keyof LibraryIdentity | 'attempts'>;
}

/** Status with which a command ends its process. */
export const EXIT_OK = 0;
/** The answer is no: a promise of v1 was broken, or no library can be used. */
export const EXIT_FAILED = 1;
/** Nothing was done: the input, the usage, or the library that was asked for. */
export const EXIT_UNUSABLE = 2;
