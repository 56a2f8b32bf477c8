import { expect, test } from "vitest";
import { type Input, inputReader } from "./paste.ts";

const bytes = Buffer.from("ab\x1b[A\x1b[200~pasted\r😀 \x1b[31m\x1b[201~c");

/** Neighbouring keys are one. */
function joined(inputs: Input[]): Input[] {
  const result: Input[] = [];
  for (const input of inputs) {
    const last = result.at(-1);
    if (last?.type === "keys" && input.type === "keys") {
      result[result.length - 1] = { type: "keys", text: last.text + input.text };
    } else result.push(input);
  }
  return result;
}

test("what is pasted is told from what is typed, wherever the bytes are cut", () => {
  const startMark = bytes.indexOf("\x1b[200~");
  for (let cut = 0; cut <= bytes.length; cut++) {
    if (cut === startMark + 1) continue; // a lone Esc is the key
    const read = inputReader();
    const inputs = [...read(bytes.subarray(0, cut)), ...read(bytes.subarray(cut))];
    expect(joined(inputs), `cut at ${cut}`).toEqual([
      { type: "keys", text: "ab\x1b[A" },
      { type: "paste", text: "pasted\r😀 \x1b[31m" },
      { type: "keys", text: "c" },
    ]);
  }
});

test("Esc by itself is a key at once", () => {
  expect(inputReader()(Buffer.from("\x1b"))).toEqual([{ type: "keys", text: "\x1b" }]);
});

test("Ctrl-C ends a paste whose end never comes", () => {
  const read = inputReader();
  read(Buffer.from("\x1b[200~half"));
  expect(read(Buffer.from("\x03"))).toEqual([{ type: "keys", text: "\x03" }]);
  expect(read(Buffer.from("x"))).toEqual([{ type: "keys", text: "x" }]);
});
