import { constant } from '../win32/constants.js';
import { IP_FORMAT } from '../translate/ip-format.js';
import { newRoute } from '../translate/route-format.js';
import { loadRoute, routeBuffer, storeRoute } from './arguments.js';
import type { RouteArgument } from './functions.js';

const IP_VALID_ROUTE = constant('IP_VALID_ROUTE');

/** The octets in memory order make the first one the low byte of the DWORD. */
const FIRST_OCTET = 0xff;
const FIRST_NON_UNICAST_OCTET = 224;
const LOOPBACK_OCTET = 127;
const LOOPBACK_ADDRESS = 0x0100007f;

const { flags: FSD_FLAGS } = IP_FORMAT;
const route = newRoute(IP_FORMAT);

/** Reads an RTM_IP_ROUTE; false if the argument is none, so that a macro does nothing where C would have crashed. */
function read(argument: unknown): boolean {
  const buffer = routeBuffer(argument, IP_FORMAT);
  if (buffer !== null) loadRoute(buffer, route);
  return buffer !== null;
}

function changeFlags(argument: unknown, clear: number, set: number): void {
  const buffer = routeBuffer(argument, IP_FORMAT);
  if (buffer === null) return;
  loadRoute(buffer, route);
  route[FSD_FLAGS] = ((route[FSD_FLAGS] ?? 0) & ~clear) | set;
  storeRoute(route, buffer);
}

/** Rtm.h's macro: FSD_Flags becomes 0. */
export function ClearRouteFlags(pRoute: RouteArgument): void {
  changeFlags(pRoute, -1, 0);
}

/** Rtm.h's macro: sets IP_VALID_ROUTE in FSD_Flags. */
export function SetRouteValid(pRoute: RouteArgument): void {
  changeFlags(pRoute, 0, IP_VALID_ROUTE);
}

/** Rtm.h's macro: clears IP_VALID_ROUTE in FSD_Flags. */
export function ClearRouteValid(pRoute: RouteArgument): void {
  changeFlags(pRoute, IP_VALID_ROUTE, 0);
}

/** Rtm.h's macro: whether IP_VALID_ROUTE is set in FSD_Flags. */
export function IsRouteValid(pRoute: RouteArgument): boolean {
  return read(pRoute) && ((route[FSD_FLAGS] ?? 0) & IP_VALID_ROUTE) !== 0;
}

/** Rtm.h's macro: whether the destination is multicast or above, that is, its first octet is 224 or more. */
export function IsRouteNonUnicast(pRoute: RouteArgument): boolean {
  return read(pRoute) && (IP_FORMAT.address(route) & FIRST_OCTET) >= FIRST_NON_UNICAST_OCTET;
}

/** Rtm.h's macro: whether the destination is in 127/8, or the next hop is 127.0.0.1. */
export function IsRouteLoopback(pRoute: RouteArgument): boolean {
  if (!read(pRoute)) return false;
  return (IP_FORMAT.address(route) & FIRST_OCTET) === LOOPBACK_OCTET || IP_FORMAT.nextHop(route) === LOOPBACK_ADDRESS;
}
