/** What is wrong with a word of IPX route text, and what to write instead. */
import { isIP } from 'node:net';
import { formatNetwork, formatNode } from './ipx-text.js';
import { commentHint, explainNumber, explainSurroundings, type Explanation, quoted } from './route-text-errors.js';

const USHORT_MAX = 0xffff;

/** The network that packets for unknown networks go to. */
const DEFAULT_ROUTE = 'FFFFFFFE';

const NETWORK = /^[\da-f]{1,8}$/i;
/** A full address: the network, a dot or colon that is no part of the node, the node. */
const NETWORK_AND_NODE = /^(?:0x)?([\da-f]{1,8})(?:\.([\da-f.:-]+)|:([\da-f.-]+))$/i;
const NODE = /^(?:[\da-f]{12}|(?:[\da-f]{4}\.){2}[\da-f]{4}|(?:[\da-f]{1,2}[:-]){5}[\da-f]{1,2})$/i;
const NODE_FORM = 'via 00:11:22:33:44:55';

/** Explains the first word of a line. */
export const explainNetwork: Explanation = (word) => {
  const comment = commentHint(word);
  if (comment !== undefined) return `${quoted(word)} is not an IPX network: ${comment}`;
  if (/^default:?$/i.test(word)) return `${quoted(word)} is not an IPX network: write ${DEFAULT_ROUTE}, its number`;
  const { network, node } = partsOf(word);
  if (NODE.test(node)) {
    return `${quoted(word)} names a node too: write ${formatNetwork(parseInt(network, 16))} via ${normalNode(node)}`;
  }
  if (/^0x[\da-f]+$/i.test(word)) {
    return `${quoted(word)} has a prefix: write the digits alone, ${quoted(word.slice(2))}`;
  }
  if (isIP(word.split('/')[0] ?? '') !== 0) {
    return `${quoted(word)} is an IP prefix: check it with --family ip, or write an IPX network, 1 to 8 hexadecimal digits`;
  }
  return explainSurroundings(word, (text) => NETWORK.test(text), (text) => text) ?? explainDigits(word);
};

/** Explains the word behind `via`. */
export const explainNode: Explanation = (word) => {
  if (word === '') return `"via" has no next hop: write ${NODE_FORM}`;
  if (NODE.test(word)) return `${quoted(word)} is not a MAC address: write via ${normalNode(word)}`;
  const { node } = partsOf(word);
  if (NODE.test(node)) return `${quoted(word)} names a network too: write via ${normalNode(node)}`;
  if (isIP(word) !== 0) return `${quoted(word)} is an IP address: write ${NODE_FORM}, or check with --family ip`;
  return (
    explainSurroundings(word, (text) => NODE.test(text), (text) => `via ${normalNode(text)}`) ??
    `${quoted(word)} is not a MAC address: write ${NODE_FORM}`
  );
};

/** Explains the word behind `ticks` or `hops`. */
export function explainCount(clause: 'ticks' | 'hops'): Explanation {
  return (word) => explainNumber(word, clause, `a number of ${clause}`, USHORT_MAX);
}

/** What a word where a clause may begin is in other tools' routes. */
export function explainOtherWord(word: string): string | undefined {
  return NODE.test(word) ? `write via ${normalNode(word)}` : undefined;
}

function partsOf(address: string): { readonly network: string; readonly node: string } {
  const [, network = '', behindDot, behindColon] = NETWORK_AND_NODE.exec(address) ?? [];
  return { network, node: behindDot ?? behindColon ?? '' };
}

function explainDigits(word: string): string {
  return /^[\da-f]{9,}$/i.test(word)
    ? `${quoted(word)} has more than 8 digits: an IPX network is 1 to 8 hexadecimal digits`
    : `${quoted(word)} is not an IPX network: write 1 to 8 hexadecimal digits`;
}

/** A node in any of its spellings, as route text has it. */
function normalNode(node: string): string {
  const groups = node.split(/[:-]/);
  const digits = groups.length === 1 ? node.replaceAll('.', '') : groups.map((group) => group.padStart(2, '0')).join('');
  return formatNode(parseInt(digits, 16));
}
