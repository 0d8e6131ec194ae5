/** The clients of a check that add routes, and how their routes differ from the rows of the input. */
import type { RouteTable } from './route-table.js';

export interface Author {
  /** The protocol it is registered for. */
  readonly protocol: number;
  /** FSD_Priority of its routes, in a family that has it. */
  readonly priority: number;
  /** The rank of the route that it makes of a row. */
  readonly rankOf: (routes: RouteTable, row: number) => number;
}

/** The three ranks of protocols in a check, the best first. */
const FAVOURED = 1;
const ORDINARY = 2;
const UNFAVOURED = 3;

/** Adds the rows as they are. */
export function mainAuthor(protocol: number): Author {
  return { protocol, priority: ORDINARY, rankOf: (routes, row) => routes.rank[row] ?? 0 };
}

/** Adds better routes where there can be any: a rank below 0 there is not. */
export function betterAuthor(protocol: number): Author {
  return { protocol, priority: FAVOURED, rankOf: (routes, row) => Math.max((routes.rank[row] ?? 0) - 1, 0) };
}

/** Adds routes that lose: on a full tie the best route stays. */
export function worseAuthor(protocol: number): Author {
  return { protocol, priority: UNFAVOURED, rankOf: (routes, row) => routes.rank[row] ?? 0 };
}

/** Whether the route that `challenger` makes of a row displaces the one that `holder` made of it. */
export function displaces(challenger: Author, holder: Author, routes: RouteTable, row: number): boolean {
  if (routes.family.hasPriority && challenger.priority !== holder.priority) {
    return challenger.priority < holder.priority;
  }
  return challenger.rankOf(routes, row) < holder.rankOf(routes, row);
}
