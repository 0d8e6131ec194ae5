/** The state of a run: what is there on both sides, the shim's and the model's, and how the two are compared. */
import type { Rtm1 } from '../../src/v1/rtm1.js';
import type { Rtmv2 } from '../../src/v2/index.js';
import { EventObject } from '../../src/win32/event-object.js';
import type { Setting } from './actions.js';
import { type NaiveClient, type NaiveEnumeration, type NaiveEvent, NaiveRtm } from './naive-rtm.js';
import { NativeEntities } from './native-entities.js';
import { type Argument, type Opened, V1Calls } from './v1-calls.js';

/** 2001-01-01: times at which the time stamps of native entities, which are of today, are in the future. */
const START = 978_307_200_000;

const NOTHING = { entities: 0, routes: 0, nextHops: 0, destinations: 0, handles: 0 };

/** A client of both sides. */
export interface Client {
  readonly name: string;
  readonly handle: number;
  readonly on: Opened;
  readonly model: NaiveClient;
}

/** An enumeration of both sides. */
export interface Enumeration {
  readonly name: string;
  readonly handle: number;
  readonly on: Opened;
  readonly model: NaiveEnumeration;
}

/** An event object of both sides. */
export interface Event {
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
  /** RTM instance: tables that nobody else uses. */
  readonly instance: number;
}

export class Session {
  readonly model: NaiveRtm;
  readonly opened: readonly [Opened, Opened];
  readonly natives: NativeEntities;
  readonly events: readonly [Event, Event] = [newEvent('event0'), newEvent('event1')];
  clients: Client[] = [];
  enumerations: Enumeration[] = [];
  /** Handles of what has ended. */
  readonly stale: Argument[] = [];
  readonly #calls: V1Calls;
  #names = 0;

  constructor(ground: Ground, { priorities }: Setting) {
    this.model = new NaiveRtm(START, new Map(priorities));
    const open = (): Rtm1 =>
      ground.open({ instance: ground.instance, clock: () => this.model.now, priorities: new Map(priorities) });
    this.opened = [
      { name: 'a', rtm: open() },
      { name: 'b', rtm: open() },
    ];
    this.#calls = new V1Calls(this.opened[0].rtm.GetLastError());
    this.natives = new NativeEntities(ground.rtmv2, ground.instance, this.model, this.#calls);
    this.#calls.note(preamble(priorities));
  }

  /** What has happened, as a test could do it. */
  get script(): string {
    return this.#calls.script;
  }

  /** Writes a line of the script. */
  note(line: string): void {
    this.#calls.note(line);
  }

  /** Makes a v1 call and compares all that it could have touched, as `V1Calls.call` does, and the events. */
  call(...call: Parameters<V1Calls['call']>): number | boolean {
    const result = this.#calls.call(...call);
    this.checkEvents();
    return result;
  }

  /** Compares what events are signalled, and how often they became so. */
  checkEvents(): void {
    for (const { name, event, model, heard } of this.events) {
      model.signalled ??= event.signalled;
      model.signals ??= heard.signals;
      if (event.signalled !== model.signalled) {
        throw new Error(`${name} is ${event.signalled ? '' : 'not '}signalled, and should ${model.signalled ? '' : 'not '}be`);
      }
      if (heard.signals !== model.signals) {
        throw new Error(`${name} became signalled ${heard.signals} times, not ${model.signals} times`);
      }
    }
  }

  /** A name that the script has not used. */
  newName(kind: string): string {
    return `${kind}${this.#names++}`;
  }

  /** Gives an argument a name in the script, so that several calls or arguments can be the same object. */
  named(kind: string, { value, text }: Argument): Argument {
    const name = this.newName(kind);
    this.note(`const ${name} = ${text};`);
    return { value, text: name };
  }

  /** Checks that a handle is not that of anything else. */
  fresh(handle: number | boolean): number {
    const others = [...this.clients, ...this.enumerations].map((other) => other.handle);
    if (typeof handle !== 'number' || others.includes(handle)) throw new Error(`The handle ${String(handle)} is in use`);
    return handle;
  }

  /** Compares the audits of an empty table. */
  checkNothingIsLeft(): void {
    for (const { name, rtm } of this.opened) {
      const left = JSON.stringify(rtm.leftBehind());
      this.note(`${name}.leftBehind(); // ${left}`);
      if (left !== JSON.stringify(NOTHING)) throw new Error(`leftBehind() of ${name} is ${left}`);
    }
  }

  /** Takes away what is left, whatever has happened. */
  close(): void {
    for (const { rtm } of this.opened) rtm.close();
    this.natives.abandon();
  }
}

function newEvent(name: string): Event {
  const heard = { signals: 0 };
  const event = new EventObject(() => {
    heard.signals++;
  });
  return { name, event, model: { signalled: false, signals: 0 }, heard };
}

/** What a script begins with: it is to stand in a file beside this one. */
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
