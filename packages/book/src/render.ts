import { posix } from "node:path";
import { type Block, type Page, phaseNumberOf } from "./blocks.ts";
import { type Change, changeOf, changesBetween, select } from "./changes.ts";
import { codeOf, type Range } from "./code-block.ts";
import { diffLines, hunksOf, stateAfter } from "./hunks.ts";
import { Problem } from "./problem.ts";
import { type Phase, phasesOf, type Repo } from "./repo.ts";
import { readSelection, type Selection } from "./selection.ts";

/** What a block must hold. */
export interface Rendered {
  /** The word behind the fence's backticks. Absent: the block has no fence. */
  readonly info?: string;
  readonly body: readonly string[];
  readonly caption?: string;
}

/** A page while its blocks are read from top to bottom. */
export interface Chapter {
  readonly repo: Repo;
  readonly page: Page;
  readonly phases: readonly Phase[];
  /** The phase that a chapter builds, and the one that it starts from. */
  readonly phase?: Phase | undefined;
  readonly before?: Phase | undefined;
  /** What it has to show. */
  readonly changes: ReadonlyMap<string, Change>;
  /** Which lines of each change stand in the chapter so far. */
  readonly shown: Map<string, Set<number>>;
}

export function openChapter(repo: Repo, page: Page): Chapter {
  const phases = phasesOf(repo);
  const phase = phases.find(({ number }) => number === phaseNumberOf(page));
  const before = phase && phases[phases.indexOf(phase) - 1];
  const changes = phase ? changesBetween(repo, before?.folder, phase.folder) : new Map();
  return { repo, page, phases, phase, before, changes, shown: new Map() };
}

/** The lines of a change that the chapter has shown so far. */
export function shownOf(chapter: Chapter, path: string): Set<number> {
  const known = chapter.shown.get(path);
  if (known) return known;
  const fresh = new Set<number>();
  chapter.shown.set(path, fresh);
  return fresh;
}

/** `<!-- code: phases/2-read-tool/src/agent.ts#runTurn -->` */
export function renderCode(block: Block, chapter: Chapter): Rendered {
  const { path, symbols, ranges, body } = codeOf(chapter.repo, block.text);
  const inPhase = chapter.phase && path.startsWith(`${chapter.phase.folder}/`);
  const change = inPhase && chapter.changes.get(path.slice(chapter.phase.folder.length + 1));
  if (change && change.state === "new") {
    const shown = shownOf(chapter, change.path);
    for (const [index, { now, text }] of change.lines.entries())
      if (text === "" || ranges.some(({ first, last }) => now >= first && now <= last)) shown.add(index);
  }
  const info = posix.extname(path).slice(1) || "text";
  return { info, body, caption: captionOf(chapter.page, path, symbols, ranges) };
}

/** `<!-- diff: phases/4-write -> phases/5-shell src/tools/index.ts#createTools -->`, or of two files that are not a phase's. */
export function renderDiff(block: Block, chapter: Chapter): Rendered {
  const [, old, rest] = /^(docs\/\S+) -> (docs\/.+)$/.exec(block.text) ?? [];
  if (old && rest) return renderFileDiff(old, readSelection(rest), chapter);
  const [, from = "", to = "", part = ""] = /^(\S+) -> (\S+) (.+)$/.exec(block.text) ?? [];
  const folders = chapter.phases.map(({ folder }) => folder);
  if (!folders.includes(from) || !folders.includes(to))
    throw new Problem("Write it as phases/4-write -> phases/5-shell src/file.ts; both phases must exist.");
  const selection = readSelection(part);
  const isOwn = from === chapter.before?.folder && to === chapter.phase?.folder;
  const change = (isOwn ? chapter.changes : changesBetween(chapter.repo, from, to)).get(selection.path);
  if (!change) throw new Problem(`${selection.path} is the same in ${from} and ${to}, or in neither.`);
  const shown = isOwn ? shownOf(chapter, change.path) : new Set<number>();
  return stepOf(change, selection, shown, chapter, {
    old: `${from}/${change.path}`,
    now: `${to}/${change.path}`,
  });
}

function renderFileDiff(old: string, selection: Selection, chapter: Chapter): Rendered {
  const now = selection.path;
  const [before, after] = [old, now].map((path) => {
    const text = chapter.repo.read(path);
    if (text === undefined) throw new Problem(`There is no file ${path}.`);
    return text;
  });
  const change = changeOf(now, "changed", before ?? "", after ?? "");
  return stepOf(change, selection, shownOf(chapter, `${old} -> ${now}`), chapter, { old, now });
}

function stepOf(
  change: Change,
  selection: Selection,
  shown: Set<number>,
  { page }: Chapter,
  paths: { readonly old: string; readonly now: string },
): Rendered {
  const { step, hunks, body } = takeStep(change, selection, shown);
  const side = [...step].some((index) => change.lines[index]?.sign === "+") ? "now" : "old";
  const ranges = hunks.map(({ seen }) => spanOf(seen.map(({ line }) => line[side])));
  return { info: "diff", body, caption: captionOf(page, paths[side], selection.symbols, ranges) };
}

/** The lines of a selection that are not shown yet, as a diff; from now on they are. A Problem when none is left. */
export function takeStep(change: Change, selection: Selection, shown: Set<number>) {
  const step = new Set([...select(change, selection)].filter((index) => !shown.has(index)));
  if (step.size === 0)
    throw new Problem("Every line of it is shown above. To show it again, use a code block of the new file.");
  const hunks = hunksOf(change, shown, step);
  const body = diffLines(hunks, stateAfter(change, shown));
  for (const index of step) shown.add(index);
  return { step, hunks, body };
}

function spanOf(numbers: readonly number[]): Range {
  const real = numbers.filter((number) => number > 0);
  return { first: Math.min(...real), last: Math.max(...real) };
}

/** The link under a block: file, symbols, lines. */
function captionOf(page: Page, path: string, symbols: readonly string[], ranges: readonly Range[]): string {
  const [head] = ranges;
  const tail = ranges.at(-1);
  const one = ranges.length === 1 ? head : tail && head && { first: head.first, last: tail.last };
  const anchor = one ? (one.first === one.last ? `#L${one.first}` : `#L${one.first}-L${one.last}`) : "";
  const spoken = ranges
    .map(({ first, last }) => (first === last ? `${first}` : `${first}–${last}`))
    .join(", ");
  const noun = ranges.length === 1 && head?.first === head?.last ? "line" : "lines";
  const target = posix.relative(posix.dirname(page.path), path);
  const shown = path.replace(/^phases\/[^/]+\//, "");
  const parts = [`[${shown}](${target}${anchor})`, symbols.join(", "), `${noun} ${spoken}`];
  return `<sub>${parts.filter(Boolean).join(" · ")}</sub>`;
}
