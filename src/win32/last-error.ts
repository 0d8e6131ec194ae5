import { V1, type V1Status } from './status.js';

// A worker thread has its own copy of every module and so, as in Win32, its own last error. The system's value would be
// of no use: the engine and Node itself make system calls between a v1 call and the question.
let lastError: V1Status = V1.NO_ERROR;

/** Sets the last error of this thread. Only v1 calls that report through it do so. */
export function setLastError(status: V1Status): void {
  lastError = status;
}

/**
 * The code that the last v1 function of this thread that reports through it has set: RtmRegisterClient, RtmIsRoute,
 * RtmGetNetworkCount, RtmGetRouteAge and RtmCreateEnumerationHandle. Functions that return their code leave it alone.
 */
export function GetLastError(): number {
  return lastError;
}
