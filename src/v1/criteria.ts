/** EnumerationFlags and CriteriaRoute: which part of a table a caller means. */
import { constant } from '../win32/constants.js';
import { INTERFACE_ID, ROUTING_PROTOCOL } from '../translate/route-format.js';
import { isDword } from './arguments.js';

const ONLY_THIS_NETWORK = constant('RTM_ONLY_THIS_NETWORK');
const ONLY_THIS_INTERFACE = constant('RTM_ONLY_THIS_INTERFACE');
const ONLY_THIS_PROTOCOL = constant('RTM_ONLY_THIS_PROTOCOL');
const ONLY_BEST_ROUTES = constant('RTM_ONLY_BEST_ROUTES');

const CRITERIA_FLAGS = ONLY_THIS_NETWORK | ONLY_THIS_INTERFACE | ONLY_THIS_PROTOCOL;
const ENUMERATION_FLAGS = CRITERIA_FLAGS | ONLY_BEST_ROUTES;

/** Flags for the routes of one network. */
export const ONE_NETWORK = ONLY_THIS_NETWORK;

/** The flags of Rtm.h's macro RtmGetSpecificRoute. */
export const SPECIFIC_ROUTE = CRITERIA_FLAGS;

/** Whether a value is a combination of RTM_ONLY_*. */
export function isEnumerationFlags(value: unknown): value is number {
  return isDword(value) && (value & ~ENUMERATION_FLAGS) === 0;
}

/** Whether flags refer to the criteria route. */
export function needCriteria(flags: number): boolean {
  return (flags & CRITERIA_FLAGS) !== 0;
}

/** Whether flags ask for routes of the criteria route's network. */
export function wantsOneNetwork(flags: number): boolean {
  return (flags & ONLY_THIS_NETWORK) !== 0;
}

/** Whether flags ask for best routes. */
export function wantsBest(flags: number): boolean {
  return (flags & ONLY_BEST_ROUTES) !== 0;
}

/** Whether flags ask for the criteria route's interface or protocol. */
export function wantsSource(flags: number): boolean {
  return (flags & (ONLY_THIS_INTERFACE | ONLY_THIS_PROTOCOL)) !== 0;
}

/** Whether a route has the interface and the protocol that the flags ask for. */
export function hasSource(flags: number, criteria: Uint32Array, route: Uint32Array): boolean {
  const isOther = (flag: number, word: number): boolean => (flags & flag) !== 0 && route[word] !== criteria[word];
  return !isOther(ONLY_THIS_INTERFACE, INTERFACE_ID) && !isOther(ONLY_THIS_PROTOCOL, ROUTING_PROTOCOL);
}
