/** Routes as plain objects. What is read from a table can be passed to `addRoute` and `deleteRoute` as it is. */

/** A protocol family. */
export type Family = 'ip' | 'ipx';

/** Four DWORDs that belong to the routing protocol: PSD_Data. A difference in them alone is not significant. */
export type ProtocolData = readonly [number, number, number, number];

/** The route types of RFC 1354; any other number stands for itself. Invalid routes compete for best like others. */
export type IpRouteType = 'other' | 'invalid' | 'local' | 'remote' | number;

/** What the manager has written into a route. It is accepted, and without effect, where a route is added. */
interface ManagerMembers {
  /** The protocol that added the route: RR_RoutingProtocol. */
  readonly protocol: number;
  /** When the route was added or last updated: RR_TimeStamp. */
  readonly updated: Date;
}

/** What `addRoute` takes beside the members of a route. */
interface Lifetime {
  /**
   * Seconds until the route ages out unless it is added again, 0..2147483; Infinity, as if omitted, until it is deleted.
   */
  readonly ttl?: number;
}

interface IpIdentity {
  /** The destination, for instance `10.0.0.0/8`: RR_Network. */
  readonly network: string;
  /** The router to send to, for instance `192.0.2.1`; 0.0.0.0 if omitted: RR_NextHopAddress. */
  readonly nextHop?: string;
  /** Index of the interface that the route goes over; 0 if omitted: RR_InterfaceID. */
  readonly interface?: number;
}

/** What identifies a route among those of one protocol; to a client of single routes, the network alone does. */
export interface IpRouteKey extends IpIdentity {
  /** Routes of the IPX family have it, and are none of this one. */
  readonly ticks?: never;
}

/** A route of the IP family, as read from the table. Numbers are DWORDs. */
export interface IpRoute extends Required<IpIdentity>, ManagerMembers {
  /** Mask of the next hop, which is neither part of the identity of a route nor significant. */
  readonly nextHopMask: string;
  /** Ranks routes of different protocols, the lower first: FSD_Priority. */
  readonly priority: number;
  /** Ranks routes of one protocol, the lower first: FSD_Metric. */
  readonly metric: number;
  /** For MIB-II agents only: FSD_Metric1. */
  readonly metric1: number;
  /** For MIB-II agents only: FSD_Metric2. */
  readonly metric2: number;
  /** For MIB-II agents only: FSD_Metric3. */
  readonly metric3: number;
  /** For MIB-II agents only: FSD_Metric4. */
  readonly metric4: number;
  /** For MIB-II agents only: FSD_Metric5. */
  readonly metric5: number;
  /** The kind of route: FSD_Type. */
  readonly type: IpRouteType;
  /** The multipath policy, normally in the format of TOS: FSD_Policy. */
  readonly policy: number;
  /** The autonomous system of the next hop: FSD_NextHopAS. */
  readonly nextHopAS: number;
  /** Whether other protocols may use the route, IP_VALID_ROUTE in FSD_Flags. It competes for best all the same. */
  readonly valid: boolean;
  /** FSD_Flags without IP_VALID_ROUTE: no other bit is documented. */
  readonly otherFlags: number;
  readonly protocolData: ProtocolData;
}

/**
 * A route of the IP family to be added. A number that is omitted is 0; an omitted `type` is `'other'`, and `valid` true.
 */
export interface IpRouteInput extends IpRouteKey, Partial<Omit<IpRoute, keyof IpIdentity | keyof ManagerMembers>>, Lifetime {
  readonly interface: number;
}

interface IpxIdentity {
  /** The network number, 1 to 8 hexadecimal digits, for instance `0000A1B2`: RR_Network. */
  readonly network: string;
  /** The node to send to, for instance `00:11:22:33:44:55`; 00:00:00:00:00:00 if omitted: RR_NextHopAddress. */
  readonly nextHop?: string;
  /** Index of the interface that the route goes over; 0 if omitted: RR_InterfaceID. */
  readonly interface?: number;
}

/** What identifies a route among those of one protocol; to a client of single routes, the network alone does. */
export interface IpxRouteKey extends IpxIdentity {
  /** Routes of the IP family have it, and are none of this one. */
  readonly metric?: never;
}

/** A route of the IPX family, as read from the table. */
export interface IpxRoute extends Required<IpxIdentity>, ManagerMembers {
  /** Time to the network in ticks of 1/18 s, 0..65535; ranks routes, the lower first: FSD_TickCount. */
  readonly ticks: number;
  /** Routers on the way, 0..65535; ranks routes of equal ticks, the lower first: FSD_HopCount. */
  readonly hops: number;
  /** Whether it goes to the common network of all WAN clients, IPX_GLOBAL_CLIENT_WAN_ROUTE in FSD_Flags. */
  readonly globalWan: boolean;
  /** FSD_Flags without IPX_GLOBAL_CLIENT_WAN_ROUTE: no other bit is documented. */
  readonly otherFlags: number;
  readonly protocolData: ProtocolData;
}

/** A route of the IPX family to be added. A number that is omitted is 0, and `globalWan` is false. */
export interface IpxRouteInput
  extends IpxRouteKey, Partial<Omit<IpxRoute, keyof IpxIdentity | keyof ManagerMembers>>, Lifetime {
  readonly interface: number;
}

interface Families {
  ip: { route: IpRoute; input: IpRouteInput; key: IpRouteKey };
  ipx: { route: IpxRoute; input: IpxRouteInput; key: IpxRouteKey };
}

/** A route of a family, as read from its table. */
export type RouteOf<F extends Family> = Families[F]['route'];

/** A route of a family, as it is added. */
export type RouteInputOf<F extends Family> = Families[F]['input'];

/** What identifies a route of a family. */
export type RouteKeyOf<F extends Family> = Families[F]['key'];

/** What names the routes that a protocol has to a network over an interface: one, or several by their next hops. */
export type SpecificRouteOf<F extends Family> = RouteKeyOf<F> & {
  /** Index of the interface that the route goes over. */
  readonly interface: number;
  /** The protocol that added the route. */
  readonly protocol: number;
};

/** Which routes; what is omitted does not matter. */
export interface RouteFilter {
  /** Only routes to exactly this network, written as in a route. */
  readonly network?: string;
  /** Only routes over the interface with this index. */
  readonly interface?: number;
  /** Only routes of this protocol. */
  readonly protocol?: number;
  /** Only the best route of each network: one that is not, is left out even if it is the best of those asked for. */
  readonly best?: boolean;
}

/** What `addRoute` has done to the best route of the network: `none` means nothing significant. */
export type AddResult<F extends Family> =
  | { readonly change: 'none' }
  | { readonly change: 'added'; readonly current: RouteOf<F> }
  | { readonly change: 'changed'; readonly current: RouteOf<F>; readonly previous: RouteOf<F> };

/**
 * What `deleteRoute` has done to the best route of the network: it was another one (`none`), the network has no route
 * left (`deleted`), or another route is the best now (`changed`).
 */
export type DeleteResult<F extends Family> =
  | { readonly change: 'none' }
  | { readonly change: 'deleted' }
  | { readonly change: 'changed'; readonly current: RouteOf<F> };

/** A change of the best route to a network. */
export type RouteChange<F extends Family> =
  | { readonly kind: 'added'; readonly current: RouteOf<F> }
  | { readonly kind: 'deleted'; readonly previous: RouteOf<F> }
  | { readonly kind: 'changed'; readonly current: RouteOf<F>; readonly previous: RouteOf<F> };
