/** What an input is: route text, a listing that is read, or something to be told with what to do. */
import type { CheckedFamily } from '../family.js';
import { parseRouteText, type RouteTextError } from '../route-text.js';
import { linesOf } from './encoding.js';
import { type FormatName, recognisedFormats } from './formats.js';
import { RouteInputError } from './input-error.js';
import { pipeline } from './shell.js';

/** What a line of route text begins with, right or wrong. */
const LIKE_NETWORK: Readonly<Record<CheckedFamily['name'], RegExp>> = {
  ip: /^\S*(?:\d\.\d|\d\/\d|::)|^default\b/,
  ipx: /^(?:0x)?[\da-f]{1,8}\b|^default\b/i,
};
/** Of fewer lines each is told what is wrong with it. */
const LEAST_OTHER_LINES = 3;

/** So many lines at the beginning show whether a text is route text. */
const FIRST_LINES = 32;
/** So many bytes at the beginning show what else it is. */
const HEAD_BYTES = 1 << 16;
const LINE_FEED = 0x0a;

/**
 * The format of a text. Route text is told by its first lines, so that a long one costs nothing more.
 *
 * @param decoders the programs that make the text of the input, for a command that is told
 * @throws RouteInputError when it is recognised as something that is not read, or is like nothing that is
 */
export async function formatOf(
  name: string,
  text: Uint8Array,
  family: CheckedFamily,
  decoders: readonly string[],
): Promise<FormatName | 'text'> {
  const { routes, errors, errorCount } = parseRouteText(firstLines(text), family);
  if (errorCount === 0 && routes.count > 0) return 'text';
  const lines = linesOf(head(text));
  const [format] = await recognisedFormats(lines);
  if (format !== undefined) return format;
  const { foreignListingOf } = await import('./foreign-listings.js');
  const foreign = foreignListingOf(lines);
  if (foreign === undefined) {
    if (errorCount >= LEAST_OTHER_LINES && !lines.some((line) => LIKE_NETWORK[family.name].test(line.trim()))) {
      throw new RouteInputError(name, notKnown(family, errors));
    }
    return 'text';
  }
  const { title, command, advice } = foreign;
  if (command === undefined) throw new RouteInputError(name, `is ${title}, which is not read: ${advice ?? ''}`);
  if (family.name !== 'ip') throw new RouteInputError(name, notOfFamily(title));
  const answer = `is ${title}, which is not read. This makes route text of it:`;
  throw new RouteInputError(name, `${answer}\n  ${pipeline([...decoders, command], name)}`);
}

/** Said once of a text whose every line would be wrong. */
function notKnown({ form }: CheckedFamily, [first]: readonly RouteTextError[]): string {
  const answer = `is neither route text nor a listing that is known. A route is ${form}; rtm1 check --help names the listings`;
  return first === undefined ? answer : `${answer}\n  line ${first.line}: ${first.message}`;
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
export function head(text: Uint8Array): Uint8Array {
  if (text.length <= HEAD_BYTES) return text;
  const end = text.lastIndexOf(LINE_FEED, HEAD_BYTES);
  return text.subarray(0, end < 0 ? HEAD_BYTES : end);
}

/** Why a listing is of no use to a check of another family than IP. */
export function notOfFamily(title: string): string {
  return `is ${title}, a listing of IP routes: check it with --family ip`;
}
