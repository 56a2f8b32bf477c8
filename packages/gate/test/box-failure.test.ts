import { spawnSync } from "node:child_process";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { gitAt } from "@eightfold/workspace/test/temp-repository";
import { writeFiles } from "@eightfold/workspace/test/temp-workspace";
import { describe, expect, onTestFinished, test } from "vitest";
import { hasBox, runInBox } from "./boxed.ts";
import { sceneForAll } from "./scene.ts";

const scene = sceneForAll();
const root = () => scene.workspace.root;

// bubblewrap is on Linux alone, and where it may make namespaces.
describe.skipIf(!hasBox)("a command in a box", () => {
  test("that fails is told why that may be", async () => {
    const failed = await runInBox(scene.workspace, "write", "git config a.b c");
    expect(failed.note).toContain("call again with outside: true, and the user is asked");
    expect((await runInBox(scene.workspace, "write", "true")).note).toBeUndefined();
    expect((await runInBox(scene.workspace, "read", "ls nowhere")).note).toBeUndefined();
    expect((await runInBox(scene.workspace, "read", "cat .env")).note).toContain("sees no secrets");
  });

  test("that fails for the box is run outside when the user says so", async () => {
    const reasons: string[] = [];
    const ask = (type: string, why?: string) => async (reason: string) => {
      reasons.push(reason);
      return { type, ...(why && { why }) };
    };
    const command = "git config demo.name value && echo done";
    onTestFinished(() => void gitAt(root(), "config", "--unset", "demo.name"));
    const refused = await runInBox(scene.workspace, "write", command, {}, ask("no", "not today"));
    expect(refused).toMatchObject({ ending: { code: 4 }, stdout: "" });
    expect(refused.note).toContain("The user did not let it run outside: not today.");
    const allowed = await runInBox(scene.workspace, "write", command, {}, ask("once"));
    expect(allowed).toMatchObject({ ending: { code: 0 }, stdout: "done" });
    expect(allowed.note).toContain("This is what it did outside.");
    expect(reasons.join()).toMatch(
      /it failed in the box, .*error: could not write config file .*: Device or resource busy/,
    );
  });

  test.for([
    "exit 3",
    "echo 'assert.equal: expected busy to be resolved, network was refused' >&2; false",
    "./no-such-program",
    "echo '#!/bin/sh' > script; ./script; code=$?; rm script; exit $code",
  ])("that fails by itself is not asked about: %s", async (command) => {
    const ask = () => Promise.reject(new Error("asked"));
    expect((await runInBox(scene.workspace, "write", command, {}, ask)).note).toBeUndefined();
  });

  test("that only reads may show what looks like a failure of the box", async () => {
    await writeFiles(root(), { "sub/log.txt": "EROFS: Read-only file system\n" });
    onTestFinished(() => rm(join(root(), "sub/log.txt")));
    const ask = () => Promise.reject(new Error("asked"));
    const { note } = await runInBox(scene.workspace, "read", "cat sub/log.txt nowhere", {}, ask);
    expect(note).toBeUndefined();
  });

  test("says what is wrong when there is no temporary folder", () => {
    const program = `import { runInBox } from "${new URL("boxed.ts", import.meta.url)}";
      const ran = runInBox({ root: ${JSON.stringify(root())} }, "write", "true");
      await ran.catch(({ message }) => process.stdout.write(message));`;
    const env = { ...process.env, TMPDIR: "/no/such/folder" };
    const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { env });
    expect(String(stdout)).toBe(
      "No box for this command: a temporary folder cannot be made in /no/such/folder: it does not exist. Ask the user to set TMPDIR right.",
    );
  });
});
