/** Linux: the text of /proc/net/route, the kernel's main IPv4 table (fib_route_seq_show). */
import { prefixLength } from '../../translate/ip-network.js';
import { RouteTable } from '../route-table.js';
import type { SystemTable } from './system-table.js';

const RTF_UP = 0x0001;
const RTF_REJECT = 0x0200;

const COLUMNS = { name: 0, destination: 1, gateway: 2, flags: 3, metric: 6, mask: 7 } as const;

/**
 * Reads the table. Routes that are down and reject routes (`!`) are left out.
 *
 * @param text the file; an address in it is the DWORD with the octets in memory order, in hexadecimal
 * @param indexOfInterface index of an interface by name, 0 where it is not known
 * @throws Error when a line is not as the kernel writes it
 */
export function parseProcNetRoute(text: string, indexOfInterface: (name: string) => number): SystemTable {
  const routes = new RouteTable();
  let omitted = 0;
  text.split('\n').forEach((row, index) => {
    if (index === 0 || row.trim() === '') return;
    const fields = row.trim().split(/\s+/);
    const flags = hexadecimal(fields[COLUMNS.flags], index + 1);
    if ((flags & RTF_UP) === 0 || (flags & RTF_REJECT) !== 0) {
      omitted += 1;
      return;
    }
    const network = hexadecimal(fields[COLUMNS.destination], index + 1);
    const length = prefixLength(network, hexadecimal(fields[COLUMNS.mask], index + 1));
    if (length < 0) {
      throw new Error(`line ${index + 1}: mask ${fields[COLUMNS.mask] ?? ''} does not fit the destination`);
    }
    routes.push(
      network,
      length,
      hexadecimal(fields[COLUMNS.gateway], index + 1),
      indexOfInterface(fields[COLUMNS.name] ?? ''),
      Number(fields[COLUMNS.metric]) >>> 0,
      index + 1,
    );
  });
  return { routes, omitted };
}

function hexadecimal(field: string | undefined, line: number): number {
  if (field === undefined || !/^[0-9A-F]{1,8}$/i.test(field)) {
    throw new Error(`line ${line}: ${JSON.stringify(field ?? '')} is not a hexadecimal number`);
  }
  return parseInt(field, 16);
}
