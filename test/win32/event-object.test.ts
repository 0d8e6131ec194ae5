import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { INFINITE } from '../../src/v1/constants.js';
import { EventObject, isEventObject, signalEventObject } from '../../src/win32/event-object.js';
import { hostileValues } from '../support/hostile-values.js';

/** Whether a promise has been settled by now, and how. */
async function stateOf(promise: Promise<boolean>): Promise<boolean | 'pending'> {
  return Promise.race([promise, new Promise<'pending'>((resolve) => { process.nextTick(resolve, 'pending'); })]);
}

describe('EventObject', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is unsignalled at first, and stays signalled from when it is set until it is reset', () => {
    const event = new EventObject();
    expect(event.signalled).toBe(false);
    event.set();
    event.set();
    expect(event.signalled).toBe(true);
    event.reset();
    expect(event.signalled).toBe(false);
  });

  it('calls back each time it goes from unsignalled to signalled, and only then', () => {
    let calls = 0;
    const event = new EventObject(() => (calls += 1));
    event.set();
    event.set();
    expect(calls).toBe(1);
    event.reset();
    event.reset();
    event.set();
    expect(calls).toBe(2);
  });

  it('is signalled already when it calls back, and can be reset there', () => {
    const seen: boolean[] = [];
    const event: EventObject = new EventObject(() => {
      seen.push(event.signalled);
      event.reset();
    });
    event.set();
    event.set();
    expect(seen).toEqual([true, true]);
    expect(event.signalled).toBe(false);
  });

  it('keeps what its callback throws from whoever sets it, and makes it an uncaught exception', async () => {
    const error = new Error('in a callback');
    const uncaught = new Promise((resolve) => {
      const others = process.listeners('uncaughtException');
      process.removeAllListeners('uncaughtException');
      process.once('uncaughtException', (caught) => {
        for (const listener of others) process.on('uncaughtException', listener);
        resolve(caught);
      });
    });
    const event = new EventObject(() => {
      throw error;
    });
    event.set();
    expect(event.signalled).toBe(true);
    expect(await uncaught).toBe(error);
  });

  it('refuses a callback that is none', () => {
    for (const value of hostileValues().filter((one) => typeof one !== 'function' && one !== undefined)) {
      expect(() => new EventObject(value as () => void)).toThrow(TypeError);
    }
  });

  describe('wait', () => {
    it('is over at once for an event that is signalled, and does not reset it', async () => {
      const event = new EventObject();
      event.set();
      expect(await event.wait()).toBe(true);
      expect(await event.wait(0)).toBe(true);
      expect(event.signalled).toBe(true);
    });

    it('ends every wait when the event is set', async () => {
      const event = new EventObject();
      const waits = [event.wait(), event.wait(1000), event.wait(INFINITE)];
      for (const wait of waits) expect(await stateOf(wait)).toBe('pending');
      event.set();
      event.reset();
      expect(await Promise.all(waits)).toEqual([true, true, true]);
      expect(vi.getTimerCount()).toBe(0);
    });

    it('is false when the time is over', async () => {
      const event = new EventObject();
      const wait = event.wait(1000);
      vi.advanceTimersByTime(999);
      expect(await stateOf(wait)).toBe('pending');
      vi.advanceTimersByTime(1);
      expect(await wait).toBe(false);
      expect(await event.wait(0)).toBe(false);
      event.set();
      expect(vi.getTimerCount()).toBe(0);
    });

    it('takes times that are longer than a timer of Node can be', async () => {
      const event = new EventObject();
      const wait = event.wait(2 ** 31 + 1000);
      vi.advanceTimersByTime(2 ** 31);
      expect(await stateOf(wait)).toBe('pending');
      vi.advanceTimersByTime(1000);
      expect(await wait).toBe(false);
    });

    it.each([-1, NaN, '1', null])('refuses to wait for %s', async (ms) => {
      await expect(new EventObject().wait(ms as number)).rejects.toThrow(RangeError);
    });
  });
});

describe('isEventObject', () => {
  it('knows events, also of derived classes, and takes nothing else for one', () => {
    class Derived extends EventObject {
      override set(): void {
        throw new Error('asked');
      }
    }
    const derived = new Derived();
    expect(isEventObject(new EventObject())).toBe(true);
    expect(isEventObject(derived)).toBe(true);
    signalEventObject(derived, true);
    expect(derived.signalled).toBe(true);
    const others = [...hostileValues(), Object.create(EventObject.prototype), new Proxy(new EventObject(), {})];
    expect(others.filter(isEventObject)).toEqual([]);
  });
});
