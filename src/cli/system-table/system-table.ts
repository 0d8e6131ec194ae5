/** The machine's own IPv4 table, read the way its system shows it to any user. */
import { match } from 'ts-pattern';
import { type FormatName, loadFormat } from '../routes/formats.js';
import type { Listing } from '../routes/listing.js';
import { type InterfaceAddress, type KnownInterfaces, UNKNOWN_INTERFACES } from '../routes/route-format.js';
import { LinkNames } from './link-names.js';

/** What was read of a system's table. */
export interface SystemTable {
  readonly format: FormatName;
  readonly listing: Listing;
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
export async function readSystemTable(host: SystemHost): Promise<SystemTable> {
  const { format, text, interfaces } = showTable(host);
  return { format, listing: (await loadFormat(format)).read(text.split(/\r?\n/), interfaces) };
}

interface ShownTable {
  readonly format: FormatName;
  readonly text: string;
  readonly interfaces: KnownInterfaces;
}

function showTable(host: SystemHost): ShownTable {
  return match(host.platform)
    .returnType<ShownTable>()
    .with('linux', () => ({
      format: 'proc-net-route',
      text: host.readText('/proc/net/route'),
      interfaces: { ...UNKNOWN_INTERFACES, indexOf: (name) => linuxInterfaceIndex(host, name) },
    }))
    .with('win32', () => ({
      format: 'route-print',
      text: host.output(`${host.env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\route.exe`, 'print', '-4'),
      interfaces: { ...UNKNOWN_INTERFACES, addresses: host.interfaceAddresses() },
    }))
    .with('darwin', () => {
      const names = new LinkNames(host.output('/usr/sbin/netstat', '-in'));
      const text = host.output('/usr/sbin/netstat', '-rn', '-f', 'inet');
      const interfaces = { ...UNKNOWN_INTERFACES, indexes: names.indexes, indexOf: (name: string) => names.indexOf(name) };
      return { format: 'netstat', text, interfaces };
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
