/** The listings of routes that can be read. The module of a format is loaded when a text may be one. */
import type { RouteFormat } from './route-format.js';

interface FormatEntry {
  /** What it is, for a reader. */
  readonly title: string;
  readonly load: () => Promise<{ readonly format: RouteFormat }>;
}

const FORMATS = {
  'route-print': { title: "Windows' route print", load: () => import('./formats/route-print.js') },
  netsh: { title: "Windows' netsh interface ipv4 show route", load: () => import('./formats/netsh.js') },
  'get-netroute': { title: "PowerShell's Get-NetRoute", load: () => import('./formats/get-netroute.js') },
  netstat: { title: 'netstat -rn of macOS, BSD or Linux', load: () => import('./formats/netstat.js') },
  'route-n': { title: "Linux' route -n", load: () => import('./formats/route-n.js') },
  'proc-net-route': { title: "Linux' /proc/net/route", load: () => import('./formats/proc-net-route.js') },
  'ip-route': { title: "Linux' ip route", load: () => import('./formats/ip-route.js') },
} as const satisfies Readonly<Record<string, FormatEntry>>;

export type FormatName = keyof typeof FORMATS;

export const FORMAT_NAMES = Object.keys(FORMATS) as readonly FormatName[];

/** What a format is, for a reader. */
export function formatTitle(name: FormatName): string {
  return FORMATS[name].title;
}

/** Loads what reads a format. */
export async function loadFormat(name: FormatName): Promise<RouteFormat> {
  return (await FORMATS[name].load()).format;
}

/** The formats that a text which begins with these lines may be of. */
export async function recognisedFormats(lines: readonly string[]): Promise<readonly FormatName[]> {
  const formats = await Promise.all(
    FORMAT_NAMES.map(async (name) => ({ name, isRecognised: (await loadFormat(name)).recognises(lines) })),
  );
  return formats.filter(({ isRecognised }) => isRecognised).map(({ name }) => name);
}
