/** Where in a config file something is said, for errors: found by TypeScript's parser, which reads JavaScript as well. */
import { readFileSync } from 'node:fs';
import type { Expression, Node, ObjectLiteralExpression, SourceFile } from 'typescript';

/** Lines and columns count from one. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/**
 * The place of a key of the exported object, or of an entry of the list behind it (`entry` counts from zero). Undefined if the
 * object is not written out in the file.
 */
export async function placeInConfig(file: string, key: string, entry?: number): Promise<Place | undefined> {
  const { default: ts } = await import('typescript');
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const property = exportedObject()?.properties.find(
    ({ name }) => name !== undefined && textOf(name) === key,
  );
  if (property === undefined) return undefined;
  return placeOf(source, entry === undefined ? property : (listEntry(property, entry) ?? property));

  function exportedObject(): ObjectLiteralExpression | undefined {
    const exported = source.statements.find((statement) => ts.isExportAssignment(statement));
    return exported && objectIn(exported.expression);
  }

  /** Through `defineConfig(…)`, brackets, `as`, `satisfies`, and one name for it all. */
  function objectIn(expression: Expression): ObjectLiteralExpression | undefined {
    if (ts.isObjectLiteralExpression(expression)) return expression;
    if (ts.isCallExpression(expression)) return expression.arguments[0] && objectIn(expression.arguments[0]);
    if (
      ts.isParenthesizedExpression(expression) ||
      ts.isAsExpression(expression) ||
      ts.isSatisfiesExpression(expression)
    ) {
      return objectIn(expression.expression);
    }
    if (!ts.isIdentifier(expression)) return undefined;
    const value = source.statements
      .filter((statement) => ts.isVariableStatement(statement))
      .flatMap(({ declarationList }) => declarationList.declarations)
      .find(({ name }) => textOf(name) === expression.text)?.initializer;
    return value && !ts.isIdentifier(value) ? objectIn(value) : undefined;
  }

  function listEntry(property: Node, index: number): Node | undefined {
    if (!ts.isPropertyAssignment(property)) return undefined;
    const { initializer } = property;
    return ts.isArrayLiteralExpression(initializer) ? initializer.elements[index] : initializer;
  }

  function textOf(name: Node): string {
    return ts.isStringLiteral(name) ? name.text : name.getText(source);
  }
}

function placeOf(source: SourceFile, node: Node): Place {
  const { line, character } = source.getLineAndCharacterOfPosition(node.getStart(source));
  return { line: line + 1, column: character + 1 };
}
