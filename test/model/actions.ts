/** What may happen in a run, as plain data: small numbers that choose from small pools, so that collisions are frequent. */
import fc from 'fast-check';
import { type Family, FAMILIES, IP, ipNetwork, ipRoute, type IpFields, ipxNetwork, ipxRoute, type IpxFields } from './route-bytes.js';

const INFINITE = 0xffffffff;

/** Which route a call is about: each number chooses from a pool. */
export interface RouteChoice {
  readonly net: number;
  readonly hop: number;
  readonly ifc: number;
  readonly first: number;
  readonly second: number;
  readonly type: number;
  readonly extra: number;
  readonly data: number;
  readonly mask: number;
}

/** How a buffer is handed over: 0 an array of the size, 1 a structure, 2 a longer array, 3 an array at an odd address. */
export type Form = 0 | 1 | 2 | 3;

/** Which outputs are wanted, and in what form they and the route are handed over. */
export interface Buffers {
  readonly current: boolean;
  readonly previous: boolean;
  readonly form: Form;
  /** The current best route is wanted in the buffer that holds the input. */
  readonly inPlace: boolean;
}

export type Action =
  | { kind: 'register'; object: number; family: Family; protocol: number; event: number; single: boolean }
  | { kind: 'deregister'; client: number }
  | { kind: 'add'; client: number; route: RouteChoice; again: number; ttl: number; buffers: Buffers }
  | { kind: 'delete'; client: number; route: RouteChoice; existing: number; buffers: Buffers }
  | { kind: 'blockDelete'; client: number; flags: number; route: RouteChoice; criteria: boolean }
  | { kind: 'dequeue'; client: number; buffers: Buffers }
  | { kind: 'isRoute'; object: number; family: Family; route: RouteChoice; buffers: Buffers }
  | { kind: 'count'; object: number; family: Family }
  | { kind: 'age'; object: number; family: Family; route: RouteChoice; age: number }
  | { kind: 'createEnumeration'; object: number; family: Family; flags: number; route: RouteChoice; criteria: boolean }
  | { kind: 'enumerate'; enumeration: number; times: number; form: Form }
  | { kind: 'closeEnumeration'; enumeration: number }
  | { kind: 'first'; object: number; family: Family; flags: number; route: RouteChoice; form: Form }
  | { kind: 'next'; object: number; family: Family; flags: number; route: RouteChoice; form: Form }
  | { kind: 'specific'; object: number; family: Family; route: RouteChoice }
  | { kind: 'walk'; object: number; family: Family; flags: number; route: RouteChoice }
  | { kind: 'lookup'; object: number; address: number; form: Form }
  | { kind: 'time'; step: number }
  | { kind: 'event'; event: number; set: boolean }
  | { kind: 'nativePut'; entity: number; route: RouteChoice; hops: number; flags: number; flags1: number; views: number; again: number }
  | { kind: 'nativeDelete'; entity: number; existing: number }
  | { kind: 'refused'; object: number; call: number; value: number; client: number };

/** An action of one kind. */
export type ActionOf<K extends Action['kind']> = Omit<Extract<Action, { kind: K }>, 'kind'>;

/** Does actions: a method for each kind. */
export type Actor = { readonly [K in Action['kind']]: (action: ActionOf<K>) => void };

/** What stays the same for a whole run. */
export interface Setting {
  readonly priorities: readonly (readonly [protocol: number, priority: number])[];
}

const IP_NETWORKS = [
  '10.0.0.0/8',
  '10.1.0.0/16',
  '10.0.0.0/16',
  '0.0.0.0/0',
  '10.1.2.0/24',
  '10.1.2.3/32',
  '10.128.0.0/9',
  '192.168.0.0/16',
  '224.0.0.0/4',
  '255.255.255.255/32',
] as const;
const UNHOLDABLE_NETWORKS = ['10.0.0.1/8', '10.0.0.0/255.0.255.0', '10.1.2.0/0.0.0.255'] as const;
const IPX_NETWORKS = [0x0a, 0x01000000, 0x100, 0, 0xffffffff] as const;
const IP_HOPS = ['192.0.2.1', '192.0.2.2', '2.2.0.192', '0.0.0.0'] as const;
const IPX_HOPS = ['0-0-0-0-0-1', '1-0-0-0-0-0', '0-0-0-0-0-0'] as const;
const INTERFACES = [1, 2, 0xffffffff, 0] as const;
const RANKS = [1, 2, 0x80000001, 0] as const;
const IPX_RANKS = [1, 2, 0x8001, 0] as const;
const TYPES = [4, 3, 1, 2, 0] as const;
const FLAGS = [1, 0, 0x101] as const;
const PROTOCOLS = [8, 13, INFINITE, 0] as const;
const TIMES_TO_LIVE = [INFINITE, 1, 5, 0, 2147483, 2147484, INFINITE - 1] as const;
const STEPS = [1, 999, 1000, 1001, 5000, 60_000, -1, -2000, 2147483000] as const;
const ADDRESSES = [
  '10.1.2.3',
  '10.1.2.4',
  '10.1.9.9',
  '10.0.0.1',
  '10.200.0.1',
  '11.0.0.0',
  '0.0.0.0',
  '192.168.255.255',
  '224.1.1.1',
  '255.255.255.255',
] as const;

const from = <T>(pool: readonly T[], index: number): T => pool[index % pool.length] as T;

export const protocolOf = (choice: number): number => from(PROTOCOLS, choice);
export const timeToLiveOf = (choice: number): number => from(TIMES_TO_LIVE, choice);
export const stepOf = (choice: number): number => from(STEPS, choice);
export const addressOf = (choice: number): string => from(ADDRESSES, choice);
export const isHoldableChoice = (family: Family, { net }: RouteChoice): boolean =>
  family !== IP || net < IP_NETWORKS.length;

const ipNetworkOf = (net: number): string => from([...IP_NETWORKS, ...UNHOLDABLE_NETWORKS], net);
const ipxNetworkOf = (net: number): number => from(IPX_NETWORKS, net);

/** The IP_NETWORK or IPX_NETWORK of the choice. */
export const networkOfChoice = (family: Family, { net }: RouteChoice): { bytes: Uint8Array; text: string } =>
  family === IP
    ? { bytes: ipNetwork(ipNetworkOf(net)), text: `ipNetwork('${ipNetworkOf(net)}')` }
    : { bytes: ipxNetwork(ipxNetworkOf(net)), text: `ipxNetwork(${ipxNetworkOf(net)})` };

/** The RTM_IP_ROUTE or RTM_IPX_ROUTE of the choice. */
export const routeOfChoice = (family: Family, choice: RouteChoice): Uint8Array =>
  family === IP ? ipRoute(ipFields(choice)) : ipxRoute(ipxFields(choice));

function ipFields(choice: RouteChoice): IpFields {
  return {
    to: ipNetworkOf(choice.net),
    via: from(IP_HOPS, choice.hop),
    viaMask: from(['32', '0'], choice.mask),
    ifc: from(INTERFACES, choice.ifc),
    priority: from(RANKS, choice.first),
    metric: from(RANKS, choice.second),
    type: from(TYPES, choice.type),
    metric5: choice.extra % 2,
    flags: from(FLAGS, choice.extra),
    data: choice.data,
    protocol: from(PROTOCOLS, choice.data),
  };
}

function ipxFields(choice: RouteChoice): IpxFields {
  return {
    to: ipxNetworkOf(choice.net),
    via: from(IPX_HOPS, choice.hop),
    padding: choice.mask,
    ifc: from(INTERFACES, choice.ifc),
    ticks: from(IPX_RANKS, choice.first),
    hops: from(IPX_RANKS, choice.second),
    flags: from(FLAGS, choice.extra),
    data: choice.data,
    protocol: from(PROTOCOLS, choice.data),
  };
}

/** Smaller numbers are more frequent, and what a failure is shrunk to. */
const small = (max: number): fc.Arbitrary<number> =>
  fc.oneof({ weight: 3, arbitrary: fc.nat(Math.min(1, max)) }, { weight: 2, arbitrary: fc.nat(max) });

const net = fc.oneof(
  { weight: 12, arbitrary: fc.nat(2) },
  { weight: 7, arbitrary: fc.nat(IP_NETWORKS.length - 1) },
  { weight: 1, arbitrary: fc.nat(IP_NETWORKS.length + UNHOLDABLE_NETWORKS.length - 1) },
);
const route: fc.Arbitrary<RouteChoice> = fc.record({
  net,
  hop: small(3),
  ifc: small(3),
  first: small(3),
  second: small(3),
  type: small(4),
  extra: small(2),
  data: small(3),
  mask: fc.nat(1),
});
const form = fc.constantFrom<Form>(0, 0, 0, 1, 2, 3);
const buffers: fc.Arbitrary<Buffers> = fc.record({
  current: fc.integer({ min: 0, max: 5 }).map((n) => n !== 5),
  previous: fc.integer({ min: 0, max: 5 }).map((n) => n !== 5),
  form,
  inPlace: fc.integer({ min: 0, max: 7 }).map((n) => n === 7),
});
const object = fc.nat(1);
const family = fc.constantFrom<Family>(IP, IP, ...FAMILIES);
const which = fc.nat(7);
const enumerationFlags = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 3, arbitrary: fc.nat(15) });

type Choices<K extends Action['kind']> = {
  readonly [F in Exclude<keyof Extract<Action, { kind: K }>, 'kind'>]: fc.Arbitrary<Extract<Action, { kind: K }>[F]>;
};

const of = <K extends Action['kind']>(kind: K, choices: Choices<K>): fc.Arbitrary<Action> =>
  fc
    .record(choices as Readonly<Record<string, fc.Arbitrary<unknown>>>)
    .map((values) => ({ kind, ...values }) as unknown as Action);

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 8, arbitrary: of('register', { object, family, protocol: small(3), event: fc.nat(2), single: fc.boolean() }) },
  { weight: 3, arbitrary: of('deregister', { client: which }) },
  {
    weight: 30,
    arbitrary: of('add', {
      client: which,
      route,
      again: fc.nat(11),
      ttl: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(6) }),
      buffers,
    }),
  },
  { weight: 10, arbitrary: of('delete', { client: which, route, existing: fc.nat(11), buffers }) },
  {
    weight: 3,
    arbitrary: of('blockDelete', { client: which, flags: enumerationFlags, route, criteria: fc.boolean() }),
  },
  { weight: 12, arbitrary: of('dequeue', { client: which, buffers }) },
  { weight: 4, arbitrary: of('isRoute', { object, family, route, buffers }) },
  { weight: 2, arbitrary: of('count', { object, family }) },
  { weight: 2, arbitrary: of('age', { object, family, route, age: fc.nat(7) }) },
  {
    weight: 4,
    arbitrary: of('createEnumeration', { object, family, flags: enumerationFlags, route, criteria: fc.boolean() }),
  },
  { weight: 6, arbitrary: of('enumerate', { enumeration: which, times: fc.integer({ min: 1, max: 3 }), form }) },
  { weight: 2, arbitrary: of('closeEnumeration', { enumeration: which }) },
  { weight: 2, arbitrary: of('first', { object, family, flags: enumerationFlags, route, form }) },
  { weight: 4, arbitrary: of('next', { object, family, flags: enumerationFlags, route, form }) },
  { weight: 1, arbitrary: of('specific', { object, family, route }) },
  { weight: 1, arbitrary: of('walk', { object, family, flags: enumerationFlags, route }) },
  { weight: 4, arbitrary: of('lookup', { object, address: fc.nat(9), form }) },
  { weight: 7, arbitrary: of('time', { step: small(8) }) },
  { weight: 1, arbitrary: of('event', { event: fc.nat(1), set: fc.boolean() }) },
  {
    weight: 8,
    arbitrary: of('nativePut', {
      entity: fc.nat(2),
      route,
      hops: fc.nat(2),
      flags: fc.nat(2),
      flags1: fc.constantFrom(0, 1, 0xff),
      views: fc.nat(4),
      again: fc.nat(5),
    }),
  },
  { weight: 4, arbitrary: of('nativeDelete', { entity: fc.nat(2), existing: which }) },
  { weight: 4, arbitrary: of('refused', { object, call: fc.nat(63), value: fc.nat(15), client: which }) },
);

/** A run: what it is set up with, and what happens. */
export interface Run {
  readonly setting: Setting;
  readonly actions: readonly Action[];
}

export const runs: fc.Arbitrary<Run> = fc.record({
  setting: fc.record({
    priorities: fc.constantFrom<Setting['priorities'][]>([], [], [[8, 2]], [[8, 1], [13, 1]]),
  }),
  actions: fc.oneof(
    { weight: 29, arbitrary: fc.array(action, { minLength: 1, maxLength: 60, size: 'max' }) },
    // Long enough for queues and tables to grow.
    { weight: 1, arbitrary: fc.array(action, { minLength: 1, maxLength: 400, size: 'max' }) },
  ),
});
