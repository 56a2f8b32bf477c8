import { createRequire } from "node:module";
import { type Format, type Line, styled } from "./styled-text.ts";

/** Colours the next line of a block of code. */
export type Colour = (line: string) => Line;

/** The languages whose words are told apart, and how else a fence may call them. */
const LANGUAGES: Readonly<Record<string, string>> = {
  ...{ javascript: "js jsx mjs cjs", typescript: "ts tsx mts cts", python: "py", shell: "sh bash zsh" },
  ...{ json: "jsonc json5", yaml: "yml", rust: "rs", ruby: "rb", go: "golang", cpp: "c++ cc", csharp: "cs" },
  ...{ c: "h", css: "scss", html: "xml svg", java: "", kotlin: "kt", lua: "", php: "", sql: "", swift: "" },
  ...{ toml: "ini", dockerfile: "docker", graphql: "", zig: "" },
};

const FORMATS: Readonly<Record<string, Format>> = {
  ...{ keyword: ["cyan"], string: ["green"], comment: ["dim"], class: ["yellow"] },
};

/** Text that is longer is coloured as if it began at the last line: a comment of many pages is rare. */
const MOST = 2_000;

/** What colours code in this language; undefined for one that is not known. The library loads with the first block. */
export function colourFor(language: string): Colour | undefined {
  const [word = ""] = language.toLowerCase().split(/[\s{:]/);
  if (word === "diff" || word === "patch") return colourOfDiff;
  const known = Object.entries(LANGUAGES).find(
    ([name, also]) => name === word || also.split(" ").includes(word),
  );
  if (word === "" || !known) return undefined;
  const require = createRequire(import.meta.url);
  const core = require("sugar-high/core") as typeof import("sugar-high/core");
  const options: import("sugar-high/core").ParseOptions = { ...require(`sugar-high/lang/${known[0]}`) };
  const tokenize = options.tokenize ?? core.tokenize;
  let before = "";
  return (line) => {
    if (before.length > MOST) before = "";
    const tokens = tokenize(before + line, options);
    before += `${line}\n`;
    return lastOf(tokens, line.length).map(([type, text]) =>
      styled(text, ...(FORMATS[core.SugarHigh.TokenTypes[type] ?? ""] ?? [])),
    );
  };
}

/** The tokens of the last so many characters. */
function lastOf(tokens: readonly [number, string][], length: number): [number, string][] {
  const last: [number, string][] = [];
  let left = length;
  for (const [type, text] of tokens.toReversed()) {
    if (left === 0) break;
    const part = text.slice(-left);
    last.unshift([type, part]);
    left -= part.length;
  }
  return last;
}

function colourOfDiff(line: string): Line {
  if (line.startsWith("+")) return [styled(line, "green")];
  if (line.startsWith("-")) return [styled(line, "red")];
  return [styled(line, ...(line.startsWith("@@") ? (["dim"] as const) : []))];
}
