import { type JsonObject, objectOf, stringOf } from "../json.ts";
import type { WireOptions } from "../script.ts";
import type { HttpCall } from "../service.ts";
import { refuse, unknownModel, withTag } from "./refusals.ts";

/** What the models of the server have in common, and the name of the one that it tells of. */
export interface LocalModel {
  readonly name: string;
  /** Whether there is a model of this name. */
  has(name: string): boolean;
  readonly capabilities: readonly string[];
  readonly contextLength: number;
}

export function localModel({ model, capabilities, contextLength }: WireOptions): LocalModel {
  return {
    name: model ?? "qwen3.5",
    has: (name) => model === undefined || withTag(name) === withTag(model),
    capabilities: capabilities ?? ["completion", "tools", "thinking"],
    contextLength: contextLength ?? 262_144,
  };
}

/** The questions that Ollama answers about its models; `loaded` is the context that the model runs with, if it runs. */
export function lookUp(
  { method, path, body }: HttpCall,
  model: LocalModel,
  loaded: number | undefined,
): unknown {
  const asked = `${method} ${path.split("?")[0]}`;
  if (asked === "GET /" || asked === "HEAD /") return "Ollama is running";
  if (asked === "GET /api/version") return { version: "0.31.2" };
  if (asked === "GET /api/tags") {
    return { models: [{ ...entryOf(model), modified_at: "2026-09-01T09:00:00Z" }] };
  }
  if (asked === "GET /api/ps") {
    if (loaded === undefined) return { models: [] };
    const running = { expires_at: "2026-12-01T09:05:00Z", size_vram: 9_600_000_000, context_length: loaded };
    return { models: [{ ...entryOf(model), ...running }] };
  }
  const { model: wanted, name = wanted } = objectOf(body);
  if (asked === "POST /api/show") return show(stringOf(name), model);
  if (asked === "POST /api/chat" || asked === "POST /api/generate") return load(objectOf(body), asked, model);
  throw refuse(404, "404 page not found");
}

/** The answer to a request that says nothing. */
function load({ model: wanted, keep_alive: alive }: JsonObject, asked: string, model: LocalModel): unknown {
  const name = stringOf(wanted);
  if (name === "") throw refuse(400, "model is required");
  if (!model.has(name)) throw unknownModel(name);
  const said = asked.endsWith("chat") ? { message: { role: "assistant", content: "" } } : { response: "" };
  const done_reason = alive === 0 || alive === "0" ? "unload" : "load";
  return { model: name, created_at: "2026-11-20T12:00:00.000000000Z", ...said, done: true, done_reason };
}

function show(asked: string, model: LocalModel): unknown {
  if (asked === "") throw refuse(400, "model is required");
  if (!model.has(asked)) throw unknownModel(asked);
  return {
    modelfile: `FROM ${asked}`,
    parameters: "temperature                    1",
    template: "{{ .Prompt }}",
    details,
    model_info: {
      "general.architecture": "qwen35",
      "general.parameter_count": 14_000_000_000,
      "qwen35.context_length": model.contextLength,
    },
    capabilities: model.capabilities,
    modified_at: "2026-09-01T09:00:00Z",
  };
}

const details = {
  parent_model: "",
  format: "gguf",
  family: "qwen35",
  families: ["qwen35"],
  parameter_size: "14B",
  quantization_level: "Q4_K_M",
};

function entryOf({ name }: LocalModel): object {
  const tagged = withTag(name);
  return { name: tagged, model: tagged, size: 9_300_000_000, digest: "8f01d".repeat(12), details };
}
