/**
 * Windows: the output of `route print -4`.
 *
 * Headings and the word for "On-link" are translated, so a row is known by its shape alone: two addresses (network,
 * mask), a gateway of one or more words, an address (of the interface), a number (metric). Rows of persistent routes
 * have no interface and are not in the active table.
 */
import { prefixLength } from '../../translate/ip-network.js';
import { parseAddress } from '../ipv4.js';
import { RouteTable } from '../route-table.js';
import type { SystemTable } from './system-table.js';

/** The address part of what `os.networkInterfaces()` tells of an interface. */
export interface InterfaceAddress {
  readonly address: string;
  readonly mac: string;
}

/** A row of the interface list: index, dots, MAC address in six pairs (none for loopback), dots, name. */
const INTERFACE_ROW = /^\s*(\d+)\.{3}((?:[0-9a-f]{2} ){6})?\.{3,}/i;
const NO_MAC = '00:00:00:00:00:00';

/**
 * Reads the active IPv4 routes.
 *
 * @param text standard output of `route print -4` in any language
 * @param addresses addresses of the machine's interfaces, which lead from the interface column to an index by way of
 *   the MAC address in the interface list; an interface that cannot be told gets index 0
 */
export function parseRoutePrint(text: string, addresses: readonly InterfaceAddress[]): SystemTable {
  const routes = new RouteTable();
  const indexOfMac = new Map<string, number>();
  const macOfAddress = new Map(addresses.map(({ address, mac }) => [address, mac]));
  let omitted = 0;
  text.split(/\r?\n/).forEach((row, index) => {
    const listed = INTERFACE_ROW.exec(row);
    if (listed !== null) {
      const mac = listed[2]?.trim().toLowerCase().replaceAll(' ', ':') ?? NO_MAC;
      if (!indexOfMac.has(mac)) indexOfMac.set(mac, Number(listed[1]));
      return;
    }
    const words = row.trim().split(/\s+/);
    const [network, mask, gateway, local] = [words[0], words[1], words[2], words.at(-2)].map((word) =>
      parseAddress(word ?? ''),
    );
    const metric = words.at(-1) ?? '';
    if (words.length < 5 || network === undefined || network < 0 || mask === undefined || mask < 0) return;
    if (local === undefined || local < 0 || !/^\d+$/.test(metric)) return;
    const length = prefixLength(network, mask);
    if (length < 0) {
      omitted += 1;
      return;
    }
    const interfaceIndex = indexOfMac.get(macOfAddress.get(words.at(-2) ?? '') ?? '') ?? 0;
    routes.push(network, length, Math.max(gateway ?? 0, 0), interfaceIndex, Number(metric) >>> 0, index + 1);
  });
  return { routes, omitted };
}
