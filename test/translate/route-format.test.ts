import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IP_FORMAT } from '../../src/translate/ip-format.js';
import { IPX_FORMAT } from '../../src/translate/ipx-format.js';
import {
  compareRoutes,
  differSignificantly,
  INTERFACE_ID,
  NETWORK,
  newRoute,
  ROUTING_PROTOCOL,
  sameNextHop,
  TIME_STAMP,
} from '../../src/translate/route-format.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import { RtmIpxRoute } from '../../src/v1/ipx-route.js';
import { layouts, offsetOf } from '../../src/win32/abi.js';

/** Bytes that a member of a structure takes, by what `mappings/layouts.json` says about it. */
function bytesOf(structure: string, member: string): number[] {
  const field = layouts[structure]?.x64.fields.find(({ name }) => name === member);
  return Array.from({ length: field?.size ?? 0 }, (_, index) => (field?.offset ?? 0) + index);
}

const routeOf = (bytes: Uint8Array): Uint32Array => new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);

/** The bytes of a route whose change alone makes `differ` true. */
function bytesThatMatter(words: number, differ: (one: Uint32Array, other: Uint32Array) => boolean): number[] {
  return Array.from({ length: words * 4 }, (_, index) => index).filter((index) => {
    const bytes = new Uint8Array(words * 4);
    bytes[index] = 0x80;
    return differ(new Uint32Array(words), routeOf(bytes));
  });
}

const nextHopOfIp = bytesOf('RTM_IP_ROUTE', 'RR_NextHopAddress').slice(0, 4);
const nextHopOfIpx = bytesOf('RTM_IPX_ROUTE', 'RR_NextHopAddress');

describe.each([
  ['IP', IP_FORMAT, nextHopOfIp],
  ['IPX', IPX_FORMAT, nextHopOfIpx],
] as const)('the format of %s routes', (_name, format, nextHop) => {
  const { structure, words } = format;

  it('has the common members where the structure has them', () => {
    const members = ['RR_TimeStamp', 'RR_RoutingProtocol', 'RR_InterfaceID', 'RR_Network'];
    const offsets = members.map((member) => offsetOf(structure, member) / 4);
    expect([TIME_STAMP, ROUTING_PROTOCOL, INTERFACE_ID, NETWORK]).toEqual(offsets);
  });

  it('takes exactly the significant bytes for significant', () => {
    const significant = [
      ...bytesOf(structure, 'RR_RoutingProtocol'),
      ...bytesOf(structure, 'RR_InterfaceID'),
      ...nextHop,
      ...bytesOf(structure, 'RR_FamilySpecificData'),
    ];
    expect(bytesThatMatter(words, (one, other) => differSignificantly(format, one, other))).toEqual(significant);
  });

  it('knows a next hop by interface and address, and by nothing else', () => {
    const identity = [...bytesOf(structure, 'RR_InterfaceID'), ...nextHop];
    expect(bytesThatMatter(words, (one, other) => !sameNextHop(format, one, other))).toEqual(identity);
  });

  it('gives back the rank that it is given', () => {
    const ushort = fc.integer({ min: 0, max: 0xffff });
    fc.assert(
      fc.property(ushort, ushort, (preference, metric) => {
        const route = newRoute(format);
        format.setRank(route, preference, metric);
        expect([format.preference(route), format.metric(route)]).toEqual([preference, metric]);
      }),
    );
  });

  it('gives back the network that it is given', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffffff }), (address) => {
        const route = newRoute(format);
        format.setNetwork(route, address, 32);
        expect([format.address(route), format.prefixLength(route)]).toEqual([address, 32]);
      }),
    );
  });

  it('gives back the next hop that it is given', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (number) => {
        const address = number % 2 ** format.nextHopBits;
        const route = newRoute(format);
        format.setNextHop(route, address, format.nextHopBits);
        expect(format.nextHop(route)).toBe(address);
      }),
    );
  });
});

describe('the format of IPX routes', () => {
  it('tells RTMv2 the number of a network with the most significant octet first', () => {
    const route = new RtmIpxRoute();
    route.RR_Network.N_NetNumber = 0x01020304;
    const address = IPX_FORMAT.address(routeOf(route.bytes));
    expect([...new Uint8Array(Uint32Array.of(address).buffer)]).toEqual([1, 2, 3, 4]);
  });

  it('does not make a native route look better than it is', () => {
    const route = newRoute(IPX_FORMAT);
    IPX_FORMAT.setRank(route, 0x10001, 0x20000);
    expect([IPX_FORMAT.preference(route), IPX_FORMAT.metric(route)]).toEqual([0xffff, 0xffff]);
  });
});

describe('table order', () => {
  const ip = (network: number[], mask: number[], protocol = 0, interfaceId = 0, hop: number[] = []): Uint32Array => {
    const route = new RtmIpRoute();
    route.RR_Network.bytes.set([...network, ...Array<number>(4 - network.length).fill(0), ...mask]);
    route.RR_RoutingProtocol = protocol;
    route.RR_InterfaceID = interfaceId;
    route.RR_NextHopAddress.bytes.set(hop);
    return routeOf(route.bytes);
  };
  const ipx = (network: number, protocol = 0, interfaceId = 0, hop: number[] = []): Uint32Array => {
    const route = new RtmIpxRoute();
    route.RR_Network.N_NetNumber = network;
    route.RR_RoutingProtocol = protocol;
    route.RR_InterfaceID = interfaceId;
    route.RR_NextHopAddress.NHA_Mac.set(hop);
    return routeOf(route.bytes);
  };

  it.each([
    [
      'IP: octets of the network, shorter mask, protocol, interface, octets of the next hop',
      IP_FORMAT,
      [
        ip([0], []),
        ip([1, 255], [255, 255]),
        ip([10], [255]),
        ip([10], [255], 0, 0, [1, 2]),
        ip([10], [255], 0, 0, [2, 1]),
        ip([10], [255], 0, 1),
        ip([10], [255], 0, 0x80000000),
        ip([10], [255], 1),
        ip([10], [255], 0xffffffff),
        ip([10], [255, 255]),
        ip([10, 0, 0, 1], [255, 255, 255, 255]),
        ip([200], [255]),
      ],
    ],
    [
      'IPX: number, protocol, interface, octets of the next hop',
      IPX_FORMAT,
      [
        ipx(0),
        ipx(1),
        ipx(0x100),
        ipx(0x100, 0, 0, [0, 0, 0, 0, 0, 1]),
        ipx(0x100, 0, 0, [0, 0, 0, 0, 1, 0]),
        ipx(0x100, 0, 0, [0, 0, 0, 1, 0, 0]),
        ipx(0x100, 0, 0, [255, 0, 0, 0, 0, 0]),
        ipx(0x100, 0, 1),
        ipx(0x100, 5),
        ipx(0x7fffffff),
        ipx(0x80000000),
        ipx(0xffffffff),
      ],
    ],
  ] as const)('%s', (_what, format, routes) => {
    for (const [index, one] of routes.entries()) {
      for (const [otherIndex, other] of routes.entries()) {
        expect(Math.sign(compareRoutes(format, one, other)), `${index}, ${otherIndex}`).toBe(Math.sign(index - otherIndex));
      }
    }
  });
});
