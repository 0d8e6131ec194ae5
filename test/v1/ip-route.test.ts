import { describe, expect, it } from 'vitest';
import { IpNetwork, IpSpecificData, RtmIpRoute } from '../../src/v1/ip-route.js';
import { formatIpv4, ipv4, ipv4Mask, ipv4PrefixLength } from '../../src/v1/ipv4.js';
import { layouts, offsetOf, sizeOf } from '../../src/win32/abi.js';
import { hostileValues } from '../support/hostile-values.js';

describe('RtmIpRoute', () => {
  it('has 92 bytes', () => {
    expect(new RtmIpRoute().bytes).toHaveLength(92);
  });

  it('has its members where the C structure has them', () => {
    const route = new RtmIpRoute();
    const dwords = (): number[] => [...new Uint32Array(route.bytes.buffer)];
    const set: (() => void)[] = [
      () => (route.RR_TimeStamp.dwLowDateTime = 1),
      () => (route.RR_TimeStamp.dwHighDateTime = 2),
      () => (route.RR_RoutingProtocol = 3),
      () => (route.RR_InterfaceID = 4),
      () => {
        route.RR_ProtocolSpecificData.PSD_Data.set([5, 6, 7, 8]);
      },
      () => (route.RR_Network.N_NetNumber = 9),
      () => (route.RR_Network.N_NetMask = 10),
      () => (route.RR_NextHopAddress.N_NetNumber = 11),
      () => (route.RR_NextHopAddress.N_NetMask = 12),
      () => (route.RR_FamilySpecificData.FSD_Type = 13),
      () => (route.RR_FamilySpecificData.FSD_Policy = 14),
      () => (route.RR_FamilySpecificData.FSD_NextHopAS = 15),
      () => (route.RR_FamilySpecificData.FSD_Priority = 16),
      () => (route.RR_FamilySpecificData.FSD_Metric = 17),
      () => (route.RR_FamilySpecificData.FSD_Metric1 = 18),
      () => (route.RR_FamilySpecificData.FSD_Metric2 = 19),
      () => (route.RR_FamilySpecificData.FSD_Metric3 = 20),
      () => (route.RR_FamilySpecificData.FSD_Metric4 = 21),
      () => (route.RR_FamilySpecificData.FSD_Metric5 = 22),
      () => (route.RR_FamilySpecificData.FSD_Flags = 23),
    ];
    for (const member of set) member();
    expect(dwords()).toEqual(Array.from({ length: 23 }, (_, index) => index + 1));
    expect([route.RR_RoutingProtocol, route.RR_InterfaceID, route.RR_TimeStamp.dwHighDateTime]).toEqual([3, 4, 2]);
    expect(route.RR_FamilySpecificData.FSD_Metric5).toBe(22);
  });

  it('is a view: what is written to its memory is in its members, and the other way round', () => {
    const memory = new Uint8Array(8 + 92 + 8);
    const route = new RtmIpRoute(memory.subarray(8));
    route.RR_InterfaceID = 0x04030201;
    expect([...memory.subarray(8 + 12, 8 + 16)]).toEqual([1, 2, 3, 4]);
    memory.set([9, 0, 0, 0], 8 + 12);
    expect(route.RR_InterfaceID).toBe(9);
    expect(route.bytes.byteOffset).toBe(8);
    expect(route.bytes).toHaveLength(92);
  });

  it('refuses memory that is too small, or that C would not have put there', () => {
    expect(() => new RtmIpRoute(new Uint8Array(91))).toThrow(/92 bytes.*91/);
    expect(() => new RtmIpRoute(new Uint8Array(100).subarray(2))).toThrow(/multiple of 4.*byteOffset 2/);
  });

  it('holds addresses as octets in memory order', () => {
    const route = new RtmIpRoute();
    route.RR_Network.N_NetNumber = ipv4('10.1.2.3');
    route.RR_Network.N_NetMask = ipv4Mask(20);
    const start = offsetOf('RTM_IP_ROUTE', 'RR_Network');
    expect([...route.bytes.subarray(start, start + 8)]).toEqual([10, 1, 2, 3, 255, 255, 240, 0]);
  });
});

describe('the structures of Rtm.h', () => {
  it.each([
    ['IP_NETWORK', new IpNetwork()],
    ['IP_SPECIFIC_DATA', new IpSpecificData()],
  ])('%s has an accessor for each member', (name, view) => {
    const members = layouts[name]?.x64.fields.map((field) => field.name) ?? [];
    expect(members.length).toBeGreaterThan(1);
    members.forEach((member, index) => {
      Reflect.set(view, member, index + 1);
      expect(Reflect.get(view, member)).toBe(index + 1);
      expect(view.bytes[offsetOf(name, member)]).toBe(index + 1);
    });
    expect(view.bytes).toHaveLength(sizeOf(name));
  });
});

describe('ipv4', () => {
  it('makes DWORDs whose octets lie in memory as they are written', () => {
    expect(ipv4('10.0.0.0')).toBe(0x0000000a);
    expect(ipv4('127.0.0.1')).toBe(0x0100007f);
    expect(ipv4('255.255.255.255')).toBe(0xffffffff);
    expect(ipv4Mask(0)).toBe(0);
    expect(ipv4Mask(8)).toBe(0x000000ff);
    expect(ipv4Mask(32)).toBe(0xffffffff);
  });

  it('is undone by formatIpv4', () => {
    for (const text of ['0.0.0.0', '1.2.3.4', '192.0.2.255', '255.255.255.255']) expect(formatIpv4(ipv4(text))).toBe(text);
  });

  it.each(['', '10', '10.0.0', '10.0.0.0.0', '256.0.0.0', '01.2.3.4', '1.2.3.x', ' 1.2.3.4', '1e2.0.0.0', '-1.2.3.4'])(
    'refuses %j',
    (text) => {
      expect(() => ipv4(text)).toThrow(RangeError);
    },
  );

  it('refuses what is no text', () => {
    for (const value of hostileValues()) {
      if (typeof value === 'string') expect(() => ipv4(value)).toThrow(/ is not an IPv4 address of the form 192\.0\.2\.1$/);
      else expect(() => ipv4(value as string)).toThrow(/^an IPv4 address must be text of the form 192\.0\.2\.1; it is /);
    }
  });

  it('refuses text without end in a message that has one', () => {
    expect(() => ipv4('1'.repeat(100_000))).toThrow(/^'1{40}'\.\.\. \(100000 characters\) is not an IPv4 address/);
  });

  it.each([-1, 33, 1.5, NaN])('refuses a prefix length of %d', (length) => {
    expect(() => ipv4Mask(length)).toThrow(RangeError);
  });
});

describe('ipv4PrefixLength', () => {
  it('is the way back from ipv4Mask, for numbers and for text', () => {
    for (let length = 0; length <= 32; length += 1) {
      const mask = ipv4Mask(length);
      expect(ipv4PrefixLength(mask)).toBe(length);
      expect(ipv4PrefixLength(formatIpv4(mask))).toBe(length);
    }
  });

  it('refuses every mask in the other byte order, and says so', () => {
    for (let length = 1; length < 32; length += 1) {
      const inHostOrder = (-1 << (32 - length)) >>> 0;
      const message = `its octets are in the reverse order, and ${formatIpv4(ipv4Mask(length))} is ${ipv4Mask(length)} as a DWORD`;
      expect(() => ipv4PrefixLength(inHostOrder), `${length}`).toThrow(RangeError);
      expect(() => ipv4PrefixLength(inHostOrder), `${length}`).toThrow(message);
    }
  });

  it('takes exactly the 33 masks among many numbers', () => {
    const masks = new Set(Array.from({ length: 33 }, (_, length) => ipv4Mask(length)));
    for (const one of masks) {
      for (let bit = 0; bit < 32; bit += 1) {
        const other = (one ^ (1 << bit)) >>> 0;
        if (masks.has(other)) expect(formatIpv4(ipv4Mask(ipv4PrefixLength(other)))).toBe(formatIpv4(other));
        else expect(() => ipv4PrefixLength(other)).toThrow(RangeError);
      }
    }
  });

  it.each(['255.0.255.0', '0.0.0.1', '255.255.255.253', '127.255.255.255'])('refuses %s, whose one bits are scattered', (mask) => {
    const message = `the mask ${mask} is not contiguous: its one bits have to come first`;
    expect(() => ipv4PrefixLength(mask)).toThrow(new RangeError(message));
    expect(() => ipv4PrefixLength(ipv4(mask))).toThrow(new RangeError(message));
  });

  it.each([
    [-256, 'a mask must be an integer from 0 to 4294967295; it is -256; as a DWORD that is 4294967040'],
    [2 ** 32, 'a mask must be an integer from 0 to 4294967295; it is 4294967296'],
    [NaN, 'a mask must be an integer from 0 to 4294967295; it is NaN'],
    ['/8', "'/8' is not an IPv4 address of the form 192.0.2.1"],
    ['24', "'24' is not an IPv4 address of the form 192.0.2.1"],
  ])('refuses %o', (mask, message) => {
    expect(() => ipv4PrefixLength(mask)).toThrow(new RangeError(message));
  });

  it('refuses whatever it is given with an error of its own', () => {
    for (const value of hostileValues()) {
      if (typeof value === 'number') continue;
      const type = typeof value === 'string' ? RangeError : TypeError;
      expect(() => ipv4PrefixLength(value as number)).toThrow(type);
    }
  });
});
