import {
  ERROR_NO_SUCH_ROUTE,
  NO_ERROR,
  RTM_NO_CHANGE,
  RTM_ROUTE_ADDED,
  RTM_ROUTE_CHANGED,
  RTM_ROUTE_DELETED,
} from '../../src/v1/constants.js';
import { RtmIpRoute } from '../../src/v1/ip-route.js';

/** What RtmAddRoute or RtmDeleteRoute must tell. */
export interface Expected {
  readonly status: number;
  readonly flags: number | null;
  readonly current: RtmIpRoute | null;
  readonly previous: RtmIpRoute | null;
}

const ABSENT: Expected = { status: ERROR_NO_SUCH_ROUTE, flags: null, current: null, previous: null };

const copy = (route: RtmIpRoute): RtmIpRoute => new RtmIpRoute(route.bytes.slice());

/** Members that make a difference between two best routes, straight from the pages. */
export function significantOf(route: RtmIpRoute): string {
  const family = [...route.RR_FamilySpecificData.bytes];
  return [route.RR_RoutingProtocol, route.RR_InterfaceID, route.RR_NextHopAddress.N_NetNumber, ...family].join();
}

/** A routing table of version 1 as the pages describe it: a list, searched from front to back for everything. */
export class ModelTable {
  /** In the order of creation. */
  routes: RtmIpRoute[] = [];
  readonly #best = new Map<string, RtmIpRoute>();

  static networkOf(route: RtmIpRoute): string {
    return [...route.RR_Network.bytes].join('.');
  }

  get networks(): number {
    return new Set(this.routes.map((route) => ModelTable.networkOf(route))).size;
  }

  best(route: RtmIpRoute): RtmIpRoute | undefined {
    return this.#best.get(ModelTable.networkOf(route));
  }

  add(protocol: number, isSingleRoute: boolean, given: RtmIpRoute): Expected {
    const route = copy(given);
    route.RR_RoutingProtocol = protocol;
    const known = this.find(protocol, isSingleRoute, route);
    const before = this.#snapshotOfBest(route);
    if (known === undefined) this.routes.push(route);
    else known.bytes.set(route.bytes);
    this.#chooseBest(route);
    const after = this.#snapshotOfBest(route);
    if (before === null) return { status: NO_ERROR, flags: RTM_ROUTE_ADDED, current: after, previous: null };
    if (after === null || significantOf(before) === significantOf(after)) {
      return { status: NO_ERROR, flags: RTM_NO_CHANGE, current: null, previous: null };
    }
    return { status: NO_ERROR, flags: RTM_ROUTE_CHANGED, current: after, previous: before };
  }

  delete(protocol: number, isSingleRoute: boolean, given: RtmIpRoute): Expected {
    const route = this.find(protocol, isSingleRoute, given);
    if (route === undefined) return ABSENT;
    const wasBest = this.best(route) === route;
    this.remove(route);
    const after = this.#snapshotOfBest(route);
    if (!wasBest) return { status: NO_ERROR, flags: RTM_NO_CHANGE, current: null, previous: null };
    const flags = after === null ? RTM_ROUTE_DELETED : RTM_ROUTE_CHANGED;
    return { status: NO_ERROR, flags, current: after, previous: null };
  }

  deregister(protocol: number): void {
    const leaving = this.routes.filter((route) => route.RR_RoutingProtocol === protocol);
    for (const route of leaving) this.remove(route);
  }

  /** Takes one of its routes away. */
  remove(route: RtmIpRoute): void {
    this.routes = this.routes.filter((other) => other !== route);
    this.#chooseBest(route);
  }

  /** The route of a protocol that has the identity of the one given. */
  find(protocol: number, isSingleRoute: boolean, route: RtmIpRoute): RtmIpRoute | undefined {
    return this.routes.find(
      (other) =>
        other.RR_RoutingProtocol === protocol &&
        ModelTable.networkOf(other) === ModelTable.networkOf(route) &&
        (isSingleRoute ||
          (other.RR_InterfaceID === route.RR_InterfaceID &&
            other.RR_NextHopAddress.N_NetNumber === route.RR_NextHopAddress.N_NetNumber)),
    );
  }

  /** The lowest priority, then the lowest metric; of equals the one that is the best already, else the oldest. */
  #chooseBest(of: RtmIpRoute): void {
    const network = ModelTable.networkOf(of);
    const incumbent = this.#best.get(network);
    let best: RtmIpRoute | undefined;
    for (const route of this.routes.filter((other) => ModelTable.networkOf(other) === network)) {
      const order = best === undefined ? -1 : rank(route, best);
      if (order < 0 || (order === 0 && route === incumbent)) best = route;
    }
    if (best === undefined) this.#best.delete(network);
    else this.#best.set(network, best);
  }

  #snapshotOfBest(route: RtmIpRoute): RtmIpRoute | null {
    const best = this.best(route);
    return best === undefined ? null : copy(best);
  }
}

function rank(one: RtmIpRoute, other: RtmIpRoute): number {
  const [a, b] = [one.RR_FamilySpecificData, other.RR_FamilySpecificData];
  return a.FSD_Priority - b.FSD_Priority || a.FSD_Metric - b.FSD_Metric;
}
