/** What is wrong with a word of IPX route text, and what to write instead. */
import { explainNumber, type Explanation, quoted } from './route-text-errors.js';

const USHORT_MAX = 0xffff;

/** Explains the first word of a line. */
export const explainNetwork: Explanation = (word) => {
  if (/^0x/i.test(word)) {
    return `${quoted(word)} has a prefix: write the digits alone, ${quoted(word.slice(2))}`;
  }
  if (/[./]/.test(word)) {
    return `${quoted(word)} is an IP prefix: check it with --family ip, or write an IPX network, 1 to 8 hexadecimal digits`;
  }
  return /^[\da-f]{9,}$/i.test(word)
    ? `${quoted(word)} has more than 8 digits: an IPX network is 1 to 8 hexadecimal digits`
    : `${quoted(word)} is not an IPX network: write 1 to 8 hexadecimal digits`;
};

/** Explains the word behind `via`. */
export const explainNode: Explanation = (word) =>
  word === ''
    ? '"via" has no next hop: write via 00:11:22:33:44:55'
    : `${quoted(word)} is not a MAC address: write via 00:11:22:33:44:55`;

/** Explains the word behind `ticks` or `hops`. */
export function explainCount(clause: 'ticks' | 'hops'): Explanation {
  return (word) => explainNumber(word, clause, `a number of ${clause}`, USHORT_MAX);
}
