/**
 * A whole v1 client life over RTMv2: register, add every route, enumerate, look up, stand against another protocol,
 * deregister, audit, and all the time a second client listens. Each step compares what the library does with what the
 * v1 pages promise, and goes on where it can, so that one run shows everything.
 */
import type { LeftBehind } from '../v1/audit.js';
import type { Rtm1Functions } from '../v1/functions.js';
import { constant } from '../win32/constants.js';
import { V1 } from '../win32/status.js';
import { mainAuthor } from './author.js';
import type { BrokenPromises, Step } from './broken-promises.js';
import { changeName, RTM_NO_CHANGE, RTM_ROUTE_CHANGED } from './changes.js';
import { CheckRun } from './check-run.js';
import { type AgeingResult, Competition, type CompetitionResult } from './competition.js';
import type { RouteRecord } from './route-record.js';
import type { RouteTable } from './route-table.js';
import { formatStatus } from './names.js';
import type { MessageCounts } from './watcher.js';

const RTM_ONLY_THIS_PROTOCOL = constant('RTM_ONLY_THIS_PROTOCOL');
const INFINITE = constant('INFINITE');

/** More routes than this beyond the ones added, and an enumeration is taken for endless. */
const ENDLESS = 1000;

/** Length of the prefix of a single address. */
const FULL_LENGTH = 32;

/** Calls between two reports of progress. */
const PROGRESS_INTERVAL = 16_384;

/** The v1 functions that a check calls. */
export type CheckedFunctions = Pick<
  Rtm1Functions,
  | 'RtmRegisterClient'
  | 'RtmAddRoute'
  | 'RtmDeleteRoute'
  | 'RtmDequeueRouteChangeMessage'
  | 'RtmCreateEnumerationHandle'
  | 'RtmEnumerateGetNextRoute'
  | 'RtmCloseEnumerationHandle'
  | 'RtmGetNetworkCount'
  | 'RtmIsRoute'
  | 'RtmGetRouteAge'
  | 'RtmDeregisterClient'
  | 'GetLastError'
>;

/** A library under check. */
export interface CheckTarget {
  readonly functions: CheckedFunctions;
  leftBehind(): LeftBehind;
  /** Number of RTMv2 calls made so far. */
  v2Calls(): number;
  /** Moves the clock of the functions, which stands still otherwise. */
  advance(milliseconds: number): void;
}

export interface CheckOptions {
  /** Protocol to register as. */
  readonly protocol: number;
  /** Told now and then how many of a step's calls are done. */
  readonly onProgress?: (step: Step, done: number, total: number) => void;
}

export interface Timing {
  readonly step: Step;
  readonly milliseconds: number;
}

export interface CheckResult {
  readonly protocol: number;
  readonly added: number;
  /** Rows of the input that updated the route of an earlier row. */
  readonly updated: readonly number[];
  /** Rows of the input that RtmAddRoute refused. */
  readonly rejected: readonly { readonly row: number; readonly status: number }[];
  readonly enumerated: number;
  /** Number of networks whose best route was looked up. */
  readonly lookedUp: number;
  /** What RtmGetNetworkCount told while the client lived. */
  readonly networks: number;
  readonly competition: CompetitionResult;
  readonly ageing: AgeingResult;
  /** What the second client was told. */
  readonly messages: MessageCounts;
  readonly deregister: { readonly status: number; readonly v2Calls: number };
  /** null where the audit itself has failed. */
  readonly leftBehind: LeftBehind | null;
  readonly broken: BrokenPromises;
  readonly timings: readonly Timing[];
}

/** What is learned while the client lives. */
type Life = Pick<CheckResult, 'enumerated' | 'networks' | 'lookedUp' | 'competition' | 'ageing'>;

const NO_LIFE: Life = {
  enumerated: 0,
  networks: 0,
  lookedUp: 0,
  competition: { networks: 0, won: 0 },
  ageing: { routes: 0, aged: 0 },
};

/** Another protocol than the client's. */
function besides(protocol: number, distance: number): number {
  return (protocol + distance) >>> 0;
}

/** Runs the life of one client that adds all of `routes`. */
export function check(target: CheckTarget, routes: RouteTable, options: CheckOptions): CheckResult {
  return new ClientLife(target, routes, options).run();
}

class ClientLife {
  readonly #run: CheckRun;
  readonly #target: CheckTarget;
  readonly #functions: CheckedFunctions;
  readonly #routes: RouteTable;
  readonly #options: CheckOptions;
  readonly #competition: Competition;
  readonly #timings: Timing[] = [];
  readonly #rejected: { row: number; status: number }[] = [];
  /** What the library returned: emptied before each call, as old content proves nothing. */
  readonly #returned: RouteRecord;
  readonly #previous: RouteRecord;
  readonly #updated: number[] = [];

  constructor(target: CheckTarget, routes: RouteTable, options: CheckOptions) {
    this.#run = new CheckRun(target, routes, mainAuthor(options.protocol));
    this.#target = target;
    this.#functions = target.functions;
    this.#routes = routes;
    this.#options = options;
    this.#competition = new Competition(this.#run, besides(options.protocol, 1));
    this.#returned = routes.family.newRecord();
    this.#previous = routes.family.newRecord();
  }

  run(): CheckResult {
    const { broken, expected, watcher } = this.#run;
    const networksBefore = this.#networkCount();
    const client = this.#timed('register', () => this.#register());
    const life = client === 0 ? NO_LIFE : this.#live(client, networksBefore);
    const deregister = this.#timed('deregister', () => this.#deregister(client));
    if (client !== 0) {
      this.#checkGone(client, networksBefore);
      this.#timed('messages', () => {
        this.#checkDeletions();
      });
      this.#competition.deregister();
      watcher.deregister();
    }
    return {
      protocol: this.#options.protocol,
      added: expected.routeCount,
      updated: this.#updated,
      rejected: this.#rejected,
      ...life,
      messages: watcher.received,
      deregister,
      leftBehind: this.#audit(),
      broken,
      timings: this.#timings,
    };
  }

  #live(client: number, networksBefore: number): Life {
    this.#run.watcher.register(besides(this.#options.protocol, 2));
    this.#competition.register();
    this.#timed('add', () => {
      this.#addRoutes(client);
    });
    return {
      enumerated: this.#timed('enumerate', () => this.#enumerate()),
      networks: this.#timed('networks', () => this.#countNetworks(networksBefore)),
      lookedUp: this.#timed('look up', () => this.#lookUp()),
      competition: this.#timed('compete', () => this.#competition.compete()),
      ageing: this.#timed('age', () => this.#competition.age()),
    };
  }

  #register(): number {
    const client = this.#functions.RtmRegisterClient(this.#routes.family.number, this.#options.protocol, null, 0);
    if (client === 0) {
      const status = formatStatus(this.#functions.GetLastError());
      this.#run.broken.add('register', () => `RtmRegisterClient gave no handle, last error ${status}`);
    }
    return client;
  }

  #addRoutes(client: number): void {
    const flags = new Uint32Array(1);
    const route = this.#routes.family.newRecord();
    for (let row = 0; row < this.#routes.count; row++) {
      route.fill(this.#routes, row, this.#run.main);
      flags[0] = INFINITE;
      this.#returned.clear();
      this.#previous.clear();
      const status = this.#functions.RtmAddRoute(
        client,
        route.bytes,
        INFINITE,
        flags,
        this.#returned.bytes,
        this.#previous.bytes,
      );
      if (status === V1.NO_ERROR) {
        this.#checkAdded(row, flags[0]);
      } else {
        this.#rejected.push({ row, status });
        this.#break('add', row, () => `RtmAddRoute refused it with ${formatStatus(status)}`);
      }
      this.#run.watcher.readSome();
      this.#progress('add', row, this.#routes.count);
    }
    this.#run.watcher.read();
  }

  #checkAdded(row: number, flags: number): void {
    const { expected, main, watcher } = this.#run;
    const routesBefore = expected.routeCount;
    const promised = expected.add(row);
    if (expected.routeCount === routesBefore) this.#updated.push(row);
    const current = { author: main, row: expected.currentBest };
    const previous = { author: main, row: expected.previousBest };
    if (promised !== RTM_NO_CHANGE) {
      watcher.expect(current, promised === RTM_ROUTE_CHANGED ? previous : undefined);
    }
    if (flags !== promised) {
      this.#break('add', row, () => `Flags is ${changeName(flags)}, not ${changeName(promised)}`);
      return;
    }
    if (flags !== RTM_NO_CHANGE) {
      this.#run.compare('add', row, 'CurBestRoute', current, this.#returned);
    }
    if (flags === RTM_ROUTE_CHANGED) {
      this.#run.compare('add', row, 'PrevBestRoute', previous, this.#previous);
    }
  }

  /** Walks the client's protocol; returns the number of routes it was given. */
  #enumerate(): number {
    const enumeration = this.#openEnumeration();
    if (enumeration === 0) {
      const status = this.#functions.GetLastError();
      if (status !== V1.NO_ROUTES || this.#run.expected.routeCount > 0) {
        this.#run.broken.add('enumerate', () => `no enumeration handle, last error ${formatStatus(status)}`);
      }
      return 0;
    }
    const isSeen = new Uint8Array(this.#run.expected.routeCount);
    let enumerated = 0;
    let status = this.#enumerateNext(enumeration);
    while (status === V1.NO_ERROR && enumerated < this.#routes.count + ENDLESS) {
      this.#checkEnumerated(isSeen);
      this.#progress('enumerate', enumerated, this.#routes.count);
      enumerated += 1;
      status = this.#enumerateNext(enumeration);
    }
    if (status !== V1.NO_MORE_ROUTES) {
      this.#run.broken.add('enumerate', () => `the enumeration ended with ${formatStatus(status)}`);
    }
    this.#checkStatus('enumerate', 'RtmCloseEnumerationHandle', this.#functions.RtmCloseEnumerationHandle(enumeration));
    this.#reportUnseen(isSeen);
    return enumerated;
  }

  #openEnumeration(): number {
    const criteria = this.#routes.family.newRecord();
    criteria.routingProtocol = this.#options.protocol;
    return this.#functions.RtmCreateEnumerationHandle(this.#routes.family.number, RTM_ONLY_THIS_PROTOCOL, criteria.bytes);
  }

  #enumerateNext(enumeration: number): number {
    this.#returned.clear();
    return this.#functions.RtmEnumerateGetNextRoute(enumeration, this.#returned.bytes);
  }

  #checkEnumerated(isSeen: Uint8Array): void {
    const { network, prefixLength, interfaceIndex, nextHop } = this.#returned;
    const route = this.#run.expected.find(network, prefixLength, interfaceIndex, nextHop);
    if (route < 0) {
      this.#run.broken.add('enumerate', () => `${this.#returned.format()} was enumerated, and nobody added it`);
      return;
    }
    const row = this.#run.expected.rowOf(route);
    if (isSeen[route] === 1) {
      this.#break('enumerate', row, () => `enumerated twice`);
    }
    isSeen[route] = 1;
    this.#run.compare('enumerate', row, 'Route', { author: this.#run.main, row }, this.#returned);
  }

  #reportUnseen(isSeen: Uint8Array): void {
    for (let route = isSeen.indexOf(0); route >= 0; route = isSeen.indexOf(0, route + 1)) {
      this.#break('enumerate', this.#run.expected.rowOf(route), () => `not enumerated`);
    }
  }

  #networkCount(): number {
    return this.#functions.RtmGetNetworkCount(this.#routes.family.number);
  }

  #countNetworks(networksBefore: number): number {
    const networks = this.#networkCount();
    const promised = networksBefore + this.#run.expected.networkCount;
    if (networks !== promised) {
      this.#run.broken.add('networks', () => `RtmGetNetworkCount tells ${networks}, not ${promised}`);
    }
    return networks;
  }

  /** Looks up each network; returns their number. */
  #lookUp(): number {
    const { expected, main } = this.#run;
    const criteria = this.#routes.family.newRecord();
    const network = criteria.networkBytes;
    for (let networkId = 0; networkId < expected.networkCount; networkId++) {
      const row = expected.bestRowOf(networkId);
      criteria.setNetwork(this.#routes.network[row] ?? 0, this.#routes.prefixLength[row] ?? 0);
      this.#returned.clear();
      if (this.#functions.RtmIsRoute(this.#routes.family.number, network, this.#returned.bytes)) {
        this.#run.compare('look up', row, 'BestRoute', { author: main, row }, this.#returned);
      } else {
        const status = formatStatus(this.#functions.GetLastError());
        this.#break('look up', row, () => `RtmIsRoute finds nothing, last error ${status}`);
      }
      this.#progress('look up', networkId, expected.networkCount);
    }
    this.#lookUpAbsent();
    return expected.networkCount;
  }

  /** A network that nobody added is not there, not even where a shorter prefix covers it. */
  #lookUpAbsent(): void {
    const { family } = this.#routes;
    let number = this.#routes.network[0] ?? 0;
    while (this.#run.expected.hasNetwork(number, FULL_LENGTH)) {
      number = family.nextNetwork(number);
    }
    const criteria = family.newRecord();
    criteria.setNetwork(number, FULL_LENGTH);
    const isThere = this.#functions.RtmIsRoute(family.number, criteria.networkBytes, null);
    const status = this.#functions.GetLastError();
    const { broken } = this.#run;
    if (isThere) {
      const network = family.formatNetwork(number, FULL_LENGTH);
      broken.add('look up', () => `RtmIsRoute finds ${network}, and nobody added it`);
    } else if (status !== V1.NO_ERROR) {
      broken.add('look up', () => `RtmIsRoute of an absent network sets last error ${formatStatus(status)}, not 0`);
    }
  }

  /** The second client is told of every best route that has gone with the client. */
  #checkDeletions(): void {
    const { expected, main, watcher } = this.#run;
    for (let network = 0; network < expected.networkCount; network++) {
      watcher.expect(undefined, { author: main, row: expected.bestRowOf(network) });
    }
    watcher.readUnordered(expected);
  }

  #deregister(client: number): CheckResult['deregister'] {
    const callsBefore = this.#target.v2Calls();
    const status = this.#functions.RtmDeregisterClient(client);
    const v2Calls = this.#target.v2Calls() - callsBefore;
    this.#checkStatus('deregister', 'RtmDeregisterClient', status);
    return { status, v2Calls };
  }

  /** Nothing of the client is seen any more, and its handle is dead. */
  #checkGone(client: number, networksBefore: number): void {
    const again = this.#functions.RtmDeregisterClient(client);
    if (again !== V1.INVALID_HANDLE) {
      const promised = formatStatus(V1.INVALID_HANDLE);
      this.#run.broken.add(
        'deregister',
        () => `a second RtmDeregisterClient gives ${formatStatus(again)}, not ${promised}`,
      );
    }
    const networks = this.#networkCount();
    if (networks !== networksBefore) {
      this.#run.broken.add('deregister', () => `RtmGetNetworkCount tells ${networks} afterwards, not ${networksBefore}`);
    }
    const enumeration = this.#openEnumeration();
    const status = this.#functions.GetLastError();
    if (enumeration !== 0) {
      this.#run.broken.add('deregister', () => 'the protocol still has routes');
      this.#functions.RtmCloseEnumerationHandle(enumeration);
    } else if (status !== V1.NO_ROUTES) {
      this.#run.broken.add('deregister', () => `an enumeration without routes gives last error ${formatStatus(status)}`);
    }
  }

  /** What is left behind, or null where the table cannot be read, which breaks a promise but hides no other result. */
  #audit(): LeftBehind | null {
    let left: LeftBehind;
    try {
      left = this.#target.leftBehind();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#run.broken.add('left behind', () => `what is held in RTMv2 cannot be told: ${reason}`);
      return null;
    }
    const { entities, routes, nextHops, destinations, handles } = left;
    for (const [kind, count] of Object.entries({ entities, routes, nextHops, destinations, handles })) {
      if (count !== 0) {
        this.#run.broken.add('left behind', () => `${kind} held in RTMv2 after the client is gone: ${count}`);
      }
    }
    return { entities, routes, nextHops, destinations, handles };
  }

  #checkStatus(step: Step, name: string, status: number): void {
    if (status !== V1.NO_ERROR) {
      this.#run.broken.add(step, () => `${name} gives ${formatStatus(status)}`);
    }
  }

  #break(step: Step, row: number, describe: () => string): void {
    this.#run.break(step, row, describe);
  }

  #progress(step: Step, done: number, total: number): void {
    if (done % PROGRESS_INTERVAL === 0) {
      this.#options.onProgress?.(step, done, total);
    }
  }

  #timed<Result>(step: Step, run: () => Result): Result {
    const start = performance.now();
    const result = run();
    this.#timings.push({ step, milliseconds: performance.now() - start });
    return result;
  }
}
