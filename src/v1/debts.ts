import { V2, type V2Status } from '../win32/status.js';
import type { V2Calls } from '../v2/calls.js';
import type { Handle } from '../v2/memory.js';
import type { V2Function } from '../v2/signatures.js';
import { DEST_INFO } from '../v2/structures.js';
import type { Workspace } from '../v2/workspace.js';
import type { V2Failure } from '../translate/errors.js';

/** What an entity can owe RTM: references to objects, and enumerations. */
export type Owed = 'route' | 'destination' | 'nextHop' | 'entity' | 'enumeration';

/** What is owed beyond is given up: no honest library refuses so much. */
const MOST_DEBTS = 65_536;

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
  readonly #debts: Debt[] = [];
  /** The debt to try next, in turn, so that some that are always refused do not keep others waiting. */
  #next = 0;

  get isEmpty(): boolean {
    return this.#debts.length === 0;
  }

  /** How many handles are owed. */
  get count(): number {
    return this.#debts.length;
  }

  add(kind: Owed, handle: Handle): void {
    if (handle !== 0 && this.#debts.length < MOST_DEBTS) this.#debts.push({ kind, handle, disputed: false });
  }

  /**
   * Tries to give things back. What RTM does not know twice running is not held, whatever went wrong before.
   *
   * @param most how many to try: a call that only passes by tries some, so that a library that takes nothing back does
   *   not make every call slower than the one before
   * @returns the last failure of these tries
   */
  settle(calls: V2Calls, workspace: Workspace, registration: Handle, most: number): V2Failure | null {
    let failure: V2Failure | null = null;
    for (let tries = Math.min(most, this.#debts.length); tries > 0; tries -= 1) {
      if (this.#next >= this.#debts.length) this.#next = 0;
      const debt = this.#debts[this.#next];
      if (debt === undefined) break;
      const { call, pay } = payment(debt, calls, workspace, registration);
      const code = pay();
      const unknown = code === V2.INVALID_HANDLE;
      if (code === V2.NO_ERROR || (unknown && debt.disputed)) {
        this.#remove(this.#next);
        continue;
      }
      debt.disputed = unknown;
      failure = { call, code };
      this.#next += 1;
    }
    return failure;
  }

  /** Removes a debt; the order of the others does not matter. */
  #remove(index: number): void {
    const last = this.#debts.pop();
    if (last !== undefined && index < this.#debts.length) this.#debts[index] = last;
  }
}

/** How to give a handle back. */
export function payment(debt: Pick<Debt, 'kind' | 'handle'>, calls: V2Calls, workspace: Workspace, registration: Handle): Payment {
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
