import type { Failure } from '../v1/failure.js';
import type { Rtm1Functions } from '../v1/functions.js';
import { constant } from '../win32/constants.js';
import { statusName } from '../win32/status.js';

/** A function of Rtm.h that can fail. */
export type RtmFunction = Exclude<keyof Rtm1Functions, 'GetLastError' | 'leftBehind' | 'lastFailure'>;

const INVALID_HANDLE = constant('ERROR_INVALID_HANDLE');
const NOT_ENOUGH_MEMORY = constant('ERROR_NOT_ENOUGH_MEMORY');
const INVALID_PARAMETER = constant('ERROR_INVALID_PARAMETER');
const ALREADY_EXISTS = constant('ERROR_CLIENT_ALREADY_EXISTS');
const NO_MORE_ITEMS = constant('ERROR_NO_MORE_ITEMS');
const NO_SYSTEM_RESOURCES = constant('ERROR_NO_SYSTEM_RESOURCES');

/** Rtm.h has four names for ERROR_NO_MORE_ITEMS; the function tells which of them is meant. */
const NAMES_OF_NO_MORE_ITEMS: Partial<Record<RtmFunction, string>> = {
  RtmDeleteRoute: 'ERROR_NO_SUCH_ROUTE',
  RtmEnumerateGetNextRoute: 'ERROR_NO_MORE_ROUTES',
  RtmDequeueRouteChangeMessage: 'ERROR_NO_MESSAGES',
};

function nameOf(code: number, rtmFunction: RtmFunction): string {
  if (code === ALREADY_EXISTS) return 'ERROR_CLIENT_ALREADY_EXISTS';
  if (code === NO_MORE_ITEMS) return NAMES_OF_NO_MORE_ITEMS[rtmFunction] ?? 'ERROR_NO_ROUTES';
  return statusName(code);
}

/** What a code means where no function has a better word for it, and what to do. */
const ADVICE: Readonly<Record<number, string>> = {
  [INVALID_HANDLE]:
    'the client is not registered any more. It was disposed of, or the object that it was registered with was closed: register a new one',
  [NOT_ENOUGH_MEMORY]: 'no memory is left for it. Nothing was changed: delete routes, or dispose of clients, and try again',
  [INVALID_PARAMETER]: 'an argument is refused; the lastFailure of the object that openRtm1 returned tells which',
  [NO_MORE_ITEMS]: 'no route matches',
  [NO_SYSTEM_RESOURCES]:
    'the RTM library has failed, or is closed; the lastFailure of the object that openRtm1 returned tells why. ' +
    'It does no harm to try again',
};

/** What a code means to one function. */
const SPECIAL_ADVICE: Partial<Record<RtmFunction, Readonly<Record<number, string>>>> = {
  RtmRegisterClient: {
    [ALREADY_EXISTS]:
      'a client is registered for this protocol and family already, in this thread or in another. Dispose of that one first, or register another protocol',
    [INVALID_PARAMETER]: 'the RTM library has no routing table for this family',
    [NO_SYSTEM_RESOURCES]:
      'the RTM library cannot be opened, has failed, or is closed. openRtm1() throws an error that says why it cannot be opened',
  },
  RtmDeleteRoute: {
    [NO_MORE_ITEMS]:
      'the client has no such route. Network, interface and next hop have to be those that the route was added with; routes({ protocol }) lists what there is',
  },
  RtmGetRouteAge: {
    [INVALID_PARAMETER]: 'the time stamp is no time in the past. Ask about routes that were read from the table',
  },
};

/** What a code means where `failure` says the rest. */
const ADVICE_WITH_FAILURE: Readonly<Record<number, string>> = {
  [NO_SYSTEM_RESOURCES]: 'the RTM library has failed, and it does no harm to try again',
};

/** What the code means; where it is known what has happened, that, unless it takes both to know what to do. */
function explanation(rtmFunction: RtmFunction, code: number, failure: Failure | null): string {
  const general = SPECIAL_ADVICE[rtmFunction]?.[code] ?? ADVICE[code];
  if (failure === null) return general === undefined ? '' : `: ${general}.`;
  const advice = ADVICE_WITH_FAILURE[code] ?? general;
  const isAll = advice === undefined || failure.kind === 'argument' || failure.kind === 'state';
  return isAll ? `: ${failure.message}.` : `: ${advice} (${failure.message}).`;
}

/**
 * A function of Rtm.h has failed.
 *
 * @example
 * using rip = RtmClient.register({ family: 'ip', protocol: PROTO_IP_RIP });
 * try {
 *   rip.deleteRoute({ network: '10.0.0.0/8', interface: 3 });
 * } catch (error) {
 *   if (!(error instanceof RtmError)) throw error;
 *   error.name; // 'ERROR_NO_SUCH_ROUTE'
 *   error.code; // 259
 *   error.function; // 'RtmDeleteRoute'
 * }
 */
export class RtmError extends Error {
  /** The Win32 code. */
  readonly code: number;
  /** The function of Rtm.h. */
  readonly function: RtmFunction;
  /**
   * The name of the code as this function means it: 259 is ERROR_NO_SUCH_ROUTE to RtmDeleteRoute and ERROR_NO_ROUTES to
   * RtmBlockDeleteRoutes.
   */
  override readonly name: string;
  /** What exactly has happened, as `lastFailure` told it at the time; null where the code is all there is to tell. */
  readonly failure: Failure | null;

  /**
   * @param rtmFunction the function of Rtm.h
   * @param code what it has returned, or left as last error
   * @param failure what `lastFailure` tells of it
   *
   * @example
   * new RtmError('RtmRegisterClient', 183).name; // 'ERROR_CLIENT_ALREADY_EXISTS'
   */
  constructor(rtmFunction: RtmFunction, code: number, failure: Failure | null = null) {
    const name = nameOf(code, rtmFunction);
    super(`${rtmFunction} gave ${name} (${code})${explanation(rtmFunction, code, failure)}`);
    this.failure = failure;
    this.name = name;
    this.code = code;
    this.function = rtmFunction;
  }
}

/** The error for a code that a function has just reported. ERROR_NO_MORE_ITEMS is an answer, and tells no failure. */
export function errorFrom(rtm: Rtm1Functions, rtmFunction: RtmFunction, code: number): RtmError {
  const { lastFailure: failure = null } = rtm;
  const isOfThisCall = failure?.v1Function === rtmFunction && failure.status === code && code !== NO_MORE_ITEMS;
  return new RtmError(rtmFunction, code, isOfThisCall ? failure : null);
}
