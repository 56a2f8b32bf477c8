import { callArguments, isCutOff } from "../arguments.ts";
import { idMaker, opaque, pieces } from "../issue.ts";
import { type JsonObject, objectOf, stringOf } from "../json.ts";
import { thinksFirst } from "../openai/settings.ts";
import type { ScriptedReply } from "../script.ts";
import { type Frame, type HttpCall, sse, wholeReply } from "../service.ts";
import { endOf, responseOf } from "./response.ts";
import type { Store } from "./store.ts";

type Send = (carries: Frame["carries"], type: string, fields: object) => void;

/** Where an item stands: every event of it repeats this. */
interface Place {
  readonly output_index: number;
  readonly item_id: string;
}

/**
 * Replies as events of the Responses API, https://platform.openai.com/docs/api-reference/responses-streaming, or as one
 * response. The store gets to know what was given.
 */
export function openAnswers(store: Store): (reply: ScriptedReply, call: HttpCall) => Frame[] {
  const newId = idMaker();
  return (reply, call) => {
    const frames: Frame[] = [];
    const send: Send = (carries, type, fields) => {
      frames.push(sse(carries, { type, ...fields, sequence_number: frames.length }, type));
    };
    const response = responseOf(newId("resp_", 48), call);
    send("open", "response.created", { response });
    send("open", "response.in_progress", { response });
    const output: JsonObject[] = [];
    const begin = (prefix: string): Place => ({ output_index: output.length, item_id: newId(prefix, 48) });
    const { model, reasoning } = objectOf(call.body);
    if (thinksFirst(stringOf(model), objectOf(reasoning).effort)) {
      const told = tellsReasoning(call) ? reply.reasoning : undefined;
      output.push(sendReasoning(send, begin("rs_"), told, keepsReasoning(call)));
    }
    if (reply.text) output.push(sendMessage(send, begin("msg_"), reply));
    for (const [index, { name, id }] of reply.calls?.entries() ?? []) {
      const written = callArguments(reply, index);
      const isCut = isCutOff(reply, index);
      output.push(sendCall(send, begin("fc_"), { name, call_id: id ?? newId("call_", 24), written, isCut }));
    }
    const [type, ending] = endOf(reply, call, output);
    const ended = { ...response, ...ending };
    store.add(ended, call);
    send("end", type, { response: ended });
    return objectOf(call.body).stream === true ? frames : wholeReply(ended);
  };
}

const keepsReasoning = ({ body }: HttpCall): boolean => {
  const { include } = objectOf(body);
  return Array.isArray(include) && include.includes("reasoning.encrypted_content");
};

/** Summaries of the thinking are sent to those who ask for them. */
const tellsReasoning = ({ body }: HttpCall): boolean =>
  typeof objectOf(objectOf(body).reasoning).summary === "string";

/** A reasoning model thinks before every reply, and gives it in a form that only the service can read. */
function sendReasoning(
  send: Send,
  place: Place,
  reasoning: string | undefined,
  encrypted: boolean,
): JsonObject {
  const { output_index, item_id } = place;
  const secret = (length: number) =>
    encrypted ? { encrypted_content: `gAAAA${opaque(item_id, length)}` } : {};
  const item = { id: item_id, type: "reasoning" };
  // What comes first is not yet the whole of it: only the done item may be replayed.
  send("open", "response.output_item.added", { output_index, item: { ...item, ...secret(40), summary: [] } });
  const done = {
    ...item,
    ...secret(180),
    summary: reasoning ? [{ type: "summary_text", text: reasoning }] : [],
  };
  if (reasoning) {
    const at = { ...place, summary_index: 0 };
    const empty = { type: "summary_text", text: "" };
    send("open", "response.reasoning_summary_part.added", { ...at, part: empty });
    for (const delta of pieces(reasoning)) {
      send("reasoning", "response.reasoning_summary_text.delta", { ...at, delta });
    }
    send("reasoning", "response.reasoning_summary_text.done", { ...at, text: reasoning });
    send("reasoning", "response.reasoning_summary_part.done", { ...at, part: { ...empty, text: reasoning } });
  }
  send("open", "response.output_item.done", { output_index, item: done });
  return done;
}

function sendMessage(send: Send, place: Place, reply: ScriptedReply): JsonObject {
  const { output_index, item_id } = place;
  const { text = "", calls, stop } = reply;
  const refuses = stop === "refused";
  const at = { ...place, content_index: 0 };
  const phase = calls?.length ? "commentary" : "final_answer";
  const item = { id: item_id, type: "message", status: "in_progress", role: "assistant", phase, content: [] };
  const part = (said: string) =>
    refuses
      ? { type: "refusal", refusal: said }
      : { type: "output_text", annotations: [], logprobs: [], text: said };
  const name = refuses ? "refusal" : "output_text";
  const logprobs = refuses ? {} : { logprobs: [] };
  send("open", "response.output_item.added", { output_index, item });
  send("open", "response.content_part.added", { ...at, part: part("") });
  for (const delta of pieces(text)) send("text", `response.${name}.delta`, { ...at, delta, ...logprobs });
  const whole = refuses ? { refusal: text } : { text };
  send("text", `response.${name}.done`, { ...at, ...whole, ...logprobs });
  send("text", "response.content_part.done", { ...at, part: part(text) });
  const status = stop === "length" && !calls?.length ? "incomplete" : "completed";
  const done = { ...item, status, content: [part(text)] };
  send("text", "response.output_item.done", { output_index, item: done });
  return done;
}

function sendCall(
  send: Send,
  place: Place,
  call: {
    readonly name: string;
    readonly call_id: string;
    readonly written: string;
    readonly isCut: boolean;
  },
): JsonObject {
  const { output_index, item_id: id } = place;
  const { name, call_id, written, isCut } = call;
  const item = { id, type: "function_call", status: "in_progress", arguments: "", call_id, name };
  send("open", "response.output_item.added", { output_index, item });
  for (const delta of pieces(written)) {
    send("call", "response.function_call_arguments.delta", { ...place, delta });
  }
  if (!isCut) send("call", "response.function_call_arguments.done", { ...place, arguments: written });
  const done = { ...item, status: isCut ? "incomplete" : "completed", arguments: written };
  send("call", "response.output_item.done", { output_index, item: done });
  return done;
}
