/** Calls of one v1 function and compares everything that it could have touched with what the model says. */
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import { RtmIpxRoute } from '../../src/v1/ipx-route.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import type { Form } from './actions.js';
import type { Answer } from './naive-rtm.js';
import { type Family, fileTime, hex, IP, layoutOf, setTimeStamp, textOfRoute, timeStamp } from './route-bytes.js';

/** An argument and how a script writes it. */
export interface Argument {
  readonly value: unknown;
  readonly text: string;
}

/** Which argument receives what, by its index. */
export interface Outputs {
  readonly flags?: number;
  readonly current?: number;
  readonly previous?: number;
  readonly route?: number;
}

/** An opened object and its name in scripts. */
export interface Opened {
  readonly name: string;
  readonly rtm: Rtm1;
}

type Functions = Readonly<Record<string, (...values: unknown[]) => number | boolean>>;

const FILLING = 0xa5;
const GUARD = 8;

/** A route as an argument in one of the forms. There is memory around it that must stay as it is. */
export function placed(family: Family, form: Form, content?: Uint8Array): Uint8Array | RtmIpRoute | RtmIpxRoute {
  const { size } = layoutOf(family);
  const memory = new Uint8Array(GUARD + size + GUARD).fill(FILLING);
  const offset = form === 3 ? GUARD - 1 : GUARD;
  memory.set(content ?? [], offset);
  const bytes = memory.subarray(offset, offset + size + (form === 2 ? GUARD : 0));
  if (form !== 1) return bytes;
  return family === IP ? new RtmIpRoute(bytes) : new RtmIpxRoute(bytes);
}

/** A route to be read, and perhaps to be written. */
export function input(family: Family, form: Form, content: Uint8Array): Argument {
  const was = content.slice();
  return {
    value: placed(family, form, content),
    get text() {
      const route = textOfRoute(family, was);
      return form === 0 ? route : `placed(${family}, ${form}, ${route})`;
    },
  };
}

/** A buffer for a route. */
export const output = (family: Family, form: Form): Argument => ({
  value: placed(family, form),
  text: `placed(${family}, ${form})`,
});

/** A Flags argument, with memory behind the element that is written. */
export const flagsOutput = (): Argument => ({ value: new Uint32Array(2).fill(FILLING), text: 'flags' });

/** The bytes behind a buffer argument; undefined for what is no buffer. */
export function bytesOf(value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  if (value instanceof Uint32Array) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  return value instanceof RtmIpRoute || value instanceof RtmIpxRoute ? value.bytes : undefined;
}

const wholeMemory = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes.buffer as ArrayBuffer);

/** Everything that a call can touch, as it was, or as it is or should be afterwards. */
type Memories = Map<ArrayBufferLike, Uint8Array>;

function memoriesOf(values: readonly unknown[]): Memories {
  const memories: Memories = new Map();
  for (const value of values) {
    const bytes = bytesOf(value);
    if (bytes) memories.set(bytes.buffer, wholeMemory(bytes).slice());
  }
  return memories;
}

export class V1Calls {
  readonly #started = fileTime(Date.now() - 1000);
  readonly #script: (() => string)[] = [];
  #lastError: number;

  constructor(lastError: number) {
    this.#lastError = lastError;
  }

  /** The calls so far, as a test could make them. */
  get script(): string {
    return this.#script.map((line) => line()).join('\n');
  }

  /** Writes a line of the script. */
  note(line: string | (() => string)): void {
    this.#script.push(typeof line === 'string' ? () => line : line);
  }

  /**
   * Makes a call, and commits the answer that it gives.
   *
   * @param assigned how the script keeps the result, for instance `const client1 = `
   * @throws {Error} if it gives none of the answers
   */
  call(
    { name, rtm }: Opened,
    called: string,
    args: readonly Argument[],
    answers: readonly Answer[],
    outputs: Outputs = {},
    assigned = '',
  ): number | boolean {
    const values = args.map(({ value }) => value);
    const before = memoriesOf(values);
    let outcome = '';
    this.note(() => `${assigned}${name}.${called}(${args.map(({ text }) => text).join(', ')});${outcome}`);
    const result = (rtm as unknown as Functions)[called]?.(...values) ?? NaN;
    const lastError = rtm.GetLastError();
    outcome = ` // ${String(result)}`;
    const differences: string[] = [];
    for (const answer of answers) {
      const difference = this.#difference(answer, result, lastError, values, before, outputs);
      differences.push(difference);
      if (difference !== '') continue;
      this.#lastError = lastError;
      answer.commit?.();
      return result;
    }
    const others = answers.length > 1 ? ` (and ${answers.length - 1} other answers would do)` : '';
    throw new Error(`${called}: ${differences[0] ?? 'no answer is right'}${others}`);
  }

  #difference(
    answer: Answer,
    result: unknown,
    lastError: number,
    values: readonly unknown[],
    before: Memories,
    outputs: Outputs,
  ): string {
    if (answer.result === 'handle' ? !isHandle(result) : result !== answer.result) {
      return `answers ${String(result)}, not ${String(answer.result)}`;
    }
    const expectedError = answer.lastError ?? this.#lastError;
    if (lastError !== expectedError) return `leaves the last error ${lastError}, not ${expectedError}`;
    const expected: Memories = new Map([...before].map(([memory, bytes]) => [memory, bytes.slice()]));
    for (const output of ['flags', 'current', 'previous', 'route'] as const) {
      const written = answer[output];
      const target = bytesOf(values[outputs[output] ?? -1]);
      if (written === undefined || !target) continue;
      const bytes = typeof written === 'number' ? new Uint8Array(Uint32Array.of(written).buffer) : this.#timed(written, target);
      expected.get(target.buffer)?.set(bytes, target.byteOffset);
    }
    return differenceOf(values, expected);
  }

  /** The time stamp of a native entity's route is the time of RTMv2's own clock: any time since the run began. */
  #timed(route: Uint8Array, actual: Uint8Array): Uint8Array {
    if (timeStamp(route) !== 0n) return route;
    const time = timeStamp(actual);
    const timed = route.slice();
    if (time >= this.#started && time <= fileTime(Date.now() + 1000)) setTimeStamp(timed, time);
    return timed;
  }
}

const isHandle = (result: unknown): boolean => Number.isSafeInteger(result) && (result as number) > 0;

function differenceOf(values: readonly unknown[], expected: Memories): string {
  for (const [index, value] of values.entries()) {
    const bytes = bytesOf(value);
    const wanted = bytes && expected.get(bytes.buffer);
    if (!bytes || !wanted) continue;
    const actual = wholeMemory(bytes);
    const at = actual.findIndex((octet, offset) => octet !== wanted[offset]);
    if (at < 0) continue;
    const end = bytes.byteOffset + bytes.byteLength;
    return `argument ${index} differs from byte ${at - bytes.byteOffset}:\n  it is   ${hex(actual.subarray(bytes.byteOffset, end))}\n  not     ${hex(wanted.subarray(bytes.byteOffset, end))}`;
  }
  return '';
}
