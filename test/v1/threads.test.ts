import { describe, expect, it } from 'vitest';
import {
  ERROR_CLIENT_ALREADY_EXISTS,
  ERROR_INVALID_HANDLE,
  ERROR_INVALID_PARAMETER,
  PROTO_IP_RIP,
} from '../../src/v1/constants.js';
import { formatIpv4 } from '../../src/v1/ipv4.js';
import { openRtm1 } from '../../src/v1/rtm1.js';
import { describeBackend, NOTHING } from '../support/backend.js';
import { add, best, enumerate, register, routeTo } from '../support/routes.js';
import { onThread } from '../support/threads.js';

describe('the built package', () => {
  it('exports what the source exports', async () => {
    const names = await onThread('post(Object.keys(rtm1).sort())');
    expect(names).toEqual(Object.keys(await import('../../src/index.js')).sort());
  });
});

describeBackend('embedded', ({ open }) => {
  it('shares the table among threads, as a process has one', async () => {
    const rtm = open();
    const given = routeTo('10.0.0.0/8', { interfaceId: 42, priority: 7, metric: 8, type: 3 });
    given.RR_FamilySpecificData.FSD_Flags = 0x101;
    add(rtm, register(rtm, PROTO_IP_RIP), given);
    const seen = await onThread(`
      const route = new rtm1.RtmIpRoute();
      route.RR_Network.N_NetNumber = rtm1.ipv4('10.0.0.0');
      route.RR_Network.N_NetMask = rtm1.ipv4Mask(8);
      const isThere = rtm.RtmIsRoute(1, route.RR_Network, route);
      const { FSD_Priority, FSD_Metric, FSD_Type, FSD_Flags } = route.RR_FamilySpecificData;
      const taken = rtm.RtmRegisterClient(1, ${PROTO_IP_RIP}, null, 0);
      const hop = rtm1.formatIpv4(route.RR_NextHopAddress.N_NetNumber);
      const known = [route.RR_RoutingProtocol, route.RR_InterfaceID, hop, FSD_Priority, FSD_Metric, FSD_Type, FSD_Flags];
      post([isThere, ...known, taken, rtm.GetLastError()]);
      rtm.close();
    `);
    // RTMv2 has room for the lowest eight bits of FSD_Flags.
    const known = [PROTO_IP_RIP, 42, formatIpv4(given.RR_NextHopAddress.N_NetNumber), 7, 8, 3, 1];
    expect(seen).toEqual([true, ...known, 0, ERROR_CLIENT_ALREADY_EXISTS]);
  });

  it('leaves the routes and the protocols of a thread that ends without closing, as far as RTMv2 knows them', async () => {
    // They stay in a table that no other test uses.
    const instance = 4714;
    await onThread(
      `
      const left = rtm1.openRtm1({ library: 'embedded', instance: data });
      const route = new rtm1.RtmIpRoute();
      route.RR_Network.N_NetNumber = rtm1.ipv4('10.0.0.0');
      route.RR_Network.N_NetMask = rtm1.ipv4Mask(8);
      route.RR_FamilySpecificData.FSD_Type = 99;
      route.RR_FamilySpecificData.FSD_Metric = 7;
      const client = left.RtmRegisterClient(1, ${PROTO_IP_RIP}, null, 0);
      post(left.RtmAddRoute(client, route, rtm1.INFINITE, new Uint32Array(1), null, null));
    `,
      instance,
    );
    using rtm = openRtm1({ library: 'embedded', instance });
    const { FSD_Metric, FSD_Type } = best(rtm, '10.0.0.0/8')?.RR_FamilySpecificData ?? {};
    expect([FSD_Metric, FSD_Type], 'only the record of the thread knew the type').toEqual([7, 1]);
    expect(rtm.RtmRegisterClient(1, PROTO_IP_RIP, null, 0)).toBe(0);
    expect(rtm.GetLastError()).toBe(ERROR_CLIENT_ALREADY_EXISTS);
  });

  it('does not take handles of another thread', async () => {
    const rtm = open();
    const client = register(rtm);
    expect(await onThread('post(rtm.RtmDeregisterClient(data))', client)).toBe(ERROR_INVALID_HANDLE);
    expect(rtm.leftBehind().entities).toBe(1);
  });

  it('keeps a last error for each thread', async () => {
    const rtm = open();
    rtm.RtmRegisterClient(7, PROTO_IP_RIP, null, 0);
    expect(await onThread('post([rtm.GetLastError(), rtm.RtmGetNetworkCount(1), rtm.GetLastError()])')).toEqual([0, 0, 0]);
    expect(rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
  });

  it('shows routes of another thread until that thread deregisters', async () => {
    const rtm = open();
    await onThread(`
      const client = rtm.RtmRegisterClient(1, 77, null, 0);
      const route = new rtm1.RtmIpRoute();
      for (let n = 0; n < 1000; n += 1) {
        route.RR_Network.N_NetNumber = rtm1.ipv4('10.' + (n >> 8) + '.' + (n & 255) + '.0');
        route.RR_Network.N_NetMask = rtm1.ipv4Mask(24);
        if (rtm.RtmAddRoute(client, route, rtm1.INFINITE, new Uint32Array(1), null, null) !== 0) throw new Error('add');
      }
      if (rtm.RtmDeregisterClient(client) !== 0) throw new Error('deregister');
      post(rtm.leftBehind());
      rtm.close();
    `);
    expect(best(rtm, '10.0.0.0/24')).toBeNull();
    expect(enumerate(rtm)).toEqual([]);
  });

  it('lets threads work on one table at the same time', async () => {
    const body = `
      const client = rtm.RtmRegisterClient(1, data, null, 0);
      const [route, flags] = [new rtm1.RtmIpRoute(), new Uint32Array(1)];
      route.RR_Network.N_NetMask = rtm1.ipv4Mask(24);
      let failures = 0;
      for (let round = 0; round < 5; round += 1) {
        for (let n = 0; n < 2000; n += 1) {
          route.RR_Network.N_NetNumber = rtm1.ipv4('10.' + (n >> 8) + '.' + (n & 255) + '.0');
          route.RR_InterfaceID = n % 5;
          route.RR_FamilySpecificData.FSD_Metric = (n * data) % 7;
          if (rtm.RtmAddRoute(client, route, rtm1.INFINITE, flags, null, null) !== 0) failures += 1;
          if (n % 3 === round % 3 && rtm.RtmDeleteRoute(client, route, flags, null) !== 0) failures += 1;
        }
      }
      const status = rtm.RtmDeregisterClient(client);
      rtm.close();
      post([failures, status, rtm.leftBehind()]);
    `;
    const results = await Promise.all([onThread(body, 201), onThread(body, 202), onThread(body, 203)]);
    for (const result of results) expect(result).toEqual([0, 0, NOTHING]);
    using rtm = openRtm1({ library: 'embedded' });
    expect(rtm.RtmGetNetworkCount(1)).toBe(0);
  });
});
