/** A check as text for people and as JSON for programs. */
import { statusName } from '../win32/status.js';
import { STEPS, type Step } from './broken-promises.js';
import type { CheckResult } from './check.js';
import type { CheckedFamily } from './family.js';
import { libraryNotice, libraryText, type LibraryIdentity } from './library-choice.js';
import { formatStatus, protocolName } from './names.js';
import type { RouteSource } from './route-sources.js';
import { formatTitle } from './routes/formats.js';
import { leftOutText } from './routes/input.js';
import type { LeftOut } from './routes/listing.js';
import type { Palette } from './terminal.js';
import { numbered } from './words.js';

/** More routes than this are not listed one by one. */
const LISTED_ROUTES = 100;
const LABEL_WIDTH = 11;

export interface Report {
  readonly library: LibraryIdentity;
  readonly source: RouteSource;
  readonly result: CheckResult;
}

/** Sentences that tell what a user could expect otherwise. */
export function noticesOf({ library, source }: Report): string[] {
  return [libraryNotice(library), source.notice].filter((notice) => notice !== undefined);
}

/** The object that `--json` prints. */
export function toJson({ library, source, result }: Report): object {
  return {
    library: { kind: library.kind, path: library.path },
    family: source.routes.family.name,
    source: sourceToJson(source),
    added: result.added,
    updated: result.updated,
    rejected: result.rejected.map(({ row, status }) => ({
      line: source.routes.line[row],
      route: source.routes.format(row),
      status,
      name: statusName(status),
    })),
    enumerated: result.enumerated,
    networks: result.networks,
    competition: result.competition,
    ageing: result.ageing,
    messages: result.messages,
    deregister: {
      status: result.deregister.status,
      name: statusName(result.deregister.status),
      v2Calls: result.deregister.v2Calls,
    },
    leftBehind: result.leftBehind,
    broken: { count: result.broken.count, first: result.broken.described },
    ok: result.broken.count === 0,
  };
}

function sourceToJson({ kind, routes, format, leftOut, numberedInterfaces }: RouteSource): object {
  return {
    kind,
    routes: routes.count,
    format,
    leftOut: { count: totalOf(leftOut), reasons: leftOut },
    numberedInterfaces: Object.fromEntries(numberedInterfaces),
  };
}

/**
 * The lines a person reads: what was checked, each step with its result, the verdict.
 *
 * @param isVerbose adds the routes of a small input, and what each step cost
 */
export function toText(report: Report, palette: Palette, isVerbose: boolean): string {
  const { library, source, result } = report;
  const lines = [
    `rtm1 check: ${libraryText(library)}`,
    ...noticesOf(report).map((notice) => `  ${notice}`),
    ...sourceLines(source),
    ...STEPS.flatMap((step) => [
      stepLine(step, report, palette, isVerbose),
      ...(isVerbose && step === 'add' ? routeLines(report, palette) : []),
    ]),
    ...result.broken.described.map(({ step, message }) => `  ${palette.bad('broken')} ${step}: ${message}`),
    ...(result.broken.count > result.broken.described.length
      ? [`  and ${count(result.broken.count - result.broken.described.length)} more`]
      : []),
    `  ${verdict(result, palette)}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** What was read, and from what; of a listing also what it was taken for, and what of it was not. */
function sourceLines({ kind, name, routes, format, leftOut, numberedInterfaces }: RouteSource): string[] {
  const unusable = kind === 'system' && leftOut.length > 0 ? ` (${count(totalOf(leftOut))} unusable left out)` : '';
  const numbers = Array.from(numberedInterfaces, ([interfaceName, index]) => `${interfaceName} = ${index}`);
  return [
    labelled('routes', `${count(routes.count)} from ${name}${unusable}`),
    ...(format === 'text' ? [] : [labelled('format', `${format} (${formatTitle(format)})`)]),
    ...(leftOut.length === 0 ? [] : [labelled('left out', leftOutText(leftOut))]),
    ...(numbers.length === 0 ? [] : [labelled('interfaces', `numbered here: ${numbers.join(', ')}`)]),
  ];
}

function totalOf(leftOut: readonly LeftOut[]): number {
  return leftOut.reduce((total, { count: left }) => total + left, 0);
}

function stepLine(step: Step, { source, result }: Report, palette: Palette, isVerbose: boolean): string {
  const broken = result.broken.countOf(step);
  const timing = result.timings.find((candidate) => candidate.step === step);
  const cost = timing === undefined ? '' : costText(timing.milliseconds, source.routes.count);
  return [
    labelled(step, stepText(step, result, source.routes.family)),
    ...(broken === 0 ? [] : [palette.bad(`- ${count(broken)} broken`)]),
    ...(isVerbose && cost !== '' ? [palette.faint(cost)] : []),
  ].join(' ');
}

function costText(milliseconds: number, routes: number): string {
  return `(${milliseconds.toFixed(1)} ms, ${count(Math.round((milliseconds * 1e6) / routes))} ns a route)`;
}

function routeLines({ source: { routes }, result }: Report, palette: Palette): string[] {
  if (routes.count > LISTED_ROUTES) return [];
  const refused = new Map(result.rejected.map(({ row, status }) => [row, status]));
  return Array.from({ length: routes.count }, (_, row) => {
    const status = refused.get(row);
    return status === undefined
      ? `    added ${routes.format(row)}`
      : `    ${palette.bad('rejected')} ${routes.format(row)}: ${formatStatus(status)}`;
  });
}

function stepText(step: Step, result: CheckResult, family: CheckedFamily): string {
  switch (step) {
    case 'register': {
      const name = protocolName(result.protocol, family);
      return `protocol ${result.protocol}${name === undefined ? '' : ` (${name})`}`;
    }
    case 'add':
      return [
        `${count(result.added)} added`,
        `${count(result.updated)} updated`,
        `${count(result.rejected.length)} rejected`,
      ].join(', ');
    case 'enumerate':
      return numbered(result.enumerated, 'route');
    case 'networks':
      return count(result.networks);
    case 'look up':
      return numbered(result.lookedUp, 'best route');
    case 'compete': {
      const { networks, won } = result.competition;
      return `${count(won)} of ${numbered(networks, 'network')} won by another protocol, and given back`;
    }
    case 'age': {
      const { aged, routes } = result.ageing;
      return `${count(aged)} of ${numbered(routes, 'route')} gone after their time to live`;
    }
    case 'messages': {
      const { added, changed, deleted } = result.messages;
      return `${count(added)} added, ${count(changed)} changed, ${count(deleted)} deleted, told to a second client`;
    }
    case 'deregister':
      return `${formatStatus(result.deregister.status)}, ${numbered(result.deregister.v2Calls, 'RTMv2 call')}`;
    case 'left behind': {
      const { entities, routes, nextHops, destinations, handles } = result.leftBehind;
      return [
        numbered(entities, 'entity', 'entities'),
        numbered(routes, 'route'),
        numbered(nextHops, 'next hop'),
        numbered(destinations, 'destination'),
        numbered(handles, 'handle'),
      ].join(', ');
    }
  }
}

function verdict({ broken }: CheckResult, palette: Palette): string {
  return broken.count === 0
    ? palette.good('ok')
    : palette.bad(`failed: ${numbered(broken.count, 'promise')} of v1 broken`);
}

function labelled(label: string, text: string): string {
  return `  ${label.padEnd(LABEL_WIDTH)} ${text}`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
