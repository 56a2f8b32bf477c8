import { parseSync } from "rolldown/utils";
import type { RepoFile } from "./repo-files.ts";
import { lineAt, visit } from "./source.ts";

/** Each place where a file switches a check off: `any`, `!`, a directive in a comment, a test that does not run. */
export function switchedOff(file: RepoFile): string[] {
  const { comments } = parseSync(file.path, file.text);
  const found: { what: string; start: number }[] = comments
    .filter(({ value }) => /@ts-(ignore|nocheck|expect-error)|biome-ignore/.test(value))
    .map(({ value, start }) => ({ what: value.trim(), start }));
  const explained = (start: number) =>
    comments.some((comment) => [0, 1].includes(lineAt(file, start) - lineAt(file, comment.end)));

  visit(file, {
    TSAnyKeyword: ({ start }) => found.push({ what: "any", start }),
    TSNonNullExpression: ({ start }) => found.push({ what: "!", start }),
    CallExpression({ start, callee, arguments: [first] }) {
      const name = file.text.slice(callee.start, callee.end);
      if (!/^(test|it|describe|bench|context|ctx)?\.?(only|skip|todo|fails)$/.test(name)) return;
      const reason = /^(context|ctx)\b|^skip$/.test(name) && first?.type === "Literal" && first.value;
      if (name.endsWith("only") || !(reason || explained(start))) found.push({ what: name, start });
    },
  });
  return found.map(({ what, start }) => `${file.path}:${lineAt(file, start)}: ${what}`);
}

// "u" is the user of examples.
const machine = /(?<![\w/.])\/(home|Users|root|work)\/(?!u\b)[\w.]|[A-Z]:\\+Users\\+(?!u\b)\w/;
const registry = /https?:\/\/[\w.-]*(registry|artifactory|nexus|verdaccio)/i;

/** Each line of a file that names a folder of one machine, or the host of a package registry. */
export function foreignPlaces({ path, text }: RepoFile): string[] {
  return text
    .split("\n")
    .map((line, index) => ({ line, place: `${path}:${index + 1}` }))
    .filter(({ line }) => machine.test(line) || registry.test(line))
    .map(({ line, place }) => `${place}: ${line.trim()}`);
}
