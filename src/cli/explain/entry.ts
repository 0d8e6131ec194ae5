/** What is told of one thing that a name stands for. */
import { deviations, notes } from '../../mappings/index.js';
import { mentions } from './lines.js';

/** Lines under a heading. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** One thing that a name or code stands for. */
export interface Entry {
  readonly name: string;
  readonly kind: string;
  /** The version that it is of. */
  readonly version: 1 | 2;
  readonly number?: number;
  /** Its declaration in C. */
  readonly declaration?: string;
  /** What it is. */
  readonly is: string;
  /** What it becomes in version 2; of things of version 2, what version 1 had. */
  readonly becomes: string;
  readonly sections: readonly Section[];
  readonly beware: readonly string[];
  /** Questions that it raises, and their answers. */
  readonly notes: readonly { readonly title: string; readonly text: string }[];
  /** Decisions of this package that concern it. */
  readonly deviations: readonly { readonly id: number; readonly subject: string; readonly behaviour: string }[];
  /** Pages of the documentation, or headers. */
  readonly sources: readonly string[];
}

/** What an entry is made of where there is nothing more to say. */
export const NOTHING_MORE = { sections: [], beware: [], notes: [], deviations: [] } as const;

/** What things of version 2 become where no thing of version 1 lives in them. */
export const NEW_IN_V2 = 'Version 1 has nothing like it.';

/** A section, unless it would be empty. */
export function section(title: string, lines: readonly string[]): Section[] {
  return lines.length === 0 ? [] : [{ title, lines }];
}

/** The questions that a function or macro raises. */
export function notesOf(name: string): Entry['notes'] {
  return notes.rows.filter((row) => row.functions.includes(name)).map(({ title, text }) => ({ title, text }));
}

/** Decisions that name something, are about its page, or stand behind an answer to a question that it raises. */
export function deviationsOf(name: string, page?: string): Entry['deviations'] {
  const behindNotes = new Set(
    notes.rows.filter((row) => row.functions.includes(name)).flatMap((row) => row.deviations),
  );
  return deviations.rows
    .filter((row) => isPageOf(row.page, page) || behindNotes.has(row.id) || mentions(row, name))
    .map(({ id, subject, behaviour }) => ({ id, subject, behaviour }));
}

/** A header is no page of one thing. */
const isPageOf = (rowPage: string, page?: string): boolean => rowPage === page && !rowPage.endsWith('.h');
