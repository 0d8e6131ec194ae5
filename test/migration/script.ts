/** Runs the scripts of driver.c on the v1 functions, and prints what the driver prints for the ported ones. */
import {
  ERROR_MORE_MESSAGES,
  ERROR_NO_MORE_ROUTES,
  ERROR_NO_SUCH_ROUTE,
  NO_ERROR,
  RTM_CURRENT_BEST_ROUTE,
  RTM_ONLY_THIS_PROTOCOL,
  RTM_PREVIOUS_BEST_ROUTE,
  RTM_PROTOCOL_FAMILY_IP,
} from '../../src/v1/constants.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { EventObject } from '../../src/win32/event-object.js';

const FAMILY = RTM_PROTOCOL_FAMILY_IP;
const TIME_STAMP_SIZE = 8;

/** A client of a script: its handle, and the protocol that its routes show. */
interface Client {
  readonly handle: number;
  readonly protocol: number;
}

const hex = (value: number): string => value.toString(16);

function wordsOf(route: RtmIpRoute): number[] {
  const view = new DataView(route.bytes.buffer, route.bytes.byteOffset + TIME_STAMP_SIZE, route.bytes.byteLength - TIME_STAMP_SIZE);
  return Array.from({ length: view.byteLength / 4 }, (_, index) => view.getUint32(index * 4, true));
}

/** A route as a script writes it: its DWORDs behind the time stamp. */
export function routeText(route: RtmIpRoute): string {
  return wordsOf(route).map(hex).join(' ');
}

/** What RTM knows of a route, whoever owns it. */
function known(route: RtmIpRoute): string {
  const { RR_RoutingProtocol, RR_Network, RR_InterfaceID, RR_NextHopAddress, RR_FamilySpecificData } = route;
  const network = `${hex(RR_Network.N_NetNumber)}/${hex(RR_Network.N_NetMask)}`;
  const rank = [RR_FamilySpecificData.FSD_Priority, RR_FamilySpecificData.FSD_Metric].map(hex).join(' ');
  return ` [${hex(RR_RoutingProtocol)} ${network} ${hex(RR_InterfaceID)} ${hex(RR_NextHopAddress.N_NetNumber)} ${rank}]`;
}

function change(flags: number, current: RtmIpRoute | null, previous: RtmIpRoute | null): string {
  const now = current !== null && (flags & RTM_CURRENT_BEST_ROUTE) !== 0 ? known(current) : '';
  const before = previous !== null && (flags & RTM_PREVIOUS_BEST_ROUTE) !== 0 ? known(previous) : '';
  return ` ${hex(flags)}${now}${before}`;
}

const byBytes = (one: RtmIpRoute, other: RtmIpRoute): number =>
  Buffer.compare(one.bytes.subarray(TIME_STAMP_SIZE), other.bytes.subarray(TIME_STAMP_SIZE));

/** Runs scripts on one opened object. */
export class ScriptRunner {
  readonly #rtm: Rtm1;
  readonly #clients = new Map<number, Client>();
  #words: number[] = [];

  constructor(rtm: Rtm1) {
    this.#rtm = rtm;
  }

  run(script: readonly string[]): string[] {
    return script.flatMap((line) => {
      const [call = '', ...words] = line.split(' ');
      this.#words = words.map((word) => Number.parseInt(word, 16));
      return `${call}${this.#call(call)}`.split('\n');
    });
  }

  #number(): number {
    return this.#words.shift() ?? 0;
  }

  #route(): RtmIpRoute {
    const route = new RtmIpRoute();
    const view = new DataView(route.bytes.buffer, route.bytes.byteOffset);
    for (let offset = TIME_STAMP_SIZE; offset < route.bytes.byteLength; offset += 4) {
      view.setUint32(offset, this.#number(), true);
    }
    return route;
  }

  #call(call: string): string {
    if (call === 'table') return this.#table();
    const index = this.#number();
    const handle = this.#clients.get(index)?.handle ?? 0;
    switch (call) {
      case 'start':
        return this.#start(index);
      case 'stop':
        this.#clients.delete(index);
        return ` ${hex(this.#rtm.RtmDeregisterClient(handle))}`;
      case 'add':
        return this.#add(handle);
      case 'delete':
        return this.#delete(handle);
      case 'block':
        return ` ${hex(this.#rtm.RtmBlockDeleteRoutes(handle, this.#number(), this.#route()))}`;
      case 'message':
        return this.#message(handle);
      case 'is':
      case 'age':
        return this.#is(call);
      case 'look':
        return this.#look();
      case 'count':
        return this.#count();
      case 'list':
        return this.#list(this.#number(), this.#route());
      case 'first':
      case 'next':
        return this.#step(call);
      default:
        return ' no such call';
    }
  }

  #start(index: number): string {
    const [protocol, flags, messages] = [this.#number(), this.#number(), this.#number()];
    const handle = this.#rtm.RtmRegisterClient(FAMILY, protocol, messages === 0 ? null : new EventObject(), flags);
    if (handle !== 0) this.#clients.set(index, { handle, protocol });
    return ` ${hex(handle === 0 ? this.#rtm.GetLastError() : NO_ERROR)}`;
  }

  #add(handle: number): string {
    const seconds = this.#number();
    const [flags, current, previous] = [new Uint32Array(1), new RtmIpRoute(), new RtmIpRoute()];
    const status = this.#rtm.RtmAddRoute(handle, this.#route(), seconds, flags, current, previous);
    return ` ${hex(status)}${status === NO_ERROR ? change(flags[0] ?? 0, current, previous) : ''}`;
  }

  #delete(handle: number): string {
    const [flags, current] = [new Uint32Array(1), new RtmIpRoute()];
    const status = this.#rtm.RtmDeleteRoute(handle, this.#route(), flags, current);
    return ` ${hex(status)}${status === NO_ERROR ? change(flags[0] ?? 0, current, null) : ''}`;
  }

  #message(handle: number): string {
    const [flags, current, previous] = [new Uint32Array(1), new RtmIpRoute(), new RtmIpRoute()];
    const status = this.#rtm.RtmDequeueRouteChangeMessage(handle, flags, current, previous);
    const isMessage = status === NO_ERROR || status === ERROR_MORE_MESSAGES;
    return isMessage ? ` a message${change(flags[0] ?? 0, current, previous)}` : ' none';
  }

  #is(call: string): string {
    const route = new RtmIpRoute();
    route.RR_Network.N_NetNumber = this.#number();
    route.RR_Network.N_NetMask = this.#number();
    const found = this.#rtm.RtmIsRoute(FAMILY, route.RR_Network, route);
    const text = found ? known(route) : '';
    if (call === 'age') return ` ${found && this.#rtm.RtmGetRouteAge(route) < 60 ? 'young' : 'none'}${text}`;
    return ` ${found ? 1 : 0} ${hex(found ? NO_ERROR : this.#rtm.GetLastError())}${text}`;
  }

  #look(): string {
    const route = new RtmIpRoute();
    const found = this.#rtm.RtmLookupIPDestination(this.#number(), route);
    return ` ${found ? 1 : 0} ${hex(found ? NO_ERROR : this.#rtm.GetLastError())}${found ? known(route) : ''}`;
  }

  #count(): string {
    const count = this.#rtm.RtmGetNetworkCount(FAMILY);
    return ` ${hex(count === 0 ? this.#rtm.GetLastError() : NO_ERROR)} ${count}`;
  }

  #routes(flags: number, criteria: RtmIpRoute): { readonly routes: RtmIpRoute[]; readonly closed: number } {
    const enumeration = this.#rtm.RtmCreateEnumerationHandle(FAMILY, flags, criteria);
    const routes: RtmIpRoute[] = [];
    if (enumeration === 0) return { routes, closed: NO_ERROR };
    for (;;) {
      const route = new RtmIpRoute();
      if (this.#rtm.RtmEnumerateGetNextRoute(enumeration, route) !== NO_ERROR) break;
      routes.push(route);
    }
    return { routes, closed: this.#rtm.RtmCloseEnumerationHandle(enumeration) };
  }

  #list(flags: number, criteria: RtmIpRoute): string {
    const { routes, closed } = this.#routes(flags, criteria);
    return ` closed ${hex(closed)}${routes.map(known).sort().join('')}`;
  }

  #step(call: 'first' | 'next'): string {
    const flags = this.#number();
    const route = this.#route();
    const status =
      call === 'first' ? this.#rtm.RtmGetFirstRoute(FAMILY, flags, route) : this.#rtm.RtmGetNextRoute(FAMILY, flags, route);
    // Version 1 had one number for a network without routes and for the end of the table.
    const asV2 = status === ERROR_NO_MORE_ROUTES ? ERROR_NO_SUCH_ROUTE : status;
    return ` ${hex(asV2)}${status === NO_ERROR ? known(route) : ''}`;
  }

  #table(): string {
    const routes = [...this.#clients.values()].flatMap(({ protocol }) => {
      const criteria = new RtmIpRoute();
      criteria.RR_RoutingProtocol = protocol;
      return this.#routes(RTM_ONLY_THIS_PROTOCOL, criteria).routes;
    });
    return [` ${routes.length}`, ...routes.sort(byBytes).map((route) => `   ${routeText(route)}`)].join('\n');
  }
}
