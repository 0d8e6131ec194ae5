/** Numbers as a report shows them. */

/** A number with separators: 1,301. */
export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** A number of things: "1 route", "2 routes". */
export function counted(value: number, one: string, several = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : several}`;
}
