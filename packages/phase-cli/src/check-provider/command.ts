import { styleText } from "node:util";
import { Worker } from "node:worker_threads";
import { type ModelEvent, quote } from "@eightfold/core";
import { startWire, type WireServer } from "@eightfold/wire";
import { CommandError } from "../phases.ts";
import type { Bench, ProviderCheck } from "./bench.ts";
import { failures } from "./failures.ts";
import { replies } from "./replies.ts";
import { requests } from "./requests.ts";
import type { Said, Task } from "./thread.ts";

const usage = `pnpm phase check-provider FILE    checks a provider of your own, which speaks Anthropic's Messages API

FILE is TypeScript or JavaScript. Its default export is a function that takes the environment and returns a
Provider: docs/examples/provider-7.ts is one. pnpm phase 5 start --model FILE starts an agent with it.
`;

/** In the order in which a provider is built. */
const checks: readonly ProviderCheck[] = [...requests, ...replies, ...failures].sort(
  (a, b) => a.step - b.step,
);

/** Nothing that a provider has to wait for takes as long here. */
const PATIENCE_MS = 10_000;

/**
 * Carries out `pnpm phase check-provider`: prints a line a check. Returns the exit code: 0 when all passed, else 1.
 * @throws CommandError for a file that holds no provider
 */
export async function checkProvider(
  words: readonly string[],
  print: (text: string) => void = (text) => process.stdout.write(text),
): Promise<number> {
  const [file = ""] = words;
  if (/^(-h|--help)$/.test(file)) {
    print(usage);
    return 0;
  }
  if (words.length !== 1 || file.startsWith("-")) throw new CommandError(usage);
  if (!/\.[cm]?[jt]s$/.test(file))
    throw new CommandError(`${file} is neither TypeScript nor JavaScript.\n\n${usage}`);
  await load(file);
  let reached = Number.POSITIVE_INFINITY;
  const count = { passed: 0, failed: 0 };
  const notReached: string[] = [];
  for (const check of checks) {
    if (check.step > reached) {
      notReached.push(check.id);
      continue;
    }
    const failure = await failureOf(check, file);
    count[failure ? "failed" : "passed"] += 1;
    print(verdictLines(check, failure));
    if (failure) reached = check.step;
  }
  if (notReached.length > 0) print(`-       ${wrapped(`not reached: ${notReached.join(", ")}`)}\n`);
  print(`\n${count.passed} of ${checks.length} checks passed.\n`);
  return count.failed === 0 ? 0 : 1;
}

/** @throws CommandError when there is no provider in it */
async function load(file: string): Promise<void> {
  const { worker, heard } = startThread({ file }, {});
  try {
    await heard;
  } catch (error) {
    throw new CommandError(
      messageOf(error).replace(/^(?!There is|.* cannot be used)/, `${file} cannot be loaded: `),
    );
  } finally {
    await worker.terminate();
  }
}

interface Failure {
  readonly sent: string;
  readonly came: string;
}

/** What was sent and what came where a check fails; undefined where it passes. */
async function failureOf(check: ProviderCheck, file: string): Promise<Failure | undefined> {
  const servers: WireServer[] = [];
  const workers: Worker[] = [];
  const bench: Bench = {
    async serve(script, options) {
      const server = await startWire("anthropic", script, options);
      servers.push(server);
      return server;
    },
    async ask(wanted, last) {
      const asked =
        typeof wanted === "string" ? { conversation: [{ role: "user" as const, text: wanted }] } : wanted;
      const { worker, heard } = startThread({ file, asked }, servers.at(-1)?.env ?? {}, last);
      workers.push(worker);
      const said = await heard;
      const end = said.at(-1);
      if (end?.type !== "reply") throw new Error("no reply");
      return { events: said.flatMap((each) => (each.type === "event" ? each.event : [])), reply: end.reply };
    },
  };
  const failure = await check.run(bench).then(() => undefined, messageOf);
  await Promise.all(workers.map((worker) => worker.terminate()));
  await Promise.all(servers.map((server) => server.close()));
  const sent = servers.flatMap((server) => server.requests);
  const refusal = sent.find((request) => request.refusal !== undefined)?.refusal;
  if (failure === undefined && refusal === undefined) return undefined;
  const came = refusal === undefined ? failure : `the service refused the request: ${refusal}`;
  return { sent: sent.at(-1)?.raw ?? "no request", came: came ?? "" };
}

/** The provider at work, and everything that it says, up to its reply or, without a request, up to being loaded. */
function startThread(
  task: Task,
  env: NodeJS.ProcessEnv,
  isLast: (event: ModelEvent) => boolean = () => false,
) {
  const worker = new Worker(new URL("./thread.ts", import.meta.url), { workerData: task, env });
  const heard = new Promise<Said[]>((resolve, reject) => {
    const all: Said[] = [];
    const fail = (message: string) => reject(new Error(message));
    const clock = setTimeout(
      () => fail(`nothing in ${PATIENCE_MS / 1000} seconds: no text, no error, no reply`),
      PATIENCE_MS,
    );
    worker.on("message", (said: Said) => {
      clock.refresh();
      all.push(said);
      if (said.type === "failed") fail(said.message);
      if (said.type === "event" && isLast(said.event)) worker.postMessage("abort");
      if (said.type === (task.asked ? "reply" : "opened")) resolve(all);
    });
    worker.once("error", (error) => fail(`an error that nothing caught: ${quote(messageOf(error))}`));
    worker.once("exit", () => {
      clearTimeout(clock);
      fail("the end of its thread: it called process.exit, or waits for what never comes");
    });
  });
  return { worker, heard };
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** A line; of a failure also what was sent, what came, and what to do. */
function verdictLines({ id, title, advice }: ProviderCheck, failure: Failure | undefined): string {
  const [colour, mark] = failure ? (["red", "FAILED"] as const) : (["green", "ok"] as const);
  const line = `${styleText(colour, mark.padEnd(6), { stream: process.stdout })}  ${id.padEnd(13)} ${title}\n`;
  if (!failure) return line;
  const { sent, came } = failure;
  const shown = sent.length > 300 ? `${sent.slice(0, 200)} … ${sent.slice(-90)}` : sent;
  const rows = { sent: shown, came, next: advice };
  return (
    line +
    Object.entries(rows)
      .map(([name, text]) => `        ${name}  ${wrapped(text)}\n`)
      .join("")
  );
}

/** In lines that fit a page, behind the first of them indented. JSON is broken at its commas. */
function wrapped(text: string): string {
  const lines = text.match(/\S.{0,67}(?:,(?=\S)|(?=\s)|$)|\S.{0,68}/g) ?? [];
  return lines.join(`\n${" ".repeat(14)}`);
}
