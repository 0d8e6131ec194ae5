import type { Handle } from '../v2/memory.js';

/** A next hop of a client: one RTMv2 next hop for each (address, interface) that its routes use. */
export interface NextHop {
  /** Octets in memory order, at most 48 bits. */
  readonly address: number;
  readonly interfaceId: number;
  /** The RTM_NEXTHOP_HANDLE, one reference to which is held as long as the hop is here. */
  readonly handle: Handle;
  /** Routes that use it. */
  routes: number;
}

/** The next hops of one client by interface and address. */
export class NextHops {
  readonly #byInterface = new Map<number, Map<number, NextHop>>();
  // Most clients add and delete many routes over the same hop in a row.
  #last: NextHop | undefined;

  find(address: number, interfaceId: number): NextHop | undefined {
    const last = this.#last;
    if (last?.address === address && last.interfaceId === interfaceId) return last;
    const found = this.#byInterface.get(interfaceId)?.get(address);
    if (found !== undefined) this.#last = found;
    return found;
  }

  insert(hop: NextHop): void {
    let byAddress = this.#byInterface.get(hop.interfaceId);
    if (byAddress === undefined) {
      byAddress = new Map();
      this.#byInterface.set(hop.interfaceId, byAddress);
    }
    byAddress.set(hop.address, hop);
    this.#last = hop;
  }

  remove(hop: NextHop): void {
    if (this.#last === hop) this.#last = undefined;
    const byAddress = this.#byInterface.get(hop.interfaceId);
    byAddress?.delete(hop.address);
    if (byAddress?.size === 0) this.#byInterface.delete(hop.interfaceId);
  }

  all(): NextHop[] {
    return [...this.#byInterface.values()].flatMap((byAddress) => [...byAddress.values()]);
  }
}
