import { type ESTree, parseSync, Visitor, type VisitorObject } from "rolldown/utils";
import { type RepoFile, repoFiles } from "./repo-files.ts";

/** The repo's TypeScript and JavaScript. */
export const sources: readonly RepoFile[] = repoFiles.filter(({ path }) => /\.[cm]?[jt]s$/.test(path));

/** Walks the syntax tree of a file; an Error when it does not parse. */
export function visit({ path, text }: RepoFile, visitor: VisitorObject): void {
  const { program, errors } = parseSync(path, text);
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`);
  new Visitor(visitor).visit(program);
}

export interface Import {
  readonly specifier: string;
  /** `static` is loaded with the file that has it, `dynamic` when its line is reached, `type` never. */
  readonly kind: "static" | "dynamic" | "type";
}

/** Every module that a file names: imports, re-exports, `import()` and types. */
export function importsOf(file: RepoFile): Import[] {
  const imports: Import[] = [];
  const add = (specifier: ESTree.Expression | null, kind: Import["kind"]) => {
    if (specifier?.type !== "Literal" || typeof specifier.value !== "string") return;
    imports.push({ specifier: specifier.value, kind });
  };
  visit(file, {
    ImportDeclaration: ({ source, importKind }) => add(source, importKind === "type" ? "type" : "static"),
    ExportAllDeclaration: ({ source, exportKind }) => add(source, exportKind === "type" ? "type" : "static"),
    ExportNamedDeclaration: ({ source, exportKind }) =>
      add(source, exportKind === "type" ? "type" : "static"),
    ImportExpression: ({ source }) => add(source, "dynamic"),
    TSImportType: ({ source }) => add(source, "type"),
  });
  return imports;
}

/** The number, from 1, of the line that holds the character at `offset`. */
export function lineAt({ text }: RepoFile, offset: number): number {
  return text.slice(0, offset).split("\n").length;
}
