/** The machine's own IPv4 table, read the way its system shows it to any user. */
import { match } from 'ts-pattern';
import { parseLinkIndexes, parseNetstat } from './netstat.js';
import { parseProcNetRoute } from './proc-net-route.js';
import { parseRoutePrint, type InterfaceAddress } from './route-print.js';
import type { RouteTable } from '../route-table.js';

/** What was read of a system's table. */
export interface SystemTable {
  readonly routes: RouteTable;
  /** Number of entries that no routing protocol would forward by: down, reject, neighbour cache. */
  readonly omitted: number;
}

/** What a system lets its users look at. */
export interface SystemHost {
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  /** Whole content of a file of the system. */
  readText(path: string): string;
  /** Standard output of a program of the system. */
  output(program: string, ...programArguments: string[]): string;
  readonly interfaceAddresses: () => readonly InterfaceAddress[];
}

/**
 * Reads the machine's IPv4 routes.
 *
 * @throws Error when this system keeps its table in a way that is not known, or does not show it
 */
export function readSystemTable(host: SystemHost): SystemTable {
  return match(host.platform)
    .with('linux', () => parseProcNetRoute(host.readText('/proc/net/route'), (name) => linuxInterfaceIndex(host, name)))
    .with('win32', () => {
      const directory = host.env['SystemRoot'] ?? 'C:\\Windows';
      return parseRoutePrint(
        host.output(`${directory}\\System32\\route.exe`, 'print', '-4'),
        host.interfaceAddresses(),
      );
    })
    .with('darwin', () => {
      const indexes = parseLinkIndexes(host.output('/usr/sbin/netstat', '-in'));
      return parseNetstat(host.output('/usr/sbin/netstat', '-rn', '-f', 'inet'), (name) => indexes.get(name) ?? 0);
    })
    .otherwise((platform) => {
      throw new Error(`reading the routes of ${platform} is not known`);
    });
}

/** The index, or 0 for an interface that went away since its routes were read. */
function linuxInterfaceIndex(host: SystemHost, name: string): number {
  try {
    return Number(host.readText(`/sys/class/net/${name}/ifindex`)) >>> 0;
  } catch {
    return 0;
  }
}
