/** PowerShell: `Get-NetRoute` as a table, as a list, or exported as CSV. Names of properties are never translated. */
import { isIpv6, parseNetwork, readCount } from '../addresses.js';
import { parseAddress } from '../../ipv4.js';
import { Listing } from '../listing.js';
import type { KnownInterfaces, RouteFormat } from '../route-format.js';
import { isCsvHeading, type PropertyRow, readCsv, readList, readTable } from './powershell-output.js';

/** Properties of MSFT_NetRoute by which its output is known; lower case. */
const PROPERTIES = ['ifindex', 'interfaceindex', 'interfacealias', 'nexthop', 'routemetric', 'ifmetric', 'policystore'];
const DESTINATION = 'destinationprefix';
/** The property as PowerShell names it, and as WMI numbers it. */
const IPV6_FAMILIES = ['ipv6', '23'];
const SELECTION = 'Select-Object ifIndex,DestinationPrefix,NextHop,RouteMetric';
/** PersistentStore; a narrow column cuts it. */
const PERSISTENT = /^persist/i;

export const format: RouteFormat = {
  recognises: (lines) => lines.some((line) => hasProperties(propertiesIn(line))) || isList(lines),
  read: (lines, interfaces) => {
    const listing = new Listing();
    const rows = readRows(lines, listing);
    if (rows.length > 0 && !rows.some(({ properties }) => properties.has(DESTINATION))) {
      listing.problem = `it has no column DestinationPrefix: write ${SELECTION}`;
      return listing;
    }
    for (const { line, properties } of rows) {
      readRoute(listing, properties, line, interfaces);
    }
    return listing;
  },
};

/** Reads a text by the first heading in it. */
function readRows(lines: readonly string[], listing: Listing): readonly PropertyRow[] {
  const heading = lines.findIndex((line) => hasProperties(propertiesIn(line)));
  const report = (line: number): void => {
    listing.leaveOut(line, 'not a route');
  };
  if (heading < 0) return readList(lines);
  return isCsvHeading(lines[heading] ?? '') ? readCsv(lines, heading, report) : readTable(lines, heading, report);
}

function isList(lines: readonly string[]): boolean {
  const names = new Set(lines.map((line) => /^\s*(\w+)\s*: /.exec(line)?.[1]?.toLowerCase()));
  return names.has(DESTINATION) && PROPERTIES.some((property) => names.has(property));
}

function propertiesIn(line: string): readonly string[] {
  return line
    .toLowerCase()
    .split(/[\s,;|"']+/)
    .filter((word) => word !== '');
}

/** Whether a line is a heading: two properties of a route, and nothing but names. */
function hasProperties(words: readonly string[]): boolean {
  const known = words.filter((word) => word === DESTINATION || PROPERTIES.includes(word));
  return known.length >= 2 && words.every((word) => /^[a-z]\w*$/.test(word));
}

function readRoute(
  listing: Listing,
  properties: ReadonlyMap<string, string>,
  line: number,
  interfaces: KnownInterfaces,
): void {
  const value = (...names: string[]): string | undefined =>
    names.map((name) => properties.get(name)).find((text) => text !== undefined && text !== '');
  const destination = value(DESTINATION) ?? '';
  const nextHopText = value('nexthop') ?? '0.0.0.0';
  if (isIpv6(destination) || IPV6_FAMILIES.includes((value('addressfamily') ?? '').toLowerCase())) {
    listing.leaveOut(line, 'not IPv4');
    return;
  }
  if (PERSISTENT.test(value('policystore', 'store') ?? '')) {
    listing.leaveOut(line, 'persistent');
    return;
  }
  const network = destination.includes('/') ? parseNetwork(destination) : undefined;
  const metric = readCount(value('routemetric', 'metric') ?? '0');
  const index = readCount(value('ifindex', 'interfaceindex') ?? '0');
  const nextHop = parseAddress(nextHopText);
  if (network === undefined || metric === undefined || index === undefined) {
    listing.leaveOut(line, 'not readable');
  } else if (nextHop < 0) {
    listing.leaveOut(line, 'without a next hop');
  } else {
    const told = interfaceOf(index, value('interfacealias'), interfaces);
    listing.add(line, { ...network, nextHop, interface: told, metric });
  }
}

function interfaceOf(index: number, alias: string | undefined, interfaces: KnownInterfaces): number | string {
  if (index !== 0 || alias === undefined) return index;
  const known = interfaces.indexOf(alias);
  return known === 0 ? alias : known;
}
