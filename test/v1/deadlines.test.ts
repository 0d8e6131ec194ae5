import { describe, expect, it } from 'vitest';
import { Deadlines } from '../../src/v1/deadlines.js';
import { Random } from '../support/random.js';

/** Takes every deadline up to an instant, as slots in the order of their deadlines. */
function take(deadlines: Deadlines, until = Infinity): number[] {
  const slots: number[] = [];
  while (deadlines.earliest() <= until && deadlines.earliest() < Infinity) {
    const slot = deadlines.first();
    slots.push(slot);
    deadlines.clear(slot);
  }
  return slots;
}

describe('Deadlines', () => {
  it('tells the earliest deadline', () => {
    const deadlines = new Deadlines();
    expect(deadlines.earliest()).toBe(Infinity);
    deadlines.set(3, 30);
    deadlines.set(1, 10);
    deadlines.set(2, 20);
    expect(deadlines.earliest()).toBe(10);
    expect(take(deadlines, 20)).toEqual([1, 2]);
    expect(deadlines.earliest()).toBe(30);
  });

  it('keeps the last deadline that a slot was given, later or earlier', () => {
    const deadlines = new Deadlines();
    for (const deadline of [10, 50, 5, 40]) deadlines.set(7, deadline);
    deadlines.set(8, 20);
    deadlines.set(9, 45);
    expect(take(deadlines)).toEqual([8, 7, 9]);
  });

  it('forgets a deadline that was taken away, and takes a new one for the slot', () => {
    const deadlines = new Deadlines();
    deadlines.set(0, 10);
    deadlines.clear(0);
    deadlines.clear(1_000_000);
    expect(deadlines.earliest()).toBe(Infinity);
    deadlines.set(0, 5);
    expect(deadlines.earliest()).toBe(5);
  });

  it('agrees with a list that is searched, whatever happens', () => {
    const random = new Random(14);
    const deadlines = new Deadlines();
    const list = new Map<number, number>();
    for (let step = 0; step < 20_000; step += 1) {
      const slot = random.below(300);
      const deadline = random.below(1000);
      const act = random.below(10);
      if (act < 6) {
        deadlines.set(slot, deadline);
        list.set(slot, deadline);
      } else if (act < 9) {
        deadlines.clear(slot);
        list.delete(slot);
      } else if (list.size > 0) {
        const first = deadlines.first();
        expect(list.get(first)).toBe(Math.min(...list.values()));
      }
      expect(deadlines.earliest(), `step ${step}`).toBe(Math.min(...list.values(), Infinity));
    }
    const rest = take(deadlines);
    expect(rest.map((slot) => list.get(slot))).toEqual([...list.values()].sort((one, other) => one - other));
    expect(new Set(rest).size).toBe(rest.length);
  });

  it('takes no more room however often routes are renewed', () => {
    const deadlines = new Deadlines();
    const slots = 50_000;
    for (let round = 0; round < 20; round += 1) {
      for (let slot = 0; slot < slots; slot += 1) deadlines.set(slot, round * slots + slot);
    }
    expect(deadlines.earliest()).toBe(19 * slots);
    expect(take(deadlines)).toHaveLength(slots);
  });

  it('says so where there is no memory for another slot, and keeps what it has', () => {
    const deadlines = new Deadlines();
    deadlines.set(1, 10);
    expect(deadlines.set(2 ** 40, 5)).toBe(false);
    expect(deadlines.earliest()).toBe(10);
  });
});
