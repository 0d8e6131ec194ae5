import { describe, expect, it } from 'vitest';
import { RTM_ROUTE_ADDED, RTM_ROUTE_CHANGED, RTM_ROUTE_DELETED } from '../../src/v1/constants.js';
import { ChangeQueue } from '../../src/v1/change-queue.js';
import { Random } from '../support/random.js';

const WORDS = 5;
const KINDS = [RTM_ROUTE_ADDED, RTM_ROUTE_DELETED, RTM_ROUTE_CHANGED];
const route = (number: number): Uint32Array => new Uint32Array(WORDS).fill(number);

interface Message {
  readonly flags: number;
  readonly current: number | null;
  readonly previous: number | null;
}

function push(queue: ChangeQueue, { flags, current, previous }: Message): void {
  expect(queue.reserve()).toBe(true);
  queue.push(flags, route(current ?? 0xbad), route(previous ?? 0xbad));
}

function shift(queue: ChangeQueue): Message {
  const [current, previous] = [new Uint32Array(WORDS), new Uint32Array(WORDS)];
  const flags = queue.shift(current, previous);
  for (const words of [current, previous]) expect(new Set(words).size).toBe(1);
  return { flags, current: current[0] === 0 ? null : (current[0] ?? null), previous: previous[0] === 0 ? null : (previous[0] ?? null) };
}

describe('ChangeQueue', () => {
  it('returns messages in the order in which they came, with the routes that their flags name', () => {
    const random = new Random(15);
    const queue = new ChangeQueue(WORDS);
    const list: Message[] = [];
    for (let step = 1; step <= 9000; step += 1) {
      // It grows long, is emptied, and grows again.
      if (list.length === 0 || random.below(100) < (step % 3000 < 1800 ? 70 : 20)) {
        const flags = KINDS[random.below(3)] ?? RTM_ROUTE_ADDED;
        const message = {
          flags,
          current: flags === RTM_ROUTE_DELETED ? null : step,
          previous: flags === RTM_ROUTE_ADDED ? null : step + 100_000,
        };
        list.push(message);
        push(queue, message);
      } else {
        expect(shift(queue), `step ${step}`).toEqual(list.shift());
      }
      expect(queue.isEmpty).toBe(list.length === 0);
    }
  });

  it('is empty while room is only reserved', () => {
    const queue = new ChangeQueue(WORDS);
    for (let n = 0; n < 8; n += 1) push(queue, { flags: RTM_ROUTE_CHANGED, current: 1, previous: 2 });
    queue.reserve();
    for (let n = 0; n < 8; n += 1) expect(shift(queue)).toEqual({ flags: RTM_ROUTE_CHANGED, current: 1, previous: 2 });
    expect(queue.isEmpty).toBe(true);
    push(queue, { flags: RTM_ROUTE_ADDED, current: 3, previous: null });
    expect(shift(queue)).toEqual({ flags: RTM_ROUTE_ADDED, current: 3, previous: null });
  });

  it('is never read when it is empty', () => {
    const queue = new ChangeQueue(WORDS);
    expect(() => queue.shift(route(0), route(0))).toThrow(RangeError);
    expect(() => {
      queue.push(RTM_ROUTE_ADDED, route(0), route(0));
    }).toThrow(RangeError);
  });
});
