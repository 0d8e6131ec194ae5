/** Names of the numbers that a report shows. */
import { constants } from '../win32/constants.js';
import { statusName } from '../win32/status.js';

/** Name and number of a Win32 status code. */
export function formatStatus(status: number): string {
  return `${statusName(status)} (${status})`;
}

/** Name of an IP routing protocol of routprot.h, where it has one: of several, the unicast one. */
export function protocolName(protocol: number): string | undefined {
  return Object.keys(constants).find((name) => /^(PROTO|MS)_IP_/.test(name) && constants[name] === protocol);
}
