/**
 * A second client of a check, which registered with a change event and listens: every change of a best route has to
 * reach it, once, in order, with the best route before and after.
 */
import { constant } from '../win32/constants.js';
import { EventObject } from '../win32/event-object.js';
import { V1 } from '../win32/status.js';
import type { Author } from './author.js';
import type { BrokenPromises } from './broken-promises.js';
import type { CheckedFunctions } from './check.js';
import type { ExpectedTable } from './expected-table.js';
import { changeName, RTM_ROUTE_ADDED, RTM_ROUTE_CHANGED, RTM_ROUTE_DELETED } from './changes.js';
import { formatStatus } from './names.js';
import type { RouteRecord } from './route-record.js';
import type { RouteTable } from './route-table.js';

const CURRENT = constant('RTM_CURRENT_BEST_ROUTE');
const PREVIOUS = constant('RTM_PREVIOUS_BEST_ROUTE');
const ERROR_MORE_MESSAGES = constant('ERROR_MORE_MESSAGES');

/** Messages are read when so many wait: enough to see their order, few enough to cost no memory. */
const BATCH = 64;

/** Messages beyond the expected ones that are read before it is said that they have no end. */
const MOST_UNEXPECTED = 256;

/** A route as an author makes it of a row. */
export interface Origin {
  readonly author: Author;
  readonly row: number;
}

interface ExpectedMessage {
  readonly flags: number;
  readonly current: Origin | undefined;
  readonly previous: Origin | undefined;
}

export interface MessageCounts {
  readonly added: number;
  readonly changed: number;
  readonly deleted: number;
}

export class Watcher {
  readonly #functions: CheckedFunctions;
  readonly #routes: RouteTable;
  readonly #broken: BrokenPromises;
  readonly #event = new EventObject();
  readonly #received = new Map<number, number>();
  readonly #flags = new Uint32Array(1);
  readonly #current: RouteRecord;
  readonly #previous: RouteRecord;
  readonly #promised: RouteRecord;
  #expected: ExpectedMessage[] = [];
  #client = 0;

  constructor(functions: CheckedFunctions, routes: RouteTable, broken: BrokenPromises) {
    this.#functions = functions;
    this.#routes = routes;
    this.#broken = broken;
    this.#current = routes.family.newRecord();
    this.#previous = routes.family.newRecord();
    this.#promised = routes.family.newRecord();
  }

  get received(): MessageCounts {
    const count = (flags: number): number => this.#received.get(flags) ?? 0;
    return { added: count(RTM_ROUTE_ADDED), changed: count(RTM_ROUTE_CHANGED), deleted: count(RTM_ROUTE_DELETED) };
  }

  register(protocol: number): void {
    this.#client = this.#functions.RtmRegisterClient(this.#routes.family.number, protocol, this.#event, 0);
    if (this.#client === 0) {
      const status = formatStatus(this.#functions.GetLastError());
      this.#broken.add('register', () => `RtmRegisterClient with a change event gave no handle, last error ${status}`);
    }
  }

  /** A best route has changed from `previous` to `current`: a message about it has to come. */
  expect(current: Origin | undefined, previous: Origin | undefined): void {
    const flags = (current === undefined ? 0 : CURRENT) | (previous === undefined ? 0 : PREVIOUS);
    this.#expected.push({ flags, current, previous });
  }

  /** Reads the messages if enough wait. */
  readSome(): void {
    if (this.#expected.length >= BATCH) this.read();
  }

  /** Reads all messages, which have to be the expected ones in their order. */
  read(): void {
    const expected = this.#expected;
    this.#expected = [];
    if (this.#client === 0) return;
    this.#checkEvent(expected.length > 0);
    for (const [index, message] of expected.entries()) {
      const status = this.#dequeue();
      const isLast = index === expected.length - 1;
      if (status !== V1.NO_ERROR && status !== ERROR_MORE_MESSAGES) {
        this.#break(() => `${this.#name(message)}: no message, ${formatStatus(status)}`);
        return;
      }
      this.#compare(message);
      if ((status === V1.NO_ERROR) !== isLast) {
        this.#break(() => `${this.#name(message)}: RtmDequeueRouteChangeMessage gives ${formatStatus(status)}`);
      }
    }
    this.#checkEmpty();
  }

  /** Reads all messages, which have to be the expected ones in any order, one a network. */
  readUnordered(expectedTable: ExpectedTable): void {
    const expected = new Map(this.#expected.map((message) => [networkOf(message), message]));
    function networkOf({ current, previous }: ExpectedMessage): number {
      return expectedTable.networkOfRow((current ?? previous)?.row ?? 0);
    }
    this.#expected = [];
    if (this.#client === 0) return;
    this.#checkEvent(expected.size > 0);
    let unread = expected.size + MOST_UNEXPECTED;
    for (let status = this.#dequeue(); isMessage(status) && unread > 0; status = this.#dequeue()) {
      unread -= 1;
      const told = (this.#flags[0] ?? 0) & CURRENT ? this.#current : this.#previous;
      const network = expectedTable.networkOf(told.network, told.prefixLength);
      const message = expected.get(network);
      if (message === undefined) {
        const name = told.format();
        this.#break(() => `${name} is told as ${changeName(this.#flags[0] ?? 0)} for nothing`);
      } else {
        expected.delete(network);
        this.#compare(message);
      }
    }
    for (const message of expected.values()) {
      this.#break(() => `${this.#name(message)}: ${changeName(message.flags)} was not told`);
    }
    if (unread > 0) this.#checkEmpty();
    else this.#break(() => `RtmDequeueRouteChangeMessage gives more than ${MOST_UNEXPECTED} messages too many`);
  }

  deregister(): void {
    if (this.#client === 0) return;
    const status = this.#functions.RtmDeregisterClient(this.#client);
    if (status !== V1.NO_ERROR) {
      this.#broken.add('deregister', () => `RtmDeregisterClient of the listener gives ${formatStatus(status)}`);
    }
  }

  /** Takes one message into `#flags`, `#current` and `#previous`: emptied before, as old content proves nothing. */
  #dequeue(): number {
    this.#flags[0] = 0;
    this.#current.clear();
    this.#previous.clear();
    return this.#functions.RtmDequeueRouteChangeMessage(
      this.#client,
      this.#flags,
      this.#current.bytes,
      this.#previous.bytes,
    );
  }

  #compare(message: ExpectedMessage): void {
    const flags = this.#flags[0] ?? 0;
    this.#received.set(flags, (this.#received.get(flags) ?? 0) + 1);
    if (flags !== message.flags) {
      this.#break(() => `${this.#name(message)}: told as ${changeName(flags)}, not ${changeName(message.flags)}`);
      return;
    }
    this.#compareRoute(message, 'CurBestRoute', message.current, this.#current);
    this.#compareRoute(message, 'PrevBestRoute', message.previous, this.#previous);
  }

  #compareRoute(message: ExpectedMessage, buffer: string, origin: Origin | undefined, told: RouteRecord): void {
    if (origin === undefined) return;
    this.#promised.fill(this.#routes, origin.row, origin.author);
    const member = told.differingMember(this.#promised);
    if (member === undefined) return;
    this.#break(() => `${this.#name(message)}: ${member} of ${buffer} is not that of ${this.#promised.format()}`);
  }

  #checkEvent(isSignalled: boolean): void {
    if (this.#event.signalled === isSignalled) return;
    this.#break(() => `the change event is ${isSignalled ? 'not signalled, and messages wait' : 'signalled for nothing'}`);
  }

  #checkEmpty(): void {
    const status = this.#dequeue();
    if (status !== V1.NO_MORE_ROUTES) {
      this.#break(() => `behind the last message RtmDequeueRouteChangeMessage gives ${formatStatus(status)}`);
    }
    this.#checkEvent(false);
  }

  #name({ current, previous }: ExpectedMessage): string {
    const row = (current ?? previous)?.row ?? 0;
    return `line ${this.#routes.line[row] ?? 0}, ${this.#routes.format(row)}`;
  }

  #break(describe: () => string): void {
    this.#broken.add('messages', describe);
  }
}

function isMessage(status: number): boolean {
  return status === V1.NO_ERROR || status === ERROR_MORE_MESSAGES;
}
