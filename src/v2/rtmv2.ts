import koffi from 'koffi';
import { HANDLE_SIZE } from '../win32/abi.js';
import type { V2Status } from '../win32/status.js';
import { bindFunctions } from './calls.js';
import type { Handle } from './memory.js';
import { type LibrarySelection, openV2Library, type V2Library } from './library.js';
import {
  type CType,
  type Functions,
  kindOf,
  type Parameter,
  type ParameterKind,
  pointeeSize,
  signatures,
  type V2Function,
} from './signatures.js';

/** Memory that the caller has allocated for a structure, an array or an output; null for NULL. */
export type Pointer = ArrayBuffer | ArrayBufferView | null;

/** An address that RTM only stores or calls: a context, or a callback made with `koffi.register`; null is NULL. */
export type Address = bigint | number | null;

interface ParameterTypes extends Record<ParameterKind, unknown> {
  handle: Handle;
  dword: number;
  bool: boolean;
  byte: number;
  address: Address;
  pointer: Pointer;
}

/**
 * The 57 functions of Rtmv2.h with its names, parameters and results. Handles are numbers or bigints, as their holder
 * likes; structures are buffers laid out as in C, for which `sizeOf` and `offsetOf` tell sizes and offsets in this process.
 *
 * A parameter of the wrong kind, or a buffer too small for the structure, throws a TypeError or RangeError and calls
 * nothing. Beyond that the rules are those of C: an array must have room for the number of elements that another
 * parameter names, and a handle must come from RTM.
 */
export type Rtmv2Functions = Functions<ParameterTypes, V2Status>;

/** An opened RTMv2 library and its functions. */
export type Rtmv2 = Pick<V2Library, 'kind' | 'path' | 'version' | 'attempts'> & Rtmv2Functions;

/** Bits of a handle in this process. */
const HANDLE_BITS = 8 * HANDLE_SIZE;

type Converter = (value: unknown, describe: () => string) => unknown;

const integer =
  (min: number, max: number): Converter =>
  (value, describe) => {
    if (typeof value !== 'number') throw new TypeError(`${describe()} must be a number`);
    if (!Number.isInteger(value) || value < min || value > max) {
      throw new RangeError(`${describe()} must be an integer from ${min} to ${max}; it is ${value}`);
    }
    return value;
  };

const CONVERTERS: Readonly<Record<Exclude<ParameterKind, 'pointer'>, Converter>> = {
  handle: (value, describe) => {
    if (typeof value !== 'bigint') return integer(0, Number.MAX_SAFE_INTEGER)(value, describe);
    if (BigInt.asUintN(HANDLE_BITS, value) === value) return value;
    throw new RangeError(`${describe()} must be a handle of ${HANDLE_BITS} bits; it is ${value}`);
  },
  dword: integer(0, 0xffffffff),
  byte: integer(0, 0xff),
  bool: (value, describe) => {
    if (typeof value !== 'boolean') throw new TypeError(`${describe()} must be a boolean`);
    return value ? 1 : 0;
  },
  address: (value, describe) => {
    if (value === null) return 0;
    return typeof value === 'bigint' ? value : integer(0, Number.MAX_SAFE_INTEGER)(value, describe);
  },
};

const pointerTo =
  (type: CType): Converter =>
  (value, describe) => {
    if (value === null) return null;
    if (!ArrayBuffer.isView(value) && !(value instanceof ArrayBuffer)) {
      throw new TypeError(`${describe()} must be an ArrayBuffer, a view of one, or null`);
    }
    const size = pointeeSize(type);
    if (value.byteLength < size) {
      throw new RangeError(`${describe()} must have at least ${size} bytes; it has ${value.byteLength}`);
    }
    return value;
  };

function checked(name: V2Function, call: (...values: unknown[]) => unknown): (...values: unknown[]) => unknown {
  const parameters: readonly Parameter[] = signatures[name];
  const converters = parameters.map(([, type]) => {
    const kind = kindOf(type);
    return kind === 'pointer' ? pointerTo(type) : CONVERTERS[kind];
  });
  return (...values) => {
    if (values.length !== parameters.length) {
      throw new TypeError(`${name} takes ${parameters.length} parameters; there are ${values.length}`);
    }
    const converted = converters.map((convert, index) =>
      convert(values[index], () => `${name}: ${parameters[index]?.[0] ?? ''} (${parameters[index]?.[1] ?? ''})`),
    );
    return call(...converted);
  };
}

/**
 * Opens an RTMv2 library for code that has been ported to version 2.
 *
 * @param selection as for `openV2Library`
 * @throws {LibraryError} if no library can be opened, saying what was tried
 *
 * @example
 * const rtm = openRtmv2('embedded');
 * const info = new DataView(new ArrayBuffer(sizeOf('RTM_ENTITY_INFO')));
 * info.setUint16(offsetOf('RTM_ENTITY_INFO', 'AddressFamily'), constant('AF_INET'), true);
 * info.setUint32(offsetOf('RTM_ENTITY_INFO', 'EntityId'), constant('PROTO_IP_RIP'), true);
 * const profile = new Uint8Array(sizeOf('RTM_REGN_PROFILE'));
 * const handle = new BigUint64Array(1);
 * const code = rtm.RtmRegisterEntity(info, null, null, false, profile, handle);
 * if (handle[0]) rtm.RtmDeregisterEntity(handle[0]);
 */
export function openRtmv2(selection: LibrarySelection = 'auto'): Rtmv2 {
  const { kind, path, version, attempts } = openV2Library(selection);
  const { functions } = bindFunctions(koffi.load(path), 'void *');
  const wrapped = [...functions].map(
    ([name, call]) => [name, checked(name, call as (...values: unknown[]) => unknown)] as const,
  );
  return { kind, path, version, attempts, ...(Object.fromEntries(wrapped) as unknown as Rtmv2Functions) };
}
