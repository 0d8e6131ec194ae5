/**
 * IPv4 routes in columns: a full Internet table is a few typed arrays instead of a million objects. An address is the
 * DWORD that N_NetNumber holds, its octets in memory order.
 */
import { formatIpv4 } from '../v1/ipv4.js';

const INITIAL_CAPACITY = 64;

export class RouteTable {
  /** Number of routes; only the first `count` elements of a column mean something. */
  count = 0;
  network = new Uint32Array(INITIAL_CAPACITY);
  prefixLength = new Uint8Array(INITIAL_CAPACITY);
  /** 0 where the network is attached to the interface itself. */
  nextHop = new Uint32Array(INITIAL_CAPACITY);
  interfaceIndex = new Uint32Array(INITIAL_CAPACITY);
  metric = new Uint32Array(INITIAL_CAPACITY);
  /** Line of the text the route was read from, counted from 1. */
  line = new Uint32Array(INITIAL_CAPACITY);

  push(
    network: number,
    prefixLength: number,
    nextHop: number,
    interfaceIndex: number,
    metric: number,
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
    this.metric[row] = metric;
    this.line[row] = line;
    this.count = row + 1;
  }

  /** A route as route text: clauses that say nothing are left out. */
  format(row: number): string {
    const nextHop = this.nextHop[row] ?? 0;
    const interfaceIndex = this.interfaceIndex[row] ?? 0;
    const metric = this.metric[row] ?? 0;
    return [
      `${formatIpv4(this.network[row] ?? 0)}/${this.prefixLength[row] ?? 0}`,
      ...(nextHop === 0 ? [] : [`via ${formatIpv4(nextHop)}`]),
      ...(interfaceIndex === 0 ? [] : [`if ${interfaceIndex}`]),
      ...(metric === 0 ? [] : [`metric ${metric}`]),
    ].join(' ');
  }

  #grow(): void {
    const capacity = this.network.length * 2;
    this.network = enlarged(this.network, new Uint32Array(capacity));
    this.prefixLength = enlarged(this.prefixLength, new Uint8Array(capacity));
    this.nextHop = enlarged(this.nextHop, new Uint32Array(capacity));
    this.interfaceIndex = enlarged(this.interfaceIndex, new Uint32Array(capacity));
    this.metric = enlarged(this.metric, new Uint32Array(capacity));
    this.line = enlarged(this.line, new Uint32Array(capacity));
  }
}

function enlarged<Column extends Uint8Array | Uint32Array>(from: Column, into: Column): Column {
  into.set(from);
  return into;
}
