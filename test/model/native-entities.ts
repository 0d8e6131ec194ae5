/** The native entities of a run, on both sides. */
import { constant, type Rtmv2 } from '../../src/v2/index.js';
import { type ActionOf, routeOfChoice, type RouteChoice } from './actions.js';
import type { NaiveEntity, NaiveRoute, NaiveRtm } from './naive-rtm.js';
import { NativeEntity, type NativeNextHop, type NativeRoute } from './native-entity.js';
import { type Family, IP, ipRoute, IPX, ipxRoute, setU32, PROTOCOL, INTERFACE, layoutOf, rank, u32 } from './route-bytes.js';
import type { V1Calls } from './v1-calls.js';

/** An IP entity that shares its protocol number with a v1 client, another one, and one of IPX. */
const ENTITIES: readonly NaiveEntity[] = [
  { family: IP, protocol: 8 },
  { family: IP, protocol: 42 },
  { family: IPX, protocol: 8 },
];
const FIRST_INSTANCE = 1001;

const FLAGS = ['RTM_VIEW_MASK_NONE', 'RTM_ROUTE_FLAGS_LOCAL', 'RTM_ROUTE_FLAGS_REMOTE'].map(constant);
const UNICAST = constant('RTM_VIEW_MASK_UCAST');
const MULTICAST = constant('RTM_VIEW_MASK_MCAST');
const VIEWS = [UNICAST, UNICAST, UNICAST | MULTICAST, MULTICAST, 0];

interface Present {
  readonly model: NaiveRoute;
  readonly handle: number;
  /** What RTMv2 knows it by among the routes of its owner. */
  readonly key: string;
  readonly name: string;
}

interface Entity {
  readonly native: NativeEntity;
  readonly model: NaiveEntity;
  readonly name: string;
  routes: Present[];
}

export class NativeEntities {
  readonly #rtmv2: Rtmv2;
  readonly #instance: number;
  readonly #model: NaiveRtm;
  readonly #calls: V1Calls;
  readonly #entities = new Map<number, Entity>();
  #names = 0;

  constructor(rtmv2: Rtmv2, instance: number, model: NaiveRtm, calls: V1Calls) {
    this.#rtmv2 = rtmv2;
    this.#instance = instance;
    this.#model = model;
    this.#calls = calls;
  }

  /** Adds a route, or updates one. */
  put(action: ActionOf<'nativePut'>): void {
    const entity = this.#entity(action.entity);
    const { family } = entity.model;
    const present = entity.routes[action.again];
    const content = present ? withIdentityOf(present.model.bytes, family, action.route) : contentOf(family, action.route, action.hops);
    const route: NativeRoute = {
      ...content,
      flags: FLAGS[action.flags] ?? 0,
      flags1: action.flags1,
      views: VIEWS[action.views] ?? 0,
    };
    const name = `${entity.name}Route${this.#names++}`;
    this.#calls.note(() => `const ${name} = ${entity.name}.put(${JSON.stringify(route)});`);
    const handle = entity.native.put(route);
    const bytes = asSeenByV1(entity.model, route);
    const key = JSON.stringify([route.destination, route.bits, route.nextHops[0] ?? null]);
    const before = entity.routes.find((other) => other.key === key);
    if (before) this.#release(entity, before);
    const model = this.#model.putNativeRoute(entity.model, before?.model, bytes, (route.views & UNICAST) !== 0);
    entity.routes = [...entity.routes.filter((other) => other !== before), { model, handle, key, name }];
  }

  /** Deletes a route, if there is one. */
  delete(action: ActionOf<'nativeDelete'>): void {
    const entity = this.#entities.get(action.entity);
    const route = entity?.routes[action.existing % Math.max(1, entity.routes.length)];
    if (!entity || !route) return;
    this.#delete(entity, route);
  }

  /** Deletes everything, as a program does before it ends. */
  end(): void {
    for (const entity of this.#entities.values()) {
      for (const route of entity.routes) this.#delete(entity, route);
    }
    this.abandon();
  }

  /** Takes away what is left in RTMv2, whatever state the run is in. */
  abandon(): void {
    for (const { native, routes } of this.#entities.values()) {
      for (const { handle } of routes) native.delete(handle);
      native.end();
    }
    this.#entities.clear();
  }

  #release(entity: Entity, route: Present): void {
    this.#calls.note(`${entity.name}.release(${route.name});`);
    entity.native.release(route.handle);
  }

  #delete(entity: Entity, route: Present): void {
    this.#calls.note(`${entity.name}.delete(${route.name});`);
    entity.routes = entity.routes.filter((other) => other !== route);
    entity.native.delete(route.handle);
    this.#model.deleteNativeRoute(route.model);
  }

  #entity(index: number): Entity {
    const known = this.#entities.get(index);
    if (known) return known;
    const model = ENTITIES[index];
    if (!model) throw new RangeError(`There is no native entity ${index}`);
    const family = constant(model.family === IP ? 'AF_INET' : 'AF_IPX');
    const native = new NativeEntity(this.#rtmv2, this.#instance, family, model.protocol, FIRST_INSTANCE + index);
    const name = `native${index}`;
    this.#calls.note(
      `const ${name} = new NativeEntity(rtmv2, 7, ${family}, ${model.protocol}, ${FIRST_INSTANCE + index});`,
    );
    const entity: Entity = { native, model, name, routes: [] };
    this.#entities.set(index, entity);
    return entity;
  }
}

type Content = Pick<NativeRoute, 'destination' | 'bits' | 'nextHops' | 'preference' | 'metric'>;

/** What a v1 route would say, in the terms of RTMv2; with 0, 1 or 2 next hops. */
function contentOf(family: Family, choice: RouteChoice, hops: number): Content {
  const holdable = { ...choice, net: choice.net % 10 };
  const bytes = routeOfChoice(family, holdable);
  const second = routeOfChoice(family, { ...holdable, hop: holdable.hop + 1 });
  const [preference, metric] = rank(family, bytes);
  const nextHops = [nextHopOf(family, bytes), nextHopOf(family, second)].slice(0, hops);
  return { ...destinationOf(family, bytes), nextHops, preference, metric };
}

/** The route that `present` is, with the preference and metric of the choice, and with its first next hop only. */
function withIdentityOf(present: Uint8Array, family: Family, choice: RouteChoice): Content {
  const [preference, metric] = rank(family, routeOfChoice(family, choice));
  const nextHop = nextHopOf(family, present);
  const isNone = nextHop.interfaceIndex === 0 && nextHop.address.every((octet) => octet === 0);
  return { ...destinationOf(family, present), nextHops: isNone ? [] : [nextHop], preference, metric };
}

function destinationOf(family: Family, route: Uint8Array): Pick<NativeRoute, 'destination' | 'bits'> {
  if (family === IPX) return { destination: [...route.subarray(32, 36)].reverse(), bits: 32 };
  const bits = [...route.subarray(36, 40)].map((octet) => octet.toString(2)).join('').replaceAll('0', '').length;
  return { destination: [...route.subarray(32, 36)], bits };
}

const nextHopOf = (family: Family, route: Uint8Array): NativeNextHop => ({
  address: [...route.subarray(...layoutOf(family).nextHop)],
  interfaceIndex: u32(route, INTERFACE),
});

/** The v1 route that a native entity's route appears as. Its time stamp is left zero: RTMv2 has a clock of its own. */
function asSeenByV1({ family, protocol }: NaiveEntity, route: NativeRoute): Uint8Array {
  const [nextHop] = route.nextHops;
  const seen = family === IP ? ipRouteOf(route) : ipxRouteOf(route);
  setU32(seen, PROTOCOL, protocol);
  setU32(seen, INTERFACE, nextHop?.interfaceIndex ?? 0);
  seen.set(nextHop?.address ?? [], layoutOf(family).nextHop[0]);
  return seen;
}

const ipRouteOf = ({ destination, bits, nextHops, preference, metric, flags, flags1 }: NativeRoute): Uint8Array =>
  ipRoute({
    to: `${destination.join('.')}/${bits}`,
    viaMask: nextHops.length > 0 ? '32' : '0',
    priority: preference,
    metric,
    type: flags === FLAGS[1] ? 3 : flags === FLAGS[2] ? 4 : 1,
    flags: flags1,
  });

const ipxRouteOf = ({ destination, preference, metric, flags1 }: NativeRoute): Uint8Array =>
  ipxRoute({
    to: destination.reduce((number, octet) => number * 256 + octet, 0),
    ticks: preference,
    hops: metric,
    flags: flags1,
  });
