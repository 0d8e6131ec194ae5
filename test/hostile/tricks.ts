import { v2Functions } from '../../src/v2/signatures.js';

/**
 * How a library is made: `verb`, `subject` and `number` are what hostile.c reads in its file name; the others are files that
 * are no such library.
 */
export type Recipe =
  | { readonly kind: 'hostile'; readonly verb: string; readonly subject?: string; readonly number?: number | bigint }
  /** C code of its own. */
  | { readonly kind: 'source'; readonly code: string }
  /** What stands in the file; null is no file at all. */
  | { readonly kind: 'file'; readonly content: string | null }
  | { readonly kind: 'folder' }
  /** The engine with some of its bytes changed, or only so many of them. */
  | { readonly kind: 'damaged'; readonly patch?: readonly [offset: number, value: number]; readonly length?: number };

/** One way for a library to be hostile, or only different, and what the shim and `rtm1` owe to their users with it. */
export interface Trick {
  readonly name: string;
  /** What the library does. */
  readonly does: string;
  readonly recipe: Recipe;
  /**
   * What is promised besides what holds for all: `works` as any library, all results the same, because nothing in the
   * documentation forbids what it does; `unusable` told by `check` and `doctor` in words that have this in them; `broken`
   * told by `check`, since a promise of version 1 cannot be kept.
   */
  readonly promise?: 'works' | 'broken' | { readonly unusable: RegExp };
}

const V2_CALLS_OF_V1 = [
  'RtmAddNextHop', 'RtmAddRouteToDest', 'RtmCreateDestEnum', 'RtmCreateNextHopEnum', 'RtmCreateRouteEnum', 'RtmDeleteEnumHandle',
  'RtmDeleteNextHop', 'RtmDeleteRouteToDest', 'RtmDeregisterEntity', 'RtmDeregisterFromChangeNotification', 'RtmGetChangedDests',
  'RtmGetDestInfo', 'RtmGetEntityInfo', 'RtmGetEnumDests', 'RtmGetEnumNextHops', 'RtmGetEnumRoutes', 'RtmGetExactMatchDestination',
  'RtmGetExactMatchRoute', 'RtmGetMostSpecificDestination', 'RtmGetNextHopInfo', 'RtmGetRouteInfo', 'RtmIsBestRoute',
  'RtmRegisterForChangeNotification', 'RtmReleaseChangedDests', 'RtmReleaseDestInfo', 'RtmReleaseDests', 'RtmReleaseEntities',
  'RtmReleaseEntityInfo', 'RtmReleaseNextHopInfo', 'RtmReleaseNextHops', 'RtmReleaseRouteInfo', 'RtmReleaseRoutes',
] as const;

/** Without these nothing of a client's life can succeed. */
const VITAL = new Set<string>(['RtmAddNextHop', 'RtmAddRouteToDest', 'RtmDeleteRouteToDest', 'RtmDeregisterEntity']);

const ENUMERATIONS = ['RtmGetEnumRoutes', 'RtmGetEnumDests', 'RtmGetEnumNextHops', 'RtmGetChangedDests'] as const;
const GIVING_HANDLES = [
  'RtmAddNextHop', 'RtmAddRouteToDest', 'RtmCreateDestEnum', 'RtmCreateNextHopEnum', 'RtmCreateRouteEnum',
  'RtmGetExactMatchRoute', 'RtmRegisterForChangeNotification',
] as const;

function hostile(verb: string, subject: string, number: number | bigint, does: string, promise?: Trick['promise']): Trick {
  const name = [verb, subject, number].filter((part) => part !== '').join(' ');
  return { name, does, recipe: { kind: 'hostile', verb, subject, number }, ...(promise === undefined ? {} : { promise }) };
}

/* Files */

const SOME_FUNCTION = (name: string): string => `unsigned ${name}(void) { return 2; }`;

const exportTricks: readonly Trick[] = [
  { name: 'no file', does: 'is not there', recipe: { kind: 'file', content: null }, promise: { unusable: /no such file/i } },
  { name: 'empty file', does: 'is an empty file', recipe: { kind: 'file', content: '' }, promise: { unusable: /empty|too short/i } },
  { name: 'text file', does: 'is a text', recipe: { kind: 'file', content: 'rtm.dll\n'.repeat(100) }, promise: { unusable: /ELF|not a library|mach-o/i } },
  { name: 'folder', does: 'is a folder', recipe: { kind: 'folder' }, promise: { unusable: /directory|folder/i } },
  { name: 'half a library', does: 'ends after 4096 bytes', recipe: { kind: 'damaged', length: 4096 }, promise: { unusable: /too short|truncated|incomplete|damaged|ELF/i } },
  {
    name: 'other architecture',
    does: 'is made for a processor that this is not',
    // e_machine of the ELF header.
    recipe: { kind: 'damaged', patch: [18, 0xf3] },
    promise: { unusable: /architecture|processor|machine|ELF/i },
  },
  {
    name: 'no exports',
    does: 'exports none of the functions',
    recipe: { kind: 'source', code: 'int something_else;' },
    promise: { unusable: /export.*RtmRegisterEntity/s },
  },
  {
    name: 'one export missing',
    does: 'exports all functions but RtmIsBestRoute',
    recipe: { kind: 'source', code: v2Functions.filter((name) => name !== 'RtmIsBestRoute').map(SOME_FUNCTION).join('\n') },
    promise: { unusable: /export.*RtmIsBestRoute/s },
  },
  {
    name: 'exports of data',
    does: 'exports the names, but as data',
    recipe: { kind: 'source', code: v2Functions.map((name) => `int ${name} = 1;`).join('\n') },
  },
  {
    name: 'exports of one function',
    does: 'answers ERROR_FILE_NOT_FOUND from each function and knows nothing else',
    recipe: { kind: 'source', code: v2Functions.map(SOME_FUNCTION).join('\n') },
    promise: { unusable: /\b2\b.*ERROR_FILE_NOT_FOUND/s },
  },
];

/* Registration */

const REFUSALS: readonly (readonly [number, string])[] = [
  [2, 'ERROR_FILE_NOT_FOUND'],
  [5, 'ERROR_ACCESS_DENIED'],
  [8, 'ERROR_NOT_ENOUGH_MEMORY'],
  [13, 'ERROR_INVALID_DATA'],
  [50, 'ERROR_NOT_SUPPORTED'],
  [87, 'ERROR_INVALID_PARAMETER'],
  [183, 'ERROR_ALREADY_EXISTS'],
  [1450, 'ERROR_NO_SYSTEM_RESOURCES'],
  [1610, 'ERROR_BAD_CONFIGURATION'],
  [0xffffffff, ''],
];

const registrationTricks: readonly Trick[] = [
  ...REFUSALS.map(([code, name]) =>
    hostile('refuse', 'RtmRegisterEntity', code, `lets no entity register: ${name} ${code}`, {
      unusable: new RegExp(`${code}\\b.*${name}|${name}.*\\b${code}`, 's'),
    }),
  ),
  hostile('refuse', 'RtmRegisterEntity', 0, 'says that the entity is registered, and writes nothing', { unusable: /RtmRegisterEntity/ }),
  hostile('null', 'RtmRegisterEntity', 0, 'registers, and gives NULL as the handle', { unusable: /RtmRegisterEntity/ }),
  hostile('refuse-once', 'RtmRegisterEntity', 1450, 'refuses the first registration'),
  hostile('refuse-later', 'RtmRegisterEntity', 183, 'lets one entity register, and none after it'),
  hostile('scribble', 'RtmRegisterEntity', 1450, 'refuses, with rubbish in the outputs', { unusable: /1450/ }),
  hostile('done', 'RtmRegisterEntity', 1450, 'registers, and says that it did not', { unusable: /1450/ }),
  hostile('no-family', '', 6, 'has no tables for AF_IPX'),
  hostile('no-family', '', 2, 'has no tables for AF_INET'),
  hostile('one-instance', '', 0, 'refuses the second protocol instance'),
  hostile('refuse', 'RtmDeregisterEntity', 6, 'never lets an entity deregister: ERROR_INVALID_HANDLE', 'broken'),
  hostile('refuse', 'RtmDeregisterEntity', 1450, 'never lets an entity deregister', 'broken'),
  hostile('refuse', 'RtmDeregisterEntity', 0, 'says that it deregisters, and does not'),
  hostile('refuse-once', 'RtmDeregisterEntity', 1450, 'does not deregister at the first attempt'),
  hostile('done', 'RtmDeregisterEntity', 1450, 'deregisters, and says that it did not', 'broken'),
];

/* The profile */

const PROFILE_NUMBERS = [0, 1, 2, 33, 2 ** 16, 2 ** 28, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 0xa5a5a5a5];

const profileTricks: readonly Trick[] = [
  ...['views', 'hops', 'handles', 'supported', 'all'].flatMap((member) =>
    PROFILE_NUMBERS.map((number) =>
      hostile('profile', member, number, `tells ${number} as the limit of ${member}, whatever it does`),
    ),
  ),
];

/* Handles */

const handleTricks: readonly Trick[] = [
  hostile('handles', 'small', 0, 'numbers its handles from 1', 'works'),
  hostile('handles', 'odd', 0, 'has odd handles only', 'works'),
  hostile('handles', 'pointers', 0, 'has addresses as handles', 'works'),
  hostile('handles', 'high-half', 0, 'has handles with nothing in their lower half', 'works'),
  hostile('handles', 'owner-differs', 0, 'shows an owner under another handle than its registration', 'works'),
  hostile('handles', 'tagged', 0, 'has a tag in the highest octet'),
  hostile('handles', 'obscured', 0, 'has handles of 64 bits that look like chance'),
  hostile('handles', 'kernel-pointers', 0, 'has addresses of the upper half'),
  hostile('handles', 'negative', 0, 'counts its handles down from -1'),
  hostile('handles', 'beyond-double', 0, 'has odd handles above 2^53'),
  hostile('handles', 'adjacent', 0, 'has handles that are one number as doubles'),
];

/* Enumerations */

const ENUMERATION_VERBS: readonly (readonly [string, number, string, Trick['promise']?])[] = [
  ['again', 0, 'gives the same item again and again'],
  ['empty', 0, 'says that there is more and gives nothing, for ever'],
  ['claims', 0, 'says that it gave nothing, and gave something'],
  ['claims', 2, 'says that it gave 2'],
  ['claims', 1000, 'says that it gave 1000'],
  ['claims', 0xffffffff, 'says that it gave 4294967295'],
  ['claims-unwritten', 0, 'says at the end that the buffer is full, and has written nothing'],
  ['early-end', 0, 'ends after the first item'],
  ['end-with-data', 0, 'tells the end together with the last items', 'works'],
  ['reversed', 0, 'gives the items in another order'],
  ['doubled', 0, 'gives each item twice'],
  ['hole', 0, 'has a NULL handle in the middle'],
];

const enumerationTricks: readonly Trick[] = ENUMERATIONS.flatMap((name) =>
  ENUMERATION_VERBS.map(([verb, number, does, promise]) => hostile(verb, name, number, `${name} ${does}`, promise)),
);

/* Structures */

const structureTricks: readonly Trick[] = [
  hostile('garbage', '', 0, 'leaves rubbish in padding and in octets that have no meaning', 'works'),
  ...[0, 2, 9, 17, 0xffff].map((number) =>
    hostile('route-hops', '', number, `says that a route has ${number} next hops`),
  ),
  ...[0, 2, 3, 32, 33, 0xffffffff].map((number) =>
    hostile('dest-views', '', number, `says that an RTM_DEST_INFO has ${number} views`),
  ),
  ...[0, 6, 23, 0xffff].map((family) => hostile('dest-family', '', family, `shows destinations of family ${family}`)),
  ...[0, 33, 128, 0xffff].map((bits) => hostile('dest-bits', '', bits, `shows destinations of ${bits} bits`)),
  ...[0, 23, 0xffff].map((family) => hostile('hop-family', '', family, `shows next hops of family ${family}`)),
  ...[0, 33, 0xffff].map((bits) => hostile('hop-bits', '', bits, `shows next hops of ${bits} bits`)),
  hostile('hop-interface', '', 0xffffffff, 'shows another interface'),
  hostile('hop-state', '', 1, 'shows next hops as deleted'),
  hostile('route-state', '', 1, 'shows routes as being deleted'),
  hostile('route-state', '', 2, 'shows routes as deleted'),
  hostile('route-state', '', 0xff, 'shows routes in a state that there is not'),
  hostile('route-views', '', 0, 'shows routes as in no view'),
  hostile('route-flags', '', 0xffff, 'shows other route flags', 'works'),
  ...[0, 1, 0xffffffff, 2n ** 40n, 2n ** 64n - 1n].map((number) =>
    hostile('specific', '', number, `shows ${number} as what the owner keeps in its routes`),
  ),
  hostile('preference', '', 7, 'shows the preference of its own policy'),
  hostile('no-owner', '', 0, 'shows routes without owner'),
  hostile('bad-owner', '', 0, 'shows routes with an owner that there is not'),
  hostile('no-neighbour', '', 0, 'shows routes without neighbour'),
  hostile('no-hop-owner', '', 0, 'shows next hops without owner'),
  hostile('no-best', '', 0, 'shows no best route'),
  hostile('bad-best', '', 0, 'shows a best route that there is not'),
  hostile('view-id', '', 7, 'shows a view that nobody asked for'),
  hostile('view-routes', '', 0, 'shows a best route among no routes'),
  ...[0, 2n ** 62n, 2n ** 64n - 1n].map((time) => hostile('last-changed', '', time, `shows ${time} as the time of changes`)),
  ...['protocol', 'instance', 'family'].map((member) => hostile('entity', member, 4711, `tells another ${member} of entities`)),
  ...[0, 1, 0xffffffff].map((views) => hostile('best', '', views, `says that each route is best in views ${views}`)),
  ...[0, 0xffffffff].map((flags) => hostile('change-flags', '', flags, `tells ${flags} as the flags of each change`)),
  hostile('gone', '', 0, 'deletes each route as soon as it was added'),
  hostile('lifetime', '', 0, 'lets each route expire at once'),
];

/* Codes, and memory */

const codeTricks: readonly Trick[] = V2_CALLS_OF_V1.flatMap((name) => {
  const promise = VITAL.has(name) ? 'broken' : undefined;
  return [
    hostile('refuse', name, 0xdeadbeef, `answers ${name} with a code that there is not`, promise),
    hostile('refuse-once', name, 1450, `lets ${name} fail once`),
    hostile('refuse-later', name, 8, `lets ${name} succeed once and never again`, promise),
    hostile('scribble', name, 1450, `lets ${name} fail, with rubbish in its outputs`, promise),
    hostile('done', name, 5, `does what ${name} is for, and says that it did not`, promise),
    ...(name === 'RtmDeregisterEntity' ? [] : [hostile('refuse', name, 0, `does nothing in ${name}, and says that it did`)]),
  ];
});

const otherTricks: readonly Trick[] = [
  ...[6, 259, 1168].map((code) => hostile('refuse', '*', code, `answers every call with ${code}`, 'broken')),
  hostile('refuse', '*', 0, 'does nothing in every call, and says that it did'),
  hostile('scribble', '*', 13, 'answers every call with 13, and rubbish', 'broken'),
  hostile('refuse-later', 'RtmReleaseRoutes', 6, 'takes a route handle back once and never again'),
  hostile('refuse', 'RtmRegisterForChangeNotification', 5, 'lets nobody hear of changes: ERROR_ACCESS_DENIED'),
  hostile('refuse', 'RtmRegisterForChangeNotification', 0xffff, 'lets nobody hear of changes: 65535'),
  ...GIVING_HANDLES.map((name) => hostile('null', name, 0, `does what ${name} is for, and gives NULL as the handle`)),
];

/** The engine as it is, through the same library: what the others are measured against. */
export const HONEST: Trick = hostile('none', '', 0, 'has no trick', 'works');

export const tricks: readonly Trick[] = unique([
  ...exportTricks,
  ...registrationTricks,
  ...profileTricks,
  ...handleTricks,
  ...enumerationTricks,
  ...structureTricks,
  ...codeTricks,
  ...otherTricks,
]);

function unique(rows: readonly Trick[]): readonly Trick[] {
  return [...new Map(rows.map((row) => [row.name, row])).values()];
}
