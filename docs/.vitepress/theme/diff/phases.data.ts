import { createCssVariablesTheme, createHighlighter, type Highlighter } from "shiki";
import { readPhases } from "../../phases.ts";
import type { Line, PhaseTexts, Run } from "./data.ts";

declare const data: PhaseTexts;

export { data };

const theme = createCssVariablesTheme({ name: "book", variablePrefix: "--", fontStyle: false });

export default {
  watch: ["../../../../phases/*/src/**/*.ts", "../../../../phases/*/package.json"],

  /** Every text of every phase, coloured, once. */
  async load(): Promise<PhaseTexts> {
    const highlighter = await createHighlighter({ themes: [theme], langs: ["ts"] });
    const texts: Line[][] = [];
    const indexes = new Map<string, number>();
    const indexOf = (text: string) => {
      const index = indexes.get(text) ?? texts.length;
      if (index === texts.length) texts.push(linesOf(highlighter, text));
      indexes.set(text, index);
      return index;
    };
    const phases = readPhases().map(({ files, chapter, ...phase }) => ({
      ...phase,
      chapter,
      files: Object.fromEntries([...files].map(([path, text]) => [path, indexOf(text)])),
    }));
    highlighter.dispose();
    return { phases, texts };
  },
};

function linesOf(highlighter: Highlighter, text: string): Line[] {
  const { tokens } = highlighter.codeToTokens(text.replace(/\n$/, ""), { lang: "ts", theme: "book" });
  return tokens.map((line) =>
    line.map(({ content, color = "" }): Run => [content, kindOf(color)]).reduce(joined, []),
  );
}

/** `var(--token-string)` is "string"; what has the colour of plain text is "". */
function kindOf(color: string): string {
  return /^var\(--token-(.+)\)$/.exec(color)?.[1] ?? "";
}

function joined(line: Line, [text, kind]: Run): Line {
  const last = line.at(-1);
  const isSame = last && (last[1] === kind || text.trim() === "");
  return isSame ? [...line.slice(0, -1), [last[0] + text, last[1]]] : [...line, [text, kind]];
}
