import { isObject, type JsonObject, objectsOf, stringOf } from "../json.ts";
import { holdsLoneSurrogate } from "../openai/request.ts";
import type { WireOptions } from "../script.ts";
import type { HttpCall } from "../service.ts";
import type { Shape } from "../shape.ts";
import { cacheControl, textBlock } from "./blocks.ts";
import { checkPairs, readTurns, type Turn } from "./messages.ts";
import { checkThinkingType, generationOf } from "./models.ts";
import {
  badKey,
  checkAs,
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
  for (const name of ["model", "max_tokens"]) if (body[name] === undefined) throw required(name);
  checkSettings(body);
  checkModel(body, options);
  checkLength(body, call, options);
  checkSampling(body);
  const turns = readTurns(body.messages);
  checkTools(body);
  checkThinkingSetting(body);
  checkPairs(turns);
  checkPrefill(turns.at(-1), body.model);
  return turns;
}

function checkModel({ model: asked }: JsonObject, { model }: WireOptions): void {
  const name = stringOf(asked);
  if (name === "" || (model !== undefined && name !== model)) throw unknownModel(name);
}

function checkLength({ max_tokens: most, model }: JsonObject, { raw }: HttpCall, options: WireOptions): void {
  if (Number(most) < 0) throw wrongInput("max_tokens", "greater than or equal to 0");
  const { longestReply } = generationOf(model);
  if (Number(most) > longestReply)
    throw refuse(
      `max_tokens: ${most} > ${longestReply}, which is the maximum allowed number of output tokens for ${model}`,
    );
  const tokens = Math.ceil(raw.length / 4);
  if (options.contextLength !== undefined && tokens > options.contextLength)
    throw promptTooLong(tokens, options.contextLength);
}

/** Taken by the older version of the API only, for models up to 4.6. */
function checkSampling({ temperature, top_p, top_k, model }: JsonObject): void {
  const given = Object.entries({ temperature, top_p, top_k }).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    if (!generationOf(model).takesSampling && value !== 1)
      throw refuse(`\`${name}\` is deprecated for this model.`);
    if (name !== "top_k" && (Number(value) < 0 || Number(value) > 1)) throw refuse(`${name}: range: 0..1`);
  }
  if (Number(top_k) < 0) throw wrongInput("top_k", "greater than or equal to 0");
}

/** What stands beside the messages, the tools and the thinking, which have rules of their own. */
const settings: Readonly<Record<string, Shape>> = {
  model: "string",
  max_tokens: "integer",
  system: { textOr: { listOf: { tags: { text: textBlock } } } },
  stop_sequences: { listOf: "string" },
  stream: "boolean",
  metadata: { needs: [], fields: { user_id: "string" } },
  service_tier: ["auto", "standard_only"],
  cache_control: cacheControl,
  temperature: "number",
  top_p: "number",
  top_k: "integer",
  output_config: {
    needs: [],
    fields: {
      effort: ["low", "medium", "high", "xhigh", "max"],
      format: { tags: { json_schema: { needs: ["schema"], fields: { schema: "object" } } } },
    },
  },
};

function checkSettings(body: JsonObject): void {
  for (const [name, shape] of Object.entries(settings)) {
    const value = body[name];
    if (value !== undefined && !(name === "cache_control" && value === null)) checkAs(shape, value, name);
  }
  if (objectsOf(body.system).some(({ text }) => text === ""))
    throw refuse("system: text content blocks must be non-empty");
  const { stop_sequences: stops } = body;
  if (Array.isArray(stops) && stops.some((stop) => stringOf(stop).trim() === ""))
    throw refuse("stop_sequences: each stop sequence must contain non-whitespace");
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
