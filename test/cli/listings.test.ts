import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ip } from '../../src/cli/ip-family.js';
import { parseRouteText } from '../../src/cli/route-text.js';
import { asUtf8, linesOf } from '../../src/cli/routes/encoding.js';
import { foreignListingOf, FOREIGN_LISTINGS } from '../../src/cli/routes/foreign-listings.js';
import { FORMAT_NAMES, type FormatName, loadFormat, recognisedFormats } from '../../src/cli/routes/formats.js';
import { inputOf, readInput } from '../../src/cli/routes/input.js';
import { leftOutText, type Listing } from '../../src/cli/routes/listing.js';
import { maskOfLength } from '../../src/translate/ip-network.js';
import { UNKNOWN_INTERFACES } from '../../src/cli/routes/route-format.js';
import { type PrintedRoute, TELLS, WRITERS } from './listing-writers.js';

const fixtures = fileURLToPath(new URL('fixtures', import.meta.url));
const EXPECTED = '.expected';

/** The fixtures in a directory: each a listing, with what is read of it beside it. */
function fixturesIn(directory: string): { name: string; bytes: Buffer; expected: string }[] {
  const path = join(fixtures, directory);
  return readdirSync(path)
    .filter((name) => !name.endsWith(EXPECTED))
    .map((name) => ({
      name: join(directory, name),
      bytes: readFileSync(join(path, name)),
      expected: readFileSync(join(path, `${name}${EXPECTED}`), 'utf8'),
    }));
}

const listings = FORMAT_NAMES.flatMap((format) =>
  fixturesIn(join('listings', format)).map((fixture) => ({ format, ...fixture })),
);
const foreign = fixturesIn('foreign');

const linesOfBytes = (bytes: Uint8Array): string[] => linesOf(asUtf8(bytes));

/** The text as an answer to a mail has it. */
function quoted(bytes: Uint8Array, mark: string): Buffer {
  return Buffer.from(Buffer.from(asUtf8(bytes)).toString('latin1').replace(/^/gm, mark), 'latin1');
}

async function read(format: FormatName, bytes: Uint8Array): Promise<Listing> {
  return (await loadFormat(format)).read(linesOfBytes(bytes), UNKNOWN_INTERFACES);
}

/** The routes, what was left out, and the interfaces that got a number, a line each. */
function shown(format: FormatName, listing: Listing): string {
  const { routes, leftOut, numberedInterfaces } = inputOf(format, listing);
  return [
    ...Array.from({ length: routes.count }, (_, row) => `line ${routes.line[row] ?? 0}: ${routes.format(row)}`),
    `left out: ${leftOutText(leftOut)}`,
    ...Array.from(numberedInterfaces, ([name, index]) => `numbered: ${name} = ${index}`),
    '',
  ].join('\n');
}

describe('a listing', () => {
  it.each(listings)('$name is recognised as that, and as nothing else', async ({ format, bytes }) => {
    const lines = linesOfBytes(bytes);
    expect(await recognisedFormats(lines)).toEqual([format]);
    expect(foreignListingOf(lines)?.title).toBeUndefined();
  });

  it.each(listings)('$name gives its routes, and tells what it leaves out', async ({ format, bytes, expected }) => {
    expect(shown(format, await read(format, bytes))).toBe(expected);
  });

  it.each(listings)('$name is read the same without its format', async ({ name, format, bytes, expected }) => {
    const input = await readInput(name, bytes, ip, 'auto');
    expect(input.format).toBe(format);
    const routes = Array.from({ length: input.routes.count }, (_, row) => input.routes.format(row));
    expect(routes).toEqual(Array.from(expected.matchAll(/^line \d+: (.*)$/gm), ([, route]) => route));
  });

  it.each(listings)('$name is read the same when a mail quotes it', async ({ name, bytes, expected }) => {
    for (const mark of ['> ', '>', '>> ', '> > ']) {
      const input = await readInput(name, quoted(bytes, mark), ip, 'auto');
      const routes = Array.from({ length: input.routes.count }, (_, row) => input.routes.format(row));
      expect(routes).toEqual(Array.from(expected.matchAll(/^line \d+: (.*)$/gm), ([, route]) => route));
    }
  });

  it('of persistent routes alone holds no route, and is told so once', async () => {
    const frame = '='.repeat(75);
    const text = `${frame}\nPersistent Routes:\n  10.0.0.0  255.0.0.0  192.0.2.1  1\n${frame}\n`;
    await expect(readInput('routes.txt', Buffer.from(text), ip, 'auto')).rejects.toThrow(
      /route print\): left out are 1 persistent \(line 3\)$/,
    );
  });

  it.each(FORMAT_NAMES)('of the format %s has fixtures', (format) => {
    expect(listings.filter((listing) => listing.format === format).length).toBeGreaterThan(2);
  });
});

describe('a listing that is not read', () => {
  it.each(foreign)('$name is recognised, and taken for no other format', async ({ bytes }) => {
    const lines = linesOfBytes(bytes);
    expect(await recognisedFormats(lines)).toEqual([]);
    expect(FOREIGN_LISTINGS.filter(({ recognises }) => recognises(lines))).toHaveLength(1);
  });

  it.each(foreign)('$name is told with what to do, once', async ({ name, bytes }) => {
    const error: unknown = await readInput(name, bytes, ip, 'auto').catch((thrown: unknown) => thrown);
    const listing = foreignListingOf(linesOfBytes(bytes));
    expect(String(error)).toContain(`is ${listing?.title ?? ''}, which is not read`);
    expect(String(error)).toContain(listing?.command ?? listing?.advice);
  });

  it.each(foreign.filter(({ bytes }) => foreignListingOf(linesOfBytes(bytes))?.command !== undefined))(
    '$name becomes route text by its command',
    ({ bytes, expected }) => {
      const command = foreignListingOf(linesOfBytes(bytes))?.command ?? '';
      const text = execFileSync('sh', ['-c', command], { input: bytes });
      const { routes, errors } = parseRouteText(text);
      expect(errors).toEqual([]);
      expect(Array.from({ length: routes.count }, (_, row) => `${routes.format(row)}\n`).join('')).toBe(expected);
    },
  );

  it('is taken out of a quotation before its command', async () => {
    const bytes = readFileSync(join(fixtures, 'foreign', 'frr.txt'));
    const error: unknown = await readInput('frr.txt', quoted(bytes, '> '), ip, 'auto').catch((thrown: unknown) => thrown);
    const command = /^ {2}(sed .*) \| rtm1 check --routes -$/m.exec(String(error))?.[1]?.replace(' frr.txt |', ' |');
    const text = execFileSync('sh', ['-c', command ?? 'false'], { input: quoted(bytes, '> ') });
    const { routes } = parseRouteText(text);
    expect(Array.from({ length: routes.count }, (_, row) => `${routes.format(row)}\n`).join('')).toBe(
      readFileSync(join(fixtures, 'foreign', 'frr.txt.expected'), 'utf8'),
    );
  });

  it('has a fixture for each kind', () => {
    const known = new Set(foreign.map(({ bytes }) => foreignListingOf(linesOfBytes(bytes))?.title));
    expect(FOREIGN_LISTINGS.map(({ title }) => title).filter((title) => !known.has(title))).toEqual([]);
  });
});

const dword = fc.nat(0xffffffff);
const printed = fc
  .record({ address: dword, length: fc.nat(32), nextHop: dword, index: fc.integer({ min: 1, max: 9 }), metric: dword })
  .map(({ address, ...rest }): PrintedRoute => ({ network: (address & maskOfLength(rest.length)) >>> 0, ...rest }));

describe('a table', () => {
  it.each(FORMAT_NAMES)('that is printed as %s is recognised, and read back', async (format) => {
    await fc.assert(
      fc.asyncProperty(fc.array(printed, { minLength: 1, maxLength: 40 }), async (table) => {
        const input = await readInput('routes.txt', Buffer.from(WRITERS[format](table)), ip, 'auto');
        const { routes } = input;
        const { index, metric } = TELLS[format];
        expect([input.format, input.leftOut]).toEqual([format, []]);
        const told = (route: PrintedRoute, row: number): object => ({
          ...route,
          index: index || (format === 'netstat' && route.nextHop === 0) ? route.index : routes.interfaceIndex[row],
          metric: metric ? route.metric : 0,
        });
        expect(
          Array.from({ length: routes.count }, (_, row) => ({
            network: routes.network[row],
            length: routes.prefixLength[row],
            nextHop: routes.nextHop[row],
            index: routes.interfaceIndex[row],
            metric: routes.rank[row],
          })),
        ).toEqual(table.map(told));
      }),
      { numRuns: 300 },
    );
  });
});

/** Texts of the words and signs that listings are made of, and listings with pieces cut out or put in. */
const word = fc.constantFrom(
  ...'default 10.0.0.0/8 192.0.2.0 255.255.255.0 192.0.2.1 fe80::1 ::1/128 via dev eth0 nexthop metric blackhole'.split(' '),
  ...'local U UGS ! - * On-link link#4 =========== ------- 12 4294967296 0x2 00000000 0003 " ; , : ... ......'.split(' '),
  ...'Destination Gateway Flags Netif DestinationPrefix NextHop ifIndex'.split(' '),
  ...['\\', 'A'.repeat(50)],
);
const separator = fc.constantFrom(' ', '\t', '  ', '\n', '\r\n', '\n\n', '');
const garbage = fc
  .array(fc.tuple(word, separator), { maxLength: 120 })
  .map((pairs) => Buffer.from(pairs.flat().join('')));
const damaged = fc
  .tuple(fc.constantFrom(...listings, ...foreign), fc.nat(), fc.nat(60), garbage)
  .map(([{ bytes }, start, length, inserted]) => {
    const at = start % bytes.length;
    return Buffer.concat([bytes.subarray(0, at), inserted.subarray(0, 40), bytes.subarray(at + length)]);
  });
const anyBytes = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));

describe('any text', () => {
  it.each(FORMAT_NAMES)('is read as %s without an exception, each line at most once', async (name) => {
    const format = await loadFormat(name);
    fc.assert(
      fc.property(fc.oneof(garbage, damaged, anyBytes), (bytes) => {
        const lines = linesOfBytes(bytes);
        format.recognises(lines);
        const { routes, leftOut } = format.read(lines, UNKNOWN_INTERFACES);
        const told = leftOut.reduce((sum, { count }) => sum + count, 0);
        const routeLines = new Set(routes.line.subarray(0, routes.count));
        // One line of ip -oneline holds a route and its next hops.
        const most = name === 'ip-route' ? lines.join('\n').split(/[\s\\]/).length : lines.length;
        expect(routeLines.size + told).toBeLessThanOrEqual(most);
        for (const { lines: named } of leftOut) {
          expect(named.every((line) => line >= 1 && line <= lines.length)).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gives routes or an error that tells what it is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(garbage, damaged, anyBytes), async (bytes) => {
        const outcome = await readInput('routes.txt', bytes, ip, 'auto').catch((error: unknown) => error);
        if (outcome instanceof Error) {
          expect(outcome.name).toBe('RouteInputError');
          expect(outcome.message).toMatch(/^routes\.txt: \S/);
        } else {
          expect(outcome).toMatchObject({ routes: { count: expect.any(Number) as number } });
        }
      }),
      { numRuns: 1000 },
    );
  });

  it.each([...FORMAT_NAMES, 'auto'] as const)('of one endless line is answered as %s', async (format) => {
    const pieces = ['1', '1 ', ' ', '\t', '10.0.0.0/8 ', 'a', '"', '- ', '10.', 'nexthop ', '0 0 0 ', ',', 'dev '];
    for (const piece of pieces) {
      const bytes = Buffer.from(piece.repeat(200_000));
      await expect(readInput('routes.txt', bytes, ip, format)).rejects.toMatchObject({ name: 'RouteInputError' });
    }
  });
});
