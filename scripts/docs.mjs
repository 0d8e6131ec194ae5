/**
 * Writes the tables of MIGRATION.md out of mappings/, and examples/port/rtm1.h and rtm1.c out of its C blocks.
 *
 *   node scripts/docs.mjs           rewrites what stands between the markers
 *   node scripts/docs.mjs --check   changes nothing, and fails if something would change
 *
 * A marker is `<!-- table: NAME ARGUMENT -->`; what follows it, up to `<!-- end -->`, is generated.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('..', import.meta.url);
const read = (name) => JSON.parse(readFileSync(new URL(`mappings/${name}.json`, root), 'utf8'));

const [functions, structures, v1Constants] = [read('functions'), read('structures'), read('v1-constants')];
const [constants, errors, deviations, layouts] = [read('constants'), read('errors'), read('deviations'), read('layouts')];

const cell = (text) => String(text ?? '').replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (text) => `\`${text}\``;
const table = (titles, rows) =>
  [titles, titles.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');
const list = (items, mark = () => '-') => items.map((item, index) => `${mark(index)} ${item}`).join('\n');
const anchor = (name) => `[${code(name)}](#${name.toLowerCase()})`;
const both = (name) => `${code(name)} ${constants[name]}`;

function signature({ name, result, parameters }) {
  return `${result.type} WINAPI ${name}(${parameters.map(({ type, name: parameter }) => `${type} ${parameter}`).join(', ')});`;
}

function traits({ unit, byteOrder, maximum, optional }) {
  const parts = [unit, byteOrder && `${byteOrder} byte order`, maximum && `at most ${maximum}, or INFINITE`, optional && 'may be NULL'];
  const text = parts.filter(Boolean).join('; ');
  return text === '' ? '' : ` (${text})`;
}

const steps = (calls) =>
  calls.length === 0
    ? 'nothing'
    : calls
        .map((step) => (typeof step === 'string' ? code(step) : `for each ${step.each}: ${step.calls.map(code).join(', ')}`))
        .join(', ');

function failuresOf({ failures, withoutEffect }) {
  const rows = failures.map(
    ({ at, nth, code: answer, then, gives }) =>
      `${code(at)}${nth ? ` (${nth}.)` : ''} ${answer ? `answers ${both(answer)}` : 'fails'}: ${then.length === 0 ? '' : `${steps(then)}; `}${both(gives)}`,
  );
  const harmless = withoutEffect.length === 0 ? [] : [`a failure of ${withoutEffect.map(code).join(' or ')} changes nothing: what is owed is given back later`];
  return [...rows, ...harmless];
}

function translationsOf(name) {
  const rows = errors.rows.filter((row) => row.v1 === name && row.v2 !== null);
  return table(
    ['Call', 'answers', 'gives', 'Why'],
    rows.map(({ v2, code: from, gives, why }) => [v2 === '*' ? 'any other' : code(v2), from === '*' ? 'anything else' : from, gives, why]),
  );
}

const generators = {
  summary: () =>
    table(
      ['Version 1', 'Kind', 'Version 2'],
      functions.functions.map(({ name, category, instead }) => [anchor(name), category, instead]),
    ),

  function: (name) => {
    const row = functions.functions.find((candidate) => candidate.name === name);
    if (row === undefined) throw new Error(`mappings/functions.json has no function ${name}`);
    return [
      `${row.summary} (Page: ${row.page})`,
      `\`\`\`\n${signature(row)}\n\`\`\``,
      `**Instead:** ${row.instead}`,
      table(
        ['Parameter', 'Version 1', 'Version 2'],
        row.parameters.map((parameter) => [code(parameter.name), parameter.meaning + traits(parameter), parameter.v2]),
      ),
      table(
        [row.result.reports === 'result' ? 'Result' : `Last error after ${row.result.failure}`, 'Version 1', 'Version 2'],
        row.codes.map(({ name: status, meaning, v2 }) => [both(status), meaning, v2]),
      ),
      `**What you must do, that version 1 did for you:**\n\n${list(row.duties, (index) => `${index + 1}.`)}`,
      `**Easy to get wrong:**\n\n${list(row.beware)}`,
    ].join('\n\n');
  },

  calls: (name) => {
    const row = functions.functions.find((candidate) => candidate.name === name);
    if (row.uses.length === 0) return 'It makes no call of version 2.';
    return [
      '<details><summary>The calls that this package makes for it, in order, and what follows when one fails</summary>',
      table(
        ['Call', 'with', 'for'],
        row.uses.map(({ call, with: values = {}, for: purpose }) => [
          code(call),
          Object.entries(values).map(([parameter, value]) => `${parameter} = ${value}`).join(', '),
          purpose,
        ]),
      ),
      ...row.paths.map((path) =>
        [`*${path.when}* gives ${both(path.gives)}: ${steps(path.calls)}.`, list(failuresOf(path))].filter(Boolean).join('\n\n'),
      ),
      'What its codes become:',
      translationsOf(name),
      '</details>',
    ].join('\n\n');
  },

  macros: () =>
    table(
      ['Macro', 'Version 1', 'Version 2', 'Beware'],
      functions.macros.map(({ name, parameters, is, v2, beware }) => [
        code(parameters.length === 0 ? name : `${name}(${parameters.join(', ')})`),
        is,
        v2,
        beware,
      ]),
    ),

  structure: (...names) =>
    table(
      ['Member', 'Offset, type', 'Version 1', 'Kind', 'Version 2', 'How'],
      structures.rows
        .filter(({ structure }) => names.includes(structure))
        .map((row) => {
          const field = layouts[row.structure].x64.fields.find(({ name }) => name === row.member);
          const values = row.values?.map(({ v1, v2 }) => `${v1} → ${v2}`).join(', ');
          return [
            code(names.length > 1 ? `${row.structure}.${row.member}` : row.member),
            `${field.offset}, ${field.type}`,
            [row.meaning, row.unit && `Unit: ${row.unit}.`, row.byteOrder && `Byte order: ${row.byteOrder}.`].filter(Boolean).join(' '),
            row.category,
            row.v2.map(code).join(row.category === 'divided' ? ', ' : ' → '),
            [row.how, values && `(${values})`, row.beware].filter(Boolean).join(' '),
          ];
        }),
    ),

  constants: () =>
    table(
      ['Constant', 'Version 1', 'Kind', 'Version 2'],
      v1Constants.rows.map(({ name, is, category, v2, beware }) => [
        constants[name] === undefined ? code(name) : both(name),
        is,
        category,
        [v2, beware].filter(Boolean).join(' '),
      ]),
    ),

  ownership: () =>
    table(
      ['Function', 'hands out', 'to be given back by', 'consumes'],
      functions.v2
        .filter(({ handsOut, consumes }) => handsOut ?? consumes)
        .map(({ name, handsOut, givenBackBy, consumes }) => [
          code(name),
          handsOut,
          givenBackBy?.replace(/Rtm\w+/g, code),
          consumes,
        ]),
    ),

  needed: () => {
    const users = (name) => functions.functions.filter(({ uses }) => uses.some(({ call }) => call === name)).map(({ name: v1 }) => anchor(v1));
    return table(
      ['Version 2', 'What it does', 'Codes', 'Stands in for'],
      functions.v2.map(({ name, what, codes, notNeeded }) => [
        code(name),
        what,
        codes.map((status) => constants[status.name]).join(', '),
        notNeeded === undefined ? users(name).join(', ') : `not needed: ${notNeeded}`,
      ]),
    );
  },

  deviations: () =>
    table(
      ['', 'Subject', 'The documentation', 'This package', 'Why', 'Basis', 'Page'],
      deviations.rows.map(({ id, subject, documentation, behaviour, why, basis, page }) => [
        id,
        subject,
        documentation,
        behaviour,
        why,
        basis,
        page,
      ]),
    ),
};

function generated(text) {
  return text.replaceAll(
    /(<!-- table: (\w+)((?: \w+)*) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_match, begin, name, names, end) => {
      if (generators[name] === undefined) throw new Error(`there is no table '${name}'`);
      return `${begin}\n${generators[name](...names.trim().split(' '))}\n\n${end}`;
    },
  );
}

/** The C blocks of MIGRATION.md of one kind, in order. */
const blocks = (text, kind) => [...text.matchAll(/^```([^\n]+)\n(.*?)^```$/gms)].filter(([, info]) => info === kind).map(([, , body]) => body);

/** The port that the C blocks of MIGRATION.md are, as files to compile: the first block is what it offers, the others are it. */
function portFiles(text) {
  const [offer, ...others] = blocks(text, 'c after');
  const header = '/* rtm1.h - the functions of Rtm.h for IP, over RTMv2. Made from MIGRATION.md, where they are explained. */';
  const source = '/* rtm1.c - see rtm1.h. Made from MIGRATION.md: change it there, and run `npm run docs`. */';
  return {
    'examples/port/rtm1.h': [header, '#ifndef RTM1_H\n#define RTM1_H\n', offer, '#endif\n'].join('\n'),
    'examples/port/rtm1.c': [`${source}\n#include "rtm1.h"\n`, ...others].join('\n'),
  };
}

const contentsOf = (name) => (existsSync(new URL(name, root)) ? readFileSync(new URL(name, root), 'utf8') : '');
const document = generated(contentsOf('MIGRATION.md'));
for (const [name, text] of Object.entries({ 'MIGRATION.md': document, ...portFiles(document) })) {
  if (text === contentsOf(name)) continue;
  if (process.argv.includes('--check')) {
    console.error(`${fileURLToPath(new URL(name, root))} is not what it is made from. Run: npm run docs`);
    process.exitCode = 1;
  } else {
    writeFileSync(new URL(name, root), text);
  }
}
