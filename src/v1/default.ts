import { defaultFunctions } from './default-functions.js';
import type { Failure } from './failure.js';

/** The functions of Rtm.h on one library that is opened when the first of them is called. */
export const {
  RtmRegisterClient,
  RtmDeregisterClient,
  RtmAddRoute,
  RtmDeleteRoute,
  RtmBlockDeleteRoutes,
  RtmDequeueRouteChangeMessage,
  RtmIsRoute,
  RtmGetNetworkCount,
  RtmGetRouteAge,
  RtmCreateEnumerationHandle,
  RtmEnumerateGetNextRoute,
  RtmCloseEnumerationHandle,
  RtmGetFirstRoute,
  RtmGetNextRoute,
  RtmGetSpecificRoute,
  RtmLookupIPDestination,
  GetLastError,
  leftBehind,
} = defaultFunctions;

/**
 * Why one of the module's own functions last failed, as `lastFailure` of an opened object tells it; null while none has.
 *
 * @example
 * RtmDeregisterClient(7); // 6
 * getLastFailure()?.message; // 'ClientHandle 7 is no handle that RtmRegisterClient of this object has returned'
 */
export function getLastFailure(): Failure | null {
  return defaultFunctions.lastFailure ?? null;
}
