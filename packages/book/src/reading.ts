import { type Block, nameOf, type Page, readPage } from "./blocks.ts";
import { type LeftOut, leaveOut } from "./not-shown.ts";
import { pagesWith } from "./pages.ts";
import { type Failure, Problem } from "./problem.ts";
import { type Chapter, openChapter, type Rendered, renderCode, renderDiff, renderDraft } from "./render.ts";
import type { Repo } from "./repo.ts";
import { renderTable } from "./tables.ts";

/** A page that was read from top to bottom: what its blocks must hold, and what is wrong so far. */
export interface Reading {
  readonly chapter: Chapter;
  readonly rendered: Map<Block, Rendered>;
  readonly leftOut: Map<Block, LeftOut>;
  readonly failures: Failure[];
  /** The page of the same phase that was read before this one. */
  readonly previous?: Reading | undefined;
}

/** What a block of each kind must hold, where that needs no process. */
const renderers: Readonly<Record<string, (block: Block, chapter: Chapter) => Rendered>> = {
  code: renderCode,
  diff: renderDiff,
  draft: renderDraft,
  table: renderTable,
};

/** Kinds that need a process. */
export const slowKinds: readonly string[] = ["run", "wire", "break", "answer", "green"];

export function read(repo: Repo, page: Page): Reading {
  const pages = pagesWith(page.path);
  const before = pages[pages.indexOf(page.path) - 1];
  const previous = before === undefined ? undefined : read(repo, readPage(before, repo.read(before) ?? ""));
  const chapter = openChapter(repo, page, previous?.chapter.desk);
  const reading: Reading = { chapter, rendered: new Map(), leftOut: new Map(), failures: [], previous };
  for (const block of page.blocks) {
    try {
      const render = renderers[block.kind];
      if (render) reading.rendered.set(block, render(block, chapter));
      else if (block.kind === "not-shown") reading.leftOut.set(block, leaveOut(block, chapter));
      else if (!slowKinds.includes(block.kind)) throw new Problem(unknown);
    } catch (error) {
      reading.failures.push(failureOf(page, block, error));
    }
  }
  reading.failures.push(...malformed(page));
  return reading;
}

const kinds = [...Object.keys(renderers), "not-shown", ...slowKinds];
const unknown = `There is no such block. There are: ${kinds.join(", ")}.`;
const likeADirective = new RegExp(`^\\s*<!--\\s*(?:${kinds.join("|")})\\b`, "i");

/** Comments that begin as directives do and are none: nothing would keep true what is below them. */
function malformed({ path, lines, blocks, fences }: Page): Failure[] {
  const known = new Set(blocks.map(({ line }) => line));
  return lines.flatMap((text, at) => {
    const isShown = fences.some(({ start, end }) => start <= at && at < end);
    if (isShown || known.has(at + 1) || !likeADirective.test(text)) return [];
    const message = "It is read as a comment. Write a directive as <!-- kind (options): text -->.";
    return [{ chapter: path, line: at + 1, block: text, message }];
  });
}

/** The failure that a Problem with a block is; any other error is thrown on. */
export function failureOf(page: Page, block: Block, error: unknown): Failure {
  if (!(error instanceof Problem)) throw error;
  return { chapter: page.path, line: block.line, block: nameOf(block), message: error.message };
}
