import { constant } from '../win32/constants.js';
import { setLastError } from '../win32/last-error.js';
import { V1, type V1Status } from '../win32/status.js';
import type { V2Failure } from '../translate/errors.js';
import { isDword } from './arguments.js';
import { Client } from './client.js';
import { deregisterEntity } from './deregister.js';
import { Entity } from './entity.js';
import type { FamilyTable } from './family-table.js';
import { type Mailbox, mailboxFor } from './mailbox.js';
import { badDword, badEvent, badFamily, badRegistrationFlags } from './refusals.js';
import { CLOSED, NO_HANDLES } from './states.js';
import type { Table } from './table.js';

const SINGLE_ROUTE = constant('RTM_PROTOCOL_SINGLE_ROUTE');

const REGISTER = 'RtmRegisterClient';
const DEREGISTER = 'RtmDeregisterClient';

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
  table.watch.expire();
  const family = table.family(protocolFamily);
  if (family === undefined) return table.refuseArgument(REGISTER, badFamily(protocolFamily));
  if (!isDword(protocol)) return table.refuseArgument(REGISTER, badDword('RoutingProtocol', protocol));
  const mailbox = mailboxFor(changeEvent, family.format.words);
  if (mailbox === undefined) return table.refuseArgument(REGISTER, badEvent(changeEvent));
  if (flags !== 0 && flags !== SINGLE_ROUTE) return table.refuseArgument(REGISTER, badRegistrationFlags(flags));
  if (table.isClosed) return table.refuse(REGISTER, V1.NO_SYSTEM_RESOURCES, CLOSED);
  if (table.handles.isFull) return table.refuse(REGISTER, V1.NOT_ENOUGH_MEMORY, NO_HANDLES);
  const registered = register(family, protocol, flags === SINGLE_ROUTE, mailbox);
  return 'code' in registered ? table.fail(REGISTER, registered) : registered;
}

function register(
  family: FamilyTable,
  protocol: number,
  isSingleRoute: boolean,
  mailbox: Mailbox | null,
): Client | V2Failure {
  const { observer, table } = family;
  // First of all, since it is no loss if it turns out not to be wanted, and a client that cannot be told would be.
  const failure = mailbox === null ? null : observer.start((former) => family.registerReader(former));
  if (failure !== null) return failure;
  const entity = Entity.register(table.calls, table.workspace, family.clientId(protocol));
  if ('code' in entity) {
    observer.rest();
    return entity;
  }
  const client = new Client(family, entity, isSingleRoute, mailbox);
  family.protocols.add(protocol);
  table.owners.add(client);
  table.handles.open(client);
  if (mailbox !== null) {
    mailbox.open();
    observer.join(client, mailbox);
    table.watch.poll();
  }
  return client;
}

/** RtmDeregisterClient: deregisters the entity with all that it owns and ends the v1 handle. */
export function deregisterClient(table: Table, clientHandle: unknown): V1Status {
  table.watch.expire();
  const client = table.client(clientHandle);
  if (client === undefined) return table.refuseHandle(DEREGISTER, 'ClientHandle', clientHandle);
  const { mailbox } = client;
  const { observer } = client.family;
  observer.drain();
  // It is told nothing of what it does itself.
  observer.leave(client);
  const failure = deregisterEntity(client);
  const end = failure === null ? null : client.entity.confirmEnd(failure);
  if (failure === null || end !== null) retire(table, client);
  else observer.drain();
  if (failure === null) return V1.NO_ERROR;
  if (end === null && mailbox !== null) observer.join(client, mailbox);
  return table.fail(DEREGISTER, end ?? failure);
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
  const { observer } = client.family;
  table.handles.close(client);
  table.owners.remove(client);
  table.ageing.remove(client);
  client.mailbox?.close();
  observer.leave(client);
  observer.rest();
  observer.drain();
  table.watch.rest();
}
