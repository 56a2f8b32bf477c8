import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { beginExchange } from "../src/exchange.ts";
import { readTrace } from "../src/read.ts";
import { openTrace } from "../src/record.ts";

export const about = { phase: "8-context", title: "Context" };

/** A folder for as long as the test runs. */
export async function traceFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "eightfold-trace-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** What is in the trace of `run`. */
export async function traced(run: () => unknown) {
  const file = join(await traceFolder(), "run.jsonl");
  const end = openTrace(file, about);
  try {
    await run();
  } finally {
    end(0);
  }
  const text = await readFile(file, "utf8");
  return { ...readTrace(text), text };
}

export const post = (body: string, url = "http://127.0.0.1/v1/responses") =>
  beginExchange({ method: "POST", url, headers: undefined, body });
