/** Libraries that keep to the letter of each call and break the rules of RTMv2 as a whole: every v1 call still returns. */
import koffi from 'koffi';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  ERROR_MORE_MESSAGES,
  ERROR_NO_MESSAGES,
  ERROR_NO_MORE_ROUTES,
  ERROR_NO_SYSTEM_RESOURCES,
  NO_ERROR,
  RTM_ROUTE_ADDED,
  RTM_ROUTE_DELETED,
} from '../../src/v1/constants.js';
import { ChangeQueue } from '../../src/v1/change-queue.js';
import type { Rtm1 } from '../../src/v1/rtm1.js';
import { EventObject } from '../../src/win32/event-object.js';
import { constant } from '../../src/win32/constants.js';
import { V2, type V2Status } from '../../src/win32/status.js';
import { wrapCalls } from '../../src/v2/calls.js';
import { type Handle, Memory } from '../../src/v2/memory.js';
import type { V2Library } from '../../src/v2/library.js';
import type { V2Function } from '../../src/v2/signatures.js';
import { DEST_INFO, NET_ADDRESS, REGN_PROFILE, ROUTE_INFO, sizeOfDestInfo } from '../../src/v2/structures.js';
import { describeBackend, NOTHING } from '../support/backend.js';
import { addTo, FAMILIES, Listener } from '../support/changes.js';

/** Calls that a v1 call may make before it counts as endless. */
const MOST_CALLS = 200_000;

const NO_MORE_ITEMS = constant('ERROR_NO_MORE_ITEMS');
const STATE_DELETED = constant('RTM_ROUTE_STATE_DELETED');

type After = (parameters: readonly unknown[], code: V2Status) => V2Status;

interface Unruly {
  library: V2Library;
  isUnruly: boolean;
}

/** Those of the test that runs: at its end they have to let go of what they have. */
const all: Unruly[] = [];

/** A library with something done after some of its calls, as long as `isUnruly` says so; it ends a test that never ends. */
function unruly(library: V2Library, after: Partial<Record<V2Function, After>>): Unruly {
  let made = 0;
  const result = { library, isUnruly: true };
  all.push(result);
  const calls = wrapCalls(library.calls, (name, call) => (...parameters) => {
    made += 1;
    if (made > MOST_CALLS) throw new Error(`more than ${MOST_CALLS} calls, the last one ${name}`);
    const code = call(...parameters);
    const then = after[name];
    return then === undefined || !result.isUnruly ? code : then(parameters, code);
  });
  result.library = { ...library, calls };
  return result;
}

const dword = (address: unknown, offset: number): bigint => BigInt(address as number) + BigInt(offset);
const writeDword = (address: unknown, offset: number, value: number): void => {
  koffi.encode(dword(address, offset), 'uint32_t', value);
};

const CREATIONS: readonly V2Function[] = ['RtmCreateRouteEnum', 'RtmCreateDestEnum', 'RtmCreateNextHopEnum'];

/** A library whose enumerations begin anew when they have come to their end, as long as `isUnruly` says so. */
function endless(library: V2Library): Unruly {
  const cell = new Memory(8);
  const begun = new Map<Handle, { create: () => Handle; present: Handle }>();
  const result = unruly(library, {});
  const inner = result.library.calls;
  const calls = wrapCalls(inner, (name, call) => (...parameters) => {
    const [registration = 0, enumeration = 0, ...others] = parameters;
    if (CREATIONS.includes(name)) {
      const create = (): Handle => {
        (call)(...parameters.slice(0, -1), cell.address);
        return cell.handle(0);
      };
      const code = call(...parameters);
      if (code === NO_ERROR) {
        cell.u8.set(koffi.decode(dword(parameters.at(-1), 0), koffi.array('uint8_t', 8, 'Array')) as number[]);
        const handle = cell.handle(0);
        begun.set(handle, { create, present: handle });
      }
      return code;
    }
    const known = begun.get(enumeration);
    if (known === undefined) return call(...parameters);
    if (name === 'RtmDeleteEnumHandle') begun.delete(enumeration);
    const code = call(registration, known.present, ...others);
    if (code !== NO_MORE_ITEMS || !result.isUnruly) return code;
    inner.RtmDeleteEnumHandle(registration, known.present);
    known.present = known.create();
    koffi.encode(dword(others[0], 0), 'uint32_t', 1);
    return call(registration, known.present, ...others);
  });
  result.library = { ...library, calls };
  return result;
}

/** A library that goes on to list changes, each of another network, once it has listed one. */
function inventive(library: V2Library): Unruly {
  const octets = koffi.array('uint8_t', sizeOfDestInfo(1), 'Array');
  const result = unruly(library, {});
  let example: number[] | undefined;
  let invented = 0;
  let isInvention = false;
  const calls = wrapCalls(result.library.calls, (name, call) => (...parameters) => {
    const [, , third, fourth] = parameters;
    if (!result.isUnruly) return call(...parameters);
    if (name === 'RtmReleaseChangedDests' && isInvention) return V2.NO_ERROR;
    const code = call(...parameters);
    if (name === 'RtmGetRouteInfo' && isInvention) writeDword(fourth, NET_ADDRESS.AddrBits, invented);
    if (name !== 'RtmGetChangedDests') return code;
    isInvention = koffi.decode(dword(third, 0), 'uint32_t') === 0 && example !== undefined;
    if (!isInvention) example = koffi.decode(dword(fourth, 0), octets) as number[];
    else {
      invented += 1;
      koffi.encode(dword(fourth, 0), octets, example);
      koffi.encode(dword(fourth, DEST_INFO.DestHandle), 'uint64_t', 2 ** 40 + invented);
      writeDword(fourth, DEST_INFO.DestAddress + NET_ADDRESS.AddrBits, invented);
      writeDword(third, 0, 1);
    }
    return V2.NO_ERROR;
  });
  result.library = { ...library, calls };
  return result;
}

/** A library that shows all routes as deleted, once `isUnruly` says so. */
function showingDeleted(library: V2Library): Unruly {
  const shown = unruly(library, {
    RtmGetRouteInfo: ([, , info], code) => {
      koffi.encode(dword(info, ROUTE_INFO.State), 'uint8_t', STATE_DELETED);
      return code;
    },
  });
  shown.isUnruly = false;
  return shown;
}

describeBackend('embedded', ({ library, openOn }) => {
  afterEach(() => {
    vi.restoreAllMocks();
    for (const each of all.splice(0)) each.isUnruly = false;
  });

  describe.each(FAMILIES)('on an unruly library, with %s', (_name, family) => {
    const [ONE, TWO] = family.protocols;
    const { routeTo } = family;

    it('a best route that is shown as deleted for longer is told when it is seen', () => {
      const shown = showingDeleted(library());
      const rtm = openOn(shown.library);
      const listener = new Listener(rtm, family, ONE);
      const other = rtm.RtmRegisterClient(family.family, TWO, null, 0);
      shown.isUnruly = true;
      rtm.RtmAddRoute(other, routeTo(1), 0xffffffff, new Uint32Array(1), null, null);
      expect(rtm.RtmIsRoute(family.family, routeTo(1).RR_Network, null)).toBe(false);
      for (let turn = 0; turn < 3; turn += 1) expect([ERROR_NO_MESSAGES, NO_ERROR]).toContain(listener.next().status);
      shown.isUnruly = false;
      expect(rtm.RtmIsRoute(family.family, routeTo(1).RR_Network, null)).toBe(true);
      expect(listener.allFlags()).toEqual([RTM_ROUTE_ADDED]);
      rtm.RtmDeregisterClient(other);
      expect(listener.allFlags()).toEqual([RTM_ROUTE_DELETED]);
    });

    it('a client can register while best routes are shown as deleted, and is told of them later', () => {
      const shown = showingDeleted(library());
      const rtm = openOn(shown.library);
      const other = rtm.RtmRegisterClient(family.family, TWO, null, 0);
      for (const network of [1, 2, 3]) addTo(rtm, other, routeTo(network));
      shown.isUnruly = true;
      const listener = new Listener(rtm, family, ONE);
      shown.isUnruly = false;
      expect(listener.allFlags()).toEqual([RTM_ROUTE_ADDED, RTM_ROUTE_ADDED, RTM_ROUTE_ADDED]);
    });

    it('a list of changes that invents networks does not make each call longer than the one before', () => {
      const made = inventive(library());
      made.isUnruly = false;
      const rtm = openOn(made.library);
      const listener = new Listener(rtm, family, ONE);
      const other = rtm.RtmRegisterClient(family.family, TWO, null, 0);
      addTo(rtm, other, routeTo(1));
      made.isUnruly = true;
      for (let turn = 0; turn < 5; turn += 1) expect(listener.next().status).toBe(ERROR_MORE_MESSAGES);
      made.isUnruly = false;
    });

    it('a message that finds no room is told by the next call', () => {
      const rtm = openOn(unruly(library(), {}).library);
      const listener = new Listener(rtm, family, ONE);
      const other = rtm.RtmRegisterClient(family.family, TWO, null, 0);
      const reserve = vi.spyOn(ChangeQueue.prototype, 'reserve').mockReturnValue(false);
      for (const network of [1, 2, 3]) addTo(rtm, other, routeTo(network));
      expect(listener.next().status).toBe(ERROR_NO_MESSAGES);
      reserve.mockRestore();
      expect(listener.allFlags()).toEqual([RTM_ROUTE_ADDED, RTM_ROUTE_ADDED, RTM_ROUTE_ADDED]);
    });

    const ENUMERATING: Readonly<Record<string, readonly [V2Function, (rtm: Rtm1) => unknown]>> = {
      RtmCreateEnumerationHandle: ['RtmGetEnumRoutes', (rtm) => rtm.RtmCreateEnumerationHandle(family.family, 0, null)],
      RtmGetNetworkCount: ['RtmGetEnumDests', (rtm) => rtm.RtmGetNetworkCount(family.family)],
      RtmRegisterClient: [
        'RtmGetEnumDests',
        (rtm) => rtm.RtmRegisterClient(family.family, TWO, new EventObject(), 0),
      ],
    };

    it.each(Object.entries(ENUMERATING))('%s ends although the enumeration does not', (_call, [name, call]) => {
      const rtm = openOn(endless(library()).library);
      const client = rtm.RtmRegisterClient(family.family, ONE, null, 0);
      for (const network of [1, 2, 3]) addTo(rtm, client, routeTo(network));
      expect(call(rtm)).toBe(0);
      expect(rtm.GetLastError()).toBe(ERROR_NO_SYSTEM_RESOURCES);
      expect(rtm.lastFailure).toMatchObject({ v2Function: name, code: NO_ERROR, status: ERROR_NO_SYSTEM_RESOURCES });
    });

    it('RtmDeregisterClient ends although the list of next hops does not, and the next one does the rest', () => {
      const made = endless(library());
      const rtm = openOn(made.library);
      const client = rtm.RtmRegisterClient(family.family, ONE, null, 0);
      for (const network of [1, 2, 3]) addTo(rtm, client, routeTo(network));
      expect([NO_ERROR, ERROR_NO_SYSTEM_RESOURCES]).toContain(rtm.RtmDeregisterClient(client));
      made.isUnruly = false;
      rtm.close();
      expect(rtm.leftBehind()).toEqual(NOTHING);
    });

    it('RtmDeregisterClient ends although routes are told again that were deleted', () => {
      let isDeleting = true;
      const cell = new Memory(8);
      const release = ([registration = 0, route = 0]: readonly Handle[]): V2Status => {
        cell.setHandle(0, route);
        return library().calls.RtmReleaseRoutes(registration, 1, cell.address);
      };
      const calls = wrapCalls(library().calls, (name, call) => (...parameters) =>
        isDeleting || name !== 'RtmDeleteRouteToDest' ? call(...parameters) : release(parameters),
      );
      const rtm = openOn(unruly({ ...library(), calls }, {}).library);
      const client = rtm.RtmRegisterClient(family.family, ONE, null, 0);
      for (const network of [1, 2, 3]) addTo(rtm, client, routeTo(network));
      isDeleting = false;
      expect(rtm.RtmDeregisterClient(client)).toBe(ERROR_NO_SYSTEM_RESOURCES);
      expect(rtm.lastFailure).toMatchObject({ v2Function: 'RtmDeleteRouteToDest', code: NO_ERROR });
      isDeleting = true;
    });

    it.each([
      ['NumberOfViews', 0],
      ['NumberOfViews', 33],
      ['NumberOfViews', 0xffffffff],
      ['MaxNextHopsInRoute', 0],
      ['MaxNextHopsInRoute', 0x10000],
      ['MaxNextHopsInRoute', 0xffffffff],
      ['MaxHandlesInEnum', 0],
      ['MaxHandlesInEnum', 0xffffffff],
    ] as const)('a profile with %s %i is refused by name, and nothing stays registered', (member, value) => {
      const registered = new Set<unknown>();
      const { library: odd } = unruly(library(), {
        RtmRegisterEntity: ([, , , , profile, handle], code) => {
          registered.add(koffi.decode(dword(handle, 0), 'uint64_t'));
          writeDword(profile, REGN_PROFILE[member], value);
          return code;
        },
        RtmDeregisterEntity: ([handle], code) => {
          registered.delete(handle);
          return code;
        },
      });
      const rtm = openOn(odd);
      expect(rtm.RtmRegisterClient(family.family, ONE, null, 0)).toBe(0);
      expect(rtm.GetLastError()).toBe(ERROR_NO_SYSTEM_RESOURCES);
      expect(rtm.lastFailure).toMatchObject({ kind: 'call', defect: expect.stringContaining(`${member} ${value}`) as string });
      expect(registered.size).toBe(0);
    });

    it('a library that takes nothing back does not make each call slower than the one before', () => {
      let refused = 0;
      const made = unruly(library(), {});
      const calls = wrapCalls(made.library.calls, (name, call) => (...parameters) => {
        if (!made.isUnruly || !/^RtmRelease(RouteInfo|DestInfo|Routes)$/.test(name)) return call(...parameters);
        refused += 1;
        return constant('ERROR_NO_SYSTEM_RESOURCES') as V2Status;
      });
      const rtm = openOn({ ...library(), calls });
      const client = rtm.RtmRegisterClient(family.family, ONE, null, 0);
      for (let network = 1; network <= 200; network += 1) addTo(rtm, client, routeTo(network));
      const before = refused;
      addTo(rtm, client, routeTo(201));
      expect(refused - before).toBeLessThan(200);
      const enumeration = rtm.RtmCreateEnumerationHandle(family.family, 0, null);
      const route = family.newRoute();
      let told = 0;
      while (rtm.RtmEnumerateGetNextRoute(enumeration, route) === NO_ERROR) told += 1;
      expect(told).toBe(201);
      expect(rtm.RtmEnumerateGetNextRoute(enumeration, route)).toBe(ERROR_NO_MORE_ROUTES);
    });
  });
});
