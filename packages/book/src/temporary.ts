import { existsSync, rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A folder that is gone when it is disposed of, and also when the process exits before that. */
export interface Temporary {
  readonly path: string;
  [Symbol.asyncDispose](): Promise<void>;
}

const open = new Set<string>();
process.on("exit", () => {
  for (const path of open) rmSync(path, { recursive: true, force: true });
});

/** Its path is short: an agent wraps its lines, with the paths in them. */
export async function temporaryFolder(): Promise<Temporary> {
  const path = await mkdtemp(join(existsSync("/tmp") ? "/tmp" : tmpdir(), "e-"));
  open.add(path);
  return {
    path,
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true, maxRetries: 3 });
      open.delete(path);
    },
  };
}
