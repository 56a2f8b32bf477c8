import { editDistance } from "@eightfold/core";
import { describe, expect, test } from "vitest";
import { oneAtATime } from "../src/change.ts";
import { byCodePoint, showName } from "../src/guard.ts";
import { fairShares } from "../src/list.ts";
import { similarity } from "../src/nearest-text.ts";
import { cutEnd, cutStart, lineEndNear, viewLines } from "../src/text.ts";

describe("byCodePoint", () => {
  test("puts a character beyond U+FFFF after those before it, and a prefix first", () => {
    expect(["😀", "\uff5e", "b", "B", "ab", "a", "", "é", "😀a"].sort(byCodePoint)).toEqual([
      "",
      "B",
      "a",
      "ab",
      "b",
      "é",
      "\uff5e",
      "😀",
      "😀a",
    ]);
  });
});

describe("showName", () => {
  test.each([
    ["plain name.ts", "plain name.ts"],
    ['quo"te\\', 'quo"te\\'],
    ["café 😀👩‍💻", "café 😀👩‍💻"],
    ["a\nb", '"a\\nb"'],
    ["\u001b[31m", '"\\u001b[31m"'],
    ["\u009b31m", '"\\u009b31m"'],
    ["\u007f", '"\\u007f"'],
    ["\u202etxt", '"\\u202etxt"'],
    ["a\u2028b", '"a\\u2028b"'],
  ])("%j is shown as %s", (name, shown) => {
    expect(showName(name)).toBe(shown);
  });
});

describe("cutting", () => {
  test.each([
    ["a😀b", 1, "a", "b"],
    ["a😀b", 2, "a", "b"],
    ["a😀b", 3, "a😀", "😀b"],
    ["a😀b", 4, "a😀b", "a😀b"],
    ["a😀b", 0, "", ""],
    ["😀", 1, "", ""],
  ])("%s to %i keeps pairs whole", (text, length, start, end) => {
    expect(cutEnd(text, length)).toBe(start);
    expect(cutStart(text, length)).toBe(end);
  });
});

describe("fairShares", () => {
  test.each([
    [[3000, 2, 2], 500, [496, 2, 2]],
    [[10, 10, 10], 9, [3, 3, 3]],
    [[1, 2, 3], 100, [1, 2, 3]],
    [[5, 5], 0, [0, 0]],
    [[], 5, []],
  ])("of %j in %i is %j", (wishes, room, shares) => {
    expect(fairShares(wishes, room)).toEqual(shares);
  });
});

describe("viewLines", () => {
  test("leads from every index of the view to the same place in the raw text", () => {
    const raw = "a\r\n\r\nb\n\rc\r\rd\r\n";
    const view = viewLines(raw);
    expect(view.text).toBe("a\n\nb\n\nc\n\nd\n");
    const back = Array.from({ length: view.text.length + 1 }, (_, index) => view.rawIndex(index));
    expect(back).toEqual([0, 1, 3, 5, 6, 7, 8, 9, 10, 11, 12, 14]);
  });

  test.each([
    ["a\r\nb\n", 0, "\r\n"],
    ["a\r\nb\n", 1, "\r\n"],
    ["a\r\nb\n", 3, "\n"],
    ["a\r\nb", 4, "\r\n"],
    ["a\rb", 3, "\r"],
    ["a\nb", 3, "\n"],
    ["ab", 1, "\n"],
    ["", 0, "\n"],
  ])("the line end near %j at %i is %j", (raw, index, end) => {
    expect(lineEndNear(raw, index)).toBe(end);
  });
});

describe("how alike two texts are", () => {
  test("editDistance counts characters to change", () => {
    expect([
      editDistance("kitten", "sitting"),
      editDistance("", "abc"),
      editDistance("same", "same"),
    ]).toEqual([3, 3, 0]);
  });

  test("similarity is 1 for the same, 0 for strangers, and more for what is nearer", () => {
    expect(similarity("return x;", "return x;")).toBe(1);
    expect(similarity("abc", "xyz")).toBe(0);
    expect(similarity("", "a")).toBe(0);
    expect(similarity("return total;", "return totals;")).toBeGreaterThan(
      similarity("return total;", "let total;"),
    );
  });
});

describe("oneAtATime", () => {
  test("runs changes to one file in order, past one that fails, and other files beside them", async () => {
    const log: string[] = [];
    const change = (file: string, name: string, fails = false) =>
      oneAtATime({ absolute: file }, async () => {
        log.push(`${name} starts`);
        await new Promise((resolve) => setImmediate(resolve));
        log.push(`${name} ends`);
        if (fails) throw new Error(name);
        return name;
      });
    const results = await Promise.allSettled([change("a", "1", true), change("a", "2"), change("b", "3")]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
    expect(log.filter((entry) => !entry.startsWith("3"))).toEqual([
      "1 starts",
      "1 ends",
      "2 starts",
      "2 ends",
    ]);
    expect(log.indexOf("3 starts")).toBeLessThan(log.indexOf("1 ends"));
  });
});
