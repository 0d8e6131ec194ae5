import { expect } from 'vitest';
import {
  ERROR_MORE_MESSAGES,
  ERROR_NO_MESSAGES,
  INFINITE,
  NO_ERROR,
  PROTO_IP_BGP,
  PROTO_IP_OSPF,
  PROTO_IP_RIP,
  RTM_NO_CHANGE,
  RTM_PREVIOUS_BEST_ROUTE,
  RTM_CURRENT_BEST_ROUTE,
  RTM_PROTOCOL_FAMILY_IP,
  RTM_PROTOCOL_FAMILY_IPX,
} from '../../src/v1/constants.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import { ipv4, ipv4Mask } from '../../src/v1/ipv4.js';
import { RtmIpxRoute } from '../../src/v1/ipx-route.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { constant } from '../../src/win32/constants.js';
import { EventObject } from '../../src/win32/event-object.js';

/** A route of either family. */
export type AnyRoute = RtmIpRoute | RtmIpxRoute;

/** What tests of both families say about a route. */
export interface AnyFields {
  readonly interfaceId?: number;
  /** What ranks it, the lower the better. */
  readonly cost?: number;
  /** The first DWORD of what belongs to the protocol. */
  readonly data?: number;
}

/** One protocol family, as far as tests that hold for all of them have to tell one from another. */
export interface Family {
  readonly family: number;
  /** Protocols that clients register for. */
  readonly protocols: readonly [number, number, number];
  readonly newRoute: () => AnyRoute;
  /** A route to the network that a number from 0 to 65535 stands for. */
  readonly routeTo: (network: number, fields?: AnyFields) => AnyRoute;
}

export const IP: Family = {
  family: RTM_PROTOCOL_FAMILY_IP,
  protocols: [PROTO_IP_RIP, PROTO_IP_OSPF, PROTO_IP_BGP],
  newRoute: () => new RtmIpRoute(),
  routeTo: (network, { interfaceId = 1, cost = 1, data = 0 } = {}) => {
    const route = new RtmIpRoute();
    route.RR_Network.N_NetNumber = ipv4(`10.${network >>> 8}.${network & 0xff}.0`);
    route.RR_Network.N_NetMask = ipv4Mask(24);
    route.RR_InterfaceID = interfaceId;
    route.RR_NextHopAddress.N_NetNumber = ipv4('192.0.2.1');
    route.RR_FamilySpecificData.FSD_Metric = cost;
    route.RR_ProtocolSpecificData.PSD_Data[0] = data;
    return route;
  },
};

const IPX: Family = {
  family: RTM_PROTOCOL_FAMILY_IPX,
  protocols: [constant('IPX_PROTOCOL_RIP'), constant('IPX_PROTOCOL_SAP'), constant('IPX_PROTOCOL_NLSP')],
  newRoute: () => new RtmIpxRoute(),
  routeTo: (network, { interfaceId = 1, cost = 1, data = 0 } = {}) => {
    const route = new RtmIpxRoute();
    route.RR_Network.N_NetNumber = 0x1000 + network;
    route.RR_InterfaceID = interfaceId;
    route.RR_NextHopAddress.NHA_Mac.set([0, 0x60, 0x97, 1, 2, 3]);
    route.RR_FamilySpecificData.FSD_TickCount = cost;
    route.RR_ProtocolSpecificData.PSD_Data[0] = data;
    return route;
  },
};

/** Both families by name. */
export const FAMILIES: readonly (readonly [string, Family])[] = [
  ['IP', IP],
  ['IPX', IPX],
];

/** A message as the client gets it: the bytes of its routes without their time stamps. */
export interface Message {
  readonly flags: number;
  readonly current: readonly number[] | null;
  readonly previous: readonly number[] | null;
}

const MARK = 0xee;

/** All bytes of a route but its time stamp. */
export function bytesOf(route: AnyRoute): readonly number[] {
  return [...route.bytes.subarray(8)];
}

/** What a route that `protocol` has added looks like when it is returned. */
export function ownedBy(protocol: number, route: AnyRoute): readonly number[] {
  const owned = route.bytes.slice();
  new Uint32Array(owned.buffer)[2] = protocol;
  return [...owned.subarray(8)];
}

/** A client that wants to be told of changes. */
export class Listener {
  readonly event: EventObject;
  readonly client: number;
  readonly #rtm: Rtm1;
  readonly #family: Family;

  constructor(rtm: Rtm1, family: Family, protocol: number, event = new EventObject(), flags = 0) {
    this.#rtm = rtm;
    this.#family = family;
    this.event = event;
    this.client = rtm.RtmRegisterClient(family.family, protocol, event, flags);
    expect(this.client, `RtmRegisterClient leaves ${rtm.GetLastError()}`).not.toBe(0);
  }

  /** Adds a route that must be accepted; returns the flags. */
  add(route: AnyRoute, timeToLive = INFINITE): number {
    return addTo(this.#rtm, this.client, route, timeToLive);
  }

  /** Deletes a route that must be there; returns the flags. */
  remove(route: AnyRoute): number {
    const flags = Uint32Array.of(0xdead);
    expect(this.#rtm.RtmDeleteRoute(this.client, route, flags, null), 'RtmDeleteRoute').toBe(NO_ERROR);
    return flags[0] ?? -1;
  }

  /** Calls RtmDequeueRouteChangeMessage once. Buffers that the flags do not name must be as they were. */
  next(): Message & { readonly status: number } {
    const flags = Uint32Array.of(0xdead);
    const [current, previous] = [this.#family.newRoute(), this.#family.newRoute()];
    for (const { bytes } of [current, previous]) bytes.fill(MARK);
    const status = this.#rtm.RtmDequeueRouteChangeMessage(this.client, flags, current, previous);
    const [told = 0] = flags;
    const read = (route: AnyRoute, isTold: boolean): readonly number[] | null => {
      if (isTold) return bytesOf(route);
      expect([...new Set(route.bytes)], 'a buffer that Flags does not name').toEqual([MARK]);
      return null;
    };
    return {
      status,
      flags: told,
      current: read(current, told !== 0xdead && (told & RTM_CURRENT_BEST_ROUTE) !== 0),
      previous: read(previous, told !== 0xdead && (told & RTM_PREVIOUS_BEST_ROUTE) !== 0),
    };
  }

  /** Every message that waits. The codes and the event must go with them. */
  all(): Message[] {
    const messages: Message[] = [];
    for (;;) {
      const { status, ...message } = this.next();
      if (status === ERROR_NO_MESSAGES) {
        expect(message.flags).toBe(RTM_NO_CHANGE);
        expect(this.event.signalled, 'signalled after ERROR_NO_MESSAGES').toBe(false);
        return messages;
      }
      expect([NO_ERROR, ERROR_MORE_MESSAGES], 'RtmDequeueRouteChangeMessage').toContain(status);
      messages.push(message);
      if (status === ERROR_MORE_MESSAGES) continue;
      expect(this.event.signalled, 'signalled after the last message').toBe(false);
      return messages;
    }
  }

  /** The flags of every message that waits. */
  allFlags(): number[] {
    return this.all().map(({ flags }) => flags);
  }
}

/** Adds a route that must be accepted; returns the flags. */
export function addTo(rtm: Rtm1, client: number, route: AnyRoute, timeToLive = INFINITE): number {
  const flags = Uint32Array.of(0xdead);
  expect(rtm.RtmAddRoute(client, route, timeToLive, flags, null, null), 'RtmAddRoute').toBe(NO_ERROR);
  return flags[0] ?? -1;
}
