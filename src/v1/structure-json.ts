/** Structures of Rtm.h out of JSON: the way back from `toJSON`. */
import { isArray } from './arguments.js';
import { shownValue } from './shown.js';
import type { Structure } from './structure.js';

/** What a message says has to be there, from what an empty structure has. */
function wanted(template: unknown): string {
  if (Array.isArray(template)) return `an array of ${template.length} numbers`;
  return typeof template === 'object' ? 'an object' : 'a number';
}

function refuse(path: string, template: unknown, value: unknown): never {
  throw new TypeError(`${path} must be ${wanted(template)}; it is ${shownValue(value)}`);
}

/** Writes a number, and reads it again: what the member cannot hold comes back as another one. */
function writeNumber(into: object, key: string | number, value: unknown, path: string): void {
  if (typeof value !== 'number') refuse(path, 0, value);
  Reflect.set(into, key, value);
  const held: unknown = Reflect.get(into, key);
  if (held !== value) throw new RangeError(`${path} cannot hold ${value}: in memory it would become ${String(held)}`);
}

function writeArray(into: object, template: readonly unknown[], value: unknown, path: string): void {
  if (!isArray(value) || value.length !== template.length) refuse(path, template, value);
  value.forEach((element, index) => {
    writeNumber(into, index, element, `${path}[${index}]`);
  });
}

function writeMembers(into: object, template: object, value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null || isArray(value)) refuse(path, template, value);
  const names = Object.keys(template);
  const stranger = Object.keys(value).find((name) => !names.includes(name));
  if (stranger !== undefined) {
    throw new TypeError(`${path} has no member ${shownValue(stranger)}: there are ${names.join(', ')}`);
  }
  for (const [name, member] of Object.entries(template)) {
    const given: unknown = Reflect.get(value, name);
    const memberPath = `${path}.${name}`;
    if (typeof member === 'number') writeNumber(into, name, given, memberPath);
    else if (Array.isArray(member)) writeArray(Reflect.get(into, name) as object, member, given, memberPath);
    else writeMembers(Reflect.get(into, name) as object, member as object, given, memberPath);
  }
}

/**
 * Fills in a structure from what its `toJSON` has given.
 *
 * @throws {TypeError} if a member is missing, is none, or is of another kind
 * @throws {RangeError} if a number is none that the member can hold
 */
export function readJson<View extends Structure>(into: View, json: unknown, name: string): View {
  writeMembers(into, into.toJSON(), json, name);
  return into;
}
