/** A tiny agent that speaks Chat Completions: honest, unless `--sin` says what to do wrong. */
import { realpathSync } from "node:fs";
import { createInterface } from "node:readline";
import { text as readAll } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { ask, type Call, type Message } from "./chat.ts";
import { commits } from "./sin.ts";
import { createTools } from "./tools.ts";

const { values, positionals } = readFlags();
const tools = createTools(realpathSync(values.cwd ?? "."));
const messages: Message[] = [];
let turn = new AbortController();

process.stdout.on("error", () => process.exit(0));
process[commits("prints-the-banner-on-stdout") ? "stdout" : "stderr"].write(
  `model ${process.env.EIGHTFOLD_MODEL}\n`,
);
const request = positionals.join(" ") || (process.stdin.isTTY ? "" : (await readAll(process.stdin)).trim());
if (request === "") converse();
else await answerOnce(request);

function readFlags() {
  try {
    const strict = !commits("ignores-unknown-flags");
    return parseArgs({
      options: { cwd: { type: "string" }, "max-steps": { type: "string" } },
      allowPositionals: true,
      strict,
    }) as {
      values: { cwd?: string; "max-steps"?: string };
      positionals: string[];
    };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exit(2);
  }
}

async function answerOnce(request: string): Promise<void> {
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const)
    process.on(signal, () => process.exit(code));
  try {
    await runTurn(request);
  } catch (error) {
    const { message, stack } = error as Error;
    process.stderr.write(`${commits("prints-stack-traces") ? stack : message}\n`);
    process.exitCode = 1;
  }
}

/** In a terminal: Ctrl-C stops a turn, and leaves when there is none. */
function converse(): void {
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: "> " });
  let busy = false;
  lines.on("SIGINT", () => {
    if (busy && !commits("ends-on-ctrl-c")) turn.abort();
    else if (!commits("never-leaves")) process.exit(130);
  });
  lines.on("line", async (line) => {
    busy = true;
    turn = new AbortController();
    await runTurn(line).catch((error: Error) => process.stderr.write(`\n${error.message}\n`));
    busy = false;
    lines.prompt();
  });
  lines.on("close", () => process.exit(0));
  lines.prompt();
}

async function runTurn(request: string): Promise<void> {
  if (commits("forgets-the-conversation")) messages.length = 0;
  messages.push({ role: "user", content: request });
  const most = commits("ignores-the-step-limit") ? 9 : Number(values["max-steps"] ?? 50);
  for (let step = 0; step < most; step++) {
    const buffered: string[] = [];
    const show = (text: string) =>
      void (commits("prints-at-the-end") ? buffered.push(text) : process.stdout.write(text));
    const sent = commits("rewrites-the-conversation") ? stamped(messages) : messages;
    const { message, finish } = await ask(sent, declarations(), show, turn.signal);
    process.stdout.write(`${buffered.join("")}\n`);
    messages.push(message);
    if (!message.tool_calls) return;
    await answerCalls(message.tool_calls, finish === "length");
  }
  process.stderr.write("Stopped at the step limit.\n");
  process.exitCode = 3;
}

/** Each call has its result in the conversation before any is run. */
async function answerCalls(calls: Call[], isCutOff: boolean): Promise<void> {
  const results = calls.map(({ id }): Message => ({ role: "tool", tool_call_id: id, content: "Not run." }));
  if (!commits("keeps-unanswered-calls")) messages.push(...results);
  for (const [index, { function: written }] of calls.entries()) {
    const result = results[index];
    if (!result || turn.signal.aborted) continue;
    const mayRun = !isCutOff || commits("runs-cut-off-calls");
    result.content = mayRun ? await runCall(written.name, written.arguments) : "Not run: it was cut off.";
    if (!isJson(written.arguments)) written.arguments = "{}";
  }
  if (commits("keeps-unanswered-calls") && !turn.signal.aborted) messages.push(...results);
  if (commits("drops-results")) messages.splice(messages.length - results.length + 1);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function runCall(name: string, json: string): Promise<string> {
  const tool = tools[name];
  try {
    if (!tool) throw new Error(`There is no tool ${name}, but ${Object.keys(tools)}.`);
    const input = JSON.parse(json || "{}") as Record<string, unknown>;
    const missing = tool.fields.find((field) => typeof input[field] !== "string");
    if (missing) throw new Error(`${missing}: a string is needed in the object of arguments`);
    const wrong = ["offset", "limit"].find(
      (field) => input[field] !== undefined && !(Number(input[field]) > 0),
    );
    if (wrong) throw new Error(`${wrong}: a number from 1 is needed`);
    return await tool.run(input, turn.signal);
  } catch (error) {
    if (commits("crashes-on-a-wrong-call")) throw error;
    return `JSON arguments, or what they ask for, are wrong: ${(error as Error).message}`;
  }
}

function declarations(): object[] {
  return Object.entries(tools).map(([name, { fields }]) => {
    const properties = Object.fromEntries(fields.map((field) => [field, { type: "string" }]));
    const parameters = { type: "object", properties, required: fields };
    return { type: "function", function: { name, description: `The tool ${name}`, parameters } };
  });
}

function stamped(messages: Message[]): Message[] {
  return messages.map((message) => ({
    ...message,
    content: `${message.content} (sent with ${messages.length})`,
  }));
}
