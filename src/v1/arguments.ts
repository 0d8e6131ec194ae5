/**
 * What v1 functions are given. Nothing here throws, whatever the value: objects are recognised by what they are inside
 * (private names, internal slots) and never asked, since a proxy or a getter could answer with anything or throw. All
 * inputs are copied before anything is decided, so that what has been checked is what is used.
 */
import { types } from 'node:util';
import { sizeOf } from '../win32/abi.js';
import { ROUTE_WORDS } from '../translate/ip-route.js';
import { dwordsOfStructure } from './structure.js';

const { isUint8Array, isUint32Array } = types;

const IP_ROUTE_SIZE = sizeOf('RTM_IP_ROUTE');
const IP_NETWORK_SIZE = sizeOf('IP_NETWORK');

/** Memory for an RTM_IP_ROUTE, at least 92 bytes of it: DWORDs of a structure, or bytes of the caller's own. */
export type RouteBuffer = Uint32Array | Uint8Array;

/** Whether a value is a DWORD. */
export function isDword(value: unknown): value is number {
  return typeof value === 'number' && value >>> 0 === value;
}

/** Whether a value stands for C's NULL where a buffer is optional. */
export function isNull(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** Whether a value can take one DWORD of output. */
export function isDwordBuffer(value: unknown): value is Uint32Array {
  return isUint32Array(value) && value[0] !== undefined;
}

/** The memory behind a route argument, or null if it is none. An array without its last element is too short. */
export function routeBuffer(value: unknown): RouteBuffer | null {
  if (typeof value !== 'object' || value === null) return null;
  const dwords = dwordsOfStructure(value, 'RTM_IP_ROUTE');
  if (dwords !== null) return dwords[ROUTE_WORDS - 1] === undefined ? null : dwords;
  return isUint8Array(value) && value[IP_ROUTE_SIZE - 1] !== undefined ? value : null;
}

/** The DWORD at byte `offset`, low byte first as in the memory of every processor that this runs on. */
function dwordAt(bytes: Uint8Array, offset: number): number {
  return (
    (bytes[offset] ?? 0) |
    ((bytes[offset + 1] ?? 0) << 8) |
    ((bytes[offset + 2] ?? 0) << 16) |
    ((bytes[offset + 3] ?? 0) << 24)
  );
}

/** Copies a route out of the caller's memory. */
export function loadRoute(from: RouteBuffer, into: Uint32Array): void {
  if (isUint32Array(from)) {
    into.set(from);
  } else {
    for (let index = 0; index < ROUTE_WORDS; index += 1) into[index] = dwordAt(from, index * 4);
  }
}

/** Copies a route into the caller's memory. */
export function storeRoute(route: Uint32Array, into: RouteBuffer): void {
  if (isUint32Array(into)) {
    for (let index = 0; index < ROUTE_WORDS; index += 1) into[index] = route[index] ?? 0;
    return;
  }
  for (let index = 0; index < ROUTE_WORDS; index += 1) {
    const dword = route[index] ?? 0;
    into[index * 4] = dword;
    into[index * 4 + 1] = dword >>> 8;
    into[index * 4 + 2] = dword >>> 16;
    into[index * 4 + 3] = dword >>> 24;
  }
}

/**
 * Copies the IP_NETWORK that an argument denotes, address first and mask second.
 *
 * @returns whether the argument is one: an `IpNetwork`, or a Uint8Array of at least 8 bytes
 */
export function loadNetwork(value: unknown, into: Uint32Array): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const dwords = dwordsOfStructure(value, 'IP_NETWORK');
  if (dwords !== null) {
    if (dwords[1] === undefined) return false;
    into[0] = dwords[0] ?? 0;
    into[1] = dwords[1];
    return true;
  }
  if (!isUint8Array(value) || value[IP_NETWORK_SIZE - 1] === undefined) return false;
  into[0] = dwordAt(value, 0);
  into[1] = dwordAt(value, 4);
  return true;
}
