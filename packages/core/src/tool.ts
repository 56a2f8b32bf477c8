import type { TLocalizedValidationError } from "typebox/error";
import type { XStatic } from "typebox/schema";
import type { ToolCall, ToolResult } from "./conversation.ts";
import type { JsonSchema, ReplyEnd, ToolDeclaration } from "./model.ts";
import { quote } from "./text.ts";

/** Something a model can ask for by name. `defineTool` makes one. */
export interface Tool extends ToolDeclaration {
  /** Neighbouring calls of such tools in one reply run at the same time. */
  readonly sideBySide?: true;
  /** Checks a call's input and plans the call; throws an Error that tells the model what to fix. Nothing is done yet. */
  prepare(call: ToolCall): Promise<PreparedCall>;
}

/** What a call would do, worked out before anyone decides whether it may. "none" reaches nothing but the conversation. */
export type Plan = ReadPlan | ChangePlan | CommandPlan | { readonly type: "none" };

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
  /** The input, checked, without fields that the schema does not name. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly plan: Plan | undefined;
  run(plan: Plan | undefined, signal: AbortSignal, report?: Report): Promise<ToolOutput>;
}

/** Reports how far a long call has come, what it has printed, and the reply that another agent was given on behalf of this one. */
export type Report = (text: string, more?: { printed?: string; reply?: ReplyEnd | undefined }) => void;

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

/** The parts of a JSON Schema that say which fields there are. */
interface Declared {
  readonly properties?: Readonly<Record<string, Declared>>;
  readonly items?: Declared;
  readonly required?: readonly string[];
}

export interface ToolDefinition<Fields, Required, Input, Planned> {
  readonly name: string;
  readonly description: string;
  /** The JSON Schema of each field, as it is sent to the model. What the model writes is checked against it. */
  readonly input: Fields;
  /** The fields that may not be left out. */
  readonly required?: Required;
  /** A correct input, shown to a model that sent a wrong one. */
  readonly example: Input;
  /** Works out what a call would do, and does nothing yet. Throws as `run` does. */
  readonly plan?: (input: Input) => Promise<Planned>;
  /** Throws an Error whose message the model can act on. */
  readonly run: (input: Input, signal: AbortSignal, plan: Planned, report: Report) => Promise<ToolOutput>;
  readonly sideBySide?: true;
}

export function defineTool<
  const Fields extends Readonly<Record<string, JsonSchema>>,
  const Required extends readonly (keyof Fields & string)[] = [],
  Input = XStatic<{ type: "object"; properties: Fields; required: Required }>,
  Planned extends Plan | undefined = undefined,
>(definition: ToolDefinition<Fields, Required, NoInfer<Input>, Planned>): Tool {
  const { name, description, input: properties, required, example, run } = definition;
  const plan = definition.plan ?? (async () => undefined as Planned);
  const parameters = { type: "object", properties, ...(required && { required }) };
  return {
    name,
    description,
    parameters,
    ...(definition.sideBySide && { sideBySide: true }),

    async prepare(call) {
      const { Errors, Pointer } = await import("typebox/schema");
      const input = asDeclared(call.input, parameters);
      const [valid, errors] = Errors(parameters, input);
      const faults = errors.flatMap((error) => faultsIn(error, Pointer.Indices(error.instancePath), input));
      if (!valid) throw new Error(wrongInput(name, faults, example));
      const data = input as Input & ToolCall["input"];
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

/** A value with the fields that its schema names, and no others. Models send null for a field that they leave out. */
function asDeclared(value: unknown, { properties, items, required = [] }: Declared): unknown {
  if (Array.isArray(value)) return items ? value.map((item) => asDeclared(item, items)) : value;
  if (typeof value !== "object" || value === null || !properties) return value;
  const given = Object.entries(value).filter(
    ([name, inner]) => Object.hasOwn(properties, name) && (inner !== null || required.includes(name)),
  );
  return Object.fromEntries(given.map(([name, inner]) => [name, asDeclared(inner, properties[name] ?? {})]));
}

function wrongInput(name: string, faults: readonly string[], example: unknown): string {
  return [
    `The arguments of ${name} are not valid. Nothing was run.`,
    ...faults,
    `A correct example: ${JSON.stringify(example)}`,
  ].join("\n");
}

/** What one error means: the place in the input, what is wanted there, and what came. */
function faultsIn(error: TLocalizedValidationError, path: readonly string[], input: unknown): string[] {
  const { keyword, params, message } = error;
  if (keyword === "required") {
    return params.requiredProperties.map((name) => `${[...path, name].join(".")}: is missing`);
  }
  const wanted = keyword === "enum" ? `must be one of ${JSON.stringify(params.allowedValues)}` : message;
  const value = path.reduce((outer, name) => Object(outer)[name], input);
  const inWords = typeof value === "number" ? String : JSON.stringify; // which calls Infinity null
  const got = Array.isArray(value) ? `a list of ${value.length}` : quote(inWords(value));
  return [`${path.join(".")}: ${wanted}, got ${got}`];
}
