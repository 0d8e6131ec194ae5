/** What is wrong with a word of route text, and what to write instead. Called for words that the parser refused. */
import type { CheckedFamily } from './family.js';

/** Tells what is wrong with `word`, which is empty where the line ended too early. */
export type Explanation = (word: string) => string;

const SHOWN_CHARACTERS = 60;

/** Other tools' words for the clauses. */
const CLAUSE_SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  via: ['gw', 'gateway', 'nexthop', 'next-hop', 'next_hop', 'nh', 'router', '->', '=>'],
  if: ['dev', 'iface', 'interface', 'ifindex', 'index', 'idx', 'oif'],
  metric: ['cost', 'distance', 'preference', 'pref', 'priority', 'weight', 'met'],
  ticks: ['tick', 'metric', 'delay', 'cost'],
  hops: ['hop', 'hopcount'],
};

/** What else begins a comment elsewhere. */
const OTHER_COMMENT = /^(?:;|\/\/|!|--|\/\*|<!--|')/;

const PUNCTUATION: Readonly<Record<string, string>> = { ',': 'a comma', ';': 'a semicolon', ':': 'a colon', '|': 'a bar' };

/** Explains a word that stands where a clause may begin. */
export function explainClause(word: string, family: CheckedFamily): string {
  const { clauses, form, explainOtherWord } = family;
  const keywords = clauses.map(({ keyword }) => Buffer.from(keyword).toString());
  if (keywords.includes(word)) return `"${word}" stands twice: keep one`;
  const bare = word.toLowerCase().replace(/[,;:=|]+$/, '');
  const meant = keywords.find((keyword) => keyword === bare || CLAUSE_SYNONYMS[keyword]?.includes(bare) === true);
  const hint =
    meant === undefined ? (commentHint(word) ?? explainOtherWord(bare)) : `write ${meant}${meant === 'if' ? ' and the index of the interface' : ''}`;
  return `unknown word ${quoted(word)}: ${hint === undefined ? '' : `${hint}; `}a route is ${form}`;
}

/** What to write where a word begins a comment in another language. */
export function commentHint(word: string): string | undefined {
  return OTHER_COMMENT.test(word) ? 'write # before a comment' : undefined;
}

/**
 * Explains a word that is right but for what stands around it: quotes, or punctuation behind it.
 *
 * @param isRight whether a text would have been right in its place
 */
export function explainSurroundings(
  word: string,
  isRight: (text: string) => boolean,
  write: (text: string) => string,
): string | undefined {
  const inQuotes = /^(["'`([{<])(.*?)["'`)\]}>]?[,;]?$/.exec(word)?.[2];
  if (inQuotes !== undefined && isRight(inQuotes)) {
    return `${quoted(word)} has quotes or brackets around it: write ${write(inQuotes)}`;
  }
  const last = PUNCTUATION[word.at(-1) ?? ''];
  const before = word.replace(/[,;:|]+$/, '');
  return last !== undefined && isRight(before) ? `${quoted(word)} has ${last} behind it: write ${write(before)}` : undefined;
}

/** Explains the word behind `if`. */
export const explainInterface: Explanation = (word) => explainNumber(word, 'if', 'an interface index', 0xffffffff);

/** Explains a word that should be a number from 0 to `maximum`. */
export function explainNumber(word: string, clause: string, meaning: string, maximum: number): string {
  return word === ''
    ? `"${clause}" has no number: write ${clause} N`
    : `${quoted(word)} is not ${meaning}: write ${clause} and a number from 0 to ${maximum}`;
}

/** `word` between quotes, short, with what could move a terminal's cursor escaped. */
export function quoted(word: string): string {
  const shown = word.length > SHOWN_CHARACTERS ? `${word.slice(0, SHOWN_CHARACTERS)}...` : word;
  const quote = shown.includes('"') && !shown.includes("'") ? "'" : '"';
  return `${quote}${shown.replace(/[\p{Cc}\p{Cf}]/gu, escaped)}${quote}`;
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`;
}
