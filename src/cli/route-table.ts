/**
 * Routes in columns: a full Internet table is a few typed arrays instead of a million objects.
 */
import type { CheckedFamily } from './family.js';
import { ip } from './ip-family.js';

const INITIAL_CAPACITY = 64;

export class RouteTable {
  readonly family: CheckedFamily;
  /** Number of routes; only the first `count` elements of a column mean something. */
  count = 0;
  /** N_NetNumber. */
  network = new Uint32Array(INITIAL_CAPACITY);
  prefixLength = new Uint8Array(INITIAL_CAPACITY);
  /** N_NetNumber, or the six octets of NHA_Mac as one number; 0 where the network is attached to the interface itself. */
  nextHop = new Float64Array(INITIAL_CAPACITY);
  interfaceIndex = new Uint32Array(INITIAL_CAPACITY);
  /** What routes of one protocol compare by, lower first: the metric, or ticks and then hops. */
  rank = new Uint32Array(INITIAL_CAPACITY);
  /** Line of the text the route was read from, counted from 1. */
  line = new Uint32Array(INITIAL_CAPACITY);

  constructor(family: CheckedFamily = ip) {
    this.family = family;
  }

  push(
    network: number,
    prefixLength: number,
    nextHop: number,
    interfaceIndex: number,
    rank: number,
    line: number,
  ): void {
    const row = this.count;
    if (row === this.network.length) {
      this.#grow();
    }
    this.network[row] = network;
    this.prefixLength[row] = prefixLength;
    this.nextHop[row] = nextHop;
    this.interfaceIndex[row] = interfaceIndex;
    this.rank[row] = rank;
    this.line[row] = line;
    this.count = row + 1;
  }

  /** A route as route text: clauses that say nothing are left out. */
  format(row: number): string {
    return this.family.format(this, row);
  }

  #grow(): void {
    const capacity = this.network.length * 2;
    this.network = enlarged(this.network, new Uint32Array(capacity));
    this.prefixLength = enlarged(this.prefixLength, new Uint8Array(capacity));
    this.nextHop = enlarged(this.nextHop, new Float64Array(capacity));
    this.interfaceIndex = enlarged(this.interfaceIndex, new Uint32Array(capacity));
    this.rank = enlarged(this.rank, new Uint32Array(capacity));
    this.line = enlarged(this.line, new Uint32Array(capacity));
  }
}

function enlarged<Column extends Uint8Array | Uint32Array | Float64Array>(from: Column, into: Column): Column {
  into.set(from);
  return into;
}
