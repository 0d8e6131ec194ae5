/** Where the routes of a check come from: this machine's table, a file, or standard input. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { CheckedFamily } from './family.js';
import { RouteInputError } from './routes/input-error.js';
import { inputOf, leftOutText, readInput, type RequestedFormat, type RouteInput, STANDARD_INPUT } from './routes/input.js';
import { readSystemTable, type SystemHost } from './system-table/system-table.js';

/** The routes that stand in where a machine has none that can be read. */
const EXAMPLE_ROUTES = { ip: 'examples/routes.txt', ipx: 'examples/ipx-routes.txt' } as const;

export interface RouteSource extends RouteInput {
  readonly kind: 'system' | 'file' | 'stdin' | 'example';
  /** Where the routes come from, for a reader: "this machine's IPv4 table". */
  readonly name: string;
  /** What the user has to know about these routes, as a sentence, where there is something. */
  readonly notice?: string;
}

export interface RouteHost extends SystemHost {
  readonly stdin: AsyncIterable<Uint8Array | string>;
}

/**
 * Reads routes.
 *
 * @param selection `system`, `-` for standard input, or the path of a file
 * @param format what a file or standard input is taken for
 * @throws RouteInputError when the file cannot be read, or a line of route text is wrong, or there is no route
 */
export async function readRoutes(
  selection: string,
  family: CheckedFamily,
  host: RouteHost,
  format: RequestedFormat = 'auto',
): Promise<RouteSource> {
  switch (selection) {
    case 'system':
      if (format !== 'auto') throw new RouteInputError('--format', 'is for a file or -: name one with --routes');
      return family.name === 'ip' ? readSystemRoutes(family, host) : readExample(family, 'No system keeps an IPX table');
    case '-': {
      const input = await readInput(STANDARD_INPUT, await readStream(host.stdin), family, format);
      return { kind: 'stdin', name: STANDARD_INPUT, ...input };
    }
    default:
      return {
        kind: 'file',
        name: selection,
        ...(await readInput(selection, await readRouteFile(selection), family, format)),
      };
  }
}

async function readSystemRoutes(family: CheckedFamily, host: SystemHost): Promise<RouteSource> {
  let input: RouteInput;
  try {
    const { format, listing } = await readSystemTable(host);
    input = inputOf(format, listing);
  } catch (error) {
    return readExample(family, `This machine's IPv4 table cannot be read (${messageOf(error)})`);
  }
  const { routes, leftOut } = input;
  if (routes.count === 0) {
    const reason = leftOut.length === 0 ? 'is empty' : `holds no usable route (${leftOutText(leftOut)})`;
    return readExample(family, `This machine's IPv4 table ${reason}`);
  }
  return { kind: 'system', name: "this machine's IPv4 table", ...input };
}

async function readExample(family: CheckedFamily, reason: string): Promise<RouteSource> {
  const name = EXAMPLE_ROUTES[family.name];
  const text = await readRouteFile(fileURLToPath(new URL(`../../${name}`, import.meta.url)));
  const notice = `${reason}: the routes of ${name} are used instead.`;
  return { kind: 'example', name, ...(await readInput(name, text, family, 'text')), notice };
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
