/** The IPX family of a check. */
import { constant } from '../win32/constants.js';
import type { CheckedFamily, NetworkText } from './family.js';
import { IpxRecord } from './ipx-record.js';
import { formatNetwork, formatNode, rankOf, ticksAndHops } from './ipx-text.js';
import { explainCount, explainNetwork, explainNode, explainOtherWord } from './ipx-text-errors.js';
import { explainInterface } from './route-text-errors.js';
import { MALFORMED, type Scanner } from './scanner.js';

const COLON = 0x3a;
const HYPHEN = 0x2d;
const DOT = 0x2e;
const NODE_DIGITS = 12;
const NETWORK_DIGITS = 8;
const NETWORK_BITS = 32;
const USHORT_MAX = 0xffff;
const DWORD_MAX = 0xffffffff;

const readUshort = (scanner: Scanner): number => scanner.readNumber(USHORT_MAX);

export const ipx: CheckedFamily = {
  name: 'ipx',
  number: constant('RTM_PROTOCOL_FAMILY_IPX'),
  defaultProtocol: constant('IPX_PROTOCOL_RIP'),
  protocolNames: /^IPX_PROTOCOL_(?!BASE)/,
  form: 'NETWORK [via MAC] [if INDEX] [ticks N] [hops N]',
  readNetwork,
  explainNetwork,
  explainOtherWord,
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

/** The digits between two separators, and the separators, of each spelling of a node. */
const NODE_SPELLINGS: Readonly<Record<number, readonly number[]>> = { 2: [COLON, HYPHEN], 4: [DOT], 12: [] };

/** Twelve hexadecimal digits: in pairs between colons or hyphens, in fours between dots, or all in one. */
function readNode(scanner: Scanner): number {
  const start = scanner.at;
  let node = scanner.readHex(2, NODE_DIGITS);
  const digits = scanner.at - start;
  const separators = NODE_SPELLINGS[digits];
  if (node === MALFORMED || separators === undefined) return MALFORMED;
  for (let read = digits; read < NODE_DIGITS; read += digits) {
    if (!separators.some((separator) => scanner.acceptByte(separator))) return MALFORMED;
    const value = scanner.readHex(digits, digits);
    if (value === MALFORMED) return MALFORMED;
    node = node * 16 ** digits + value;
  }
  return node;
}
