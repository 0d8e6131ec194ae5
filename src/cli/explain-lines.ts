/** Lines of an explanation, made of rows of the mappings. */
import { type CallStep, type CodeRow, constants, type ErrorRow, type ParameterRow, type V1FunctionRow } from '../mappings/index.js';

/** The declaration of a v1 function. */
export function signatureOf({ name, result, parameters }: V1FunctionRow): string {
  return `${result.type} ${name}(${parameters.map((parameter) => `${parameter.type} ${parameter.name}`).join(', ')})`;
}

export function parameterLine({ name, direction, optional, unit, maximum, byteOrder, meaning, v2 }: ParameterRow): string {
  const traits = [
    direction,
    ...(optional === true ? ['may be NULL'] : []),
    ...(unit === undefined ? [] : [unit]),
    ...(maximum === undefined ? [] : [`at most ${maximum}`]),
    ...(byteOrder === undefined ? [] : [`${byteOrder} byte order`]),
  ];
  return `${name} (${traits.join(', ')}): ${meaning} Version 2: ${v2}`;
}

export function codeLine({ name, meaning, v2 }: CodeRow): string {
  return `${name} (${constants[name] ?? ''}): ${meaning} Version 2: ${v2}`;
}

export function translationLine({ v2, code, gives, why }: ErrorRow): string {
  return `${v2 === '*' || v2 === null ? 'any call' : v2}, ${code === '*' || code === null ? 'any code' : code} -> ${gives}: ${why}`;
}

export function callsText(calls: readonly CallStep[]): string {
  if (calls.length === 0) return 'no call';
  return calls
    .map((step) => (typeof step === 'string' ? step : `for each ${step.each} (${step.calls.join(', ')})`))
    .join(', ');
}

/** Whether a row, in any of its texts, names something. */
export function mentions(row: unknown, name: string): boolean {
  if (typeof row === 'string') return new RegExp(`(?<!\\w)${name}(?!\\w)`).test(row);
  return typeof row === 'object' && row !== null && Object.values(row).some((value) => mentions(value, name));
}
