import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { type Input, keyReader } from "./keys.ts";

/** Everything that bytes are read as, when nothing follows them. */
function readAll(...chunks: (string | Buffer)[]): Input[] {
  const reader = keyReader();
  const inputs = chunks.flatMap((chunk) => reader.read(Buffer.from(chunk)));
  if (reader.wait() !== undefined) inputs.push(...reader.release());
  return joined(inputs);
}

/** Neighbouring text is one. */
function joined(inputs: Input[]): Input[] {
  const result: Input[] = [];
  for (const input of inputs) {
    const last = result.at(-1);
    if (last?.type === "text" && input.type === "text")
      result[result.length - 1] = { type: "text", text: last.text + input.text };
    else result.push(input);
  }
  return result;
}

const text = (typed: string): Input => ({ type: "text", text: typed });
const key = (name: string): Input => ({ type: "key", text: name });
const paste = (pasted: string): Input => ({ type: "paste", text: pasted });

test.each([
  ["Shift-Enter under modifyOtherKeys", "\x1b[27;2;13~", "alt-enter"],
  ["Shift-Enter of kitty", "\x1b[13;2u", "alt-enter"],
  ["Ctrl-Enter of kitty", "\x1b[13;5u", "alt-enter"],
  ["Alt-Enter", "\x1b\r", "alt-enter"],
  ["Ctrl-C of kitty", "\x1b[99;5u", "ctrl-c"],
  ["Ctrl-C of kitty with Caps Lock and Num Lock", "\x1b[99;197u", "ctrl-c"],
  ["Ctrl-C under modifyOtherKeys", "\x1b[27;5;99~", "ctrl-c"],
  ["Ctrl-Shift-C of kitty", "\x1b[99:67;6u", "ctrl-c"],
  ["Esc of kitty", "\x1b[27u", "escape"],
  ["Tab of kitty", "\x1b[9u", "tab"],
  ["Backspace of kitty", "\x1b[127u", "backspace"],
  ["Ctrl-[ of kitty", "\x1b[91;5u", "escape"],
  ["Ctrl-I of kitty", "\x1b[105;5u", "tab"],
  ["Ctrl-H under modifyOtherKeys", "\x1b[27;5;104~", "backspace"],
  ["Alt-B", "\x1bb", "alt-b"],
  ["Alt-B of kitty", "\x1b[98;3u", "alt-b"],
  ["Alt-Backspace", "\x1b\x7f", "alt-backspace"],
  ["Ctrl-Left", "\x1b[1;5D", "ctrl-left"],
  ["Alt-Left of rxvt", "\x1b\x1b[D", "alt-left"],
  ["Shift-Left", "\x1b[1;2D", "left"],
  ["Left in application mode", "\x1bOD", "left"],
  ["Home of the Linux console", "\x1b[1~", "home"],
  ["Delete", "\x1b[3~", "delete"],
  ["Home of rxvt", "\x1b[7~", "home"],
  ["Shift-Home of rxvt", "\x1b[7$", "home"],
  ["Ctrl-Delete of rxvt", "\x1b[3^", "ctrl-delete"],
  ["Ctrl-Shift-Delete of rxvt", "\x1b[3@", "ctrl-delete"],
  ["Shift-Left of rxvt", "\x1b[d", "left"],
  ["Ctrl-Left of rxvt", "\x1bOd", "ctrl-left"],
  ["Alt-Delete of rxvt", "\x1b\x1b[3~", "alt-delete"],
  ["Ctrl-Left of an old xterm", "\x1b[5D", "ctrl-left"],
  ["Ctrl-Left of an old gnome-terminal", "\x1bO5D", "ctrl-left"],
  ["Left of kitty's keypad", "\x1b[57417u", "left"],
  ["Ctrl-Delete of kitty's keypad", "\x1b[57426;5u", "ctrl-delete"],
  ["Shift-Enter of kitty's keypad", "\x1b[57414;2u", "alt-enter"],
  ["Ctrl-C of kitty on a Russian keyboard", "\x1b[1089::99;5u", "ctrl-c"],
  ["Ctrl-A", "\x01", "ctrl-a"],
  ["Esc", "\x1b", "escape"],
  ["Ctrl-/, which deletes nothing", "\x1f", "ctrl-_"],
])("%s", (_, bytes, name) => {
  for (let cut = 0; cut < bytes.length; cut++)
    expect(readAll(bytes.slice(0, cut), bytes.slice(cut))).toEqual([key(name)]);
});

test.each([
  ["a letter of kitty", "\x1b[97u", "a"],
  ["a shifted letter of kitty", "\x1b[97:65;2u", "A"],
  ["a shifted letter under modifyOtherKeys", "\x1b[27;2;65~", "A"],
  ["Enter of the keypad", "\x1bOM", "\r"],
  ["the keypad of a VT100", "\x1bOu\x1bOk\x1bOp\x1bOn", "5+0."],
  ["the keypad of kitty", "\x1b[57404u\x1b[57413u\x1b[57409u\x1b[57414u", "5+.\r"],
  ["Enter of kitty with Caps Lock and Num Lock", "\x1b[13;193u", "\r"],
  ["a letter of kitty with Caps Lock", "\x1b[97;65u", "A"],
  ["a shifted letter of kitty that has no capital of 16 bits", "\x1b[66600;2u", "\u{10400}"],
  ["a key of kitty that types something else with Shift", "\x1b[50;2;34u", '"'],
  ["what an input method of kitty has put together", "\x1b[0;;27721:23383u", "汉字"],
  ["Enter with a newline behind it", "\r\n", "\r"],
  ["Ctrl-J and Ctrl-M, by themselves and of kitty", "\n\r\x1b[106;5u\x1b[109;5u", "\r\r\r\r"],
])("%s is text", (_, bytes, typed) => {
  expect(readAll(bytes)).toEqual([text(typed)]);
});

const silent = [
  ["the mouse of X10", "\x1b[M !!"],
  ["the mouse far to the right, whose bytes are no UTF-8", Buffer.from([27, 91, 77, 32, 0xc3, 0xff])],
  ["the mouse of SGR", "\x1b[<0;10;10M\x1b[<0;10;10m"],
  ["the mouse of urxvt", "\x1b[32;10;10M"],
  ["focus", "\x1b[I\x1b[O"],
  ["a key that is let go", "\x1b[97;1:3u\x1b[13;1:3u\x1b[1;1:3D"],
  ["a function key", "\x1b[15~\x1bOP\x1b[[A\x1b[1;2P"],
  ["a modifier alone", "\x1b[57441;2u"],
  ["a colour that was asked for", "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\\x1b]10;rgb:ff/ff/ff\x07"],
  ["a version that was asked for", "\x1bP>|tmux 3.3a\x1b\\\x1b[?64;1;2c\x1b[?2026;2$y"],
  ["where the cursor is", "\x1b[24;80R"],
  ["graphics", "\x1b_Gi=31;OK\x1b\\"],
  ["no character at all", "\x1b[97:99999999;2u\x1b[57358u\x1b[1114112u\x1b[27;1;99999999~\x1b[0u"],
  ["Alt and a letter with an accent", "\x1bé"],
] as const;

test.each(silent)("%s types nothing, wherever it is cut", (_, bytes) => {
  const whole = Buffer.concat([Buffer.from("a"), Buffer.from(bytes), Buffer.from("z")]);
  for (let cut = 1; cut < whole.length; cut++) {
    const inputs = readAll(whole.subarray(0, cut), whole.subarray(cut));
    const typed = inputs.map((input) => (input.type === "key" ? "" : input.text)).join("");
    expect([cut, typed]).toEqual([cut, "az"]);
    expect(inputs.map((input) => input.text)).not.toContain("escape");
  }
});

test("each byte by itself is the same as all at once", () => {
  const bytes = Buffer.from("é👨‍👩‍👧\x1b[A\x1b[200~a\r\x1b[31m😀\x1b[201~\x1b[27;2;13~\x1bOD\x7f");
  const one = [...bytes].map((byte) => Buffer.from([byte]));
  expect(readAll(...one)).toEqual(readAll(bytes));
  expect(readAll(bytes)).toEqual([
    text("é👨‍👩‍👧"),
    key("up"),
    paste("a\r\x1b[31m😀"),
    key("alt-enter"),
    key("left"),
    key("backspace"),
  ]);
});

test.each([
  ["Ctrl-C", "\x03", [key("ctrl-c")]],
  ["Enter", "\r", [text("\r")]],
])("%s is heard behind an answer whose end never comes", (_, bytes, inputs) => {
  expect(readAll("\x1b]11;rgb:", bytes)).toEqual(inputs);
});

test("what is typed behind an answer whose end never comes is lost for half a second, and not for as long as keys follow", async () => {
  const reader = keyReader();
  reader.read(Buffer.from("\x1b]11;rgb:"));
  do {
    await sleep(50);
    expect(reader.read(Buffer.from("x"))).toEqual([]);
  } while (reader.wait() !== 0);
  expect(reader.release()).toEqual([]);
  expect(reader.read(Buffer.from("y"))).toEqual([text("y")]);
});

test("200 lines at once are one paste, also in pieces, with their tabs", () => {
  const lines = Array.from({ length: 200 }, (_, n) => `\tline ${n}\r`).join("");
  expect(readAll(lines)).toEqual([paste(lines)]);
  const middle = lines.indexOf("line 100");
  expect(readAll(lines.slice(0, middle), lines.slice(middle))).toEqual([paste(lines)]);
});

test("200 lines in colour are one paste too", () => {
  const lines = Array.from({ length: 200 }, (_, n) => `line ${n}\r`);
  const inColour = lines.map((line) => `\x1b[32m${line.replace("\r", "\x1b[0m\r")}`);
  expect(readAll(inColour.join(""))).toEqual([paste(lines.join(""))]);
});

test("a few lines at once are typed, with the key behind them", () => {
  expect(readAll("one\rtwo\r\rthree\x1b[D")).toEqual([text("one\rtwo\r\rthree"), key("left")]);
  expect(readAll("one\rtwo\rthree\r")).toEqual([text("one\rtwo\rthree\r")]);
  expect(readAll("\r\r\r\r\r\r")).toEqual([text("\r\r\r\r\r\r")]);
});

test("a paste whose end is missing is shown, and the next key ends it", () => {
  const reader = keyReader();
  expect(reader.read(Buffer.from("\x1b[200~half\rof it"))).toEqual([]);
  expect(reader.release()).toEqual([paste("half\rof it")]);
  expect(reader.wait()).toBeUndefined();
  expect(reader.read(Buffer.from("x"))).toEqual([text("x")]);
});

test("marks of a paste inside a paste are no part of it", () => {
  expect(readAll("\x1b[200~\x1b[200~one\x1b[201~\x1b[201~")).toEqual([paste("one")]);
  const evil = "\x1b[200~one\x1b[201~\r!touch x\r\x1b[201~";
  expect(readAll(`${evil}\x1b[D\x1b[200~two\x1b[201~\r`)).toEqual([
    paste("one\r!touch x\r"),
    key("left"),
    paste("two"),
    text("\r"),
  ]);
});

test("a paste that only paused goes on", () => {
  const reader = keyReader();
  reader.read(Buffer.from("\x1b[200~half\r"));
  reader.release();
  expect(reader.read(Buffer.from("the other half, whose end is there\r\x1b[201~"))).toEqual([
    paste("the other half, whose end is there\r"),
  ]);
});

test("Ctrl-C ends a paste whose end never comes", () => {
  const reader = keyReader();
  reader.read(Buffer.from("\x1b[200~half"));
  expect(reader.read(Buffer.from("\x03"))).toEqual([key("ctrl-c")]);
  expect(reader.read(Buffer.from("x"))).toEqual([text("x")]);
});
