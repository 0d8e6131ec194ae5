import { describe, expect, it } from 'vitest';
import { check, type CheckedFunctions, type CheckResult } from '../../src/cli/check.js';
import { parseRouteText } from '../../src/cli/route-text.js';
import { constant } from '../../src/win32/constants.js';
import { EventObject } from '../../src/win32/event-object.js';
import { bytesOf, FakeTarget } from './fake-target.js';
import type { NaiveRoute } from '../model/naive-rtm.js';

const ROUTES = `
0.0.0.0/0       via 192.0.2.1 if 2 metric 20
10.0.0.0/8      via 192.0.2.2 if 2 metric 5
10.0.0.0/8      via 192.0.2.3 if 3 metric 5
10.0.0.0/16     via 192.0.2.4 if 2 metric 5
172.16.0.0/12   via 192.0.2.5 if 2 metric 9
172.16.0.0/12   via 192.0.2.6 if 2 metric 8
203.0.113.0/24  via 192.0.2.7 if 2 metric 4
203.0.113.0/24  via 192.0.2.7 if 2 metric 6
192.0.2.0/24                  if 2
`;
const PROTOCOL = 3;

function checkRoutes(target: FakeTarget, text = ROUTES): CheckResult {
  return check(target, parseRouteText(Buffer.from(text)).routes, { protocol: PROTOCOL });
}

/** What the check says of a table with one function replaced; the spoiler is given the sound one. */
function brokenBy<Name extends keyof CheckedFunctions>(
  name: Name,
  spoil: (sound: CheckedFunctions[Name], target: FakeTarget) => CheckedFunctions[Name],
): string[] {
  const target = new FakeTarget();
  target.functions[name] = spoil(target.functions[name], target);
  return messagesOf(checkRoutes(target));
}

/** What it says of one step. */
function ofStep(step: string, messages: readonly string[]): string[] {
  return messages.filter((message) => message.startsWith(`${step}: `));
}

/** The routes of the table to a network, given as `a.b.c.d`, and the length of its prefix. */
function isTo(network: string, length: number): (route: NaiveRoute) => boolean {
  const octets = network.split('.').map(Number);
  const mask = [0, 8, 16, 24].map((bits) => (length > bits ? 0xff : 0));
  return ({ bytes }) => [...octets, ...mask].every((octet, index) => bytes[32 + index] === octet);
}

function messagesOf({ broken }: CheckResult): string[] {
  return broken.described.map(({ step, message }) => `${step}: ${message}`);
}

describe('a check of a sound table', () => {
  const target = new FakeTarget();
  const result = checkRoutes(target);

  it('finds no broken promise', () => {
    expect(messagesOf(result)).toEqual([]);
    expect(result.broken.count).toBe(0);
  });

  it('counts routes, updates and networks', () => {
    expect(result).toMatchObject({ added: 8, updated: [7], rejected: [], enumerated: 8, networks: 6, lookedUp: 6 });
    expect(result.competition).toEqual({ networks: 6, won: 3 });
    expect(result.ageing).toEqual({ routes: 6, aged: 6 });
  });

  it('counts what the listening client was told', () => {
    // Two of the nine rows change nothing; three take-overs and their ends; six that age; all networks at the end.
    expect(result.messages).toEqual({ added: 6, changed: 2 + 2 * 3 + 2 * 6, deleted: 6 });
  });

  it('tells how RtmDeregisterClient went and what it cost', () => {
    expect(result.deregister).toEqual({ status: 0, v2Calls: 8 });
  });

  it('tells how far it is', () => {
    const heard: string[] = [];
    const { routes } = parseRouteText(Buffer.from(ROUTES));
    check(new FakeTarget(), routes, {
      protocol: 3,
      onProgress: (step, done, total) => heard.push(`${step} ${done}/${total}`),
    });
    expect(heard).toEqual(['add 0/9', 'enumerate 0/9', 'look up 0/6']);
  });
});

describe('a check of a table that was not empty', () => {
  it('expects the networks of others to stay', () => {
    const target = new FakeTarget();
    const { RtmGetNetworkCount } = target.functions;
    target.functions.RtmGetNetworkCount = (family) => RtmGetNetworkCount(family) + 4;
    expect(checkRoutes(target)).toMatchObject({ networks: 10, broken: { count: 0 } });
  });
});

describe('a check notices that RtmRegisterClient', () => {
  it('gives no handle; nothing is added then', () => {
    const target = new FakeTarget();
    target.functions.RtmRegisterClient = () => {
      target.setLastError(constant('ERROR_ALREADY_EXISTS'));
      return 0;
    };
    const result = checkRoutes(target);
    expect(messagesOf(result)).toEqual([
      'register: RtmRegisterClient gave no handle, last error ERROR_ALREADY_EXISTS (183)',
      'deregister: RtmDeregisterClient gives ERROR_INVALID_HANDLE (6)',
    ]);
    expect(result).toMatchObject({ added: 0, enumerated: 0, lookedUp: 0, deregister: { status: 6, v2Calls: 0 } });
  });
});

describe('a check notices that RtmAddRoute', () => {
  it('refuses a route, and then expects the table without it', () => {
    const target = new FakeTarget();
    const { RtmAddRoute } = target.functions;
    let added = 0;
    target.functions.RtmAddRoute = (...parameters) =>
      ++added === 4 ? constant('ERROR_NO_SYSTEM_RESOURCES') : RtmAddRoute(...parameters);
    const result = checkRoutes(target);
    expect(messagesOf(result)).toEqual([
      'add: line 5, 10.0.0.0/16 via 192.0.2.4 if 2 metric 5: RtmAddRoute refused it with ERROR_NO_SYSTEM_RESOURCES (1450)',
    ]);
    expect(result).toMatchObject({ added: 7, enumerated: 7, networks: 5, rejected: [{ row: 3, status: 1450 }] });
  });

  it('does not write Flags', () => {
    const messages = brokenBy(
      'RtmAddRoute',
      (add) => (client, route, ttl, _flags, current, previous) =>
        add(client, route, ttl, new Uint32Array(1), current, previous),
    );
    expect(messages).toHaveLength(20);
    expect(ofStep('add', messages)).toHaveLength(9);
    expect(messages[0]).toBe(
      'add: line 2, 0.0.0.0/0 via 192.0.2.1 if 2 metric 20: Flags is 4294967295, not RTM_ROUTE_ADDED',
    );
  });

  it('reports a change where the best route stays', () => {
    const messages = brokenBy('RtmAddRoute', (add) => (client, route, ttl, flags, ...best) => {
      const status = add(client, route, ttl, flags, ...best);
      if (flags[0] === constant('RTM_NO_CHANGE')) flags[0] = constant('RTM_ROUTE_CHANGED');
      return status;
    });
    expect(ofStep('add', messages)).toEqual([
      'add: line 4, 10.0.0.0/8 via 192.0.2.3 if 3 metric 5: Flags is RTM_ROUTE_CHANGED, not RTM_NO_CHANGE',
    ]);
  });

  it('leaves CurBestRoute and PrevBestRoute alone', () => {
    const messages = brokenBy(
      'RtmAddRoute',
      (add) => (client, route, ttl, flags) => add(client, route, ttl, flags, null, null),
    );
    expect(ofStep('add', messages)).toHaveLength(6 + 2 + 2);
    expect(messages).toContain(
      'add: line 7, 172.16.0.0/12 via 192.0.2.6 if 2 metric 8: ' +
        'PrevBestRoute is 0.0.0.0/0 via 0.0.0.0 if 0, not 172.16.0.0/12 via 192.0.2.5 if 2',
    );
  });

  it('loses a route', () => {
    const messages = brokenBy('RtmAddRoute', (add, target) => (...parameters) => {
      const status = add(...parameters);
      target.table.routes = target.table.routes.filter((route) => !isTo('10.0.0.0', 16)(route));
      return status;
    });
    expect(ofStep('enumerate', messages)).toEqual([
      'enumerate: line 5, 10.0.0.0/16 via 192.0.2.4 if 2 metric 5: not enumerated',
    ]);
  });

  it('keeps the old data of a route that was updated', () => {
    const messages = brokenBy('RtmAddRoute', (add, target) => (...parameters) => {
      const known = target.table.routes.find(isTo('203.0.113.0', 24));
      const old = known?.bytes;
      const status = add(...parameters);
      if (known !== undefined && old !== undefined) known.bytes = old;
      return status;
    });
    expect(ofStep('enumerate', messages)).toEqual([
      'enumerate: line 9, 203.0.113.0/24 via 192.0.2.7 if 2 metric 6: ' +
        'RR_ProtocolSpecificData of Route is not what line 9 added',
    ]);
  });
});

describe('a check notices that RtmEnumerateGetNextRoute', () => {
  it('gives a route twice', () => {
    let given = 0;
    const first = new Uint8Array(92);
    const messages = brokenBy('RtmEnumerateGetNextRoute', (next) => (enumeration, route) => {
      given += 1;
      if (given === 9) {
        bytesOf(route).set(first);
        return 0;
      }
      const status = next(enumeration, route);
      if (given === 1) first.set(bytesOf(route));
      return status;
    });
    expect(messages).toEqual(['enumerate: line 2, 0.0.0.0/0 via 192.0.2.1 if 2 metric 20: enumerated twice']);
  });

  it('gives a route that nobody added', () => {
    const messages = brokenBy('RtmEnumerateGetNextRoute', (next) => (enumeration, route) => {
      const status = next(enumeration, route);
      if (bytesOf(route)[32] === 192) bytesOf(route)[12] = 77;
      return status;
    });
    expect(messages).toEqual([
      'enumerate: 192.0.2.0/24 via 0.0.0.0 if 77 was enumerated, and nobody added it',
      'enumerate: line 10, 192.0.2.0/24 if 2: not enumerated',
    ]);
  });

  it('gives a mask that is none', () => {
    const messages = brokenBy('RtmEnumerateGetNextRoute', (next) => (enumeration, route) => {
      const status = next(enumeration, route);
      if (bytesOf(route)[32] === 192) bytesOf(route)[36] = 0;
      return status;
    });
    expect(messages[0]).toBe(
      'enumerate: 192.0.2.0 mask 0.255.255.0 via 0.0.0.0 if 2 was enumerated, and nobody added it',
    );
  });

  it.each([
    [8, 'RR_RoutingProtocol'],
    [16, 'RR_ProtocolSpecificData'],
    [44, 'RR_NextHopAddress.N_NetMask'],
    [48, 'FSD_Type'],
    [52, 'FSD_Policy'],
    [60, 'FSD_Priority'],
    [64, 'FSD_Metric'],
    [84, 'FSD_Metric5'],
    [91, 'FSD_Flags'],
  ])('changes byte %i, which belongs to %s', (byte, member) => {
    const messages = brokenBy('RtmEnumerateGetNextRoute', (next) => (enumeration, route) => {
      const status = next(enumeration, route);
      if (bytesOf(route)[32] === 192) bytesOf(route)[byte] = 0x99;
      return status;
    });
    expect(messages).toEqual([`enumerate: line 10, 192.0.2.0/24 if 2: ${member} of Route is not what line 10 added`]);
  });

  it('gives no route and says that it did', () => {
    let given = 0;
    const messages = brokenBy('RtmEnumerateGetNextRoute', (next) => (enumeration, route) => {
      given += 1;
      return next(enumeration, given === 5 ? new Uint8Array(92) : route);
    });
    expect(messages[0]).toBe('enumerate: 0.0.0.0/0 via 0.0.0.0 if 0 was enumerated, and nobody added it');
  });

  it('never ends', () => {
    const target = new FakeTarget();
    const { RtmEnumerateGetNextRoute } = target.functions;
    const last = new Uint8Array(92);
    target.functions.RtmEnumerateGetNextRoute = (enumeration, route) => {
      RtmEnumerateGetNextRoute(enumeration, last);
      bytesOf(route).set(last);
      return 0;
    };
    const result = checkRoutes(target);
    expect(result.broken.described.at(-1)?.message).toContain('enumerated twice');
    expect(result.broken.countOf('enumerate')).toBeGreaterThan(1000);
  });

  it('ends with another code', () => {
    const messages = brokenBy(
      'RtmEnumerateGetNextRoute',
      (next) => (enumeration, route) => (next(enumeration, route) === 0 ? 0 : constant('ERROR_NOT_FOUND')),
    );
    expect(messages).toEqual(['enumerate: the enumeration ended with ERROR_NOT_FOUND (1168)']);
  });

  it('cannot be called: there is no handle', () => {
    const messages = brokenBy('RtmCreateEnumerationHandle', (_create, target) => () => {
      target.setLastError(constant('ERROR_NO_ROUTES'));
      return 0;
    });
    expect(messages).toEqual(['enumerate: no enumeration handle, last error ERROR_NO_MORE_ITEMS (259)']);
  });

  it('leaves a handle that cannot be closed', () => {
    expect(brokenBy('RtmCloseEnumerationHandle', () => () => 6)).toEqual([
      'enumerate: RtmCloseEnumerationHandle gives ERROR_INVALID_HANDLE (6)',
    ]);
  });
});

describe('a check notices that RtmGetNetworkCount', () => {
  it('miscounts', () => {
    expect(brokenBy('RtmGetNetworkCount', (count) => (family) => Math.min(count(family), 5))).toEqual([
      'networks: RtmGetNetworkCount tells 5, not 6',
    ]);
  });
});

describe('a check notices that RtmIsRoute', () => {
  it('gives another route than the best', () => {
    const messages = brokenBy('RtmIsRoute', (_isRoute, target) => (_family, network, best) => {
      const number = bytesOf(network);
      const found = target.table.routes.find(({ bytes }) => Buffer.from(bytes.subarray(32, 40)).equals(number));
      target.setLastError(0);
      if (found !== undefined && best !== null) bytesOf(best).set(found.bytes);
      return found !== undefined;
    });
    expect(ofStep('look up', messages)).toEqual([
      'look up: line 7, 172.16.0.0/12 via 192.0.2.6 if 2 metric 8: ' +
        'BestRoute is 172.16.0.0/12 via 192.0.2.5 if 2, not 172.16.0.0/12 via 192.0.2.6 if 2',
    ]);
  });

  it('finds the route and does not give it', () => {
    const target = new FakeTarget();
    const { RtmIsRoute } = target.functions;
    target.functions.RtmIsRoute = (family, network) => RtmIsRoute(family, network, null);
    expect(ofStep('look up', messagesOf(checkRoutes(target, '10.0.0.0/8 if 2')))).toEqual([
      'look up: line 1, 10.0.0.0/8 if 2: BestRoute is 0.0.0.0/0 via 0.0.0.0 if 0, not 10.0.0.0/8 via 0.0.0.0 if 2',
    ]);
  });

  it('does not find a network', () => {
    const messages = brokenBy(
      'RtmIsRoute',
      (isRoute) => (family, network, best) => bytesOf(network)[0] !== 203 && isRoute(family, network, best),
    );
    expect(ofStep('look up', messages)).toEqual([
      'look up: line 9, 203.0.113.0/24 via 192.0.2.7 if 2 metric 6: RtmIsRoute finds nothing, last error NO_ERROR (0)',
    ]);
  });

  it('finds a network by a shorter prefix', () => {
    const messages = brokenBy(
      'RtmIsRoute',
      (isRoute) => (family, network, best) => isRoute(family, network, best) || bytesOf(network)[7] === 255,
    );
    expect(messages).toEqual(['look up: RtmIsRoute finds 0.0.0.0/32, and nobody added it']);
  });

  it('does not clear the last error for an absent network', () => {
    const messages = brokenBy('RtmIsRoute', (isRoute, target) => (family, network, best) => {
      const isThere = isRoute(family, network, best);
      if (!isThere) target.setLastError(constant('ERROR_NO_SYSTEM_RESOURCES'));
      return isThere;
    });
    expect(messages).toEqual([
      'look up: RtmIsRoute of an absent network sets last error ERROR_NO_SYSTEM_RESOURCES (1450), not 0',
    ]);
  });

  it('is asked for a network that is truly absent, where the first hosts are there', () => {
    const result = checkRoutes(new FakeTarget(), '255.255.255.255/32\n0.0.0.0/32\n0.0.0.1/32');
    expect(messagesOf(result)).toEqual([]);
    expect(result.lookedUp).toBe(3);
  });
});

describe('a check notices that RtmDeregisterClient', () => {
  it('fails', () => {
    const messages = brokenBy('RtmDeregisterClient', () => () => constant('ERROR_NO_SYSTEM_RESOURCES'));
    expect(messages.slice(0, 4)).toEqual([
      'deregister: RtmDeregisterClient gives ERROR_NO_SYSTEM_RESOURCES (1450)',
      'deregister: a second RtmDeregisterClient gives ERROR_NO_SYSTEM_RESOURCES (1450), not ERROR_INVALID_HANDLE (6)',
      'deregister: RtmGetNetworkCount tells 6 afterwards, not 0',
      'deregister: the protocol still has routes',
    ]);
  });

  it('leaves the handle alive', () => {
    let calls = 0;
    const messages = brokenBy('RtmDeregisterClient', (deregister) => (client) => {
      calls += 1;
      return calls === 2 ? 0 : deregister(client);
    });
    expect(messages).toEqual([
      'deregister: a second RtmDeregisterClient gives NO_ERROR (0), not ERROR_INVALID_HANDLE (6)',
    ]);
  });

  it('leaves a route in the table', () => {
    const messages = brokenBy('RtmDeregisterClient', (deregister, target) => (client) => {
      const [left] = target.table.routes;
      const status = deregister(client);
      if (left !== undefined && !target.table.routes.includes(left)) target.table.routes.push(left);
      return status;
    });
    expect(messages.slice(0, 2)).toEqual([
      'deregister: RtmGetNetworkCount tells 1 afterwards, not 0',
      'deregister: the protocol still has routes',
    ]);
  });

  it('leaves something behind in v2', () => {
    const target = new FakeTarget();
    target.left = { entities: 0, routes: 0, nextHops: 3, destinations: 0, handles: 1 };
    const result = checkRoutes(target);
    expect(messagesOf(result)).toEqual([
      'left behind: nextHops held in RTMv2 after the client is gone: 3',
      'left behind: handles held in RTMv2 after the client is gone: 1',
    ]);
    expect(result.leftBehind).toEqual(target.left);
  });
});

describe('a check against a competing protocol notices that', () => {
  it('RtmAddRoute lets a better route lose', () => {
    const messages = brokenBy('RtmAddRoute', (add) => (client, route, ...rest) => {
      const bytes = Uint8Array.from(bytesOf(route));
      if (bytes[60] === 1) bytes[60] = 9;
      return add(client, bytes, ...rest);
    });
    expect(ofStep('compete', messages)[0]).toBe(
      'compete: line 2, 0.0.0.0/0 via 192.0.2.1 if 2 metric 20: Flags is RTM_NO_CHANGE, not RTM_ROUTE_CHANGED',
    );
  });

  it('RtmDeleteRoute does not find the route', () => {
    const messages = brokenBy('RtmDeleteRoute', () => () => 259);
    expect(ofStep('compete', messages)[0]).toBe(
      'compete: line 2, 0.0.0.0/0 via 192.0.2.1 if 2 metric 20: RtmDeleteRoute gives ERROR_NO_MORE_ITEMS (259)',
    );
  });

  it('RtmDeleteRoute does not tell which route is the best one now', () => {
    const messages = brokenBy(
      'RtmDeleteRoute',
      (remove) => (client, route, flags) => remove(client, route, flags, null),
    );
    expect(messages).toHaveLength(3);
    expect(messages[0]).toContain('compete: line 2, 0.0.0.0/0 via 192.0.2.1 if 2 metric 20: CurBestRoute is ');
  });
});

describe('a check of ageing notices that', () => {
  it('a route outlives its time', () => {
    const messages = brokenBy(
      'RtmAddRoute',
      (add) => (client, route, _timeToLive, ...rest) => add(client, route, 0xffffffff, ...rest),
    );
    expect(ofStep('age', messages)).toContain(
      'age: line 2, 0.0.0.0/0 via 192.0.2.1 if 2 metric 20: a route past its time to live is still there: NO_ERROR (0)',
    );
  });

  it('a route goes before its time', () => {
    const messages = brokenBy(
      'RtmAddRoute',
      (add) => (client, route, timeToLive, ...rest) => add(client, route, timeToLive === 60 ? 59 : timeToLive, ...rest),
    );
    expect(ofStep('age', messages)[0]).toContain('RR_RoutingProtocol of BestRoute is not what line 2 added');
  });

  it('RtmGetRouteAge miscounts', () => {
    const messages = brokenBy('RtmGetRouteAge', (age) => (route) => age(route) + 1);
    expect(messages).toHaveLength(6);
    expect(messages[0]).toBe(
      'age: line 2, 0.0.0.0/0 via 192.0.2.1 if 2 metric 20: RtmGetRouteAge tells 60 seconds after 59',
    );
  });
});

describe('a check with a listening client notices that', () => {
  const LINE_2 = 'messages: line 2, 0.0.0.0/0 via 192.0.2.1 if 2 metric 20: ';

  it('a message is lost', () => {
    let taken = 0;
    const messages = brokenBy('RtmDequeueRouteChangeMessage', (dequeue) => (...parameters) => {
      taken += 1;
      if (taken === 1) dequeue(...parameters);
      return dequeue(...parameters);
    });
    expect(messages[0]).toContain(LINE_2);
    expect(messages.at(-1)).toContain('no message, ERROR_NO_MORE_ITEMS (259)');
  });

  it('a message is told twice', () => {
    let taken = 0;
    const messages = brokenBy('RtmDequeueRouteChangeMessage', (dequeue) => (client, flags, current, previous) => {
      taken += 1;
      if (taken !== 2 || current === null) return dequeue(client, flags, current, previous);
      flags[0] = 1;
      return 234;
    });
    expect(messages[0]).toMatch(/^messages: line 3, .*: RR_RoutingProtocol of CurBestRoute is not that of 10.0.0.0\/8/);
  });

  it('messages have no end', () => {
    const target = new FakeTarget();
    const dequeue = target.functions.RtmDequeueRouteChangeMessage;
    target.functions.RtmDequeueRouteChangeMessage = (...parameters) => {
      dequeue(...parameters);
      return constant('ERROR_MORE_MESSAGES');
    };
    const { broken } = checkRoutes(target);
    expect(broken.countOf('messages')).toBeGreaterThan(256);
  });

  it('a change of the best route is told as its first one', () => {
    const messages = brokenBy('RtmDequeueRouteChangeMessage', (dequeue) => (client, flags, ...best) => {
      const status = dequeue(client, flags, ...best);
      if (flags[0] === 3) flags[0] = 1;
      return status;
    });
    expect(messages[0]).toBe(
      'messages: line 7, 172.16.0.0/12 via 192.0.2.6 if 2 metric 8: told as RTM_ROUTE_ADDED, not RTM_ROUTE_CHANGED',
    );
  });

  it('the previous best route is not given', () => {
    const messages = brokenBy(
      'RtmDequeueRouteChangeMessage',
      (dequeue) => (client, flags, current) => dequeue(client, flags, current, null),
    );
    expect(messages[0]).toContain('of PrevBestRoute is not that of 172.16.0.0/12 via 192.0.2.5 if 2');
  });

  it('its event is never signalled', () => {
    const messages = brokenBy(
      'RtmRegisterClient',
      (register) => (family, protocol, event, flags) =>
        register(family, protocol, event === null ? null : new EventObject(), flags),
    );
    expect(messages[0]).toBe('messages: the change event is not signalled, and messages wait');
  });

  it('its event stays signalled', () => {
    const messages = brokenBy('RtmRegisterClient', (register) => (family, protocol, event, flags) => {
      if (event instanceof EventObject) event.reset = () => undefined;
      return register(family, protocol, event, flags);
    });
    expect(messages[0]).toBe('messages: the change event is signalled for nothing');
  });

  it('it cannot be registered with an event', () => {
    const messages = brokenBy('RtmRegisterClient', (register, target) => (family, protocol, event, flags) => {
      target.setLastError(constant('ERROR_INVALID_PARAMETER'));
      return event === null ? register(family, protocol, event, flags) : 0;
    });
    expect(messages).toEqual([
      'register: RtmRegisterClient with a change event gave no handle, last error ERROR_INVALID_PARAMETER (87)',
    ]);
  });
});

describe('broken promises', () => {
  it('beyond the first 20 are counted', () => {
    const target = new FakeTarget();
    target.functions.RtmAddRoute = () => 1450;
    const { broken } = checkRoutes(target, Array.from({ length: 50 }, (_, octet) => `10.${octet}.0.0/16`).join('\n'));
    expect([broken.count, broken.described.length]).toEqual([50, 20]);
  });
});
