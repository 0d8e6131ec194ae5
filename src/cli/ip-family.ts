/** The IP family of a check. */
import { constant } from '../win32/constants.js';
import { maskOfLength, swapOctets } from '../translate/ip-network.js';
import { formatIpv4 } from '../v1/ipv4.js';
import type { CheckedFamily, NetworkText } from './family.js';
import { IpRecord } from './ip-record.js';
import { explainMetric, explainNextHop, explainOtherWord, explainPrefix } from './ip-text-errors.js';
import { explainInterface } from './route-text-errors.js';
import { MALFORMED, type Scanner } from './scanner.js';

const DOT = 0x2e;
const SLASH = 0x2f;
const OCTETS = 4;
const ADDRESS_BITS = 32;
const DWORD_MAX = 0xffffffff;

const readDword = (scanner: Scanner): number => scanner.readNumber(DWORD_MAX);

export const ip: CheckedFamily = {
  name: 'ip',
  number: constant('RTM_PROTOCOL_FAMILY_IP'),
  // Routes set by management: not the protocol of a router that may run in the same process.
  defaultProtocol: constant('PROTO_IP_NETMGMT'),
  protocolNames: /^(?:PROTO|MS)_IP_/,
  form: 'PREFIX [via NEXTHOP] [if INDEX] [metric N]',
  readNetwork: readPrefix,
  explainNetwork: explainPrefix,
  explainOtherWord,
  hasPriority: true,
  clauses: [
    { keyword: Buffer.from('via'), read: readAddress, explain: explainNextHop },
    { keyword: Buffer.from('if'), read: readDword, explain: explainInterface },
    { keyword: Buffer.from('metric'), read: readDword, explain: explainMetric },
  ],
  rankOf: (metric) => metric,
  format: (routes, row) => {
    const nextHop = routes.nextHop[row] ?? 0;
    const interfaceIndex = routes.interfaceIndex[row] ?? 0;
    const metric = routes.rank[row] ?? 0;
    return [
      formatPrefix(routes.network[row] ?? 0, routes.prefixLength[row] ?? 0),
      ...(nextHop === 0 ? [] : [`via ${formatIpv4(nextHop)}`]),
      ...(interfaceIndex === 0 ? [] : [`if ${interfaceIndex}`]),
      ...(metric === 0 ? [] : [`metric ${metric}`]),
    ].join(' ');
  },
  formatNetwork: formatPrefix,
  nextNetwork: (network) => swapOctets(swapOctets(network) + 1),
  newRecord: () => new IpRecord(),
};

/**
 * `a.b.c.d/len` without host bits, or `a.b.c.d` for `a.b.c.d/32`. Who writes 0.0.0.0 alone hardly means that host, but the
 * default route.
 */
function readPrefix(scanner: Scanner, into: NetworkText): boolean {
  into.network = readAddress(scanner);
  if (into.network === MALFORMED) return false;
  if (!scanner.acceptByte(SLASH)) {
    into.prefixLength = ADDRESS_BITS;
    return into.network !== 0;
  }
  into.prefixLength = scanner.readNumber(ADDRESS_BITS);
  return into.prefixLength !== MALFORMED && (into.network & ~maskOfLength(into.prefixLength)) === 0;
}

/** The DWORD of four octets. */
function readAddress(scanner: Scanner): number {
  let address = 0;
  for (let octet = 0; octet < OCTETS; octet++) {
    if (octet > 0 && !scanner.acceptByte(DOT)) return MALFORMED;
    const value = scanner.readNumber(0xff);
    if (value === MALFORMED) return MALFORMED;
    address |= value << (8 * octet);
  }
  return address >>> 0;
}

function formatPrefix(network: number, prefixLength: number): string {
  return `${formatIpv4(network)}/${prefixLength}`;
}
