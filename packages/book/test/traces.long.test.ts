import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readTrace, type TraceLine } from "@eightfold/trace/read";
import { expect, test } from "vitest";
import { recordings, runTrace } from "../src/record/traces.ts";
import { openScratch } from "../src/scratch.ts";

const root = join(import.meta.dirname, "../../..");

/** How a run went: what was called, what failed, how each reply and each turn ended, and the end. */
function courseOf(lines: readonly TraceLine[]): string[] {
  return lines.flatMap((line) => {
    if (line.type === "call") return `${line.lane} calls ${line.call.name}`;
    if (line.type === "result") return `${line.lane} ${line.name}: ${line.isError ? "error" : "ok"}`;
    if (line.type === "usage" || line.type === "turn_end") return `${line.type} ${line.stop}`;
    if (line.type === "retry") return `retry: ${line.error.kind}`;
    if (line.type === "decision") return `${line.decision}: ${line.reason}`;
    if (line.type === "end") return `exit ${line.exit}`;
    return [];
  });
}

/** Side by side, helpers end in any order. */
const sorted = (course: readonly string[]) => [...course].sort();

test.concurrent.for(recordings)("the trace $name plays again, and ends as it did", async (recording) => {
  await using scratch = await openScratch(root);
  const file = join(root, `docs/traces/${recording.name}.jsonl`);
  const copy = join(scratch.folder, "again.jsonl");
  await runTrace(recording, ["--trace", copy, "--model", `replay:${file}`], scratch);
  const [recorded, again] = await Promise.all(
    [file, copy].map(async (path) => readTrace(await readFile(path, "utf8")).lines),
  );
  expect(sorted(courseOf(again ?? []))).toEqual(sorted(courseOf(recorded ?? [])));
});
