/** What a playbook is, and one for each thing that a chapter shows. Mending a test is in fix-tests.ts. */
import type { ModelRequest, ToolCall, ToolResult } from "@eightfold/core";

/** All that a playbook may look at: what was asked, what tools are on offer, and what they brought so far. */
export interface Situation {
  readonly request: string;
  /** What the user said in earlier turns, oldest first. */
  readonly earlier: readonly string[];
  readonly tools: ReadonlySet<string>;
  /** The calls of this turn that have their result, in order. */
  readonly steps: readonly Step[];
}

type Use = Pick<ToolCall, "name" | "input">;

export type Step = Use & Pick<ToolResult, "text" | "isError">;

/** The next move: something to say, and perhaps calls to make. Without calls the turn is over. */
export interface Move {
  readonly say: string;
  readonly calls?: readonly Use[];
}

export interface Playbook {
  /** A request that this playbook answers, for the list of what the demo can do. */
  readonly example: string;
  answers(request: string): boolean;
  next(situation: Situation): Move;
}

export function situationOf({ conversation, tools }: ModelRequest): Situation {
  const requests = conversation.filter((message) => message.role === "user").map(({ text }) => text);
  const turn = conversation.slice(conversation.findLastIndex(({ role }) => role === "user"));
  const calls = turn.flatMap((message) => (message.role === "assistant" ? message.toolCalls : []));
  const results = turn.filter((message) => message.role === "tool");
  return {
    request: requests.at(-1) ?? "",
    earlier: requests.slice(0, -1),
    tools: new Set(tools?.map(({ name }) => name)),
    steps: results.flatMap(({ callId, name, text, isError }) => {
      const call = calls.find(({ id }) => id === callId);
      return call ? { name, input: call.input, text, isError } : [];
    }),
  };
}

/** Says something, and calls one tool. */
export function use(say: string, name: string, input: ToolCall["input"]): Move {
  return { say, calls: [{ name, input }] };
}

/** The last step that used a tool, with this path if one is given. */
export function lastStep({ steps }: Situation, name: string, path?: string): Step | undefined {
  return steps.findLast((step) => step.name === name && (path === undefined || step.input.path === path));
}

/** What read_file brought of a file, without the line numbers. */
export function fileText(situation: Situation, path: string): string | undefined {
  const text = lastStep(situation, "read_file", path)?.text;
  const numbered = text?.split("\n").flatMap((line) => /^ *\d+\t(.*)$/s.exec(line)?.[1] ?? []);
  return numbered?.length ? numbered.join("\n") : text; // a tool that is not ours may not number lines
}

const FIRST_PHASE_WITH: Readonly<Record<string, number>> = {
  read_file: 2,
  list_files: 3,
  grep: 3,
  edit_file: 4,
  write_file: 4,
  run_bash: 5,
};

/** What to say when a tool that is needed now is not on offer; undefined when it is. */
export function lacks({ tools }: Situation, name: string, purpose: string): Move | undefined {
  if (tools.has(name)) return undefined;
  return { say: `I have no tool to ${purpose}. Phase ${FIRST_PHASE_WITH[name]} has one: \`${name}\`.` };
}

const NAME_TOLD = /\bmy name is ([\p{L}'-]+)/iu;

/** Chapter 1: what was said earlier is known only because it was sent again. */
export const recallName: Playbook = {
  example: "My name is Ada. (then) What is my name?",

  answers: (request) => NAME_TOLD.test(request) || /\bwhat('s| is) my name\b/i.test(request),

  next({ request, earlier }) {
    const told = NAME_TOLD.exec(request)?.[1];
    if (told) return { say: `Hello, ${told}. Ask me for your name in a later turn.` };
    const name = earlier.flatMap((text) => NAME_TOLD.exec(text)?.[1] ?? []).at(-1);
    const say = name
      ? `Your name is ${name}. I know it because your earlier message was sent to me again.`
      : "You have not told me. Nothing in the messages that I was sent has your name in it.";
    return { say };
  },
};

const READ_ASKED =
  /\b(?:what(?:'s| is) in|read|show(?: me)?|summari[sz]e|open) (?:the file )?[`@]?([\w@./-]+\.\w+|README|LICENSE)`?/i;

/** Chapter 2: a question about a file is answered by reading it. */
export const readAFile: Playbook = {
  example: "What is in README.md?",

  answers: (request) => READ_ASKED.test(request),

  next(situation) {
    const path = READ_ASKED.exec(situation.request)?.[1] ?? "README.md";
    const read = lastStep(situation, "read_file", path);
    if (!read)
      return (
        lacks(situation, "read_file", "read files") ?? use(`I will read ${path}.`, "read_file", { path })
      );
    if (read.isError) return { say: `I could not read ${path}. ${read.text}` };
    const lines = (fileText(situation, path) ?? "").split("\n");
    const shown = lines.filter((line) => line.trim() !== "").slice(0, 3);
    const opening = shown.map((line) => `> ${line}`).join("\n");
    return { say: `${path} has ${lines.length} lines. It begins:\n\n${opening}` };
  },
};

const DEFINITION_ASKED =
  /\bwhere is (?:the )?(?:function |class |variable )?[`'"]?([\w$]+)[`'"]?(?:\(\))? defined\b/i;

/** Chapter 3: list, search, read. Nobody wrote that order down for a real model. */
export const findDefinition: Playbook = {
  example: "Where is `parse` defined?",

  answers: (request) => DEFINITION_ASKED.test(request),

  next(situation) {
    const name = DEFINITION_ASKED.exec(situation.request)?.[1] ?? "";
    if (!lastStep(situation, "list_files"))
      return (
        lacks(situation, "list_files", "list or search files") ??
        use("I will look at what is here.", "list_files", {})
      );
    const search = lastStep(situation, "grep");
    if (search) return readMatch(situation, name, search.text);
    const pattern = `\\b(function|const|let|var|class|def|fn)\\s+${name}\\b`;
    return use(`I will search for where \`${name}\` is declared.`, "grep", { pattern });
  },
};

function readMatch(situation: Situation, name: string, found: string): Move {
  const [, path, line] = /^(.+?):(\d+): /.exec(found) ?? [];
  if (!path || !line) return { say: `No declaration of \`${name}\` matches. ${found}` };
  const read = lastStep(situation, "read_file", path);
  if (!read) {
    const say = `It looks like ${path}, line ${line}. I will read it to be sure.`;
    return use(say, "read_file", { path, offset: Math.max(1, Number(line) - 2), limit: 12 });
  }
  const [, declaration] = new RegExp(`^ *${line}\\t(.*)$`, "m").exec(read.text) ?? [];
  if (declaration === undefined) return { say: `I could not read line ${line} of ${path}. ${read.text}` };
  return { say: `\`${name}\` is defined in ${path}, line ${line}:\n\n    ${declaration.trim()}` };
}

const WRITE_ASKED = /\b(?:create|write|make)\b.*?([\w/-]+\.\w+)/i;

/** Chapter 4: a file is created, and then one line of it is changed. */
export const createAndChange: Playbook = {
  example: "Create notes.md, then change one line of it.",

  answers: (request) => WRITE_ASKED.test(request),

  next(situation) {
    const path = WRITE_ASKED.exec(situation.request)?.[1] ?? "notes.md";
    const written = lastStep(situation, "write_file");
    if (!written) {
      const content = `# ${path}\n\nStatus: draft\n\nWritten by the demo model of Eightfold.\n`;
      const lacking = lacks(situation, "write_file", "write files");
      return lacking ?? use(`I will create ${path}.`, "write_file", { path, content });
    }
    if (written.isError) return { say: `I could not create ${path}. ${written.text}` };
    if (!/\b(?:change|edit)\b/i.test(situation.request)) return { say: `I created ${path}.` };
    const edited = lastStep(situation, "edit_file");
    if (!edited) {
      const change = { path, old_text: "Status: draft", new_text: "Status: final" };
      return use("Now I will change one line of it.", "edit_file", change);
    }
    if (edited.isError) return { say: `I created ${path} and could not change it. ${edited.text}` };
    return { say: `I created ${path} and changed its third line to \`Status: final\`.` };
  },
};

/** Chapter 7: one command runs without a question, the other asks. */
export const push: Playbook = {
  example: "Show me git status, then push.",

  answers: (request) => /\bpush\b/i.test(request),

  next(situation) {
    const lacking = lacks(situation, "run_bash", "run commands");
    if (lacking) return lacking;
    const run = (say: string, command: string) => use(say, "run_bash", { command });
    if (!lastStep(situation, "run_bash")) return run("What does git say?", "git status --short --branch");
    const pushed = situation.steps.find(({ input }) => input.command === "git push");
    if (!pushed) return run("And now the push.", "git push");
    if (pushed.text.startsWith("Not run:")) return { say: `I did not push. ${pushed.text}` };
    const [ending = ""] = pushed.text.split("\n");
    return { say: `I ran \`git push\`: ${ending}.` };
  },
};

/** Chapter 8: two helpers look at two files, side by side. */
export const delegateReading: Playbook = {
  example: "Delegate: what is in README.md, and what is in package.json?",

  answers: (request) => /^\s*delegate\b/i.test(request),

  next({ request, tools, steps }) {
    if (!tools.has("delegate")) return { say: "I have no tool to delegate. Phase 8 has one: `delegate`." };
    const reports = steps.map(({ text }) => text).join("\n\n");
    if (steps.length > 0) return { say: `My helpers report:\n\n${reports}` };
    const files = request.match(/[\w/-]+\.\w+/g) ?? ["README.md", "package.json"];
    const calls = files.map((path) => ({ name: "delegate", input: { task: `What is in ${path}?` } }));
    return { say: `A helper for each of ${files.length} files.`, calls };
  },
};

/** Chapter 8: a conversation, written out between tags, is summed up by what was asked and called. */
export const summarise: Playbook = {
  example: "/compact (in phase 8, after some turns)",

  answers: (request) => /^(?:<earlier-summary>|<conversation>)[\s\S]*Write the summary\.$/.test(request),

  next({ request }) {
    const earlier = /<earlier-summary>\n([\s\S]*?)\n<\/earlier-summary>/.exec(request)?.[1] ?? "";
    const asked = [...request.matchAll(/<user>\n(.*)/g)].map(([, text = ""]) => `- ${text}`);
    const called = [...request.matchAll(/^\w+ \{.*\}$/gm)].map(([call]) => `- ${call.slice(0, 120)}`);
    const parts = [earlier, "## Goal", ...asked, "## Done", ...called, "## Next", "- Wait for the user."];
    return { say: parts.filter(Boolean).join("\n") };
  },
};
