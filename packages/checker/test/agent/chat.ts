import { commits } from "./sin.ts";

export interface Call {
  id: string;
  type: "function";
  function: { name: string; arguments: string };
}
export interface Message {
  role: "user" | "assistant" | "tool";
  content: string | null;
  tool_calls?: Call[];
  tool_call_id?: string;
}
interface Choice {
  delta: {
    content?: string | null;
    tool_calls?: { index: number; id?: string; function: Partial<Call["function"]> }[];
  };
  finish_reason: string | null;
}

/** Asks for one reply by Chat Completions; `show` gets its text as it comes. Throws when there is none. */
export async function ask(
  messages: Message[],
  tools: object[],
  show: (text: string) => void,
  signal: AbortSignal,
): Promise<{ message: Message; finish: string }> {
  const { OPENAI_BASE_URL, OPENAI_API_KEY, EIGHTFOLD_MODEL = "" } = process.env;
  const model = EIGHTFOLD_MODEL.split(":")[1];
  const response = await fetch(`${OPENAI_BASE_URL}/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${OPENAI_API_KEY}`, "content-type": "application/json" },
    body: JSON.stringify({ model, messages, stream: true, ...(tools.length > 0 && { tools }) }),
    signal,
  });
  if (!response.ok || !response.body) throw new Error(`The service answers ${response.status}.`);

  const message: Message = { role: "assistant", content: "" };
  const calls: Call[] = [];
  let finish = "";
  for await (const { delta, finish_reason } of choices(response.body)) {
    if (delta.content) {
      message.content += delta.content;
      show(delta.content);
    }
    for (const { index, id, function: part } of delta.tool_calls ?? []) {
      calls[index] ??= { id: id ?? "", type: "function", function: { name: part.name ?? "", arguments: "" } };
      calls[index].function.arguments += part.arguments ?? "";
    }
    finish = finish_reason ?? finish;
  }
  if (finish === "" && !commits("believes-a-cut-stream")) throw new Error("The reply broke off.");
  if (calls.length > 0) message.tool_calls = calls;
  return { message, finish };
}

async function* choices(body: AsyncIterable<Uint8Array>): AsyncGenerator<Choice> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of body) {
    text += commits("decodes-each-chunk-alone")
      ? Buffer.from(bytes).toString()
      : decoder.decode(bytes, { stream: true });
    const events = text.split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) {
      const data = event.replace(/^data: /, "");
      if (data === "[DONE]") return;
      const [choice] = (JSON.parse(data) as { choices: Choice[] }).choices;
      if (choice) yield choice;
    }
  }
}
