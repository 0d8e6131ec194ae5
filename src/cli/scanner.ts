/** Reads a text word by word, over its bytes: no string is made of a line that is right. */

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const HASH = 0x23;
const ZERO = 0x30;
const NINE = 0x39;
const UPPER_A = 0x41;
const UPPER_F = 0x46;
const LOWER_CASE_BIT = 0x20;

/** What the reading functions return where the text is not what they read. */
export const MALFORMED = -1;

/** A place in a text of lines, of which everything behind `#` is a comment. */
export class Scanner {
  /** The place, in bytes. */
  at = 0;
  readonly #text: Uint8Array;

  constructor(text: Uint8Array) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.at >= this.#text.length;
  }

  /** The byte at this place; a line feed where the text has ended. */
  byte(): number {
    return this.#text[this.at] ?? LINE_FEED;
  }

  /** Skips blanks; tells whether a word follows on this line. */
  nextWord(): boolean {
    while (isBlank(this.byte())) {
      this.at += 1;
    }
    return !this.#isAtContentEnd();
  }

  get isAtWordEnd(): boolean {
    return this.#isAtContentEnd() || isBlank(this.byte());
  }

  skipLine(): void {
    while (this.byte() !== LINE_FEED) {
      this.at += 1;
    }
    this.at += 1;
  }

  /** The word that begins at `start`; the place is behind it then. */
  wordFrom(start: number): string {
    this.at = start;
    while (!this.isAtWordEnd) {
      this.at += 1;
    }
    return Buffer.from(this.#text.subarray(start, this.at)).toString();
  }

  /** Skips `word` if it stands here in full. */
  acceptWord(word: Uint8Array): boolean {
    for (let index = 0; index < word.length; index++) {
      if (this.#text[this.at + index] !== word[index]) return false;
    }
    const start = this.at;
    this.at += word.length;
    if (this.isAtWordEnd) return true;
    this.at = start;
    return false;
  }

  /** Skips one byte if it is this one. */
  acceptByte(byte: number): boolean {
    if (this.byte() !== byte) return false;
    this.at += 1;
    return true;
  }

  /** A decimal number up to `maximum`, without leading zeros, which some readers take for octal. */
  readNumber(maximum: number): number {
    const start = this.at;
    let value = 0;
    for (let byte = this.byte(); byte >= ZERO && byte <= NINE; byte = this.byte()) {
      value = value * 10 + (byte - ZERO);
      if (value > maximum) return MALFORMED;
      this.at += 1;
    }
    const digits = this.at - start;
    return digits === 0 || (digits > 1 && this.#text[start] === ZERO) ? MALFORMED : value;
  }

  /** The value of `fewest` to `most` hexadecimal digits. */
  readHex(fewest: number, most: number): number {
    const start = this.at;
    let value = 0;
    for (let digit = hexDigit(this.byte()); digit >= 0; digit = hexDigit(this.byte())) {
      value = value * 16 + digit;
      this.at += 1;
      if (this.at - start > most) return MALFORMED;
    }
    return this.at - start < fewest ? MALFORMED : value;
  }

  #isAtContentEnd(): boolean {
    const byte = this.byte();
    return byte === LINE_FEED || byte === HASH;
  }
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === CARRIAGE_RETURN;
}

function hexDigit(byte: number): number {
  if (byte >= ZERO && byte <= NINE) return byte - ZERO;
  const letter = byte & ~LOWER_CASE_BIT;
  return letter >= UPPER_A && letter <= UPPER_F ? letter - UPPER_A + 10 : MALFORMED;
}
