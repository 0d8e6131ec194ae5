import { describe, expect, it } from 'vitest';
import { type Abi, abi, HANDLE_SIZE, type Layout, layouts, offsetOf, sizeOf } from '../../src/win32/abi.js';
import { sizeOfDestInfo, sizeOfRouteInfo } from '../../src/v2/structures.js';

const SIMPLE: Readonly<Record<string, number | 'handle'>> = {
  ...{ BYTE: 1, UCHAR: 1, USHORT: 2, INT: 4, UINT: 4, DWORD: 4, ULONG: 4, ULONGLONG: 8, FILETIME: 8 },
  ...{ RTM_VIEW_ID: 4, RTM_VIEW_SET: 4, RTM_ENTITY_METHOD_TYPE: 4, PVOID: 'handle' },
};

/** Size and alignment of a member's type, from the C rules alone. */
function typeOf(type: string, on: Abi): { readonly size: number; readonly align: number } {
  const [, element = '', count] = /^(.*?)(?:\[(\d+)\])?$/.exec(type) ?? [];
  const { size, align } = elementOf(element, on);
  return { size: size * Number(count ?? 1), align };
}

function elementOf(type: string, on: Abi): { readonly size: number; readonly align: number } {
  const structure = layouts[type]?.[on];
  if (structure !== undefined && type !== 'FILETIME') return structure;
  const handleSize = on === 'x64' ? 8 : 4;
  const known = SIMPLE[type] ?? (/_HANDLE$|EXPORT_METHOD$/.test(type) ? 'handle' : undefined);
  if (known === undefined) throw new Error(`${type} is of no known size`);
  if (known === 'handle') return { size: handleSize, align: handleSize };
  return { size: known, align: type === 'FILETIME' ? 4 : known };
}

/** Rtm.h's route structures and RTM_ENTITY_ID contain unions, whose members do not follow one another. */
const UNIONS = ['RTM_ENTITY_ID'];

function laidOut(name: string, layout: Layout, on: Abi): { readonly size: number; readonly offsets: number[] } {
  const alignUp = (offset: number, align: number): number => Math.ceil(offset / align) * align;
  let end = 0;
  const isRoute = /^RTM_IPX?_ROUTE$/.test(name);
  const offsets = layout.fields.map(({ type }) => {
    const { size, align } = typeOf(type, on);
    const start = alignUp(end, isRoute ? 4 : align);
    end = start + size;
    return start;
  });
  return { size: alignUp(end, layout.align), offsets };
}

describe.each(['x64', 'x86'] as const)('the layouts for %s', (on) => {
  it.each(Object.keys(layouts).filter((name) => !UNIONS.includes(name)))('%s follows the rules of C', (name) => {
    const layout = layouts[name]?.[on];
    if (layout === undefined) throw new Error(name);
    const { size, offsets } = laidOut(name, layout, on);
    expect(layout.fields.map(({ offset }) => offset)).toEqual(offsets);
    expect(layout.size).toBe(size);
    for (const { name: member, size: memberSize, type } of layout.fields) {
      expect(memberSize, member).toBe(typeOf(type, on).size);
    }
  });
});

describe('the layouts of this process', () => {
  it('are those of its pointer size', () => {
    expect(HANDLE_SIZE).toBe(abi === 'x64' ? 8 : 4);
    expect(sizeOf('RTM_IP_ROUTE')).toBe(92);
    expect(sizeOf('RTM_IPX_ROUTE')).toBe(52);
    expect(offsetOf('RTM_ENTITY_INFO', 'EntityId')).toBe(8);
    expect(sizeOf('RTM_ROUTE_INFO')).toBe(abi === 'x64' ? 64 : 40);
  });

  it('give variable structures room for every element', () => {
    expect(sizeOfDestInfo(1)).toBe(sizeOf('RTM_DEST_INFO'));
    expect(sizeOfDestInfo(2) - sizeOfDestInfo(1)).toBe(sizeOf('RTM_DEST_INFO.ViewInfo'));
    const end = offsetOf('RTM_ROUTE_INFO', 'NextHopsList') + offsetOf('RTM_NEXTHOP_LIST', 'NextHops');
    expect(sizeOfRouteInfo(3)).toBeGreaterThanOrEqual(end + 3 * HANDLE_SIZE);
  });

  it('do not know what is not there', () => {
    expect(() => sizeOf('RTM_NOTHING')).toThrow(/no structure named RTM_NOTHING/);
    expect(() => offsetOf('RTM_IP_ROUTE', 'RR_Nothing')).toThrow(/no RTM_IP_ROUTE.RR_Nothing/);
  });
});
