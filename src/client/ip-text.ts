/** IPv4 networks and addresses as text. */
import { formatIpv4, ipv4, ipv4Mask, ipv4PrefixLength } from '../v1/ipv4.js';
import { shown, text } from './members.js';

const PREFIX = /^([^/]*)\/(0|[1-9]\d?)$/;
const MAX_LENGTH = 32;

/** An IP_NETWORK: two DWORDs, octets in memory order. */
interface Network {
  readonly N_NetNumber: number;
  readonly N_NetMask: number;
}

/**
 * The DWORD for dotted decimal.
 *
 * @throws {TypeError} if it is no text
 * @throws {RangeError} if it is no address
 */
export function parseAddress(value: unknown, member: string): number {
  const address = text(value, member, '192.0.2.1');
  return dwordOf(address) ?? refuse(member, address, "is no IPv4 address of the form '192.0.2.1'");
}

/**
 * The network that a text such as `10.0.0.0/8` names.
 *
 * @throws {TypeError} if it is no text
 * @throws {RangeError} if it is no network, or has bits outside its prefix
 */
export function parseNetwork(value: unknown, member: string): Network {
  const network = text(value, member, '10.0.0.0/8');
  const [, address = network, digits] = PREFIX.exec(network) ?? [];
  if (digits === undefined) refuseMask(member, network);
  const number = dwordOf(address) ?? refuse(member, network, "is no IPv4 network of the form '10.0.0.0/8'");
  if (digits === undefined) return refuse(member, network, `has no prefix length; '${address}/32' is this one address`);
  const length = Number(digits);
  if (length > MAX_LENGTH) return refuse(member, network, 'has a prefix length above 32');
  const mask = ipv4Mask(length);
  if ((number & ~mask) !== 0) {
    refuse(member, network, `has bits set outside its prefix; the network is '${formatIpv4(number & mask)}/${length}'`);
  }
  return { N_NetNumber: number, N_NetMask: mask };
}

/** Refuses a network that is written with a mask, as C has it. */
function refuseMask(member: string, network: string): void {
  const [, address = '', mask] = /^([\d.]+)\/(\d+\.[\d.]+)$/.exec(network) ?? [];
  if (mask === undefined || dwordOf(address) === undefined || dwordOf(mask) === undefined) return;
  const meant = `${address}/${ipv4PrefixLength(mask)}`;
  refuse(member, network, `has a mask where its prefix length is wanted; '${meant}' is meant`);
}

/** The text for a network whose mask is contiguous, as all that a table can hold are. */
export function formatNetwork({ N_NetNumber, N_NetMask }: Network): string {
  return `${formatIpv4(N_NetNumber)}/${ipv4PrefixLength(N_NetMask)}`;
}

function dwordOf(address: string): number | undefined {
  try {
    return ipv4(address);
  } catch {
    return undefined;
  }
}

function refuse(member: string, value: string, what: string): never {
  throw new RangeError(`${member} ${shown(value)} ${what}`);
}
