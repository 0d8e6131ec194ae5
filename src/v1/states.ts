/** What v1 functions can lack, whatever they are given. */
import type { Refusal } from './failure.js';
import { MAX_HANDLES } from './handles.js';

/** The opened object was closed. */
export const CLOSED: Refusal = { kind: 'state', rule: 'closed', message: 'the object was closed: open another one' };

/** No slot is left for a handle. */
export const NO_HANDLES: Refusal = {
  kind: 'state',
  rule: 'handles',
  message: `${MAX_HANDLES} handles are open, and there can be no more: close enumerations, or deregister clients`,
};

/** There is no memory for what is to be kept. */
export const NO_MEMORY: Refusal = {
  kind: 'state',
  rule: 'memory',
  message: 'there is no memory for what the function has to keep; nothing was changed',
};

/** The clock that `openRtm1` was given cannot be used. */
export const NO_CLOCK: Refusal = {
  kind: 'state',
  rule: 'clock',
  message: 'the clock that openRtm1 was given throws, or tells no milliseconds that a FILETIME can hold',
};

/** The default library could not be opened. */
export function noLibrary(reason: unknown): Refusal {
  const why = (reason instanceof Error ? reason.message : String(reason)).replaceAll(/\s+/g, ' ');
  return { kind: 'state', rule: 'library', message: `the default library cannot be opened: ${why}` };
}
