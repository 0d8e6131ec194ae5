import koffi from 'koffi';
import { expect, it } from 'vitest';
import {
  NO_ERROR,
  PROTO_IP_BGP,
  PROTO_IP_RIP,
  RTM_NO_CHANGE,
  RTM_ONLY_THIS_INTERFACE,
  RTM_ONLY_THIS_PROTOCOL,
  RTM_PROTOCOL_FAMILY_IP,
  RTM_ROUTE_CHANGED,
} from '../../src/v1/constants.js';
import { constant } from '../../src/win32/constants.js';
import { ipv4, ipv4Mask } from '../../src/v1/ipv4.js';
import type { RtmIpRoute } from '../../src/v1/ip-route.js';
import { Entity } from '../../src/v1/entity.js';
import { NEXTHOP_INFO, ROUTE_INFO, writeNetAddress } from '../../src/v2/structures.js';
import { Workspace } from '../../src/v2/workspace.js';
import { wrapCalls } from '../../src/v2/calls.js';
import type { V2Library } from '../../src/v2/library.js';
import { type Backend, describeEveryBackend } from '../support/backend.js';
import { add, best, enumerate, membersOf, register, remove, routeTo } from '../support/routes.js';

const AF_INET = constant('AF_INET');
const INFINITE = constant('INFINITE');
const LOCAL = constant('RTM_ROUTE_FLAGS_LOCAL');
const UCAST = constant('RTM_VIEW_MASK_UCAST');
const MCAST = constant('RTM_VIEW_MASK_MCAST');

/** What a native entity says about a route of its own. */
interface NativeRoute {
  readonly network: RtmIpRoute;
  readonly views?: number;
  readonly preference?: number;
  readonly metric?: number;
  readonly flags?: number;
  readonly hasNextHop?: boolean;
}

/** An RTMv2 client as ported code has it: it calls RTMv2 itself and knows nothing of version 1. */
class NativeEntity {
  readonly #entity: Entity;
  #nextHop = 0;

  constructor({ calls }: V2Library, protocolId: number) {
    const id = { instance: 0, family: AF_INET, protocolId, protocolInstance: 1 };
    const entity = Entity.register(calls, new Workspace(Workspace.INITIAL), id);
    if ('code' in entity) throw new Error(`RtmRegisterEntity answers ${entity.code}`);
    this.#entity = entity;
  }

  addNextHop(address: number, interfaceId: number): void {
    const { calls, registration, workspace } = this.#entity;
    const { nextHopInfo, handleCell, flagsCell } = workspace;
    workspace.u8.fill(0, nextHopInfo, nextHopInfo + NEXTHOP_INFO.size);
    workspace.setHandle(handleCell, 0);
    writeNetAddress(workspace, nextHopInfo, AF_INET, 32, address);
    workspace.setWord(nextHopInfo + NEXTHOP_INFO.InterfaceIndex, interfaceId);
    const [info, cell, flags] = [nextHopInfo, handleCell, flagsCell].map((offset) => workspace.address + offset);
    expect(calls.RtmAddNextHop(registration, info ?? 0, cell ?? 0, flags ?? 0)).toBe(0);
    this.#nextHop = workspace.handle(handleCell);
  }

  /** Adds a route; returns a handle of it. */
  add(route: NativeRoute): number {
    const { network, views = UCAST, preference = 0, metric = 0, flags = 0, hasNextHop = true } = route;
    const { calls, registration, workspace } = this.#entity;
    const { address, flagsCell, handleCell, netAddress, routeInfo } = workspace;
    const { N_NetNumber, N_NetMask } = network.RR_Network;
    this.#entity.writePrefix(N_NetNumber, [...Array(33).keys()].find((bits) => ipv4Mask(bits) === N_NetMask) ?? 0);
    workspace.u8.fill(0, routeInfo, routeInfo + ROUTE_INFO.NextHops);
    workspace.u16[(routeInfo + ROUTE_INFO.Flags) >>> 1] = flags;
    workspace.setWord(routeInfo + ROUTE_INFO.Preference, preference);
    workspace.setWord(routeInfo + ROUTE_INFO.Metric, metric);
    workspace.setWord(routeInfo + ROUTE_INFO.BelongsToViews, views);
    // What ported code keeps here is its own affair: no address of this may ever be followed, nor taken for a slot.
    workspace.setHandle(routeInfo + ROUTE_INFO.EntitySpecificInfo, 1);
    workspace.u16[(routeInfo + ROUTE_INFO.NumNextHops) >>> 1] = hasNextHop ? 1 : 0;
    workspace.setHandle(routeInfo + ROUTE_INFO.NextHops, hasNextHop ? this.#nextHop : 0);
    workspace.setHandle(handleCell, 0);
    workspace.setWord(flagsCell, 0);
    const parameters = [address + handleCell, address + netAddress, address + routeInfo, INFINITE, 0, 0, 0] as const;
    expect(calls.RtmAddRouteToDest(registration, ...parameters, address + flagsCell)).toBe(0);
    return workspace.handle(handleCell);
  }

  leave(routes: readonly number[]): void {
    const { calls, registration, workspace } = this.#entity;
    for (const route of routes) {
      expect(calls.RtmDeleteRouteToDest(registration, route, workspace.address + workspace.flagsCell)).toBe(0);
    }
    if (this.#nextHop !== 0) expect(calls.RtmDeleteNextHop(registration, this.#nextHop, 0)).toBe(0);
    expect(calls.RtmDeregisterEntity(registration)).toBe(0);
  }
}

describeEveryBackend(({ library, open, openOn }: Backend) => {
  it('shows the route of a native entity as far as RTMv2 knows it', () => {
    const rtm = open();
    const native = new NativeEntity(library(), PROTO_IP_BGP);
    native.addNextHop(ipv4('198.51.100.1'), 42);
    const network = routeTo('10.0.0.0/8');
    const route = native.add({ network, preference: 20, metric: 30, flags: LOCAL });
    const expected = routeTo('10.0.0.0/8', {
      via: '198.51.100.1',
      interfaceId: 42,
      priority: 20,
      metric: 30,
      type: 3,
    });
    expected.RR_RoutingProtocol = PROTO_IP_BGP;
    const shown = best(rtm, '10.0.0.0/8');
    expect(shown && membersOf(shown)).toEqual(membersOf(expected));
    expect(rtm.RtmGetRouteAge(shown ?? network)).toBeLessThan(60);
    expect(enumerate(rtm).map(membersOf)).toEqual([membersOf(expected)]);
    native.leave([route]);
    expect(best(rtm, '10.0.0.0/8')).toBeNull();
  });

  it('shows a route without next hop over 0.0.0.0/0, interface 0', () => {
    const rtm = open();
    const native = new NativeEntity(library(), PROTO_IP_BGP);
    const route = native.add({ network: routeTo('10.0.0.0/8'), hasNextHop: false });
    const shown = best(rtm, '10.0.0.0/8');
    expect([...(shown?.RR_NextHopAddress.bytes ?? [])]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
    expect(shown?.RR_FamilySpecificData.FSD_Type).toBe(1);
    native.leave([route]);
  });

  it('does not show routes of the multicast view', () => {
    const rtm = open();
    const native = new NativeEntity(library(), PROTO_IP_BGP);
    const route = native.add({ network: routeTo('10.0.0.0/8'), views: MCAST, hasNextHop: false });
    expect(best(rtm, '10.0.0.0/8')).toBeNull();
    expect(enumerate(rtm)).toEqual([]);
    expect(rtm.RtmGetNetworkCount(RTM_PROTOCOL_FAMILY_IP)).toBe(0);
    native.leave([route]);
  });

  it('competes with native entities for the best route', () => {
    const rtm = open();
    const client = register(rtm);
    const native = new NativeEntity(library(), PROTO_IP_BGP);
    native.addNextHop(ipv4('198.51.100.1'), 42);
    const route = native.add({ network: routeTo('10.0.0.0/8'), preference: 20 });
    expect(add(rtm, client, routeTo('10.0.0.0/8', { priority: 21 })).flags).toBe(RTM_NO_CHANGE);
    const change = add(rtm, client, routeTo('10.0.0.0/8', { priority: 19 }));
    expect([change.flags, change.previous.RR_RoutingProtocol]).toEqual([RTM_ROUTE_CHANGED, PROTO_IP_BGP]);
    const removal = remove(rtm, client, routeTo('10.0.0.0/8'));
    expect([removal.flags, removal.current.RR_InterfaceID]).toEqual([RTM_ROUTE_CHANGED, 42]);
    native.leave([route]);
  });

  it('does not take a native entity of a protocol for its v1 client', () => {
    const rtm = open();
    const native = new NativeEntity(library(), PROTO_IP_RIP);
    const route = native.add({ network: routeTo('10.0.0.0/8'), hasNextHop: false });
    const client = register(rtm, PROTO_IP_RIP);
    add(rtm, client, routeTo('172.16.0.0/12'));
    expect(rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
    expect(best(rtm, '10.0.0.0/8')?.RR_RoutingProtocol).toBe(PROTO_IP_RIP);
    native.leave([route]);
  });

  it('enumerates native routes by protocol and by interface', () => {
    const rtm = open();
    const native = new NativeEntity(library(), PROTO_IP_BGP);
    native.addNextHop(ipv4('198.51.100.1'), 42);
    const route = native.add({ network: routeTo('10.0.0.0/8') });
    add(rtm, register(rtm), routeTo('10.0.0.0/8', { interfaceId: 42 }));
    const criteria = routeTo('10.0.0.0/8', { interfaceId: 42 });
    criteria.RR_RoutingProtocol = PROTO_IP_BGP;
    expect(enumerate(rtm, RTM_ONLY_THIS_PROTOCOL, criteria)).toHaveLength(1);
    expect(enumerate(rtm, RTM_ONLY_THIS_INTERFACE, criteria)).toHaveLength(2);
    native.leave([route]);
  });

  it('knows its own routes by the id of their owner where they do not name its registration', () => {
    const rtm = openOn(withOtherOwnerHandles(library()));
    const client = register(rtm);
    add(rtm, client, routeTo('10.0.0.0/8', { metric: 5, type: 99 }));
    const change = add(rtm, client, routeTo('10.0.0.0/8', { metric: 6, type: 99 }));
    expect([change.flags, change.previous.RR_FamilySpecificData.FSD_Metric]).toEqual([RTM_ROUTE_CHANGED, 5]);
    expect(best(rtm, '10.0.0.0/8')?.RR_FamilySpecificData.FSD_Type, 'only the record knows this').toBe(99);
    expect(rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
  });
});

/**
 * The same library, but routes name their owners by other handles than those that registration gave. No page says that
 * they are the same.
 */
function withOtherOwnerHandles(library: V2Library): V2Library {
  const MARK = 0x1000;
  const highWordOfOwner = (info: number): bigint => BigInt(info + ROUTE_INFO.RouteOwner + 4);
  const mark = (info: number, by: number): void => {
    const at = highWordOfOwner(info);
    koffi.encode(at, 'uint32_t', koffi.decode.uint32(at) + by);
  };
  const calls = wrapCalls(library.calls, (name, call) => (...parameters) => {
    if (name === 'RtmGetRouteInfo') {
      const code = call(...parameters);
      if (code === 0) mark(parameters[2] ?? 0, MARK);
      return code;
    }
    if (name === 'RtmReleaseRouteInfo') {
      const info = parameters[1] ?? 0;
      if (koffi.decode.uint32(highWordOfOwner(info)) >= MARK) mark(info, -MARK);
      return call(...parameters);
    }
    if (name === 'RtmGetEntityInfo') {
      const [registration = 0, entity = 0, info = 0] = parameters;
      return call(registration, entity % (MARK * 2 ** 32), info);
    }
    return call(...parameters);
  });
  return { ...library, calls, path: `${library.path} with other owner handles` };
}
