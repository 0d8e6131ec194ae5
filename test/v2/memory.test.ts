import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EndlessCheck, MAX_ENUMERATED } from '../../src/v2/endless.js';
import { type Handle, handleOfWords, Memory, storeHandle } from '../../src/v2/memory.js';
import { HANDLE_SIZE } from '../../src/win32/abi.js';

const anyHandle = fc.bigInt({ min: 0n, max: 2n ** BigInt(8 * HANDLE_SIZE) - 1n });

/** The one form that a handle has in the shim. */
const formOf = (value: bigint): Handle => (value < 2n ** 53n ? Number(value) : value);

describe('a handle', () => {
  it('is read exactly as the library wrote it, whatever its bits', () => {
    const memory = new Memory(16);
    const cell = new DataView(memory.u8.buffer);
    fc.assert(
      fc.property(anyHandle, (value) => {
        cell.setBigUint64(8, value, true);
        expect(memory.handle(8)).toBe(formOf(value));
      }),
    );
  });

  it('is written exactly, and leaves what is beside it alone', () => {
    const memory = new Memory(32);
    const cell = new DataView(memory.u8.buffer);
    fc.assert(
      fc.property(anyHandle, (value) => {
        memory.u8.fill(0xa5);
        memory.setHandle(8, formOf(value));
        expect(cell.getBigUint64(8, true)).toBe(value);
        expect([memory.u8[7], memory.u8[8 + HANDLE_SIZE]]).toEqual([0xa5, 0xa5]);
      }),
    );
  });

  it('is kept exactly in two DWORDs', () => {
    const words = new Uint32Array(4);
    fc.assert(
      fc.property(anyHandle, (value) => {
        storeHandle(words, 2, formOf(value));
        expect(handleOfWords(words[2] ?? 0, words[3] ?? 0)).toBe(formOf(value));
      }),
    );
  });

  it.each([2n ** 53n - 1n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n])('has one form at the edge: %s', (value) => {
    const memory = new Memory(8);
    new DataView(memory.u8.buffer).setBigUint64(0, value, true);
    expect(memory.handle(0)).toBe(formOf(value));
  });

  it('is no small number if it has high bits', () => {
    const memory = new Memory(8);
    const cell = new DataView(memory.u8.buffer);
    cell.setBigUint64(0, 2n ** 32n - 1n, true);
    expect(memory.smallNumber(0)).toBe(2 ** 32 - 1);
    cell.setBigUint64(0, 2n ** 32n + 5n, true);
    expect(memory.smallNumber(0)).toBe(-1);
  });
});

describe('an enumeration', () => {
  /** Notes batches until one is found to be endless; returns how many that took, or null after all of them. */
  function noted(handles: Iterable<Handle>, items = 1): number | null {
    const check = new EndlessCheck();
    let batches = 0;
    for (const handle of handles) {
      batches += 1;
      if (check.note(handle, items) !== null) return batches;
    }
    return null;
  }

  it('that repeats itself in a circle is found to be endless, however long the circle and what came before', () => {
    fc.assert(
      fc.property(fc.nat(200), fc.integer({ min: 1, max: 200 }), (before, circle) => {
        function* repeated(): Generator<number> {
          for (let index = 0; index < before; index += 1) yield 1_000_000 + index;
          for (;;) for (let index = 1; index <= circle; index += 1) yield index;
        }
        expect(noted(repeated())).toBeLessThanOrEqual(4 * (before + 3 * circle));
      }),
    );
  });

  it('that tells each item once is never found to be', () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyHandle.map(formOf), { maxLength: 500 }), (handles) => {
        expect(noted(handles.filter((handle) => handle !== 0))).toBeNull();
      }),
    );
  });

  it('may tell a handle again that RTM has given to another object meanwhile', () => {
    expect(noted([1, 2, 3, 4, 5, 4, 6, 7, 1, 8, 9])).toBeNull();
  });

  it('that tells more than any table holds is found to be, without a repetition', () => {
    function* made(): Generator<number> {
      for (let handle = 1; ; handle += 1) yield handle;
    }
    expect(noted(made(), 2 ** 20)).toBe(MAX_ENUMERATED / 2 ** 20 + 1);
  });
});
