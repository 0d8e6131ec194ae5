/**
 * Linux: the table that `route` and `netstat -r` of net-tools print (Destination, Gateway, Genmask, Flags).
 *
 * Headings are translated. A row is known by its mask in the third column and its flags in the fourth.
 */
import { ADDRESS, isIpv6, parseMaskedNetwork, readCount, wordsOf } from '../addresses.js';
import { parseAddress } from '../../ipv4.js';
import { Listing, type Reason } from '../listing.js';
import type { KnownInterfaces } from '../route-format.js';

const ROW = new RegExp(String.raw`^\s*\S+\s+\S+\s+${ADDRESS}\s+[!A-Z]+\s+(?:-|\d+)\s+(?:-|\d+)\s+(?:-|\d+)\s+\S+`);
const HEADING = /\bGenmask\b|\b(?:Metric|MSS)\b.*\b(?:Iface|irtt)\b/i;
const NETSTAT_HEADING = /\bMSS\b.*\birtt\b/i;
const EXTENDED_HEADING = /\bMetric\b/i;

const REJECT = '!';
const UP = 'U';
const NO_GATEWAY = ['*', '-', '0.0.0.0'];

/** Whether a text that begins with these lines is such a table. */
export function isKernelTable(lines: readonly string[]): boolean {
  return lines.some((line) => ROW.test(line) || /^\s*\S+\s+\S+\s+Genmask\s/.test(line));
}

/** Whether the columns are those of `netstat -r`, which shows no metric. */
export function hasNetstatColumns(lines: readonly string[]): boolean {
  return lines.some((line) => NETSTAT_HEADING.test(line) && !EXTENDED_HEADING.test(line));
}

/** Reads all lines of such a table. */
export function readKernelTable(lines: readonly string[], interfaces: KnownInterfaces): Listing {
  const listing = new Listing();
  const hasMetric = !hasNetstatColumns(lines);
  let isPastHeading = false;
  let isWrapped = false;
  lines.forEach((printed, index) => {
    if (isWrapped) {
      isWrapped = false;
      return;
    }
    const whole = withNextLine(printed, lines[index + 1]);
    isWrapped = !ROW.test(printed) && ROW.test(whole);
    const text = isWrapped ? whole : printed;
    const isRow = ROW.test(text);
    isPastHeading ||= isRow || HEADING.test(text);
    if (isRow) {
      readRow(listing, text, index + 1, hasMetric, interfaces);
    } else if (isPastHeading && text.trim() !== '' && !HEADING.test(text)) {
      listing.leaveOut(index + 1, isIpv6(wordsOf(text)[0] ?? '') ? 'not IPv4' : 'not a route');
    }
  });
  return listing;
}

/** A line with the interface that a mail program moved to the next one. */
function withNextLine(text: string, next = ''): string {
  return wordsOf(next).length === 1 ? `${text} ${next.trim()}` : text;
}

function readRow(
  listing: Listing,
  text: string,
  line: number,
  hasMetric: boolean,
  interfaces: KnownInterfaces,
): void {
  const [destination = '', gateway = '', mask = '', flags = '', metricText, , , name = ''] = wordsOf(text);
  const network = parseMaskedNetwork(destination === 'default' ? '0.0.0.0' : destination, mask);
  const nextHop = NO_GATEWAY.includes(gateway) ? 0 : parseAddress(gateway);
  const metric = hasMetric ? readCount(metricText) : 0;
  const reason = reasonAgainst(flags, name);
  if (reason !== undefined) {
    listing.leaveOut(line, reason);
  } else if (network === undefined || nextHop < 0 || metric === undefined) {
    listing.leaveOut(line, 'not readable');
  } else {
    const index = interfaces.indexOf(name);
    listing.add(line, { ...network, nextHop, interface: index === 0 ? name : index, metric });
  }
}

function reasonAgainst(flags: string, name: string): Reason | undefined {
  if (flags.includes(REJECT)) return 'rejecting';
  if (!flags.includes(UP)) return 'down';
  return name === '-' || name === '*' ? 'without a device' : undefined;
}
