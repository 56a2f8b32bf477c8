import { execFileSync } from "node:child_process";
import { mkdir, symlink, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
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
    const found = await searchText(workspace, { pattern: "needle" }, AbortSignal.timeout(20_000));
    expect(found).toEqual({ matches: [{ path: "src/a.ts", line: 1, text: "needle" }], notice: said });
  },
);
