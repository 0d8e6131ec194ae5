import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pulse } from '../../src/v1/pulse.js';

describe('Pulse', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('beats at the earliest of the times that are asked for, and then when the beat says', () => {
    const beats: number[] = [];
    const start = performance.now();
    const intervals = [30, Infinity];
    const pulse = new Pulse(() => {
      beats.push(performance.now() - start);
      return intervals.shift() ?? Infinity;
    });
    pulse.within(100);
    pulse.within(20);
    pulse.within(50);
    vi.advanceTimersByTime(1000);
    expect(beats).toEqual([20, 50]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('waits for a time that is longer than a timer of Node can be', () => {
    let beats = 0;
    const pulse = new Pulse(() => {
      beats += 1;
      return Infinity;
    });
    pulse.within(2 ** 40);
    vi.advanceTimersByTime(1000);
    expect(beats).toBe(0);
    pulse.stop();
  });

  it('stops, and can be asked again', () => {
    let beats = 0;
    const pulse = new Pulse(() => {
      beats += 1;
      return 10;
    });
    pulse.within(10);
    pulse.stop();
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(100);
    expect(beats).toBe(0);
    pulse.within(10);
    vi.advanceTimersByTime(100);
    expect(beats).toBe(10);
    pulse.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});
