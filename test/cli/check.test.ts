import { describe, expect, it } from 'vitest';
import { check, type CheckedFunctions, type CheckResult } from '../../src/cli/check.js';
import { parseRouteText } from '../../src/cli/route-text.js';
import { constant } from '../../src/win32/constants.js';
import { bytesOf, FakeTarget } from './fake-target.js';

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
    expect(result).toMatchObject({ added: 8, updated: 1, rejected: [], enumerated: 8, networks: 6, lookedUp: 6 });
  });

  it('tells how RtmDeregisterClient went and what it cost', () => {
    expect(result.deregister).toEqual({ status: 0, v2Calls: 6 });
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
    target.setLastError(constant('ERROR_ALREADY_EXISTS'));
    target.functions.RtmRegisterClient = () => 0;
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
    expect(messages).toHaveLength(9);
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
    expect(messages).toEqual([
      'add: line 4, 10.0.0.0/8 via 192.0.2.3 if 3 metric 5: Flags is RTM_ROUTE_CHANGED, not RTM_NO_CHANGE',
    ]);
  });

  it('leaves CurBestRoute and PrevBestRoute alone', () => {
    const messages = brokenBy(
      'RtmAddRoute',
      (add) => (client, route, ttl, flags) => add(client, route, ttl, flags, null, null),
    );
    expect(messages).toHaveLength(6 + 2 + 2);
    expect(messages).toContain(
      'add: line 7, 172.16.0.0/12 via 192.0.2.6 if 2 metric 8: ' +
        'PrevBestRoute is 0.0.0.0/0 via 0.0.0.0 if 0, not 172.16.0.0/12 via 192.0.2.5 if 2',
    );
  });

  it('loses a route', () => {
    const messages = brokenBy('RtmAddRoute', (add, target) => (...parameters) => {
      const status = add(...parameters);
      target.networks.get('0a000000ffff0000')?.routes.splice(0);
      return status;
    });
    expect(messages).toEqual(['enumerate: line 5, 10.0.0.0/16 via 192.0.2.4 if 2 metric 5: not enumerated']);
  });

  it('keeps the old data of a route that was updated', () => {
    const messages = brokenBy('RtmAddRoute', (add, target) => (...parameters) => {
      const network = target.networks.get('cb007100ffffff00');
      const old = network === undefined ? undefined : [...network.routes];
      const status = add(...parameters);
      if (network !== undefined && old !== undefined) network.routes.splice(0, Infinity, ...old);
      return status;
    });
    expect(messages).toEqual([
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
      const found = target.networks.get(Buffer.from(bytesOf(network)).toString('hex'))?.routes[0];
      target.setLastError(0);
      if (found !== undefined && best !== null) bytesOf(best).set(found);
      return found !== undefined;
    });
    expect(messages).toEqual([
      'look up: line 7, 172.16.0.0/12 via 192.0.2.6 if 2 metric 8: ' +
        'BestRoute is 172.16.0.0/12 via 192.0.2.5 if 2, not 172.16.0.0/12 via 192.0.2.6 if 2',
    ]);
  });

  it('finds the route and does not give it', () => {
    const target = new FakeTarget();
    const { RtmIsRoute } = target.functions;
    target.functions.RtmIsRoute = (family, network) => RtmIsRoute(family, network, null);
    expect(messagesOf(checkRoutes(target, '10.0.0.0/8 if 2'))).toEqual([
      'look up: line 1, 10.0.0.0/8 if 2: BestRoute is 0.0.0.0/0 via 0.0.0.0 if 0, not 10.0.0.0/8 via 0.0.0.0 if 2',
    ]);
  });

  it('does not find a network', () => {
    const messages = brokenBy(
      'RtmIsRoute',
      (isRoute) => (family, network, best) => bytesOf(network)[0] !== 203 && isRoute(family, network, best),
    );
    expect(messages).toEqual([
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
    expect(brokenBy('RtmDeregisterClient', () => () => constant('ERROR_NO_SYSTEM_RESOURCES'))).toEqual([
      'deregister: RtmDeregisterClient gives ERROR_NO_SYSTEM_RESOURCES (1450)',
      'deregister: a second RtmDeregisterClient gives ERROR_NO_SYSTEM_RESOURCES (1450), not ERROR_INVALID_HANDLE (6)',
      'deregister: RtmGetNetworkCount tells 6 afterwards, not 0',
      'deregister: the protocol still has routes',
    ]);
  });

  it('leaves the handle alive', () => {
    expect(brokenBy('RtmDeregisterClient', (_deregister, target) => () => (target.networks.clear(), 0))).toEqual([
      'deregister: a second RtmDeregisterClient gives NO_ERROR (0), not ERROR_INVALID_HANDLE (6)',
    ]);
  });

  it('leaves a route in the table', () => {
    const messages = brokenBy('RtmDeregisterClient', (deregister, target) => (client) => {
      const [left] = target.networks;
      const status = deregister(client);
      if (left !== undefined) target.networks.set(...left);
      return status;
    });
    expect(messages).toEqual([
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

describe('broken promises', () => {
  it('beyond the first 20 are counted', () => {
    const target = new FakeTarget();
    target.functions.RtmAddRoute = () => 1450;
    const { broken } = checkRoutes(target, Array.from({ length: 50 }, (_, octet) => `10.${octet}.0.0/16`).join('\n'));
    expect([broken.count, broken.described.length]).toEqual([50, 20]);
  });
});
