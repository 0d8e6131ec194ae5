/** The IPX family of a check. */
import { constant } from '../win32/constants.js';
import type { CheckedFamily, NetworkText } from './family.js';
import { IpxRecord } from './ipx-record.js';
import { formatNetwork, formatNode, rankOf, ticksAndHops } from './ipx-text.js';
import { explainCount, explainNetwork, explainNode } from './ipx-text-errors.js';
import { explainInterface } from './route-text-errors.js';
import { MALFORMED, type Scanner } from './scanner.js';

const COLON = 0x3a;
const HYPHEN = 0x2d;
const NODE_OCTETS = 6;
const NETWORK_DIGITS = 8;
const NETWORK_BITS = 32;
const USHORT_MAX = 0xffff;
const DWORD_MAX = 0xffffffff;

const readUshort = (scanner: Scanner): number => scanner.readNumber(USHORT_MAX);

export const ipx: CheckedFamily = {
  name: 'ipx',
  number: constant('RTM_PROTOCOL_FAMILY_IPX'),
  form: 'NETWORK [via MAC] [if INDEX] [ticks N] [hops N]',
  readNetwork,
  explainNetwork,
  hasPriority: false,
  clauses: [
    { keyword: Buffer.from('via'), read: readNode, explain: explainNode },
    { keyword: Buffer.from('if'), read: (scanner) => scanner.readNumber(DWORD_MAX), explain: explainInterface },
    { keyword: Buffer.from('ticks'), read: readUshort, explain: explainCount('ticks') },
    { keyword: Buffer.from('hops'), read: readUshort, explain: explainCount('hops') },
  ],
  rankOf,
  format: (routes, row) => {
    const nextHop = routes.nextHop[row] ?? 0;
    const interfaceIndex = routes.interfaceIndex[row] ?? 0;
    const [ticks, hops] = ticksAndHops(routes.rank[row] ?? 0);
    return [
      formatNetwork(routes.network[row] ?? 0),
      ...(nextHop === 0 ? [] : [`via ${formatNode(nextHop)}`]),
      ...(interfaceIndex === 0 ? [] : [`if ${interfaceIndex}`]),
      ...(ticks === 0 ? [] : [`ticks ${ticks}`]),
      ...(hops === 0 ? [] : [`hops ${hops}`]),
    ].join(' ');
  },
  formatNetwork,
  nextNetwork: (network) => (network + 1) >>> 0,
  newRecord: () => new IpxRecord(),
};

function readNetwork(scanner: Scanner, into: NetworkText): boolean {
  into.network = scanner.readHex(1, NETWORK_DIGITS);
  into.prefixLength = NETWORK_BITS;
  return into.network !== MALFORMED;
}

/** Six octets of two hexadecimal digits, between colons or hyphens. */
function readNode(scanner: Scanner): number {
  let node = 0;
  for (let octet = 0; octet < NODE_OCTETS; octet++) {
    if (octet > 0 && !scanner.acceptByte(COLON) && !scanner.acceptByte(HYPHEN)) return MALFORMED;
    const value = scanner.readHex(2, 2);
    if (value === MALFORMED) return MALFORMED;
    node = node * 256 + value;
  }
  return node;
}
