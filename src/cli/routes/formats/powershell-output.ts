/** Objects as PowerShell prints them: Format-Table, Format-List and Export-Csv. */

/** One object: the values of its properties, by their names in lower case. */
export interface PropertyRow {
  /** Where it begins, counted from 1. */
  readonly line: number;
  readonly properties: ReadonlyMap<string, string>;
}

/** Told the number of a line that is no object. */
type OnOther = (line: number) => void;

const RULE = /^\s*-+(?:\s+-+)*\s*$/;
const PROPERTY = /^\s*(\w+)\s*: ?(.*?)\s*$/;
const DELIMITERS = [',', ';', '\t', '|'];

/** Whether a heading is one of Export-Csv. */
export function isCsvHeading(heading: string): boolean {
  return DELIMITERS.some((delimiter) => heading.includes(delimiter));
}

/**
 * Reads Format-Table.
 *
 * @param heading index of the line with the names; the dashes below it, or else the names, tell where the columns are
 */
export function readTable(lines: readonly string[], heading: number, onOther: OnOther): readonly PropertyRow[] {
  const rule = ruleBelow(lines, heading);
  let columns = columnsOf(lines[heading] ?? '', lines[rule] ?? '');
  const rows: PropertyRow[] = [];
  lines.forEach((text, index) => {
    if (index <= Math.max(heading, rule) || text.trim() === '' || RULE.test(text)) return;
    if (RULE.test(lines[index + 1] ?? '')) {
      columns = columnsOf(text, lines[index + 1] ?? '');
      return;
    }
    const values = valuesUnder(columns, text);
    if (values === undefined) onOther(index + 1);
    else rows.push({ line: index + 1, properties: values });
  });
  return rows;
}

/** Index of the dashes below a heading, whose last names may go on in lines of their own; -1 where there are none. */
function ruleBelow(lines: readonly string[], heading: number): number {
  const other = lines.findIndex((text, index) => index > heading && !/^[\sa-z]*$/i.test(text));
  return RULE.test(lines[other] ?? '') ? other : -1;
}

interface Column {
  readonly name: string;
  /** Where its dashes begin. */
  readonly start: number;
}

/** The columns by the dashes below their names; both have the same number of words. */
function columnsOf(heading: string, rule: string): readonly Column[] {
  const names = heading.trim().split(/\s+/);
  const marks = (RULE.test(rule) ? rule : heading).matchAll(/\S+/g);
  return Array.from(marks, ({ index }, column) => ({ name: (names[column] ?? '').toLowerCase(), start: index }));
}

/**
 * The words of a row under their columns. A word belongs to the column whose dashes it stands below, as numbers end
 * with them and text begins with them; a further word continues the column before. Where the blanks of a table have
 * been lost, words and columns are counted.
 */
function valuesUnder(columns: readonly Column[], text: string): ReadonlyMap<string, string> | undefined {
  const words = Array.from(text.matchAll(/\S+/g));
  if (words.length === columns.length) {
    return new Map(columns.map(({ name }, index) => [name, words[index]?.[0] ?? '']));
  }
  const values = new Map<string, string>();
  for (const { index, 0: word } of words) {
    const column = columns.findLast(({ start }) => start < index + word.length);
    if (column === undefined) return undefined;
    const before = values.get(column.name);
    values.set(column.name, before === undefined ? word : `${before} ${word}`);
  }
  return values.size < 2 ? undefined : values;
}

/** Reads Format-List: one property a line, a blank line between objects. */
export function readList(lines: readonly string[]): readonly PropertyRow[] {
  const rows: PropertyRow[] = [];
  let properties: Map<string, string> | undefined;
  lines.forEach((text, index) => {
    const [, name, value = ''] = PROPERTY.exec(text) ?? [];
    if (name === undefined) {
      properties = text.trim() === '' ? undefined : properties;
      return;
    }
    if (properties === undefined || properties.has(name.toLowerCase())) {
      properties = new Map();
      rows.push({ line: index + 1, properties });
    }
    properties.set(name.toLowerCase(), value);
  });
  return rows;
}

/**
 * Reads Export-Csv, with any delimiter.
 *
 * @param heading index of the line with the names
 */
export function readCsv(lines: readonly string[], heading: number, onOther: OnOther): readonly PropertyRow[] {
  const delimiter = delimiterOf(lines[heading] ?? '');
  const names = fieldsOf(lines[heading] ?? '', delimiter).map((name) => name.toLowerCase());
  const rows: PropertyRow[] = [];
  lines.forEach((text, index) => {
    if (index <= heading || text.trim() === '') return;
    const fields = fieldsOf(text, delimiter);
    if (fields.length === names.length) {
      rows.push({ line: index + 1, properties: new Map(names.map((name, field) => [name, fields[field] ?? ''])) });
    } else {
      onOther(index + 1);
    }
  });
  return rows;
}

/** The delimiter that divides a heading into the most fields. */
function delimiterOf(heading: string): string {
  const [most = ','] = DELIMITERS.toSorted(
    (one, other) => fieldsOf(heading, other).length - fieldsOf(heading, one).length,
  );
  return most;
}

/** The fields of a line of CSV; quotes around a field are taken off, doubled ones inside it stand for one. */
function fieldsOf(text: string, delimiter: string): string[] {
  const fields: string[] = [];
  let rest = text;
  for (;;) {
    const quoted = /^ *"((?:[^"]|"")*)" */.exec(rest);
    const end = quoted === null ? rest.indexOf(delimiter) : quoted[0].length;
    const field = end < 0 ? rest : rest.slice(0, end);
    fields.push(quoted?.[1]?.replaceAll('""', '"') ?? field.trim());
    if (end < 0 || rest[end] !== delimiter) return fields;
    rest = rest.slice(end + 1);
  }
}
