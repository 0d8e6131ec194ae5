import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipx } from '../../src/cli/ipx-family.js';
import { parseRouteText } from '../../src/cli/route-text.js';
import { RouteTable } from '../../src/cli/route-table.js';

function routesOf(text: string): string[] {
  const { routes, errors } = parseRouteText(Buffer.from(text), ipx);
  expect(errors).toEqual([]);
  return Array.from({ length: routes.count }, (_, row) => routes.format(row));
}

describe('a line of IPX route text', () => {
  it.each([
    ['1', '00000001'],
    ['0000a1b2', '0000A1B2'],
    ['FFFFFFFF', 'FFFFFFFF'],
    ['A1B2 via 02:00:5e:10:00:01 if 3 ticks 4 hops 5', '0000A1B2 via 02:00:5e:10:00:01 if 3 ticks 4 hops 5'],
    ['A1B2 hops 5 via 02-00-5E-10-00-01 ticks 4', '0000A1B2 via 02:00:5e:10:00:01 ticks 4 hops 5'],
    ['A1B2 via 02005E100001', '0000A1B2 via 02:00:5e:10:00:01'],
    ['A1B2 via 0200.5e10.0001', '0000A1B2 via 02:00:5e:10:00:01'],
    ['A1B2 ticks 65535 hops 65535', '0000A1B2 ticks 65535 hops 65535'],
    ['A1B2 ticks 0 hops 0 if 0 via 00:00:00:00:00:00', '0000A1B2'],
    ['A1B2 via ff:ff:ff:ff:ff:ff', '0000A1B2 via ff:ff:ff:ff:ff:ff'],
  ])('%j is the route %s', (line, route) => {
    expect(routesOf(line)).toEqual([route]);
  });

  it('is given back as it was written', () => {
    const dword = fc.nat(0xffffffff);
    const route = fc.tuple(dword, fc.nat(2 ** 48 - 1), dword, dword);
    fc.assert(
      fc.property(fc.array(route, { maxLength: 100 }), (written) => {
        const table = new RouteTable(ipx);
        written.forEach(([network, nextHop, index, rank], row) => {
          table.push(network, 32, nextHop, index, rank, row + 1);
        });
        const text = written.map((_, row) => table.format(row));
        expect(routesOf(text.join('\n'))).toEqual(text);
      }),
    );
  });
});

describe('a wrong line of IPX route text', () => {
  it.each([
    ['0xA1B2', '"0xA1B2" has a prefix: write the digits alone, "A1B2"'],
    [
      '10.0.0.0/8',
      '"10.0.0.0/8" is an IP prefix: check it with --family ip, or write an IPX network, 1 to 8 hexadecimal digits',
    ],
    ['123456789', '"123456789" has more than 8 digits: an IPX network is 1 to 8 hexadecimal digits'],
    ['network', '"network" is not an IPX network: write 1 to 8 hexadecimal digits'],
    ['A1 via', '"via" has no next hop: write via 00:11:22:33:44:55'],
    ['A1 via 02:00:5e:10:00', '"02:00:5e:10:00" is not a MAC address: write via 00:11:22:33:44:55'],
    ['A1 via 02:00:5e:10:00:01:02', '"02:00:5e:10:00:01:02" is not a MAC address: write via 00:11:22:33:44:55'],
    ['A1 via 2:0:5e:10:0:1', '"2:0:5e:10:0:1" is not a MAC address: write via 02:00:5e:10:00:01'],
    ['A1 via 02005e1000', '"02005e1000" is not a MAC address: write via 00:11:22:33:44:55'],
    ['A1 via 02005e10000102', '"02005e10000102" is not a MAC address: write via 00:11:22:33:44:55'],
    ['A1 via 0200.5e10', '"0200.5e10" is not a MAC address: write via 00:11:22:33:44:55'],
    ['A1 via 0200:5e10:0001', '"0200:5e10:0001" is not a MAC address: write via 00:11:22:33:44:55'],
    ['A1 via 192.0.2.1', '"192.0.2.1" is an IP address: write via 00:11:22:33:44:55, or check with --family ip'],
    ['A1 via A1.02005e100001', '"A1.02005e100001" names a network too: write via 02:00:5e:10:00:01'],
    ['A1 02005e100001', 'unknown word "02005e100001": write via 02:00:5e:10:00:01; a route is NETWORK [via MAC] [if INDEX] [ticks N] [hops N]'],
    ['0000A1B2.02005e100001', '"0000A1B2.02005e100001" names a node too: write 0000A1B2 via 02:00:5e:10:00:01'],
    ['A1B2:02-00-5e-10-00-01', '"A1B2:02-00-5e-10-00-01" names a node too: write 0000A1B2 via 02:00:5e:10:00:01'],
    ['0xA1B2.0200.5e10.0001', '"0xA1B2.0200.5e10.0001" names a node too: write 0000A1B2 via 02:00:5e:10:00:01'],
    ['default ticks 1', '"default" is not an IPX network: write FFFFFFFE, its number'],
    ['A1B2, ticks 1', '"A1B2," has a comma behind it: write A1B2'],
    ['; A1B2', '";" is not an IPX network: write # before a comment'],
    ['A1.B2', '"A1.B2" is not an IPX network: write 1 to 8 hexadecimal digits'],
    ['A1 ticks', '"ticks" has no number: write ticks N'],
    ['A1 ticks 65536', '"65536" is not a number of ticks: write ticks and a number from 0 to 65535'],
    ['A1 hops -1', '"-1" is not a number of hops: write hops and a number from 0 to 65535'],
    ['A1 ticks 1 ticks 2', '"ticks" stands twice: keep one'],
    ['A1 metric 3', 'unknown word "metric": write ticks; a route is NETWORK [via MAC] [if INDEX] [ticks N] [hops N]'],
  ])('%j says what is wrong and what to do', (line, message) => {
    const { errors, routes } = parseRouteText(Buffer.from(line), ipx);
    expect(routes.count).toBe(0);
    expect(errors).toEqual([{ line: 1, message }]);
  });
});
