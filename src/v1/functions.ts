import type { LeftBehind } from './audit.js';
import type { Failure } from './failure.js';
import type { IpNetwork, RtmIpRoute } from './ip-route.js';
import type { ChangeEvent } from './mailbox.js';
import type { IpxNetwork, RtmIpxRoute } from './ipx-route.js';

/**
 * A route argument, of the family that ProtocolFamily or the client handle names: an RtmIpRoute, or a Uint8Array of at
 * least 92 bytes laid out as RTM_IP_ROUTE; or an RtmIpxRoute, or one of at least 52 bytes laid out as RTM_IPX_ROUTE.
 */
export type RouteArgument = RtmIpRoute | RtmIpxRoute | Uint8Array;

/**
 * A network argument, of the family that ProtocolFamily names: an IpNetwork, or a Uint8Array of at least 8 bytes laid
 * out as IP_NETWORK; or an IpxNetwork, or one of at least 4 bytes laid out as IPX_NETWORK.
 */
export type NetworkArgument = IpNetwork | IpxNetwork | Uint8Array;

/**
 * The functions of Rtm.h, with its names, parameters and results. None of them ever throws, whatever it is given.
 * Output buffers are left alone unless a function says that it filled them; one buffer may serve as several arguments.
 *
 * Where RTMv2 has no IPX, as rtm.dll, RTM_PROTOCOL_FAMILY_IPX is answered by ERROR_INVALID_PARAMETER.
 */
export interface Rtm1Functions {
  /**
   * Registers a client as the handler of a routing protocol. Page: rtmregisterclient.
   *
   * @param ProtocolFamily RTM_PROTOCOL_FAMILY_IP or RTM_PROTOCOL_FAMILY_IPX
   * @param RoutingProtocol the protocol, for instance PROTO_IP_RIP
   * @param ChangeEvent an EventObject, or on Windows the HANDLE of an event as a number: it is signalled whenever a change
   *   of a best route has been queued for the client, and reset when RtmDequeueRouteChangeMessage has returned the last.
   *   NULL (null or 0): no notification of changes
   * @param Flags 0, or RTM_PROTOCOL_SINGLE_ROUTE to keep one route for each network
   * @returns the client handle; or 0 with last error ERROR_CLIENT_ALREADY_EXISTS (183), ERROR_INVALID_PARAMETER (87),
   *   ERROR_NOT_ENOUGH_MEMORY (8) or ERROR_NO_SYSTEM_RESOURCES (1450)
   */
  readonly RtmRegisterClient: (
    ProtocolFamily: number,
    RoutingProtocol: number,
    ChangeEvent: ChangeEvent,
    Flags: number,
  ) => number;

  /**
   * Ends a registration: deletes every route that the client added, and frees all that it holds. After a failure the
   * handle stays valid, and another call does the rest. Page: rtmderegisterclient.
   *
   * @returns NO_ERROR, ERROR_INVALID_HANDLE (6) or ERROR_NO_SYSTEM_RESOURCES (1450)
   */
  readonly RtmDeregisterClient: (ClientHandle: number) => number;

  /**
   * Adds a route, or updates the one with the same network, protocol, interface and next hop. Page: rtmaddroute.
   *
   * @param Route the manager's own members, RR_TimeStamp and RR_RoutingProtocol, are not read
   * @param TimeToLive seconds, at most 2147483, or INFINITE. A route that is not added again within that time is deleted,
   *   and every client that wants to be told is told of it, the caller included
   * @param Flags [0] receives what became of the network's best route: RTM_NO_CHANGE, RTM_ROUTE_ADDED (it is the first)
   *   or RTM_ROUTE_CHANGED (the best route differs in a significant value)
   * @param CurBestRoute null, or receives the best route unless RTM_NO_CHANGE
   * @param PrevBestRoute null, or receives the one before if RTM_ROUTE_CHANGED
   * @returns NO_ERROR, ERROR_INVALID_HANDLE (6), ERROR_INVALID_PARAMETER (87), ERROR_NOT_ENOUGH_MEMORY (8) or
   *   ERROR_NO_SYSTEM_RESOURCES (1450); after a failure the table is as it was
   */
  readonly RtmAddRoute: (
    ClientHandle: number,
    Route: RouteArgument,
    TimeToLive: number,
    Flags: Uint32Array,
    CurBestRoute: RouteArgument | null,
    PrevBestRoute: RouteArgument | null,
  ) => number;

  /**
   * Deletes one of the client's routes. Page: rtmdeleteroute.
   *
   * @param Route RR_Network, RR_InterfaceID and RR_NextHopAddress name it; for a single-route client the network alone
   * @param Flags [0] receives RTM_NO_CHANGE (it was not the best route), RTM_ROUTE_DELETED (it was the only one) or
   *   RTM_ROUTE_CHANGED (another is the best now)
   * @param CurBestRoute null, or receives the best route if RTM_ROUTE_CHANGED
   * @returns NO_ERROR, ERROR_INVALID_HANDLE (6), ERROR_INVALID_PARAMETER (87), ERROR_NO_SUCH_ROUTE (259) or
   *   ERROR_NO_SYSTEM_RESOURCES (1450); after a failure the table is as it was
   */
  readonly RtmDeleteRoute: (
    ClientHandle: number,
    Route: RouteArgument,
    Flags: Uint32Array,
    CurBestRoute: RouteArgument | null,
  ) => number;

  /**
   * Deletes those of the client's routes that match. Page: rtmblockdeleteroutes.
   *
   * @param EnumerationFlags 0 for all of them, or an OR of RTM_ONLY_THIS_NETWORK, RTM_ONLY_THIS_INTERFACE and
   *   RTM_ONLY_THIS_PROTOCOL (each as in `CriteriaRoute`). RTM_ONLY_BEST_ROUTES changes nothing: as best routes go,
   *   others become best
   * @param CriteriaRoute null only if no flag refers to it
   * @returns NO_ERROR, ERROR_NO_ROUTES (259: none matches), ERROR_INVALID_HANDLE (6), ERROR_INVALID_PARAMETER (87),
   *   ERROR_NOT_ENOUGH_MEMORY (8) or ERROR_NO_SYSTEM_RESOURCES (1450). After one of the last two some of the routes may
   *   be deleted, and another call does the rest
   */
  readonly RtmBlockDeleteRoutes: (
    ClientHandle: number,
    EnumerationFlags: number,
    CriteriaRoute: RouteArgument | null,
  ) => number;

  /**
   * Takes the next message from the client's queue: a change of the best route to some network. The client hears of
   * changes that come after its registration, except of what its own RtmAddRoute and RtmDeleteRoute have told it.
   * Changes of one network that come close together may be told as one. Page: rtmdequeueroutechangemessage.
   *
   * @param Flags [0] receives RTM_ROUTE_ADDED (the network had no route), RTM_ROUTE_DELETED (it has none any more),
   *   RTM_ROUTE_CHANGED (the best route differs in a significant value), or RTM_NO_CHANGE if there is no message
   * @param CurBestRoute null, or receives the best route unless RTM_ROUTE_DELETED
   * @param PrevBestRoute null, or receives the one before unless RTM_ROUTE_ADDED
   * @returns NO_ERROR (this was the last message), ERROR_MORE_MESSAGES (234: there are more), ERROR_NO_MESSAGES (259:
   *   there was none), ERROR_INVALID_HANDLE (6: also for a client without ChangeEvent), ERROR_INVALID_PARAMETER (87) or
   *   ERROR_NO_SYSTEM_RESOURCES (1450); after the last two nothing is lost
   */
  readonly RtmDequeueRouteChangeMessage: (
    ClientHandle: number,
    Flags: Uint32Array,
    CurBestRoute: RouteArgument | null,
    PrevBestRoute: RouteArgument | null,
  ) => number;

  /**
   * Tells whether there is a route to exactly this network. Page: rtmisroute.
   *
   * @param BestRoute null, or receives the best route to it
   * @returns true; or false with last error NO_ERROR (there is none), ERROR_INVALID_PARAMETER (87) or
   *   ERROR_NO_SYSTEM_RESOURCES (1450)
   */
  readonly RtmIsRoute: (ProtocolFamily: number, Network: NetworkArgument, BestRoute: RouteArgument | null) => boolean;

  /**
   * Counts the networks that have a route. Page: rtmgetnetworkcount.
   *
   * @returns the number; 0 comes with last error NO_ERROR (there are none), ERROR_INVALID_PARAMETER (87) or
   *   ERROR_NO_SYSTEM_RESOURCES (1450)
   */
  readonly RtmGetNetworkCount: (ProtocolFamily: number) => number;

  /**
   * Tells the age of a route that was obtained from the manager. Page: rtmgetrouteage.
   *
   * @returns whole seconds since it was added or last updated; or INFINITE with last error ERROR_INVALID_PARAMETER (87)
   */
  readonly RtmGetRouteAge: (Route: RouteArgument) => number;

  /**
   * Starts an enumeration of the routes that are in the table now. Page: rtmcreateenumerationhandle.
   *
   * @param EnumerationFlags 0 for all routes, or an OR of RTM_ONLY_THIS_NETWORK, RTM_ONLY_THIS_INTERFACE,
   *   RTM_ONLY_THIS_PROTOCOL (each as in `CriteriaRoute`) and RTM_ONLY_BEST_ROUTES
   * @param CriteriaRoute null only if no flag refers to it
   * @returns the enumeration handle, to be closed with RtmCloseEnumerationHandle; or 0 with last error ERROR_NO_ROUTES
   *   (259), ERROR_INVALID_PARAMETER (87), ERROR_NOT_ENOUGH_MEMORY (8) or ERROR_NO_SYSTEM_RESOURCES (1450)
   */
  readonly RtmCreateEnumerationHandle: (
    ProtocolFamily: number,
    EnumerationFlags: number,
    CriteriaRoute: RouteArgument | null,
  ) => number;

  /**
   * Tells the next route of an enumeration, as it is in the table now; deleted ones are passed over. Page:
   * rtmenumerategetnextroute.
   *
   * @param Route receives the route
   * @returns NO_ERROR, ERROR_NO_MORE_ROUTES (259), ERROR_INVALID_HANDLE (6), ERROR_INVALID_PARAMETER (87) or
   *   ERROR_NO_SYSTEM_RESOURCES (1450)
   */
  readonly RtmEnumerateGetNextRoute: (EnumerationHandle: number, Route: RouteArgument) => number;

  /**
   * Ends an enumeration. Page: rtmcloseenumerationhandle.
   *
   * @returns NO_ERROR, ERROR_INVALID_HANDLE (6) or ERROR_NO_SYSTEM_RESOURCES (1450); after the latter the handle stays
   *   valid, and another call does the rest
   */
  readonly RtmCloseEnumerationHandle: (EnumerationHandle: number) => number;

  /**
   * Tells the first route of a table that matches, in table order: by the octets of the network (the number, for IPX),
   * the shorter mask first, then by routing protocol, interface, and the octets of the next hop. Page: rtmgetfirstroute.
   *
   * @param EnumerationFlags as for RtmCreateEnumerationHandle
   * @param Route the criteria that the flags refer to; receives the route
   * @returns NO_ERROR, ERROR_NO_ROUTES (259: none matches), ERROR_INVALID_PARAMETER (87) or ERROR_NO_SYSTEM_RESOURCES
   *   (1450)
   */
  readonly RtmGetFirstRoute: (ProtocolFamily: number, EnumerationFlags: number, Route: RouteArgument) => number;

  /**
   * Tells the first route that matches and comes after the one given in table order, whether or not that one is still
   * there. Page: rtmgetnextroute.
   *
   * @param EnumerationFlags as for RtmCreateEnumerationHandle
   * @param Route the criteria that the flags refer to, and the route to go on from; receives the next one
   * @returns as RtmGetFirstRoute; ERROR_INVALID_PARAMETER (87) also if no table can hold the network of `Route`
   */
  readonly RtmGetNextRoute: (ProtocolFamily: number, EnumerationFlags: number, Route: RouteArgument) => number;

  /**
   * Rtm.h's macro: RtmGetFirstRoute for the network, the protocol and the interface of `Route`. Its next hop is not
   * asked for, and is filled in.
   */
  readonly RtmGetSpecificRoute: (ProtocolFamily: number, Route: RouteArgument) => number;

  /**
   * Finds the best route to an IP address: that of the longest prefix that covers it. Declared by Rtm.h and described
   * by no page, so that all of this is inferred from its name and its types.
   *
   * @param dwDestAddr the address, octets in memory order as `ipv4` makes it
   * @param prir receives the route, an RTM_IP_ROUTE
   * @returns true; or false with last error NO_ERROR (there is none), ERROR_INVALID_PARAMETER (87) or
   *   ERROR_NO_SYSTEM_RESOURCES (1450)
   */
  readonly RtmLookupIPDestination: (dwDestAddr: number, prir: RtmIpRoute | Uint8Array) => boolean;

  /**
   * The code left by the last function of this thread that reports through it: RtmRegisterClient, RtmIsRoute,
   * RtmGetNetworkCount, RtmGetRouteAge, RtmCreateEnumerationHandle and RtmLookupIPDestination, where their result is 0,
   * false or INFINITE.
   */
  readonly GetLastError: () => number;

  /**
   * Audit: what the clients and enumerations of this object hold in RTMv2 at this moment, including what deregistered
   * clients have left there. All zero when everything is deregistered and closed. Not a function of Rtm.h; it throws if
   * the table cannot be read.
   */
  readonly leftBehind: () => LeftBehind;

  /**
   * Why a function of this object last failed: which argument broke which rule, which v2 call failed, or what else
   * there was not; null while none has. A later failure takes its place; a success leaves it alone, and so does what is
   * only an answer, as ERROR_NO_MORE_ROUTES, ERROR_NO_SUCH_ROUTE and ERROR_MORE_MESSAGES are. Not a part of Rtm.h.
   */
  readonly lastFailure?: Failure | null;
}
