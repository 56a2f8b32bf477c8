/** What an agent is, found out before any check: it starts, it speaks a protocol, and its tools do what they seem to. */
import { setTimeout as pause } from "node:timers/promises";
import type { Dialect, RecordedRequest, ScriptedCall, ScriptedReply } from "@eightfold/wire";
import type { Ended } from "../agent-process.ts";
import { ending, said } from "./agent.ts";
import { type Bench, type Subject, withBench } from "./bench.ts";
import { type Dialogue, talk } from "./dialogue.ts";
import { commandOf } from "./left-behind.ts";
import { type Arguments, type Role, type RoleTool, recognise, roles } from "./roles.ts";
import type { Setup } from "./setup.ts";

/** The agent cannot be checked: one line that says why, and what to do. */
export class CannotCheck extends Error {}

export interface Preflight {
  readonly subject: Subject;
  /** In HTTP terms: the path of its first request. */
  readonly path: string;
  readonly isStreamed: boolean;
  readonly model: string;
  /** All tools that it offers, in its order. */
  readonly offered: readonly string[];
  /** Tools that look like a role, and did not do what the role says. */
  readonly unproven: readonly Proof[];
  /** What still ran after its end. */
  readonly leaves?: string;
}

/** Throws {@link CannotCheck}. */
export async function preflight(setup: Setup): Promise<Preflight> {
  const { request: first, leaves } = await firstTurn(setup);
  const tools = recognise(first.view.tools, setup.tools);
  const unmapped = Object.entries(setup.tools).find(([role]) => !tools.some((tool) => tool.role === role));
  if (unmapped) {
    const offered = first.view.tools.map(({ name }) => name).join(", ") || "none";
    throw new CannotCheck(
      `eightfold-check.json maps "${unmapped[0]}" to ${unmapped[1].name}, and the agent offers no such tool. It offers: ${offered}.`,
    );
  }
  const dialect = first.dialect;
  const relative = await proveTools({ setup, tools, isAbsolute: false, dialect });
  const isBetter = relative.every(({ isProven, tool }) => isProven || tool.role === "shell");
  const absolute = isBetter ? [] : await proveTools({ setup, tools, isAbsolute: true, dialect });
  const isAbsolute = countOf(absolute) > countOf(relative);
  const proofs = isAbsolute ? absolute : relative;
  return {
    subject: {
      setup,
      isAbsolute,
      dialect,
      tools: proofs.filter(({ isProven }) => isProven).map(({ tool }) => tool),
    },
    path: first.path,
    isStreamed: isStreamed(first),
    model: modelOf(first),
    offered: first.view.tools.map(({ name }) => name),
    unproven: proofs.filter(({ isProven }) => !isProven),
    ...(leaves !== undefined && { leaves }),
  };
}

const countOf = (proofs: readonly Proof[]) => proofs.filter(({ isProven }) => isProven).length;

interface FirstTurn {
  readonly request: RecordedRequest;
  readonly leaves?: string;
}

/** Starts the agent once, and answers its first request. */
async function firstTurn(setup: Setup): Promise<FirstTurn> {
  let found: FirstTurn | undefined;
  await withBench({ setup, tools: [], isAbsolute: false, dialect: "chat" }, async (bench) => {
    await bench.serve(() => ({ text: "The word is LINDEN-3." }));
    const agent = bench.start("Say the word.");
    const ended = await withoutIdling(bench, agent.end(bench.sign)).catch((error: Error) => error);
    if (ended instanceof Error) throw new CannotCheck(explainSilence(bench, ended.message));
    const request = bench.requests.find(({ view }) => view.tools.length > 0) ?? bench.requests[0];
    if (request === undefined) throw new CannotCheck(explainNoRequest(bench, ended));
    const refused = bench.requests.find(({ refusal }) => refusal !== undefined);
    if (refused)
      throw new CannotCheck(`The service refuses its request to ${refused.path}: ${refused.refusal}`);
    if (!ended.stdout.includes("LINDEN-3"))
      throw new CannotCheck(
        `It asked the model, and the answer is not on its stdout. It ended with ${ending(ended)}.${said(ended)}`,
      );
    const [leaves] = await Promise.all((await bench.processes()).map(commandOf));
    found = { request, ...(leaves !== undefined && { leaves }) };
  });
  if (found === undefined) throw new CannotCheck("It made no request.");
  return found;
}

/** So long an agent that is starting may do nothing at all: print nothing, ask nothing, compute nothing. */
const IDLE_MS = 4000;
const LOOK_MS = 100;

/** Fails when the agent does nothing for a while. A program that waits for a terminal, or for stdin, is like that. */
async function withoutIdling<T>(bench: Bench, end: Promise<T>): Promise<T> {
  let isOver = false;
  end
    .catch(() => {})
    .finally(() => {
      isOver = true;
    });
  let seen = "";
  // The looks are counted, and not the time: on a busy machine neither the agent nor they get any for a while.
  for (let idle = 0; !isOver; idle++) {
    if (idle * LOOK_MS > IDLE_MS) throw new Error(`it has done nothing for ${IDLE_MS / 1000} s`);
    await Promise.race([end, pause(LOOK_MS)]);
    const now = `${await bench.ticksUsed()} ${bench.requests.length} ${bench.lookUps.length}`;
    if (now !== seen) idle = 0;
    seen = now;
  }
  return end;
}

function explainNoRequest({ lookUps }: Bench, ended: Ended): string {
  const asked = lookUps.at(-1);
  if (asked !== undefined) {
    return `It asked for ${asked}, which is not a request for a reply. The checker knows POST /v1/responses, /v1/chat/completions, /v1/messages, /v1beta/models/NAME:generateContent and /api/chat.${said(ended)}`;
  }
  if (ended.code === 127 || ended.code === 126) return `The command cannot be started.${said(ended)}`;
  const output = ended.stdout + ended.stderr;
  if (/\bT?TY\b|not a terminal|raw mode/i.test(output))
    return `It wants a terminal, and a request must work without one.${said(ended)}`;
  if (ended.code !== 0)
    return `It ended with ${ending(ended)} before it asked the model.${said(ended)} What it must do: pnpm check --contract`;
  return `It ended with exit code 0, and asked no model at $CHECK_URL. Does it take the request from its last argument, and the address from OPENAI_BASE_URL or the like? See pnpm check --contract.${said(ended)}`;
}

function explainSilence({ requests, lookUps }: Bench, silence: string): string {
  if (requests.length > 0) return `It asked the model ${requests.length} times, and did not end: ${silence}.`;
  const asked = lookUps.length > 0 ? `It asked for ${lookUps.at(-1)}, ` : "It asked no model, ";
  return `${asked}and did not end: ${silence}. A request on the command line must not wait for a terminal or for stdin.`;
}

/** One call of a tool, and what came of it. */
export interface Proof {
  readonly tool: RoleTool;
  /** The arguments that it was called with. */
  readonly input: ScriptedCall["input"];
  readonly isProven: boolean;
  readonly result: string;
}

/** Calls each tool once, in one turn, and looks at what came of it: a nonce that was read, bytes on disk. */
async function proveTools(subject: Subject): Promise<Proof[]> {
  const proofs: Proof[] = [];
  if (subject.tools.length === 0) return proofs;
  await withBench(subject, async (bench) => {
    await bench.put({
      "read-me.txt": "before NONCE-5183 after\n",
      "edit-me.txt": "before NONCE-2904 after\n",
    });
    const dialogue = prove(bench, proofs);
    await talk(bench, dialogue).catch((error: Error) => {
      if (proofs.length === 0)
        throw new CannotCheck(
          `It does not send the result of a call back. ${error.message.replaceAll("\n", ", ")}`,
        );
    });
  }).catch((error: Error) => {
    if (error instanceof CannotCheck) throw error;
  });
  const missing = subject.tools.filter((tool) => !proofs.some((proof) => proof.tool === tool));
  return [
    ...proofs,
    ...missing.map((tool) => ({
      tool,
      input: undefined,
      isProven: false,
      result: "(the turn ended before it was called)",
    })),
  ];
}

async function* prove(bench: Bench, proofs: Proof[]): Dialogue {
  for (const role of roles) {
    const tool = bench.subject.tools.find((tool) => tool.role === role);
    if (tool === undefined) continue;
    if (role === "edit" && hasTool(bench, "read")) yield callOf(bench, "read", { path: "edit-me.txt" });
    const [result = ""] = yield callOf(bench, role, proofCall[role]);
    const { input } = bench.call(role, proofCall[role]);
    proofs.push({ tool, input, result, isProven: await isProven(bench, role, result) });
  }
  return { text: "done" };
}

const hasTool = ({ subject }: Bench, role: Role) => subject.tools.some((tool) => tool.role === role);

const callOf = (bench: Bench, role: Role, input: Arguments): ScriptedReply => ({
  calls: [bench.call(role, input)],
});

const proofCall: Readonly<Record<Role, Arguments>> = {
  read: { path: "read-me.txt" },
  list: { path: ".", pattern: "**/*" },
  search: { pattern: "NONCE-5183", path: "." },
  edit: { path: "edit-me.txt", old: "NONCE-2904", new: "NONCE-7731" },
  write: { path: "written.txt", content: "NONCE-6650\n" },
  shell: { command: "printf 'NONCE-%s\\n' 4012 > shelled.txt; cat shelled.txt" },
};

async function isProven(bench: Bench, role: Role, result: string): Promise<boolean> {
  const text = (path: string) => bench.bytes(path).then(String, () => "");
  if (role === "read") return result.includes("NONCE-5183");
  if (role === "list") return result.includes("read-me.txt");
  if (role === "search") return /read-me\.txt|before NONCE/.test(result);
  // Whether it changes anything else as well is for the checks to say.
  if (role === "edit") return (await text("edit-me.txt")).includes("NONCE-7731");
  if (role === "write") return (await text("written.txt")).startsWith("NONCE-6650");
  return result.includes("NONCE-4012") && (await text("shelled.txt")).includes("NONCE-4012");
}

function isStreamed({ dialect, path, body }: RecordedRequest): boolean {
  const { stream } = body as { stream?: boolean };
  if (dialect === "gemini") return path.includes(":stream");
  return dialect === "ollama" ? stream !== false : stream === true;
}

function modelOf({ body, path }: RecordedRequest): string {
  const { model } = body as { model?: string };
  return model ?? /models\/([^:]+):/.exec(path)?.[1] ?? "";
}

/** As people call the protocols. */
export const protocolNames: Readonly<Record<Dialect, string>> = {
  responses: "OpenAI Responses",
  chat: "Chat Completions",
  anthropic: "Anthropic Messages",
  gemini: "Gemini",
  ollama: "Ollama",
};
