/** Does what an action says to the shim and to the model alike. */
import {
  type Action,
  type ActionOf,
  type Actor,
  addressOf,
  type Buffers,
  isHoldableChoice,
  networkOfChoice,
  protocolOf,
  type RouteChoice,
  routeOfChoice,
  stepOf,
  timeToLiveOf,
} from './actions.js';
import type { Answer, NaiveRoute } from './naive-rtm.js';
import { refusedCalls } from './refused-calls.js';
import { FAMILIES, type Family, fileTime, IP, ipAddress, setTimeStamp } from './route-bytes.js';
import type { Client, Enumeration, Session } from './session.js';
import { type Argument, flagsOutput, input, type Opened, output } from './v1-calls.js';

const INFINITE = 0xffffffff;
const MAX_TTL = 2147483;
const ERROR_MORE_MESSAGES = 234;
const ALL = 0;
const ONLY_BEST = 8;
/** The flags that refer to criteria; RtmGetSpecificRoute uses all of them. */
const CRITERIA = 7;

const ANY_ROUTE: RouteChoice = { net: 0, hop: 0, ifc: 0, first: 0, second: 0, type: 0, extra: 0, data: 0, mask: 0 };

const number = (value: number): Argument => ({ value, text: value === INFINITE ? 'INFINITE' : String(value) });
const nothing: Argument = { value: null, text: 'null' };
const handleOf = ({ handle, name }: Client | Enumeration): Argument => ({ value: handle, text: name });
const at = <T>(list: readonly T[], choice: number): T | undefined => list[choice % Math.max(1, list.length)];

export class Player implements Actor {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Does what the action says, if there is something to do it to. */
  perform(action: Action): void {
    const perform = (this as Actor)[action.kind] as (action: Action) => void;
    perform.call(this, action);
  }

  /** Looks at everything there is, and then takes everything away. */
  finish(): void {
    const session = this.#session;
    for (const client of session.clients) this.#drain(client);
    for (const family of FAMILIES) {
      this.count({ object: 0, family });
      this.walk({ object: 0, family, flags: ALL, route: ANY_ROUTE });
      this.walk({ object: 1, family, flags: ONLY_BEST, route: ANY_ROUTE });
      for (const flags of [ALL, ONLY_BEST]) {
        this.createEnumeration({ object: 0, family, flags, route: ANY_ROUTE, criteria: false });
      }
    }
    for (const enumeration of session.enumerations) {
      while (this.#enumerateOne(enumeration, 0) === 0);
      this.#close(enumeration);
    }
    for (const client of session.clients) {
      this.#deregister(client);
      for (const other of session.clients) this.#drain(other);
    }
    session.checkNothingIsLeft();
    session.natives.end();
  }

  // ---------------------------------------------------------------- clients

  register({ object, family, protocol, event: which, single }: ActionOf<'register'>): void {
    const session = this.#session;
    const on = this.#on(object);
    const event = session.events[which - 1];
    const answer = session.model.registerClient(family, protocolOf(protocol), event?.model ?? null, single);
    const args = [
      number(family),
      number(protocolOf(protocol)),
      event ? { value: event.event, text: event.name } : nothing,
      number(single ? 1 : 0),
    ];
    const name = session.newName('client');
    const handle = session.call(on, 'RtmRegisterClient', args, [answer], {}, `const ${name} = `);
    if (answer.client) session.clients = [...session.clients, { name, handle: session.fresh(handle), on, model: answer.client }];
  }

  deregister({ client: which }: ActionOf<'deregister'>): void {
    const client = at(this.#session.clients, which);
    if (client) this.#deregister(client);
  }

  #deregister(client: Client): void {
    const session = this.#session;
    const answer = session.model.deregisterClient(client.model);
    session.call(client.on, 'RtmDeregisterClient', [handleOf(client)], [answer]);
    session.clients = session.clients.filter((other) => other !== client);
    session.stale.push(handleOf(client));
  }

  // ---------------------------------------------------------------- routes

  add({ client: which, route, again, ttl, buffers }: ActionOf<'add'>): void {
    const client = at(this.#session.clients, which);
    if (!client) return;
    const { family } = client.model;
    const timeToLive = timeToLiveOf(ttl);
    if (!isHoldableChoice(family, route) || (timeToLive > MAX_TTL && timeToLive !== INFINITE)) this.#settle();
    // Now and then a route that is there comes again, with other data.
    const content = this.#likeOwn(client, again, routeOfChoice(family, route));
    const answer = this.#session.model.addRoute(client.model, content, timeToLive);
    const given = this.#given(family, buffers, content);
    const args = [
      handleOf(client),
      given,
      number(timeToLive),
      flagsOutput(),
      buffers.inPlace ? given : wanted(buffers.current, family, buffers.form),
      wanted(buffers.previous, family, buffers.form),
    ];
    this.#session.call(client.on, 'RtmAddRoute', args, [answer], { flags: 3, current: 4, previous: 5 });
  }

  delete({ client: which, route, existing, buffers }: ActionOf<'delete'>): void {
    const client = at(this.#session.clients, which);
    if (!client) return;
    const { family } = client.model;
    if (!isHoldableChoice(family, route)) this.#settle();
    const content = this.#likeOwn(client, existing, routeOfChoice(family, route));
    const answer = this.#session.model.deleteRoute(client.model, content);
    const given = this.#given(family, buffers, content);
    const best = buffers.inPlace ? given : wanted(buffers.current, family, buffers.form);
    const args = [handleOf(client), given, flagsOutput(), best];
    this.#session.call(client.on, 'RtmDeleteRoute', args, [answer], { flags: 2, current: 3 });
  }

  blockDelete({ client: which, flags, route, criteria }: ActionOf<'blockDelete'>): void {
    const client = at(this.#session.clients, which);
    if (!client) return;
    if (!isHoldableChoice(client.model.family, route)) this.#settle();
    const criterion = criteriaArgument(client.model.family, flags, route, criteria);
    const answer = this.#session.model.blockDeleteRoutes(client.model, flags, criterion.bytes);
    this.#session.call(client.on, 'RtmBlockDeleteRoutes', [handleOf(client), number(flags), criterion], [answer]);
  }

  // ---------------------------------------------------------------- messages

  dequeue({ client: which, buffers }: ActionOf<'dequeue'>): void {
    const client = at(this.#session.clients, which);
    if (client) this.#dequeue(client, buffers);
  }

  #dequeue(client: Client, buffers: Pick<Buffers, 'current' | 'previous' | 'form'>): number | boolean {
    const { family, event } = client.model;
    if (event === null) this.#settle();
    const answers = this.#session.model.dequeueRouteChangeMessage(client.model);
    // Only the routes tell which of several messages it was.
    const isOpen = answers.length > 1;
    const args = [
      handleOf(client),
      flagsOutput(),
      wanted(buffers.current || isOpen, family, buffers.form),
      wanted(buffers.previous || isOpen, family, buffers.form),
    ];
    const outputs = { flags: 1, current: 2, previous: 3 };
    return this.#session.call(client.on, 'RtmDequeueRouteChangeMessage', args, answers, outputs);
  }

  #drain(client: Client): void {
    while (this.#dequeue(client, { current: true, previous: true, form: 0 }) === ERROR_MORE_MESSAGES);
  }

  event({ event: which, set }: ActionOf<'event'>): void {
    const { name, event, model, heard } = this.#session.events[which === 0 ? 0 : 1];
    this.#session.note(`${name}.${set ? 'set' : 'reset'}();`);
    if (set && !model.signalled) model.signals = heard.signals + 1;
    model.signalled = set;
    if (set) event.set();
    else event.reset();
    this.#session.checkEvents();
  }

  // ---------------------------------------------------------------- questions

  isRoute({ object, family, route, buffers }: ActionOf<'isRoute'>): void {
    if (!isHoldableChoice(family, route)) this.#settle();
    const { bytes, text } = networkOfChoice(family, route);
    const args = [number(family), { value: bytes, text }, wanted(buffers.current, family, buffers.form)];
    this.#session.call(this.#on(object), 'RtmIsRoute', args, [this.#session.model.isRoute(family, bytes)], { route: 2 });
  }

  count({ object, family }: ActionOf<'count'>): void {
    const answer = this.#session.model.getNetworkCount(family);
    this.#session.call(this.#on(object), 'RtmGetNetworkCount', [number(family)], [answer]);
  }

  age({ object, family, route, age }: ActionOf<'age'>): void {
    const bytes = routeOfChoice(family, route);
    const ms = [0, 999, 1000, 60_000, -1, -1000, -1001, undefined][age];
    if (ms !== undefined) setTimeStamp(bytes, fileTime(this.#session.model.now - ms));
    // Bytes alone would be taken for an RTM_IP_ROUTE.
    const given = input(family, family === IP ? 0 : 1, bytes);
    this.#session.call(this.#on(object), 'RtmGetRouteAge', [given], [this.#session.model.getRouteAge(bytes)]);
  }

  lookup({ object, address, form }: ActionOf<'lookup'>): void {
    const text = addressOf(address);
    const args = [{ value: ipAddress(text), text: `ipAddress('${text}')` }, output(IP, form)];
    const answer = this.#session.model.lookupIPDestination(ipAddress(text));
    this.#session.call(this.#on(object), 'RtmLookupIPDestination', args, [answer], { route: 1 });
  }

  // ---------------------------------------------------------------- enumerations and walks

  createEnumeration({ object, family, flags, route, criteria }: ActionOf<'createEnumeration'>): void {
    const session = this.#session;
    const on = this.#on(object);
    const criterion = criteriaArgument(family, flags, route, criteria);
    const answer = session.model.createEnumeration(family, flags, criterion.bytes);
    const args = [number(family), number(flags), criterion];
    const name = session.newName('enumeration');
    const handle = session.call(on, 'RtmCreateEnumerationHandle', args, [answer], {}, `const ${name} = `);
    const model = answer.enumeration;
    if (model) session.enumerations = [...session.enumerations, { name, handle: session.fresh(handle), on, model }];
  }

  enumerate({ enumeration: which, times, form }: ActionOf<'enumerate'>): void {
    const enumeration = at(this.#session.enumerations, which);
    for (let left = times; enumeration && left > 0; left--) this.#enumerateOne(enumeration, form);
  }

  #enumerateOne(enumeration: Enumeration, form: Buffers['form']): number | boolean {
    const args = [handleOf(enumeration), output(enumeration.model.family, form)];
    const answers = this.#session.model.enumerateGetNextRoute(enumeration.model);
    return this.#session.call(enumeration.on, 'RtmEnumerateGetNextRoute', args, answers, { route: 1 });
  }

  closeEnumeration({ enumeration: which }: ActionOf<'closeEnumeration'>): void {
    const enumeration = at(this.#session.enumerations, which);
    if (enumeration) this.#close(enumeration);
  }

  #close(enumeration: Enumeration): void {
    const session = this.#session;
    session.call(enumeration.on, 'RtmCloseEnumerationHandle', [handleOf(enumeration)], [{ result: 0 }]);
    session.enumerations = session.enumerations.filter((other) => other !== enumeration);
    session.stale.push(handleOf(enumeration));
  }

  first({ object, family, flags, route, form }: ActionOf<'first'>): void {
    const content = routeOfChoice(family, route);
    const args = [number(family), number(flags), input(family, form, content)];
    const answers = this.#session.model.getFirstRoute(family, flags, content);
    this.#session.call(this.#on(object), 'RtmGetFirstRoute', args, answers, { route: 2 });
  }

  next({ object, family, flags, route, form }: ActionOf<'next'>): void {
    if (!isHoldableChoice(family, route)) this.#settle();
    const content = routeOfChoice(family, route);
    const args = [number(family), number(flags), input(family, form, content)];
    const answers = this.#session.model.getNextRoute(family, flags, content);
    this.#session.call(this.#on(object), 'RtmGetNextRoute', args, answers, { route: 2 });
  }

  specific({ object, family, route }: ActionOf<'specific'>): void {
    const content = routeOfChoice(family, route);
    const answers = this.#session.model.getFirstRoute(family, CRITERIA, content);
    const args = [number(family), input(family, 0, content)];
    this.#session.call(this.#on(object), 'RtmGetSpecificRoute', args, answers, { route: 1 });
  }

  /** RtmGetFirstRoute and RtmGetNextRoute to the end. */
  walk({ object, family, flags, route }: ActionOf<'walk'>): void {
    const { model } = this.#session;
    const content = routeOfChoice(family, route);
    const position = this.#session.named('route', input(family, 2, content));
    const args = [number(family), number(flags), position];
    let answers = model.getFirstRoute(family, flags, content);
    let called = 'RtmGetFirstRoute';
    while (this.#session.call(this.#on(object), called, args, answers, { route: 2 }) === 0) {
      called = 'RtmGetNextRoute';
      answers = model.getNextRoute(family, flags, position.value as Uint8Array);
    }
  }

  // ---------------------------------------------------------------- time, native entities, calls that are refused

  time({ step }: ActionOf<'time'>): void {
    this.#session.model.now += stepOf(step);
    this.#session.note(`clock.ms += ${stepOf(step)};`);
  }

  nativePut(action: ActionOf<'nativePut'>): void {
    this.#session.natives.put(action);
  }

  nativeDelete(action: ActionOf<'nativeDelete'>): void {
    this.#session.natives.delete(action);
  }

  refused({ object, call, value, client }: ActionOf<'refused'>): void {
    this.#settle();
    const calls = refusedCalls(this.#session, this.#on(object), at(this.#session.clients, client), value);
    const chosen = at(calls, call);
    if (!chosen) return;
    const { result, lastError } = chosen;
    const answer: Answer = { result, ...(lastError !== undefined && { lastError }) };
    this.#session.call(chosen.on, chosen.called, chosen.args, [answer]);
  }

  // ---------------------------------------------------------------- helpers

  #on(object: number): Opened {
    return this.#session.opened[object === 0 ? 0 : 1];
  }

  /** Whether a call that is refused lets routes age out first is not said: they do before. */
  #settle(): void {
    if (this.#session.model.isAnythingDue) this.count({ object: 0, family: IP });
  }

  /** The content, made the same route as one of the client's if it has so many. */
  #likeOwn(client: Client, which: number, content: Uint8Array): Uint8Array {
    const own = this.#session.model.routes.filter(({ owner }) => owner === client.model)[which];
    if (own) copyIdentity(own, content);
    return content;
  }

  /** The route that a call is given. One that is to receive a result as well needs a name in the script. */
  #given(family: Family, { form, inPlace }: Buffers, content: Uint8Array): Argument {
    const route = input(family, form, content);
    return inPlace ? this.#session.named('route', route) : route;
  }
}

const NETWORK = 32;
const INTERFACE = 12;

/** Network, interface and next hop. */
function copyIdentity({ family, bytes }: NaiveRoute, to: Uint8Array): void {
  to.set(bytes.subarray(INTERFACE, INTERFACE + 4), INTERFACE);
  to.set(bytes.subarray(NETWORK, family === IP ? 44 : 42), NETWORK);
}

const wanted = (isWanted: boolean, family: Family, form: Buffers['form']): Argument =>
  isWanted ? output(family, form) : nothing;

/** Criteria, or NULL where it is wanted and no flag refers to them. */
function criteriaArgument(
  family: Family,
  flags: number,
  route: RouteChoice,
  isGiven: boolean,
): Argument & { readonly bytes: Uint8Array | null } {
  if (!isGiven && (flags & CRITERIA) === 0) return { bytes: null, ...nothing };
  const bytes = routeOfChoice(family, route);
  const { value, text } = input(family, 0, bytes);
  return { bytes, value, text };
}
