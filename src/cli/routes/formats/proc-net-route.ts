/** Linux: the text of /proc/net/route, the kernel's main IPv4 table (fib_route_seq_show). */
import { prefixLength } from '../../../translate/ip-network.js';
import { readCount, wordsOf } from '../addresses.js';
import { Listing, type Reason } from '../listing.js';
import type { KnownInterfaces, RouteFormat } from '../route-format.js';

const RTF_UP = 0x0001;
const RTF_REJECT = 0x0200;

/** The kernel's word for a route without a device: blackhole, unreachable, prohibit, throw. */
const NO_DEVICE = '*';

const HEADING = /^\s*Iface\s+Destination\s+Gateway\s+Flags\b/;
const HEXADECIMAL = /^[\da-f]+$/i;
const ROW = /^\s*\S+\s+[\da-f]{8}\s+[\da-f]{8}\s+[\da-f]{4}\s+\d+\s+\d+\s+\d+\s+[\da-f]{8}\b/i;

export const format: RouteFormat = {
  recognises: (lines) => lines.some((line) => HEADING.test(line) || ROW.test(line)),
  read: (lines, interfaces) => {
    const listing = new Listing();
    lines.forEach((line, index) => {
      if (line.trim() !== '' && !/^\s*Iface\b/.test(line)) readRow(listing, line, index + 1, interfaces);
    });
    return listing;
  },
};

function readRow(listing: Listing, text: string, line: number, interfaces: KnownInterfaces): void {
  const [name = '', destination, gateway, flagText, , , metricText, mask] = wordsOf(text);
  if (destination === undefined || !HEXADECIMAL.test(destination)) {
    listing.leaveOut(line, 'not a route');
    return;
  }
  const [network, nextHop, flags, netMask] = [destination, gateway, flagText, mask].map(hexadecimal);
  const metric = readCount(metricText);
  if (network === undefined || nextHop === undefined || flags === undefined || netMask === undefined) {
    listing.leaveOut(line, 'not readable');
    return;
  }
  const length = prefixLength(network, netMask);
  const reason = reasonAgainst(name, flags) ?? (length < 0 || metric === undefined ? 'not readable' : undefined);
  if (reason !== undefined || metric === undefined) {
    listing.leaveOut(line, reason ?? 'not readable');
    return;
  }
  const interfaceIndex = interfaces.indexOf(name);
  listing.add(line, {
    network,
    prefixLength: length,
    nextHop,
    interface: interfaceIndex === 0 ? name : interfaceIndex,
    metric,
  });
}

function reasonAgainst(name: string, flags: number): Reason | undefined {
  if ((flags & RTF_REJECT) !== 0) return 'rejecting';
  if ((flags & RTF_UP) === 0) return 'down';
  return name === NO_DEVICE ? 'without a device' : undefined;
}

/** The DWORD behind hexadecimal digits: octets in memory order, as in N_NetNumber. */
function hexadecimal(field: string | undefined): number | undefined {
  return field !== undefined && field.length <= 8 && HEXADECIMAL.test(field) ? parseInt(field, 16) : undefined;
}
