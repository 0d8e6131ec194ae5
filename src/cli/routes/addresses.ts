/** Addresses and networks as listings write them. */
import { isIPv6 } from 'node:net';
import { maskOfLength, prefixLength } from '../../translate/ip-network.js';
import { parseAddress } from '../ipv4.js';

const OCTETS = 4;
const DWORD_MAX = 0xffffffff;

export interface Network {
  /** N_NetNumber. */
  readonly network: number;
  readonly prefixLength: number;
}

/** A pattern of four decimal octets, for use inside another one. */
export const ADDRESS = String.raw`\d{1,3}(?:\.\d{1,3}){3}`;

/** A pattern of an address with the length of a prefix. */
export const PREFIX = String.raw`${ADDRESS}/\d{1,2}`;

/**
 * Reads `default`, `a.b.c.d/len` or `a.b.c.d`; the octets at the end may be left out, and give the length then where
 * none is written. Undefined where the text is no network without host bits.
 */
export function parseNetwork(text: string): Network | undefined {
  if (text === 'default') return { network: 0, prefixLength: 0 };
  const [octets = '', length, ...rest] = text.split('/');
  const given = octets.split('.');
  const padding = Array.from({ length: Math.max(OCTETS - given.length, 0) }, () => '0');
  const network = parseAddress([...given, ...padding].join('.'));
  const bits = length === undefined ? given.length * 8 : readCount(length, 32);
  if (network < 0 || bits === undefined || rest.length > 0 || (network & ~maskOfLength(bits)) !== 0) return undefined;
  return { network, prefixLength: bits };
}

/** Reads an address and its mask; undefined where they are no network without host bits. */
export function parseMaskedNetwork(address: string, mask: string): Network | undefined {
  const [network, maskNumber] = [parseAddress(address), parseAddress(mask)];
  if (network < 0 || maskNumber < 0) return undefined;
  const length = prefixLength(network, maskNumber);
  return length < 0 ? undefined : { network, prefixLength: length };
}

/** Whether a word is an IPv6 address or prefix; a zone may follow the address. */
export function isIpv6(word: string): boolean {
  return isIPv6(word.split(/[/%]/)[0] ?? '');
}

const IPV4_PREFIX = new RegExp(`^${PREFIX}$`);

/** Whether a word looks like `a.b.c.d/len`. */
export function isIpv4Prefix(word: string): boolean {
  return IPV4_PREFIX.test(word);
}

/** The value of decimal digits, or undefined where the text is anything else or more than `maximum`. */
export function readCount(text: string | undefined, maximum = DWORD_MAX): number | undefined {
  return text !== undefined && /^\d+$/.test(text) && Number(text) <= maximum ? Number(text) : undefined;
}

/** The words of a line. */
export function wordsOf(line: string): string[] {
  const content = line.trim();
  return content === '' ? [] : content.split(/\s+/);
}

/** How many of the lines that are not blank match, of all such lines. */
export function shareOf(lines: readonly string[], matches: (line: string) => boolean): number {
  const written = lines.filter((line) => line.trim() !== '');
  return written.length === 0 ? 0 : written.filter(matches).length / written.length;
}
