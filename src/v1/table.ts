import { isFileTime } from '../win32/filetime.js';
import { constant } from '../win32/constants.js';
import { OWN_PROTOCOL } from '../win32/protocol.js';
import { V1, type V1Status, V2 } from '../win32/status.js';
import { setLastError } from '../win32/last-error.js';
import type { V2Calls } from '../v2/calls.js';
import type { V2Library } from '../v2/library.js';
import type { V2Function } from '../v2/signatures.js';
import { type EntityId } from '../v2/structures.js';
import { Workspace } from '../v2/workspace.js';
import { toV1, type V1Function, type V2Failure } from '../translate/errors.js';
import { newRouteWords } from '../translate/ip-route.js';
import { Client } from './client.js';
import { Entity } from './entity.js';
import { HandleTable } from './handles.js';
import type { Settings } from './options.js';
import { type Owners, ownersOf, V1_CLIENT_INSTANCE } from './owners.js';
import { RouteReading } from './route-reading.js';

const AF_INET = constant('AF_INET');
const MAX_READER_ATTEMPTS = 16;

/** A v2 call that made a v1 function fail. */
export interface Failure {
  readonly v1Function: V1Function;
  readonly v2Function: V2Function;
  /** What the v2 function returned. */
  readonly code: number;
  /** What the v1 function reported instead. */
  readonly status: number;
}

/** What the functions of one opened object work on: one RTM instance of one library. */
export class Table {
  readonly library: V2Library;
  readonly calls: V2Calls;
  readonly settings: Omit<Settings, 'library'>;
  readonly handles = new HandleTable();
  readonly owners: Owners;
  /** Shared by all entities whose limits it suits: v1 functions run one after the other. */
  readonly workspace = new Workspace(Workspace.INITIAL);
  /** Every protocol that a client was ever registered for. */
  readonly protocols = new Set<number>();
  /** The route argument of the function that runs. */
  readonly input = newRouteWords();
  /** The best route before and after a change. */
  readonly before: RouteReading;
  readonly after: RouteReading;
  /** The route that is the best one after a change: as read, or the very route that was given. */
  current: Uint32Array = this.input;
  lastFailure: Failure | null = null;
  isClosed = false;
  #reader: Entity | undefined;
  #readerId: EntityId | undefined;

  constructor(library: V2Library, settings: Omit<Settings, 'library'>) {
    this.library = library;
    this.calls = library.calls;
    this.settings = settings;
    this.owners = ownersOf(library.path);
    this.before = new RouteReading(this.owners);
    this.after = new RouteReading(this.owners);
  }

  /** The id of a v1 client's entity. */
  clientId(protocolId: number): EntityId {
    return { instance: this.settings.instance, family: AF_INET, protocolId, protocolInstance: V1_CLIENT_INSTANCE };
  }

  /** The client that a value is the handle of. */
  client(handle: unknown): Client | undefined {
    const target = this.handles.find(handle);
    return target instanceof Client ? target : undefined;
  }

  /** Milliseconds since 1970 by the caller's clock; NaN if it throws, or tells no instant that a FILETIME can hold. */
  now(): number {
    try {
      const now: unknown = this.settings.clock();
      return typeof now === 'number' && isFileTime(now) ? now : NaN;
    } catch {
      return NaN;
    }
  }

  /** Translates what a v2 call has answered into what a v1 function reports, and keeps it for diagnosis. */
  fail(v1Function: V1Function, { call, code }: V2Failure): V1Status {
    const status = toV1(v1Function, call, code);
    if (status !== V1.NO_ERROR) this.lastFailure = { v1Function, v2Function: call, code, status };
    return status;
  }

  /**
   * The hidden entity that reads the table for functions that need no client; registered when it is first needed.
   *
   * @returns the entity; or undefined with the last error set
   */
  readerFor(v1Function: V1Function): Entity | undefined {
    if (this.isClosed) {
      setLastError(V1.NO_SYSTEM_RESOURCES);
      return undefined;
    }
    if (this.#reader === undefined) {
      const registered = this.registerReader();
      if ('code' in registered) {
        setLastError(this.fail(v1Function, registered));
        return undefined;
      }
      this.#reader = registered;
      this.#readerId = registered.id;
    }
    if (!this.#reader.debts.isEmpty) this.#reader.settle();
    return this.#reader;
  }

  /** The hidden entity, if there is one. */
  get reader(): Entity | undefined {
    return this.#reader;
  }

  /** The id of the hidden entity, also after it has left. */
  get readerId(): EntityId | undefined {
    return this.#readerId;
  }

  /** Ends the hidden entity. */
  dismissReader(): void {
    const reader = this.#reader;
    if (reader === undefined) return;
    reader.settle();
    reader.calls.RtmDeregisterEntity(reader.registration);
    this.#reader = undefined;
  }

  /** Registers an entity that only reads. */
  registerReader(): Entity | V2Failure {
    const id = { instance: this.settings.instance, family: AF_INET, protocolId: OWN_PROTOCOL };
    for (let attempt = 1; ; attempt += 1) {
      // Every opened object has a reader, also those of other threads, which cannot be asked what ids they use.
      const protocolInstance = Math.floor(Math.random() * 0x1_0000_0000);
      const registered = Entity.register(this.calls, this.workspace, { ...id, protocolInstance });
      const isTaken = 'code' in registered && registered.code === V2.ALREADY_EXISTS;
      if (!isTaken || attempt === MAX_READER_ATTEMPTS) return registered;
    }
  }
}
