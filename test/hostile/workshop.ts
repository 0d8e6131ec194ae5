import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import { openV2Library } from '../../src/v2/library.js';
import type { Recipe } from './tricks.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const SHARED = ['-std=gnu11', '-O1', '-fPIC', '-shared', '-w'];

/** Makes the libraries of the tricks, in a folder that goes with the tests of the file. */
export class Workshop {
  readonly #folder = mkdtempSync(join(tmpdir(), 'rtm1-hostile-'));
  readonly #engine = openV2Library('embedded').path;
  readonly #hostile = join(this.#folder, 'hostile.so');
  #made = 0;

  constructor() {
    afterAll(() => {
      rmSync(this.#folder, { recursive: true });
    });
    const include = here('../../engine/include');
    compile('-fvisibility=hidden', '-DRTM2_BUILD', `-I${include}`, here('hostile.c'), '-o', this.#hostile, '-ldl');
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
        return this.#copyHostile(folder, recipe);
      case 'source':
        writeFileSync(join(folder, 'library.c'), recipe.code);
        compile(join(folder, 'library.c'), '-o', path);
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

  #copyHostile(folder: string, recipe: Extract<Recipe, { kind: 'hostile' }>): string {
    const { verb, subject = '', number = 0 } = recipe;
    const path = join(folder, `hostile+${verb}+${subject}+${number}.so`);
    copyFileSync(this.#hostile, path);
    copyFileSync(this.#engine, `${path}.engine`);
    return path;
  }
}

function compile(...options: readonly string[]): void {
  execFileSync(process.env['CC'] ?? 'cc', [...SHARED, ...options], { stdio: ['ignore', 'inherit', 'inherit'] });
}

function damage(library: Buffer, { patch, length }: Extract<Recipe, { kind: 'damaged' }>): Buffer {
  const damaged = Buffer.from(library.subarray(0, length ?? library.length));
  if (patch !== undefined) damaged[patch[0]] = patch[1];
  return damaged;
}
