/** `rtm1 doctor`: which RTMv2 libraries were looked for, what was found, and why it was chosen. */
import koffi from 'koffi';
import { LibraryError, type LibraryAttempt } from '../v2/library.js';
import { EXIT_FAILED, EXIT_OK, type Io } from './io.js';
import {
  libraryNotice,
  libraryRequest,
  libraryText,
  shownPath,
  type LibraryIdentity,
  type LibraryRequest,
} from './library-choice.js';
import { packageVersion } from './package-version.js';
import { paletteFor, type Palette } from './terminal.js';

export interface DoctorCommandOptions {
  readonly library?: string;
  readonly json?: true;
}

interface Diagnosis {
  readonly version: string;
  readonly koffi: string;
  readonly node: string;
  readonly system: string;
  readonly request: LibraryRequest;
  /** Every library that was tried, in order; `reason` is null for the one that was chosen. */
  readonly attempts: readonly LibraryAttempt[];
  readonly library: LibraryIdentity | null;
  readonly why: string;
  readonly ok: boolean;
}

/** Runs the command; returns its exit status. */
export function runDoctorCommand(options: DoctorCommandOptions, io: Io): number {
  const diagnosis = diagnose(libraryRequest(options.library, io.host.env), io);
  const palette = paletteFor(io.stdout, io.host.env);
  io.stdout.write(
    options.json === true ? `${JSON.stringify(diagnosis, null, 2)}\n` : diagnosisText(diagnosis, palette),
  );
  return diagnosis.ok ? EXIT_OK : EXIT_FAILED;
}

function diagnose(request: LibraryRequest, io: Io): Diagnosis {
  const surroundings = {
    version: packageVersion(),
    koffi: koffi.version,
    node: process.version,
    system: `${process.platform} ${process.arch}`,
    request,
  };
  try {
    const { kind, path, version, attempts } = io.openLibrary(request.selection);
    return { ...surroundings, attempts, library: { kind, path, version }, why: whyChosen(request, kind), ok: true };
  } catch (error) {
    if (!(error instanceof LibraryError)) throw error;
    return { ...surroundings, attempts: error.attempts, library: null, why: error.message, ok: false };
  }
}

function whyChosen({ selection, by }: LibraryRequest, kind: LibraryIdentity['kind']): string {
  if (selection !== 'auto') {
    return `${by} asks for '${selection}'`;
  }
  return kind === 'system'
    ? 'rtm.dll comes first where it loads, exports all functions and registers an entity'
    : 'no rtm.dll can be used here, and this is the first embedded library that loads and exports all functions';
}

function diagnosisText(diagnosis: Diagnosis, palette: Palette): string {
  const { version, node, system, request, attempts, library, why } = diagnosis;
  const notice = library === null ? undefined : libraryNotice(library);
  const lines = [
    `rtm1 doctor: rtm1-compat ${version}, koffi ${diagnosis.koffi}, Node.js ${node}, ${system}`,
    `  asked for   ${request.selection} (${request.by})`,
    ...attempts.map(
      ({ kind, path, reason }) =>
        `  looked for  ${kind} ${shownPath(path)}: ${reason === null ? palette.good('chosen') : palette.faint(reason)}`,
    ),
    ...(library === null ? [] : [`  chosen      ${libraryText(library)}`, `  because     ${why}`]),
    ...(notice === undefined ? [] : [`  note        ${notice}`]),
    `  ${library === null ? palette.bad(`failed: ${why}`) : palette.good('ok')}`,
  ];
  return `${lines.join('\n')}\n`;
}
