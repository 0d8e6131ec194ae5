/** Whether a library lets clients of version 1 register: the first thing that one of no use refuses. */
import type { Rtm1 } from '../v1/rtm1.js';
import { answered } from '../v2/probe.js';
import { constant } from '../win32/constants.js';
import { OWN_PROTOCOL } from '../win32/protocol.js';
import { statusName } from '../win32/status.js';

export const FAMILY_NUMBERS = {
  ip: constant('RTM_PROTOCOL_FAMILY_IP'),
  ipx: constant('RTM_PROTOCOL_FAMILY_IPX'),
} as const;

export type FamilyName = keyof typeof FAMILY_NUMBERS;

/** A call that a library has refused. */
export interface Refusal {
  readonly call: string;
  readonly code: number;
  /** Name of the code in winerror.h. */
  readonly name: string;
  /** Where it reported success: what was wrong all the same. */
  readonly defect?: string;
}

/** Registers a client of a family and deregisters it; null if both work. */
export function tryRegistration(rtm1: Rtm1, family: FamilyName): Refusal | null {
  const client = rtm1.RtmRegisterClient(FAMILY_NUMBERS[family], OWN_PROTOCOL, null, 0);
  if (client === 0) return refusalOf(rtm1, 'RtmRegisterClient', rtm1.GetLastError());
  const status = rtm1.RtmDeregisterClient(client);
  return status === 0 ? null : refusalOf(rtm1, 'RtmDeregisterClient', status);
}

/** "RtmRegisterEntity answers 1610 (ERROR_BAD_CONFIGURATION)" */
export function refusalText({ call, code, defect }: Refusal): string {
  return defect === undefined ? answered(call, code) : `${call} ${defect}`;
}

/** What to do to learn more of a refusal: nothing where it is told in full. */
export function refusalAdvice({ code, defect, name }: Refusal): string {
  return defect === undefined ? `rtm1 explain ${code} tells what ${name} is.` : '';
}

/** The v2 call that failed, or the v1 one where none had a part in it. */
function refusalOf({ lastFailure }: Rtm1, v1Function: string, status: number): Refusal {
  if (typeof lastFailure?.v2Function !== 'string') {
    return { call: v1Function, code: status, name: statusName(status) };
  }
  const { v2Function: call, code, defect } = lastFailure;
  return { call, code, name: statusName(code), ...(defect !== undefined && { defect }) };
}
