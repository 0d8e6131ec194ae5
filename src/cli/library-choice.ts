/** Which RTMv2 library a command runs on, and how it is shown. */
import { isAbsolute, relative } from 'node:path';

/** What was asked for, and by what. */
export interface LibraryRequest {
  readonly selection: string;
  readonly by: '--library' | 'RTM1_LIBRARY' | 'default';
}

export interface LibraryIdentity {
  readonly kind: 'embedded' | 'system' | 'path';
  readonly path: string;
  readonly version: string | null;
}

/** The option of the command line first, then the environment, as for the functions of the package. */
export function libraryRequest(option: string | undefined, env: NodeJS.ProcessEnv): LibraryRequest {
  if (option !== undefined) return { selection: option, by: '--library' };
  const variable = env['RTM1_LIBRARY'];
  return variable === undefined || variable === ''
    ? { selection: 'auto', by: 'default' }
    : { selection: variable, by: 'RTM1_LIBRARY' };
}

/** What is wrong with a library, with who asked for it where that is easily forgotten. */
export function libraryProblem(problem: string, { by }: LibraryRequest): string {
  return by === 'RTM1_LIBRARY' ? `${problem}\nThe variable RTM1_LIBRARY asks for this library.` : problem;
}

/** "embedded RTMv2 0.1.0 (engine/build/librtm2.so)" */
export function libraryText({ kind, path, version }: LibraryIdentity): string {
  const name = { embedded: 'embedded RTMv2', system: "Windows' RTMv2", path: 'RTMv2' }[kind];
  return `${name}${version === null ? '' : ` ${version}`} (${shownPath(path)})`;
}

/** `path` from the working directory where it lies inside, else as it is. */
function shownPath(path: string): string {
  const inside = isAbsolute(path) ? relative(process.cwd(), path) : '';
  return inside === '' || inside.startsWith('..') || isAbsolute(inside) ? path : inside;
}

/** What a user of Windows' own library could expect otherwise; undefined for the other libraries. */
export function libraryNotice({ kind }: LibraryIdentity): string | undefined {
  return kind === 'system'
    ? 'rtm.dll keeps tables of its own in each process: the routes of the router manager are neither seen nor changed.'
    : undefined;
}
