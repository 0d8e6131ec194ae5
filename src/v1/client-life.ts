import { constant } from '../win32/constants.js';
import { setLastError } from '../win32/last-error.js';
import { V1, type V1Status } from '../win32/status.js';
import { isDword, isNull } from './arguments.js';
import { Client } from './client.js';
import { deregisterEntity } from './deregister.js';
import { Entity } from './entity.js';
import type { Table } from './table.js';

const SINGLE_ROUTE = constant('RTM_PROTOCOL_SINGLE_ROUTE');

/** RtmRegisterClient: registers an entity and gives it a v1 handle. */
export function registerClient(
  table: Table,
  protocolFamily: unknown,
  protocol: unknown,
  changeEvent: unknown,
  flags: unknown,
): number {
  const registered = tryRegister(table, protocolFamily, protocol, changeEvent, flags);
  if (registered instanceof Client) return registered.handle;
  setLastError(registered);
  return 0;
}

function tryRegister(
  table: Table,
  protocolFamily: unknown,
  protocol: unknown,
  changeEvent: unknown,
  flags: unknown,
): Client | V1Status {
  const family = table.family(protocolFamily);
  const hasNoEvent = isNull(changeEvent) || changeEvent === 0;
  if (family === undefined || !isDword(protocol) || !hasNoEvent || (flags !== 0 && flags !== SINGLE_ROUTE)) {
    return V1.INVALID_PARAMETER;
  }
  if (table.isClosed) return V1.NO_SYSTEM_RESOURCES;
  if (table.handles.isFull) return V1.NOT_ENOUGH_MEMORY;
  const entity = Entity.register(table.calls, table.workspace, family.clientId(protocol));
  if ('code' in entity) return table.fail('RtmRegisterClient', entity);
  const client = new Client(family, entity, flags === SINGLE_ROUTE);
  family.protocols.add(protocol);
  table.owners.add(client);
  table.handles.open(client);
  return client;
}

/** RtmDeregisterClient: deregisters the entity with all that it owns and ends the v1 handle. */
export function deregisterClient(table: Table, clientHandle: unknown): V1Status {
  const client = table.client(clientHandle);
  if (client === undefined) return V1.INVALID_HANDLE;
  const failure = deregisterEntity(client);
  if (failure === null) {
    retire(table, client);
    return V1.NO_ERROR;
  }
  const end = client.entity.confirmEnd(failure);
  if (end !== null) retire(table, client);
  return table.fail('RtmDeregisterClient', end ?? failure);
}

/** Deregisters every client. One that fails is tried once more, and then left as it is. */
export function deregisterAll(table: Table): void {
  for (const target of table.handles.all()) {
    if (!(target instanceof Client)) continue;
    if (deregisterClient(table, target.handle) !== V1.NO_ERROR) deregisterClient(table, target.handle);
    retire(table, target);
  }
}

/** From here on nothing refers to the client, so that its slab goes in one piece. */
function retire(table: Table, client: Client): void {
  table.handles.close(client);
  table.owners.remove(client);
}
