/** Typed access to RTMv2 itself, for code that has been ported: `import ... from 'rtm1-compat/rtmv2'`. */
export { type Address, openRtmv2, type Pointer, type Rtmv2, type Rtmv2Functions } from './rtmv2.js';
export {
  countCalls,
  type LibraryAttempt,
  LibraryError,
  type LibrarySelection,
  openV2Library,
  type V2Library,
} from './library.js';
export { type V2Call, type V2Calls, wrapCalls } from './calls.js';
export { type Handle, Memory } from './memory.js';
export { type CType, type Parameter, pageOf, signatures, type V2Function, v2Functions } from './signatures.js';
export type { V2Statistics } from './statistics.js';
export { type EntityId, sizeOfDestInfo, sizeOfRouteInfo } from './structures.js';
export { type Abi, abi, HANDLE_SIZE, offsetOf, sizeOf } from '../win32/abi.js';
export { constant, constants } from '../win32/constants.js';
export { statusName, type V2Status } from '../win32/status.js';
