import koffi, { type LibraryHandle } from 'koffi';

/** Room for a path: MAX_PATH, which the system directory keeps to. */
const MAX_PATH = 260;
const UTF16_UNIT = 2;

let loaded: LibraryHandle | undefined;

/**
 * kernel32.dll of this process; on Windows only.
 *
 * The one library that is asked for without a path: every process has it mapped before its first instruction, so that
 * the loader gives that one whatever files of this name there are.
 */
export function kernel32(): LibraryHandle {
  return (loaded ??= koffi.load('kernel32.dll'));
}

/**
 * The directory of Windows' own libraries, as GetSystemDirectoryW tells it: the environment (SystemRoot) belongs to
 * whoever started the process, this does not. In a 32-bit process on 64-bit Windows it names System32 too, and the
 * system reads SysWOW64 for it: the libraries that such a process can load.
 *
 * @throws {Error} if the system does not tell
 */
export function systemDirectory(): string {
  const call = kernel32().func('__stdcall', 'GetSystemDirectoryW', 'uint32_t', ['void *', 'uint32_t']) as (
    buffer: Uint8Array,
    units: number,
  ) => number;
  const buffer = Buffer.alloc(MAX_PATH * UTF16_UNIT);
  const units = call(buffer, MAX_PATH);
  if (units === 0 || units >= MAX_PATH) throw new Error('GetSystemDirectoryW tells no directory');
  return buffer.toString('utf16le', 0, units * UTF16_UNIT);
}
