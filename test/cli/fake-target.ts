import { constant } from '../../src/win32/constants.js';
import { offsetOf } from '../../src/win32/abi.js';
import type { CheckedFunctions } from '../../src/cli/check.js';
import type { LeftBehind } from '../../src/v1/audit.js';
import type { NetworkArgument, RouteArgument } from '../../src/v1/functions.js';
import type { OpenedTarget } from '../../src/cli/io.js';

const NETWORK = offsetOf('RTM_IP_ROUTE', 'RR_Network');
const NEXT_HOP = offsetOf('RTM_IP_ROUTE', 'RR_NextHopAddress');
const PROTOCOL = offsetOf('RTM_IP_ROUTE', 'RR_RoutingProtocol');
const INTERFACE = offsetOf('RTM_IP_ROUTE', 'RR_InterfaceID');
const FAMILY_DATA = offsetOf('RTM_IP_ROUTE', 'RR_FamilySpecificData');
const METRIC = FAMILY_DATA + offsetOf('IP_SPECIFIC_DATA', 'FSD_Metric');

const CLIENT = 0x1001;
const ENUMERATION = 0x2001;
const ERROR_INVALID_HANDLE = constant('ERROR_INVALID_HANDLE');
const ERROR_NO_ROUTES = constant('ERROR_NO_ROUTES');

const NOTHING: LeftBehind = { entities: 0, routes: 0, nextHops: 0, destinations: 0, handles: 0 };

interface Network {
  best: Buffer;
  readonly routes: Buffer[];
}

/**
 * A v1 table in plain JavaScript for one client, written from the v1 pages and without a v2 below it. Tests spoil one
 * of its functions and see whether the check notices.
 */
export class FakeTarget implements OpenedTarget {
  readonly library = { kind: 'embedded', path: 'fake.so', version: '1.2.3' } as const;
  left = NOTHING;
  isClosed = false;
  readonly networks = new Map<string, Network>();
  #protocol = 0;
  #isRegistered = false;
  #lastError = 0;
  #enumerated: Buffer[] = [];
  #calls = 0;

  readonly functions: { -readonly [Name in keyof CheckedFunctions]: CheckedFunctions[Name] } = {
    RtmRegisterClient: (_family, protocol) => {
      this.#protocol = protocol;
      this.#isRegistered = true;
      return CLIENT;
    },
    RtmAddRoute: (client, route, _timeToLive, flags, current, previous) => {
      if (!this.#isClient(client)) return ERROR_INVALID_HANDLE;
      flags[0] = this.#add(Buffer.from(bytesOf(route)), current, previous);
      return 0;
    },
    RtmCreateEnumerationHandle: () => {
      this.#enumerated = Array.from(this.networks.values(), ({ routes }) => routes).flat();
      this.#lastError = ERROR_NO_ROUTES;
      return this.#enumerated.length > 0 ? ENUMERATION : 0;
    },
    RtmEnumerateGetNextRoute: (_enumeration, route) => {
      const next = this.#enumerated.shift();
      if (next === undefined) return ERROR_NO_ROUTES;
      bytesOf(route).set(next);
      return 0;
    },
    RtmCloseEnumerationHandle: () => 0,
    RtmGetNetworkCount: () => this.networks.size,
    RtmIsRoute: (_family, network, best) => {
      const found = this.networks.get(Buffer.from(bytesOf(network)).toString('hex'));
      this.#lastError = 0;
      if (found !== undefined) write(best, found.best);
      return found !== undefined;
    },
    RtmDeregisterClient: (client) => {
      if (!this.#isClient(client)) return ERROR_INVALID_HANDLE;
      this.#calls += this.networks.size;
      this.networks.clear();
      this.#isRegistered = false;
      return 0;
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

  close(): void {
    this.isClosed = true;
  }

  #isClient(client: number): boolean {
    return this.#isRegistered && client === CLIENT;
  }

  #add(route: Buffer, current: RouteArgument | null, previous: RouteArgument | null): number {
    route.writeUInt32LE(this.#protocol, PROTOCOL);
    const key = route.toString('hex', NETWORK, NETWORK + 8);
    const network = this.networks.get(key);
    if (network === undefined) {
      this.networks.set(key, { best: route, routes: [route] });
      write(current, route);
      return constant('RTM_ROUTE_ADDED');
    }
    const known = network.routes.findIndex((other) => identity(other) === identity(route));
    const bestBefore = network.best;
    const isBestUpdated = network.routes[known] === bestBefore;
    network.routes.splice(known < 0 ? network.routes.length : known, 1, route);
    network.best = lowest(network.routes, isBestUpdated ? route : bestBefore);
    const isSignificant =
      identity(bestBefore) !== identity(network.best) ||
      !bestBefore.subarray(FAMILY_DATA).equals(network.best.subarray(FAMILY_DATA));
    if (!isSignificant) return constant('RTM_NO_CHANGE');
    write(current, network.best);
    write(previous, bestBefore);
    return constant('RTM_ROUTE_CHANGED');
  }
}

/** The memory of a route or network that a function was given. */
export function bytesOf(argument: RouteArgument | NetworkArgument): Uint8Array {
  return argument instanceof Uint8Array ? argument : argument.bytes;
}

function write(output: RouteArgument | null, route: Uint8Array): void {
  if (output !== null) bytesOf(output).set(route);
}

function identity(route: Buffer): string {
  return `${route.readUInt32LE(INTERFACE)} ${route.readUInt32LE(NEXT_HOP)}`;
}

function lowest(routes: readonly Buffer[], incumbent: Buffer): Buffer {
  return routes.reduce(
    (best, route) => (route.readUInt32LE(METRIC) < best.readUInt32LE(METRIC) ? route : best),
    incumbent,
  );
}
