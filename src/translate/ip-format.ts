import { constant } from '../win32/constants.js';
import { ADDRESS_BITS, maskOfLength, prefixLength } from './ip-network.js';
import { NETWORK, routeFormat, wordOf } from './route-format.js';
import { addressBits, memberMask, memberValues } from './rules.js';

const word = (member: string): number => wordOf('RTM_IP_ROUTE', member);
const familyWord = (member: string): number => word('RR_FamilySpecificData') + wordOf('IP_SPECIFIC_DATA', member);

const NETWORK_NUMBER = NETWORK + wordOf('IP_NETWORK', 'N_NetNumber');
const NETWORK_MASK = NETWORK + wordOf('IP_NETWORK', 'N_NetMask');
const NEXT_HOP_NUMBER = word('RR_NextHopAddress') + wordOf('IP_NEXT_HOP_ADDRESS', 'N_NetNumber');
const NEXT_HOP_MASK = word('RR_NextHopAddress') + wordOf('IP_NEXT_HOP_ADDRESS', 'N_NetMask');
const TYPE = familyWord('FSD_Type');
const PRIORITY = familyWord('FSD_Priority');
const METRIC = familyWord('FSD_Metric');

/** v2 knows of v1's route types only whether the destination is next door. */
const TYPES = memberValues('IP_SPECIFIC_DATA', 'FSD_Type');
const FLAGS_BY_TYPE = new Map(TYPES.map(({ v1, v2 }) => [v1, v2]));
const TYPE_WITHOUT_FLAG = TYPES.find(({ v2 }) => v2 === 0)?.v1 ?? 0;

function routeType(flags: number): number {
  return TYPES.find(({ v2 }) => (flags & v2) !== 0)?.v1 ?? TYPE_WITHOUT_FLAG;
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
  networkBits: ADDRESS_BITS,
  nextHopBits: addressBits('IP_NEXT_HOP_ADDRESS', 'N_NetNumber'),
  flags: familyWord('FSD_Flags'),
  flagsMask: memberMask('IP_SPECIFIC_DATA', 'FSD_Flags'),
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
  routeFlags: (route) => FLAGS_BY_TYPE.get(route[TYPE] ?? 0) ?? 0,
  setRouteFlags: (route, flags) => {
    route[TYPE] = routeType(flags);
  },
});
