import { createCssVariablesTheme, createHighlighter } from "shiki";
import { kindOf } from "./markdown/tokens.ts";
import type { Line, Run } from "./theme/diff/data.ts";

const theme = createCssVariablesTheme({ name: "book", variablePrefix: "--", fontStyle: false });

/** Texts in TypeScript, coloured; one that is there more than once is coloured and kept once. */
export async function colouredTexts() {
  const highlighter = await createHighlighter({ themes: [theme], langs: ["ts"] });
  const texts: Line[][] = [];
  const indexes = new Map<string, number>();
  const linesOf = (text: string) => {
    const { tokens } = highlighter.codeToTokens(text.replace(/\n$/, ""), { lang: "ts", theme: "book" });
    return tokens.map((line) =>
      line.map(({ content, color = "" }): Run => [content, kindOf(content, color)]).reduce(joined, []),
    );
  };
  const indexOf = (text: string) => {
    const index = indexes.get(text) ?? texts.length;
    if (index === texts.length) texts.push(linesOf(text));
    indexes.set(text, index);
    return index;
  };
  return { texts, indexOf, dispose: () => highlighter.dispose() };
}

function joined(line: Line, [text, kind]: Run): Line {
  const last = line.at(-1);
  const isSame = last && (last[1] === kind || text.trim() === "");
  return isSame ? [...line.slice(0, -1), [last[0] + text, last[1]]] : [...line, [text, kind]];
}
