/** IPX networks and addresses as text. */
import { shown, text } from './members.js';

const NETWORK = /^[0-9a-f]{1,8}$/i;
const ADDRESS = /^[0-9a-f]{2}([:-])[0-9a-f]{2}(?:\1[0-9a-f]{2}){4}$/i;

/**
 * The network number that 1 to 8 hexadecimal digits name.
 *
 * @throws {TypeError} if it is no text
 * @throws {RangeError} if it is no such number
 */
export function parseNetwork(value: unknown, member: string): number {
  const network = text(value, member, '0000A1B2');
  if (!NETWORK.test(network)) {
    throw new RangeError(`${member} ${shown(network)} is no IPX network number of up to 8 hexadecimal digits such as '0000A1B2'`);
  }
  return Number.parseInt(network, 16);
}

/**
 * The 6 octets of a node address, written with colons or with hyphens.
 *
 * @throws {TypeError} if it is no text
 * @throws {RangeError} if it is no address
 */
export function parseAddress(value: unknown, member: string): readonly number[] {
  const address = text(value, member, '00:11:22:33:44:55');
  if (!ADDRESS.test(address)) {
    throw new RangeError(`${member} ${shown(address)} is no node address of the form '00:11:22:33:44:55'`);
  }
  return address.split(/[:-]/).map((octet) => Number.parseInt(octet, 16));
}
