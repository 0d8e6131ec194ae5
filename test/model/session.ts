/** One run: the same calls to the shim and to the model, compared after each of them. */
import { EventObject } from '../../src/win32/event-object.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import type { Rtmv2 } from '../../src/v2/index.js';
import {
  type Action,
  addressOf,
  type Buffers,
  isHoldableChoice,
  networkOfChoice,
  protocolOf,
  type RouteChoice,
  routeOfChoice,
  type Setting,
  stepOf,
  timeToLiveOf,
} from './actions.js';
import { type Answer, type NaiveClient, type NaiveEnumeration, type NaiveEvent, NaiveRtm } from './naive-rtm.js';
import { NativeEntities } from './native-entities.js';
import { refusedCalls } from './refused-calls.js';
import { type Family, fileTime, IP, ipAddress, setTimeStamp } from './route-bytes.js';
import { type Argument, flagsOutput, input, type Opened, output, V1Calls } from './v1-calls.js';

/** 2001-01-01: times at which the time stamps of native entities, which are of today, are in the future. */
const START = 978_307_200_000;

const INFINITE = 0xffffffff;
const ALL = 0;
const ONLY_BEST = 8;
/** The flags of the macro RtmGetSpecificRoute. */
const SPECIFIC = 7;
const NOTHING = { entities: 0, routes: 0, nextHops: 0, destinations: 0, handles: 0 };

/** A client of both sides. */
export interface Client {
  readonly name: string;
  readonly handle: number;
  readonly on: Opened;
  readonly model: NaiveClient;
}

interface Enumeration {
  readonly name: string;
  readonly handle: number;
  readonly on: Opened;
  readonly model: NaiveEnumeration;
}

/** An event object of both sides. */
interface Event {
  readonly name: string;
  readonly event: EventObject;
  readonly model: NaiveEvent;
  /** How often the event object said that it became signalled. */
  readonly heard: { signals: number };
}

/** What a run is made on. */
export interface Ground {
  readonly open: (options: { instance: number; clock: () => number; priorities: Map<number, number> }) => Rtm1;
  readonly rtmv2: Rtmv2;
  /** RTM instance: tables that nobody else has used. */
  readonly instance: number;
}

const dword = (value: number): string => (value === INFINITE ? 'INFINITE' : String(value));
const number = (value: number): Argument => ({ value, text: dword(value) });
const nothing: Argument = { value: null, text: 'null' };

export class Session {
  readonly model: NaiveRtm;
  readonly calls: V1Calls;
  readonly opened: readonly [Opened, Opened];
  readonly natives: NativeEntities;
  readonly events: readonly [Event, Event];
  clients: Client[] = [];
  enumerations: Enumeration[] = [];
  /** Handles of what has ended. */
  readonly stale: Argument[] = [];
  #names = 0;

  constructor(ground: Ground, { priorities }: Setting) {
    this.model = new NaiveRtm(START, new Map(priorities));
    const open = (): Rtm1 =>
      ground.open({ instance: ground.instance, clock: () => this.model.now, priorities: new Map(priorities) });
    this.opened = [
      { name: 'a', rtm: open() },
      { name: 'b', rtm: open() },
    ];
    this.calls = new V1Calls(this.opened[0].rtm.GetLastError());
    this.natives = new NativeEntities(ground.rtmv2, ground.instance, this.model, this.calls);
    this.events = [newEvent('event0'), newEvent('event1')];
    this.calls.note(preamble(priorities));
  }

  /** What has happened, as a test could do it. */
  get script(): string {
    return this.calls.script;
  }

  /** Does what the action says, if there is something to do it to. */
  perform(action: Action): void {
    switch (action.kind) {
      case 'register':
        return this.#register(action);
      case 'deregister':
        return this.#withClient(action.client, (client) => {
          this.#deregister(client);
        });
      case 'add':
        return this.#withClient(action.client, (client) => {
          this.#add(client, action);
        });
      case 'delete':
        return this.#withClient(action.client, (client) => {
          this.#delete(client, action);
        });
      case 'blockDelete':
        return this.#withClient(action.client, (client) => {
          this.#blockDelete(client, action);
        });
      case 'dequeue':
        return this.#withClient(action.client, (client) => {
          this.#dequeue(client, action.buffers);
        });
      case 'isRoute':
        return this.#isRoute(this.#on(action.object), action.family, action.route, action.buffers);
      case 'count':
        return this.#count(this.#on(action.object), action.family);
      case 'age':
        return this.#age(action);
      case 'createEnumeration':
        return this.#createEnumeration(action);
      case 'enumerate':
        return this.#withEnumeration(action.enumeration, (enumeration) => {
          for (let left = action.times; left > 0; left--) this.#enumerate(enumeration, action.form);
        });
      case 'closeEnumeration':
        return this.#withEnumeration(action.enumeration, (enumeration) => {
          this.#close(enumeration);
        });
      case 'first':
      case 'next':
        return this.#step(action);
      case 'specific':
        return this.#specific(this.#on(action.object), action.family, action.route);
      case 'walk':
        return this.#walk(this.#on(action.object), action.family, action.flags, action.route);
      case 'lookup':
        return this.#lookup(action);
      case 'time':
        return this.#passTime(stepOf(action.step));
      case 'event':
        return this.#setEvent(action);
      case 'nativePut':
        return this.natives.put(action);
      case 'nativeDelete':
        return this.natives.delete(action);
      case 'refused':
        return this.#refused(action);
    }
  }

  /** Looks at everything there is, and then takes everything away. */
  finish(): void {
    const route: RouteChoice = { net: 0, hop: 0, ifc: 0, first: 0, second: 0, type: 0, extra: 0, data: 0, mask: 0 };
    for (const client of this.clients) this.#drain(client);
    for (const family of [0, 1] as const) {
      this.#count(this.opened[0], family);
      this.#walk(this.opened[0], family, ALL, route);
      this.#walk(this.opened[1], family, ONLY_BEST, route);
      for (const flags of [ALL, ONLY_BEST]) {
        this.#createEnumeration({ object: 0, family, flags, route, criteria: false });
      }
    }
    for (const enumeration of [...this.enumerations]) {
      while (this.#enumerate(enumeration, 0) === 0);
      this.#close(enumeration);
    }
    for (const client of [...this.clients]) {
      this.#deregister(client);
      for (const other of this.clients) this.#drain(other);
    }
    this.#checkNothingIsLeft();
    this.natives.end();
  }

  /** Whatever has happened: leaves the tables empty for the next run. */
  close(): void {
    for (const { rtm } of this.opened) rtm.close();
    this.natives.abandon();
  }

  // ---------------------------------------------------------------- clients

  #register(action: Extract<Action, { kind: 'register' }>): void {
    const on = this.#on(action.object);
    const protocol = protocolOf(action.protocol);
    const event = this.events[action.event - 1];
    const name = `client${this.#names}`;
    const answer = this.model.registerClient(action.family, protocol, event?.model ?? null, action.single);
    const args = [
      number(action.family),
      number(protocol),
      event ? { value: event.event, text: event.name } : nothing,
      number(action.single ? 1 : 0),
    ];
    const handle = this.#call(on, 'RtmRegisterClient', args, [answer], {}, `const ${name} = `);
    if (answer.client === undefined) return;
    this.#names++;
    this.clients.push({ name, handle: this.#fresh(handle), on, model: answer.client });
  }

  #deregister(client: Client): void {
    const answer = this.model.deregisterClient(client.model);
    this.#call(client.on, 'RtmDeregisterClient', [this.#handle(client)], [answer]);
    this.clients = this.clients.filter((other) => other !== client);
    this.stale.push(this.#handle(client));
  }

  // ---------------------------------------------------------------- routes

  #add(client: Client, { route, again, ttl, buffers }: Extract<Action, { kind: 'add' }>): void {
    const { family } = client.model;
    if (!isHoldableChoice(family, route) || timeToLiveOf(ttl) > 2147483) this.#settle();
    // Now and then a route that is there comes again, with other data.
    const present = this.model.routes.filter(({ owner }) => owner === client.model)[again];
    const content = routeOfChoice(family, route);
    if (present) content.set(identifying(family, present.bytes), NETWORK);
    const answer = this.model.addRoute(client.model, content, timeToLiveOf(ttl));
    const given = this.#given(family, buffers, content);
    const args = [
      this.#handle(client),
      given,
      number(timeToLiveOf(ttl)),
      flagsOutput(),
      buffers.inPlace ? given : this.#wanted(buffers.current, family, buffers),
      this.#wanted(buffers.previous, family, buffers),
    ];
    this.#call(client.on, 'RtmAddRoute', args, [answer], { flags: 3, current: 4, previous: 5 });
  }

  #delete(client: Client, { route, existing, buffers }: Extract<Action, { kind: 'delete' }>): void {
    const { family } = client.model;
    const present = this.model.routes.filter(({ owner }) => owner === client.model)[existing];
    if (!present && !isHoldableChoice(family, route)) this.#settle();
    const content = routeOfChoice(family, route);
    if (present) content.set(identifying(family, present.bytes), NETWORK);
    const answer = this.model.deleteRoute(client.model, content);
    const given = this.#given(family, buffers, content);
    const best = buffers.inPlace ? given : this.#wanted(buffers.current, family, buffers);
    const args = [this.#handle(client), given, flagsOutput(), best];
    this.#call(client.on, 'RtmDeleteRoute', args, [answer], { flags: 2, current: 3 });
  }

  #blockDelete(client: Client, { flags, route, criteria }: Extract<Action, { kind: 'blockDelete' }>): void {
    const { family } = client.model;
    const criterion = criteriaArgument(family, flags, route, criteria);
    const answer = this.model.blockDeleteRoutes(client.model, flags, criterion.bytes);
    const args = [this.#handle(client), number(flags), criterion];
    this.#call(client.on, 'RtmBlockDeleteRoutes', args, [answer]);
  }

  // ---------------------------------------------------------------- messages

  #dequeue(client: Client, buffers: Pick<Buffers, 'current' | 'previous' | 'form'>): number | boolean {
    const { family } = client.model;
    const args = [
      this.#handle(client),
      flagsOutput(),
      this.#wanted(buffers.current, family, buffers),
      this.#wanted(buffers.previous, family, buffers),
    ];
    const answers = this.model.dequeueRouteChangeMessage(client.model);
    return this.#call(client.on, 'RtmDequeueRouteChangeMessage', args, answers, { flags: 1, current: 2, previous: 3 });
  }

  #drain(client: Client): void {
    while (this.#dequeue(client, { current: true, previous: true, form: 0 }) === 234);
  }

  #setEvent({ event: index, set }: Extract<Action, { kind: 'event' }>): void {
    const { name, event, model } = this.events[index] ?? this.events[0];
    this.calls.note(`${name}.${set ? 'set' : 'reset'}();`);
    if (set && !model.signalled) model.signals++;
    model.signalled = set;
    if (set) event.set();
    else event.reset();
    this.#checkEvents();
  }

  // ---------------------------------------------------------------- questions

  #isRoute(on: Opened, family: Family, route: RouteChoice, buffers: Buffers): void {
    if (!isHoldableChoice(family, route)) this.#settle();
    const network = networkOfChoice(family, route);
    const args = [
      number(family),
      { value: network.bytes, text: network.text },
      this.#wanted(buffers.current, family, buffers),
    ];
    this.#call(on, 'RtmIsRoute', args, [this.model.isRoute(family, network.bytes)], { route: 2 });
  }

  #count(on: Opened, family: Family): void {
    this.#call(on, 'RtmGetNetworkCount', [number(family)], [this.model.getNetworkCount(family)]);
  }

  #age({ object, family, route, age }: Extract<Action, { kind: 'age' }>): void {
    const bytes = routeOfChoice(family, route);
    const ms = [0, 999, 1000, 60_000, -1, -1000, -1001, undefined][age];
    if (ms !== undefined) setTimeStamp(bytes, fileTime(this.model.now - ms));
    // Bytes alone are taken for an RTM_IP_ROUTE.
    const given = input(family, family === IP ? 0 : 1, bytes);
    this.#call(this.#on(object), 'RtmGetRouteAge', [given], [this.model.getRouteAge(bytes)]);
  }

  #lookup({ object, address, form }: Extract<Action, { kind: 'lookup' }>): void {
    const text = addressOf(address);
    const args = [{ value: ipAddress(text), text: `ipAddress('${text}')` }, output(IP, form)];
    const answer = this.model.lookupIPDestination(ipAddress(text));
    this.#call(this.#on(object), 'RtmLookupIPDestination', args, [answer], { route: 1 });
  }

  // ---------------------------------------------------------------- enumerations and walks

  #createEnumeration(action: Omit<Extract<Action, { kind: 'createEnumeration' }>, 'kind'>): void {
    const { family, flags, route, criteria } = action;
    const on = this.#on(action.object);
    const criterion = criteriaArgument(family, flags, route, criteria);
    const name = `enumeration${this.#names}`;
    const answer = this.model.createEnumeration(family, flags, criterion.bytes);
    const args = [number(family), number(flags), criterion];
    const handle = this.#call(on, 'RtmCreateEnumerationHandle', args, [answer], {}, `const ${name} = `);
    if (answer.enumeration === undefined) return;
    this.#names++;
    this.enumerations.push({ name, handle: this.#fresh(handle), on, model: answer.enumeration });
  }

  #enumerate(enumeration: Enumeration, form: Buffers['form']): number | boolean {
    const args = [this.#handle(enumeration), output(enumeration.model.family, form)];
    const answers = this.model.enumerateGetNextRoute(enumeration.model);
    return this.#call(enumeration.on, 'RtmEnumerateGetNextRoute', args, answers, { route: 1 });
  }

  #close(enumeration: Enumeration): void {
    this.#call(enumeration.on, 'RtmCloseEnumerationHandle', [this.#handle(enumeration)], [{ result: 0 }]);
    this.enumerations = this.enumerations.filter((other) => other !== enumeration);
    this.stale.push(this.#handle(enumeration));
  }

  #step({ kind, object, family, flags, route, form }: Extract<Action, { kind: 'first' | 'next' }>): void {
    const content = routeOfChoice(family, route);
    // Where an address outside its mask, or a mask with holes, has its place among networks is not said.
    if (kind === 'next' && !isHoldableChoice(family, route)) return;
    const [called, answers] =
      kind === 'first'
        ? ['RtmGetFirstRoute', this.model.getFirstRoute(family, flags, content)]
        : ['RtmGetNextRoute', this.model.getNextRoute(family, flags, content)];
    const args = [number(family), number(flags), input(family, form, content)];
    this.#call(this.#on(object), called, args, answers, { route: 2 });
  }

  #specific(on: Opened, family: Family, route: RouteChoice): void {
    const content = routeOfChoice(family, route);
    const answers = this.model.getFirstRoute(family, SPECIFIC, content);
    this.#call(on, 'RtmGetSpecificRoute', [number(family), input(family, 0, content)], answers, { route: 1 });
  }

  /** RtmGetFirstRoute and RtmGetNextRoute to the end. */
  #walk(on: Opened, family: Family, flags: number, route: RouteChoice): void {
    const content = routeOfChoice(family, route);
    const inOut = this.#named(input(family, 2, content));
    const args = [number(family), number(flags), inOut];
    let answers = this.model.getFirstRoute(family, flags, content);
    let called = 'RtmGetFirstRoute';
    while (this.#call(on, called, args, answers, { route: 2 }) === 0) {
      called = 'RtmGetNextRoute';
      answers = this.model.getNextRoute(family, flags, inOut.value as Uint8Array);
    }
  }

  // ---------------------------------------------------------------- time, and calls that are refused

  #passTime(ms: number): void {
    this.model.now += ms;
    this.calls.note(`clock.ms += ${ms};`);
  }

  /** Whether a call that is refused lets routes age out first is not said. */
  #settle(): void {
    if (this.model.isAnythingDue) this.#count(this.opened[0], IP);
  }

  #refused({ object, call, value, client }: Extract<Action, { kind: 'refused' }>): void {
    this.#settle();
    const calls = refusedCalls(this, this.#on(object), this.clients[client % Math.max(1, this.clients.length)], value);
    const chosen = calls[call % calls.length];
    if (chosen === undefined) return;
    const answer: Answer = { result: chosen.result, ...(chosen.lastError !== undefined && { lastError: chosen.lastError }) };
    this.#call(chosen.on, chosen.called, chosen.args, [answer]);
  }

  // ---------------------------------------------------------------- both sides

  #on(object: number): Opened {
    return this.opened[object === 1 ? 1 : 0];
  }

  /** The route that a call is given. One that is to receive a result as well needs a name in the script. */
  #given(family: Family, { form, inPlace }: Buffers, content: Uint8Array): Argument {
    const route = input(family, form, content);
    return inPlace ? this.#named(route) : route;
  }

  #named({ value, text }: Argument): Argument {
    const name = `route${this.#names++}`;
    this.calls.note(`const ${name} = ${text};`);
    return { value, text: name };
  }

  #wanted(isWanted: boolean, family: Family, { form }: Pick<Buffers, 'form'>): Argument {
    return isWanted ? output(family, form) : nothing;
  }

  #handle({ handle, name }: Client | Enumeration): Argument {
    return { value: handle, text: name };
  }

  #fresh(handle: number | boolean): number {
    const others = [...this.clients, ...this.enumerations].map((other) => other.handle);
    if (typeof handle !== 'number' || others.includes(handle)) this.calls.fail(`The handle ${String(handle)} is in use`);
    return handle;
  }

  #withClient(choice: number, doIt: (client: Client) => void): void {
    const client = this.clients[choice % Math.max(1, this.clients.length)];
    if (client) doIt(client);
  }

  #withEnumeration(choice: number, doIt: (enumeration: Enumeration) => void): void {
    const enumeration = this.enumerations[choice % Math.max(1, this.enumerations.length)];
    if (enumeration) doIt(enumeration);
  }

  #call(...call: Parameters<V1Calls['call']>): number | boolean {
    const result = this.calls.call(...call);
    this.#checkEvents();
    return result;
  }

  #checkEvents(): void {
    for (const { name, event, model, heard } of this.events) {
      if (event.signalled !== model.signalled) {
        this.calls.fail(`${name} is ${event.signalled ? '' : 'not '}signalled, and should ${model.signalled ? '' : 'not '}be`);
      }
      if (heard.signals !== model.signals) {
        this.calls.fail(`${name} became signalled ${heard.signals} times, not ${model.signals} times`);
      }
    }
  }

  #checkNothingIsLeft(): void {
    for (const { name, rtm } of this.opened) {
      const left = JSON.stringify(rtm.leftBehind());
      this.calls.note(`${name}.leftBehind(); // ${left}`);
      if (left !== JSON.stringify(NOTHING)) this.calls.fail(`leftBehind() of ${name} is ${left}`);
    }
  }
}

function newEvent(name: string): Event {
  const heard = { signals: 0 };
  const event = new EventObject(() => {
    heard.signals++;
  });
  return { name, event, model: { signalled: false, signals: 0 }, heard };
}

const NETWORK = 32;

/** The bytes of a route from RR_Network on that say which one it is: network and next hop. */
const identifying = (family: Family, route: Uint8Array): Uint8Array => route.subarray(NETWORK, family === IP ? 44 : 42);

/** Criteria, or NULL where it is wanted and no flag refers to them. */
function criteriaArgument(
  family: Family,
  flags: number,
  route: RouteChoice,
  wanted: boolean,
): Argument & { bytes: Uint8Array | null } {
  if (!wanted && (flags & 7) === 0) return { bytes: null, ...nothing };
  const bytes = routeOfChoice(family, route);
  const { value, text } = input(family, 0, bytes);
  return { bytes, value, text };
}

const preamble = (priorities: Setting['priorities']): string =>
  [
    `import { EventObject, INFINITE, openRtm1 } from '../../src/index.js';`,
    `import { openRtmv2 } from '../../src/v2/index.js';`,
    `import { NativeEntity } from './native-entity.js';`,
    `import { ipAddress, ipNetwork, ipRoute, ipxNetwork, ipxRoute } from './route-bytes.js';`,
    `import { placed } from './v1-calls.js';`,
    ``,
    `const rtmv2 = openRtmv2('embedded');`,
    `const clock = { ms: ${START} };`,
    `const priorities = new Map<number, number>(${JSON.stringify(priorities)});`,
    `const options = { library: 'embedded', instance: 7, priorities, clock: () => clock.ms };`,
    `const [a, b] = [openRtm1(options), openRtm1(options)];`,
    `const [event0, event1] = [new EventObject(), new EventObject()];`,
    `const flags = new Uint32Array(1);`,
  ].join('\n');
