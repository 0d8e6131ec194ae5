/** Names that somebody who mistyped one may have meant. */

const MOST = 3;
/** A name may be wrong in one character of so many. */
const TOLERANCE = 3;

/** Insertions, deletions and replacements that turn one text into another (Levenshtein). */
function distance(one: string, other: string): number {
  let previous = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[other.length] ?? 0;
}

/** The nearest names: those that are nearly the same, then those that contain the text, in upper or lower case. */
export function nearest(text: string, names: readonly string[]): readonly string[] {
  const wanted = text.toLowerCase();
  const ranked = names
    .map((name) => {
      const candidate = name.toLowerCase();
      const contains = wanted.length > 2 && candidate.includes(wanted);
      const apart = distance(wanted, candidate);
      const isNear = apart * TOLERANCE <= Math.max(wanted.length, candidate.length);
      return { name, rank: isNear ? apart : contains ? text.length + apart : Infinity };
    })
    .filter(({ rank }) => rank < Infinity);
  return ranked
    .sort((one, other) => one.rank - other.rank)
    .slice(0, MOST)
    .map(({ name }) => name);
}
