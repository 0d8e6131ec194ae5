import { describe, expect, it } from 'vitest';
import {
  abi,
  constants,
  HANDLE_SIZE,
  offsetOf,
  openRtmv2,
  type Rtmv2,
  signatures,
  sizeOf,
  sizeOfDestInfo,
  v2Functions,
} from '../../src/v2/index.js';

const handles = (count: number): BigUint64Array | Uint32Array =>
  abi === 'x64' ? new BigUint64Array(count) : new Uint32Array(count);
const first = (cell: BigUint64Array | Uint32Array): number => Number(cell[0]);

const C = (name: string): number => constants[name] ?? NaN;

function netAddress(...octets: readonly number[]): Uint8Array {
  const address = new Uint8Array(sizeOf('RTM_NET_ADDRESS'));
  const [bits = 0, ...rest] = octets;
  new DataView(address.buffer).setUint16(offsetOf('RTM_NET_ADDRESS', 'AddressFamily'), C('AF_INET'), true);
  new DataView(address.buffer).setUint16(offsetOf('RTM_NET_ADDRESS', 'NumBits'), bits, true);
  address.set(rest, offsetOf('RTM_NET_ADDRESS', 'AddrBits'));
  return address;
}

function registerEntity(rtm: Rtmv2, protocolId: number): number {
  const info = new Uint8Array(sizeOf('RTM_ENTITY_INFO'));
  const view = new DataView(info.buffer);
  view.setUint16(offsetOf('RTM_ENTITY_INFO', 'AddressFamily'), C('AF_INET'), true);
  view.setUint32(offsetOf('RTM_ENTITY_INFO', 'EntityId'), protocolId, true);
  const [profile, cell] = [new Uint8Array(sizeOf('RTM_REGN_PROFILE')), handles(1)];
  expect(rtm.RtmRegisterEntity(info, null, null, false, profile, cell)).toBe(0);
  return first(cell);
}

describe('openRtmv2', () => {
  const rtm = openRtmv2('embedded');

  it('has the 57 functions, with as many parameters as in C', () => {
    for (const name of v2Functions) {
      const call = rtm[name] as (...parameters: unknown[]) => number;
      const { length } = signatures[name];
      const taken = length === 1 ? '1 parameter' : `${length} parameters`;
      expect(() => call(), name).toThrow(`${name} takes ${taken}, and was given 0`);
    }
  });

  it('takes ported code through the life of a route', () => {
    const entity = registerEntity(rtm, 4711);
    const route = new Uint8Array(sizeOf('RTM_ROUTE_INFO') + 8 * HANDLE_SIZE);
    const view = new DataView(route.buffer);
    view.setUint32(offsetOf('RTM_ROUTE_INFO', 'BelongsToViews'), C('RTM_VIEW_MASK_UCAST'), true);
    view.setUint32(offsetOf('RTM_ROUTE_INFO', 'PrefInfo') + offsetOf('RTM_PREF_INFO', 'Metric'), 77, true);
    const [cell, flags, destination] = [handles(1), new Uint32Array(1), netAddress(8, 10)];
    expect(rtm.RtmAddRouteToDest(entity, cell, destination, route, C('INFINITE'), 0, 0, 0, flags)).toBe(0);
    expect(flags[0]).toBe(C('RTM_ROUTE_CHANGE_NEW') + C('RTM_ROUTE_CHANGE_BEST'));

    const info = new Uint8Array(sizeOfDestInfo(2));
    expect(rtm.RtmGetExactMatchDestination(entity, destination, 0, C('RTM_VIEW_MASK_UCAST'), info)).toBe(0);
    expect(rtm.RtmReleaseDestInfo(entity, info)).toBe(0);
    expect(rtm.RtmGetRouteInfo(entity, first(cell), route, null)).toBe(0);
    expect(view.getUint32(offsetOf('RTM_ROUTE_INFO', 'PrefInfo'), true)).toBe(77);
    expect(rtm.RtmReleaseRouteInfo(entity, route)).toBe(0);
    expect(rtm.RtmDeleteRouteToDest(entity, first(cell), flags)).toBe(0);
    expect(rtm.RtmGetExactMatchDestination(entity, destination, 0, 1, info)).toBe(C('ERROR_NOT_FOUND'));
    expect(rtm.RtmDeregisterEntity(entity)).toBe(0);
    expect(rtm.RtmDeregisterEntity(entity)).toBe(C('ERROR_INVALID_HANDLE'));
  });

  it.each([
    ['a handle that is no integer', () => rtm.RtmDeregisterEntity(1.5), RangeError, /RtmRegHandle .* integer/],
    ['a handle that is no number', () => rtm.RtmDeregisterEntity('1' as never), TypeError, /RtmRegHandle .* number/],
    ['a number for a buffer', () => rtm.RtmGetRouteInfo(1, 1, 5 as never, null), TypeError, /RouteInfo .* ArrayBuffer/],
    ['an array for a buffer', () => rtm.RtmGetRouteInfo(1, 1, [5] as never, null), TypeError, /RouteInfo/],
    ['a buffer that is too small', () => rtm.RtmGetRouteInfo(1, 1, new Uint8Array(8), null), RangeError, /at least \d+ bytes; it has 8/],
    ['a number for a BOOL', () => rtm.RtmLockDestination(1, 1, 1 as never, true), TypeError, /Exclusive .* boolean/],
    ['a DWORD out of range', () => rtm.RtmReleaseRoutes(1, 2 ** 32, handles(1)), RangeError, /NumRoutes .* 4294967295/],
  ])('calls nothing but throws for %s', (_what, call, type, message) => {
    expect(call).toThrow(type);
    expect(call).toThrow(message);
  });

  it('takes null for NULL, and RTM says what it thinks of it', () => {
    const entity = registerEntity(rtm, 4712);
    expect(rtm.RtmAddRouteToDest(entity, null, null, null, 0, 0, 0, 0, null)).toBe(C('ERROR_INVALID_PARAMETER'));
    expect(rtm.RtmDeregisterEntity(entity)).toBe(0);
  });
});
