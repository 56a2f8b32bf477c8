import { sep } from "node:path";
import type { Readable } from "node:stream";
import { setImmediate as ripgrepFirst } from "node:timers/promises";
import { fitsRule, type Rule } from "./ignore-rules.ts";

/** Text, or base64 where it is not UTF-8. */
type RawText = { text: string } | { bytes: string };

/** `lines` is the line, its end included. A hit's `start` is counted in bytes. */
interface RipgrepMatch {
  path: RawText;
  lines: RawText;
  line_number: number;
  submatches: { start: number }[];
}

/** What `rg --json` prints: https://docs.rs/grep-printer/latest/grep_printer/struct.JSON.html */
type RipgrepRecord =
  | { type: "match"; data: RipgrepMatch }
  /** A file is done. With a `binary_offset` it has a NUL byte, so what matched are no lines. */
  | { type: "end"; data: { path: RawText; binary_offset: number | null } }
  | { type: "begin" | "summary" }
  /** Ours: a match on a line that does not fit in memory. */
  | { type: "too_long" }
  /** Ours: what went wrong on the way, such as a file that may not be read. */
  | { type: "complaint"; text: string };

/** The same files on every machine: none of the user's own settings, and of ignore files only git's. */
const FLAGS = ["--hidden", "--no-ignore-global", "--no-ignore-dot", "--no-ignore-messages"];

/** Outside of a repository ripgrep must neither need one nor look above the start. */
const READERS = {
  repository: FLAGS,
  below: [...FLAGS, "--no-require-git", "--no-ignore-parent"],
  nobody: [...FLAGS, "--no-ignore-vcs"],
};

/** A record is cut here: a long line full of hits makes a record fifty times its length. */
const MAX_RECORD_BYTES = 16 * 1024 * 1024;
const MAX_COMPLAINTS = 10_000;
/** Of one line: more than a search shows. */
const MAX_INSIDE = 1000;
const LF = 10;
const CR = 13;

/**
 * The records of `rg --json`, as they come. Ripgrep is ended with the generator, however that ends.
 * @throws what ripgrep said when it could not search at all: why a pattern is bad, for one.
 */
async function* runRipgrep(
  args: readonly string[],
  cwd: string,
  signal: AbortSignal,
): AsyncGenerator<RipgrepRecord> {
  const { spawn } = await import("node:child_process");
  const { rgPath } = await import("@vscode/ripgrep");
  signal.throwIfAborted();
  const child = spawn(rgPath, ["--json", "--no-config", ...args], {
    cwd,
    signal,
    killSignal: "SIGKILL",
    stdio: ["ignore", "pipe", "pipe"],
  });
  const closed = new Promise<void>((resolve, reject) => child.once("close", resolve).once("error", reject));
  closed.catch(() => {});
  let complaints = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    if (complaints.length < MAX_COMPLAINTS) complaints += text;
  });
  try {
    let finished = false; // a bad pattern or a kill leaves no summary
    for await (const line of jsonLines(child.stdout)) {
      const record: RipgrepRecord = JSON.parse(line);
      finished ||= record.type === "summary";
      yield record;
    }
    await closed;
    if (!finished) throw new Error(complaints.trim() || "ripgrep ended before its search did.");
    if (complaints) yield { type: "complaint", text: complaints };
  } finally {
    child.kill("SIGKILL");
    await closed.catch(() => {});
  }
}

/** Ripgrep waits for ever for a pipe that is called .gitignore, and reads a link to a device without end. */
const HELD_UP_MS = 500;

/**
 * What a search finds; undefined when it was ended, because an ignore file holds it up.
 * @param isHeldUp is asked when the search takes long
 */
export async function unlessHeldUp<Found>(
  search: (signal: AbortSignal) => Promise<Found>,
  isHeldUp: (signal: AbortSignal) => Promise<boolean>,
  signal: AbortSignal,
): Promise<Found | undefined> {
  const end = new AbortController();
  const timer = setTimeout(async () => {
    if (await isHeldUp(end.signal).catch(() => false)) end.abort();
  }, HELD_UP_MS);
  try {
    return await search(AbortSignal.any([signal, end.signal]));
  } catch (error) {
    if (end.signal.aborted && !signal.aborted) return undefined;
    throw error;
  } finally {
    clearTimeout(timer);
    end.abort();
  }
}

/** So many paths fit on a command line. */
const MOST_NAMED = 5000;

/**
 * The records of a target, and of the files in it that ripgrep skips: those are searched by name, unless a glob already found
 * them.
 */
export async function* searchAll(
  reader: keyof typeof READERS,
  args: readonly string[],
  target: string,
  passedBy: () => Promise<readonly string[]>,
  cwd: string,
  signal: AbortSignal,
): AsyncGenerator<RipgrepRecord> {
  const flags = [...READERS[reader], ...args];
  const found = new Set<string>();
  const names = ripgrepFirst().then(passedBy);
  names.catch(() => {}); // it is waited for below, or nobody wants it any more
  for await (const record of runRipgrep([...flags, target], cwd, signal)) {
    if (record.type === "match") found.add(pathOf(record.data.path));
    yield record;
  }
  const files = (await names).filter((path) => !found.has(path)).map((path) => `./${path}`);
  for (let first = 0; first < files.length; first += MOST_NAMED)
    yield* runRipgrep([...flags, ...files.slice(first, first + MOST_NAMED)], cwd, signal);
}

/** A letter may be one character in a file, and two in another. A pattern with counts or sets of characters stays as it is. */
export function patternFlags(pattern: string): string[] {
  const forms = /[[{?*+]/.test(pattern) ? [] : ["NFC", "NFD"].map((form) => pattern.normalize(form));
  return [...new Set([pattern, ...forms])].map((form) => `--regexp=${form}`);
}

/**
 * A glob of a model's as one that counts from the folder searched: an absolute one inside the workspace too. `[id]` is
 * a set of characters, and in some frameworks the name of a folder: it stands for both.
 */
export function globBelow(folders: readonly string[], glob = ""): string {
  const [, mark = "", named = ""] = /^(!?)(?:\.\/)*(.*)$/s.exec(glob) ?? [];
  const path = folders.includes(named) ? `${named}/` : named;
  const folder = folders.find((folder) => path.startsWith(`${folder}/`)) ?? "";
  const below = path.slice(folder.length).replace(/\/$/, "/**");
  const start = below.startsWith("#") ? "\\" : ""; // else it would be a comment
  const literal = (set: string) => set.replace(/\W/g, "\\$&");
  return (
    mark + start + below.replace(/(?<!\\)\[[!^]?\]?[^\]/\\]*\]\]?/g, (set) => `{${set},${literal(set)}}`)
  );
}

/** Whether a search looks into a file. A negated glob that fits a folder leaves out everything that is in it. */
export function fitsGlob(rule: Rule, path: string): boolean {
  if (!rule.negated) return fitsRule(rule, path, false);
  const names = path.split("/");
  return !names.some((_, index) =>
    fitsRule(rule, names.slice(0, index + 1).join("/"), index < names.length - 1),
  );
}

async function* jsonLines(output: Readable): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of output as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      if (size <= MAX_RECORD_BYTES) yield Buffer.concat([...parts, chunk.subarray(start, end)]).toString();
      else yield closedAfterFirstHit(Buffer.concat(parts));
      parts = [];
      size = 0;
      start = end + 1;
    }
    if (size <= MAX_RECORD_BYTES) parts.push(chunk.subarray(start));
    size += chunk.length - start;
  }
}

/** A record that was cut, as a whole one with one hit. */
function closedAfterFirstHit(record: Buffer): string {
  // Neither key can be part of a line's text: JSON escapes the quotes in it.
  const hits = record.indexOf('"submatches":[{');
  const end = hits < 0 ? -1 : record.indexOf('"end":', hits);
  const close = end < 0 ? -1 : record.indexOf("}", end);
  return close < 0 ? '{"type":"too_long"}' : `${record.toString("utf8", 0, close + 1)}]}}`;
}

/** The lines of a match. Ripgrep takes a file for one line whose lines all end in CR alone. */
export function matchedLines({ lines, line_number: line, submatches }: RipgrepMatch) {
  const bytes = bytesOf(lines);
  if (line > 1 || bytes.at(-1) === LF || !bytes.includes(CR)) {
    return [{ line, bytes, start: submatches[0]?.start ?? 0 }];
  }
  const inside = submatches.slice(0, MAX_INSIDE).map(({ start }) => {
    const before = bytes.subarray(0, start);
    const from = before.lastIndexOf(CR) + 1;
    const end = bytes.indexOf(CR, start);
    const line = before.filter((byte) => byte === CR).length + 1;
    return { line, bytes: bytes.subarray(from, end < 0 ? undefined : end), start: start - from };
  });
  return inside.filter(({ line }, index) => line !== inside[index - 1]?.line);
}

function bytesOf(raw: RawText): Buffer {
  return "text" in raw ? Buffer.from(raw.text) : Buffer.from(raw.bytes, "base64");
}

/** Relative to the folder that ripgrep ran in. */
export function pathOf(raw: RawText): string {
  return bytesOf(raw).toString().split(sep).join("/").replace(/^\.\//, "");
}

/**
 * What ripgrep could not read: the first three places, each with its reason. Its complaints about ignore files are left out:
 * they quote the file, which may be a link out of the workspace.
 */
export function complaintNotice(complaints: string, inWorkspace: (path: string) => string): string[] {
  const lines = complaints.split("\n").filter((line) => /\(os error \d+\)$/.test(line));
  const complaint = /^rg: (?:\.\/)?(.+?): (?:IO error for operation on .+: )?(.+?)(?: \(os error \d+\))?$/;
  const shown = lines
    .slice(0, 3)
    .map((line) => line.replace(complaint, (_, path, reason) => `${inWorkspace(path)} (${reason})`));
  const more = lines.length > 3 ? ` and ${lines.length - 3} more` : "";
  return shown.length > 0 ? [`Not everything could be searched: ${shown.join(", ")}${more}.`] : [];
}
