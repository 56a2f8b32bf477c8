import { estimatedTokens } from "../issue.ts";
import { type JsonObject, objectOf } from "../json.ts";
import type { ScriptedReply } from "../script.ts";
import type { HttpCall } from "../service.ts";

/** The response object of the Responses API: what its first and last events carry. */

/** A response that has begun: no output yet, and the request's own settings. */
export function responseOf(id: string, { body }: HttpCall): JsonObject {
  const asked = objectOf(body);
  return {
    id,
    object: "response",
    created_at: 1790000000,
    status: "in_progress",
    background: false,
    error: null,
    incomplete_details: null,
    output: [],
    usage: null,
    instructions: asked.instructions ?? null,
    max_output_tokens: asked.max_output_tokens ?? null,
    model: asked.model,
    parallel_tool_calls: asked.parallel_tool_calls ?? true,
    previous_response_id: asked.previous_response_id ?? null,
    prompt_cache_key: asked.prompt_cache_key ?? null,
    reasoning: { effort: "medium", summary: null, ...objectOf(asked.reasoning) },
    safety_identifier: null,
    service_tier: "default",
    store: asked.store ?? true,
    temperature: asked.temperature ?? 1,
    text: { format: { type: "text" }, ...objectOf(asked.text) },
    tool_choice: asked.tool_choice ?? "auto",
    tools: asked.tools ?? [],
    top_logprobs: 0,
    top_p: 1,
    truncation: asked.truncation ?? "disabled",
    user: null,
    metadata: asked.metadata ?? {},
  };
}

/** The last event's type, and what it changes in the response. */
export function endOf(
  { text, stop, usage, fault }: ScriptedReply,
  { raw }: HttpCall,
  output: readonly JsonObject[],
): [type: string, changes: JsonObject] {
  const input = usage?.input ?? estimatedTokens(raw);
  const made = usage?.output ?? estimatedTokens(JSON.stringify(output));
  const counted = {
    input_tokens: input,
    input_tokens_details: { cached_tokens: usage?.cached ?? 0, cache_write_tokens: usage?.cacheWrite ?? 0 },
    output_tokens: made,
    output_tokens_details: { reasoning_tokens: usage?.reasoning ?? 0 },
    total_tokens: input + made,
  };
  if (fault?.type === "finish" && fault.reason === "failed") {
    return ["response.failed", { status: "failed", error: serverError, output }];
  }
  const reason = fault?.type === "finish" ? fault.reason : incompleteReason(stop, text);
  if (reason !== undefined) {
    const changes = { status: "incomplete", incomplete_details: { reason }, output, usage: counted };
    return ["response.incomplete", changes];
  }
  return ["response.completed", { status: "completed", completed_at: 1790000002, output, usage: counted }];
}

function incompleteReason(stop: ScriptedReply["stop"], text: string | undefined): string | undefined {
  if (stop === "length") return "max_output_tokens";
  return stop === "refused" && !text ? "content_filter" : undefined;
}

const serverError = {
  code: "server_error",
  message:
    "The model produced invalid content. Consider modifying your prompt if you are seeing this error persistently.",
};
