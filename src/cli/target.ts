/** The library that a check runs on. */
import { createRtm1 } from '../v1/rtm1.js';
import { countCalls, openV2Library } from '../v2/library.js';
import type { OpenedTarget } from './io.js';
import { tryRegistration } from './registration.js';

/**
 * The RTM instance of a check. In the embedded library, which keeps apart any number of them, a table of its own: a
 * check started inside a program that uses the library sees and touches nothing of it. rtm.dll serves instance 0 only.
 */
const INSTANCE = { embedded: 0x7631, system: 0, path: 0 } as const;

/**
 * Opens an RTMv2 library for a check.
 *
 * @param selection `auto`, `embedded`, `system` or the path of a library
 * @throws {LibraryError} where no such library can be used
 */
export function openTarget(selection: string): OpenedTarget {
  const { library, count } = countCalls(openV2Library(selection));
  let now = Date.now();
  const rtm1 = createRtm1(library, { instance: INSTANCE[library.kind], clock: () => now });
  return {
    functions: rtm1,
    library,
    leftBehind: rtm1.leftBehind,
    refusal: (family) => tryRegistration(rtm1, family),
    v2Calls: count,
    advance: (milliseconds) => {
      now += milliseconds;
    },
    close: () => {
      rtm1.close();
    },
  };
}
