/** Bits of an IPv4 address. */
export const ADDRESS_BITS = 32;

/** Turns a DWORD that holds four octets in memory order into the number that arithmetic can work on, and back. */
export function swapOctets(dword: number): number {
  return ((dword << 24) | ((dword & 0xff00) << 8) | ((dword >>> 8) & 0xff00) | (dword >>> 24)) >>> 0;
}

/**
 * Length of the prefix that an IP_NETWORK denotes, or -1 if no table can hold it: the mask is not contiguous, or the
 * address has bits outside the mask.
 *
 * @param number N_NetNumber, the octets in memory order
 * @param mask N_NetMask, likewise
 */
export function prefixLength(number: number, mask: number): number {
  const hostBits = ~swapOctets(mask);
  if ((hostBits & (hostBits + 1)) !== 0 || (number & ~mask) !== 0) return -1;
  return Math.clz32(hostBits);
}

/**
 * N_NetMask for a prefix length, the octets in memory order.
 *
 * @param length 0..32
 */
export function maskOfLength(length: number): number {
  return length === 0 ? 0 : swapOctets((-1 << (ADDRESS_BITS - length)) >>> 0);
}
