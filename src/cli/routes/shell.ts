/** Commands that the program tells its user to run. */

/** What standard input is called. */
export const STANDARD_INPUT = 'standard input';

/** What a shell runs to check what programs make of a file; of standard input, the first one takes it. */
export function pipeline([first = '', ...others]: readonly string[], name: string): string {
  return [`${first}${fileArgument(name)}`, ...others, 'rtm1 check --routes -'].join(' | ');
}

/** A blank and the name of a file as an argument in a shell; nothing for standard input. */
function fileArgument(name: string): string {
  if (name === STANDARD_INPUT) return '';
  return /^[\w./:=@%+-]+$/.test(name) ? ` ${name}` : ` '${name.replaceAll("'", String.raw`'\''`)}'`;
}
