import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openWorkspace } from "@eightfold/workspace";
import { expect, onTestFinished, test } from "vitest";
import type { Policy } from "../src/permissions.ts";
import { buildPrompt } from "../src/prompt.ts";

const policy: Policy = { approval: "ask", always: new Set() };

async function emptyWorkspace() {
  const folder = await mkdtemp(join(tmpdir(), "eightfold-prompt-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return openWorkspace(folder);
}

test("in an empty folder without git, the prompt is its guidance and what there is to say", async () => {
  const prompt = await buildPrompt(await emptyWorkspace(), policy);
  expect(prompt).toMatch(/^You are a coding agent/);
  expect(prompt).toMatch(/## Git\n\nThe folder is in no git repository\.\n\n## Top level\n\n\(empty\)$/);
});

test("the guidance takes at most 25 lines", async () => {
  const [guidance = ""] = (await buildPrompt(await emptyWorkspace(), policy)).split("\n\n## ");
  expect(guidance.split("\n").length).toBeLessThanOrEqual(25);
});

test.each([
  ["Pacific/Honolulu", "2026-11-20"],
  ["Pacific/Auckland", "2026-11-21"],
])("today is the day where the user is: in %s it is %s", async (zone, day) => {
  const { root } = await emptyWorkspace();
  const script = `
    const { buildPrompt } = await import("./src/prompt.ts");
    const workspace = { root: process.argv[1], lastRead: new Map() };
    console.log(await buildPrompt(workspace, { approval: "ask" }, new Date("2026-11-20T23:30:00Z")));
  `;
  // A process has one time zone.
  const prompt = execFileSync(process.execPath, ["--input-type=module", "-e", script, root], {
    cwd: join(import.meta.dirname, ".."),
    env: { ...process.env, TZ: zone },
    encoding: "utf8",
  });
  expect(prompt).toContain(`Today: ${day}\n`);
});

test("of many names the first 60 are listed, and the rest counted", async () => {
  const workspace = await emptyWorkspace();
  const names = Array.from({ length: 200 }, (_, index) => `file-${100 + index}.txt`);
  await Promise.all(names.map((name) => writeFile(join(workspace.root, name), "")));
  expect(await buildPrompt(workspace, policy)).toMatch(/\nfile-159\.txt\n\[140 more\]$/);
});

test("a folder that is gone still has a prompt", async () => {
  const workspace = await emptyWorkspace();
  await rm(workspace.root, { recursive: true });
  expect(await buildPrompt(workspace, policy)).toMatch(/^You are a coding agent.*The workspace \S+ is gone/s);
});

test("an agent that may only read is told so", async () => {
  const prompt = await buildPrompt(await emptyWorkspace(), { approval: "never", always: new Set() });
  expect(prompt).toContain("Only reading is permitted");
});
