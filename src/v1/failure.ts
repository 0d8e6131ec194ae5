/** Why v1 functions fail: what `lastFailure` tells beside the code. */
import { constant } from '../win32/constants.js';
import { statusName, V1 } from '../win32/status.js';
import type { V2Function } from '../v2/signatures.js';
import type { V1Function, V2Failure } from '../translate/errors.js';

const ALREADY_EXISTS = constant('ERROR_CLIENT_ALREADY_EXISTS');
const { INVALID_PARAMETER } = V1;

/** A handle parameter of a v1 function. */
export type HandleParameter = 'ClientHandle' | 'EnumerationHandle';

/** Any other parameter of a v1 function. */
export type ArgumentParameter =
  | 'ProtocolFamily'
  | 'RoutingProtocol'
  | 'ChangeEvent'
  | 'Flags'
  | 'Route'
  | 'TimeToLive'
  | 'CurBestRoute'
  | 'PrevBestRoute'
  | 'EnumerationFlags'
  | 'CriteriaRoute'
  | 'Network'
  | 'BestRoute'
  | 'dwDestAddr'
  | 'prir';

/**
 * The rule that an argument breaks:
 *
 * - `null`: it is NULL, and must not be
 * - `type`: it is of a kind that the parameter does not take, for instance text for a number
 * - `size`: its memory is smaller than the C structure, or has gone
 * - `family`: it is none of the protocol family, or no protocol family
 * - `range`: it is a number that the parameter does not take
 * - `bits`: it has bits without a meaning
 * - `mask`: the one bits of its mask do not come first
 * - `hostBits`: its address has bits outside its mask
 * - `time`: its time stamp is none that a route can have
 */
export type ArgumentRule = 'null' | 'type' | 'size' | 'family' | 'range' | 'bits' | 'mask' | 'hostBits' | 'time';

/**
 * Why a handle is refused:
 *
 * - `null`: it is 0, as functions return it that have failed
 * - `type`: it is no number
 * - `unknown`: the object never gave out such a handle
 * - `ended`: what it stood for was deregistered or closed
 * - `kind`: it stands for an enumeration where a client is wanted, or the other way round
 * - `noEvent`: it stands for a client that registered without a ChangeEvent, and so is told nothing
 */
export type HandleRule = 'null' | 'type' | 'unknown' | 'ended' | 'kind' | 'noEvent';

/**
 * What there is not, whatever the arguments:
 *
 * - `closed`: the object was closed
 * - `library`: the default library could not be opened
 * - `handles`: as many handles are open as there can be
 * - `memory`: there is no memory for what is to be kept
 * - `clock`: the clock throws, or tells no instant that a FILETIME can hold
 */
export type StateRule = 'closed' | 'library' | 'handles' | 'memory' | 'clock';

interface FailureOf<Kind extends string> {
  /** What kind of failure this is; it decides which members there are. */
  readonly kind: Kind;
  /** The function that has failed; RtmGetFirstRoute for the macro RtmGetSpecificRoute. */
  readonly v1Function: V1Function;
  /** What it has reported, as result or as last error. */
  readonly status: number;
  /** What was wrong, and where there is something to do, what: a sentence without its full stop, on one line. */
  readonly message: string;
}

interface WithoutCall {
  /** No v2 function has a part in it. */
  readonly v2Function: null;
  /** No v2 function has a part in it. */
  readonly code: null;
}

interface Blamed {
  readonly v2Function: V2Function;
  /** What the v2 function returned. */
  readonly code: number;
  /** Where that was NO_ERROR: what was wrong all the same, for instance 'tells the same items again and again'. */
  readonly defect?: string;
}

/** A v2 call failed: what was asked for could not be done. */
export interface CallFailure extends FailureOf<'call'>, Blamed {}

/**
 * A v2 call failed that had nothing to do with what was asked for: a route whose time to live is over could not be
 * deleted, so that what the table holds could not be told.
 */
export interface OverdueFailure extends FailureOf<'overdue'>, Blamed {}

/** An argument is none that the function takes. */
export interface ArgumentFailure extends FailureOf<'argument'>, WithoutCall {
  readonly parameter: ArgumentParameter;
  /** The member of its structure that is wrong, for instance `RR_Network.N_NetMask`; null if it is all of it. */
  readonly member: string | null;
  readonly rule: ArgumentRule;
  /** What was passed: a short text on one line. Of an object it tells what it is, and no more. */
  readonly value: string;
}

/** A handle is none, or not one of the kind that the function takes. */
export interface HandleFailure extends FailureOf<'handle'>, WithoutCall {
  readonly parameter: HandleParameter;
  readonly rule: HandleRule;
  /** What was passed: a short text on one line. */
  readonly value: string;
}

/** Something is missing that no argument could make good. */
export interface StateFailure extends FailureOf<'state'>, WithoutCall {
  readonly rule: StateRule;
}

/**
 * Why a v1 function has failed. `kind` tells which members there are; `v1Function`, `status`, `message`, `v2Function`
 * and `code` are always there, the last two null where no v2 call has a part in it.
 *
 * @example
 * const failure = rtm.lastFailure;
 * if (failure?.kind === 'argument') console.log(failure.parameter, failure.rule, failure.message);
 */
export type Failure = CallFailure | OverdueFailure | ArgumentFailure | HandleFailure | StateFailure;

/** What is refused, as far as that does not depend on the function that refuses it. */
export type Refusal =
  | Pick<ArgumentFailure, 'kind' | 'message' | 'parameter' | 'member' | 'rule' | 'value'>
  | Pick<HandleFailure, 'kind' | 'message' | 'parameter' | 'rule' | 'value'>
  | Pick<StateFailure, 'kind' | 'message' | 'rule'>;

/** A failure that no v2 call has a part in. */
export function refusalFailure(v1Function: V1Function, status: number, refusal: Refusal): Failure {
  return { ...refusal, v1Function, v2Function: null, code: null, status };
}

/** What an answer means to the v1 function that it made fail, where that is not what its name says. */
function meaning(v1Function: V1Function, status: number): string {
  if (status === ALREADY_EXISTS) return ': a client is registered for this protocol and family already';
  if (status !== INVALID_PARAMETER) return '';
  return `: it does not take what ${v1Function} was asked for, as a family that it has no table of`;
}

function answer({ call, code, defect }: V2Failure): string {
  if (defect !== undefined) return `${call} of RTMv2 ${defect.text}`;
  const name = statusName(code);
  return `${call} of RTMv2 answered ${name === String(code) ? name : `${name} (${code})`}`;
}

function blamed({ call, code, defect }: V2Failure): Blamed {
  return { v2Function: call, code, ...(defect && { defect: defect.text }) };
}

/** A failure of a v2 call. */
export function callFailure(v1Function: V1Function, status: number, failure: V2Failure): Failure {
  const message = answer(failure) + meaning(v1Function, status);
  return { kind: 'call', v1Function, status, message, ...blamed(failure) };
}

/** A failure of the v2 call that was to delete a route past its time. */
export function overdueFailure(v1Function: V1Function, status: number, failure: V2Failure): Failure {
  const message = `a route whose time to live is over could not be deleted: ${answer(failure)}`;
  return { kind: 'overdue', v1Function, status, message, ...blamed(failure) };
}
