import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { cutEnd, cutStart } from "./cut.ts";
import { fileKind } from "./file-kind.ts";
import { fsError, isMissing } from "./fs-error.ts";
import { createIgnoreCheck, rulesAbove } from "./gitignore.ts";
import { type ResolvedPath, relativePath, resolvePath } from "./guard.ts";
import { byCodePoint, showName } from "./names.ts";
import { type RipgrepRecord, runRipgrep } from "./ripgrep.ts";
import { missingFile } from "./text-file.ts";
import { NEVER_WALKED, neverWalked } from "./walk.ts";
import type { Workspace } from "./workspace.ts";

export interface SearchRequest {
  /** A regular expression, as ripgrep reads it. */
  readonly pattern: string;
  /** A folder or a file; the whole workspace by default. */
  readonly path?: string | undefined;
  /** Which files: "*.ts", "src/**". Relative to the workspace. */
  readonly glob?: string | undefined;
}

export interface TextMatch {
  /** Relative to the workspace. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** The line; of a long one, the part around the match. */
  readonly text: string;
}

export interface SearchResult {
  /** Sorted by path and line. */
  readonly matches: TextMatch[];
  /** What is left out, and how to see it. */
  readonly notice?: string;
}

const MAX_MATCHES = 100;
const MAX_BYTES = 50 * 1024;
const LINE_LENGTH = 300;

/**
 * Searches files for a regular expression, without .git, node_modules, binary files and what .gitignore files exclude.
 * Finding nothing is a result, not an error. Stops at 100 matches or 50 KB.
 * @throws for a pattern or a glob that ripgrep cannot read, with its explanation.
 */
export async function searchText(
  workspace: Workspace,
  { pattern, path = ".", glob }: SearchRequest,
  signal: AbortSignal,
): Promise<SearchResult> {
  requirePattern(pattern);
  const place = await resolvePath(workspace, path);
  const start = await startFolder(workspace, place);
  const above = await rulesAbove(workspace, start);
  const named = start !== place.absolute;
  const check = createIgnoreCheck(start, above);
  const isExcluded = async (file: string) => !named && (await check(join(workspace.root, file)));
  const parents = above.repository === undefined || above.excluded ? ["--no-ignore-parent"] : [];
  const target = `./${relativePath(workspace.root, place.absolute)}`.replace(/^\.\/\.$/, ".");
  const args = [...FLAGS, ...parents, ...globFlags(glob), `--regexp=${pattern}`, "--", target];
  try {
    return await collect(runRipgrep(args, workspace.root, signal), isExcluded);
  } catch (error) {
    signal.throwIfAborted();
    throw searchError(error);
  }
}

/** The same files on every machine: no configuration of the user's, no ignore files but git's in the project. */
const FLAGS = ["--hidden", "--sort=path", "--no-require-git", "--no-ignore-global", "--no-ignore-dot"];

/** Of several globs that fit a file, ripgrep obeys the last. */
function globFlags(glob: string | undefined): string[] {
  const asked = glob ? [`--glob=${glob.replace(/^\.\//, "")}`] : [];
  return [...asked, ...NEVER_WALKED.map((name) => `--glob=!**/${name}`)];
}

function requirePattern(pattern: string): void {
  if (pattern === "")
    throw new Error("The pattern is empty. Give the text to search for, or list files with list_files.");
  if (/[\n\r\0]/.test(pattern)) {
    throw new Error(
      "A pattern is matched line by line: it cannot hold a line break or a NUL. Search for one of the lines.",
    );
  }
}

/** The folder to search, or the one that the file to search is in. */
async function startFolder(workspace: Workspace, place: ResolvedPath): Promise<string> {
  const never = neverWalked(workspace, place.absolute);
  if (never) {
    throw new Error(
      `${never} is never listed or searched. read_file reads a file in it when given its path.`,
    );
  }
  const stats = await stat(place.absolute).catch(async (error: unknown) => {
    throw isMissing(error) ? await missingFile(workspace, place) : fsError(error, `search ${place.shown}`);
  });
  if (stats.isDirectory()) return place.absolute;
  if (stats.isFile()) return dirname(place.absolute);
  throw new Error(`${place.shown} is ${fileKind(stats)}. Only files and folders can be searched.`);
}

async function collect(
  records: AsyncIterable<RipgrepRecord>,
  isExcluded: (file: string) => Promise<boolean>,
): Promise<SearchResult> {
  let matches: TextMatch[] = [];
  const notices: string[] = [];
  let bytes = 0;
  for await (const record of records) {
    if (record.type === "too_long") notices.push("A match is left out: its line is too long to be read.");
    if (record.type === "complaint")
      notices.push(`Not everything could be searched: ${firstLines(record.text)}`);
    if (record.type === "end" && record.binary) {
      const texts = matches.filter(({ path }) => path !== showName(record.path));
      if (texts.length < matches.length)
        notices.push(`${showName(record.path)} matches, and is a binary file.`);
      matches = texts;
    }
    if (record.type !== "match" || (await isExcluded(record.path))) continue;
    const match = {
      path: showName(record.path),
      line: record.line,
      text: preview(record.bytes, record.start),
    };
    bytes += Buffer.byteLength(match.path) + Buffer.byteLength(match.text) + 10;
    if (matches.length === MAX_MATCHES || bytes > MAX_BYTES) {
      notices.push(
        `Stopped after ${matches.length} matches; there are more. Narrow the search with a longer pattern, with path or with glob.`,
      );
      break;
    }
    matches.push(match);
  }
  matches.sort((a, b) => byCodePoint(a.path, b.path) || a.line - b.line);
  return { matches, ...(notices.length > 0 && { notice: notices.join(" ") }) };
}

/** A line without its end; of a long one, about 300 characters with the match in their middle. */
function preview(line: Buffer, start: number): string {
  // A character takes at most four bytes: what a cut here breaks lies beyond what is shown.
  const reach = 4 * LINE_LENGTH;
  const before = line.subarray(Math.max(0, start - reach), start).toString();
  const after = line
    .subarray(start, start + reach)
    .toString()
    .replace(/\r?\n$/, "");
  const room = Math.max(LINE_LENGTH / 2, LINE_LENGTH - before.length);
  const right = cutEnd(after, room);
  const left = cutStart(before, LINE_LENGTH - right.length);
  return `${left.length < before.length ? "…" : ""}${left}${right}${right.length < after.length ? "…" : ""}`;
}

function searchError(error: unknown): Error {
  const said = error instanceof Error ? error.message : String(error);
  if (said.includes('"\\n" is not allowed')) {
    return new Error(
      "A pattern is matched line by line: it cannot hold a line break. Search for one of the lines.",
    );
  }
  const hint = said.includes("regex parse error")
    ? "\nTo search for characters such as ( [ { as they are, put a backslash before each."
    : "";
  return new Error(`The search could not be run: ${said.replace(/^rg: /, "")}${hint}`, { cause: error });
}

function firstLines(complaints: string): string {
  const lines = complaints
    .trim()
    .replaceAll(/^rg: (?:\.\/)?/gm, "")
    .split("\n");
  const shown = lines.slice(0, 3).join("; ");
  return lines.length > 3 ? `${shown}; and ${lines.length - 3} more.` : `${shown}.`;
}
