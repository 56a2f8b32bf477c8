import { describe, expect, test } from "vitest";
import { addFragment, type CallDraft, callOf, ownCall } from "./chat-calls.ts";

/** `[index, id, name, arguments]`, as the fields of a fragment. */
type Piece = [index: number | undefined, id?: string | undefined, name?: string | undefined, text?: unknown];

function assemble(...pieces: Piece[]): CallDraft[] {
  const drafts: CallDraft[] = [];
  for (const [index, id, name, text] of pieces) {
    addFragment(drafts, { index, id, type: "function", function: { name, arguments: text } });
  }
  return drafts;
}

const shown = (drafts: CallDraft[]) => drafts.map((draft) => [draft.id, draft.name, draft.arguments]);

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
    expect(shown(drafts)).toEqual([
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
    expect(shown(drafts)).toEqual([
      ["a", "read_file", '{"path":"x"}'],
      ["b", "read_file", '{"path":"y"}'],
    ]);
  });

  test("when there are neither ids nor indexes, by names after whole arguments", () => {
    const drafts = assemble(
      [undefined, undefined, "read_file", '{"path":"x"}'],
      [undefined, "", "grep", "{}"],
    );
    expect(shown(drafts)).toEqual([
      ["", "read_file", '{"path":"x"}'],
      ["", "grep", "{}"],
    ]);
  });

  test("when id and name are repeated in every piece", () => {
    const drafts = assemble([0, "a", "read_file", '{"path"'], [0, "a", "read_file", ':"x"}']);
    expect(shown(drafts)).toEqual([["a", "read_file", '{"path":"x"}']]);
  });

  test("when only the name is repeated", () => {
    const drafts = assemble([0, undefined, "read_file", '{"path"'], [0, undefined, "read_file", ':"x"}']);
    expect(shown(drafts)).toEqual([["", "read_file", '{"path":"x"}']]);
  });

  test("when the id comes late", () => {
    const drafts = assemble([0, undefined, "read_file", ""], [0, "a", undefined, "{}"]);
    expect(shown(drafts)).toEqual([["a", "read_file", "{}"]]);
  });

  test("when the arguments are an object", () => {
    expect(shown(assemble([0, "a", "read_file", { path: "x" }]))).toEqual([
      ["a", "read_file", '{"path":"x"}'],
    ]);
  });

  const a = ["A", "read_file", '{"path":"a"}'];
  const b = ["B", "grep", '{"path":"b"}'];
  const [pa, th, whole] = ['{"pa', 'th":"a"}', '{"path":"a"}'];
  test.each<[string, Piece[], unknown[]]>([
    [
      "a new id before the arguments",
      [
        [0, "A", "read_file", ""],
        [0, "B", undefined, whole],
      ],
      [a],
    ],
    [
      "an id of its own for each piece",
      [
        [0, "A", "read_file", pa],
        [0, "x", undefined, th],
      ],
      [a],
    ],
    [
      "another name at the same index, without ids",
      [
        [0, undefined, "list_files", ""],
        [0, undefined, "grep", '{"path":"b"}'],
      ],
      [
        ["", "list_files", ""],
        ["", "grep", '{"path":"b"}'],
      ],
    ],
    [
      "an index on the first piece only",
      [
        [0, "A", "read_file", ""],
        [undefined, undefined, undefined, pa],
        [undefined, undefined, undefined, th],
      ],
      [a],
    ],
    [
      "an index on later pieces only",
      [
        [undefined, "A", "read_file", ""],
        [0, undefined, undefined, whole],
        [undefined, "B", "grep", ""],
        [1, undefined, undefined, '{"path":"b"}'],
      ],
      [a, b],
    ],
    [
      "no index, and ids in turns",
      [
        [undefined, "A", "read_file", pa],
        [undefined, "B", "grep", '{"path":'],
        [undefined, "A", undefined, th],
        [undefined, "B", undefined, '"b"}'],
      ],
      [a, b],
    ],
    [
      "no arguments first, and then all",
      [
        [0, "A", "read_file", "{}"],
        [0, undefined, undefined, pa],
        [0, undefined, undefined, th],
      ],
      [a],
    ],
    [
      "an empty object first",
      [
        [0, "A", "read_file", {}],
        [0, "A", undefined, whole],
      ],
      [a],
    ],
    [
      "all arguments once more at the end",
      [
        [0, "A", "read_file", pa],
        [0, undefined, undefined, th],
        [0, "A", "read_file", whole],
      ],
      [a],
    ],
    [
      "an empty object at the end",
      [
        [0, "A", "read_file", whole],
        [0, undefined, undefined, "{}"],
      ],
      [a],
    ],
    [
      "the same id for two calls",
      [
        [0, "A", "read_file", whole],
        [1, "A", "grep", '{"path":"b"}'],
      ],
      [a, ["A", "grep", '{"path":"b"}']],
    ],
    [
      "a name behind the id",
      [
        [0, "A"],
        [0, undefined, "read_file"],
        [0, undefined, undefined, whole],
      ],
      [a],
    ],
    [
      "a new id after whole arguments, and its name later",
      [
        [0, "A", "read_file", whole],
        [0, "B", undefined, ""],
        [0, "B", "grep", '{"path":"b"}'],
      ],
      [a, b],
    ],
    [
      "an index that skips",
      [
        [3, "A", "read_file", whole],
        [7, "B", "grep", '{"path":"b"}'],
      ],
      [a, b],
    ],
    [
      "an id that is a number",
      [[0, 7 as unknown as string, "read_file", whole]],
      [["7", "read_file", whole]],
    ],
  ])("with %s", (_, pieces, calls) => {
    expect(shown(assemble(...pieces))).toEqual(calls);
  });

  test.each([
    null,
    3,
    "x",
    [],
    {},
    { index: {}, id: {}, function: [] },
    { function: { name: {}, arguments: null } },
  ])("and %j breaks nothing", (fragment) => {
    const drafts: CallDraft[] = [];
    addFragment(drafts, fragment);
    expect(
      shown(drafts)
        .flat()
        .every((each) => each === ""),
    ).toBe(true);
  });

  test("when nothing of the function is said", () => {
    const drafts: CallDraft[] = [];
    addFragment(drafts, { index: 0, id: "a" });
    addFragment(drafts, { index: 0, function: null });
    expect(shown(drafts)).toEqual([["a", "", ""]]);
  });
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
