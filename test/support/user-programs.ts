import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Programs that use the package as its users do: under its own name, with the embedded library. */
export class UserPrograms {
  // Inside the package, where it is found under its own name.
  readonly #directory = mkdtempSync(join(root, 'dist', '.examples-'));
  readonly #diagnostics = new Map<string, string[]>();

  /**
   * Type-checks all of them at once, which is much faster than one by one, and cleans up after the tests of the file.
   *
   * @param overrides compiler options other than those that the package itself is built with
   */
  constructor(codes: readonly string[], overrides: ts.CompilerOptions = {}) {
    afterAll(() => {
      rmSync(this.#directory, { recursive: true });
    });
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as { config: unknown };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    const files = codes.map((code, index) => {
      const file = join(this.#directory, `example${index}.mts`);
      writeFileSync(file, code);
      return file;
    });
    const program = ts.createProgram(files, { ...options, ...overrides, rootDir: root, noEmit: true });
    for (const [index, file] of files.entries()) {
      const found = ts.getPreEmitDiagnostics(program, program.getSourceFile(file));
      const texts = found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
      this.#diagnostics.set(codes[index] ?? '', texts);
    }
  }

  /** What the compiler says about one. */
  diagnosticsOf(code: string): readonly string[] | undefined {
    return this.#diagnostics.get(code);
  }

  /** What one prints. */
  outputOf(code: string): string {
    const module = join(this.#directory, 'example.mjs');
    const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
    writeFileSync(module, ts.transpileModule(code, { compilerOptions: options }).outputText);
    const env = { ...process.env, RTM1_LIBRARY: 'embedded' };
    return execFileSync(process.execPath, [module], { encoding: 'utf8', env, timeout: 60_000 });
  }
}
