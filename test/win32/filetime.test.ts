import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFileTime, ticksSince, writeFileTime } from '../../src/win32/filetime.js';

const EPOCH_MS = 11_644_473_600_000n;
const FIRST = -11_644_473_600_000;

function written(ms: number): bigint {
  const words = new Uint32Array(3);
  writeFileTime(ms, words, 1);
  return (BigInt(words[2] ?? 0) << 32n) | BigInt(words[1] ?? 0);
}

describe('FILETIME', () => {
  it('is what Windows writes for well-known instants', () => {
    expect(written(FIRST)).toBe(0n);
    expect(written(0)).toBe(116_444_736_000_000_000n);
    expect(written(Date.UTC(2003, 3, 24))).toBe(126_956_160_000_000_000n);
  });

  it('is exact for every millisecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: FIRST, max: 253_402_300_799_999 }), (ms) => {
        expect(written(ms)).toBe((BigInt(ms) + EPOCH_MS) * 10_000n);
      }),
    );
  });

  it('holds instants from 1601 to the end of its range', () => {
    const last = Number((2n ** 64n - 1n) / 10_000n - EPOCH_MS);
    for (const ms of [FIRST, 0, Date.now(), last - 1_000_000]) expect(isFileTime(ms)).toBe(true);
    for (const ms of [FIRST - 1, last * 1.01, NaN, Infinity, -Infinity]) expect(isFileTime(ms)).toBe(false);
    expect(written(last - 1_000_000)).toBeLessThan(2n ** 64n);
  });

  it('tells differences to the tick', () => {
    expect(ticksSince(0, 0, 0)).toBe(116_444_736_000_000_000n);
    expect(ticksSince(1, 0, FIRST + 1)).toBe(9_999n);
    expect(ticksSince(0, 1, FIRST)).toBe(-(2n ** 32n));
  });
});
