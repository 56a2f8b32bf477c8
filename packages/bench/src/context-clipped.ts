import type { Message, ToolDeclaration } from "@eightfold/core";

/**
 * The prompts of rasbt/mini-coding-agent (2026-04) for the same work, made after its `prompt`, `history_text` and
 * `note_tool`: one text of a fixed prefix, the memory, a transcript and the user's request, built again for each step.
 * A result is cut to 4,000 characters when it comes. In the transcript, the last six entries have up to 900 characters
 * each, older results 180 and older texts 220; arguments stay whole; of the older reads of one path the first is kept.
 * Of a transcript over 12,000 characters, the beginning is kept, and what is newer is cut off. The memory holds the
 * first request, the last eight paths, and a note of 220 characters on each of the last five results. Calls side by
 * side, which it does not know, are entries one after the other here; our system prompt and tools stand for its own.
 */
export function* clippedPrompts(
  log: readonly Message[],
  system: string,
  tools: readonly ToolDeclaration[],
): Generator<string> {
  const prefix = [system, ...tools.map(({ name, description }) => `- ${name} ${description}`)].join("\n");
  for (const [index, { role }] of log.entries()) {
    if (role !== "assistant") continue;
    const entries = entriesOf(log.slice(0, index));
    const request = entries.findLast((entry) => entry.role === "user")?.text ?? "";
    yield [prefix, memoryOf(entries), "Transcript:", transcriptOf(entries), "Current request:", request].join(
      "\n",
    );
  }
}

interface Entry {
  readonly role: "user" | "assistant" | "tool";
  readonly text: string;
  readonly name?: string;
  readonly input?: Readonly<Record<string, unknown>>;
}

function entriesOf(log: readonly Message[]): Entry[] {
  const inputs = new Map(
    log
      .flatMap((message) => (message.role === "assistant" ? message.toolCalls : []))
      .map((call) => [call.id, call.input]),
  );
  return log.flatMap((message): Entry[] => {
    if (message.role === "user") return [message];
    // A reply that calls a tool leaves nothing but the call.
    if (message.role === "assistant") return message.toolCalls.length > 0 ? [] : [message];
    const { name, text, callId } = message;
    return [{ role: "tool", name, text: cut(text, 4000), input: inputs.get(callId) ?? {} }];
  });
}

function transcriptOf(entries: readonly Entry[]): string {
  const readPaths = new Set<unknown>();
  const lines: string[] = [];
  for (const [index, { role, name, input, text }] of entries.entries()) {
    const isRecent = index >= entries.length - 6;
    if (name === "read_file" && !isRecent) {
      if (readPaths.has(input?.path)) continue;
      readPaths.add(input?.path);
    }
    if (role === "tool")
      lines.push(`[tool:${name}] ${JSON.stringify(input)}`, cut(text, isRecent ? 900 : 180));
    else lines.push(`[${role}] ${cut(text, isRecent ? 900 : 220)}`);
  }
  return cut(lines.join("\n"), 12_000);
}

function memoryOf(entries: readonly Entry[]): string {
  const files = [...new Set(entries.flatMap(({ input }) => input?.path ?? []).toReversed())]
    .slice(0, 8)
    .toReversed();
  const notes = entries.flatMap(({ name, text }) =>
    name ? `${name}: ${cut(text.replaceAll("\n", " "), 220)}` : [],
  );
  const task = cut(entries.find(({ role }) => role === "user")?.text ?? "-", 300);
  return `Memory:\n- task: ${task}\n- files: ${files.join(", ")}\n- notes:\n${notes.slice(-5).join("\n")}`;
}

function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}\n...[truncated ${text.length - limit} chars]`;
}
