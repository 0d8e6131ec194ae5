/** Names of the numbers that a report shows. */
import { constants } from '../win32/constants.js';
import { statusName } from '../win32/status.js';
import type { CheckedFamily } from './family.js';

/** Name and number of a Win32 status code. */
export function formatStatus(status: number): string {
  return `${statusName(status)} (${status})`;
}

/** Name of a family's routing protocol in routprot.h, where it has one: of several, the unicast one. */
export function protocolName(protocol: number, { protocolNames }: CheckedFamily): string | undefined {
  return Object.keys(constants).find((name) => protocolNames.test(name) && constants[name] === protocol);
}
