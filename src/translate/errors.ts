import { mapping } from '../win32/mapping.js';
import { V1, type V1Status, V2, type V2Status } from '../win32/status.js';
import type { V2Function } from '../v2/signatures.js';

/** The v1 functions that report a code, as result or as last error. */
export type V1Function =
  | 'RtmRegisterClient'
  | 'RtmDeregisterClient'
  | 'RtmAddRoute'
  | 'RtmDeleteRoute'
  | 'RtmBlockDeleteRoutes'
  | 'RtmDequeueRouteChangeMessage'
  | 'RtmIsRoute'
  | 'RtmGetNetworkCount'
  | 'RtmGetRouteAge'
  | 'RtmCreateEnumerationHandle'
  | 'RtmEnumerateGetNextRoute'
  | 'RtmCloseEnumerationHandle'
  | 'RtmGetFirstRoute'
  | 'RtmGetNextRoute'
  | 'RtmLookupIPDestination';

/** One row of `mappings/errors.json`; the first row that fits decides. */
export interface ErrorRow {
  readonly v1: V1Function;
  /** The v2 function that failed, `*` for any, or null where no v2 function has a part in it. */
  readonly v2: V2Function | '*' | null;
  /** What the v2 function returned, `*` for anything; null together with `v2`. */
  readonly code: number | '*' | null;
  /** What the v1 caller gets. */
  readonly gives: number;
  /** Where no v2 function has a part: what brings it about. */
  readonly condition?: string;
  /** The name of the documentation page that says so, or that leaves it open. */
  readonly page: string;
  readonly basis: 'documented' | 'decided';
  readonly why: string;
}

/** What the documentation of one v1 function says about the codes it reports. */
export interface DocumentedCodes {
  readonly page: string;
  readonly reports: 'result' | 'last error';
  readonly codes: readonly number[];
}

/** `mappings/errors.json`. */
export interface ErrorMapping {
  readonly documented: Readonly<Record<V1Function, DocumentedCodes>>;
  readonly rows: readonly ErrorRow[];
}

export const errorMapping = mapping('errors.json') as ErrorMapping;

/** What is wrong with a v2 call that has reported success. */
export interface Defect {
  /** What it comes to for the v1 caller. */
  readonly status: V1Status;
  /** A predicate of the call, for people: 'tells the same items again and again'. */
  readonly text: string;
}

/** A v2 call that failed, or whose success was of no use. */
export interface V2Failure {
  readonly call: V2Function;
  /** What it returned. */
  readonly code: V2Status;
  /** Absent if the call failed by its own account. */
  readonly defect?: Defect;
}

/** A v2 call that has reported success and broken the rules of RTMv2. */
export function breach(call: V2Function, text: string): V2Failure {
  return { call, code: V2.NO_ERROR, defect: { status: V1.NO_SYSTEM_RESOURCES, text } };
}

/** A v2 call that has succeeded, but there was no memory for what it told. */
export function outOfMemory(call: V2Function, text: string): V2Failure {
  return { call, code: V2.NO_ERROR, defect: { status: V1.NOT_ENOUGH_MEMORY, text } };
}

/**
 * What a v1 function reports when a v2 function that it uses has answered `code`. This is the only place where a v2
 * code becomes a v1 code; one that no row names becomes ERROR_NO_SYSTEM_RESOURCES.
 */
export function toV1(v1: V1Function, v2: V2Function, code: V2Status): V1Status {
  const row = errorMapping.rows.find(
    (candidate) =>
      candidate.v1 === v1 &&
      (candidate.v2 === v2 || candidate.v2 === '*') &&
      (candidate.code === code || candidate.code === '*'),
  );
  return row === undefined ? V1.NO_SYSTEM_RESOURCES : (row.gives as V1Status);
}

/** What a v1 function reports when a v2 call was of no use to it. */
export function statusOf(v1: V1Function, { call, code, defect }: V2Failure): V1Status {
  return defect?.status ?? toV1(v1, call, code);
}
