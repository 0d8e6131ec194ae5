import { HANDLE_SIZE } from '../win32/abi.js';
import { constant } from '../win32/constants.js';
import { statusName, V2 } from '../win32/status.js';
import { type EntityId, NET_ADDRESS, ROUTE_INFO } from '../v2/structures.js';
import { Client } from './client.js';
import type { Entity } from './entity.js';
import { Enumeration } from './enumeration.js';
import { V1_CLIENT_INSTANCE } from './owners.js';
import type { Table } from './table.js';

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
  const clients = [...table.protocols].map((protocol) => statistics(table.clientId(protocol)));
  const readerHandles = table.readerId === undefined ? 0 : statistics(table.readerId).handles;
  const sum = (member: 'entities' | 'routes' | 'nextHops' | 'destinations' | 'handles'): number =>
    clients.reduce((total, client) => total + client[member], 0);
  return {
    entities: sum('entities'),
    routes: sum('routes'),
    nextHops: sum('nextHops'),
    destinations: sum('destinations'),
    handles: sum('handles') + readerHandles,
  };
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
  const nextHops = clients.reduce((total, client) => total + client.nextHops.all().length, 0);
  const owed = clients.reduce((total, client) => total + client.entity.debts.count, table.reader?.debts.count ?? 0);
  const enumerated = enumerations.reduce((total, enumeration) => total + enumeration.held, 0);
  return {
    entities: clients.filter((client) => !client.entity.isGone()).length,
    ...countRoutes(table),
    nextHops,
    handles: nextHops + owed + enumerated,
  };
}

/** Counts the clients' routes with an entity that lives only for that. */
function countRoutes(table: Table): Pick<LeftBehind, 'routes' | 'destinations'> {
  const counter = table.registerReader();
  if ('code' in counter) throw auditError(counter.call, counter.code);
  try {
    const destinations = new Set<string>();
    let routes = 0;
    for (const { id, destination } of routesOf(counter, table)) {
      if (id.protocolInstance !== V1_CLIENT_INSTANCE || !table.protocols.has(id.protocolId)) continue;
      routes += 1;
      destinations.add(`${id.protocolId} ${destination}`);
    }
    return { routes, destinations: destinations.size };
  } finally {
    counter.calls.RtmDeregisterEntity(counter.registration);
  }
}

function* routesOf(counter: Entity, table: Table): Generator<{ id: EntityId; destination: string }> {
  const { workspace } = counter;
  const created = counter.enumerateRoutes(0, VIEW_ANY, ENUM_START);
  if (created !== V2.NO_ERROR) throw auditError('RtmCreateRouteEnum', created);
  const enumeration = workspace.handle(workspace.handleCell);
  try {
    for (;;) {
      const code = counter.fetchRoutes(enumeration);
      const { fetched } = counter;
      try {
        for (let index = 0; index < fetched; index += 1) {
          yield routeOf(counter, workspace.handle(workspace.handles + index * HANDLE_SIZE), table);
        }
      } finally {
        counter.releaseRouteBatch(fetched);
      }
      if (code === V2.NO_MORE_ITEMS || (code === V2.NO_ERROR && fetched === 0)) return;
      if (code !== V2.NO_ERROR) throw auditError('RtmGetEnumRoutes', code);
    }
  } finally {
    counter.deleteEnumeration(enumeration);
  }
}

function routeOf(counter: Entity, route: number, table: Table): { id: EntityId; destination: string } {
  const { calls, registration, workspace } = counter;
  const { address, routeAddress, routeInfo } = workspace;
  const code = calls.RtmGetRouteInfo(registration, route, address + routeInfo, address + routeAddress);
  if (code !== V2.NO_ERROR) throw auditError('RtmGetRouteInfo', code);
  const owner = table.owners.find(workspace.handle(routeInfo + ROUTE_INFO.RouteOwner), counter);
  counter.releaseRouteInfo();
  if ('code' in owner) throw auditError(owner.call, owner.code);
  const number = workspace.word(routeAddress + NET_ADDRESS.AddrBits);
  const length = workspace.u16[(routeAddress + NET_ADDRESS.NumBits) >>> 1] ?? 0;
  return { id: owner instanceof Client ? owner.entity.id : owner, destination: `${number}/${length}` };
}

function auditError(call: string, code: number): Error {
  return new Error(`leftBehind cannot read the table: ${call} answers ${code} (${statusName(code)})`);
}
