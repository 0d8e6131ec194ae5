/** What is wrong with a word of route text, and what to write instead. Called for words that the parser refused. */
import type { CheckedFamily } from './family.js';

/** Tells what is wrong with `word`, which is empty where the line ended too early. */
export type Explanation = (word: string) => string;

const SHOWN_CHARACTERS = 60;

/** Explains a word that stands where a clause may begin. */
export function explainClause(word: string, { clauses, form }: CheckedFamily): string {
  return clauses.some(({ keyword }) => Buffer.from(keyword).toString() === word)
    ? `"${word}" stands twice: keep one`
    : `unknown word ${quoted(word)}: a route is ${form}`;
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
  return `"${shown.replace(/[\p{Cc}\p{Cf}"\\]/gu, escaped)}"`;
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)?.toString(16) ?? ''}}`;
}
