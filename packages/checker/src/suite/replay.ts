/** `replay.ts FOLDER` lets an agent hear again what it heard in a check that failed, and shows what it prints. */
import { cp, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { ScriptedReply } from "@eightfold/wire";
import { ending } from "./agent.ts";
import { withBench } from "./bench.ts";
import type { Setup } from "./setup.ts";

interface Replay {
  readonly setup: Setup;
  readonly request: string;
  readonly replies: readonly ScriptedReply[];
}

const kept = resolve(process.argv[2] ?? ".");
const { setup, request, replies }: Replay = JSON.parse(await readFile(join(kept, "replay.json"), "utf8"));
await withBench({ setup, tools: [], isAbsolute: false, dialect: "chat" }, async (bench) => {
  await cp(join(kept, "before"), bench.folder, { recursive: true, verbatimSymlinks: true });
  await bench.serve((_, index) => replies[index] ?? { text: "done" });
  const ended = await bench.run(request);
  process.stdout.write(ended.stdout);
  process.stderr.write(
    `${ended.stderr}\nIt ended with ${ending(ended)}, after ${bench.requests.length} requests.\n`,
  );
});
