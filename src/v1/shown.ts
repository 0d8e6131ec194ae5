/**
 * Arguments of v1 functions as they may stand in a message. Nothing here throws or runs code of the caller, whatever the
 * value: an object is recognised by what it is inside and is asked nothing, and nothing is printed without end.
 */
import { inspect, types } from 'node:util';
import { isEventObject } from '../win32/event-object.js';
import { structureOf } from './structure.js';

const MAX_TEXT = 40;
const MAX_BIGINT = 2n ** 64n;

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object;

/** A getter of the language's own, which no object can replace for itself. */
function intrinsic(prototype: object, name: string | symbol): (value: unknown) => unknown {
  const property = Object.getOwnPropertyDescriptor(prototype, name);
  return (value) => property?.get?.call(value) as unknown;
}

const tagOf = intrinsic(typedArray, Symbol.toStringTag);
const byteLengthOf = intrinsic(typedArray, 'byteLength');

function shownText(text: string): string {
  const start = inspect(text.slice(0, MAX_TEXT));
  return text.length > MAX_TEXT ? `${start}... (${text.length} characters)` : start;
}

/** What an object is. The order matters: a proxy must be asked nothing. */
function shownObject(value: object): string {
  if (types.isProxy(value)) return 'a Proxy';
  const structure = structureOf(value);
  if (structure !== undefined) return withArticle(structure);
  if (isEventObject(value)) return 'an EventObject';
  const tag = tagOf(value);
  if (typeof tag === 'string') return `${withArticle(tag)} of ${String(byteLengthOf(value))} bytes`;
  if (types.isAnyArrayBuffer(value)) return 'an ArrayBuffer without a view';
  if (types.isDataView(value)) return 'a DataView';
  return Array.isArray(value) ? 'an array' : 'an object';
}

/** A class with its article; the R of Rtm is spoken as a letter. */
function withArticle(name: string): string {
  return `${/^([AEIO]|Rtm)/.test(name) ? 'an' : 'a'} ${name}`;
}

/** A value as it may stand in a message: on one line, short, and asked nothing. */
export function shownValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return shownText(value);
    case 'symbol':
      return `the symbol ${shownText(value.description ?? '')}`;
    case 'bigint':
      return value > MAX_BIGINT || value < -MAX_BIGINT ? 'a bigint of more than 64 bits' : `${value}n`;
    case 'function':
      return 'a function';
    case 'object':
      return value === null ? 'null' : shownObject(value);
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    default:
      return String(value);
  }
}
