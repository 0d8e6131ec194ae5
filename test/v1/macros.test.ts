import { describe, expect, it } from 'vitest';
import { IP_VALID_ROUTE } from '../../src/v1/constants.js';
import {
  ClearRouteFlags,
  ClearRouteValid,
  IsRouteLoopback,
  IsRouteNonUnicast,
  IsRouteValid,
  SetRouteValid,
} from '../../src/v1/macros.js';
import { routeTo } from '../support/routes.js';

describe('the macros of Rtm.h', () => {
  it('set, clear and test the valid mark, and leave the other flags alone', () => {
    const route = routeTo('10.0.0.0/8');
    const data = route.RR_FamilySpecificData;
    data.FSD_Flags = 0x80000002;
    expect(IsRouteValid(route)).toBe(false);
    SetRouteValid(route);
    expect([IsRouteValid(route), data.FSD_Flags]).toEqual([true, 0x80000002 + IP_VALID_ROUTE]);
    ClearRouteValid(route);
    expect([IsRouteValid(route), data.FSD_Flags]).toEqual([false, 0x80000002]);
    ClearRouteFlags(route);
    expect(data.FSD_Flags).toBe(0);
  });

  it.each([
    ['223.255.255.0/24', false],
    ['224.0.0.0/4', true],
    ['240.0.0.0/4', true],
    ['10.0.0.224/32', false],
  ])('tell whether %s is beyond unicast', (network, expected) => {
    expect(IsRouteNonUnicast(routeTo(network))).toBe(expected);
  });

  it('tell a loopback route by its destination or by its next hop', () => {
    expect(IsRouteLoopback(routeTo('127.0.0.0/8'))).toBe(true);
    expect(IsRouteLoopback(routeTo('10.0.0.0/8', { via: '127.0.0.1' }))).toBe(true);
    expect(IsRouteLoopback(routeTo('10.0.0.0/8', { via: '127.0.0.2' }))).toBe(false);
    expect(IsRouteLoopback(routeTo('10.0.0.127/32'))).toBe(false);
  });

  it('take plain bytes', () => {
    const { bytes } = routeTo('127.0.0.0/8');
    SetRouteValid(bytes);
    expect([IsRouteValid(bytes), IsRouteLoopback(bytes)]).toEqual([true, true]);
  });
});
