import { linkSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { completePath, type Workspace } from "@eightfold/workspace";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { completionOf, styledChoices } from "./prompt.ts";

const commands = [
  { name: "/help", help: "this list" },
  { name: "/exit", help: "leave" },
  { name: "/model", help: "the model" },
  { name: "/memory", help: "what is remembered" },
];

let workspace: Workspace;

beforeAll(async () => {
  const root = await mkdtemp(join(tmpdir(), "complete-"));
  await mkdir(join(root, "src/deep"), { recursive: true });
  await mkdir(join(root, "node_modules/thing"), { recursive: true });
  for (const name of [
    "README.md",
    "src/parse.ts",
    "src/print.ts",
    "src/deep/parser.ts",
    "src/ü.ts",
    ".env",
    "out.log",
  ])
    await writeFile(join(root, name), "");
  await writeFile(join(root, ".gitignore"), "*.log\n");
  workspace = { root, lastRead: new Map() };
  return () => rm(root, { recursive: true });
});

async function completed(line: string) {
  const found = await completionOf(line, {
    commands,
    agentHasSome: true,
    completePath: (typed) => completePath(workspace, typed),
  });
  return found && [found.typed, found.text, found.choices.map(({ name }) => name)];
}

test.each([
  ["/", "/", "/", ["/help", "/exit", "/model", "/memory"]],
  ["/h", "/h", "/help", ["/help"]],
  ["/m", "/m", "/m", ["/model", "/memory"]],
  ["/mo", "/mo", "/model", ["/model"]],
])("%s is a command", async (line, typed, text, choices) => {
  expect(await completed(line)).toEqual([typed, text, choices]);
});

test.each([
  ["look at @", "", "", ["README.md", "src/"]],
  ["look at @R", "R", "README.md ", ["README.md"]],
  ["@s", "s", "src/", ["src/"]],
  ["@src/p", "src/p", "src/p", ["src/parse.ts", "src/print.ts"]],
  ["@src/pa", "src/pa", "src/parse.ts ", ["src/parse.ts"]],
  ["@src/d", "src/d", "src/deep/", ["src/deep/"]],
  ["@.", ".", ".", [".env", ".gitignore"]],
  ["@print", "print", "src/print.ts ", ["src/print.ts"]],
  ["@parse", "parse", "parse", ["src/parse.ts", "src/deep/parser.ts"]],
])("%s is a path", async (line, typed, text, choices) => {
  expect(await completed(line)).toEqual([typed, text, choices]);
});

test.each(["\x1b]0;title\x07", "\r", "\u202e", "\u200b", "\u00a0", "\u{e0041}"])(
  "a name with %j is not offered",
  async (hidden) => {
    const completePath = async () => [{ name: `a${hidden}b.ts` }, { name: "ab.ts" }];
    expect((await completionOf("@a", { commands, agentHasSome: true, completePath }))?.choices).toEqual([
      { name: "ab.ts" },
    ]);
  },
);

test.each([
  "/x",
  "/help me",
  "a /h",
  "mail me@src",
  "nothing",
  "",
  "@out",
  "@node_m",
  "@../",
  "@/etc/",
  "@src/x",
])("%j has no completion", async (line) => {
  expect(await completed(line)).toBeUndefined();
});

test("among ten thousand files each is found", async () => {
  const root = await mkdtemp(join(tmpdir(), "complete-"));
  onTestFinished(() => rm(root, { recursive: true }));
  await mkdir(join(root, "many"));
  await writeFile(join(root, "file"), "");
  for (let n = 0; n < 10_000; n += 1) linkSync(join(root, "file"), join(root, "many", `f${n}.txt`)); // links are quick
  const many = {
    commands,
    agentHasSome: true,
    completePath: (typed: string) => completePath({ root, lastRead: new Map() }, typed),
  };
  expect((await completionOf("@many/f9999", many))?.text).toBe("many/f9999.txt ");
  expect((await completionOf("@f9999", many))?.text).toBe("many/f9999.txt ");
});

const textOf = (choices: Parameters<typeof styledChoices>[0], columns: number) =>
  styledChoices(choices, columns)
    .map(({ text }) => text)
    .join("")
    .split("\n")
    .slice(0, -1);

test("commands are shown with their help, cut at the edge", () => {
  expect(textOf(commands.slice(1), 22)).toEqual([
    "  /exit    leave",
    "  /model   the model",
    "  /memory  what is r…",
  ]);
});

test("paths are shown side by side, and of many the first", () => {
  const paths = Array.from({ length: 100 }, (_, index) => ({ name: `file${index}` }));
  const lines = textOf(paths, 40);
  expect(lines[0]).toBe("  file0   file1   file2   file3");
  expect(lines).toHaveLength(12);
  expect(lines.at(-1)).toBe("  … 56 more");
});

test("control characters in a file's name are shown", () => {
  expect(textOf([{ name: "a\x1b[2J" }], 40)).toEqual(["  a\\x1b[2J"]);
});
