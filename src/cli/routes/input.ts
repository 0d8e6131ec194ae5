/** From the bytes of an input to its routes: unpacked, its format recognised, read, or told why not. */
import type { CheckedFamily } from '../family.js';
import type { RouteTable } from '../route-table.js';
import { parseRouteText, type ParsedRouteText } from '../route-text.js';
import { asUtf8, decodersOf, linesOf, packerOf, unpacked, unquoted } from './encoding.js';
import { type FormatName, formatTitle, loadFormat, recognisedFormats } from './formats.js';
import { RouteInputError } from './input-error.js';
import { type LeftOut, leftOutText, type Listing } from './listing.js';
import { formatOf, head, notOfFamily } from './recognition.js';
import { UNKNOWN_INTERFACES } from './route-format.js';
import { pipeline } from './shell.js';

/** What an input is taken for. */
export type RequestedFormat = FormatName | 'text' | 'auto';

/** What was read of an input. */
export interface RouteInput {
  readonly routes: RouteTable;
  readonly format: FormatName | 'text';
  readonly leftOut: readonly LeftOut[];
  /** Interfaces that the input only names, and the indexes that stand for them. */
  readonly numberedInterfaces: ReadonlyMap<string, number>;
}

/**
 * Reads the routes of an input.
 *
 * @param name what to call it in an error
 * @throws RouteInputError when it cannot be unpacked, is of no format that is read, or holds no route; or, of route
 *   text, when a line is wrong
 */
export async function readInput(
  name: string,
  bytes: Uint8Array,
  family: CheckedFamily,
  requested: RequestedFormat,
): Promise<RouteInput> {
  const content = await unpack(name, bytes);
  const text = unquoted(asUtf8(content));
  const format = requested === 'auto' ? await formatOf(name, text, family, decodersOf(bytes, content)) : requested;
  if (format === 'text') {
    return { routes: readRouteText(name, text, family), format, leftOut: [], numberedInterfaces: new Map() };
  }
  if (family.name !== 'ip') throw new RouteInputError(name, notOfFamily(formatTitle(format)));
  const listing = (await loadFormat(format)).read(linesOf(text), UNKNOWN_INTERFACES);
  if (listing.routes.count === 0) throw new RouteInputError(name, await holdsNothing(format, listing, text));
  return inputOf(format, listing);
}

/** What a listing that was read is for a check. */
export function inputOf(format: FormatName, listing: Listing): RouteInput {
  const numberedInterfaces = listing.numberInterfaces();
  return { routes: listing.routes, format, leftOut: listing.leftOut, numberedInterfaces };
}

function readRouteText(name: string, text: Uint8Array, family: CheckedFamily): RouteTable {
  const parsed = parseRouteText(text, family);
  if (parsed.errorCount > 0) throw new RouteInputError(name, describeErrors(parsed));
  if (parsed.routes.count === 0) throw new RouteInputError(name, `holds no route. A route is ${family.form}`);
  return parsed.routes;
}

function describeErrors({ errors, errorCount }: ParsedRouteText): string {
  return [
    `${errorCount === 1 ? '1 line is wrong' : `${errorCount} lines are wrong`}, nothing was done`,
    ...errors.map(({ line, message }) => `  line ${line}: ${message}`),
    ...(errorCount > errors.length ? [`  and ${errorCount - errors.length} more`] : []),
  ].join('\n');
}

async function holdsNothing(format: FormatName, { problem, leftOut }: Listing, text: Uint8Array): Promise<string> {
  const told = leftOut.length === 0 ? 'none of its lines is one' : `left out are ${leftOutText(leftOut)}`;
  const [other] = (await recognisedFormats(linesOf(head(text)))).filter((name) => name !== format);
  const hint = other === undefined ? '' : `. It looks like ${formatTitle(other)}: give --format ${other}, or none`;
  return `holds no IPv4 route of the format ${format} (${formatTitle(format)}): ${problem ?? told}${hint}`;
}

async function unpack(name: string, bytes: Uint8Array): Promise<Uint8Array> {
  const packer = packerOf(bytes);
  if (packer !== undefined) {
    throw new RouteInputError(name, `is packed by ${packer.name}: unpack it first, ${pipeline([packer.unpack], name)}`);
  }
  try {
    return await unpacked(bytes);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RouteInputError(name, `is gzip data that cannot be unpacked (${reason}): fetch or pack the file again`);
  }
}
