import { spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:os";
import { type Message, type ModelRequest, nearest } from "@eightfold/core";
import { openDemo } from "@eightfold/providers/demo";
import { type Fault, type ScriptedReply, startWire, type View, type ViewMessage } from "@eightfold/wire";
import { CommandError } from "./phases.ts";

interface Trouble {
  readonly text: string;
  /** What goes wrong with the first reply. */
  readonly fault?: Fault;
}

/** What a network, a service or a model does to every program sooner or later. */
const troubles: Readonly<Record<string, Trouble>> = {
  pieces: { text: "the bytes of each reply come in pieces that end inside lines and characters" },
  busy: {
    text: "the first request is refused: too many requests, try again in a second",
    fault: { type: "rate_limit", hint: "retry_after_seconds", seconds: 1 },
  },
  cut: {
    text: "the connection is lost in the middle of the first reply",
    fault: { type: "cut", at: "text" },
  },
  arguments: {
    text: "the first call has arguments that are not JSON",
    fault: { type: "malformed_arguments" },
  },
  forever: { text: "the model makes its first call again and again" },
};

const usage = `pnpm phase serve COMMAND …                   runs your program, with the demo model behind it
pnpm phase serve --trouble NAME COMMAND …    the same, and something goes wrong
pnpm phase serve                             serves until Ctrl-C, and prints how to reach it

The demo model speaks Chat Completions, at OPENAI_BASE_URL, and Anthropic's Messages API,
at ANTHROPIC_BASE_URL. What can go wrong:
${Object.entries(troubles)
  .map(([name, { text }]) => `  ${name.padEnd(10)} ${text}`)
  .join("\n")}
`;

/** Carries out `pnpm phase serve`: the demo model over HTTP, for a program that is not one of the phases. */
export async function serve(words: readonly string[]): Promise<void> {
  if (/^(-h|--help)$/.test(words[0] ?? "")) return void process.stdout.write(usage);
  const { name, command } = readWords(words);
  const options = name === "pieces" ? { chunkBytes: "awkward" as const } : {};
  const servers = await Promise.all([
    startWire("chat", scriptOf(name), options),
    startWire("anthropic", scriptOf(name), options),
  ]);
  const { EIGHTFOLD_MODEL: _, ...env } = Object.assign({}, ...servers.map((server) => server.env));
  if (command.length === 0) {
    const exports = servers.map(({ env: { EIGHTFOLD_MODEL: _, ...own } }) => {
      const settings = Object.entries(own).map(([variable, value]) => `${variable}=${value}`);
      return `export ${settings.join(" ")}\n`;
    });
    process.stdout.write(exports.join(""));
    return;
  }
  try {
    process.exitCode = await run(command, { ...process.env, ...env });
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
  const requests = servers.flatMap((server) => server.requests);
  const sizes = requests.map(({ raw }) => `${(Buffer.byteLength(raw) / 1000).toFixed(1)} kB`);
  process.stderr.write(`\nserved  ${sizes.join(", then ") || "nothing: your program sent no request"}\n`);
}

function readWords(words: readonly string[]): { name?: string; command: readonly string[] } {
  const [flag = "", name = "", ...command] = words;
  if (!flag.startsWith("-")) return { command: words };
  if (flag !== "--trouble") throw new CommandError(`pnpm phase serve has no flag ${flag}.\n\n${usage}`);
  if (Object.hasOwn(troubles, name)) return { name, command };
  const near = nearest(name, Object.keys(troubles));
  const meant = near ? ` Did you mean ${near}?` : "";
  throw new CommandError(`There is no trouble named "${name}".${meant}\n\n${usage}`);
}

/** Runs it on this terminal, until its end. Returns its exit code; Ctrl-C is the program's own to answer. */
async function run([file = "", ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  process.on("SIGINT", () => {});
  const child = spawn(file, args, { stdio: "inherit", env });
  try {
    await once(child, "exit");
    const { exitCode, signalCode } = child;
    return exitCode ?? 128 + (signalCode ? constants.signals[signalCode] : 0);
  } catch (error) {
    throw new CommandError(`${file} cannot be started: ${error instanceof Error ? error.message : error}`, 1);
  }
}

/** The demo's replies, one for each request, and what goes wrong with the first of them. */
function scriptOf(trouble: string | undefined) {
  const demo = openDemo(undefined, 0);
  const { fault } = troubles[trouble ?? ""] ?? {};
  let first: ScriptedReply | undefined;
  return async ({ view }: { readonly view: View }, index: number): Promise<ScriptedReply> => {
    if (trouble === "forever" && first?.calls?.length) return first;
    const stream = demo.stream(requestOf(view), new AbortController().signal);
    let next = await stream.next();
    while (!next.done) next = await stream.next();
    const { text, toolCalls } = next.value.message;
    const calls = toolCalls.map(({ name, input }) => ({ name, input }));
    first ??= { text, ...(calls.length > 0 && { calls }) };
    return { text, ...(calls.length > 0 && { calls }), ...(index === 0 && fault && { fault }) };
  };
}

function requestOf({ messages, tools }: View): ModelRequest {
  const calls = messages.flatMap((message) => (message.role === "assistant" ? message.calls : []));
  const nameOf = (callId: string) => calls.find(({ id }) => id === callId)?.name ?? "";
  return {
    conversation: messages.map((message) => messageOf(message, nameOf)),
    tools: tools.map(({ name, description = "" }) => ({ name, description, parameters: {} })),
  };
}

function messageOf(message: ViewMessage, nameOf: (callId: string) => string): Message {
  if (message.role === "user") return message;
  if (message.role === "tool")
    return { ...message, name: nameOf(message.callId), isError: false, summary: "" };
  const toolCalls = message.calls.map((call) => ({ ...call, input: { ...Object(call.input) } }));
  return { role: "assistant", text: message.text, toolCalls };
}
