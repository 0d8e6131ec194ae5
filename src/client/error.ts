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
  [INVALID_PARAMETER]: 'the RTM library refuses an argument. The lastFailure of the object that openRtm1 returned tells which of its calls did',
  [NO_MORE_ITEMS]: 'no route matches',
  [NO_SYSTEM_RESOURCES]:
    'the RTM library has failed, or is closed. The lastFailure of the object that openRtm1 returned tells which of its calls did and with which code; it does no harm to try again',
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

  /**
   * @param rtmFunction the function of Rtm.h
   * @param code what it has returned, or left as last error
   *
   * @example
   * new RtmError('RtmRegisterClient', 183).name; // 'ERROR_CLIENT_ALREADY_EXISTS'
   */
  constructor(rtmFunction: RtmFunction, code: number) {
    const name = nameOf(code, rtmFunction);
    const advice = SPECIAL_ADVICE[rtmFunction]?.[code] ?? ADVICE[code];
    super(`${rtmFunction} gave ${name} (${code})${advice === undefined ? '' : `: ${advice}.`}`);
    this.name = name;
    this.code = code;
    this.function = rtmFunction;
  }
}
