import { execFileSync } from "node:child_process";
import { chmod, chown, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { makeStateFolder } from "@eightfold/workspace";
import { expect, onTestFinished, test, vi } from "vitest";
import { listJournals } from "./files.ts";

test("an id says when, as the user's clock has it", () => {
  const files = pathToFileURL(join(import.meta.dirname, "files.ts"));
  const program = `import { newId } from "${files}"; console.log(newId(new Date("2026-11-20T23:05:09.123Z")))`;
  const env = { ...process.env, TZ: "Asia/Tokyo" };
  const id = execFileSync(process.execPath, ["--input-type=module", "-e", program], {
    env,
    encoding: "utf8",
  });
  expect(id).toMatch(/^20261121-080509-[0-9a-f]{6}\n$/);
});

test("a folder that cannot be read is not told as one without sessions", async () => {
  const root = await mkdtemp(join(tmpdir(), "eightfold-journal-"));
  vi.stubEnv("XDG_STATE_HOME", join(root, "state"));
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await rm(root, { recursive: true });
  });
  expect(await listJournals(root)).toEqual([]);
  await symlink("sessions", join(await makeStateFolder(root), "sessions"));
  await expect(listJournals(root)).rejects.toThrow(/The sessions in .* cannot be listed: it is a link\./);
});

test.runIf(process.geteuid?.() === 0)(
  "a session that another user put into the state folder is not listed",
  async () => {
    const root = await mkdtemp(join(tmpdir(), "eightfold-journal-"));
    onTestFinished(() => rm(root, { recursive: true }));
    const sessions = join(root, "state/eightfold", root, ".eightfold/sessions");
    await mkdir(sessions, { recursive: true });
    await chmod(root, 0o755);
    const [mine, theirs] = ["20261120-230509-00000a", "20261120-230509-00000b"];
    for (const [id, uid] of [
      [mine, 4321],
      [theirs, 1234],
    ] as const) {
      await writeFile(join(sessions, `${id}.jsonl`), "{}\n");
      await chown(join(sessions, `${id}.jsonl`), uid, uid);
    }
    const files = pathToFileURL(join(import.meta.dirname, "files.ts"));
    const code = `import { listJournals } from "${files}"; console.log(...(await listJournals("${root}")).map(({ id }) => id))`;
    const env = { PATH: process.env.PATH, XDG_STATE_HOME: join(root, "state") };
    const node = [process.execPath, ["--input-type=module", "-e", code]] as const;
    expect(execFileSync(...node, { env, uid: 4321, gid: 4321, encoding: "utf8" })).toBe(`${mine}\n`);
  },
);
