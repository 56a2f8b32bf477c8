import { type JsonObject, objectOf, objectsOf, stringOf } from "../json.ts";
import type { View, ViewMessage, ViewTool } from "../script.ts";
import { spelledOut } from "./payload.ts";

/** Reads a request for Gemini; thoughts, and whatever is malformed, are left out. */
export function viewGemini(body: unknown): View {
  const { systemInstruction, contents, tools } = spelledOut(body);
  const system = spoken(objectsOf(objectOf(systemInstruction).parts));
  return {
    ...(system !== "" && { system }),
    messages: objectsOf(contents).flatMap(viewContent),
    tools: objectsOf(tools).flatMap(({ functionDeclarations }) =>
      objectsOf(functionDeclarations).map(viewTool),
    ),
  };
}

function viewContent({ role, parts }: JsonObject): ViewMessage[] {
  const all = objectsOf(parts);
  const text = spoken(all);
  if (role === "model") {
    const calls = all.flatMap(({ functionCall }) => {
      if (functionCall === undefined) return [];
      const { id, name, args } = objectOf(functionCall);
      return [{ id: stringOf(id), name: stringOf(name), input: args ?? {} }];
    });
    return [{ role: "assistant", text, calls }];
  }
  const results = all.flatMap((part): ViewMessage[] =>
    part.functionResponse === undefined ? [] : [viewResponse(objectOf(part.functionResponse))],
  );
  return text === "" && results.length > 0 ? results : [...results, { role: "user", text }];
}

function viewResponse({ id, name, response }: JsonObject): ViewMessage {
  const { output, error } = objectOf(response);
  const text = output ?? error ?? response;
  return {
    role: "tool",
    callId: stringOf(id),
    name: stringOf(name),
    text: typeof text === "string" ? text : JSON.stringify(text),
  };
}

function spoken(parts: readonly JsonObject[]): string {
  return parts.map(({ text, thought }) => (thought === true ? "" : stringOf(text))).join("");
}

function viewTool({ name, description, parameters, parametersJsonSchema }: JsonObject): ViewTool {
  const schema = parametersJsonSchema ?? parameters;
  return {
    name: stringOf(name),
    ...(typeof description === "string" && { description }),
    ...(schema !== undefined && { parameters: schema }),
  };
}
