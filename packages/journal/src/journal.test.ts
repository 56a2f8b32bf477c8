import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { createJournal, type Journal, listJournals, openJournal, readRecords } from "./index.ts";

const program = join(import.meta.dirname, "../test/journal-holder.ts");

async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "eightfold-journal-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** A process that opens a journal, and the first thing that it says. */
async function holder(root: string, wanted: "new" | "latest"): Promise<{ run: ChildProcess; said: string }> {
  const run = spawn(process.execPath, [program, root, wanted], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void run.kill("SIGKILL"));
  const [said] = await once(run.stdout, "data");
  return { run, said: String(said).trimEnd() };
}

function refuse(message: string): never {
  throw new Error(message);
}

const open = (root: string): Promise<Journal> => openJournal(root, 1, "latest", refuse);

async function typesIn(root: string): Promise<string[]> {
  const types: string[] = [];
  for (const { file } of await listJournals(root)) readRecords(file, ({ type }) => types.push(type));
  return types;
}

test("a journal that another process writes is refused, and that process is named", async () => {
  const root = await emptyFolder();
  const { run, said } = await holder(root, "new");
  expect(said).toBe("open");
  await expect(open(root)).rejects.toThrow(
    new RegExp(`^Session [\\w-]+ is open in process ${run.pid}\\. Leave it there first`),
  );
});

test("the refusal disturbs nothing: the process writes on, and the next one can", async () => {
  const root = await emptyFolder();
  const { run } = await holder(root, "new");
  await expect(open(root)).rejects.toThrow("is open");
  run.stdin?.end();
  await once(run, "close");
  (await open(root)).close();
  expect((await typesIn(root)).filter((type) => !/claim|release/.test(type))).toEqual([
    "session",
    "hello",
    "bye",
  ]);
});

test("the journal of a process that was killed is taken over", async () => {
  const root = await emptyFolder();
  const { run } = await holder(root, "new");
  run.kill("SIGKILL");
  await once(run, "close");
  const journal = await open(root);
  journal.append({ type: "mine" });
  expect(await typesIn(root)).toEqual(["session", "claim", "hello", "claim", "mine"]);
});

test("of many processes that open a journal at once, one has it", async () => {
  const root = await emptyFolder();
  const { run } = await holder(root, "new");
  run.kill("SIGKILL"); // what it leaves is for all of them to take over
  await once(run, "close");
  const words = await Promise.all(Array.from({ length: 6 }, () => holder(root, "latest")));
  expect(words.filter(({ said }) => said === "open")).toHaveLength(1);
  expect(words.filter(({ said }) => said.includes("is open in process"))).toHaveLength(5);
});

test("a pid that came again is another process", async () => {
  const root = await emptyFolder();
  const journal = await createJournal(root, 1, {}, refuse);
  journal.append({ type: "hello" });
  await expect(open(root)).rejects.toThrow(`is open in process ${process.pid}`);
  const text = await readFile(journal.file, "utf8");
  await writeFile(journal.file, text.replaceAll(/"started":"\d+"/g, '"started":"1"'));
  (await open(root)).close();
});

test("a damaged claim of a process that is gone holds nothing", async () => {
  const root = await emptyFolder();
  const journal = await createJournal(root, 1, {}, refuse);
  journal.append({ type: "hello" });
  journal.close();
  await appendFile(journal.file, '{"type":"claim","token":"torn","pid":2147483646}\n');
  (await open(root)).close();
});
