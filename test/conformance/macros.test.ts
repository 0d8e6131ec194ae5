import { expect } from 'vitest';
import * as rtm from '../../src/index.js';
import { FAMILIES, IP, ipRoute } from './support/family.js';
import { conformance } from './support/suite.js';

const NO_ERROR = 0;
const ERROR_NO_ROUTES = 259;
const FSD_FLAGS = 88;

const flagsOf = (bytes: Uint8Array): number => IP.read(bytes).flags;

/** Bytes of a route in which every byte but those of FSD_Flags is set. */
function fullRoute(flags: number): Uint8Array {
  const bytes = new Uint8Array(92).fill(0x5a);
  new DataView(bytes.buffer).setUint32(FSD_FLAGS, flags, true);
  return bytes;
}

/** Runs a macro and returns FSD_Flags afterwards; the other members must be as before. */
function flagsAfter(macro: (route: Uint8Array) => void, before: number): number {
  const bytes = fullRoute(before);
  macro(bytes);
  expect(bytes.subarray(0, FSD_FLAGS)).toEqual(fullRoute(before).subarray(0, FSD_FLAGS));
  return flagsOf(bytes);
}

conformance('macros', (_test, plainTest) => {
  plainTest('macro-clear-route-flags', () => {
    expect(flagsAfter(rtm.ClearRouteFlags, 0xffffffff)).toBe(0);
  });

  plainTest('macro-set-route-valid', () => {
    expect(flagsAfter(rtm.SetRouteValid, 0)).toBe(1);
    expect(flagsAfter(rtm.SetRouteValid, 0x80000002)).toBe(0x80000003);
  });

  plainTest('macro-clear-route-valid', () => {
    expect(flagsAfter(rtm.ClearRouteValid, 0xffffffff)).toBe(0xfffffffe);
    expect(flagsAfter(rtm.ClearRouteValid, 2)).toBe(2);
  });

  plainTest('macro-is-route-valid', () => {
    expect([0, 1, 2, 3, 0xfffffffe, 0xffffffff].map((flags) => Number(rtm.IsRouteValid(fullRoute(flags))))).toEqual([0, 1, 0, 1, 0, 1]);
  });

  plainTest('macro-is-route-non-unicast', () => {
    const isNonUnicast = (...address: readonly number[]): boolean => rtm.IsRouteNonUnicast(ipRoute(address, [255, 255, 255, 255]));
    expect([223, 224, 239, 240, 255].map((octet) => isNonUnicast(octet, 0, 0, 0))).toEqual([false, true, true, true, true]);
    expect(isNonUnicast(0, 0, 0, 0xe0), '0.0.0.224, which is 224.0.0.0 in machine byte order').toBe(false);
  });

  plainTest('macro-is-route-loopback', () => {
    const isLoopback = (address: readonly number[], nextHop: readonly number[]): boolean => {
      const bytes = ipRoute(address, [255, 255, 255, 255]);
      bytes.set(nextHop, 40);
      return rtm.IsRouteLoopback(bytes);
    };
    const router = [192, 0, 2, 1];
    expect(isLoopback([127, 0, 0, 0], router)).toBe(true);
    expect(isLoopback([127, 255, 0, 1], router)).toBe(true);
    expect(isLoopback([10, 0, 0, 0], [127, 0, 0, 1])).toBe(true);
    expect(isLoopback([10, 0, 0, 0], [127, 0, 0, 2]), 'a next hop in 127/8 besides 127.0.0.1').toBe(false);
    expect(isLoopback([0, 0, 0, 127], [1, 0, 0, 127]), 'the same in the other byte order').toBe(false);
    expect(isLoopback([126, 0, 0, 0], router)).toBe(false);
  });

  plainTest('macro-get-specific-route', () => {
    for (const family of FAMILIES) {
      const client = rtm.RtmRegisterClient(family.number, family.protocols[0], null, 0);
      expect(client, family.name).not.toBe(0);
      const add = (fields: object): number =>
        rtm.RtmAddRoute(client, family.write(family.route(fields)), rtm.INFINITE, new Uint32Array(1), null, null);
      expect([add({ via: 2 }), add({ via: 3 }), add({ via: 2, interfaceId: 2 })]).toEqual([NO_ERROR, NO_ERROR, NO_ERROR]);
      const found = family.write(family.route({ via: 9 }));
      expect(rtm.RtmGetSpecificRoute(family.number, found), family.name).toBe(NO_ERROR);
      expect(family.read(found)).toEqual(family.route({ via: 2 }));
      for (const absent of [{ net: 2 }, { interfaceId: 3 }, { protocol: family.protocols[1] }]) {
        expect(rtm.RtmGetSpecificRoute(family.number, family.write(family.route(absent))), family.name).toBe(ERROR_NO_ROUTES);
      }
      expect(rtm.RtmDeregisterClient(client)).toBe(NO_ERROR);
    }
  });
});
