import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kindOf, pageOf, pointeeSize, signatures, v2Functions } from '../../src/v2/signatures.js';
import { HANDLE_SIZE, sizeOf } from '../../src/win32/abi.js';
import { constants } from '../../src/win32/constants.js';

const header = readFileSync(new URL('../../engine/include/rtmv2.h', import.meta.url), 'utf8').replace(
  /\/\*[\s\S]*?\*\//g,
  '',
);

/** The prototypes of the header as `name(type name, ...)`. */
function prototypes(): string[] {
  return [...header.matchAll(/RTM2_API DWORD WINAPI (Rtm[A-Z]\w+)\(([^)]*)\)/g)].map(
    ([, name = '', parameters = '']) => `${name}(${parameters.replace(/\s+/g, ' ').replaceAll(' *', '* ')})`,
  );
}

describe('the signatures', () => {
  it('are the 57 prototypes of the header', () => {
    const declared = v2Functions.map((name) => {
      const parameters = signatures[name].map(([parameter, type]) =>
        type.endsWith(' *') ? `${type.slice(0, -2)}* ${parameter}` : `${type} ${parameter}`,
      );
      return `${name}(${parameters.join(', ')})`;
    });
    expect(declared).toEqual(prototypes());
    expect(declared).toHaveLength(57);
  });

  it('pass every handle by value, and every other pointer as one', () => {
    for (const name of v2Functions) {
      for (const [parameter, type] of signatures[name]) {
        const isPointer = type.startsWith('P') && type !== 'PVOID' ? true : type.endsWith('*');
        expect(kindOf(type) === 'pointer', `${name} ${parameter}`).toBe(isPointer);
      }
    }
  });

  it('name the page of each function', () => {
    expect(pageOf('RtmAddRouteToDest')).toBe('nf-rtmv2-rtmaddroutetodest');
  });

  it('know how much a pointer points to', () => {
    expect(pointeeSize('PRTM_ROUTE_INFO')).toBe(sizeOf('RTM_ROUTE_INFO'));
    expect(pointeeSize('PRTM_NET_ADDRESS')).toBe(20);
    expect(pointeeSize('PRTM_REGN_PROFILE')).toBe(16);
    for (const type of ['PRTM_ENTITY_HANDLE', 'HANDLE *', 'PVOID *', 'PRTM_ROUTE_INFO *', 'PRTM_ENTITY_EXPORT_METHOD'] as const) {
      expect(pointeeSize(type), type).toBe(HANDLE_SIZE);
    }
    for (const type of ['PUINT', 'PBOOL', 'PRTM_VIEW_SET', 'PRTM_ROUTE_CHANGE_FLAGS'] as const) {
      expect(pointeeSize(type), type).toBe(4);
    }
  });
});

describe('the constants', () => {
  it('are those of the header', () => {
    const defined = [...header.matchAll(/#define (\w+) (0x[\da-fA-F]+|\d+)u?\b/g)].filter(([, name = '']) => name in constants);
    expect(defined.length).toBeGreaterThan(80);
    for (const [, name = '', value = ''] of defined) expect(constants[name], name).toBe(Number(value));
  });
});
