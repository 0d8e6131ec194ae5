import { maskOfLength } from '../translate/ip-network.js';

const OCTETS = 4;

/**
 * The DWORD for an IPv4 address, its octets in memory order as N_NetNumber has them.
 *
 * @param text dotted decimal, for instance `192.0.2.1`
 * @throws {RangeError} if it is no such address
 */
export function ipv4(text: string): number {
  const octets = text.split('.');
  if (octets.length !== OCTETS || !octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && Number(octet) < 256)) {
    throw new RangeError(`'${text}' is not an IPv4 address of the form 192.0.2.1`);
  }
  return octets.reduceRight((dword, octet) => dword * 256 + Number(octet), 0);
}

/**
 * The DWORD for the mask of a prefix length, its octets in memory order as N_NetMask has them.
 *
 * @param length 0..32
 * @throws {RangeError} if it is no such length
 */
export function ipv4Mask(length: number): number {
  if (!Number.isInteger(length) || length < 0 || length > 32) {
    throw new RangeError(`${length} is not an IPv4 prefix length: 0..32`);
  }
  return maskOfLength(length);
}

/** Dotted decimal for a DWORD that holds four octets in memory order. */
export function formatIpv4(dword: number): string {
  return Array.from({ length: OCTETS }, (_, index) => (dword >>> (8 * index)) & 0xff).join('.');
}
