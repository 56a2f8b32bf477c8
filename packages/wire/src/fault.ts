/**
 * What goes wrong with one reply: data, with the same meaning in every dialect. What a reply or a service does not
 * have (a moment, a hint, a refusal) answers HTTP 500 and says so.
 */
export type Fault =
  /** The body ends between two events, as if it were complete. */
  | { readonly type: "cut"; readonly at: Moment }
  /** The body ends in the middle of an event. */
  | { readonly type: "cut_inside"; readonly at: Moment }
  /** The connection is reset. */
  | { readonly type: "reset"; readonly at: Moment | "headers" }
  /** Nothing more comes, until the client leaves. */
  | { readonly type: "stall"; readonly at: Moment | "headers" }
  /** Nothing comes for a while, then all the rest. */
  | { readonly type: "delay"; readonly at: Moment | "headers"; readonly ms: number }
  /** The service reports an error inside the stream, and ends it. Default: `overloaded`. */
  | { readonly type: "error_event"; readonly at: Moment; readonly refusal?: RefusalName }
  /** The service refuses, in its own words. */
  | { readonly type: "refusal"; readonly name: RefusalName }
  /** HTTP 429, with a hint of how long to wait. */
  | { readonly type: "rate_limit"; readonly hint: RetryHint; readonly seconds: number }
  /** Any HTTP answer. A body that is not a string is sent as JSON. */
  | {
      readonly type: "http";
      readonly status: number;
      readonly body?: unknown;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** HTTP 502 from a proxy, in HTML. */
  | { readonly type: "html" }
  /** HTTP 200 and not a single byte. */
  | { readonly type: "empty_body" }
  /** The model wrote arguments that are not JSON. Gemini and Ollama notice, and report it in their own way. */
  | { readonly type: "malformed_arguments" }
  /** The native finish reason is this one. For Responses, `failed` or the reason of being incomplete. */
  | { readonly type: "finish"; readonly reason: string }
  /** The event that ends the reply never comes; what follows it does. */
  | { readonly type: "no_terminal" }
  /** The stream is complete except for `[DONE]`, which only Chat has. */
  | { readonly type: "no_done" }
  /** The reply is complete except for `[DONE]`, and the connection stays open behind it. */
  | { readonly type: "left_open" }
  /** Lines end in \r\n; in SSE there are comments between the events. */
  | { readonly type: "decorated" }
  /** Calls come without ids, as from some servers for Chat, from Gemini and from older Ollamas. */
  | { readonly type: "calls_without_ids" }
  /** All calls are at index 0, as from some servers for Chat and from older Ollamas. */
  | { readonly type: "calls_share_index" };

/**
 * When: right after the headers, after the first piece of reasoning, text or of a call (the first whole call,
 * where calls come whole), or before the event that ends the reply. A reply that is not streamed has one moment only:
 * before its body.
 */
export type Moment = "start" | "reasoning" | "text" | "call" | "end";

export type RetryHint =
  | "none"
  | "retry_after_seconds"
  | "retry_after_date"
  | "retry_after_ms"
  /** Gemini: details of the error. */
  | "retry_info"
  /** In the words of the message. */
  | "text";

/** What services refuse with; each knows some of them (see `refusalNames`). */
export type RefusalName =
  | "bad_key"
  | "no_key"
  | "no_access"
  | "unknown_model"
  | "no_tools"
  | "quota"
  | "daily_quota"
  | "no_free_tier"
  | "rate_limit"
  | "overloaded"
  | "server_error"
  | "timeout"
  | "context_too_long"
  | "blocked_prompt"
  | "bad_request"
  | "bad_schema"
  | "unanswered_call"
  | "orphan_result"
  | "tools_need_responses"
  | "bad_encrypted_content"
  | "items_not_persisted"
  | "bad_signature"
  | "missing_signature"
  | "retired_model"
  | "no_thinking"
  | "bad_tool_call"
  | "out_of_memory"
  | "no_user_query";
