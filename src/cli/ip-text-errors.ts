/** What is wrong with a word of IP route text, and what to write instead. */
import { maskOfLength, prefixLength } from '../translate/ip-network.js';
import { formatIpv4 } from '../v1/ipv4.js';
import { parseAddress } from './ipv4.js';
import { explainNumber, type Explanation, quoted } from './route-text-errors.js';

/** Explains the first word of a line. */
export const explainPrefix: Explanation = (word) => {
  const [address = '', length, ...rest] = word.split('/');
  if (word === 'default') {
    return `${quoted(word)} is not a prefix: write 0.0.0.0/0`;
  }
  if (rest.length > 0) {
    return `${quoted(word)} has more than one slash: write a.b.c.d/len`;
  }
  return (
    explainAddress(address, 'a.b.c.d/len') ?? explainLength(word, length) ?? explainHostBits(word, address, length)
  );
};

/** Explains the word behind `via`. */
export const explainNextHop: Explanation = (word) => {
  if (word === '') {
    return '"via" has no next hop: write via a.b.c.d';
  }
  if (word.includes('/')) {
    return `next hop ${quoted(word)} has a prefix length: write the address alone`;
  }
  return explainAddress(word, 'via a.b.c.d') ?? `${quoted(word)} is not a next hop: write via a.b.c.d`;
};

/** Explains the word behind `metric`. */
export const explainMetric: Explanation = (word) => explainNumber(word, 'metric', 'a metric', 0xffffffff);

function explainAddress(address: string, form: string): string | undefined {
  if (address.includes(':')) {
    return `${quoted(address)} is IPv6, and RTM version 1 has IPv4 routes only: take the line out`;
  }
  const octets = address.split('.');
  if (octets.some((octet) => !/^\d+$/.test(octet))) {
    return `${quoted(address)} is not an IPv4 address: write ${form}`;
  }
  if (octets.length !== 4) {
    return `${quoted(address)} has ${octets.length} octets: write all four, ${form}`;
  }
  const tooLarge = octets.find((octet) => Number(octet) > 255);
  if (tooLarge !== undefined) {
    return `octet ${quoted(tooLarge)} of ${quoted(address)} is over 255`;
  }
  const padded = octets.find((octet) => octet.length > 1 && octet.startsWith('0'));
  return padded === undefined
    ? undefined
    : `octet "${padded}" of ${quoted(address)} has a leading zero: write "${Number(padded)}"`;
}

function explainLength(word: string, length: string | undefined): string | undefined {
  if (length === undefined || (/^(0|[1-9]\d*)$/.test(length) && Number(length) <= 32)) {
    return undefined;
  }
  const mask = parseAddress(length);
  const maskLength = mask < 0 ? -1 : prefixLength(0, mask);
  if (maskLength >= 0) {
    return `${quoted(word)} has a mask in the place of its length: write /${maskLength}`;
  }
  return /^\d+$/.test(length) && Number(length) > 32
    ? `prefix length ${quoted(length)} is over 32: write /0 to /32`
    : `prefix length ${quoted(length)} is not a number from 0 to 32`;
}

function explainHostBits(word: string, address: string, length = '32'): string {
  const bits = Number(length);
  const network = parseAddress(address) & maskOfLength(bits);
  return `${quoted(word)} has host bits set: write ${formatIpv4(network)}/${bits}, or ${address}/32 for the host`;
}
