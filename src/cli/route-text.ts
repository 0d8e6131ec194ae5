/**
 * Route text: one route a line.
 *
 *     PREFIX [via NEXTHOP] [if INDEX] [metric N]    # comment
 *
 * - PREFIX is `a.b.c.d/len`, or `a.b.c.d` for `a.b.c.d/32`, with no bit set behind the prefix length.
 * - The clauses follow in any order, each at most once. What is left out is 0: no next hop (the network is attached to
 *   the interface), interface 0, metric 0.
 * - Blank lines and everything behind `#` are skipped.
 *
 * A line is read in one pass over its bytes. Only a line that is wrong is looked at again, as text, to say what to do.
 */
import { maskOfLength } from '../translate/ip-network.js';
import { RouteTable } from './route-table.js';
import {
  explainClause,
  explainInterface,
  explainMetric,
  explainNextHop,
  explainPrefix,
  type Explanation,
} from './route-text-errors.js';

/** Errors beyond this many are counted, not described. */
export const DESCRIBED_ERRORS = 20;

export interface RouteTextError {
  readonly line: number;
  readonly message: string;
}

export interface ParsedRouteText {
  readonly routes: RouteTable;
  /** The first `DESCRIBED_ERRORS` errors. */
  readonly errors: readonly RouteTextError[];
  readonly errorCount: number;
}

/**
 * Reads a whole route text.
 *
 * @param text UTF-8 bytes, or UTF-16 with a byte order mark as Windows PowerShell writes it
 */
export function parseRouteText(text: Uint8Array): ParsedRouteText {
  return new RouteTextParser(asUtf8(text)).parse();
}

function asUtf8(text: Uint8Array): Uint8Array {
  if (text[0] === 0xff && text[1] === 0xfe) {
    return Buffer.from(new TextDecoder('utf-16le').decode(text));
  }
  return text[0] === 0xef && text[1] === 0xbb && text[2] === 0xbf ? text.subarray(3) : text;
}

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const HASH = 0x23;
const DOT = 0x2e;
const SLASH = 0x2f;
const ZERO = 0x30;

const VIA = Buffer.from('via');
const IF = Buffer.from('if');
const METRIC = Buffer.from('metric');

/** What the reading functions return where the text is not what they read. */
const MALFORMED = -1;

class RouteTextParser {
  readonly #text: Uint8Array;
  readonly #routes = new RouteTable();
  readonly #errors: RouteTextError[] = [];
  #errorCount = 0;
  #at = 0;
  #line = 0;

  constructor(text: Uint8Array) {
    this.#text = text;
  }

  parse(): ParsedRouteText {
    while (this.#at < this.#text.length) {
      this.#line += 1;
      if (this.#nextWord()) {
        this.#readRoute();
      }
      this.#skipLine();
    }
    return { routes: this.#routes, errors: this.#errors, errorCount: this.#errorCount };
  }

  #readRoute(): void {
    const start = this.#at;
    const network = this.#readAddress();
    let prefixLength = 32;
    if (network !== MALFORMED && this.#byte() === SLASH) {
      this.#at += 1;
      prefixLength = this.#readNumber(32);
    }
    if (network === MALFORMED || prefixLength === MALFORMED || !this.#atWordEnd()) {
      this.#fail(explainPrefix, start);
    } else if ((network & ~maskOfLength(prefixLength)) !== 0) {
      this.#fail(explainPrefix, start);
    } else {
      this.#readClauses(network, prefixLength);
    }
  }

  #readClauses(network: number, prefixLength: number): void {
    let nextHop = MALFORMED;
    let interfaceIndex = MALFORMED;
    let metric = MALFORMED;
    while (this.#nextWord()) {
      const start = this.#at;
      if (nextHop === MALFORMED && this.#acceptWord(VIA)) {
        nextHop = this.#readNextHop();
        if (nextHop === MALFORMED) return;
      } else if (interfaceIndex === MALFORMED && this.#acceptWord(IF)) {
        interfaceIndex = this.#readDword(explainInterface);
        if (interfaceIndex === MALFORMED) return;
      } else if (metric === MALFORMED && this.#acceptWord(METRIC)) {
        metric = this.#readDword(explainMetric);
        if (metric === MALFORMED) return;
      } else {
        this.#fail(explainClause, start);
        return;
      }
    }
    this.#routes.push(
      network,
      prefixLength,
      Math.max(nextHop, 0),
      Math.max(interfaceIndex, 0),
      Math.max(metric, 0),
      this.#line,
    );
  }

  #readNextHop(): number {
    this.#nextWord();
    const start = this.#at;
    const address = this.#readAddress();
    return address !== MALFORMED && this.#atWordEnd() ? address : this.#fail(explainNextHop, start);
  }

  #readDword(explain: Explanation): number {
    this.#nextWord();
    const start = this.#at;
    const value = this.#readNumber(0xffffffff);
    return value !== MALFORMED && this.#atWordEnd() ? value : this.#fail(explain, start);
  }

  /** The DWORD of four octets without leading zeros, which some readers take for octal. */
  #readAddress(): number {
    let address = 0;
    for (let octet = 0; octet < 4; octet++) {
      if (octet > 0) {
        if (this.#byte() !== DOT) return MALFORMED;
        this.#at += 1;
      }
      const value = this.#readNumber(255);
      if (value === MALFORMED) return MALFORMED;
      address |= value << (8 * octet);
    }
    return address >>> 0;
  }

  #readNumber(maximum: number): number {
    const start = this.#at;
    let value = 0;
    for (let digit = this.#byte() - ZERO; digit >= 0 && digit <= 9; digit = this.#byte() - ZERO) {
      value = value * 10 + digit;
      if (value > maximum) return MALFORMED;
      this.#at += 1;
    }
    const digits = this.#at - start;
    return digits === 0 || (digits > 1 && this.#text[start] === ZERO) ? MALFORMED : value;
  }

  #acceptWord(word: Uint8Array): boolean {
    for (let index = 0; index < word.length; index++) {
      if (this.#text[this.#at + index] !== word[index]) return false;
    }
    const start = this.#at;
    this.#at += word.length;
    if (this.#atWordEnd()) return true;
    this.#at = start;
    return false;
  }

  #byte(): number {
    return this.#text[this.#at] ?? LINE_FEED;
  }

  /** Skips blanks; tells whether a word follows on this line. */
  #nextWord(): boolean {
    while (isBlank(this.#byte())) {
      this.#at += 1;
    }
    return !this.#atContentEnd();
  }

  #atContentEnd(): boolean {
    const byte = this.#byte();
    return byte === LINE_FEED || byte === HASH;
  }

  #atWordEnd(): boolean {
    return this.#atContentEnd() || isBlank(this.#byte());
  }

  #skipLine(): void {
    while (this.#byte() !== LINE_FEED) {
      this.#at += 1;
    }
    this.#at += 1;
  }

  #fail(explain: Explanation, start: number): number {
    this.#errorCount += 1;
    if (this.#errors.length < DESCRIBED_ERRORS) {
      this.#at = start;
      while (!this.#atWordEnd()) {
        this.#at += 1;
      }
      const word = Buffer.from(this.#text.subarray(start, this.#at)).toString();
      this.#errors.push({ line: this.#line, message: explain(word) });
    }
    return MALFORMED;
  }
}

function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB || byte === CARRIAGE_RETURN;
}
