import { describe, expect, test } from "vitest";
import { joined, ownerOfPiece, parseArguments } from "./call-arguments.ts";

describe("parseArguments", () => {
  test.each([
    ['{"path":"a.ts","limit":3}', { path: "a.ts", limit: 3 }],
    ["{}", {}],
    ["", {}],
    [" \n", {}],
    ['  {"a":1}  ', { a: 1 }],
    ['"{\\"path\\":\\"a\\"}"', { path: "a" }],
    ['\uFEFF{"a":1}', { a: 1 }],
    ['\u00A0{"a":1}\n\u00A0', { a: 1 }],
  ])("reads %j", (text, input) => {
    expect(parseArguments(text)).toEqual({ input });
  });

  test.each([
    "[1]",
    "null",
    "3",
    '"text"',
    '"\\"{}\\""',
    '{"path":"a',
    '{"path":"a"}}',
    "{'path':'a'}",
    "path=a",
  ])("runs nothing for %j", (text) => {
    const { input, invalid } = parseArguments(text);
    expect(input).toEqual({});
    expect(invalid).toContain("must be one JSON object");
  });

  test("tells the model what the parser did not like", () => {
    expect(parseArguments('{"path" "a"}').invalid).toMatch(/Expected ':' after property name/);
  });

  test("arguments cut at any place never pass for whole ones", () => {
    const whole = '{"path":"a.ts","old_text":"if (x) {","new_text":"}"}';
    for (let length = 1; length < whole.length; length++) {
      expect(parseArguments(whole.slice(0, length)).invalid).toBeDefined();
    }
  });
});

test("arguments of 2 MB in pieces of four characters are joined without taking minutes", () => {
  const content = "some text\\n".repeat(200_000);
  const whole = `{"path":"a.txt","content":"${content}"}`;
  let written = "";
  for (let at = 0; at < whole.length; at += 4) written = joined(written, whole.slice(at, at + 4));
  expect(written).toBe(whole);
});

test("a piece of the last call is that call's, without a look at all that came before", () => {
  const last = {};
  const look = () => {
    throw new Error("A long call would take the square of its length.");
  };
  expect(ownerOfPiece(last, last, look)).toBe(last);
});
