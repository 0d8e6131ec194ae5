import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRouteText, type ParsedRouteText } from '../../src/cli/route-text.js';
import { RouteTable } from '../../src/cli/route-table.js';
import { maskOfLength } from '../../src/translate/ip-network.js';

const parse = (text: string): ParsedRouteText => parseRouteText(Buffer.from(text));

function routesOf(text: string): string[] {
  const { routes, errors } = parse(text);
  expect(errors).toEqual([]);
  return Array.from({ length: routes.count }, (_, row) => routes.format(row));
}

function errorOf(line: string): string {
  const { routes, errors, errorCount } = parse(`# first line\n${line}\n`);
  expect(routes.count).toBe(0);
  expect(errorCount).toBe(1);
  expect(errors[0]?.line).toBe(2);
  return errors[0]?.message ?? '';
}

describe('a line of route text', () => {
  it.each([
    ['10.0.0.0/8', '10.0.0.0/8'],
    ['10.0.0.0/8 via 192.0.2.1 if 3 metric 5', '10.0.0.0/8 via 192.0.2.1 if 3 metric 5'],
    ['10.0.0.0/8 metric 5 if 3 via 192.0.2.1', '10.0.0.0/8 via 192.0.2.1 if 3 metric 5'],
    ['\t10.0.0.0/8\t via  192.0.2.1 ', '10.0.0.0/8 via 192.0.2.1'],
    ['10.0.0.0/8 if 4294967295 metric 4294967295', '10.0.0.0/8 if 4294967295 metric 4294967295'],
    ['10.0.0.0/8 via 0.0.0.0 if 0 metric 0', '10.0.0.0/8'],
    ['10.0.0.0/8#comment', '10.0.0.0/8'],
    ['10.0.0.0/8 via 192.0.2.1# comment', '10.0.0.0/8 via 192.0.2.1'],
    ['192.0.2.7', '192.0.2.7/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['224.0.0.0/4', '224.0.0.0/4'],
    ['255.255.255.255/32', '255.255.255.255/32'],
  ])('%j is the route %s', (line, route) => {
    expect(routesOf(line)).toEqual([route]);
  });

  it('keeps its number, which counts comments and blank lines', () => {
    const { routes } = parse('# comment\n\n10.0.0.0/8\r\n   \n  # comment\n11.0.0.0/8');
    expect(Array.from(routes.line.subarray(0, routes.count))).toEqual([3, 6]);
  });

  it.each(['\n', '\r\n'])('ends with %j or with the text', (end) => {
    expect(routesOf(`10.0.0.0/8${end}11.0.0.0/8 metric 1${end}`)).toEqual(['10.0.0.0/8', '11.0.0.0/8 metric 1']);
    expect(routesOf(`10.0.0.0/8${end}11.0.0.0/8 metric 1`)).toEqual(['10.0.0.0/8', '11.0.0.0/8 metric 1']);
  });
});

describe('a byte order mark', () => {
  it('of UTF-8 is skipped', () => {
    expect(routesOf('\ufeff10.0.0.0/8')).toEqual(['10.0.0.0/8']);
  });

  it('of UTF-16, as Windows PowerShell writes it, tells the encoding', () => {
    const { routes, errorCount } = parseRouteText(Buffer.from('\ufeff10.0.0.0/8 if 2\r\n', 'utf16le'));
    expect([errorCount, routes.count, routes.format(0)]).toEqual([0, 1, '10.0.0.0/8 if 2']);
  });

  it.each(['', '\ufeff'])('%j is not needed to tell UTF-16 of either order', (mark) => {
    const littleEndian = Buffer.from(`${mark}10.0.0.0/8 if 2\r\n`, 'utf16le');
    for (const text of [littleEndian, Buffer.from(littleEndian).swap16()]) {
      const { routes, errorCount } = parseRouteText(text);
      expect([errorCount, routes.count, routes.format(0)]).toEqual([0, 1, '10.0.0.0/8 if 2']);
    }
  });
});

const unknownWord = (word: string, hint: string): string =>
  `unknown word "${word}": ${hint}a route is PREFIX [via NEXTHOP] [if INDEX] [metric N]`;

describe('a wrong line', () => {
  it.each([
    ['10.0.0.1/8', '"10.0.0.1/8" has host bits set: write 10.0.0.0/8, or 10.0.0.1/32 for the host'],
    ['255.255.255.255/0', '"255.255.255.255/0" has host bits set: write 0.0.0.0/0, or 255.255.255.255/32 for the host'],
    ['10.0.0.0/33', 'prefix length "33" is over 32: write /0 to /32'],
    ['10.0.0.0/99999999999', 'prefix length "99999999999" is over 32: write /0 to /32'],
    ['10.0.0.0/', 'prefix length "" is not a number from 0 to 32: write /0 to /32'],
    ['10.0.0.0/08', 'prefix length "08" is not a number from 0 to 32: write /8'],
    ['10.0.0.0/-1', 'prefix length "-1" is not a number from 0 to 32: write /0 to /32'],
    ['10.0.0.0/8x', 'prefix length "8x" is not a number from 0 to 32: write /0 to /32'],
    ['10.0.0.0/255.0.0.0', '"10.0.0.0/255.0.0.0" has a mask in the place of its length: write /8'],
    ['10.0.0.0/0.0.0.0', '"10.0.0.0/0.0.0.0" has a mask in the place of its length: write /0'],
    ['10.0.0.0/8/8', '"10.0.0.0/8/8" has more than one slash: write a.b.c.d/len'],
    ['10.0.0/8', '"10.0.0" has 3 octets: write all four, a.b.c.d/len'],
    ['10.0.0.0.0/8', '"10.0.0.0.0" has 5 octets: write all four, a.b.c.d/len'],
    ['256.0.0.0/8', 'octet "256" of "256.0.0.0" is over 255: write 0 to 255'],
    ['010.0.0.0/8', 'octet "010" of "010.0.0.0" has a leading zero: write "10"'],
    ['10.0.0.x/8', '"10.0.0.x" is not an IPv4 address: write a.b.c.d/len'],
    ['/8', '"" is not an IPv4 address: write a.b.c.d/len'],
    ['2001:db8::/32', '"2001:db8::" is IPv6, and RTM version 1 has IPv4 routes only: take the line out'],
    ['default via 192.0.2.1', '"default" is not a prefix: write 0.0.0.0/0'],
    ['10.0.0.0/8 dev eth0', unknownWord('dev', 'write if and the index of the interface; ')],
    ['10.0.0.0/8 192.0.2.1', unknownWord('192.0.2.1', 'write via before a next hop; ')],
    ['10.0.0.0/8 viaa 192.0.2.1', unknownWord('viaa', '')],
    ['10.0.0.0/8 VIA 192.0.2.1', unknownWord('VIA', 'write via; ')],
    ['10.0.0.0/8 via: 192.0.2.1', unknownWord('via:', 'write via; ')],
    ['10.0.0.0/8 gateway=192.0.2.1', unknownWord('gateway=192.0.2.1', '')],
    ['10.0.0.0/8 gw 192.0.2.1', unknownWord('gw', 'write via; ')],
    ['10.0.0.0/8 cost 5', unknownWord('cost', 'write metric; ')],
    [
      '10.0.0.0 255.0.0.0 192.0.2.1 5',
      unknownWord('255.0.0.0', 'write the mask as a length behind the network, a.b.c.d/8; '),
    ],
    ['10.0.0.0/8 mask 255.0.0.0', unknownWord('mask', 'write the mask as a length behind the network, a.b.c.d/len; ')],
    ['10.0.0.0/8 5', unknownWord('5', 'write if before an interface index, metric before a metric; ')],
    ['10.0.0.0/8 fe80::1', unknownWord('fe80::1', 'RTM version 1 has IPv4 routes only; ')],
    ['10.0.0.0/8 // here', unknownWord('//', 'write # before a comment; ')],
    ['; comment', '";" is not a prefix: write # before a comment'],
    ['// comment', '"//" is not a prefix: write # before a comment'],
    ['! comment', '"!" is not a prefix: write # before a comment'],
    ['--comment', '"--comment" is not a prefix: write # before a comment'],
    ['next-hop: 192.0.2.1', '"next-hop:" is not an IPv4 address: write a.b.c.d/len'],
    ['10.0.0.0/8: via 192.0.2.1', '"10.0.0.0/8:" has a colon behind it: write 10.0.0.0/8'],
    ['10.0.0.0/8, 192.0.2.1', '"10.0.0.0/8," has a comma behind it: write 10.0.0.0/8'],
    ['"10.0.0.0/8"', `'"10.0.0.0/8"' has quotes or brackets around it: write 10.0.0.0/8`],
    ['[10.0.0.0/8]', '"[10.0.0.0/8]" has quotes or brackets around it: write 10.0.0.0/8'],
    ['10.0.0.0/8;192.0.2.1', '"10.0.0.0/8;192.0.2.1" has no blank between its parts: write 10.0.0.0/8 via 192.0.2.1'],
    ['10.0.0.0/8->eth0', '"10.0.0.0/8->eth0" has no blank between its parts: write 10.0.0.0/8 and its clauses'],
    [
      '10.0.0.0-10.255.255.255',
      '"10.0.0.0-10.255.255.255" is a range: write a line for each prefix of it, 10.0.0.0/8',
    ],
    [
      '192.0.2.5-192.0.2.9',
      '"192.0.2.5-192.0.2.9" is a range: write a line for each prefix of it, 192.0.2.5/32, 192.0.2.6/31, 192.0.2.8/31',
    ],
    [
      '0.0.0.1-255.255.255.254',
      '"0.0.0.1-255.255.255.254" is a range: write a line for each prefix of it, 0.0.0.1/32, 0.0.0.2/31, 0.0.0.4/30, ' +
        '0.0.0.8/29, ...',
    ],
    ['10.0.0.9-10.0.0.1', '"10.0.0.9-10.0.0.1" is a range: write a line for each prefix of it, from the lower address'],
    ['0/0', '"0" has 1 octet: write all four, a.b.c.d/len'],
    ['0.0.0.0', '"0.0.0.0" alone means the host: write 0.0.0.0/0 for the default route, or 0.0.0.0/32'],
    ['10.0.0.0/+8', 'prefix length "+8" is not a number from 0 to 32: write /8'],
    ['10.0.0.0:80', '"10.0.0.0:80" is not an IPv4 address: write a.b.c.d/len'],
    ['fe80::1%eth0', '"fe80::1%eth0" is IPv6, and RTM version 1 has IPv4 routes only: take the line out'],
    ['::ffff:192.0.2.1', '"::ffff:192.0.2.1" is IPv6, and RTM version 1 has IPv4 routes only: take the line out'],
    ['10.0.0.0/8 via 192.0.2.1:179', '"192.0.2.1:179" has a port: write via 192.0.2.1'],
    ['10.0.0.0/8 via 192.0.2.1, eth0', '"192.0.2.1," has a comma behind it: write via 192.0.2.1'],
    ['10.0.0.0/8 via fe80::1', '"fe80::1" is IPv6, and RTM version 1 has IPv4 routes only: take the line out'],
    [
      '10.0.0.0/8 via 00:11:22:33:44:55',
      '"00:11:22:33:44:55" is a MAC address, as a next hop of IPX has: write via a.b.c.d, or check with --family ipx',
    ],
    [
      '10.0.0.0/8 via On-link',
      '"On-link" is not an IPv4 address: leave via out where the network is attached',
    ],
    ['10.0.0.0/8 via 192.0.2.1 via 192.0.2.2', '"via" stands twice: keep one'],
    ['10.0.0.0/8 if 1 metric 2 if 1', '"if" stands twice: keep one'],
    ['10.0.0.0/8 metric 1 metric 1', '"metric" stands twice: keep one'],
    ['10.0.0.0/8 via 0.0.0.0 via 192.0.2.2', '"via" stands twice: keep one'],
    ['10.0.0.0/8 via', '"via" has no next hop: write via a.b.c.d'],
    ['10.0.0.0/8 via # here', '"via" has no next hop: write via a.b.c.d'],
    ['10.0.0.0/8 via if 3', '"if" is not an IPv4 address: write via a.b.c.d'],
    ['10.0.0.0/8 via 192.0.2.1/32', 'next hop "192.0.2.1/32" has a prefix length: write the address alone'],
    ['10.0.0.0/8 via 192.0.2.300', 'octet "300" of "192.0.2.300" is over 255: write 0 to 255'],
    ['10.0.0.0/8 if', '"if" has no number: write if N'],
    ['10.0.0.0/8 if eth0', '"eth0" is not an interface index: write if and a number from 0 to 4294967295'],
    ['10.0.0.0/8 if 4294967296', '"4294967296" is not an interface index: write if and a number from 0 to 4294967295'],
    ['10.0.0.0/8 metric -1', '"-1" is not a metric: write metric and a number from 0 to 4294967295'],
    ['10.0.0.0/8 metric 1.5', '"1.5" is not a metric: write metric and a number from 0 to 4294967295'],
  ])('%j says what is wrong and what to do', (line, message) => {
    expect(errorOf(line)).toBe(message);
  });

  it('is shown short and without control characters', () => {
    expect(errorOf('10.0.0.0/8 \u001b[2J')).toContain('unknown word "\\u{1b}[2J"');
    expect(errorOf(`10.0.0.0/8 ${'x'.repeat(1000)}`)).toContain(`"${'x'.repeat(60)}..."`);
  });

  it('is shown with its quotes and backslashes as they are', () => {
    expect(errorOf('10.0.0.0/8 C:\\x')).toContain('unknown word "C:\\x"');
    expect(errorOf('10.0.0.0/8 "x')).toContain(`unknown word '"x'`);
    expect(errorOf(`10.0.0.0/8 "'`)).toContain(`unknown word ""'"`);
  });

  it('does not hide the wrong lines behind it: the first 20 are described, all are counted', () => {
    const { errors, errorCount } = parse('10.0.0.0/8\nbad\n'.repeat(30));
    expect(errors.map(({ line }) => line)).toEqual(Array.from({ length: 20 }, (_, index) => 2 * index + 2));
    expect(errorCount).toBe(30);
  });
});

const dword = fc.nat(0xffffffff);
const anyRoute = fc
  .record({ address: dword, length: fc.nat(32), nextHop: dword, index: dword, metric: dword })
  .map(({ address, ...rest }) => ({ network: (address & maskOfLength(rest.length)) >>> 0, ...rest }));

describe('route text', () => {
  it('gives back every route that was written as text', () => {
    fc.assert(
      fc.property(fc.array(anyRoute, { maxLength: 200 }), (written) => {
        const table = new RouteTable();
        written.forEach(({ network, length, nextHop, index, metric }, row) => {
          table.push(network, length, nextHop, index, metric, row + 1);
        });
        const text = written.map((_, row) => table.format(row));
        expect(routesOf(text.join('\n'))).toEqual(text);
      }),
    );
  });

  it('of any bytes gives a route or an error for every line with content, and never both', () => {
    const bytes = fc.array(fc.constantFrom(...Buffer.from('0123456789./ \n\r\t#viaf metrc:\u00ff')), { maxLength: 80 });
    fc.assert(
      fc.property(bytes, (input) => {
        const text = Buffer.from(input);
        const { routes, errorCount } = parseRouteText(text);
        const lines = text.toString('latin1').split('\n');
        const withContent = lines.filter((line) => (line.split('#')[0] ?? '').replace(/[ \t\r]/g, '') !== '');
        expect(routes.count + errorCount).toBe(withContent.length);
      }),
      { numRuns: 2000 },
    );
  });
});
