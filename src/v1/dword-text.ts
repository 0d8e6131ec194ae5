/** DWORDs as text, beside the decimal digits that JavaScript prints. */
import { formatIpv4 } from './ipv4.js';

/** As C programmers write it: eight hexadecimal digits. */
export function hexadecimal(dword: number): string {
  return `0x${dword.toString(16).toUpperCase().padStart(8, '0')}`;
}

/** An IP_NETWORK: address and mask in dotted decimal. */
export function dottedNetwork(number: number, mask: number): string {
  return `${formatIpv4(number)}/${formatIpv4(mask)}`;
}
