import type { Usage } from "@eightfold/core";
import { callArguments } from "../arguments.ts";
import { estimatedTokens, idMaker, pieces } from "../issue.ts";
import { type JsonObject, objectOf, stringOf } from "../json.ts";
import { isOpenAI } from "../openai/settings.ts";
import type { ScriptedCall, ScriptedReply } from "../script.ts";
import { type Frame, type HttpCall, sse, wholeReply } from "../service.ts";

type NewId = (prefix: string, length: number) => string;

/**
 * Replies as chunks of Chat Completions, https://platform.openai.com/docs/api-reference/chat-streaming, or as one
 * completion.
 */
export function openAnswers(): (reply: ScriptedReply, call: HttpCall) => Frame[] {
  const newId = idMaker();
  return (scripted, call) => {
    const body = objectOf(call.body);
    const reply = tellsThoughts(body) ? scripted : { ...scripted, reasoning: "" };
    const wantsUsage = objectOf(body.stream_options).include_usage === true;
    const isStreamed = body.stream === true;
    const head = {
      id: newId("chatcmpl-", 29),
      object: isStreamed ? "chat.completion.chunk" : "chat.completion",
      created: 1790000000,
      model: body.model,
      service_tier: "default",
      system_fingerprint: "fp_8f01d8f01d",
    };
    if (!isStreamed) {
      const message = messageOf(reply, body.functions !== undefined, newId);
      const choices = [{ index: 0, message, logprobs: null, finish_reason: finishReason(reply, message) }];
      return wholeReply({ ...head, choices, usage: usageOf(reply, call) });
    }
    const chunk = (carries: Frame["carries"], delta: object, finish: string | null = null): Frame => {
      const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }];
      return sse(carries, { ...head, choices, ...(wantsUsage && { usage: null }) });
    };
    const said = reply.stop === "refused" ? "refusal" : "content";
    const deltas = body.functions === undefined ? callDeltas(reply, newId) : functionDeltas(reply);
    const frames = [
      chunk("open", {
        role: "assistant",
        content: reply.text === undefined && reply.calls ? null : "",
        refusal: null,
      }),
      ...pieces(reply.reasoning ?? "").map((text) => chunk("reasoning", { reasoning_content: text })),
      ...pieces(reply.text ?? "").map((text) => chunk("text", { [said]: text })),
      ...deltas.map((delta) => chunk("call", delta)),
      chunk("end", {}, finishReason(reply, deltas[0] ?? {})),
    ];
    const usage = wantsUsage ? [sse("after", { ...head, choices: [], usage: usageOf(reply, call) })] : [];
    return [...frames, ...usage, sse("after", "[DONE]")];
  };
}

/** OpenAI itself never tells thoughts in this protocol. Other servers do, unless they are told not to think. */
const tellsThoughts = ({ model, reasoning_effort: effort }: JsonObject) =>
  !isOpenAI(stringOf(model)) && effort !== "none";

/** The message of a reply that comes in one piece. */
function messageOf(reply: ScriptedReply, isFunction: boolean, newId: NewId): object {
  const { text, reasoning, calls = [], stop } = reply;
  const said = text ?? (calls.length > 0 ? null : "");
  const written = (index: number) => ({ name: calls[index]?.name, arguments: callArguments(reply, index) });
  const made = isFunction
    ? { function_call: written(0) }
    : {
        tool_calls: calls.map(({ id = newId("call_", 24) }, index) => {
          const named = reply.fault?.type === "calls_without_ids" ? {} : { id };
          return { ...named, type: "function", function: written(index) };
        }),
      };
  return {
    role: "assistant",
    content: stop === "refused" ? null : said,
    refusal: stop === "refused" ? said : null,
    annotations: [],
    ...(reasoning && { reasoning_content: reasoning }),
    ...(calls.length > 0 && made),
  };
}

/** Why it ended; `calls` holds the calls in the form in which they are sent. */
function finishReason({ stop, text, fault }: ScriptedReply, calls: object): string {
  if (fault?.type === "finish") return fault.reason;
  if (stop === "length") return "length";
  if (stop === "refused") return text ? "stop" : "content_filter";
  return ["tool_calls", "function_call"].find((form) => form in calls) ?? "stop";
}

/** The one call of a model that was given `functions`, as before there were tools. */
function functionDeltas(reply: ScriptedReply): object[] {
  const [call] = reply.calls ?? [];
  if (call === undefined) return [];
  const written = pieces(callArguments(reply, 0)).map((piece) => ({ function_call: { arguments: piece } }));
  return [{ function_call: { name: call.name, arguments: "" } }, ...written];
}

/** Fragments of all calls: their heads in order, then a piece of each in turn. */
function callDeltas(reply: ScriptedReply, newId: NewId): { tool_calls: object[] }[] {
  return fragmentsOf(reply, newId).map((fragment) => ({ tool_calls: [fragment] }));
}

function fragmentsOf(reply: ScriptedReply, newId: NewId): object[] {
  const calls = reply.calls ?? [];
  const written = calls.map((_, index) => pieces(callArguments(reply, index)));
  const longest = Math.max(0, ...written.map(({ length }) => length));
  // A server that gives all calls index 0 cannot interleave them.
  if (reply.fault?.type === "calls_share_index") {
    return calls.flatMap((call, index) => [
      headOf(call, 0, reply, newId),
      ...(written[index] ?? []).map((piece) => ({ index: 0, function: { arguments: piece } })),
    ]);
  }
  const rounds = Array.from({ length: longest }, (_, round) =>
    written.flatMap((list, index) => {
      const piece = list[round];
      return piece === undefined ? [] : [{ index, function: { arguments: piece } }];
    }),
  );
  return [...calls.map((call, index) => headOf(call, index, reply, newId)), ...rounds.flat()];
}

function headOf({ id, name }: ScriptedCall, index: number, { fault }: ScriptedReply, newId: NewId): object {
  const named = fault?.type === "calls_without_ids" ? {} : { id: id ?? newId("call_", 24) };
  return { index, ...named, type: "function", function: { name, arguments: "" } };
}

function usageOf(reply: ScriptedReply, { raw }: HttpCall): object {
  const usage: Usage = reply.usage ?? {};
  const prompt = usage.input ?? estimatedTokens(raw);
  const completion = usage.output ?? estimatedTokens(JSON.stringify(reply));
  const cacheWrite = usage.cacheWrite === undefined ? {} : { cache_write_tokens: usage.cacheWrite };
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: usage.cached ?? 0, audio_tokens: 0, ...cacheWrite },
    completion_tokens_details: { reasoning_tokens: usage.reasoning ?? 0, audio_tokens: 0 },
  };
}
