import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const packageDirectory = fileURLToPath(new URL('../..', import.meta.url));
const main = 'dist/cli/main.js';

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built `rtm1` as a process of its own, on the embedded library. */
function rtm1(argv: readonly string[], stdin = ''): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [main, ...argv], {
      cwd: packageDirectory,
      env: { ...process.env, RTM1_LIBRARY: 'embedded' },
    });
    const written = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (written.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (written.stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (status) => {
      resolve({ status, ...written });
    });
    child.stdin.end(stdin);
  });
}

const NOTHING = { entities: 0, routes: 0, nextHops: 0, destinations: 0, handles: 0 };

describe('the built rtm1', () => {
  it("checks this machine's own routes, or the examples where it has none", async () => {
    const { status, stdout } = await rtm1(['check', '--json']);
    const report = JSON.parse(stdout) as { source: { kind: string; routes: number }; deregister: { v2Calls: number } };
    expect(report).toMatchObject({
      library: { kind: 'embedded' },
      rejected: [],
      deregister: { status: 0, name: 'NO_ERROR' },
      leftBehind: NOTHING,
      ok: true,
    });
    expect(['system', 'example']).toContain(report.source.kind);
    expect(report.deregister.v2Calls).toBeGreaterThan(report.source.routes);
    expect(status).toBe(0);
  });

  it('checks the example routes', async () => {
    const { status, stdout, stderr } = await rtm1(['check', '--routes', 'examples/routes.txt', '--json']);
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      source: { kind: 'file', routes: 15 },
      ...{ added: 14, updated: 1, rejected: [], enumerated: 14, networks: 12, leftBehind: NOTHING, ok: true },
    });
  });

  it('checks a large table from standard input without a word on standard error', async () => {
    const routes = Array.from(
      { length: 200_000 },
      (_, index) =>
        `${1 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}.0/24 via 192.0.2.${index % 250} metric ${index % 9}\n`,
    );
    const { status, stdout, stderr } = await rtm1(['check', '--routes', '-', '--json'], routes.join(''));
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      source: { kind: 'stdin', routes: 200_000 },
      ...{ added: 200_000, enumerated: 200_000, networks: 200_000, leftBehind: NOTHING, ok: true },
    });
  });

  it('ends with status 2 and the line number where the input is wrong', async () => {
    const { status, stdout, stderr } = await rtm1(['check', '--routes', '-', '--json'], '10.0.0.0/8\n10.0.0.0/40\n');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain('line 2: prefix length "40" is over 32');
  });

  it('ends with status 2 where the library that is asked for is none', async () => {
    const { status, stdout, stderr } = await rtm1(['check', '--library', './examples/routes.txt']);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain("rtm1: No RTMv2 library could be opened (asked for './examples/routes.txt')");
  });

  it('tells which library it found', async () => {
    const { status, stdout } = await rtm1(['doctor', '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      request: { selection: 'embedded', by: 'RTM1_LIBRARY' },
      library: { kind: 'embedded' },
      ok: true,
    });
  });

  it('keeps its status when the reader of its output goes away', async () => {
    const child = spawn(process.execPath, [main, 'check', '--routes', 'examples/routes.txt'], {
      cwd: packageDirectory,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child.stdout.destroy();
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect(status).toBe(0);
  });
});
