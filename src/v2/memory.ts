import koffi from 'koffi';
import { HANDLE_SIZE } from '../win32/abi.js';

const WORD = 0x1_0000_0000;
const WORD_BITS = 32n;
const LOW_WORD = 0xffff_ffffn;
const WIDE = HANDLE_SIZE === 8;

/** High DWORDs below this one belong to handles that a double holds exactly. */
const EXACT_HIGH = 2 ** (53 - 32);

/**
 * A handle of RTMv2, exactly as the library wrote it. Handles are pointers or smaller numbers as a rule, and then they
 * are numbers here; a library that tags or scrambles its handles has some of 2^53 and above, which are bigints. One
 * handle has one of the two forms only, so that `===` and a Map compare handles.
 */
export type Handle = number | bigint;

/** The handle that these two DWORDs make. */
export function handleOfWords(low: number, high: number): Handle {
  if (high < EXACT_HIGH) return low + high * WORD;
  return (BigInt(high) << WORD_BITS) | BigInt(low);
}

/** Stores the DWORDs that `handleOfWords` makes a handle of, the low one at `index`. */
export function storeHandle(words: Uint32Array, index: number, handle: Handle): void {
  if (typeof handle === 'number') {
    words[index] = handle;
    words[index + 1] = handle / WORD;
    return;
  }
  words[index] = Number(handle & LOW_WORD);
  words[index + 1] = Number(handle >> WORD_BITS);
}

/**
 * Memory that JavaScript and the library share. It neither moves nor goes away while this object lives, so that its
 * addresses can be passed as plain numbers; a typed array per pointer argument would cost 40 ns more each.
 */
export class Memory {
  readonly u8: Uint8Array;
  readonly u16: Uint16Array;
  readonly u32: Uint32Array;
  /** Address of the first byte. */
  readonly address: number;

  constructor(bytes: number) {
    // An ArrayBuffer's bytes lie outside the garbage-collected heap; a bare small typed array's would not.
    const buffer = new ArrayBuffer(bytes);
    this.u8 = new Uint8Array(buffer);
    this.u16 = new Uint16Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.address = Number(koffi.address(buffer));
  }

  /** Reads a handle. */
  handle(offset: number): Handle {
    const word = offset >>> 2;
    const low = this.u32[word] ?? 0;
    return WIDE ? handleOfWords(low, this.u32[word + 1] ?? 0) : low;
  }

  setHandle(offset: number, handle: Handle): void {
    if (WIDE) storeHandle(this.u32, offset >>> 2, handle);
    else this.u32[offset >>> 2] = Number(handle);
  }

  /**
   * Reads a pointer-sized value that is a small number where it is ours, for instance an EntitySpecificInfo: it may be
   * anything where it is not.
   *
   * @returns the number, or -1 for one of 2^32 and above
   */
  smallNumber(offset: number): number {
    const word = offset >>> 2;
    return WIDE && this.u32[word + 1] !== 0 ? -1 : (this.u32[word] ?? 0);
  }

  word(offset: number): number {
    return this.u32[offset >>> 2] ?? 0;
  }

  setWord(offset: number, value: number): void {
    this.u32[offset >>> 2] = value;
  }

  /** Reads a ULONGLONG that is a count and so far below 2^53. */
  count64(offset: number): number {
    return this.word(offset) + this.word(offset + 4) * WORD;
  }
}
