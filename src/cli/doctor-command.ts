/** `rtm1 doctor`: which RTMv2 libraries were looked for, what was found, why it was chosen, and whether it works. */
import koffi from 'koffi';
import { LibraryError, type LibraryAttempt } from '../v2/library.js';
import { EXIT_FAILED, EXIT_OK, EXIT_UNUSABLE, type Io, type OpenedTarget } from './io.js';
import {
  libraryNotice,
  libraryProblem,
  libraryRequest,
  libraryText,
  type LibraryIdentity,
  type LibraryRequest,
} from './library-choice.js';
import { packageVersion } from './package-version.js';
import { type FamilyName, type Refusal, refusalAdvice, refusalText } from './registration.js';
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
  /** Why it was chosen, or why none was. */
  readonly why: string;
  /** What the library says to a client that registers: null if it lets it. */
  readonly refusals: Readonly<Record<FamilyName, Refusal | null>> | null;
  readonly ok: boolean;
}

/** Runs the command; returns its exit status. */
export async function runDoctorCommand(options: DoctorCommandOptions, io: Io): Promise<number> {
  const diagnosis = await diagnose(libraryRequest(options.library, io.host.env), io);
  const palette = paletteFor(io.stdout, io.host.env);
  io.stdout.write(
    options.json === true ? `${JSON.stringify(diagnosis, null, 2)}\n` : diagnosisText(diagnosis, palette),
  );
  if (diagnosis.library === null) return EXIT_FAILED;
  return diagnosis.ok ? EXIT_OK : EXIT_UNUSABLE;
}

async function diagnose(request: LibraryRequest, io: Io): Promise<Diagnosis> {
  const surroundings = {
    version: packageVersion(),
    koffi: koffi.version,
    node: process.version,
    system: `${process.platform} ${process.arch}`,
    request,
  };
  let target: OpenedTarget;
  try {
    target = await io.openTarget(request.selection);
  } catch (error) {
    if (!(error instanceof LibraryError)) throw error;
    const why = libraryProblem(error.advice, request);
    return { ...surroundings, attempts: error.attempts, library: null, why, refusals: null, ok: false };
  }
  const { kind, path, version, attempts } = target.library;
  // IPv4 is what RTMv2 is documented for; an rtm.dll that has no table of IPX is as it should be.
  const refusals = { ip: target.refusal('ip'), ipx: target.refusal('ipx') };
  target.close();
  const library = { kind, path, version };
  return { ...surroundings, attempts, library, why: whyChosen(request, kind), refusals, ok: refusals.ip === null };
}

function whyChosen({ selection, by }: LibraryRequest, kind: LibraryIdentity['kind']): string {
  if (selection !== 'auto') {
    return `${by} asks for '${selection}'`;
  }
  return kind === 'system'
    ? 'rtm.dll comes first where it loads, exports all functions and lets an entity register and deregister'
    : 'no rtm.dll can be used here, and this is the first embedded library that loads and exports all functions';
}

function diagnosisText(diagnosis: Diagnosis, palette: Palette): string {
  const { version, node, system, request, attempts, library, why, refusals } = diagnosis;
  const notice = library === null ? undefined : libraryNotice(library);
  const lines = [
    `rtm1 doctor: rtm1-compat ${version}, koffi ${diagnosis.koffi}, Node.js ${node}, ${system}`,
    `  asked for   ${request.selection} (${request.by})`,
    ...attempts.map(
      ({ kind, path, reason }) =>
        `  looked for  ${kind} ${path}: ${reason === null ? palette.good('chosen') : palette.faint(reason)}`,
    ),
    ...(library === null ? [] : [`  chosen      ${libraryText(library)}`, `  because     ${why}`]),
    ...(refusals === null
      ? []
      : [`  registers   IP: ${answer(refusals.ip)}`, `  registers   IPX: ${answer(refusals.ipx)}`]),
    ...(notice === undefined ? [] : [`  note        ${notice}`]),
    `  ${verdict(diagnosis, palette)}`,
  ];
  return `${lines.join('\n')}\n`;
}

const answer = (refusal: Refusal | null): string => (refusal === null ? 'yes' : `no, ${refusalText(refusal)}`);

function verdict({ library, refusals, why, request }: Diagnosis, palette: Palette): string {
  if (library === null) return palette.bad(`failed: ${why.replaceAll('\n', '\n  ')}`);
  const refusal = refusals?.ip ?? null;
  if (refusal === null) return palette.good('ok');
  const problem = `it lets no IP client register. ${refusalAdvice(refusal)}`.trimEnd();
  return palette.bad(`failed: ${libraryProblem(problem, request).replaceAll('\n', '\n  ')}`);
}
