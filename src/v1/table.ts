import { isFileTime } from '../win32/filetime.js';
import { V1, type V1Status } from '../win32/status.js';
import type { V2Calls } from '../v2/calls.js';
import type { V2Library } from '../v2/library.js';
import type { V2Function } from '../v2/signatures.js';
import { Workspace } from '../v2/workspace.js';
import { toV1, type V1Function, type V2Failure } from '../translate/errors.js';
import { IP_FORMAT } from '../translate/ip-format.js';
import { IPX_FORMAT } from '../translate/ipx-format.js';
import { Client } from './client.js';
import { FamilyTable } from './family-table.js';
import { HandleTable } from './handles.js';
import type { Settings } from './options.js';
import { type Owners, ownersOf } from './owners.js';

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
  readonly families: readonly FamilyTable[];
  lastFailure: Failure | null = null;
  isClosed = false;

  constructor(library: V2Library, settings: Omit<Settings, 'library'>) {
    this.library = library;
    this.calls = library.calls;
    this.settings = settings;
    this.owners = ownersOf(library.path);
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

  /** Translates what a v2 call has answered into what a v1 function reports, and keeps it for diagnosis. */
  fail(v1Function: V1Function, { call, code }: V2Failure): V1Status {
    const status = toV1(v1Function, call, code);
    if (status !== V1.NO_ERROR) this.lastFailure = { v1Function, v2Function: call, code, status };
    return status;
  }
}
