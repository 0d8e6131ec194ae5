/** Numbers before their nouns. */

/** "1 route", "2 routes", "1,000 routes". */
export function numbered(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? noun : plural}`;
}
