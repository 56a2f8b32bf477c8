import { type JsonObject, objectOf, stringOf, typeName } from "../json.ts";
import { checkShape, type Fields, type Kind, type Shape, type Words } from "../shape.ts";
import {
  invalidType,
  invalidValue,
  listed,
  missingParameter,
  refuse,
  tooLong,
  unknownParameter,
} from "./refusals.ts";

/** What content and settings look like in both of OpenAI's protocols: the SDK's types, with all their fields. */

type Named = Readonly<Record<string, Shape>>;

export const fields = (needs: Named, more: Named = {}): Fields => ({
  needs: Object.keys(needs),
  fields: { ...needs, ...more },
});

const marked = (needs: Named, more: Named = {}) =>
  fields(needs, { ...more, prompt_cache_breakpoint: "anything" });

const detail = ["auto", "low", "high", "original"];

/** Parts of a message's content, in Chat. */
export const chatParts: Readonly<Record<string, Fields | "anything">> = {
  text: marked({ text: "string" }),
  image_url: marked({ image_url: fields({ url: "string" }, { detail }) }),
  input_audio: marked({ input_audio: fields({ data: "string", format: ["wav", "mp3"] }) }),
  refusal: fields({ refusal: "string" }),
  audio: "anything",
  file: marked({ file: fields({}, { file_data: "string", file_id: "string", filename: "string" }) }),
};

/** Parts of a message's content, and of a tool's output, in Responses. */
export const givenParts: Readonly<Record<string, Fields>> = {
  input_text: marked({ text: "string" }),
  input_image: marked({}, { image_url: "string", file_id: "string", detail }),
  input_file: marked(
    {},
    { file_data: "string", file_id: "string", file_url: "string", filename: "string", detail },
  ),
};

export const saidParts: Readonly<Record<string, Fields>> = {
  output_text: fields({ text: "string" }, { annotations: "anything", logprobs: "anything" }),
  refusal: fields({ refusal: "string" }),
};

/** What both protocols take beside the conversation. */
export const commonSettings: Named = {
  stream: "boolean",
  store: "boolean",
  parallel_tool_calls: "boolean",
  metadata: { mapOf: "string" },
  service_tier: ["auto", "default", "fast", "flex", "priority", "scale"],
  user: "string",
  safety_identifier: "string",
  prompt_cache_key: "string",
};

const kinds: Readonly<Record<Kind, string>> = {
  string: "a string",
  boolean: "a boolean",
  number: "a decimal",
  integer: "an integer",
  object: "an object",
  list: "an array",
  "text or list": "one of a string or array of objects",
};

const words: Words = {
  item: (path, index) => `${path}[${index}]`,
  tagged: (path) => path,
  wrong: (path, kind, value) => invalidType(path, kinds[kind], typeName(value)),
  notOneOf: (path, known, value) => invalidValue(path, value, listed(known)),
  unknownType: (path, types, type) => invalidValue(`${path}.type`, type, listed(types)),
  missing: (path) => missingParameter(path),
  extra: (path) => unknownParameter(path),
};

/** Refuses a value of another shape; `path` says where it is. */
export const checkAs = (shape: Shape, value: unknown, path: string): void =>
  checkShape(value, shape, path, words);

/** Refuses settings of another shape; those that are null are left out. */
export function checkShapes(body: JsonObject, settings: Named): void {
  for (const [name, shape] of Object.entries(settings))
    if (body[name] !== undefined) checkAs(shape, body[name], name);
  checkMetadata(Object.entries(objectOf(body.metadata)));
  const { length } = stringOf(body.safety_identifier);
  if (length > 64) throw tooLong("safety_identifier", 64, length);
  if (body.stream_options === undefined || body.stream === true) return;
  const param = "stream_options";
  throw refuse(`The '${param}' parameter is only allowed when 'stream' is enabled.`, { param });
}

function checkMetadata(metadata: readonly [name: string, value: unknown][]): void {
  const { length: count } = metadata;
  if (count > 16)
    throw refuse(
      "Invalid 'metadata': too many properties. Expected an object with at most 16 properties, but got an object with " +
        `${count} properties instead.`,
      { param: "metadata", code: "object_above_max_properties" },
    );
  for (const [name, value] of metadata) {
    const { length } = stringOf(value);
    if (length > 512) throw tooLong(`metadata.${name}`, 512, length);
  }
}
