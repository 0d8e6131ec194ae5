/** Structures of both versions and their members. */
import { type LayoutRow, layouts, type MemberRow, rtmv2, structures } from '../../mappings/index.js';
import { deviationsOf, type Entry, NEW_IN_V2, NOTHING_MORE, section } from './entry.js';

const ofVersion1 = new Set(structures.rows.map(({ structure }) => structure));

/** Every name that is explained here; members alone and behind their structure. */
export const memberNames: readonly string[] = [
  ...new Set([
    ...Object.keys(layouts),
    ...rtmv2.structures.map(({ name }) => name),
    ...[...structures.rows, ...rtmv2.members].flatMap(({ structure, member }) => [member, `${structure}.${member}`]),
  ]),
];

/**
 * @param member a member's name
 * @param structure the one that it has to be a member of
 */
export function explainMember(member: string, structure?: string): Entry[] {
  const isAsked = (row: { readonly structure: string; readonly member: string }): boolean =>
    row.member === member && (structure === undefined || row.structure === structure);
  return [...structures.rows.filter(isAsked).map(ofMember), ...rtmv2.members.filter(isAsked).map(ofV2Member)];
}

function ofMember(row: MemberRow): Entry {
  const field = fieldOf(row.structure, row.member);
  return {
    ...NOTHING_MORE,
    name: `${row.structure}.${row.member}`,
    kind: `member of version 1, ${row.category}`,
    version: 1,
    declaration: `${field?.type ?? ''} at offset ${field?.offset ?? ''}, ${field?.size ?? ''} bytes`,
    is: row.meaning,
    becomes: [row.v2.join(row.category === 'divided' ? ', ' : ' -> '), row.how]
      .filter((text) => text !== '')
      .join(': '),
    sections: [
      ...unitAndOrder(row),
      ...section(
        'Values',
        (row.values ?? []).map(({ v1, v2 }) => `${v1} becomes ${v2}`),
      ),
    ],
    beware: row.beware === undefined ? [] : [row.beware],
    deviations: deviationsOf(row.member),
    sources: [row.page, 'rtm.h', 'MIGRATION.md#structures'],
  };
}

function ofV2Member({ structure, member, meaning, unit, byteOrder }: (typeof rtmv2.members)[number]): Entry {
  const name = `${structure}.${member}`;
  const field = fieldOf(structure, member);
  const residents = structures.rows
    .filter(({ v2 }) => v2.includes(name))
    .map((row) => `${row.structure}.${row.member}`);
  return {
    ...NOTHING_MORE,
    name,
    kind: 'member of version 2',
    version: 2,
    ...(field === undefined
      ? {}
      : { declaration: `${field.type} at offset ${field.offset} on x64, ${field.size} bytes` }),
    is: meaning,
    becomes:
      residents.length === 0 ? 'Nothing of version 1 lives here.' : `What was ${residents.join(', ')} lives here.`,
    sections: unitAndOrder({ unit, byteOrder }),
    sources: [pageOf(structure), 'rtmv2.h'],
  };
}

function unitAndOrder({
  unit,
  byteOrder,
}: {
  readonly unit?: string | undefined;
  readonly byteOrder?: string | undefined;
}): Entry['sections'] {
  return [
    ...section('Unit', unit === undefined ? [] : [unit]),
    ...section('Byte order', byteOrder === undefined ? [] : [byteOrder]),
  ];
}

/** @param name a structure's name */
export function explainStructure(name: string): Entry[] {
  if (ofVersion1.has(name)) return [ofV1Structure(name)];
  return rtmv2.structures.filter((row) => row.name === name).map(ofV2Structure);
}

function ofV1Structure(name: string): Entry {
  const rows = structures.rows.filter(({ structure }) => structure === name);
  const members = rows.map(
    ({ member, category, v2 }) =>
      `${member}: ${category}${v2.length === 0 ? '' : `, ${v2.join(category === 'divided' ? ', ' : ' -> ')}`}`,
  );
  return {
    ...NOTHING_MORE,
    name,
    kind: 'structure of version 1',
    version: 1,
    is: sizeText(layouts[name]),
    becomes: 'Its members go where the list says.',
    sections: section('Members', members),
    deviations: deviationsOf(name),
    sources: ['rtm.h'],
  };
}

function ofV2Structure({ name, is, page }: (typeof rtmv2.structures)[number]): Entry {
  const layout = layouts[name];
  const residents = structures.rows.filter(({ v2 }) => v2.some((step) => step.startsWith(`${name}.`)));
  const places = residents.map(({ structure, member }) => `${structure}.${member}`);
  return {
    ...NOTHING_MORE,
    name,
    kind: 'structure of version 2',
    version: 2,
    is: `${is} ${sizeText(layout)}`.trim(),
    becomes: places.length === 0 ? NEW_IN_V2 : `It holds what was ${places.join(', ')}.`,
    sections: section('Members', rtmv2.members.filter(({ structure }) => structure === name).map(memberLine)),
    deviations: deviationsOf(name),
    sources: [page, 'rtmv2.h'],
  };
}

function memberLine({ structure, member, meaning }: (typeof rtmv2.members)[number]): string {
  const field = fieldOf(structure, member);
  const place = field === undefined ? '' : ` (${field.type}, offset ${field.offset} on x64)`;
  return `${member}${place}: ${meaning}`;
}

function sizeText(layout: { readonly x64: LayoutRow; readonly x86: LayoutRow } | undefined): string {
  if (layout === undefined) return '';
  const { x64, x86 } = layout;
  return x64.size === x86.size ? `${x64.size} bytes.` : `${x64.size} bytes on x64, ${x86.size} on x86.`;
}

const fieldOf = (structure: string, member: string): LayoutRow['fields'][number] | undefined =>
  layouts[structure]?.x64.fields.find(({ name }) => name === member);

const pageOf = (structure: string): string =>
  rtmv2.structures.find(({ name }) => name === structure)?.page ?? 'rtmv2.h';
