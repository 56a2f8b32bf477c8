import type { Format, Line, StyledText } from "./styled-text.ts";

/** The text of a line, which comes in pieces. */
export interface InlineText {
  /** The format of the text around it. */
  readonly format: Format;
  /** Nothing can be painted: code keeps its backticks. */
  readonly bare: boolean;
  /** What only more text can explain, and the character before it, or "". */
  unread: string;
  before: string;
}

export function openInline(format: Format, bare: boolean): InlineText {
  return { format, bare, unread: "", before: "" };
}

/**
 * Reads emphasis, code, links and escapes in the next piece of a line. Text is taken when it is sure that no more text
 * could change it: cut anywhere, a line gives the same text with the same formats.
 */
export function readInline(inline: InlineText, piece: string, ended: boolean): Line {
  const text = inline.unread + piece;
  const { styled, length } = readSpans(text, { ...inline, ended });
  inline.before = text[length - 1] ?? inline.before;
  inline.unread = text.slice(length);
  return styled;
}

/** What is understood of a text, and how many characters that took. */
interface Spans {
  readonly styled: Line;
  readonly length: number;
}

interface Context extends Pick<InlineText, "format" | "bare" | "before"> {
  /** No more of this text comes. */
  readonly ended: boolean;
}

/** A mark waits for its other half that far. Beyond, it is shown as it is. */
const MAX_SPAN = 400;

const special = /[\\`*_~[<]|!(?=\[|$)/g;

function readSpans(text: string, context: Context): Spans {
  const styled: StyledText[] = [];
  let at = 0;
  while (at < text.length) {
    special.lastIndex = at;
    const next = special.exec(text)?.index ?? text.length;
    if (next > at) styled.push({ text: text.slice(at, next), format: context.format });
    at = next;
    if (at === text.length) break;
    const ended = context.ended || text.length > at + MAX_SPAN;
    const before = text[at - 1] ?? context.before;
    const span = readSpan(text.slice(at, at + MAX_SPAN), { ...context, ended, before });
    if (!span) break;
    styled.push(...span.styled);
    at += span.length;
  }
  return { styled, length: at };
}

/** What is found at a mark: a span, nothing, or nothing yet: more text may make it one. */
type Found = Spans | "nothing" | "nothing yet";

const readers: Readonly<Record<string, typeof readEmphasis>> = {
  "\\": readEscape,
  "`": readCode,
  "[": readLink,
  "!": readLink, // an image is shown as the link that it is
  "<": readAutolink,
};

/** Reads what begins with a mark; undefined while only more text can tell. A mark that begins nothing is text. */
function readSpan(text: string, context: Context): Spans | undefined {
  const { format, ended } = context;
  const [mark = ""] = text;
  const found = (readers[mark] ?? readEmphasis)(text, context);
  if (typeof found !== "string" && (ended || found.length < text.length)) return found;
  if (found !== "nothing" && !ended) return undefined;
  const shown = marksOf(text);
  return { styled: [{ text: shown, format }], length: shown.length };
}

function readEscape(text: string, { format }: Context): Found {
  const [, next] = /^\\([!-/:-@[-`{-~])/.exec(text) ?? [];
  if (next === undefined) return text.length > 1 ? "nothing" : "nothing yet";
  return { styled: [{ text: next, format }], length: 2 };
}

function readCode(text: string, { format, bare }: Context): Found {
  const { length: marks } = marksOf(text);
  const end = endOfCode(text, marks);
  if (end < 0) return "nothing yet";
  const inside = text.slice(marks, end - marks);
  const code = /^ .*[^ ].* $/.test(inside) ? inside.slice(1, -1) : inside;
  return { styled: [{ text: bare ? text.slice(0, end) : code, format: [...format, "cyan"] }], length: end };
}

const LABEL = /^!?\[((?:[^[\]\\`]|\\.|`[^`]*`|\[[^[\]]*\])*)\]/;
const ADDRESS = /^\(<?((?:[^()\s<>]|\([^()\s]*\))*)>?(?:\s+"[^")]*")?\)/;

/** `[text](address)`: the text, and the address where it says something else. Nothing hides behind a text. */
function readLink(text: string, context: Context): Found {
  const { format } = context;
  const [label, shown = ""] = LABEL.exec(text) ?? [];
  if (label === undefined) return "nothing yet";
  const rest = text.slice(label.length);
  const [target, address = ""] = ADDRESS.exec(rest) ?? [];
  if (target === undefined) {
    const isOpen = rest === "" || (rest.startsWith("(") && rest.split("(").length > rest.split(")").length);
    return isOpen ? "nothing yet" : "nothing";
  }
  const length = label.length + target.length;
  if (shown === "" || shown === address) {
    return { styled: [{ text: address, format: [...format, "underline"] }], length };
  }
  const { styled } = readSpans(shown, { ...context, ended: true, before: "[" });
  return { styled: [...styled, { text: ` (${address})`, format: [...format, "dim"] }], length };
}

function readAutolink(text: string, { format }: Context): Found {
  const [whole, address = ""] = /^<((?:https?:\/\/|mailto:)[^\s<>]+)>/.exec(text) ?? [];
  if (whole === undefined) return /^<[a-z]*(?::[^\s<>]*)?$/i.test(text) ? "nothing yet" : "nothing";
  return { styled: [{ text: address, format: [...format, "underline"] }], length: whole.length };
}

const emphasis: Readonly<Record<string, Format>> = {
  "*": ["italic"],
  _: ["italic"],
  "**": ["bold"],
  "***": ["bold", "italic"],
  "~~": ["strikethrough"],
};

function readEmphasis(text: string, context: Context): Found {
  const marks = marksOf(text);
  if (marks.length === text.length) return "nothing yet";
  const own = emphasis[marks];
  if (!own || !isOpening(marks, context.before, text[marks.length])) return "nothing";
  const end = endOfEmphasis(text, marks, context.ended);
  if (end < 0) return "nothing yet";
  const inside = { ...context, format: [...context.format, ...own], ended: true, before: marks };
  const { styled } = readSpans(text.slice(marks.length, end), inside);
  return { styled, length: end + marks.length };
}

/** A mark with its repetitions. */
function marksOf(text: string): string {
  return /^(`+|\*+|_+|~+|.)/s.exec(text)?.[0] ?? "";
}

/** Where the code ends whose backticks come before `start`: behind as many of them, or -1. */
function endOfCode(text: string, marks: number, start = marks): number {
  const closing = new RegExp(`(?<!\`)\`{${marks}}(?!\`)`, "g");
  closing.lastIndex = start;
  return closing.test(text) ? closing.lastIndex : -1;
}

// "" is what is before and after the text.
const isSpace = (character: string) => character.trim() === "";
const isWord = (character: string) => /[\p{L}\p{N}_]/u.test(character);
const isAscii = (character: string) => /[A-Za-z0-9]/.test(character);

/**
 * Whether marks begin an emphasis. Stricter than CommonMark where programmers write about programs, so that
 * `2*3*4`, `x**2`, `snake_case` and `__init__` stay what they are; laxer for scripts that put no spaces.
 */
function isOpening(marks: string, before: string, after = ""): boolean {
  if (isSpace(after)) return false;
  return marks.startsWith("_") ? !isWord(before) : !(marks.startsWith("*") && isAscii(before));
}

/** Where the marks that end an emphasis are, or -1. Marks inside code are not looked at, nor those that are escaped. */
function endOfEmphasis(text: string, marks: string, ended: boolean): number {
  let from = marks.length;
  for (const { 0: found, index } of text.matchAll(/\\.?|`+|\*+|_+|~+/g)) {
    if (index < from) continue;
    const end = index + found.length;
    if (found.startsWith("`")) {
      from = endOfCode(text, found.length, end);
      if (from < 0 && !ended) return -1;
    } else if (found[0] === marks[0] && isClosing(found, marks, text[index - 1], text[end])) {
      return end - marks.length;
    }
  }
  return -1;
}

/** `***` also ends what `*` or `**` began: the rest of it ended something inside. */
function isClosing(found: string, marks: string, before = "", after = ""): boolean {
  if (isSpace(before)) return false;
  if (found.length !== marks.length && (found.length !== 3 || marks.length > 2)) return false;
  if (marks.startsWith("_")) return !isWord(after);
  return marks.length > 1 || !isAscii(after);
}
