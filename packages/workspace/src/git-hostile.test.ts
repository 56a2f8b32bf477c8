import { execFile } from "node:child_process";
import { appendFile, chmod, mkdir, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { withoutTimeLimit } from "@eightfold/core/test/without-time-limit";
import { beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { factsOf, gitAt, repositoryWith } from "../test/temp-repository.ts";
import { tempFolder, writeFiles } from "../test/temp-workspace.ts";
import { gitFacts } from "./git.ts";

beforeEach(withoutTimeLimit);

/** A program that leaves a mark and fails. */
async function trap(root: string): Promise<{ program: string; ran: () => Promise<string[]> }> {
  const marks = join(dirname(root), "marks");
  await mkdir(marks);
  const program = join(dirname(root), "trap");
  await writeFile(program, `#!/bin/sh\n: > "${marks}/ran"\nexit 1\n`);
  await chmod(program, 0o755);
  return { program, ran: () => readdir(marks) };
}

const settings: [what: string, settings: (program: string) => Record<string, string>][] = [
  ["a file system monitor", (program) => ({ "core.fsmonitor": program })],
  ["a clean filter", (program) => ({ "filter.x.clean": program, "filter.x.required": "true" })],
  ["a filter process", (program) => ({ "filter.x.process": program })],
  ["a filter with = in its name", (program) => ({ "filter.a=b.c.clean": program })],
  ["a pager and an editor", (program) => ({ "core.pager": program, "core.editor": program })],
  ["a diff program", (program) => ({ "diff.external": program, "diff.x.textconv": program })],
];

test.for(settings)("%s that the repository names does not run", async ([, settingsOf]) => {
  const root = await repositoryWith({ "a.txt": "one\n" });
  const { program, ran } = await trap(root);
  await writeFiles(root, { ".git/info/attributes": "* filter=x diff=x\nb.txt filter=a=b.c\n", "b.txt": "" });
  await gitAt(root, "add", "b.txt");
  for (const [name, value] of Object.entries(settingsOf(program))) await gitAt(root, "config", name, value);
  await writeFiles(root, { "a.txt": "two\n", "b.txt": "b" });
  expect(await gitFacts(root)).toMatchObject({ branch: "main", changes: [" M a.txt", "AM b.txt"] });
  expect(await ran()).toEqual([]);
});

test.for([
  ["in capitals", "config", "FILTER", ""],
  ["in a file that is included", "more", "filter", "[Include]\n\tpath = more\n"],
  ["for the worktree", "config.worktree", "filter", "[extensions]\n\tworktreeConfig = true\n"],
] as const)("a filter that is named %s does not run", async ([, file, filter, settings]) => {
  const root = await repositoryWith({ "a.txt": "one\n" });
  const { program, ran } = await trap(root);
  await writeFiles(root, { ".git/info/attributes": "* filter=x\n", "a.txt": "two\n" });
  await appendFile(join(root, ".git", file), `[${filter} "x"]\n\tclean = ${program}\n`);
  await appendFile(join(root, ".git/config"), settings);
  expect(await gitFacts(root)).toMatchObject({ changes: [" M a.txt"] });
  expect(await ran()).toEqual([]);
  await gitAt(root, "status");
  expect(await ran()).toEqual(["ran"]);
});

test("a filter whose name no environment takes is no way around, and no crash", async () => {
  const root = await repositoryWith({ "a.txt": "one\n" });
  const { program, ran } = await trap(root);
  await writeFiles(root, { ".git/info/attributes": "* filter=x\n", "a.txt": "two\n" });
  await gitAt(root, "config", "filter.x.clean", program);
  await appendFile(join(root, ".git/config"), `[filter "${"long".repeat(100_000)}"]\n\tclean = true\n`);
  expect(await gitFacts(root)).not.toHaveProperty("changes");
  expect(await ran()).toEqual([]);
});

test("the trap is one: git by itself runs a filter that the repository names", async () => {
  const root = await repositoryWith({ "a.txt": "one\n" });
  const { program, ran } = await trap(root);
  await writeFiles(root, { ".git/info/attributes": "* filter=x\n" });
  await gitAt(root, "config", "filter.x.clean", program);
  await writeFiles(root, { "a.txt": "two\n" });
  await gitAt(root, "status");
  expect(await ran()).toEqual(["ran"]);
});

test("a signature is not checked with the program that the repository names", async () => {
  const root = await repositoryWith({});
  const { program, ran } = await trap(root);
  const signed = (await gitAt(root, "cat-file", "commit", "HEAD")).replace("\n\n", `\n${SIGNATURE}\n\n`);
  await writeFiles(dirname(root), { "signed.txt": signed });
  const commit = await gitAt(root, "hash-object", "-t", "commit", "-w", join(dirname(root), "signed.txt"));
  await gitAt(root, "reset", "--quiet", commit.trim());
  await gitAt(root, "config", "log.showSignature", "true");
  await gitAt(root, "config", "gpg.program", program);
  expect((await factsOf(root)).commits).toHaveLength(1);
  expect(await ran()).toEqual([]);
});

const SIGNATURE = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n -----END PGP SIGNATURE-----";

test("a hook does not run, and nothing is written", async () => {
  const root = await repositoryWith({ "a.txt": "one\n" });
  const { program, ran } = await trap(root);
  for (const hook of ["post-index-change", "fsmonitor-watchman"]) {
    await writeFiles(root, { [`.git/hooks/${hook}`]: `#!/bin/sh\nexec ${program}\n` });
    await chmod(join(root, ".git/hooks", hook), 0o755);
  }
  await writeFiles(root, { "a.txt": "one\n" });
  await gitFacts(root);
  expect(await ran()).toEqual([]);
});

test("objects that a clone left at its origin are not fetched", async () => {
  const root = await repositoryWith({ "a.txt": "one\n" });
  const { program, ran } = await trap(root);
  const promisor = {
    "core.repositoryFormatVersion": "1",
    "extensions.partialClone": "origin",
    "remote.origin.promisor": "true",
    "remote.origin.url": `ext::${program}`,
    "protocol.ext.allow": "always",
  };
  for (const [name, value] of Object.entries(promisor)) await gitAt(root, "config", name, value);
  await rm(join(root, ".git/objects"), { recursive: true });
  await mkdir(join(root, ".git/objects"));
  expect(await gitFacts(root)).toMatchObject({ branch: "main" });
  expect(await ran()).toEqual([]);
});

test("core.worktree leads nowhere else", async () => {
  const root = await repositoryWith({ "a.txt": "one\n" });
  await writeFiles(dirname(root), { "secret.txt": "" });
  await gitAt(root, "config", "core.worktree", dirname(root));
  expect(await gitFacts(root)).toMatchObject({ changes: [] });
});

test("the repository that a hook's environment names is not the one that is read", async () => {
  const root = await repositoryWith({ "a.txt": "one\n" });
  const other = await repositoryWith({});
  await gitAt(other, "branch", "--move", "other");
  vi.stubEnv("GIT_DIR", join(other, ".git"));
  vi.stubEnv("GIT_INDEX_FILE", join(other, ".git/index"));
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await gitFacts(root)).toMatchObject({ branch: "main", changes: [] });
});

/** Puts a program named git first on the PATH, or alone. */
async function gitIs(folder: string, script: string): Promise<void> {
  await writeFiles(folder, { git: script });
  await chmod(join(folder, "git"), 0o755);
  vi.stubEnv("PATH", folder);
  onTestFinished(() => void vi.unstubAllEnvs());
}

/** What is told of `root` by a process that stands in `folder`. */
async function factsFrom(folder: string, root: string, path: string): Promise<string> {
  const gitFactsFile = new URL("./git.ts", import.meta.url);
  const script = `const { gitFacts } = await import("${gitFactsFile}");
    console.log(await gitFacts(${JSON.stringify(root)}));`;
  const options = { cwd: folder, env: { ...process.env, PATH: path } };
  const { stdout } = await promisify(execFile)(process.execPath, ["-e", script], options);
  return stdout.trim();
}

test("a git that lies in the repository is not run", async () => {
  const root = await repositoryWith({});
  const { program, ran } = await trap(root);
  await gitIs(join(root, "bin"), `#!/bin/sh\n${program}\n`);
  expect(await gitFacts(root)).toBe("there is no git on PATH");
  await gitIs(join(dirname(root), "bin"), "#!/bin/sh\n");
  expect(await factsFrom(dirname(root), root, "bin:.:")).toBe("there is no git on PATH");
  expect(await ran()).toEqual([]);
});

test("without a git there are no facts, and it is said why", async () => {
  const root = await repositoryWith({});
  vi.stubEnv("PATH", await tempFolder());
  onTestFinished(() => void vi.unstubAllEnvs());
  expect(await gitFacts(root)).toBe("there is no git on PATH");
});

test("a git that hangs is given up", async () => {
  vi.restoreAllMocks(); // in its time
  const root = await repositoryWith({});
  const folder = await realpath(await tempFolder());
  await gitIs(folder, "#!/bin/sh\nexec /bin/sleep 60\n");
  expect(await gitFacts(root)).toBe("it took too long");
});
