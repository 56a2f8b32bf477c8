import { StringDecoder } from "node:string_decoder";

/** What came from the keyboard: text, with Enter as "\r"; a key by its name ("ctrl-left"); or a paste. */
export interface Input {
  readonly type: "text" | "key" | "paste";
  readonly text: string;
}

const ESC = "\x1b";
const PASTE_START = "\x1b[200~";
const PASTE_END = "\x1b[201~";

/** What comes that soon after an Esc belongs to it: arrows and Alt begin with one too. */
const ESCAPE_MS = 50;

/** A sequence that is not over by then is dropped, also when keys keep coming: they are typed behind an end that is missing. */
const SEQUENCE_MS = 500;

/** Nobody goes on that soon after an Enter: it is a paste that the terminal does not mark, or a script. */
const TOGETHER_MS = 20;

/** A script may type that many requests at once; more lines are one paste. */
const MAX_LINES_TOGETHER = 3;

/** The end of a paste may be missing: after that long it is shown, and the next key ends it. */
const PASTE_MS = 1_000;
const MAX_KEY_BYTES = 16;

/**
 * What follows an Esc, and what ends it: the mouse of 1983, with three bytes that may be no UTF-8; function keys of the
 * Linux console; CSI, in rxvt with a dollar for Shift, and SS3, behind another Esc for Alt; answers to questions, which end early at Enter and Ctrl-C, so
 * that those are always heard; Alt with é. https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
 */
const sequences = [
  [String.raw`\[M[ -\xff]{0,2}`, String.raw`[ -\xff]`],
  [String.raw`\[\[`, "[ -~]"],
  [String.raw`${ESC}?\[\d+`, String.raw`\$`],
  [String.raw`${ESC}?\[(?!\d+\$)[0-?]*[ -/]*`, "[@-~]"],
  [`${ESC}?O[0-9;]*`, "[ -~]"],
  [String.raw`[PX^_\]][ -\xff]*${ESC}?`, String.raw`(?:\\|\cG|(?=[^ -\xff]))`],
  [String.raw`[\xc2-\xf4][\x80-\xbf]*`, String.raw`(?=[^\x80-\xbf])`],
];
const anySequence = sequences.map((parts) => parts.join("")).join("|");
const token = new RegExp(String.raw`^(?:[ -~\x80-\xff]+|\r\n|${ESC}(?:${anySequence}|[\b\t\n\r -\x7f])|[^])`);
const cutToken = new RegExp(`^${ESC}(?:${ESC}|${sequences.map(([start]) => start).join("|")})?$`);

/** In the middle of the bytes of a terminal, which are characters of Latin-1 until they are text. */
interface Reading {
  readonly decoder: StringDecoder;
  /** A sequence that is not over, and when it began. */
  cut: string;
  begun: number;
  /** Text that may be a part of an unmarked paste. */
  typed: string;
  paste?: { bytes: string; shown?: boolean } | undefined;
}

/** Tells text, keys and pastes apart in the bytes of a terminal, wherever they are cut. */
export function keyReader() {
  const reading: Reading = { decoder: new StringDecoder("utf8"), cut: "", begun: 0, typed: "" };
  const isEscape = () => [ESC, ESC + ESC].includes(reading.cut);
  return {
    read: (bytes: Buffer) => read(reading, bytes.toString("latin1")),
    /** After how long without a byte `release` is due; undefined when nothing is held back. */
    wait(): number | undefined {
      const { begun, cut, paste, typed } = reading;
      if (paste) return paste.shown ? undefined : PASTE_MS;
      if (cut !== "") return isEscape() ? ESCAPE_MS : Math.max(0, begun + SEQUENCE_MS - performance.now());
      return typed === "" ? undefined : TOGETHER_MS;
    },
    /** What was held back, now that nothing has followed it. */
    release(): Input[] {
      const inputs = reading.paste ? endPaste(reading) : endTyped(reading);
      if (reading.paste) reading.paste = { bytes: "", shown: true };
      else if (isEscape()) inputs.push({ type: "key", text: "escape" });
      reading.cut = "";
      return inputs;
    },
  };
}

function read(reading: Reading, bytes: string): Input[] {
  const inputs: Input[] = [];
  const isKey = bytes.length <= MAX_KEY_BYTES && !bytes.includes(PASTE_END);
  if (bytes === "\x03" || (isKey && reading.paste?.shown)) reading.paste = undefined;
  if (reading.paste) reading.paste.shown = false;
  const { cut } = reading;
  let rest = cut + bytes;
  reading.cut = "";
  while (rest !== "" && reading.cut === "") {
    if (reading.paste) rest = readPaste(reading, reading.paste, rest, inputs);
    else if (cutToken.test(rest)) reading.cut = rest;
    else {
      const [first = rest] = token.exec(rest) ?? [];
      inputs.push(...readToken(reading, first));
      rest = rest.slice(first.length);
    }
  }
  if (cut === "" || !reading.cut.startsWith(cut + bytes)) reading.begun = performance.now();
  return reading.typed.includes("\r") ? inputs : [...inputs, ...endTyped(reading)];
}

/**
 * Takes what belongs to a paste; gives what follows its end. Of several ends the last counts, up to where another paste begins:
 * not every terminal takes such marks out of what it pastes, and what follows the first would be typed, and run.
 */
function readPaste(reading: Reading, paste: { bytes: string }, bytes: string, inputs: Input[]): string {
  const next = bytes.indexOf(PASTE_START, bytes.indexOf(PASTE_END));
  const end = bytes.lastIndexOf(PASTE_END, next < 0 ? bytes.length : next);
  const last = bytes.lastIndexOf(ESC);
  if (end < 0 && last >= 0 && PASTE_END.startsWith(bytes.slice(last))) reading.cut = bytes.slice(last);
  paste.bytes += bytes.slice(0, end < 0 ? bytes.length - reading.cut.length : end);
  if (end < 0) return "";
  inputs.push(...endPaste(reading));
  reading.paste = undefined;
  return bytes.slice(end + PASTE_END.length);
}

function endPaste({ paste }: Reading): Input[] {
  const bytes = paste?.bytes.replaceAll(PASTE_START, "").replaceAll(PASTE_END, "") ?? "";
  const text = Buffer.from(bytes, "latin1").toString();
  return text === "" ? [] : [{ type: "paste", text }];
}

function readToken(reading: Reading, bytes: string): Input[] {
  if (bytes === PASTE_START) {
    reading.paste = { bytes: "" };
    return endTyped(reading);
  }
  const isText = bytes === "\t" || (bytes >= " " && bytes !== "\x7f");
  const input = isText ? undefined : inputOf(bytes);
  if (isText) reading.typed += reading.decoder.write(Buffer.from(bytes, "latin1"));
  else if (input?.type === "text") reading.typed += input.text;
  else if (input) return [...endTyped(reading), input];
  return [];
}

/** What was typed up to here: lines that came together may be one paste. */
function endTyped(reading: Reading): Input[] {
  const text = reading.typed;
  reading.typed = "";
  const lines = text.split("\r").filter((line) => line !== "");
  if (lines.length > MAX_LINES_TOGETHER) return [{ type: "paste", text }];
  const parts = text.split(/(\t)/).filter((part) => part !== "");
  return parts.map((part) => (part === "\t" ? { type: "key", text: "tab" } : { type: "text", text: part }));
}

const arrows: Record<string, string> = { A: "up", B: "down", C: "right", D: "left", F: "end", H: "home" };
/** By the number before the tilde. */
const numbered = ["", "home", "insert", "delete", "end", "pageup", "pagedown", "home", "end"];

/** By the code of their character; 57414 is on kitty's keypad, and so are the keys from 57417 on. */
const named: Record<number, string> = {
  8: "backspace",
  9: "tab",
  10: "enter",
  13: "enter",
  27: "escape",
  127: "backspace",
  57414: "enter",
};
const keypad = ["left", "right", "up", "down", "pageup", "pagedown", "home", "end", "insert", "delete"];

/** Bits of what is held, in kitty's numbers: https://sw.kovidgoyal.net/kitty/keyboard-protocol/. Super counts as Alt. */
const SHIFT = 1;
const CTRL = 4;
const ALT = 2 | 8 | 16 | 32;
const CAPS_LOCK = 64;
const NUM_LOCK = 128;
const LET_GO = 3;

const csiOrSs3 = new RegExp(String.raw`^${ESC}(${ESC}?)([[O])([\d;:]*)(.)$`);

/** What a control character or a sequence stands for; undefined for the mouse, for answers, and for what is unknown. */
function inputOf(bytes: string): Input | undefined {
  const last = bytes.charCodeAt(bytes.length - 1);
  if (bytes === "\r\n") return keyOf(last, 0);
  if (bytes.length === 1) return named[last] ? keyOf(last, 0) : keyOf(last + 64, CTRL);
  if (bytes.length === 2) return keyOf(last, ALT);
  const [, alt, kind, parameters = "", end = ""] = csiOrSs3.exec(bytes) ?? [];
  const isArrow = /[A-H]/i.test(end);
  const [[code = 1, ...others] = [], [modifiers, event] = [], text = []] = parameters
    .split(";")
    .map((parameter) => parameter.split(":").map((digits) => (digits === "" ? undefined : Number(digits))));
  if (kind === undefined || event === LET_GO) return undefined;
  const isCtrlOfRxvt = /[\^@]$|O[a-d]$/.test(bytes);
  const held = ((modifiers ?? (isArrow ? code : 1)) - 1) | (alt ? ALT : 0) | (isCtrlOfRxvt ? CTRL : 0);
  if (kind === "O" && /[Mj-y]/.test(end)) return keyOf(end.charCodeAt(0) - 64, held); // the keypad of a VT100
  if (end === "u") return keyOf(code, held, others, text);
  if (end === "~" && code === 27) return keyOf(text[0] ?? 0, held); // modifyOtherKeys of xterm
  const name = isArrow ? arrows[end.toUpperCase()] : /[~^$@]/.test(end) && numbered[code];
  return name ? { type: "key", text: prefixOf(held) + name } : undefined;
}

type Code = number | undefined;

/** @param others the key with Shift, and the key in its place on an English keyboard @param typed what the terminal says it types */
function keyOf(
  code: number,
  held: number,
  [shifted, english]: readonly Code[] = [],
  typed: readonly Code[] = [],
): Input | undefined {
  const name = named[code] ?? keypad[code - 57_417];
  const isPlain = (held & ~(CAPS_LOCK | NUM_LOCK)) === 0;
  if (name === "enter") return isPlain ? { type: "text", text: "\r" } : { type: "key", text: "alt-enter" };
  const prefix = prefixOf(held);
  if (name !== undefined) return { type: "key", text: prefix + name };
  const isUpper = (held & (SHIFT | CAPS_LOCK)) !== 0;
  const own = characterOf(prefix === "" ? code : (english ?? code));
  const upper = shifted === undefined ? own.toUpperCase() : characterOf(shifted);
  const text = typed.map(characterOf).join("") || (isUpper ? upper : own);
  if (text === "") return undefined;
  // The control characters that are keys of their own.
  if (held & CTRL && "hijm[".includes(own.toLowerCase())) return keyOf(code & 31, held & ~CTRL);
  return prefix === "" ? { type: "text", text } : { type: "key", text: prefix + own.toLowerCase() };
}

/** Nothing for control characters and for kitty's numbers of keys, which are private; its keypad has characters. */
function characterOf(code = 0): string {
  if (code >= 0xe000 && code <= 0xf8ff) return "0123456789./*-+\r=,"[code - 57_399] ?? "";
  return code < 0x20 || code > 0x10ffff ? "" : String.fromCodePoint(code);
}

function prefixOf(held: number): string {
  return (held & CTRL ? "ctrl-" : "") + (held & ALT ? "alt-" : "");
}
