/**
 * Windows: `netsh interface ipv4 show route`.
 *
 * Headings and types are translated. A row is known by its shape: words (published, type), metric, prefix, interface
 * index, and a gateway's address or an interface's name.
 */
import { isIpv6, isIpv4Prefix, parseNetwork, readCount, wordsOf } from '../addresses.js';
import { parseAddress } from '../../ipv4.js';
import { Listing } from '../listing.js';
import type { RouteFormat } from '../route-format.js';

const RULE = /^\s*-{3,}(?:\s+-{3,}){5,}\s*$/;

/** What stands below the heading: the widths are the same in every language. */
const NETSH_RULE = /^\s*-{7}\s+-{8}\s+-{3}\s+-{24}\s+-{3}\s+-{10,}\s*$/;

/** The least number of words before the prefix: published, type, metric. */
const WORDS_BEFORE = 3;

export const format: RouteFormat = {
  recognises: (lines) => {
    const candidates = lines.map(wordsOf).filter((words) => words.some(isPrefix));
    const rows = candidates.filter((words) => rowOf(words) !== undefined);
    const isMostly = rows.length > 0 && (lines.some((line) => RULE.test(line)) || rows.length * 2 > candidates.length);
    return isMostly || lines.some((line) => NETSH_RULE.test(line));
  },
  read: (lines) => {
    const listing = new Listing();
    lines.forEach((line, index) => {
      if (!RULE.test(line)) readLine(listing, wordsOf(line), index + 1);
    });
    return listing;
  },
};

interface Row {
  readonly metric: number;
  readonly prefix: string;
  readonly index: number;
  /** A gateway, or the first word of an interface's name. */
  readonly gateway: string;
}

function rowOf(words: readonly string[]): Row | undefined {
  const at = words.findIndex(isPrefix);
  const prefix = words[at];
  const [metric, index, gateway] = [readCount(words[at - 1]), readCount(words[at + 1]), words[at + 2]];
  const hasWords = at >= WORDS_BEFORE && !/^\d/.test(words[0] ?? '');
  if (!hasWords || prefix === undefined || metric === undefined || index === undefined || gateway === undefined) {
    return undefined;
  }
  return { metric, prefix, index, gateway };
}

function readLine(listing: Listing, words: readonly string[], line: number): void {
  const row = rowOf(words);
  const network = parseNetwork(row?.prefix ?? '');
  if (row !== undefined && network !== undefined) {
    const { metric, index, gateway } = row;
    listing.add(line, { ...network, nextHop: Math.max(parseAddress(gateway), 0), interface: index, metric });
  } else if (words.some(isPrefix)) {
    listing.leaveOut(line, words.some(isIpv6Prefix) ? 'not IPv4' : 'not readable');
  } else if (words.length > 0 && listing.routes.count > 0) {
    listing.leaveOut(line, 'not a route');
  }
}

function isPrefix(word: string): boolean {
  return isIpv4Prefix(word) || isIpv6Prefix(word);
}

function isIpv6Prefix(word: string): boolean {
  return word.includes('/') && isIpv6(word);
}
