import { expect } from 'vitest';
import { IP, ipNetworkOf, ipRoute, ipxRoute, maskOctets, PROTOCOL_DATA } from './support/family.js';
import { Manager } from './support/manager.js';
import { conformance } from './support/suite.js';

const NO_ERROR = 0;
const RTM_NO_CHANGE = 0;
const RTM_ROUTE_ADDED = 1;
const RTM_ROUTE_CHANGED = 3;
const RTM_PROTOCOL_SINGLE_ROUTE = 1;
const INFINITE = 0xffffffff;

const IP_NEXT_HOP_MASK = 44;
const IPX_MAC = 36;
const IPX_PADDING = 42;
const FSD_TYPE = 48;
const FSD_METRIC1 = 68;
const FSD_METRIC5 = 84;

/** A route structure with one byte changed. */
function withByte(bytes: Uint8Array, offset: number, change: number): Uint8Array {
  const changed = bytes.slice();
  changed[offset] = (changed[offset] ?? 0) ^ change;
  return changed;
}

const setDword = (bytes: Uint8Array, offset: number, value: number): Uint8Array => {
  new DataView(bytes.buffer).setUint32(offset, value, true);
  return bytes;
};

conformance('model', (test) => {
  test('model-table-for-each-family', ({ manager, clock }) => {
    const [ip, ipx] = [new Manager(manager.rtm, IP, clock), manager];
    const clients = [ip.client(), ipx.client()] as const;
    ip.add(clients[0], { net: 1 });
    ipx.add(clients[1], { net: 2 });
    expect([ip.routes(), ipx.routes()]).toEqual([[ip.entry({ net: 1 })], [ipx.entry({ net: 2 })]]);
    expect([ip.count(), ipx.count(), ip.best(2), ipx.best(1)]).toEqual([1, 1, null, null]);
    ip.deregister(clients[0]);
    expect(ipx.routes()).toEqual([ipx.entry({ net: 2 })]);
  });

  test('identity-network', ({ manager }) => {
    const client = manager.client();
    expect([1, 2].map((net) => manager.add(client, { net }).flags)).toEqual([RTM_ROUTE_ADDED, RTM_ROUTE_ADDED]);
    expect(manager.routes()).toEqual([manager.entry({ net: 1 }), manager.entry({ net: 2 })]);
  });

  test('identity-protocol', ({ manager }) => {
    for (const index of [0, 1, 2] as const) manager.add(manager.client(index));
    expect(manager.routes()).toEqual([manager.entry({}, 0), manager.entry({}, 1), manager.entry({}, 2)]);
  });

  test('identity-interface', ({ manager }) => {
    const client = manager.client();
    for (const interfaceId of [1, 2]) manager.add(client, { interfaceId });
    expect(manager.routes()).toEqual([manager.entry({ interfaceId: 1 }), manager.entry({ interfaceId: 2 })]);
  });

  test('identity-next-hop', ({ manager }) => {
    const client = manager.client();
    for (const via of [1, 2]) manager.add(client, { via });
    expect(manager.routes()).toEqual([manager.entry({ via: 1 }), manager.entry({ via: 2 })]);
  });

  test('identity-mask', ({ manager }) => {
    const client = manager.client();
    for (const length of [8, 16]) expect(manager.tryAdd(client, ipRoute([10, 0, 0, 0], maskOctets(length))).flags).toBe(RTM_ROUTE_ADDED);
    expect(manager.count()).toBe(2);
    expect(manager.tryDelete(client, ipRoute([10, 0, 0, 0], maskOctets(8))).code).toBe(NO_ERROR);
    expect(manager.enumerated().map(ipNetworkOf)).toEqual([[10, 0, 0, 0, 255, 255, 0, 0]]);
  });

  test('identity-next-hop-mask', ({ manager }) => {
    const client = manager.client();
    manager.add(client);
    const other = setDword(manager.bytes(), IP_NEXT_HOP_MASK, 0x00ffff00);
    expect(manager.tryAdd(client, other)).toEqual({ code: NO_ERROR, flags: RTM_NO_CHANGE, current: null, previous: null });
    const told = manager.enumerated();
    expect(told).toHaveLength(1);
    expect(told[0]?.slice(40, 48)).toEqual(other.slice(40, 48));
    expect(manager.tryDelete(client, manager.bytes()).code).toBe(NO_ERROR);
  });

  test('identity-mac', ({ manager }) => {
    const client = manager.client();
    const variants = [0, 1, 2, 3, 4, 5].map((octet) => withByte(manager.bytes(), IPX_MAC + octet, 0x80));
    for (const bytes of variants) manager.tryAdd(client, bytes);
    const macs = (routes: readonly Uint8Array[]): string[] => routes.map((bytes) => bytes.slice(IPX_MAC, IPX_PADDING).join(':')).sort();
    expect(macs(manager.enumerated())).toEqual(macs(variants));
  });

  test('identity-padding', ({ manager }) => {
    const client = manager.client();
    manager.add(client);
    const padded = withByte(withByte(manager.bytes(), IPX_PADDING, 0x12), IPX_PADDING + 1, 0x34);
    expect(manager.tryAdd(client, padded).flags).toBe(RTM_NO_CHANGE);
    expect(manager.enumerated()).toHaveLength(1);
    expect(manager.tryDelete(client, manager.bytes()).code).toBe(NO_ERROR);
  });

  test('identity-single-route', ({ manager }) => {
    const client = manager.client(0, { flags: RTM_PROTOCOL_SINGLE_ROUTE });
    manager.add(client, { via: 1, interfaceId: 1 });
    const [previous, current] = [manager.entry({ via: 1, interfaceId: 1 }), manager.entry({ via: 2, interfaceId: 3, minor: 9 })];
    expect(manager.add(client, { via: 2, interfaceId: 3, minor: 9 })).toEqual({ flags: RTM_ROUTE_CHANGED, current, previous });
    expect(manager.routes()).toEqual([current]);
    expect(manager.rtm.leftBehind()).toMatchObject({ routes: 1, nextHops: 1 });
    manager.add(client, { net: 2 });
    expect(manager.routes()).toEqual([current, manager.entry({ net: 2 })]);
  });

  test('identity-single-route-own', ({ manager }) => {
    const [single, other] = [manager.client(0, { flags: RTM_PROTOCOL_SINGLE_ROUTE }), manager.client(1)];
    for (const via of [1, 2]) manager.add(other, { via });
    for (const via of [1, 2]) manager.add(single, { via });
    expect(manager.routes()).toEqual([manager.entry({ via: 2 }), manager.entry({ via: 1 }, 1), manager.entry({ via: 2 }, 1)]);
  });

  test('byte-order-memory', ({ manager }) => {
    const bytes = manager.bytes();
    bytes.set([192, 168, 0, 0, 255, 255, 0, 0], 32);
    expect(manager.tryAdd(manager.client(), bytes).code).toBe(NO_ERROR);
    expect(manager.bestBytes(Uint8Array.of(192, 168, 0, 0, 255, 255, 0, 0))).not.toBeNull();
  });

  test('byte-order-machine', ({ manager }) => {
    const bytes = setDword(setDword(manager.bytes(), 32, 0xc0a80000), 36, 0xffff0000);
    expect(manager.tryAdd(manager.client(), bytes).code).toBe(NO_ERROR);
  });

  test('byte-order-ipx', ({ manager }) => {
    manager.tryAdd(manager.client(), ipxRoute(0x0a0b0c0d));
    const network = new Uint8Array(4);
    new DataView(network.buffer).setUint32(0, 0x0a0b0c0d, true);
    expect(manager.bestBytes(network)).not.toBeNull();
    expect(manager.bestBytes(network.slice().reverse())).toBeNull();
  });

  test('best-lower-priority', ({ manager }) => {
    const [client, other] = [manager.client(0), manager.client(1)];
    manager.add(client, { major: 5, minor: 0 });
    manager.add(other, { major: 4, minor: 1000 });
    expect(manager.best(1)).toEqual(manager.entry({ major: 4, minor: 1000 }, 1));
    manager.add(client, { major: 3, minor: 5000 });
    expect(manager.best(1)).toEqual(manager.entry({ major: 3, minor: 5000 }));
  });

  test('best-lower-metric', ({ manager }) => {
    const [client, other] = [manager.client(0), manager.client(1)];
    manager.add(client, { via: 1, minor: 5 });
    manager.add(client, { via: 2, minor: 4 });
    expect(manager.best(1)).toEqual(manager.entry({ via: 2, minor: 4 }));
    manager.add(other, { via: 3, minor: 3 });
    expect(manager.best(1)).toEqual(manager.entry({ via: 3, minor: 3 }, 1));
  });

  test('best-lower-ticks', ({ manager }) => {
    const client = manager.client();
    manager.add(client, { via: 1, major: 5, minor: 1 });
    manager.add(client, { via: 2, major: 4, minor: 9 });
    expect(manager.best(1)?.via).toBe(2);
    manager.add(client, { via: 3, major: 4, minor: 8 });
    expect(manager.best(1)?.via).toBe(3);
  });

  test('best-unsigned', ({ manager, family }) => {
    const client = manager.client();
    const half = (family.maxRank + 1) / 2;
    const ranks = [family.maxRank, family.maxRank - 1, half, half - 1, 257, 256, 255, 1, 0];
    ranks.forEach((major, via) => {
      manager.add(client, { net: 1, via, major });
      expect(manager.best(1)?.major, `major ${major}`).toBe(major);
      manager.add(client, { net: 2, via, minor: major });
      expect(manager.best(2)?.minor, `minor ${major}`).toBe(major);
    });
  });

  test('best-other-data', ({ manager }) => {
    const client = manager.client();
    const loser = manager.bytes({ via: 1, interfaceId: 1, minor: 5 });
    manager.tryAdd(client, loser);
    const winner = manager.bytes({ via: 9, interfaceId: 9, minor: 4, flags: 1 }).fill(0xff, FSD_METRIC1, FSD_METRIC5 + 4);
    winner.fill(0xff, FSD_TYPE, FSD_TYPE + 12);
    manager.tryAdd(client, winner);
    expect(manager.best(1)?.via).toBe(9);
  });

  test('best-tie', ({ manager }) => {
    const [client, other] = [manager.client(0), manager.client(1)];
    manager.add(other, { via: 5 });
    for (const via of [9, 1]) expect(manager.add(client, { via }).flags).toBe(RTM_NO_CHANGE);
    expect(manager.best(1)).toEqual(manager.entry({ via: 5 }, 1));
    manager.add(client, { via: 1, mark: 1 });
    expect(manager.best(1)).toEqual(manager.entry({ via: 5 }, 1));
  });

  test('best-tie-without-incumbent', ({ manager }) => {
    const client = manager.client();
    manager.add(client, { via: 5, minor: 1 });
    for (const via of [7, 6, 8]) manager.add(client, { via, minor: 2 });
    expect(manager.remove(client, { via: 5 }).current).toEqual(manager.entry({ via: 7, minor: 2 }));
    expect(manager.best(1)?.via).toBe(7);
  });

  test('best-invalid', ({ manager }) => {
    const client = manager.client();
    manager.add(client, { via: 1, minor: 2 });
    expect(manager.tryAdd(client, setDword(manager.bytes({ via: 2, minor: 1 }), FSD_TYPE, 2)).flags).toBe(RTM_ROUTE_CHANGED);
    expect(manager.best(1)?.via).toBe(2);
  });

  test('best-not-valid', ({ manager }) => {
    const client = manager.client();
    manager.add(client, { via: 1, minor: 2, flags: 1 });
    manager.add(client, { via: 2, minor: 1, flags: 0 });
    expect(manager.best(1)?.via).toBe(2);
  });

  test('best-administrator', ({ open, family, clock }) => {
    const [ranked, free] = family.protocols;
    const manager = new Manager(open({ priorities: { [ranked]: 7 } }), family, clock);
    manager.add(manager.client(0), { major: 1 });
    manager.add(manager.client(1), { major: 5 });
    expect(manager.routes()).toEqual([manager.entry({ protocol: ranked, major: 7 }), manager.entry({ protocol: free, major: 5 })]);
    expect(manager.best(1)?.protocol).toBe(free);
  });

  test('best-administrator-ipx', ({ open, family, clock }) => {
    const manager = new Manager(open({ priorities: { [family.protocols[0]]: 7 } }), family, clock);
    manager.add(manager.client(0), { major: 1 });
    expect(manager.routes()).toEqual([manager.entry({ major: 1 })]);
  });

  test('significant-protocol', ({ manager }) => {
    const [client, other] = [manager.client(0), manager.client(1)];
    manager.add(client, { minor: 2 });
    manager.add(other, { minor: 2 });
    expect(manager.remove(client).flags).toBe(RTM_ROUTE_CHANGED);
  });

  test('significant-interface', ({ manager }) => {
    const client = manager.client(0, { flags: RTM_PROTOCOL_SINGLE_ROUTE });
    manager.add(client, { interfaceId: 1 });
    expect(manager.add(client, { interfaceId: 2 }).flags).toBe(RTM_ROUTE_CHANGED);
  });

  test('significant-next-hop', ({ manager }) => {
    const client = manager.client(0, { flags: RTM_PROTOCOL_SINGLE_ROUTE });
    manager.add(client, { via: 1 });
    expect(manager.add(client, { via: 2 }).flags).toBe(RTM_ROUTE_CHANGED);
  });

  test('significant-family-data', ({ manager, family }) => {
    const client = manager.client();
    const { start, size } = family.familyData;
    const route = manager.bytes();
    manager.tryAdd(client, route);
    for (let offset = start; offset < start + size; offset += 1) {
      for (const change of [0x01, 0x80]) {
        const changed = withByte(route, offset, change);
        expect(manager.tryAdd(client, changed).flags, `byte ${offset}`).toBe(RTM_ROUTE_CHANGED);
        expect(manager.tryAdd(client, route).flags, `byte ${offset}`).toBe(RTM_ROUTE_CHANGED);
      }
    }
  });

  test('insignificant-protocol-data', ({ manager }) => {
    const client = manager.client();
    const { start, size } = PROTOCOL_DATA;
    manager.add(client);
    for (let offset = start; offset < start + size; offset += 1) {
      expect(manager.tryAdd(client, withByte(manager.bytes(), offset, 0xff)).flags, `byte ${offset}`).toBe(RTM_NO_CHANGE);
    }
  });

  test('insignificant-time', ({ manager, clock }) => {
    const client = manager.client();
    manager.add(client, {}, INFINITE);
    clock.advance(1000);
    expect(manager.add(client, {}, 500).flags).toBe(RTM_NO_CHANGE);
    expect(manager.add(client, {}, 501).flags).toBe(RTM_NO_CHANGE);
  });
});
