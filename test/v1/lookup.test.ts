import { describe, expect, it } from 'vitest';
import {
  ERROR_INVALID_PARAMETER,
  INFINITE,
  NO_ERROR,
  PROTO_IP_OSPF,
  PROTO_IP_RIP,
  RTM_PROTOCOL_FAMILY_IP,
} from '../../src/v1/constants.js';
import { IpNetwork, RtmIpRoute } from '../../src/v1/ip-route.js';
import { ipv4, ipv4Mask } from '../../src/v1/ipv4.js';
import { RtmIpxRoute } from '../../src/v1/ipx-route.js';
import { describeEveryBackend } from '../support/backend.js';
import { add, best, register, remove, routeTo } from '../support/routes.js';

const IP = RTM_PROTOCOL_FAMILY_IP;
const NO_FAMILY = 2;

/** Makes the last error of this thread ERROR_INVALID_PARAMETER. */
function spoilLastError(rtm: { RtmGetRouteAge(route: RtmIpRoute): number; GetLastError(): number }): void {
  rtm.RtmGetRouteAge(new RtmIpRoute());
  expect(rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
}

describeEveryBackend(({ open }) => {
  describe('RtmIsRoute', () => {
    it('finds the best route to exactly this network', () => {
      const rtm = open();
      const client = register(rtm);
      add(rtm, client, routeTo('10.0.0.0/8', { metric: 2 }));
      add(rtm, client, routeTo('10.0.0.0/8', { interfaceId: 2, metric: 1 }));
      expect(best(rtm, '10.0.0.0/8')?.RR_InterfaceID).toBe(2);
    });

    it.each(['10.0.0.0/9', '10.0.0.0/7', '10.1.0.0/16', '0.0.0.0/0'])('does not find %s beside 10.0.0.0/8', (network) => {
      const rtm = open();
      add(rtm, register(rtm), routeTo('10.0.0.0/8'));
      spoilLastError(rtm);
      expect(best(rtm, network)).toBeNull();
      expect(rtm.GetLastError()).toBe(NO_ERROR);
    });

    it('takes NULL for a best route that is not wanted', () => {
      const rtm = open();
      add(rtm, register(rtm), routeTo('10.0.0.0/8'));
      expect(rtm.RtmIsRoute(IP, routeTo('10.0.0.0/8').RR_Network, null)).toBe(true);
    });

    it('takes the network as plain bytes, wherever they start', () => {
      const rtm = open();
      add(rtm, register(rtm), routeTo('10.0.0.0/8'));
      const memory = new Uint8Array(9);
      memory.set(routeTo('10.0.0.0/8').RR_Network.bytes, 1);
      expect(rtm.RtmIsRoute(IP, memory.subarray(1), null)).toBe(true);
      expect(rtm.RtmIsRoute(IP, memory.subarray(2), null)).toBe(false);
      expect(rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
    });

    it.each([
      ['with a hole in its mask', ipv4('10.0.0.0'), ipv4('255.0.255.0')],
      ['with bits outside its mask', ipv4('10.1.2.3'), ipv4Mask(8)],
    ])('finds no network %s', (_what, number, mask) => {
      const rtm = open();
      add(rtm, register(rtm), routeTo('10.0.0.0/8'));
      const network = new IpNetwork();
      network.N_NetNumber = number;
      network.N_NetMask = mask;
      spoilLastError(rtm);
      expect(rtm.RtmIsRoute(IP, network, null)).toBe(false);
      expect(rtm.GetLastError()).toBe(NO_ERROR);
    });

    it('refuses an unknown family', () => {
      const rtm = open();
      expect(rtm.RtmIsRoute(NO_FAMILY, routeTo('10.0.0.0/8').RR_Network, null)).toBe(false);
      expect(rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
    });

    it('does not touch the buffer of a route that it does not find', () => {
      const rtm = open();
      const route = routeTo('10.0.0.0/8', { interfaceId: 77 });
      expect(rtm.RtmIsRoute(IP, route.RR_Network, route)).toBe(false);
      expect(route.RR_InterfaceID).toBe(77);
    });
  });

  describe('RtmLookupIPDestination', () => {
    it('finds the best route of the longest match', () => {
      const rtm = open();
      const client = register(rtm);
      add(rtm, client, routeTo('0.0.0.0/0', { interfaceId: 100 }));
      add(rtm, client, routeTo('10.0.0.0/8', { interfaceId: 8, metric: 1 }));
      add(rtm, client, routeTo('10.1.0.0/16', { interfaceId: 15, metric: 8 }));
      add(rtm, client, routeTo('10.1.0.0/16', { interfaceId: 16, metric: 7 }));
      add(rtm, client, routeTo('10.1.2.3/32', { interfaceId: 32, metric: 9 }));
      for (const [address, interfaceId] of [
        ['10.1.2.3', 32],
        ['10.1.2.4', 16],
        ['10.1.255.255', 16],
        ['10.2.0.0', 8],
        ['11.0.0.0', 100],
        ['255.255.255.255', 100],
        ['0.0.0.0', 100],
      ] as const) {
        const route = new RtmIpRoute();
        expect(rtm.RtmLookupIPDestination(ipv4(address), route), address).toBe(true);
        expect([route.RR_InterfaceID, route.RR_RoutingProtocol], address).toEqual([interfaceId, PROTO_IP_RIP]);
      }
      remove(rtm, client, routeTo('10.1.2.3/32', { interfaceId: 32 }));
      const route = new RtmIpRoute();
      expect(rtm.RtmLookupIPDestination(ipv4('10.1.2.3'), route)).toBe(true);
      expect(route.RR_InterfaceID).toBe(16);
    });

    it('says NO_ERROR where no prefix covers the address, and fills in nothing', () => {
      const rtm = open();
      add(rtm, register(rtm), routeTo('10.0.0.0/8'));
      spoilLastError(rtm);
      const route = routeTo('10.0.0.0/8', { interfaceId: 77 });
      expect(rtm.RtmLookupIPDestination(ipv4('11.0.0.1'), route)).toBe(false);
      expect([rtm.GetLastError(), route.RR_InterfaceID]).toEqual([NO_ERROR, 77]);
    });

    it.each([
      ['an address that is no DWORD', -1, new RtmIpRoute()],
      ['NULL for the route', 10, null],
      ['a route that is too short', 10, new Uint8Array(91)],
      ['a route of IPX', 10, new RtmIpxRoute()],
    ])('refuses %s', (_what, address, route) => {
      const rtm = open();
      add(rtm, register(rtm), routeTo('0.0.0.0/0'));
      expect(rtm.RtmLookupIPDestination(address, route as RtmIpRoute)).toBe(false);
      expect(rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
    });
  });

  describe('RtmGetNetworkCount', () => {
    it('counts networks, not routes', () => {
      const rtm = open();
      const [rip, ospf] = [register(rtm, PROTO_IP_RIP), register(rtm, PROTO_IP_OSPF)];
      for (let index = 0; index < 200; index += 1) add(rtm, rip, routeTo(`10.${index}.0.0/16`));
      add(rtm, rip, routeTo('10.0.0.0/16', { interfaceId: 2 }));
      add(rtm, ospf, routeTo('10.0.0.0/16'));
      add(rtm, ospf, routeTo('10.0.0.0/8'));
      expect(rtm.RtmGetNetworkCount(IP)).toBe(201);
      remove(rtm, ospf, routeTo('10.0.0.0/16'));
      expect(rtm.RtmGetNetworkCount(IP)).toBe(201);
      remove(rtm, ospf, routeTo('10.0.0.0/8'));
      expect(rtm.RtmGetNetworkCount(IP)).toBe(200);
    });

    it('says NO_ERROR where there are none', () => {
      const rtm = open();
      spoilLastError(rtm);
      expect(rtm.RtmGetNetworkCount(IP)).toBe(0);
      expect(rtm.GetLastError()).toBe(NO_ERROR);
    });

    it('refuses an unknown family', () => {
      const rtm = open();
      expect(rtm.RtmGetNetworkCount(NO_FAMILY)).toBe(0);
      expect(rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
    });
  });

  describe('RtmGetRouteAge', () => {
    it('tells whole seconds, rounded down', () => {
      let now = 1_000_000_000_000;
      const rtm = open({ clock: () => now });
      const { current } = add(rtm, register(rtm), routeTo('10.0.0.0/8'));
      for (const [elapsed, age] of [[0, 0], [999, 0], [1000, 1], [1999, 1], [86_400_000, 86_400]] as const) {
        now = 1_000_000_000_000 + elapsed;
        expect(rtm.RtmGetRouteAge(current)).toBe(age);
      }
    });

    it('takes a route from the next second for a new one, and from later on for invalid', () => {
      let now = 1_000_000_000_000;
      const rtm = open({ clock: () => now });
      const { current } = add(rtm, register(rtm), routeTo('10.0.0.0/8'));
      now -= 1000;
      expect(rtm.RtmGetRouteAge(current)).toBe(0);
      now -= 1;
      expect(rtm.RtmGetRouteAge(current)).toBe(INFINITE);
      expect(rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
    });

    it('takes a route without time stamp for invalid', () => {
      const rtm = open();
      expect(rtm.RtmGetRouteAge(new RtmIpRoute())).toBe(INFINITE);
      expect(rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
    });

    it('tells no age that a ULONG cannot hold', () => {
      const rtm = open({ clock: () => 0 });
      const route = new RtmIpRoute();
      route.RR_TimeStamp.dwLowDateTime = 1;
      expect(rtm.RtmGetRouteAge(route)).toBe(INFINITE);
      expect(rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
    });
  });
});
