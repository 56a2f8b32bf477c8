/** A chapter or another page: its lines, and what the tool keeps true in it. */
export interface Page {
  /** From the root of the repository: `docs/05-shell.md`. */
  readonly path: string;
  readonly lines: readonly string[];
  readonly blocks: readonly Block[];
  /** All fences, those of blocks included. */
  readonly fences: readonly Fence[];
  /** The lines that are neither in a fence nor in a comment, with their numbers from 1. */
  readonly prose: readonly { readonly text: string; readonly line: number }[];
}

/** A fence of a page; positions are indexes into its lines. */
export interface Fence {
  readonly info: string;
  readonly body: readonly string[];
  readonly start: number;
  /** Behind the closing line. */
  readonly end: number;
}

/** A directive, `<!-- kind (options): text -->`, and what follows from it. */
export interface Block {
  readonly kind: string;
  readonly options: string;
  readonly text: string;
  /** The number, from 1, of the directive's first line. */
  readonly line: number;
  /** Where what belongs to it begins and ends: the fence with its caption, or all up to `<!-- end -->`. */
  readonly start: number;
  readonly end: number;
  readonly fence?: Fence;
}

/** How a failure names a block. */
export function nameOf({ kind, text }: Block): string {
  return `${kind}: ${text.split("\n").join(" ; ")}`;
}

/** The number of the phase that a chapter belongs to; undefined for another page. */
export function phaseNumberOf({ path }: Pick<Page, "path">): number | undefined {
  const number = /^docs\/(\d\d)-[^/]+\.md$/.exec(path)?.[1];
  return number === undefined ? undefined : Number(number);
}

const DIRECTIVE = /^<!-- ([a-z-]+)(?: \(([^)]*)\))?:(?!\/\/)\s*([\s\S]*?)\s*-->$/;
export const END = "<!-- end -->";

export function readPage(path: string, text: string): Page {
  const lines = text.replace(/\n$/, "").split("\n");
  const blocks: Block[] = [];
  const fences: Fence[] = [];
  const prose: { text: string; line: number }[] = [];
  let at = 0;
  while (at < lines.length) {
    const fence = fenceAt(lines, at);
    if (fence) {
      fences.push(fence);
      at = fence.end;
    } else if (lines[at]?.startsWith("<!--")) {
      const end = endOf(lines, at, (line) => line.includes("-->"));
      const block = blockOf(lines, at, end);
      if (block) blocks.push(block);
      at = end;
    } else {
      prose.push({ text: lines[at] ?? "", line: at + 1 });
      at += 1;
    }
  }
  return { path, lines, blocks, fences, prose };
}

function blockOf(lines: readonly string[], first: number, start: number): Block | undefined {
  const match = DIRECTIVE.exec(lines.slice(first, start).join("\n"));
  if (!match) return undefined;
  const [, kind = "", options = "", text = ""] = match;
  const block = { kind, options, text, line: first + 1, start };
  if (kind === "table") {
    const next = lines.findIndex((line, index) => index >= start && line.startsWith("<!--"));
    return { ...block, end: lines[next] === END ? next + 1 : start };
  }
  // What is filled stands right below: a fence further down is the author's own.
  const isFilled = kind !== "break" && kind !== "answer";
  const fence =
    kind === "not-shown" ? undefined : fenceAt(lines, isFilled ? start : afterBlanks(lines, start));
  if (!fence) return { ...block, end: start };
  const caption = afterBlanks(lines, fence.end);
  const isCaption = /^(?:code|diff|draft)$/.test(kind) && /^<sub>.*<\/sub>$/.test(lines[caption] ?? "");
  return { ...block, fence, end: isCaption ? caption + 1 : fence.end };
}

function fenceAt(lines: readonly string[], start: number): Fence | undefined {
  const [, ticks, info = ""] = /^ {0,3}(`{3,})([^`]*)$/.exec(lines[start] ?? "") ?? [];
  if (!ticks) return undefined;
  const closing = new RegExp(`^ {0,3}\`{${ticks.length},}\\s*$`);
  const end = endOf(lines, start + 1, (line) => closing.test(line));
  return { info: info.trim(), body: lines.slice(start + 1, end - 1), start, end };
}

/** The index behind the first line from `start` on that is `last`; the end of the page when none is. */
function endOf(lines: readonly string[], start: number, last: (line: string) => boolean): number {
  const found = lines.findIndex((line, index) => index >= start && last(line));
  return found < 0 ? lines.length : found + 1;
}

function afterBlanks(lines: readonly string[], start: number): number {
  let at = start;
  while (lines[at] === "") at += 1;
  return at;
}
