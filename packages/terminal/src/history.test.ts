import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openHistory } from "./history.ts";

function historyFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "history-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "state/history");
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
  expect(history.told).toEqual([`Lines of the history that are damaged, and left out: 3. File: ${file}`]);
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
    `Requests are remembered until you leave, and no longer: the history cannot be written (EISDIR). File: ${file}`,
  ]);
});

test("two that write at once lose nothing of each other's", () => {
  const file = historyFile();
  const [one, two] = [opened(file), opened(file)];
  for (let n = 0; n < 50; n++) {
    one.add(`one ${n}`);
    two.add(`two ${n}`);
  }
  expect(opened(file).load()).toHaveLength(100);
});
