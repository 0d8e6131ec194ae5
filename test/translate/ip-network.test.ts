import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { maskOfLength, prefixLength, swapOctets } from '../../src/translate/ip-network.js';

const dword = fc.integer({ min: 0, max: 0xffffffff });

/** The octets of a DWORD, first in memory first. */
const octets = (value: number): number[] => [...new Uint8Array(Uint32Array.of(value).buffer)];

/** The same by counting bits of text, as nobody would want to do it for each route. */
function naiveLength(number: number, mask: number): number {
  const bits = (value: number): string =>
    octets(value)
      .map((octet) => octet.toString(2).padStart(8, '0'))
      .join('');
  const length = bits(mask).lastIndexOf('1') + 1;
  if (bits(mask).slice(0, length).includes('0')) return -1;
  return bits(number).slice(length).includes('1') ? -1 : length;
}

describe('swapOctets', () => {
  it('reverses the octets of every DWORD', () => {
    fc.assert(
      fc.property(dword, (value) => {
        expect(octets(swapOctets(value))).toEqual(octets(value).reverse());
      }),
    );
  });
});

describe('maskOfLength', () => {
  it('has its ones in front, in memory order', () => {
    expect(octets(maskOfLength(0))).toEqual([0, 0, 0, 0]);
    expect(octets(maskOfLength(9))).toEqual([255, 128, 0, 0]);
    expect(octets(maskOfLength(32))).toEqual([255, 255, 255, 255]);
  });
});

describe('prefixLength', () => {
  it('undoes maskOfLength', () => {
    for (let length = 0; length <= 32; length += 1) {
      const mask = maskOfLength(length);
      expect(prefixLength(0, mask)).toBe(length);
      expect(prefixLength(mask, mask)).toBe(length);
    }
  });

  it('agrees with counting bits, for networks and for what is none', () => {
    const mask = fc.oneof(dword, fc.integer({ min: 0, max: 32 }).map(maskOfLength));
    fc.assert(
      fc.property(dword, mask, fc.boolean(), (number, bits, masked) => {
        const address = masked ? (number & bits) >>> 0 : number;
        expect(prefixLength(address, bits)).toBe(naiveLength(address, bits));
      }),
      { numRuns: 2000 },
    );
  });
});
