import { expect, it } from 'vitest';
import { RtmClient } from '../../src/client/client.js';
import type { IpxRouteInput } from '../../src/client/route.js';
import { RtmIpxRoute } from '../../src/v1/ipx-route.js';
import { PROTO_IP_RIP, RTM_PROTOCOL_FAMILY_IPX } from '../../src/v1/constants.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { constant } from '../../src/win32/constants.js';
import { describeEveryBackend } from '../support/backend.js';

const IPX_PROTOCOL_RIP = constant('IPX_PROTOCOL_RIP');
const IPX_PROTOCOL_NLSP = constant('IPX_PROTOCOL_NLSP');
const CLOCK = Date.UTC(2003, 3, 24, 12);

/** A route with nothing but members that differ from their defaults and from each other. */
const FULL = {
  network: '0000A1B2',
  nextHop: '00:11:22:aa:bb:cc',
  interface: 3,
  ticks: 0xfffe,
  hops: 0x102,
  globalWan: true,
  otherFlags: 0x10,
  protocolData: [1, 2, 3, 0xffffffff],
} as const satisfies IpxRouteInput;

const client = (rtm: Rtm1, protocol = IPX_PROTOCOL_RIP) => RtmClient.register({ family: 'ipx', protocol, rtm });

describeEveryBackend(({ open }) => {
  it('keeps every member of a route', () => {
    using rip = client(open({ clock: () => CLOCK }));
    expect(rip.addRoute(FULL)).toEqual({ change: 'added', current: rip.bestRoute('0000A1B2') });
    expect(rip.bestRoute('0000A1B2')).toEqual({ ...FULL, protocol: IPX_PROTOCOL_RIP, updated: new Date(CLOCK) });
  });

  it('writes each member where C has it', () => {
    const rtm = open();
    using rip = client(rtm);
    rip.addRoute(FULL);
    const route = new RtmIpxRoute();
    route.RR_Network.N_NetNumber = 0xa1b2;
    expect(rtm.RtmIsRoute(RTM_PROTOCOL_FAMILY_IPX, route.RR_Network, route)).toBe(true);
    expect([...route.bytes.subarray(12, 42)]).toEqual([
      ...[3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 255, 255, 255, 255],
      ...[0xb2, 0xa1, 0, 0, 0x00, 0x11, 0x22, 0xaa, 0xbb, 0xcc],
    ]);
    expect([...route.bytes.subarray(44)]).toEqual([0x11, 0, 0, 0, 0xfe, 0xff, 0x02, 0x01]);
  });

  it.each([
    ['a1b2', '00-11-22-AA-BB-CC'],
    ['0000a1b2', '00:11:22:AA:BB:CC'],
  ])('takes the network %s and the next hop %s', (network, nextHop) => {
    using rip = client(open());
    expect(rip.addRoute({ ...FULL, network, nextHop })).toMatchObject({ current: FULL });
  });

  it('takes what is omitted for 0', () => {
    using rip = client(open());
    rip.addRoute({ network: 'FFFFFFFE', interface: 3 });
    expect(rip.bestRoute('FFFFFFFE')).toMatchObject({
      ...{ network: 'FFFFFFFE', nextHop: '00:00:00:00:00:00', interface: 3, ticks: 0, hops: 0 },
      ...{ globalWan: false, otherFlags: 0, protocolData: [0, 0, 0, 0] },
    });
  });

  it('tells what has become of best routes, by ticks and then by hops', () => {
    const rtm = open();
    using rip = client(rtm);
    using nlsp = client(rtm, IPX_PROTOCOL_NLSP);
    const route = { network: '0000A1B2', nextHop: '00:11:22:33:44:55', interface: 3 };
    expect(rip.addRoute({ ...route, ticks: 5, hops: 1 }).change).toBe('added');
    expect(nlsp.addRoute({ ...route, ticks: 5, hops: 2 })).toEqual({ change: 'none' });
    expect(nlsp.addRoute({ ...route, ticks: 4, hops: 9 })).toMatchObject({
      ...{ change: 'changed', current: { ticks: 4, protocol: IPX_PROTOCOL_NLSP } },
      previous: { ticks: 5, protocol: IPX_PROTOCOL_RIP },
    });
    expect(nlsp.deleteRoute(route)).toMatchObject({ change: 'changed', current: { ticks: 5, hops: 1 } });
    expect(rip.deleteRoute(route)).toEqual({ change: 'deleted' });
  });

  it('has a table of its own', () => {
    const rtm = open();
    using ip = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP, rtm });
    using ipx = client(rtm, PROTO_IP_RIP);
    ip.addRoute({ network: '10.0.0.0/8', interface: 1 });
    ipx.addRoute({ network: '00000001', interface: 1 });
    ipx.addRoute({ network: '00000002', interface: 2 });
    expect([ip.networkCount(), ipx.networkCount()]).toEqual([1, 2]);
    expect(Array.from(ipx.routes({ interface: 2 }), ({ network }) => network)).toEqual(['00000002']);
    expect(ipx.age([...ipx.routes()][0] ?? { updated: new Date(NaN) })).toBe(0);
    expect(ipx.deleteRoutes({ network: '1' })).toBe(true);
    expect(Array.from(ipx.routes(), ({ network }) => network)).toEqual(['00000002']);
  });

  it('tells of changes', async () => {
    const rtm = open();
    using rip = RtmClient.register({ family: 'ipx', protocol: IPX_PROTOCOL_RIP, notify: true, rtm });
    using nlsp = client(rtm, IPX_PROTOCOL_NLSP);
    nlsp.addRoute(FULL);
    for await (const change of rip.changes()) {
      expect(change).toMatchObject({ kind: 'added', current: { ...FULL, protocol: IPX_PROTOCOL_NLSP } });
      break;
    }
  });
});
