import type { RecordedRequest, ScriptedCall, ScriptedReply } from "@eightfold/checker";
import type { Message, Reply, ToolCall, ToolDeclaration, ToolResult } from "@eightfold/core";

// A day's session: six turns of fifty steps on twenty files, some of them read again and again, with the results that
// tools give. It is played by a script on a wire server, and by a loop as simple as the agent's.

export const STEPS = 300;
const STEPS_A_TURN = 50;

export const FIRST_REQUEST = "Write all dates as 2026-W47 does. Start with the first folder.";

/** The request that opens a turn with this step; undefined within a turn. */
function requestAt(step: number): string | undefined {
  if (step === 0) return FIRST_REQUEST;
  return step % STEPS_A_TURN === 0 ? `Go on with folder ${step / STEPS_A_TURN}.` : undefined;
}

/** What is in the edit of a step, and nowhere else. */
export const markOf = (step: number) => `edit-${step}-made`;

export const LAST_EDITS = [297, 293, 289].map(markOf);

/** What the model does at a step. A turn ends with an answer. */
function replyAt(step: number): ScriptedReply {
  if (requestAt(step + 1) !== undefined || step + 1 === STEPS) return { text: `Done up to step ${step}.` };
  const path = `src/file-${(step * 7) % 20}.ts`;
  const kinds: ScriptedCall[][] = [
    [{ name: "read_file", input: { path } }],
    [
      {
        name: "edit_file",
        input: { path, old_text: code(step, 8), new_text: `${code(step, 7)}\n${markOf(step)}` },
      },
    ],
    [{ name: "run_bash", input: { command: `npm test -- ${path}` } }],
    [
      { name: "grep", input: { pattern: `format${step % 9}` } },
      { name: "read_file", input: { path: "src/index.ts" } },
      { name: "read_file", input: { path: `src/gone-${step}.ts` } },
    ],
  ];
  const calls = kinds[step % kinds.length] ?? [];
  return { text: step % 3 === 0 ? `Step ${step}: ${code(step, 2)}` : "", calls };
}

/** What a tool finds. A file that is read again is the same. */
function resultOf({ id, name, input }: ToolCall, step: number): ToolResult {
  const path = String(input.path ?? "");
  const isGone = path.startsWith("src/gone");
  const texts: Readonly<Record<string, () => string>> = {
    read_file: () => (isGone ? `There is no file ${path}.` : code(Number(path.match(/\d+/)?.[0] ?? 99), 25)),
    grep: () => code(step, 10),
    edit_file: () => `Edited ${path} (+1 −1 lines).`,
    // Each tenth prints all that run_bash lets through.
    run_bash: () => `exit ${step % 2}\nstdout:\n${code(step, step % 40 === 2 ? 400 : 20)}`,
  };
  const text = texts[name]?.() ?? "";
  return {
    role: "tool",
    callId: id,
    name,
    text,
    isError: isGone,
    summary: `${text.split("\n").length} lines`,
  };
}

const WORDS =
  "const date format parse value return string export function week year if throw new Error".split(" ");

/** Lines of something like code, the same for the same seed. */
function code(seed: number, lines: number): string {
  const word = (at: number) => WORDS[(seed * 13 + at * at * 7 + at * 3) % WORDS.length];
  return Array.from({ length: lines }, (_, line) => {
    const words = [0, 1, 2, 3, 4, 5].map((at) => word(line * 6 + at)).join(" ");
    return `${words}; // ${seed}.${line}`;
  }).join("\n");
}

export const SYSTEM = "You are a coding agent. Look before you answer, and read before you change.\n".repeat(
  30,
);

export const TOOLS: readonly ToolDeclaration[] = ["read_file", "grep", "edit_file", "run_bash"].map(
  (name) => ({
    name,
    description: `What ${name} does, with advice on when to call it. `.repeat(8),
    parameters: { type: "object", properties: { path: { type: "string" } } },
  }),
);

export const isSummary = ({ view }: RecordedRequest) =>
  view.system?.includes("You write the summary") ?? false;

/** Plays the whole session, and writes the summaries that are asked for: as a careful model would, with the edits in them. */
export function sessionScript(): (request: RecordedRequest) => ScriptedReply {
  let step = 0;
  return (request) => (isSummary(request) ? summaryOf(request) : replyAt(step++));
}

function summaryOf({ view }: RecordedRequest): ScriptedReply {
  const given = view.messages.map(({ text }) => text).join("\n");
  const edits = [...new Set(given.match(/edit-\d+-made/g))].slice(-20);
  return { text: `Goal: dates as 2026-W47.\nDone: ${edits.join(", ")}\nNext: go on with the folder.` };
}

/** Runs the session, whatever way its requests are made, and returns its log. */
export async function runSession(
  ask: (log: readonly Message[]) => AsyncGenerator<unknown, Reply>,
): Promise<Message[]> {
  const log: Message[] = [];
  for (let step = 0; step < STEPS; step++) {
    const text = requestAt(step);
    if (text !== undefined) log.push({ role: "user", text });
    const events = ask(log);
    let next = await events.next();
    while (!next.done) next = await events.next();
    const { message, error } = next.value;
    if (error) throw new Error(`Step ${step}: ${error.message}`);
    log.push(message, ...message.toolCalls.map((call) => resultOf(call, step)));
  }
  return log;
}
