import { describe, expect, it } from 'vitest';
import { constants, layouts, type MemberRow, structures } from '../../src/mappings/index.js';
import { INFINITE, NO_ERROR, PROTO_IP_NETMGMT, PROTO_IP_RIP, RTM_PROTOCOL_FAMILY_IP, RTM_PROTOCOL_FAMILY_IPX } from '../../src/v1/constants.js';
import { constant } from '../../src/win32/constants.js';
import { describeBackend } from '../support/backend.js';
import { expectSchemaValid } from '../support/mappings.js';
import { PortedProgram, numberIn, type Seen, Structure } from '../support/ported-program.js';
import { structureMembers } from '../support/rtm-header.js';

const { rows } = structures;
const nameOf = ({ structure, member }: MemberRow): string => `${structure}.${member}`;

describe('mappings/structures.json', () => {
  it('is what its schema says', () => {
    expectSchemaValid('structures');
  });

  it('has every member of every structure of Rtm.h once', () => {
    const members = [...structureMembers].flatMap(([name, list]) => list.map((member) => `${name}.${member}`));
    expect(members).toHaveLength(35);
    expect(rows.map(nameOf).sort()).toEqual(members.sort());
  });

  it('has members that the layouts have too, and places in RTMv2 that they have', () => {
    const known = Object.entries(layouts).flatMap(([name, { x64 }]) => x64.fields.map((field) => `${name}.${field.name}`));
    expect(known).toEqual(expect.arrayContaining([...rows.map(nameOf), ...rows.flatMap(({ v2 }) => v2)]));
  });

  it('says how values are renumbered wherever they are, but for a mere change of byte order', () => {
    const without = rows.filter(({ category, values }) => (category === 'renumbered') !== (values !== undefined));
    expect(without.map(nameOf)).toEqual(['IPX_NETWORK.N_NetNumber']);
  });
});

/** What a route of a family is made of here. */
interface Family {
  readonly number: number;
  /** What RTMv2 calls it. */
  readonly v2Number: number;
  readonly route: string;
  /** The small structures, and the member of the route that each is the type of. */
  readonly parts: Readonly<Record<string, string>>;
  readonly network: readonly number[];
  readonly mask: readonly number[];
  readonly nextHop: readonly number[];
  /** The prefix of a network in RTMv2, from the RR_Network of a route. */
  readonly prefix: (network: Uint8Array) => { readonly octets: readonly number[]; readonly bits: number };
}

const families: readonly Family[] = [
  {
    number: RTM_PROTOCOL_FAMILY_IP,
    v2Number: constant('AF_INET'),
    route: 'RTM_IP_ROUTE',
    parts: {
      IP_NETWORK: 'RR_Network',
      IP_NEXT_HOP_ADDRESS: 'RR_NextHopAddress',
      PROTOCOL_SPECIFIC_DATA: 'RR_ProtocolSpecificData',
      IP_SPECIFIC_DATA: 'RR_FamilySpecificData',
    },
    network: [10, 0, 0, 0],
    mask: [255, 0, 0, 0],
    nextHop: [192, 0, 2, 7],
    prefix: (network) => ({
      octets: [...network.subarray(0, 4)],
      bits: numberIn(network.subarray(4, 8)).toString(2).replaceAll('0', '').length,
    }),
  },
  {
    number: RTM_PROTOCOL_FAMILY_IPX,
    v2Number: constant('AF_IPX'),
    route: 'RTM_IPX_ROUTE',
    parts: {
      IPX_NETWORK: 'RR_Network',
      IPX_NEXT_HOP_ADDRESS: 'RR_NextHopAddress',
      PROTOCOL_SPECIFIC_DATA: 'RR_ProtocolSpecificData',
      IPX_SPECIFIC_DATA: 'RR_FamilySpecificData',
    },
    network: [0x78, 0x56, 0x34, 0x12],
    mask: [],
    nextHop: [0, 0x1b, 0x44, 0x11, 0x3a, 0xb7],
    prefix: (network) => ({ octets: [...network].reverse(), bits: 32 }),
  },
];

const MARK = 0x01234567;

describeBackend('embedded', ({ library, open }) => {
  describe.each(families)('$route', (family) => {
    /** The octets of a member of a route, or of a small structure in it. */
    const memberOf = (route: Structure, { structure, member }: MemberRow): Uint8Array => {
      const part = family.parts[structure];
      return part === undefined
        ? route.octets(`${structure}.${member}`)
        : route.octets(`${family.route}.${part}`, `${structure}.${member}`);
    };

    function newRoute(): Structure {
      const route = new Structure(family.route);
      route.octets(`${family.route}.RR_Network`).set([...family.network, ...family.mask]);
      route.octets(`${family.route}.RR_NextHopAddress`).set(family.nextHop);
      return route;
    }

    /** Adds a route, and looks at it through RTMv2. */
    function look(route: Structure): Seen {
      const rtm = open();
      const client = rtm.RtmRegisterClient(family.number, PROTO_IP_RIP, null, 0);
      expect(rtm.RtmAddRoute(client, route.bytes, INFINITE, new Uint32Array(1), null, null)).toBe(NO_ERROR);
      const native = new PortedProgram(library().path, PROTO_IP_NETMGMT, family.v2Number);
      const { octets, bits } = family.prefix(route.octets(`${family.route}.RR_Network`));
      const seen = native.look(octets, bits);
      native.leave();
      rtm.close();
      return seen;
    }

    const placeIn = (seen: Seen, path: readonly string[]): Uint8Array =>
      seen[path[0]?.split('.')[0] ?? '']?.octets(...path) ?? new Uint8Array();

    const own = rows.filter(({ structure }) => structure === family.route || family.parts[structure] !== undefined);
    const named = (category: MemberRow['category']): [string, MemberRow][] =>
      own.filter((row) => row.category === category).map((row) => [nameOf(row), row]);
    const row = (member: string): MemberRow => {
      const found = own.find((candidate) => candidate.member === member);
      if (found === undefined) throw new RangeError(`there is no row for ${member}`);
      return found;
    };

    it.each(named('lossless'))('keeps the octets of %s', (_name, lossless) => {
      const route = newRoute();
      const octets = [...memberOf(route, lossless)];
      expect(octets.every((octet) => octet === 0)).toBe(false);
      expect([...placeIn(look(route), lossless.v2).subarray(0, octets.length)]).toEqual(octets);
    });

    /** Set by the manager, or a structure: not a number that a caller could give. */
    const isNumber = ({ member }: MemberRow): boolean => !/^RR_(Network|NextHopAddress|RoutingProtocol)$/.test(member);

    it.each(named('renamed').filter(([, renamed]) => isNumber(renamed)))('keeps the number of %s', (_name, renamed) => {
      const route = newRoute();
      const octets = memberOf(route, renamed);
      octets.set([0x67, 0x45, 0x23, 0x01].slice(0, octets.length));
      const given = numberIn(octets);
      expect(numberIn(placeIn(look(route), renamed.v2))).toBe((given & (renamed.mask ?? MARK)) >>> 0);
    });

    it.each(own.flatMap((renumbered) => (renumbered.values ?? []).map(({ v1, v2 }) => [nameOf(renumbered), v1, v2, renumbered] as const)))(
      'renumbers %s %d as %s',
      (_name, v1, v2, renumbered) => {
        const route = newRoute();
        memberOf(route, renumbered).set([v1 & 0xff, (v1 >>> 8) & 0xff, (v1 >>> 16) & 0xff, v1 >>> 24]);
        if (v1 === 0) route.octets(`${family.route}.RR_Network`).fill(0);
        expect(numberIn(placeIn(look(route), renumbered.v2))).toBe(typeof v2 === 'string' ? constants[v2] : v2);
      },
    );

    it.each(named('no equivalent'))('has %s nowhere in what RTMv2 tells', (_name, absent) => {
      const route = newRoute();
      memberOf(route, absent).set([0xc3, 0x5a, 0xc3, 0x5a]);
      const seen = Object.values(look(route)).map(({ bytes }) => Buffer.from(bytes).toString('hex'));
      expect(seen.filter((hex) => hex.includes('c35ac35a'))).toEqual([]);
    });

    it.each(own.flatMap((whole) => (whole.bits === undefined ? [] : [[nameOf(whole), whole.bits, whole] as const])))(
      'gives %s %d bits',
      (_name, bits, whole) => {
        const place = whole.v2.map((step) => (step === 'RTM_NET_ADDRESS.AddrBits' ? 'RTM_NET_ADDRESS.NumBits' : step));
        expect(numberIn(placeIn(look(newRoute()), place))).toBe(bits);
      },
    );

    it('names the protocol by the owner, whatever the route says', () => {
      const route = newRoute();
      memberOf(route, row('RR_RoutingProtocol')).fill(99);
      expect(numberIn(placeIn(look(route), row('RR_RoutingProtocol').v2))).toBe(PROTO_IP_RIP);
    });

    it('has the network as an address, and the router as another', () => {
      const route = newRoute();
      const seen = look(route);
      const { octets, bits } = family.prefix(memberOf(route, row('RR_Network')));
      const network = placeIn(seen, [...row('RR_Network').v2, 'RTM_NET_ADDRESS.AddrBits']);
      const length = placeIn(seen, [...row('RR_Network').v2, 'RTM_NET_ADDRESS.NumBits']);
      const router = placeIn(seen, [...row('RR_NextHopAddress').v2, 'RTM_NET_ADDRESS.AddrBits']);
      expect([...network.subarray(0, octets.length)]).toEqual(octets);
      expect(numberIn(length)).toBe(bits);
      expect([...router.subarray(0, family.nextHop.length)]).toEqual(family.nextHop);
    });

    it('dates the destination, in 100 ns since 1601', () => {
      const now = Date.now();
      const ticks = numberIn(placeIn(look(newRoute()), row('RR_TimeStamp').v2));
      const milliseconds = ticks / 10_000 - 11_644_473_600_000;
      expect(Math.abs(milliseconds - now)).toBeLessThan(60_000);
    });

    it('divides the family-specific data among the places of its members', () => {
      const divided = row('RR_FamilySpecificData');
      const members = own.filter(({ structure }) => family.parts[structure] === 'RR_FamilySpecificData');
      const places = new Set(members.flatMap(({ v2 }) => v2.slice(0, 1)));
      expect(divided.category).toBe('divided');
      expect([...divided.v2].sort()).toEqual([...places].sort());
    });
  });
});
