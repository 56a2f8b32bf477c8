/**
 * What a terminal obeys instead of showing (the control characters, except for newline and tab), what changes the
 * order of the text around it (bidirectional overrides), and halves of characters.
 */
const unsafe = /(?![\n\t])[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu;

/**
 * The same, and everything that is invisible or looks like a space, because bash takes each of them for part of a word. The
 * joiners inside an emoji are left out: the emoji shows them. A function, because so many classes take a millisecond to read, at
 * a start that may never need them.
 */
const unclear = () =>
  /(?! |\ufe0f(?<=\p{ExtPict}\ufe0f|[#*\d]\ufe0f(?=\u20e3))|\u200d(?<=\p{ExtPict}\p{EMod}?\ufe0f?\u200d)(?=\p{ExtPict}))[\p{Cc}\p{Cs}\p{Cf}\p{Co}\p{Cn}\p{Z}\p{Default_Ignorable_Code_Point}\u2800\u{1d159}\u{13441}\u{13442}\u{16fe4}]/gu;

/**
 * Long runs of an invisible character push what follows them out of sight, and many marks on one letter cover the lines around
 * it. Indented code has up to 60 blanks.
 */
const runs = () =>
  new RegExp(`(?<=[^ ]) {20,}|^ {60,}|(\\t|(?! )${unclear().source})\\1{9,}|\\p{M}{10,}`, "gu");

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Text from a model or a file, fit for a terminal: it shows `\x1b[2J` instead of clearing the screen. */
export function safeText(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(unsafe, escaped);
}

/** The same on one line: newlines and tabs are shown as `\n` and `\t` too. */
export function safeLine(text: string): string {
  return safeText(text).replace(/[\n\t]/g, escaped);
}

/**
 * The same for what must be read exactly, such as a command or a change: characters that are not drawn, or drawn as an unusual
 * space, are shown by their number, and long runs of them by a count.
 */
export function exactLine(text: string): string {
  return text.replace(runs(), counted).replace(unclear(), escaped);
}

/** The same, where letters look alike and are not the same. */
export function asciiLine(text: string): string {
  return exactLine(text).replace(/[^ -~]/gu, escaped);
}

function counted(run: string): string {
  const [first = ""] = run;
  const name = first === " " ? "blank" : /\p{M}/u.test(first) ? "combining mark" : escaped(first);
  return `[${Array.from(run).length.toLocaleString("en")} × ${name}]`;
}

/**
 * `safeText` for text that comes in pieces: it keeps what only the next piece explains, half of a character or
 * a carriage return.
 */
export function safeTextStream(): (piece: string) => string {
  let kept = "";
  return (piece) => {
    const text = kept + piece;
    const end = /[\r\ud800-\udbff]$/.test(text) ? text.length - 1 : text.length;
    kept = text.slice(end);
    return safeText(text.slice(0, end));
  };
}

/**
 * Passes on text that comes in pieces, made safe, without blank lines at its start and with exactly one newline at its end. It
 * holds whitespace back until something follows.
 * @param label comes before the first word
 */
export function safeProse(put: (text: string) => void, label: string) {
  const safe = safeTextStream();
  let begun = false;
  let kept = "";

  return {
    write(piece: string) {
      const text = kept + safe(piece);
      const visible = text.trimEnd();
      kept = text.slice(visible.length);
      if (visible === "") return;
      put(begun ? visible : label + visible.replace(/^\s*\n/, ""));
      begun = true;
    },
    end() {
      if (begun) put("\n");
    },
  };
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0xd800 && code <= 0xdfff) return "\ufffd";
  if (code > 0xffff) return `\\u{${code.toString(16)}}`;
  if (code > 0xff) return `\\u${code.toString(16).padStart(4, "0")}`;
  return short[character] ?? `\\x${code.toString(16).padStart(2, "0")}`;
}

/**
 * What bash takes for a letter and a reader for a quote, a semicolon, a bar, a slash or a hyphen; and letters of another alphabet
 * in a Latin word.
 */
const lookalikes = () =>
  /[\u01c0\u02b9\u02bb-\u02bd\u02c8\u02ca\u02cb\u037e\u055a\u1fef\u2010-\u2012\u2032\u2035\u2044\u2212\u2215\u2223\u29f8\ua78c]|(?<=\p{sc=Latn}\p{L}{0,30})[\p{sc=Cyrl}\p{sc=Grek}]|[\p{sc=Cyrl}\p{sc=Grek}](?=\p{L}{0,30}\p{sc=Latn})/gu;

/**
 * `exactLine` for what is to run. What looks like another character is shown by its number, and blanks at the end by a count: behind a
 * backslash they end a command that seems to go on.
 */
export function exactWords(line: string): string {
  return exactLine(line.replace(/(?<! ) +$/, counted)).replace(lookalikes(), escaped);
}
