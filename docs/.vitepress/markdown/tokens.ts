import type { ShikiTransformer } from "shiki";

/** `var(--token-string)` is "string"; what has the colour of plain text is "", and so is a sign: code is full of them. */
export function kindOf(text: string, colour: string): string {
  const kind = /--(?:code-)?token-([a-z-]+)/.exec(colour)?.[1] ?? "";
  const isSign = /^[^\p{L}\p{N}"'`]+$/u.test(text) && /^(?:keyword|punctuation|function)$/.test(kind);
  return isSign ? "" : kind;
}

/** A line's tokens by the names of their colours: neighbours of one colour are one element, and plain text is none. */
export const fewTokens: ShikiTransformer = {
  name: "few-tokens",
  line(line) {
    const runs: { text: string; kind: string }[] = [];
    for (const child of line.children) {
      if (child.type !== "element") return;
      const text = child.children.map((each) => (each.type === "text" ? each.value : "")).join("");
      const last = runs.at(-1);
      const kind = kindOf(text, String(child.properties.style));
      if (last && (last.kind === kind || text.trim() === "")) last.text += text;
      else runs.push({ text, kind });
    }
    line.children = runs.map(({ text, kind }) => {
      const value = { type: "text" as const, value: text };
      if (!kind) return value;
      return { type: "element", tagName: "span", properties: { class: `code-${kind}` }, children: [value] };
    });
  },
};
