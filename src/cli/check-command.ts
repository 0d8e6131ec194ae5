/** `rtm1 check`: read the routes, run the check, print the report. */
import { LibraryError } from '../v2/library.js';
import { check, type CheckOptions } from './check.js';
import { EXIT_FAILED, EXIT_OK, EXIT_UNUSABLE, type Io, type OpenedTarget } from './io.js';
import { ip } from './ip-family.js';
import { ipx } from './ipx-family.js';
import { libraryRequest } from './library-choice.js';
import { noticesOf, toJson, toText } from './report.js';
import { readRoutes, type RouteSource } from './route-sources.js';
import { RouteInputError } from './routes/input-error.js';
import type { RequestedFormat } from './routes/input.js';
import { paletteFor } from './terminal.js';

const FAMILIES = { ip, ipx } as const;

/** Inputs with more routes than this are worth a sign of life on a terminal. */
const PROGRESS_FROM = 50_000;
const CLEAR_LINE = '\r\u001b[K';

export interface CheckCommandOptions {
  readonly family: 'ip' | 'ipx';
  readonly routes: string;
  readonly format: RequestedFormat;
  /** Without it, the family's protocol of static routes. */
  readonly protocol?: number;
  readonly library?: string;
  readonly json?: true;
  readonly verbose?: true;
}

/** Runs the command; returns its exit status. */
export async function runCheckCommand(options: CheckCommandOptions, io: Io): Promise<number> {
  const source = await readOrExplain(options, io);
  if (source === undefined) return EXIT_UNUSABLE;
  const target = openOrExplain(libraryRequest(options.library, io.host.env).selection, io);
  if (target === undefined) return EXIT_UNUSABLE;
  try {
    return checkAndPrint(source, target, options, io);
  } finally {
    target.close();
  }
}

function checkAndPrint(source: RouteSource, target: OpenedTarget, options: CheckCommandOptions, io: Io): number {
  const showsProgress = io.stderr.isTTY === true && source.routes.count > PROGRESS_FROM;
  const result = check(target, source.routes, {
    protocol: options.protocol ?? source.routes.family.defaultProtocol,
    ...(showsProgress ? { onProgress: progressTo(io) } : {}),
  });
  if (showsProgress) io.stderr.write(CLEAR_LINE);
  const report = { library: target.library, source, result };
  if (options.json === true) {
    io.stderr.write(
      options.verbose === true
        ? toText(report, paletteFor(io.stderr, io.host.env), true)
        : noticesOf(report)
            .map((notice) => `${notice}\n`)
            .join(''),
    );
    io.stdout.write(`${JSON.stringify(toJson(report), null, 2)}\n`);
  } else {
    io.stdout.write(toText(report, paletteFor(io.stdout, io.host.env), options.verbose === true));
  }
  return result.broken.count === 0 ? EXIT_OK : EXIT_FAILED;
}

function progressTo(io: Io): NonNullable<CheckOptions['onProgress']> {
  return (step, done, total) => {
    io.stderr.write(`${CLEAR_LINE}${step} ${Math.floor((done * 100) / total)} %`);
  };
}

async function readOrExplain({ family, routes, format }: CheckCommandOptions, io: Io): Promise<RouteSource | undefined> {
  try {
    return await readRoutes(routes, FAMILIES[family], io.host, format);
  } catch (error) {
    if (!(error instanceof RouteInputError)) throw error;
    io.stderr.write(`rtm1: ${error.message}\n`);
    return undefined;
  }
}

function openOrExplain(selection: string, io: Io): OpenedTarget | undefined {
  try {
    return io.openTarget(selection);
  } catch (error) {
    if (!(error instanceof LibraryError)) throw error;
    io.stderr.write(`rtm1: ${error.message}\n`);
    return undefined;
  }
}
