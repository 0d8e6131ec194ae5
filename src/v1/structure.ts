import { layouts, offsetOf, sizeOf } from '../win32/abi.js';
import { defineInspection, type Title } from '../win32/inspection.js';

const WORD_SIZE = 4;
const USHORT = 0xffff;

let dwordsOf: (value: object, name: string) => Uint32Array | null;
let nameOf: (value: object) => string | undefined;

/** The name of the class for a C structure: RTM_IP_ROUTE is RtmIpRoute. A name of one word, as FILETIME, stays. */
export function classNameOf(structure: string): string {
  if (!structure.includes('_')) return structure;
  return structure.replaceAll(/_?([A-Z])([A-Z]*)/g, (_, first: string, rest: string) => first + rest.toLowerCase());
}

/** The members of a C structure, in the order in which C has them. */
function membersOf(structure: string): readonly string[] {
  return layouts[structure]?.x64.fields.map(({ name }) => name) ?? [];
}

/** A member as JSON has it: arrays of numbers for those of C, and objects for structures. */
function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint32Array);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Structure) return value.toJSON();
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}

/** A view over the memory of a C structure of Rtm.h that C aligns as a DWORD; writing a member writes through. */
export abstract class Structure<Json extends object = object> {
  readonly #name: string;
  readonly #dwords: Uint32Array;
  readonly #bytes: Uint8Array;

  /**
   * @param name the structure's name in `mappings/layouts.json`
   * @param bytes memory to view, aligned as in C; new memory if undefined
   * @throws {RangeError} if the memory is too small, or does not start at a multiple of 4
   */
  constructor(name: string, bytes: Uint8Array | undefined) {
    const size = sizeOf(name);
    const { buffer, byteOffset, byteLength } = bytes ?? new Uint8Array(size);
    if (byteLength < size) throw new RangeError(`${name} takes ${size} bytes, and there are only ${byteLength}`);
    if (byteOffset % WORD_SIZE !== 0) {
      throw new RangeError(`${name} starts at a multiple of ${WORD_SIZE}, and the bytes have byteOffset ${byteOffset}`);
    }
    this.#name = name;
    this.#dwords = new Uint32Array(buffer, byteOffset, size / WORD_SIZE);
    this.#bytes = new Uint8Array(buffer, byteOffset, size);
  }

  /** The bytes of the C structure; writing them changes this object. */
  get bytes(): Uint8Array {
    return this.#bytes;
  }

  /**
   * Every member of the C structure under its C name, numbers as they are in memory: nothing is lost. A FILETIME stays
   * its two DWORDs, which no JSON parser rounds.
   */
  toJSON(): Json {
    return Object.fromEntries(membersOf(this.#name).map((name) => [name, plain(Reflect.get(this, name))])) as Json;
  }

  static {
    dwordsOf = (value, name) => (#dwords in value && value.#name === name ? value.#dwords : null);
    nameOf = (value) => (#name in value ? value.#name : undefined);
  }
}

/**
 * The DWORDs of a structure, or null if `value` is not one of that name. Nothing is asked that a hostile object could
 * answer for itself. Where the memory behind a view has been taken away, the array is there but has no elements.
 */
export function dwordsOfStructure(value: object, name: string): Uint32Array | null {
  return dwordsOf(value, name);
}

/** The name of the class that a structure is of; undefined if `value` is none. It is asked nothing. */
export function structureOf(value: object): string | undefined {
  const name = nameOf(value);
  return name === undefined ? undefined : classNameOf(name);
}

/** Makes a class of structures print as C has them. */
export function inspectStructure<View extends Structure>(prototype: View, name: string, title?: Title<View>): void {
  const hasMemory = (value: object): boolean => dwordsOf(value, name)?.[0] !== undefined;
  defineInspection(prototype, classNameOf(name), hasMemory, membersOf(name), title);
}

/** Gives a class of structures accessors for its DWORD members, named as in C. */
export function defineDwords(prototype: Structure, name: string, members: readonly string[]): void {
  for (const member of members) {
    const index = offsetOf(name, member) / WORD_SIZE;
    Object.defineProperty(prototype, member, {
      configurable: true,
      get(this: object): number {
        return dwordsOf(this, name)?.[index] ?? 0;
      },
      set(this: object, value: number) {
        const dwords = dwordsOf(this, name);
        if (dwords !== null) dwords[index] = value;
      },
    });
  }
}

/** Gives a class of structures accessors for its USHORT members, named as in C. */
export function defineUshorts(prototype: Structure, name: string, members: readonly string[]): void {
  for (const member of members) {
    const offset = offsetOf(name, member);
    const index = Math.floor(offset / WORD_SIZE);
    const shift = (offset % WORD_SIZE) * 8;
    Object.defineProperty(prototype, member, {
      configurable: true,
      get(this: object): number {
        return ((dwordsOf(this, name)?.[index] ?? 0) >>> shift) & USHORT;
      },
      set(this: object, value: number) {
        const dwords = dwordsOf(this, name);
        if (dwords !== null) dwords[index] = ((dwords[index] ?? 0) & ~(USHORT << shift)) | ((value & USHORT) << shift);
      },
    });
  }
}

type DwordStructure<Member extends string> = Structure<Record<Member, number>> & Record<Member, number>;

/**
 * A class for a structure that has nothing but single DWORDs as members.
 *
 * @param title what it prints in front of them
 */
export function dwordStructure<const Member extends string>(
  name: string,
  members: readonly Member[],
  title?: Title<Record<Member, number>>,
): new (bytes?: Uint8Array) => DwordStructure<Member> {
  class View extends Structure {
    constructor(bytes?: Uint8Array) {
      super(name, bytes);
    }
  }
  Object.defineProperty(View, 'name', { value: classNameOf(name) });
  defineDwords(View.prototype, name, members);
  inspectStructure(View.prototype as unknown as DwordStructure<Member>, name, title);
  return View as unknown as new (bytes?: Uint8Array) => DwordStructure<Member>;
}
