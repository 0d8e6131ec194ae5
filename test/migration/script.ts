/** Runs the scripts of driver.c on the v1 functions, and prints what the driver prints for the ported ones. */
import { NO_ERROR, RTM_PROTOCOL_FAMILY_IP } from '../../src/v1/constants.js';
import { ipv4 } from '../../src/v1/ipv4.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import type { V2Library } from '../../src/v2/library.js';
import type { Handle } from '../../src/v2/memory.js';
import { prefixLength } from '../../src/translate/ip-network.js';
import { EventObject } from '../../src/win32/event-object.js';
import { ticksSince, writeFileTime } from '../../src/win32/filetime.js';
import { NativeEntity } from '../support/native-entity.js';

const FAMILY = RTM_PROTOCOL_FAMILY_IP;
const TIME_STAMP_SIZE = 8;
const UNTOUCHED = 0xa5;
const UNTOUCHED_DWORD = 0xa5a5a5a5;
const [WANT_FLAGS, WANT_CURRENT, WANT_PREVIOUS] = [1, 2, 4];
const NATIVE_INTERFACE = 6;
/** The protocol of a client that comes and goes, so that what others have changed is looked at. */
const PASSER_BY = 0x7fff;

const hex = (value: number): string => value.toString(16);

function dwordsOf(route: RtmIpRoute): number[] {
  const view = new DataView(route.bytes.buffer, route.bytes.byteOffset + TIME_STAMP_SIZE, route.bytes.byteLength - TIME_STAMP_SIZE);
  return Array.from({ length: view.byteLength / 4 }, (_, index) => view.getUint32(index * 4, true));
}

/** A route as a script writes it: its DWORDs behind the time stamp. */
export function routeText(route: RtmIpRoute): string {
  return dwordsOf(route).map(hex).join(' ');
}

/** A buffer that a call may fill in. */
class Buffer92 {
  readonly route: RtmIpRoute | null;

  constructor(isWanted: boolean) {
    this.route = isWanted ? new RtmIpRoute() : null;
    this.route?.bytes.fill(UNTOUCHED);
  }

  get isUntouched(): boolean {
    return this.route?.bytes.every((octet) => octet === UNTOUCHED) ?? true;
  }
}

/** Runs scripts on one opened object. */
export class ScriptRunner {
  readonly #rtm: Rtm1;
  readonly #library: V2Library;
  readonly #clients = new Map<number, number>();
  readonly #enumerations = new Map<number, number>();
  readonly #events = new Map<number, EventObject>();
  readonly #nativeRoutes = new Map<string, Handle>();
  readonly #calls: Readonly<Record<string, () => string>> = {
    start: () => this.#start(),
    stop: () => this.#stop(),
    add: () => this.#add(),
    delete: () => this.#delete(),
    block: () => ` ${hex(this.#rtm.RtmBlockDeleteRoutes(this.#client(), this.#number(), this.#route()))}`,
    message: () => this.#message(),
    is: () => this.#is(),
    age: () => this.#age(),
    stamp: () => this.#stamp(),
    look: () => this.#look(),
    count: () => this.#count(),
    open: () => this.#open(),
    read: () => this.#read(),
    close: () => this.#close(),
    list: () => this.#listOf(' '),
    first: () => this.#step((flags, route) => this.#rtm.RtmGetFirstRoute(FAMILY, flags, route)),
    next: () => this.#step((flags, route) => this.#rtm.RtmGetNextRoute(FAMILY, flags, route)),
    table: () => this.#list(0, null, '\n  '),
    native: () => this.#nativeComes(),
    nadd: () => this.#nativeAdds(),
    ndelete: () => this.#nativeDeletes(),
    nleave: () => this.#nativeLeaves(),
    hold: () => this.#hold(true),
    release: () => this.#hold(false),
    expire: () => this.#expire(),
    expiring: () => '',
    many: () => this.#many(),
    null: () => this.#null(),
    who: () => this.#choose(),
    set: () => this.#setEvent(true),
    reset: () => this.#setEvent(false),
    // Every network with a route is one that the port has to remember, where no other entity has any.
    remembered: () => ` ${this.#rtm.RtmGetNetworkCount(FAMILY)}`,
  };
  #words: string[] = [];
  readonly #natives = new Map<number, NativeEntity>();
  #who = 0;
  #isHeld = false;

  constructor(rtm: Rtm1, library: V2Library) {
    this.#rtm = rtm;
    this.#library = library;
  }

  run(script: readonly string[]): string[] {
    return script.flatMap((line) => {
      const [call = '', ...words] = line.split(' ');
      this.#words = words;
      const result = this.#calls[call];
      if (result === undefined) throw new RangeError(`no such call: ${line}`);
      const told = result();
      const events = this.#eventStates();
      this.#settle();
      return `${call}${told} |${events} |${this.#eventStates()}`.split('\n');
    });
  }

  #eventStates(): string {
    return [...this.#events].sort(([one], [other]) => one - other).map(([, event]) => ` ${Number(event.signalled)}`).join('');
  }

  #number(): number {
    return Number.parseInt(this.#words.shift() ?? '0', 16);
  }

  #client(): number {
    return this.#clients.get(this.#number()) ?? 0;
  }

  #route(): RtmIpRoute | null {
    if (this.#words[0] === 'null') {
      this.#words.shift();
      return null;
    }
    const route = new RtmIpRoute();
    const view = new DataView(route.bytes.buffer, route.bytes.byteOffset);
    for (let offset = TIME_STAMP_SIZE; offset < route.bytes.byteLength; offset += 4) {
      view.setUint32(offset, this.#number(), true);
    }
    return route;
  }

  #text(route: RtmIpRoute): string {
    return `[${routeText(route)}]${this.#rtm.RtmGetRouteAge(route) < 60 ? '*' : ''}`;
  }

  #buffer(buffer: Buffer92): string {
    if (buffer.route === null) return ' -';
    return buffer.isUntouched ? ' =' : ` ${this.#text(buffer.route)}`;
  }

  #start(): string {
    const [client, protocol, flags, number] = [this.#number(), this.#number(), this.#number(), this.#number()];
    if (number !== 0 && !this.#events.has(number)) this.#events.set(number, new EventObject());
    const handle = this.#rtm.RtmRegisterClient(FAMILY, protocol, this.#events.get(number) ?? null, flags);
    if (handle !== 0) this.#clients.set(client, handle);
    return ` ${hex(handle === 0 ? this.#rtm.GetLastError() : NO_ERROR)}`;
  }

  #stop(): string {
    const client = this.#number();
    const status = this.#rtm.RtmDeregisterClient(this.#clients.get(client) ?? 0);
    if (status === NO_ERROR) this.#clients.delete(client);
    return ` ${hex(status)}`;
  }

  /** A call with flags and two buffers. */
  #withOutputs(
    wanted: number,
    call: (flags: Uint32Array, current: RtmIpRoute | null, previous: RtmIpRoute | null) => number,
  ): string {
    const wantsFlags = (wanted & WANT_FLAGS) !== 0;
    const flags = wantsFlags ? Uint32Array.of(UNTOUCHED_DWORD) : new Uint32Array(0);
    const [current, previous] = [new Buffer92((wanted & WANT_CURRENT) !== 0), new Buffer92((wanted & WANT_PREVIOUS) !== 0)];
    const status = call(flags, current.route, previous.route);
    const told = flags[0] === UNTOUCHED_DWORD ? '=' : hex(flags[0] ?? 0);
    return ` ${hex(status)} ${wantsFlags ? told : '-'}${this.#buffer(current)}${this.#buffer(previous)}`;
  }

  #add(): string {
    const [client, seconds, route] = [this.#client(), this.#number(), this.#route()];
    return this.#withOutputs(this.#number(), (...outputs) =>
      this.#rtm.RtmAddRoute(client, route ?? new Uint8Array(0), seconds, ...outputs),
    );
  }

  #delete(): string {
    const [client, route] = [this.#client(), this.#route()];
    return this.#withOutputs(this.#number() & ~WANT_PREVIOUS, (flags, current) =>
      this.#rtm.RtmDeleteRoute(client, route ?? new Uint8Array(0), flags, current),
    );
  }

  #message(): string {
    const client = this.#client();
    return this.#withOutputs(this.#number(), (...outputs) => this.#rtm.RtmDequeueRouteChangeMessage(client, ...outputs));
  }

  #found(isFound: boolean, buffer: Buffer92): string {
    return ` ${isFound ? '1' : `0 ${hex(this.#rtm.GetLastError())}`}${this.#buffer(buffer)}`;
  }

  /** The route of the network that is asked for next, and whether there is one. */
  #best(): { readonly isFound: boolean; readonly buffer: Buffer92 } {
    this.#number();
    const { RR_Network: network } = new RtmIpRoute();
    network.N_NetNumber = this.#number();
    network.N_NetMask = this.#number();
    const buffer = new Buffer92(true);
    return { isFound: this.#rtm.RtmIsRoute(FAMILY, network, buffer.route), buffer };
  }

  #is(): string {
    const { isFound, buffer } = this.#best();
    return this.#found(isFound, buffer);
  }

  #age(): string {
    const { isFound, buffer } = this.#best();
    if (!isFound || buffer.route === null) return ' none';
    return this.#rtm.RtmGetRouteAge(buffer.route) < 60 ? ' young' : ' old';
  }

  #stamp(): string {
    const [low, high] = [this.#number(), this.#number()];
    const route = new RtmIpRoute();
    const cells = new Uint32Array(2);
    writeFileTime(Date.now(), cells, 0);
    const ticks = BigInt.asUintN(64, -ticksSince(...pair(cells), -11_644_473_600_000) - ((BigInt(high) << 32n) | BigInt(low)));
    route.RR_TimeStamp.dwLowDateTime = Number(ticks & 0xffffffffn);
    route.RR_TimeStamp.dwHighDateTime = Number(ticks >> 32n);
    return `${this.#ageOf(route)}${this.#ageOf(new RtmIpRoute())}`;
  }

  #ageOf(route: RtmIpRoute): string {
    this.#clearLastError();
    return ` ${hex(this.#rtm.RtmGetRouteAge(route))} ${hex(this.#rtm.GetLastError())}`;
  }

  /** A question whose answer is that there is nothing sets the last error to NO_ERROR. */
  #clearLastError(): void {
    const { RR_Network: network } = new RtmIpRoute();
    network.N_NetNumber = ipv4('255.255.255.255');
    network.N_NetMask = ipv4('255.255.255.255');
    this.#rtm.RtmIsRoute(FAMILY, network, null);
  }

  #look(): string {
    this.#number();
    const buffer = new Buffer92(true);
    return this.#found(this.#rtm.RtmLookupIPDestination(this.#number(), buffer.route ?? new RtmIpRoute()), buffer);
  }

  #count(): string {
    const count = this.#rtm.RtmGetNetworkCount(FAMILY);
    return ` ${hex(count === 0 ? this.#rtm.GetLastError() : NO_ERROR)} ${count}`;
  }

  #open(): string {
    this.#number();
    const number = this.#number();
    const handle = this.#rtm.RtmCreateEnumerationHandle(FAMILY, this.#number(), this.#route());
    if (handle !== 0) this.#enumerations.set(number, handle);
    return ` ${hex(handle === 0 ? this.#rtm.GetLastError() : NO_ERROR)}`;
  }

  #read(): string {
    const buffer = new Buffer92(true);
    const handle = this.#enumerations.get(this.#number()) ?? 0;
    const status = this.#rtm.RtmEnumerateGetNextRoute(handle, buffer.route ?? new RtmIpRoute());
    return ` ${hex(status)}${this.#buffer(buffer)}`;
  }

  #close(): string {
    const number = this.#number();
    const status = this.#rtm.RtmCloseEnumerationHandle(this.#enumerations.get(number) ?? 0);
    this.#enumerations.delete(number);
    return ` ${hex(status)}`;
  }

  #listOf(separator: string): string {
    this.#number();
    return this.#list(this.#number(), this.#route(), separator);
  }

  #list(flags: number, criteria: RtmIpRoute | null, separator: string): string {
    const enumeration = this.#rtm.RtmCreateEnumerationHandle(FAMILY, flags, criteria);
    if (enumeration === 0) return ` ${hex(this.#rtm.GetLastError())}`;
    const found: string[] = [];
    for (;;) {
      const route = new RtmIpRoute();
      const status = this.#rtm.RtmEnumerateGetNextRoute(enumeration, route);
      if (status === NO_ERROR) {
        found.push(this.#text(route));
        continue;
      }
      const closed = [0, 1].map(() => hex(this.#rtm.RtmCloseEnumerationHandle(enumeration)));
      return ` 0 ${hex(status)} ${closed.join(' ')}${found.sort().map((text) => `${separator}${text}`).join('')}`;
    }
  }

  #step(find: (flags: number, route: RtmIpRoute | Uint8Array) => number): string {
    this.#number();
    const [flags, route] = [this.#number(), this.#route()];
    const status = find(flags, route ?? new Uint8Array(0));
    return ` ${hex(status)}${route === null ? '' : ` ${this.#text(route)}`}`;
  }

  get #native(): NativeEntity | undefined {
    return this.#natives.get(this.#who);
  }

  #choose(): string {
    this.#who = this.#number();
    return '';
  }

  #setEvent(isSet: boolean): string {
    const event = this.#events.get(this.#number());
    if (isSet) event?.set();
    else event?.reset();
    return '';
  }

  #nativeComes(): string {
    const native = new NativeEntity(this.#library, this.#number(), undefined, 77);
    native.addNextHop(ipv4('198.51.100.9'), NATIVE_INTERFACE);
    this.#natives.set(this.#who, native);
    return '';
  }

  #nativeAdds(): string {
    const [preference, metric, flags, flags1] = [this.#number(), this.#number(), this.#number(), this.#number()];
    const [address, mask] = [this.#number(), this.#number()];
    const views = this.#number() || 1;
    const hasNextHop = this.#number() === 0;
    const length = prefixLength(address, mask);
    const route = this.#native?.add({ address, length, preference, metric, flags, flags1, views, hasNextHop }) ?? 0;
    this.#nativeRoutes.set(`${this.#who} ${address}/${mask}`, route);
    this.#settle();
    return '';
  }

  #nativeDeletes(): string {
    const name = `${this.#who} ${this.#number()}/${this.#number()}`;
    const route = this.#nativeRoutes.get(name);
    if (route !== undefined) this.#native?.remove(route);
    this.#nativeRoutes.delete(name);
    this.#settle();
    return '';
  }

  #nativeLeaves(): string {
    this.#native?.leave();
    for (const name of [...this.#nativeRoutes.keys()]) if (name.startsWith(`${this.#who} `)) this.#nativeRoutes.delete(name);
    this.#settle();
    return '';
  }

  #hold(isHeld: boolean): string {
    this.#isHeld = isHeld;
    this.#settle();
    return '';
  }

  /** What the timer would do within 100 ms: has what others have changed looked at. */
  #settle(): void {
    if (this.#isHeld) return;
    const handle = this.#rtm.RtmRegisterClient(FAMILY, PASSER_BY, new EventObject(), 0);
    this.#rtm.RtmDeregisterClient(handle);
  }

  #expire(): string {
    this.#isHeld = false;
    this.#settle();
    return ` ${Number(this.#events.get(this.#number())?.signalled)}`;
  }

  #null(): string {
    const nothing = new Uint8Array(0);
    const { RR_Network: any } = new RtmIpRoute();
    const error = (found: boolean): string => ` ${Number(found)} ${hex(this.#rtm.GetLastError())}`;
    const isRoute = error(this.#rtm.RtmIsRoute(FAMILY, nothing, null));
    const without = ` ${Number(this.#rtm.RtmIsRoute(FAMILY, any, null))}`;
    const look = error(this.#rtm.RtmLookupIPDestination(0, nothing));
    this.#clearLastError();
    return `${isRoute}${without}${look} ${hex(this.#rtm.RtmGetRouteAge(nothing))} ${hex(this.#rtm.GetLastError())}`;
  }

  #many(): string {
    const [client, wanted] = [this.#client(), this.#number()];
    const flags = new Uint32Array(1);
    let added = 0;
    for (let index = 0; index < wanted; index += 1) {
      const route = new RtmIpRoute();
      route.RR_Network.N_NetNumber = ipv4(`${1 + (index >>> 16)}.${(index >>> 8) & 255}.${index & 255}.0`);
      route.RR_Network.N_NetMask = ipv4('255.255.255.0');
      if (this.#rtm.RtmAddRoute(client, route, 0xffffffff, flags, null, null) === NO_ERROR && flags[0] === 1) added += 1;
    }
    return ` ${hex(added)} even`;
  }
}

const pair = ([low = 0, high = 0]: Uint32Array): [number, number] => [low, high];
