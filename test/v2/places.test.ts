import { describe, expect, it } from 'vitest';
import { type Machine, placesOf } from '../../src/v2/places.js';

/** A machine on which there are certain files. */
function machine(platform: NodeJS.Platform, directory: string, files: readonly string[] = []): Machine {
  return {
    platform,
    arch: 'x64',
    directory,
    systemDirectory: () => 'C:\\Windows\\System32',
    exists: (path) => files.includes(path),
  };
}

const SYSTEM = 'C:\\Windows\\System32\\rtm.dll';
const WORDS = 'Give auto, embedded, system, or the path of a library';

const WINDOWS = machine('win32', 'D:\\work', [SYSTEM, 'D:\\work\\rtm.dll', 'D:\\work\\mine.dll', 'D:\\mine.dll']);
const LINUX = machine('linux', '/home/user', ['/home/user/mine.so', '/opt/mine.so', '/home/user/rtm.dll']);

describe('the places of a library', () => {
  it('are those of the system directory for rtm.dll, whatever the current directory holds', () => {
    expect(placesOf('system', WINDOWS)).toEqual([{ kind: 'system', path: SYSTEM }]);
    expect(placesOf('auto', WINDOWS)[0]).toEqual({ kind: 'system', path: SYSTEM });
    const without = machine('win32', 'D:\\work', ['D:\\work\\rtm.dll']);
    expect(placesOf('auto', without)[0]).toEqual({
      kind: 'system',
      path: SYSTEM,
      refusal: 'this Windows has no rtm.dll',
    });
  });

  it('are refused where the system does not tell its directory', () => {
    const silent: Machine = {
      ...WINDOWS,
      systemDirectory: () => {
        throw new Error('GetSystemDirectoryW tells no directory');
      },
    };
    expect(placesOf('system', silent)[0]?.refusal).toBe('GetSystemDirectoryW tells no directory');
  });

  it('have no rtm.dll on other systems, not even one in the current directory', () => {
    expect(placesOf('system', LINUX)).toEqual([
      { kind: 'system', path: 'rtm.dll', refusal: 'rtm.dll is a part of Windows' },
    ]);
    expect(placesOf('auto', LINUX).map(({ kind }) => kind)).toEqual(['embedded', 'embedded']);
  });

  it.each([
    [WINDOWS, 'mine.dll', 'D:\\work\\mine.dll'],
    [WINDOWS, 'rtm.dll', 'D:\\work\\rtm.dll'],
    [WINDOWS, '..\\mine.dll', 'D:\\mine.dll'],
    [WINDOWS, 'D:/mine.dll', 'D:\\mine.dll'],
    [LINUX, 'mine.so', '/home/user/mine.so'],
    [LINUX, './mine.so', '/home/user/mine.so'],
    [LINUX, '../../opt/mine.so', '/opt/mine.so'],
    [LINUX, 'rtm.dll', '/home/user/rtm.dll'],
  ])('are files by their absolute path: %o, %s', (on, selection, path) => {
    expect(placesOf(selection, on)).toEqual([{ kind: 'path', path }]);
  });

  it.each([
    ['embeded', `there is no such file in the current directory. Did you mean embedded? ${WORDS}`],
    ['EMBEDDED', `there is no such file in the current directory. Did you mean embedded? ${WORDS}`],
    ['sytem', `there is no such file in the current directory. Did you mean system? ${WORDS}`],
    ['libc.so.6', `there is no such file in the current directory. ${WORDS}`],
    ['./embeded', 'there is no such file'],
    ['/lib/none.so', 'there is no such file'],
  ])('are none for %s', (selection, refusal) => {
    expect(placesOf(selection, LINUX)[0]?.refusal).toBe(refusal);
  });

  it('can be loaded from only where they are absolute, whatever is asked for', () => {
    for (const [on, absolute] of [[WINDOWS, /^[A-Z]:\\|^\//] as const, [LINUX, /^\//] as const]) {
      for (const selection of [
        'auto',
        'embedded',
        'system',
        'rtm.dll',
        'mine.so',
        'mine.dll',
        'none',
        './none',
        '.',
        '',
      ]) {
        const loadable = placesOf(selection, on).filter(({ refusal }) => refusal === undefined);
        expect(
          loadable.filter(({ path }) => !absolute.test(path)),
          selection,
        ).toEqual([]);
      }
    }
  });
});
