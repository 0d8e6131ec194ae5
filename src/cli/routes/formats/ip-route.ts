/** Linux: `ip route` of iproute2, of any table. */
import { isIPv4 } from 'node:net';
import { isIpv6, type Network, parseNetwork, PREFIX, readCount, shareOf, wordsOf } from '../addresses.js';
import { parseAddress } from '../../ipv4.js';
import { Listing, type Reason } from '../listing.js';
import type { KnownInterfaces, RouteFormat } from '../route-format.js';

/** Types whose packets are discarded or answered with an error. */
const REJECTING = ['blackhole', 'unreachable', 'prohibit', 'throw', 'nat'];
const DELIVERING = ['unicast', 'local', 'broadcast', 'multicast', 'anycast'];
const TYPES = [...REJECTING, ...DELIVERING];

/** Words of a route behind which a line may have been broken. */
const OPTIONS = 'via dev proto scope src metric table onlink linkdown dead mtu advmss'.split(' ');

const NETWORK = String.raw`(?:default|${PREFIX}|\d{1,3}(?:\.\d{1,3}){3}|[\da-f]*:[\da-f:.]*(?:/\d+)?)`;
const TYPED = new RegExp(String.raw`^\s*(?:${TYPES.join('|')})\s+${NETWORK}(?:\s|$)`);
const UNTYPED = new RegExp(String.raw`^\s*${NETWORK}\s(?:.*\s)?(?:dev|proto|scope|nhid|table|src)\s+\S`);
const NEXT_HOP = /^\s+nexthop\s+(?:via|dev|encap|nhid)\s/;
/** `ip -oneline` puts a route in one line, with these where lines end otherwise. */
const ONE_LINE_BREAK = '\\';

/** Lines of a text of another format that look so by chance are fewer. */
const LEAST_SHARE = 0.5;

export const format: RouteFormat = {
  recognises: (lines) => shareOf(lines, isRouteLine) >= LEAST_SHARE,
  read: (lines, interfaces) => new IpRouteReader(interfaces).read(lines),
};

/** BIRD's lines, which look alike, name their source in brackets. */
function isRouteLine(line: string): boolean {
  return !line.includes('[') && (TYPED.test(line) || UNTYPED.test(line) || NEXT_HOP.test(line));
}

/** What the next hops of a route share. */
interface Head extends Network {
  readonly line: number;
  readonly metric: number;
}

interface PrintedLine {
  readonly line: number;
  readonly words: string[];
}

/** The lines as they were printed: those of -oneline apart, those that a mail program broke together again. */
function printedLines(lines: readonly string[]): readonly PrintedLine[] {
  const printed: PrintedLine[] = [];
  lines.forEach((text, index) => {
    for (const words of text.split(ONE_LINE_BREAK).map(wordsOf)) {
      const before = printed.at(-1);
      if (before !== undefined && isContinued(before, words[0])) before.words.push(...words);
      else if (words.length > 0) printed.push({ line: index + 1, words });
    }
  });
  return printed;
}

/** Whether a line that begins with a word is the rest of a route. */
function isContinued({ words: [first = ''] }: PrintedLine, word = ''): boolean {
  const isRoute = first === 'nexthop' || TYPES.includes(first) || parseNetwork(first) !== undefined;
  return isRoute && OPTIONS.includes(word);
}

class IpRouteReader {
  readonly #listing = new Listing();
  readonly #interfaces: KnownInterfaces;
  /** The route whose next hops follow in lines of their own. */
  #head: Head | undefined;
  /** Whether such lines belong to a route that is left out itself. */
  #isLeftOut = false;
  #hasNextHops = false;

  constructor(interfaces: KnownInterfaces) {
    this.#interfaces = interfaces;
  }

  read(lines: readonly string[]): Listing {
    for (const { line, words } of printedLines(lines)) this.#readWords(words, line);
    this.#endRoute();
    return this.#listing;
  }

  #readWords(words: readonly string[], line: number): void {
    if (words[0] === 'nexthop') {
      this.#readNextHop(words, line);
    } else if (words[0] !== 'cache') {
      this.#endRoute();
      this.#readRoute(words, line);
    }
  }

  /** A route whose next hops should have followed has none. */
  #endRoute(): void {
    if (this.#head !== undefined && !this.#hasNextHops) {
      this.#listing.leaveOut(this.#head.line, 'without a device');
    }
    this.#head = undefined;
    this.#hasNextHops = false;
    this.#isLeftOut = false;
  }

  #readRoute(words: readonly string[], line: number): void {
    const type = words[0] ?? '';
    const isTyped = TYPES.includes(type);
    const destination = words[isTyped ? 1 : 0] ?? '';
    const options = words.slice(isTyped ? 2 : 1);
    const network = parseNetwork(destination);
    const metric = readCount(valueOf(options, 'metric') ?? '0');
    const reason = reasonAgainst(destination, options, isTyped && REJECTING.includes(type));
    if (reason !== undefined || network === undefined || metric === undefined) {
      this.#leaveOut(line, reason ?? (/^\d/.test(destination) ? 'not readable' : 'not a route'));
    } else if (options.includes('dev') || options.includes('via') || isAttached(options)) {
      this.#add({ ...network, metric, line }, options, line);
    } else {
      this.#head = { ...network, metric, line };
    }
  }

  #readNextHop(words: readonly string[], line: number): void {
    if (this.#isLeftOut) return;
    if (this.#head === undefined) {
      this.#listing.leaveOut(line, 'not readable');
      return;
    }
    this.#hasNextHops = true;
    this.#add(this.#head, words, line);
  }

  #leaveOut(line: number, reason: Reason): void {
    this.#listing.leaveOut(line, reason);
    this.#isLeftOut = true;
  }

  #add({ network, prefixLength, metric }: Head, options: readonly string[], line: number): void {
    const via = valueOf(options, 'via');
    const name = valueOf(options, 'dev') ?? '';
    if (options.includes('dead')) {
      this.#listing.leaveOut(line, 'down');
    } else if (via !== undefined && !isIPv4(via)) {
      this.#listing.leaveOut(line, 'without a next hop');
    } else {
      const index = this.#interfaces.indexOf(name);
      const nextHop = via === undefined ? 0 : parseAddress(via);
      this.#listing.add(line, { network, prefixLength, nextHop, interface: index === 0 ? name : index, metric });
    }
  }
}

/** An IPv6 default route shows itself by its next hop, or by its router preference. */
function reasonAgainst(destination: string, options: readonly string[], isRejecting: boolean): Reason | undefined {
  const isIpv6Default = isIpv6(valueOf(options, 'via') ?? '') || options.includes('pref');
  if (isIpv6(destination) || (destination === 'default' && isIpv6Default)) return 'not IPv4';
  return isRejecting && parseNetwork(destination) !== undefined ? 'rejecting' : undefined;
}

/** The device is not printed where routes of one device were asked for. */
function isAttached(options: readonly string[]): boolean {
  return ['link', 'host'].includes(valueOf(options, 'scope') ?? '') && !options.includes('nhid');
}

function valueOf(words: readonly string[], keyword: string): string | undefined {
  const at = words.indexOf(keyword);
  return at < 0 ? undefined : words[at + 1];
}
