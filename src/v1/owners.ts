import { existsSync, realpathSync } from 'node:fs';
import { V2 } from '../win32/status.js';
import type { Handle } from '../v2/memory.js';
import { clearEntityInfo, type EntityId, readEntityInfo } from '../v2/structures.js';
import { breach, type V2Failure } from '../translate/errors.js';
import type { Client } from './client.js';
import type { Entity } from './entity.js';

/** EntityInstanceId of every v1 client: 'RTM1'. A protocol has one v1 client, as v1 wants it. */
export const V1_CLIENT_INSTANCE = 0x314d5452;

/** Who owns a route: one of our clients, whose records tell all about it, or an entity that only has an id. */
export type Owner = Client | EntityId;

/**
 * The clients of one library by the entity handle that its routes tell as their owner. All opened objects of a thread
 * share it, so that they see each other's routes in full.
 */
export class Owners {
  readonly #byRegistration = new Map<Handle, Client>();
  /** This library has named a client as owner by its registration handle: then it never names one by another. */
  #namesRegistrations = false;

  add(client: Client): void {
    this.#byRegistration.set(client.entity.registration, client);
  }

  remove(client: Client): void {
    this.#byRegistration.delete(client.entity.registration);
  }

  /** Tells who owns a route, given the handle that the route names as its owner; `by` asks RTM if need be. */
  find(handle: Handle, by: Entity): Owner | V2Failure {
    const client = this.#byRegistration.get(handle);
    if (client === undefined) return this.#identify(handle, by);
    this.#namesRegistrations = true;
    return client;
  }

  /**
   * No page says that a route names its owner by the handle that registration gave; the id is certain. Another handle is
   * asked about each time: nobody holds it, so that it may be the handle of another entity the next time.
   */
  #identify(handle: Handle, by: Entity): Owner | V2Failure {
    const { calls, registration, workspace } = by;
    const info = workspace.address + workspace.entityInfo;
    clearEntityInfo(workspace, workspace.entityInfo);
    const code = calls.RtmGetEntityInfo(registration, handle, info);
    if (code !== V2.NO_ERROR) return { call: 'RtmGetEntityInfo', code };
    const id = readEntityInfo(workspace, workspace.entityInfo);
    calls.RtmReleaseEntityInfo(registration, info);
    if (id.family !== by.id.family) return breach('RtmGetEntityInfo', 'tells no entity of the family');
    // An entity that is gone may have left routes behind, and a client may have come since with the same id.
    if (id.protocolInstance !== V1_CLIENT_INSTANCE || this.#namesRegistrations) return id;
    const clients = [...this.#byRegistration.values()];
    return clients.find(({ entity }) => sameId(entity.id, id)) ?? id;
  }
}

function sameId(one: EntityId, other: EntityId): boolean {
  return (
    one.instance === other.instance &&
    one.family === other.family &&
    one.protocolId === other.protocolId &&
    one.protocolInstance === other.protocolInstance
  );
}

const ownersByLibrary = new Map<string, Owners>();

/** The clients of the library at `path` in this thread; one file is one library, however its path is spelled. */
export function ownersOf(path: string): Owners {
  const file = existsSync(path) ? realpathSync(path) : path;
  let owners = ownersByLibrary.get(file);
  if (owners === undefined) {
    owners = new Owners();
    ownersByLibrary.set(file, owners);
  }
  return owners;
}
