/** Checks of what a caller passes in. What is wrong is told before anything is asked of RTM. */
import { inspect, type InspectOptions, types } from 'node:util';
import { shownValue } from '../v1/shown.js';
import { isFileTime } from '../win32/filetime.js';

const MAX_DWORD = 0xffffffff;

const PRINTED: InspectOptions = {
  depth: 0,
  breakLength: Infinity,
  customInspect: false,
  maxStringLength: 60,
  maxArrayLength: 8,
};
const MAX_PRINTED = 120;

/** Whether an object is of the language itself, so that printing it asks nobody. */
function isPlain(value: object): boolean {
  if (types.isProxy(value)) return false;
  const prototype = Object.getPrototypeOf(value) as unknown;
  return [Object.prototype, Array.prototype, Date.prototype, RegExp.prototype].some((plain) => plain === prototype);
}

/** A value as it may stand in a message: on one line, and not without end. What is not plain only tells its kind. */
export function shown(value: unknown): string {
  if (typeof value === 'object' && value !== null && !isPlain(value)) return shownValue(value);
  if (typeof value === 'symbol') return shownValue(value);
  try {
    const text = inspect(value, PRINTED).replaceAll(/\s*\n\s*/g, ' ');
    return text.length > MAX_PRINTED ? `${text.slice(0, MAX_PRINTED)}...` : text;
  } catch {
    return shownValue(value);
  }
}

/**
 * An object with no members but those that there are. Only its own enumerable properties count.
 *
 * @throws {TypeError} if it is no object, or has a member that means nothing
 */
export function checkedObject(value: unknown, what: string, members: readonly string[]): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new TypeError(`${what} must be an object; it is ${shown(value)}`);
  const unknown = Object.keys(value).find((name) => !members.includes(name));
  if (unknown !== undefined) {
    throw new TypeError(`${what} has no member ${shown(unknown)}: there are ${members.join(', ')}`);
  }
  return value as Record<string, unknown>;
}

/**
 * An integer from 0 to `max`.
 *
 * @throws {TypeError} if it is no number
 * @throws {RangeError} if it is another number
 */
export function integer(value: unknown, member: string, max = MAX_DWORD): number {
  if (typeof value !== 'number') throw new TypeError(`${member} must be a number; it is ${shown(value)}`);
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw new RangeError(`${member} must be an integer from 0 to ${max}; it is ${value}`);
  }
  return value;
}

/**
 * A boolean.
 *
 * @throws {TypeError} if it is none
 */
export function boolean(value: unknown, member: string): boolean {
  if (typeof value !== 'boolean') throw new TypeError(`${member} must be true or false; it is ${shown(value)}`);
  return value;
}

/**
 * Text.
 *
 * @param example what it should look like
 * @throws {TypeError} if it is none
 */
export function text(value: unknown, member: string, example: string): string {
  if (typeof value !== 'string') throw new TypeError(`${member} must be text such as '${example}'; it is ${shown(value)}`);
  return value;
}

/**
 * An instant that a FILETIME can hold.
 *
 * @throws {TypeError} if it is none
 */
export function time(value: unknown, member: string): Date {
  if (value instanceof Date && isFileTime(value.getTime())) return value;
  throw new TypeError(`${member} must be a Date that holds a time; it is ${shown(value)}`);
}

/**
 * FSD_Flags: one bit by its own name, and the rest.
 *
 * @throws {TypeError | RangeError} if a member is of the wrong kind, or the rest has the bit that has a name
 */
export function flagsOf(otherFlags: unknown, bit: number, isSet: unknown, member: string): number {
  const rest = integer(otherFlags, 'otherFlags');
  if ((rest & bit) !== 0) throw new RangeError(`otherFlags must leave bit ${bit} to '${member}'; it is ${rest}`);
  return boolean(isSet, member) ? (rest | bit) >>> 0 : rest;
}
