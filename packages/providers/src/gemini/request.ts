import type {
  AssistantMessage,
  Message,
  ModelRequest,
  NativeTurn,
  ToolDeclaration,
  ToolResult,
  UserMessage,
} from "@eightfold/core";
import type {
  Content,
  GenerateContentParameters,
  Part,
  ThinkingConfig,
  ThinkingLevel,
} from "@google/genai/web";
import type { Learned } from "../learning.ts";
import { fieldsOf, type Settings } from "../settings.ts";
import { alternate, ownTurn } from "../turns.ts";
import { recordOf, wellFormed } from "../wire-values.ts";
import { geminiSchema } from "./quirks.ts";

/** For a call of another model, or whose signature was refused. https://ai.google.dev/gemini-api/docs/thought-signatures */
export const NO_SIGNATURE = "skip_thought_signature_validator";

/** What the model is told when it is asked again after a reply of no use: without it, it tends to repeat itself. */
export const NUDGE: UserMessage = {
  role: "user",
  text: "[Your last reply was empty or malformed, and was dropped. Go on: call a function with valid arguments, or answer in text.]",
};

export function generateRequest(
  { system, conversation, tools = [] }: ModelRequest,
  model: string,
  learned: Learned,
  { temperature, "top-p": topP, "max-tokens": maxOutputTokens, effort }: Settings = {},
): GenerateContentParameters {
  const thinkingConfig = {
    ...(!learned.refused.has("thoughts") && { includeThoughts: true }),
    ...(effort && levelOf(effort)),
  };
  return {
    model,
    contents: contentsOf(conversation, (native) => {
      const parts = ownTurn(native, "gemini", model, learned);
      return Array.isArray(parts) && parts.every(isModels) ? parts : undefined;
    }),
    config: {
      ...(system && { systemInstruction: system.toWellFormed() }),
      ...(tools.length > 0 && { tools: [{ functionDeclarations: tools.map(declare) }] }),
      ...fieldsOf({ temperature, topP, maxOutputTokens }),
      ...(Object.keys(thinkingConfig).length > 0 && { thinkingConfig }),
      // One request is one reply: on its own, the SDK would join up to four.
      automaticContinuation: false,
    },
  };
}

/** https://ai.google.dev/gemini-api/docs/thinking has no level for none, and a budget of no tokens. */
function levelOf(effort: NonNullable<Settings["effort"]>): ThinkingConfig {
  if (effort === "none") return { thinkingBudget: 0 };
  return { thinkingLevel: effort.toUpperCase() as ThinkingLevel };
}

/** A session file may have been written by others: in a model's turn nobody answers its calls. */
function isModels(part: unknown): boolean {
  const { text, functionCall, functionResponse } = recordOf(part);
  return (
    functionResponse === undefined && (typeof text === "string" || recordOf(functionCall) === functionCall)
  );
}

/**
 * One content with as many function responses as the model made calls, in their order, and so on.
 * Where `partsOf` knows a reply's own parts, those go back untouched, with their signatures.
 */
export function contentsOf(
  conversation: readonly Message[],
  partsOf: (native: NativeTurn) => Part[] | undefined,
): Content[] {
  const givenIds = new Map<string, string | undefined>();
  const turns = alternate<Part>(conversation, (message) => {
    if (message.role === "user") return textParts(message.text);
    if (message.role === "tool") return [responsePart(message, givenIds.get(message.callId))];
    const parts = (message.native && partsOf(message.native)) ?? neutralParts(message);
    const calls = parts.flatMap(({ functionCall }) => functionCall ?? []);
    for (const [at, { id }] of message.toolCalls.entries()) givenIds.set(id, calls[at]?.id);
    return parts;
  });
  return wellFormed(turns.map(({ role, parts }) => ({ role: role === "user" ? role : "model", parts })));
}

function textParts(text: string): Part[] {
  return text === "" ? [] : [{ text }];
}

/**
 * A reply in neutral words. Its calls carry no id, for none was given by Gemini; the first of parallel calls carries
 * the signature. It is asked for only since the user's last text, but a prefix that never changes stays cached.
 */
function neutralParts({ text, toolCalls }: AssistantMessage): Part[] {
  const calls = toolCalls.map(({ name, input }, at) => ({
    functionCall: { name, args: input },
    ...(at === 0 && { thoughtSignature: NO_SIGNATURE }),
  }));
  return [...textParts(text), ...calls];
}

function responsePart({ name, text, isError }: ToolResult, id: string | undefined): Part {
  const response = isError ? { error: text } : { output: text };
  return { functionResponse: { ...(id !== undefined && { id }), name, response } };
}

function declare({ name, description, parameters }: ToolDeclaration) {
  return { name, description, parametersJsonSchema: geminiSchema(parameters) };
}
