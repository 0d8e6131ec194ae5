import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ERROR_CLIENT_ALREADY_EXISTS, PROTO_IP_RIP } from '../../src/v1/constants.js';
import type { V2Statistics } from '../../src/v2/statistics.js';
import { NOTHING } from '../support/backend.js';

/** What the random numbers start from: RTM1_STORM_SEED repeats a storm, as far as threads can. */
const SEED = Number(process.env['RTM1_STORM_SEED'] ?? 20030424);

/** Longer than any storm takes: a thread that waits for what never comes is stopped, and the test fails. */
const DEADLOCK_MS = 300_000;

interface Lost extends V2Statistics {
  readonly protocol: number;
  /** Routes that somebody else finds in the table. */
  readonly listed: number;
}

interface Report {
  readonly steady: readonly unknown[];
  readonly networks: number;
  readonly counted: number;
  readonly misjudged: readonly string[];
  readonly native: { readonly listed: number; readonly counted: number };
  readonly lost: readonly Lost[];
  readonly refused: readonly unknown[];
  readonly bystander: number;
  readonly successorAdds: string;
  readonly steadyListed: number;
  readonly leftBehind: unknown;
}

/** Runs one part of the program, in a process of its own. */
async function run(part: string): Promise<string> {
  const program = fileURLToPath(new URL('../support/thread-storm.mjs', import.meta.url));
  const limits = { timeout: DEADLOCK_MS, killSignal: 'SIGKILL' } as const;
  return (await promisify(execFile)(process.execPath, [program, part, String(SEED)], limits)).stdout;
}

describe('threads on one table while threads among them are terminated', { timeout: 2 * DEADLOCK_MS }, async () => {
  const report = JSON.parse(await run('storm')) as Report;

  it(`keeps the process alive (seed ${SEED})`, () => {
    expect(report.lost.length).toBeGreaterThan(10);
  });

  it('lets the others finish, and leave nothing behind', () => {
    for (const left of report.steady) expect(left).toEqual(NOTHING);
    expect(report.steadyListed).toBe(0);
    expect(report.leftBehind).toEqual(NOTHING);
  });

  it('leaves a table that agrees with itself', () => {
    expect(report.counted).toBe(report.networks);
    expect(report.misjudged, 'networks whose best route is not their best').toEqual([]);
    expect(report.native.counted).toBe(report.native.listed);
  });

  it('leaves what a terminated thread had: its registration and its routes', () => {
    for (const { protocol, listed, ...statistics } of report.lost) {
      const { entities, routes, destinations, nextHops } = statistics;
      expect([0, 1], `protocol ${protocol}`).toContain(entities);
      expect(routes, `protocol ${protocol}`).toBe(listed);
      expect(destinations).toBeLessThanOrEqual(routes);
      // The threads use 4 routers on 3 interfaces. A next hop comes before its first route and goes after its last.
      expect(nextHops).toBeLessThanOrEqual(12);
      if (entities === 0) expect(statistics).toEqual(NOTHING);
    }
    expect(report.lost.filter(({ routes }) => routes > 0).length, 'threads terminated in the middle').toBeGreaterThan(5);
  });

  it('keeps the protocol of a terminated thread registered', () => {
    const expected = report.lost.map(({ entities }) => (entities === 1 ? ERROR_CLIENT_ALREADY_EXISTS : false));
    expect(report.refused).toEqual(expected);
  });

  it('goes on working for the others', () => {
    expect(report.bystander).toBe(PROTO_IP_RIP);
    expect(report.successorAdds).toBe('added');
  });
});

describe('a process with threads inside RTM', { timeout: 2 * DEADLOCK_MS }, () => {
  it('terminates threads that wait for a lock as soon as it is free', async () => {
    expect(JSON.parse(await run('waiting'))).toEqual({ terminated: [1, 1, 1, 1], added: 'added' });
  });

  it('can end at any time', async () => {
    expect(await run('exit')).toBe('6 threads at work');
  });
});
