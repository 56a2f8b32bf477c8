/** A reader's provider, in a thread of its own: it can be ended whatever it does, and sees no key of the user's. */
import module from "node:module";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import type { ModelEvent, Reply } from "@eightfold/core";
import type { Asked } from "./bench.ts";

export interface Task {
  readonly file: string;
  /** Without one, the file is only loaded. */
  readonly asked?: Asked | undefined;
}

/** What the thread tells. It is told one thing only: to abort. */
export type Said =
  | { readonly type: "opened" }
  | { readonly type: "event"; readonly event: ModelEvent }
  | { readonly type: "reply"; readonly reply: Reply }
  | { readonly type: "failed"; readonly message: string };

// Before the rooms are loaded: each thread would compile them again, and the checks start thirty.
module.enableCompileCache(join(import.meta.dirname, "../../../../node_modules/.cache/eightfold/code"));
const { chooseModel } = await import("@eightfold/providers");

const say = (said: Said) => parentPort?.postMessage(said);

async function work({ file, asked }: Task): Promise<void> {
  const controller = new AbortController();
  const timeout = asked?.timeout;
  const { model } = await chooseModel({ model: file, ...(timeout && { timeout }) }, process.env);
  say({ type: "opened" });
  if (!asked) return;
  parentPort?.on("message", () => controller.abort());
  const { timeout: _, ...request } = asked;
  const stream = model.stream(request, controller.signal);
  try {
    let next = await stream.next();
    for (; !next.done; next = await stream.next()) say({ type: "event", event: next.value });
    say({ type: "reply", reply: next.value });
  } catch (error) {
    // core makes a value of whatever an attempt throws, so it was something else.
    throw new Error(`what attempt returns, or explain, is not as core wants it: ${error}`);
  }
}

// Not awaited: of a thread that waits for what never comes, Node would warn.
work(workerData).catch(({ message }: Error) => say({ type: "failed", message }));
