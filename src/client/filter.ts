import {
  RTM_ONLY_BEST_ROUTES,
  RTM_ONLY_THIS_INTERFACE,
  RTM_ONLY_THIS_NETWORK,
  RTM_ONLY_THIS_PROTOCOL,
} from '../v1/constants.js';
import type { Layout, StructureOf } from './layout.js';
import { boolean, checkedObject, integer } from './members.js';
import type { Family } from './route.js';

/** EnumerationFlags and CriteriaRoute. */
export interface Criteria<F extends Family> {
  readonly flags: number;
  readonly route: StructureOf<F>;
}

/**
 * What a filter means to the functions of Rtm.h.
 *
 * @param members the members that it may have
 * @throws {TypeError | RangeError} naming the member and what it has to be
 */
export function criteriaOf<F extends Family>(layout: Layout<F>, filter: unknown, members: readonly string[]): Criteria<F> {
  const { network, interface: interfaceId, protocol, best = false } = checkedObject(filter, 'a filter', members);
  const route = layout.create();
  let flags = boolean(best, 'best') ? RTM_ONLY_BEST_ROUTES : 0;
  if (network !== undefined) {
    layout.writeNetwork(network, route);
    flags |= RTM_ONLY_THIS_NETWORK;
  }
  if (interfaceId !== undefined) {
    route.RR_InterfaceID = integer(interfaceId, 'interface');
    flags |= RTM_ONLY_THIS_INTERFACE;
  }
  if (protocol !== undefined) {
    route.RR_RoutingProtocol = integer(protocol, 'protocol');
    flags |= RTM_ONLY_THIS_PROTOCOL;
  }
  return { flags, route };
}
