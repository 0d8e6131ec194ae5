/** What `*Flags` tells of a network's best route. */
import { constant } from '../win32/constants.js';

export const RTM_NO_CHANGE = constant('RTM_NO_CHANGE');
export const RTM_ROUTE_ADDED = constant('RTM_ROUTE_ADDED');
export const RTM_ROUTE_DELETED = constant('RTM_ROUTE_DELETED');
export const RTM_ROUTE_CHANGED = constant('RTM_ROUTE_CHANGED');

const NAMES = new Map(
  Object.entries({ RTM_NO_CHANGE, RTM_ROUTE_ADDED, RTM_ROUTE_DELETED, RTM_ROUTE_CHANGED }).map(([name, flags]) => [
    flags,
    name,
  ]),
);

/** The name of a `*Flags`, or its digits where it has none. */
export function changeName(flags: number): string {
  return NAMES.get(flags) ?? String(flags);
}
