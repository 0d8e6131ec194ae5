/** From the bytes of an input to its routes: unpacked, its format recognised, read, or told why not. */
import type { CheckedFamily } from '../family.js';
import type { RouteTable } from '../route-table.js';
import { parseRouteText, type ParsedRouteText } from '../route-text.js';
import { asUtf8, decodersOf, linesOf, packerOf, unpacked } from './encoding.js';
import { type FormatName, formatTitle, loadFormat, recognisedFormats } from './formats.js';
import { RouteInputError } from './input-error.js';
import type { LeftOut, Listing } from './listing.js';
import { UNKNOWN_INTERFACES } from './route-format.js';

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

/** So many lines at the beginning show whether a text is route text. */
const FIRST_LINES = 32;
/** So many bytes at the beginning show what else it is. */
const HEAD_BYTES = 1 << 16;
const LINE_FEED = 0x0a;

/**
 * Reads the routes of an input.
 *
 * @param name what to call it in an error
 * @throws RouteInputError when it cannot be unpacked, is of no format that is read, or holds no route; or, of route text,
 *   when a line is wrong
 */
export async function readInput(
  name: string,
  bytes: Uint8Array,
  family: CheckedFamily,
  requested: RequestedFormat,
): Promise<RouteInput> {
  const content = await unpack(name, bytes);
  const text = asUtf8(content);
  const format = requested === 'auto' ? await formatOf(name, text, family, decodersOf(bytes, content)) : requested;
  if (format === 'text') return { ...readRouteText(name, text, family), format, ...NOTHING_LEFT_OUT };
  if (family.name !== 'ip') throw new RouteInputError(name, notOfFamily(formatTitle(format)));
  const listing = (await loadFormat(format)).read(linesOf(text), UNKNOWN_INTERFACES);
  if (listing.routes.count === 0) throw new RouteInputError(name, await holdsNothing(format, listing, text));
  return inputOf(format, listing);
}

const NOTHING_LEFT_OUT = { leftOut: [], numberedInterfaces: new Map<string, number>() } as const;

/** What a listing that was read is for a check. */
export function inputOf(format: FormatName, listing: Listing): RouteInput {
  const numberedInterfaces = listing.numberInterfaces();
  return { routes: listing.routes, format, leftOut: listing.leftOut, numberedInterfaces };
}

/** "2 persistent (lines 7, 8), 1 not IPv4 (line 9)". */
export function leftOutText(leftOut: readonly LeftOut[]): string {
  return leftOut.map(({ reason, count, lines }) => `${count} ${reason} (${linesText(lines, count)})`).join(', ');
}

const NAMED_LINES = 3;

function linesText(lines: readonly number[], count: number): string {
  const named = lines.slice(0, NAMED_LINES).join(', ');
  return `${count === 1 ? 'line' : 'lines'} ${named}${count > NAMED_LINES ? ', ...' : ''}`;
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

/** Route text is told by its first lines, so that a long one costs no more than before anything else was known. */
async function formatOf(
  name: string,
  text: Uint8Array,
  family: CheckedFamily,
  decoders: readonly string[],
): Promise<FormatName | 'text'> {
  const { routes, errorCount } = parseRouteText(firstLines(text), family);
  if (errorCount === 0 && routes.count > 0) return 'text';
  const lines = linesOf(head(text));
  const [format] = await recognisedFormats(lines);
  if (format !== undefined) return format;
  const { foreignListingOf } = await import('./foreign-listings.js');
  const foreign = foreignListingOf(lines);
  if (foreign === undefined) return 'text';
  if (family.name !== 'ip') throw new RouteInputError(name, notOfFamily(foreign.title));
  throw new RouteInputError(
    name,
    foreign.command === undefined
      ? `is ${foreign.title}, which is not read: ${foreign.advice ?? ''}`
      : `is ${foreign.title}, which is not read. This makes route text of it:\n` +
        `  ${pipeline([...decoders, foreign.command], name)}`,
  );
}

function firstLines(text: Uint8Array): Uint8Array {
  let end = 0;
  for (let line = 0; line < FIRST_LINES; line++) {
    const feed = text.indexOf(LINE_FEED, end);
    if (feed < 0) return text;
    end = feed + 1;
  }
  return text.subarray(0, end);
}

/** The beginning, up to the end of a line. */
function head(text: Uint8Array): Uint8Array {
  if (text.length <= HEAD_BYTES) return text;
  const end = text.lastIndexOf(LINE_FEED, HEAD_BYTES);
  return text.subarray(0, end < 0 ? HEAD_BYTES : end);
}

function readRouteText(name: string, text: Uint8Array, family: CheckedFamily): { readonly routes: RouteTable } {
  const parsed = parseRouteText(text, family);
  if (parsed.errorCount > 0) throw new RouteInputError(name, describeErrors(parsed));
  if (parsed.routes.count === 0) throw new RouteInputError(name, `holds no route. A route is ${family.form}`);
  return parsed;
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

function notOfFamily(title: string): string {
  return `is ${title}, a listing of IP routes: check it with --family ip`;
}

/** What a shell runs to check what programs make of a file; of standard input, the first one takes it. */
function pipeline([first = '', ...others]: readonly string[], name: string): string {
  return [`${first}${fileArgument(name)}`, ...others, 'rtm1 check --routes -'].join(' | ');
}

/** A blank and the name of a file as an argument in a shell; nothing for standard input. */
function fileArgument(name: string): string {
  if (name === STANDARD_INPUT) return '';
  return /^[\w./:=@%+-]+$/.test(name) ? ` ${name}` : ` '${name.replaceAll("'", String.raw`'\''`)}'`;
}

/** What standard input is called. */
export const STANDARD_INPUT = 'standard input';
