#!/usr/bin/env node
// What the v1 shim costs beside a C program that makes the same v2 calls: both in turn, several times, on a full table.
//     npm run bench [-- --table FILE] [-- --runs N]
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values } = parseArgs({ options: { table: { type: 'string' }, runs: { type: 'string', default: '5' } } });
const build = here('../engine/build');
const baseline = `${build}/baseline`;

execFileSync('make', ['-s', '-C', here('../engine')], { stdio: 'inherit' });
execFileSync('cc', ['-std=c11', '-O2', '-D_DEFAULT_SOURCE', '-I', here('../engine/include'), here('baseline.c'), '-o', baseline,
  '-L', build, '-lrtm2', `-Wl,-rpath,${build}`]);

mkdirSync(build, { recursive: true });
const whole = values.table ?? `${build}/table.txt`;
if (values.table === undefined) {
  writeFileSync(whole, execFileSync(process.execPath, [here('generate-table.mjs')], { maxBuffer: 1 << 28 }));
}
const lines = readFileSync(whole, 'latin1').trimEnd().split('\n');
const step = Math.floor(lines.length / 10_000);
const few = `${build}/few.txt`;
writeFileSync(few, lines.filter((_, i) => i % step === 0).slice(0, 10_000).join('\n') + '\n');

const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
const show = (name, numbers) => `${name.padEnd(34)} ${numbers.map((n) => n.toFixed(0).padStart(6)).join('')}   median ${median(numbers).toFixed(0)}`;

/** Runs both sides in turn and prints nanoseconds a route and their ratio, pair by pair. */
function compare(title, args, runs) {
  const results = { c: [], shim: [] };
  for (let run = 0; run < runs; run++) {
    results.c.push(JSON.parse(execFileSync(baseline, args, { encoding: 'utf8' })));
    results.shim.push(JSON.parse(execFileSync(process.execPath, [here('shim.mjs'), ...args], { encoding: 'utf8' })));
  }
  console.log(`\n${title}: ns a route`);
  for (const what of ['add', 'deregister']) {
    const [c, shim] = [results.c, results.shim].map((side) => side.map((result) => result[what]));
    console.log(show(`${what}, C program`, c));
    console.log(show(`${what}, shim`, shim));
    console.log(`${`${what}, shim / C`.padEnd(34)} ${shim.map((n, i) => (n / c[i]).toFixed(2).padStart(6)).join('')}   median ${median(shim.map((n, i) => n / c[i])).toFixed(2)}`);
  }
}

const runs = Number(values.runs);
compare(`${lines.length} own routes`, [whole], runs);
compare('10000 own routes alone', [few], runs);
compare(`10000 own routes beside ${lines.length} foreign ones`, [few, whole], runs);
