import { describe, expect, it } from 'vitest';
import {
  ERROR_CLIENT_ALREADY_EXISTS,
  ERROR_INVALID_HANDLE,
  ERROR_INVALID_PARAMETER,
  ERROR_MORE_MESSAGES,
  ERROR_NO_MESSAGES,
  ERROR_NO_MORE_ROUTES,
  ERROR_NO_ROUTES,
  ERROR_NO_SUCH_ROUTE,
  ERROR_NO_SYSTEM_RESOURCES,
  ERROR_NOT_ENOUGH_MEMORY,
  INFINITE,
  NO_ERROR,
  PROTO_IP_OSPF,
  PROTO_IP_RIP,
  RTM_ONLY_THIS_NETWORK,
  RTM_PROTOCOL_FAMILY_IP,
} from '../../src/v1/constants.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { errorMapping, type V1Function } from '../../src/translate/errors.js';
import { EventObject } from '../../src/win32/event-object.js';
import type { V2Function } from '../../src/v2/signatures.js';
import { describeBackend } from '../support/backend.js';
import { failAll, failFirst, type FaultyLibrary, noFaults, withFaults } from '../support/faults.js';
import { add, register, routeTo } from '../support/routes.js';

const IP = RTM_PROTOCOL_FAMILY_IP;
const NO_FAMILY = 7;
const TEN = routeTo('10.0.0.0/8');
const ABSENT = routeTo('10.0.0.0/9');
const TOO_SHORT = new Uint8Array(91);
const flags = new Uint32Array(1);

/** A table with one client and one route, in which v2 calls can be made to fail. */
interface Scene {
  readonly rtm: Rtm1;
  readonly client: number;
  readonly faulty: FaultyLibrary;
}

/** Makes a call, and tells the code that it reports. */
type Report = (scene: Scene) => number;

const openEnumeration = ({ rtm }: Scene): number => rtm.RtmCreateEnumerationHandle(IP, 0, null);

const registerAs = (family: number, protocol: number): Report => ({ rtm }) =>
  rtm.RtmRegisterClient(family, protocol, null, 0) === 0 ? rtm.GetLastError() : -1;
const addTo = (client: number | null, route: RtmIpRoute | Uint8Array): Report => (scene) =>
  scene.rtm.RtmAddRoute(client ?? scene.client, route, INFINITE, flags, null, null);
const deleteFrom = (client: number | null, route: RtmIpRoute | Uint8Array): Report => (scene) =>
  scene.rtm.RtmDeleteRoute(client ?? scene.client, route, flags, null);
const isRoute = (family: number, route: RtmIpRoute): Report => ({ rtm }) =>
  rtm.RtmIsRoute(family, route.RR_Network, null) ? -1 : rtm.GetLastError();
const count = (family: number): Report => ({ rtm }) => (rtm.RtmGetNetworkCount(family) === 0 ? rtm.GetLastError() : -1);
const enumerateAs = (family: number, only: number, criteria: RtmIpRoute | null): Report => ({ rtm }) =>
  rtm.RtmCreateEnumerationHandle(family, only, criteria) === 0 ? rtm.GetLastError() : -1;
const next: Report = ({ rtm }) => rtm.RtmEnumerateGetNextRoute(opened, new RtmIpRoute());
const close: Report = ({ rtm }) => rtm.RtmCloseEnumerationHandle(opened);
const block = (client: number | null, only: number, criteria: RtmIpRoute | null): Report => (scene) =>
  scene.rtm.RtmBlockDeleteRoutes(client ?? scene.client, only, criteria);
const first = (family: number, only: number, route: RtmIpRoute): Report => ({ rtm }) =>
  rtm.RtmGetFirstRoute(family, only, new RtmIpRoute(route.bytes.slice()));
const following = (family: number, only: number, route: RtmIpRoute): Report => ({ rtm }) =>
  rtm.RtmGetNextRoute(family, only, new RtmIpRoute(route.bytes.slice()));
const lookUp: Report = ({ rtm }) => (rtm.RtmLookupIPDestination(10, new RtmIpRoute()) ? -1 : rtm.GetLastError());
const deregister: Report = ({ rtm, client }) => rtm.RtmDeregisterClient(client);

/** Asks for the first of so many messages. */
const dequeue = (messages: number): Report => ({ rtm, client }) => {
  const listener = rtm.RtmRegisterClient(IP, PROTO_IP_OSPF, new EventObject(), 0);
  for (let index = 0; index < messages; index += 1) add(rtm, client, routeTo(`10.${index}.0.0/16`));
  return rtm.RtmDequeueRouteChangeMessage(listener, flags, null, null);
};

/** The enumeration that is open in the scene of the running test. */
let opened = 0;

/** The same call while a v2 function fails. */
const failing = (name: V2Function, code: number, report: Report): Report => (scene) => {
  opened = openEnumeration(scene);
  scene.faulty.plan(failFirst(name, code));
  const status = report(scene);
  scene.faulty.plan(noFaults);
  return status;
};

/** How each code that a page documents comes about. */
const WAYS: Readonly<Record<V1Function, Readonly<Record<number, Report>>>> = {
  RtmRegisterClient: {
    [ERROR_CLIENT_ALREADY_EXISTS]: registerAs(IP, PROTO_IP_RIP),
    [ERROR_INVALID_PARAMETER]: registerAs(NO_FAMILY, PROTO_IP_OSPF),
    [ERROR_NO_SYSTEM_RESOURCES]: failing('RtmRegisterEntity', 1610, registerAs(IP, PROTO_IP_OSPF)),
    [ERROR_NOT_ENOUGH_MEMORY]: failing('RtmRegisterEntity', 8, registerAs(IP, PROTO_IP_OSPF)),
  },
  RtmDeregisterClient: {
    [ERROR_INVALID_HANDLE]: ({ rtm }) => rtm.RtmDeregisterClient(1),
    [ERROR_NO_SYSTEM_RESOURCES]: failing('RtmDeleteRouteToDest', 5, deregister),
  },
  RtmAddRoute: {
    [ERROR_INVALID_HANDLE]: addTo(1, TEN),
    [ERROR_INVALID_PARAMETER]: addTo(null, TOO_SHORT),
    [ERROR_NO_SYSTEM_RESOURCES]: failing('RtmAddRouteToDest', 87, addTo(null, ABSENT)),
    [ERROR_NOT_ENOUGH_MEMORY]: failing('RtmAddRouteToDest', 8, addTo(null, ABSENT)),
  },
  RtmDeleteRoute: {
    [ERROR_INVALID_HANDLE]: deleteFrom(1, TEN),
    [ERROR_INVALID_PARAMETER]: deleteFrom(null, TOO_SHORT),
    [ERROR_NO_SUCH_ROUTE]: deleteFrom(null, ABSENT),
    [ERROR_NO_SYSTEM_RESOURCES]: failing('RtmDeleteRouteToDest', 50, deleteFrom(null, TEN)),
  },
  RtmBlockDeleteRoutes: {
    [ERROR_NO_ROUTES]: block(null, RTM_ONLY_THIS_NETWORK, ABSENT),
    [ERROR_INVALID_HANDLE]: block(1, 0, null),
    [ERROR_INVALID_PARAMETER]: block(null, 16, null),
    [ERROR_NO_SYSTEM_RESOURCES]: failing('RtmDeleteRouteToDest', 50, block(null, 0, null)),
    [ERROR_NOT_ENOUGH_MEMORY]: failing('RtmGetEnumRoutes', 8, block(null, 0, null)),
  },
  RtmDequeueRouteChangeMessage: {
    [ERROR_MORE_MESSAGES]: dequeue(2),
    [ERROR_NO_MESSAGES]: dequeue(0),
    [ERROR_INVALID_HANDLE]: ({ rtm, client }) => rtm.RtmDequeueRouteChangeMessage(client, flags, null, null),
    [ERROR_NO_SYSTEM_RESOURCES]: failing('RtmGetChangedDests', 8, dequeue(0)),
  },
  RtmIsRoute: {
    [NO_ERROR]: isRoute(IP, ABSENT),
    [ERROR_INVALID_PARAMETER]: isRoute(NO_FAMILY, TEN),
    [ERROR_NO_SYSTEM_RESOURCES]: failing('RtmGetExactMatchDestination', 6, isRoute(IP, TEN)),
  },
  RtmGetNetworkCount: {
    [NO_ERROR]: (scene) => {
      expect(deleteFrom(null, TEN)(scene)).toBe(NO_ERROR);
      return count(IP)(scene);
    },
    [ERROR_INVALID_PARAMETER]: count(NO_FAMILY),
  },
  RtmGetRouteAge: {
    [ERROR_INVALID_PARAMETER]: ({ rtm }) => (rtm.RtmGetRouteAge(TEN) === INFINITE ? rtm.GetLastError() : -1),
  },
  RtmCreateEnumerationHandle: {
    [ERROR_NO_ROUTES]: enumerateAs(IP, RTM_ONLY_THIS_NETWORK, ABSENT),
    [ERROR_INVALID_PARAMETER]: enumerateAs(NO_FAMILY, 0, null),
    [ERROR_NO_SYSTEM_RESOURCES]: failing('RtmCreateRouteEnum', 87, enumerateAs(IP, 0, null)),
    [ERROR_NOT_ENOUGH_MEMORY]: failing('RtmGetEnumRoutes', 8, enumerateAs(IP, 0, null)),
  },
  RtmEnumerateGetNextRoute: {
    [ERROR_INVALID_HANDLE]: ({ rtm, client }) => rtm.RtmEnumerateGetNextRoute(client, new RtmIpRoute()),
    [ERROR_NO_MORE_ROUTES]: (scene) => {
      opened = openEnumeration(scene);
      expect(next(scene)).toBe(NO_ERROR);
      return next(scene);
    },
    [ERROR_NO_SYSTEM_RESOURCES]: failing('RtmGetRouteInfo', 1168, next),
  },
  RtmCloseEnumerationHandle: {
    [ERROR_INVALID_HANDLE]: ({ rtm, client }) => rtm.RtmCloseEnumerationHandle(client),
    [ERROR_NO_SYSTEM_RESOURCES]: failing('RtmReleaseRoutes', 6, close),
  },
  RtmGetFirstRoute: {
    [ERROR_INVALID_PARAMETER]: first(NO_FAMILY, 0, ABSENT),
    [ERROR_NO_ROUTES]: first(IP, RTM_ONLY_THIS_NETWORK, ABSENT),
    [ERROR_NO_SYSTEM_RESOURCES]: failing('RtmGetEnumRoutes', 8, first(IP, 0, ABSENT)),
  },
  RtmGetNextRoute: {
    [ERROR_INVALID_PARAMETER]: following(NO_FAMILY, 0, ABSENT),
    [ERROR_NO_ROUTES]: following(IP, 0, ABSENT),
    [ERROR_NO_SYSTEM_RESOURCES]: failing('RtmCreateRouteEnum', 87, following(IP, 0, ABSENT)),
  },
  RtmLookupIPDestination: {},
};

describeBackend('embedded', ({ library, openOn }) => {
  function scene(): Scene {
    const faulty = withFaults(library());
    const rtm = openOn(faulty.library);
    const client = register(rtm, PROTO_IP_RIP);
    add(rtm, client, TEN);
    return { rtm, client, faulty };
  }

  const described = Object.entries(errorMapping.documented).filter(([, { codes }]) => codes.length > 0);

  it('leaves out only what no page describes', () => {
    const names = described.map(([name]) => name);
    expect(Object.keys(errorMapping.documented).filter((name) => !names.includes(name))).toEqual(['RtmLookupIPDestination']);
  });

  describe.each(described)('%s', (name, { codes }) => {
    it.each(codes)('reports %d, as its page says', (code) => {
      const report = WAYS[name as V1Function][code];
      expect(report, 'there is a way to bring it about').toBeDefined();
      expect(report?.(scene())).toBe(code);
    });
  });

  it('reports a failure of RTMv2 while networks are counted', () => {
    expect(failing('RtmGetEnumDests', 6, count(IP))(scene())).toBe(ERROR_NO_SYSTEM_RESOURCES);
  });

  it('reports a failure of RTMv2 while a destination is looked up', () => {
    expect(failing('RtmGetMostSpecificDestination', 6, lookUp)(scene())).toBe(ERROR_NO_SYSTEM_RESOURCES);
  });

  it('refuses a route buffer that is none', () => {
    const { rtm } = scene();
    const enumeration = rtm.RtmCreateEnumerationHandle(IP, 0, null);
    expect(rtm.RtmEnumerateGetNextRoute(enumeration, TOO_SHORT)).toBe(ERROR_INVALID_PARAMETER);
    expect(rtm.RtmEnumerateGetNextRoute(enumeration, new RtmIpRoute())).toBe(NO_ERROR);
    const listener = rtm.RtmRegisterClient(IP, PROTO_IP_OSPF, new EventObject(), 0);
    expect(rtm.RtmDequeueRouteChangeMessage(listener, flags, TOO_SHORT, null)).toBe(ERROR_INVALID_PARAMETER);
  });

  it.each([2, 13, 87])('takes %d at the registration of its hidden entity for a family that is not installed', (code) => {
    const { rtm, faulty } = scene();
    faulty.plan(failAll('RtmRegisterEntity', code));
    const reports = [isRoute(IP, TEN), count(IP), enumerateAs(IP, 0, null), first(IP, 0, TEN), following(IP, 0, TEN), lookUp];
    for (const report of reports) {
      expect(report({ rtm, faulty, client: 0 })).toBe(ERROR_INVALID_PARAMETER);
    }
    faulty.plan(noFaults);
    expect(rtm.RtmGetNetworkCount(IP)).toBe(1);
  });
});
