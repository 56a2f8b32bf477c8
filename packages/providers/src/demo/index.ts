import { setTimeout as sleep } from "node:timers/promises";
import type { CompleteReply, Delta, Model, ModelRequest } from "@eightfold/core";
import { messageTokens, requestTokens, UsageError } from "@eightfold/core";
import { scriptModel } from "../scripted.ts";
import { fixTests } from "./fix-tests.ts";
import * as chapters from "./playbooks.ts";

/** The first that answers a request answers it. */
const PLAYBOOKS: readonly chapters.Playbook[] = [
  chapters.summarise,
  chapters.delegateReading,
  chapters.push,
  fixTests,
  chapters.findDefinition,
  chapters.createAndChange,
  chapters.readAFile,
  chapters.recallName,
];

/** Milliseconds between two words on a screen that someone reads. */
const READING_PACE = process.stdout.isTTY ? 18 : 0;

/** A script, and no language model: it answers a few requests well enough to show an agent at work, without a key. */
export function openDemo(name: string | undefined, pace = READING_PACE): Model {
  if (name !== undefined) throw new UsageError("The demo is one script, and has no models: --model demo");
  return scriptModel((request, signal) => answer(request, pace, signal));
}

async function* answer(
  request: ModelRequest,
  pace: number,
  signal: AbortSignal,
): AsyncGenerator<Delta, CompleteReply> {
  const situation = chapters.situationOf(request);
  const playbook = PLAYBOOKS.find((each) => each.answers(situation.request));
  const { say, calls = [] } = playbook?.next(situation) ?? { say: whatICanDo };
  for (const text of pace ? say.split(/(?<=\s)/) : [say]) {
    yield { type: "text_delta", text };
    if (pace) await sleep(pace, undefined, { signal });
  }
  const { length } = request.conversation;
  const toolCalls = calls.map((call, index) => ({ id: `demo-${length}-${index}`, ...call }));
  const message = { role: "assistant", text: say, toolCalls } as const;
  const usage = {
    input: Object.values(requestTokens(request)).reduce((sum, part) => sum + part),
    output: messageTokens([message]),
    estimated: true,
  } as const;
  return { message, stop: toolCalls.length > 0 ? "tool_calls" : "done", usage };
}

const whatICanDo = `I am the demo model: a script, with answers to these requests, each as far as this phase's tools go:

${PLAYBOOKS.map(({ example }) => `- ${example}`).join("\n")}

For anything else, plug in a real model: set OPENAI_API_KEY, ANTHROPIC_API_KEY or GEMINI_API_KEY, or start Ollama. \`--help\` says more.`;
