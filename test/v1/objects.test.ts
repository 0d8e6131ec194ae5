import { expect, it } from 'vitest';
import {
  ERROR_INVALID_HANDLE,
  ERROR_INVALID_PARAMETER,
  ERROR_NO_SYSTEM_RESOURCES,
  INFINITE,
  NO_ERROR,
  PROTO_IP_BGP,
  PROTO_IP_OSPF,
  PROTO_IP_RIP,
  RTM_PROTOCOL_FAMILY_IP,
} from '../../src/v1/constants.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import { createRtm1, openRtm1, type Rtm1 } from '../../src/v1/rtm1.js';
import type { Handle } from '../../src/v2/memory.js';
import { describeBackend, describeEveryBackend, NOTHING } from '../support/backend.js';
import { failAll, failNth, withFaults } from '../support/faults.js';
import { add, best, enumerate, membersOf, register, remove, routeTo } from '../support/routes.js';

const IP = RTM_PROTOCOL_FAMILY_IP;

describeEveryBackend(({ library, open, openOn }) => {
  it('lets two objects on one table see each other\'s routes in full', () => {
    const [one, other] = [open(), open()];
    const route = routeTo('10.0.0.0/8', { type: 99 });
    add(one, register(one), route);
    route.RR_RoutingProtocol = PROTO_IP_RIP;
    const seen = best(other, '10.0.0.0/8');
    expect(seen && membersOf(seen)).toEqual(membersOf(route));
  });

  it('lets clients of two objects compete for the best route', () => {
    const [one, other] = [open(), open()];
    const client = register(one, PROTO_IP_RIP);
    add(one, client, routeTo('10.0.0.0/8', { priority: 1, type: 98 }));
    add(other, register(other, PROTO_IP_OSPF), routeTo('10.0.0.0/8', { priority: 2, type: 99 }));
    const { current } = remove(one, client, routeTo('10.0.0.0/8'));
    expect(current.RR_FamilySpecificData.FSD_Type).toBe(99);
  });

  it('keeps RTM instances apart', () => {
    const [one, other] = [open({ instance: 1 }), open({ instance: 2 })];
    const [inOne, inOther] = [register(one), register(other)];
    add(one, inOne, routeTo('10.0.0.0/8'));
    expect(best(other, '10.0.0.0/8')).toBeNull();
    expect(other.leftBehind()).toMatchObject({ entities: 1, routes: 0 });
    expect(other.RtmDeregisterClient(inOther)).toBe(NO_ERROR);
    expect(best(one, '10.0.0.0/8')).not.toBeNull();
  });

  it('reads through one hidden entity that owns nothing and leaves with the object', () => {
    const registered: number[] = [];
    const { calls } = library();
    const watched = {
      ...calls,
      RtmRegisterEntity: (...parameters: Parameters<typeof calls.RtmRegisterEntity>) => {
        registered.push(1);
        return calls.RtmRegisterEntity(...parameters);
      },
      RtmDeregisterEntity: (registration: Handle) => {
        registered.pop();
        return calls.RtmDeregisterEntity(registration);
      },
    };
    const rtm = openOn({ ...library(), calls: watched });
    expect(registered).toHaveLength(0);
    for (let turn = 0; turn < 3; turn += 1) {
      rtm.RtmGetNetworkCount(IP);
      best(rtm, '10.0.0.0/8');
      rtm.RtmCreateEnumerationHandle(IP, 0, null);
    }
    expect(registered).toHaveLength(1);
    expect(rtm.leftBehind()).toEqual(NOTHING);
    rtm.close();
    expect(registered).toHaveLength(0);
  });

  it('works when its functions are taken out of it', () => {
    const { RtmRegisterClient, RtmAddRoute, RtmDeregisterClient, leftBehind, GetLastError } = open();
    const client = RtmRegisterClient(IP, PROTO_IP_RIP, null, 0);
    expect(RtmAddRoute(client, routeTo('10.0.0.0/8'), INFINITE, new Uint32Array(1), null, null)).toBe(NO_ERROR);
    expect(leftBehind().routes).toBe(1);
    expect(RtmDeregisterClient(client)).toBe(NO_ERROR);
    expect(RtmRegisterClient(7, PROTO_IP_RIP, null, 0)).toBe(0);
    expect(GetLastError()).toBe(ERROR_INVALID_PARAMETER);
  });

  it('deregisters its clients and closes its enumerations when it is closed', () => {
    const [rtm, witness] = [open(), open()];
    const clients = [register(rtm, PROTO_IP_RIP), register(rtm, PROTO_IP_OSPF)];
    for (const client of clients) add(rtm, client, routeTo('10.0.0.0/8'));
    add(witness, register(witness, PROTO_IP_BGP), routeTo('172.16.0.0/12'));
    rtm.RtmCreateEnumerationHandle(IP, 0, null);
    rtm.close();
    expect(rtm.leftBehind()).toEqual(NOTHING);
    expect(enumerate(witness)).toHaveLength(1);
  });

  it('closes at the end of a using block', () => {
    let opened: Rtm1;
    {
      using rtm = open();
      register(rtm);
      opened = rtm;
    }
    expect(opened.leftBehind()).toEqual(NOTHING);
  });

  it('answers with documented codes after it was closed', () => {
    const rtm = open();
    const client = register(rtm);
    add(rtm, client, routeTo('10.0.0.0/8'));
    const enumeration = rtm.RtmCreateEnumerationHandle(IP, 0, null);
    rtm.close();
    rtm.close();
    const [route, flags] = [routeTo('10.0.0.0/8'), new Uint32Array(1)];
    expect(rtm.RtmAddRoute(client, route, INFINITE, flags, null, null)).toBe(ERROR_INVALID_HANDLE);
    expect(rtm.RtmDeleteRoute(client, route, flags, null)).toBe(ERROR_INVALID_HANDLE);
    expect(rtm.RtmDeregisterClient(client)).toBe(ERROR_INVALID_HANDLE);
    expect(rtm.RtmEnumerateGetNextRoute(enumeration, route)).toBe(ERROR_INVALID_HANDLE);
    expect(rtm.RtmCloseEnumerationHandle(enumeration)).toBe(ERROR_INVALID_HANDLE);
    for (const [result, nothing] of [
      [() => rtm.RtmRegisterClient(IP, PROTO_IP_RIP, null, 0), 0],
      [() => rtm.RtmIsRoute(IP, route.RR_Network, null), false],
      [() => rtm.RtmGetNetworkCount(IP), 0],
      [() => rtm.RtmCreateEnumerationHandle(IP, 0, null), 0],
    ] as const) {
      rtm.RtmGetRouteAge(new RtmIpRoute());
      expect(result()).toBe(nothing);
      expect(rtm.GetLastError()).toBe(ERROR_NO_SYSTEM_RESOURCES);
    }
  });

  it('tells which library it runs on', () => {
    expect(open().library).toMatchObject({ kind: library().kind, path: library().path });
  });
});

describeBackend('embedded', ({ library, openOn }) => {
  it('closes in spite of a failure, and tries again what failed', () => {
    const faulty = withFaults(library());
    const rtm = openOn(faulty.library);
    add(rtm, register(rtm), routeTo('10.0.0.0/8'));
    rtm.RtmCreateEnumerationHandle(IP, 0, null);
    faulty.plan(failNth(2, 1450));
    rtm.close();
    expect(rtm.leftBehind()).toEqual(NOTHING);
  });

  it('closes even where RTMv2 does nothing any more, and tells what is left', () => {
    const faulty = withFaults(library());
    // What is left stays in a table that no other test uses.
    const rtm = createRtm1(faulty.library, { instance: 4711 });
    add(rtm, register(rtm), routeTo('10.0.0.0/8'));
    faulty.plan(failAll('RtmDeleteRouteToDest', 1450));
    rtm.close();
    expect(rtm.leftBehind()).toMatchObject({ entities: 1, routes: 1 });
  });
});

describeBackend('a library with handles of 64 bits', ({ open }) => {
  it('keeps apart the tables of two libraries', () => {
    using embedded = openRtm1({ library: 'embedded' });
    const copy = open();
    add(copy, register(copy), routeTo('10.0.0.0/8'));
    register(embedded);
    expect(best(embedded, '10.0.0.0/8')).toBeNull();
  });

  it('does not take handles of an object on another library', () => {
    using embedded = openRtm1({ library: 'embedded' });
    expect(open().RtmDeregisterClient(register(embedded))).toBe(ERROR_INVALID_HANDLE);
  });
});
