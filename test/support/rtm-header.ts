import { readFileSync } from 'node:fs';

/** A function as the header declares it. */
export interface Declaration {
  readonly name: string;
  readonly result: string;
  /** Type and name of each parameter. */
  readonly parameters: readonly (readonly [type: string, name: string])[];
}

const text = readFileSync(new URL('../../examples/port/posix/rtm.h', import.meta.url), 'utf8').replaceAll('\\\n', ' ');

/** Rtm.h's functions, in its order. */
export const declarations: readonly Declaration[] = [
  ...text.matchAll(/^\s*(\w+) WINAPI (\w+)\(([^)]*)\);/gm),
].map(([, result = '', name = '', list = '']) => ({
  name,
  result,
  parameters: list.split(',').map((parameter) => {
    const [, type = '', star = '', parameterName = ''] = /^\s*(\w+)\s*(\*?)\s*(\w+)$/.exec(parameter) ?? [];
    return [star === '' ? type : `${type} *`, parameterName] as const;
  }),
}));

/** Rtm.h's macros that take arguments or stand for declarations, with the names of their parameters. */
export const macros: ReadonlyMap<string, readonly string[]> = new Map(
  [...text.matchAll(/^\s*#define (\w+)(?:\(([^)]*)\))? (.+)$/gm)]
    .filter(([, , parameters, body = '']) => parameters !== undefined || body.includes(';'))
    .map(([, name = '', parameters]) => [name, parameters === undefined ? [] : parameters.split(',')]),
);

/** Rtm.h's constants with their value as it is written there. */
export const constantDefinitions: ReadonlyMap<string, string> = new Map(
  [...text.matchAll(/^\s*#define (\w+) (\S.*)$/gm)]
    .filter(([, name = '']) => !macros.has(name))
    .map(([, name = '', value = '']) => [name, value.trim()]),
);

/** Members by structure; those of a structure that is another one by a second name, too. */
export const structureMembers: ReadonlyMap<string, readonly string[]> = new Map(
  [...text.matchAll(/typedef (?:struct _\w+ \{([^}]*)\}|(\w+)) (\w+),\*\w+;/g)].map(([, body, other, name = '']) => [
    name,
    body === undefined ? membersOf(bodyOf(other ?? '')) : membersOf(body),
  ]),
);

function bodyOf(structure: string): string {
  return new RegExp(`typedef struct _\\w+ \\{([^}]*)\\} ${structure},`).exec(text)?.[1] ?? '';
}

function membersOf(body: string): string[] {
  const header = /#define ROUTE_HEADER (.*)$/m.exec(text)?.[1] ?? '';
  return body
    .replace('ROUTE_HEADER', header)
    .split(';')
    .map((member) => /DWORD_ALIGN \(\w+,(\w+)\)/.exec(member)?.[1] ?? /\w+ (\w+)(?:\[\d+\])?\s*$/.exec(member)?.[1] ?? '')
    .filter((name) => name !== '');
}
