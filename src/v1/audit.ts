import { constant } from '../win32/constants.js';
import { statusName } from '../win32/status.js';
import type { Handle } from '../v2/memory.js';
import { type EntityId, NET_ADDRESS, ROUTE_INFO } from '../v2/structures.js';
import type { V2Failure } from '../translate/errors.js';
import { Client } from './client.js';
import type { Entity } from './entity.js';
import { Enumeration } from './enumeration.js';
import type { FamilyTable } from './family-table.js';
import { V1_CLIENT_INSTANCE } from './owners.js';
import type { Table } from './table.js';
import { eachRoute } from './walk.js';

const VIEW_ANY = constant('RTM_VIEW_MASK_ANY');
const ENUM_START = constant('RTM_ENUM_START');

/** What clients still hold in RTMv2; all 0 when every one of them is deregistered and every enumeration closed. */
export interface LeftBehind {
  /** Clients that are registered. */
  readonly entities: number;
  /** Routes in the table that a client added, registered or already gone. */
  readonly routes: number;
  /** Next hops in the lists of clients. */
  readonly nextHops: number;
  /** Destinations with a route of a client, counted for each client. */
  readonly destinations: number;
  /** References that were handed out to clients and for open enumerations, and were not given back. */
  readonly handles: number;
}

/** Sums up what every client that `table` ever registered holds, and what its reader holds for open enumerations. */
export function leftBehind(table: Table): LeftBehind {
  return table.library.statistics === null ? askAround(table) : askStatistics(table, table.library.statistics);
}

function askStatistics(table: Table, statistics: NonNullable<Table['library']['statistics']>): LeftBehind {
  const clients = table.families.flatMap((family) =>
    [...family.protocols].map((protocol) => statistics(family.clientId(protocol))),
  );
  // What a live observer holds is given back when it ends.
  const hidden = table.families.flatMap(({ observer, readerId }) => [
    readerId,
    observer.isWatching ? undefined : observer.entityId,
  ]);
  const readers = hidden.map((id) => (id === undefined ? 0 : statistics(id).handles));
  const total = (member: 'entities' | 'routes' | 'nextHops' | 'destinations' | 'handles'): number =>
    sum(clients.map((client) => client[member]));
  return {
    entities: total('entities'),
    routes: total('routes'),
    nextHops: total('nextHops'),
    destinations: total('destinations'),
    handles: total('handles') + sum(readers),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/**
 * The same where the library keeps no statistics, as rtm.dll does not. Routes and destinations are counted in the table
 * itself. Entities, next hops and handles are what the clients account for themselves: RTM shows nobody the next hops
 * of others, and counts references for itself only, so that what a deregistered client left of those is not seen here.
 */
function askAround(table: Table): LeftBehind {
  const targets = table.handles.all();
  const clients = targets.filter((target) => target instanceof Client);
  const enumerations = targets.filter((target) => target instanceof Enumeration);
  const readers = table.families.flatMap(({ reader }) => (reader === undefined ? [] : [reader]));
  const nextHops = sum(clients.map((client) => client.nextHops.all().length));
  const owed = sum([...clients.map(({ entity }) => entity), ...readers].map(({ debts }) => debts.count));
  const counts = table.families.map(countRoutes);
  return {
    entities: clients.filter((client) => !client.entity.isGone()).length,
    routes: sum(counts.map(({ routes }) => routes)),
    nextHops,
    destinations: sum(counts.map(({ destinations }) => destinations)),
    handles: nextHops + owed + sum(enumerations.map(({ held }) => held)),
  };
}

/** Counts the routes of a family's clients with an entity that lives only for that. */
function countRoutes(family: FamilyTable): Pick<LeftBehind, 'routes' | 'destinations'> {
  if (family.protocols.size === 0) return { routes: 0, destinations: 0 };
  const counter = orThrow(family.registerReader());
  const destinations = new Set<string>();
  let routes = 0;
  try {
    eachOwner(counter, family, ({ protocolId, protocolInstance }, destination) => {
      if (protocolInstance !== V1_CLIENT_INSTANCE || !family.protocols.has(protocolId)) return;
      routes += 1;
      destinations.add(`${protocolId} ${destination}`);
    });
  } finally {
    counter.calls.RtmDeregisterEntity(counter.registration);
  }
  return { routes, destinations: destinations.size };
}

/** Tells of every route in the table who owns it, and its destination. */
function eachOwner(counter: Entity, family: FamilyTable, tell: (owner: EntityId, destination: string) => void): void {
  const { workspace } = counter;
  const enumeration = orThrow(counter.enumerateAll(VIEW_ANY, ENUM_START));
  const failure = eachRoute(counter, enumeration, (route) => {
    const read = readOwner(counter, route, family);
    if ('code' in read) return read;
    const number = workspace.word(workspace.routeAddress + NET_ADDRESS.AddrBits);
    const length = workspace.u16[(workspace.routeAddress + NET_ADDRESS.NumBits) >>> 1] ?? 0;
    tell(read, `${number}/${length}`);
    return false;
  });
  counter.deleteEnumeration(enumeration);
  if (failure !== null) throw auditError(failure);
}

/** The id of a route's owner; `workspace.routeAddress` receives the route's destination. */
function readOwner(counter: Entity, route: Handle, family: FamilyTable): EntityId | V2Failure {
  const { workspace } = counter;
  const failure = counter.readRouteInfo(route);
  if (failure !== null) return failure;
  const owner = family.table.owners.find(workspace.handle(workspace.routeInfo + ROUTE_INFO.RouteOwner), counter);
  counter.releaseRouteInfo();
  return owner instanceof Client ? owner.entity.id : owner;
}

function orThrow<T extends Entity | Handle>(result: T | V2Failure): T {
  if (typeof result === 'object' && 'code' in result) throw auditError(result);
  return result;
}

function auditError({ call, code, defect }: V2Failure): Error {
  return new Error(`leftBehind cannot read the table: ${call} ${defect?.text ?? `answers ${code} (${statusName(code)})`}`);
}
