/** The situations that mappings/functions.json lists the v2 calls of, as code: by v1 function and by the text of the row. */
import {
  INFINITE,
  NO_ERROR,
  PROTO_IP_NETMGMT,
  PROTO_IP_OSPF,
  PROTO_IP_RIP,
  RTM_ONLY_BEST_ROUTES,
  RTM_ONLY_THIS_INTERFACE,
  RTM_ONLY_THIS_NETWORK,
  RTM_ONLY_THIS_PROTOCOL,
  RTM_PROTOCOL_FAMILY_IP,
  RTM_PROTOCOL_SINGLE_ROUTE,
} from '../../src/v1/constants.js';
import { ipv4 } from '../../src/v1/ipv4.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { EventObject } from '../../src/win32/event-object.js';
import { PortedProgram } from '../support/ported-program.js';
import { add, register, type RouteFields, remove, routeTo } from '../support/routes.js';

/** How many of each there are in a scene that has several: what `each` in a row stands for. */
export const QUANTITIES: Readonly<Record<string, number>> = { route: 5, 'other route': 4, 'next hop': 3 };
const { route: ROUTES = 0, 'next hop': NEXT_HOPS = 0 } = QUANTITIES;

/** What a scene may need besides an opened object. */
export interface Stage {
  /** Path of the library. */
  readonly library: string;
  /** Has something done after the call. */
  readonly finally: (step: () => void) => void;
}

/** Prepares a situation; what it returns makes the call in question, and tells the code that the v1 function reports. */
export type Scene = (rtm: Rtm1, stage: Stage) => () => number;

const FAMILY = RTM_PROTOCOL_FAMILY_IP;
/** The criteria of the macro RtmGetSpecificRoute. */
const SPECIFIC = RTM_ONLY_THIS_NETWORK | RTM_ONLY_THIS_INTERFACE | RTM_ONLY_THIS_PROTOCOL;
const network = (n: number): string => `10.0.${n}.0/24`;
const over = (n: number): string => `192.0.2.${n + 1}`;

/** The last error of a function whose result says whether it failed. */
const reported = (rtm: Rtm1, succeeded: boolean): number => (succeeded ? NO_ERROR : rtm.GetLastError());

function adds(rtm: Rtm1, client: number, to: string, fields: RouteFields = {}): () => number {
  return () => rtm.RtmAddRoute(client, routeTo(to, fields), INFINITE, new Uint32Array(1), null, null);
}

function deletes(rtm: Rtm1, client: number, to: string, fields: RouteFields = {}): () => number {
  return () => rtm.RtmDeleteRoute(client, routeTo(to, fields), new Uint32Array(1), null);
}

/** A client that has shown that RTM keeps its routes as given, with all routes over all next hops. */
function busyClient(rtm: Rtm1, flags = 0): number {
  const client = register(rtm, PROTO_IP_RIP, flags);
  for (let n = 0; n < ROUTES; n += 1) add(rtm, client, routeTo(network(n), { via: over(n % NEXT_HOPS) }));
  return client;
}

/** A client with all routes over one next hop. */
function frugalClient(rtm: Rtm1): number {
  const client = register(rtm);
  for (let n = 0; n < ROUTES; n += 1) add(rtm, client, routeTo(network(n)));
  return client;
}

/** Lets the hidden entity register, which it does only once. */
function settle(rtm: Rtm1): Rtm1 {
  rtm.RtmGetNetworkCount(FAMILY);
  return rtm;
}

/** A client that waits for messages. */
function notified(rtm: Rtm1): number {
  return rtm.RtmRegisterClient(FAMILY, PROTO_IP_OSPF, new EventObject(), 0);
}

function dequeues(rtm: Rtm1, client: number): () => number {
  return () => rtm.RtmDequeueRouteChangeMessage(client, new Uint32Array(1), null, null);
}

/** A program that calls RTMv2 itself adds a route. */
function native(stage: Stage): void {
  const program = new PortedProgram(stage.library, PROTO_IP_NETMGMT);
  stage.finally(() => {
    program.leave();
  });
  program.addRoute([10, 0, 0, 0], 24, [192, 0, 2, 1], 1);
}

function creates(rtm: Rtm1, flags: number, criteria: RtmIpRoute | null = null): () => number {
  return () => reported(rtm, rtm.RtmCreateEnumerationHandle(FAMILY, flags, criteria) !== 0);
}

function enumeration(rtm: Rtm1): number {
  busyClient(rtm);
  return rtm.RtmCreateEnumerationHandle(FAMILY, 0, null);
}

function told(rtm: Rtm1, count: number): number {
  const handle = enumeration(rtm);
  for (let n = 0; n < count; n += 1) rtm.RtmEnumerateGetNextRoute(handle, new RtmIpRoute());
  return handle;
}

export const scenes: Readonly<Record<string, Readonly<Record<string, Scene>>>> = {
  RtmRegisterClient: {
    'without a change event': (rtm) => () =>
      reported(rtm, rtm.RtmRegisterClient(FAMILY, PROTO_IP_RIP, null, 0) !== 0),
    'with a change event, the first such client': (rtm) => {
      busyClient(rtm);
      return () => reported(rtm, notified(rtm) !== 0);
    },
    'with a change event, beside another such client': (rtm) => {
      notified(rtm);
      return () => reported(rtm, rtm.RtmRegisterClient(FAMILY, PROTO_IP_RIP, new EventObject(), 0) !== 0);
    },
    'for a protocol that has a client': (rtm) => {
      register(rtm);
      return () => reported(rtm, rtm.RtmRegisterClient(FAMILY, PROTO_IP_RIP, null, 0) !== 0);
    },
  },
  RtmDeregisterClient: {
    'of a client with routes': (rtm) => {
      const client = busyClient(rtm);
      return () => rtm.RtmDeregisterClient(client);
    },
    'of a client without routes': (rtm) => {
      const client = register(rtm);
      return () => rtm.RtmDeregisterClient(client);
    },
    'of the last client with a change event': (rtm) => {
      const client = notified(rtm);
      return () => rtm.RtmDeregisterClient(client);
    },
  },
  RtmAddRoute: {
    'the first route of a client': (rtm) => adds(rtm, register(rtm), network(0)),
    'the first route to a network, over a next hop not used before': (rtm) =>
      adds(rtm, busyClient(rtm), network(99), { via: over(99) }),
    'the first route to a network, over a next hop in use': (rtm) => adds(rtm, busyClient(rtm), network(99)),
    'an update of the only route to a network': (rtm) => adds(rtm, busyClient(rtm), network(0), { metric: 7 }),
    'another route to a network, over a next hop in use': (rtm) =>
      adds(rtm, busyClient(rtm), network(0), { via: over(1) }),
    'a route to a network that another client has a route to': (rtm) => {
      add(rtm, register(rtm, PROTO_IP_OSPF), routeTo(network(99), { priority: 1 }));
      return adds(rtm, busyClient(rtm), network(99));
    },
    'a first route while another client waits for messages': (rtm) => {
      const client = busyClient(rtm);
      notified(rtm);
      return adds(rtm, client, network(99));
    },
    'another next hop for the route of a single-route client': (rtm) =>
      adds(rtm, busyClient(rtm, RTM_PROTOCOL_SINGLE_ROUTE), network(0), { via: over(1) }),
  },
  RtmDeleteRoute: {
    'the only route to a network, over a next hop that others use': (rtm) => deletes(rtm, busyClient(rtm), network(0)),
    'the only route to a network, and the last over its next hop': (rtm) =>
      deletes(rtm, busyClient(rtm), network(2), { via: over(2) }),
    'the best of two routes': (rtm) => {
      const client = busyClient(rtm);
      add(rtm, client, routeTo(network(0), { via: over(1), metric: 9 }));
      return deletes(rtm, client, network(0));
    },
    'a route that is not the best': (rtm) => {
      const client = busyClient(rtm);
      add(rtm, client, routeTo(network(0), { via: over(1), metric: 9 }));
      return deletes(rtm, client, network(0), { via: over(1) });
    },
    'a route of a single-route client': (rtm) =>
      deletes(rtm, busyClient(rtm, RTM_PROTOCOL_SINGLE_ROUTE), network(0), { via: over(77) }),
    'a route while another client waits for messages': (rtm) => {
      const client = busyClient(rtm);
      notified(rtm);
      return deletes(rtm, client, network(0));
    },
    'no such route': (rtm) => deletes(rtm, busyClient(rtm), network(99)),
    'no route over such a next hop': (rtm) => deletes(rtm, busyClient(rtm), network(0), { via: over(99) }),
  },
  RtmDequeueRouteChangeMessage: {
    'a message is waiting': (rtm) => {
      const client = notified(rtm);
      add(rtm, register(rtm), routeTo(network(0)));
      return dequeues(rtm, client);
    },
    'nothing has changed': (rtm) => dequeues(rtm, notified(rtm)),
    'a program that calls RTMv2 has added a route': (rtm, stage) => {
      const client = notified(rtm);
      native(stage);
      return dequeues(rtm, client);
    },
    'a client without a change event': (rtm) => dequeues(rtm, register(rtm)),
  },
  RtmBlockDeleteRoutes: {
    'all routes, over one next hop': (rtm) => {
      const client = frugalClient(rtm);
      return () => rtm.RtmBlockDeleteRoutes(client, 0, null);
    },
    'the routes to one network': (rtm) => {
      const client = busyClient(rtm);
      return () => rtm.RtmBlockDeleteRoutes(client, RTM_ONLY_THIS_NETWORK, routeTo(network(0)));
    },
    'the routes over an interface that none uses': (rtm) => {
      const client = frugalClient(rtm);
      return () => rtm.RtmBlockDeleteRoutes(client, RTM_ONLY_THIS_INTERFACE, routeTo(network(0), { interfaceId: 77 }));
    },
    'a client without routes': (rtm) => {
      const client = register(rtm);
      return () => rtm.RtmBlockDeleteRoutes(client, 0, null);
    },
  },
  RtmGetFirstRoute: {
    'a table with routes': (rtm) => {
      busyClient(settle(rtm));
      return () => rtm.RtmGetFirstRoute(FAMILY, 0, new RtmIpRoute());
    },
    'a route by network, protocol and interface': (rtm) => {
      busyClient(settle(rtm));
      const route = routeTo(network(1));
      route.RR_RoutingProtocol = PROTO_IP_RIP;
      return () => rtm.RtmGetFirstRoute(FAMILY, SPECIFIC, route);
    },
    'an empty table': (rtm) => {
      settle(rtm);
      return () => rtm.RtmGetFirstRoute(FAMILY, 0, new RtmIpRoute());
    },
  },
  RtmGetNextRoute: {
    'a route that another follows': (rtm) => {
      busyClient(settle(rtm));
      return () => rtm.RtmGetNextRoute(FAMILY, 0, routeTo(network(0)));
    },
    'the end of the table': (rtm) => {
      busyClient(settle(rtm));
      return () => rtm.RtmGetNextRoute(FAMILY, 0, routeTo(network(ROUTES)));
    },
  },
  RtmLookupIPDestination: {
    'an address that a network holds': (rtm) => {
      busyClient(settle(rtm));
      return () => reported(rtm, rtm.RtmLookupIPDestination(ipv4('10.0.0.1'), new RtmIpRoute()));
    },
    'an address that no network holds': (rtm) => {
      settle(rtm);
      return () => reported(rtm, rtm.RtmLookupIPDestination(ipv4('10.0.0.1'), new RtmIpRoute()));
    },
  },
  RtmIsRoute: {
    'the first question of a program': (rtm) => {
      busyClient(rtm);
      return () => reported(rtm, rtm.RtmIsRoute(FAMILY, routeTo(network(0)).RR_Network, null));
    },
    'a network with a route': (rtm) => {
      busyClient(settle(rtm));
      return () => reported(rtm, rtm.RtmIsRoute(FAMILY, routeTo(network(0)).RR_Network, new RtmIpRoute()));
    },
    'a network whose best route belongs to a program that calls RTMv2': (rtm, stage) => {
      native(stage);
      settle(rtm);
      return () => reported(rtm, rtm.RtmIsRoute(FAMILY, routeTo(network(0)).RR_Network, new RtmIpRoute()));
    },
    'a network without a route': (rtm) => {
      settle(rtm);
      return () => reported(rtm, rtm.RtmIsRoute(FAMILY, routeTo(network(0)).RR_Network, new RtmIpRoute()));
    },
  },
  RtmGetNetworkCount: {
    'a table with routes': (rtm) => {
      busyClient(settle(rtm));
      return () => reported(rtm, rtm.RtmGetNetworkCount(FAMILY) !== 0);
    },
    'an empty table': (rtm) => {
      settle(rtm);
      return () => reported(rtm, rtm.RtmGetNetworkCount(FAMILY) !== 0);
    },
  },
  RtmGetRouteAge: {
    'a route from the table': (rtm) => {
      busyClient(rtm);
      const route = new RtmIpRoute();
      rtm.RtmIsRoute(FAMILY, routeTo(network(0)).RR_Network, route);
      return () => reported(rtm, rtm.RtmGetRouteAge(route) !== INFINITE);
    },
  },
  RtmCreateEnumerationHandle: {
    'all routes': (rtm) => {
      busyClient(settle(rtm));
      return creates(rtm, 0);
    },
    'the routes of one network': (rtm) => {
      busyClient(settle(rtm));
      return creates(rtm, RTM_ONLY_THIS_NETWORK, routeTo(network(0)));
    },
    'the routes over one interface': (rtm) => {
      busyClient(settle(rtm));
      return creates(rtm, RTM_ONLY_THIS_INTERFACE, routeTo(network(0)));
    },
    'the best routes': (rtm) => {
      busyClient(settle(rtm));
      return creates(rtm, RTM_ONLY_BEST_ROUTES);
    },
    'a network without routes': (rtm) => creates(settle(rtm), RTM_ONLY_THIS_NETWORK, routeTo(network(0))),
    'an empty table': (rtm) => creates(settle(rtm), 0),
  },
  RtmEnumerateGetNextRoute: {
    'a route that is still there': (rtm) => {
      const handle = told(rtm, 1);
      return () => rtm.RtmEnumerateGetNextRoute(handle, new RtmIpRoute());
    },
    'the last route': (rtm) => {
      const handle = told(rtm, ROUTES - 1);
      return () => rtm.RtmEnumerateGetNextRoute(handle, new RtmIpRoute());
    },
    'a route that has been deleted, and the next': (rtm) => {
      const client = busyClient(rtm);
      const handle = rtm.RtmCreateEnumerationHandle(FAMILY, 0, null);
      remove(rtm, client, routeTo(network(0)));
      return () => rtm.RtmEnumerateGetNextRoute(handle, new RtmIpRoute());
    },
    'the end': (rtm) => {
      const handle = told(rtm, ROUTES);
      return () => rtm.RtmEnumerateGetNextRoute(handle, new RtmIpRoute());
    },
  },
  RtmCloseEnumerationHandle: {
    'before the end': (rtm) => {
      const handle = told(rtm, 1);
      return () => rtm.RtmCloseEnumerationHandle(handle);
    },
    'after the end': (rtm) => {
      const handle = told(rtm, ROUTES);
      return () => rtm.RtmCloseEnumerationHandle(handle);
    },
  },
};
