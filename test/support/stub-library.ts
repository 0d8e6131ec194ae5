import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type V2Function, v2Functions } from '../../src/v2/signatures.js';

/** What a stub is: 57 functions that answer a code and do nothing, but for what is said here. */
export interface Stub {
  /** Names that are not exported. */
  readonly without?: readonly string[];
  /** Names that are exported as data. */
  readonly asData?: readonly string[];
  /** What a function answers; where nothing is said NO_ERROR, and that there is nothing more in an enumeration. */
  readonly answers?: Partial<Record<V2Function, number>>;
  /** What Rtm2GetVersion says; without it there is no such function. */
  readonly version?: string;
}

const EXPORTED = process.platform === 'win32' ? '__declspec(dllexport)' : '';

/** Functions with outputs that others rely on: a handle and limits, and enumerations with nothing in them. */
const WITH_OUTPUTS: Partial<Record<V2Function, { readonly parameters: string; readonly body: string }>> = {
  RtmRegisterEntity: {
    parameters: 'void *info, void *methods, void *callback, int opaque, unsigned *profile, void **handle',
    body: 'profile[0] = 1; profile[1] = 100; profile[2] = 3; profile[3] = 2; *handle = (void *)16;',
  },
  RtmCreateRouteEnum: {
    parameters: 'void *entity, void *dest, int views, int flags, void *start, int match, void *route, int index, void **handle',
    body: '*handle = (void *)32;',
  },
  RtmCreateNextHopEnum: { parameters: 'void *entity, int flags, void *address, void **handle', body: '*handle = (void *)48;' },
};
const NO_MORE_ITEMS = 259;
const ANSWERS: Partial<Record<V2Function, number>> = {
  RtmGetEnumRoutes: NO_MORE_ITEMS,
  RtmGetEnumNextHops: NO_MORE_ITEMS,
};

function sourceOf({ without = [], asData = [], answers = {}, version }: Stub): string {
  const lines = v2Functions
    .filter((name) => !without.includes(name))
    .map((name) => {
      if (asData.includes(name)) return `${EXPORTED} int ${name} = 7;`;
      const code = answers[name] ?? ANSWERS[name] ?? 0;
      const { parameters, body } = (code === 0 ? WITH_OUTPUTS[name] : undefined) ?? { parameters: 'void', body: '' };
      return `${EXPORTED} unsigned ${name}(${parameters}) { ${body} return ${code}; }`;
    });
  if (version !== undefined) {
    const octets = Array.from(Buffer.from(`${version}\0`)).join(', ');
    lines.push(`static const char version[] = { ${octets} };`);
    lines.push(`${EXPORTED} const char *Rtm2GetVersion(void) { return version; }`);
  }
  return `${lines.join('\n')}\nint nothing;\n`;
}

/**
 * Builds a library that looks like an RTMv2 and is none.
 *
 * @param folder where it is built; it has a folder of its own in there, so that its file can have any name
 * @returns its path
 */
export function buildStub(folder: string, name: string, stub: Stub): string {
  const own = join(folder, name);
  mkdirSync(own);
  const [source, library] = [join(own, 'stub.c'), join(own, process.platform === 'win32' ? 'stub.dll' : 'stub.so')];
  writeFileSync(source, sourceOf(stub));
  execFileSync(process.env['CC'] ?? 'cc', ['-shared', '-fPIC', '-o', library, source]);
  return library;
}
