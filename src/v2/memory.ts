import koffi from 'koffi';
import { HANDLE_SIZE } from '../win32/abi.js';

const WORD = 0x1_0000_0000;
const WIDE = HANDLE_SIZE === 8;

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

  /** Reads a handle. Handles are pointers or smaller numbers, so that a double holds them exactly. */
  handle(offset: number): number {
    const word = offset >>> 2;
    const low = this.u32[word] ?? 0;
    return WIDE ? low + (this.u32[word + 1] ?? 0) * WORD : low;
  }

  setHandle(offset: number, handle: number): void {
    const word = offset >>> 2;
    this.u32[word] = handle;
    if (WIDE) this.u32[word + 1] = handle / WORD;
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
