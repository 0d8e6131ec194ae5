import { expect, it } from 'vitest';
import {
  NO_ERROR,
  PROTO_IP_OSPF,
  PROTO_IP_RIP,
  RTM_PROTOCOL_FAMILY_IP,
} from '../../src/v1/constants.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { describeBackend, NOTHING } from '../support/backend.js';
import { failAll, withFaults } from '../support/faults.js';
import { add, register, remove, routeTo } from '../support/routes.js';

describeBackend('embedded', ({ library, openOn, open }) => {
  /** Takes an object through a client's life, and its audit at each step. */
  function audits(rtm: Rtm1): unknown[] {
    const told: unknown[] = [rtm.leftBehind()];
    const [rip, ospf] = [register(rtm, PROTO_IP_RIP), register(rtm, PROTO_IP_OSPF)];
    told.push(rtm.leftBehind());
    for (let n = 0; n < 100; n += 1) add(rtm, rip, routeTo(`10.0.${n}.0/24`, { interfaceId: n % 4 }));
    add(rtm, ospf, routeTo('10.0.0.0/24'));
    add(rtm, rip, routeTo('10.0.0.0/24', { interfaceId: 77 }));
    told.push(rtm.leftBehind());
    const enumeration = rtm.RtmCreateEnumerationHandle(RTM_PROTOCOL_FAMILY_IP, 0, null);
    rtm.RtmEnumerateGetNextRoute(enumeration, new RtmIpRoute());
    told.push(rtm.leftBehind());
    remove(rtm, rip, routeTo('10.0.0.0/24', { interfaceId: 77 }));
    rtm.RtmCloseEnumerationHandle(enumeration);
    told.push(rtm.leftBehind());
    expect(rtm.RtmDeregisterClient(rip)).toBe(NO_ERROR);
    told.push(rtm.leftBehind());
    rtm.close();
    told.push(rtm.leftBehind());
    return told;
  }

  it('counts entities, routes, next hops, destinations and handles', () => {
    expect(audits(open())).toEqual([
      NOTHING,
      { entities: 2, routes: 0, nextHops: 0, destinations: 0, handles: 0 },
      { entities: 2, routes: 102, nextHops: 6, destinations: 101, handles: 6 },
      { entities: 2, routes: 102, nextHops: 6, destinations: 101, handles: 6 + 102 },
      { entities: 2, routes: 101, nextHops: 5, destinations: 101, handles: 5 },
      { entities: 1, routes: 1, nextHops: 1, destinations: 1, handles: 1 },
      NOTHING,
    ]);
  });

  it('tells the same on a library without statistics', () => {
    const plain = { ...library(), statistics: null };
    expect(audits(openOn(plain))).toEqual(audits(open()));
  });

  it('throws on a library without statistics if the table cannot be read', () => {
    const faulty = withFaults({ ...library(), statistics: null });
    const rtm = openOn(faulty.library);
    register(rtm);
    for (const name of ['RtmRegisterEntity', 'RtmCreateRouteEnum', 'RtmGetEnumRoutes'] as const) {
      faulty.plan(failAll(name, 1450));
      expect(() => rtm.leftBehind(), name).toThrow(`${name} answers 1450 (ERROR_NO_SYSTEM_RESOURCES)`);
    }
    faulty.plan(() => null);
  });

  it('counts what is left by clients of this object only', () => {
    const [rtm, other] = [open(), open()];
    add(other, register(other), routeTo('10.0.0.0/8'));
    expect(rtm.leftBehind()).toEqual(NOTHING);
  });
});
