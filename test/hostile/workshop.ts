import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openV2Library } from '../../src/v2/library.js';
import { compileLibrary, placeHostile } from '../support/hostile-library.js';
import type { Recipe } from './tricks.js';

/** Makes the libraries of the tricks, in a folder that goes with the tests of the file. */
export class Workshop {
  readonly #folder = mkdtempSync(join(tmpdir(), 'rtm1-hostile-'));
  readonly #engine = openV2Library('embedded').path;
  #made = 0;

  constructor() {
    afterAll(() => {
      rmSync(this.#folder, { recursive: true });
    });
  }

  /** A file with this in it. */
  text(name: string, content: string): string {
    const path = join(this.#folder, name);
    writeFileSync(path, content);
    return path;
  }

  /** The path of a library that is made so. */
  make(recipe: Recipe): string {
    const folder = join(this.#folder, String((this.#made += 1)));
    mkdirSync(folder);
    const path = join(folder, 'library.so');
    switch (recipe.kind) {
      case 'hostile':
        return placeHostile(folder, recipe.verb, recipe.subject ?? '', recipe.number ?? 0);
      case 'source':
        writeFileSync(join(folder, 'library.c'), recipe.code);
        compileLibrary(join(folder, 'library.c'), '-o', path);
        return path;
      case 'file':
        if (recipe.content !== null) writeFileSync(path, recipe.content);
        return path;
      case 'folder':
        return folder;
      case 'damaged':
        writeFileSync(path, damage(readFileSync(this.#engine), recipe));
        return path;
    }
  }
}

function damage(library: Buffer, { patch, length }: Extract<Recipe, { kind: 'damaged' }>): Buffer {
  const damaged = Buffer.from(library.subarray(0, length ?? library.length));
  if (patch !== undefined) damaged[patch[0]] = patch[1];
  return damaged;
}
