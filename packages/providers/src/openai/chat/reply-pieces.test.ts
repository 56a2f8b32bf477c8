import { describe, expect, test } from "vitest";
import { assemble, type Piece, shownCalls } from "../../../test/openai.ts";
import { addFragment, type CallDraft } from "./calls.ts";

describe("pieces of calls find each other", () => {
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
      "indexes that are texts",
      [
        ["0" as unknown as number, "A", "read_file", ""],
        ["1" as unknown as number, "B", "grep", ""],
        ["0" as unknown as number, undefined, undefined, whole],
        ["1" as unknown as number, undefined, undefined, '{"path":"b"}'],
      ],
      [a, b],
    ],
    [
      "an id that is a number",
      [[0, 7 as unknown as string, "read_file", whole]],
      [["7", "read_file", whole]],
    ],
    [
      "the index of the first call on all pieces",
      [
        [0, "A", "read_file", ""],
        [0, undefined, undefined, pa],
        [0, undefined, undefined, th],
        [1, "B", "grep", ""],
        [0, undefined, undefined, '{"path":"b"}'],
      ],
      [a, b],
    ],
    [
      "indexes of heads that are one ahead of those of pieces",
      [
        [1, "A", "read_file", ""],
        [0, undefined, undefined, whole],
        [2, "B", "grep", ""],
        [1, undefined, undefined, '{"path":"b"}'],
      ],
      [a, b],
    ],
    [
      "an index that goes up with each piece, and the name in each",
      [
        [0, "A", "read_file", ""],
        [1, "A", "read_file", pa],
        [2, "A", "read_file", th],
      ],
      [a],
    ],
    [
      "a name in pieces",
      [
        [0, "A", "read", ""],
        [0, undefined, "_file", ""],
        [0, undefined, undefined, whole],
      ],
      [a],
    ],
    [
      "a name that grows",
      [
        [0, "A", "read", ""],
        [0, "A", "read_file", ""],
        [0, "A", "read_file", whole],
      ],
      [a],
    ],
    ["a space behind its name", [[0, "A", " read_file\n", whole]], [a]],
    [
      "all arguments so far in each piece",
      [
        [0, "A", "read_file", pa],
        [0, "A", undefined, '{"path":'],
        [0, "A", undefined, whole],
      ],
      [a],
    ],
  ])("with %s", (_, pieces, calls) => {
    expect(shownCalls(assemble(...pieces))).toEqual(calls);
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
      shownCalls(drafts)
        .flat()
        .every((each) => each === ""),
    ).toBe(true);
  });
});
