import type { ReadPlan } from "@eightfold/core";
import { type ResolvedPath, relativePath, requireCount, resolvePath } from "./guard.ts";
import { cutEnd } from "./text.ts";
import { isLarge, type LoadedText, scanText, stampOf } from "./text-file.ts";
import type { Workspace } from "./workspace.ts";

/** A page ends after this many lines, or before the line that would take it over the bytes. */
const PAGE_LINES = 2000;
const PAGE_BYTES = 50 * 1024;
/** UTF-16 units. */
const LINE_LENGTH = 2000;

/** @throws for a path that the guard refuses */
export async function planRead(workspace: Workspace, path = "."): Promise<ReadPlan> {
  const { absolute } = await resolvePath(workspace, path);
  return { type: "read", path: relativePath(workspace.root, absolute) };
}

/**
 * Reads one page of a text file: 2,000 lines or 50 KB, whichever comes first, each line to 2,000 characters. What was
 * read is remembered, so that a later change can tell whether the file is still the same.
 * @param page the number of the first line, from 1, and how many lines at most
 * @returns lines without their ends, the number of `lines[0]`, how many lines the file has, what is left out and how
 * to go on. Of a large file no more is read than the page: it has "many" lines.
 * @throws for anything but text, and for an offset beyond the last line.
 */
export async function readTextPage(
  workspace: Workspace,
  path: string,
  page: { readonly offset?: number | undefined; readonly limit?: number | undefined } = {},
  signal?: AbortSignal,
) {
  const { offset = 1, limit = PAGE_LINES } = page;
  requireCount("offset", offset);
  requireCount("limit", limit);
  const place = await resolvePath(workspace, path);
  const pick = async (lineEnd: "\n" | "\r") => {
    const picker = createLinePicker(lineEnd, offset, Math.min(limit, PAGE_LINES));
    let start: string | undefined;
    const take = (text: string) => {
      const isEnough = picker.push(start === undefined ? text.replace(/^\uFEFF/, "") : text);
      start ??= text;
      return isEnough;
    };
    const scanned = await scanText(workspace, place, take, signal);
    return { ...scanned, ...picker.end(), hasMark: start?.startsWith("\uFEFF") };
  };
  const inLf = await pick("\n");
  const scanned = inLf.onlyCr ? await pick("\r") : inLf;
  const { encoding, lines, cut, seen, ends, hasMark, isWhole, stats } = scanned;
  const fingerprint = isLarge(stats) ? stampOf(stats) : scanned.fingerprint;
  if (offset > Math.max(seen, 1)) {
    throw new Error(
      `${place.shown} has ${seen === 1 ? "1 line" : `${seen} lines`}: there is no line ${offset}. Use a smaller offset.`,
    );
  }

  // Pages that join up make a whole, except for a line that was cut.
  const last = cut[0] === undefined ? offset + lines.length - 1 : cut[0] - 1;
  const known = knownOf(workspace.lastRead.get(place.absolute));
  const readTo = known?.fingerprint === fingerprint ? known.readTo : 0;
  const reached = offset <= readTo + 1 ? Math.max(readTo, last) : readTo;
  const all = isWhole && reached >= seen;
  workspace.lastRead.set(place.absolute, all ? fingerprint : `${fingerprint} ${reached}`);

  const total = isWhole ? seen : "many";
  const notices = pageNotices(offset, lines.length, total, cut);
  notices.push(...formNotices(encoding, ends, hasMark));
  if (place.notice) notices.push(place.notice);
  const notice = notices.join(" ");
  return { path: place.shown, lines, first: offset, total, ...(notice && { notice }) };
}

/**
 * Picks one page of lines out of a text that comes in pieces. As for git, grep and compilers, a line ends with LF or
 * CRLF; with CR only in a file that has no other line ends.
 */
function createLinePicker(lineEnd: "\n" | "\r", first: number, limit: number) {
  const lines: string[] = [];
  const cut: number[] = [];
  let ended = 0;
  let line = "";
  let last = ""; // character of the line so far
  let hasCr = false;
  const ends = new Set<string>();
  let bytesLeft = PAGE_BYTES;
  const wanted = () => ended + 1 >= first && lines.length < limit && bytesLeft > 0;

  function keep(part: string): void {
    last = part.at(-1) ?? last;
    // One character too many tells that the line is to be cut; one more may be the CR of its end.
    if (wanted()) line += part.slice(0, LINE_LENGTH + 2 - line.length);
  }

  function endLine(whole: string): void {
    if (wanted()) {
      const text = cutEnd(whole, LINE_LENGTH);
      bytesLeft -= Buffer.byteLength(text) + 1;
      if (bytesLeft >= 0) lines.push(text);
      if (bytesLeft >= 0 && text.length < whole.length) cut.push(ended + 1);
    }
    ended++;
    line = last = "";
  }

  return {
    /** Takes the next piece; true when the page is full, and there is more. */
    push(text: string): boolean {
      hasCr ||= text.includes("\r");
      let start = 0;
      for (let end = text.indexOf(lineEnd); end >= 0; end = text.indexOf(lineEnd, start)) {
        keep(text.slice(start, end));
        ends.add(lineEnd === "\r" ? "CR" : last === "\r" ? "CRLF" : "LF");
        endLine(line.replace(/\r$/, ""));
        start = end + 1;
      }
      keep(text.slice(start));
      return ended >= first && !wanted() && (last !== "" || ended >= first + lines.length);
    },
    end() {
      const onlyCr = hasCr && lineEnd === "\n" && ended === 0;
      if (last !== "") endLine(line);
      return { lines, cut, seen: ended, onlyCr, ends: [...ends].join(" and ") };
    },
  };
}

/** What the lines do not show. */
function formNotices(encoding: string, ends: string, hasMark: boolean | undefined): string[] {
  if (encoding !== "utf-8") return ["The file is UTF-16: it can be read here, but not changed."];
  const form = [ends && ends !== "LF" && `${ends} line ends`, hasMark && "a BOM"].filter(Boolean);
  return form.length > 0 ? [`The file has ${form.join(" and ")}.`] : [];
}

function pageNotices(first: number, count: number, total: number | "many", cut: readonly number[]): string[] {
  if (total === 0) return ["The file is empty."];
  const last = first + count - 1;
  const notices: string[] = [];
  if (total === "many" || last < total)
    notices.push(`Lines ${first} to ${last} of ${total}; go on with offset ${last + 1}.`);
  else if (first > 1) notices.push(`Lines ${first} to ${last} of ${total}, the end of the file.`);
  if (cut.length > 0) {
    const numbers = cut.slice(0, 5).join(", ") + (cut.length > 5 ? ", …" : "");
    const which = cut.length === 1 ? `Line ${numbers} is` : `${cut.length} lines (${numbers}) are`;
    notices.push(`${which} longer than ${LINE_LENGTH} characters: only the start is shown.`);
  }
  return notices;
}

/** Records the session's own change. A file that was read in part now has other line numbers: none counts as read. */
export function recordChange({ lastRead }: Workspace, { absolute }: ResolvedPath, fingerprint: string): void {
  const whole = (knownOf(lastRead.get(absolute))?.readTo ?? WHOLE) === WHOLE;
  lastRead.set(absolute, whole ? fingerprint : `${fingerprint} 0`);
}

/** @throws unless the session has read some of the file, or all if need be, and the file is still what it was then. */
export function requireRead(
  { lastRead }: Workspace,
  { absolute, shown }: ResolvedPath,
  file: LoadedText,
  need: "some" | "all",
): void {
  const known = knownOf(lastRead.get(absolute));
  if (!known) {
    throw new Error(`${shown} has not been read in this session. Read it with read_file first.`);
  }
  if (![file.fingerprint, stampOf(file.stats)].includes(known.fingerprint)) {
    throw new Error(
      `${shown} has changed on disk since it was last read. Read it again, then make the change to what it says now.`,
    );
  }
  if (need === "some" || known.readTo === WHOLE) return;
  throw new Error(
    `${shown} has been read only in part, and write_file would replace all of it. Change a part of it with edit_file, or read the rest first.`,
  );
}

const WHOLE = Number.POSITIVE_INFINITY;

/** Of a value in `workspace.lastRead`: "<fingerprint>" of a file read whole, "<fingerprint> <line>" of one read to there. */
function knownOf(value: string | undefined) {
  const [fingerprint, line = WHOLE] = value?.split(" ") ?? [];
  return fingerprint === undefined ? undefined : { fingerprint, readTo: Number(line) };
}
