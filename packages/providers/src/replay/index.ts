/** A trace, played again: its replies, without a key and without a network, for as long as the same is asked. */
import { readFile } from "node:fs/promises";
import {
  type CompleteReply,
  cutOff,
  type Delta,
  type Model,
  type ModelRequest,
  UsageError,
} from "@eightfold/core";
import { systemReason } from "@eightfold/trace";
import { type Exchange, readTrace, type Trace } from "@eightfold/trace/read";
import { type Environment, NETWORK } from "../environment.ts";
import { SCRIPT_URL, type ScriptLine, scriptModel, scriptRequest } from "../scripted.ts";
import { type Player, playerOf } from "./player.ts";

/** The adapter that recorded a trace reads its bytes again: what to open, and in which environment. The demo has none. */
export type Replay = { readonly reason: string } & (
  | { readonly wanted: string; readonly env: Environment }
  | { readonly model: Model }
);

/** @throws UsageError for a file that is not a trace, or holds no reply */
export async function openReplay(
  file: string | undefined,
  isPaced: boolean,
  env: Environment,
): Promise<Replay> {
  if (file === undefined) throw new UsageError("Which trace? Name it: --model replay:FILE");
  const trace = await traceIn(file);
  const first = trace.exchanges.find(({ request }) => request.step > 0);
  const opened = trace.lines.find((line) => line.type === "model");
  if (!first || !opened)
    throw new UsageError(`The trace ${file} holds no request to a model, so it cannot be played.`);
  const player = playerOf(trace, file, isPaced);
  const day = trace.start?.started.slice(0, 10) ?? "some day";
  const reason = `${file} is played again, as recorded on ${day} by phase ${trace.start?.phase}`;
  if (first.request.url === SCRIPT_URL)
    return { model: scriptModel((request, signal) => replyOf(request, player, signal)), reason };
  const own = { EIGHTFOLD_CONTEXT: env.EIGHTFOLD_CONTEXT, [NETWORK]: player.fetch };
  return { wanted: opened.model, env: { ...placeOf(opened.model, first), ...own }, reason };
}

async function traceIn(file: string): Promise<Trace> {
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    throw new UsageError(`The trace ${file} cannot be read: ${systemReason(error)}.`);
  });
  const trace = readTrace(text);
  const version = trace.start?.version;
  if (version === undefined) throw new UsageError(`${file} is not a trace that --trace wrote.`);
  if (version !== 1)
    throw new UsageError(
      `${file} is a trace of version ${version}. This Eightfold plays version 1: update it.`,
    );
  return trace;
}

/** Nobody reads it. */
const KEY = "not-needed-for-a-replay";

/** Where the requests went, in the variables that say so. */
function placeOf(model: string, { request }: Exchange): Environment {
  const url = request.url.replace(/\?.*/, "");
  const [provider] = model.split(":");
  switch (provider) {
    case "openai": {
      const [, base = "", api] = /^(.*)\/(responses|chat)\b/.exec(url) ?? [];
      return { OPENAI_BASE_URL: base, OPENAI_API: api, OPENAI_API_KEY: KEY };
    }
    case "anthropic":
      return { ANTHROPIC_BASE_URL: url.replace(/\/v1\/messages.*/, ""), ANTHROPIC_API_KEY: KEY };
    case "gemini":
      return { GOOGLE_GEMINI_BASE_URL: url.replace(/\/v1(beta)?\/models\/.*/, ""), GEMINI_API_KEY: KEY };
    default:
      return { OLLAMA_HOST: url.replace(/\/api\/chat.*/, "") };
  }
}

/** What the demo's script said. */
async function* replyOf(
  request: ModelRequest,
  player: Player,
  signal: AbortSignal,
): AsyncGenerator<Delta, CompleteReply> {
  const body = JSON.stringify(scriptRequest(request));
  const exchange = player.next(new URL(SCRIPT_URL), body);
  const decoder = new TextDecoder();
  let rest = "";
  for await (const bytes of player.pieces(exchange, signal)) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const text of lines) {
      const line: ScriptLine = JSON.parse(text);
      if (line.type === "reply") return line.reply;
      yield line;
    }
  }
  throw cutOff("The recorded reply has no end.");
}
