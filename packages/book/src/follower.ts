import type { Block } from "./blocks.ts";
import { type Desk, deskWith, typeCode, typeDiff, typeDraft } from "./desk.ts";
import { pagesWith } from "./pages.ts";
import type { Failure } from "./problem.ts";
import { failureOf, type Reading } from "./reading.ts";

/** What a reader has typed who reads a page from top to bottom. */
export interface Typed {
  readonly failures: readonly Failure[];
  /** The desk before a line of the page; without one, at its end. */
  at(line?: number): Desk;
}

/**
 * A reader who has the phase before, or comes from the page before, types what stands in a page's blocks, by the rule
 * that is printed for readers. It reads the page alone; from the phase it takes what the page says is not shown.
 */
export function typed(reading: Reading): Typed {
  const { repo, page, before } = reading.chapter;
  let desk = reading.previous ? typed(reading.previous).at() : deskWith(repo, before);
  const desks = [{ line: 0, desk }];
  const failures: Failure[] = [];
  for (const block of page.blocks) {
    desk = new Map(desk);
    try {
      typeBlock(block, desk, reading);
    } catch (error) {
      failures.push(failureOf(page, block, error));
    }
    desks.push({ line: block.line, desk });
  }
  return {
    failures,
    at: (line = Number.POSITIVE_INFINITY) => desks.findLast((each) => each.line < line)?.desk ?? new Map(),
  };
}

/** Each place where what was typed is not the phase, to the byte. */
export function follow(reading: Reading): Failure[] {
  const { repo, page, phase } = reading.chapter;
  if (!phase) return [];
  const { failures, at } = typed(reading);
  if (pagesWith(page.path).at(-1) !== page.path) return [...failures];
  return [...failures, ...compare(at(), deskWith(repo, phase), page.path)];
}

function typeBlock(block: Block, desk: Desk, { chapter, leftOut }: Reading): void {
  const out = leftOut.get(block);
  if (out) typeDiff(desk, out.path, out.body);
  if (!block.fence || !chapter.phase) return;
  const { kind, text } = block;
  const { body, info } = block.fence;
  const { folder } = chapter.phase;
  const [, from, to, path = ""] = /^(\S+) -> (\S+) ([^\s#]+)/.exec(text) ?? [];
  if (kind === "diff" && from === chapter.before?.folder && to === folder) typeDiff(desk, path, body);
  if (kind === "draft") typeDraft(desk, text, info, body);
  if (kind === "code" && text.startsWith(`${folder}/`))
    typeCode(desk, /^[^\s#]+/.exec(text)?.[0].slice(folder.length + 1) ?? "", body);
}

function compare(mine: Desk, theirs: Desk, chapter: string): Failure[] {
  return differences(mine, theirs).map(({ path, line, mine, theirs }) => {
    const quote = (text: string | undefined) => (text === undefined ? "nothing" : JSON.stringify(text));
    const message = `Typed as the chapter says, ${path} has ${quote(mine)} in line ${line}; the phase has ${quote(theirs)}.`;
    return { chapter, line: 1, block: "follower", message };
  });
}

/** The first line of each file that two desks do not have alike. */
export function differences(mine: Desk, theirs: Desk) {
  return [...new Set([...mine.keys(), ...theirs.keys()])].sort().flatMap((path) => {
    const [here = [], there = []] = [mine.get(path), theirs.get(path)];
    const longer = here.length > there.length ? here : there;
    const at = longer.findIndex((_, index) => here[index] !== there[index]);
    return at < 0 ? [] : [{ path, line: at + 1, mine: here[at], theirs: there[at] }];
  });
}
