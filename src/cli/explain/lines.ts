/** Lines of an explanation, made of rows of the mappings. */
import {
  type CallStep,
  type CodeRow,
  constants,
  type ErrorRow,
  type ParameterRow,
  type V1FunctionRow,
  type V2CodeRow,
  type V2ParameterRow,
} from '../../mappings/index.js';
import { type Parameter, signatures, type V2Function } from '../../v2/signatures.js';

/** The declaration of a v1 function. */
export function signatureOf({ name, result, parameters }: V1FunctionRow): string {
  return `${result.type} ${name}(${parameters.map((parameter) => `${parameter.type} ${parameter.name}`).join(', ')})`;
}

/** Parameters of a v2 function with their types, in order. */
export function v2ParametersOf(name: string): readonly Parameter[] {
  return signatures[name as V2Function];
}

/** The declaration of a v2 function. */
export function v2SignatureOf(name: string): string {
  const parameters = v2ParametersOf(name).map(([parameter, type]) =>
    type.endsWith(' *') ? `${type}${parameter}` : `${type} ${parameter}`,
  );
  return `DWORD ${name}(${parameters.join(', ')})`;
}

/** Direction and limits of a parameter: "in, may be NULL, milliseconds". */
export function traitsOf(parameter: ParameterRow | V2ParameterRow): string {
  const { direction, optional, unit, byteOrder } = parameter;
  return [
    direction,
    ...(optional === true ? ['may be NULL'] : []),
    ...(unit === undefined ? [] : [unit]),
    ...('maximum' in parameter ? [`at most ${parameter.maximum}, or INFINITE`] : []),
    ...('limits' in parameter ? [parameter.limits] : []),
    ...(byteOrder === undefined ? [] : [byteOrder.includes(' ') ? byteOrder : `${byteOrder} byte order`]),
  ].join(', ');
}

export function parameterLine(parameter: ParameterRow): string {
  return `${parameter.name} (${traitsOf(parameter)}): ${parameter.meaning} Version 2: ${parameter.v2}`;
}

export function v2ParameterLine(parameter: V2ParameterRow): string {
  return `${parameter.name} (${traitsOf(parameter)}): ${parameter.meaning}`;
}

export function codeLine(row: CodeRow): string {
  return `${v2CodeLine(row)} Version 2: ${row.v2}`;
}

export function v2CodeLine({ name, meaning }: V2CodeRow): string {
  return `${name} (${constants[name] ?? ''}): ${meaning}`;
}

/**
 * What v2 codes become, a line for each reason: "RtmRegisterEntity: 2 -> 87 for RtmIsRoute and RtmGetFirstRoute: ...".
 *
 * @param rows rows in which a v2 function has a part
 */
export function translationLines(rows: readonly ErrorRow[]): string[] {
  const functions = new Map<string, string[]>();
  for (const { v1, v2, code, gives, why } of rows) {
    const [call, answer] = [v2 === '*' ? 'any call' : v2, code === '*' ? 'any code' : code];
    const from = `${call ?? ''}: ${answer ?? ''} -> ${gives}`;
    const key = JSON.stringify([from, why]);
    functions.set(key, [...(functions.get(key) ?? []), v1]);
  }
  return [...functions].map(([key, names]) => {
    const [from, why] = JSON.parse(key) as [string, string];
    return `${from} for ${listed(names)}: ${why}`;
  });
}

/** "a", "a and b", "a, b and c" */
export function listed(names: readonly string[]): string {
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
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

/** Texts by what they are said of, those that are said of several things once. */
export function grouped(pairs: readonly (readonly [name: string, text: string])[]): [names: string[], text: string][] {
  const groups = new Map<string, string[]>();
  for (const [name, text] of pairs) groups.set(text, [...(groups.get(text) ?? []), name]);
  return [...groups].map(([text, names]) => [names, text]);
}

/** "TargetViews of RtmCreateDestEnum and RtmCreateRouteEnum", a line for each parameter. */
export function parametersOf(takers: readonly (readonly [name: string, parameter: string])[]): string[] {
  return grouped(takers).map(([names, parameter]) => `${parameter} of ${listed(names)}`);
}
