/** Whether what a loaded library exports is an RTMv2. */
import { readFileSync } from 'node:fs';
import koffi, { type LibraryHandle } from 'koffi';
import { HANDLE_SIZE } from '../win32/abi.js';
import { kernel32 } from '../win32/kernel32.js';
import { v2Functions } from './signatures.js';

/** What the embedded library exports besides; other libraries need not. */
const DIAGNOSTICS = ['Rtm2GetStatistics', 'Rtm2GetVersion'];

/** So many names are told; the rest is counted. */
const NAMED = 5;

/** Tells whether an address is one of code. */
type CodeTest = (address: bigint) => boolean;

/**
 * What is wrong with the exports: functions that are missing, or names of functions that stand for data, a call of
 * which would end the process.
 */
export function refusalOfExports(library: LibraryHandle): string | null {
  const missing = v2Functions.filter((name) => addressOf(library, name) === null);
  if (missing.length === v2Functions.length) {
    return `it exports none of the ${missing.length} functions of Rtmv2.h: it is no RTMv2 library`;
  }
  if (missing.length > 0) {
    return `it does not export ${missing.length} of the ${v2Functions.length} functions of Rtmv2.h: ${listed(missing)}`;
  }
  const isCode = codeTest();
  const data = [...v2Functions, ...DIAGNOSTICS].filter((name) => {
    const address = addressOf(library, name);
    return isCode !== null && address !== null && !isCode(address);
  });
  if (data.length === 0) return null;
  const under = data.length === 1 ? 'this name' : 'these names';
  return `it exports under ${under} something that is no function: ${listed(data)}`;
}

function listed(names: readonly string[]): string {
  const named = names.slice(0, NAMED).join(', ');
  return names.length > NAMED ? `${named} and ${names.length - NAMED} more` : named;
}

function addressOf(library: LibraryHandle, name: string): bigint | null {
  try {
    return koffi.address(library.symbol(name));
  } catch {
    return null;
  }
}

/** Null on systems that do not tell. */
function codeTest(): CodeTest | null {
  if (process.platform === 'linux') return mappedCode();
  return process.platform === 'win32' ? queriedCode() : null;
}

/** proc_pid_maps(5): the ranges of this process that can be executed. */
function mappedCode(): CodeTest | null {
  let maps: string;
  try {
    maps = readFileSync('/proc/self/maps', 'latin1');
  } catch {
    return null;
  }
  const ranges = [...maps.matchAll(/^([\da-f]+)-([\da-f]+) ..x/gm)].map(
    ([, first = '0', end = '0']) => [BigInt(`0x${first}`), BigInt(`0x${end}`)] as const,
  );
  return (address) => ranges.some(([first, end]) => address >= first && address < end);
}

/** VirtualQuery: MEMORY_BASIC_INFORMATION.Protect has one of PAGE_EXECUTE_*. */
function queriedCode(): CodeTest {
  const query = kernel32().func('__stdcall', 'VirtualQuery', 'uintptr_t', ['uintptr_t', 'void *', 'uintptr_t']) as (
    address: bigint,
    information: Uint8Array,
    size: number,
  ) => number;
  const [size, protect] = HANDLE_SIZE === 8 ? [48, 36] : [28, 20];
  const anyExecute = 0xf0;
  return (address) => {
    const information = Buffer.alloc(size);
    return query(address, information, size) !== 0 && (information.readUInt32LE(protect) & anyExecute) !== 0;
  };
}
