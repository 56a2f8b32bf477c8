import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "vitest";
import { repoRoot } from "../src/phases.ts";
import { phase, temporaryRepo } from "./temporary-repo.ts";

export const ROOMS = ["core", "gate", "journal", "providers", "shell", "terminal", "trace", "workspace"];

/** A repo with the sources of all rooms, whose one phase is `code`. */
export function repoWith(code: string): string {
  const root = temporaryRepo({ "1-one": { declares: {}, files: { "src/main.ts": code } } });
  for (const room of ROOMS) {
    const [from, to] = [repoRoot, root].map((repo) => join(repo, "packages", room)) as [string, string];
    cpSync(join(from, "src"), join(to, "src"), { recursive: true });
    cpSync(join(from, "package.json"), join(to, "package.json"));
    mkdirSync(join(to, "node_modules"));
    for (const name of readdirSync(join(from, "node_modules"))) {
      const target = name === "@eightfold" ? join(to, "..") : join(from, "node_modules", name);
      symlinkSync(target, join(to, "node_modules", name), "junction");
    }
  }
  const packages = join(root, "phases/1-one/node_modules/@eightfold");
  mkdirSync(dirname(packages), { recursive: true });
  symlinkSync(join(root, "packages"), packages, "junction");
  return root;
}

export const bundler = (root: string) => join(root, "packages/phase-cli/src/bundle-rooms.ts");

/** Makes the bundles, as an install does; returns what it says. */
export function install(root: string): string {
  const { status, stderr } = spawnSync(process.execPath, [bundler(root)], { encoding: "utf8" });
  expect(status).toBe(0);
  return stderr;
}

/** What the phase prints. */
export function started(root: string): unknown {
  const { stdout, stderr } = phase(root, ["1", "start"]);
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}

export const print = (value: string) => `console.log(JSON.stringify(${value}));`;
export const from = `import.meta.resolve("@eightfold/core").includes("/.cache/") ? "bundle" : "source"`;
export const quoteAndOrigin = `import { quote } from "@eightfold/core";
  ${print(`[quote("<html>"), ${from}]`)}`;

/** One word of what `quote` says, and another of the same length. */
export const EDITED = "packages/core/src/text.ts";
export const edit = (root: string, from: string, to: string) => {
  const path = join(root, EDITED);
  writeFileSync(path, readFileSync(path, "utf8").replace(`: "an ${from} page"`, `: "an ${to} page"`));
};
