import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** An `@example` of a documentation comment. */
export interface Example {
  /** What it documents, for instance `RtmClient.addRoute`. */
  readonly of: string;
  readonly code: string;
}

/** A public member of a class, or an exported function, with or without an example. */
export interface Documented {
  readonly name: string;
  readonly examples: readonly Example[];
}

type Documentable = ts.ClassDeclaration | ts.FunctionDeclaration | ts.ClassElement;

const isExported = (node: ts.HasModifiers): boolean =>
  ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;

const HIDDEN = [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword];

const isPrivate = (member: ts.ClassElement): boolean =>
  (member.name !== undefined && ts.isPrivateIdentifier(member.name)) ||
  (ts.canHaveModifiers(member) && (ts.getModifiers(member)?.some(({ kind }) => HIDDEN.includes(kind)) ?? false));

function documentables(source: ts.SourceFile): [string, Documentable][] {
  return source.statements.flatMap((statement): [string, Documentable][] => {
    if (!ts.isClassDeclaration(statement) && !ts.isFunctionDeclaration(statement)) return [];
    if (!isExported(statement) || statement.name === undefined) return [];
    const { text } = statement.name;
    const methods = ts.isClassDeclaration(statement) ? statement.members.filter(isMethod) : [];
    return [
      [text, statement],
      ...methods.map((member): [string, Documentable] => [`${text}.${member.name?.getText(source) ?? 'constructor'}`, member]),
    ];
  });
}

/** What can be called or computes something; a property that only holds a value shows in the other examples. */
function isMethod(member: ts.ClassElement): boolean {
  const runs = ts.isMethodDeclaration(member) || ts.isGetAccessor(member) || ts.isConstructorDeclaration(member);
  return runs && !isPrivate(member);
}

/** Everything public that a source file declares and that runs, with its examples. */
export function documentedIn(file: string): Documented[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
  return documentables(source).map(([name, node]) => ({
    name,
    examples: ts
      .getJSDocTags(node)
      .filter(({ tagName }) => tagName.text === 'example')
      .map((tag) => ({ of: name, code: ts.getTextOfJSDocComment(tag.comment) ?? '' })),
  }));
}

/**
 * Makes each line `expression; // value` of an example a check that the expression has this value.
 *
 * @param check the function that is called with the actual value, the expected one, and the line
 */
export function withChecks(code: string, check: string): string {
  return code.replaceAll(/^( *)(.+); \/\/ (.+)$/gm, (line, indent: string, expression: string, value: string) =>
    /^(const|let|using|await using) /.test(expression)
      ? line
      : `${indent}${check}(${expression}, ${value}, ${JSON.stringify(line.trim())});`,
  );
}
