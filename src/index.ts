/** The public surface of rtm1-compat: Rtm.h for JavaScript. */
export * from './v1/constants.js';
export * from './v1/default.js';
export * from './v1/macros.js';
export { IpNetwork, IpSpecificData, RtmIpRoute, type RtmIpRouteJson } from './v1/ip-route.js';
export {
  IpxNetwork,
  IpxNextHopAddress,
  IpxSpecificData,
  type IpxSpecificDataJson,
  RtmIpxRoute,
  type RtmIpxRouteJson,
} from './v1/ipx-route.js';
export type { ProtocolSpecificData, RouteStructureJson } from './v1/route-structure.js';
export { formatIpv4, ipv4, ipv4Mask, ipv4PrefixLength } from './v1/ipv4.js';
export type { ChangeIterator } from './client/changes.js';
export { type RegisterOptions, RtmClient } from './client/client.js';
export { RouteTable, type TableOptions } from './client/table.js';
export { RtmError, type RtmFunction } from './client/error.js';
export type {
  AddResult,
  DeleteResult,
  Family,
  IpRoute,
  IpRouteInput,
  IpRouteKey,
  IpRouteType,
  IpxRoute,
  IpxRouteInput,
  IpxRouteKey,
  ProtocolData,
  RouteChange,
  RouteFilter,
  RouteInputOf,
  RouteKeyOf,
  RouteOf,
  SpecificRouteOf,
} from './client/route.js';
export type { V1Function } from './translate/errors.js';
export { createRtm1, type LibraryInfo, openRtm1, Rtm1 } from './v1/rtm1.js';
export type { ChangeEvent } from './v1/mailbox.js';
export type { LeftBehind } from './v1/audit.js';
export type { NetworkArgument, RouteArgument, Rtm1Functions } from './v1/functions.js';
export type { Rtm1Options } from './v1/options.js';
export type {
  ArgumentFailure,
  ArgumentParameter,
  ArgumentRule,
  CallFailure,
  Failure,
  HandleFailure,
  HandleParameter,
  HandleRule,
  OverdueFailure,
  StateFailure,
  StateRule,
} from './v1/failure.js';
export { countCalls, type LibraryAttempt, LibraryError, type LibrarySelection, openV2Library } from './v2/library.js';
export { EventObject } from './win32/event-object.js';
export { statusName } from './win32/status.js';
