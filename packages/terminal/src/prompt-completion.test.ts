import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callsNamedIn, completePath, type Workspace } from "@eightfold/workspace";
import { beforeAll, expect, test } from "vitest";
import { findOffer } from "./choices.ts";

const commands = [
  { name: "/help", help: "this list" },
  { name: "/exit", help: "leave" },
  {
    name: "/model",
    help: "the model",
    takesWords: async () => ["demo", "openai:gpt-6.1-sol", "openai:gpt-6-luna"],
  },
  { name: "/memory", help: "what is remembered", takesWords: true },
] as const;

let workspace: Workspace;

beforeAll(async () => {
  const root = await mkdtemp(join(tmpdir(), "complete-"));
  await mkdir(join(root, "src/deep"), { recursive: true });
  await mkdir(join(root, "node_modules/thing"), { recursive: true });
  for (const name of [
    ...["README.md", "my notes.md", "src/parse.ts", "src/print.ts", "src/deep/parser.ts", "src/ü.ts"],
    ...["src/deep/lineEditor.ts", ".env", "out.log", "src/alphabetical-index.ts"],
  ])
    await writeFile(join(root, name), "");
  await writeFile(join(root, ".gitignore"), "*.log\n");
  workspace = { root, lastRead: new Map() };
  return () => rm(root, { recursive: true });
});

const complete = (typed: string) => completePath(workspace, typed);

function offerFor(line: string, paths: (typed: string) => Promise<readonly string[]> = complete) {
  return findOffer(line, { commands, agentHasSome: true, completePath: paths }, () => false);
}

async function offered(line: string) {
  const offer = await offerFor(line);
  return offer && [offer.typed, ...offer.choices];
}

test.each([
  ["/", "/", "/help", "/exit", "/model ", "/memory "],
  ["/h", "/h", "/help"],
  ["/m", "/m", "/model ", "/memory "],
  ["/MO", "/MO", "/model ", "/memory "],
  ["/my", "/my", "/memory "],
  ["/model ", "", "demo", "openai:gpt-6.1-sol", "openai:gpt-6-luna"],
  ["/model luna", "luna", "openai:gpt-6-luna"],
])("%s is a command, or a word behind one", async (line, ...choices) => {
  expect(await offered(line)).toEqual(choices);
});

test.each([
  ["look at @", "", "README.md ", '"my notes.md" ', "src/"],
  ["@R", "R", "README.md "],
  ["@src/", "src/", "src/alphabetical-index.ts ", "src/deep/"],
  ["@src/pa", "src/pa", "src/parse.ts "],
  ["@src/d", "src/d", "src/deep/"],
  ["@.", ".", ".gitignore "],
  ["@print", "print", "src/print.ts "],
  ["@parse", "parse", "src/parse.ts ", "src/deep/parser.ts "],
  ["@le", "le", "src/deep/lineEditor.ts "],
  ["@sdp", "sdp", "src/deep/parser.ts "],
  ["@Ü", "Ü", "src/ü.ts "],
])("%s is a path: the likeliest is the first", async (line, ...choices) => {
  expect((await offered(line))?.slice(0, choices.length)).toEqual(choices);
});

test.each(["m notes.md", 'm"m.txt', "'m'.txt", "@m.txt", "m'm.txt"])(
  "%s is read when it is taken from the list",
  async (name) => {
    const offer = await offerFor("@m", async () => [name]);
    await writeFile(join(workspace.root, name), "");
    const calls = await callsNamedIn(workspace, `see @${offer?.choices[0]}`, () => {});
    await rm(join(workspace.root, name));
    expect(calls.map(({ input }) => input)).toEqual([{ path: name }]);
  },
);

test.each(["\x1b]0;title\x07", "\r", "\u202e", "\u200b", "\u00a0", "\u{e0041}", "\ufffd"])(
  "a name with %j is not offered",
  async (hidden) => {
    const offer = await offerFor("@a", async () => [`a${hidden}b.ts`, "ab.ts"]);
    expect(offer?.choices).toEqual(["ab.ts "]);
  },
);

test.each([
  ...[
    "/z",
    "/help me",
    "/memory ",
    "a /h",
    "mail me@src",
    "nothing",
    "",
    "@out",
    "@node_m",
    "@../",
    "@/etc/",
    "@src/zz",
  ],
  ...["@.env", "/tmp/x", "@[", "@(a", "@\\"],
])("for %j nothing is offered", async (line) => {
  expect(await offered(line)).toBeUndefined();
});

test("where listing fails, nothing is offered", async () => {
  expect(await offerFor("@a", () => Promise.reject(new Error("EIO")))).toBeUndefined();
});

const names = (count: number) => Array.from({ length: count }, (_, index) => `many/f${index}.txt`);

test("among a hundred thousand paths each is found, and whoever types on is not held up", async () => {
  const paths = names(100_000);
  expect((await offerFor("@f99999", async () => paths))?.choices[0]).toEqual("many/f99999.txt ");
  let looks = 0;
  const isStale = () => ++looks > 1;
  const all = { commands, agentHasSome: true, completePath: async () => paths };
  expect(await findOffer("@m", all, isStale)).toBeUndefined();
});

async function rowsFor(
  line: string,
  [selected, columns, most]: readonly [number, number, number],
  paths?: string[],
) {
  const offer = await offerFor(line, paths && (async () => paths));
  const rows = offer?.rows(selected, columns, most) ?? [];
  return rows
    .map(({ text }) => text)
    .join("")
    .split("\n");
}

test("commands are shown with their help, cut at the edge, and the selected one has a mark", async () => {
  expect(await rowsFor("/", [2, 28, 7])).toEqual([
    "  /help    this list",
    "  /exit    leave",
    "→ /model   the model",
    "  /memory  what is rememb…",
  ]);
  expect(await rowsFor("/", [-1, 16, 7])).toEqual(["  /help", "  /exit", "  /model", "  /memory"]);
});

test("of many paths those around the selected one are shown, and how many there are beside them", async () => {
  const paths = names(1200);
  expect(await rowsFor("@", [-1, 40, 3], paths)).toEqual([
    "  many/f0.txt",
    "  many/f1.txt",
    "  … 1,198 more",
  ]);
  expect(await rowsFor("@", [4, 40, 3], paths)).toEqual(["  many/f3.txt", "→ many/f4.txt", "  … 1,198 more"]);
  expect(await rowsFor("@", [49, 40, 1], paths)).toEqual(["→ many/f49.txt"]);
});

test("of a long path its end is shown", async () => {
  expect(await rowsFor("@", [0, 16, 3], ["a/long/way/to/漢字.ts"])).toEqual(["→ …/to/漢字.ts"]);
});
