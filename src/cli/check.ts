/**
 * A whole v1 client life over RTMv2: register, add every route, enumerate, look up, deregister, audit. Each step
 * compares what the library does with what the v1 pages promise, and goes on where it can, so that one run shows
 * everything.
 */
import { maskOfLength, swapOctets } from '../translate/ip-network.js';
import type { LeftBehind } from '../v1/audit.js';
import type { Rtm1Functions } from '../v1/functions.js';
import { formatIpv4 } from '../v1/ipv4.js';
import { constant } from '../win32/constants.js';
import { V1 } from '../win32/status.js';
import { BrokenPromises, type Step } from './broken-promises.js';
import { ExpectedTable, RTM_NO_CHANGE, RTM_ROUTE_ADDED, RTM_ROUTE_CHANGED } from './expected-table.js';
import { RouteRecord } from './route-record.js';
import type { RouteTable } from './route-table.js';
import { formatStatus } from './names.js';

const RTM_PROTOCOL_FAMILY_IP = constant('RTM_PROTOCOL_FAMILY_IP');
const RTM_ONLY_THIS_PROTOCOL = constant('RTM_ONLY_THIS_PROTOCOL');
const INFINITE = constant('INFINITE');

/** More routes than this beyond the ones added, and an enumeration is taken for endless. */
const ENDLESS = 1000;

/** Calls between two reports of progress. */
const PROGRESS_INTERVAL = 16_384;

/** The v1 functions that a check calls. */
export type CheckedFunctions = Pick<
  Rtm1Functions,
  | 'RtmRegisterClient'
  | 'RtmAddRoute'
  | 'RtmCreateEnumerationHandle'
  | 'RtmEnumerateGetNextRoute'
  | 'RtmCloseEnumerationHandle'
  | 'RtmGetNetworkCount'
  | 'RtmIsRoute'
  | 'RtmDeregisterClient'
  | 'GetLastError'
>;

/** A library under check. */
export interface CheckTarget {
  readonly functions: CheckedFunctions;
  leftBehind(): LeftBehind;
  /** Number of RTMv2 calls made so far. */
  v2Calls(): number;
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
  readonly updated: number;
  /** Rows of the input that RtmAddRoute refused. */
  readonly rejected: readonly { readonly row: number; readonly status: number }[];
  readonly enumerated: number;
  /** Number of networks whose best route was looked up. */
  readonly lookedUp: number;
  /** What RtmGetNetworkCount told while the client lived. */
  readonly networks: number;
  readonly deregister: { readonly status: number; readonly v2Calls: number };
  readonly leftBehind: LeftBehind;
  readonly broken: BrokenPromises;
  readonly timings: readonly Timing[];
}

/** Runs the life of one client that adds all of `routes`. */
export function check(target: CheckTarget, routes: RouteTable, options: CheckOptions): CheckResult {
  return new ClientLife(target, routes, options).run();
}

class ClientLife {
  readonly #target: CheckTarget;
  readonly #functions: CheckedFunctions;
  readonly #routes: RouteTable;
  readonly #options: CheckOptions;
  readonly #expected: ExpectedTable;
  readonly #broken = new BrokenPromises();
  readonly #timings: Timing[] = [];
  readonly #rejected: { row: number; status: number }[] = [];
  /** What the library has to return, and what it returned: emptied before each call, as old content proves nothing. */
  readonly #promised = new RouteRecord();
  readonly #returned = new RouteRecord();
  readonly #previous = new RouteRecord();
  #updated = 0;

  constructor(target: CheckTarget, routes: RouteTable, options: CheckOptions) {
    this.#target = target;
    this.#functions = target.functions;
    this.#routes = routes;
    this.#options = options;
    this.#expected = new ExpectedTable(routes);
  }

  run(): CheckResult {
    const networksBefore = this.#functions.RtmGetNetworkCount(RTM_PROTOCOL_FAMILY_IP);
    const client = this.#timed('register', () => this.#register());
    let enumerated = 0;
    let networks = networksBefore;
    let lookedUp = 0;
    if (client !== 0) {
      this.#timed('add', () => {
        this.#addRoutes(client);
      });
      enumerated = this.#timed('enumerate', () => this.#enumerate());
      networks = this.#timed('networks', () => this.#countNetworks(networksBefore));
      lookedUp = this.#timed('look up', () => this.#lookUp());
    }
    const deregister = this.#timed('deregister', () => this.#deregister(client));
    if (client !== 0) {
      this.#checkGone(client, networksBefore);
    }
    return {
      protocol: this.#options.protocol,
      added: this.#expected.routeCount,
      updated: this.#updated,
      rejected: this.#rejected,
      enumerated,
      networks,
      lookedUp,
      deregister,
      leftBehind: this.#audit(),
      broken: this.#broken,
      timings: this.#timings,
    };
  }

  #register(): number {
    const client = this.#functions.RtmRegisterClient(RTM_PROTOCOL_FAMILY_IP, this.#options.protocol, null, 0);
    if (client === 0) {
      const status = formatStatus(this.#functions.GetLastError());
      this.#broken.add('register', () => `RtmRegisterClient gave no handle, last error ${status}`);
    }
    return client;
  }

  #addRoutes(client: number): void {
    const flags = new Uint32Array(1);
    const route = new RouteRecord();
    for (let row = 0; row < this.#routes.count; row++) {
      route.fill(this.#routes, row, this.#options.protocol);
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
        this.#broken.add('add', () => `${this.#located(row)}: RtmAddRoute refused it with ${formatStatus(status)}`);
      }
      this.#progress('add', row, this.#routes.count);
    }
  }

  #checkAdded(row: number, flags: number): void {
    const routesBefore = this.#expected.routeCount;
    const promised = this.#expected.add(row);
    this.#updated += this.#expected.routeCount === routesBefore ? 1 : 0;
    if (flags !== promised) {
      this.#broken.add('add', () => `${this.#located(row)}: Flags is ${flagsName(flags)}, not ${flagsName(promised)}`);
      return;
    }
    if (flags !== RTM_NO_CHANGE) {
      this.#compare('add', row, 'CurBestRoute', this.#expected.currentBest, this.#returned);
    }
    if (flags === RTM_ROUTE_CHANGED) {
      this.#compare('add', row, 'PrevBestRoute', this.#expected.previousBest, this.#previous);
    }
  }

  /** Walks the client's protocol; returns the number of routes it was given. */
  #enumerate(): number {
    const enumeration = this.#openEnumeration();
    if (enumeration === 0) {
      const status = this.#functions.GetLastError();
      if (status !== V1.NO_ROUTES || this.#expected.routeCount > 0) {
        this.#broken.add('enumerate', () => `no enumeration handle, last error ${formatStatus(status)}`);
      }
      return 0;
    }
    const isSeen = new Uint8Array(this.#expected.routeCount);
    let enumerated = 0;
    let status = this.#enumerateNext(enumeration);
    while (status === V1.NO_ERROR && enumerated < this.#routes.count + ENDLESS) {
      this.#checkEnumerated(isSeen);
      this.#progress('enumerate', enumerated, this.#routes.count);
      enumerated += 1;
      status = this.#enumerateNext(enumeration);
    }
    if (status !== V1.NO_MORE_ROUTES) {
      this.#broken.add('enumerate', () => `the enumeration ended with ${formatStatus(status)}`);
    }
    this.#checkStatus('enumerate', 'RtmCloseEnumerationHandle', this.#functions.RtmCloseEnumerationHandle(enumeration));
    this.#reportUnseen(isSeen);
    return enumerated;
  }

  #openEnumeration(): number {
    const criteria = new RouteRecord();
    criteria.routingProtocol = this.#options.protocol;
    return this.#functions.RtmCreateEnumerationHandle(RTM_PROTOCOL_FAMILY_IP, RTM_ONLY_THIS_PROTOCOL, criteria.bytes);
  }

  #enumerateNext(enumeration: number): number {
    this.#returned.clear();
    return this.#functions.RtmEnumerateGetNextRoute(enumeration, this.#returned.bytes);
  }

  #checkEnumerated(isSeen: Uint8Array): void {
    const { network, prefixLength, interfaceIndex, nextHop } = this.#returned;
    const route = this.#expected.find(network, prefixLength, interfaceIndex, nextHop);
    if (route < 0) {
      this.#broken.add('enumerate', () => `${this.#returned.format()} was enumerated, and nobody added it`);
      return;
    }
    const row = this.#expected.rowOf(route);
    if (isSeen[route] === 1) {
      this.#broken.add('enumerate', () => `${this.#located(row)}: enumerated twice`);
    }
    isSeen[route] = 1;
    this.#compare('enumerate', row, 'Route', row, this.#returned);
  }

  #reportUnseen(isSeen: Uint8Array): void {
    for (let route = isSeen.indexOf(0); route >= 0; route = isSeen.indexOf(0, route + 1)) {
      this.#broken.add('enumerate', () => `${this.#located(this.#expected.rowOf(route))}: not enumerated`);
    }
  }

  #countNetworks(networksBefore: number): number {
    const networks = this.#functions.RtmGetNetworkCount(RTM_PROTOCOL_FAMILY_IP);
    const promised = networksBefore + this.#expected.networkCount;
    if (networks !== promised) {
      this.#broken.add('networks', () => `RtmGetNetworkCount tells ${networks}, not ${promised}`);
    }
    return networks;
  }

  /** Looks up each network; returns their number. */
  #lookUp(): number {
    const network = new Uint32Array(2);
    const bytes = new Uint8Array(network.buffer);
    for (let networkId = 0; networkId < this.#expected.networkCount; networkId++) {
      const row = this.#expected.bestRowOf(networkId);
      network[0] = this.#routes.network[row] ?? 0;
      network[1] = maskOfLength(this.#routes.prefixLength[row] ?? 0);
      this.#returned.clear();
      if (this.#functions.RtmIsRoute(RTM_PROTOCOL_FAMILY_IP, bytes, this.#returned.bytes)) {
        this.#compare('look up', row, 'BestRoute', row, this.#returned);
      } else {
        const status = formatStatus(this.#functions.GetLastError());
        this.#broken.add('look up', () => `${this.#located(row)}: RtmIsRoute finds nothing, last error ${status}`);
      }
      this.#progress('look up', networkId, this.#expected.networkCount);
    }
    this.#lookUpAbsent();
    return this.#expected.networkCount;
  }

  /** A network that nobody added is not there, not even where a shorter prefix covers it. */
  #lookUpAbsent(): void {
    let address = this.#routes.network[0] ?? 0;
    while (this.#expected.hasNetwork(address, 32)) {
      address = swapOctets(swapOctets(address) + 1);
    }
    const network = new Uint8Array(Uint32Array.of(address, maskOfLength(32)).buffer);
    const isThere = this.#functions.RtmIsRoute(RTM_PROTOCOL_FAMILY_IP, network, null);
    const status = this.#functions.GetLastError();
    if (isThere) {
      this.#broken.add('look up', () => `RtmIsRoute finds ${formatIpv4(address)}/32, and nobody added it`);
    } else if (status !== V1.NO_ERROR) {
      this.#broken.add(
        'look up',
        () => `RtmIsRoute of an absent network sets last error ${formatStatus(status)}, not 0`,
      );
    }
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
      this.#broken.add(
        'deregister',
        () => `a second RtmDeregisterClient gives ${formatStatus(again)}, not ${promised}`,
      );
    }
    const networks = this.#functions.RtmGetNetworkCount(RTM_PROTOCOL_FAMILY_IP);
    if (networks !== networksBefore) {
      this.#broken.add('deregister', () => `RtmGetNetworkCount tells ${networks} afterwards, not ${networksBefore}`);
    }
    const enumeration = this.#openEnumeration();
    const status = this.#functions.GetLastError();
    if (enumeration !== 0) {
      this.#broken.add('deregister', () => 'the protocol still has routes');
      this.#functions.RtmCloseEnumerationHandle(enumeration);
    } else if (status !== V1.NO_ROUTES) {
      this.#broken.add('deregister', () => `an enumeration without routes gives last error ${formatStatus(status)}`);
    }
  }

  #audit(): LeftBehind {
    const { entities, routes, nextHops, destinations, handles } = this.#target.leftBehind();
    for (const [kind, count] of Object.entries({ entities, routes, nextHops, destinations, handles })) {
      if (count !== 0) {
        this.#broken.add('left behind', () => `${kind} held in RTMv2 after the client is gone: ${count}`);
      }
    }
    return { entities, routes, nextHops, destinations, handles };
  }

  #compare(step: Step, row: number, buffer: string, promisedRow: number, returned: RouteRecord): void {
    this.#promised.fill(this.#routes, promisedRow, this.#options.protocol);
    const member = returned.differingMember(this.#promised);
    if (member === undefined) return;
    this.#broken.add(step, () => {
      const [is, promised] = [returned.format(), this.#promised.format()];
      const line = this.#routes.line[promisedRow] ?? 0;
      const difference =
        is === promised
          ? `${member} of ${buffer} is not what line ${line} added`
          : `${buffer} is ${is}, not ${promised}`;
      return `${this.#located(row)}: ${difference}`;
    });
  }

  #checkStatus(step: Step, name: string, status: number): void {
    if (status !== V1.NO_ERROR) {
      this.#broken.add(step, () => `${name} gives ${formatStatus(status)}`);
    }
  }

  #located(row: number): string {
    return `line ${this.#routes.line[row] ?? 0}, ${this.#routes.format(row)}`;
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

const FLAGS_NAMES = new Map([
  [RTM_NO_CHANGE, 'RTM_NO_CHANGE'],
  [RTM_ROUTE_ADDED, 'RTM_ROUTE_ADDED'],
  [RTM_ROUTE_CHANGED, 'RTM_ROUTE_CHANGED'],
]);

function flagsName(flags: number): string {
  return FLAGS_NAMES.get(flags) ?? String(flags);
}
