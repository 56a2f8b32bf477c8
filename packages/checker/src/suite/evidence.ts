/** What went back and forth in a check that failed, kept in a folder from which it can be played again. */
import { existsSync } from "node:fs";
import { chmod, cp, lstat, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RecordedRequest, ScriptedReply } from "@eightfold/wire";
import { quoted, type Setup } from "./setup.ts";

export interface Evidence {
  readonly setup: Setup;
  readonly request: string;
  /** The workspace as it was when the agent started, and as it was when the check ended. */
  readonly before: string;
  readonly after: string;
  readonly requests: readonly RecordedRequest[];
  readonly replies: readonly ScriptedReply[];
  /** What the agent printed. */
  readonly output: string;
}

const repo = join(import.meta.dirname, "../../../..");

/** Writes the folder, and returns its path. `replay.sh` in it lets the agent hear the same replies again. */
export async function keepEvidence(id: string, evidence: Evidence): Promise<string> {
  const { setup, request, before, after, requests, replies, output } = evidence;
  const kept = await mkdtemp(join(tmpdir(), `check-${id}-`));
  await mkdir(join(kept, "requests"));
  for (const [index, { path, raw }] of requests.entries())
    await writeFile(join(kept, "requests", `${index + 1}.json`), raw || path);
  await writeFile(join(kept, "replay.json"), JSON.stringify({ setup, request, replies }, null, 2));
  await writeFile(join(kept, "output.txt"), output);
  for (const [name, folder] of Object.entries({ before, after }))
    if (existsSync(folder))
      await cp(folder, join(kept, name), { recursive: true, verbatimSymlinks: true, filter: canBeCopied });
  const replay = ["node_modules/.bin/node", "packages/checker/src/suite/replay.ts"].map((path) =>
    quoted(join(repo, path)),
  );
  await writeFile(join(kept, "replay.sh"), `#!/bin/sh\nexec ${replay.join(" ")} "$(dirname "$0")"\n`);
  await chmod(join(kept, "replay.sh"), 0o755);
  return kept;
}

/** Pipes and sockets cannot be copied. */
export async function canBeCopied(path: string): Promise<boolean> {
  const stats = await lstat(path);
  return stats.isFile() || stats.isDirectory() || stats.isSymbolicLink();
}
