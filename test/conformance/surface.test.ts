import { expect } from 'vitest';
import * as module from '../../src/index.js';
import { hostileValues } from '../support/hostile-values.js';
import type { Manager } from './support/manager.js';
import { conformance } from './support/suite.js';

const NO_ERROR = 0;
const ERROR_INVALID_HANDLE = 6;
const ERROR_NO_SYSTEM_RESOURCES = 1450;
const INFINITE = 0xffffffff;

/** The functions of Rtm.h: how many parameters each has, and what its result is in JavaScript. */
const FUNCTIONS = {
  RtmRegisterClient: [4, 'number'],
  RtmDeregisterClient: [1, 'number'],
  RtmAddRoute: [6, 'number'],
  RtmDeleteRoute: [4, 'number'],
  RtmDequeueRouteChangeMessage: [4, 'number'],
  RtmIsRoute: [3, 'boolean'],
  RtmGetNetworkCount: [1, 'number'],
  RtmGetRouteAge: [1, 'number'],
  RtmCreateEnumerationHandle: [3, 'number'],
  RtmEnumerateGetNextRoute: [2, 'number'],
  RtmCloseEnumerationHandle: [1, 'number'],
  RtmBlockDeleteRoutes: [3, 'number'],
  RtmGetFirstRoute: [3, 'number'],
  RtmGetNextRoute: [3, 'number'],
  RtmLookupIPDestination: [2, 'boolean'],
} as const;

type Name = keyof typeof FUNCTIONS;

const NAMES = Object.keys(FUNCTIONS) as Name[];

/** Arguments for which each function succeeds, made anew for each call. */
function goodArguments({ family, rtm }: Manager, client: number, enumeration: number): Record<Name, unknown[]> {
  const route = family.write(family.route());
  const buffer = (): Uint8Array => new Uint8Array(family.routeSize);
  const flags = new Uint32Array(1);
  const listener = rtm.RtmRegisterClient(family.number, family.protocols[1], new module.EventObject(), 0);
  return {
    RtmRegisterClient: [family.number, family.protocols[2], null, 0],
    RtmDeregisterClient: [client],
    RtmAddRoute: [client, route, INFINITE, flags, buffer(), buffer()],
    RtmDeleteRoute: [client, route, flags, buffer()],
    RtmDequeueRouteChangeMessage: [listener, flags, buffer(), buffer()],
    RtmIsRoute: [family.number, family.network(1), buffer()],
    RtmGetNetworkCount: [family.number],
    RtmGetRouteAge: [route],
    RtmCreateEnumerationHandle: [family.number, 15, route],
    RtmEnumerateGetNextRoute: [enumeration, buffer()],
    RtmCloseEnumerationHandle: [enumeration],
    RtmBlockDeleteRoutes: [client, 7, route],
    RtmGetFirstRoute: [family.number, 7, route],
    RtmGetNextRoute: [family.number, 7, route],
    RtmLookupIPDestination: [0x01020304, buffer()],
  };
}

conformance('surface', (test, plainTest) => {
  plainTest('surface-functions', () => {
    const rtm = module.openRtm1();
    for (const name of [...NAMES, 'GetLastError'] as const) {
      expect([typeof module[name], typeof rtm[name]], name).toEqual(['function', 'function']);
    }
    rtm.close();
  });

  test('surface-never-throws', ({ manager, family }) => {
    const { rtm } = manager;
    const client = manager.client(0);
    manager.add(client, { net: 9 });
    const enumeration = manager.enumeration();
    const good = goodArguments(manager, client, enumeration);
    const values = hostileValues();
    for (const name of NAMES) {
      const [parameters, result] = FUNCTIONS[name];
      const call = rtm[name] as (...values: unknown[]) => unknown;
      for (let position = 0; position < parameters; position += 1) {
        const results = values.map((value) => typeof call(...good[name].with(position, value)));
        expect(new Set(results), `${name}, parameter ${position}`).toEqual(new Set([result]));
      }
      expect(typeof call(), `${name} without arguments`).toBe(result);
    }
    const later = rtm.RtmRegisterClient(family.number, 4711, null, 0);
    manager.add(later, { net: 8 });
    expect(manager.best(8), 'afterwards all works as before').toEqual(manager.entry({ net: 8, protocol: 4711 }));
  });

  test('surface-closed-object', ({ manager, family }) => {
    const client = manager.client();
    manager.add(client);
    const enumeration = manager.enumeration();
    const { rtm } = manager;
    rtm.close();
    const byHandle = [
      rtm.RtmDeregisterClient(client),
      manager.tryAdd(client, manager.bytes()).code,
      manager.tryDelete(client, manager.bytes()).code,
      manager.dequeue(client).code,
      rtm.RtmBlockDeleteRoutes(client, 0, null),
      rtm.RtmEnumerateGetNextRoute(enumeration, manager.buffer()),
      rtm.RtmCloseEnumerationHandle(enumeration),
    ];
    expect(byHandle).toEqual(byHandle.map(() => ERROR_INVALID_HANDLE));
    const lastErrorOf = (result: number | boolean): number => (result === 0 || result === false ? rtm.GetLastError() : NO_ERROR);
    const byFamily = [
      lastErrorOf(rtm.RtmRegisterClient(family.number, family.protocols[0], null, 0)),
      lastErrorOf(rtm.RtmIsRoute(family.number, family.network(1), null)),
      lastErrorOf(rtm.RtmGetNetworkCount(family.number)),
      lastErrorOf(rtm.RtmCreateEnumerationHandle(family.number, 0, null)),
      rtm.RtmGetFirstRoute(family.number, 0, manager.bytes()),
      rtm.RtmGetNextRoute(family.number, 0, manager.bytes()),
      lastErrorOf(rtm.RtmLookupIPDestination(0, new Uint8Array(92))),
    ];
    expect(byFamily).toEqual(byFamily.map(() => ERROR_NO_SYSTEM_RESOURCES));
  });
});
