import { maskOfLength, prefixLength, swapOctets } from '../translate/ip-network.js';
import { isDword } from './arguments.js';
import { shownValue } from './shown.js';

const OCTETS = 4;

/**
 * The DWORD for an IPv4 address, its octets in memory order as N_NetNumber has them.
 *
 * @param text dotted decimal, for instance `192.0.2.1`
 * @throws {TypeError} if it is no text
 * @throws {RangeError} if it is no such address
 *
 * @example
 * ipv4('10.0.0.1'); // 0x0100000a
 */
export function ipv4(text: string): number {
  if (typeof text !== 'string') {
    throw new TypeError(`an IPv4 address must be text of the form 192.0.2.1; it is ${shownValue(text)}`);
  }
  const octets = text.split('.');
  if (octets.length !== OCTETS || !octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) < 256)) {
    throw new RangeError(`${shownValue(text)} is not an IPv4 address of the form 192.0.2.1`);
  }
  return octets.reduceRight((dword, octet) => dword * 256 + Number(octet), 0);
}

/**
 * The DWORD for the mask of a prefix length, its octets in memory order as N_NetMask has them: 0x000000FF for 8. As a
 * number written from the first octet to the last, as in C code for host byte order, that mask would be 0xFF000000;
 * `formatIpv4` makes the text `255.0.0.0` of it. `ipv4PrefixLength` is the way back.
 *
 * @param length 0..32
 * @throws {RangeError} if it is no such length
 *
 * @example
 * ipv4Mask(8); // 0x000000ff
 * formatIpv4(ipv4Mask(20)); // '255.255.240.0'
 */
export function ipv4Mask(length: number): number {
  if (!Number.isInteger(length) || length < 0 || length > 32) {
    throw new RangeError(`${shownValue(length)} is not an IPv4 prefix length: 0..32`);
  }
  return maskOfLength(length);
}

/**
 * The length of the prefix that a mask leaves: how many one bits come first. `ipv4Mask` is the way back.
 *
 * @param mask a DWORD with the octets in memory order, as N_NetMask has it (0x000000FF for 255.0.0.0), or dotted decimal.
 *   A mask in host byte order (0xFF000000) is none in memory order, and is refused
 * @returns 0..32
 * @throws {TypeError} if it is neither a number nor text
 * @throws {RangeError} if it is no mask, or its one bits do not come first
 *
 * @example
 * ipv4PrefixLength(0x000000ff); // 8
 * ipv4PrefixLength('255.255.240.0'); // 20
 * `10.0.0.0/${ipv4PrefixLength('255.0.0.0')}`; // '10.0.0.0/8'
 */
export function ipv4PrefixLength(mask: number | string): number {
  const dword = typeof mask === 'string' ? ipv4(mask) : mask;
  if (typeof dword !== 'number') {
    throw new TypeError(`a mask must be a DWORD or text of the form 255.255.255.0; it is ${shownValue(mask)}`);
  }
  if (!isDword(dword)) {
    const advice = (dword | 0) === dword ? `; as a DWORD that is ${dword >>> 0}` : '';
    throw new RangeError(`a mask must be an integer from 0 to 4294967295; it is ${shownValue(dword)}${advice}`);
  }
  const length = prefixLength(0, dword);
  if (length < 0) throw new RangeError(`the mask ${formatIpv4(dword)} is not contiguous: ${misfit(dword)}`);
  return length;
}

/** What is wrong with a mask whose one bits do not come first. */
function misfit(mask: number): string {
  const swapped = swapOctets(mask);
  if (prefixLength(0, swapped) < 0) return 'its one bits have to come first';
  return `its octets are in the reverse order, and ${formatIpv4(swapped)} is ${swapped} as a DWORD in memory order`;
}

/**
 * Dotted decimal for a DWORD that holds four octets in memory order.
 *
 * @example
 * formatIpv4(0x0100000a); // '10.0.0.1'
 */
export function formatIpv4(dword: number): string {
  return Array.from({ length: OCTETS }, (_, index) => (dword >>> (8 * index)) & 0xff).join('.');
}
