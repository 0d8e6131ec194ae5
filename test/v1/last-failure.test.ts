import { afterEach, describe, expect, it, vi } from 'vitest';
import type { V1FunctionRow } from '../../src/mappings/types.js';
import type { V1Function } from '../../src/translate/errors.js';
import {
  ERROR_CLIENT_ALREADY_EXISTS,
  ERROR_INVALID_HANDLE,
  ERROR_INVALID_PARAMETER,
  ERROR_MORE_MESSAGES,
  ERROR_NO_ROUTES,
  ERROR_NO_SYSTEM_RESOURCES,
  ERROR_NOT_ENOUGH_MEMORY,
  INFINITE,
  NO_ERROR,
  PROTO_IP_BGP,
  PROTO_IP_OSPF,
  PROTO_IP_RIP,
  RTM_ONLY_BEST_ROUTES,
  RTM_ONLY_THIS_INTERFACE,
  RTM_ONLY_THIS_NETWORK,
  RTM_ONLY_THIS_PROTOCOL,
} from '../../src/v1/constants.js';
import { Ageing } from '../../src/v1/ageing.js';
import { Enumeration } from '../../src/v1/enumeration.js';
import type { ArgumentFailure, Failure, HandleFailure } from '../../src/v1/failure.js';
import { HandleTable } from '../../src/v1/handles.js';
import { IpNetwork, RtmIpRoute } from '../../src/v1/ip-route.js';
import { ipv4, ipv4Mask } from '../../src/v1/ipv4.js';
import { IpxNetwork, RtmIpxRoute } from '../../src/v1/ipx-route.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { RouteSlab } from '../../src/v1/slab.js';
import { EventObject } from '../../src/win32/event-object.js';
import { V1 } from '../../src/win32/status.js';
import { describeBackend, describeEveryBackend } from '../support/backend.js';
import { addTo, type Family, FAMILIES, IP, IPX, registerIn } from '../support/families.js';
import { failFirst, withFaults } from '../support/faults.js';
import { hostileValues } from '../support/hostile-values.js';
import { readMapping } from '../support/mappings.js';

const rows = (readMapping('functions.json') as { functions: V1FunctionRow[] }).functions;

/** Codes that are answers, or tell of success. */
const ANSWERS = [NO_ERROR, ERROR_NO_ROUTES, ERROR_MORE_MESSAGES];

/** Calls a function as JavaScript can: with anything. */
function call(rtm: Rtm1, name: V1Function, values: readonly unknown[]): unknown {
  return (rtm[name] as (...values: readonly unknown[]) => unknown)(...values);
}

/** The code that a function reports by a result, wherever it reports it. */
function reported(rtm: Rtm1, { result }: V1FunctionRow, value: unknown): number {
  if (result.reports === 'result') return value as number;
  const failures: readonly unknown[] = result.failure === 'INFINITE' ? [INFINITE] : [0, false];
  return failures.includes(value) ? rtm.GetLastError() : NO_ERROR;
}

/** What is told of a call, which has to fail with a code. */
function failureOf(rtm: Rtm1, name: V1Function, values: readonly unknown[], code: number): Failure {
  const row = rows.find((candidate) => candidate.name === name);
  if (row === undefined) return expect.unreachable(name);
  const before = rtm.lastFailure;
  expect(reported(rtm, row, call(rtm, name, values)), name).toBe(code);
  const failure = rtm.lastFailure;
  if (failure === null || failure === before) return expect.unreachable('a new failure is told');
  expect(failure).toMatchObject({ v1Function: name, status: code });
  return failure;
}

/** An argument failure without what every one has. */
function refused(rtm: Rtm1, name: V1Function, values: readonly unknown[]): Partial<ArgumentFailure> {
  const failure = failureOf(rtm, name, values, ERROR_INVALID_PARAMETER);
  if (failure.kind !== 'argument') return expect.unreachable(`it is of kind ${failure.kind}`);
  const { parameter, member, rule, value, message } = failure;
  expect(failure).toMatchObject({ v2Function: null, code: null });
  return { parameter, member, rule, value, message };
}

/** The same of a handle. */
function refusedHandle(rtm: Rtm1, name: V1Function, values: readonly unknown[]): Partial<HandleFailure> {
  const failure = failureOf(rtm, name, values, ERROR_INVALID_HANDLE);
  if (failure.kind !== 'handle') return expect.unreachable(`it is of kind ${failure.kind}`);
  const { parameter, rule, value, message } = failure;
  return { parameter, rule, value, message };
}

const enumerate = (family: Family, rtm: Rtm1): number => rtm.RtmCreateEnumerationHandle(family.number, 0, null);

/** Arguments for which each function succeeds, and what they are made of. */
function scene(family: Family, rtm: Rtm1): Record<V1Function, unknown[]> {
  const client = registerIn(family, rtm);
  addTo(family, rtm, client, family.route(1));
  addTo(family, rtm, client, family.route(2));
  const listener = rtm.RtmRegisterClient(family.number, PROTO_IP_OSPF, new EventObject(), 0);
  const route = family.view();
  rtm.RtmIsRoute(family.number, family.route(1).RR_Network, route);
  const flags = new Uint32Array(1);
  const [current, previous] = [family.view(), family.view()];
  return {
    RtmRegisterClient: [family.number, PROTO_IP_BGP, null, 0],
    RtmDeregisterClient: [client],
    RtmAddRoute: [client, family.route(3), INFINITE, flags, current, previous],
    RtmDeleteRoute: [client, family.route(1), flags, current],
    RtmBlockDeleteRoutes: [client, RTM_ONLY_THIS_NETWORK, family.route(1)],
    RtmDequeueRouteChangeMessage: [listener, flags, current, previous],
    RtmIsRoute: [family.number, family.route(2).RR_Network, current],
    RtmGetNetworkCount: [family.number],
    RtmGetRouteAge: [route],
    RtmCreateEnumerationHandle: [family.number, RTM_ONLY_THIS_NETWORK, family.route(1)],
    RtmEnumerateGetNextRoute: [enumerate(family, rtm), current],
    RtmCloseEnumerationHandle: [enumerate(family, rtm)],
    RtmGetFirstRoute: [family.number, 0, family.route(1)],
    RtmGetNextRoute: [family.number, 0, family.route(1)],
    RtmLookupIPDestination: [ipv4('10.2.0.1'), new RtmIpRoute()],
  };
}

const NAMES = rows.map(({ name }) => name as V1Function);

describeEveryBackend(({ open }) => {
  describe.each(FAMILIES)('the last failure, for %s', (_, family) => {
    it.each(NAMES)('tells of every argument that %s refuses which one it was, and of nothing else', (name) => {
      const row = rows.find((candidate) => candidate.name === name);
      if (row === undefined) return expect.unreachable(name);
      const parameters = row.parameters.map((parameter) => parameter.name);
      const hostile = hostileValues();
      const refusals = new Set<string>();
      for (const index of parameters.keys()) {
        const rtm = open({ instance: 88 });
        const good = scene(family, rtm)[name];
        // Either family is a good one; that the other arguments do not suit it is not its fault.
        const isGood = (value: unknown): boolean => parameters[index] === 'ProtocolFamily' && (value === 0 || value === 1);
        for (const value of hostile.filter((candidate) => !isGood(candidate))) {
          const before = rtm.lastFailure;
          const result = call(rtm, name, good.with(index, value));
          const status = reported(rtm, row, result);
          const failure = rtm.lastFailure;
          if (ANSWERS.includes(status)) {
            expect(failure).toBe(before);
            if (name === 'RtmRegisterClient') rtm.RtmDeregisterClient(result as number);
          } else {
            expect(failure).not.toBe(before);
            expect(failure).toMatchObject({ v1Function: name, status });
            expect(failure?.message.length).toBeLessThan(300);
            expect(failure?.message).not.toContain('\n');
            if (failure?.kind === 'argument' || failure?.kind === 'handle') {
              expect(failure.parameter).toBe(parameters[index]);
              expect(failure.value.length).toBeLessThan(100);
              refusals.add(failure.parameter);
            }
          }
        }
        rtm.close();
      }
      const unchecked = family === IPX && name === 'RtmLookupIPDestination' ? ['dwDestAddr', 'prir'] : parameters;
      expect([...refusals].sort()).toEqual([...unchecked].sort());
    });

    it('is null before anything has failed, and is left alone by answers and successes', () => {
      const rtm = open();
      const client = registerIn(family, rtm);
      const route = family.route(1);
      expect(rtm.lastFailure).toBeNull();
      expect(rtm.RtmDeleteRoute(client, route, new Uint32Array(1), null)).toBe(ERROR_NO_ROUTES);
      addTo(family, rtm, client, route);
      expect(rtm.RtmDeleteRoute(client, family.route(1, { via: 9 }), new Uint32Array(1), null)).toBe(ERROR_NO_ROUTES);
      expect(rtm.RtmBlockDeleteRoutes(client, RTM_ONLY_THIS_NETWORK, family.route(2))).toBe(ERROR_NO_ROUTES);
      expect(rtm.RtmIsRoute(family.number, family.route(2).RR_Network, null)).toBe(false);
      expect(rtm.RtmCreateEnumerationHandle(family.number, RTM_ONLY_THIS_NETWORK, family.route(2))).toBe(0);
      expect(rtm.RtmGetFirstRoute(family.number, RTM_ONLY_THIS_NETWORK, family.route(2))).toBe(ERROR_NO_ROUTES);
      expect(rtm.RtmGetNextRoute(family.number, 0, family.route(9))).toBe(ERROR_NO_ROUTES);
      const listener = rtm.RtmRegisterClient(family.number, PROTO_IP_OSPF, new EventObject(), 0);
      expect(rtm.RtmDequeueRouteChangeMessage(listener, new Uint32Array(1), null, null)).toBe(ERROR_NO_ROUTES);
      expect(rtm.lastFailure).toBeNull();
      const failure = failureOf(rtm, 'RtmDeregisterClient', [1], ERROR_INVALID_HANDLE);
      expect(rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
      expect(rtm.lastFailure).toBe(failure);
    });

    it('tells why a handle is refused', () => {
      const rtm = open();
      const other = open({ instance: 2 });
      const client = registerIn(family, rtm);
      addTo(family, rtm, client, family.route(1));
      const enumeration = enumerate(family, rtm);
      const [gone, ended] = [registerIn(family, rtm, PROTO_IP_BGP), enumerate(family, rtm)];
      rtm.RtmDeregisterClient(gone);
      rtm.RtmCloseEnumerationHandle(ended);
      const stranger = registerIn(family, other);
      const dequeue = (handle: unknown): unknown[] => [handle, new Uint32Array(1), null, null];
      const cases: readonly [V1Function, unknown[], string, string][] = [
        ['RtmDeregisterClient', [0], 'null', 'ClientHandle is 0: RtmRegisterClient has failed, or was not called'],
        ['RtmDeregisterClient', [null], 'null', 'ClientHandle is null'],
        ['RtmDeregisterClient', [`${client}`], 'type', 'ClientHandle must be a number that RtmRegisterClient has returned'],
        ['RtmDeregisterClient', [gone], 'ended', `ClientHandle ${gone} is not valid any more`],
        ['RtmDeregisterClient', [stranger], 'unknown', `ClientHandle ${stranger} is no handle that RtmRegisterClient of this`],
        ['RtmDeregisterClient', [client + 0.5], 'unknown', 'is no handle'],
        ['RtmDeregisterClient', [client + 1], 'unknown', 'is no handle'],
        ['RtmDeregisterClient', [-1], 'unknown', 'ClientHandle -1 is no handle'],
        ['RtmDeregisterClient', [enumeration], 'kind', `ClientHandle ${enumeration} stands for an enumeration`],
        ['RtmBlockDeleteRoutes', [enumeration, 0, null], 'kind', 'stands for an enumeration'],
        ['RtmDequeueRouteChangeMessage', dequeue(client), 'noEvent', 'registered without a ChangeEvent'],
        ['RtmDequeueRouteChangeMessage', dequeue(enumeration), 'kind', 'stands for an enumeration'],
        ['RtmDequeueRouteChangeMessage', dequeue(gone), 'ended', 'is not valid any more'],
        ['RtmEnumerateGetNextRoute', [client, family.view()], 'kind', `EnumerationHandle ${client} stands for a client`],
        ['RtmEnumerateGetNextRoute', [ended, family.view()], 'ended', `EnumerationHandle ${ended} is not valid any more`],
        ['RtmCloseEnumerationHandle', [0], 'null', 'EnumerationHandle is 0: RtmCreateEnumerationHandle has failed'],
        ['RtmCloseEnumerationHandle', [ended], 'ended', 'is not valid any more'],
      ];
      for (const [name, values, rule, message] of cases) {
        const failure = refusedHandle(rtm, name, values);
        expect(failure).toMatchObject({ rule, value: rule === 'type' ? `'${String(values[0])}'` : String(values[0]) });
        expect(failure.message).toContain(message);
      }
    });

    it('tells that memory is too small, how much there is and how much is needed', () => {
      const rtm = open();
      const client = registerIn(family, rtm);
      const short = new Uint8Array(family.size - 1);
      const values: unknown[] = [client, short, INFINITE, new Uint32Array(1), null, null];
      const view = family === IP ? 'an RtmIpRoute' : 'an RtmIpxRoute';
      const message = `must be ${view} or a Uint8Array of at least ${family.size} bytes; it is a Uint8Array of ${family.size - 1} bytes`;
      expect(refused(rtm, 'RtmAddRoute', values)).toEqual({
        parameter: 'Route',
        member: null,
        rule: 'size',
        value: `a Uint8Array of ${family.size - 1} bytes`,
        message: `Route ${message}`,
      });
      const optional = refused(rtm, 'RtmAddRoute', values.with(1, family.route(1)).with(4, short));
      expect(optional.message).toBe(`CurBestRoute ${message.replace('must be', 'must be null,')}`);
      const network = refused(rtm, 'RtmIsRoute', [family.number, new Uint8Array(family.networkSize - 1), null]);
      expect(network.message).toContain(`of at least ${family.networkSize} bytes; it is a Uint8Array of ${family.networkSize - 1}`);
      expect(refused(rtm, 'RtmAddRoute', values.with(1, family.route(1)).with(3, new Uint32Array(0)))).toMatchObject({
        parameter: 'Flags',
        rule: 'size',
        message: 'Flags must be a Uint32Array with an element to write to; it is a Uint32Array of 0 bytes',
      });
    });

    it('tells of memory that has been taken away', () => {
      const rtm = open();
      const client = registerIn(family, rtm);
      const memory = new Uint8Array(family.size);
      const route = family.view(memory);
      structuredClone(memory, { transfer: [memory.buffer] });
      const refusal = refused(rtm, 'RtmAddRoute', [client, route, INFINITE, new Uint32Array(1), null, null]);
      expect(refusal.rule).toBe('size');
      expect(refusal.message).toMatch(/it is an Rtm\w+Route whose memory has gone$/);
    });

    it('tells a structure of the other family, and one of another kind', () => {
      const rtm = open();
      const client = registerIn(family, rtm);
      const [other, network] = family === IP ? [new RtmIpxRoute(), new IpxNetwork()] : [new RtmIpRoute(), new IpNetwork()];
      expect(refused(rtm, 'RtmDeleteRoute', [client, other, new Uint32Array(1), null])).toMatchObject({
        rule: 'family',
        value: family === IP ? 'an RtmIpxRoute' : 'an RtmIpRoute',
      });
      expect(refused(rtm, 'RtmDeleteRoute', [client, network, new Uint32Array(1), null]).rule).toBe('type');
      expect(refused(rtm, 'RtmIsRoute', [family.number, network, null]).rule).toBe('family');
      expect(refused(rtm, 'RtmIsRoute', [family.number, family.route(1), null]).message).toMatch(/: its RR_Network is one$/);
      expect(refused(rtm, 'RtmGetRouteAge', [network]).message).toBe(
        `Route must be an RtmIpRoute, an RtmIpxRoute or a Uint8Array of at least 52 bytes; it is ${family === IP ? 'an IpxNetwork' : 'an IpNetwork'}`,
      );
    });

    it('tells the flags that have no meaning, and those that miss their criteria', () => {
      const rtm = open();
      const client = registerIn(family, rtm);
      const bits = refused(rtm, 'RtmBlockDeleteRoutes', [client, 0x31, null]);
      expect(bits).toMatchObject({ parameter: 'EnumerationFlags', rule: 'bits', value: '49' });
      expect(bits.message).toContain('0x00000030 of that has no meaning');
      expect(bits.message).toContain('RTM_ONLY_THIS_INTERFACE (2)');
      expect(refused(rtm, 'RtmCreateEnumerationHandle', [family.number, 0x80000000, null]).message).toContain('0x80000000 of');
      expect(refused(rtm, 'RtmRegisterClient', [family.number, 1, null, 3]).message).toBe(
        'Flags must be 0 or an OR of RTM_PROTOCOL_SINGLE_ROUTE (1); it is 3, and 0x00000002 of that has no meaning',
      );
      const flags = RTM_ONLY_THIS_NETWORK | RTM_ONLY_THIS_PROTOCOL | RTM_ONLY_BEST_ROUTES;
      const missing = refused(rtm, 'RtmCreateEnumerationHandle', [family.number, flags, null]);
      expect(missing).toMatchObject({ parameter: 'CriteriaRoute', rule: 'null' });
      expect(missing.message).toBe(
        'CriteriaRoute is null, but RTM_ONLY_THIS_NETWORK and RTM_ONLY_THIS_PROTOCOL in EnumerationFlags refer to its RR_Network and RR_RoutingProtocol',
      );
      expect(refused(rtm, 'RtmBlockDeleteRoutes', [client, RTM_ONLY_THIS_INTERFACE, undefined]).message).toBe(
        'CriteriaRoute is undefined, but RTM_ONLY_THIS_INTERFACE in EnumerationFlags refers to its RR_InterfaceID',
      );
    });

    it('tells a family that there is not, a protocol that is no DWORD, and an event that is none', () => {
      const rtm = open();
      const wanted = 'ProtocolFamily must be RTM_PROTOCOL_FAMILY_IP (1) or RTM_PROTOCOL_FAMILY_IPX (0); it is';
      expect(refused(rtm, 'RtmGetNetworkCount', [2])).toMatchObject({ rule: 'family', message: `${wanted} 2` });
      expect(refused(rtm, 'RtmGetFirstRoute', ['ip', 0, family.view()])).toMatchObject({ rule: 'type', message: `${wanted} 'ip'` });
      expect(refused(rtm, 'RtmRegisterClient', [family.number, -1, null, 0])).toMatchObject({
        parameter: 'RoutingProtocol',
        rule: 'range',
        message: 'RoutingProtocol must be an integer from 0 to 4294967295; it is -1, which as a DWORD is 4294967295: append `>>> 0`',
      });
      expect(refused(rtm, 'RtmRegisterClient', [family.number, 1, () => 0, 0])).toMatchObject({
        parameter: 'ChangeEvent',
        rule: 'type',
        value: 'a function',
      });
    });

    it.each([
      [2_147_484, 'range', '2147484. INFINITE keeps a route until it is deleted'],
      [Infinity, 'range', 'Infinity. INFINITE keeps a route until it is deleted'],
      [-1, 'range', '-1'],
      [0.5, 'range', '0.5'],
      ['180', 'type', "'180'"],
    ])('tells the limits of a time to live of %o', (ttl, rule, message) => {
      const rtm = open();
      const refusal = refused(rtm, 'RtmAddRoute', [registerIn(family, rtm), family.route(1), ttl, new Uint32Array(1), null, null]);
      expect(refusal).toMatchObject({ parameter: 'TimeToLive', rule });
      expect(refusal.message).toBe(`TimeToLive must be whole seconds from 0 to 2147483, or INFINITE (4294967295); it is ${message}`);
    });

    it('tells what is wrong with a time stamp, or with the clock', () => {
      const clock = { now: Date.UTC(2003, 3, 24) };
      const rtm = open({ clock: () => clock.now });
      const route = family.view();
      expect(refused(rtm, 'RtmGetRouteAge', [route])).toMatchObject({
        member: 'RR_TimeStamp',
        rule: 'time',
        message: 'RR_TimeStamp 0x0000000000000000 is 0: no manager has written it',
      });
      route.RR_TimeStamp.dwLowDateTime = 1;
      expect(refused(rtm, 'RtmGetRouteAge', [route]).message).toContain('lies more than 136 years in the past');
      route.RR_TimeStamp.dwHighDateTime = 0xffffffff;
      expect(refused(rtm, 'RtmGetRouteAge', [route])).toMatchObject({
        value: '0xFFFFFFFF00000001',
        message: 'RR_TimeStamp 0xFFFFFFFF00000001 lies ahead of the clock',
      });
      clock.now = NaN;
      expect(failureOf(rtm, 'RtmGetRouteAge', [route], ERROR_INVALID_PARAMETER)).toMatchObject({ kind: 'state', rule: 'clock' });
      const values = [registerIn(family, rtm), family.route(1), INFINITE, new Uint32Array(1), null, null];
      expect(failureOf(rtm, 'RtmAddRoute', values, ERROR_NO_SYSTEM_RESOURCES)).toMatchObject({ kind: 'state', rule: 'clock' });
    });

    it('tells that the object was closed', () => {
      const rtm = open();
      const client = registerIn(family, rtm);
      rtm.close();
      const closed = { kind: 'state', rule: 'closed', v2Function: null, code: null };
      const reading: readonly [V1Function, unknown[]][] = [
        ['RtmRegisterClient', [family.number, 1, null, 0]],
        ['RtmGetNetworkCount', [family.number]],
        ['RtmIsRoute', [family.number, family.route(1).RR_Network, null]],
        ['RtmGetFirstRoute', [family.number, 0, family.view()]],
        ['RtmCreateEnumerationHandle', [family.number, 0, null]],
      ];
      for (const [name, values] of reading) {
        expect(failureOf(rtm, name, values, ERROR_NO_SYSTEM_RESOURCES)).toMatchObject(closed);
      }
      expect(refusedHandle(rtm, 'RtmDeregisterClient', [client]).rule).toBe('ended');
    });
  });

  it.each([
    ['10.1.2.3', '255.0.0.0', 'RR_Network', 'hostBits', 'has bits outside its mask: write 10.0.0.0/255.0.0.0 for the network, or 10.1.2.3/255.255.255.255 for the single address'],
    ['10.0.0.0', '0.0.0.0', 'RR_Network', 'hostBits', 'has bits outside its mask, which is that of the default route: write its own, or 10.0.0.0/255.255.255.255 for the'],
    ['10.0.0.0', '255.0.255.0', 'RR_Network.N_NetMask', 'mask', 'has a mask that is not contiguous: its one bits have to come first'],
    ['10.0.0.0', '0.0.0.255', 'RR_Network.N_NetMask', 'mask', 'has a mask that is not contiguous: its octets are in the reverse order: 255.0.0.0 is 0x000000FF, as ipv4Mask makes it'],
  ])('tells why no table can hold %s/%s', (address, mask, member, rule, message) => {
    const rtm = open();
    const route = new RtmIpRoute();
    route.RR_Network.N_NetNumber = ipv4(address);
    route.RR_Network.N_NetMask = ipv4(mask);
    const client = registerIn(IP, rtm);
    const cases: readonly [V1Function, unknown[]][] = [
      ['RtmAddRoute', [client, route, INFINITE, new Uint32Array(1), null, null]],
      ['RtmDeleteRoute', [client, route.bytes, new Uint32Array(1), null]],
      ['RtmGetNextRoute', [IP.number, 0, route]],
    ];
    for (const [name, values] of cases) {
      const refusal = refused(rtm, name, values);
      expect(refusal).toMatchObject({ parameter: 'Route', member, rule, value: `${address}/${mask}` });
      expect(refusal.message).toContain(`RR_Network ${address}/${mask} ${message}`);
    }
    expect(rtm.RtmIsRoute(IP.number, route.RR_Network, null), 'a sound question').toBe(false);
    expect(rtm.lastFailure?.v1Function).toBe('RtmGetNextRoute');
  });

  it('says how to make a number of an address', () => {
    const rtm = open();
    const refusal = refused(rtm, 'RtmLookupIPDestination', ['10.1.2.3', new RtmIpRoute()]);
    expect(refusal.message).toBe("dwDestAddr must be a number; it is '10.1.2.3': ipv4('192.0.2.1') makes one of an address");
  });

  it('keeps what was wrong when it was refused, whatever becomes of the argument', () => {
    const rtm = open();
    const route = IP.route(1) as RtmIpRoute;
    route.RR_Network.N_NetNumber = ipv4('10.1.2.3');
    route.RR_Network.N_NetMask = ipv4Mask(8);
    const { message } = refused(rtm, 'RtmAddRoute', [registerIn(IP, rtm), route, INFINITE, new Uint32Array(1), null, null]);
    route.RR_Network.N_NetNumber = 0;
    expect(rtm.lastFailure?.message).toBe(message);
    expect(JSON.parse(JSON.stringify(rtm.lastFailure))).toEqual(rtm.lastFailure);
  });

  it('belongs to one object', () => {
    const [one, other] = [open(), open({ instance: 2 })];
    failureOf(one, 'RtmGetNetworkCount', [7], ERROR_INVALID_PARAMETER);
    expect(other.lastFailure).toBeNull();
  });
});

describeEveryBackend(({ open }) => {
  it.each(FAMILIES)('tells of a protocol of %s that has a client already', (_, family) => {
    const rtm = open();
    registerIn(family, rtm);
    const failure = failureOf(rtm, 'RtmRegisterClient', [family.number, PROTO_IP_RIP, null, 0], ERROR_CLIENT_ALREADY_EXISTS);
    expect(failure).toMatchObject({ kind: 'call', v2Function: 'RtmRegisterEntity', code: 183 });
    expect(failure.message).toBe(
      'RtmRegisterEntity of RTMv2 answered ERROR_ALREADY_EXISTS (183): a client is registered for this protocol and family already',
    );
  });
});

describeBackend('embedded', ({ library, open, openOn }) => {
  it('tells of a family that RTMv2 has no table of', () => {
    const faulty = withFaults(library());
    const rtm = openOn(faulty.library);
    faulty.plan(failFirst('RtmRegisterEntity', 13));
    const failure = failureOf(rtm, 'RtmGetNetworkCount', [IPX.number], ERROR_INVALID_PARAMETER);
    expect(failure).toMatchObject({ kind: 'call', v2Function: 'RtmRegisterEntity', code: 13 });
    expect(failure.message).toMatch(/\(13\): it does not take what RtmGetNetworkCount was asked for, as a family that/);
  });

  afterEach(() => {
    vi.restoreAllMocks();
  });

  it.each([
    ['RtmRegisterClient', [IP.number, PROTO_IP_BGP, null, 0]],
    ['RtmCreateEnumerationHandle', [IP.number, 0, null]],
  ] as const)('tells %s apart that finds no handle left', (name, values) => {
    const rtm = open();
    addTo(IP, rtm, registerIn(IP, rtm), IP.route(1));
    vi.spyOn(HandleTable.prototype, 'isFull', 'get').mockReturnValue(true);
    const failure = failureOf(rtm, name, values, ERROR_NOT_ENOUGH_MEMORY);
    expect(failure).toMatchObject({ kind: 'state', rule: 'handles', v2Function: null, code: null });
    expect(failure.message).toContain('1048576 handles are open');
  });

  it('tells that there is no memory for a route, for when it goes, or for an enumeration', () => {
    const rtm = open();
    const client = registerIn(IP, rtm);
    for (let network = 0; network < 64; network += 1) addTo(IP, rtm, client, IP.route(network));
    const add = (ttl: number): unknown[] => [client, IP.route(99), ttl, new Uint32Array(1), null, null];
    const memory = { kind: 'state', rule: 'memory' };
    vi.spyOn(RouteSlab.prototype, 'take').mockReturnValueOnce(-1);
    expect(failureOf(rtm, 'RtmAddRoute', add(INFINITE), ERROR_NOT_ENOUGH_MEMORY)).toMatchObject(memory);
    vi.spyOn(Ageing.prototype, 'schedule').mockReturnValueOnce(false);
    expect(failureOf(rtm, 'RtmAddRoute', add(180), ERROR_NOT_ENOUGH_MEMORY)).toMatchObject(memory);
    vi.spyOn(Enumeration.prototype, 'collect').mockReturnValueOnce(V1.NOT_ENOUGH_MEMORY);
    const enumerating = [IP.number, 0, null];
    expect(failureOf(rtm, 'RtmCreateEnumerationHandle', enumerating, ERROR_NOT_ENOUGH_MEMORY)).toMatchObject(memory);
  });

  it('tells of a route past its time that nobody can delete that it stands in the way', () => {
    const clock = { now: Date.UTC(2003, 3, 24) };
    const faulty = withFaults(library());
    const rtm = openOn(faulty.library, { clock: () => clock.now });
    const client = registerIn(IP, rtm);
    expect(rtm.RtmAddRoute(client, IP.route(1), 1, new Uint32Array(1), null, null)).toBe(NO_ERROR);
    clock.now += 2000;
    faulty.plan(failFirst('RtmDeleteRouteToDest', 5));
    expect(failureOf(rtm, 'RtmGetNetworkCount', [IP.number], ERROR_NO_SYSTEM_RESOURCES)).toEqual({
      kind: 'overdue',
      v1Function: 'RtmGetNetworkCount',
      v2Function: 'RtmDeleteRouteToDest',
      code: 5,
      status: ERROR_NO_SYSTEM_RESOURCES,
      message:
        'a route whose time to live is over could not be deleted: RtmDeleteRouteToDest of RTMv2 answered ERROR_ACCESS_DENIED (5)',
    });
  });

  it('tells the v2 call that failed, with both codes', () => {
    const faulty = withFaults(library());
    const rtm = openOn(faulty.library);
    const client = registerIn(IP, rtm, PROTO_IP_RIP);
    faulty.plan(failFirst('RtmAddRouteToDest', 8));
    const values = [client, IP.route(1), INFINITE, new Uint32Array(1), null, null];
    expect(failureOf(rtm, 'RtmAddRoute', values, ERROR_NOT_ENOUGH_MEMORY)).toEqual({
      kind: 'call',
      v1Function: 'RtmAddRoute',
      v2Function: 'RtmAddRouteToDest',
      code: 8,
      status: ERROR_NOT_ENOUGH_MEMORY,
      message: 'RtmAddRouteToDest of RTMv2 answered ERROR_NOT_ENOUGH_MEMORY (8)',
    });
  });
});
