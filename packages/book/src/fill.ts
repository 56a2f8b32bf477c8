import { type Block, END, type Page } from "./blocks.ts";
import type { Rendered } from "./render.ts";

/** The lines that belong behind a block's directive. */
export function contentOf({ kind }: Block, { info, body, caption }: Rendered): string[] {
  if (kind === "table") return ["", ...body, "", END];
  const ticks = Array.from(body.join("\n").matchAll(/^ *(`{3,})/gm), ([, run = ""]) => run.length + 1);
  const fence = "`".repeat(Math.max(3, ...ticks));
  return [`${fence}${info}`, ...body, fence, ...(caption ? ["", caption] : [])];
}

/** The page with each of these blocks as it must be. */
export function fill(page: Page, rendered: ReadonlyMap<Block, Rendered>): string {
  const lines = [...page.lines];
  for (const block of page.blocks.toReversed()) {
    const content = rendered.get(block);
    if (!content) continue;
    const gap = (lines[block.end] ?? "") === "" ? [] : [""];
    lines.splice(block.start, block.end - block.start, ...contentOf(block, content), ...gap);
  }
  return `${lines.join("\n")}\n`;
}

/** How a block differs from what it must hold, in a sentence; undefined when it does not. */
export function difference(page: Page, block: Block, rendered: Rendered): string | undefined {
  const wanted = contentOf(block, rendered);
  const found = page.lines.slice(block.start, block.end);
  if (found.length === 0) return "It is empty.";
  const at = wanted.findIndex((line, index) => line !== found[index]);
  if (at < 0 && wanted.length === found.length) return undefined;
  const index = at < 0 ? wanted.length : at;
  const quote = (line: string | undefined) => (line === undefined ? "the end" : JSON.stringify(line));
  return `Line ${block.start + index + 1} must be ${quote(wanted[index])}, and is ${quote(found[index])}.`;
}
