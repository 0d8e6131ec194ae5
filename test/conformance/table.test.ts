import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { errorMapping } from '../../src/translate/errors.js';
import { deviations } from '../support/deviations.js';
import { allRows, table } from './support/table.js';

const url = (path: string): URL => new URL(`../../${path}`, import.meta.url);
const text = (path: string): string => readFileSync(url(path), 'utf8');

/** The functions of Rtm.h, and whether a page documents them. */
const FUNCTIONS: Readonly<Record<string, boolean>> = {
  RtmRegisterClient: true,
  RtmDeregisterClient: true,
  RtmAddRoute: true,
  RtmDeleteRoute: true,
  RtmDequeueRouteChangeMessage: true,
  RtmIsRoute: true,
  RtmGetNetworkCount: true,
  RtmGetRouteAge: true,
  RtmCreateEnumerationHandle: true,
  RtmEnumerateGetNextRoute: true,
  RtmCloseEnumerationHandle: true,
  RtmBlockDeleteRoutes: true,
  RtmGetFirstRoute: true,
  RtmGetNextRoute: true,
  RtmLookupIPDestination: false,
};

/** Where no page exists there are no documented codes. */
const documented = Object.entries(errorMapping.documented).filter(([name]) => FUNCTIONS[name] !== false);

describe('mappings/conformance.json', () => {
  it('is what its schema says', () => {
    const schema = JSON.parse(text('mappings/schemas/conformance.schema.json')) as object;
    const validate = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);
    validate(JSON.parse(text('mappings/conformance.json')));
    expect(validate.errors).toBeNull();
  });

  it('has no id twice', () => {
    const ids = allRows.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('has a test file for each suite, and a suite for each test file', () => {
    const files = readdirSync(url('test/conformance/'))
      .filter((file) => file.endsWith('.test.ts') && file !== 'table.test.ts')
      .map((file) => file.replace('.test.ts', ''));
    expect(table.suites.map(({ suite }) => suite).sort()).toEqual(files.sort());
    for (const suite of files) {
      const path = `test/conformance/${suite}.test.ts`;
      expect(existsSync(url(path)) && text(path), path).toContain(`\nconformance('${suite}', (`);
    }
  });

  it('covers the documented codes of the 14 functions that have a page', () => {
    const withPage = Object.keys(FUNCTIONS).filter((name) => FUNCTIONS[name]);
    expect(documented.map(([name]) => name).sort()).toEqual(withPage.sort());
    const missing = documented.flatMap(([name, { codes }]) =>
      codes
        .filter((code) => !allRows.some((row) => row.about === name && row.code === code && row.basis === 'documented'))
        .map((code) => `${name} ${code}`),
    );
    expect(missing).toEqual([]);
  });

  it('takes no failure for documented that the page of the function does not name', () => {
    const codesOf = new Map<string, readonly number[]>(documented.map(([name, { codes }]) => [name, codes]));
    const wrong = allRows.filter(
      ({ about, code, basis }) => basis === 'documented' && code !== undefined && code !== 0 && codesOf.get(about)?.includes(code) === false,
    );
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  it.each(Object.keys(FUNCTIONS))('says what %s does when it succeeds, and what when RTMv2 fails', (name) => {
    const rows = allRows.filter(({ about }) => about === name);
    expect(rows.filter(({ code }) => code === undefined || code === 0)).not.toEqual([]);
    expect(rows.filter(({ id }) => id.startsWith('failure-'))).toHaveLength(1);
  });

  it('has a row for every decision of mappings/deviations.json, or says where else it is tested', () => {
    const named = allRows.flatMap(({ deviation = [], departs = [] }) => [deviation, departs].flat());
    const elsewhere = table.decidedElsewhere.map(({ deviation }) => deviation);
    expect(elsewhere.filter((subject) => named.includes(subject)), 'both').toEqual([]);
    const subjects = new Set(deviations.map(({ subject }) => subject));
    expect([...new Set([...named, ...elsewhere])].sort()).toEqual([...subjects].sort());
  });

  it('says of every promise that is not kept which decision it gives way to', () => {
    const kept = allRows.filter(({ basis, departs }) => departs !== undefined && basis === 'decided');
    expect(kept.map(({ id }) => id)).toEqual([]);
  });
});
