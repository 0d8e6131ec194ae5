/** The interface list of `route print`, and which of its interfaces a row of the routes means. */
import { parseAddress } from '../../ipv4.js';
import type { InterfaceAddress } from '../route-format.js';

/** Index (hexadecimal up to Windows XP), dots, MAC address in pairs where there is one, dots, name. */
const ROW = /^\s*(0x[\da-f]+|\d+) ?\.{3} ?((?:[\da-f]{2} )*)[. ]*(.*)$/i;
const NO_MAC = '00:00:00:00:00:00';
/** Its index on every Windows. */
const LOOPBACK_INDEX = 1;
const LOOPBACK_OCTET = 127;
const DWORD_MAX = 0xffffffff;

interface ListedInterface {
  readonly index: number;
  /** Octets between colons, `NO_MAC` where none is listed. */
  readonly mac: string;
  readonly isLoopback: boolean;
}

export class RoutePrintInterfaces {
  readonly #listed: readonly ListedInterface[];
  readonly #isHexadecimal: boolean;
  /** Those that an address can belong to: neither loopback, nor an IPv6 tunnel, nor named by its index in the routes. */
  readonly #withAddress: readonly ListedInterface[];
  readonly #macOf: ReadonlyMap<string, string>;

  /**
   * @param lines the whole output
   * @param told the interfaces as the rows of the routes print them
   * @param addresses addresses of the machine's interfaces, where they are known
   */
  constructor(lines: readonly string[], told: readonly string[], addresses: readonly InterfaceAddress[]) {
    const rows = lines.map((line) => ROW.exec(line)).filter((row) => row !== null);
    this.#isHexadecimal = rows.some(([, index = '']) => index.startsWith('0x'));
    this.#listed = rows.map(([, index = '', octets = '', name = '']) => listed(Number(index), octets, name));
    const named = new Set(told.map((text) => this.#named(text)));
    this.#withAddress = this.#listed.filter(
      ({ index, mac, isLoopback }) => !isLoopback && !named.has(index) && mac.length === NO_MAC.length,
    );
    this.#macOf = new Map(addresses.map(({ address, mac }) => [address, mac]));
  }

  /** Whether a line is of the interface list. */
  static isRow(line: string): boolean {
    return ROW.test(line);
  }

  get indexes(): readonly number[] {
    return this.#listed.map(({ index }) => index);
  }

  /** The index of an interface as a route prints it; the text itself where the list does not tell. */
  of(told: string): number | string {
    const address = parseAddress(told);
    if (address < 0) return this.#named(told) ?? told;
    if ((address & 0xff) === LOOPBACK_OCTET) {
      return this.#listed.find(({ isLoopback }) => isLoopback)?.index ?? LOOPBACK_INDEX;
    }
    const mac = this.#macOf.get(told);
    const candidates = this.#withAddress.filter((candidate) => mac === undefined || candidate.mac === mac);
    // One MAC address, or none, may be common to several interfaces, and nothing else tells these apart.
    const [only, ...others] = candidates;
    return only === undefined || others.length > 0 ? told : only.index;
  }

  /** The interface that an index names. A list with hexadecimal indexes means the same without a prefix. */
  #named(text: string): number | undefined {
    const index = this.#isHexadecimal ? parseInt(text, 16) : Number(text);
    return parseAddress(text) < 0 && index <= DWORD_MAX ? index : undefined;
  }
}

function listed(index: number, octets: string, name: string): ListedInterface {
  const pairs = octets.trim().toLowerCase().split(' ');
  const mac = octets === '' ? NO_MAC : pairs.join(':');
  return { index, mac, isLoopback: octets === '' && (index === LOOPBACK_INDEX || /loopback/i.test(name)) };
}
