import { sharedStart } from "@eightfold/checker";
import type { Message, Model, ModelRequest } from "@eightfold/core";
import { askInWindow } from "@eightfold/phase-8/src/window/window.ts";
import { openWindow } from "@eightfold/phase-8/test/a-window.ts";
import {
  FIRST_REQUEST,
  LAST_EDITS,
  runSession,
  STEPS,
  SYSTEM,
  sessionScript,
  TOOLS,
} from "@eightfold/phase-8/test/long-session.ts";
import { chooseModel } from "@eightfold/providers";
import { startWire } from "@eightfold/wire";
import { clippedPrompts } from "./context-clipped.ts";
import type { Bench, Figure } from "./figures.ts";

const WINDOW = 16_000;

/**
 * One session, sent in three ways: as phase 8 sends it, with the summaries that it asks for; whole, every time; and
 * clipped, as rasbt/mini-coding-agent does. All are weighed as text, tools first, at four bytes a token. What repeats
 * the start of the request before is what a provider's cache serves, for about a tenth of the price.
 */
export const contextSent: Bench = {
  title: `context: what ${STEPS} steps send, in a window of ${WINDOW} tokens`,

  async run(): Promise<Figure[]> {
    const { log, texts } = await inWindow();
    return [
      ...figures("phase 8", texts, "≥ 0.9"),
      ...figures("all, every time", wholeTexts(log)),
      ...figures("clipped, as rasbt does", clippedPrompts(log, SYSTEM, TOOLS)),
    ];
  },
};

async function inWindow(): Promise<{ log: readonly Message[]; texts: string[] }> {
  process.env.EIGHTFOLD_CONTEXT = String(WINDOW);
  const server = await startWire("chat", sessionScript());
  const { model } = await chooseModel(undefined, server.env);
  const texts: string[] = [];
  const watched: Model = {
    ...model,
    stream(request, signal) {
      texts.push(textOf(request));
      return model.stream(request, signal);
    },
  };
  const window = openWindow();
  const { signal } = new AbortController();
  try {
    const log = await runSession((conversation) =>
      askInWindow(window, { model: watched, system: SYSTEM, conversation, tools: TOOLS, memory: "" }, signal),
    );
    return { log, texts };
  } finally {
    delete process.env.EIGHTFOLD_CONTEXT;
    await server.close();
  }
}

function* wholeTexts(log: readonly Message[]): Generator<string> {
  for (const [index, { role }] of log.entries()) {
    if (role === "assistant")
      yield textOf({ system: SYSTEM, conversation: log.slice(0, index), tools: TOOLS });
  }
}

function textOf({ tools = [], system, conversation }: ModelRequest): string {
  const messages = conversation.map((message) =>
    message.role === "assistant" ? [message.text, message.toolCalls] : message.text,
  );
  return JSON.stringify([tools.map(({ name, description }) => [name, description]), system, messages]);
}

function figures(way: string, texts: Iterable<string>, target = ""): Figure[] {
  let [sent, repeated, largest, before] = [0, 0, 0, ""];
  for (const text of texts) {
    sent += text.length;
    repeated += sharedStart(before, text);
    largest = Math.max(largest, text.length);
    before = text;
  }
  const knows = (words: string) => (before.includes(words) ? "yes" : "no");
  return [
    { what: `${way}: tokens sent`, value: tokens(sent) },
    { what: `${way}: of them new, not repeated`, value: tokens(sent - repeated) },
    { what: `${way}: share that repeats the request before`, value: (repeated / sent).toFixed(3), target },
    { what: `${way}: largest request`, value: tokens(largest) },
    { what: `${way}: at the end it knows the first request`, value: knows(FIRST_REQUEST) },
    { what: `${way}: and the last three edits`, value: LAST_EDITS.map(knows).join(" ") },
  ];
}

const tokens = (characters: number) => Math.round(characters / 4).toLocaleString("en");
