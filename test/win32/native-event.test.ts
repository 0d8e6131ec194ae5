import koffi from 'koffi';
import { describe, expect, it } from 'vitest';
import { NO_ERROR, RTM_PROTOCOL_FAMILY_IP } from '../../src/v1/constants.js';
import { openRtm1 } from '../../src/v1/rtm1.js';
import { isNativeHandle, nativeEvents } from '../../src/win32/native-event.js';
import { add, register, routeTo } from '../support/routes.js';

const isWindows = process.platform === 'win32';
const WAIT_OBJECT_0 = 0;
const WAIT_TIMEOUT = 258;

interface Kernel32 {
  readonly createEvent: () => number;
  /** Whether the event is signalled. */
  readonly wait: (handle: number) => number;
}

function kernel32(): Kernel32 {
  const library = koffi.load('kernel32.dll');
  const create = library.func('__stdcall', 'CreateEventA', 'uintptr_t', ['uintptr_t', 'int32_t', 'int32_t', 'uintptr_t']);
  const wait = library.func('__stdcall', 'WaitForSingleObject', 'uint32_t', ['uintptr_t', 'uint32_t']);
  return {
    createEvent: () => Number(create(0, 1, 0, 0)),
    wait: (handle) => Number(wait(handle, 0)),
  };
}

describe.skipIf(!isWindows)(isWindows ? 'events of Windows' : 'events of Windows (this is another system)', () => {
  it('are set and reset by their handle', () => {
    const { createEvent, wait } = kernel32();
    const event = createEvent();
    expect(isNativeHandle(event)).toBe(true);
    expect(wait(event)).toBe(WAIT_TIMEOUT);
    expect(nativeEvents()?.SetEvent(event)).toBe(true);
    expect(wait(event)).toBe(WAIT_OBJECT_0);
    expect(nativeEvents()?.ResetEvent(event)).toBe(true);
    expect(wait(event)).toBe(WAIT_TIMEOUT);
  });

  it.each([1, 3, 0x1234568, Number.MAX_SAFE_INTEGER])('are not touched by %d, which is no handle of one', (handle) => {
    expect(nativeEvents()?.SetEvent(handle)).toBe(false);
    expect(nativeEvents()?.ResetEvent(handle)).toBe(false);
  });

  it('tell a client of changes', () => {
    const { createEvent, wait } = kernel32();
    using rtm = openRtm1({ library: 'embedded' });
    const event = createEvent();
    const client = rtm.RtmRegisterClient(RTM_PROTOCOL_FAMILY_IP, 300, event, 0);
    expect(client).not.toBe(0);
    add(rtm, register(rtm), routeTo('10.0.0.0/8'));
    expect(wait(event)).toBe(WAIT_OBJECT_0);
    expect(rtm.RtmDequeueRouteChangeMessage(client, new Uint32Array(1), null, null)).toBe(NO_ERROR);
    expect(wait(event)).toBe(WAIT_TIMEOUT);
  });

  it('do no harm where the handle is none', () => {
    using rtm = openRtm1({ library: 'embedded' });
    const client = rtm.RtmRegisterClient(RTM_PROTOCOL_FAMILY_IP, 300, 0x1234568, 0);
    expect(client).not.toBe(0);
    add(rtm, register(rtm), routeTo('10.0.0.0/8'));
    expect(rtm.RtmDequeueRouteChangeMessage(client, new Uint32Array(1), null, null)).toBe(NO_ERROR);
  });
});

describe.skipIf(isWindows)(isWindows ? 'systems without events (this is Windows)' : 'systems without events', () => {
  it('have no functions for them', () => {
    expect(nativeEvents()).toBeNull();
  });
});

describe('isNativeHandle', () => {
  it('takes no number for a HANDLE that none can be', () => {
    for (const value of [0, -1, 0.5, NaN, Infinity, 2 ** 54, '4', null, undefined, 4n]) {
      expect(isNativeHandle(value), String(value)).toBe(false);
    }
    for (const value of [1, 4, 0xfffffffc]) expect(isNativeHandle(value)).toBe(true);
  });
});
