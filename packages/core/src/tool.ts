import type { z } from "zod";
import type { ToolCall, ToolResult } from "./conversation.ts";
import type { JsonSchema, ModelEvent, ToolDeclaration } from "./model.ts";

/** Something a model can ask for by name. `defineTool` makes one. */
export interface Tool extends ToolDeclaration {
  /** Neighbouring calls of such tools in one reply run at the same time. */
  readonly sideBySide?: true;
  /** Checks a call's input and plans the call; throws an Error that tells the model what to fix. Nothing is done yet. */
  prepare(call: ToolCall): Promise<PreparedCall>;
}

/** What a call would do, worked out before anyone decides whether it may. */
export type Plan = ReadPlan | ChangePlan | CommandPlan | NoEffect;

/** A call that reaches nothing but the conversation. */
export interface NoEffect {
  readonly type: "none";
}

/** What a tool that only reads would read: a file, or the names and texts below a folder. */
export interface ReadPlan {
  readonly type: "read";
  /** Relative to the workspace, with all links followed. */
  readonly path: string;
}

export interface FileChange {
  /** Relative to the workspace. */
  readonly path: string;
  /** Unified, of the file before and after; without its lines when they are too long to keep. */
  readonly diff: string;
  /** Lines. */
  readonly added: number;
  readonly removed: number;
  /** The file did not exist before. */
  readonly created: boolean;
}

/** A change that is worked out, and can be looked at before it lands: its diff is whole, or longer than a model writes. */
export interface ChangePlan extends FileChange {
  readonly type: "change";
  /** How to take it back once it has landed. */
  readonly reversal: Reversal;
  /** Throws as `land` does when the file is not what it was. */
  check(): Promise<void>;
  /** Saves the file; throws, and changes nothing, when the file is not what it was when this was planned. */
  land(): Promise<FileChange>;
}

/** How to take a change back: the piece of text that it replaced, and what the file was before and after. */
export interface Reversal {
  /** Relative to the workspace, with "/" between names. */
  readonly path: string;
  /** The fingerprint of the file; absent when the change created it. */
  readonly before?: string;
  readonly after: string;
  /** How many folders the change makes around the file; absent for none. */
  readonly folders?: number;
  /** Where the change put its text, and how long that is, in UTF-16 units. */
  readonly start: number;
  readonly length: number;
  /** The text that it replaced. Absent when it is too long to keep. */
  readonly text?: string;
}

/** What a command would do, as far as that is known. */
export interface CommandPlan {
  readonly type: "command";
  readonly command: string;
  /** "reads": proved to write nothing, to run nothing else and to stay in the workspace. "catastrophe": never run it. */
  readonly verdict: "reads" | "unproved" | "catastrophe";
  /** Why, in one short sentence. */
  readonly reason: string;
  /** What runs in its place when it reads. */
  readonly proved?: ProvedScript;
  /** The model asks for it to run outside the box, with all the rights of the user. */
  readonly outside?: boolean;
  /** The box it runs in, when it may do less than the user. */
  readonly box?: CommandBox;
}

/** Keeps a command, and everything it starts, away from the rest of the machine. */
export interface CommandBox {
  /** The words that start a program in it, instead of these. */
  enclose(words: readonly string[], env: NodeJS.ProcessEnv): Promise<Started>;
  /** On a command that did not succeed: whether the box was in its way, and whether the user lets it run again outside. */
  failed(stdout: string, stderr: string): Promise<BoxFailure | undefined>;
  /** The command is over. */
  ended(): Promise<void>;
}

export interface BoxFailure {
  /** For a model: what the command could not do, and what would let it. */
  readonly note: string;
  readonly mayLeave: boolean;
}

type Started = { readonly words: readonly string[]; readonly env: NodeJS.ProcessEnv };

/** The same words, each quoted, and programs by their full path; and the programs that run it. */
export interface ProvedScript {
  readonly script: string;
  readonly bash: string;
  readonly cat: string;
}

/** A call that can run. `run` works on `input` and on the plan it is given, and on nothing else. */
export interface PreparedCall {
  readonly call: ToolCall;
  /** The input as the schema reads it. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly plan: Plan | undefined;
  run(plan: Plan | undefined, signal: AbortSignal, report?: Report): Promise<ToolOutput>;
}

/** Reports how far a long call has come, what it has printed, and what it has cost. */
export type Report = (text: string, more?: { printed?: string; reply?: ReplyEnd | undefined }) => void;

/** A reply that another agent was given on behalf of this one. */
export type ReplyEnd = Extract<ModelEvent, { type: "reply_end" }>;

/** What a tool gives back; see ToolResult for who reads which part. */
export interface ToolOutput {
  readonly text: string;
  readonly summary: string;
  readonly diff?: string;
  readonly isError?: boolean;
}

/** What happens to a call, for whoever watches the turn. */
export type ToolEvent =
  | { readonly type: "tool_start"; readonly call: ToolCall }
  /** What a long call is doing, in a few words. */
  | {
      readonly type: "tool_progress";
      readonly call: ToolCall;
      readonly text: string;
      /** What a command has printed since the last of these events. */
      readonly printed?: string;
      /** A reply that the call was given by a model; its usage belongs to the turn. */
      readonly reply?: ReplyEnd | undefined;
    }
  | { readonly type: "tool_end"; readonly call: ToolCall; readonly result: ToolResult };

export interface ToolDefinition<Schema extends z.ZodObject, Planned extends Plan | undefined> {
  readonly name: string;
  readonly description: string;
  /** The schema of the input, the only one: zod is handed in, so that it loads with the first request and not at start. */
  readonly input: (zod: typeof z) => Schema;
  /** A correct input, shown to a model that sent a wrong one. */
  readonly example: z.input<Schema>;
  /** Works out what a call would do, and does nothing yet. Throws as `run` does. */
  readonly plan?: (input: z.output<Schema>) => Promise<Planned>;
  /** Throws an Error whose message the model can act on. */
  readonly run: (
    input: z.output<Schema>,
    signal: AbortSignal,
    plan: Planned,
    report: Report,
  ) => Promise<ToolOutput>;
  readonly sideBySide?: true;
}

export function defineTool<Schema extends z.ZodObject, Planned extends Plan | undefined = undefined>(
  definition: ToolDefinition<Schema, Planned>,
): Tool {
  const { name, description, example, run } = definition;
  const plan = definition.plan ?? (async () => undefined as Planned);
  let schema: Promise<Schema> | undefined;
  const loadSchema = () => {
    schema ??= import("zod").then(({ z }) => definition.input(z));
    return schema;
  };
  let parameters: Promise<JsonSchema> | undefined; // worked out once: each request of a session holds it

  return {
    name,
    description,
    ...(definition.sideBySide && { sideBySide: true }),

    parameters() {
      parameters ??= loadSchema().then(jsonSchemaOf);
      return parameters;
    },

    async prepare(call) {
      const { data, error } = (await loadSchema()).safeParse(withoutNulls(call.input));
      if (error) throw new Error(wrongInput(name, error, example));
      const planned = await plan(data);
      return {
        call,
        input: data,
        plan: planned,
        // Whoever judges a call may hand on its plan with less in it, and never another.
        run: (judged, signal, report = () => {}) => run(data, signal, judged as Planned, report),
      };
    },
  };
}

/** The JSON Schema sent to a model: what it may write, without zod's `$schema` and the bounds of a double. */
async function jsonSchemaOf(schema: z.ZodObject): Promise<JsonSchema> {
  const { z } = await import("zod");
  const { $schema: _, ...parameters } = z.toJSONSchema(schema, {
    io: "input",
    override: ({ jsonSchema }) => {
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
    },
  });
  return parameters;
}

function wrongInput(name: string, { issues }: z.ZodError, example: unknown): string {
  return [
    `The arguments of ${name} are not valid. Nothing was run.`,
    ...issues.map(({ path, message }) => `${path.join(".")}: ${message}`),
    `A correct example: ${JSON.stringify(example)}`,
  ].join("\n");
}

/** Models send null for a field that they leave out. */
function withoutNulls(input: ToolCall["input"]): ToolCall["input"] {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null));
}
