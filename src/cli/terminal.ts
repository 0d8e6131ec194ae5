/** Where a command writes to. */
export interface Terminal {
  readonly isTTY?: boolean;
  /** Characters in a line, of a terminal that tells. */
  readonly columns?: number;
  write(text: string): unknown;
}

export interface Palette {
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly strong: (text: string) => string;
}

const same = (text: string): string => text;
const PLAIN: Palette = { good: same, bad: same, faint: same, strong: same };
const COLOURS: Palette = {
  good: (text) => `\u001b[32m${text}\u001b[39m`,
  bad: (text) => `\u001b[31m${text}\u001b[39m`,
  faint: (text) => `\u001b[2m${text}\u001b[22m`,
  strong: (text) => `\u001b[1m${text}\u001b[22m`,
};

/** Characters in a line where the terminal tells none, and the bounds of what can be read. */
const USUAL_WIDTH = 80;
const MIN_WIDTH = 40;
const MAX_WIDTH = 120;

/** The width that text for a terminal is wrapped to. */
export function widthOf({ columns = 0 }: Terminal): number {
  return columns > 0 ? Math.min(Math.max(columns, MIN_WIDTH), MAX_WIDTH) : USUAL_WIDTH;
}

/** Colours for a terminal, and none where the output is not one or NO_COLOR (no-color.org) asks for none. */
export function paletteFor(terminal: Terminal, env: NodeJS.ProcessEnv): Palette {
  return terminal.isTTY === true && (env['NO_COLOR'] ?? '') === '' ? COLOURS : PLAIN;
}
