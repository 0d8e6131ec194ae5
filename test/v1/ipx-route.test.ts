import { describe, expect, it } from 'vitest';
import { IpxNetwork, IpxNextHopAddress, IpxSpecificData, RtmIpxRoute } from '../../src/v1/ipx-route.js';
import { layouts, offsetOf, sizeOf } from '../../src/win32/abi.js';

describe('RtmIpxRoute', () => {
  it('has 52 bytes', () => {
    expect(new RtmIpxRoute().bytes).toHaveLength(52);
  });

  it('has its members where the C structure has them', () => {
    const route = new RtmIpxRoute();
    const set: readonly (readonly [offset: number, size: number, write: () => void])[] = [
      [0, 4, () => (route.RR_TimeStamp.dwLowDateTime = 0x01010101)],
      [4, 4, () => (route.RR_TimeStamp.dwHighDateTime = 0x01010101)],
      [8, 4, () => (route.RR_RoutingProtocol = 0x01010101)],
      [12, 4, () => (route.RR_InterfaceID = 0x01010101)],
      [16, 16, () => route.RR_ProtocolSpecificData.PSD_Data.fill(0x01010101)],
      [32, 4, () => (route.RR_Network.N_NetNumber = 0x01010101)],
      [36, 6, () => route.RR_NextHopAddress.NHA_Mac.fill(1)],
      [44, 4, () => (route.RR_FamilySpecificData.FSD_Flags = 0x01010101)],
      [48, 2, () => (route.RR_FamilySpecificData.FSD_TickCount = 0x0101)],
      [50, 2, () => (route.RR_FamilySpecificData.FSD_HopCount = 0x0101)],
    ];
    for (const [offset, size, write] of set) {
      route.bytes.fill(0);
      write();
      const written = [...route.bytes.keys()].filter((index) => route.bytes[index] !== 0);
      expect(written).toEqual(Array.from({ length: size }, (_, index) => offset + index));
    }
  });

  it('is a view: what is written to its memory is in its members, and the other way round', () => {
    const memory = new Uint8Array(8 + 52 + 8);
    const route = new RtmIpxRoute(memory.subarray(8));
    route.RR_Network.N_NetNumber = 0x04030201;
    expect([...memory.subarray(8 + 32, 8 + 36)]).toEqual([1, 2, 3, 4]);
    memory.set([9, 8, 7, 6, 5, 4], 8 + 36);
    expect([...route.RR_NextHopAddress.NHA_Mac]).toEqual([9, 8, 7, 6, 5, 4]);
    memory.set([0x34, 0x12, 0x78, 0x56], 8 + 48);
    const { FSD_HopCount, FSD_TickCount } = route.RR_FamilySpecificData;
    expect([FSD_TickCount, FSD_HopCount]).toEqual([0x1234, 0x5678]);
  });

  it('refuses memory that is too small, or that C would not have put there', () => {
    expect(() => new RtmIpxRoute(new Uint8Array(51))).toThrow(/52 bytes.*51/);
    expect(() => new RtmIpxRoute(new Uint8Array(60).subarray(2))).toThrow(/multiple of 4.*byteOffset 2/);
    expect(() => new IpxNextHopAddress(new Uint8Array(5))).toThrow(/6 bytes.*5/);
  });
});

describe('the structures of IPX', () => {
  it.each([
    ['IPX_NETWORK', new IpxNetwork()],
    ['IPX_SPECIFIC_DATA', new IpxSpecificData()],
  ])('%s has an accessor for each member', (name, view) => {
    const fields = layouts[name]?.x64.fields ?? [];
    expect(fields.length).toBeGreaterThan(0);
    fields.forEach(({ name: member, size }, index) => {
      Reflect.set(view, member, 256 ** size - 2 - index);
      expect(Reflect.get(view, member)).toBe(256 ** size - 2 - index);
      expect(view.bytes[offsetOf(name, member)]).toBe(254 - index);
    });
    expect(view.bytes).toHaveLength(sizeOf(name));
  });

  it('keep ticks and hops to 16 bits, as C does', () => {
    const data = new IpxSpecificData();
    data.FSD_TickCount = 0x12345;
    data.FSD_HopCount = -1;
    expect([data.FSD_TickCount, data.FSD_HopCount, data.FSD_Flags]).toEqual([0x2345, 0xffff, 0]);
  });

  it('take a next hop from anywhere in memory', () => {
    const memory = new Uint8Array(8);
    const hop = new IpxNextHopAddress(memory.subarray(1));
    hop.NHA_Mac.set([1, 2, 3, 4, 5, 6]);
    expect([...memory]).toEqual([0, 1, 2, 3, 4, 5, 6, 0]);
    expect(hop.bytes).toEqual(hop.NHA_Mac);
  });
});
