/**
 * Compares test/conformance.txt with the header and the tests: every function has a row for its success, every decision
 * one, no row stands twice, every row names a test, every test that is named exists, and every test that says which
 * decision it proves stands in that decision's row. Prints the documented codes that are never returned, and why.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const table = 'conformance.txt';

/** Tests that are programs of their own, and the file that has their name. */
const programs = { every_allocation_may_fail: 'alloc.c', exported_names_are_undecorated: 'exports.sh' };

/** The decisions that say something about the engine; 173 is about macros that it does not have. */
const decisions = [
  ...Array.from({ length: 163 - 59 + 1 }, (_, i) => 59 + i),
  ...[168, 169, 170, 171, 172, 181, 182],
];

const problems = [];

function read(...path) {
  return readFileSync(join(folder, ...path), 'utf8');
}

/** The functions that the header declares. Rtm2* are this library's own. */
function declaredFunctions() {
  const header = read('..', 'include', 'rtmv2.h');
  return [...header.matchAll(/WINAPI (Rtm[A-Z]\w*)\(/g)].map(([, name]) => name);
}

/** The names of all tests, each with the decisions that the comment behind it claims to prove. */
function definedTests() {
  const tests = new Map();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.c'))) {
    for (const [, name, claim] of read(file).matchAll(/^TEST\((\w+)\)(?: \/\* decisions? ([\d, ]+))?/gm)) {
      if (tests.has(name)) problems.push(`${file}: a test of the name ${name} exists already`);
      tests.set(name, (claim?.match(/\d+/g) ?? []).map(Number));
    }
  }
  for (const [name, file] of Object.entries(programs)) {
    if (read(file).includes(name)) tests.set(name, []);
  }
  return tests;
}

/** The rows of the table: key, the rest of the row, and where it stands. */
function parseTable() {
  const rows = [];
  for (const [index, line] of read(table).split('\n').entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const place = `${table}:${index + 1}`;
    const fields = line.split(' | ');
    const decision = /^decision (\d+)$/.exec(fields[0]);
    const code = /^(\d+) [A-Z_]+$/.exec(fields[1] ?? '');
    const reason = /^never: (.+)$/.exec(fields[2] ?? '')?.[1];
    const named = fields.slice(reason === undefined ? 2 : 3);
    if (named.length !== 1 || named[0] === '' || !(decision || code)) {
      problems.push(`${place}: not a row: ${line}`);
      continue;
    }
    rows.push({
      place,
      key: decision ? `decision ${decision[1]}` : `${fields[0]} ${code[1]}`,
      decision: decision ? Number(decision[1]) : undefined,
      name: fields[0],
      code: code ? Number(code[1]) : undefined,
      reason,
      tests: named[0].split(' '),
    });
  }
  return rows;
}

function checkRows(rows, tests) {
  const seen = new Map();
  for (const { place, key, tests: named } of rows) {
    if (seen.has(key)) problems.push(`${place}: ${key} stands in ${seen.get(key)} already`);
    seen.set(key, place);
    for (const test of named) {
      if (!tests.has(test)) problems.push(`${place}: there is no test ${test || '(empty name)'}`);
    }
    if (new Set(named).size !== named.length) problems.push(`${place}: names a test twice`);
  }
}

function checkFunctions(rows, functions) {
  if (functions.length !== 57) problems.push(`rtmv2.h declares ${functions.length} functions and not 57`);
  for (const { place, name, decision } of rows) {
    if (decision === undefined && !functions.includes(name)) problems.push(`${place}: there is no function ${name}`);
  }
  for (const name of functions) {
    const success = rows.find((row) => row.name === name && row.code === 0);
    if (!success) problems.push(`${table}: ${name} has no row for its success`);
    else if (success.reason !== undefined) problems.push(`${success.place}: success cannot be a code that is never returned`);
  }
}

function checkDecisions(rows, tests) {
  for (const number of decisions) {
    const row = rows.find(({ decision }) => decision === number);
    if (!row) problems.push(`${table}: decision ${number} has no row`);
  }
  for (const { place, decision } of rows) {
    if (decision !== undefined && !decisions.includes(decision)) {
      problems.push(`${place}: decision ${decision} is not one about the engine`);
    }
  }
  for (const [test, claims] of tests) {
    for (const number of claims) {
      const row = rows.find(({ decision }) => decision === number);
      if (row && !row.tests.includes(test)) {
        problems.push(`${row.place}: ${test} says that it proves decision ${number} and is not named`);
      }
    }
  }
}

const functions = declaredFunctions();
const tests = definedTests();
const rows = parseTable();
checkRows(rows, tests);
checkFunctions(rows, functions);
checkDecisions(rows, tests);

const never = rows.filter(({ reason }) => reason !== undefined);
for (const { key, reason } of never) console.log(`never returned: ${key}: ${reason}`);
for (const problem of problems) console.error(problem);
const named = new Set(rows.flatMap((row) => row.tests));
const codes = rows.filter(({ code }) => code !== undefined).length;
console.log(
  `${functions.length} functions with ${codes} return codes, ${rows.length - codes} decisions, ` +
    `${named.size} of ${tests.size} tests named, ${never.length} codes never returned`,
);
const wrong = rows.filter(({ place }) => problems.some((problem) => problem.startsWith(`${place}: `)));
console.log(`${rows.length - wrong.length} passed, ${problems.length} failed`);
process.exitCode = problems.length === 0 ? 0 : 1;
