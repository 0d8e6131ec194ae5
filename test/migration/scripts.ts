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

/** No table can hold these: a mask with a hole, bits outside the mask, no route. */
const INVALID = [route('10.0.0.0/8').replace(` ${hex(ipv4Mask(8))} `, ' ff00ff '), route('10.0.0.1/8'), 'null'];

/** Flags and both buffers are wanted. */
const ALL = 7;

const start = (client: number, protocol: number, { event = 0, flags = 0 } = {}): string =>
  `start ${client} ${hex(protocol)} ${hex(flags)} ${event}`;
const RIP = start(0, PROTO_IP_RIP);
const OSPF = start(1, PROTO_IP_OSPF);
const add = (client: number, to: string, fields: Fields = {}, ttl = INFINITE): string => `add ${client} ${ttl} ${route(to, fields)} ${ALL}`;
const remove = (client: number, to: string, fields: Fields = {}): string => `delete ${client} ${route(to, fields)} ${ALL}`;
const message = (client: number): string => `message ${client} ${ALL}`;
const by = (call: string, flags: number, to: string, fields: Fields = {}): string => `${call} 0 ${hex(flags)} ${route(to, fields)}`;
const nadd = (to: string, { preference = 1, metric = 0, flags = 0, flags1 = 0, views = 1, nowhere = 0 } = {}): string =>
  `nadd ${hex(preference)} ${hex(metric)} ${hex(flags)} ${hex(flags1)} ${network(to)} ${views} ${nowhere}`;
const ndelete = (to: string): string => `ndelete ${network(to)}`;
const NATIVE = 'native 63';
const times = (count: number, line: string): string[] => Array.from({ length: count }, () => line);

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
const END = ['table', 'stop 0', 'table', 'stop 1'];

export const scripts: Readonly<Record<string, readonly string[]>> = {
  RtmRegisterClient: [
    RIP,
    OSPF,
    start(2, PROTO_IP_RIP),
    start(2, PROTO_IP_RIP, { event: 1 }),
    start(3, 99, { flags: 2 }),
    start(3, 99, { flags: 3, event: 1 }),
    start(3, 99, { event: 1 }),
    message(3),
    'stop 3',
    ...END,
  ],
  RtmDeregisterClient: [
    ...TABLE,
    start(2, 99, { event: 1 }),
    'stop 0',
    ...times(12, message(2)),
    'stop 1',
    'stop 1',
    'stop 5',
    ...times(6, message(2)),
    'stop 2',
  ],
  RtmAddRoute: [
    ...TABLE,
    add(0, '10.0.0.0/8', { metric: 2 }),
    add(0, '10.0.0.0/8', { metric: 2 }),
    add(0, '10.0.0.0/8', { priority: 1 }),
    add(0, '10.0.0.0/8', { priority: 99 }),
    ...INVALID.map((invalid) => `add 0 ${INFINITE} ${invalid} ${ALL}`),
    add(0, '10.0.0.0/8', {}, '20c49c'),
    add(0, '10.0.0.0/8', {}, '20c49b'),
    add(5, '10.0.0.0/8'),
    add(5, '10.0.0.0/8', {}, '20c49c'),
    ...[0, 1, 2, 3, 5, 6].map((wanted) => `add 0 ${INFINITE} ${route('10.3.0.0/16', { metric: wanted })} ${wanted}`),
    ...END,
    start(0, PROTO_IP_RIP, { flags: RTM_PROTOCOL_SINGLE_ROUTE }),
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
    ...INVALID.map((invalid) => `delete 0 ${invalid} ${ALL}`),
    remove(5, '10.0.0.0/8'),
    `delete 0 ${route('0.0.0.0/0')} 0`,
    `delete 0 ${route('0.0.0.0/0')} 1`,
    ...END,
    start(0, PROTO_IP_RIP, { flags: RTM_PROTOCOL_SINGLE_ROUTE }),
    add(0, '10.0.0.0/8'),
    remove(0, '10.0.0.0/8', { via: '203.0.113.77', interfaceId: 9 }),
    'table',
    'stop 0',
  ],
  RtmDequeueRouteChangeMessage: [
    RIP,
    add(0, '10.0.0.0/8'),
    start(1, PROTO_IP_OSPF, { event: 1 }),
    message(1),
    message(0),
    message(5),
    add(0, '10.0.0.0/8', { metric: 2 }),
    'message 1 0',
    'message 1 1',
    message(1),
    add(0, '10.0.0.0/8', { metric: 2 }),
    message(1),
    ...[1, 2, 3, 4].map((metric) => add(0, '10.0.0.0/8', { metric })),
    ...times(3, message(1)),
    add(1, '10.0.0.0/8', { priority: 1 }),
    ...times(2, message(1)),
    remove(1, '10.0.0.0/8'),
    message(1),
    remove(0, '10.0.0.0/8'),
    message(1),
    add(0, '172.16.0.0/12'),
    message(1),
    'stop 0',
    ...times(2, message(1)),
    'table',
    'stop 1',
  ],
  'messages of two clients about each other': [
    start(0, PROTO_IP_RIP, { event: 1 }),
    start(1, PROTO_IP_OSPF, { event: 2 }),
    add(0, '10.0.0.0/8'),
    add(1, '10.0.0.0/8', { priority: 1 }),
    add(0, '10.0.0.0/8', { priority: 0 }),
    remove(0, '10.0.0.0/8'),
    ...times(3, message(0)),
    ...times(4, message(1)),
    add(0, '10.0.0.0/8'),
    'block 0 0 null',
    message(0),
    message(1),
    'stop 1',
    message(0),
    'stop 0',
  ],
  'an event that two clients share': [
    start(0, PROTO_IP_RIP, { event: 1 }),
    start(1, PROTO_IP_OSPF, { event: 1 }),
    start(2, 99),
    add(2, '10.0.0.0/8'),
    message(0),
    message(1),
    message(1),
    add(2, '10.0.0.0/8', { metric: 9 }),
    'stop 0',
    message(1),
    add(2, '10.0.0.0/8', { metric: 7 }),
    'stop 1',
    'stop 2',
  ],
  'a change of another protocol before one of our own': ['', '10.0.0.0/8', '192.168.0.0/16'].flatMap((later) => [
    start(0, PROTO_IP_RIP, { event: 1 }),
    start(1, PROTO_IP_OSPF, { event: 2 }),
    NATIVE,
    add(0, '10.0.0.0/8', { priority: 3 }),
    'hold',
    nadd('10.0.0.0/8', { preference: 3, metric: 9 }),
    add(0, '10.0.0.0/8', { priority: 9 }),
    nadd('10.0.0.0/8', { preference: 2 }),
    remove(0, '10.0.0.0/8'),
    ndelete('10.0.0.0/8'),
    add(0, '10.0.0.0/8'),
    nadd('10.0.0.0/8', { preference: 2 }),
    ...(later === '' ? [] : [nadd(later, { preference: 1 })]),
    ndelete('10.0.0.0/8'),
    'block 0 0 null',
    nadd('10.0.0.0/8', { preference: 2 }),
    'stop 1',
    'release',
    ...times(9, message(0)),
    'nleave',
    ...times(3, message(0)),
    'stop 0',
  ]),
  'changes of another protocol alone': [
    start(0, PROTO_IP_RIP, { event: 1 }),
    start(1, PROTO_IP_OSPF),
    NATIVE,
    nadd('10.0.0.0/8'),
    message(0),
    nadd('10.0.0.0/8'),
    nadd('10.0.0.0/8', { metric: 1 }),
    nadd('10.0.0.0/8', { metric: 1, flags: 0x10 }),
    nadd('10.0.0.0/8', { metric: 1, flags: 0x20 }),
    nadd('10.0.0.0/8', { metric: 1, flags: 0x20, flags1: 1 }),
    nadd('10.0.0.0/8', { preference: 5, metric: 1, flags: 0x20 }),
    ...times(6, message(0)),
    nadd('10.0.0.0/8', { metric: 1 }),
    ndelete('10.0.0.0/8'),
    ...times(3, message(0)),
    'hold',
    nadd('10.0.0.0/8'),
    ndelete('10.0.0.0/8'),
    'release',
    message(0),
    'nleave',
    'stop 0',
    'stop 1',
  ],
  'a route of another entity with our own pointer in it': [NATIVE, `native ${hex(PROTO_IP_RIP)}`].flatMap((native) => [
    RIP,
    OSPF,
    native,
    add(0, '10.0.0.0/8', { priority: 9 }),
    nadd('10.0.0.0/8', { preference: 1 }),
    `is 0 ${network('10.0.0.0/8')}`,
    remove(0, '10.0.0.0/8'),
    'table',
    'nleave',
    'stop 0',
    'stop 1',
  ]),
  'routes that age': [
    RIP,
    start(1, PROTO_IP_OSPF, { event: 1 }),
    start(2, 99, { event: 2 }),
    'hold',
    add(0, '10.0.0.0/8', {}, '0'),
    'expire 1',
    message(1),
    message(1),
    message(2),
    message(2),
    'hold',
    add(1, '10.0.0.0/8', {}, '0'),
    'expire 1',
    message(1),
    message(1),
    message(2),
    add(0, '10.0.0.0/8', {}, '20c49b'),
    'hold',
    add(1, '10.0.0.0/8', { priority: 1 }, '0'),
    'expire 1',
    message(1),
    message(2),
    'table',
    'stop 2',
    'stop 1',
    'stop 0',
  ],
  'a client that leaves while changes of others are pending: its event is left as it is': [
    start(0, PROTO_IP_RIP, { event: 1 }),
    start(1, PROTO_IP_OSPF, { event: 2 }),
    NATIVE,
    'hold',
    nadd('10.0.0.0/8'),
    'stop 0',
    message(1),
    nadd('11.0.0.0/8'),
    'set 2',
    'stop 1',
    'reset 2',
    'release',
    'nleave',
  ],
  'an enumeration in which routes are replaced by such of their protocol': [
    start(0, PROTO_IP_RIP, { flags: RTM_PROTOCOL_SINGLE_ROUTE }),
    start(1, PROTO_IP_OSPF),
    `native ${hex(PROTO_IP_RIP)}`,
    nadd('10.0.0.0/8'),
    nadd('11.0.0.0/8'),
    nadd('12.0.0.0/8'),
    nadd('13.0.0.0/8'),
    add(0, '14.0.0.0/8'),
    add(0, '15.0.0.0/8'),
    'open 1 0 0 null',
    ndelete('10.0.0.0/8'),
    add(0, '10.0.0.0/8'),
    nadd('11.0.0.0/8', { nowhere: 1 }),
    ndelete('11.0.0.0/8'),
    nadd('11.0.0.0/8'),
    ndelete('12.0.0.0/8'),
    nadd('12.0.0.0/8', { metric: 3 }),
    nadd('13.0.0.0/8', { views: 2 }),
    add(0, '14.0.0.0/8', { via: '192.0.2.9' }),
    'stop 0',
    start(0, PROTO_IP_RIP, { flags: RTM_PROTOCOL_SINGLE_ROUTE }),
    add(0, '15.0.0.0/8', { via: '192.0.2.9' }),
    add(0, '14.0.0.0/8'),
    ...times(7, 'read 0'),
    'close 0',
    'table',
    'nleave',
    'stop 1',
    'stop 0',
  ],
  'routes that are updated when their time is up': [
    RIP,
    add(0, '10.0.0.0/8'),
    add(0, '11.0.0.0/8'),
    `expiring 0 ${route('10.0.0.0/8')}`,
    `expiring 0 ${route('11.0.0.0/8')}`,
    `expiring 0 ${route('11.0.0.0/8')}`,
    add(0, '10.0.0.0/8'),
    `expiring 0 ${route('10.0.0.0/8')}`,
    remove(0, '10.0.0.0/8'),
    'remembered',
    add(0, '12.0.0.0/8'),
    'block 0 0 null',
    'remembered',
    add(0, '12.0.0.0/8'),
    'remembered',
    'stop 0',
  ],
  'what is remembered of routes that have aged': [
    RIP,
    start(1, PROTO_IP_OSPF, { event: 1 }),
    'remembered',
    'hold',
    add(0, '10.0.0.0/8', {}, '0'),
    'expire 1',
    'stop 1',
    add(0, '11.0.0.0/8'),
    'remembered',
    remove(0, '11.0.0.0/8'),
    'remembered',
    'stop 0',
  ],
  RtmIsRoute: [
    ...TABLE,
    ...['10.0.0.0/8', '10.0.0.0/16', '10.0.0.0/9', '0.0.0.0/0', '10.1.2.3/32'].map((text) => `is 0 ${network(text)}`),
    `is 1 ${network('10.0.0.0/8')}`,
    'is 0 a ff00ff',
    'is 0 100000a ff',
    'null 0',
    'null 1',
    ...END,
  ],
  'ages of time stamps': [
    ...['0 0', '2faf080 0', 'ffb3b4c0 ffffffff', 'fd050f80 ffffffff', '0 1', '0 80000'].map((distance) => `stamp ${distance}`),
  ],
  'thousands of networks': [RIP, 'many 0 4e20', 'count 0', 'stop 0'],
  RtmGetNetworkCount: [RIP, 'count 0', OSPF, ...TABLE.slice(2), 'count 0', 'count 1', ...END],
  RtmGetRouteAge: [...TABLE, `age 0 ${network('10.0.0.0/8')}`, `age 0 ${network('9.0.0.0/8')}`, `age 0 ${network('8.0.0.0/8')}`, ...END],
  RtmCreateEnumerationHandle: [
    ...TABLE,
    ...[0, 1, 2, 4, 8, 3, 5, 6, 9, 15].map((flags) => by('list', flags, '10.0.0.0/8', { protocol: PROTO_IP_OSPF })),
    by('list', RTM_ONLY_THIS_NETWORK, '10.0.0.0/9'),
    ...INVALID.map((invalid) => `list 0 1 ${invalid}`),
    ...[0, 1, 2, 4, 8, 15, 16, 0x80000000].map((flags) => `list 0 ${hex(flags)} null`),
    by('list', 0x10, '10.0.0.0/8'),
    ...END,
  ],
  RtmEnumerateGetNextRoute: [
    RIP,
    by('list', 0, '0.0.0.0/0'),
    start(1, PROTO_IP_OSPF, { flags: RTM_PROTOCOL_SINGLE_ROUTE }),
    ...['9.0.0.0/8', '10.0.0.0/8', '11.0.0.0/8', '12.0.0.0/8'].map((to) => add(0, to)),
    add(1, '13.0.0.0/8'),
    NATIVE,
    nadd('14.0.0.0/8'),
    `open 0 0 0 null`,
    'read 0',
    add(0, '10.0.0.0/8', { metric: 7 }),
    remove(0, '11.0.0.0/8'),
    remove(0, '12.0.0.0/8'),
    add(0, '12.0.0.0/8', { metric: 8 }),
    add(0, '12.128.0.0/9'),
    remove(1, '13.0.0.0/8'),
    add(1, '13.0.0.0/8', { via: '203.0.113.9', interfaceId: 9 }),
    ndelete('14.0.0.0/8'),
    nadd('14.0.0.0/8', { preference: 4 }),
    ...times(6, 'read 0'),
    'close 0',
    'close 0',
    'read 0',
    'nleave',
    'stop 0',
    'stop 1',
  ],
  RtmCloseEnumerationHandle: [
    ...TABLE,
    by('list', RTM_ONLY_BEST_ROUTES, '0.0.0.0/0'),
    'open 0 0 0 null',
    'open 0 1 8 null',
    'read 1',
    'close 1',
    'read 0',
    'close 0',
    'close 1',
    ...END,
  ],
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
    by('block', 0x10, '0.0.0.0/0'),
    ...INVALID.map((invalid) => `block 0 1 ${invalid}`),
    ...[1, 2, 4, 8].map((flags) => `block 1 ${flags} null`),
    'block 5 10 null',
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
    ...INVALID.flatMap((invalid) => [`first 0 0 ${invalid}`, `first 0 1 ${invalid}`]),
    by('first', 0x10, '10.0.0.0/8'),
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
    by('next', RTM_ONLY_THIS_NETWORK, '10.0.0.0/8', { protocol: PROTO_IP_RIP }),
    by('next', RTM_ONLY_THIS_NETWORK, '10.0.0.0/9'),
    ...INVALID.flatMap((invalid) => [`next 0 0 ${invalid}`, `next 0 1 ${invalid}`]),
    by('next', 0x10, '10.0.0.0/8'),
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

/** One call at random on one of three clients. */
function randomCall(random: Random): string {
  const client = random.below(3);
  const some = (): string =>
    route(random.of(NETWORKS), {
      via: random.of(HOPS),
      interfaceId: 1 + random.below(3),
      metric: random.below(5),
      priority: random.below(3),
      protocol: random.of([PROTO_IP_RIP, PROTO_IP_OSPF, 99]),
      type: 1 + random.below(4),
    });
  const flags = (): string => hex(random.below(17));
  return random.of([
    ...Array.from({ length: 6 }, () => `add ${client} ${random.of([INFINITE, INFINITE, 'e10'])} ${some()} ${random.of([ALL, ALL, 1, 3, 5])}`),
    ...Array.from({ length: 4 }, () => `delete ${client} ${some()} ${random.of([ALL, 1])}`),
    ...Array.from({ length: 4 }, () => nadd(random.of(NETWORKS), { preference: random.below(3), metric: random.below(5), flags: random.of([0, 0x10, 0x20]), flags1: random.of([0, 1, 0xff]) })),
    ...Array.from({ length: 3 }, () => ndelete(random.of(NETWORKS))),
    ...Array.from({ length: 4 }, () => `message ${random.below(3)} ${random.of([ALL, ALL, 1])}`),
    ...Array.from({ length: 2 }, () => random.of(['hold', 'release'])),
    `block ${client} ${flags()} ${some()}`,
    `list ${client} ${flags()} ${some()}`,
    `first ${client} ${flags()} ${some()}`,
    `next ${client} ${flags()} ${some()}`,
    `open ${client} ${random.below(2)} ${flags()} ${some()}`,
    ...Array.from({ length: 3 }, () => `read ${random.below(2)}`),
    `close ${random.below(2)}`,
    `look ${client} ${hex(ipv4(random.of(['10.0.0.1', '10.200.0.1', '192.168.1.200', '172.16.5.4', '8.8.8.8'])))}`,
    `count ${client}`,
    `is ${client} ${network(random.of(NETWORKS))}`,
  ]);
}

/**
 * Calls at random on three clients that are told of changes, two of them by one event and one a single-route client, beside
 * an entity that calls RTMv2 itself.
 */
export function randomScript(seed: number): readonly string[] {
  const random = new Random(seed);
  const script = [
    start(0, PROTO_IP_RIP, { event: 1 }),
    start(1, PROTO_IP_OSPF, { event: 2, flags: RTM_PROTOCOL_SINGLE_ROUTE }),
    start(2, 0x50, { event: random.of([0, 2, 3]) }),
    NATIVE,
  ];
  let isHeld = false;
  const opened = new Set<string>();
  for (let step = 0; step < 300; step += 1) {
    const call = randomCall(random);
    const [name = '', client = '', enumeration = ''] = call.split(' ');
    if (name === 'hold' && isHeld) continue;
    if (name === 'hold' || name === 'release') isHeld = name === 'hold';
    // A handle that is lost is never closed.
    if (name === 'open' && opened.has(enumeration)) continue;
    if (name === 'open') opened.add(enumeration);
    if (name === 'close') opened.delete(client);
    script.push(call);
  }
  const messages = [0, 1, 2].flatMap((client) => times(40, message(client)));
  const end = ['release', 'close 0', 'close 1', ...messages, 'table', 'block 1 0 null', 'table', 'nleave', ...messages.slice(0, 90)];
  return [...script, ...end, ...[0, 1, 2].map((client) => `stop ${client}`)];
}

/** How many scripts with one fault each there are: more than what can fail in one. */
export const FAULTS = 400;

/**
 * Calls during which the Nth thing that can fail does, whatever that is. They are made twice, the second time without a fault;
 * then all messages are fetched, everything is deleted, and the messages of that are fetched.
 */
export function faultyScript(nth: number): readonly string[] {
  const calls = [
    start(0, PROTO_IP_RIP, { event: 1 }),
    start(1, PROTO_IP_OSPF, { event: 2 }),
    add(1, '10.0.0.0/8'),
    nadd('10.0.0.0/8', { preference: 1 }),
    nadd('192.168.0.0/16'),
    add(0, '10.0.0.0/8', { priority: 0 }),
    add(0, '10.0.0.0/8', { priority: 0, via: '192.0.2.2' }),
    'hold',
    nadd('10.128.0.0/9'),
    message(0),
    'release',
    'list 0 0 null',
    'open 0 0 0 null',
    ndelete('192.168.0.0/16'),
    nadd('192.168.0.0/16'),
    ...times(5, 'read 0'),
    'close 0',
    remove(0, '10.0.0.0/8'),
    'block 1 0 null',
    add(1, '11.0.0.0/8'),
    'stop 1',
    'stop 1',
  ];
  const drain = [0, 1].flatMap((client) => times(12, message(client)));
  const end = ['block 0 0 null', 'nleave', ...drain, 'stop 1', 'stop 0'];
  return [NATIVE, `fault ${hex(nth)}`, ...calls, 'fault 0', ...calls.slice(0, -3), ...drain, ...end];
}
