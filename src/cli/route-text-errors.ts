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

const PUNCTUATION: Readonly<Record<string, string>> = {
  ',': 'a comma',
  ';': 'a semicolon',
  ':': 'a colon',
  '|': 'a bar',
};

/** Explains a word that stands where a clause may begin. */
export function explainClause(word: string, family: CheckedFamily): string {
  const { clauses, form, explainOtherWord } = family;
  const keywords = clauses.map(({ keyword }) => Buffer.from(keyword).toString());
  if (keywords.includes(word)) return `"${word}" stands twice: keep one`;
  const bare = word.replace(/[,;:=|]+$/, '');
  const [, key = '', value = ''] = /^([\w-]+)[=:](.+)$/.exec(bare) ?? [];
  const meant = keywords.find((keyword) => [bare, key].some((name) => isMeant(keyword, name.toLowerCase())));
  const hint = meant === undefined ? (commentHint(word) ?? explainOtherWord(bare)) : clauseHint(meant, value);
  return `unknown word ${quoted(word)}: ${hint === undefined ? '' : `${hint}; `}a route is ${form}`;
}

function isMeant(keyword: string, word: string): boolean {
  return keyword === word || CLAUSE_SYNONYMS[keyword]?.includes(word) === true;
}

function clauseHint(keyword: string, value: string): string {
  if (value !== '') return `write ${keyword} ${value}`;
  return keyword === 'if' ? 'write if and the index of the interface' : `write ${keyword}`;
}

/** Explains a word with a blank in it that looks like any other, as editors and web pages put them. */
export function explainBlank(word: string): string | undefined {
  const blank = /[\u00a0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]/u.exec(word)?.[0];
  if (blank === undefined) return undefined;
  const code = blank.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return `${quoted(word)} has U+${code} in it, which looks like a blank or like nothing: write a common blank`;
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
  const inQuotes = /^["'`([{<\u2018-\u201f\u00ab](.*?)["'`)\]}>\u2018-\u201f\u00bb]?[,;]?$/u.exec(word)?.[1];
  if (inQuotes !== undefined && isRight(inQuotes)) {
    return `${quoted(word)} has quotes or brackets around it: write ${write(inQuotes)}`;
  }
  const last = PUNCTUATION[word.at(-1) ?? ''];
  const before = word.replace(/[,;:|]+$/, '');
  if (last === undefined || !isRight(before)) return undefined;
  return `${quoted(word)} has ${last} behind it: write ${write(before)}`;
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
