import { applyDiff } from "./apply-diff.ts";
import { linesOf, type Phase, type Repo } from "./repo.ts";

/** What a reader has typed so far: files by their path below the phase, as lines. */
export type Desk = Map<string, readonly string[]>;

/** The desk of a reader who has this phase; an empty one without it. */
export function deskWith(repo: Repo, phase: Phase | undefined): Desk {
  const paths = phase ? repo.list(`${phase.folder}/src`) : [];
  const below = (path: string) => path.slice((phase?.folder.length ?? 0) + 1);
  return new Map(paths.map((path) => [below(path), linesOf(repo.read(path) ?? "")]));
}

// The rule that the book prints for readers, in "Type along". Nothing else is ever typed.

/** A block of code goes below what its file has, after an empty line. What has been typed before is only read. */
export function typeCode(desk: Desk, path: string, body: readonly string[]): void {
  const has = desk.get(path) ?? [];
  const typed = new Set(has);
  if (has.length === 0) desk.set(path, body);
  else if (body.some((line) => !typed.has(line))) desk.set(path, [...has, "", ...body]);
}

/** Of a diff, what begins with `-` goes and what begins with `+` comes; the lines around say where. */
export function typeBlock(desk: Desk, path: string, info: string, body: readonly string[]): void {
  if (info === "diff") desk.set(path, applyDiff(body, desk.get(path) ?? []));
  else typeCode(desk, path, body);
}

export const textOf = (lines: readonly string[] = []) => lines.map((line) => `${line}\n`).join("");
