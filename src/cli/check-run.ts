/** What the parts of a check share. */
import type { Author } from './author.js';
import { BrokenPromises, type Step } from './broken-promises.js';
import type { CheckedFunctions, CheckTarget } from './check.js';
import { ExpectedTable } from './expected-table.js';
import type { RouteRecord } from './route-record.js';
import type { RouteTable } from './route-table.js';
import { type Origin, Watcher } from './watcher.js';

export class CheckRun {
  readonly target: CheckTarget;
  readonly functions: CheckedFunctions;
  readonly routes: RouteTable;
  /** Who adds the rows as they are. */
  readonly main: Author;
  readonly expected: ExpectedTable;
  readonly broken = new BrokenPromises();
  readonly watcher: Watcher;
  readonly #promised: RouteRecord;

  constructor(target: CheckTarget, routes: RouteTable, main: Author) {
    this.target = target;
    this.functions = target.functions;
    this.routes = routes;
    this.main = main;
    this.expected = new ExpectedTable(routes);
    this.watcher = new Watcher(target.functions, routes, this.broken);
    this.#promised = routes.family.newRecord();
  }

  /** Compares the route in a buffer with what an author makes of a row; tells whether it is that. */
  compare(step: Step, row: number, buffer: string, { author, row: promisedRow }: Origin, returned: RouteRecord): boolean {
    this.#promised.fill(this.routes, promisedRow, author);
    const member = returned.differingMember(this.#promised);
    if (member === undefined) return true;
    this.break(step, row, () => {
      const [is, promised] = [returned.format(), this.#promised.format()];
      const line = this.routes.line[promisedRow] ?? 0;
      return is === promised
        ? `${member} of ${buffer} is not what line ${line} added`
        : `${buffer} is ${is}, not ${promised}`;
    });
    return false;
  }

  /** A promise about the network of row `row` was broken. */
  break(step: Step, row: number, describe: () => string): void {
    this.broken.add(step, () => `line ${this.routes.line[row] ?? 0}, ${this.routes.format(row)}: ${describe()}`);
  }
}
