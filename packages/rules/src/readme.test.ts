import { findPhases, repoRoot } from "@eightfold/phase-cli";
import { expect, test } from "vitest";
import { untrueReadme } from "./readme.ts";
import { repoFiles } from "./repo-files.ts";

const packages = repoFiles.flatMap(({ path }) => /^packages\/([^/]+)\/package\.json$/.exec(path)?.[1] ?? []);

test.for(packages)(
  "the README of %s is a screen, names every file of src, and all it names exists",
  (room) => {
    expect(untrueReadme(`packages/${room}`, repoFiles, 40)).toEqual([]);
  },
);

test.for(findPhases(repoRoot))(
  "the README of phase $number is short, names every file of src, and all it names exists",
  ({ name }) => {
    expect(untrueReadme(`phases/${name}`, repoFiles, 50)).toEqual([]);
  },
);

test("what is untrue in a README is found", () => {
  const readme = [
    "# a",
    "[b](src/b.ts), [what is gone](src/gone.ts), [its folder](src/parts/), [elsewhere](https://example.com/x.ts)",
    "`e.ts`, `lost.ts`, `more/`, `pnpm start x.ts`",
    '| one | [b](src/b.test.ts): "holds" |',
    "| two | [b](src/b.test.ts): \"is 'quoted'\"; `b.test.ts`: a folder … is refused |",
    '| three | [b](src/b.test.ts): "was renamed"; `b.test.ts` was renamed too |',
  ];
  const files = [
    { path: "packages/a/README.md", text: readme.join("\n") },
    { path: "packages/a/src/b.ts", text: "" },
    { path: "packages/a/src/c.ts", text: "" },
    { path: "packages/a/src/e.ts", text: "" },
    { path: "packages/a/src/index.ts", text: "" },
    { path: "packages/a/src/more/f.ts", text: "" },
    { path: "packages/a/src/parts/d.ts", text: "" },
    {
      path: "packages/a/src/b.test.ts",
      text: `test("holds"); test('is \\'quoted\\''); test.each([])("a folder %s is refused")`,
    },
  ];
  expect(untrueReadme("packages/a", files, 5)).toEqual([
    "packages/a/README.md has 6 lines, and 5 at most.",
    "packages/a/README.md names src/gone.ts, which does not exist.",
    "packages/a/README.md names lost.ts, which does not exist.",
    "packages/a/README.md does not name packages/a/src/c.ts.",
    'packages/a/README.md: packages/a/src/b.test.ts has no test "was renamed".',
    'packages/a/README.md: packages/a/src/b.test.ts has no test "was renamed too".',
  ]);
  expect(untrueReadme("packages/z", files, 4)).toEqual(["packages/z/README.md is missing."]);
});
