/** Calls with handles and arguments that are none: what each of them answers, and that it touches nothing. */
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import { RtmIpxRoute } from '../../src/v1/ipx-route.js';
import { type Family, IP, ipNetwork, ipRoute, IPX, ipxRoute, layoutOf } from './route-bytes.js';
import type { Client, Session } from './session.js';
import { type Argument, flagsOutput, input, type Opened, output } from './v1-calls.js';

export interface RefusedCall {
  readonly on: Opened;
  readonly called: string;
  readonly args: readonly Argument[];
  readonly result: number | boolean;
  readonly lastError?: number;
}

const INVALID_HANDLE = 6;
const INVALID_PARAMETER = 87;
const INFINITE = 0xffffffff;

const number = (value: number): Argument => ({ value, text: String(value) });
const nothing: Argument = { value: null, text: 'null' };

const from = <T>(pool: readonly T[], index: number): T => pool[index % pool.length] as T;

const noDword = (choice: number): Argument =>
  from(
    [number(-1), number(2 ** 32), number(1.5), number(NaN), { value: '1', text: `'1'` }, { value: 1n, text: '1n' }, nothing],
    choice,
  );

const noFamily = (choice: number): Argument => from([number(2), number(0xffffffff), noDword(choice)], choice);

const noFlags = (choice: number): Argument =>
  from(
    [nothing, { value: new Uint32Array(0), text: 'new Uint32Array(0)' }, { value: [0], text: '[0]' }, number(0)],
    choice,
  );

function noRoute(family: Family, choice: number): Argument {
  const size = layoutOf(family).size;
  return from(
    [
      { value: new Uint8Array(size - 1), text: `new Uint8Array(${size - 1})` },
      family === IP ? { value: new RtmIpxRoute(), text: 'new RtmIpxRoute()' } : { value: new RtmIpRoute(), text: 'new RtmIpRoute()' },
      { value: {}, text: '{}' },
      { value: new ArrayBuffer(size), text: `new ArrayBuffer(${size})` },
      number(7),
    ],
    choice,
  );
}

/** As `noRoute`, or NULL where NULL is not allowed either. */
const noRouteOrNull = (family: Family, choice: number): Argument =>
  choice % 6 === 5 ? nothing : noRoute(family, choice);

function noHandle(session: Session, on: Opened, choice: number): Argument {
  const foreign = session.clients.find((client) => client.on !== on);
  const enumeration = session.enumerations.find((other) => other.on === on);
  return from(
    [
      number(0),
      ...session.stale.slice(-3),
      ...(foreign ? [{ value: foreign.handle, text: `${foreign.name} /* of another object */` }] : []),
      ...(enumeration ? [{ value: enumeration.handle, text: enumeration.name }] : []),
      number(INFINITE),
      number(-1),
      number(NaN),
      { value: 'x', text: `'x'` },
      nothing,
    ],
    choice,
  );
}

/** Everything that can be refused in this state, with `choice` choosing what is wrong with it. */
export function refusedCalls(session: Session, on: Opened, client: Client | undefined, choice: number): readonly RefusedCall[] {
  return [
    ...badHandles(session, on, choice),
    ...badFamilies(on, choice),
    ...badQuestions(on, choice),
    ...(client ? badRoutes(client, choice) : []),
  ];
}

function badHandles(session: Session, on: Opened, choice: number): RefusedCall[] {
  const handle = noHandle(session, on, choice);
  const route = (): Argument => input(IP, 0, ipRoute({ to: '10.0.0.0/8' }));
  const refused = (called: string, ...args: Argument[]): RefusedCall => ({ on, called, args: [handle, ...args], result: INVALID_HANDLE });
  const client = session.clients.find((other) => other.on === on);
  return [
    refused('RtmDeregisterClient'),
    refused('RtmAddRoute', route(), number(INFINITE), flagsOutput(), output(IP, 0), output(IP, 0)),
    refused('RtmAddRoute', nothing, number(-1), nothing, nothing, nothing),
    refused('RtmDeleteRoute', route(), flagsOutput(), output(IP, 0)),
    refused('RtmBlockDeleteRoutes', number(0), nothing),
    refused('RtmBlockDeleteRoutes', number(16), nothing),
    refused('RtmDequeueRouteChangeMessage', flagsOutput(), output(IP, 0), output(IP, 0)),
    ...(session.enumerations.some((other) => other.handle === handle.value && other.on === on)
      ? []
      : [refused('RtmEnumerateGetNextRoute', output(IP, 0)), refused('RtmCloseEnumerationHandle')]),
    ...(client
      ? [
          {
            on,
            called: 'RtmCloseEnumerationHandle',
            args: [{ value: client.handle, text: client.name }],
            result: INVALID_HANDLE,
          },
        ]
      : []),
  ];
}

function badFamilies(on: Opened, choice: number): RefusedCall[] {
  const family = noFamily(choice);
  const network = { value: ipNetwork('10.0.0.0/8'), text: `ipNetwork('10.0.0.0/8')` };
  const refused = (called: string, result: number | boolean, ...args: Argument[]): RefusedCall => ({
    on,
    called,
    args,
    result,
    lastError: INVALID_PARAMETER,
  });
  const plain = (called: string, ...args: Argument[]): RefusedCall => ({ on, called, args, result: INVALID_PARAMETER });
  return [
    refused('RtmRegisterClient', 0, family, number(8), nothing, number(0)),
    refused('RtmRegisterClient', 0, number(choice % 2), noDword(choice), nothing, number(0)),
    refused('RtmRegisterClient', 0, number(choice % 2), number(8), nothing, from([number(2), number(3), noDword(choice)], choice)),
    refused('RtmRegisterClient', 0, number(choice % 2), number(8), noEvent(choice), number(0)),
    refused('RtmIsRoute', false, family, network, output(IP, 0)),
    refused('RtmGetNetworkCount', 0, family),
    refused('RtmCreateEnumerationHandle', 0, family, number(0), nothing),
    plain('RtmGetFirstRoute', family, number(0), output(IP, 0)),
    plain('RtmGetNextRoute', family, number(0), output(IP, 0)),
  ];
}

const noEvent = (choice: number): Argument =>
  from(
    [{ value: {}, text: '{}' }, { value: true, text: 'true' }, { value: -1, text: '-1' }, { value: 'event', text: `'event'` }],
    choice,
  );

function badQuestions(on: Opened, choice: number): RefusedCall[] {
  const family: Family = choice % 3 === 0 ? IPX : IP;
  const noNetwork = from([nothing, { value: new Uint8Array(3), text: 'new Uint8Array(3)' }, number(10)], choice);
  const network = { value: new Uint8Array(8), text: 'new Uint8Array(8)' };
  const unknownFlags = from([number(16), number(0x80000000), noDword(choice)], choice);
  const said = (called: string, result: number | boolean, ...args: Argument[]): RefusedCall => ({
    on,
    called,
    args,
    result,
    lastError: INVALID_PARAMETER,
  });
  const plain = (called: string, ...args: Argument[]): RefusedCall => ({ on, called, args, result: INVALID_PARAMETER });
  const criteria = (): Argument => input(family, 0, family === IP ? ipRoute({ to: '10.0.0.0/8' }) : ipxRoute({ to: 10 }));
  return [
    said('RtmIsRoute', false, number(family), noNetwork, output(family, 0)),
    said('RtmIsRoute', false, number(family), network, noRoute(family, choice)),
    said('RtmCreateEnumerationHandle', 0, number(family), unknownFlags, criteria()),
    said('RtmCreateEnumerationHandle', 0, number(family), number(1 + (choice % 7)), nothing),
    said('RtmCreateEnumerationHandle', 0, number(family), number(1 + (choice % 7)), noRoute(family, choice)),
    said('RtmGetRouteAge', INFINITE, nothing),
    said('RtmLookupIPDestination', false, noDword(choice), output(IP, 0)),
    said('RtmLookupIPDestination', false, number(10), noRouteOrNull(IP, choice)),
    plain('RtmGetFirstRoute', number(family), unknownFlags, criteria()),
    plain('RtmGetNextRoute', number(family), unknownFlags, criteria()),
    plain('RtmGetFirstRoute', number(family), number(0), noRouteOrNull(family, choice)),
    plain('RtmGetNextRoute', number(family), number(0), noRouteOrNull(family, choice)),
  ];
}

function badRoutes(client: Client, choice: number): RefusedCall[] {
  const { family } = client.model;
  const handle = { value: client.handle, text: client.name };
  const bytes = family === IP ? ipRoute({ to: '10.0.0.0/8' }) : ipxRoute({ to: 10 });
  const route = (): Argument => input(family, 0, bytes);
  const best = (): Argument => output(family, 0);
  const bad = noRouteOrNull(family, choice);
  const badOutput = noRoute(family, choice);
  const refused = (called: string, ...args: Argument[]): RefusedCall => ({
    on: client.on,
    called,
    args: [handle, ...args],
    result: INVALID_PARAMETER,
  });
  return [
    refused('RtmAddRoute', bad, number(INFINITE), flagsOutput(), best(), best()),
    refused('RtmAddRoute', route(), from([number(2147484), number(INFINITE - 1), noDword(choice)], choice), flagsOutput(), nothing, nothing),
    refused('RtmAddRoute', route(), number(INFINITE), noFlags(choice), best(), best()),
    refused('RtmAddRoute', route(), number(INFINITE), flagsOutput(), badOutput, best()),
    refused('RtmAddRoute', route(), number(INFINITE), flagsOutput(), best(), badOutput),
    refused('RtmDeleteRoute', bad, flagsOutput(), best()),
    refused('RtmDeleteRoute', route(), noFlags(choice), best()),
    refused('RtmDeleteRoute', route(), flagsOutput(), badOutput),
    refused('RtmBlockDeleteRoutes', from([number(16), number(0x80000000), noDword(choice)], choice), route()),
    refused('RtmBlockDeleteRoutes', number(1 + (choice % 7)), bad),
    ...(client.model.event === null
      ? [{ ...refused('RtmDequeueRouteChangeMessage', flagsOutput(), best(), best()), result: INVALID_HANDLE }]
      : [
          refused('RtmDequeueRouteChangeMessage', noFlags(choice), best(), best()),
          refused('RtmDequeueRouteChangeMessage', flagsOutput(), badOutput, best()),
          refused('RtmDequeueRouteChangeMessage', flagsOutput(), best(), badOutput),
        ]),
    refused('RtmBlockDeleteRoutes', number(1), nothing),
  ];
}
