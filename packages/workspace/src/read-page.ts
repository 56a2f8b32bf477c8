import { resolvePath } from "./guard.ts";
import { createPager, LINE_LENGTH, PAGE_LINES, type Page } from "./pager.ts";
import { rememberLines } from "./seen.ts";
import { scanText } from "./text-file.ts";
import type { Workspace } from "./workspace.ts";

export interface PageRequest {
  /** The number of the first line, from 1. */
  readonly offset?: number | undefined;
  /** How many lines at most. A page never has more than 2,000. */
  readonly limit?: number | undefined;
}

export interface TextPage {
  /** Relative to the workspace. */
  readonly path: string;
  /** Without their line ends. */
  readonly lines: string[];
  /** The number of `lines[0]`, from 1. */
  readonly first: number;
  /** How many lines the file has. */
  readonly total: number;
  /** What the page leaves out, and how to go on. */
  readonly notice?: string;
}

/**
 * Reads one page of a text file: 2,000 lines or 50 KB, whichever comes first, each line to 2,000 characters. What was
 * read is remembered, so that a later change can tell whether the file is still the same.
 * @throws for anything but text, and for an offset beyond the last line.
 */
export async function readTextPage(
  workspace: Workspace,
  path: string,
  { offset = 1, limit = PAGE_LINES }: PageRequest = {},
): Promise<TextPage> {
  requireCount("offset", offset);
  requireCount("limit", limit);
  const place = await resolvePath(workspace, path);
  const pager = createPager(offset, Math.min(limit, PAGE_LINES));
  let atStart = true;
  const { encoding, fingerprint } = await scanText(workspace, place, (text) => {
    pager.push(atStart ? text.replace(/^\uFEFF/, "") : text);
    atStart = false;
  });
  const page = pager.end();
  if (offset > Math.max(page.total, 1)) {
    throw new Error(
      `${place.shown} has ${counted(page.total)}: there is no line ${offset}. Use a smaller offset.`,
    );
  }
  const last = page.cut[0] === undefined ? offset + page.lines.length - 1 : page.cut[0] - 1;
  rememberLines(workspace, place, fingerprint, { first: offset, last, total: page.total });
  const notices = [...pageNotices(page, offset), ...encodingNotices(encoding)];
  return {
    path: place.shown,
    lines: page.lines,
    first: offset,
    total: page.total,
    ...(notices.length > 0 && { notice: notices.join(" ") }),
  };
}

function requireCount(name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new Error(`${name} is ${value}, and must be a whole number from 1.`);
}

function pageNotices({ lines, cut, total }: Page, first: number): string[] {
  if (total === 0) return ["The file is empty."];
  const last = first + lines.length - 1;
  const notices: string[] = [];
  if (last < total) notices.push(`Lines ${first} to ${last} of ${total}; go on with offset ${last + 1}.`);
  else if (first > 1) notices.push(`Lines ${first} to ${last} of ${total}, the end of the file.`);
  if (cut.length > 0) notices.push(cutNotice(cut));
  return notices;
}

function cutNotice(cut: number[]): string {
  const which = cut.length === 1 ? `Line ${cut[0]} is` : `${cut.length} lines (${listed(cut)}) are`;
  return `${which} longer than ${LINE_LENGTH} characters: only the start is shown.`;
}

function listed(numbers: number[]): string {
  return numbers.length <= 5 ? numbers.join(", ") : `${numbers.slice(0, 5).join(", ")}, …`;
}

function encodingNotices(encoding: string): string[] {
  return encoding === "utf-8" ? [] : ["The file is UTF-16: it can be read here, but not changed."];
}

function counted(lines: number): string {
  return lines === 1 ? "1 line" : `${lines} lines`;
}
