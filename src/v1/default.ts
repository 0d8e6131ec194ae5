import { GetLastError as lastError, setLastError } from '../win32/last-error.js';
import { V1 } from '../win32/status.js';
import type { Rtm1Functions } from './functions.js';
import { routeAge } from './lookup.js';
import { openRtm1 } from './rtm1.js';

/** What every function reports if there is no library to run on. The audit, which is no v1 function, throws why. */
function unavailable(reason: unknown): Rtm1Functions {
  const failing = <Result>(result: Result): (() => Result) => {
    return () => {
      setLastError(V1.NO_SYSTEM_RESOURCES);
      return result;
    };
  };
  const refusing = (): number => V1.NO_SYSTEM_RESOURCES;
  return {
    RtmRegisterClient: failing(0),
    RtmDeregisterClient: refusing,
    RtmAddRoute: refusing,
    RtmDeleteRoute: refusing,
    RtmBlockDeleteRoutes: refusing,
    RtmDequeueRouteChangeMessage: refusing,
    RtmIsRoute: failing(false),
    RtmGetNetworkCount: failing(0),
    RtmGetRouteAge: (route) => routeAge(Date.now(), route),
    RtmCreateEnumerationHandle: failing(0),
    RtmEnumerateGetNextRoute: refusing,
    RtmCloseEnumerationHandle: refusing,
    RtmGetFirstRoute: refusing,
    RtmGetNextRoute: refusing,
    RtmGetSpecificRoute: refusing,
    RtmLookupIPDestination: failing(false),
    GetLastError: lastError,
    leftBehind: () => {
      throw reason;
    },
  };
}

/** Opens what the environment variable RTM1_LIBRARY names, or `auto`. Never throws: functions of Rtm.h do not. */
function open(): Rtm1Functions {
  const named = process.env['RTM1_LIBRARY'] ?? '';
  try {
    return openRtm1({ library: named === '' ? 'auto' : named });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const by = named === '' ? '' : '\nThe variable RTM1_LIBRARY asks for this library.';
    process.emitWarning(`${message}${by}`, { type: 'Rtm1Warning' });
    return unavailable(error);
  }
}

let opened: Rtm1Functions | undefined;

function functions(): Rtm1Functions {
  return (opened ??= open());
}

const onDefault: Rtm1Functions = {
  RtmRegisterClient: (...parameters) => functions().RtmRegisterClient(...parameters),
  RtmDeregisterClient: (...parameters) => functions().RtmDeregisterClient(...parameters),
  RtmAddRoute: (...parameters) => functions().RtmAddRoute(...parameters),
  RtmDeleteRoute: (...parameters) => functions().RtmDeleteRoute(...parameters),
  RtmBlockDeleteRoutes: (...parameters) => functions().RtmBlockDeleteRoutes(...parameters),
  RtmDequeueRouteChangeMessage: (...parameters) => functions().RtmDequeueRouteChangeMessage(...parameters),
  RtmIsRoute: (...parameters) => functions().RtmIsRoute(...parameters),
  RtmGetNetworkCount: (...parameters) => functions().RtmGetNetworkCount(...parameters),
  RtmGetRouteAge: (...parameters) => functions().RtmGetRouteAge(...parameters),
  RtmCreateEnumerationHandle: (...parameters) => functions().RtmCreateEnumerationHandle(...parameters),
  RtmEnumerateGetNextRoute: (...parameters) => functions().RtmEnumerateGetNextRoute(...parameters),
  RtmCloseEnumerationHandle: (...parameters) => functions().RtmCloseEnumerationHandle(...parameters),
  RtmGetFirstRoute: (...parameters) => functions().RtmGetFirstRoute(...parameters),
  RtmGetNextRoute: (...parameters) => functions().RtmGetNextRoute(...parameters),
  RtmGetSpecificRoute: (...parameters) => functions().RtmGetSpecificRoute(...parameters),
  RtmLookupIPDestination: (...parameters) => functions().RtmLookupIPDestination(...parameters),
  GetLastError: lastError,
  leftBehind: () => functions().leftBehind(),
};

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
} = onDefault;
