import type { RecordedRequest, ScriptedCall, ScriptedReply, View, ViewMessage } from "../../src/index.ts";

/** Calls, results and tools in a talk with a model that knows none, written and read by hand. */

/** The same reply from a model that writes its calls as text. */
export function inText(reply: ScriptedReply): ScriptedReply {
  const { calls = [], text = "", fault, ...rest } = reply;
  if (calls.length === 0) return reply;
  const written = [text, ...calls.map(writeCall)].filter((part) => part !== "").join("\n\n");
  // The output limit comes inside the last call. And "in a call" is as late as can be: a call is all text.
  const moved = fault && "at" in fault && fault.at === "call" ? ({ ...fault, at: "end" } as const) : fault;
  return {
    ...rest,
    text: rest.stop === "length" ? written.slice(0, -12) : written,
    ...(moved && { fault: moved }),
  };
}

function writeCall({ name, input = {}, rawArguments = JSON.stringify(input) }: ScriptedCall): string {
  const given = rawArguments === "" ? "" : `,"arguments":${rawArguments}`;
  return `\`\`\`tool\n{"name":${JSON.stringify(name)}${given}}\n\`\`\``;
}

const CALL = /```tool\n(\{"name":.*?\})\n```/gs;
const RESULT = /<result of="(\w+)"(?: error="yes")?>\n(.*?)\n<\/result>/gs;
const TOOL = /^## (\w+)\n(.*?)\nArguments, as JSON Schema: (\{[^\n]*\})$/gms;

/** A request, with what stands in its texts read as calls, results and tools. A call has no id there. */
export function readTextForm({ view }: RecordedRequest): View {
  const [system = "", told = ""] = (view.system ?? "").split(/(?:^|\n\n)# Tools\n/);
  return {
    ...(system !== "" && { system }),
    messages: view.messages.flatMap(readMessage),
    tools: [...told.matchAll(TOOL)].map(([, name = "", description = "", schema = "{}"]) => ({
      name,
      description,
      parameters: JSON.parse(schema) as unknown,
    })),
  };
}

function readMessage(message: ViewMessage): ViewMessage[] {
  if (message.role === "assistant") {
    const calls = [...message.text.matchAll(CALL)].map(([, json = "{}"]) => {
      const { name, arguments: input } = JSON.parse(json) as { name: string; arguments: unknown };
      return { id: "", name, input };
    });
    return [{ ...message, text: message.text.replaceAll(CALL, "").trimEnd(), calls }];
  }
  if (message.role === "tool") return [message];
  const results = [...message.text.matchAll(RESULT)].map(
    ([, name = "", text = ""]) => ({ role: "tool", callId: "", name, text }) as const,
  );
  const text = message.text.replaceAll(RESULT, "").trim();
  return text === "" ? results : [...results, { role: "user", text }];
}
