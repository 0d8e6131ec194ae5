/** The 8 hexadecimal digits that an IPX network number is written with. */
export function formatIpxNetwork(number: number): string {
  return number.toString(16).toUpperCase().padStart(8, '0');
}

/** A node address with colons, for instance `00:11:22:33:44:55`. */
export function formatIpxNode(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join(':');
}
