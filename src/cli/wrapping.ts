/**
 * A text in lines of a width; those after the first stand below its beginning. A word that is wider stands alone.
 *
 * @param indent what the first line begins with
 * @param width characters in a line, the indent among them
 */
export function wrapped(text: string, indent: string, width: number): string[] {
  const room = width - indent.length;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  const rest = ' '.repeat(indent.length);
  return [...lines, line].map((content, index) => `${index === 0 ? indent : rest}${content}`);
}
