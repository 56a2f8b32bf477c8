import { expect, test } from "vitest";
import { workspaceWith } from "../test/temp-workspace.ts";
import { callsNamedIn } from "./named.ts";

const FILES = { "a.ts": "", "src/b.ts": "", "two words.md": "", "odd:1": "", "it's": "", "a.ts.": "" };

async function read(text: string) {
  const told: string[] = [];
  const calls = await callsNamedIn(await workspaceWith(FILES), text, (notice) => told.push(notice));
  return [...calls.map(({ name, input }) => [name, ...Object.values(input)].join(" ")), ...told];
}

test.for([
  ["what is in @a.ts?", ["read_file a.ts"]],
  ["@a.ts and (@src/b.ts), [@src/b.ts]", ["read_file a.ts", "read_file src/b.ts"]],
  ["see @src/b.ts.", ["read_file src/b.ts"]],
  ["see @a.ts.", ["read_file a.ts."]],
  ['"two words" is @"two words.md", and not @\'a.ts\'', ["read_file two words.md", "read_file a.ts"]],
  ["@it's", ["read_file it's"]],
  ["@a.ts:10-40 @a.ts:10 @a.ts:10-", ["read_file a.ts 10 31", "read_file a.ts 10 1", "read_file a.ts 10"]],
  ['@"two words.md":3-4!', ["read_file two words.md 3 2"]],
  ["@a.ts:40-10", ["read_file a.ts 40"]],
  ["@odd:1", ["read_file odd:1"]],
  ["@src and @src/", ["list_files src", "list_files src/"]],
  ["@.", ["list_files ."]],
  ["@../work/a.ts", ["read_file ../work/a.ts"]],
] as const)("%j", async ([text, calls]) => {
  expect(await read(text)).toEqual(calls);
});

test.for(["me@a.ts", "@@ -1 +1 @@", "a @ b", "@", "nothing"])("%j names nothing", async (text) => {
  expect(await read(text)).toEqual([]);
});

test("a name that is no file stays text, and all of them are told in a line", async () => {
  expect(await read("@gone and @a.ts")).toEqual(["read_file a.ts", "There is no file @gone: sent as text."]);
  expect(await read("@Injectable() @x @y @z")).toEqual([
    "There is no file @Injectable, @x, @y, …: sent as text.",
  ]);
  expect(await read(`@${"x".repeat(5000)}`)).toEqual([`There is no file @${"x".repeat(39)}…: sent as text.`]);
});
