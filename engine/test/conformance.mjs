/**
 * Compares test/conformance.txt with the header, the decisions and the tests: every function has a row for its success, every
 * decision one, no row stands twice, every row names a test, every test that is named exists, and every test that says which
 * decision it proves stands in that decision's row. Whatever decision a source cites is one of decisions.md. Prints the
 * documented codes that are never returned, and why. Compares the version of the library with that of the package, and what the
 * sources include with the order in README.md.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const table = 'conformance.txt';

/** Tests that are programs of their own, and the file that has their name. */
const programs = { every_allocation_may_fail: 'alloc.c', exported_names_are_undecorated: 'exports.sh' };

const problems = [];

function read(...path) {
  return readFileSync(join(folder, ...path), 'utf8');
}

/** The functions that the header declares. Rtm2* are this library's own. */
function declaredFunctions() {
  const header = read('..', 'include', 'rtmv2.h');
  return [...header.matchAll(/WINAPI (Rtm[A-Z]\w*)\(/g)].map(([, name]) => name);
}

/** The decisions that the engine carries out, by number. */
function decisionsOf(text) {
  const numbers = [...text.matchAll(/^- \*\*(\d+)\*\* \(`[a-z_\d-]+`\): \S/gm)].map(([, number]) => Number(number));
  const items = text.match(/^- /gm) ?? [];
  if (numbers.length !== items.length) problems.push('decisions.md: an item is not of the form - **N** (`page`): text');
  for (const [index, number] of numbers.entries()) {
    if (index > 0 && number <= numbers[index - 1]) problems.push(`decisions.md: ${number} is out of order`);
  }
  return new Set(numbers);
}

/** The files of the engine that may cite a decision. */
function citingFiles() {
  return ['src', 'include', 'test', 'fuzz', 'stress', 'bench'].flatMap((name) =>
    readdirSync(join(folder, '..', name))
      .filter((file) => /\.(c|h|txt)$/.test(file))
      .map((file) => join(name, file)),
  );
}

/** Whatever is cited as `decision 95` or `decisions 135, 172` has to exist. */
function checkCitations(decisions) {
  for (const file of citingFiles()) {
    for (const [cited, list] of read('..', file).matchAll(/\bdecisions? (\d+(?:(?:, | and |-)\d+)*)/g)) {
      for (const number of list.match(/\d+/g)) {
        if (!decisions.has(Number(number))) problems.push(`${file}: ${cited}: there is no decision ${number}`);
      }
    }
  }
}

function checkVersion() {
  const [, version] = /#define RTM2_VERSION "([^"]*)"/.exec(read('..', 'src', 'statistics.c')) ?? [];
  const wanted = JSON.parse(read('..', '..', 'package.json')).version;
  if (version !== wanted) problems.push(`statistics.c: RTM2_VERSION is ${version}, the package has ${wanted}`);
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
    const named = fields.slice(decision ? 1 : reason === undefined ? 2 : 3);
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

function checkDecisions(rows, tests, decisions) {
  for (const number of decisions) {
    const row = rows.find(({ decision }) => decision === number);
    if (!row) problems.push(`${table}: decision ${number} has no row`);
  }
  for (const { place, decision } of rows) {
    if (decision !== undefined && !decisions.has(decision)) problems.push(`${place}: there is no decision ${decision}`);
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

/** The files of src/ as README.md lists them, the lowest first: each includes only what stands above it. */
function checkLayers() {
  const listing = read('..', 'README.md').split('A file needs those above it')[1] ?? '';
  const rows = [...listing.matchAll(/^\| (`.+?`) \|/gm)].flatMap(([, names]) => names.match(/\w+/g).filter((name) => name !== 'h'));
  const source = join(folder, '..', 'src');
  const files = readdirSync(source).filter((file) => /\.[ch]$/.test(file));
  for (const name of rows) {
    if (!files.some((file) => file.startsWith(`${name}.`))) problems.push(`README.md: there is no src/${name}`);
  }
  for (const file of files) {
    const place = rows.indexOf(file.slice(0, -2));
    if (place < 0) problems.push(`README.md: src/${file} is not listed`);
    for (const [, name] of readFileSync(join(source, file), 'utf8').matchAll(/^#include "(\w+)\.h"/gm)) {
      if (rows.indexOf(name) > place) problems.push(`src/${file}: includes ${name}.h, which README.md lists below it`);
    }
  }
}

const functions = declaredFunctions();
const tests = definedTests();
const rows = parseTable();
const decisions = decisionsOf(read('..', 'decisions.md'));
checkRows(rows, tests);
checkFunctions(rows, functions);
checkDecisions(rows, tests, decisions);
checkCitations(decisions);
checkVersion();
checkLayers();

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
