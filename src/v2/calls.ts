import type { LibraryHandle } from 'koffi';
import type { V2Status } from '../win32/status.js';
import type { Handle } from './memory.js';
import {
  type CType,
  type Functions,
  kindOf,
  type Parameter,
  type ParameterKind,
  signatures,
  type V2Function,
  v2Functions,
} from './signatures.js';

/** What crosses the FFI: handles as `Memory` reads them, numbers for everything else. */
interface CallValues extends Record<ParameterKind, Handle> {
  handle: Handle;
  dword: number;
  bool: number;
  byte: number;
  address: number;
  pointer: number;
}

/**
 * The 57 functions with numbers for everything but the rare handle that is none: DWORDs as they are, pointers as
 * addresses (0 = NULL) inside a `Memory`. Nothing is checked: a wrong address ends the process. All of the shim goes
 * through one such object, so that wrapping it is enough to count, record or fail calls.
 */
export type V2Calls = Functions<CallValues, V2Status>;

/** One of the functions, whichever it is. */
export type V2Call = (...parameters: readonly Handle[]) => V2Status;

const VALUE_TYPES: Readonly<Record<Exclude<ParameterKind, 'pointer'>, string>> = {
  handle: 'uintptr_t',
  dword: 'uint32_t',
  bool: 'int32_t',
  byte: 'uint8_t',
  address: 'uintptr_t',
};

const CONVENTION = process.platform === 'win32' && process.arch === 'ia32' ? '__stdcall' : '__cdecl';

/**
 * Declares the 57 functions of a loaded library.
 *
 * @param pointers koffi's type for pointer parameters: `uintptr_t` takes addresses, `void *` takes buffers
 * @returns the functions by name, and the names that the library does not export
 */
export function bindFunctions(
  library: LibraryHandle,
  pointers: 'uintptr_t' | 'void *',
): { functions: Map<V2Function, unknown>; missing: V2Function[] } {
  const koffiType = (type: CType): string => {
    const kind = kindOf(type);
    return kind === 'pointer' ? pointers : VALUE_TYPES[kind];
  };
  const functions = new Map<V2Function, unknown>();
  const missing: V2Function[] = [];
  for (const name of v2Functions) {
    const parameters: readonly Parameter[] = signatures[name];
    const types = parameters.map(([, type]) => koffiType(type));
    try {
      functions.set(name, library.func(CONVENTION, name, 'uint32_t', types));
    } catch {
      missing.push(name);
    }
  }
  return { functions, missing };
}

/**
 * Another set of calls with something around each of them: the seam for counting, recording and failing calls.
 *
 * @param around is given a function's name and the function, and returns what to call instead
 */
export function wrapCalls(calls: V2Calls, around: (name: V2Function, call: V2Call) => V2Call): V2Calls {
  const wrapped = v2Functions.map((name) => [name, around(name, calls[name] as V2Call)]);
  return Object.fromEntries(wrapped) as V2Calls;
}
