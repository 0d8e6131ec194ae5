/** Where RTMv2 libraries stand: what a selection means on a machine, always as absolute paths. */
import { existsSync } from 'node:fs';
import { posix, win32 } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nearest } from '../text/suggestions.js';
import { systemDirectory } from '../win32/kernel32.js';

/** What the places depend on. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** The current directory. */
  readonly directory: string;
  /** The directory of Windows' own libraries; asked on Windows only. */
  readonly systemDirectory: () => string;
  /** Whether there is something of this name, whatever it is. */
  readonly exists: (path: string) => boolean;
}

/** A place where a library may stand. */
export interface Place {
  readonly kind: 'embedded' | 'system' | 'path';
  /** Absolute wherever a library can be loaded from it, so that no search path has a say. */
  readonly path: string;
  /** Why nothing can be loaded from here. */
  readonly refusal?: string;
}

/** The words that are no paths. */
export const SELECTION_WORDS = ['auto', 'embedded', 'system'] as const;

/** This machine, as it is now. */
export function thisMachine(): Machine {
  return {
    platform: process.platform,
    arch: process.arch,
    directory: process.cwd(),
    systemDirectory,
    exists: existsSync,
  };
}

/**
 * The places that a selection means, in the order in which they are tried.
 *
 * @param selection one of {@link SELECTION_WORDS}, or the path of a library; a name without a slash is that of a file
 *   in the current directory
 */
export function placesOf(selection: string, machine: Machine): readonly Place[] {
  switch (selection) {
    case 'auto':
      return machine.platform === 'win32'
        ? [systemPlace(machine), ...embeddedPlaces(machine)]
        : embeddedPlaces(machine);
    case 'embedded':
      return embeddedPlaces(machine);
    case 'system':
      return [systemPlace(machine)];
    default:
      return [namedPlace(selection, machine)];
  }
}

/** Windows searches the directory of the program, the current one and PATH for a bare name: this is no bare name. */
function systemPlace(machine: Machine): Place {
  if (machine.platform !== 'win32') {
    return { kind: 'system', path: 'rtm.dll', refusal: 'rtm.dll is a part of Windows' };
  }
  let path: string;
  try {
    path = win32.join(machine.systemDirectory(), 'rtm.dll');
  } catch (error) {
    return { kind: 'system', path: 'rtm.dll', refusal: error instanceof Error ? error.message : String(error) };
  }
  return { kind: 'system', path, ...(machine.exists(path) ? {} : { refusal: 'this Windows has no rtm.dll' }) };
}

/** Where the embedded library may stand: as it came with the package, else as built on this machine. */
function embeddedPlaces(machine: Machine): readonly Place[] {
  const { platform, arch } = machine;
  const names: Partial<Record<NodeJS.Platform, string>> = { win32: 'rtm2.dll', darwin: 'librtm2.dylib' };
  const name = names[platform] ?? 'librtm2.so';
  return [`engine/prebuilt/${platform}-${arch}/${name}`, `engine/build/${name}`].map((file) => {
    const path = packageFile(file);
    return { kind: 'embedded', path, ...(machine.exists(path) ? {} : { refusal: 'not built' }) };
  });
}

function namedPlace(selection: string, machine: Machine): Place {
  const path = (machine.platform === 'win32' ? win32 : posix).resolve(machine.directory, selection);
  if (machine.exists(path)) return { kind: 'path', path };
  const isBare = !(machine.platform === 'win32' ? /[/\\:]/ : /\//).test(selection);
  return { kind: 'path', path, refusal: isBare ? noSuchName(selection) : 'there is no such file' };
}

function noSuchName(selection: string): string {
  const [word] = nearest(selection, SELECTION_WORDS);
  return [
    'there is no such file in the current directory.',
    ...(word === undefined ? [] : [`Did you mean ${word}?`]),
    `Give ${SELECTION_WORDS.join(', ')}, or the path of a library`,
  ].join(' ');
}

/** The absolute path of a file of this package. */
export function packageFile(path: string): string {
  return fileURLToPath(new URL(`../../${path}`, import.meta.url));
}
