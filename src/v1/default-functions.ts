import { GetLastError as lastError, setLastError } from '../win32/last-error.js';
import { V1, type V1Status } from '../win32/status.js';
import type { V1Function } from '../translate/errors.js';
import { type Failure, type Refusal, refusalFailure } from './failure.js';
import type { Rtm1Functions } from './functions.js';
import { routeAge } from './lookup.js';
import { openRtm1 } from './rtm1.js';
import { noLibrary } from './states.js';

/** What every function reports if there is no library to run on. The audit, which is no v1 function, throws why. */
function unavailable(reason: unknown): Rtm1Functions {
  const refusal = noLibrary(reason);
  let lastFailure: Failure | null = null;
  const refuse = (name: V1Function, status: V1Status, why: Refusal): V1Status => {
    lastFailure = refusalFailure(name, status, why);
    return status;
  };
  const refusing = (name: V1Function) => (): number => refuse(name, V1.NO_SYSTEM_RESOURCES, refusal);
  const failing = <Result>(name: V1Function, result: Result): (() => Result) => {
    return () => {
      setLastError(refuse(name, V1.NO_SYSTEM_RESOURCES, refusal));
      return result;
    };
  };
  return {
    RtmRegisterClient: failing('RtmRegisterClient', 0),
    RtmDeregisterClient: refusing('RtmDeregisterClient'),
    RtmAddRoute: refusing('RtmAddRoute'),
    RtmDeleteRoute: refusing('RtmDeleteRoute'),
    RtmBlockDeleteRoutes: refusing('RtmBlockDeleteRoutes'),
    RtmDequeueRouteChangeMessage: refusing('RtmDequeueRouteChangeMessage'),
    RtmIsRoute: failing('RtmIsRoute', false),
    RtmGetNetworkCount: failing('RtmGetNetworkCount', 0),
    RtmGetRouteAge: (route) =>
      routeAge(Date.now(), route, (why) => refuse('RtmGetRouteAge', V1.INVALID_PARAMETER, why)),
    RtmCreateEnumerationHandle: failing('RtmCreateEnumerationHandle', 0),
    RtmEnumerateGetNextRoute: refusing('RtmEnumerateGetNextRoute'),
    RtmCloseEnumerationHandle: refusing('RtmCloseEnumerationHandle'),
    RtmGetFirstRoute: refusing('RtmGetFirstRoute'),
    RtmGetNextRoute: refusing('RtmGetNextRoute'),
    RtmGetSpecificRoute: refusing('RtmGetFirstRoute'),
    RtmLookupIPDestination: failing('RtmLookupIPDestination', false),
    GetLastError: lastError,
    leftBehind: () => {
      throw reason;
    },
    get lastFailure() {
      return lastFailure;
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

/** The functions of Rtm.h on one library that is opened when the first of them is called. */
export const defaultFunctions: Rtm1Functions = {
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
  get lastFailure() {
    return opened?.lastFailure ?? null;
  },
};
