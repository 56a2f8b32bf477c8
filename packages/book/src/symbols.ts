import { type ESTree, parseSync } from "rolldown/utils";
import { Problem } from "./problem.ts";

/** Something that a file declares at its top level. */
export interface Declared {
  readonly names: readonly string[];
  /** The number, from 1, of its first line; a comment right above it is part of it. */
  readonly first: number;
  readonly last: number;
}

/**
 * What a file declares, from top to bottom: `imports` are its imports and all that is above, and a statement such
 * as `await runMain(…)` goes by the name of what it calls. A file that is no TypeScript or JavaScript declares nothing.
 */
export function declaredIn(path: string, text: string): readonly Declared[] {
  if (!/\.[cm]?[jt]s$/.test(path)) return [];
  const key = `${path}\n${text}`;
  const declared = known.get(key) ?? parse(path, text);
  known.set(key, declared);
  return declared;
}

/** A file is asked for by each block that shows a part of it. */
const known = new Map<string, readonly Declared[]>();

function parse(path: string, text: string): Declared[] {
  const { program, comments, errors } = parseSync(path, text);
  if (errors[0]) throw new Problem(`${path} does not parse: ${errors[0].message}`);
  const lineOf = (offset: number) => text.slice(0, offset).split("\n").length;
  const above = (start: number): number => {
    const comment = comments.find(({ end }) => end <= start && /^\n?[ \t]*$/.test(text.slice(end, start)));
    return comment ? above(comment.start) : start;
  };
  const imports = program.body.filter(({ type }) => type === "ImportDeclaration");
  const others = program.body.filter(({ type }) => type !== "ImportDeclaration");
  const head = imports.at(-1);
  const declared = others.map((node) => ({
    names: namesOf(node),
    first: lineOf(above(node.start)),
    last: lineOf(node.end),
  }));
  return head ? [{ names: ["imports"], first: 1, last: lineOf(head.end) }, ...declared] : declared;
}

function namesOf(node: ESTree.Node): string[] {
  switch (node.type) {
    case "ExportNamedDeclaration":
      return node.declaration ? namesOf(node.declaration) : [];
    case "ExportDefaultDeclaration":
      return ["default", ...namesOf(node.declaration)];
    case "VariableDeclaration":
      return node.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : []));
    case "FunctionDeclaration":
    case "ClassDeclaration":
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration":
      return node.id ? [node.id.name] : [];
    case "ExpressionStatement":
      return namesOf(node.expression);
    case "AwaitExpression":
      return namesOf(node.argument);
    case "CallExpression":
      return node.callee.type === "Identifier" ? [node.callee.name] : [];
    default:
      return [];
  }
}

/** The name of what a line belongs to: blank lines and loose comments go with what follows them. */
export function namesAt(declared: readonly Declared[], line: number): readonly string[] {
  return (declared.find(({ last }) => line <= last) ?? declared.at(-1))?.names ?? [];
}
