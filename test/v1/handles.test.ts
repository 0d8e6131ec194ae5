import { describe, expect, it } from 'vitest';
import { HandleTable, MAX_HANDLES } from '../../src/v1/handles.js';
import { hostileValues } from '../support/hostile-values.js';

describe('HandleTable', () => {
  it('finds what a handle was given for', () => {
    const table = new HandleTable();
    const targets = Array.from({ length: 100 }, () => ({ handle: 0 }));
    for (const target of targets) table.open(target);
    for (const target of targets) expect(table.find(target.handle)).toBe(target);
    expect(table.all()).toEqual(targets);
  });

  it('gives positive integers that a double holds exactly, and none twice', () => {
    const table = new HandleTable();
    const seen = new Set<number>();
    const target = { handle: 0 };
    for (let turn = 0; turn < 1000; turn += 1) {
      const handle = table.open(target);
      expect(Number.isSafeInteger(handle) && handle > 0).toBe(true);
      seen.add(handle);
      table.close(target);
      expect(table.find(handle)).toBeUndefined();
    }
    expect(seen.size).toBe(1000);
  });

  it('closes a handle once', () => {
    const table = new HandleTable();
    const [one, other] = [{ handle: 0 }, { handle: 0 }];
    table.open(one);
    table.close(one);
    table.close(one);
    table.open(other);
    expect(table.find(other.handle)).toBe(other);
    expect(table.all()).toEqual([other]);
  });

  it('does not know the handles of another table', () => {
    const [one, other] = [new HandleTable(), new HandleTable()];
    const [mine, theirs] = [{ handle: 0 }, { handle: 0 }];
    expect(other.find(one.open(mine))).toBeUndefined();
    other.open(theirs);
    expect(other.find(mine.handle)).toBeUndefined();
  });

  it('finds nothing for what is no handle', () => {
    const table = new HandleTable();
    const target = { handle: 0 };
    const handle = table.open(target);
    const near = [handle + 1, handle - 1, -handle, handle + 0.5, handle + MAX_HANDLES, handle % MAX_HANDLES, String(handle)];
    for (const value of [...hostileValues(), ...near, BigInt(handle), { handle }, [handle]]) {
      expect(table.find(value)).toBeUndefined();
    }
  });

  it('is full when every slot has a handle, and not afterwards', () => {
    const table = new HandleTable();
    const last = { handle: 0 };
    for (let index = 1; index < MAX_HANDLES; index += 1) table.open({ handle: 0 });
    expect(table.isFull).toBe(false);
    table.open(last);
    expect(table.isFull).toBe(true);
    table.close(last);
    expect(table.isFull).toBe(false);
  });
});
