import { describe, expect, it } from 'vitest';
import { type Entry, explain, names } from '../../src/cli/explain/explain.js';
import { nearest } from '../../src/text/suggestions.js';
import { constants, functions, structures, v1Constants } from '../../src/mappings/index.js';
import { rtm1 } from './run-in-process.js';

const ESCAPE = '\u001b';

const kinds = (query: string): string[] => explain(query).map(({ name, kind }) => `${name}: ${kind}`);

describe('rtm1 explain', () => {
  it('tells what a function is, what it becomes, what is to be done and what to beware of, with its sources', async () => {
    const { status, stdout, stderr } = await rtm1(['explain', 'RtmDeregisterClient']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const heading of ['becomes', 'Codes', 'What you must do now', 'Calls of version 2', 'Beware', 'sources: rtmderegisterclient']) {
      expect(stdout).toContain(heading);
    }
    expect(stdout).toContain('DWORD RtmDeregisterClient(HANDLE ClientHandle)');
    expect(stdout).not.toContain(ESCAPE);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
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
    expect(entry?.sections.map(({ title }) => title)).toEqual(['Said by version 2', 'Where version 2 says it, version 1 says']);
    expect(entry?.becomes).toContain('259');
    const [v1] = explain('ERROR_NO_SUCH_ROUTE');
    expect(v1?.becomes).toContain('1168');
    expect(v1?.sections[0]).toEqual({ title: 'Said by version 1', lines: ['RtmDeleteRoute: No entry matches.'] });
  });

  it('tells of a member wherever it is one', () => {
    expect(kinds('FSD_Metric')).toEqual(['IP_SPECIFIC_DATA.FSD_Metric: member of version 1, renamed']);
    expect(kinds('FSD_Flags')).toHaveLength(2);
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
    expect(explain('RTM_VIEW_MASK_UCAST')[0]?.kind).toBe('constant of version 2');
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
    expect((await rtm1(['explain', '259'], { isTerminal, host: { env: { NO_COLOR: '1' } } })).stdout).not.toContain(ESCAPE);
    expect((await rtm1(['explain', '259', '--json'], { isTerminal })).stdout).not.toContain(ESCAPE);
  });

  it('wants exactly one name', async () => {
    expect((await rtm1(['explain'])).status).toBe(2);
    expect((await rtm1(['explain', 'a', 'b'])).status).toBe(2);
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
