/** Why v1 functions refuse a handle, in words. */
import type { HandleParameter, HandleRule, Refusal } from './failure.js';
import type { HandleTable } from './handles.js';
import { shownValue } from './shown.js';

/** The function whose result a handle parameter takes. */
const MAKERS = {
  ClientHandle: 'RtmRegisterClient',
  EnumerationHandle: 'RtmCreateEnumerationHandle',
} as const satisfies Record<HandleParameter, string>;

/** What a handle that is none of the kind that a parameter takes stands for. */
const OTHER_KINDS = { ClientHandle: 'an enumeration', EnumerationHandle: 'a client' } as const;

function ruleFor(handles: HandleTable, value: unknown): Exclude<HandleRule, 'noEvent'> {
  if (value === 0 || value === null || value === undefined) return 'null';
  if (typeof value !== 'number') return 'type';
  if (handles.find(value) !== undefined) return 'kind';
  return handles.hasEnded(value) ? 'ended' : 'unknown';
}

function describe(parameter: HandleParameter, rule: HandleRule, value: string): string {
  const maker = MAKERS[parameter];
  switch (rule) {
    case 'null':
      return `${parameter} is ${value}: ${maker} has failed, or was not called`;
    case 'type':
      return `${parameter} must be a number that ${maker} has returned; it is ${value}`;
    case 'kind':
      return `${parameter} ${value} stands for ${OTHER_KINDS[parameter]}; it must be one that ${maker} has returned`;
    case 'ended':
      return `${parameter} ${value} is not valid any more: what it stood for was deregistered or closed`;
    case 'unknown':
      return `${parameter} ${value} is no handle that ${maker} of this object has returned`;
    case 'noEvent':
      return `${parameter} ${value} stands for a client that registered without a ChangeEvent: nothing is queued for it`;
  }
}

/** A value that is no live handle of the kind that a parameter takes. */
export function badHandle(handles: HandleTable, parameter: HandleParameter, value: unknown): Refusal {
  return handleRefusal(parameter, ruleFor(handles, value), value);
}

/** The handle of a client that is told nothing. */
export function noEvent(value: unknown): Refusal {
  return handleRefusal('ClientHandle', 'noEvent', value);
}

function handleRefusal(parameter: HandleParameter, rule: HandleRule, value: unknown): Refusal {
  const shown = shownValue(value);
  return { kind: 'handle', parameter, rule, value: shown, message: describe(parameter, rule, shown) };
}
