import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  EDITED,
  edit,
  from,
  install,
  print,
  quoteAndOrigin,
  ROOMS,
  repoWith,
  started,
} from "../test/room-repo.ts";
import { repoRoot } from "./phases.ts";
import { type RoomBundles, roomBundlesFolder } from "./room-bundles.ts";

const whereFrom = print(from);

function bundlesOf(root: string): RoomBundles {
  return JSON.parse(readFileSync(join(roomBundlesFolder(root), "bundles.json"), "utf8"));
}

test("an edit of a room is what the next start runs, whatever its size and its time", () => {
  const root = repoWith(quoteAndOrigin);
  expect(install(root)).toBe("");
  expect(started(root)).toEqual(["an HTML page", "bundle"]);

  const { atime, mtime } = statSync(join(root, EDITED));
  edit(root, "HTML", "LMTH");
  utimesSync(join(root, EDITED), atime, mtime);
  expect(started(root)).toEqual(["an LMTH page", "source"]);

  edit(root, "LMTH", "HTML");
  expect(started(root)).toEqual(["an HTML page", "source"]);
  install(root);
  expect(started(root)).toEqual(["an HTML page", "bundle"]);
});

test("a bundle that is cut off, or lacks a file, or is of another folder, is not loaded", () => {
  const root = repoWith(whereFrom);
  install(root);
  const folder = roomBundlesFolder(root);
  const { entries } = bundlesOf(root);
  const view = readdirSync(folder).find((name) => /^view-.*\.mjs$/.test(name));
  const harm: [file: string | undefined, harmed: (path: string, content: string) => void][] = [
    [entries.core, (path) => truncateSync(path, 5000)],
    [entries.shell, (path) => rmSync(path)],
    [view, (path) => rmSync(path)],
    ["bundles.json", (path) => truncateSync(path, 100)],
    ["bundles.json", (path) => writeFileSync(path, "{}")],
    ["bundles.json", (path, content) => writeFileSync(path, content.replace(root, `${root}-elsewhere`))],
  ];
  for (const [file, harmed] of harm) {
    const path = join(folder, file ?? "no such bundle");
    const content = readFileSync(path, "utf8");
    harmed(path, content);
    expect(started(root)).toBe("source");
    writeFileSync(path, content);
  }
  expect(started(root)).toBe("bundle");
});

test("where no bundle can be made, an install says so in a line, and the sources are started", () => {
  const root = repoWith(whereFrom);
  mkdirSync(join(root, "node_modules"));
  writeFileSync(join(root, "node_modules/.cache"), "");
  expect(install(root)).toMatch(/^No bundles of the rooms: E[^\n]+\n$/);
  expect(started(root)).toBe("source");
  rmSync(join(root, "node_modules/.cache"));
  rmSync(join(root, "packages/phase-cli/node_modules"));
  expect(install(root)).toMatch(/^No bundles of the rooms: Cannot find package 'rolldown'[^\n]+\n$/);
  expect(started(root)).toBe("source");
});

test("an agent that runs while an install makes other bundles goes on with its own", () => {
  const root = repoWith(`import { chooseModel } from "@eightfold/providers";
    import { spawnSync } from "node:child_process";
    import { readFileSync, writeFileSync } from "node:fs";
    const path = "packages/providers/src/demo/index.ts";
    writeFileSync(path, \`\${readFileSync(path, "utf8")}console.log("new");\`);
    const { stderr } = spawnSync(process.execPath, ["packages/phase-cli/src/bundle-rooms.ts"]);
    process.stderr.write(stderr);
    const { model } = await chooseModel("demo");
    ${print("model.name")}`);
  install(root);
  const folder = roomBundlesFolder(root);
  const monthAgo = Date.now() / 1000 - 30 * 24 * 60 * 60;
  writeFileSync(join(folder, "core-unused.mjs"), "");
  for (const name of readdirSync(folder)) utimesSync(join(folder, name), monthAgo, monthAgo);
  const before = bundlesOf(root);
  expect(started(root)).toBe("script");
  expect(bundlesOf(root).entries.providers).not.toBe(before.entries.providers);
  expect(readdirSync(folder)).not.toContain("core-unused.mjs");
});

test("each bundle exports what the room does, a module is in one file, and each finds its packages and its data", () => {
  const imports = ROOMS.map((room) => `import * as ${room} from "@eightfold/${room}";`).join("\n");
  const root = repoWith(`${imports}
    const rooms = { ${ROOMS.join(", ")} };
    const names = Object.fromEntries(Object.entries(rooms).map(([room, all]) => [room, Object.keys(all)]));
    const opened = await workspace.openWorkspace(undefined);
    const found = await workspace.searchText(opened, { pattern: "test" }, new AbortController().signal);
    const { diff } = await workspace.diffTexts("a", "1\\n", "2\\n");
    const plan = await gate.inspectCommand("ls | head", opened);
    const failure = await terminal.readCommandLine(terminal.aboutPhase(import.meta.url), []).catch((error) => error);
    ${print(`{ names, from: ${from}, root: opened.root.replace(/[^/]+$/, ""), found, diff, plan, width: terminal.fitColumns("漢字漢字", 5),
      nearest: core.nearest("wriet", ["write"]), failure: failure instanceof core.UsageError || failure }`)}`);
  cpSync(join(repoRoot, "playground"), join(root, "playground"), { recursive: true });
  const source = started(root) as { names: Record<string, string[]>; from: string };
  install(root);
  const bundle = started(root) as typeof source;
  expect([source.from, bundle.from]).toEqual(["source", "bundle"]);
  for (const room of ROOMS)
    expect(bundle.names[room]).toEqual(expect.arrayContaining(source.names[room] ?? []));
  expect({ ...bundle, names: {}, from: "" }).toEqual({ ...source, names: {}, from: "" });
});
