/**
 * Windows: `route print`, which `netstat -r` prints too.
 *
 * Headings and the word for "On-link" are translated, so a row is known by its shape alone: two addresses (network,
 * mask), a gateway of one or more words, an interface, a number (metric). The interface is an address, or an index
 * where the interface has none (Windows XP). Rows of persistent routes have no interface and are not in the active table.
 */
import { ADDRESS, isIpv6, type Network, parseMaskedNetwork, readCount, wordsOf } from '../addresses.js';
import { parseAddress } from '../../ipv4.js';
import { Listing } from '../listing.js';
import type { RouteFormat } from '../route-format.js';
import { RoutePrintInterfaces } from './route-print-interfaces.js';

const ACTIVE_WORDS = 5;
const SEPARATOR = /^\s*={10,}\s*$/;
const MASKED_NETWORK = new RegExp(String.raw`^\s*${ADDRESS}\s+${ADDRESS}(?:\s|$)`);
const IPV6_ROW = /^\s*\d+\s+\d+\s+([\da-f:.]+\/\d+)(?:\s|$)/i;
const ADDRESS_FIRST = new RegExp(String.raw`^\s*${ADDRESS}\s`);

export const format: RouteFormat = {
  recognises: (lines) => {
    const isFramed =
      lines.some((line) => SEPARATOR.test(line)) &&
      lines.some((line) => RoutePrintInterfaces.isRow(line) || MASKED_NETWORK.test(line));
    const withAddress = lines.filter((line) => ADDRESS_FIRST.test(line));
    const active = withAddress.filter((line) => activeRow(wordsOf(line), 0) !== undefined);
    return isFramed || active.length * 2 > withAddress.length;
  },
  read: (lines, { addresses }) => {
    const listing = new Listing();
    const rows = activeRows(lines, listing);
    const interfaces = new RoutePrintInterfaces(
      lines,
      rows.map((row) => row.interface),
      addresses,
    );
    interfaces.indexes.forEach((index) => {
      listing.reserve(index);
    });
    for (const { line, network, nextHop, metric, interface: told } of rows) {
      listing.add(line, { ...network, nextHop, interface: interfaces.of(told), metric });
    }
    return listing;
  },
};

interface ActiveRow {
  readonly line: number;
  /** The line that it ends in. */
  readonly end: number;
  readonly network: Network;
  readonly nextHop: number;
  /** As it is printed. */
  readonly interface: string;
  readonly metric: number;
}

/** The rows of the active routes; the others are left out of the listing. */
function activeRows(lines: readonly string[], listing: Listing): ActiveRow[] {
  const rows: ActiveRow[] = [];
  let isPersistentPart = false;
  let isWrapped = false;
  lines.forEach((text, index) => {
    const line = index + 1;
    if (isWrapped) {
      isWrapped = false;
    } else if (SEPARATOR.test(text)) {
      isPersistentPart = rows.length > 0;
    } else if (isIpv6(IPV6_ROW.exec(text)?.[1] ?? '')) {
      listing.leaveOut(line, 'not IPv4');
    } else if (MASKED_NETWORK.test(text)) {
      const row = activeRow(wordsOf(text), line) ?? (isPersistentPart ? undefined : wrappedRow(lines, index));
      isWrapped = row !== undefined && row.end > line;
      if (row !== undefined) rows.push(row);
      else listing.leaveOut(line, isPersistentPart || isPersistent(wordsOf(text)) ? 'persistent' : 'not readable');
    } else if (rows.length > 0 && !isPersistentPart && text.trim() !== '') {
      listing.leaveOut(line, 'not a route');
    }
  });
  return rows;
}

function activeRow(words: readonly string[], line: number): ActiveRow | undefined {
  const network = parseMaskedNetwork(words[0] ?? '', words[1] ?? '');
  const metric = readCount(words.at(-1));
  const told = words.at(-2) ?? '';
  const nextHop = parseAddress(words[2] ?? '');
  const isInterface = parseAddress(told) >= 0 || /^(?:0x)?[\da-f]+$/i.test(told);
  const isWhole = nextHop < 0 ? words.length >= ACTIVE_WORDS : words.length === ACTIVE_WORDS;
  if (!isWhole || network === undefined || metric === undefined || !isInterface) return undefined;
  return { line, end: line, network, nextHop: Math.max(nextHop, 0), interface: told, metric };
}

/** The row that begins in a line and was broken before its interface or its metric, as mail programs do. */
function wrappedRow(lines: readonly string[], index: number): ActiveRow | undefined {
  const rest = wordsOf(lines[index + 1] ?? '');
  if (rest.length === 0 || rest.length > 2) return undefined;
  const row = activeRow([...wordsOf(lines[index] ?? ''), ...rest], index + 1);
  return row === undefined ? undefined : { ...row, end: index + 2 };
}

/** Network, mask, gateway, and a metric that is a number or a word for the default one. */
function isPersistent(words: readonly string[]): boolean {
  const last = words.at(-1) ?? '';
  return words.length >= ACTIVE_WORDS - 1 && parseAddress(words[2] ?? '') >= 0 && parseAddress(last) < 0;
}
