import { constant } from '../win32/constants.js';
import { maskOfLength, prefixLength } from './ip-network.js';
import { NETWORK, routeFormat, wordOf } from './route-format.js';

const word = (member: string): number => wordOf('RTM_IP_ROUTE', member);
const familyWord = (member: string): number => word('RR_FamilySpecificData') + wordOf('IP_SPECIFIC_DATA', member);

const NETWORK_NUMBER = NETWORK + wordOf('IP_NETWORK', 'N_NetNumber');
const NETWORK_MASK = NETWORK + wordOf('IP_NETWORK', 'N_NetMask');
const NEXT_HOP_NUMBER = word('RR_NextHopAddress') + wordOf('IP_NEXT_HOP_ADDRESS', 'N_NetNumber');
const NEXT_HOP_MASK = word('RR_NextHopAddress') + wordOf('IP_NEXT_HOP_ADDRESS', 'N_NetMask');
const TYPE = familyWord('FSD_Type');
const PRIORITY = familyWord('FSD_Priority');
const METRIC = familyWord('FSD_Metric');

const LOCAL = constant('RTM_ROUTE_FLAGS_LOCAL');
const REMOTE = constant('RTM_ROUTE_FLAGS_REMOTE');

/** RFC 1354 route types, as FSD_Type has them. */
const TYPE_OTHER = 1;
const TYPE_LOCAL = 3;
const TYPE_REMOTE = 4;

/** v2 knows of v1's route types only whether the destination is next door. */
function routeFlags(route: Uint32Array): number {
  const type = route[TYPE];
  if (type === TYPE_LOCAL) return LOCAL;
  return type === TYPE_REMOTE ? REMOTE : 0;
}

function routeType(flags: number): number {
  if ((flags & LOCAL) !== 0) return TYPE_LOCAL;
  return (flags & REMOTE) !== 0 ? TYPE_REMOTE : TYPE_OTHER;
}

/**
 * RTM_IP_ROUTE. Addresses and masks hold their octets in memory order, as RTMv2 has them, and are copied as they are. A
 * next hop is named by its address; its mask says nothing.
 */
export const IP_FORMAT = routeFormat({
  family: constant('RTM_PROTOCOL_FAMILY_IP'),
  addressFamily: constant('AF_INET'),
  structure: 'RTM_IP_ROUTE',
  networkStructure: 'IP_NETWORK',
  nextHopBits: 32,
  flags: familyWord('FSD_Flags'),
  prefixLength: (route) => prefixLength(route[NETWORK_NUMBER] ?? 0, route[NETWORK_MASK] ?? 0),
  address: (route) => route[NETWORK_NUMBER] ?? 0,
  setNetwork: (route, address, length) => {
    route[NETWORK_NUMBER] = address;
    route[NETWORK_MASK] = maskOfLength(length);
  },
  nextHop: (route) => route[NEXT_HOP_NUMBER] ?? 0,
  setNextHop: (route, address, length) => {
    route[NEXT_HOP_NUMBER] = address;
    route[NEXT_HOP_MASK] = maskOfLength(length);
  },
  preference: (route) => route[PRIORITY] ?? 0,
  metric: (route) => route[METRIC] ?? 0,
  setRank: (route, preference, metric) => {
    route[PRIORITY] = preference;
    route[METRIC] = metric;
  },
  setPriority: (route, priority) => {
    route[PRIORITY] = priority;
  },
  routeFlags,
  setRouteFlags: (route, flags) => {
    route[TYPE] = routeType(flags);
  },
});
