/**
 * Route text: one route a line, a network and then clauses.
 *
 *     PREFIX [via NEXTHOP] [if INDEX] [metric N]              # IP
 *     NETWORK [via MAC] [if INDEX] [ticks N] [hops N]         # IPX
 *
 * - The clauses follow in any order, each at most once. What is left out is 0: no next hop (the network is attached to
 *   the interface), interface 0, metric 0.
 * - Blank lines and everything behind `#` are skipped.
 *
 * A line is read in one pass over its bytes. Only a line that is wrong is looked at again, as text, to say what to do.
 */
import type { CheckedFamily, Clause, NetworkText } from './family.js';
import { ip } from './ip-family.js';
import { RouteTable } from './route-table.js';
import { explainClause, type Explanation } from './route-text-errors.js';
import { asUtf8 } from './routes/encoding.js';
import { MALFORMED, Scanner } from './scanner.js';

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
 * @param text UTF-8 or UTF-16 bytes
 */
export function parseRouteText(text: Uint8Array, family: CheckedFamily = ip): ParsedRouteText {
  return new RouteTextParser(asUtf8(text), family).parse();
}

class RouteTextParser {
  readonly #family: CheckedFamily;
  readonly #scanner: Scanner;
  readonly #routes: RouteTable;
  readonly #errors: RouteTextError[] = [];
  readonly #network: NetworkText = { network: 0, prefixLength: 0 };
  /** The values of the line's clauses, `MALFORMED` where there is none yet. */
  readonly #values: number[];
  #errorCount = 0;
  #line = 0;

  constructor(text: Uint8Array, family: CheckedFamily) {
    this.#family = family;
    this.#scanner = new Scanner(text);
    this.#routes = new RouteTable(family);
    this.#values = family.clauses.map(() => MALFORMED);
  }

  parse(): ParsedRouteText {
    const scanner = this.#scanner;
    while (!scanner.isAtEnd) {
      this.#line += 1;
      if (scanner.nextWord()) {
        this.#readRoute();
      }
      scanner.skipLine();
    }
    return { routes: this.#routes, errors: this.#errors, errorCount: this.#errorCount };
  }

  #readRoute(): void {
    const start = this.#scanner.at;
    if (!this.#family.readNetwork(this.#scanner, this.#network) || !this.#scanner.isAtWordEnd) {
      this.#fail(this.#family.explainNetwork, start);
    } else if (this.#readClauses()) {
      const [nextHop = 0, interfaceIndex = 0, first = 0, second = 0] = this.#values;
      this.#routes.push(
        this.#network.network,
        this.#network.prefixLength,
        Math.max(nextHop, 0),
        Math.max(interfaceIndex, 0),
        this.#family.rankOf(Math.max(first, 0), Math.max(second, 0)),
        this.#line,
      );
    }
  }

  #readClauses(): boolean {
    this.#values.fill(MALFORMED);
    while (this.#scanner.nextWord()) {
      const start = this.#scanner.at;
      const index = this.#acceptKeyword();
      const clause = this.#family.clauses[index];
      if (clause === undefined) return this.#fail((word) => explainClause(word, this.#family), start);
      if (!this.#readValue(clause, index)) return false;
    }
    return true;
  }

  /** Index of the clause that begins here, if it has not stood in this line; else -1. */
  #acceptKeyword(): number {
    const { clauses } = this.#family;
    for (let index = 0; index < clauses.length; index++) {
      const clause = clauses[index];
      if (this.#values[index] === MALFORMED && clause !== undefined && this.#scanner.acceptWord(clause.keyword)) {
        return index;
      }
    }
    return -1;
  }

  #readValue({ read, explain }: Clause, index: number): boolean {
    const scanner = this.#scanner;
    scanner.nextWord();
    const start = scanner.at;
    const value = read(scanner);
    if (value === MALFORMED || !scanner.isAtWordEnd) return this.#fail(explain, start);
    this.#values[index] = value;
    return true;
  }

  #fail(explain: Explanation, start: number): false {
    this.#errorCount += 1;
    if (this.#errors.length < DESCRIBED_ERRORS) {
      this.#errors.push({ line: this.#line, message: explain(this.#scanner.wordFrom(start)) });
    }
    return false;
  }
}
