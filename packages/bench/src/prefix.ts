import { promptText, sharedStart } from "@eightfold/checker";
import { type Dialect, dialects, type RecordedRequest, type ScriptedCall, startWire } from "@eightfold/wire";
import type { Bench, Figure } from "./figures.ts";
import { startCommand, timeToEnd } from "./processes.ts";

const STEPS = 40;

/**
 * How much of each request the next one begins with, which is what a provider's cache can serve: the least of a session
 * in phase 6. As the provider reads it, that is tools, system prompt and conversation in the order of its own; as it is
 * sent, the order of keys in JSON counts too, and the SDK of Gemini puts the conversation first.
 */
export const prefixShare: Bench = {
  title: `prefix: share of each request that the next begins with, least of ${STEPS} steps`,

  async run(): Promise<Figure[]> {
    const figures: Figure[] = [];
    for (const dialect of dialects) {
      const requests = await session(dialect);
      const prompts = requests.map((request) => promptText(dialect, request));
      const bodies = requests.map(({ raw }) => raw);
      figures.push(
        { what: `${dialect}, as the provider reads it`, value: least(prompts), target: "≥ 0.98" },
        { what: `${dialect}, the bytes as they are sent`, value: least(bodies), target: order[dialect] },
        { what: `${dialect}, of all bytes sent, those sent before`, value: repeated(prompts) },
      );
    }
    return figures;
  },
};

const order: Readonly<Record<Dialect, string>> = {
  responses: "",
  chat: "",
  anthropic: "its cache marks move on with each step",
  gemini: "its SDK sends the tools after the conversation",
  ollama: "",
};

async function session(dialect: Dialect): Promise<readonly RecordedRequest[]> {
  const server = await startWire(dialect, (_, index) =>
    index < STEPS ? { calls: callsAt(index), reasoning: "What comes next?" } : { text: "Done." },
  );
  try {
    await timeToEnd(startCommand(6, "Take forty steps."), { ...process.env, ...server.env });
    if (server.requests.length !== STEPS + 1) throw new Error(`${server.requests.length} requests`);
    return server.requests;
  } finally {
    await server.close();
  }
}

/** Work on the playground: alone and in parallel, with errors in between. */
function callsAt(index: number): ScriptedCall[] {
  const kinds: ScriptedCall[][] = [
    [{ name: "list_files", input: { depth: 1 + (index % 3) } }],
    [
      { name: "read_file", input: { path: "README.md", offset: 1 + index } },
      { name: "grep", input: { pattern: "function" } },
      { name: "read_file", input: { path: "no-such-file.txt" } },
    ],
    [{ name: "run_bash", input: { command: `echo step ${index}; exit ${index % 2}` } }],
    [{ name: "write_file", input: { path: `notes/${index}.txt`, content: `Step ${index}.\n`.repeat(20) } }],
  ];
  return kinds[index % kinds.length] ?? [];
}

function least(texts: readonly string[]): string {
  const shares = pairs(texts).map(([before, after]) => sharedStart(before, after) / before.length);
  return Math.min(...shares).toFixed(4);
}

function repeated(texts: readonly string[]): string {
  const shared = pairs(texts).reduce((sum, [before, after]) => sum + sharedStart(before, after), 0);
  return (shared / texts.join("").length).toFixed(4);
}

function pairs(texts: readonly string[]): [before: string, after: string][] {
  return texts.slice(1).map((after, index) => [texts[index] ?? "", after]);
}
