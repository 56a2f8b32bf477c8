import type { Message, ToolCall, ToolResult } from "@eightfold/core/conversation";
import type { Model, ModelEvent, ToolDeclaration } from "@eightfold/core/model";
import type { RecordedRequest, ScriptedCall, ScriptedReply } from "@eightfold/checker";

// A session as one has them in a day: turns of fifty steps, in a project of twenty files, half of them read again and again.

export const STEPS = 300;
const STEPS_A_TURN = 50;

export const FIRST_REQUEST = "Replace the old date format everywhere: remember that 2026-W47 is the format I want.";

/** The request that opens the turn with this step; undefined within a turn. */
export function requestAt(step: number): string | undefined {
  if (step === 0) return FIRST_REQUEST;
  return step % STEPS_A_TURN === 0 ? `Now part ${step / STEPS_A_TURN}: go on with the next folder.` : undefined;
}

export const SYSTEM = "You are a coding agent in a terminal. Look before you answer, and read before you change.\n".repeat(30);

const PARAMETERS = { type: "object", properties: { path: { type: "string", description: "The file" } } };
export const TOOLS: readonly ToolDeclaration[] = ["read_file", "grep", "edit_file", "run_bash"].map((name) => ({
  name,
  description: `The tool ${name}. `.repeat(20),
  parameters: async () => PARAMETERS,
}));

/** The marks of the edits, by which one sees what a model still knows. */
export const markOf = (step: number) => `edit-no-${step}-ends`;

/** What the model does at a step. The last of a turn is an answer. */
export function replyAt(step: number): ScriptedReply {
  if (requestAt(step + 1) !== undefined || step + 1 === STEPS) return { text: `Done up to step ${step}.` };
  const path = `src/file-${(step * 7) % 20}.ts`;
  const kinds: ScriptedCall[][] = [
    [{ name: "read_file", input: { path } }],
    [{ name: "edit_file", input: { path, old_text: body(step, 12), new_text: `${body(step, 11)}\n${markOf(step)}` } }],
    [{ name: "run_bash", input: { command: `npm test -- ${path}` } }],
    [
      { name: "grep", input: { pattern: `format${step % 9}` } },
      { name: "read_file", input: { path: "src/index.ts" } },
      { name: "read_file", input: { path: `no-such-file-${step}.ts` } },
    ],
  ];
  const calls = kinds[step % kinds.length] ?? [];
  return { text: step % 3 === 0 ? `Step ${step}: ${body(step, 2)}` : "", calls };
}

/** What the tools find. Most files are the same when they are read again. */
export function resultOf({ id, name, input }: ToolCall, step: number): ToolResult {
  const path = String(input.path ?? "");
  const isError = path.startsWith("no-such-file");
  const texts: Readonly<Record<string, string>> = {
    read_file: isError ? `There is no file ${path}.` : body(path.length * 31 + Number(path.match(/\d+/)?.[0] ?? 0), 25),
    grep: body(step, 10),
    edit_file: `Edited ${path} (+1 −1 lines).`,
    // Every twentieth prints far more than a window holds.
    run_bash: `exit ${step % 2}\nstdout:\n${body(step, step % 40 === 2 ? 4000 : 20)}`,
  };
  const text = texts[name] ?? "";
  return { role: "tool", callId: id, name, text, isError, summary: `${text.split("\n").length} lines` };
}

const WORDS = "const date format parse value return string export function week year if throw new Error".split(" ");

/** Lines of something like code, the same for the same seed. */
function body(seed: number, lines: number): string {
  const word = (at: number) => WORDS[(seed * 13 + at * at * 7 + at * 3) % WORDS.length];
  return Array.from({ length: lines }, (_, line) =>
    [0, 1, 2, 3, 4, 5].map((at) => word(line * 6 + at)).join(" ").concat(`; // ${seed}.${line}`),
  ).join("\n");
}

export const isSummary = ({ view }: RecordedRequest) => view.system?.startsWith("You write the summary") ?? false;

/** A summary that keeps what a careful model would: the edits, named in what it was given. */
export function summaryOf({ view }: RecordedRequest): ScriptedReply {
  const given = view.messages.map(({ text }) => text).join("\n");
  const marks = [...new Set(given.match(/edit-no-\d+-ends/g))].slice(-20);
  return { text: `## Goal\nThe date format is 2026-W47.\n## Done\n${marks.join("\n")}\n## Next\nGo on.` };
}

/** Answers a whole session, and the summaries that are asked for meanwhile. */
export function longScript(): (request: RecordedRequest) => ScriptedReply {
  let step = 0;
  return (request) => (isSummary(request) ? summaryOf(request) : replyAt(step++));
}

export type Ask = (log: readonly Message[], model: Model) => ReturnType<Model["stream"]>;

/** Runs the session: a loop as the agent's, with the log that grows and a way to ask of one's own. */
export async function runLongSession(model: Model, ask: Ask, watch?: (event: ModelEvent) => void): Promise<Message[]> {
  const log: Message[] = [];
  for (let step = 0; step < STEPS; step++) {
    const text = requestAt(step);
    if (text !== undefined) log.push({ role: "user", text });
    const events = ask(log, model);
    let next = await events.next();
    for (; !next.done; next = await events.next()) watch?.(next.value);
    const reply = next.value;
    if (reply.error) throw new Error(`Step ${step}: ${reply.error.message}`);
    log.push(reply.message);
    for (const call of reply.message.toolCalls) log.push(resultOf(call, step));
  }
  return log;
}
