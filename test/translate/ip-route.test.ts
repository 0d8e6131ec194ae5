import { describe, expect, it } from 'vitest';
import { differSignificantly, newRouteWords } from '../../src/translate/ip-route.js';
import { offsetOf } from '../../src/win32/abi.js';

const SIGNIFICANT: readonly (readonly [string, string | null])[] = [
  ['RR_RoutingProtocol', null],
  ['RR_InterfaceID', null],
  ['RR_NextHopAddress', 'N_NetNumber'],
  ...['Type', 'Policy', 'NextHopAS', 'Priority', 'Metric', 'Metric1', 'Metric2', 'Metric3', 'Metric4', 'Metric5', 'Flags'].map(
    (member) => ['RR_FamilySpecificData', `FSD_${member}`] as const,
  ),
];

const PART_OF: Readonly<Record<string, string>> = {
  RR_NextHopAddress: 'IP_NEXT_HOP_ADDRESS',
  RR_FamilySpecificData: 'IP_SPECIFIC_DATA',
};

describe('differSignificantly', () => {
  it('is true for a difference in each significant member, and in no other', () => {
    const significant = SIGNIFICANT.map(([member, part]) => {
      const inside = part === null ? 0 : offsetOf(PART_OF[member] ?? '', part);
      return (offsetOf('RTM_IP_ROUTE', member) + inside) / 4;
    });
    const found = [...newRouteWords().keys()].filter((index) => {
      const other = newRouteWords();
      other[index] = 0x80000000;
      return differSignificantly(newRouteWords(), other);
    });
    expect(found.sort()).toEqual(significant.sort());
  });
});
