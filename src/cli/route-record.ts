/** A route in the bytes of its C structure, filled from route text and compared member by member. */
import { abi, layouts, offsetOf, sizeOf } from '../win32/abi.js';
import type { Author } from './author.js';
import { at } from './dwords.js';
import type { RouteTable } from './route-table.js';

/** RTM_IPX_ROUTE has these at the same places. */
const RR_RoutingProtocol = at('RTM_IP_ROUTE', 'RR_RoutingProtocol');
const RR_InterfaceID = at('RTM_IP_ROUTE', 'RR_InterfaceID');
const RR_ProtocolSpecificData = at('RTM_IP_ROUTE', 'RR_ProtocolSpecificData');

/** The buffer of one route. */
export abstract class RouteRecord {
  readonly bytes: Uint8Array;
  protected readonly words: Uint32Array;
  /** Byte -> the named member it belongs to, nothing for padding. */
  readonly #memberNames: ReadonlyMap<number, string>;

  protected constructor(structure: string, memberNames: ReadonlyMap<number, string>) {
    this.bytes = new Uint8Array(sizeOf(structure));
    this.words = new Uint32Array(this.bytes.buffer);
    this.#memberNames = memberNames;
  }

  abstract get network(): number;
  /** -1 when the structure names no network that a table can hold. */
  abstract get prefixLength(): number;
  /** As `RouteTable.nextHop` has it. */
  abstract get nextHop(): number;
  /** The structure that names the network: IP_NETWORK or IPX_NETWORK. */
  abstract get networkBytes(): Uint8Array;
  /** The identity of the route, as text. */
  abstract format(): string;
  /** Makes this the buffer of a route to a network, and of nothing else. */
  abstract setNetwork(network: number, prefixLength: number): void;
  protected abstract fillFamily(nextHop: number, rank: number, priority: number): void;

  get interfaceIndex(): number {
    return this.words[RR_InterfaceID] ?? 0;
  }

  set routingProtocol(protocol: number) {
    this.words[RR_RoutingProtocol] = protocol;
  }

  /**
   * Fills in every member that a routing protocol sets, and the protocol that the manager returns.
   *
   * RR_ProtocolSpecificData, which belongs to the protocol, carries row and line: a route that comes back shows by them
   * which line of the input wrote it last.
   */
  fill(routes: RouteTable, row: number, author: Author): void {
    const { words } = this;
    const line = routes.line[row] ?? 0;
    words[RR_RoutingProtocol] = author.protocol;
    words[RR_InterfaceID] = routes.interfaceIndex[row] ?? 0;
    words[RR_ProtocolSpecificData] = row;
    words[RR_ProtocolSpecificData + 1] = line;
    words[RR_ProtocolSpecificData + 2] = ~row;
    words[RR_ProtocolSpecificData + 3] = ~line;
    this.setNetwork(routes.network[row] ?? 0, routes.prefixLength[row] ?? 0);
    this.fillFamily(routes.nextHop[row] ?? 0, author.rankOf(routes, row), author.priority);
  }

  clear(): void {
    this.words.fill(0);
  }

  /** Name of the first member, the time stamp aside, that differs from `other`; undefined when all are equal. */
  differingMember(other: RouteRecord): string | undefined {
    const { words } = this;
    const otherWords = other.words;
    for (let index = RR_RoutingProtocol; index < words.length; index++) {
      if (words[index] !== otherWords[index]) return this.#nameOfDifference(index, other);
    }
    return undefined;
  }

  #nameOfDifference(word: number, other: RouteRecord): string | undefined {
    for (let byte = word * 4; byte < this.bytes.length; byte++) {
      const name = this.#memberNames.get(byte);
      if (name !== undefined && this.bytes[byte] !== other.bytes[byte]) return name;
    }
    return undefined;
  }
}

/** The members of a structure, each under every byte it occupies, with `inner` structures spelled out. */
export function memberNames(
  structure: string,
  inner: readonly { readonly member: string; readonly structure: string; readonly prefix: string }[],
): ReadonlyMap<number, string> {
  return new Map([
    ...namesOf(structure, 0, ''),
    ...inner.flatMap(({ member, structure: type, prefix }) => namesOf(type, offsetOf(structure, member), prefix)),
  ]);
}

function namesOf(structure: string, start: number, prefix: string): [number, string][] {
  return (layouts[structure]?.[abi].fields ?? []).flatMap(({ name, offset, size }) =>
    Array.from({ length: size }, (_, byte): [number, string] => [start + offset + byte, `${prefix}${name}`]),
  );
}
