import { offsetOf } from '../win32/abi.js';
import { constant } from '../win32/constants.js';
import { swapOctets } from './ip-network.js';
import { NETWORK, routeFormat, wordOf } from './route-format.js';
import { addressBits, memberMask } from './rules.js';

const word = (member: string): number => wordOf('RTM_IPX_ROUTE', member);

const NETWORK_NUMBER = NETWORK + wordOf('IPX_NETWORK', 'N_NetNumber');
const NETWORK_BITS = addressBits('IPX_NETWORK', 'N_NetNumber');
/** NHA_Mac: four octets in this DWORD, and two in the low half of the next; the other half is padding. */
const NEXT_HOP = word('RR_NextHopAddress');
/** FSD_TickCount in the low half of this DWORD, FSD_HopCount in the high one. */
const COUNTS = word('RR_FamilySpecificData') + wordOf('IPX_SPECIFIC_DATA', 'FSD_TickCount');

const WORD = 0x1_0000_0000;
const HALF = 0xffff;
const HALF_BITS = 16;

if (offsetOf('IPX_SPECIFIC_DATA', 'FSD_HopCount') - offsetOf('IPX_SPECIFIC_DATA', 'FSD_TickCount') !== 2) {
  throw new RangeError('mappings/layouts.json does not have FSD_HopCount right behind FSD_TickCount');
}

/**
 * RTM_IPX_ROUTE. A network is a number, which RTMv2 gets with the most significant octet first so that its order of
 * addresses is that of the numbers; it has no mask. What ranks routes is said by no page: fewer ticks win, then fewer
 * hops. Administrators rank IP protocols only.
 */
export const IPX_FORMAT = routeFormat({
  family: constant('RTM_PROTOCOL_FAMILY_IPX'),
  addressFamily: constant('AF_IPX'),
  structure: 'RTM_IPX_ROUTE',
  networkStructure: 'IPX_NETWORK',
  networkBits: NETWORK_BITS,
  nextHopBits: addressBits('IPX_NEXT_HOP_ADDRESS', 'NHA_Mac'),
  flags: word('RR_FamilySpecificData') + wordOf('IPX_SPECIFIC_DATA', 'FSD_Flags'),
  flagsMask: memberMask('IPX_SPECIFIC_DATA', 'FSD_Flags'),
  prefixLength: () => NETWORK_BITS,
  address: (route) => swapOctets(route[NETWORK_NUMBER] ?? 0),
  setNetwork: (route, address) => {
    route[NETWORK_NUMBER] = swapOctets(address);
  },
  nextHop: (route) => (route[NEXT_HOP] ?? 0) + ((route[NEXT_HOP + 1] ?? 0) & HALF) * WORD,
  setNextHop: (route, address) => {
    route[NEXT_HOP] = address;
    route[NEXT_HOP + 1] = (address / WORD) & HALF;
  },
  preference: (route) => (route[COUNTS] ?? 0) & HALF,
  metric: (route) => (route[COUNTS] ?? 0) >>> HALF_BITS,
  setRank: (route, preference, metric) => {
    // A native RTMv2 route can be worse than a USHORT can tell: it must not look better for that.
    route[COUNTS] = Math.min(preference, HALF) | (Math.min(metric, HALF) << HALF_BITS);
  },
  setPriority: () => undefined,
  routeFlags: () => 0,
  setRouteFlags: () => undefined,
});
