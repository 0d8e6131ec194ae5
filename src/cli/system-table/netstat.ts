/** macOS: the output of `netstat -rn -f inet` and `netstat -in` (network_cmds, route.c and if.c). */
import { maskOfLength } from '../../translate/ip-network.js';
import { parseAddress } from '../ipv4.js';
import { RouteTable } from '../route-table.js';
import type { SystemTable } from './system-table.js';

/** A cloned route: an entry of the neighbour cache that happens to stand in the routing table. */
const CLONED = 'W';
const REJECT = 'R';
const BLACKHOLE = 'B';
const UP = 'U';

/**
 * Reads the IPv4 routes. Left out are routes that are down, reject and blackhole routes, and cloned neighbour entries.
 *
 * @param text standard output of `netstat -rn -f inet`
 * @param indexOfInterface index of an interface by name, 0 where it is not known
 * @throws Error when a route's destination cannot be read
 */
export function parseNetstat(text: string, indexOfInterface: (name: string) => number): SystemTable {
  const routes = new RouteTable();
  let omitted = 0;
  let heading: readonly string[] | undefined;
  text.split('\n').forEach((row, index) => {
    const words = row.trim().split(/\s+/);
    if (words[0] === 'Destination') {
      heading = words;
      return;
    }
    if (heading === undefined || words.length < 4) return;
    const word = (column: string): string => words[heading?.indexOf(column) ?? -1] ?? '';
    if (!isUsable(word('Flags'))) {
      omitted += 1;
      return;
    }
    const { network, prefixLength } = parseDestination(word('Destination'), index + 1);
    const nextHop = Math.max(parseAddress(word('Gateway')), 0);
    routes.push(network, prefixLength, nextHop, indexOfInterface(word('Netif')), 0, index + 1);
  });
  return { routes, omitted };
}

/** Reads the index of every interface from the `<Link#N>` rows of `netstat -in`. */
export function parseLinkIndexes(text: string): ReadonlyMap<string, number> {
  return new Map(
    Array.from(text.matchAll(/^(\S+?)\*?\s+\d+\s+<Link#(\d+)>/gm), ([, name = '', index]) => [name, Number(index)]),
  );
}

function isUsable(flags: string): boolean {
  return flags.includes(UP) && ![CLONED, REJECT, BLACKHOLE].some((flag) => flags.includes(flag));
}

/** `default`, or one to four octets with the zero octets at the end left out, with or without a prefix length. */
function parseDestination(text: string, line: number): { network: number; prefixLength: number } {
  if (text === 'default') {
    return { network: 0, prefixLength: 0 };
  }
  const [octets = '', length] = text.split('/');
  const given = octets.split('.');
  const network = parseAddress([...given, '0', '0', '0'].slice(0, 4).join('.'));
  const prefixLength = length === undefined ? given.length * 8 : Number(length);
  const isDestination = network >= 0 && given.length <= 4 && prefixLength >= 0 && prefixLength <= 32;
  if (!isDestination || (network & ~maskOfLength(prefixLength)) !== 0) {
    throw new Error(`line ${line}: ${JSON.stringify(text)} is not a destination`);
  }
  return { network, prefixLength };
}
