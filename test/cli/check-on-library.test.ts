import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { check } from '../../src/cli/check.js';
import { RouteTable } from '../../src/cli/route-table.js';
import { openTarget } from '../../src/cli/target.js';
import {
  INFINITE,
  ipv4,
  ipv4Mask,
  openRtm1,
  PROTO_IP_NETMGMT,
  RTM_PROTOCOL_FAMILY_IP,
  RtmIpRoute,
} from '../../src/index.js';
import { maskOfLength } from '../../src/translate/ip-network.js';
import { buildStub } from '../support/stub-library.js';
import { rtm1 } from './run-in-process.js';

// Few values each, so that networks, identities and metrics meet often.
const route = fc
  .record({
    address: fc.constantFrom(0, 0x0a, 0x140a, 0x1e140a, 0xe0, 0xffffffff),
    length: fc.constantFrom(0, 8, 16, 24, 32),
    nextHop: fc.constantFrom(0, 0x010200c0, 0x020200c0),
    index: fc.nat(2),
    metric: fc.constantFrom(0, 1, 2, 0xffffffff),
  })
  .map(({ address, ...rest }) => ({ network: (address & maskOfLength(rest.length)) >>> 0, ...rest }));

const folder = mkdtempSync(join(tmpdir(), 'rtm1-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('a library that refuses registration', () => {
  it.each([
    ['RtmRegisterEntity', 1610, 'ERROR_BAD_CONFIGURATION'],
    ['RtmRegisterEntity', 2, 'ERROR_FILE_NOT_FOUND'],
    ['RtmRegisterEntity', 1450, 'ERROR_NO_SYSTEM_RESOURCES'],
    ['RtmDeregisterEntity', 6, 'ERROR_INVALID_HANDLE'],
  ] as const)('is not checked, and is told by doctor: %s answers %d', async (call, code, name) => {
    const library = buildStub(folder, `${call}-${code}`, { answers: { [call]: code } });
    for (const family of ['ip', 'ipx']) {
      const argv = ['check', '--routes', '-', '--family', family, '--library', library];
      const { status, stdout, stderr } = await rtm1(argv, {
        stdin: family === 'ip' ? '10.0.0.0/8' : 'A1',
        target: openTarget,
      });
      expect([status, stdout]).toEqual([2, '']);
      expect(stderr).toContain(`lets no ${family.toUpperCase()} client register: ${call} answers ${code} (${name}).\n`);
    }
    const doctor = await rtm1(['doctor', '--library', library], { target: openTarget });
    expect(doctor.status).toBe(2);
    expect(doctor.stdout).toContain(
      `  registers   IP: no, ${call} answers ${code} (${name})\n  registers   IPX: no, ${call}`,
    );
  });
});

describe('a check on the embedded library', () => {
  it('finds every promise of v1 kept, whatever routes are added', () => {
    fc.assert(
      fc.property(fc.array(route, { minLength: 1, maxLength: 80 }), fc.nat(0xffffffff), (written, protocol) => {
        const routes = new RouteTable();
        written.forEach(({ network, length, nextHop, index, metric }, row) => {
          routes.push(network, length, nextHop, index, metric, row + 1);
        });
        const target = openTarget('embedded');
        try {
          const result = check(target, routes, { protocol });
          expect(result.broken.described).toEqual([]);
          expect(result.added + result.updated.length).toBe(written.length);
          expect(result.enumerated).toBe(result.added);
          expect(result.deregister.v2Calls).toBeGreaterThan(result.added);
        } finally {
          target.close();
        }
      }),
    );
  });

  it('sees and touches nothing of a program that uses the library at the same time', () => {
    using program = openRtm1({ library: 'embedded' });
    const client = program.RtmRegisterClient(RTM_PROTOCOL_FAMILY_IP, PROTO_IP_NETMGMT, null, 0);
    const added = new RtmIpRoute();
    added.RR_Network.N_NetNumber = ipv4('10.0.0.0');
    added.RR_Network.N_NetMask = ipv4Mask(8);
    expect(program.RtmAddRoute(client, added, INFINITE, new Uint32Array(1), null, null)).toBe(0);

    const routes = new RouteTable();
    routes.push(ipv4('10.0.0.0'), 8, ipv4('192.0.2.1'), 2, 1, 1);
    const target = openTarget('embedded');
    const result = check(target, routes, { protocol: PROTO_IP_NETMGMT });
    target.close();

    expect(result).toMatchObject({ networks: 1, broken: { count: 0 } });
    expect(program.RtmIsRoute(RTM_PROTOCOL_FAMILY_IP, added.RR_Network, null)).toBe(true);
    expect(program.RtmGetNetworkCount(RTM_PROTOCOL_FAMILY_IP)).toBe(1);
    expect(program.RtmDeregisterClient(client)).toBe(0);
  });
});
