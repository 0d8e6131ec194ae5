/** `netstat -rn` of macOS, the BSDs (Destination, Gateway, Flags) and Linux. */
import { isIpv6, parseNetwork, readCount, wordsOf } from '../addresses.js';
import { parseAddress } from '../../ipv4.js';
import { Listing, type Reason } from '../listing.js';
import type { KnownInterfaces, RouteFormat } from '../route-format.js';
import { hasNetstatColumns, isKernelTable, readKernelTable } from './kernel-ip-table.js';

/** Solaris' heading, of routes without prefix lengths, has "Ref". */
const HEADING = /^\s*Destination\s+Gateway\s+Flags\b(?!.*\bRef\b).*\b(?:Netif|Iface|Interface)\b/;
const SECTION = /^\s*(?:Internet|Encap|IPv[46]|AppleTalk|XNS)\S*:\s*$/i;
const IPV4_SECTION = /^\s*(?:Internet|IPv4):\s*$/i;
const TITLE = /^\s*Rout(?:ing|e) tables?\b/i;

const UP = 'U';
const GATEWAY = 'G';
const HOST = 'H';
const REJECT = 'R';
const BLACKHOLE = 'B';

export const format: RouteFormat = {
  recognises: (lines) => lines.some((line) => HEADING.test(line)) || (isKernelTable(lines) && hasNetstatColumns(lines)),
  read: (lines, interfaces) =>
    isKernelTable(lines) ? readKernelTable(lines, interfaces) : readBsdTable(lines, interfaces),
};

interface Row {
  readonly line: number;
  readonly isIpv4Section: boolean;
  readonly destination: string;
  readonly gateway: string;
  readonly flags: string;
  readonly name: string;
}

function readBsdTable(lines: readonly string[], known: KnownInterfaces): Listing {
  const listing = new Listing();
  if (!lines.some((line) => HEADING.test(line))) {
    listing.problem = 'it has no heading "Destination Gateway Flags ... Netif", which tells the columns';
  }
  known.indexes.forEach((index) => {
    listing.reserve(index);
  });
  const rows = rowsOf(lines);
  const interfaces = new BsdInterfaces(rows, known);
  for (const row of rows) {
    const network = parseNetwork(row.destination);
    const reason = reasonAgainst(row);
    if (reason !== undefined || network === undefined) {
      listing.leaveOut(row.line, reason ?? 'not readable');
    } else {
      const nextHop = Math.max(parseAddress(row.gateway), 0);
      listing.add(row.line, { ...network, nextHop, interface: interfaces.of(row), metric: 0 });
    }
  }
  return listing;
}

/** The rows below each heading. */
function rowsOf(lines: readonly string[]): Row[] {
  const rows: Row[] = [];
  let heading: readonly string[] | undefined;
  let isIpv4Section = true;
  lines.forEach((text, index) => {
    const words = wordsOf(text);
    if (SECTION.test(text)) {
      isIpv4Section = IPV4_SECTION.test(text);
    } else if (HEADING.test(text)) {
      heading = words;
    } else if (heading !== undefined && words.length > 0 && !TITLE.test(text)) {
      rows.push(rowOf(words, heading, index + 1, isIpv4Section));
    }
  });
  return rows;
}

function rowOf(words: readonly string[], heading: readonly string[], line: number, isIpv4Section: boolean): Row {
  const word = (...titles: string[]): string => words[Math.max(...titles.map((title) => heading.indexOf(title)))] ?? '';
  return {
    line,
    isIpv4Section,
    destination: word('Destination'),
    gateway: word('Gateway'),
    flags: word('Flags'),
    name: word('Netif', 'Iface', 'Interface'),
  };
}

function reasonAgainst({ isIpv4Section, destination, gateway, flags, name }: Row): Reason | undefined {
  if (!isIpv4Section || isIpv6(destination)) return 'not IPv4';
  if (!/^(?:default|\d)/.test(destination)) return 'not a route';
  if (!/^[A-Za-z\d]+$/.test(flags)) return 'not readable';
  if (flags.includes(REJECT) || flags.includes(BLACKHOLE)) return 'rejecting';
  if (!flags.includes(UP)) return 'down';
  if (name === '') return 'without a device';
  const needsAddress = flags.includes(GATEWAY) && linkIndex(gateway) === undefined;
  return needsAddress && parseAddress(gateway) < 0 ? 'without a next hop' : undefined;
}

/** The indexes behind the names of a table. A name may be cut to the width of its column, and mean several then. */
class BsdInterfaces {
  readonly #known: KnownInterfaces;
  /** What the networks with a gateway `link#N` tell. A host's may be on another interface than its link: loopback. */
  readonly #linksOf = new Map<string, Set<number>>();

  constructor(rows: readonly Row[], known: KnownInterfaces) {
    this.#known = known;
    for (const { gateway, flags, name } of rows) {
      const link = linkIndex(gateway);
      if (link !== undefined && !flags.includes(HOST)) {
        this.#linksOf.set(name, (this.#linksOf.get(name) ?? new Set()).add(link));
      }
    }
  }

  /** The index of a row's interface, or its name where none is told. */
  of({ gateway, name }: Row): number | string {
    const link = linkIndex(gateway);
    if (link !== undefined) return link;
    const [index = 0, ...others] = this.#linksOf.get(name) ?? [this.#known.indexOf(name)];
    return index === 0 || others.length > 0 ? name : index;
  }
}

/** The index in a gateway `link#N`, which is the one of the interface. */
function linkIndex(gateway: string): number | undefined {
  return readCount(/^link#(\d+)$/i.exec(gateway)?.[1]);
}
