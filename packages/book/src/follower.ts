import { applyDiff } from "./apply-diff.ts";
import type { Block } from "./blocks.ts";
import { type Failure, Problem } from "./problem.ts";
import { failureOf, type Reading } from "./reading.ts";
import { linesOf, type Phase, type Repo } from "./repo.ts";

/** What a reader has typed so far. */
interface Desk {
  /** Files by path, as lines; those of the phase before, to begin with. */
  readonly files: Map<string, string[]>;
  /** New files that the chapter shows as code, in pieces: their lines by number. */
  readonly pieces: Map<string, Map<number, string>>;
}

/**
 * A reader who has the phase before types what stands in the chapter's blocks, from top to bottom, and then has the
 * phase, to the byte. It reads the page alone; from the phase it takes what the page says is not shown.
 */
export function follow(reading: Reading): Failure[] {
  const { repo, page, phase, before } = reading.chapter;
  if (!phase) return [];
  const desk: Desk = { files: sourceOf(repo, before), pieces: new Map() };
  const failures: Failure[] = [];
  for (const block of page.blocks) {
    try {
      followBlock(block, desk, reading, phase);
    } catch (error) {
      failures.push(failureOf(page, block, error));
    }
  }
  for (const [path, piece] of desk.pieces) {
    const last = Math.max(...piece.keys());
    desk.files.set(
      path,
      Array.from({ length: last }, (_, index) => piece.get(index + 1) ?? ""),
    );
  }
  return [...failures, ...compare(desk.files, sourceOf(repo, phase), page.path)];
}

function sourceOf(repo: Repo, phase: Phase | undefined): Map<string, string[]> {
  const paths = phase ? repo.list(`${phase.folder}/src`) : [];
  const below = (path: string) => path.slice((phase?.folder.length ?? 0) + 1);
  return new Map(paths.map((path) => [below(path), linesOf(repo.read(path) ?? "")]));
}

function followBlock(block: Block, desk: Desk, { chapter, leftOut }: Reading, phase: Phase): void {
  const out = leftOut.get(block);
  if (out) {
    const piece = desk.pieces.get(out.path);
    if (!piece) applyTo(desk, out.path, out.body);
    else for (const { now, text } of out.lines) piece.set(now, text);
  }
  if (!block.fence) return;
  const { body, end } = block.fence;
  const [, from, to, path = ""] = /^(\S+) -> (\S+) ([^\s#]+)/.exec(block.text) ?? [];
  if (block.kind === "diff" && from === chapter.before?.folder && to === phase.folder) {
    if (desk.pieces.has(path))
      throw new Problem(`${path} is shown as code above: show the rest of it as code too.`);
    applyTo(desk, path, body);
  }
  const file = /^[^\s#]+/.exec(block.text)?.[0].slice(phase.folder.length + 1) ?? "";
  const isOwn = block.kind === "code" && block.text.startsWith(`${phase.folder}/`);
  if (isOwn && !desk.files.has(file)) copyPiece(desk, file, body, chapter.page.lines.slice(end, block.end));
}

function applyTo({ files }: Desk, path: string, diff: readonly string[]): void {
  files.set(path, applyDiff(diff, files.get(path) ?? []));
}

/** Puts code where its caption says. */
function copyPiece(desk: Desk, path: string, body: readonly string[], caption: readonly string[]): void {
  const numbers = /lines? ([\d–, ]+)<\/sub>$/.exec(caption.at(-1) ?? "")?.[1]?.split(", ") ?? [];
  const piece = desk.pieces.get(path) ?? new Map<number, string>();
  desk.pieces.set(path, piece);
  let at = 0;
  for (const range of numbers) {
    const [first = 0, last = first] = range.split("–").map(Number);
    for (let line = first; line <= last; line++) piece.set(line, body[at++] ?? "");
    at += 1; // the blank line between two ranges
  }
}

function compare(
  typed: ReadonlyMap<string, readonly string[]>,
  wanted: ReadonlyMap<string, readonly string[]>,
  chapter: string,
): Failure[] {
  return [...new Set([...typed.keys(), ...wanted.keys()])].sort().flatMap((path) => {
    const [mine = [], theirs = []] = [typed.get(path), wanted.get(path)];
    const longer = mine.length > theirs.length ? mine : theirs;
    const at = longer.findIndex((_, index) => mine[index] !== theirs[index]);
    if (at < 0) return [];
    const quote = (line: string | undefined) => (line === undefined ? "nothing" : JSON.stringify(line));
    const message = `Typed as the chapter says, ${path} has ${quote(mine[at])} in line ${at + 1}; the phase has ${quote(theirs[at])}.`;
    return [{ chapter, line: 1, block: "follower", message }];
  });
}
