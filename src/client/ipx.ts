import { IPX_GLOBAL_CLIENT_WAN_ROUTE, RTM_PROTOCOL_FAMILY_IPX } from '../v1/constants.js';
import { formatIpxNetwork, formatIpxNode } from '../v1/ipx-address.js';
import { RtmIpxRoute } from '../v1/ipx-route.js';
import { parseAddress, parseNetwork } from './ipx-text.js';
import { type Layout, readCommon } from './layout.js';
import { flagsOf, integer } from './members.js';
import type { IpxRoute } from './route.js';

const MAX_USHORT = 0xffff;

const MEMBERS = [
  ...['network', 'nextHop', 'interface', 'protocol', 'updated'],
  ...['ticks', 'hops', 'globalWan', 'otherFlags', 'protocolData'],
] as const satisfies readonly (keyof IpxRoute)[];

/** Routes of the IPX family. */
export const ipx: Layout<'ipx'> = {
  number: RTM_PROTOCOL_FAMILY_IPX,
  members: MEMBERS,
  create() {
    return new RtmIpxRoute();
  },
  writeNetwork(network, { RR_Network }) {
    RR_Network.N_NetNumber = parseNetwork(network, 'network');
  },
  writeNextHop(nextHop, { RR_NextHopAddress }) {
    RR_NextHopAddress.NHA_Mac.set(parseAddress(nextHop, 'nextHop'));
  },
  writeFamilyData(route, { RR_FamilySpecificData }) {
    const { ticks = 0, hops = 0, globalWan = false, otherFlags = 0 } = route;
    RR_FamilySpecificData.FSD_TickCount = integer(ticks, 'ticks', MAX_USHORT);
    RR_FamilySpecificData.FSD_HopCount = integer(hops, 'hops', MAX_USHORT);
    RR_FamilySpecificData.FSD_Flags = flagsOf(otherFlags, IPX_GLOBAL_CLIENT_WAN_ROUTE, globalWan, 'globalWan');
  },
  read(structure) {
    const { RR_Network, RR_NextHopAddress, RR_FamilySpecificData: data } = structure;
    return {
      network: formatIpxNetwork(RR_Network.N_NetNumber),
      nextHop: formatIpxNode(RR_NextHopAddress.NHA_Mac),
      ...readCommon(structure),
      ticks: data.FSD_TickCount,
      hops: data.FSD_HopCount,
      globalWan: (data.FSD_Flags & IPX_GLOBAL_CLIENT_WAN_ROUTE) !== 0,
      otherFlags: (data.FSD_Flags & ~IPX_GLOBAL_CLIENT_WAN_ROUTE) >>> 0,
    };
  },
};
