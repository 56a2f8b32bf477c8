import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { stateFolder } from "@eightfold/workspace";
import { expect, test } from "vitest";
import { run, temporaryFolder } from "./running.ts";

const KEPT = /^\[… .* left out; (?:all of it is|the first 50 MB are) in (\/\S+) …\]$/m;

async function kept(cwd: string): Promise<string[]> {
  return readdir(join(stateFolder(cwd), "output")).catch(() => []);
}

test("short output leaves no file behind", async () => {
  const cwd = await temporaryFolder();
  const { stdout } = await run("seq 1000", { cwd });
  expect(stdout).toMatch(/^1\n2\n[\s\S]*\n999\n1000$/);
  expect(await readdir(cwd)).toEqual([]);
});

test("of long output start and end are shown, and a file of the user's own holds all of it", async () => {
  const cwd = await temporaryFolder();
  const { stdout } = await run("seq 100000", { cwd });
  expect(stdout).toMatch(/^1\n2\n3\n/);
  expect(stdout).toMatch(/\n99999\n100000$/);
  const file = KEPT.exec(stdout)?.[1] ?? "";
  expect(await readFile(file, "utf8")).toBe(
    Array.from({ length: 100_000 }, (_, index) => `${index + 1}\n`).join(""),
  );
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test("files of more than a week ago are removed when another one comes, and no others", async () => {
  const cwd = await temporaryFolder();
  await run("seq 100000", { cwd });
  const [recent = ""] = await kept(cwd);
  const old = "2020-01-31T10-00-00-abcdef.stdout.txt";
  for (const name of [old, "2020-notes.txt"]) await writeFile(join(stateFolder(cwd), "output", name), "");
  await run("seq 100000", { cwd });
  const names = await kept(cwd);
  expect(names).toHaveLength(3);
  expect(names).toEqual(expect.arrayContaining([recent, "2020-notes.txt"]));
  expect(names).not.toContain(old);
});

test("the file holds what the program wrote, byte for byte", async () => {
  const cwd = await temporaryFolder();
  const { stderr } = await run(
    String.raw`for i in {1..5000}; do printf '\e[31m%d\xff\e[0m\r\n' $i; done >&2`,
    { cwd },
  );
  const bytes = await readFile(KEPT.exec(stderr)?.[1] ?? "", "latin1");
  expect(bytes.startsWith("\u001b[31m1ÿ\u001b[0m\r\n")).toBe(true);
  expect(bytes.endsWith("\u001b[31m5000ÿ\u001b[0m\r\n")).toBe(true);
  expect(bytes.split("\n")).toHaveLength(5001);
});

test("two long streams have two files", async () => {
  const cwd = await temporaryFolder();
  const { stdout, stderr } = await run("seq 9000 | tee /dev/stderr", { cwd });
  expect([KEPT.exec(stdout)?.[1], KEPT.exec(stderr)?.[1]].toSorted()).toEqual(
    (await kept(cwd)).map((name) => join(stateFolder(cwd), "output", name)).toSorted(),
  );
  expect(await kept(cwd)).toHaveLength(2);
});

test("a progress bar of a megabyte is one line, and no file", async () => {
  const cwd = await temporaryFolder();
  const { stdout } = await run(String.raw`seq 150000 | tr '\n' '\r'; echo done`, { cwd });
  expect(stdout).toBe("done");
  expect(await kept(cwd)).toEqual([]);
});

test("one line of 5 MB is shown in part", async () => {
  const cwd = await temporaryFolder();
  const { stdout } = await run(String.raw`head -c 5000000 /dev/zero | tr '\0' x`, { cwd });
  expect(stdout.length).toBeLessThan(21_000);
  expect((await stat(KEPT.exec(stdout)?.[1] ?? "")).size).toBe(5_000_000);
});

test("binary output is named as such", async () => {
  const cwd = await temporaryFolder();
  const { stdout, stderr } = await run("echo a text; head -c 5M /dev/zero; echo fine >&2", { cwd });
  expect(stdout).toBe("[binary output, 5.0 MB, not shown]");
  expect(stderr).toBe("fine");
  expect(await kept(cwd)).toEqual([]);
});

test("a command that prints for ever fills neither the disk nor the answer", async () => {
  const cwd = await temporaryFolder();
  const { stdout } = await run("yes | head -c 60M", { cwd });
  expect(stdout).toContain(`; the first 50 MB are in ${stateFolder(cwd)}/output/`);
  expect((await stat(KEPT.exec(stdout)?.[1] ?? "")).size).toBe(50 * 1024 * 1024);
});

test("output that cannot be kept is shown all the same, with the reason", async () => {
  const cwd = await temporaryFolder();
  await mkdir(dirname(stateFolder(cwd)), { recursive: true });
  await writeFile(stateFolder(cwd), "a file in the way");
  const { ending, stdout } = await run("seq 100000", { cwd });
  expect(ending).toEqual({ type: "exit", code: 0 });
  expect(stdout).toMatch(/^\[… .* left out; it could not be kept: a file is in the way …\]$/m);
  expect(stdout).toMatch(/\n100000$/);
});
