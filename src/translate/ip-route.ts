import { offsetOf, sizeOf } from '../win32/abi.js';

const WORD_SIZE = 4;
const word = (structure: string, member: string): number => offsetOf(structure, member) / WORD_SIZE;
const routeWord = (member: string): number => word('RTM_IP_ROUTE', member);
const familyWord = (member: string): number => routeWord('RR_FamilySpecificData') + word('IP_SPECIFIC_DATA', member);

/** DWORDs in an RTM_IP_ROUTE, which has nothing smaller in it. */
export const ROUTE_WORDS = sizeOf('RTM_IP_ROUTE') / WORD_SIZE;

/** Index of the first DWORD of each member of an RTM_IP_ROUTE. */
export const TIME_STAMP = routeWord('RR_TimeStamp');
export const ROUTING_PROTOCOL = routeWord('RR_RoutingProtocol');
export const INTERFACE_ID = routeWord('RR_InterfaceID');
export const PROTOCOL_DATA = routeWord('RR_ProtocolSpecificData');
export const NETWORK_NUMBER = routeWord('RR_Network') + word('IP_NETWORK', 'N_NetNumber');
export const NETWORK_MASK = routeWord('RR_Network') + word('IP_NETWORK', 'N_NetMask');
export const NEXT_HOP_NUMBER = routeWord('RR_NextHopAddress') + word('IP_NEXT_HOP_ADDRESS', 'N_NetNumber');
export const NEXT_HOP_MASK = routeWord('RR_NextHopAddress') + word('IP_NEXT_HOP_ADDRESS', 'N_NetMask');
export const FAMILY_DATA = routeWord('RR_FamilySpecificData');
export const FSD_TYPE = familyWord('FSD_Type');
export const FSD_PRIORITY = familyWord('FSD_Priority');
export const FSD_METRIC = familyWord('FSD_Metric');
export const FSD_FLAGS = familyWord('FSD_Flags');

const FAMILY_END = FAMILY_DATA + sizeOf('IP_SPECIFIC_DATA') / WORD_SIZE;

/** Room for one RTM_IP_ROUTE. */
export function newRouteWords(): Uint32Array<ArrayBuffer> {
  return new Uint32Array(ROUTE_WORDS);
}

/**
 * Whether two best routes of a network differ in a value that v1 calls significant: protocol, interface, address of the
 * next hop (not its mask), or any byte of the family-specific data.
 */
export function differSignificantly(one: Uint32Array, other: Uint32Array): boolean {
  if (
    one[ROUTING_PROTOCOL] !== other[ROUTING_PROTOCOL] ||
    one[INTERFACE_ID] !== other[INTERFACE_ID] ||
    one[NEXT_HOP_NUMBER] !== other[NEXT_HOP_NUMBER]
  ) {
    return true;
  }
  for (let index = FAMILY_DATA; index < FAMILY_END; index += 1) {
    if (one[index] !== other[index]) return true;
  }
  return false;
}

/** Whether two routes of one protocol to one network go over the same interface to the same next hop. */
export function sameNextHop(one: Uint32Array, other: Uint32Array): boolean {
  return one[INTERFACE_ID] === other[INTERFACE_ID] && one[NEXT_HOP_NUMBER] === other[NEXT_HOP_NUMBER];
}
