import { dirname, join } from "node:path";
import { fileKind } from "./fs-errors.ts";
import {
  byCodePoint,
  isInside,
  type ResolvedPath,
  relativePath,
  resolvePath,
  showName,
  statIfThere,
} from "./guard.ts";
import { missingFile } from "./list.ts";
import { bytesOf, pathOf, type RipgrepRecord, runRipgrep } from "./ripgrep.ts";
import { isSecret } from "./secrets.ts";
import { cutEnd, cutStart } from "./text.ts";
import { createIgnoreCheck, NEVER_WALKED, refuseNeverWalked, rulesAbove } from "./walk.ts";
import type { Workspace } from "./workspace.ts";

const MAX_MATCHES = 100;
const MAX_BYTES = 50 * 1024;
const MAX_PATTERN = 10_000;
/** UTF-16 units. */
const PREVIEW_LENGTH = 300;
const ONE_LINE =
  "A pattern is matched line by line: it cannot hold a line break. Search for one of the lines.";
const NARROW = "Narrow the search with a longer pattern, with path or with glob.";

/**
 * Searches files for a regular expression, without .git, node_modules, binary files and what .gitignore files exclude.
 * Files that may hold secrets are searched only when `path` names them.
 * Finding nothing is a result, not an error. Stops at 100 matches or 50 KB.
 * @param request a regular expression, as ripgrep reads it; a file or folder, by default the workspace; which files
 * ("*.ts", "src/**"). Paths are relative to the workspace.
 * @returns matches sorted by path and line (from 1), with the line, or of a long one the part around the match; what
 * is left out and how to see it
 * @throws for a pattern or a glob that ripgrep cannot read, with its explanation.
 */
export async function searchText(
  workspace: Workspace,
  request: {
    readonly pattern: string;
    readonly path?: string | undefined;
    readonly glob?: string | undefined;
  },
  signal: AbortSignal,
) {
  const { pattern, path = ".", glob } = request;
  requirePattern(pattern);
  const place = await resolvePath(workspace, path);
  const start = await startFolder(workspace, place);
  const rules = await rulesAbove(workspace, start);
  const isIgnored = createIgnoreCheck(start, rules);
  // A file that is asked for by name is searched, as a folder is. What lies below a folder was not asked for by name,
  // so whoever may search a folder learns no secrets by it.
  const isExcluded = async (file: string) =>
    start === place.absolute && (isSecret(file) || (await isIgnored(join(workspace.root, file))));
  const { root } = workspace;
  const target = isInside(root, place.absolute) ? relativePath(root, place.absolute) : place.absolute;
  const args = [
    ...flagsFor(rules.fromGit, glob),
    `--regexp=${pattern}`,
    "--",
    target === "-" ? "./-" : target, // "-" alone is standard input to ripgrep
  ];
  try {
    return await collect(runRipgrep(args, root, signal), isExcluded);
  } catch (error) {
    signal.throwIfAborted();
    throw searchError(error);
  }
}

function requirePattern(pattern: string): void {
  if (pattern === "") throw new Error("The pattern is empty. Give a text to search for.");
  if (pattern.length > MAX_PATTERN) {
    throw new Error(
      `The pattern has ${pattern.length} characters. Search for a part of it, of ${MAX_PATTERN} at most.`,
    );
  }
  if (/[\n\r\0]/.test(pattern)) throw new Error(ONE_LINE);
}

/** The folder to search, or the one that the file to search is in. */
async function startFolder(workspace: Workspace, place: ResolvedPath): Promise<string> {
  refuseNeverWalked(workspace, place);
  const stats = await statIfThere(place, "search");
  if (!stats) throw await missingFile(workspace, place);
  if (stats.isDirectory()) return place.absolute;
  if (stats.isFile()) return dirname(place.absolute);
  throw new Error(`${place.shown} is ${fileKind(stats)}. Only files and folders can be searched.`);
}

/**
 * The same files on every machine: none of the user's own settings, and of ignore files only .gitignore. In a
 * repository ripgrep finds those above the workspace by itself. Elsewhere it must neither need one nor look above.
 */
function flagsFor(fromGit: boolean, glob: string | undefined): string[] {
  return [
    ...["--hidden", "--sort=path", "--no-ignore-global", "--no-ignore-exclude", "--no-ignore-dot"],
    ...(fromGit ? [] : ["--no-require-git", "--no-ignore-parent"]),
    ...(glob ? [`--glob=${glob.replace(/^\.\//, "")}`] : []),
    ...NEVER_WALKED.map((name) => `--glob=!**/${name}`), // of several globs that fit a file, the last one counts
  ];
}

/** @param isExcluded ripgrep's own reading of .gitignore files yields to a glob; ours is the last word. */
async function collect(
  records: AsyncIterable<RipgrepRecord>,
  isExcluded: (file: string) => Promise<boolean>,
) {
  let matches: { readonly path: string; readonly line: number; readonly text: string }[] = [];
  const notices: string[] = [];
  let bytes = 0;
  for await (const record of records) {
    if (record.type === "complaint") notices.push(...complaintNotice(record.text));
    if (record.type === "too_long") notices.push("A match is left out: its line is too long to be read.");
    if (record.type === "end" && record.data.binary_offset !== null) {
      const binary = pathOf(record.data.path);
      const texts = matches.filter(({ path }) => path !== binary);
      if (texts.length < matches.length) notices.push(`${showName(binary)} matches, and is a binary file.`);
      matches = texts;
    }
    if (record.type !== "match") continue;
    const { lines, line_number: line, submatches } = record.data;
    const path = pathOf(record.data.path);
    if (await isExcluded(path)) continue;
    const match = { path, line, text: preview(bytesOf(lines), submatches[0]?.start ?? 0) };
    bytes += Buffer.byteLength(`${match.path}:${match.line}: ${match.text}\n`);
    if (matches.length === MAX_MATCHES || bytes > MAX_BYTES) {
      notices.push(`Stopped after ${matches.length} matches; there are more. ${NARROW}`);
      break;
    }
    matches.push(match);
  }
  matches.sort((a, b) => byCodePoint(a.path, b.path) || a.line - b.line);
  const shown = matches.map((match) => ({ ...match, path: showName(match.path) }));
  return { matches: shown, ...(notices.length > 0 && { notice: notices.join(" ") }) };
}

/**
 * A line without its end; of a long one, about 300 characters with the match in their middle.
 * @param start where in the bytes the match begins
 */
function preview(line: Buffer, start: number): string {
  // A character takes at most four bytes: what a cut here breaks lies beyond what is shown.
  const reach = 4 * PREVIEW_LENGTH;
  const before = line.toString("utf8", Math.max(0, start - reach), start);
  const after = line.toString("utf8", start, start + reach).replace(/\r?\n$/, "");
  const right = cutEnd(after, Math.max(PREVIEW_LENGTH / 2, PREVIEW_LENGTH - before.length));
  const left = cutStart(before, PREVIEW_LENGTH - right.length);
  return `${left.length < before.length ? "…" : ""}${left}${right}${right.length < after.length ? "…" : ""}`;
}

function searchError(error: unknown): Error {
  const said = (error instanceof Error ? error.message : String(error)).replace(/^rg: /, "");
  if (said.includes('"\\n" is not allowed')) return new Error(ONE_LINE);
  const hint = said.includes("regex parse error")
    ? "\nTo search for characters such as ( [ { as they are, put a backslash before each."
    : "";
  return new Error(`The search could not be run: ${said}${hint}`, { cause: error });
}

/**
 * What ripgrep could not read: the first three places, each with its reason. It also complains of lines of ignore files
 * that make no sense, and prints them: but an ignore file may be a link out of the workspace.
 */
function complaintNotice(complaints: string): string[] {
  const lines = complaints.split("\n").filter((line) => /\(os error \d+\)$/.test(line));
  const complaint = /^rg: (?:\.\/)?(.+?): (?:IO error for operation on .+: )?(.+?)(?: \(os error \d+\))?$/;
  const shown = lines.slice(0, 3).map((line) => line.replace(complaint, "$1 ($2)"));
  const more = lines.length > 3 ? ` and ${lines.length - 3} more` : "";
  return shown.length > 0 ? [`Not everything could be searched: ${shown.join(", ")}${more}.`] : [];
}
