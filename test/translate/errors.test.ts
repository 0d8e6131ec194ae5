import { describe, expect, it } from 'vitest';
import { errorMapping, toV1, type V1Function } from '../../src/translate/errors.js';
import { type V2Function, v2Functions } from '../../src/v2/signatures.js';
import { V1, type V2Status } from '../../src/win32/status.js';

const UNHEARD_OF = 9999 as V2Status;

describe('toV1', () => {
  const rows = errorMapping.rows.filter(({ v2 }) => v2 !== null);
  it.each(rows.map((row) => [row.v1, String(row.v2), String(row.code), row.gives, row] as const))(
    '%s, %s, %s gives %d',
    (v1, _v2, _code, gives, row) => {
      // For a wildcard stands what no other row of the function names.
      const call = row.v2 === '*' || row.v2 === null ? unnamedCall(v1) : row.v2;
      const code = row.code === '*' ? UNHEARD_OF : (row.code as V2Status);
      expect(toV1(v1, call, code)).toBe(gives);
    },
  );

  function unnamedCall(v1: V1Function): V2Function {
    const named = rows.filter((row) => row.v1 === v1).map(({ v2 }) => v2);
    return v2Functions.find((name) => !named.includes(name)) ?? 'RtmReleaseRoutes';
  }

  it('gives ERROR_NO_SYSTEM_RESOURCES where no row decides', () => {
    expect(toV1('RtmGetRouteAge', 'RtmGetRouteInfo', UNHEARD_OF)).toBe(V1.NO_SYSTEM_RESOURCES);
  });

  it('never gives NO_ERROR but where the answer is that there is no route', () => {
    const codes = [1, 2, 5, 6, 8, 13, 50, 87, 122, 183, 234, 259, 1168, 1450, 1610, 9999];
    const successes = (Object.keys(errorMapping.documented) as V1Function[]).flatMap((v1) =>
      v2Functions.flatMap((v2) =>
        codes.filter((code) => toV1(v1, v2, code as V2Status) === V1.NO_ERROR).map((code) => [v1, v2, code]),
      ),
    );
    expect(successes).toEqual([
      ['RtmIsRoute', 'RtmGetExactMatchDestination', 1168],
      ['RtmLookupIPDestination', 'RtmGetMostSpecificDestination', 1168],
    ]);
  });
});
