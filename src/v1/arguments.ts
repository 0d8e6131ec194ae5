/**
 * What v1 functions are given. Nothing here throws, whatever the value: objects are recognised by what they are inside
 * (private names, internal slots) and never asked, since a proxy or a getter could answer with anything or throw. All
 * inputs are copied before anything is decided, so that what has been checked is what is used.
 */
import { types } from 'node:util';
import { NETWORK, type RouteFormat } from '../translate/route-format.js';
import { dwordsOfStructure } from './structure.js';

const { isUint8Array, isUint32Array } = types;

const WORD_SIZE = 4;

/** Memory for a route structure: its DWORDs, or at least as many bytes of the caller's own. */
export type RouteBuffer = Uint32Array | Uint8Array;

/** Whether a value is a DWORD. */
export function isDword(value: unknown): value is number {
  return typeof value === 'number' && value >>> 0 === value;
}

/** Whether a value is an array; a proxy that has been revoked is none. */
export function isArray(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}

/** Whether a value stands for C's NULL where a buffer is optional. */
export function isNull(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}

/** Whether a value can take one DWORD of output. */
export function isDwordBuffer(value: unknown): value is Uint32Array {
  return isUint32Array(value) && value[0] !== undefined;
}

/**
 * The memory behind an argument for a structure, or null if it is none: another structure, or too few bytes. An array
 * without its last element is too short.
 */
function bufferOf(value: unknown, structure: string, size: number): RouteBuffer | null {
  if (typeof value !== 'object' || value === null) return null;
  const dwords = dwordsOfStructure(value, structure);
  if (dwords !== null) return dwords[size / WORD_SIZE - 1] === undefined ? null : dwords;
  return isUint8Array(value) && value[size - 1] !== undefined ? value : null;
}

/** The memory behind a route argument, or null if it is no route of this family. */
export function routeBuffer(value: unknown, { structure, size }: RouteFormat): RouteBuffer | null {
  return bufferOf(value, structure, size);
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
  load(from, into, 0, into.length);
}

/** Copies `count` DWORDs to `into[start]` and on. */
function load(from: RouteBuffer, into: Uint32Array, start: number, count: number): void {
  if (isUint32Array(from)) {
    for (let index = 0; index < count; index += 1) into[start + index] = from[index] ?? 0;
  } else {
    for (let index = 0; index < count; index += 1) into[start + index] = dwordAt(from, index * WORD_SIZE);
  }
}

/** Copies a route into the caller's memory. */
export function storeRoute(route: Uint32Array, into: RouteBuffer): void {
  if (isUint32Array(into)) {
    for (let index = 0; index < route.length; index += 1) into[index] = route[index] ?? 0;
    return;
  }
  for (let index = 0; index < route.length; index += 1) {
    const dword = route[index] ?? 0;
    into[index * 4] = dword;
    into[index * 4 + 1] = dword >>> 8;
    into[index * 4 + 2] = dword >>> 16;
    into[index * 4 + 3] = dword >>> 24;
  }
}

/**
 * Copies the network that an argument denotes into a route.
 *
 * @returns whether the argument is a network of this family: its structure, or a Uint8Array of at least its size
 */
export function loadNetwork(value: unknown, format: RouteFormat, into: Uint32Array): boolean {
  const from = bufferOf(value, format.networkStructure, format.networkSize);
  if (from !== null) load(from, into, NETWORK, format.networkSize / WORD_SIZE);
  return from !== null;
}
