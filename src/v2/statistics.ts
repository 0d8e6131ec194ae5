import type { LibraryHandle } from 'koffi';
import { V2, type V2Status } from '../win32/status.js';
import { sizeOf } from '../win32/abi.js';
import { Memory } from './memory.js';
import { type EntityId, writeEntityInfo } from './structures.js';

/** What entities hold, as Rtm2GetStatistics counts it. */
export interface V2Statistics {
  /** Registrations. */
  readonly entities: number;
  /** Routes in a table. */
  readonly routes: number;
  /** Next hops in an entity's list. */
  readonly nextHops: number;
  /** Destinations with a route of the entity. */
  readonly destinations: number;
  /** References given out and not given back: handles, alone or inside information structures, and enumerations. */
  readonly handles: number;
}

const ULONGLONG_SIZE = 8;
const STATISTICS_MEMBERS = 6;

/**
 * Declares Rtm2GetStatistics, which the embedded library exports beside the documented functions.
 *
 * @returns the statistics of all entities, registered or already gone, that have one id; or null if there is no such
 *   function
 */
export function bindStatistics(library: LibraryHandle): ((id: EntityId) => V2Statistics) | null {
  let call: (info: number, statistics: number) => V2Status;
  try {
    call = library.func('Rtm2GetStatistics', 'uint32_t', ['uintptr_t', 'uintptr_t']) as typeof call;
  } catch {
    return null;
  }
  const statistics = sizeOf('RTM_ENTITY_INFO');
  const memory = new Memory(statistics + STATISTICS_MEMBERS * ULONGLONG_SIZE);
  const member = (index: number): number => memory.count64(statistics + index * ULONGLONG_SIZE);
  return (id) => {
    writeEntityInfo(memory, 0, id);
    const code = call(memory.address, memory.address + statistics);
    if (code !== V2.NO_ERROR) throw new Error(`Rtm2GetStatistics answers ${code}`);
    return { entities: member(0), routes: member(1), nextHops: member(2), destinations: member(3), handles: member(4) };
  };
}
