import { execFileSync } from "node:child_process";
import { chown, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { withoutTimeLimit } from "@eightfold/core/test/without-time-limit";
import { beforeEach, expect, test } from "vitest";
import { commitAll, factsOf, gitAt, repositoryWith } from "../test/temp-repository.ts";
import { tempFolder, writeFiles, writeNames } from "../test/temp-workspace.ts";
import { gitFacts } from "./git.ts";
import { repositoryRoot } from "./git-folder.ts";

beforeEach(withoutTimeLimit);

test("branch, default branch, changed files and last commits", async () => {
  const root = await repositoryWith({ "a.txt": "a\n", "b.txt": "b\n", "old.txt": "a long line of text\n" });
  await commitAll(root, "Second words");
  await gitAt(root, "checkout", "--quiet", "-b", "work/é-#1");
  await writeFiles(root, { "a.txt": "changed\n", "new/file.txt": "" });
  await gitAt(root, "mv", "old.txt", "new.txt");
  expect(await gitFacts(root)).toEqual({
    branch: "work/é-#1",
    defaultBranch: "main",
    changes: [" M a.txt", "R  old.txt -> new.txt", "?? new/"],
    commits: [
      expect.stringMatching(/^[0-9a-f]{7,} Second words$/),
      expect.stringMatching(/^[0-9a-f]{7,} First words$/),
    ],
  });
});

test("a clean repository has no changes", async () => {
  expect(await gitFacts(await repositoryWith({}))).toMatchObject({ changes: [] });
});

test("10,000 changed files", async () => {
  const root = await repositoryWith({});
  const names = Array.from({ length: 10_000 }, (_, index) => `${"long-".repeat(40)}${10_000 + index}.txt`);
  await writeNames(root, names);
  expect((await factsOf(root)).changes).toEqual(names.map((name) => `?? ${name}`));
});

test("in a repository of 60,000 files the status is not waited for, and the rest is told", async () => {
  const root = await repositoryWith({ "a.txt": "one\n" });
  const blob = (await gitAt(root, "rev-parse", "HEAD:a.txt")).trim();
  const lines = Array.from(
    { length: 60_000 },
    (_, file) => `100644 ${blob}\tpackages/p${file % 500}/src/file${file}.ts\n`,
  );
  execFileSync("git", ["update-index", "--index-info"], { cwd: root, input: lines.join("") });
  const facts = await factsOf(root);
  expect(facts).toMatchObject({ branch: "main", defaultBranch: "main", commits: [expect.any(String)] });
  expect(facts).not.toHaveProperty("changes");
});

test("names and subjects with control characters stay on their line, as JSON strings", async () => {
  const root = await repositoryWith({});
  await commitAll(root, "up \u001b[2J\u202e down");
  await writeFiles(root, { "two\nlines": "", "esc\u001b[2J": "", 'say "hi" \\ é': "" });
  const facts = await factsOf(root);
  expect(facts.changes).toEqual(['?? "esc\\u001b[2J"', '?? say "hi" \\ é', '?? "two\\nlines"']);
  expect(facts.commits[0]).toMatch(/^"[0-9a-f]+ up \\u001b\[2J\\u202e down"$/);
});

test("a long subject is cut", async () => {
  const root = await repositoryWith({});
  await commitAll(root, "é".repeat(5_000));
  expect((await factsOf(root)).commits[0]).toMatch(/^.{100}…$/u);
});

test("colours, columns and encodings that the repository asks for are left out", async () => {
  const root = await repositoryWith({ "a.txt": "a\n" });
  await commitAll(root, "é");
  await writeFiles(root, { "a.txt": "b\n" });
  const settings = {
    "color.ui": "always",
    "column.ui": "always",
    "status.branch": "true",
    "i18n.logOutputEncoding": "latin1",
  };
  for (const [name, value] of Object.entries(settings)) await gitAt(root, "config", name, value);
  expect(await gitFacts(root)).toMatchObject({
    branch: "main",
    changes: [" M a.txt"],
    commits: [expect.stringMatching(/ é$/), expect.anything()],
  });
});

test("no commits yet: the branch has a name already", async () => {
  const root = await tempFolder();
  await gitAt(root, "init", "--quiet", "--initial-branch=trunk");
  expect(await gitFacts(root)).toEqual({ branch: "trunk", changes: [], commits: [] });
});

test("no commits yet, in a bare repository or where the status cannot be read: the branch has a name all the same", async () => {
  const bare = `${await tempFolder()}.git`;
  await gitAt(dirname(bare), "init", "--quiet", "--bare", "--initial-branch=trunk", bare);
  const branch = "trunk (a bare repository: it has no working tree)";
  expect(await gitFacts(bare)).toEqual({ branch, commits: [] });

  const root = await tempFolder();
  await gitAt(root, "init", "--quiet", "--initial-branch=trunk");
  await rm(join(root, ".git/info/exclude"));
  await mkdir(join(root, ".git/info/exclude"));
  expect(await gitFacts(root)).toEqual({ branch: "trunk", commits: [] });
});

test("a detached HEAD is no branch", async () => {
  const root = await repositoryWith({ "a.txt": "a\n" });
  await gitAt(root, "checkout", "--quiet", "--detach");
  const facts = await factsOf(root);
  expect(facts).not.toHaveProperty("branch");
  expect(facts.defaultBranch).toBe("main");
});

test("a shallow clone knows its last commit, and its origin's default branch", async () => {
  const origin = await repositoryWith({ "a.txt": "a\n" });
  await commitAll(origin, "Second words");
  await gitAt(origin, "branch", "--move", "stable");
  const root = join(await tempFolder(), "clone");
  await gitAt(origin, "clone", "--quiet", "--depth=1", `file://${origin}`, root);
  await gitAt(root, "checkout", "--quiet", "-b", "mine");
  const facts = await factsOf(root);
  expect(facts).toMatchObject({ branch: "mine", defaultBranch: "stable", changes: [] });
  expect(facts.commits).toHaveLength(1);
});

test("a submodule's facts are its own, and what changed in it is no change outside", async () => {
  const inner = await repositoryWith({ "inner.txt": "a\n" });
  const root = await repositoryWith({});
  await gitAt(root, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner, "sub");
  await commitAll(root, "A submodule");
  await writeFiles(root, { "sub/inner.txt": "b\n" });
  expect(await gitFacts(root)).toMatchObject({ changes: [] });
  expect(await gitFacts(join(root, "sub"))).toMatchObject({ branch: "main", changes: [" M inner.txt"] });
});

test("a linked worktree has its own branch", async () => {
  const root = await repositoryWith({ "a.txt": "a\n" });
  const other = join(await tempFolder(), "other");
  await gitAt(root, "worktree", "add", "--quiet", "-b", "beside", other);
  expect(await gitFacts(other)).toMatchObject({ branch: "beside", changes: [] });
});

test("a bare repository is one, and has a branch and commits, but no changes", async () => {
  const root = await repositoryWith({ "a.txt": "a\n" });
  const bare = `${root}.git`;
  await gitAt(root, "clone", "--quiet", "--bare", root, bare);
  expect(await repositoryRoot(join(bare, "objects"))).toBe(bare);
  const facts = await gitFacts(bare);
  expect(facts).toMatchObject({
    branch: "main (a bare repository: it has no working tree)",
    commits: [expect.stringContaining("First words")],
  });
  expect(facts).not.toHaveProperty("changes");
});

test.runIf(process.getuid?.() === 0)(
  "of a repository of another user git says that it is not trusted (root may give one away)",
  async () => {
    const root = await repositoryWith({ "a.txt": "a\n" });
    for (const path of [root, join(root, ".git")]) await chown(path, 4321, 4321);
    expect(await gitFacts(root)).toMatch(/^detected dubious ownership in repository at '.*'$/);
  },
);

test("a repository that says it is bare is read as the working tree that it is", async () => {
  const root = await repositoryWith({ "a.txt": "a\n" });
  await gitAt(root, "config", "core.bare", "true");
  expect(await gitFacts(root)).toMatchObject({ branch: "main" });
});

const corruptions: [string, (root: string) => Promise<void>][] = [
  ["a HEAD of garbage", (root) => writeFile(join(root, ".git/HEAD"), "\0garbage")],
  ["a configuration of garbage", (root) => writeFile(join(root, ".git/config"), "[core\n\0")],
  ["no refs", (root) => rm(join(root, ".git/refs"), { recursive: true })],
  ["no folder of objects", (root) => rm(join(root, ".git/objects"), { recursive: true })],
  [
    "a .git file that points nowhere",
    async (root) => {
      await rm(join(root, ".git"), { recursive: true });
      await writeFile(join(root, ".git"), "gitdir: ../nowhere/.git\n");
    },
  ],
];

test.for(corruptions)("%s: no facts, and none of the repository above", async ([, corrupt]) => {
  const above = await repositoryWith({ "inner/a.txt": "a\n" });
  const root = join(above, "inner");
  await gitAt(root, "init", "--quiet");
  await commitAll(root, "Inner words");
  await corrupt(root);
  expect(await gitFacts(root)).toMatch(/^[a-z]/);
});

test("missing objects: what can be read is told", async () => {
  const root = await repositoryWith({ "a.txt": "a\n" });
  await rename(join(root, ".git/objects"), join(root, ".git/gone"));
  await writeFiles(root, { ".git/objects/info/.keep": "" });
  const facts = await factsOf(root);
  expect(facts).toMatchObject({ branch: "main", commits: [] });
  expect(facts).not.toHaveProperty("changes");
});
