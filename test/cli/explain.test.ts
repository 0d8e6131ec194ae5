import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Entry, explain, names } from '../../src/cli/explain/explain.js';
import { v2ParametersOf } from '../../src/cli/explain/lines.js';
import { nearest } from '../../src/text/suggestions.js';
import { constants, functions, structures, v1Constants } from '../../src/mappings/index.js';
import { rtm1 } from './run-in-process.js';

const ESCAPE = '\u001b';

const kinds = (query: string): string[] => explain(query).map(({ name, kind }) => `${name}: ${kind}`);

describe('rtm1 explain', () => {
  it('tells what a function is, what it becomes, what is to be done and what to beware of, with its sources', async () => {
    const { status, stdout, stderr } = await rtm1(['explain', 'RtmDeregisterClient']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const heading of [
      'becomes',
      'Codes',
      'What you must do now',
      'Calls of version 2',
      'Beware',
      'sources: rtmderegisterclient',
    ]) {
      expect(stdout).toContain(heading);
    }
    expect(stdout).toContain('DWORD RtmDeregisterClient(HANDLE ClientHandle)');
    expect(stdout).not.toContain(ESCAPE);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  it('tells all that a number stands for, the name of winerror.h first', () => {
    expect(explain('259').map(({ name }) => name)).toEqual([
      'ERROR_NO_MORE_ITEMS',
      'ERROR_NO_MESSAGES',
      'ERROR_NO_MORE_ROUTES',
      'ERROR_NO_ROUTES',
      'ERROR_NO_SUCH_ROUTE',
    ]);
    expect(explain('0x103')).toEqual(explain('259'));
    expect(explain('1168').map(({ name }) => name)).toEqual(['ERROR_NOT_FOUND']);
  });

  it('tells where version 1 and version 2 say a code, and what becomes of it', () => {
    const [entry] = explain('ERROR_NOT_FOUND');
    expect(entry?.sections.map(({ title }) => title)).toEqual([
      'Said by version 2',
      'Where version 2 says it, version 1 says',
    ]);
    expect(entry?.becomes).toContain('259');
    const [v1] = explain('ERROR_NO_SUCH_ROUTE');
    expect(v1?.becomes).toContain('1168');
    expect(v1?.sections[0]).toEqual({ title: 'Said by version 1', lines: ['RtmDeleteRoute: No entry matches.'] });
  });

  it('tells of a member wherever it is one', () => {
    expect(kinds('FSD_Metric')).toEqual(['IP_SPECIFIC_DATA.FSD_Metric: member of version 1, renamed']);
    expect(kinds('FSD_Flags')).toHaveLength(2);
    expect(kinds('RTM_DEST_INFO.ViewInfo.HoldRoute')).toEqual([
      'RTM_DEST_INFO.ViewInfo.HoldRoute: member of version 2',
    ]);
    expect(kinds('IPX_SPECIFIC_DATA.FSD_Flags')).toHaveLength(1);
    expect(kinds('RTM_ROUTE_INFO.PrefInfo')).toEqual(['RTM_ROUTE_INFO.PrefInfo: member of version 2']);
    expect(explain('PrefInfo')[0]?.becomes).toContain('FSD_Metric');
  });

  it('tells of constants, macros, structures and functions of version 2', () => {
    expect(kinds('RTM_ONLY_BEST_ROUTES')).toEqual(['RTM_ONLY_BEST_ROUTES: constant, synthesised']);
    expect(kinds('IsRouteLoopback')).toEqual(['IsRouteLoopback: macro of version 1']);
    expect(kinds('RTM_IP_ROUTE')).toEqual(['RTM_IP_ROUTE: structure of version 1']);
    expect(kinds('RTM_NEXTHOP_INFO')).toEqual(['RTM_NEXTHOP_INFO: structure of version 2']);
    expect(explain('RtmAddNextHop')[0]?.becomes).toBe('Stands in for RtmAddRoute.');
    expect(explain('RtmHoldDestination')[0]?.becomes).toMatch(/^Not needed: /);
    expect(explain('RTM_VIEW_MASK_UCAST')[0]).toMatchObject({ kind: 'constant of version 2', number: 1 });
  });

  it('takes upper and lower case for the same', () => {
    expect(explain('rtmaddroute')).toEqual(explain('RtmAddRoute'));
    expect(explain('rtm_route_info.prefinfo')).toEqual(explain('RTM_ROUTE_INFO.PrefInfo'));
  });

  const complete = (entry: Entry): boolean => entry.is !== '' && entry.becomes !== '' && entry.sources.length > 0;

  it('explains every name of the mappings', () => {
    const wanted = [
      ...functions.functions.map(({ name }) => name),
      ...functions.macros.map(({ name }) => name),
      ...functions.v2.map(({ name }) => name),
      ...structures.rows.flatMap(({ structure, member }) => [structure, member, `${structure}.${member}`]),
      ...v1Constants.rows.map(({ name }) => name).filter((name) => !name.endsWith('*')),
      ...Object.keys(constants).filter((name) => !name.includes('.')),
      ...names,
    ];
    expect(wanted.length).toBeGreaterThan(300);
    const unexplained = wanted.filter((name) => explain(name).length === 0 || !explain(name).every(complete));
    expect(unexplained).toEqual([]);
  });

  it('explains every identifier of both headers', () => {
    // What belongs to the compiler or the build, and not to the API.
    const foreign = new Set(
      [
        '_WIN32 __cplusplus __attribute__ __declspec __ROUTING_RTM_H__ RTM2_RTMV2_H RTM2_BUILD WIN32_LEAN_AND_MEAN',
        'visibility aligned dllexport dllimport define defined include ifdef ifndef if else endif offsetof windows stddef',
        'stdint h C int32_t uint32_t uint64_t uint16_t uint8_t typedef struct union enum extern const char void sizeof',
      ].flatMap((line) => line.split(' ')),
    );
    for (const header of ['../../engine/include/rtmv2.h', '../../examples/port/posix/rtm.h']) {
      const text = readFileSync(new URL(header, import.meta.url), 'utf8')
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .replace(/"[^"\n]*"|##\w+/g, '');
      const identifiers = new Set(text.match(/(?<![\w.])[A-Za-z_]\w*/g) ?? []);
      const unknown = [...identifiers].filter((name) => !foreign.has(name) && explain(name).length === 0);
      expect(unknown, header).toEqual([]);
      expect(identifiers.size).toBeGreaterThan(100);
    }
  });

  it('prints one JSON object', async () => {
    const { status, stdout } = await rtm1(['explain', 'FSD_Metric', '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ query: 'FSD_Metric', entries: explain('FSD_Metric'), suggestions: [] });
  });

  it('asks for what may have been meant, and ends with status 2', async () => {
    expect(await rtm1(['explain', 'RtmAddRout'])).toEqual({
      status: 2,
      stdout: '',
      stderr: "rtm1: nothing is known of 'RtmAddRout'; did you mean RtmAddRoute or RtmAddRouteToDest?\n",
    });
    expect((await rtm1(['explain', '4711'])).stderr).toBe(
      "rtm1: nothing is known of '4711': give a name of Rtm.h or Rtmv2.h, or a Win32 code\n",
    );
    const { status, stdout, stderr } = await rtm1(['explain', 'RTM_ROUTE_ADED', '--json']);
    expect({ status, stderr }).toEqual({ status: 2, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ entries: [], suggestions: nearest('RTM_ROUTE_ADED', names) });
  });

  it('uses colours on a terminal only, and not where NO_COLOR asks for none', async () => {
    const isTerminal = true;
    expect((await rtm1(['explain', '259'], { isTerminal })).stdout).toContain(ESCAPE);
    expect((await rtm1(['explain', '259'], { isTerminal, host: { env: { NO_COLOR: '1' } } })).stdout).not.toContain(
      ESCAPE,
    );
    expect((await rtm1(['explain', '259', '--json'], { isTerminal })).stdout).not.toContain(ESCAPE);
  });

  it('takes several names and codes, prints each thing once, and says which of them is unknown', async () => {
    const { status, stdout, stderr } = await rtm1(['explain', 'RtmAddRoute', 'rtmaddroute', 'RtmAddRout', '1168']);
    expect(status).toBe(2);
    expect(stdout.match(/^\S.*$/gm)).toEqual([
      'RtmAddRoute  function of version 1, call sequence',
      expect.stringContaining('ERROR_NOT_FOUND (1168)'),
    ]);
    expect(stderr).toMatch(/^rtm1: nothing is known of 'RtmAddRout';.*\n$/);

    const json = await rtm1(['explain', 'RtmAddRoute', 'nonsense', '--json']);
    expect([json.status, JSON.parse(json.stdout)]).toEqual([
      2,
      [
        { query: 'RtmAddRoute', entries: explain('RtmAddRoute'), suggestions: [] },
        { query: 'nonsense', entries: [], suggestions: [] },
      ],
    ]);
  });

  it.each([
    [undefined, 80],
    [0, 80],
    [10, 40],
    [62, 62],
    [100, 100],
    [400, 120],
  ])('wraps to a terminal of %s columns: at most %d', async (columns, widest) => {
    const { stdout } = await rtm1(['explain', 'RtmRegisterClient'], columns === undefined ? {} : { columns });
    // A word that is wider than the terminal stands alone.
    const lines = stdout.split('\n').filter((line) => line.trim().replace(/^- /, '').includes(' '));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(widest);
    expect(Math.max(...lines.map((line) => line.length))).toBeGreaterThan(widest - 12);
  });
});

describe('rtm1 explain on functions of version 2', () => {
  const headings = ['Parameters', 'What to give back'];

  it.each(functions.v2.map((row) => [row.name, row] as const))(
    'answers %s as well as those of version 1',
    (name, row) => {
      const [entry, ...others] = explain(name);
      expect(others).toEqual([]);
      expect(entry?.declaration).toBe(
        `DWORD ${name}(${v2ParametersOf(name)
          .map(([parameter, type]) => (type.endsWith('*') ? `${type}${parameter}` : `${type} ${parameter}`))
          .join(', ')})`,
      );
      const lines = (title: string): readonly string[] =>
        entry?.sections.find((section) => section.title.startsWith(title))?.lines ?? [];
      for (const title of headings) expect(lines(title).length, title).toBeGreaterThan(0);
      expect(lines('Parameters')).toHaveLength(v2ParametersOf(name).length);
      expect(lines('Codes').map((line) => line.split(' ')[0])).toEqual(row.codes.map((code) => code.name));
      expect(entry?.beware.length).toBeGreaterThan(0);
      expect(entry?.sources).toContain(`nf-rtmv2-${name.toLowerCase()}`);
    },
  );

  it('says what is given back by what, and what is consumed', () => {
    const givenBack = (name: string): readonly string[] =>
      explain(name)[0]?.sections.find(({ title }) => title === 'What to give back')?.lines ?? [];
    expect(givenBack('RtmGetExactMatchRoute')[0]).toContain('RtmReleaseRouteInfo and RtmReleaseRoutes');
    expect(givenBack('RtmDeleteRouteToDest')[0]).toContain('consumes RouteHandle');
    expect(givenBack('RtmIsBestRoute')).toEqual(['Nothing: it hands out no reference.']);
  });
});

describe('rtm1 explain on parameters, callbacks and macros', () => {
  it('tells which functions take a parameter, in which unit and within which limits', () => {
    const [entry] = explain('TimeToLive');
    expect(entry).toMatchObject({ kind: 'parameter', declaration: 'DWORD TimeToLive; ULONG TimeToLive' });
    expect(entry?.sections.map(({ title }) => title)).toEqual(['In version 1', 'In version 2']);
    expect(entry?.sections[0]?.lines[0]).toMatch(/^RtmAddRoute \(in, seconds, at most 2147483, or INFINITE\): /);
    expect(entry?.sections[1]?.lines[0]).toMatch(/^RtmAddRouteToDest and RtmUpdateAndUnlockRoute \(in, milliseconds, /);
    expect(explain('EnumerationFlags')[0]?.sections[0]?.lines[0]).toContain('RTM_ONLY_THIS_NETWORK');
    expect(explain('HoldTime')[0]?.sections[0]?.lines).toEqual([
      expect.stringMatching(/^RtmHoldDestination \(in, milliseconds, not 0\)/),
    ]);
    expect(explain('Context1')[0]).toMatchObject({ kind: 'parameter', declaration: 'PVOID Context1' });
  });

  it('tells of callbacks and types, by each of their names', () => {
    expect(explain('RTM_EVENT_CALLBACK')[0]).toMatchObject({ kind: 'callback of version 2', version: 2 });
    for (const other of ['PRTM_EVENT_CALLBACK', '_EVENT_CALLBACK'])
      expect(explain(other)).toEqual(explain('RTM_EVENT_CALLBACK'));
    expect(explain('_RTM_DEST_INFO')).toEqual(explain('RTM_DEST_INFO'));
    expect(explain('PRTM_IP_ROUTE')).toEqual(explain('RTM_IP_ROUTE'));
  });

  it.each([
    'RTM_SIZE_OF_DEST_INFO',
    'RTM_SIZE_OF_ROUTE_INFO',
    'RTM_IPV4_MAKE_NET_ADDRESS',
    'RTM_IPV4_SET_ADDR_AND_LEN',
    'RTM_IPV4_GET_ADDR_AND_LEN',
    'RTM_IPV4_SET_ADDR_AND_MASK',
    'RTM_IPV4_GET_ADDR_AND_MASK',
    'RTM_IPV4_LEN_FROM_MASK',
    'RTM_IPV4_MASK_FROM_LEN',
  ])('tells of the macro %s', (name) => {
    expect(kinds(name)).toEqual([`${name}: macro of version 2`]);
    expect(explain(name)[0]?.sections[0]?.title).toBe('Parameters');
  });

  it('tells of what the embedded library exports besides', () => {
    expect(kinds('Rtm2GetStatistics')).toEqual(['Rtm2GetStatistics: function of the embedded library']);
    expect(explain('Rtm2GetVersion')[0]?.declaration).toBe('const char *Rtm2GetVersion(void)');
  });
});

describe('rtm1 explain on questions that many have', () => {
  const titles = (name: string): (string | undefined)[] =>
    explain(name).flatMap((entry) => entry.notes.map(({ title }) => title));
  const BYTE_ORDER = 'In which order are the octets of an address?';

  it('tells the byte order under every function that takes or gives an address', () => {
    const ofAddresses = /^P?(RTM_NET_ADDRESS|RTM_NEXTHOP_INFO|RTM_DEST_INFO)$/;
    const inV2 = functions.v2.filter(({ name }) =>
      v2ParametersOf(name).some(([, type]) => ofAddresses.test(type.replace(/ \*$/, ''))),
    );
    // A route structure tells the age of a route by its time stamp alone.
    const inV1 = functions.functions.filter(
      ({ name, parameters }) =>
        name !== 'RtmGetRouteAge' &&
        parameters.some(({ type, name: parameter }) => type === 'PVOID' || parameter === 'dwDestAddr'),
    );
    expect(inV2.length + inV1.length).toBeGreaterThan(30);
    for (const { name } of [...inV2, ...inV1]) {
      expect(titles(name), name).toContain(BYTE_ORDER);
      expect(
        explain(name)[0]?.deviations.map(({ id }) => id),
        name,
      ).toContain(1);
    }
  });

  it.each(['RtmRegisterClient', 'RtmAddRoute', 'RtmRegisterEntity', 'RtmAddRouteToDest', 'RtmUpdateAndUnlockRoute'])(
    'tells under %s why its route never shows up in the system',
    async (name) => {
      expect(titles(name)).toContain('Why does my route never show up in the system?');
      const { stdout } = await rtm1(['explain', name]);
      expect(stdout).toContain('never show up in the system');
    },
  );
});

describe('rtm1 explain on codes', () => {
  it('tells for whom a code of version 2 becomes which, once', () => {
    for (const query of ['2', '6', '8', '87', '183', '1168', 'RtmRegisterEntity', 'RtmGetExactMatchDestination']) {
      for (const { sections } of explain(query)) {
        for (const { title, lines } of sections) expect(lines, `${query}: ${title}`).toEqual([...new Set(lines)]);
      }
    }
    const [entry] = explain('2');
    const becomes = entry?.sections.find(({ title }) => title.startsWith('Where version 2'))?.lines ?? [];
    expect(becomes[0]).toMatch(/^RtmRegisterEntity: 2 -> 87 for RtmRegisterClient: /);
    const functionsNamed = becomes.flatMap((line) => / for (.*?): /.exec(line)?.[1]?.split(/, | and /) ?? []);
    expect(functionsNamed).toEqual([...new Set(functionsNamed)]);
  });
});

describe('suggestions', () => {
  it('are the nearest names, whatever the case', () => {
    expect(nearest('rtm_only_best_route', names)[0]).toBe('RTM_ONLY_BEST_ROUTES');
    expect(nearest('RTM_ROUTE_ADED', names)[0]).toBe('RTM_ROUTE_ADDED');
    expect(nearest('FSD_Metrc', names)[0]).toBe('FSD_Metric');
    expect(nearest('Deregister', names)).toContain('RtmDeregisterClient');
    expect(nearest('xyzzy', names)).toEqual([]);
  });
});
