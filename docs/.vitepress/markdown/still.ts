import { readFileSync } from "node:fs";
import { join } from "node:path";
import { docsFolder } from "../phases.ts";
import { escapeHtml } from "./escape.ts";

/** What a recording shows in the end. */
export interface Still {
  /** How long the recording runs. */
  readonly seconds: number;
  readonly lines: readonly string[];
}

/** The last picture of docs/public/casts/N.cast, an asciicast of version 2; its lines keep their colour codes. */
export function readStill(phase: number): Still {
  const cast = readFileSync(join(docsFolder, `public/casts/${phase}.cast`), "utf8");
  const events = cast
    .trimEnd()
    .split("\n")
    .slice(1)
    .map((line): [number, string, string] => JSON.parse(line));
  const text = events.map(([, , data]) => data).join("");
  const lines = text.split("\r\n").map((line) => line.split(ERASE).at(-1) ?? "");
  while (lines.at(-1) === "") lines.pop();
  return { seconds: Math.round(events.at(-1)?.[0] ?? 0), lines };
}

const ESCAPE = "\u001b";
/** `pnpm record` writes one control beside colours: a question goes when it is answered. */
const ERASE = `\r${ESCAPE}[2K`;

const STYLES: Readonly<Record<string, string>> = {
  1: "bold",
  2: "dim",
  4: "underlined",
  31: "red",
  32: "green",
  33: "yellow",
  36: "cyan",
};
const ENDS: Readonly<Record<string, readonly string[]>> = {
  0: Object.values(STYLES),
  22: ["bold", "dim"],
  24: ["underlined"],
  39: ["red", "green", "yellow", "cyan"],
};

/** The lines as HTML: a span for each run of one style. */
export function stillHtml({ lines }: Still): string {
  return lines.map(lineHtml).join("\n");
}

function lineHtml(line: string): string {
  const styles = new Set<string>();
  const [plain = "", ...parts] = line.split(`${ESCAPE}[`);
  const html = parts.map((part) => {
    const [, code = "", text = ""] = /^([\d;]*)m([\s\S]*)$/.exec(part) ?? [];
    for (const each of (code || "0").split(";")) {
      for (const ended of ENDS[each] ?? []) styles.delete(ended);
      const style = STYLES[each];
      if (style) styles.add(style);
    }
    if (!text) return "";
    return styles.size > 0
      ? `<span class="${[...styles].join(" ")}">${escapeHtml(text)}</span>`
      : escapeHtml(text);
  });
  return escapeHtml(plain) + html.join("");
}
