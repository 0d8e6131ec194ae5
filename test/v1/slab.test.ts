import { describe, expect, it } from 'vitest';
import { RouteSlab } from '../../src/v1/slab.js';
import { IP_FORMAT } from '../../src/translate/ip-format.js';
import { newRoute } from '../../src/translate/route-format.js';
import { Random } from '../support/random.js';

function record(mark: number): Uint32Array {
  return newRoute(IP_FORMAT).fill(mark);
}

describe('RouteSlab', () => {
  it('keeps what is written while slots come and go', () => {
    const slab = new RouteSlab(IP_FORMAT.words);
    const random = new Random(1);
    const model = new Map<number, number>();
    for (let turn = 0; turn < 20_000; turn += 1) {
      if (model.size > 0 && random.happens(2, 5)) {
        const slot = random.of([...model.keys()].slice(0, 50));
        const words = newRoute(IP_FORMAT);
        slab.read(slot, words);
        expect(new Set(words)).toEqual(new Set([model.get(slot)]));
        slab.release(slot);
        model.delete(slot);
      } else if (model.size < 3000) {
        const slot = slab.take();
        expect(model.has(slot)).toBe(false);
        slab.write(slot, record(turn));
        model.set(slot, turn);
      }
    }
    expect(slab.end).toBeGreaterThan(600);
    expect(slab.end).toBeLessThanOrEqual(3000);
  });

  it('uses slots again before it takes new ones', () => {
    const slab = new RouteSlab(IP_FORMAT.words);
    const slots = [slab.take(), slab.take(), slab.take()];
    for (const slot of slots) slab.release(slot);
    expect(new Set([slab.take(), slab.take(), slab.take()])).toEqual(new Set(slots));
    expect(slab.end).toBe(3);
  });

  it('gives back all slots but those that are still in use', () => {
    const slab = new RouteSlab(IP_FORMAT.words);
    for (let slot = 0; slot < 1000; slot += 1) slab.write(slab.take(), record(slot));
    const taken = Uint8Array.from({ length: 1000 }, (_, slot) => (slot % 10 === 0 ? 1 : 0));
    slab.releaseAllBut(taken);
    const again = Array.from({ length: 900 }, () => slab.take());
    expect(again.every((slot) => slot % 10 !== 0)).toBe(true);
    expect(slab.end).toBe(1000);
    const words = newRoute(IP_FORMAT);
    slab.read(990, words);
    expect(words[5]).toBe(990);
  });
});
