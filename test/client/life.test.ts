import { describe, expect, it } from 'vitest';
import { RtmClient } from '../../src/client/client.js';
import { RtmError, type RtmFunction } from '../../src/client/error.js';
import { PROTO_IP_OSPF, PROTO_IP_RIP } from '../../src/v1/constants.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import { ipv4, ipv4Mask } from '../../src/v1/ipv4.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { wrapCalls } from '../../src/v2/calls.js';
import type { V2Library } from '../../src/v2/library.js';
import type { V2Function } from '../../src/v2/signatures.js';
import type { V2Status } from '../../src/win32/status.js';
import { describeBackend, describeEveryBackend } from '../support/backend.js';
import { errorOf, failure } from './support.js';

const ROUTE = { network: '10.0.0.0/8', nextHop: '192.0.2.1', interface: 3 };
const ACCESS_DENIED = 5 as V2Status;

const rip = (rtm: Rtm1) => RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP, rtm });

/** A library in which one function fails while `failing` names it. */
function breakable(library: V2Library) {
  const state: { library: V2Library; failing: V2Function | null } = {
    failing: null,
    library: {
      ...library,
      calls: wrapCalls(library.calls, (name, call) => (...parameters) =>
        state.failing === name ? ACCESS_DENIED : call(...parameters),
      ),
    },
  };
  return state;
}

describeEveryBackend(({ open }) => {
  it('deregisters with all its routes at the end of its scope', () => {
    const rtm = open();
    {
      using client = rip(rtm);
      client.addRoute(ROUTE);
      expect(rtm.leftBehind()).toMatchObject({ entities: 1, routes: 1, nextHops: 1 });
    }
    expect(rtm.leftBehind()).toMatchObject({ entities: 0, routes: 0, nextHops: 0 });
  });

  it('can be disposed of twice', () => {
    const rtm = open();
    const client = rip(rtm);
    client.dispose();
    using successor = rip(rtm);
    client.dispose();
    expect(successor.addRoute(ROUTE).change).toBe('added');
  });

  it('is disposed of without an error after its handle was deregistered, or its object closed', () => {
    const rtm = open();
    const client = rip(rtm);
    rtm.RtmDeregisterClient(client.handle);
    client.dispose();
    const other = rip(rtm);
    rtm.close();
    other.dispose();
    expect([client.handle, other.handle]).toEqual([0, 0]);
  });

  it('works together with the functions of Rtm.h', () => {
    const rtm = open();
    using client = rip(rtm);
    client.addRoute(ROUTE);
    expect(rtm.RtmGetNetworkCount(1)).toBe(1);
    expect(rtm.RtmDeregisterClient(client.handle)).toBe(0);
    expect(client.networkCount()).toBe(0);
    expect(errorOf(() => client.addRoute(ROUTE))).toEqual(failure('RtmAddRoute', 'ERROR_INVALID_HANDLE', 6));
  });

  it('tells what it was registered as', () => {
    const rtm = open();
    using client = rip(rtm);
    expect(client).toMatchObject({ family: 'ip', protocol: PROTO_IP_RIP, notified: false });
    expect(client.handle).not.toBe(0);
  });

  it('refuses a second client of the same protocol', () => {
    const rtm = open();
    using first = rip(rtm);
    expect(errorOf(() => rip(rtm))).toEqual(failure('RtmRegisterClient', 'ERROR_CLIENT_ALREADY_EXISTS', 183));
    expect(first.networkCount()).toBe(0);
  });

  it.each<[RtmFunction, (client: RtmClient<'ip', true>) => unknown]>([
    ['RtmAddRoute', (client) => client.addRoute(ROUTE)],
    ['RtmDeleteRoute', (client) => client.deleteRoute(ROUTE)],
    ['RtmBlockDeleteRoutes', (client) => client.deleteRoutes()],
    ['RtmCreateEnumerationHandle', (client) => client.routes()],
    ['RtmIsRoute', (client) => client.bestRoute('10.0.0.0/8')],
    ['RtmLookupIPDestination', (client) => client.lookup('10.0.0.1')],
    ['RtmGetNetworkCount', (client) => client.networkCount()],
    ['RtmGetRouteAge', (client) => client.age({ updated: new Date(0) })],
    ['RtmDequeueRouteChangeMessage', (client) => client.changes()],
  ])('answers ERROR_INVALID_HANDLE after it was disposed of: %s', (rtmFunction, call) => {
    const rtm = open();
    const client = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP, notify: true, rtm });
    client.dispose();
    expect(errorOf(() => call(client))).toEqual(failure(rtmFunction, 'ERROR_INVALID_HANDLE', 6));
  });

  it('closes the enumerations of loops that were left standing', () => {
    const rtm = open();
    using other = RtmClient.register({ family: 'ip', protocol: PROTO_IP_OSPF, rtm });
    other.addRoute(ROUTE);
    other.networkCount();
    const { handles } = rtm.leftBehind();
    const client = rip(rtm);
    client.addRoute(ROUTE);
    const routes = client.routes();
    routes.next();
    expect(rtm.leftBehind().handles).toBeGreaterThan(handles);
    client.dispose();
    expect(rtm.leftBehind().handles).toBe(handles);
    expect(errorOf(() => routes.next())).toEqual(failure('RtmEnumerateGetNextRoute', 'ERROR_INVALID_HANDLE', 6));
    expect(routes.next().done).toBe(true);
  });
});

describeBackend('embedded', ({ library, openOn }) => {
  it('stays registered when RTM fails to deregister it, and goes the next time', () => {
    const state = breakable(library());
    const rtm = openOn(state.library);
    const client = rip(rtm);
    client.addRoute(ROUTE);
    state.failing = 'RtmDeregisterEntity';
    expect(errorOf(() => { client.dispose(); })).toEqual(failure('RtmDeregisterClient', 'ERROR_NO_SYSTEM_RESOURCES', 1450));
    expect(client.handle).not.toBe(0);
    state.failing = null;
    client.dispose();
    expect(rtm.leftBehind().entities).toBe(0);
  });

  it('closes an enumeration, that RTM has failed to close, when it is disposed of', () => {
    const state = breakable(library());
    const rtm = openOn(state.library);
    const client = rip(rtm);
    client.addRoute(ROUTE);
    const routes = client.routes();
    routes.next();
    state.failing = 'RtmDeleteEnumHandle';
    expect(routes.return(undefined).done, 'the loop is over all the same').toBe(true);
    state.failing = null;
    client.dispose();
    expect(rtm.leftBehind().handles).toBe(0);
  });

  it.each<[V2Function, RtmFunction, (client: RtmClient<'ip'>) => unknown]>([
    ['RtmAddRouteToDest', 'RtmAddRoute', (client) => client.addRoute({ ...ROUTE, interface: 4 })],
    ['RtmDeleteRouteToDest', 'RtmDeleteRoute', (client) => client.deleteRoute(ROUTE)],
    ['RtmGetExactMatchDestination', 'RtmIsRoute', (client) => client.bestRoute('10.0.0.0/8')],
    ['RtmCreateDestEnum', 'RtmGetNetworkCount', (client) => client.networkCount()],
    ['RtmCreateRouteEnum', 'RtmCreateEnumerationHandle', (client) => [...client.routes({ interface: 3 })]],
  ])('throws what RTM reports when %s fails', (failing, rtmFunction, call) => {
    const state = breakable(library());
    const rtm = openOn(state.library);
    using client = rip(rtm);
    client.addRoute(ROUTE);
    state.failing = failing;
    const error = errorOf(() => call(client));
    state.failing = null;
    expect(error).toMatchObject({ function: rtmFunction });
    expect(error.code).not.toBe(0);
    expect(rtm.lastFailure).toMatchObject({ kind: 'call', v2Function: failing, code: ACCESS_DENIED, status: error.code });
    const known = error.code === 259 ? null : rtm.lastFailure;
    expect(error.failure).toBe(known);
    expect(error.message.includes(`${failing} of RTMv2 answered ERROR_ACCESS_DENIED (5)`)).toBe(known !== null);
  });
});

describeEveryBackend(({ open }) => {
  it('says what exactly has happened to a client whose handle has ended', () => {
    const rtm = open();
    using client = rip(rtm);
    const { handle } = client;
    rtm.RtmDeregisterClient(handle);
    const error = errorOf(() => client.addRoute(ROUTE));
    expect(error.failure).toBe(rtm.lastFailure);
    expect(error.failure).toMatchObject({ kind: 'handle', rule: 'ended', parameter: 'ClientHandle' });
    expect(error.message).toMatch(new RegExp(`register a new one \\(ClientHandle ${handle} is not valid any more: .*\\)\\.$`));
  });

  it('says that the object was closed', () => {
    const rtm = open();
    using client = rip(rtm);
    rtm.close();
    const error = errorOf(() => client.networkCount());
    expect(error.failure).toMatchObject({ kind: 'state', rule: 'closed' });
    expect(error.message).toBe(
      'RtmGetNetworkCount gave ERROR_NO_SYSTEM_RESOURCES (1450): the object was closed: open another one.',
    );
  });

  it('has no failure of another call', () => {
    const rtm = open();
    const client = rip(rtm);
    rtm.RtmDeleteRoute(7, new Uint8Array(92), new Uint32Array(1), null);
    expect(errorOf(() => client.deleteRoute(ROUTE)).failure, 'an answer').toBeNull();
    client.dispose();
    expect(errorOf(() => client.deleteRoute(ROUTE)).failure, 'RTM was not asked').toBeNull();
  });

  it('says which argument was refused, and why', () => {
    const rtm = open();
    using client = rip(rtm);
    const route = new RtmIpRoute();
    route.RR_Network.N_NetNumber = ipv4('10.1.2.3');
    route.RR_Network.N_NetMask = ipv4Mask(8);
    const code = rtm.RtmAddRoute(client.handle, route, 180, new Uint32Array(1), null, null);
    expect(new RtmError('RtmAddRoute', code, rtm.lastFailure).message).toBe(
      'RtmAddRoute gave ERROR_INVALID_PARAMETER (87): RR_Network 10.1.2.3/255.0.0.0 has bits outside its mask: ' +
        'write 10.0.0.0/255.0.0.0 for the network, or 10.1.2.3/255.255.255.255 for the single address.',
    );
  });
});

describe('RtmError', () => {
  it.each<[RtmFunction, number, string]>([
    ['RtmRegisterClient', 183, 'ERROR_CLIENT_ALREADY_EXISTS'],
    ['RtmDeleteRoute', 259, 'ERROR_NO_SUCH_ROUTE'],
    ['RtmBlockDeleteRoutes', 259, 'ERROR_NO_ROUTES'],
    ['RtmCreateEnumerationHandle', 259, 'ERROR_NO_ROUTES'],
    ['RtmGetFirstRoute', 259, 'ERROR_NO_ROUTES'],
    ['RtmGetNextRoute', 259, 'ERROR_NO_ROUTES'],
    ['RtmEnumerateGetNextRoute', 259, 'ERROR_NO_MORE_ROUTES'],
    ['RtmDequeueRouteChangeMessage', 259, 'ERROR_NO_MESSAGES'],
    ['RtmAddRoute', 8, 'ERROR_NOT_ENOUGH_MEMORY'],
    ['RtmAddRoute', 1450, 'ERROR_NO_SYSTEM_RESOURCES'],
    ['RtmAddRoute', 31, '31'],
  ])('names what %s means by %i', (rtmFunction, code, name) => {
    const error = new RtmError(rtmFunction, code);
    expect(error).toMatchObject({ name, code, function: rtmFunction });
    expect(error.message).toContain(`${rtmFunction} gave ${name} (${code})`);
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe(`${name}: ${error.message}`);
  });

  it.each<[RtmFunction, number, string]>([
    ['RtmRegisterClient', 183, 'Dispose of that one first'],
    ['RtmRegisterClient', 1450, 'openRtm1() throws an error that says why'],
    ['RtmRegisterClient', 87, 'no routing table for this family'],
    ['RtmDeleteRoute', 259, 'those that the route was added with'],
    ['RtmAddRoute', 6, 'register a new one'],
    ['RtmAddRoute', 8, 'Nothing was changed'],
    ['RtmAddRoute', 1450, 'lastFailure'],
  ])('says what to do about %s and %i', (rtmFunction, code, advice) => {
    expect(new RtmError(rtmFunction, code).message).toContain(advice);
  });
});
