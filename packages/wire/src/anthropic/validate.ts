import { isObject, type JsonObject, objectOf, stringOf } from "../json.ts";
import { holdsLoneSurrogate } from "../openai/request.ts";
import type { WireOptions } from "../script.ts";
import type { HttpCall } from "../service.ts";
import { checkPairs, readTurns, type Turn } from "./messages.ts";
import { checkThinkingType, generationOf } from "./models.ts";
import {
  badKey,
  extraInput,
  noKey,
  promptTooLong,
  refuse,
  required,
  unknownModel,
  wrongInput,
} from "./refusals.ts";
import { checkTools } from "./tools.ts";

/** The only key that the server accepts. */
export const goodKey = "sk-ant-wire-0123456789abcdef";

const versions: Readonly<Record<string, ReadonlySet<string>>> = {
  "2023-06-01": new Set(["temperature", "top_p", "top_k"]),
  "2026-10-21": new Set(),
};

const parameters = new Set(
  (
    "model messages max_tokens cache_control container diagnostics inference_geo metadata output_config service_tier " +
    "speed stop_sequences stream system thinking tool_choice tools user_profile_id workspace_id"
  ).split(" "),
);

export function checkKey({ headers }: HttpCall): void {
  const key = headers["x-api-key"] ?? headers.authorization?.replace(/^Bearer\s*/i, "") ?? "";
  if (key === "") throw noKey();
  if (key !== goodKey) throw badKey();
}

/** Refuses a request that the Messages API would refuse. Returns its messages as turns. */
export function validateMessages(call: HttpCall, options: WireOptions): Turn[] {
  checkKey(call);
  const version = call.headers["anthropic-version"];
  if (version === undefined) throw refuse("anthropic-version: header is required");
  const more = versions[version];
  if (!more) throw refuse(`anthropic-version: "${version}" is not a valid version`);
  const { body } = call;
  if (!isObject(body) || holdsLoneSurrogate(body))
    throw refuse("The request body is not valid JSON: unexpected end of data");
  const unknown = Object.keys(body).find((key) => !parameters.has(key) && !more.has(key));
  if (unknown !== undefined) throw extraInput(unknown);
  checkModel(body, options);
  checkLength(body, call, options);
  checkTemperature(body.temperature);
  checkSystem(body.system);
  const turns = readTurns(body.messages);
  checkTools(body);
  checkThinkingSetting(body);
  checkEffort(objectOf(body.output_config).effort);
  checkPairs(turns);
  checkPrefill(turns.at(-1), body.model);
  return turns;
}

function checkModel({ model: asked }: JsonObject, { model }: WireOptions): void {
  if (asked === undefined) throw required("model");
  if (typeof asked !== "string") throw wrongInput("model", "a valid string");
  if (model !== undefined && asked !== model) throw unknownModel(asked);
}

function checkLength({ max_tokens: most, model }: JsonObject, { raw }: HttpCall, options: WireOptions): void {
  if (most === undefined) throw required("max_tokens");
  if (!Number.isInteger(most)) throw wrongInput("max_tokens", "a valid integer");
  if (Number(most) < 1) throw wrongInput("max_tokens", "greater than or equal to 1");
  const { longestReply } = generationOf(model);
  if (Number(most) > longestReply)
    throw refuse(
      `max_tokens: ${most} > ${longestReply}, which is the maximum allowed number of output tokens for ${model}`,
    );
  const tokens = Math.ceil(raw.length / 4);
  if (options.contextLength !== undefined && tokens > options.contextLength)
    throw promptTooLong(tokens, options.contextLength);
}

/** Taken by the older version of the API only. */
function checkTemperature(temperature: unknown): void {
  if (temperature === undefined) return;
  if (typeof temperature !== "number") throw wrongInput("temperature", "a valid number");
  if (temperature < 0 || temperature > 1) throw refuse("temperature: range: 0..1");
}

function checkSystem(system: unknown): void {
  if (system === undefined || typeof system === "string") return;
  if (!Array.isArray(system)) throw wrongInput("system", "a valid list");
  for (const [index, block] of system.entries()) {
    if (!isObject(block) || block.type !== "text") throw wrongInput(`system.${index}.type`, "'text'");
    if (stringOf(block.text) === "") throw refuse("system: text content blocks must be non-empty");
  }
}

function checkEffort(effort: unknown): void {
  const words = ["low", "medium", "high", "xhigh", "max"];
  if (effort === undefined || effort === null || words.includes(stringOf(effort))) return;
  throw wrongInput("output_config.effort", "'low', 'medium', 'high', 'xhigh' or 'max'");
}

function checkThinkingSetting(body: JsonObject): void {
  const { thinking, max_tokens: most } = body;
  if (thinking === undefined) return;
  if (!isObject(thinking)) throw wrongInput("thinking", "a valid dictionary");
  if (thinking.type === undefined) throw required("thinking.type");
  const type = stringOf(thinking.type);
  if (!["adaptive", "between_tools", "disabled", "enabled"].includes(type)) {
    throw refuse(
      `thinking: Input tag '${type}' found using 'type' does not match any of the expected tags: 'adaptive', ` +
        "'between_tools', 'disabled', 'enabled'",
    );
  }
  checkThinkingType(body);
  if (type === "enabled") checkBudget(thinking.budget_tokens, most);
  else if (thinking.budget_tokens !== undefined) throw extraInput(`thinking.${type}.budget_tokens`);
}

/** An answer that is begun in the request, for the model to go on with. */
function checkPrefill(last: Turn | undefined, model: unknown): void {
  if (last?.role !== "assistant") return;
  if (!generationOf(model).takesPrefill)
    throw refuse(
      "This model does not support assistant message prefill. The conversation must end with a user message.",
    );
  if (/\s$/.test(stringOf(last.blocks.at(-1)?.text)))
    throw refuse("messages: final assistant content cannot end with trailing whitespace");
}

function checkBudget(budget: unknown, most: unknown): void {
  const path = "thinking.enabled.budget_tokens";
  if (budget === undefined) throw required(path);
  if (Number(budget) < 1024) throw wrongInput(path, "greater than or equal to 1024");
  if (Number(budget) >= Number(most))
    throw refuse("`max_tokens` must be greater than `thinking.budget_tokens`.");
}
