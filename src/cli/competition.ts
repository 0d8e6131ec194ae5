/**
 * Another protocol competes with the client's routes: it adds better ones, worse ones and ones that age, and each time
 * the best route, `*Flags` and the buffers have to be what v1 promises.
 */
import { constant } from '../win32/constants.js';
import { V1 } from '../win32/status.js';
import { type Author, betterAuthor, displaces, worseAuthor } from './author.js';
import type { Step } from './broken-promises.js';
import { changeName, RTM_NO_CHANGE, RTM_ROUTE_CHANGED } from './changes.js';
import { counted } from './counted.js';
import type { CheckRun } from './check-run.js';
import { formatStatus } from './names.js';
import type { RouteRecord } from './route-record.js';
import type { Origin } from './watcher.js';

const INFINITE = constant('INFINITE');

/** Networks of a large input that are competed for, evenly spread over it. */
const MAX_NETWORKS = 1000;

/** What an ageing route is given to live, in seconds. */
const TIME_TO_LIVE = 60;
const SECOND = 1000;

export interface CompetitionResult {
  /** Networks that the other protocol added a route to. */
  readonly networks: number;
  /** How many of them it took over. */
  readonly won: number;
}

export interface AgeingResult {
  /** Routes that were added with a time to live. */
  readonly routes: number;
  /** How many were gone when it was over. */
  readonly aged: number;
}

export class Competition {
  readonly #run: CheckRun;
  readonly #better: Author;
  readonly #worse: Author;
  readonly #flags = new Uint32Array(1);
  readonly #route: RouteRecord;
  readonly #current: RouteRecord;
  readonly #previous: RouteRecord;
  #client = 0;

  constructor(run: CheckRun, protocol: number) {
    this.#run = run;
    this.#better = betterAuthor(protocol);
    this.#worse = worseAuthor(protocol);
    this.#route = run.routes.family.newRecord();
    this.#current = run.routes.family.newRecord();
    this.#previous = run.routes.family.newRecord();
  }

  register(): void {
    const { functions, routes, broken } = this.#run;
    this.#client = functions.RtmRegisterClient(routes.family.number, this.#better.protocol, null, 0);
    if (this.#client === 0) {
      const status = formatStatus(functions.GetLastError());
      broken.add('register', () => `RtmRegisterClient of a second protocol gave no handle, last error ${status}`);
    }
  }

  /** Adds a route to each network and deletes it again; every second one tries to be the best. */
  compete(): CompetitionResult {
    let won = 0;
    const networks = this.#networks();
    for (const [index, network] of networks.entries()) {
      const author = index % 2 === 0 ? this.#better : this.#worse;
      const row = this.#run.expected.bestRowOf(network);
      if (!this.#add('compete', author, row, INFINITE)) continue;
      won += this.#wins(author, row) ? 1 : 0;
      this.#checkBest('compete', this.#wins(author, row) ? { author, row } : { author: this.#run.main, row });
      this.#delete(author, network, row);
      this.#run.watcher.readSome();
    }
    this.#run.watcher.read();
    return { networks: networks.length, won };
  }

  /** Adds routes with a time to live, and sees them stay until it is over and not longer. */
  age(): AgeingResult {
    const { expected, target, watcher } = this.#run;
    const networks = this.#networks().filter((network) =>
      this.#add('age', this.#better, this.#rowOf(network), TIME_TO_LIVE),
    );
    watcher.read();
    target.advance((TIME_TO_LIVE - 1) * SECOND);
    for (const network of networks) this.#checkLasts(this.#rowOf(network));
    target.advance(SECOND);
    const rows = networks.map((network) => this.#rowOf(network));
    for (const network of networks) this.#expectAged(network);
    const aged = rows.filter((row, index) => this.#isAged(row, networks[index] ?? 0));
    watcher.readUnordered(expected);
    return { routes: networks.length, aged: aged.length };
  }

  deregister(): void {
    if (this.#client === 0) return;
    const status = this.#run.functions.RtmDeregisterClient(this.#client);
    if (status !== V1.NO_ERROR) {
      this.#run.broken.add('deregister', () => `RtmDeregisterClient of the second protocol gives ${formatStatus(status)}`);
    }
  }

  #networks(): number[] {
    if (this.#client === 0) return [];
    const { networkCount } = this.#run.expected;
    const count = Math.min(networkCount, MAX_NETWORKS);
    return Array.from({ length: count }, (_, index) => Math.floor((index * networkCount) / count));
  }

  #rowOf(network: number): number {
    return this.#run.expected.bestRowOf(network);
  }

  #wins(author: Author, row: number): boolean {
    return displaces(author, this.#run.main, this.#run.routes, row);
  }

  /** Adds the author's route beside row `row`, the best one; tells whether it is in the table. */
  #add(step: Step, author: Author, row: number, timeToLive: number): boolean {
    const { functions, main, routes, watcher } = this.#run;
    this.#route.fill(routes, row, author);
    this.#clearOutputs();
    const [current, previous] = [this.#current.bytes, this.#previous.bytes];
    const status = functions.RtmAddRoute(this.#client, this.#route.bytes, timeToLive, this.#flags, current, previous);
    if (status !== V1.NO_ERROR) {
      this.#run.break(step, row, () => `RtmAddRoute of the second protocol gives ${formatStatus(status)}`);
      return false;
    }
    const wins = this.#wins(author, row);
    this.#checkFlags(step, row, wins ? RTM_ROUTE_CHANGED : RTM_NO_CHANGE);
    if (wins) {
      this.#run.compare(step, row, 'CurBestRoute', { author, row }, this.#current);
      this.#run.compare(step, row, 'PrevBestRoute', { author: main, row }, this.#previous);
      watcher.expect({ author, row }, { author: main, row });
    }
    return true;
  }

  #delete(author: Author, network: number, row: number): void {
    const { expected, functions, main, routes, watcher } = this.#run;
    const wins = this.#wins(author, row);
    if (wins) expected.restoreBest(network);
    const follower = { author: main, row: this.#rowOf(network) };
    this.#route.fill(routes, row, author);
    this.#clearOutputs();
    const status = functions.RtmDeleteRoute(this.#client, this.#route.bytes, this.#flags, this.#current.bytes);
    if (status !== V1.NO_ERROR) {
      this.#run.break('compete', row, () => `RtmDeleteRoute gives ${formatStatus(status)}`);
      return;
    }
    this.#checkFlags('compete', row, wins ? RTM_ROUTE_CHANGED : RTM_NO_CHANGE);
    if (!wins) return;
    this.#run.compare('compete', row, 'CurBestRoute', follower, this.#current);
    watcher.expect(follower, { author, row });
  }

  #checkLasts(row: number): void {
    const author = this.#wins(this.#better, row) ? this.#better : this.#run.main;
    if (!this.#checkBest('age', { author, row }) || author !== this.#better) return;
    const age = this.#run.functions.RtmGetRouteAge(this.#current.bytes);
    if (age === TIME_TO_LIVE - 1) return;
    this.#run.break('age', row, () => `RtmGetRouteAge tells ${counted(age, 'second')} after ${TIME_TO_LIVE - 1}`);
  }

  #expectAged(network: number): void {
    const { expected, main, watcher } = this.#run;
    const row = this.#rowOf(network);
    if (!this.#wins(this.#better, row)) return;
    expected.restoreBest(network);
    watcher.expect({ author: main, row: this.#rowOf(network) }, { author: this.#better, row });
  }

  /** Whether the route that was made of row `row` is there no more, and the client's own is the best one again. */
  #isAged(row: number, network: number): boolean {
    const { functions, main, routes } = this.#run;
    this.#checkBest('age', { author: main, row: this.#rowOf(network) });
    this.#route.fill(routes, row, this.#better);
    const status = functions.RtmDeleteRoute(this.#client, this.#route.bytes, this.#flags, null);
    if (status === V1.NO_SUCH_ROUTE) return true;
    this.#run.break('age', row, () => `a route past its time to live is still there: ${formatStatus(status)}`);
    return false;
  }

  /** Looks the best route of the row's network up. */
  #checkBest(step: Step, promised: Origin): boolean {
    const { functions, routes } = this.#run;
    this.#route.setNetwork(routes.network[promised.row] ?? 0, routes.prefixLength[promised.row] ?? 0);
    this.#current.clear();
    if (!functions.RtmIsRoute(routes.family.number, this.#route.networkBytes, this.#current.bytes)) {
      const status = formatStatus(functions.GetLastError());
      this.#run.break(step, promised.row, () => `RtmIsRoute finds nothing, last error ${status}`);
      return false;
    }
    return this.#run.compare(step, promised.row, 'BestRoute', promised, this.#current);
  }

  #checkFlags(step: Step, row: number, promised: number): void {
    const flags = this.#flags[0] ?? 0;
    if (flags === promised) return;
    this.#run.break(step, row, () => `Flags is ${changeName(flags)}, not ${changeName(promised)}`);
  }

  #clearOutputs(): void {
    this.#flags[0] = INFINITE;
    this.#current.clear();
    this.#previous.clear();
  }
}
