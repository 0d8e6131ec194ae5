/** Where the routes of a check come from: this machine's table, a file, or standard input. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { CheckedFamily } from './family.js';
import type { RouteTable } from './route-table.js';
import { parseRouteText, type RouteTextError } from './route-text.js';
import { readSystemTable, type SystemHost, type SystemTable } from './system-table/system-table.js';

/** The routes that stand in where a machine has none that can be read. */
const EXAMPLE_ROUTES = { ip: 'examples/routes.txt', ipx: 'examples/ipx-routes.txt' } as const;

export interface RouteSource {
  readonly kind: 'system' | 'file' | 'stdin' | 'example';
  /** Where the routes come from, for a reader: "this machine's IPv4 table". */
  readonly name: string;
  readonly routes: RouteTable;
  /** What the user has to know about these routes, as a sentence, where there is something. */
  readonly notice?: string;
}

export interface RouteHost extends SystemHost {
  readonly stdin: AsyncIterable<Uint8Array | string>;
}

/** The input cannot be used; nothing has been registered yet. */
export class RouteInputError extends Error {
  override readonly name = 'RouteInputError';

  /** @param problem what is wrong with `source`; lines that explain it may follow */
  constructor(source: string, problem: string) {
    super(`${source}: ${problem}`);
  }
}

/**
 * Reads routes.
 *
 * @param selection `system`, `-` for standard input, or the path of a file of route text
 * @throws RouteInputError when the file cannot be read, or a line of it is wrong, or it holds no route
 */
export async function readRoutes(selection: string, family: CheckedFamily, host: RouteHost): Promise<RouteSource> {
  switch (selection) {
    case 'system':
      return family.name === 'ip' ? readSystemRoutes(family, host) : readExample(family, 'No system keeps an IPX table');
    case '-':
      return { kind: 'stdin', ...parsed('standard input', await readStream(host.stdin), family) };
    default:
      return { kind: 'file', ...parsed(selection, await readRouteFile(selection), family) };
  }
}

async function readSystemRoutes(family: CheckedFamily, host: SystemHost): Promise<RouteSource> {
  let table: SystemTable;
  try {
    table = readSystemTable(host);
  } catch (error) {
    return readExample(family, `This machine's IPv4 table cannot be read (${messageOf(error)})`);
  }
  const { routes, omitted } = table;
  if (routes.count === 0) {
    return readExample(family, "This machine's IPv4 table is empty");
  }
  const name = "this machine's IPv4 table";
  return { kind: 'system', name: omitted === 0 ? name : `${name} (${omitted} unusable left out)`, routes };
}

async function readExample(family: CheckedFamily, reason: string): Promise<RouteSource> {
  const name = EXAMPLE_ROUTES[family.name];
  const source = parsed(name, await readRouteFile(fileURLToPath(new URL(`../../${name}`, import.meta.url))), family);
  return { kind: 'example', ...source, notice: `${reason}: the routes of ${name} are used instead.` };
}

async function readRouteFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new RouteInputError(path, `cannot be read (${messageOf(error)}). Give --routes a file, - or system`);
  }
}

async function readStream(stream: AsyncIterable<Uint8Array | string>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) {
    chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks);
}

function parsed(name: string, text: Uint8Array, family: CheckedFamily): { name: string; routes: RouteTable } {
  const { routes, errors, errorCount } = parseRouteText(text, family);
  if (errorCount > 0) {
    throw new RouteInputError(name, describeErrors(errors, errorCount));
  }
  if (routes.count === 0) {
    throw new RouteInputError(name, `holds no route. A route is ${family.form}`);
  }
  return { name, routes };
}

function describeErrors(errors: readonly RouteTextError[], errorCount: number): string {
  const total = errorCount === 1 ? '1 line is wrong' : `${errorCount} lines are wrong`;
  return [
    `${total}, nothing was done`,
    ...errors.map(({ line, message }) => `  line ${line}: ${message}`),
    ...(errorCount > errors.length ? [`  and ${errorCount - errors.length} more`] : []),
  ].join('\n');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
