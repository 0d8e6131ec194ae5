import { mapping } from './mapping.js';

interface Field {
  readonly name: string;
  readonly offset: number;
  readonly size: number;
  readonly type: string;
}

/** One C structure as the compiler lays it out for one pointer size. */
export interface Layout {
  readonly size: number;
  readonly align: number;
  readonly fields: readonly Field[];
}

/** The two ABIs that Rtm.h and Rtmv2.h are laid out for; other processors follow the one of their pointer size. */
export type Abi = 'x64' | 'x86';

const SMALL_ARCHITECTURES: readonly string[] = ['arm', 'ia32', 'mips', 'mipsel', 'ppc'];

/** The ABI of this process. */
export const abi: Abi = SMALL_ARCHITECTURES.includes(process.arch) ? 'x86' : 'x64';

/** Bytes of a pointer, and so of every RTMv2 handle, in this process. */
export const HANDLE_SIZE = abi === 'x64' ? 8 : 4;

/** `mappings/layouts.json`: every structure in both ABIs. */
export const layouts = mapping('layouts.json') as Readonly<Record<string, Readonly<Record<Abi, Layout>>>>;

function layoutOf(structure: string): Layout {
  const layout = layouts[structure];
  if (layout === undefined) throw new RangeError(`mappings/layouts.json has no structure named ${structure}`);
  return layout[abi];
}

/** `sizeof(structure)` in this process. */
export function sizeOf(structure: string): number {
  return layoutOf(structure).size;
}

/** `offsetof(structure, member)` in this process, in bytes. */
export function offsetOf(structure: string, member: string): number {
  const field = layoutOf(structure).fields.find(({ name }) => name === member);
  if (field === undefined) throw new RangeError(`mappings/layouts.json has no ${structure}.${member}`);
  return field.offset;
}
