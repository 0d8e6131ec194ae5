import { IP_VALID_ROUTE, RTM_PROTOCOL_FAMILY_IP } from '../v1/constants.js';
import { type IpSpecificData, RtmIpRoute } from '../v1/ip-route.js';
import { formatIpv4 } from '../v1/ipv4.js';
import { formatNetwork, parseAddress, parseNetwork } from './ip-text.js';
import { type Layout, readCommon } from './layout.js';
import { flagsOf, integer, shown } from './members.js';
import type { IpRoute, IpRouteType } from './route.js';

/** By FSD_Type, which begins with 1. */
const TYPES = ['other', 'invalid', 'local', 'remote'] as const;

/** The members that are one DWORD of IP_SPECIFIC_DATA as it stands. */
const DWORDS = {
  policy: 'FSD_Policy',
  nextHopAS: 'FSD_NextHopAS',
  priority: 'FSD_Priority',
  metric: 'FSD_Metric',
  metric1: 'FSD_Metric1',
  metric2: 'FSD_Metric2',
  metric3: 'FSD_Metric3',
  metric4: 'FSD_Metric4',
  metric5: 'FSD_Metric5',
} as const satisfies Partial<Record<keyof IpRoute, keyof IpSpecificData>>;

const MEMBERS = [
  ...['network', 'nextHop', 'nextHopMask', 'interface', 'protocol', 'updated'],
  ...['type', 'valid', 'otherFlags', 'protocolData'],
] as const satisfies readonly (keyof IpRoute)[];

const DWORD_ENTRIES = Object.entries(DWORDS);

/** Routes of the IP family. */
export const ip: Layout<'ip'> = {
  number: RTM_PROTOCOL_FAMILY_IP,
  members: [...MEMBERS, ...Object.keys(DWORDS)],
  create() {
    return new RtmIpRoute();
  },
  writeNetwork(network, { RR_Network }) {
    Object.assign(RR_Network, parseNetwork(network, 'network'));
  },
  writeNextHop(nextHop, { RR_NextHopAddress }) {
    RR_NextHopAddress.N_NetNumber = parseAddress(nextHop, 'nextHop');
  },
  writeFamilyData(route, { RR_NextHopAddress, RR_FamilySpecificData }) {
    const { nextHopMask, type = 'other', valid = true, otherFlags = 0 } = route;
    if (nextHopMask !== undefined) RR_NextHopAddress.N_NetMask = parseAddress(nextHopMask, 'nextHopMask');
    RR_FamilySpecificData.FSD_Type = typeNumber(type);
    for (const [member, name] of DWORD_ENTRIES) {
      const { [member]: dword = 0 } = route;
      RR_FamilySpecificData[name] = integer(dword, member);
    }
    RR_FamilySpecificData.FSD_Flags = flagsOf(otherFlags, IP_VALID_ROUTE, valid, 'valid');
  },
  read(structure) {
    const { RR_Network, RR_NextHopAddress, RR_FamilySpecificData: data } = structure;
    return {
      network: formatNetwork(RR_Network),
      nextHop: formatIpv4(RR_NextHopAddress.N_NetNumber),
      nextHopMask: formatIpv4(RR_NextHopAddress.N_NetMask),
      ...readCommon(structure),
      type: TYPES[data.FSD_Type - 1] ?? data.FSD_Type,
      policy: data.FSD_Policy,
      nextHopAS: data.FSD_NextHopAS,
      priority: data.FSD_Priority,
      metric: data.FSD_Metric,
      metric1: data.FSD_Metric1,
      metric2: data.FSD_Metric2,
      metric3: data.FSD_Metric3,
      metric4: data.FSD_Metric4,
      metric5: data.FSD_Metric5,
      valid: (data.FSD_Flags & IP_VALID_ROUTE) !== 0,
      otherFlags: (data.FSD_Flags & ~IP_VALID_ROUTE) >>> 0,
    };
  },
};

function typeNumber(type: unknown): number {
  if (typeof type !== 'string') return integer(type, 'type');
  const index = TYPES.indexOf(type as IpRouteType & string);
  if (index < 0) throw new RangeError(`type must be a number or one of '${TYPES.join("', '")}'; it is ${shown(type)}`);
  return index + 1;
}
