/** Whether an RTMv2 library lets an entity register: an rtm.dll on a machine without routing configuration does not. */
import { constant } from '../win32/constants.js';
import { OWN_PROTOCOL } from '../win32/protocol.js';
import { statusName, V2 } from '../win32/status.js';
import type { V2Calls } from './calls.js';
import { Memory } from './memory.js';
import { writeEntityInfo } from './structures.js';

const MAX_INSTANCE_ID = 2 ** 32;

/**
 * Registers an entity of IPv4 in instance 0 and deregisters it.
 *
 * @returns null if both work, else which call answers what
 */
export function refusalToRegister(calls: V2Calls): string | null {
  const memory = new Memory(64);
  const [info, profile, handle] = [0, 16, 32];
  writeEntityInfo(memory, info, {
    instance: 0,
    family: constant('AF_INET'),
    protocolId: OWN_PROTOCOL,
    // Another probe may run in another thread.
    protocolInstance: Math.floor(Math.random() * MAX_INSTANCE_ID),
  });
  const { address } = memory;
  const registered = calls.RtmRegisterEntity(address + info, 0, 0, 0, address + profile, address + handle);
  if (registered !== V2.NO_ERROR) return answered('RtmRegisterEntity', registered);
  const registration = memory.handle(handle);
  if (!Number.isSafeInteger(registration))
    return 'RtmRegisterEntity hands out a handle above 2^53, which no number here can hold';
  const deregistered = calls.RtmDeregisterEntity(registration);
  return deregistered === V2.NO_ERROR ? null : answered('RtmDeregisterEntity', deregistered);
}

/** "RtmRegisterEntity answers 1610 (ERROR_BAD_CONFIGURATION)" */
export function answered(call: string, code: number): string {
  const name = statusName(code);
  return `${call} answers ${code}${name === String(code) ? '' : ` (${name})`}`;
}
