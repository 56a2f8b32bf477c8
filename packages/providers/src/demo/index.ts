import { setTimeout as sleep } from "node:timers/promises";
import {
  type AssistantMessage,
  type CompleteReply,
  type Delta,
  type Message,
  type Model,
  type ModelRequest,
  messageTokens,
  modelOf,
  requestTokens,
  type ToolCall,
  UsageError,
  type Watch,
} from "@eightfold/core";
import { PLAYBOOKS } from "./playbooks.ts";
import { type Move, situationOf } from "./situation.ts";

/** Milliseconds between two words on a screen that someone reads. */
const READING_PACE = 18;

/** A script, and no language model: it answers a few requests well enough to show an agent at work, without a key. */
export function openDemo(name: string | undefined): Model {
  if (name !== undefined) throw new UsageError("The demo is one script, and has no models: --model demo");
  return modelOf({
    provider: "demo",
    name: "script",
    attempt,
    costOf: () => 0,
    explain: () => undefined,
  });
}

async function* attempt(request: ModelRequest, { signal }: Watch): AsyncGenerator<Delta, CompleteReply> {
  const move = nextMove(request);
  const pace = process.stdout.isTTY ? READING_PACE : 0;
  for (const text of pace ? move.say.split(/(?<=\s)/) : [move.say]) {
    yield { type: "text_delta", text };
    if (pace) await sleep(pace, undefined, { signal });
  }
  const message = messageOf(move, request.conversation);
  const usage = {
    input: Object.values(await requestTokens(request)).reduce((sum, part) => sum + part),
    output: messageTokens([message]),
    estimated: true,
  } as const;
  return { message, stop: message.toolCalls.length > 0 ? "tool_calls" : "done", usage };
}

function nextMove(request: ModelRequest): Move {
  const situation = situationOf(request);
  const playbook = PLAYBOOKS.find((each) => each.answers(situation.request));
  return playbook?.next(situation) ?? { say: whatICanDo };
}

function messageOf({ say, calls = [] }: Move, conversation: readonly Message[]): AssistantMessage {
  const toolCalls: ToolCall[] = calls.map((call, index) => ({
    id: `demo-${conversation.length}-${index}`,
    ...call,
  }));
  return { role: "assistant", text: say, toolCalls };
}

const whatICanDo = `I am the demo model: a script, with answers to these requests, each as far as this phase's tools go:

${PLAYBOOKS.map(({ example }) => `- ${example}`).join("\n")}

For anything else, plug in a real model: set OPENAI_API_KEY or GEMINI_API_KEY, or start Ollama. \`--help\` says more.`;
