import { writtenInput } from "../arguments.ts";
import { estimatedTokens, idMaker, pieces } from "../issue.ts";
import { type JsonObject, objectOf } from "../json.ts";
import type { ScriptedReply } from "../script.ts";
import { type Frame, type HttpCall, line, type Refusal, wholeReply } from "../service.ts";
import { promptTokens } from "./context.ts";
import type { LocalModel } from "./models.ts";
import { badToolCall } from "./refusals.ts";

type NewId = (prefix: string, length: number) => string;

/**
 * Replies as lines of /api/chat or /api/generate, or as one object. Calls come in the last line, as from most models, and in the next reply in
 * lines of their own, as from models with a parser of Ollama's.
 */
export function openAnswers(model: LocalModel): (reply: ScriptedReply, call: HttpCall) => Frame[] {
  const newId = idMaker();
  let replies = 0;
  return (reply, { path, body: json }) => {
    replies += 1;
    const body = objectOf(json);
    const prompt = promptTokens(body, model.contextLength);
    const head = { model: body.model, created_at: "2026-11-20T12:00:00.000000000Z" };
    const isGenerate = path.startsWith("/api/generate");
    const form = ({ content = "", ...more }: Said) =>
      isGenerate ? { response: content, ...more } : { message: { role: "assistant", content, ...more } };
    const say = (carries: Frame["carries"], said: Said, done: object = { done: false }) =>
      line(carries, { ...head, ...form(said), ...done });
    const thinks = model.capabilities.includes("thinking") && body.think !== false;
    const thinking = thinks ? (reply.reasoning ?? "") : "";
    const isStreamed = body.stream !== false;
    const spoken = [
      ...pieces(thinking).map((thinking) => say("reasoning", { thinking })),
      ...pieces(reply.text ?? "").map((content) => say("text", { content })),
    ];
    const { calls, refusal } = toolCalls(reply, newId);
    if (refusal !== undefined) {
      if (spoken.length === 0 || !isStreamed) throw refusal;
      return [...spoken, line("end", refusal.body)];
    }
    if (!isStreamed) {
      const said = {
        content: reply.text ?? "",
        ...(thinking && { thinking }),
        ...(calls[0] && { tool_calls: calls }),
      };
      return wholeReply({ ...head, ...form(said), ...counters(reply, prompt) });
    }
    const atEnd = replies % 2 === 1 && reply.fault === undefined;
    const lines = atEnd ? [] : calls.map((call) => say("call", { tool_calls: [call] }));
    const last = atEnd && calls.length > 0 ? { tool_calls: calls } : {};
    return [...spoken, ...lines, say("end", last, counters(reply, prompt))];
  };
}

/** What a line says. */
interface Said {
  readonly content?: string;
  readonly thinking?: string;
  readonly tool_calls?: readonly JsonObject[];
}

/** Ollama parses arguments itself, and fails where they are not JSON. */
function toolCalls(reply: ScriptedReply, newId: NewId): { calls: JsonObject[]; refusal?: Refusal } {
  const { calls = [], stop, fault } = reply;
  const kept = stop === "length" ? calls.slice(0, -1) : calls;
  const made: JsonObject[] = [];
  for (const call of kept) {
    const { input, raw } = writtenInput(call, fault);
    if (input === undefined) return { calls: [], refusal: badToolCall(raw) };
    const id = fault?.type === "calls_without_ids" ? {} : { id: call.id ?? newId("call_", 8) };
    const index = fault?.type === "calls_share_index" ? 0 : made.length;
    made.push({ ...id, function: { index, name: call.name, arguments: input } });
  }
  return { calls: made };
}

/** The last line's counts, and durations in nanoseconds. */
function counters({ stop, fault, usage, ...said }: ScriptedReply, prompt: number): object {
  const reason = stop === "length" ? "length" : "stop";
  return {
    done: true,
    done_reason: fault?.type === "finish" ? fault.reason : reason,
    total_duration: 2_400_000_000,
    load_duration: 60_000_000,
    prompt_eval_count: usage?.input ?? prompt,
    prompt_eval_duration: 340_000_000,
    eval_count: usage?.output ?? estimatedTokens(JSON.stringify(said)),
    eval_duration: 2_000_000_000,
  };
}
