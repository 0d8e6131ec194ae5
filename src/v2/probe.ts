/** Whether an RTMv2 library lets an entity register: an rtm.dll on a machine without routing configuration does not. */
import { constant } from '../win32/constants.js';
import { OWN_PROTOCOL } from '../win32/protocol.js';
import { statusName, V2 } from '../win32/status.js';
import type { V2Calls } from './calls.js';
import { writeEntityInfo } from './structures.js';
import { flawOf, Workspace } from './workspace.js';

const MAX_INSTANCE_ID = 2 ** 32;

/**
 * Registers an entity of IPv4 in instance 0 and deregisters it.
 *
 * @returns null if both work, else which call answers what
 */
export function refusalToRegister(calls: V2Calls): string | null {
  const workspace = new Workspace(Workspace.INITIAL);
  const { address, entityInfo, handleCell, regnProfile } = workspace;
  writeEntityInfo(workspace, entityInfo, {
    instance: 0,
    family: constant('AF_INET'),
    protocolId: OWN_PROTOCOL,
    // Another probe may run in another thread.
    protocolInstance: Math.floor(Math.random() * MAX_INSTANCE_ID),
  });
  workspace.clearRegistration();
  const code = calls.RtmRegisterEntity(address + entityInfo, 0, 0, 0, address + regnProfile, address + handleCell);
  if (code !== V2.NO_ERROR) return answered('RtmRegisterEntity', code);
  const registration = workspace.handle(handleCell);
  if (registration === 0) return 'RtmRegisterEntity gives no handle';
  const flaw = flawOf(workspace.registeredProfile());
  const deregistered = calls.RtmDeregisterEntity(registration);
  if (flaw !== null) return `RtmRegisterEntity ${flaw}`;
  return deregistered === V2.NO_ERROR ? null : answered('RtmDeregisterEntity', deregistered);
}

/** "RtmRegisterEntity answers 1610 (ERROR_BAD_CONFIGURATION)" */
export function answered(call: string, code: number): string {
  const name = statusName(code);
  return `${call} answers ${code}${name === String(code) ? '' : ` (${name})`}`;
}
