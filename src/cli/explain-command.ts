/** `rtm1 explain`: what a name or code is, what it becomes, and what to beware of. */
import { type Entry, explain, names } from './explain.js';
import { EXIT_OK, EXIT_UNUSABLE, type Io } from './io.js';
import { nearest } from '../text/suggestions.js';
import { paletteFor, type Palette } from './terminal.js';

const WIDTH = 100;

export interface ExplainCommandOptions {
  readonly json?: true;
}

/** Runs the command; returns its exit status. */
export function runExplainCommand(query: string, options: ExplainCommandOptions, io: Io): number {
  const entries = explain(query);
  const suggestions = entries.length === 0 ? nearest(query, names) : [];
  if (options.json === true) {
    io.stdout.write(`${JSON.stringify({ query, entries, suggestions }, null, 2)}\n`);
  } else if (entries.length > 0) {
    const palette = paletteFor(io.stdout, io.host.env);
    io.stdout.write(entries.map((entry) => entryText(entry, palette)).join('\n'));
  } else {
    io.stderr.write(`rtm1: nothing is known of '${query}'${questionAbout(suggestions)}\n`);
  }
  return entries.length > 0 ? EXIT_OK : EXIT_UNUSABLE;
}

function questionAbout(suggestions: readonly string[]): string {
  if (suggestions.length === 0) return ': give a name of Rtm.h or Rtmv2.h, or a Win32 code';
  const [last] = suggestions.slice(-1);
  const others = suggestions.slice(0, -1);
  return `; did you mean ${others.length === 0 ? '' : `${others.join(', ')} or `}${last ?? ''}?`;
}

function entryText(entry: Entry, palette: Palette): string {
  const title = entry.number === undefined || entry.kind === 'constant of version 2' ? entry.name : `${entry.name} (${entry.number})`;
  const numbered = entry.deviations.map(({ id, subject, behaviour }) => `${id}. ${subject}: ${behaviour}`);
  return [
    `${palette.strong(title)}  ${palette.faint(entry.kind)}`,
    ...(entry.declaration === undefined ? [] : wrapped(entry.declaration, '  ')),
    ...wrapped(entry.is, '  '),
    '',
    `  ${palette.good('becomes')}`,
    ...wrapped(entry.becomes, '    '),
    ...entry.sections.flatMap(({ title: heading, lines }) => block(palette.strong(heading), lines)),
    ...block(palette.bad('Beware'), entry.beware),
    ...block(palette.strong('Decided by this package'), numbered),
    '',
    `  ${palette.faint(`sources: ${entry.sources.join(', ')}`)}`,
    '',
  ].join('\n');
}

function block(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `  ${heading}`, ...lines.flatMap((line) => wrapped(line, '    - '))];
}

/** A text in lines of a readable width; those after the first stand below its beginning. */
function wrapped(text: string, indent: string): string[] {
  const room = WIDTH - indent.length;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  const rest = ' '.repeat(indent.length);
  return [...lines, line].map((content, index) => `${index === 0 ? indent : rest}${content}`);
}
