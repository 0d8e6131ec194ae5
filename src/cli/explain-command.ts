/** `rtm1 explain`: what names and codes are, what they become, and what to beware of. */
import { nearest } from '../text/suggestions.js';
import { type Entry, explain, names } from './explain/explain.js';
import { EXIT_OK, EXIT_UNUSABLE, type Io } from './io.js';
import { paletteFor, type Palette, widthOf } from './terminal.js';
import { wrapped } from './wrapping.js';

export interface ExplainCommandOptions {
  readonly json?: true;
}

/** A name or code, and what is known of it. */
interface Answer {
  readonly query: string;
  readonly entries: readonly Entry[];
  /** What may have been meant, where nothing is known. */
  readonly suggestions: readonly string[];
}

/** Runs the command; returns its exit status. */
export function runExplainCommand(queries: readonly string[], options: ExplainCommandOptions, io: Io): number {
  const answers = queries.map(answerTo);
  if (options.json === true) {
    const [only] = answers;
    io.stdout.write(`${JSON.stringify(answers.length === 1 ? only : answers, null, 2)}\n`);
  } else {
    print(answers, io);
  }
  return answers.every(({ entries }) => entries.length > 0) ? EXIT_OK : EXIT_UNUSABLE;
}

function answerTo(query: string): Answer {
  const entries = explain(query);
  return { query, entries, suggestions: entries.length === 0 ? nearest(query, names) : [] };
}

/** Prints each thing once, whoever asked for it. */
function print(answers: readonly Answer[], io: Io): void {
  const page: Page = { palette: paletteFor(io.stdout, io.host.env), width: widthOf(io.stdout) };
  const entries = answers.flatMap((answer) => answer.entries);
  const texts = new Set(entries.map((entry) => entryText(entry, page)));
  if (texts.size > 0) io.stdout.write([...texts].join('\n'));
  for (const { query, suggestions } of answers.filter((answer) => answer.entries.length === 0)) {
    io.stderr.write(`rtm1: nothing is known of '${query}'${questionAbout(suggestions)}\n`);
  }
}

function questionAbout(suggestions: readonly string[]): string {
  if (suggestions.length === 0) return ': give a name of Rtm.h or Rtmv2.h, or a Win32 code';
  const [last] = suggestions.slice(-1);
  const others = suggestions.slice(0, -1);
  return `; did you mean ${others.length === 0 ? '' : `${others.join(', ')} or `}${last ?? ''}?`;
}

interface Page {
  readonly palette: Palette;
  readonly width: number;
}

function entryText(entry: Entry, page: Page): string {
  const { palette, width } = page;
  const hasNumber = entry.number !== undefined && entry.version === 1;
  const title = hasNumber ? `${entry.name} (${entry.number})` : entry.name;
  const isWide = title.length + 2 + entry.kind.length > width;
  return [
    `${palette.strong(title)}${isWide ? '\n' : ''}  ${palette.faint(entry.kind)}`,
    ...(entry.declaration === undefined ? [] : wrapped(entry.declaration, '  ', width)),
    ...wrapped(entry.is, '  ', width),
    '',
    `  ${palette.good(entry.version === 1 ? 'becomes' : 'in version 1')}`,
    ...wrapped(entry.becomes, '    ', width),
    ...entry.sections.flatMap(({ title: heading, lines }) => block(heading, palette.strong, lines, width)),
    ...block('Beware', palette.bad, entry.beware, width),
    ...entry.notes.flatMap(({ title: question, text }) => block(question, palette.strong, [text], width)),
    ...block(
      'Decided by this package',
      palette.strong,
      entry.deviations.map(({ id, subject, behaviour }) => `${id}. ${subject}: ${behaviour}`),
      width,
    ),
    '',
    ...wrapped(`sources: ${entry.sources.join(', ')}`, '  ', width).map(palette.faint),
    '',
  ].join('\n');
}

function block(heading: string, paint: (text: string) => string, lines: readonly string[], width: number): string[] {
  if (lines.length === 0) return [];
  return ['', ...wrapped(heading, '  ', width).map(paint), ...lines.flatMap((line) => wrapped(line, '    - ', width))];
}
