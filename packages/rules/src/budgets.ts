import type { ESTree } from "rolldown/utils";
import type { RepoFile } from "./repo-files.ts";
import { lineAt, visit } from "./source.ts";

/** How many lines a file has. */
export function linesOf({ text }: RepoFile): number {
  return text.replace(/\n$/, "").split("\n").length;
}

export interface FunctionSize {
  /** Where it begins, as `path:line`. */
  readonly place: string;
  readonly lines: number;
}

/** Every function, method and callback of a file. What `describe` is given is a heading, and no function of its own. */
export function functionSizes(file: RepoFile): FunctionSize[] {
  const sizes: FunctionSize[] = [];
  const headings = new Set<number>();
  const add = ({ start, end }: ESTree.Function | ESTree.ArrowFunctionExpression) => {
    if (headings.has(start)) return;
    const line = lineAt(file, start);
    sizes.push({ place: `${file.path}:${line}`, lines: lineAt(file, end) - line + 1 });
  };
  visit(file, {
    CallExpression({ callee, arguments: given }) {
      const name = file.text.slice(callee.start, callee.end);
      if (/^describe\b/.test(name)) for (const { start } of given) headings.add(start);
    },
    FunctionDeclaration: add,
    FunctionExpression: add,
    ArrowFunctionExpression: add,
  });
  return sizes;
}
