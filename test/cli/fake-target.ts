import type { CheckedFunctions } from '../../src/cli/check.js';
import type { OpenedTarget } from '../../src/cli/io.js';
import type { FamilyName, Refusal } from '../../src/cli/registration.js';
import type { LibraryAttempt } from '../../src/v2/library.js';
import type { LeftBehind } from '../../src/v1/audit.js';
import type { NetworkArgument, RouteArgument } from '../../src/v1/functions.js';
import { constant } from '../../src/win32/constants.js';
import { EventObject } from '../../src/win32/event-object.js';
import { type Answer, type NaiveClient, type NaiveEnumeration, type NaiveEvent, NaiveRtm } from '../model/naive-rtm.js';
import type { Family } from '../model/route-bytes.js';

const ERROR_INVALID_HANDLE = constant('ERROR_INVALID_HANDLE');

const NOTHING: LeftBehind = { entities: 0, routes: 0, nextHops: 0, destinations: 0, handles: 0 };

interface FakeClient {
  readonly client: NaiveClient;
  readonly event: EventObject | null;
}

interface Outputs {
  readonly flags?: Uint32Array;
  readonly current?: RouteArgument | null;
  readonly previous?: RouteArgument | null;
  readonly route?: RouteArgument | null;
}

/** The naive table of v1 behind its functions. Tests spoil one of them and see whether the check notices. */
export class FakeTarget implements OpenedTarget {
  readonly library: OpenedTarget['library'];
  /** What it says to clients that register. */
  readonly refusals: Record<FamilyName, Refusal | null> = { ip: null, ipx: null };
  readonly table = new NaiveRtm(Date.UTC(2026, 0, 1), new Map());
  left = NOTHING;
  isClosed = false;
  readonly #clients = new Map<number, FakeClient>();
  readonly #enumerations = new Map<number, NaiveEnumeration>();
  #lastHandle = 0x1000;
  #lastError = 0;
  #calls = 0;

  /** @param attempts what was tried before it */
  constructor(attempts: readonly LibraryAttempt[] = []) {
    this.library = { kind: 'embedded', path: 'fake.so', version: '1.2.3', attempts };
  }

  readonly functions: { -readonly [Name in keyof CheckedFunctions]: CheckedFunctions[Name] } = {
    RtmRegisterClient: (family, protocol, event, flags) => {
      const naiveEvent: NaiveEvent | null = event === null ? null : { signalled: false, signals: 0 };
      const answer = this.table.registerClient(family as Family, protocol, naiveEvent, flags !== 0);
      this.#commit(answer, {});
      if (answer.client === undefined) return 0;
      this.#lastHandle += 1;
      this.#clients.set(this.#lastHandle, {
        client: answer.client,
        event: event instanceof EventObject ? event : null,
      });
      return this.#lastHandle;
    },
    RtmAddRoute: (handle, route, timeToLive, flags, current, previous) =>
      this.#onClient(handle, (client) => this.table.addRoute(client, bytesOf(route), timeToLive), {
        flags,
        current,
        previous,
      }),
    RtmDeleteRoute: (handle, route, flags, current) =>
      this.#onClient(handle, (client) => this.table.deleteRoute(client, bytesOf(route)), { flags, current }),
    RtmDequeueRouteChangeMessage: (handle, flags, current, previous) =>
      this.#onClient(handle, (client) => first(this.table.dequeueRouteChangeMessage(client)), {
        flags,
        current,
        previous,
      }),
    RtmCreateEnumerationHandle: (family, flags, criteria) => {
      const answer = this.table.createEnumeration(family as Family, flags, criteria && bytesOf(criteria));
      this.#commit(answer, {});
      if (answer.enumeration === undefined) return 0;
      this.#lastHandle += 1;
      this.#enumerations.set(this.#lastHandle, answer.enumeration);
      return this.#lastHandle;
    },
    RtmEnumerateGetNextRoute: (handle, route) => {
      const enumeration = this.#enumerations.get(handle);
      if (enumeration === undefined) return ERROR_INVALID_HANDLE;
      return this.#commit(first(this.table.enumerateGetNextRoute(enumeration)), { route }) as number;
    },
    RtmCloseEnumerationHandle: (handle) => (this.#enumerations.delete(handle) ? 0 : ERROR_INVALID_HANDLE),
    RtmGetNetworkCount: (family) => this.#commit(this.table.getNetworkCount(family as Family), {}) as number,
    RtmIsRoute: (family, network, route) =>
      this.#commit(this.table.isRoute(family as Family, bytesOf(network)), { route }) as boolean,
    RtmGetRouteAge: (route) => this.#commit(this.table.getRouteAge(bytesOf(route)), {}) as number,
    RtmDeregisterClient: (handle) => {
      this.#calls += this.table.routes.length;
      const status = this.#onClient(handle, (client) => this.table.deregisterClient(client), {});
      this.#clients.delete(handle);
      return status;
    },
    GetLastError: () => this.#lastError,
  };

  setLastError(status: number): void {
    this.#lastError = status;
  }

  leftBehind(): LeftBehind {
    return this.left;
  }

  v2Calls(): number {
    return this.#calls;
  }

  advance(milliseconds: number): void {
    this.table.now += milliseconds;
  }

  refusal(family: FamilyName): Refusal | null {
    return this.refusals[family];
  }

  close(): void {
    this.isClosed = true;
  }

  #onClient(handle: number, ask: (client: NaiveClient) => Answer, outputs: Outputs): number {
    const known = this.#clients.get(handle);
    return known === undefined ? ERROR_INVALID_HANDLE : (this.#commit(ask(known.client), outputs) as number);
  }

  /** Does what the table has answered: buffers, last error, events. */
  #commit(answer: Answer, { flags, current, previous, route }: Outputs): Answer['result'] {
    answer.commit?.();
    if (answer.lastError !== undefined) this.#lastError = answer.lastError;
    if (answer.flags !== undefined && flags !== undefined) flags[0] = answer.flags;
    write(current, answer.current);
    write(previous, answer.previous);
    write(route, answer.route);
    for (const { client, event } of this.#clients.values()) {
      if (client.event?.signalled === true) event?.set();
      else event?.reset();
    }
    return answer.result;
  }
}

/** The memory of a route or network that a function was given. */
export function bytesOf(argument: RouteArgument | NetworkArgument): Uint8Array {
  return argument instanceof Uint8Array ? argument : argument.bytes;
}

function write(output: RouteArgument | null | undefined, route: Uint8Array | undefined): void {
  if (output !== null && output !== undefined && route !== undefined) bytesOf(output).set(route);
}

function first(answers: readonly Answer[]): Answer {
  const [answer] = answers;
  if (answer === undefined) throw new Error('the table has no answer');
  return answer;
}
