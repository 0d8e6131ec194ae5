import { ipv4 } from '../v1/ipv4.js';

/** The DWORD for a dotted address, its octets in memory order, or -1 where the text is none. */
export function parseAddress(text: string): number {
  try {
    return ipv4(text);
  } catch {
    return -1;
  }
}
