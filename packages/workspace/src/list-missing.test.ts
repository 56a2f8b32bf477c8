import { editDistance } from "@eightfold/core";
import { describe, expect, test } from "vitest";
import { refusal, workspaceWith } from "../test/temp-workspace.ts";
import { readTextPage } from "./index.ts";

describe("a missing file", () => {
  const files = {
    "src/index.ts": "",
    "src/parser/parse-line.ts": "",
    "test/index.test.ts": "",
    "dist/indec.ts": "",
    ".gitignore": "dist/\n",
    "node_modules/x/indez.ts": "",
  };

  test.each([
    ["index.ts", "src/index.ts"],
    ["src/indx.ts", "src/index.ts"],
    ["src/Index.TS", "src/index.ts"],
    ["lib/parse-line.ts", "src/parser/parse-line.ts"],
    ["src\\parser\\parse-line.ts", "src/parser/parse-line.ts"],
    ["src/index.ts/inner/index.ts", "src/index.ts"],
  ])("%s: did you mean %s", async (path, nearest) => {
    const message = await refusal(readTextPage(await workspaceWith(files), path));
    expect(message).toBe(`${path} does not exist. Did you mean ${nearest}?`);
  });

  test("with nothing like it says so, and what is excluded is not suggested", async () => {
    const workspace = await workspaceWith(files);
    expect(await refusal(readTextPage(workspace, "zzzzzz.rb"))).toBe(
      "zzzzzz.rb does not exist, and no file in the workspace has a name like it.",
    );
    const message = await refusal(readTextPage(workspace, "indee.ts"));
    expect(message).toContain("src/index.ts");
    expect(message).not.toMatch(/indec|indez/);
  });

  test("is suggested at most three times, the most alike first", async () => {
    const workspace = await workspaceWith({
      "a/util.ts": "",
      "b/util.ts": "",
      "c/util.ts": "",
      "d/utils.ts": "",
    });
    expect(await refusal(readTextPage(workspace, "util.ts"))).toBe(
      "util.ts does not exist. Did you mean a/util.ts or b/util.ts or c/util.ts?",
    );
  });
});

test("editDistance counts characters to change", () => {
  expect([editDistance("kitten", "sitting"), editDistance("", "abc"), editDistance("same", "same")]).toEqual([
    3, 3, 0,
  ]);
});
