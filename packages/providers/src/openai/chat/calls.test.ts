import { describe, expect, test } from "vitest";
import { assemble, shownCalls } from "../../../test/openai.ts";
import { addFragment, type CallDraft, callOf, ownCall } from "./calls.ts";

describe("pieces of calls find each other", () => {
  test("in turns, by their index", () => {
    const drafts = assemble(
      [0, "a", "read_file", ""],
      [1, "b", "grep", ""],
      [0, undefined, undefined, '{"path"'],
      [1, undefined, undefined, '{"pattern"'],
      [0, undefined, undefined, ':"x"}'],
      [1, undefined, undefined, ':"y"}'],
    );
    expect(shownCalls(drafts)).toEqual([
      ["a", "read_file", '{"path":"x"}'],
      ["b", "grep", '{"pattern":"y"}'],
    ]);
  });

  test("when every call is at index 0, by their ids", () => {
    const drafts = assemble(
      [0, "a", "read_file", '{"path":'],
      [0, undefined, undefined, '"x"}'],
      [0, "b", "read_file", '{"path":"y"}'],
    );
    expect(shownCalls(drafts)).toEqual([
      ["a", "read_file", '{"path":"x"}'],
      ["b", "read_file", '{"path":"y"}'],
    ]);
  });

  test("when there are neither ids nor indexes, by names after whole arguments", () => {
    const drafts = assemble(
      [undefined, undefined, "read_file", '{"path":"x"}'],
      [undefined, "", "grep", "{}"],
    );
    expect(shownCalls(drafts)).toEqual([
      ["", "read_file", '{"path":"x"}'],
      ["", "grep", "{}"],
    ]);
  });

  test("when id and name are repeated in every piece", () => {
    const drafts = assemble([0, "a", "read_file", '{"path"'], [0, "a", "read_file", ':"x"}']);
    expect(shownCalls(drafts)).toEqual([["a", "read_file", '{"path":"x"}']]);
  });

  test("when two calls of one tool have the same id, by their indexes", () => {
    const drafts = assemble(
      [0, "a", "read_file", ""],
      [1, "a", "read_file", ""],
      [0, undefined, undefined, '{"path":"x"}'],
      [1, undefined, undefined, '{"path":"y"}'],
    );
    expect(shownCalls(drafts)).toEqual([
      ["a", "read_file", '{"path":"x"}'],
      ["a", "read_file", '{"path":"y"}'],
    ]);
  });

  test("when two whole calls of one tool have the same id, and no indexes", () => {
    const [x, y] = ['{"path":"x"}', '{"path":"y"}'];
    const drafts = assemble([undefined, "a", "read_file", x], [undefined, "a", "read_file", y]);
    expect(shownCalls(drafts)).toEqual([
      ["a", "read_file", x],
      ["a", "read_file", y],
    ]);
    const again = assemble([0, "a", "read_file", x], [0, "a", "read_file", '{ "path": "x" }']);
    expect(again).toHaveLength(1);
  });

  test("when the arguments of the second come at the index of the first, which has none", () => {
    const drafts = assemble(
      [0, "a", "list_files", "{}"],
      [1, "b", "read_file", ""],
      [0, undefined, undefined, '{"path":"x"}'],
    );
    expect(shownCalls(drafts)).toEqual([
      ["a", "list_files", "{}"],
      ["b", "read_file", '{"path":"x"}'],
    ]);
  });

  test("when two begin at one index, without names", () => {
    const drafts = assemble(
      [0, "a"],
      [0, "b"],
      [0, undefined, "read_file", '{"path":"x"}'],
      [0, undefined, "grep", '{"pattern":"y"}'],
    );
    expect(shownCalls(drafts)).toEqual([
      ["a", "read_file", '{"path":"x"}'],
      ["", "grep", '{"pattern":"y"}'],
    ]);
  });

  test.each(["arguments", "parameters", "input"])(
    "when the arguments are its %s, without a function",
    (field) => {
      const drafts: CallDraft[] = [];
      addFragment(drafts, { index: 0, id: "a", name: "read_file", [field]: { path: "x" } });
      expect(shownCalls(drafts)).toEqual([["a", "read_file", '{"path":"x"}']]);
    },
  );

  test("when only the name is repeated", () => {
    const drafts = assemble([0, undefined, "read_file", '{"path"'], [0, undefined, "read_file", ':"x"}']);
    expect(shownCalls(drafts)).toEqual([["", "read_file", '{"path":"x"}']]);
  });

  test("when the id comes late", () => {
    const drafts = assemble([0, undefined, "read_file", ""], [0, "a", undefined, "{}"]);
    expect(shownCalls(drafts)).toEqual([["a", "read_file", "{}"]]);
  });

  test("when the arguments are an object", () => {
    expect(shownCalls(assemble([0, "a", "read_file", { path: "x" }]))).toEqual([
      ["a", "read_file", '{"path":"x"}'],
    ]);
  });

  test("when nothing of the function is said", () => {
    const drafts: CallDraft[] = [];
    addFragment(drafts, { index: 0, id: "a" });
    addFragment(drafts, { index: 0, function: null });
    expect(shownCalls(drafts)).toEqual([["a", "", ""]]);
  });
});

test.each([
  "read_file<|channel|>commentary",
  "functions.read_file",
  "functions.read_file:0<|tool_call_argument_begin|>",
  "read_file</arg_value>",
])("of the name %s only the tool's is left, also when it is sent back", (name) => {
  const drafts = assemble([0, "a", name, '{"path":"x"}']);
  expect(drafts.map(callOf)).toEqual([{ id: "a", name: "read_file", input: { path: "x" } }]);
  expect(drafts.map(ownCall)).toMatchObject([{ function: { name: "read_file" } }]);
});

test("a call goes back with the fields that only its server knows", () => {
  const drafts: CallDraft[] = [];
  const extra_content = { google: { thought_signature: "sig" } };
  addFragment(drafts, {
    ...{ index: 0, id: "a", type: "function", extra_content },
    function: { name: "x", arguments: "{}" },
  });
  expect(drafts.map(ownCall)).toEqual([
    { id: "a", type: "function", function: { name: "x", arguments: "{}" }, extra_content },
  ]);
});

test.each([
  ['{ "path":"a" }', '{ "path":"a" }'],
  ["", "{}"],
  ["{cut", "{}"],
  ["[1]", "{}"],
  ['"{\\"a\\":1}"', '{"a":1}'],
  ['{"a":"\\ud83d"}', '{"a":"\ufffd"}'],
  ['{"a":"\\ud83d\\ude00"}', '{"a":"\\ud83d\\ude00"}'],
])("arguments written as %j go back as %j", (written, sent) => {
  const [draft] = assemble([0, "a", "x", written]);
  expect(draft && ownCall(draft)).toMatchObject({ function: { arguments: sent } });
});

test("a call whose arguments are no object must not run", () => {
  const [draft] = assemble([0, "a", "x", '{"path":']);
  expect(draft && callOf(draft)).toMatchObject({
    id: "a",
    name: "x",
    input: {},
    invalid: expect.any(String),
  });
});
