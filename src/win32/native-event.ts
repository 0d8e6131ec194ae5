import { HANDLE_SIZE } from './abi.js';
import { kernel32 as loadKernel32 } from './kernel32.js';

/** The functions of kernel32 that work on an event object that CreateEvent has made. */
export interface NativeEvents {
  /** Signals the event; false if the handle is none of an event. */
  readonly SetEvent: (handle: number) => boolean;
  /** Takes the signal back; false if the handle is none of an event. */
  readonly ResetEvent: (handle: number) => boolean;
}

const LARGEST_HANDLE = HANDLE_SIZE === 4 ? 0xffffffff : Number.MAX_SAFE_INTEGER;

let kernel32: NativeEvents | undefined;

/** kernel32's functions; null where the system is not Windows and has no such events. */
export function nativeEvents(): NativeEvents | null {
  if (process.platform !== 'win32') return null;
  return (kernel32 ??= bind());
}

/** Whether a value can be the HANDLE of an event; whether it is one only the system could tell. */
export function isNativeHandle(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= LARGEST_HANDLE;
}

function bind(): NativeEvents {
  const library = loadKernel32();
  const declare = (name: string): ((handle: number) => boolean) => {
    const call = library.func('__stdcall', name, 'int32_t', ['uintptr_t']) as (handle: number) => number;
    return (handle) => call(handle) !== 0;
  };
  return { SetEvent: declare('SetEvent'), ResetEvent: declare('ResetEvent') };
}
