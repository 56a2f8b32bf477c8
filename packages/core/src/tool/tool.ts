import type { z } from "zod";
import type { ToolCall, ToolResult } from "../conversation.ts";
import type { ToolDeclaration } from "../model/model.ts";

/** Something a model can ask for by name. `defineTool` makes one. */
export interface Tool extends ToolDeclaration {
  /** Checks a call's input, and returns the call ready to run; throws an Error that tells the model what to mend. */
  prepare(input: ToolCall["input"]): Promise<ReadyCall>;
}

export interface ReadyCall {
  /** The input as the schema reads it: the very object that `run` works on. */
  readonly input: Readonly<Record<string, unknown>>;
  run(signal: AbortSignal): Promise<ToolOutput>;
}

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
  | { readonly type: "tool_end"; readonly call: ToolCall; readonly result: ToolResult };

export interface ToolDefinition<Schema extends z.ZodObject> {
  readonly name: string;
  readonly description: string;
  /** The schema of the input, the only one: zod is handed in, so that it loads with the first request and not at start. */
  readonly input: (zod: typeof z) => Schema;
  /** A correct input, shown to a model that sent a wrong one. */
  readonly example: z.input<Schema>;
  /** Throws an Error whose message the model can act on. */
  readonly run: (input: z.output<Schema>, signal: AbortSignal) => Promise<ToolOutput>;
}

export function defineTool<Schema extends z.ZodObject>(definition: ToolDefinition<Schema>): Tool {
  const { name, description, example, run } = definition;
  let schema: Promise<Schema> | undefined;
  const loadSchema = () => {
    schema ??= import("zod").then(({ z }) => definition.input(z));
    return schema;
  };

  return {
    name,
    description,

    async parameters() {
      const { jsonSchemaOf } = await import("./schema.ts");
      return jsonSchemaOf(await loadSchema());
    },

    async prepare(input) {
      const parsed = (await loadSchema()).safeParse(withoutNulls(input));
      if (parsed.success) return { input: parsed.data, run: (signal) => run(parsed.data, signal) };
      const problems = parsed.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
      throw new Error(`${problems.join("\n")}\nA correct example: ${JSON.stringify(example)}`);
    },
  };
}

/** Models send null for a field that they leave out. */
function withoutNulls(input: ToolCall["input"]): ToolCall["input"] {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== null));
}
