import { execFile, execFileSync } from "node:child_process";
import { mkdir, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { repositoryWith } from "../test/temp-repository.ts";
import { listFolder, openWorkspace, searchText } from "./index.ts";

const kinds: readonly [string, (path: string) => Promise<unknown> | unknown][] = [
  ["a pipe", (path) => execFileSync("mkfifo", [path])],
  ["a link to a device", (path) => symlink("/dev/zero", path)],
  ["a gigabyte long", (path) => writeFile(path, "").then(() => truncate(path, 1024 ** 3))],
];
const places = [".gitignore", "src/.gitignore", ".git/info/exclude", "../.gitignore"];

test.for(kinds.flatMap(([kind, make]) => places.map((place) => ({ kind, make, place }))))(
  "$place that is $kind holds up neither a list nor a search, and both say that it is not read",
  async ({ make, place }) => {
    const root = await repositoryWith({ "src/a.ts": "needle\n", "docs/.gitignore": "*.log\n" });
    await writeFile(join(root, "docs/b.log"), "needle\n");
    await mkdir(dirname(join(root, place)), { recursive: true });
    await make(join(root, place));
    const workspace = await openWorkspace(root);
    const said = `Not read as an ignore file, because it is no regular file or larger than 1 MB: ${place}.`;
    const { entries, notice } = await listFolder(workspace);
    expect(entries).toContain("src/a.ts");
    expect(entries).not.toContain("docs/b.log");
    expect(notice).toContain(said);
    const found = await searchText(workspace, { pattern: "needle" }, AbortSignal.timeout(60_000));
    expect(found).toEqual({ matches: [{ path: "src/a.ts", line: 1, text: "needle" }], notice: said });
  },
);

// In a process of their own: one that waits for a pipe cannot be ended from inside.
test.for([".git/index", ".git/config", ".git/worktrees/a/commondir"])(
  "%s that is a pipe holds up neither a list, nor a search, nor what the prompt says of the repository",
  async (place) => {
    const root = await repositoryWith({ "a.ts": "needle\n" });
    await rm(join(root, place), { force: true });
    await mkdir(dirname(join(root, place)), { recursive: true });
    execFileSync("mkfifo", [join(root, place)]);
    const script = `import(${JSON.stringify(import.meta.resolve("./index.ts"))}).then(async (room) => {
      const workspace = await room.openWorkspace(process.argv[1]);
      const found = await room.searchText(workspace, { pattern: "needle" }, new AbortController().signal);
      const { entries } = await room.listFolder(workspace);
      console.log(JSON.stringify([entries, found.matches.length, await room.gitFacts(workspace.root)]));
    })`;
    const { stdout } = await promisify(execFile)(process.execPath, ["-e", script, root], { timeout: 60_000 });
    const [entries, matches, facts] = JSON.parse(stdout);
    expect([entries, matches]).toEqual([["a.ts"], 1]);
    expect(facts).toBe("the repository's own files are pipes or devices");
  },
);
