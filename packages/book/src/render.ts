import { posix } from "node:path";
import { applyDiff } from "./apply-diff.ts";
import { type Block, type Page, phaseNumberOf } from "./blocks.ts";
import { type Change, changeOf, changesBetween, select } from "./changes.ts";
import { codeOf, type Range } from "./code-block.ts";
import { type Desk, deskWith, textOf, typeCode } from "./desk.ts";
import { diffLines, hunksOf, stateAfter } from "./hunks.ts";
import { Problem } from "./problem.ts";
import { linesOf, type Phase, phasesOf, type Repo } from "./repo.ts";
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
  /** What the phase has to show, on all of its pages. */
  readonly changes: ReadonlyMap<string, Change>;
  /** What a reader has typed so far. */
  readonly desk: Desk;
  /** Of files that are no phase's: as much of them as a page has shown. */
  readonly compared: Desk;
}

/** @param typed what a reader has who comes from the page before, where one phase has several pages */
export function openChapter(repo: Repo, page: Page, typed?: Desk): Chapter {
  const phases = phasesOf(repo);
  const phase = phases.find(({ number }) => number === phaseNumberOf(page));
  const before = phase && phases[phases.indexOf(phase) - 1];
  const changes = phase ? changesBetween(repo, before?.folder, phase.folder) : new Map();
  const desk = typed ? new Map(typed) : deskWith(repo, before);
  return { repo, page, phases, phase, before, changes, desk, compared: new Map() };
}

/** `<!-- code: phases/2-read-tool/src/agent.ts#runTurn -->` */
export function renderCode(block: Block, chapter: Chapter): Rendered {
  const { path, symbols, ranges, body } = codeOf(chapter.repo, block.text);
  const own = `${chapter.phase?.folder}/`;
  if (path.startsWith(own)) typeCode(chapter.desk, path.slice(own.length), body);
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
  const there = changesBetween(chapter.repo, from, to).get(selection.path);
  const change = isOwn ? leftOf(chapter, selection.path) : there;
  if (!change || (!there && change.lines.every(({ sign }) => sign === " ")))
    throw new Problem(`${selection.path} is the same in ${from} and ${to}, or in neither.`);
  return stepOf(change, selection, isOwn ? chapter.desk : new Map(), chapter, {
    old: `${from}/${change.path}`,
    now: `${to}/${change.path}`,
  });
}

function renderFileDiff(old: string, selection: Selection, chapter: Chapter): Rendered {
  const now = selection.path;
  const [before = "", after = ""] = [old, now].map((path) => {
    const text = chapter.repo.read(path);
    if (text === undefined) throw new Problem(`There is no file ${path}.`);
    return text;
  });
  const shown = chapter.compared.get(now);
  const change = changeOf(now, "changed", shown ? textOf(shown) : before, after);
  return stepOf(change, selection, chapter.compared, chapter, { old, now });
}

function stepOf(
  change: Change,
  selection: Selection,
  desk: Desk,
  { page }: Chapter,
  paths: { readonly old: string; readonly now: string },
): Rendered {
  const { step, hunks, body } = takeStep(change, selection, desk);
  const side = [...step].some((index) => change.lines[index]?.sign === "+") ? "now" : "old";
  const ranges = hunks.map(({ seen }) => spanOf(seen.map(({ line }) => line[side])));
  return { info: "diff", body, caption: captionOf(page, paths[side], selection.symbols, ranges) };
}

/** What lies between the file on the desk and that of the phase; undefined where neither has one. */
export function leftOf({ repo, phase, desk }: Chapter, path: string): Change | undefined {
  const [typed, after] = [desk.get(path), repo.read(`${phase?.folder}/${path}`)];
  if (typed === undefined && after === undefined) return undefined;
  const state = typed === undefined ? "new" : after === undefined ? "gone" : "changed";
  return changeOf(path, state, textOf(typed), after ?? "");
}

/** The lines of a selection as a diff, which is then typed. A Problem when nothing is left of them. */
export function takeStep(change: Change, selection: Selection, desk: Desk) {
  if (change.lines.every(({ sign }) => sign === " "))
    throw new Problem("Every line of it is shown above. To show it again, use a code block of the new file.");
  const step = select(change, selection);
  const hunks = hunksOf(change, new Set(), step);
  const body = diffLines(hunks, linesOf(change.before));
  desk.set(change.path, stateAfter(change, step));
  return { step, hunks, body };
}

/**
 * `<!-- draft: src/prompt.ts -->` and code or a diff, typed by the author: what is in neither phase, for the time
 * being. A diff is given the lines around it.
 */
export function renderDraft(block: Block, { desk }: Chapter): Rendered {
  const { text: path, fence } = block;
  if (!fence || !/^src\/\S+$/.test(path))
    throw new Problem("Write it as src/file.ts, and code or a diff in a fence below.");
  const caption = `<sub>${path} · for now</sub>`;
  if (fence.info !== "diff") {
    typeCode(desk, path, fence.body);
    return { info: fence.info, body: fence.body, caption };
  }
  const typed = desk.get(path) ?? [];
  const change = changeOf(path, "changed", textOf(typed), textOf(applyWhereItFits(fence.body, typed)));
  return {
    info: "diff",
    body: takeStep(change, { path, symbols: [], spans: [], without: [] }, desk).body,
    caption,
  };
}

/**
 * The numbers of a draft are of the file as it was when the block was filled, and so are the lines around: where the diff
 * does not fit as it is, it is tried without its numbers, and with fewer and fewer of those lines.
 */
function applyWhereItFits(diff: readonly string[], file: readonly string[]): string[] {
  for (const fuzz of [0, 1, 2]) {
    const hunks = diff
      .join("\n")
      .split(/^@@.*\n?/m)
      .filter(Boolean);
    const loose = hunks.flatMap((hunk) => ["@@", ...withoutEdges(hunk.replace(/\n$/, "").split("\n"), fuzz)]);
    try {
      return applyDiff(loose, file);
    } catch {}
  }
  return applyDiff(diff, file);
}

/** A hunk without its outermost unchanged lines. */
function withoutEdges(hunk: readonly string[], count: number): string[] {
  const changed = hunk.flatMap((line, at) => (/^[+-]/.test(line) ? [at] : []));
  const [first = 0, last = 0] = [changed[0], changed.at(-1)];
  return hunk.slice(Math.min(count, first), hunk.length - Math.min(count, hunk.length - 1 - last));
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
