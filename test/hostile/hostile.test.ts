/**
 * Libraries that are no RTMv2, or none as it should be: whatever a library does short of writing where it must not, the
 * process lives, the functions of version 1 do not throw and have documented codes, and `rtm1` tells what is wrong.
 *
 * What is known not to hold yet stands in known.json, by trick and promise. A row that holds by now fails as well, so
 * that the file cannot outlive what it tells.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
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
const NEVER_PLAYED: Play = { v1: { ended: 'never' }, check: { ended: 'never' }, doctor: { ended: 'never' } };
/** One of each kind: the program itself, as a shell starts it. */
const STARTED = [
  'none 0',
  'text file',
  'refuse RtmRegisterEntity 5',
  'done RtmDeregisterEntity 1450',
  'handles small 0',
];
const PROGRAM = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const breachText = ({ promise, seen }: Breach): string => `${promise}, but: ${seen}`;
const expected: Readonly<Record<string, readonly string[]>> = known;

const isHere = process.platform === 'linux';

describe.skipIf(!isHere)('a hostile library (an ELF library, for Linux)', async () => {
  if (!isHere) {
    it('is played', () => undefined);
    return;
  }
  const workshop = new Workshop();
  const all = [HONEST, ...tricks];
  const routes = workshop.text('routes.txt', ROUTES);
  const paths = new Map(all.map(({ name, recipe }) => [name, workshop.make(recipe)]));
  const plays = await playAll(paths, routes);
  const playOf = (name: string): Play => plays.get(name) ?? NEVER_PLAYED;

  for (const trick of all) {
    it(`that ${trick.does} (${trick.name})`, () => {
      const breaches = breachesOf(trick, playOf(trick.name), playOf(HONEST.name));
      const known = expected[trick.name] ?? [];
      const unknown = breaches.filter(({ promise }) => !known.includes(promise));
      expect(unknown.map(breachText).join('\n')).toBe('');
      expect(known.filter((promise) => !breaches.some((breach) => breach.promise === promise))).toEqual([]);
    });
  }

  it.each(STARTED)('is told by the program as it was when many were played in one process: %s', (name) => {
    const start = (...argv: readonly string[]): number | string | null => {
      const options = ['--library', paths.get(name) ?? ''];
      const { status, signal } = spawnSync(process.execPath, [PROGRAM, ...argv, ...options], { timeout: 60_000 });
      return signal ?? status;
    };
    const { check, doctor } = playOf(name);
    expect(check).toHaveProperty('status', start('check', '--routes', routes));
    expect(doctor).toHaveProperty('status', start('doctor'));
  });

  it('has a row in known.json for no trick that there is not', () => {
    const names = all.map(({ name }) => name);
    expect(Object.keys(expected).filter((name) => !names.includes(name))).toEqual([]);
  });
});
