/** What a check needs to know of a protocol family: its text, its numbers, its route structure. */
import type { Explanation } from './route-text-errors.js';
import type { RouteRecord } from './route-record.js';
import type { RouteTable } from './route-table.js';
import type { Scanner } from './scanner.js';

/** A network as read from text. */
export interface NetworkText {
  /** N_NetNumber. */
  network: number;
  prefixLength: number;
}

/** A word and the value behind it. */
export interface Clause {
  readonly keyword: Uint8Array;
  /** Reads the value, or returns `MALFORMED`. */
  readonly read: (scanner: Scanner) => number;
  readonly explain: Explanation;
}

export interface CheckedFamily {
  readonly name: 'ip' | 'ipx';
  /** RTM_PROTOCOL_FAMILY_*. */
  readonly number: number;
  /** The protocol that a check registers as unless it is told another: its number in routprot.h. */
  readonly defaultProtocol: number;
  /** What the names of the family's protocols in routprot.h begin with. */
  readonly protocolNames: RegExp;
  /** How a line of route text looks. */
  readonly form: string;
  /** Reads the network that a line begins with; false if it is malformed. */
  readonly readNetwork: (scanner: Scanner, into: NetworkText) => boolean;
  readonly explainNetwork: Explanation;
  /** What to write for a word that stands where a clause may begin, where it shows what it means. */
  readonly explainOtherWord: (word: string) => string | undefined;
  /** Whether FSD_Priority ranks the protocols of this family. */
  readonly hasPriority: boolean;
  /** In the order: next hop, interface, then what `rankOf` takes. */
  readonly clauses: readonly Clause[];
  /** The number by which two routes of one protocol compare, lower first, from the values of the further clauses. */
  readonly rankOf: (first: number, second: number) => number;
  /** A route as route text; clauses that say nothing are left out. */
  readonly format: (routes: RouteTable, row: number) => string;
  /** A network as text. */
  readonly formatNetwork: (network: number, prefixLength: number) => string;
  /** The number of the network that follows `network` when all prefixes have full length. */
  readonly nextNetwork: (network: number) => number;
  readonly newRecord: () => RouteRecord;
}
