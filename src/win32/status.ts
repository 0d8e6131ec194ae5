import { constant, constants } from './constants.js';

declare const v1: unique symbol;
declare const v2: unique symbol;

/** A Win32 code as an RTMv1 function returns it or leaves it as last error. */
export type V1Status = number & { readonly [v1]: true };

/** A Win32 code as an RTMv2 function returns it. Only `toV1` in `translate/errors.ts` makes it a {@link V1Status}. */
export type V2Status = number & { readonly [v2]: true };

/** The codes that the RTMv1 pages name. */
export const V1 = {
  NO_ERROR: constant('NO_ERROR') as V1Status,
  INVALID_HANDLE: constant('ERROR_INVALID_HANDLE') as V1Status,
  NOT_ENOUGH_MEMORY: constant('ERROR_NOT_ENOUGH_MEMORY') as V1Status,
  INVALID_PARAMETER: constant('ERROR_INVALID_PARAMETER') as V1Status,
  NO_ROUTES: constant('ERROR_NO_ROUTES') as V1Status,
  NO_MORE_ROUTES: constant('ERROR_NO_MORE_ROUTES') as V1Status,
  NO_SUCH_ROUTE: constant('ERROR_NO_SUCH_ROUTE') as V1Status,
  NO_MESSAGES: constant('ERROR_NO_MESSAGES') as V1Status,
  MORE_MESSAGES: constant('ERROR_MORE_MESSAGES') as V1Status,
  NO_SYSTEM_RESOURCES: constant('ERROR_NO_SYSTEM_RESOURCES') as V1Status,
} as const;

/** The RTMv2 codes that steer a sequence of calls; all others are only translated. */
export const V2 = {
  NO_ERROR: constant('NO_ERROR') as V2Status,
  INVALID_HANDLE: constant('ERROR_INVALID_HANDLE') as V2Status,
  ALREADY_EXISTS: constant('ERROR_ALREADY_EXISTS') as V2Status,
  NO_MORE_ITEMS: constant('ERROR_NO_MORE_ITEMS') as V2Status,
  NOT_ENOUGH_MEMORY: constant('ERROR_NOT_ENOUGH_MEMORY') as V2Status,
  NOT_FOUND: constant('ERROR_NOT_FOUND') as V2Status,
} as const;

// Rtm.h gives several names to some Win32 codes; ERROR_SUCCESS is NO_ERROR's second name in winerror.h itself.
const ALIASES: readonly string[] = [
  'ERROR_MORE_MESSAGES',
  'ERROR_CLIENT_ALREADY_EXISTS',
  'ERROR_NO_MESSAGES',
  'ERROR_NO_MORE_ROUTES',
  'ERROR_NO_ROUTES',
  'ERROR_NO_SUCH_ROUTE',
  'ERROR_SUCCESS',
];

const namesByCode = new Map<number, string>(
  Object.entries(constants)
    .filter(([name]) => (name.startsWith('ERROR_') || name === 'NO_ERROR') && !ALIASES.includes(name))
    .map(([name, code]) => [code, name]),
);

/**
 * The winerror.h name of a code, or its decimal digits where no name is known here.
 *
 * @example
 * statusName(1450); // 'ERROR_NO_SYSTEM_RESOURCES'
 */
export function statusName(code: number): string {
  return namesByCode.get(code) ?? String(code);
}
