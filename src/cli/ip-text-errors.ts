/** What is wrong with a word of IP route text, and what to write instead. */
import { isIPv6 } from 'node:net';
import { maskOfLength, prefixLength, swapOctets } from '../translate/ip-network.js';
import { formatIpv4 } from '../v1/ipv4.js';
import { parseAddress } from './ipv4.js';
import { commentHint, explainNumber, explainSurroundings, type Explanation, quoted } from './route-text-errors.js';
import { numbered } from './words.js';

const ADDRESS_BITS = 32;
/** Prefixes beyond these of a range are not spelled out. */
const SPELLED_PREFIXES = 4;
const MAC = /^(?:[\da-f]{1,2}[:-]){5}[\da-f]{1,2}$/i;
const NO_NEXT_HOP = /^(?:on-?link|direct|directly|connected|local|none|null|self|\*|-|link#\d+)$/i;

/** Explains the first word of a line. */
export const explainPrefix: Explanation = (word) => {
  const comment = commentHint(word);
  if (comment !== undefined) return `${quoted(word)} is not a prefix: ${comment}`;
  if (/^default:?$/i.test(word)) return `${quoted(word)} is not a prefix: write 0.0.0.0/0`;
  return explainSurroundings(word, isPrefix, (prefix) => prefix) ?? explainRest(word) ?? explainParts(word);
};

/** Explains the word behind `via`. */
export const explainNextHop: Explanation = (word) => {
  if (word === '') return '"via" has no next hop: write via a.b.c.d';
  if (word.includes('/')) return `next hop ${quoted(word)} has a prefix length: write the address alone`;
  if (NO_NEXT_HOP.test(word)) return `${quoted(word)} is not an IPv4 address: leave via out where the network is attached`;
  if (MAC.test(word)) {
    return `${quoted(word)} is a MAC address, as a next hop of IPX has: write via a.b.c.d, or check with --family ipx`;
  }
  const [address = '', port = ''] = word.split(':');
  if (parseAddress(address) >= 0 && /^\d+$/.test(port)) return `${quoted(word)} has a port: write via ${address}`;
  return (
    explainSurroundings(word, (text) => parseAddress(text) >= 0, (text) => `via ${text}`) ??
    explainAddress(word, 'via a.b.c.d') ??
    `${quoted(word)} is not a next hop: write via a.b.c.d`
  );
};

/** Explains the word behind `metric`. */
export const explainMetric: Explanation = (word) => explainNumber(word, 'metric', 'a metric', 0xffffffff);

/** What a word where a clause may begin is in other tools' routes. */
export function explainOtherWord(word: string): string | undefined {
  const address = parseAddress(word);
  if (address >= 0) {
    const length = prefixLength(0, address);
    return length > 0 ? `write the mask as a length behind the network, a.b.c.d/${length}` : 'write via before a next hop';
  }
  if (isIPv6(word)) return 'RTM version 1 has IPv4 routes only';
  if (/^\d+$/.test(word)) return 'write if before an interface index, metric before a metric';
  return /^(?:net)?mask$/i.test(word) ? 'write the mask as a length behind the network, a.b.c.d/len' : undefined;
}

function isPrefix(text: string): boolean {
  const [address = '', length, ...rest] = text.split('/');
  return parseAddress(address) >= 0 && rest.length === 0 && explainLength(text, length) === undefined;
}

/** Explains a range, or a prefix that something follows without a blank. */
function explainRest(word: string): string | undefined {
  const [, first = '', separator, rest = ''] = /^([\d./]+)([,;|=]|->?)(.+)$/.exec(word) ?? [];
  if (separator === undefined || !isPrefix(first)) return undefined;
  if (separator === '-' && parseAddress(first) >= 0 && parseAddress(rest) >= 0) {
    const prefixes = prefixesOf(swapOctets(parseAddress(first)), swapOctets(parseAddress(rest)));
    return `${quoted(word)} is a range: write a line for each prefix of it, ${prefixes}`;
  }
  const via = parseAddress(rest) < 0 ? ' and its clauses' : ` via ${rest}`;
  return `${quoted(word)} has no blank between its parts: write ${first}${via}`;
}

/** The prefixes that make up a range of addresses, given as numbers that arithmetic works on. */
function prefixesOf(first: number, last: number): string {
  const prefixes: string[] = [];
  let next = first;
  while (next <= last && prefixes.length < SPELLED_PREFIXES) {
    let length = ADDRESS_BITS;
    while (length > 0 && next % sizeOf(length - 1) === 0 && next + sizeOf(length - 1) - 1 <= last) length -= 1;
    prefixes.push(`${formatIpv4(swapOctets(next))}/${length}`);
    next += sizeOf(length);
  }
  return prefixes.length === 0 ? 'from the lower address' : `${prefixes.join(', ')}${next <= last ? ', ...' : ''}`;
}

function sizeOf(length: number): number {
  return 2 ** (ADDRESS_BITS - length);
}

function explainParts(word: string): string {
  const [address = '', length, ...rest] = word.split('/');
  if (rest.length > 0) return `${quoted(word)} has more than one slash: write a.b.c.d/len`;
  return (
    explainAddress(address, 'a.b.c.d/len') ?? explainLength(word, length) ?? explainHostBits(word, address, length)
  );
}

function explainAddress(address: string, form: string): string | undefined {
  if (isIPv6(address.split('%')[0] ?? '')) {
    return `${quoted(address)} is IPv6, and RTM version 1 has IPv4 routes only: take the line out`;
  }
  const octets = address.split('.');
  if (octets.some((octet) => !/^\d+$/.test(octet))) {
    return `${quoted(address)} is not an IPv4 address: write ${form}`;
  }
  if (octets.length !== 4) {
    return `${quoted(address)} has ${numbered(octets.length, 'octet')}: write all four, ${form}`;
  }
  const tooLarge = octets.find((octet) => Number(octet) > 255);
  if (tooLarge !== undefined) {
    return `octet ${quoted(tooLarge)} of ${quoted(address)} is over 255: write 0 to 255`;
  }
  const padded = octets.find((octet) => octet.length > 1 && octet.startsWith('0'));
  return padded === undefined
    ? undefined
    : `octet "${padded}" of ${quoted(address)} has a leading zero: write "${Number(padded)}"`;
}

function explainLength(word: string, length: string | undefined): string | undefined {
  if (length === undefined || (/^(0|[1-9]\d*)$/.test(length) && Number(length) <= ADDRESS_BITS)) {
    return undefined;
  }
  const mask = parseAddress(length);
  const maskLength = mask < 0 ? -1 : prefixLength(0, mask);
  if (maskLength >= 0) {
    return `${quoted(word)} has a mask in the place of its length: write /${maskLength}`;
  }
  if (/^\d+$/.test(length) && Number(length) > ADDRESS_BITS) {
    return `prefix length ${quoted(length)} is over 32: write /0 to /32`;
  }
  const digits = /^\+?0*(\d+)$/.exec(length)?.[1];
  return `prefix length ${quoted(length)} is not a number from 0 to 32: write ${digits === undefined ? '/0 to /32' : `/${digits}`}`;
}

function explainHostBits(word: string, address: string, length?: string): string {
  if (length === undefined) {
    return `${quoted(word)} alone means the host: write 0.0.0.0/0 for the default route, or 0.0.0.0/32`;
  }
  const bits = Number(length);
  const network = parseAddress(address) & maskOfLength(bits);
  return `${quoted(word)} has host bits set: write ${formatIpv4(network)}/${bits}, or ${address}/32 for the host`;
}
