import type { Ink, Run } from "./ink.ts";
import { endOfCode, endOfEmphasis, isOpening, type Reach, runOf } from "./marks.ts";

/** What is understood of a line so far: its runs, and how many characters they took. */
export interface Inline {
  readonly runs: readonly Run[];
  readonly used: number;
}

export interface InlineSettings {
  /** The look of the text around. */
  readonly ink: Ink;
  /** No more of this line comes. */
  readonly ended: boolean;
  /** The character before the text, or "". */
  readonly before: string;
  /** Nothing can be painted: code keeps its backticks. */
  readonly bare: boolean;
}

/** What stands at one place; undefined while only more text can tell. */
type Found = { readonly runs: readonly Run[]; readonly length: number } | undefined;

/** A mark waits for its other half that far. Beyond, it is shown as it stands. */
const MAX_SPAN = 400;

const special = /[\\`*_~[!<]/g;

/**
 * Reads emphasis, code, links and escapes in a piece of a line. Text is taken when it is sure that no more text
 * could change it: cut anywhere, a line gives the same runs.
 */
export function readInline(text: string, settings: InlineSettings): Inline {
  const { ink } = settings;
  const runs: Run[] = [];
  let at = 0;
  while (at < text.length) {
    special.lastIndex = at;
    const next = special.exec(text)?.index ?? text.length;
    if (next > at) runs.push({ text: text.slice(at, next), ink });
    at = next;
    if (at === text.length) break;
    const found = readMark(text, at, { ...settings, before: text[at - 1] ?? settings.before });
    if (!found) break;
    runs.push(...found.runs);
    at += found.length;
  }
  return { runs, used: at };
}

function readMark(text: string, at: number, settings: InlineSettings): Found {
  const reach: Reach = {
    text: text.slice(at, at + MAX_SPAN),
    complete: settings.ended || text.length > at + MAX_SPAN,
  };
  switch (text[at]) {
    case "\\":
      return readEscape(reach, settings.ink);
    case "`":
      return readCode(reach, settings);
    case "[":
      return readLink(reach, settings);
    case "!":
      return readImage(reach, settings);
    case "<":
      return readAutolink(reach, settings.ink);
    default:
      return readEmphasis(reach, settings);
  }
}

const literal = (text: string, ink: Ink): Found => ({ runs: [{ text, ink }], length: text.length });

function readEscape({ text, complete }: Reach, ink: Ink): Found {
  const next = text[1];
  if (next === undefined) return complete ? literal("\\", ink) : undefined;
  return /[!-/:-@[-`{-~]/.test(next) ? { runs: [{ text: next, ink }], length: 2 } : literal("\\", ink);
}

function readCode({ text, complete }: Reach, { ink, bare }: InlineSettings): Found {
  const marks = runOf(text, 0);
  if (marks.length === text.length && !complete) return undefined;
  const end = endOfCode(text, marks.length, marks.length);
  const length = end + marks.length;
  if (end < 0) return complete ? literal(marks, ink) : undefined;
  if (length === text.length && !complete) return undefined;
  const inside = text.slice(marks.length, end);
  const code = /^ .*[^ ].* $/.test(inside) ? inside.slice(1, -1) : inside;
  return { runs: [{ text: bare ? text.slice(0, length) : code, ink: [...ink, "cyan"] }], length };
}

function readEmphasis({ text, complete }: Reach, settings: InlineSettings): Found {
  const { ink, before } = settings;
  const marks = runOf(text, 0);
  if (marks.length === text.length && !complete) return undefined;
  if (!isOpening(marks, before, text[marks.length])) return literal(marks, ink);
  const end = endOfEmphasis({ text, complete }, marks.length, marks);
  if (end === undefined) return undefined;
  if (end < 0) return literal(marks, ink);
  const { runs } = readInline(text.slice(marks.length, end), {
    ...settings,
    ink: [...ink, ...inkOf(marks)],
    ended: true,
    before: marks,
  });
  return { runs, length: end + marks.length };
}

function inkOf(marks: string): Ink {
  if (marks.startsWith("~")) return ["strikethrough"];
  if (marks.length === 1) return ["italic"];
  return marks.length === 2 ? ["bold"] : ["bold", "italic"];
}

const LABEL = /^\[((?:[^[\]\\`]|\\.|`[^`]*`|\[[^[\]]*\])*)\]/;
const ADDRESS = /^\(<?((?:[^()\s<>]|\([^()\s]*\))*)>?(?:\s+"[^")]*")?\)/;

/** `[text](address)`: the text, and the address where it says something else. Nothing hides behind a text. */
function readLink({ text, complete }: Reach, settings: InlineSettings): Found {
  const { ink } = settings;
  const [label, shown = ""] = LABEL.exec(text) ?? [];
  const rest = label === undefined ? "" : text.slice(label.length);
  const [target, address = ""] = ADDRESS.exec(rest) ?? [];
  if (label === undefined || target === undefined) {
    const mayFollow = label === undefined || rest === "" || (rest.startsWith("(") && !isBalanced(rest));
    return complete || !mayFollow ? literal("[", ink) : undefined;
  }
  const length = label.length + target.length;
  if (shown === "" || shown === address) {
    return { runs: [{ text: address, ink: [...ink, "underline"] }], length };
  }
  const { runs } = readInline(shown, { ...settings, ended: true, before: "[" });
  return { runs: [...runs, { text: ` (${address})`, ink: [...ink, "dim"] }], length };
}

function isBalanced(text: string): boolean {
  return text.split("(").length <= text.split(")").length;
}

/** An image is shown as the link that it is. */
function readImage({ text, complete }: Reach, settings: InlineSettings): Found {
  if (text === "!" && !complete) return undefined;
  if (text[1] !== "[") return literal("!", settings.ink);
  const link = readLink({ text: text.slice(1), complete }, settings);
  if (!link) return undefined;
  return link.length > 1 ? { runs: link.runs, length: link.length + 1 } : literal("!", settings.ink);
}

const AUTOLINK = /^<((?:https?:\/\/|mailto:)[^\s<>]+)>/;

function readAutolink({ text, complete }: Reach, ink: Ink): Found {
  const [whole, address = ""] = AUTOLINK.exec(text) ?? [];
  if (whole !== undefined)
    return { runs: [{ text: address, ink: [...ink, "underline"] }], length: whole.length };
  return complete || !/^<[a-z]*(?::[^\s<>]*)?$/i.test(text) ? literal("<", ink) : undefined;
}
