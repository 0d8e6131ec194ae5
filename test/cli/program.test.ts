import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import type { LibraryAttempt } from '../../src/v2/library.js';
import { openTarget } from '../../src/cli/target.js';
import { FakeTarget } from './fake-target.js';
import { type Outcome, rtm1 } from './run-in-process.js';

const directory = mkdtempSync(join(tmpdir(), 'rtm1-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

function routeFile(text: string): string {
  const path = join(directory, 'routes.txt');
  writeFileSync(path, text);
  return path;
}

const PROC_NET_ROUTE = 'Iface\neth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n';
const EMPTY_TABLE = { readText: () => 'Iface\n' };

/** A table that refuses every route of the first client after the first. */
function refusingTarget(): FakeTarget {
  const target = new FakeTarget();
  const { RtmAddRoute } = target.functions;
  let first = 0;
  target.functions.RtmAddRoute = (client, ...rest) => {
    const isRefused = client === first;
    if (first === 0) first = client;
    return isRefused ? 1450 : RtmAddRoute(client, ...rest);
  };
  return target;
}

describe('rtm1 check', () => {
  it('reports each step and ends with status 0 when every promise was kept', async () => {
    const target = new FakeTarget();
    const path = routeFile(
      '10.0.0.0/8 if 2\n10.0.0.0/8 if 3\n11.0.0.0/8 via 192.0.2.1\n11.0.0.0/8 via 192.0.2.1 metric 3\n',
    );
    expect(await rtm1(['check', '--routes', path], { target })).toEqual({
      status: 0,
      stderr: '',
      stdout: `rtm1 check: embedded RTMv2 1.2.3 (fake.so)
  routes      4 from ${path}
  register    protocol 3 (PROTO_IP_NETMGMT)
  add         3 added, 1 updated, 0 rejected
  enumerate   3 routes
  networks    2
  look up     2 best routes
  compete     1 of 2 networks won by another protocol, and given back
  age         2 of 2 routes gone after their time to live
  deregister  NO_ERROR (0), 3 RTMv2 calls
  messages    2 added, 7 changed, 2 deleted, told to a second client
  left behind 0 entities, 0 routes, 0 next hops, 0 destinations, 0 handles
  ok
`,
    });
    expect(target.isClosed).toBe(true);
  });

  it('lists the broken promises and ends with status 1', async () => {
    const { status, stdout } = await rtm1(['check', '--routes', '-'], {
      stdin: '10.0.0.0/8\n11.0.0.0/8\n',
      target: refusingTarget(),
    });
    expect(status).toBe(1);
    expect(stdout).toContain('  add         1 added, 0 updated, 1 rejected - 1 broken\n');
    expect(stdout).toContain(
      '  broken add: line 2, 11.0.0.0/8: RtmAddRoute refused it with ERROR_NO_SYSTEM_RESOURCES (1450)\n',
    );
    expect(stdout).toMatch(/ {2}failed: 1 promise of v1 broken\n$/);
  });

  it('describes 20 broken promises and counts the rest', async () => {
    const stdin = Array.from({ length: 1302 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`).join('\n');
    const { stdout } = await rtm1(['check', '--routes', '-'], { stdin, target: refusingTarget() });
    expect(stdout.match(/ {2}broken add/g)).toHaveLength(20);
    expect(stdout).toContain('  and 1,281 more\n  failed: 1,301 promises of v1 broken\n');
  });

  it('prints one JSON object with --json', async () => {
    const { status, stdout, stderr } = await rtm1(['check', '--routes', '-', '--json'], {
      stdin: '10.0.0.0/8 via 192.0.2.1\n11.0.0.0/8 if 2 metric 7\n',
      target: refusingTarget(),
    });
    expect(status).toBe(1);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual({
      library: { kind: 'embedded', path: 'fake.so' },
      family: 'ip',
      source: {
        kind: 'stdin',
        routes: 2,
        format: 'text',
        leftOut: { count: 0, reasons: [] },
        numberedInterfaces: {},
      },
      added: 1,
      updated: 0,
      rejected: [{ line: 2, route: '11.0.0.0/8 if 2 metric 7', status: 1450, name: 'ERROR_NO_SYSTEM_RESOURCES' }],
      enumerated: 1,
      networks: 1,
      competition: { networks: 1, won: 1 },
      ageing: { routes: 1, aged: 1 },
      messages: { added: 1, changed: 4, deleted: 1 },
      deregister: { status: 0, name: 'NO_ERROR', v2Calls: 1 },
      leftBehind: { entities: 0, routes: 0, nextHops: 0, destinations: 0, handles: 0 },
      broken: {
        count: 1,
        first: [
          {
            step: 'add',
            message: 'line 2, 11.0.0.0/8 if 2 metric 7: RtmAddRoute refused it with ERROR_NO_SYSTEM_RESOURCES (1450)',
          },
        ],
      },
      ok: false,
    });
  });

  it.each([
    ['8', 'protocol 8 (PROTO_IP_RIP)'],
    ['0x1370001', 'protocol 20381697\n'],
    ['0x0137000E', 'protocol 20381710 (MS_IP_BGP)'],
    ['4294967295', 'protocol 4294967295\n'],
    ['PROTO_IP_OSPF', 'protocol 13 (PROTO_IP_OSPF)'],
  ])('registers as the protocol %s', async (protocol, shown) => {
    const { status, stdout } = await rtm1(['check', '--routes', '-', '--protocol', protocol], {
      stdin: '10.0.0.0/8',
      target: new FakeTarget(),
    });
    expect([status, stdout]).toEqual([0, expect.stringContaining(shown)]);
  });

  it.each([
    [[], 'protocol 131072 (IPX_PROTOCOL_RIP)'],
    [['--protocol', '131074'], 'protocol 131074 (IPX_PROTOCOL_NLSP)'],
    [['--protocol', 'IPX_PROTOCOL_SAP'], 'protocol 131073 (IPX_PROTOCOL_SAP)'],
    [['--protocol', '3'], 'protocol 3\n'],
  ])('registers for IPX with %j as %s', async (argv, shown) => {
    const { status, stdout } = await rtm1(['check', '--family', 'ipx', '--routes', '-', ...argv], {
      stdin: 'A1B2',
      target: new FakeTarget(),
    });
    expect([status, stdout]).toEqual([0, expect.stringContaining(shown)]);
  });

  it('counts one of a thing as one', async () => {
    const { stdout } = await rtm1(['check', '--routes', '-'], { stdin: '10.0.0.0/8', target: openTarget('embedded') });
    expect(stdout).toContain('  enumerate   1 route\n');
    expect(stdout).toContain('  look up     1 best route\n');
    expect(stdout).toContain('1 of 1 network won by another protocol');
    expect(stdout).toContain('  age         1 of 1 route gone');
  });

  it('lists the routes of a small input and the time of each step with --verbose', async () => {
    const stdin = '10.0.0.0/8 via 192.0.2.1\n11.0.0.0/8 if 2 metric 7\n';
    const argv = ['check', '--routes', '-', '--verbose'];
    const { stdout } = await rtm1(argv, { stdin, target: refusingTarget() });
    expect(stdout).toContain(
      '    added 10.0.0.0/8 via 192.0.2.1\n    rejected 11.0.0.0/8 if 2 metric 7: ERROR_NO_SYSTEM_RESOURCES (1450)\n',
    );
    expect(stdout).toMatch(/ {2}add {9}1 added, 0 updated, 1 rejected - 1 broken \([\d.]+ ms, [\d,]+ ns a route\)\n/);

    const json = await rtm1([...argv, '--json'], { stdin, target: refusingTarget() });
    expect(JSON.parse(json.stdout)).toMatchObject({ added: 1 });
    expect(json.stderr).toContain('    added 10.0.0.0/8 via 192.0.2.1\n');
  });

  it('tells updates from additions, and one from several', async () => {
    const stdin = '10.0.0.0/8 via 192.0.2.1\n10.0.0.0/8 via 192.0.2.1 metric 3\n';
    const { stdout } = await rtm1(['check', '--routes', '-', '--verbose'], { stdin, target: new FakeTarget() });
    expect(stdout).toContain('    added 10.0.0.0/8 via 192.0.2.1\n    updated 10.0.0.0/8 via 192.0.2.1 metric 3\n');
    for (const text of ['enumerate   1 route ', '1 best route ', '1 of 1 network won', '1 of 1 route gone after its']) {
      expect(stdout).toContain(text);
    }
    expect(stdout).not.toMatch(/\b1 (route|network|best route|handle|destination|next hop|RTMv2 call|entitie)s\b/);
  });

  it('does not list the routes of a large input', async () => {
    const stdin = Array.from({ length: 101 }, (_, index) => `10.${index}.0.0/16`).join('\n');
    const { stdout } = await rtm1(['check', '--routes', '-', '--verbose'], { stdin, target: openTarget('embedded') });
    expect(stdout).not.toContain('added 10.');
    expect(stdout).toContain('ns a route');
  });
});

const IP_ROUTE = 'default via 192.0.2.1 dev eth0 metric 100\nblackhole 10.0.0.0/8\n192.0.2.0/24 dev wlan0\n';

describe('rtm1 check of a listing', () => {
  const check = (stdin: string | Uint8Array, ...argv: readonly string[]): Promise<Outcome> =>
    rtm1(['check', '--routes', '-', ...argv], { stdin, target: new FakeTarget() });

  it('says what it was taken for, what was left out, and which interfaces were numbered', async () => {
    const { status, stdout } = await check(IP_ROUTE);
    expect(status).toBe(0);
    expect(stdout).toContain(`
  routes      2 from standard input
  format      ip-route (Linux' ip route)
  left out    1 rejecting (line 2)
  interfaces  numbered here: eth0 = 1, wlan0 = 2
  register `);
  });

  it('says the same with --json', async () => {
    const { stdout } = await check(IP_ROUTE, '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      source: {
        kind: 'stdin',
        routes: 2,
        format: 'ip-route',
        leftOut: { count: 1, reasons: [{ reason: 'rejecting', count: 1, lines: [2] }] },
        numberedInterfaces: { eth0: 1, wlan0: 2 },
      },
      added: 2,
    });
  });

  it('takes it for the format that --format names, and says once what it may be instead', async () => {
    expect((await check(IP_ROUTE, '--format', 'ip-route')).status).toBe(0);
    expect(await check(IP_ROUTE, '--format', 'netsh')).toEqual({
      status: 2,
      stdout: '',
      stderr:
        "rtm1: standard input: holds no IPv4 route of the format netsh (Windows' netsh interface ipv4 show route): left " +
        "out are 2 not readable (lines 2, 3). It looks like Linux' ip route: give --format ip-route, or none\n",
    });
    expect((await check(IP_ROUTE, '--format', 'text')).stderr).toContain('line 1: "default" is not a prefix');
  });

  it('refuses a format that there is not, and one for the table of the machine', async () => {
    const unknown = await check(IP_ROUTE, '--format', 'iproute');
    expect([unknown.status, unknown.stderr]).toEqual([2, expect.stringContaining('Allowed choices are auto, text, ')]);
    expect(await rtm1(['check', '--format', 'netsh'], { target: new FakeTarget() })).toEqual({
      status: 2,
      stdout: '',
      stderr: 'rtm1: --format: is for a file or -: name one with --routes\n',
    });
  });

  it.each([
    [['Destination Gateway Flags Netif', 'Internet:', ''], 'netstat', 'none of its lines is one'],
    [['Iface Destination Gateway Flags', ''], 'proc-net-route', 'none of its lines is one'],
    [['"ifIndex","NextHop","RouteMetric"', '"1","::","2"'], 'get-netroute', 'it has no column DestinationPrefix: '],
    [['default via fe80::1 dev eth0', 'fe80::/64 dev eth0'], 'ip-route', 'left out are 2 not IPv4 (lines 1, 2)'],
  ])('says once that %j holds no route', async (lines, format, why) => {
    const { status, stderr } = await check(lines.join('\n'));
    expect(status).toBe(2);
    expect(stderr).toMatch(/^rtm1: standard input: holds no IPv4 route of the format .*\n$/);
    expect(stderr).toContain(`${format} (`);
    expect(stderr).toContain(why);
  });

  it.each(['10.0.0.0/8 if 2\r\n', IP_ROUTE])('unpacks gzip and reads UTF-16 of %j', async (text) => {
    const plain = await check(text, '--json');
    const utf16 = Buffer.from(text, 'utf16le');
    for (const packed of [gzipSync(text), gzipSync(`\ufeff${text}`), utf16, gzipSync(Buffer.from(utf16).swap16())]) {
      expect(await check(packed, '--json')).toEqual(plain);
    }
  });

  it('says what is wrong with packed input that it cannot unpack', async () => {
    const broken = await check(gzipSync(IP_ROUTE).subarray(0, 30));
    expect([broken.status, broken.stderr]).toEqual([
      2,
      'rtm1: standard input: is gzip data that cannot be unpacked (unexpected end of file): fetch or pack the file again\n',
    ]);
    const xz = await check(Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00, 0x00]));
    expect([xz.status, xz.stderr]).toEqual([
      2,
      'rtm1: standard input: is packed by xz: unpack it first, xz -dc | rtm1 check --routes -\n',
    ]);
  });

  it('of a router answers with a command for the file as it is', async () => {
    const path = join(directory, "router's listing");
    writeFileSync(path, gzipSync(Buffer.from('10.0.0.0\t8\t64500\n', 'utf16le')));
    const { status, stdout, stderr } = await rtm1(['check', '--routes', path], { target: new FakeTarget() });
    expect([status, stdout]).toEqual([2, '']);
    const command = stderr.split('\n')[1]?.replace('| rtm1 check --routes -', '') ?? '';
    expect(execFileSync('sh', ['-c', command]).toString()).toBe('10.0.0.0/8\n');
  });

  it.each([IP_ROUTE, '10.0.0.0\t8\t64500\n'])('says of %j that it is none of IPX', async (text) => {
    const { status, stderr } = await check(text, '--family', 'ipx');
    expect([status, stderr]).toEqual([2, expect.stringMatching(/^.* a listing of IP routes: check it with --family ip\n$/)]);
  });
});

describe("rtm1 check of the machine's own table", () => {
  it('is what runs when no routes are named', async () => {
    const host = { readText: (path: string) => (path === '/proc/net/route' ? PROC_NET_ROUTE : '2\n') };
    const { status, stdout } = await rtm1(['check', '--verbose'], { host, target: new FakeTarget() });
    expect(status).toBe(0);
    expect(stdout).toContain(
      "  routes      1 from this machine's IPv4 table\n  format      proc-net-route (Linux' /proc/net/route)\n",
    );
    expect(stdout).toContain('    added 0.0.0.0/0 via 192.0.2.1 if 2 metric 100\n');
  });

  it('says how many entries it left out', async () => {
    const host = { readText: () => `${PROC_NET_ROUTE}*\t0000007F\t0\t0201\t0\t0\t0\t000000FF\n` };
    const { stdout } = await rtm1(['check'], { host, target: new FakeTarget() });
    expect(stdout).toContain("  routes      1 from this machine's IPv4 table (1 unusable left out)\n");
    expect(stdout).toContain('  left out    1 rejecting (line 3)\n');
  });

  it('uses the example routes, and says so, where the table is empty', async () => {
    const { status, stdout } = await rtm1(['check'], { host: EMPTY_TABLE, target: new FakeTarget() });
    expect(status).toBe(0);
    expect(stdout).toContain(
      "\n  This machine's IPv4 table is empty: the routes of examples/routes.txt are used instead.\n",
    );
    expect(stdout).toMatch(/ {2}routes {6}\d+ from examples\/routes.txt\n/);
  });

  it('uses the example routes, and says why, where the table cannot be read', async () => {
    const { status, stdout, stderr } = await rtm1(['check', '--json'], { target: new FakeTarget() });
    expect(status).toBe(0);
    expect(stderr).toBe(
      "This machine's IPv4 table cannot be read (no such file: /proc/net/route): the routes of examples/routes.txt are used instead.\n",
    );
    expect(JSON.parse(stdout)).toMatchObject({ source: { kind: 'example' }, ok: true });
  });

  it('has example routes that show an update, two routes to a network, and nested networks', async () => {
    const { stdout } = await rtm1(['check', '--json'], { host: EMPTY_TABLE, target: new FakeTarget() });
    expect(JSON.parse(stdout)).toMatchObject({ source: { routes: 15 }, added: 14, updated: 1, networks: 12, ok: true });
  });
});

describe('rtm1 check ends with status 2, having done nothing,', () => {
  const untouched = (): FakeTarget => {
    const target = new FakeTarget();
    target.functions.RtmRegisterClient = () => {
      throw new Error('registered in spite of bad input');
    };
    return target;
  };

  it('when lines are wrong: it tells each with its number', async () => {
    const path = routeFile('10.0.0.0/8\n10.0.0.1/8\n\n11.0.0.0/33\n');
    expect(await rtm1(['check', '--routes', path, '--json'], { target: untouched() })).toEqual({
      status: 2,
      stdout: '',
      stderr: `rtm1: ${path}: 2 lines are wrong, nothing was done
  line 2: "10.0.0.1/8" has host bits set: write 10.0.0.0/8, or 10.0.0.1/32 for the host
  line 4: prefix length "33" is over 32: write /0 to /32
`,
    });
  });

  it('when more than 20 lines are wrong: it counts the rest', async () => {
    const { status, stderr } = await rtm1(['check', '--routes', '-'], {
      stdin: '10.0.0.1/8\n'.repeat(25),
      target: untouched(),
    });
    expect(status).toBe(2);
    expect(stderr).toContain('rtm1: standard input: 25 lines are wrong, nothing was done\n');
    expect(stderr).toMatch(/line 20: .*\n {2}and 5 more\n$/);
  });

  it.each([
    ['ip', 'Dear all,\n\nthe default route is lost.\nPlease look.\nYours\n', 'line 1: "Dear" is not an IPv4 address'],
    ['ip', '1: lo: <UP> mtu 65536\n    link/loopback\n    inet 127.0.0.1/8 scope host lo\n', 'line 1: "1:" is not'],
    ['ipx', 'Hello,\nthe network is lost.\nYours\n', 'line 1: "Hello," is not'],
  ])('when it is no %s route text: it says so once', async (family, stdin, first) => {
    const { status, stderr } = await rtm1(['check', '--routes', '-', '--family', family], {
      stdin,
      target: untouched(),
    });
    expect(status).toBe(2);
    expect(stderr).toContain('rtm1: standard input: is neither route text nor a listing that is known. A route is ');
    expect(stderr).toContain(first);
    expect(stderr.match(/line \d/g)).toHaveLength(1);
  });

  it('when the input holds no route', async () => {
    const { status, stderr } = await rtm1(['check', '--routes', '-'], { stdin: '# none\n', target: untouched() });
    expect([status, stderr]).toEqual([
      2,
      'rtm1: standard input: holds no route. A route is PREFIX [via NEXTHOP] [if INDEX] [metric N]\n',
    ]);
  });

  it('when the file cannot be read', async () => {
    const { status, stderr } = await rtm1(['check', '--routes', join(directory, 'absent')], { target: untouched() });
    expect(status).toBe(2);
    expect(stderr).toContain('absent: cannot be read (ENOENT');
  });

  it('when no library can be used', async () => {
    const attempts: LibraryAttempt[] = [{ kind: 'path', path: './none.so', reason: 'no such file' }];
    const { status, stdout, stderr } = await rtm1(['check', '--routes', '-', '--library', './none.so'], {
      stdin: '10.0.0.0/8',
      attempts,
    });
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(
      "rtm1: No RTMv2 library could be opened (asked for './none.so').\n  ./none.so: no such file",
    );
  });

  it('when the library lets no client of the family register: it tells what RTMv2 says', async () => {
    const target = untouched();
    target.refusals.ipx = { call: 'RtmRegisterEntity', code: 2, name: 'ERROR_FILE_NOT_FOUND' };
    const { status, stdout, stderr } = await rtm1(['check', '--family', 'ipx', '--json'], { target });
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toBe(
      'rtm1: embedded RTMv2 1.2.3 (fake.so) lets no IPX client register: ' +
        'RtmRegisterEntity answers 2 (ERROR_FILE_NOT_FOUND).\n' +
        'rtm1 explain 2 tells what ERROR_FILE_NOT_FOUND is.\n',
    );
    expect(target.isClosed).toBe(true);
  });

  it('when no library can be used, with who asked for it', async () => {
    const host = { env: { RTM1_LIBRARY: 'embeded' } };
    const { status, stderr } = await rtm1(['check', '--routes', '-'], { stdin: '10.0.0.0/8', host });
    expect(status).toBe(2);
    expect(stderr).toContain("(asked for 'embeded')");
    expect(stderr).toMatch(/\nThe variable RTM1_LIBRARY asks for this library\.\n$/);
  });

  it.each(['-1', 'rip', '4294967296', '1.5', '', '0x', 'PROTO_IP_', 'RTM_VIEW_MASK_ANY'])('when the protocol is %j', async (protocol) => {
    const { status, stderr } = await rtm1(['check', '--protocol', protocol], { target: untouched() });
    expect(status).toBe(2);
    expect(stderr).toContain('Give a number from 0 to 4294967295.');
  });

  it.each([
    [['check', '--nonsense'], "unknown option '--nonsense'"],
    [['check', 'routes.txt'], 'too many arguments'],
    [['check', '--routes'], 'argument missing'],
    [['chekc'], "unknown command 'chekc'"],
    [['help', 'nonsense'], "unknown command 'nonsense'"],
    [['--nonsense'], "unknown option '--nonsense'"],
    [['check', '--routes', ''], 'It names nothing. Give the routes to add: system, a file, or - for standard input.'],
    [['check', '--library', ''], 'It names nothing. Give the RTMv2 to run on: auto, embedded, system'],
    [['doctor', '--library', ''], 'It names nothing. Give the RTMv2 to run on: auto, embedded, system'],
    [['check', '--routes', 'a', '--routes', 'b'], 'The option is given twice.'],
    [['check', '--routes=system', '--routes=system'], 'The option is given twice.'],
    [['check', '--family', 'ip', '--family', 'ipx'], 'The option is given twice.'],
    [['check', '--protocol', '8', '--protocol', '13'], 'The option is given twice.'],
    [['check', '--library', 'auto', '--library', 'embedded'], 'The option is given twice.'],
    [['doctor', '--library', 'auto', '--library', 'embedded'], 'The option is given twice.'],
    [['check', '--family', 'appletalk'], 'Allowed choices are ip, ipx.'],
    [['explain'], "missing required argument 'name|code'"],
    [[], 'rtm1: no command is given\n\nUsage: rtm1'],
  ])('for the arguments %j, with an error that begins as all do', async (argv, message) => {
    const { status, stdout, stderr } = await rtm1(argv, { target: untouched() });
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^rtm1: /);
  });
});

describe('progress', () => {
  const many = Array.from({ length: 50_001 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`).join('\n');

  it.each([true, false])('of a large input is shown and cleared before the report, if on a terminal: %s', async (isTerminal) => {
    const { stderr } = await rtm1(['check', '--routes', '-'], {
      stdin: many,
      target: openTarget('embedded'),
      isTerminal,
    });
    const clear = '\r\u001b[K';
    const first = stderr.split(clear).slice(1, 4);
    expect(first).toEqual(isTerminal ? ['add 0 %', 'add 32 %', 'add 65 %'] : []);
    expect(stderr.endsWith(isTerminal ? clear : '')).toBe(true);
  });

  it('is not shown for a small input', async () => {
    const { stderr } = await rtm1(['check', '--routes', '-'], {
      stdin: '10.0.0.0/8',
      target: new FakeTarget(),
      isTerminal: true,
    });
    expect(stderr).toBe('');
  });
});

describe('colours', () => {
  const verdictOn = async (isTerminal: boolean, env: NodeJS.ProcessEnv): Promise<string | undefined> => {
    const { stdout } = await rtm1(['check', '--routes', '-'], {
      stdin: '10.0.0.0/8',
      target: new FakeTarget(),
      isTerminal,
      host: { env },
    });
    return stdout.split('\n').at(-2);
  };

  it('are for terminals that do not ask for none', async () => {
    expect(await verdictOn(true, {})).toBe('  \u001b[32mok\u001b[39m');
    expect(await verdictOn(true, { NO_COLOR: '' })).toBe('  \u001b[32mok\u001b[39m');
    expect(await verdictOn(true, { NO_COLOR: '1' })).toBe('  ok');
    expect(await verdictOn(false, {})).toBe('  ok');
  });
});

describe('rtm1 doctor', () => {
  const attempts: LibraryAttempt[] = [
    { kind: 'embedded', path: 'first.so', reason: 'not built' },
    { kind: 'embedded', path: 'fake.so', reason: null },
  ];

  it('tells what was looked for, what was chosen, and why', async () => {
    const { status, stdout } = await rtm1(['doctor'], { target: new FakeTarget(attempts) });
    expect(status).toBe(0);
    expect(stdout).toMatch(/^rtm1 doctor: rtm1-compat \d+\.\d+\.\d+, koffi \d+\.\d+\.\d+, Node\.js v\d+/);
    expect(stdout).toContain(`
  asked for   auto (default)
  looked for  embedded first.so: not built
  looked for  embedded fake.so: chosen
  chosen      embedded RTMv2 1.2.3 (fake.so)
  because     no rtm.dll can be used here, and this is the first embedded library that loads and exports all functions
  registers   IP: yes
  registers   IPX: yes
  ok
`);
  });

  it('says so, with status 1, when no library can be opened, and why only once', async () => {
    const { status, stdout } = await rtm1(['doctor', '--library', 'first.so'], { attempts: attempts.slice(0, 1) });
    expect(status).toBe(1);
    expect(stdout).toContain(
      '  asked for   first.so (--library)\n  looked for  embedded first.so: not built\n  failed: No RTMv2',
    );
    expect(stdout.match(/not built/g)).toHaveLength(1);
  });

  it('tells which families can register; IP is what counts', async () => {
    const target = new FakeTarget();
    target.refusals.ipx = { call: 'RtmRegisterEntity', code: 2, name: 'ERROR_FILE_NOT_FOUND' };
    const { status, stdout } = await rtm1(['doctor'], { target });
    expect(status).toBe(0);
    expect(stdout).toContain(`
  registers   IP: yes
  registers   IPX: no, RtmRegisterEntity answers 2 (ERROR_FILE_NOT_FOUND)
  ok
`);
    expect(target.isClosed).toBe(true);
  });

  it('ends with status 2 where a library is found that lets no IP client register', async () => {
    const target = new FakeTarget();
    const refusal = { call: 'RtmRegisterEntity', code: 1610, name: 'ERROR_BAD_CONFIGURATION' };
    Object.assign(target.refusals, { ip: refusal, ipx: refusal });
    const { status, stdout } = await rtm1(['doctor'], { target, host: { env: { RTM1_LIBRARY: 'system' } } });
    expect(status).toBe(2);
    expect(stdout).toContain('  registers   IP: no, RtmRegisterEntity answers 1610 (ERROR_BAD_CONFIGURATION)\n');
    expect(stdout).toContain(
      '  failed: it lets no IP client register. rtm1 explain 1610 tells what ERROR_BAD_CONFIGURATION is.\n' +
        '  The variable RTM1_LIBRARY asks for this library.\n',
    );
    const json = await rtm1(['doctor', '--json'], { target });
    const told = { ok: false, refusals: { ip: refusal, ipx: refusal } };
    expect([json.status, JSON.parse(json.stdout)]).toMatchObject([2, told]);
  });

  it("warns that Windows' library keeps its tables to each process", async () => {
    const target = Object.assign(new FakeTarget(), {
      library: { kind: 'system', path: 'C:\\Windows\\System32\\rtm.dll', version: null, attempts: [] },
    });
    const { stdout } = await rtm1(['doctor'], { target });
    expect(stdout).toContain("  chosen      Windows' RTMv2 (C:\\Windows\\System32\\rtm.dll)\n");
    expect(stdout).toContain('  note        rtm.dll keeps tables of its own in each process');
  });

  it('prints one JSON object with --json', async () => {
    const { stdout } = await rtm1(['doctor', '--json'], {
      target: new FakeTarget(attempts),
      host: { env: { RTM1_LIBRARY: 'embedded' } },
    });
    expect(JSON.parse(stdout)).toMatchObject({
      request: { selection: 'embedded', by: 'RTM1_LIBRARY' },
      attempts,
      library: { kind: 'embedded', path: 'fake.so', version: '1.2.3' },
      why: "RTM1_LIBRARY asks for 'embedded'",
      ok: true,
    });
  });
});

describe('help', () => {
  it.each([
    [['--help'], 'Usage: rtm1 [options] [command]'],
    [['help'], 'Usage: rtm1 [options] [command]'],
    [['check', '--help'], 'PREFIX [via NEXTHOP] [if INDEX] [metric N]'],
    [['help', 'check'], 'PREFIX [via NEXTHOP] [if INDEX] [metric N]'],
    [['doctor', '--help'], 'Usage: rtm1 doctor [options]'],
    [['help', 'doctor'], 'Usage: rtm1 doctor [options]'],
  ])('is printed by rtm1 %j', async (argv, text) => {
    const { status, stdout, stderr } = await rtm1(argv);
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(text);
  });

  it('has the version beside it', async () => {
    const { status, stdout } = await rtm1(['--version']);
    expect([status, stdout]).toEqual([0, expect.stringMatching(/^\d+\.\d+\.\d+\n$/)]);
  });
});
