/** Why a file cannot be loaded as a library, in words: the loader's own are about formats. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** What the first octets of a file tell. */
interface Format {
  /** ELF, Mach-O or PE. */
  readonly name: string;
  readonly platform: string;
  /** `process.arch` of the programs that can load it; undefined for processors that Node.js does not know. */
  readonly arch: string | undefined;
  /** Whether it is a library: the formats serve for programs and object files too. */
  readonly isLibrary: boolean;
}

const HEAD_SIZE = 4096;

/** Processors by their number in each format, as `process.arch` names them. */
const ELF_MACHINES: Readonly<Record<number, string>> = {
  3: 'ia32',
  20: 'ppc',
  21: 'ppc64',
  22: 's390x',
  40: 'arm',
  62: 'x64',
  183: 'arm64',
  243: 'riscv64',
  258: 'loong64',
};
const PE_MACHINES: Readonly<Record<number, string>> = { 0x14c: 'ia32', 0x1c4: 'arm', 0x8664: 'x64', 0xaa64: 'arm64' };
const MACH_O_MACHINES: Readonly<Record<number, string>> = {
  7: 'ia32',
  12: 'arm',
  0x1000007: 'x64',
  0x100000c: 'arm64',
};

const ELF_SHARED = 3;
const PE_DLL = 0x2000;
const MACH_O_DYLIB = 6;
const MACH_O_BUNDLE = 8;

/**
 * What is wrong with a path before anything is loaded: it is no file with something in it, or with less than its own
 * headers say. The loader maps an ELF file as they say, and the process ends at the first access behind its end.
 */
export function refusalOfPath(path: string): string | null {
  const file = statSync(path, { throwIfNoEntry: false });
  if (file === undefined) return 'there is no such file';
  if (file.isDirectory()) return 'it is a directory, and no library';
  if (!file.isFile()) return 'it is no regular file';
  if (file.size === 0) return 'the file is empty';
  const wanted = elfSize(readable(path));
  return wanted > file.size ? `the file is cut short: it has ${file.size} bytes of ${wanted}` : null;
}

/** The first octets of a file; none of one that cannot be read, which the loader will say. */
function readable(path: string): Buffer {
  try {
    return headOf(path);
  } catch {
    return Buffer.alloc(0);
  }
}

/** System V ABI, "Program Header": how many bytes a file has at least that has these first octets; 0 if it is no ELF. */
function elfSize(head: Buffer): number {
  if (head.length < 64 || head.toString('latin1', 0, 4) !== '\u007fELF') return 0;
  const isWide = head[4] === 2;
  const isBig = head[5] === 2;
  const half = (offset: number): number => (isBig ? head.readUInt16BE(offset) : head.readUInt16LE(offset));
  const word = (offset: number): number => (isBig ? head.readUInt32BE(offset) : head.readUInt32LE(offset));
  const long = (offset: number): number => Number(isBig ? head.readBigUInt64BE(offset) : head.readBigUInt64LE(offset));
  const start = isWide ? long(32) : word(28);
  const [each, count] = isWide ? [half(54), half(56)] : [half(42), half(44)];
  let end = start + each * count;
  for (let at = start; at < start + each * count && at + 56 <= head.length; at += each) {
    end = Math.max(end, isWide ? long(at + 8) + long(at + 32) : word(at + 4) + word(at + 16));
  }
  return end;
}

/**
 * What is wrong with a file that could not be loaded, as far as its first octets tell.
 *
 * @returns null where they are those of a library for this process: the loader knows better then
 */
export function refusalOfFormat(path: string, platform: string, arch: string): string | null {
  let head: Buffer;
  try {
    head = headOf(path);
  } catch (error) {
    return `the file cannot be read (${error instanceof Error ? error.message : String(error)})`;
  }
  const format = formatOf(head);
  if (format === null) return 'the file is no library';
  if (format.platform !== platform) {
    return `it is a library for ${format.platform} (${format.name}), and this is ${platform}`;
  }
  if (format.arch !== arch) {
    return `it is built for ${format.arch ?? 'another processor'}, and this Node.js is for ${arch}`;
  }
  return format.isLibrary ? null : `the file is a program or an object file (${format.name}), and no library`;
}

function headOf(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(HEAD_SIZE);
    return head.subarray(0, readSync(file, head, 0, HEAD_SIZE, 0));
  } finally {
    closeSync(file);
  }
}

function formatOf(head: Buffer): Format | null {
  return elf(head) ?? pe(head) ?? machO(head);
}

/** System V ABI, "ELF Header": e_ident, e_type, e_machine. */
function elf(head: Buffer): Format | null {
  if (head.length < 20 || head.toString('latin1', 0, 4) !== '\u007fELF') return null;
  const word = (offset: number): number => (head[5] === 2 ? head.readUInt16BE(offset) : head.readUInt16LE(offset));
  // Other systems have the format too; their libraries fail with what the loader says.
  const platform = process.platform === 'win32' || process.platform === 'darwin' ? 'linux' : process.platform;
  return { name: 'ELF', platform, arch: ELF_MACHINES[word(18)], isLibrary: word(16) === ELF_SHARED };
}

/** Microsoft's "PE Format": the offset of the signature stands at 0x3C, Machine and Characteristics behind it. */
function pe(head: Buffer): Format | null {
  if (head.length < 0x40 || head.toString('latin1', 0, 2) !== 'MZ') return null;
  const signature = head.readUInt32LE(0x3c);
  if (signature + 24 > head.length || head.toString('latin1', signature, signature + 4) !== 'PE\0\0') return null;
  const arch = PE_MACHINES[head.readUInt16LE(signature + 4)];
  return { name: 'PE', platform: 'win32', arch, isLibrary: (head.readUInt16LE(signature + 22) & PE_DLL) !== 0 };
}

/** Apple's mach-o/loader.h and fat.h. A file for several processors is taken for one of this process. */
function machO(head: Buffer): Format | null {
  if (head.length < 16) return null;
  if (head.readUInt32BE(0) === 0xcafebabe) {
    return { name: 'Mach-O', platform: 'darwin', arch: process.arch, isLibrary: true };
  }
  if (head.readUInt32LE(0) !== 0xfeedface && head.readUInt32LE(0) !== 0xfeedfacf) return null;
  const type = head.readUInt32LE(12);
  return {
    name: 'Mach-O',
    platform: 'darwin',
    arch: MACH_O_MACHINES[head.readUInt32LE(4)],
    isLibrary: type === MACH_O_DYLIB || type === MACH_O_BUNDLE,
  };
}
