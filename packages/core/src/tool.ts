import type { z } from "zod";
import type { ToolCall, ToolResult } from "./conversation.ts";
import type { JsonSchema, ModelEvent, ToolDeclaration } from "./model.ts";
import type { Plan } from "./plan.ts";

/** Something a model can ask for by name. `defineTool` makes one. */
export interface Tool extends ToolDeclaration {
  /** Neighbouring calls of such tools in one reply run at the same time. */
  readonly sideBySide?: true;
  /** Checks a call's input and plans the call; throws an Error that tells the model what to mend. Nothing is done yet. */
  prepare(input: ToolCall["input"]): Promise<ReadyCall>;
}

/** A call that can run. What `run` does is what `input` and `plan` say: they are the objects it works on. */
export interface ReadyCall {
  readonly name: string;
  /** The input as the schema reads it. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly plan: Plan | undefined;
  run(signal: AbortSignal, report?: Report): Promise<ToolOutput>;
}

/** Tells whoever watches how far a long call has come, and what it has cost. */
export type Report = (text: string, reply?: ReplyEnd) => void;

/** A reply that another agent was given on behalf of this one. */
export type ReplyEnd = Extract<ModelEvent, { type: "reply_end" }>;

/** Decides whether a call may run: undefined when it may, else why not, for the model to read. */
export type Permit = (call: ReadyCall, signal: AbortSignal) => Promise<string | undefined>;

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
      /** A reply that the call was given by a model; its usage belongs to the turn. */
      readonly reply?: ReplyEnd;
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
      parameters ??= import("./schema.ts").then(async ({ jsonSchemaOf }) => jsonSchemaOf(await loadSchema()));
      return parameters;
    },

    async prepare(input) {
      const parsed = (await loadSchema()).safeParse(withoutNulls(input));
      if (!parsed.success) throw new Error(wrongInput(name, parsed.error, example));
      const planned = await plan(parsed.data);
      return {
        name,
        input: parsed.data,
        plan: planned,
        run: (signal, report = () => {}) => run(parsed.data, signal, planned, report),
      };
    },
  };
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
