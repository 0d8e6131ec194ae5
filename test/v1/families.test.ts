import koffi from 'koffi';
import { describe, expect, it } from 'vitest';
import {
  ERROR_CLIENT_ALREADY_EXISTS,
  ERROR_INVALID_PARAMETER,
  ERROR_NO_ROUTES,
  ERROR_NO_SUCH_ROUTE,
  INFINITE,
  NO_ERROR,
  PROTO_IP_OSPF,
  PROTO_IP_RIP,
  RTM_NO_CHANGE,
  RTM_ONLY_BEST_ROUTES,
  RTM_ONLY_THIS_INTERFACE,
  RTM_ONLY_THIS_NETWORK,
  RTM_ONLY_THIS_PROTOCOL,
  RTM_PROTOCOL_FAMILY_IP,
  RTM_PROTOCOL_FAMILY_IPX,
  RTM_PROTOCOL_SINGLE_ROUTE,
  RTM_ROUTE_ADDED,
  RTM_ROUTE_CHANGED,
  RTM_ROUTE_DELETED,
} from '../../src/v1/constants.js';
import { IpxNetwork } from '../../src/v1/ipx-route.js';
import { constant } from '../../src/win32/constants.js';
import type { V2Status } from '../../src/win32/status.js';
import { ENTITY_INFO } from '../../src/v2/structures.js';
import type { V2Library } from '../../src/v2/library.js';
import { describeBackend, describeEveryBackend, NOTHING } from '../support/backend.js';
import {
  addTo,
  bestOf,
  copyOf,
  deleteFrom,
  FAMILIES,
  IP,
  IPX,
  listOf,
  members,
  registerIn,
  walkOf,
} from '../support/families.js';
import { add, register, routeTo } from '../support/routes.js';

const AF_IPX = constant('AF_IPX');
const FILE_NOT_FOUND = constant('ERROR_FILE_NOT_FOUND') as V2Status;

/** The promises of Rtm.h that are the same for every family. */
describe.each(FAMILIES)('%s', (_name, family) => {
  describeEveryBackend(({ library, open, openOn }) => {
    it('keeps every member of the structure', () => {
      const rtm = open();
      const route = family.route(1);
      route.bytes.forEach((_byte, index, bytes) => {
        // Everything but stamp, protocol and network: those are not the caller's, or must make sense.
        if (index >= 12 && (index < 32 || index >= 32 + family.networkSize)) bytes[index] = index * 7;
      });
      addTo(family, rtm, registerIn(family, rtm), route);
      route.RR_RoutingProtocol = PROTO_IP_RIP;
      const stored = bestOf(family, rtm, 1);
      expect(stored && members(stored)).toBe(members(route));
      expect(listOf(family, rtm).map(members)).toEqual([members(route)]);
    });

    it('tells what becomes of the best route while routes come and go', () => {
      const rtm = open();
      const [rip, ospf] = [registerIn(family, rtm, PROTO_IP_RIP), registerIn(family, rtm, PROTO_IP_OSPF)];
      const good = family.route(1, { interfaceId: 7, rank: 5 });
      const better = family.route(1, { interfaceId: 8, rank: 4 });
      const worse = family.route(1, { interfaceId: 9, rank: 6 });
      expect(addTo(family, rtm, rip, good)).toMatchObject({ flags: RTM_ROUTE_ADDED, current: { RR_InterfaceID: 7 } });
      expect(addTo(family, rtm, rip, worse).flags).toBe(RTM_NO_CHANGE);
      const change = addTo(family, rtm, ospf, better);
      expect(change).toMatchObject({ flags: RTM_ROUTE_CHANGED, current: { RR_InterfaceID: 8 }, previous: { RR_InterfaceID: 7 } });
      const removal = deleteFrom(family, rtm, ospf, better);
      expect(removal).toMatchObject({ flags: RTM_ROUTE_CHANGED, current: { RR_InterfaceID: 7 } });
      expect(deleteFrom(family, rtm, rip, worse).flags).toBe(RTM_NO_CHANGE);
      expect(deleteFrom(family, rtm, rip, good).flags).toBe(RTM_ROUTE_DELETED);
      expect(rtm.RtmDeleteRoute(rip, good, new Uint32Array(1), null)).toBe(ERROR_NO_SUCH_ROUTE);
    });

    it('takes any byte of the family-specific data for significant, and no byte of the protocol\'s', () => {
      const rtm = open();
      const client = registerIn(family, rtm);
      const route = family.route(1);
      addTo(family, rtm, client, route);
      for (let index = 16; index < 32; index += 1) {
        route.bytes[index] = (route.bytes[index] ?? 0) ^ 1;
        expect(addTo(family, rtm, client, route).flags, `byte ${index}`).toBe(RTM_NO_CHANGE);
      }
      for (let index = family.familyData; index < family.size; index += 1) {
        route.bytes[index] = (route.bytes[index] ?? 0) ^ 1;
        expect(addTo(family, rtm, client, route).flags, `byte ${index}`).toBe(RTM_ROUTE_CHANGED);
      }
      expect(rtm.leftBehind().routes).toBe(1);
    });

    it('ranks by the first rank, then by the second; the best of equals stays', () => {
      const rtm = open();
      const client = registerIn(family, rtm);
      const flags = [
        { rank: 3, metric: 3 },
        { rank: 3, metric: 3 },
        { rank: 3, metric: 2 },
        { rank: 4, metric: 0 },
        { rank: 2, metric: 9 },
      ].map((rank, index) => addTo(family, rtm, client, family.route(1, { ...rank, interfaceId: index })).flags);
      expect(flags).toEqual([RTM_ROUTE_ADDED, RTM_NO_CHANGE, RTM_ROUTE_CHANGED, RTM_NO_CHANGE, RTM_ROUTE_CHANGED]);
    });

    it('keeps one route for each network of a single-route client', () => {
      const rtm = open();
      const client = registerIn(family, rtm, PROTO_IP_RIP, RTM_PROTOCOL_SINGLE_ROUTE);
      addTo(family, rtm, client, family.route(1));
      const change = addTo(family, rtm, client, family.route(1, { via: 9, interfaceId: 9, rank: 99 }));
      expect(change).toMatchObject({ flags: RTM_ROUTE_CHANGED, current: { RR_InterfaceID: 9 }, previous: { RR_InterfaceID: 1 } });
      expect(rtm.leftBehind()).toMatchObject({ routes: 1, nextHops: 1, handles: 1 });
    });

    it('counts networks', () => {
      const rtm = open();
      const client = registerIn(family, rtm);
      for (let network = 0; network < 150; network += 1) addTo(family, rtm, client, family.route(network));
      addTo(family, rtm, client, family.route(3, { via: 2 }));
      expect(rtm.RtmGetNetworkCount(family.number)).toBe(150);
    });

    it('enumerates by each criterion', () => {
      const rtm = open();
      const [rip, ospf] = [registerIn(family, rtm, PROTO_IP_RIP), registerIn(family, rtm, PROTO_IP_OSPF)];
      addTo(family, rtm, rip, family.route(1, { interfaceId: 1, rank: 2 }));
      addTo(family, rtm, ospf, family.route(1, { interfaceId: 2, rank: 1 }));
      addTo(family, rtm, rip, family.route(2, { interfaceId: 2, rank: 2 }));
      const criteria = family.route(1, { interfaceId: 2, via: 99 });
      criteria.RR_RoutingProtocol = PROTO_IP_RIP;
      const count = (flags: number): number => listOf(family, rtm, flags, criteria).length;
      expect([0, RTM_ONLY_THIS_NETWORK, RTM_ONLY_THIS_INTERFACE, RTM_ONLY_THIS_PROTOCOL].map(count)).toEqual([3, 2, 2, 2]);
      expect([RTM_ONLY_BEST_ROUTES, RTM_ONLY_BEST_ROUTES | RTM_ONLY_THIS_PROTOCOL, 7].map(count)).toEqual([2, 1, 0]);
    });

    it('tells enumerated routes as they are when they are told', () => {
      const rtm = open();
      const client = registerIn(family, rtm);
      for (const network of [1, 2, 3]) addTo(family, rtm, client, family.route(network));
      const enumeration = rtm.RtmCreateEnumerationHandle(family.number, 0, null);
      deleteFrom(family, rtm, client, family.route(1));
      deleteFrom(family, rtm, client, family.route(2));
      addTo(family, rtm, client, family.route(2, { data: 77 }));
      const route = family.view();
      expect(rtm.RtmEnumerateGetNextRoute(enumeration, route)).toBe(NO_ERROR);
      expect(route.RR_ProtocolSpecificData.PSD_Data[0]).toBe(77);
      expect(rtm.RtmEnumerateGetNextRoute(enumeration, route)).toBe(NO_ERROR);
      expect(rtm.RtmEnumerateGetNextRoute(enumeration, route)).toBe(ERROR_NO_ROUTES);
    });

    it('removes every route and every next hop that the client added, and no others', () => {
      const rtm = open();
      const [rip, ospf] = [registerIn(family, rtm, PROTO_IP_RIP), registerIn(family, rtm, PROTO_IP_OSPF)];
      for (let network = 0; network < 100; network += 1) {
        addTo(family, rtm, rip, family.route(network, { via: network % 5 }));
        addTo(family, rtm, ospf, family.route(network, { rank: network % 20 }));
      }
      expect(rtm.RtmDeregisterClient(rip)).toBe(NO_ERROR);
      expect(rtm.leftBehind()).toEqual({ entities: 1, routes: 100, nextHops: 1, destinations: 100, handles: 1 });
      expect(listOf(family, rtm).every((route) => route.RR_RoutingProtocol === PROTO_IP_OSPF)).toBe(true);
      expect(rtm.RtmDeregisterClient(ospf)).toBe(NO_ERROR);
      expect(rtm.leftBehind()).toEqual(NOTHING);
    });

    it('lets two objects on one table see each other\'s routes in full', () => {
      const [one, other] = [open(), open()];
      const route = family.route(1, { data: 0xabad1dea });
      addTo(family, one, registerIn(family, one), route);
      route.RR_RoutingProtocol = PROTO_IP_RIP;
      expect(listOf(family, other).map(members)).toEqual([members(route)]);
      expect(registerIn(family, other, PROTO_IP_OSPF)).not.toBe(0);
      expect(other.RtmRegisterClient(family.number, PROTO_IP_RIP, null, 0)).toBe(0);
      expect(other.GetLastError()).toBe(ERROR_CLIENT_ALREADY_EXISTS);
    });

    it('takes and gives routes and networks as plain bytes', () => {
      const rtm = open();
      const client = registerIn(family, rtm);
      const route = new Uint8Array(family.size + 1).subarray(1);
      route.set(family.route(1).bytes);
      expect(rtm.RtmAddRoute(client, route, INFINITE, new Uint32Array(1), route, null)).toBe(NO_ERROR);
      expect(family.view(route.slice()).RR_RoutingProtocol).toBe(PROTO_IP_RIP);
      const network = route.slice(32, 32 + family.networkSize);
      expect(rtm.RtmIsRoute(family.number, network, null)).toBe(true);
      expect(rtm.RtmIsRoute(family.number, network.subarray(1), null)).toBe(false);
      expect(rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
    });

    it('tells the same audit on a library without statistics', () => {
      const [plain, rtm] = [openOn({ ...library(), statistics: null }), open()];
      const client = registerIn(family, plain);
      for (let network = 0; network < 5; network += 1) addTo(family, plain, client, family.route(network, { via: network % 2 }));
      expect(rtm.leftBehind()).toEqual(NOTHING);
      expect(plain.leftBehind()).toEqual({ entities: 1, routes: 5, nextHops: 2, destinations: 5, handles: 2 });
    });
  });
});

describeEveryBackend(({ open }) => {
  it('keeps the tables of the families apart', () => {
    const rtm = open();
    const [ip, ipx] = [registerIn(IP, rtm), registerIn(IPX, rtm)];
    addTo(IP, rtm, ip, IP.route(1));
    addTo(IP, rtm, ip, IP.route(2));
    addTo(IPX, rtm, ipx, IPX.route(1));
    expect([IP, IPX].map((family) => rtm.RtmGetNetworkCount(family.number))).toEqual([2, 1]);
    expect([IP, IPX].map((family) => listOf(family, rtm).length)).toEqual([2, 1]);
    expect([IP, IPX].map((family) => walkOf(family, rtm).routes.length)).toEqual([2, 1]);
    expect(rtm.leftBehind()).toEqual({ entities: 2, routes: 3, nextHops: 2, destinations: 3, handles: 2 });
    expect(rtm.RtmDeregisterClient(ip)).toBe(NO_ERROR);
    expect(rtm.leftBehind()).toEqual({ entities: 1, routes: 1, nextHops: 1, destinations: 1, handles: 1 });
  });

  it.each([
    ['IP', IP, IPX],
    ['IPX', IPX, IP],
  ] as const)('refuses structures of the other family: %s', (_name, family, other) => {
    const rtm = open();
    const client = registerIn(family, rtm);
    const [own, foreign] = [family.route(1), other.route(1)];
    addTo(family, rtm, client, own);
    const enumeration = rtm.RtmCreateEnumerationHandle(family.number, 0, null);
    const [before, flags] = [members(foreign), new Uint32Array(1)];
    const results = {
      add: rtm.RtmAddRoute(client, foreign, INFINITE, flags, null, null),
      current: rtm.RtmAddRoute(client, own, INFINITE, flags, foreign, null),
      previous: rtm.RtmAddRoute(client, own, INFINITE, flags, null, foreign),
      delete: rtm.RtmDeleteRoute(client, foreign, flags, null),
      deleteCurrent: rtm.RtmDeleteRoute(client, own, flags, foreign),
      block: rtm.RtmBlockDeleteRoutes(client, 0, foreign),
      next: rtm.RtmEnumerateGetNextRoute(enumeration, foreign),
      first: rtm.RtmGetFirstRoute(family.number, 0, foreign),
      following: rtm.RtmGetNextRoute(family.number, 0, foreign),
      specific: rtm.RtmGetSpecificRoute(family.number, foreign),
    };
    for (const [what, status] of Object.entries(results)) expect(status, what).toBe(ERROR_INVALID_PARAMETER);
    expect(rtm.RtmIsRoute(family.number, foreign.RR_Network, null)).toBe(false);
    expect(rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
    expect(rtm.RtmIsRoute(family.number, own.RR_Network, foreign)).toBe(false);
    expect(rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
    expect(rtm.RtmCreateEnumerationHandle(family.number, 0, foreign)).toBe(0);
    expect(rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
    expect(members(foreign)).toBe(before);
    expect(members(copyOf(family, own)), 'nothing was done').toBe(members(own));
    expect(rtm.leftBehind()).toMatchObject({ routes: 1, handles: 2 });
  });
});

/** The same library without IPX, as RTMv2 is documented. */
function withoutIpx(library: V2Library): V2Library {
  const { calls } = library;
  const register: typeof calls.RtmRegisterEntity = (info, ...others) => {
    const family: unknown = koffi.decode(BigInt(info + ENTITY_INFO.AddressFamily), 'uint16_t');
    return family === AF_IPX ? FILE_NOT_FOUND : calls.RtmRegisterEntity(info, ...others);
  };
  return { ...library, calls: { ...calls, RtmRegisterEntity: register } };
}

describeBackend('embedded', ({ library, openOn }) => {
  it('has IPX where RTMv2 has it, and says ERROR_INVALID_PARAMETER where it has not', () => {
    const rtm = openOn(withoutIpx(library()));
    for (const [result, nothing] of [
      [() => rtm.RtmRegisterClient(RTM_PROTOCOL_FAMILY_IPX, PROTO_IP_RIP, null, 0), 0],
      [() => rtm.RtmIsRoute(RTM_PROTOCOL_FAMILY_IPX, new IpxNetwork(), null), false],
      [() => rtm.RtmGetNetworkCount(RTM_PROTOCOL_FAMILY_IPX), 0],
      [() => rtm.RtmCreateEnumerationHandle(RTM_PROTOCOL_FAMILY_IPX, 0, null), 0],
    ] as const) {
      expect(result()).toBe(nothing);
      expect(rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
    }
    expect(rtm.RtmGetFirstRoute(RTM_PROTOCOL_FAMILY_IPX, 0, IPX.view())).toBe(ERROR_INVALID_PARAMETER);
    expect(rtm.RtmGetNextRoute(RTM_PROTOCOL_FAMILY_IPX, 0, IPX.view())).toBe(ERROR_INVALID_PARAMETER);
    add(rtm, register(rtm), routeTo('10.0.0.0/8'));
    expect(rtm.RtmGetNetworkCount(RTM_PROTOCOL_FAMILY_IP)).toBe(1);
    expect(rtm.leftBehind().routes).toBe(1);
  });
});
