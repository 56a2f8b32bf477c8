import { type Desk, deskWith, typeBlock } from "./desk.ts";
import { pagesWith } from "./pages.ts";
import { type Failure, Problem } from "./problem.ts";
import type { Reading } from "./reading.ts";

/** What a reader has typed who reads a page from top to bottom. */
export interface Typed {
  readonly failures: readonly Failure[];
  /** The desk before a line of the page; without one, at its end. */
  at(line?: number): Desk;
}

/**
 * A reader who has the phase before, or comes from the page before, types what is on a page from top to bottom, by the
 * rule that is printed for readers: the line below a block names its file. It sees what a reader sees, and no directives;
 * from the phase it takes what the page says is not shown.
 */
export function typed(reading: Reading): Typed {
  const { repo, page, phase, before } = reading.chapter;
  let desk = reading.previous ? typed(reading.previous).at() : deskWith(repo, before);
  const desks = [{ line: 0, desk }];
  const failures: Failure[] = [];
  for (const { line, path, info, body } of phase ? blocksOf(reading) : []) {
    desk = new Map(desk);
    try {
      typeBlock(desk, path, info, body);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      failures.push({ chapter: page.path, line, block: path, message: error.message });
    }
    desks.push({ line, desk });
  }
  return {
    failures,
    at: (line = Number.POSITIVE_INFINITY) => desks.findLast((each) => each.line < line)?.desk ?? new Map(),
  };
}

/** What there is to type, in order. */
function blocksOf({ chapter, leftOut }: Reading) {
  const { fences, lines } = chapter.page;
  const hidden = [...leftOut].map(([{ line }, { path, body }]) => ({ line, path, info: "diff", body }));
  const shown = fences.flatMap(({ start, end, info, body }) => {
    const below = lines[end] === "" ? lines[end + 1] : lines[end];
    const path = /^<sub>\[?(src\/[^\]\s]+)/.exec(below ?? "")?.[1];
    return path ? [{ line: start + 1, path, info, body }] : [];
  });
  return [...hidden, ...shown].sort((a, b) => a.line - b.line);
}

/** Each place where what was typed is not the phase, to the byte. */
export function follow(reading: Reading): Failure[] {
  const { repo, page, phase } = reading.chapter;
  if (!phase) return [];
  const { failures, at } = typed(reading);
  if (pagesWith(page.path).at(-1) !== page.path) return [...failures];
  return [...failures, ...compare(at(), deskWith(repo, phase), page.path)];
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
