import { execFile } from "node:child_process";
import { link, open, symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { type Files, tempFolder, workspaceWith, writeFiles } from "../test/temp-workspace.ts";
import { projectDocuments } from "./documents.ts";
import { repositoryRoot } from "./git-folder.ts";

async function folderWith(files: Files): Promise<string> {
  return (await workspaceWith(files)).root;
}

const bytesOf = (documents: readonly { text: string }[]) =>
  documents.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);

test("AGENTS.md first, then README.md, package.json and pyproject.toml", async () => {
  const root = await folderWith({
    "pyproject.toml": "[project]\n",
    "package.json": "{}\n",
    "README.md": "# Read me\n",
    "AGENTS.md": "Be kind.\n",
    "OTHER.md": "no\n",
  });
  expect(await projectDocuments(root)).toEqual([
    { path: "AGENTS.md", text: "Be kind." },
    { path: "README.md", text: "# Read me" },
    { path: "package.json", text: "{}" },
    { path: "pyproject.toml", text: "[project]" },
  ]);
});

test("AGENTS.md of each folder from the repository's root down, and of none beside or above", async () => {
  const root = await folderWith({
    "AGENTS.md": "above",
    "repo/AGENTS.md": "root",
    "repo/README.md": "of the root",
    "repo/a/AGENTS.md": "a",
    "repo/a/b/AGENTS.md": "b",
    "repo/a/b/c/AGENTS.md": "below",
    "repo/x/AGENTS.md": "beside",
  });
  const documents = await projectDocuments(join(root, "repo/a/b"), join(root, "repo"));
  expect(documents).toEqual([
    { path: "../../AGENTS.md", text: "root" },
    { path: "../AGENTS.md", text: "a" },
    { path: "AGENTS.md", text: "b" },
    { path: "../../README.md", text: "of the root" },
  ]);
});

test("a document of two names is shown once, under the first of them", async () => {
  const root = await folderWith({ "README.md": "Read me", "package.json": "{}", "pkg/a.ts": "" });
  await symlink("README.md", join(root, "AGENTS.md"));
  await symlink("../AGENTS.md", join(root, "pkg/AGENTS.md"));
  await link(join(root, "package.json"), join(root, "pkg/package.json"));
  expect(await projectDocuments(join(root, "pkg"), root)).toEqual([
    { path: "../AGENTS.md", text: "Read me" },
    { path: "../package.json", text: "{}" },
  ]);
});

test("an empty folder has no documents, and nor have empty files, folders and pipes", async () => {
  const root = await folderWith({ "AGENTS.md": " \n", "README.md/inside.txt": "a" });
  await promisify(execFile)("mkfifo", [join(root, "package.json")]);
  expect(await projectDocuments(root)).toEqual([]);
});

test("of a document of 10 GB only the start is read, and a notice says what is missing", async () => {
  const root = await folderWith({ "AGENTS.md": "Be nice" });
  const file = await open(join(root, "README.md"), "w");
  await file.write("é".repeat(20_000));
  await file.truncate(10_000_000_000);
  await file.close();
  const [advice, readme] = await projectDocuments(root);
  expect(advice?.text).toBe("Be nice");
  expect(readme?.text).toMatch(/^é{11996}$/);
  expect(readme?.notice).toBe(
    "[cut here: 9999976007 of 10000000000 bytes left out; read_file shows the rest]",
  );
});

test("a cut document outside the working folder is not said to be readable", async () => {
  const root = await folderWith({ "AGENTS.md": "x".repeat(30_000), "a/.keep": "" });
  const [document] = await projectDocuments(join(root, "a"), root);
  expect(document?.notice).toBe("[cut here: 12000 of 30000 bytes left out]");
});

test("all documents together fit the budget; long advice leaves room for the rest, short ones are whole", async () => {
  const root = await folderWith({
    "AGENTS.md": "a".repeat(50_000),
    "sub/AGENTS.md": "b".repeat(50_000),
    "sub/README.md": "c".repeat(50_000),
    "sub/package.json": "{}",
    "sub/pyproject.toml": "d".repeat(50_000),
  });
  const documents = await projectDocuments(join(root, "sub"), root);
  expect(documents.map(({ text }) => text.length)).toEqual([9_000, 9_000, 2_999, 2, 2_999]);
  expect(bytesOf(documents)).toBeLessThanOrEqual(24_000);
});

test("what is no UTF-8 text, or binary, is left out with a notice", async () => {
  const notice = "[left out: it is not UTF-8 text]";
  const root = await folderWith({
    "AGENTS.md": Buffer.from("caf\xe9 au lait", "latin1"),
    "README.md": Buffer.from("\ufeffutf-16", "utf16le"),
    "package.json": "a\0b",
    "pyproject.toml": Buffer.from("end = caf\xe9", "latin1"),
  });
  expect(await projectDocuments(root)).toEqual([
    { path: "AGENTS.md", text: "", notice },
    { path: "README.md", text: "", notice },
    { path: "package.json", text: "", notice },
    { path: "pyproject.toml", text: "", notice },
  ]);
});

test("started in a subfolder, an agent gets the repository's documents too, and the nearest last", async () => {
  const root = await folderWith({
    "AGENTS.md": "Be kind.",
    "README.md": "the whole",
    "package.json": "{}",
    "pyproject.toml": "[project]",
    "packages/README.md": "between",
    "packages/a/README.md": "a part",
    "packages/a/package.json": "{ }",
    "packages/a/pyproject.toml": "[tool]",
  });
  const documents = await projectDocuments(join(root, "packages/a"), root);
  expect(documents.map(({ path, text }) => [path, text])).toEqual([
    ["../../AGENTS.md", "Be kind."],
    ["../../README.md", "the whole"],
    ["../../package.json", "{}"],
    ["../../pyproject.toml", "[project]"],
    ["README.md", "a part"],
    ["package.json", "{ }"],
    ["pyproject.toml", "[tool]"],
  ]);
});

const OUT = "[left out: it leads out of the project, or to nothing]";
const SECRET = "[left out: it may hold secrets]";

test("a link inside the repository is followed; one that leads out is left out, and so is its text", async () => {
  const root = await folderWith({ "repo/CLAUDE.md": "Be kind.", "outside.txt": "secret" });
  const repo = join(root, "repo");
  await symlink("CLAUDE.md", join(repo, "AGENTS.md"));
  await symlink("../outside.txt", join(repo, "README.md"));
  await symlink("nowhere", join(repo, "package.json"));
  await symlink("/proc/self/environ", join(repo, "pyproject.toml"));
  expect(await projectDocuments(repo)).toEqual([
    { path: "AGENTS.md", text: "Be kind." },
    { path: "README.md", text: "", notice: OUT },
    { path: "package.json", text: "", notice: OUT },
    { path: "pyproject.toml", text: "", notice: OUT },
  ]);
});

test("a link that a repository brings carries no secret into the first request", async () => {
  const root = await folderWith({
    ".env": "KEY=1",
    ".git/config": "url = https://token@host",
    "keys/server.pem": "-----BEGIN",
    "inner/.aws/credentials": "KEY=1",
  });
  await symlink(".env", join(root, "README.md"));
  await symlink(".git/config", join(root, "package.json"));
  await symlink("keys/server.pem", join(root, "AGENTS.md"));
  await symlink("inner/.aws", join(root, "linked"));
  await symlink("linked/credentials", join(root, "pyproject.toml")); // a link through a link
  expect(await projectDocuments(root)).toEqual(
    ["AGENTS.md", "README.md", "package.json", "pyproject.toml"].map((path) => ({
      path,
      text: "",
      notice: SECRET,
    })),
  );
});

test("a folder of a larger repository reads that repository's documents, and no more of it", async () => {
  const root = await folderWith({
    "mono/AGENTS.md": "Be kind.",
    "mono/.env": "KEY=1",
    "mono/private/notes.txt": "private",
    "mono/other/README.md": "of a neighbour",
    "mono/pkg/docs/about.txt": "about",
  });
  const pkg = join(root, "mono/pkg");
  await symlink("../.env", join(pkg, "README.md"));
  await symlink("../private/notes.txt", join(pkg, "package.json"));
  await symlink("../other/README.md", join(pkg, "pyproject.toml"));
  await symlink("../AGENTS.md", join(pkg, "AGENTS.md"));
  await symlink("pkg/docs/about.txt", join(root, "mono/README.md"));
  await symlink("private/notes.txt", join(root, "mono/package.json"));
  expect(await projectDocuments(pkg, join(root, "mono"))).toEqual([
    { path: "../AGENTS.md", text: "Be kind." },
    { path: "../README.md", text: "about" },
    { path: "../package.json", text: "", notice: OUT },
    { path: "README.md", text: "", notice: OUT },
    { path: "package.json", text: "", notice: OUT },
    { path: "pyproject.toml", text: "", notice: OUT },
  ]);
});

test("the root of a repository is the nearest folder with a .git that is one", async () => {
  const root = await folderWith({
    ".git/HEAD": "ref: refs/heads/main\n",
    "a/b/c.txt": "",
    "sub/.git": "gitdir: ../.git/modules/sub\n",
    "empty/.git/description": "",
  });
  expect(await repositoryRoot(join(root, "a/b"))).toBe(root);
  expect(await repositoryRoot(join(root, "sub"))).toBe(join(root, "sub"));
  expect(await repositoryRoot(join(root, "empty"))).toBe(root);
  expect(await repositoryRoot(await tempFolder())).toBeUndefined();
});

test("a document is read anew each time", async () => {
  const root = await folderWith({ "AGENTS.md": "one" });
  await projectDocuments(root);
  await writeFiles(root, { "AGENTS.md": "two" });
  expect(await projectDocuments(root)).toEqual([{ path: "AGENTS.md", text: "two" }]);
});
