import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test, vi } from "vitest";
import { openHistory } from "./history.ts";

function historyFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "history-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "history");
}

function opened(file: string) {
  const told: string[] = [];
  return { told, ...openHistory(file, (message) => told.push(message)) };
}

test("whole requests come back in the next conversation, and nothing is told where there is no file yet", () => {
  const file = historyFile();
  const first = opened(file);
  expect(first.load()).toEqual([]);
  first.add("one\ntwo");
  first.add("漢字 \x1b[31m");
  expect(opened(file).load()).toEqual(["one\ntwo", "漢字 \x1b[31m"]);
  expect(first.told).toEqual([]);
});

test("damaged lines are counted and left out, and an unfinished one does not take the next with it", () => {
  const file = historyFile();
  const history = opened(file);
  history.add("before");
  appendFileSync(file, '{"a":1}\n\0\0\n"unfini');
  history.add("after");
  expect(history.load()).toEqual(["before", "after"]);
  expect(history.told).toEqual([`Damaged lines left out of the history: 3. File: ${file}`]);
});

test("of a huge file the end is read", () => {
  const file = historyFile();
  const history = opened(file);
  history.add("last");
  writeFileSync(file, `${`"${"x".repeat(999)}"\n`.repeat(30_000)}${readFileSync(file, "utf8")}`);
  const requests = history.load();
  expect([requests.length < 1_010, requests.at(-1), history.told]).toEqual([true, "last", []]);
});

test("a file that cannot be written or read is told once, by its name", () => {
  const file = historyFile();
  mkdirSync(file, { recursive: true });
  const history = opened(file);
  history.load();
  history.add("one");
  history.add("two");
  expect(history.told).toEqual([`The history cannot be read (EISDIR). File: ${file}`]);
  const other = opened(join(file, "..", "history"));
  other.add("one");
  other.add("two");
  expect(other.told).toEqual([
    `Requests are remembered only until you leave: the history cannot be written (EISDIR). File: ${file}`,
  ]);
});

/** Another process with the same history. What it is told is on its stdout. */
function inProcess(file: string, work: string) {
  const url = new URL("history.ts", import.meta.url).href;
  const code = `import { openHistory } from ${JSON.stringify(url)};
    const history = openHistory(${JSON.stringify(file)}, (message) => console.log(message));
    ${work}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return { child, said: text(child.stdout) };
}

/** Adds requests of all lengths, up to the longest that is kept, until it is killed or has added so many. */
const adding = (name: string, count: number) =>
  `for (let n = 0; n < ${count}; n++) history.add(\`${name} \${n} \${"漢".repeat((n * 7919) % 50_000)}\`);`;

test("processes that write at the same time lose nothing of each other's", async () => {
  const file = historyFile();
  const names = ["one", "two", "three"];
  const said = await Promise.all(names.map((name) => inProcess(file, adding(name, 40)).said));
  expect(said).toEqual(["", "", ""]);
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  const requests = lines.map((line): string => JSON.parse(line)); // each line is whole
  for (const name of names) {
    const own = requests.filter((request) => request.startsWith(`${name} `));
    expect(own.map((request) => Number(request.split(" ")[1]))).toEqual(
      Array.from({ length: 40 }, (_, n) => n),
    );
  }
});

test("a process that is killed while it writes takes no request of another's with it", async () => {
  const file = historyFile();
  const { child } = inProcess(file, adding("killed", 1_000_000));
  await vi.waitFor(() => expect(readFileSync(file, "utf8")).toContain("killed 3"), 60_000);
  const history = opened(file);
  for (let n = 0; n < 20; n++) history.add(`mine ${n}`);
  child.kill("SIGKILL");
  await once(child, "exit");
  history.add("mine 20");
  const mine = readFileSync(file, "utf8").match(/(?<=^")mine \d+(?="$)/gm);
  expect(mine).toEqual(Array.from({ length: 21 }, (_, n) => `mine ${n}`));
});

test("a file that may only be read is told in a line, and what it holds comes back", async () => {
  const file = historyFile();
  opened(file).add("before");
  chmodSync(file, 0o444);
  chmodSync(join(file, ".."), 0o755);
  const asNobody = "if (process.getuid?.() === 0) process.setuid(65534);"; // root may write to all files
  const work = `${asNobody} history.add("one"); history.add("two"); console.log(history.load().join());`;
  expect(await inProcess(file, work).said).toBe(
    `Requests are remembered only until you leave: the history cannot be written (EACCES). File: ${file}\nbefore\n`,
  );
});

test.skipIf(!existsSync("/dev/full"))("a full disk is told in a line", () => {
  const file = historyFile();
  symlinkSync("/dev/full", file);
  const history = opened(file);
  expect(history.load()).toEqual([]);
  history.add("one");
  history.add("two");
  expect(history.told).toEqual([expect.stringContaining("the history cannot be written (ENOSPC)")]);
});
