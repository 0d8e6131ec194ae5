import { describe, expect, it } from 'vitest';
import type { Rtm1Options } from '../../src/v1/options.js';
import { openRtm1 } from '../../src/v1/rtm1.js';
import { LibraryError } from '../../src/v2/library.js';

describe('openRtm1', () => {
  it.each([
    [{ library: '' }, TypeError, /^library must be/],
    [{ library: 5 }, TypeError, /^library must be/],
    [{ instance: -1 }, RangeError, /^instance must be an integer from 0 to 65535/],
    [{ instance: 65536 }, RangeError, /^instance/],
    [{ instance: '1' }, RangeError, /^instance/],
    [{ clock: 5 }, TypeError, /^clock must be a function/],
    [{ priorities: 5 }, TypeError, /^priorities must be/],
    [{ priorities: { 8: -1 } }, RangeError, /^priorities/],
    [{ priorities: { rip: 1 } }, RangeError, /^priorities/],
    [{ priorities: { '': 1 } }, RangeError, /^priorities/],
    [{ priorities: new Map([['8', 1]]) }, RangeError, /^priorities/],
    [{ libary: 'embedded' }, TypeError, /no option 'libary'/],
    [null, TypeError, /^options must be an object/],
    ['embedded', TypeError, /^options must be an object/],
  ])('refuses %j', (options, type, message) => {
    const open = (): unknown => openRtm1(options as Rtm1Options);
    expect(open).toThrow(type);
    expect(open).toThrow(message);
  });

  it('takes priorities as a map or as an object, and does not see later changes', () => {
    const priorities = new Map([[8, 1]]);
    using rtm = openRtm1({ library: 'embedded', priorities, instance: 65535 });
    priorities.clear();
    expect(rtm.library.kind).toBe('embedded');
  });

  it('says what it tried where it opens nothing', () => {
    const open = (): unknown => openRtm1({ library: './no-such-library' });
    expect(open).toThrow(LibraryError);
    expect(open).toThrow(/no-such-library/);
  });
});
