import { expect } from 'vitest';
import {
  EventObject,
  IpNetwork,
  IpSpecificData,
  IpxNetwork,
  IpxNextHopAddress,
  IpxSpecificData,
  RtmIpRoute,
  RtmIpxRoute,
} from '../../src/index.js';
import { conformance, type Scene } from './support/suite.js';

const NO_ERROR = 0;
const ERROR_INVALID_PARAMETER = 87;
const INFINITE = 0xffffffff;

/** Bytes of which each tells where it is. */
const numbered = (size: number): Uint8Array => Uint8Array.from({ length: size }, (_byte, index) => index + 1);

/** The DWORD that {@link numbered} bytes hold at an offset. */
const dword = (offset: number): number => new DataView(numbered(128).buffer).getUint32(offset, true);

/** The USHORT that {@link numbered} bytes hold at an offset. */
const ushort = (offset: number): number => new DataView(numbered(128).buffer).getUint16(offset, true);

const IP_SPECIFIC_MEMBERS = [
  'FSD_Type', 'FSD_Policy', 'FSD_NextHopAS', 'FSD_Priority', 'FSD_Metric', 'FSD_Metric1',
  'FSD_Metric2', 'FSD_Metric3', 'FSD_Metric4', 'FSD_Metric5', 'FSD_Flags',
] as const;

/** A structure object of the family over the bytes, or over bytes of its own. */
const structureOf = ({ family }: Scene, bytes?: Uint8Array): RtmIpRoute | RtmIpxRoute =>
  family.name === 'IP' ? new RtmIpRoute(bytes) : new RtmIpxRoute(bytes);

/** Every call that takes a route structure, with one put in. */
function callsWithRoute({ manager, family }: Scene, client: number, enumeration: number, route: never): Record<string, number> {
  const { rtm } = manager;
  const flags = new Uint32Array(1);
  const criteria = manager.bytes();
  const calls: Record<string, () => number> = {
    'RtmAddRoute, Route': () => rtm.RtmAddRoute(client, route, INFINITE, flags, null, null),
    'RtmAddRoute, CurBestRoute': () => rtm.RtmAddRoute(client, criteria, INFINITE, flags, route, null),
    'RtmAddRoute, PrevBestRoute': () => rtm.RtmAddRoute(client, criteria, INFINITE, flags, null, route),
    'RtmDeleteRoute, Route': () => rtm.RtmDeleteRoute(client, route, flags, null),
    'RtmDeleteRoute, CurBestRoute': () => rtm.RtmDeleteRoute(client, criteria, flags, route),
    'RtmBlockDeleteRoutes, CriteriaRoute': () => rtm.RtmBlockDeleteRoutes(client, 1, route),
    'RtmDequeueRouteChangeMessage, CurBestRoute': () => rtm.RtmDequeueRouteChangeMessage(client, flags, route, null),
    'RtmDequeueRouteChangeMessage, PrevBestRoute': () => rtm.RtmDequeueRouteChangeMessage(client, flags, null, route),
    'RtmIsRoute, BestRoute': () =>
      rtm.RtmIsRoute(family.number, family.network(1), route) ? NO_ERROR : rtm.GetLastError(),
    'RtmCreateEnumerationHandle, CriteriaRoute': () =>
      rtm.RtmCreateEnumerationHandle(family.number, 1, route) === 0 ? rtm.GetLastError() : NO_ERROR,
    'RtmEnumerateGetNextRoute, Route': () => rtm.RtmEnumerateGetNextRoute(enumeration, route),
    'RtmGetFirstRoute, Route': () => rtm.RtmGetFirstRoute(family.number, 0, route),
    'RtmGetNextRoute, Route': () => rtm.RtmGetNextRoute(family.number, 0, route),
  };
  return Object.fromEntries(Object.entries(calls).map(([name, call]) => [name, call()]));
}

/** Offers `route` to every call as a route structure: each refuses it, and the table stays as it is. */
function isRefusedEverywhere(scene: Scene, route: object): void {
  const { manager } = scene;
  const client = manager.client(0, { event: new EventObject() });
  manager.add(client);
  const enumeration = manager.enumeration();
  const answers = callsWithRoute(scene, client, enumeration, route as never);
  expect(answers).toEqual(Object.fromEntries(Object.keys(answers).map((name) => [name, ERROR_INVALID_PARAMETER])));
  expect(manager.routes()).toEqual([manager.entry()]);
}

conformance('structures', (test, plainTest) => {
  plainTest('structure-ip-network', () => {
    const network = new IpNetwork(numbered(8));
    expect(network.bytes).toHaveLength(8);
    expect([network.N_NetNumber, network.N_NetMask]).toEqual([dword(0), dword(4)]);
  });

  plainTest('structure-ipx-network', () => {
    const network = new IpxNetwork(numbered(4));
    expect(network.bytes).toHaveLength(4);
    expect(network.N_NetNumber).toBe(dword(0));
  });

  plainTest('structure-ip-next-hop', () => {
    expect(new RtmIpRoute().RR_NextHopAddress).toBeInstanceOf(IpNetwork);
  });

  plainTest('structure-ipx-next-hop', () => {
    const nextHop = new IpxNextHopAddress(numbered(6));
    expect([...nextHop.bytes]).toEqual([1, 2, 3, 4, 5, 6]);
    expect([...nextHop.NHA_Mac]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  plainTest('structure-ip-specific-data', () => {
    const data = new IpSpecificData(numbered(44));
    expect(data.bytes).toHaveLength(44);
    expect(IP_SPECIFIC_MEMBERS.map((member) => data[member])).toEqual(
      IP_SPECIFIC_MEMBERS.map((_member, index) => dword(4 * index)),
    );
  });

  plainTest('structure-ipx-specific-data', () => {
    const data = new IpxSpecificData(numbered(8));
    expect(data.bytes).toHaveLength(8);
    expect([data.FSD_Flags, data.FSD_TickCount, data.FSD_HopCount]).toEqual([dword(0), ushort(4), ushort(6)]);
  });

  plainTest('structure-ip-route', () => {
    const route = new RtmIpRoute(numbered(92));
    expect(route.bytes).toHaveLength(92);
    expect([route.RR_TimeStamp.dwLowDateTime, route.RR_TimeStamp.dwHighDateTime]).toEqual([dword(0), dword(4)]);
    expect([route.RR_RoutingProtocol, route.RR_InterfaceID]).toEqual([dword(8), dword(12)]);
    expect([...route.RR_ProtocolSpecificData.PSD_Data]).toEqual([16, 20, 24, 28].map(dword));
    expect([route.RR_Network.N_NetNumber, route.RR_Network.N_NetMask]).toEqual([dword(32), dword(36)]);
    expect([route.RR_NextHopAddress.N_NetNumber, route.RR_NextHopAddress.N_NetMask]).toEqual([dword(40), dword(44)]);
    expect(IP_SPECIFIC_MEMBERS.map((member) => route.RR_FamilySpecificData[member])).toEqual(
      IP_SPECIFIC_MEMBERS.map((_member, index) => dword(48 + 4 * index)),
    );
  });

  plainTest('structure-ipx-route', () => {
    const route = new RtmIpxRoute(numbered(52));
    expect(route.bytes).toHaveLength(52);
    expect([route.RR_TimeStamp.dwLowDateTime, route.RR_TimeStamp.dwHighDateTime]).toEqual([dword(0), dword(4)]);
    expect([route.RR_RoutingProtocol, route.RR_InterfaceID]).toEqual([dword(8), dword(12)]);
    expect([...route.RR_ProtocolSpecificData.PSD_Data]).toEqual([16, 20, 24, 28].map(dword));
    expect(route.RR_Network.N_NetNumber).toBe(dword(32));
    expect([...route.RR_NextHopAddress.NHA_Mac]).toEqual([37, 38, 39, 40, 41, 42]);
    const { FSD_Flags, FSD_TickCount, FSD_HopCount } = route.RR_FamilySpecificData;
    expect([FSD_Flags, FSD_TickCount, FSD_HopCount]).toEqual([dword(44), ushort(48), ushort(50)]);
  });

  plainTest('structure-over-memory', () => {
    for (const [size, structure] of [[92, RtmIpRoute], [52, RtmIpxRoute]] as const) {
      const memory = new Uint8Array(128);
      const route = new structure(memory.subarray(8));
      route.RR_InterfaceID = 0x04030201;
      expect([...memory.subarray(20, 24)]).toEqual([1, 2, 3, 4]);
      memory[8 + 16] = 9;
      expect(route.RR_ProtocolSpecificData.PSD_Data[0]).toBe(9);
      expect([route.bytes.byteOffset, route.bytes.byteLength]).toEqual([8, size]);
    }
  });

  test('structure-as-argument', (scene) => {
    const { manager, family } = scene;
    const client = manager.client();
    const longer = new Uint8Array(family.routeSize + 7);
    longer.set(manager.bytes({ net: 1 }));
    manager.tryAdd(client, longer);
    const { rtm } = manager;
    const flags = new Uint32Array(1);
    const current = structureOf(scene);
    expect(rtm.RtmAddRoute(client, structureOf(scene, manager.bytes({ net: 2 })), INFINITE, flags, current, null)).toBe(NO_ERROR);
    expect(family.read(current.bytes)).toEqual(manager.entry({ net: 2 }));
    expect(manager.routes()).toEqual([manager.entry({ net: 1 }), manager.entry({ net: 2 })]);
    const best = structureOf(scene);
    expect(rtm.RtmIsRoute(family.number, current.RR_Network, best)).toBe(true);
    expect(best.bytes).toEqual(current.bytes);
    expect(rtm.RtmDeleteRoute(client, best, flags, null)).toBe(NO_ERROR);
    expect(manager.routes()).toEqual([manager.entry({ net: 1 })]);
  });

  test('structure-too-short', (scene) => {
    const { family, manager } = scene;
    isRefusedEverywhere(scene, new Uint8Array(family.routeSize - 1));
    const network = new Uint8Array(family.network(1).length - 1);
    expect(manager.rtm.RtmIsRoute(family.number, network, null)).toBe(false);
    expect(manager.rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
  });

  test('structure-of-other-family', (scene) => {
    const { family, manager } = scene;
    isRefusedEverywhere(scene, family.name === 'IP' ? new RtmIpxRoute() : new RtmIpRoute());
    const network = family.name === 'IP' ? new IpxNetwork() : new IpNetwork();
    expect(manager.rtm.RtmIsRoute(family.number, network, null)).toBe(false);
    expect(manager.rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
  });
});
