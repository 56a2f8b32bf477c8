import { chooseModel } from "@eightfold/providers";
import {
  type Dialect,
  type Fault,
  type RetryHint,
  type Script,
  type ScriptedReply,
  startWire,
  type WireOptions,
} from "../../src/index.ts";
import { type Raw, raw } from "./raw.ts";
import type { Talk } from "./talk.ts";
import { inText, readTextForm } from "./text-form.ts";

/** One provider in the table: how to open its model, and what the rows have to know of its service. */
export interface Column {
  /** A talk with the model, before a server that plays the script. */
  open(script: Script, options?: OpenOptions): Promise<Talk>;
  /** Its records by hand, where it has a network. */
  readonly raw?: Raw;
  /** The way in which the service itself tells how long to wait. */
  readonly hint?: RetryHint;
  /** The reason that ends a reply when a filter stops it. */
  readonly filtered?: string;
  /** The reason that ends a reply when something went wrong with it. */
  readonly failed?: string;
  /** A field of the request that not every model takes, and the refusal of one that does not. */
  readonly optional?: { readonly field: string; readonly refusal: Fault };
  /** The least that a server may send to say "hi": without ids, and without counts. */
  readonly leanest?: Fault;
}

export interface OpenOptions extends WireOptions {
  /** The model to ask for, where it is not the server's own. */
  readonly wanted?: string;
}

/** How a column differs from its dialect: in the server's options, in how replies are written and requests read. */
interface Manner {
  readonly options?: WireOptions;
  readonly write?: (reply: ScriptedReply) => ScriptedReply;
  readonly read?: Talk["read"];
}

function wire(dialect: Dialect, manner: Manner = {}): Column["open"] {
  const { write = (reply) => reply, read = ({ view }) => view } = manner;
  return async (script, { wanted, ...options } = {}) => {
    const written: Script =
      typeof script === "function"
        ? async (request, index) => {
            const reply = await script(request, index);
            return reply && write(reply);
          }
        : script.map(write);
    const server = await startWire(dialect, written, { ...manner.options, ...options });
    const own = server.env.EIGHTFOLD_MODEL ?? "";
    const asked = wanted === undefined ? own : `${own.split(":")[0]}:${wanted}`;
    const { model } = await chooseModel(undefined, { ...server.env, EIGHTFOLD_MODEL: asked });
    const { url, requests, lookUps, close } = server;
    return { model, conversation: [], url, requests, lookUps, read, close, [Symbol.asyncDispose]: close };
  };
}

const openDemo: Column["open"] = async () => {
  const { model } = await chooseModel("demo", {});
  const close = async () => {};
  const read: Talk["read"] = ({ view }) => view;
  const server = { url: "", requests: [], lookUps: [] };
  return { model, conversation: [], ...server, read, close, [Symbol.asyncDispose]: close };
};

const events = (...data: (object | string)[]): Fault => ({
  type: "http",
  status: 200,
  headers: { "content-type": "text/event-stream" },
  body: data.map((each) => `data: ${typeof each === "string" ? each : JSON.stringify(each)}\n\n`).join(""),
});

const lines = (...data: object[]): Fault => ({
  type: "http",
  status: 200,
  headers: { "content-type": "application/x-ndjson" },
  body: data.map((each) => `${JSON.stringify(each)}\n`).join(""),
});

const refuses = (field: string, message: string) => ({
  field,
  refusal: { type: "http", status: 400, body: { error: { code: 400, message } } } as const,
});

const hiLine = lines({ message: { role: "assistant", content: "hi" }, done: true });

export const columns = {
  responses: {
    open: wire("responses"),
    raw: raw.responses,
    hint: "retry_after_seconds",
    filtered: "content_filter",
    failed: "failed",
    optional: refuses("include", "Unsupported parameter: 'include' is not supported with this model."),
    leanest: events(
      { type: "response.output_text.delta", output_index: 0, content_index: 0, delta: "hi" },
      {
        type: "response.completed",
        response: {
          status: "completed",
          output: [{ type: "message", role: "assistant", content: [{ type: "output_text", text: "hi" }] }],
        },
      },
    ),
  },
  chat: {
    open: wire("chat"),
    raw: raw.chat,
    hint: "retry_after_seconds",
    filtered: "content_filter",
    failed: "error",
    optional: refuses("stream_options", "Unrecognized request argument supplied: stream_options"),
    leanest: events({ choices: [{ delta: { content: "hi" }, finish_reason: "stop" }] }, "[DONE]"),
  },
  anthropic: {
    open: wire("anthropic"),
    raw: raw.anthropic,
    hint: "retry_after_seconds",
    filtered: "refusal",
    failed: "error",
    optional: refuses("thinking", "thinking: Extra inputs are not permitted"),
    leanest: events(
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "hi" } },
      { type: "message_delta", delta: { stop_reason: "end_turn" } },
    ),
  },
  gemini: {
    open: wire("gemini"),
    raw: raw.gemini,
    hint: "retry_info",
    filtered: "SAFETY",
    failed: "MALFORMED_RESPONSE",
    optional: refuses("thinkingConfig", "Thinking is not enabled for this model."),
    leanest: events({ candidates: [{ content: { parts: [{ text: "hi" }] }, finishReason: "STOP" }] }),
  },
  ollama: {
    open: wire("ollama"),
    raw: raw.ollama,
    hint: "retry_after_seconds",
    leanest: hiLine,
  },
  /** A model that knows no tools. */
  "text form": {
    open: wire("ollama", {
      options: { capabilities: ["completion", "thinking"] },
      write: inText,
      read: readTextForm,
    }),
    raw: raw.ollama,
    hint: "retry_after_seconds",
    leanest: hiLine,
  },
  demo: { open: openDemo },
} as const satisfies Record<string, Column>;

export type ColumnName = keyof typeof columns;

export const columnNames = Object.keys(columns) as ColumnName[];
