import { OWN_PROTOCOL } from '../win32/protocol.js';
import { V1, type V1Status, V2 } from '../win32/status.js';
import type { EntityId } from '../v2/structures.js';
import type { V1Function, V2Failure } from '../translate/errors.js';
import { newRoute, type RouteFormat } from '../translate/route-format.js';
import { Entity } from './entity.js';
import type { Observer } from './observer.js';
import { V1_CLIENT_INSTANCE } from './owners.js';
import { RouteReading } from './route-reading.js';
import type { Table } from './table.js';

const MAX_READER_ATTEMPTS = 16;

/** The routes of one protocol family: what the functions of one opened object work on when they are given its number. */
export class FamilyTable {
  readonly table: Table;
  readonly format: RouteFormat;
  /** Every protocol that a client was ever registered for. */
  readonly protocols = new Set<number>();
  /** Tells clients of changes, those of all objects that are open on this table. */
  readonly observer: Observer;
  /** The route argument of the function that runs. */
  readonly input: Uint32Array<ArrayBuffer>;
  /** The best route before and after a change. */
  readonly before: RouteReading;
  readonly after: RouteReading;
  /** The route that is the best one after a change: as read, or the very route that was given. */
  current: Uint32Array;
  #reader: Entity | undefined;
  #readerId: EntityId | undefined;

  constructor(table: Table, format: RouteFormat) {
    this.table = table;
    this.format = format;
    this.observer = table.watch.observerOf(format, table.settings.instance);
    this.input = newRoute(format);
    this.before = new RouteReading(format, table.owners);
    this.after = new RouteReading(format, table.owners);
    this.current = this.input;
  }

  /** The id of a v1 client's entity. */
  clientId(protocolId: number): EntityId {
    return { ...this.#family, protocolId, protocolInstance: V1_CLIENT_INSTANCE };
  }

  /**
   * The hidden entity that reads the table for functions that need no client; registered when it is first needed.
   *
   * @returns the entity, or what the v1 function has to report
   */
  readerFor(v1Function: V1Function): Entity | V1Status {
    if (this.table.isClosed) return V1.NO_SYSTEM_RESOURCES;
    if (this.#reader === undefined) {
      const registered = this.registerReader();
      if ('code' in registered) return this.table.fail(v1Function, registered);
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
    reader.settleAll();
    reader.calls.RtmDeregisterEntity(reader.registration);
    this.#reader = undefined;
  }

  /**
   * Registers an entity that only reads.
   *
   * @param former the id that such an entity has had, to have it again
   */
  registerReader(former?: EntityId): Entity | V2Failure {
    const { calls, workspace } = this.table;
    const id = { ...this.#family, protocolId: OWN_PROTOCOL };
    for (let attempt = 1; ; attempt += 1) {
      // Every opened object has a reader, also those of other threads, which cannot be asked what ids they use.
      const random = Math.floor(Math.random() * 0x1_0000_0000);
      const protocolInstance = attempt === 1 ? (former?.protocolInstance ?? random) : random;
      const registered = Entity.register(calls, workspace, { ...id, protocolInstance });
      const isTaken = 'code' in registered && registered.code === V2.ALREADY_EXISTS;
      if (!isTaken || attempt === MAX_READER_ATTEMPTS) return registered;
    }
  }

  get #family(): Pick<EntityId, 'instance' | 'family'> {
    return { instance: this.table.settings.instance, family: this.format.addressFamily };
  }
}
