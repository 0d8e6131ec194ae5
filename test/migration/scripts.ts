/** Scripts for driver.c and for ScriptRunner: by v1 function, and at random. */
import {
  PROTO_IP_OSPF,
  PROTO_IP_RIP,
  RTM_ONLY_BEST_ROUTES,
  RTM_ONLY_THIS_INTERFACE,
  RTM_ONLY_THIS_NETWORK,
  RTM_ONLY_THIS_PROTOCOL,
  RTM_PROTOCOL_SINGLE_ROUTE,
} from '../../src/v1/constants.js';
import { ipv4, ipv4Mask } from '../../src/v1/ipv4.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';
import { Random } from '../support/random.js';
import { routeText } from './script.js';

const INFINITE = 'ffffffff';

interface Fields {
  readonly via?: string;
  readonly interfaceId?: number;
  readonly metric?: number;
  readonly priority?: number;
  readonly protocol?: number;
  readonly type?: number;
}

/** A route in which every member that a client can set says something. */
function route(network: string, fields: Fields = {}): string {
  const { via = '192.0.2.1', interfaceId = 1, metric = 1, priority = 10, protocol = 0, type = 4 } = fields;
  const [address = '', length = ''] = network.split('/');
  const result = new RtmIpRoute();
  result.RR_RoutingProtocol = protocol;
  result.RR_InterfaceID = interfaceId;
  result.RR_ProtocolSpecificData.PSD_Data.set([metric + 1, 2, 3, 0xfedcba98]);
  result.RR_Network.N_NetNumber = ipv4(address);
  result.RR_Network.N_NetMask = ipv4Mask(Number(length));
  result.RR_NextHopAddress.N_NetNumber = ipv4(via);
  result.RR_NextHopAddress.N_NetMask = ipv4Mask(24);
  const data = result.RR_FamilySpecificData;
  data.FSD_Type = type;
  data.FSD_Policy = 0x10;
  data.FSD_NextHopAS = 65001;
  data.FSD_Priority = priority;
  data.FSD_Metric = metric;
  data.FSD_Metric1 = metric;
  data.FSD_Metric5 = 55;
  data.FSD_Flags = 0x101;
  return routeText(result);
}

const hex = (value: number): string => value.toString(16);
const network = (text: string): string => {
  const [address = '', length = ''] = text.split('/');
  return `${hex(ipv4(address))} ${hex(ipv4Mask(Number(length)))}`;
};

const RIP = `start 0 ${hex(PROTO_IP_RIP)} 0 0`;
const OSPF = `start 1 ${hex(PROTO_IP_OSPF)} 0 0`;
const add = (client: number, to: string, fields: Fields = {}): string => `add ${client} ${INFINITE} ${route(to, fields)}`;
const remove = (client: number, to: string, fields: Fields = {}): string => `delete ${client} ${route(to, fields)}`;
const by = (call: string, flags: number, to: string, fields: Fields = {}): string => `${call} 0 ${hex(flags)} ${route(to, fields)}`;

/** Routes of two clients to a few networks, some of them to the same. */
const TABLE = [
  RIP,
  OSPF,
  add(0, '0.0.0.0/0'),
  add(0, '10.0.0.0/8'),
  add(0, '10.0.0.0/8', { via: '192.0.2.2', metric: 3 }),
  add(0, '10.0.0.0/8', { via: '192.0.2.2', interfaceId: 2, metric: 4 }),
  add(1, '10.0.0.0/8', { priority: 5, via: '198.51.100.1' }),
  add(1, '10.0.0.0/16', { via: '198.51.100.1', type: 3 }),
  add(0, '10.1.2.3/32', { metric: 9 }),
  add(1, '9.0.0.0/8', { interfaceId: 3 }),
];
const END = ['table', 'stop 0', 'table', 'stop 1', 'table'];

export const scripts: Readonly<Record<string, readonly string[]>> = {
  RtmRegisterClient: [RIP, OSPF, `start 2 ${hex(PROTO_IP_RIP)} 0 0`, 'start 3 63 2 0', ...END],
  RtmDeregisterClient: [...TABLE, ...END],
  RtmAddRoute: [
    ...TABLE,
    add(0, '10.0.0.0/8', { metric: 2 }),
    add(0, '10.0.0.0/8', { metric: 2 }),
    add(0, '10.0.0.0/8', { priority: 1 }),
    add(0, '10.0.0.0/8', { priority: 99 }),
    `add 0 ${INFINITE} ${route('10.0.0.0/8').replace(` ${hex(ipv4Mask(8))} `, ' ff00ff ')}`,
    `add 0 ${INFINITE} ${route('10.0.0.1/8')}`,
    `add 0 20c49c ${route('10.0.0.0/8')}`,
    ...END,
    `start 0 ${hex(PROTO_IP_RIP)} ${hex(RTM_PROTOCOL_SINGLE_ROUTE)} 0`,
    add(0, '10.0.0.0/8'),
    add(0, '10.0.0.0/8', { via: '192.0.2.9', interfaceId: 4 }),
    'table',
    'stop 0',
  ],
  RtmDeleteRoute: [
    ...TABLE,
    remove(0, '10.0.0.0/8'),
    remove(0, '10.0.0.0/8'),
    remove(0, '10.0.0.0/9'),
    remove(1, '10.0.0.0/8', { via: '198.51.100.1' }),
    remove(0, '10.0.0.0/8', { via: '192.0.2.2' }),
    remove(0, '10.0.0.0/8', { via: '192.0.2.2', interfaceId: 2 }),
    remove(0, '10.1.2.3/32'),
    ...END,
    `start 0 ${hex(PROTO_IP_RIP)} ${hex(RTM_PROTOCOL_SINGLE_ROUTE)} 0`,
    add(0, '10.0.0.0/8'),
    remove(0, '10.0.0.0/8', { via: '203.0.113.77', interfaceId: 9 }),
    'table',
    'stop 0',
  ],
  RtmDequeueRouteChangeMessage: [
    RIP,
    add(0, '10.0.0.0/8'),
    `start 1 ${hex(PROTO_IP_OSPF)} 0 1`,
    'message 1',
    'message 0',
    add(0, '10.0.0.0/8', { metric: 2 }),
    'message 1',
    'message 1',
    add(0, '10.0.0.0/8', { metric: 2 }),
    'message 1',
    add(1, '10.0.0.0/8', { priority: 1 }),
    'message 1',
    remove(1, '10.0.0.0/8'),
    'message 1',
    remove(0, '10.0.0.0/8'),
    'message 1',
    add(0, '172.16.0.0/12'),
    'message 1',
    'stop 0',
    'message 1',
    'message 1',
    'table',
    'stop 1',
  ],
  RtmIsRoute: [
    ...TABLE,
    ...['10.0.0.0/8', '10.0.0.0/16', '10.0.0.0/9', '0.0.0.0/0', '10.1.2.3/32'].map((text) => `is 0 ${network(text)}`),
    `is 1 ${network('10.0.0.0/8')}`,
    'is 0 a ff00ff',
    ...END,
  ],
  RtmGetNetworkCount: [RIP, 'count 0', OSPF, ...TABLE.slice(2), 'count 0', 'count 1', ...END],
  RtmGetRouteAge: [...TABLE, `age 0 ${network('10.0.0.0/8')}`, `age 0 ${network('9.0.0.0/8')}`, `age 0 ${network('8.0.0.0/8')}`, ...END],
  RtmCreateEnumerationHandle: [
    ...TABLE,
    ...[0, 1, 2, 4, 8, 3, 5, 6, 9, 15].map((flags) => by('list', flags, '10.0.0.0/8', { protocol: PROTO_IP_OSPF })),
    by('list', RTM_ONLY_THIS_NETWORK, '10.0.0.0/9'),
    ...END,
  ],
  RtmEnumerateGetNextRoute: [RIP, by('list', 0, '0.0.0.0/0'), add(0, '10.0.0.0/8'), by('list', 0, '0.0.0.0/0'), 'stop 0'],
  RtmCloseEnumerationHandle: [...TABLE, by('list', RTM_ONLY_BEST_ROUTES, '0.0.0.0/0'), ...END],
  RtmBlockDeleteRoutes: [
    ...TABLE,
    by('block', RTM_ONLY_THIS_INTERFACE, '0.0.0.0/0', { interfaceId: 2 }),
    by('block', RTM_ONLY_THIS_INTERFACE, '0.0.0.0/0', { interfaceId: 2 }),
    'table',
    by('block', RTM_ONLY_THIS_NETWORK, '10.0.0.0/8'),
    'table',
    by('block', RTM_ONLY_THIS_PROTOCOL, '0.0.0.0/0', { protocol: PROTO_IP_OSPF }),
    by('block', RTM_ONLY_BEST_ROUTES, '0.0.0.0/0'),
    by('block', 0, '0.0.0.0/0'),
    ...END,
  ],
  RtmGetFirstRoute: [
    ...TABLE,
    by('first', 0, '0.0.0.0/0'),
    by('first', RTM_ONLY_THIS_NETWORK, '10.0.0.0/8'),
    by('first', RTM_ONLY_THIS_NETWORK, '10.0.0.0/9'),
    by('first', RTM_ONLY_THIS_PROTOCOL, '0.0.0.0/0', { protocol: PROTO_IP_OSPF }),
    by('first', RTM_ONLY_THIS_INTERFACE, '0.0.0.0/0', { interfaceId: 2 }),
    by('first', RTM_ONLY_THIS_NETWORK | RTM_ONLY_THIS_PROTOCOL | RTM_ONLY_THIS_INTERFACE, '10.0.0.0/8', { protocol: PROTO_IP_RIP, interfaceId: 2 }),
    by('first', RTM_ONLY_THIS_INTERFACE, '0.0.0.0/0', { interfaceId: 99 }),
    ...END,
  ],
  RtmGetNextRoute: [
    ...TABLE,
    by('next', 0, '0.0.0.0/0'),
    by('next', 0, '0.0.0.0/0', { protocol: PROTO_IP_RIP }),
    by('next', 0, '10.0.0.0/8', { protocol: PROTO_IP_RIP }),
    by('next', 0, '10.0.0.0/8', { protocol: PROTO_IP_RIP, via: '192.0.2.2' }),
    by('next', 0, '10.0.0.0/8', { protocol: PROTO_IP_RIP, via: '192.0.2.2', interfaceId: 2 }),
    by('next', 0, '10.0.0.0/8', { protocol: PROTO_IP_OSPF, via: '198.51.100.1' }),
    by('next', 0, '10.0.0.0/16', { protocol: PROTO_IP_OSPF, via: '198.51.100.1' }),
    by('next', RTM_ONLY_THIS_PROTOCOL, '9.0.0.0/8', { protocol: PROTO_IP_RIP }),
    by('next', RTM_ONLY_BEST_ROUTES, '9.0.0.0/8', { protocol: 0xffffffff }),
    by('next', 0, '10.1.2.3/32', { protocol: PROTO_IP_RIP }),
    ...END,
  ],
  RtmLookupIPDestination: [
    RIP,
    'look 0 1020304',
    'stop 0',
    ...TABLE,
    ...['10.1.2.3', '10.0.7.7', '10.9.9.9', '9.1.1.1', '203.0.113.1'].map((address) => `look 0 ${hex(ipv4(address))}`),
    ...END,
  ],
};

const NETWORKS = ['0.0.0.0/0', '10.0.0.0/8', '10.0.0.0/16', '10.128.0.0/9', '192.168.1.0/24', '192.168.1.128/25', '172.16.5.4/32'];
const HOPS = ['192.0.2.1', '192.0.2.2', '203.0.113.9'];

/** Calls at random on three clients, one of them a single-route client and one that is told of changes. */
export function randomScript(seed: number): readonly string[] {
  const random = new Random(seed);
  const script = [RIP, `start 1 ${hex(PROTO_IP_OSPF)} ${hex(RTM_PROTOCOL_SINGLE_ROUTE)} 0`, 'start 2 63 0 1'];
  const some = (): string =>
    route(random.of(NETWORKS), {
      via: random.of(HOPS),
      interfaceId: 1 + random.below(3),
      metric: random.below(5),
      priority: random.below(3),
      protocol: random.of([PROTO_IP_RIP, PROTO_IP_OSPF, 99]),
      type: 1 + random.below(4),
    });
  const flags = (): string => hex(random.below(16));
  for (let step = 0; step < 150; step += 1) {
    const client = random.below(3);
    const call = random.of([
      ...Array.from({ length: 5 }, () => `add ${client} ${INFINITE} ${some()}`),
      ...Array.from({ length: 3 }, () => `delete ${client} ${some()}`),
      `list ${client} ${flags()} ${some()}`,
      `first ${client} ${flags()} ${some()}`,
      `next ${client} ${flags()} ${some()}`,
      `look ${client} ${hex(ipv4(random.of(['10.0.0.1', '10.200.0.1', '192.168.1.200', '172.16.5.4', '8.8.8.8'])))}`,
      `count ${client}`,
      `is ${client} ${network(random.of(NETWORKS))}`,
    ]);
    // What has changed twice between two looks is one change to RTMv2 and two to version 1.
    script.push(call, 'message 2');
  }
  return [...script, 'table', 'block 1 0 0', 'table', ...[0, 1, 2].map((client) => `stop ${client}`), 'table'];
}
