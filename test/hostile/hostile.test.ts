/**
 * Libraries that are no RTMv2, or none as it should be: whatever a library does short of writing where it must not, the
 * process lives, the functions of version 1 do not throw and have documented codes, and `rtm1` tells what is wrong.
 *
 * What is known not to hold yet stands in known.json, by trick and promise. A row that holds by now fails as well, so that
 * the file cannot outlive what it tells.
 */
import { describe, expect, it } from 'vitest';
import known from './known.json' with { type: 'json' };
import { type Play, playAll } from './playing.js';
import { type Breach, breachesOf } from './promises.js';
import { HONEST, tricks } from './tricks.js';
import { Workshop } from './workshop.js';

const ROUTES = `10.0.0.0/8 via 192.0.2.1 if 1
10.0.0.0/8 via 192.0.2.2 if 1 metric 5
10.1.0.0/16 via 192.0.2.1 if 2
172.16.0.0/12 via 192.0.2.3 if 1 metric 3
192.168.1.0/24 if 3
`;
const breachText = ({ promise, seen }: Breach): string => `${promise}, but: ${seen}`;
const expected: Readonly<Record<string, readonly string[]>> = known;

describe.skipIf(process.platform === 'win32')('a hostile library (made for the loader of Linux and macOS)', async () => {
  const workshop = new Workshop();
  const all = [HONEST, ...tricks];
  const plays = await playAll(
    new Map(all.map(({ name, recipe }) => [name, workshop.make(recipe)])),
    workshop.text('routes.txt', ROUTES),
  );
  const playOf = (name: string): Play => plays.get(name) ?? { v1: { ended: 'never begun' }, check: { ended: '' }, doctor: { ended: '' } };

  for (const trick of all) {
    it(`that ${trick.does} (${trick.name})`, () => {
      const breaches = breachesOf(trick, playOf(trick.name), playOf(HONEST.name));
      const known = expected[trick.name] ?? [];
      const unknown = breaches.filter(({ promise }) => !known.includes(promise));
      expect(unknown.map(breachText).join('\n')).toBe('');
      expect(known.filter((promise) => !breaches.some((breach) => breach.promise === promise))).toEqual([]);
    });
  }

  it('has a row in known.json for no trick that there is not', () => {
    const names = all.map(({ name }) => name);
    expect(Object.keys(expected).filter((name) => !names.includes(name))).toEqual([]);
  });
});
