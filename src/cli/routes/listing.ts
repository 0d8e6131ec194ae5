/** What was read of a listing of routes: its routes, and the lines that were left out, each for a reason. */
import { RouteTable } from '../route-table.js';

/** Why a line of a listing gives no route; each completes "2 ...". */
export type Reason =
  | 'persistent'
  | 'not IPv4'
  | 'rejecting'
  | 'down'
  | 'without a device'
  | 'without a next hop'
  | 'not readable'
  | 'not a route';

export interface LeftOut {
  readonly reason: Reason;
  readonly count: number;
  /** The first lines that were left out for this reason, counted from 1. */
  readonly lines: readonly number[];
}

export interface ListedRoute {
  /** N_NetNumber. */
  readonly network: number;
  readonly prefixLength: number;
  /** N_NetNumber of the next hop, 0 where the network is attached. */
  readonly nextHop: number;
  /** Its index, or its name where the listing does not tell an index; 0 or empty where it tells neither. */
  readonly interface: number | string;
  readonly metric: number;
}

/** Lines beyond this many are counted, not named: in all, and where a person reads them. */
const NAMED_LINES = 20;
const SHOWN_LINES = 3;

export class Listing {
  readonly routes = new RouteTable();
  /** Why nothing of the text can be read, where that is so. */
  problem: string | undefined;
  readonly #leftOut = new Map<Reason, { count: number; readonly lines: number[] }>();
  readonly #rowsOfName = new Map<string, number[]>();
  readonly #taken = new Set<number>();

  /** Adds the route of a line; the line is counted from 1. */
  add(line: number, route: ListedRoute): void {
    const row = this.routes.count;
    if (typeof route.interface === 'number') {
      this.#taken.add(route.interface);
    } else if (route.interface !== '') {
      this.#rowsOf(route.interface).push(row);
    }
    const index = typeof route.interface === 'number' ? route.interface : 0;
    this.routes.push(route.network, route.prefixLength, route.nextHop, index, route.metric, line);
  }

  leaveOut(line: number, reason: Reason): void {
    const entry = this.#leftOut.get(reason) ?? { count: 0, lines: [] };
    this.#leftOut.set(reason, entry);
    entry.count += 1;
    if (entry.lines.length < NAMED_LINES) entry.lines.push(line);
  }

  get leftOut(): readonly LeftOut[] {
    return Array.from(this.#leftOut, ([reason, entry]) => ({ reason, ...entry }));
  }

  /** Keeps an index from being given to an interface that is known by name only. */
  reserve(index: number): void {
    this.#taken.add(index);
  }

  /**
   * Numbers the interfaces that are known by name only, so that their routes stay apart, and tells the numbers. A
   * single one keeps index 0, which says that it is not known.
   */
  numberInterfaces(): ReadonlyMap<string, number> {
    const numbers = new Map<string, number>();
    if (this.#rowsOfName.size < 2) return numbers;
    let index = 0;
    for (const [name, rows] of this.#rowsOfName) {
      do {
        index += 1;
      } while (this.#taken.has(index));
      numbers.set(name, index);
      for (const row of rows) this.routes.interfaceIndex[row] = index;
    }
    return numbers;
  }

  #rowsOf(name: string): number[] {
    const rows = this.#rowsOfName.get(name) ?? [];
    this.#rowsOfName.set(name, rows);
    return rows;
  }
}

/** "2 persistent (lines 7, 8), 1 not IPv4 (line 9)". */
export function leftOutText(leftOut: readonly LeftOut[]): string {
  return leftOut.map(({ reason, count, lines }) => `${count} ${reason} (${linesText(lines, count)})`).join(', ');
}

function linesText(lines: readonly number[], count: number): string {
  const named = lines.slice(0, SHOWN_LINES).join(', ');
  return `${count === 1 ? 'line' : 'lines'} ${named}${count > SHOWN_LINES ? ', ...' : ''}`;
}
