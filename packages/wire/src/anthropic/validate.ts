import { isObject, type JsonObject, objectOf, stringOf } from "../json.ts";
import { holdsLoneSurrogate } from "../openai/request.ts";
import type { WireOptions } from "../script.ts";
import type { HttpCall } from "../service.ts";
import { checkPairs, readTurns, type Turn } from "./messages.ts";
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
  if (turns.at(-1)?.role === "assistant") {
    throw refuse(
      "This model does not support assistant message prefill. The conversation must end with a user message.",
    );
  }
  return turns;
}

function checkModel({ model: asked }: JsonObject, { model }: WireOptions): void {
  if (asked === undefined) throw required("model");
  if (typeof asked !== "string") throw wrongInput("model", "a valid string");
  if (model !== undefined && asked !== model) throw unknownModel(asked);
}

function checkLength({ max_tokens: most }: JsonObject, { raw }: HttpCall, options: WireOptions): void {
  if (most === undefined) throw required("max_tokens");
  if (!Number.isInteger(most)) throw wrongInput("max_tokens", "a valid integer");
  if (Number(most) < 1) throw wrongInput("max_tokens", "greater than or equal to 1");
  if (Number(most) > 128_000)
    throw refuse(`max_tokens: ${most} > 128000, which is the maximum allowed number of output tokens`);
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

/** Models that are told how much to think. Later ones decide. */
const BUDGETED = /claude-(3-7|(opus|sonnet|haiku)-4(-[0156]\b|-\d{8}|$))/;

function checkThinkingSetting({ thinking, max_tokens: most, model }: JsonObject): void {
  if (thinking === undefined) return;
  if (!isObject(thinking)) throw wrongInput("thinking", "a valid dictionary");
  const type = stringOf(thinking.type);
  if (type === "enabled" && BUDGETED.test(stringOf(model))) checkBudget(thinking.budget_tokens, most);
  else if (type === "enabled") {
    throw refuse(
      '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and ' +
        '"output_config.effort" to control thinking behavior.',
    );
  }
  if (!["adaptive", "between_tools", "disabled", "enabled"].includes(type)) {
    throw refuse(
      `thinking: Input tag '${type}' found using 'type' does not match any of the expected tags: 'adaptive', ` +
        "'between_tools', 'disabled', 'enabled'",
    );
  }
  if (type === "adaptive" && thinking.budget_tokens !== undefined)
    throw extraInput("thinking.adaptive.budget_tokens");
}

function checkBudget(budget: unknown, most: unknown): void {
  const path = "thinking.enabled.budget_tokens";
  if (budget === undefined) throw required(path);
  if (Number(budget) < 1024) throw wrongInput(path, "greater than or equal to 1024");
  if (Number(budget) >= Number(most))
    throw refuse("`max_tokens` must be greater than `thinking.budget_tokens`.");
}
