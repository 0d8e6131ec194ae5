import { describe, expect, it } from 'vitest';
import { IP_FORMAT } from '../../src/translate/ip-format.js';
import { IPX_FORMAT } from '../../src/translate/ipx-format.js';
import { maskOfLength } from '../../src/translate/ip-network.js';
import { NETWORK, newRoute, type RouteFormat } from '../../src/translate/route-format.js';
import { Shadow, UNKNOWN } from '../../src/v1/shadow.js';
import { Random } from '../support/random.js';

const FORMATS: readonly (readonly [string, RouteFormat])[] = [
  ['IP', IP_FORMAT],
  ['IPX', IPX_FORMAT],
];

describe.each(FORMATS)('Shadow of %s', (_name, format) => {
  const hasMask = format.networkSize > 4;

  /** A route to one of many networks that differ in few bits, with a mark in its first word. */
  function routeTo(network: number, mark = 0): Uint32Array {
    const route = newRoute(format);
    route[0] = mark;
    route[NETWORK] = (network * 0x100) >>> 0;
    if (hasMask) route[NETWORK + 1] = maskOfLength(24 + (network % 9));
    return route;
  }

  it('keeps one route for each network, as a map would', () => {
    const shadow = new Shadow(format);
    const random = new Random(16);
    const map = new Map<number, number>();
    const read = newRoute(format);
    for (let step = 1; step <= 40_000; step += 1) {
      // It grows, shrinks to almost nothing, and grows again.
      const network = random.below(3000);
      const route = routeTo(network, step);
      const slot = shadow.find(route);
      if ((slot === UNKNOWN) === map.has(network)) throw new Error(`network ${network} at step ${step}`);
      if (slot !== UNKNOWN) shadow.read(slot, read);
      if (slot !== UNKNOWN && read[0] !== map.get(network)) throw new Error(`route of ${network} at step ${step}`);
      if (random.happens(step % 10_000 < 5000 ? 3 : 1, 4)) {
        if (slot === UNKNOWN) expect(shadow.add(route)).toBe(true);
        else shadow.replace(slot, route);
        map.set(network, step);
      } else if (slot !== UNKNOWN) {
        shadow.remove(route);
        map.delete(network);
      }
    }
    expect(shadow.size).toBe(map.size);
    for (let network = 0; network < 3000; network += 1) {
      expect(shadow.find(routeTo(network)) !== UNKNOWN, `network ${network}`).toBe(map.has(network));
    }
  });
});
