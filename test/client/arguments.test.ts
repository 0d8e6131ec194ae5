import { describe, expect, it } from 'vitest';
import { RtmClient } from '../../src/client/client.js';
import { PROTO_IP_RIP } from '../../src/v1/constants.js';
import type { Rtm1Functions } from '../../src/v1/functions.js';
import { constant } from '../../src/win32/constants.js';
import { hostileValues } from '../support/hostile-values.js';

const IPX_PROTOCOL_RIP = constant('IPX_PROTOCOL_RIP');

/** Functions of Rtm.h that fail the test if any of them is called, but for those that are given. */
const untouched = (allowed: Partial<Rtm1Functions>): Rtm1Functions =>
  new Proxy(allowed as Rtm1Functions, {
    get: (_, name: keyof Rtm1Functions) => allowed[name] ?? (() => expect.unreachable(`${name} is called`)),
    has: () => true,
  });

const registering = untouched({ RtmRegisterClient: () => 1 });
const client = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP, rtm: registering });
const ipx = RtmClient.register({ family: 'ipx', protocol: IPX_PROTOCOL_RIP, rtm: registering });

const route = { network: '10.0.0.0/8', interface: 3 };
const ipxRoute = { network: '0000A1B2', interface: 3 };

/** What is passed, and what the message has to say: the member, the value, and what is wanted. */
type Case = readonly [object, ErrorConstructor, string];

const ipCases: readonly Case[] = [
  [{ network: 10 }, TypeError, "network must be text such as '10.0.0.0/8'; it is 10"],
  [{ network: undefined }, TypeError, "network must be text such as '10.0.0.0/8'; it is undefined"],
  [{ network: '' }, RangeError, "network '' is no IPv4 network of the form '10.0.0.0/8'"],
  [{ network: '10.0.0/8' }, RangeError, "network '10.0.0/8' is no IPv4 network of the form '10.0.0.0/8'"],
  [{ network: '10.0.0.256/32' }, RangeError, "network '10.0.0.256/32' is no IPv4 network"],
  [{ network: '010.0.0.0/8' }, RangeError, "network '010.0.0.0/8' is no IPv4 network"],
  [{ network: '10.0.0.0/8 ' }, RangeError, "network '10.0.0.0/8 ' is no IPv4 network"],
  [{ network: '10.0.0.0/08' }, RangeError, "network '10.0.0.0/08' is no IPv4 network"],
  [{ network: '2001:db8::/32' }, RangeError, "network '2001:db8::/32' is no IPv4 network"],
  [{ network: '10.0.0.1' }, RangeError, "network '10.0.0.1' has no prefix length; '10.0.0.1/32' is this one address"],
  [{ network: '10.0.0.0/255.0.0.0' }, RangeError, "network '10.0.0.0/255.0.0.0' has a mask where its prefix length is wanted; '10.0.0.0/8' is meant"],
  [{ network: '10.0.0.0/0.0.0.255' }, RangeError, 'the mask 0.0.0.255 is not contiguous'],
  [{ network: '10.0.0.0/255.0.0' }, RangeError, "network '10.0.0.0/255.0.0' is no IPv4 network of the form '10.0.0.0/8'"],
  [{ network: '10.0.0.0/33' }, RangeError, "network '10.0.0.0/33' has a prefix length above 32"],
  [{ network: '10.1.2.3/8' }, RangeError, "network '10.1.2.3/8' has bits set outside its prefix; the network is '10.0.0.0/8'"],
  [{ network: '255.0.0.1/1' }, RangeError, "the network is '128.0.0.0/1'"],
  [{ network: '0.0.0.1/0' }, RangeError, "the network is '0.0.0.0/0'"],
  [{ nextHop: '192.0.2' }, RangeError, "nextHop '192.0.2' is no IPv4 address of the form '192.0.2.1'"],
  [{ nextHop: null }, TypeError, "nextHop must be text such as '192.0.2.1'; it is null"],
  [{ nextHopMask: '/24' }, RangeError, "nextHopMask '/24' is no IPv4 address"],
  [{ interface: -1 }, RangeError, 'interface must be an integer from 0 to 4294967295; it is -1'],
  [{ interface: '3' }, TypeError, "interface must be a number; it is '3'"],
  [{ metric: 1.5 }, RangeError, 'metric must be an integer from 0 to 4294967295; it is 1.5'],
  [{ metric5: 2 ** 32 }, RangeError, 'metric5 must be an integer from 0 to 4294967295; it is 4294967296'],
  [{ priority: NaN }, RangeError, 'priority must be an integer from 0 to 4294967295; it is NaN'],
  [{ policy: null }, TypeError, 'policy must be a number; it is null'],
  [{ nextHopAS: 1n }, TypeError, 'nextHopAS must be a number; it is 1n'],
  [{ type: 'direct' }, RangeError, "type must be a number or one of 'other', 'invalid', 'local', 'remote'; it is 'direct'"],
  [{ type: -1 }, RangeError, 'type must be an integer from 0 to 4294967295; it is -1'],
  [{ valid: 1 }, TypeError, 'valid must be true or false; it is 1'],
  [{ otherFlags: 3 }, RangeError, "otherFlags must leave bit 1 to 'valid'; it is 3"],
  [{ protocolData: [1, 2, 3] }, TypeError, 'protocolData must be an array of 4 numbers; it is [ 1, 2, 3 ]'],
  [{ protocolData: [1, 2, 3, -4] }, RangeError, 'protocolData[3] must be an integer from 0 to 4294967295; it is -4'],
  [{ ttl: 2_147_484 }, RangeError, 'ttl must be an integer from 0 to 2147483; it is 2147484'],
  [{ ttl: -Infinity }, RangeError, 'ttl must be an integer from 0 to 2147483; it is -Infinity'],
  [{ ttl: '180' }, TypeError, "ttl must be a number; it is '180'"],
  [{ metrc: 2 }, TypeError, "a route has no member 'metrc': there are network, nextHop,"],
];

const ipxCases: readonly Case[] = [
  [{ network: 0xa1b2 }, TypeError, "network must be text such as '0000A1B2'; it is 41394"],
  [{ network: '' }, RangeError, "network '' is no IPX network number of up to 8 hexadecimal digits such as '0000A1B2'"],
  [{ network: '0x0000A1B2' }, RangeError, "network '0x0000A1B2' is no IPX network number"],
  [{ network: '00000A1B2' }, RangeError, "network '00000A1B2' is no IPX network number"],
  [{ network: '10.0.0.0/8' }, RangeError, "network '10.0.0.0/8' is no IPX network number"],
  [{ nextHop: '00:11:22:33:44' }, RangeError, "nextHop '00:11:22:33:44' is no node address of the form '00:11:22:33:44:55'"],
  [{ nextHop: '00:11-22:33-44:55' }, RangeError, "nextHop '00:11-22:33-44:55' is no node address"],
  [{ nextHop: '001122334455' }, RangeError, "nextHop '001122334455' is no node address"],
  [{ ticks: 65_536 }, RangeError, 'ticks must be an integer from 0 to 65535; it is 65536'],
  [{ hops: -1 }, RangeError, 'hops must be an integer from 0 to 65535; it is -1'],
  [{ globalWan: 0 }, TypeError, 'globalWan must be true or false; it is 0'],
  [{ otherFlags: 1 }, RangeError, "otherFlags must leave bit 1 to 'globalWan'; it is 1"],
  [{ metric: 2 }, TypeError, "a route has no member 'metric': there are network, nextHop,"],
];

/** Calls a method as JavaScript can: with anything. */
const call = (target: object, method: string, ...values: unknown[]): unknown =>
  (Reflect.get(target, method) as (...values: unknown[]) => unknown).apply(target, values);

function refusal(body: () => unknown): unknown {
  try {
    return body();
  } catch (error) {
    return error;
  }
}

function expectRefusal(body: () => unknown, constructor: ErrorConstructor, message: string): void {
  const error = refusal(body);
  expect(error).toBeInstanceOf(constructor);
  expect((error as Error).message).toContain(message);
}

describe('an argument that is not what it has to be', () => {
  it.each(ipCases)('is refused before RTM is asked: an IP route with %o', (members, constructor, message) => {
    expectRefusal(() => call(client, 'addRoute', { ...route, ...members }), constructor, message);
  });

  it.each(ipxCases)('is refused before RTM is asked: an IPX route with %o', (members, constructor, message) => {
    expectRefusal(() => call(ipx, 'addRoute', { ...ipxRoute, ...members }), constructor, message);
  });

  it.each<[string, unknown[], ErrorConstructor, string]>([
    ['addRoute', [], TypeError, 'a route must be an object; it is undefined'],
    ['deleteRoute', ['10.0.0.0/8'], TypeError, "a route must be an object; it is '10.0.0.0/8'"],
    ['deleteRoute', [{ network: '10.0.0.1/8' }], RangeError, "the network is '10.0.0.0/8'"],
    ['deleteRoutes', [{ protocol: 8 }], TypeError, "a filter has no member 'protocol': there are network, interface"],
    ['deleteRoutes', [{ network: '10' }], RangeError, "network '10' is no IPv4 network"],
    ['routes', [{ interfaces: 3 }], TypeError, "a filter has no member 'interfaces': there are network, interface, protocol, best"],
    ['routes', [{ best: 'yes' }], TypeError, "best must be true or false; it is 'yes'"],
    ['routes', [{ protocol: -8 }], RangeError, 'protocol must be an integer from 0 to 4294967295; it is -8'],
    ['routes', [null], TypeError, 'a filter must be an object; it is null'],
    ['bestRoute', ['10.0.0.1/24'], RangeError, "the network is '10.0.0.0/24'"],
    ['lookup', ['10.0.0.0/8'], RangeError, "address '10.0.0.0/8' is no IPv4 address of the form '192.0.2.1'"],
    ['age', [{ updated: 5 }], TypeError, 'updated must be a Date that holds a time; it is 5'],
    ['age', [{ updated: new Date(NaN) }], TypeError, 'updated must be a Date that holds a time; it is Invalid Date'],
    ['age', [undefined], TypeError, 'a route must be an object; it is undefined'],
    ['changes', [], TypeError, 'register it with notify: true'],
  ])('is refused before RTM is asked: %s(%o)', (method, values, constructor, message) => {
    expectRefusal(() => call(client, method, ...values), constructor, message);
  });

  it('is refused before RTM is asked: lookup by an IPX client', () => {
    expectRefusal(() => call(ipx, 'lookup', '10.1.2.3'), TypeError, 'lookup is for clients of the IP family');
  });

  it.each<[object, ErrorConstructor, string]>([
    [{ family: 'ipv6' }, RangeError, "family must be 'ip' or 'ipx'; it is 'ipv6'"],
    [{ family: 1 }, RangeError, "family must be 'ip' or 'ipx'; it is 1"],
    [{ family: 'toString' }, RangeError, "family must be 'ip' or 'ipx'; it is 'toString'"],
    [{ protocol: undefined }, TypeError, 'protocol must be a number; it is undefined'],
    [{ protocol: -1 }, RangeError, 'protocol must be an integer from 0 to 4294967295; it is -1'],
    [{ singleRoute: 1 }, TypeError, 'singleRoute must be true or false; it is 1'],
    [{ notify: 'yes' }, TypeError, "notify must be true or false; it is 'yes'"],
    [{ rtm: 'embedded' }, TypeError, "rtm must be what openRtm1 returned; it is 'embedded'"],
    [{ rtm: {} }, TypeError, 'rtm must be what openRtm1 returned; it is {}'],
    [{ library: 'embedded' }, TypeError, "the registration has no member 'library': there are family, protocol,"],
  ])('registers nothing: %o', (options, constructor, message) => {
    const registration = { family: 'ip', protocol: PROTO_IP_RIP, rtm: untouched({}), ...options };
    expectRefusal(() => call(RtmClient, 'register', registration), constructor, message);
  });

  it('is printed on one line, however large it is', () => {
    const error = refusal(() => call(client, 'addRoute', { ...route, network: '1'.repeat(100_000) })) as Error;
    expect(error.message.length).toBeLessThan(300);
    expect(error.message).not.toContain('\n');
  });

  it('is told by an error of its own, whatever it is', () => {
    const members = ['network', 'nextHop', 'nextHopMask', 'interface', 'metric', 'type', 'valid', 'otherFlags', 'protocolData', 'ttl'];
    const good = untouched({ RtmRegisterClient: () => 1, RtmAddRoute: () => 0 });
    const patient = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP, rtm: good });
    const refusals = members.flatMap((member) =>
      hostileValues().map((value) => refusal(() => call(patient, 'addRoute', { ...route, [member]: value }))),
    );
    const errors = refusals.filter((error) => error instanceof Error);
    expect(errors.length).toBeGreaterThan(members.length * 50);
    for (const error of errors) {
      expect(error instanceof TypeError || error instanceof RangeError, error.stack).toBe(true);
      expect(error.message).toMatch(new RegExp(`^(${members.join('|')})`));
      expect(error.message.length).toBeLessThan(300);
      expect(error.message).not.toContain('\n');
    }
  });
});
