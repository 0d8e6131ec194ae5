import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const readme = readFileSync(join(root, 'README.md'), 'utf8');
// Inside the package, where it is found under its own name.
const directory = mkdtempSync(join(root, 'dist', '.readme-'));

afterAll(() => {
  rmSync(directory, { recursive: true });
});

const examples = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code]) => code ?? '');

function diagnosticsOf(file: string): string[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as { config: unknown };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const program = ts.createProgram([file], { ...options, rootDir: root, noEmit: true });
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('README.md', () => {
  it('has an example of about ten lines', () => {
    expect(examples).toHaveLength(1);
    expect(examples[0]?.trim().split('\n').length).toBeLessThanOrEqual(16);
  });

  it.each(examples)('has examples that compile and run as written', (code) => {
    const file = join(directory, 'example.mts');
    writeFileSync(file, code);
    expect(diagnosticsOf(file)).toEqual([]);

    const module = join(directory, 'example.mjs');
    const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
    writeFileSync(module, ts.transpileModule(code, { compilerOptions: options }).outputText);
    const output = execFileSync(process.execPath, [module], { encoding: 'utf8', env: { ...process.env, RTM1_LIBRARY: 'embedded' } });
    expect(output).toContain('1 network\n');
    expect(output).toContain('RtmDeregisterClient: 0');
    expect(output).toMatch(/entities: 0,\s+routes: 0,\s+nextHops: 0,\s+destinations: 0,\s+handles: 0/);
  });

  it('names only files that exist', () => {
    const files = [...readme.matchAll(/`((?:src|engine|mappings|examples)\/[\w./-]+)`|\]\(([\w./-]+)\)/g)].map(([, a, b]) => a ?? b ?? '');
    expect(files.length).toBeGreaterThan(3);
    for (const file of files) expect(() => readFileSync(join(root, file), { flag: 'r' }), file).not.toThrow(/ENOENT/);
  });
});
