import { expect } from 'vitest';
import type { ChangeEvent, Rtm1 } from '../../../src/index.js';
import type { Family, Fields, Route } from './family.js';

const NO_ERROR = 0;
const ERROR_MORE_MESSAGES = 234;
const ERROR_NO_MESSAGES = 259;
const INFINITE = 0xffffffff;

/** What a buffer holds before a function is called, so that one that was not filled can be told. */
const UNTOUCHED = 0xa5;
const UNWRITTEN_FLAGS = 0xa5a5a5a5;

/** What a function tells of the best route of a network; null where it left the buffer alone. */
export interface Told {
  readonly flags: number;
  readonly current: Route | null;
  readonly previous: Route | null;
}

/** The same with the return code; `flags` is undefined where it was not written. */
export interface Answer {
  readonly code: number;
  readonly flags: number | undefined;
  readonly current: Route | null;
  readonly previous: Route | null;
}

/** A clock that stands still until a test moves it. */
export class Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now = Date.UTC(2003, 3, 24, 12);

  advance(seconds: number): void {
    this.now += seconds * 1000;
  }
}

interface Registration {
  readonly event?: ChangeEvent;
  readonly flags?: number;
}

/** The routing table manager as the clients of one family see it: each method makes the calls that its name says. */
export class Manager {
  readonly rtm: Rtm1;
  readonly family: Family;
  readonly clock: Clock;

  constructor(rtm: Rtm1, family: Family, clock: Clock) {
    this.rtm = rtm;
    this.family = family;
    this.clock = clock;
  }

  /** Registers a client that must be accepted, for one of the family's three protocols. */
  client(index: 0 | 1 | 2 = 0, { event = null, flags = 0 }: Registration = {}): number {
    const handle = this.rtm.RtmRegisterClient(this.family.number, this.family.protocols[index], event, flags);
    expect(handle, `RtmRegisterClient, last error ${this.rtm.GetLastError()}`).not.toBe(0);
    return handle;
  }

  deregister(...clients: readonly number[]): void {
    for (const client of clients) expect(this.rtm.RtmDeregisterClient(client), 'RtmDeregisterClient').toBe(NO_ERROR);
  }

  /** The bytes of a route structure. */
  bytes(fields: Fields = {}): Uint8Array {
    return this.family.write(this.family.route(fields));
  }

  /** The route as the manager tells it when a client of the given protocol has added it. */
  entry(fields: Fields = {}, index: 0 | 1 | 2 = 0): Route {
    return this.family.route({ protocol: this.family.protocols[index], ...fields });
  }

  /** A route buffer that shows whether it was written. */
  buffer(): Uint8Array {
    return new Uint8Array(this.family.routeSize).fill(UNTOUCHED);
  }

  /** The route in a buffer from {@link buffer}, or null if nothing was written. */
  filled(buffer: Uint8Array): Route | null {
    return buffer.every((byte) => byte === UNTOUCHED) ? null : this.family.read(buffer);
  }

  /** Calls a function with Flags and two route buffers, and tells what it wrote. */
  ask(call: (flags: Uint32Array, current: Uint8Array, previous: Uint8Array) => number): Answer {
    const flags = Uint32Array.of(UNWRITTEN_FLAGS);
    const [current, previous] = [this.buffer(), this.buffer()];
    const code = call(flags, current, previous);
    return {
      code,
      flags: flags[0] === UNWRITTEN_FLAGS ? undefined : flags[0],
      current: this.filled(current),
      previous: this.filled(previous),
    };
  }

  tryAdd(client: number, route: Uint8Array, timeToLive = INFINITE): Answer {
    return this.ask((flags, current, previous) =>
      this.rtm.RtmAddRoute(client, route, timeToLive, flags, current, previous),
    );
  }

  /** Adds a route that must be accepted. */
  add(client: number, fields: Fields = {}, timeToLive = INFINITE): Told {
    return told('RtmAddRoute', this.tryAdd(client, this.bytes(fields), timeToLive));
  }

  tryDelete(client: number, route: Uint8Array): Answer {
    return this.ask((flags, current) => this.rtm.RtmDeleteRoute(client, route, flags, current));
  }

  /** Deletes a route that must be there. */
  remove(client: number, fields: Fields = {}): Told {
    return told('RtmDeleteRoute', this.tryDelete(client, this.bytes(fields)));
  }

  dequeue(client: number): Answer {
    return this.ask((flags, current, previous) =>
      this.rtm.RtmDequeueRouteChangeMessage(client, flags, current, previous),
    );
  }

  /** Takes every message of a client's queue. */
  messages(client: number): Told[] {
    const taken: Told[] = [];
    for (;;) {
      const { code, flags = NaN, current, previous } = this.dequeue(client);
      if (code === ERROR_NO_MESSAGES) return taken;
      taken.push({ flags, current, previous });
      if (code === NO_ERROR) return taken;
      expect(code, 'RtmDequeueRouteChangeMessage').toBe(ERROR_MORE_MESSAGES);
    }
  }

  /** The bytes of the best route of a network; null if there is none, which must not be a failure. */
  bestBytes(network: Uint8Array): Uint8Array | null {
    const buffer = this.buffer();
    if (this.rtm.RtmIsRoute(this.family.number, network, buffer)) return buffer;
    expect(this.rtm.GetLastError(), 'last error of RtmIsRoute').toBe(NO_ERROR);
    expect(this.filled(buffer), 'the buffer of an RtmIsRoute that found nothing').toBeNull();
    return null;
  }

  best(net: number): Route | null {
    const bytes = this.bestBytes(this.family.network(net));
    return bytes === null ? null : this.family.read(bytes);
  }

  count(): number {
    const networks = this.rtm.RtmGetNetworkCount(this.family.number);
    if (networks === 0) expect(this.rtm.GetLastError(), 'last error of RtmGetNetworkCount').toBe(NO_ERROR);
    return networks;
  }

  /** Creates an enumeration that must find something. */
  enumeration(flags = 0, criteria: Uint8Array | null = null): number {
    const handle = this.rtm.RtmCreateEnumerationHandle(this.family.number, flags, criteria);
    expect(handle, `RtmCreateEnumerationHandle, last error ${this.rtm.GetLastError()}`).not.toBe(0);
    return handle;
  }

  /** The rest of an enumeration. */
  rest(enumeration: number): Uint8Array[] {
    const routes: Uint8Array[] = [];
    for (;;) {
      const buffer = this.buffer();
      const code = this.rtm.RtmEnumerateGetNextRoute(enumeration, buffer);
      if (code === ERROR_NO_MESSAGES) return routes;
      expect(code, 'RtmEnumerateGetNextRoute').toBe(NO_ERROR);
      routes.push(buffer);
    }
  }

  /** The bytes of every route of an enumeration, in its order. */
  enumerated(flags = 0, criteria: Uint8Array | null = null): Uint8Array[] {
    const handle = this.rtm.RtmCreateEnumerationHandle(this.family.number, flags, criteria);
    if (handle === 0) {
      expect(this.rtm.GetLastError(), 'last error of RtmCreateEnumerationHandle').toBe(ERROR_NO_MESSAGES);
      return [];
    }
    const routes = this.rest(handle);
    expect(this.rtm.RtmCloseEnumerationHandle(handle), 'RtmCloseEnumerationHandle').toBe(NO_ERROR);
    return routes;
  }

  /** Every route of an enumeration, in an order that does not depend on it. */
  routes(flags = 0, criteria: Fields | null = null): Route[] {
    const bytes = this.enumerated(flags, criteria === null ? null : this.bytes(criteria));
    return sorted(bytes.map((route) => this.family.read(route)));
  }

  /** What RtmGetFirstRoute or RtmGetNextRoute makes of a route. */
  step(call: 'RtmGetFirstRoute' | 'RtmGetNextRoute', flags: number, route: Uint8Array): number {
    return this.rtm[call](this.family.number, flags, route);
  }

  /** The table as RtmGetFirstRoute and RtmGetNextRoute walk it. */
  walked(flags = 0, criteria: Fields = {}): Uint8Array[] {
    const route = this.bytes(criteria);
    const routes: Uint8Array[] = [];
    let code = this.step('RtmGetFirstRoute', flags, route);
    while (code === NO_ERROR) {
      routes.push(route.slice());
      code = this.step('RtmGetNextRoute', flags, route);
    }
    expect(code, 'the end of the walk').toBe(ERROR_NO_MESSAGES);
    return routes;
  }
}

function told(name: string, { code, flags = NaN, current, previous }: Answer): Told {
  expect(code, name).toBe(NO_ERROR);
  return { flags, current, previous };
}

const rank = ({ net, protocol, interfaceId, via }: Route): string =>
  [net, protocol, interfaceId, via].map((part) => String(part).padStart(10, '0')).join(' ');

/** Routes by network, protocol, interface and next hop. */
export const sorted = (routes: readonly Route[]): Route[] => [...routes].sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
