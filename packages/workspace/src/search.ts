import { basename, dirname, join, posix } from "node:path";
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
import {
  createIgnoreCheck,
  type IgnoreRules,
  parseRule,
  rulesAt,
  trackedAndIgnored,
  unreadNotice,
} from "./ignore-rules.ts";
import { missingFile } from "./list.ts";
import {
  complaintNotice,
  fitsGlob,
  globBelow,
  matchedLines,
  pathOf,
  patternFlags,
  searchAll,
  unlessHeldUp,
} from "./ripgrep.ts";
import { isSecret } from "./secrets.ts";
import { cutEnd, cutStart } from "./text.ts";
import { scanText } from "./text-file.ts";
import { allFolders, isNeverWalked, namesLeftOut, neverWalkedGlobs, refuseNeverWalked } from "./walk.ts";
import type { Workspace } from "./workspace.ts";

const MAX_MATCHES = 100;
const MAX_BINARIES = 3;
const MAX_BYTES = 50 * 1024;
const MAX_PATTERN = 10_000;
const PREVIEW_LENGTH = 300; // UTF-16 units
const ONE_LINE = "A pattern is matched line by line: it cannot hold a line break. Search for one line.";

/**
 * Searches files for a regular expression, without binary files and what `listFolder` leaves out. Files that may hold
 * secrets are searched only when `path` names them. Finding nothing is a result, not an error: the notice says what
 * was searched. Stops at 100 matches or 50 KB.
 * @param request a regular expression, as ripgrep reads it; a file or folder, by default the workspace; which files
 * ("*.ts", "src/**"), counted from that folder.
 * @returns matches sorted by path and line (from 1), with the line, or of a long one the part around the match; what
 * is left out and how to see it
 * @throws for a pattern or a glob that ripgrep cannot read, with its explanation.
 */
export async function searchText(
  workspace: Workspace,
  request: Readonly<{ pattern: string; path?: string | undefined; glob?: string | undefined }>,
  signal: AbortSignal,
) {
  const { pattern, path = "." } = request;
  requirePattern(pattern, request.glob ?? "");
  const place = await resolvePath(workspace, path);
  const start = await startFolder(workspace, place);
  const isFolder = start === place.absolute;
  const rules = await rulesAt(workspace, start);
  const isIgnored = createIgnoreCheck(start, rules);
  // A file that is asked for by name is searched, as a folder is. What lies below a folder was not asked for by name,
  // so whoever may search a folder learns no secrets by it.
  const isExcluded = async (file: string) =>
    isFolder && (isSecret(file) || (await isIgnored(join(workspace.root, file))));
  const glob = isFolder ? globBelow([start, workspace.root], request.glob) : "";
  const target = isFolder ? "." : `./${basename(place.absolute)}`;
  // Of several globs that fit a file, the last one counts.
  const globs = [...(glob ? [glob] : []), ...neverWalkedGlobs(start)].map((text) => `--glob=${text}`);
  const args = [...globs, ...patternFlags(pattern), "--"];
  const passedBy = async () => (isFolder ? passedByRipgrep(start, rules, glob) : []);
  const search = (reader: IgnoreRules["reader"], signal: AbortSignal) =>
    runQuickly((...flags) => {
      const records = searchAll(reader, [...flags, ...args], target, passedBy, start, signal);
      return collect(records, workspace, start, isExcluded);
    }, isFolder);
  let { unread } = rules;
  const isHeldUp = async (signal: AbortSignal) => {
    const walked = await allFolders(workspace, start, signal);
    unread = walked.flatMap((folder) => folder.unread);
    return rules.reader !== "nobody" && unread.length > 0;
  };
  try {
    const found = await unlessHeldUp((signal) => search(rules.reader, signal), isHeldUp, signal);
    const { matches, notices } = found ?? (await search("nobody", signal));
    notices.push(...(place.notice ? [place.notice] : []), ...unreadNotice(workspace, unread));
    if (matches.length === 0 && !isFolder && notices.length === 0)
      await scanText(workspace, place, () => true, signal).catch(({ message }) => notices.push(message));
    if (matches.length === 0 && /\[\\s\\S|\[\\S\\s|\(\?[a-z]*s/.test(pattern)) notices.push(ONE_LINE);
    if (matches.length === 0 && isFolder) notices.push(await whatWasSearched(workspace, place, glob, signal));
    return { matches, ...(notices.length > 0 && { notice: notices.join(" ") }) };
  } catch (error) {
    signal.throwIfAborted();
    throw searchError(error);
  }
}

/**
 * Only unsorted does ripgrep use all processors. Where not all matches are shown, they must be the same ones each time.
 * With `--crlf` a `$` is before CRLF too; for a pattern that names the CR itself ripgrep refuses that.
 */
async function runQuickly(run: (...flags: string[]) => ReturnType<typeof collect>, isFolder: boolean) {
  const attempt = async (...flags: string[]) => {
    const found = await run(...flags, `--max-count=${MAX_MATCHES + 1}`);
    // In a folder ripgrep leaves a file at its first NUL byte. Before the answer is "nothing", it reads on.
    if (found.matches.length === 0 && isFolder) return run(...flags, "--binary", "--max-count=1");
    return found.stopped ? run(...flags, "--sort=path") : found;
  };
  return attempt("--crlf").catch((error: Error) => {
    if (!error.message.includes('"\\r" is not allowed')) throw error;
    return attempt();
  });
}

function requirePattern(pattern: string, glob: string): void {
  if (pattern === "") throw new Error("The pattern is empty. Give a text to search for.");
  for (const [what, { length }] of Object.entries({ pattern, glob }))
    if (length > MAX_PATTERN)
      throw new Error(`The ${what} has ${length} characters. Give a part of it, of ${MAX_PATTERN} at most.`);
  if (/[\n\r\0]/.test(pattern)) throw new Error(ONE_LINE);
  if (/\{,|,,|,\}/.test(glob)) throw new Error("A glob has no empty choice, as a{,b} has: write {a,ab}.");
  if (glob.includes("\0")) throw new Error("The glob holds a NUL character, which no path can.");
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

/** What git tracks and .gitignore excludes, as far as it is searched. Of files that are named ripgrep asks no glob. */
async function passedByRipgrep(start: string, rules: IgnoreRules, glob: string): Promise<string[]> {
  const rule = parseRule(glob);
  const paths = (await trackedAndIgnored(start, rules)).map((file) => relativePath(start, file));
  return paths.filter((path) => (!rule || fitsGlob(rule, path)) && !path.split("/").some(isNeverWalked));
}

/** For an empty answer: it proves something only of the files that were looked at. */
async function whatWasSearched(workspace: Workspace, place: ResolvedPath, glob: string, signal: AbortSignal) {
  const rule = parseRule(glob);
  const count = { searched: 0, unfit: 0, secret: 0, ignored: 0, links: 0 };
  const walked = await allFolders(workspace, place.absolute, signal);
  for (const folder of walked) {
    count.ignored += folder.excluded - folder.leftOut.length;
    for (const entry of folder.entries) {
      if (entry.isSymbolicLink()) count.links++;
      if (!entry.isFile()) continue;
      const path = relativePath(place.absolute, join(folder.absolute, entry.name));
      if (rule && !fitsGlob(rule, path)) count.unfit++;
      else if (isSecret(relativePath(workspace.root, join(place.absolute, path)))) count.secret++;
      else count.searched++;
    }
  }
  const { searched, unfit, secret, ignored, links } = count;
  const none = unfit
    ? `none of the ${unfit} below the path fits the glob, which counts from there`
    : "there is none below the path";
  const leftOut = [
    ...namesLeftOut(walked),
    ...(ignored ? [`${ignored} that .gitignore excludes`] : []),
    ...(links ? [`${links} that ${links > 1 ? "are links" : "is a link"}`] : []),
    ...(secret ? [`${secret} that may hold secrets: name such a file with path`] : []),
  ];
  const files = searched > 1 ? `${searched} files were` : `${searched || "No"} file was`;
  const why = searched || secret ? "" : `: ${none}`;
  return `${files} searched${why}.${leftOut.length ? ` Left out: ${leftOut.join(", ")}.` : ""}`;
}

/**
 * @param start where ripgrep ran
 * @param isExcluded ripgrep's own reading of .gitignore files yields to a glob; ours is the last word.
 */
async function collect(
  records: ReturnType<typeof searchAll>,
  { root }: Workspace,
  start: string,
  isExcluded: (file: string) => Promise<boolean>,
) {
  const folder = isInside(root, start) ? relativePath(root, start) : start;
  const inWorkspace = (path: string) => posix.join(folder, path);
  let matches: { readonly path: string; readonly line: number; readonly text: string }[] = [];
  const notices: string[] = [];
  let binaries = 0;
  let bytes = 0;
  let stopped = false;
  for await (const record of records) {
    if (record.type === "complaint") notices.push(...complaintNotice(record.text, inWorkspace));
    if (record.type === "too_long") notices.push("A match is left out: its line is too long to be read.");
    if (record.type === "end" && record.data.binary_offset !== null) {
      const binary = inWorkspace(pathOf(record.data.path));
      const texts = matches.filter(({ path }) => path !== binary);
      if (texts.length < matches.length && ++binaries <= MAX_BINARIES)
        notices.push(`${showName(binary)} matches, and is a binary file.`);
      matches = texts;
    }
    if (record.type !== "match") continue;
    const path = inWorkspace(pathOf(record.data.path));
    if (await isExcluded(path)) continue;
    for (const { line, bytes: content, start } of matchedLines(record.data)) {
      const match = { path, line, text: preview(content, start) };
      bytes += Buffer.byteLength(`${match.path}:${match.line}: ${match.text}\n`);
      stopped ||= matches.length === MAX_MATCHES || bytes > MAX_BYTES;
      if (!stopped) matches.push(match);
    }
    if (!stopped) continue;
    const narrow = "Narrow the search with a longer pattern, with path or with glob.";
    notices.push(`Stopped after ${matches.length} matches; there are more. ${narrow}`);
    break;
  }
  if (binaries > MAX_BINARIES) notices.push(`${binaries - MAX_BINARIES} more binary files match.`);
  matches.sort((a, b) => byCodePoint(a.path, b.path) || a.line - b.line);
  return { matches: matches.map((match) => ({ ...match, path: showName(match.path) })), notices, stopped };
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
  const said = (error instanceof Error ? error.message : String(error))
    .replace(/^rg: /, "")
    .replace(/\n+Consider enabling .*/s, ""); // what a model cannot pass
  if (said.includes('"\\n" is not allowed')) return new Error(ONE_LINE);
  const hint = said.includes("regex parse error")
    ? "\nTo search for characters such as ( [ { as they are, put a backslash before each."
    : "";
  return new Error(`The search could not be run: ${said}${hint}`, { cause: error });
}
