import { describe, expect, test } from "vitest";
import { foreignPlaces, switchedOff } from "./house-rules.ts";
import { repoFiles } from "./repo-files.ts";
import { sources } from "./source.ts";

test("no check is switched off: no any, no !, no ignored line, no test that does not run without a reason", () => {
  expect(sources.flatMap(switchedOff)).toEqual([]);
});

describe("what switches a check off is found", () => {
  test.each([
    ["let a: any;", "any"],
    ["f(a as any);", "any"],
    ["f<any[]>();", "any"],
    ["a!.b;", "!"],
    ["// @ts-ignore\na;", "@ts-ignore"],
    ["/* @ts-expect-error: later */ a;", "@ts-expect-error: later"],
    ["// biome-ignore lint: no\na;", "biome-ignore lint: no"],
    ["test.only('a', () => {});", "test.only"],
    ["/* because */ describe.only('a', () => {});", "describe.only"],
    ["test.skip('a', () => {});", "test.skip"],
    ["test.todo('a');", "test.todo"],
    ["test('a', (context) => context.skip());", "context.skip"],
  ])("%j", (text, what) => {
    expect(switchedOff({ path: "a.ts", text })).toEqual([`a.ts:1: ${what}`]);
  });
});

describe("and what does not is left alone", () => {
  test.each([
    ["let a: unknown;"],
    ["a !== b && !c;"],
    ["// any test.skip is found\na;"],
    ["test.skipIf(process.platform === 'win32')('a', () => {});"],
    ["// Not before phase 6.\ntest.skip('a', () => {});"],
    ["test('a', (context) => context.skip('no network here'));"],
    ["list.skip(3);"],
  ])("%j", (text) => {
    expect(switchedOff({ path: "a.ts", text })).toEqual([]);
  });
});

test("no file names a machine's folders or a registry", () => {
  expect(repoFiles.flatMap(foreignPlaces)).toEqual([]);
});

describe("a place that exists on one machine only is found", () => {
  // In pieces, since this file is one of those that must not name such a place.
  test.each([
    [["", "home", "ada", "notes"]],
    [["", "root", ".cache"]],
    [["", "Users", "ada"]],
    [["https:", "", "npm-registry.example.com", "a.tgz"]],
    [["https:", "", "artifactory.example.com", "npm"]],
  ])("%j", (pieces) => {
    expect(foreignPlaces({ path: "a.md", text: `one\nin ${pieces.join("/")}\n` })).toEqual([
      `a.md:2: in ${pieces.join("/")}`,
    ]);
  });
});

test("a package that has long tests has a script that runs them", () => {
  const textOf = (path: string) => repoFiles.find((file) => file.path === path)?.text ?? "";
  const folders = repoFiles.flatMap(
    ({ path }) => /^((?:packages|phases)\/[^/]+)\/.*\.long\.test\.ts$/.exec(path)?.[1] ?? [],
  );
  expect(folders).toContain("packages/wire");
  const without = [...new Set(folders)].filter(
    (folder) => !textOf(`${folder}/package.json`).includes('"test:long"'),
  );
  expect(without).toEqual([]);
});
