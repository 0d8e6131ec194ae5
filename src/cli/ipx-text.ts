/** How numbers of the IPX family are written. */

const NODE_OCTETS = 6;
const NETWORK_DIGITS = 8;
const USHORT_VALUES = 0x1_0000;

/** The number that routes of one protocol compare by: ticks, and then hops. */
export function rankOf(ticks: number, hops: number): number {
  return ticks * USHORT_VALUES + hops;
}

/** FSD_TickCount and FSD_HopCount of a route with this rank. */
export function ticksAndHops(rank: number): [ticks: number, hops: number] {
  return [Math.floor(rank / USHORT_VALUES), rank % USHORT_VALUES];
}

/** The number of a network, eight hexadecimal digits. */
export function formatNetwork(network: number): string {
  return network.toString(16).toUpperCase().padStart(NETWORK_DIGITS, '0');
}

/** A node's address from the number that its six octets make, the first one most significant. */
export function formatNode(node: number): string {
  return (
    node
      .toString(16)
      .padStart(2 * NODE_OCTETS, '0')
      .match(/../g) ?? []
  ).join(':');
}
