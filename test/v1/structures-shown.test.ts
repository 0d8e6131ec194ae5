import { inspect } from 'node:util';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { NO_ERROR } from '../../src/v1/constants.js';
import { IpNetwork, IpSpecificData, RtmIpRoute, type RtmIpRouteJson } from '../../src/v1/ip-route.js';
import { ipv4, ipv4Mask } from '../../src/v1/ipv4.js';
import { IpxNetwork, IpxNextHopAddress, IpxSpecificData, RtmIpxRoute, type RtmIpxRouteJson } from '../../src/v1/ipx-route.js';
import { layouts } from '../../src/win32/abi.js';
import { EventObject } from '../../src/win32/event-object.js';
import { describeBackend } from '../support/backend.js';
import { Random } from '../support/random.js';

/** Bytes of an RTM_IPX_ROUTE that no member has: behind NHA_Mac. */
const PADDING = [42, 43];

const STRUCTURES = [
  ['RTM_IP_ROUTE', () => new RtmIpRoute()],
  ['RTM_IPX_ROUTE', () => new RtmIpxRoute()],
  ['IP_NETWORK', () => new IpNetwork()],
  ['IPX_NETWORK', () => new IpxNetwork()],
  ['IP_SPECIFIC_DATA', () => new IpSpecificData()],
  ['IPX_SPECIFIC_DATA', () => new IpxSpecificData()],
  ['IPX_NEXT_HOP_ADDRESS', () => new IpxNextHopAddress()],
  ['FILETIME', () => new RtmIpRoute().RR_TimeStamp],
] as const;

function ipRoute(): RtmIpRoute {
  const route = new RtmIpRoute();
  route.RR_TimeStamp.dwLowDateTime = 0xd5ed2a00;
  route.RR_TimeStamp.dwHighDateTime = 0x01c30a1f;
  route.RR_RoutingProtocol = 8;
  route.RR_InterfaceID = 3;
  route.RR_ProtocolSpecificData.PSD_Data.set([1, 2, 3, 0xffffffff]);
  route.RR_Network.N_NetNumber = ipv4('10.0.0.0');
  route.RR_Network.N_NetMask = ipv4Mask(8);
  route.RR_NextHopAddress.N_NetNumber = ipv4('192.0.2.1');
  route.RR_FamilySpecificData.FSD_Type = 4;
  route.RR_FamilySpecificData.FSD_Metric = 2;
  route.RR_FamilySpecificData.FSD_Flags = 1;
  return route;
}

function ipxRoute(): RtmIpxRoute {
  const route = new RtmIpxRoute();
  route.RR_Network.N_NetNumber = 0xa1b2;
  route.RR_NextHopAddress.NHA_Mac.set([0x00, 0x11, 0x22, 0x33, 0x44, 0x55]);
  route.RR_FamilySpecificData.FSD_TickCount = 7;
  route.RR_FamilySpecificData.FSD_HopCount = 9;
  return route;
}

describe('what console.log shows of a structure', () => {
  it.each(STRUCTURES)('%s: every member under its C name', (name, create) => {
    const shown = inspect(create());
    const members = layouts[name]?.x64.fields.map((field) => field.name) ?? [];
    expect(members.length).toBeGreaterThan(0);
    for (const member of members) expect(shown).toContain(`${member}: `);
  });

  it('addresses as they are written, beside the numbers as they are', () => {
    const shown = inspect(ipRoute());
    expect(shown).toMatch(/^RtmIpRoute \{\n/);
    expect(shown).toContain('RR_Network: IpNetwork 10.0.0.0/255.0.0.0 { N_NetNumber: 10, N_NetMask: 255 }');
    expect(shown).toContain('RR_NextHopAddress: IpNetwork 192.0.2.1/0.0.0.0 { N_NetNumber: 16908480, N_NetMask: 0 }');
    expect(shown).toContain('RR_FamilySpecificData: IpSpecificData remote valid {');
    expect(shown).toContain('PSD_Data: Uint32Array(4) [ 1, 2, 3, 4294967295 ]');
    const ipx = inspect(ipxRoute());
    expect(ipx).toMatch(/^RtmIpxRoute \{\n/);
    expect(ipx).toContain('RR_Network: IpxNetwork 0000A1B2 { N_NetNumber: 41394 }');
    expect(ipx).toContain('RR_NextHopAddress: IpxNextHopAddress 00:11:22:33:44:55 {');
    expect(ipx).toContain('FSD_TickCount: 7, FSD_HopCount: 9');
  });

  it('the instant of a time stamp, where it is one', () => {
    const { RR_TimeStamp } = ipRoute();
    expect(inspect(RR_TimeStamp)).toMatch(/^FILETIME 2003-04-24T\d\d:\d\d:\d\d\.\d{3}Z \{ dwLowDateTime: /);
    [RR_TimeStamp.dwLowDateTime, RR_TimeStamp.dwHighDateTime] = [0, 0];
    expect(inspect(RR_TimeStamp)).toBe('FILETIME { dwLowDateTime: 0, dwHighDateTime: 0 }');
    [RR_TimeStamp.dwLowDateTime, RR_TimeStamp.dwHighDateTime] = [0xffffffff, 0xffffffff];
    expect(inspect(RR_TimeStamp)).toMatch(/^FILETIME .*\{ dwLowDateTime: 4294967295, dwHighDateTime: 4294967295 \}$/);
  });

  it('no more than there is room for', () => {
    expect(inspect({ inner: { route: ipRoute() } }, { depth: 0 })).toBe('{ inner: [Object] }');
    expect(inspect({ route: ipRoute() }, { depth: 0 })).toBe('{ route: [RtmIpRoute] }');
    expect(inspect(ipRoute(), { depth: 0 })).toContain('RR_Network: [IpNetwork 10.0.0.0/255.0.0.0]');
    expect(inspect(ipRoute(), { depth: null })).toContain('N_NetNumber: 10');
  });

  it.each(STRUCTURES)('%s: nothing where there is no memory, without an error', (_, create) => {
    const view = create();
    expect(inspect(Object.create(Object.getPrototypeOf(view) as object))).toMatch(/^\[\w+ that cannot be read\]$/);
    structuredClone(view.bytes, { transfer: [view.bytes.buffer as ArrayBuffer] });
    expect(inspect(view)).toMatch(/^\[\w+ that cannot be read\]$/);
  });
});

describe('what JSON has of a route', () => {
  it('is every member of the C structure under its C name, a number as it is in memory', () => {
    expect(JSON.parse(JSON.stringify(ipRoute()))).toEqual({
      RR_TimeStamp: { dwLowDateTime: 0xd5ed2a00, dwHighDateTime: 0x01c30a1f },
      RR_RoutingProtocol: 8,
      RR_InterfaceID: 3,
      RR_ProtocolSpecificData: { PSD_Data: [1, 2, 3, 0xffffffff] },
      RR_Network: { N_NetNumber: 0x0000000a, N_NetMask: 0x000000ff },
      RR_NextHopAddress: { N_NetNumber: 0x010200c0, N_NetMask: 0 },
      RR_FamilySpecificData: {
        ...{ FSD_Type: 4, FSD_Policy: 0, FSD_NextHopAS: 0, FSD_Priority: 0, FSD_Metric: 2, FSD_Metric1: 0 },
        ...{ FSD_Metric2: 0, FSD_Metric3: 0, FSD_Metric4: 0, FSD_Metric5: 0, FSD_Flags: 1 },
      },
    });
    expect(JSON.parse(JSON.stringify(ipxRoute()))).toMatchObject({
      RR_Network: { N_NetNumber: 0xa1b2 },
      RR_NextHopAddress: { NHA_Mac: [0x00, 0x11, 0x22, 0x33, 0x44, 0x55] },
      RR_FamilySpecificData: { FSD_Flags: 0, FSD_TickCount: 7, FSD_HopCount: 9 },
    });
    expect(Object.keys(ipRoute().toJSON()), 'in the order of C').toEqual(layouts['RTM_IP_ROUTE']?.x64.fields.map(({ name }) => name));
    expectTypeOf(ipRoute().toJSON()).toEqualTypeOf<RtmIpRouteJson>();
    expectTypeOf(ipxRoute().toJSON()).toEqualTypeOf<RtmIpxRouteJson>();
    expectTypeOf(new IpNetwork().toJSON().N_NetMask).toBeNumber();
  });

  it('becomes the same route again, byte for byte, whatever is in it', () => {
    const random = new Random(20031128);
    const bytesFor = (size: number): Uint8Array => Uint8Array.from({ length: size }, () => random.below(256));
    for (let count = 0; count < 200; count += 1) {
      const ip = new RtmIpRoute(bytesFor(92));
      expect(RtmIpRoute.fromJSON(JSON.parse(JSON.stringify(ip)) as RtmIpRouteJson).bytes).toEqual(ip.bytes);
      const ipx = new RtmIpxRoute(bytesFor(52));
      const again = RtmIpxRoute.fromJSON(JSON.parse(JSON.stringify(ipx)) as RtmIpxRouteJson);
      for (const byte of PADDING) ipx.bytes[byte] = 0;
      expect(again.bytes).toEqual(ipx.bytes);
    }
  });

  const ip = (change: (json: Record<string, Record<string, unknown>>) => void): unknown => {
    const json = JSON.parse(JSON.stringify(ipRoute())) as Record<string, Record<string, unknown>>;
    change(json);
    return json;
  };

  it.each<[string, unknown, ErrorConstructor, string]>([
    ['null', null, TypeError, 'RTM_IP_ROUTE must be an object; it is null'],
    ['text', '{}', TypeError, "RTM_IP_ROUTE must be an object; it is '{}'"],
    ['a missing member', {}, TypeError, 'RTM_IP_ROUTE.RR_TimeStamp must be an object; it is undefined'],
    ['an unknown member', ip((json) => { json['RR_Metric'] = {}; }), TypeError, "RTM_IP_ROUTE has no member 'RR_Metric': there are RR_TimeStamp,"],
    ['an unknown inner member', ip((json) => { json['RR_Network'] = { N_NetNumbr: 1 }; }), TypeError, "RTM_IP_ROUTE.RR_Network has no member 'N_NetNumbr'"],
    ['an address as text', ip((json) => { json['RR_Network'] = { N_NetNumber: '10.0.0.0', N_NetMask: 255 }; }), TypeError, "RTM_IP_ROUTE.RR_Network.N_NetNumber must be a number; it is '10.0.0.0'"],
    ['a negative number', ip((json) => { json['RR_Network'] = { N_NetNumber: -1, N_NetMask: 255 }; }), RangeError, 'RTM_IP_ROUTE.RR_Network.N_NetNumber cannot hold -1'],
    ['a fraction', ip((json) => { Object.assign(json, { RR_InterfaceID: 0.5 }); }), RangeError, 'RTM_IP_ROUTE.RR_InterfaceID cannot hold 0.5'],
    ['too few DWORDs', ip((json) => { json['RR_ProtocolSpecificData'] = { PSD_Data: [1] }; }), TypeError, 'RTM_IP_ROUTE.RR_ProtocolSpecificData.PSD_Data must be an array of 4 numbers; it is an array'],
    ['no DWORD', ip((json) => { json['RR_ProtocolSpecificData'] = { PSD_Data: [1, 2, 3, 2 ** 32] }; }), RangeError, 'PSD_Data[3] cannot hold 4294967296: in memory it would become 0'],
  ])('is refused with a word on what is wrong: %s', (_, json, type, message) => {
    expect(() => RtmIpRoute.fromJSON(json as RtmIpRouteJson)).toThrow(type);
    expect(() => RtmIpRoute.fromJSON(json as RtmIpRouteJson)).toThrow(message);
  });

  it('is refused where a member of C is smaller than a DWORD', () => {
    const json = ipxRoute().toJSON();
    const ticks = { ...json, RR_FamilySpecificData: { ...json.RR_FamilySpecificData, FSD_TickCount: 65_536 } };
    expect(() => RtmIpxRoute.fromJSON(ticks)).toThrow('RTM_IPX_ROUTE.RR_FamilySpecificData.FSD_TickCount cannot hold 65536');
    const node = { ...json, RR_NextHopAddress: { NHA_Mac: [0, 0, 0, 0, 0, 256] } };
    expect(() => RtmIpxRoute.fromJSON(node)).toThrow('RTM_IPX_ROUTE.RR_NextHopAddress.NHA_Mac[5] cannot hold 256');
  });
});

describeBackend('embedded', ({ open }) => {
  it('shows what an opened object runs on, and what last went wrong', () => {
    const rtm = open();
    expect(inspect(rtm)).toMatch(/^Rtm1 \{[^]*library: \{[^]*kind: 'embedded'[^]*lastFailure: null[^]*\}$/);
    expect(rtm.RtmDeregisterClient(1)).not.toBe(NO_ERROR);
    expect(inspect(rtm)).toContain('ClientHandle 1 is no handle');
  });

  it('shows whether an event is signalled', () => {
    const event = new EventObject();
    expect(inspect(event)).toBe('EventObject { signalled: false }');
    event.set();
    expect(inspect(event)).toBe('EventObject { signalled: true }');
    expect(inspect(Object.create(EventObject.prototype))).toBe('[EventObject that cannot be read]');
  });
});
