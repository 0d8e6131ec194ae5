import { readFileSync } from 'node:fs';

/**
 * Reads one of the data files in `mappings/`, which stand beside `src` and beside `dist` alike.
 *
 * The caller states the type; the schema tests in `test/mappings` prove that the file has it.
 *
 * @param name file name, for instance `constants.json`
 */
export function mapping(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../../mappings/${name}`, import.meta.url), 'utf8'));
}
