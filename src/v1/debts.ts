import { V2, type V2Status } from '../win32/status.js';
import type { V2Calls } from '../v2/calls.js';
import type { Handle } from '../v2/memory.js';
import type { V2Function } from '../v2/signatures.js';
import { DEST_INFO } from '../v2/structures.js';
import type { Workspace } from '../v2/workspace.js';
import type { V2Failure } from '../translate/errors.js';

/** What an entity can owe RTM: references to objects, and enumerations. */
export type Owed = 'route' | 'destination' | 'nextHop' | 'entity' | 'enumeration';

/** Failures in a row after which nothing more is tried. */
const MOST_FAILURES = 64;

interface Debt {
  readonly kind: Owed;
  readonly handle: Handle;
  /** RTM has already said that it knows no such handle. */
  disputed: boolean;
}

/** How to give one handle back. */
interface Payment {
  readonly call: V2Function;
  readonly pay: () => V2Status;
}

/**
 * Handles that an entity failed to give back. A failed release must not fail the v1 call whose work is done,
 * and must not become a leak either: it is owed, and tried again at the entity's next call and before it deregisters.
 */
export class Debts {
  #debts: Debt[] = [];

  get isEmpty(): boolean {
    return this.#debts.length === 0;
  }

  /** How many handles are owed. */
  get count(): number {
    return this.#debts.length;
  }

  add(kind: Owed, handle: Handle): void {
    if (handle !== 0) this.#debts.push({ kind, handle, disputed: false });
  }

  /**
   * Tries to give everything back. What RTM does not know twice running is not held, whatever went wrong before. After
   * some failures in a row the rest waits for the next time: a library that takes nothing back must not make every call
   * slower than the one before.
   *
   * @returns the last failure, if anything is still owed
   */
  settle(calls: V2Calls, workspace: Workspace, registration: Handle): V2Failure | null {
    let failure: V2Failure | null = null;
    let failuresInRow = 0;
    this.#debts = this.#debts.filter((debt) => {
      if (failuresInRow === MOST_FAILURES) return true;
      const { call, pay } = payment(debt, calls, workspace, registration);
      const code = pay();
      const unknown = code === V2.INVALID_HANDLE;
      failuresInRow = code === V2.NO_ERROR || unknown ? 0 : failuresInRow + 1;
      if (code === V2.NO_ERROR || (unknown && debt.disputed)) return false;
      debt.disputed = unknown;
      failure = { call, code };
      return true;
    });
    return failure;
  }
}

function payment(debt: Debt, calls: V2Calls, workspace: Workspace, registration: Handle): Payment {
  const { handle, kind } = debt;
  const cell = workspace.address + workspace.handleCell;
  workspace.setHandle(workspace.handleCell, handle);
  switch (kind) {
    case 'route':
      return { call: 'RtmReleaseRoutes', pay: () => calls.RtmReleaseRoutes(registration, 1, cell) };
    case 'nextHop':
      return { call: 'RtmReleaseNextHops', pay: () => calls.RtmReleaseNextHops(registration, 1, cell) };
    case 'entity':
      return { call: 'RtmReleaseEntities', pay: () => calls.RtmReleaseEntities(registration, 1, cell) };
    case 'enumeration':
      return { call: 'RtmDeleteEnumHandle', pay: () => calls.RtmDeleteEnumHandle(registration, handle) };
    case 'destination':
      // No function takes a bare destination handle; an RTM_DEST_INFO without views holds nothing else.
      workspace.setHandle(workspace.destInfo + DEST_INFO.DestHandle, handle);
      workspace.setWord(workspace.destInfo + DEST_INFO.NumberOfViews, 0);
      return {
        call: 'RtmReleaseDestInfo',
        pay: () => calls.RtmReleaseDestInfo(registration, workspace.address + workspace.destInfo),
      };
  }
}
