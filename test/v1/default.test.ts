import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  ERROR_INVALID_PARAMETER,
  ERROR_NO_ROUTES,
  ERROR_NO_SYSTEM_RESOURCES,
  INFINITE,
  NO_ERROR,
  PROTO_IP_RIP,
  RTM_PROTOCOL_FAMILY_IP,
} from '../../src/v1/constants.js';
import { openV2Library } from '../../src/v2/library.js';
import { NOTHING } from '../support/backend.js';
import { routeTo } from '../support/routes.js';

type Module = typeof import('../../src/index.js');

/** The module as a new process has it, with RTM1_LIBRARY set. */
async function load(library: string): Promise<Module> {
  vi.resetModules();
  vi.stubEnv('RTM1_LIBRARY', library);
  return import('../../src/index.js');
}

/** One call of each function, with what it reports. */
function callAll(rtm: Module): unknown[] {
  const flags = new Uint32Array(1);
  const route = new rtm.RtmIpRoute(routeTo('10.0.0.0/8').bytes);
  return [
    rtm.RtmRegisterClient(RTM_PROTOCOL_FAMILY_IP, PROTO_IP_RIP, null, 0),
    rtm.GetLastError(),
    rtm.RtmAddRoute(1, route, INFINITE, flags, null, null),
    rtm.RtmDeleteRoute(1, route, flags, null),
    rtm.RtmBlockDeleteRoutes(1, 0, null),
    rtm.RtmDequeueRouteChangeMessage(1, flags, null, null),
    rtm.RtmIsRoute(RTM_PROTOCOL_FAMILY_IP, route.RR_Network, null),
    rtm.RtmGetNetworkCount(RTM_PROTOCOL_FAMILY_IP),
    rtm.RtmCreateEnumerationHandle(RTM_PROTOCOL_FAMILY_IP, 0, null),
    rtm.RtmEnumerateGetNextRoute(1, route),
    rtm.RtmCloseEnumerationHandle(1),
    rtm.RtmGetFirstRoute(RTM_PROTOCOL_FAMILY_IP, 0, route),
    rtm.RtmGetNextRoute(RTM_PROTOCOL_FAMILY_IP, 0, route),
    rtm.RtmGetSpecificRoute(RTM_PROTOCOL_FAMILY_IP, route),
    rtm.RtmLookupIPDestination(10, route),
    rtm.RtmDeregisterClient(1),
    rtm.GetLastError(),
  ];
}

describe('the functions of the module', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
  });

  it.each(['embedded', openV2Library('embedded').path])('run on the library that RTM1_LIBRARY names: %s', async (name) => {
    const rtm = await load(name);
    const client = rtm.RtmRegisterClient(RTM_PROTOCOL_FAMILY_IP, PROTO_IP_RIP, null, 0);
    const route = new rtm.RtmIpRoute(routeTo('10.0.0.0/8').bytes);
    expect(rtm.RtmAddRoute(client, route, INFINITE, new Uint32Array(1), null, null)).toBe(NO_ERROR);
    expect(rtm.leftBehind()).toMatchObject({ entities: 1, routes: 1 });
    expect(rtm.RtmIsRoute(RTM_PROTOCOL_FAMILY_IP, route.RR_Network, route)).toBe(true);
    expect(rtm.RtmGetRouteAge(route)).toBeLessThan(60);
    const enumeration = rtm.RtmCreateEnumerationHandle(RTM_PROTOCOL_FAMILY_IP, 0, null);
    expect(rtm.RtmEnumerateGetNextRoute(enumeration, route)).toBe(NO_ERROR);
    expect(rtm.RtmCloseEnumerationHandle(enumeration)).toBe(NO_ERROR);
    expect(rtm.RtmGetNetworkCount(RTM_PROTOCOL_FAMILY_IP)).toBe(1);
    expect(rtm.RtmGetFirstRoute(RTM_PROTOCOL_FAMILY_IP, 0, route)).toBe(NO_ERROR);
    expect(rtm.RtmGetNextRoute(RTM_PROTOCOL_FAMILY_IP, 0, route)).toBe(ERROR_NO_ROUTES);
    expect(rtm.RtmGetSpecificRoute(RTM_PROTOCOL_FAMILY_IP, route)).toBe(NO_ERROR);
    expect(rtm.RtmLookupIPDestination(rtm.ipv4('10.1.2.3'), route)).toBe(true);
    expect(rtm.RtmDeleteRoute(client, route, new Uint32Array(1), null)).toBe(NO_ERROR);
    expect(rtm.RtmBlockDeleteRoutes(client, 0, null)).toBe(ERROR_NO_ROUTES);
    expect(rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
    expect(rtm.leftBehind()).toEqual(NOTHING);
  });

  it('run on auto where RTM1_LIBRARY is empty', async () => {
    const rtm = await load('');
    expect(rtm.RtmGetNetworkCount(RTM_PROTOCOL_FAMILY_IP)).toBe(0);
    expect(rtm.GetLastError()).toBe(NO_ERROR);
  });

  it('fails with ERROR_NO_SYSTEM_RESOURCES and one warning where no library can be opened', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const rtm = await load('no such library');
    expect(warn).not.toHaveBeenCalled();
    const E = ERROR_NO_SYSTEM_RESOURCES;
    const expected = [0, E, E, E, E, E, false, 0, 0, E, E, E, E, E, false, E, E];
    for (let turn = 0; turn < 2; turn += 1) expect(callAll(rtm)).toEqual(expected);
    expect(() => rtm.leftBehind()).toThrow('no such library');
    expect(rtm.RtmGetRouteAge(new rtm.RtmIpRoute())).toBe(INFINITE);
    expect(rtm.GetLastError()).toBe(ERROR_INVALID_PARAMETER);
    expect(rtm.getLastFailure()).toMatchObject({ kind: 'argument', v1Function: 'RtmGetRouteAge', rule: 'time' });
    expect(rtm.RtmGetSpecificRoute(RTM_PROTOCOL_FAMILY_IP, new rtm.RtmIpRoute())).toBe(E);
    expect(rtm.getLastFailure()).toMatchObject({ kind: 'state', rule: 'library', v1Function: 'RtmGetFirstRoute', status: E });
    expect(rtm.getLastFailure()?.message).toMatch(/^the default library cannot be opened: No RTMv2 .*no such library: there is no such file/);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toContain('no such library');
    expect(warn.mock.calls[0]?.[0]).toContain('The variable RTM1_LIBRARY asks for this library.');
  });

  it('opens nothing before the first call', async () => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue();
    const rtm = await load('no such library');
    expect(rtm.GetLastError()).toBe(NO_ERROR);
    expect(rtm.getLastFailure()).toBeNull();
    expect(warn).not.toHaveBeenCalled();
  });
});
