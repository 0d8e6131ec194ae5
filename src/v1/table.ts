import { isFileTime } from '../win32/filetime.js';
import { V1, type V1Status } from '../win32/status.js';
import type { V2Calls } from '../v2/calls.js';
import type { V2Library } from '../v2/library.js';
import type { V2Function } from '../v2/signatures.js';
import { Workspace } from '../v2/workspace.js';
import { statusOf, type V1Function, type V2Failure } from '../translate/errors.js';
import { IP_FORMAT } from '../translate/ip-format.js';
import { IPX_FORMAT } from '../translate/ipx-format.js';
import { Ageing } from './ageing.js';
import { Client } from './client.js';
import { FamilyTable } from './family-table.js';
import { HandleTable } from './handles.js';
import type { Settings } from './options.js';
import { type Owners, ownersOf } from './owners.js';
import { type Watch, watchOf } from './watch.js';

const MS_PER_SECOND = 1000;

/** A v2 call that made a v1 function fail. */
export interface Failure {
  readonly v1Function: V1Function;
  readonly v2Function: V2Function;
  /** What the v2 function returned. */
  readonly code: number;
  /** What the v1 function reported instead. */
  readonly status: number;
  /** What was wrong with the call if it returned NO_ERROR: what it has told broke the rules of RTMv2, for instance. */
  readonly defect?: string;
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
  /** Sees to what has to be done on the library without a call that asks for it. */
  readonly watch: Watch;
  /** The routes of this object that do not stay for ever. */
  readonly ageing: Ageing;
  readonly families: readonly FamilyTable[];
  lastFailure: Failure | null = null;
  isClosed = false;

  constructor(library: V2Library, settings: Omit<Settings, 'library'>) {
    this.library = library;
    this.calls = library.calls;
    this.settings = settings;
    this.owners = ownersOf(library.path);
    this.watch = watchOf(this.owners);
    // A clock that the caller gives is the time of the table; else it must not matter that somebody sets the clock.
    this.ageing = new Ageing(settings.isClockGiven ? () => this.now() : () => performance.now());
    this.families = [IPX_FORMAT, IP_FORMAT].map((format) => new FamilyTable(this, format));
  }

  /** The family that a ProtocolFamily argument names. */
  family(protocolFamily: unknown): FamilyTable | undefined {
    return this.families.find(({ format }) => format.family === protocolFamily);
  }

  /** The client that a value is the handle of. */
  client(handle: unknown): Client | undefined {
    const target = this.handles.find(handle);
    return target instanceof Client ? target : undefined;
  }

  /** Ends the hidden entities of all families. */
  dismissReaders(): void {
    for (const family of this.families) family.dismissReader();
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

  /**
   * Gives the route in a client's slot a time to live.
   *
   * @param seconds counted from `now`, which is of the clock that routes age by
   * @returns false if there is no memory for it
   */
  limit(client: Client, slot: number, seconds: number, now: number): boolean {
    const ms = seconds * MS_PER_SECOND;
    if (!this.ageing.schedule(client, slot, now + ms)) return false;
    this.watch.awaken(this.ageing, ms);
    return true;
  }

  /**
   * What a function reports that cannot tell what the table holds, because a route past its time could not be deleted.
   * That has nothing to do with what the function was asked, and so none of its own codes fits.
   */
  failOverdue(v1Function: V1Function, failure: V2Failure): V1Status {
    return this.#keep(v1Function, failure, V1.NO_SYSTEM_RESOURCES);
  }

  /** Translates what a v2 call has answered into what a v1 function reports, and keeps it for diagnosis. */
  fail(v1Function: V1Function, failure: V2Failure): V1Status {
    return this.#keep(v1Function, failure, statusOf(v1Function, failure));
  }

  #keep(v1Function: V1Function, { call, code, defect }: V2Failure, status: V1Status): V1Status {
    if (status === V1.NO_ERROR) return status;
    this.lastFailure = { v1Function, v2Function: call, code, status, ...(defect && { defect: defect.text }) };
    return status;
  }
}
