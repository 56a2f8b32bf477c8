/** Incoming values are read tolerantly: null, or another type, counts as absent. Outgoing ones are made to fit. */
import type { Delta, JsonSchema, Usage } from "@eightfold/core";

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

/** A list; one thing instead of a list of one; and nothing that is null. */
export function listOf(value: unknown): readonly unknown[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((each) => each !== undefined && each !== null);
}

/** A text; or what is one in the parts that some servers send in its place: `[{ "type": "text", "text": "Hi" }]`. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.map(textOf).join("");
  const { text, content } = recordOf(value);
  return [text, content].find((each) => typeof each === "string") ?? "";
}

/** A word or a number of a service's own; what programs write for "nothing" counts as nothing. */
export function wordsOf(value: unknown): string {
  const text = typeof value === "string" || typeof value === "number" ? String(value).trim() : "";
  return /^(null|undefined|None)$/.test(text) ? "" : text.replaceAll("[object Object]", "…");
}

/** The name of a tool, without the model's own markup: "functions.grep:0", "default_api.grep", "grep<|channel|>commentary". */
export function toolName(value: unknown): string {
  return wordsOf(value).replace(/^(?:functions?\.|default_api[.:])|(?::\d+)?(?:<[|｜/].*)?$/gs, "");
}

/** Undefined for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Keeps the counts that are known and can be true. Compatible servers leave out what they like, or send null. */
export function knownCounts(counts: Partial<Record<keyof Omit<Usage, "estimated">, unknown>>): Usage {
  return Object.fromEntries(
    Object.entries(counts).filter(([, count]) => Number.isSafeInteger(count) && Number(count) >= 0),
  );
}

/** What models write around their thoughts. */
const TAGS = [
  ...["think", "thinking", "thought", "seed:think", "reasoning"].map((name) => `<${name}> </${name}>`),
  ...["[THINK] [/THINK]", "◁think▷ ◁/think▷", "<|channel>thought <channel|>"],
  // gpt-oss, Command, Apertus
  ...["<|channel|>analysis<|message|> <|end|>", "<|START_THINKING|> <|END_THINKING|>"],
  "<|inner_prefix|> <|inner_suffix|>",
].map((pair) => pair.split(" "));

/** A thought in tags; or its end, where a server left its beginning in the prompt. A token that ends one ends other things too. */
const THOUGHT = TAGS.filter(([, end = ""]) => end.includes("/"))
  .map((pair) => pair.map((tag) => tag.replace(/\W/g, "\\$&")))
  .map(([open = "", end = ""]) => `(?:${open}[^${open.slice(0, 2)}]*)?${end}`)
  .join("|");

/** Some models call within a thought, or think once more after their calls. */
export const LAST_THOUGHT = new RegExp(String.raw`(?:${THOUGHT})\s*$`);

/** Up to the last end of a thought. It ends a line. */
export const THOUGHTS = new RegExp(String.raw`^.*(?:${THOUGHT})[ \t]*(?:\n|(?=$|<[^<>]*tool|\{))`, "s");

/**
 * Tells thinking from text in a reply that begins with such a tag: servers that do not know a model's template leave
 * its thoughts in the content. https://github.com/ollama/ollama/issues/10976
 */
export function readThinkTags() {
  let state: "start" | "thinking" | "gap" | "text" = "start";
  let held = "";
  let close = "";
  const said = { text: "", reasoning: "" };
  function say(type: Delta["type"], text: string): Delta[] {
    said[type === "text_delta" ? "text" : "reasoning"] += text;
    return text === "" ? [] : [{ type, text }];
  }

  /** Takes the next piece of content, and of thoughts that have a field of their own. Returns what can be shown by now. */
  const read = (content: string, thought = "", isNewPart = false): Delta[] =>
    isNewPart
      ? read(setOff(content, said.text), setOff(thought, said.reasoning))
      : [...say("reasoning_delta", thought), ...take(content)];

  function take(content: string): Delta[] {
    if (state === "text") return say("text_delta", content);
    held += content;
    if (state === "start") {
      const begun = held.trimStart();
      const [open = "", end = ""] = TAGS.find((tags) => tags.some((tag) => begun.startsWith(tag))) ?? [];
      if (open === "" && TAGS.flat().some((tag) => tag.startsWith(begun))) return [];
      if (open === "") return readText("", held);
      state = "thinking";
      // Some servers put the thoughts into a field of their own, and leave the closing tag in the text.
      held = begun.startsWith(open) ? begun.slice(open.length) : begun;
      close = end;
    }
    if (state === "gap") return readText("", held.trimStart());
    const end = held.indexOf(close);
    if (end >= 0) return readText(held.slice(0, end), held.slice(end + close.length).trimStart());
    const safe = held.slice(0, held.length - overlap(held, close));
    held = held.slice(safe.length);
    return say("reasoning_delta", safe);
  }

  /** What is not a thought begins, behind an empty line or two. */
  function readText(thought: string, text: string): Delta[] {
    state = text === "" ? "gap" : "text";
    held = "";
    return [...say("reasoning_delta", thought), ...say("text_delta", text)];
  }

  /** Gives what was held back, at the end. */
  const rest = () => (state === "text" ? [] : state === "start" ? readText("", held) : readText(held, ""));

  return { read, rest, said };
}

/** A part of its own, set off from what came before it. */
const setOff = (text: string, before: string) => (text !== "" && before !== "" ? `\n\n${text}` : text);

/** How many letters at the end of a text may be the beginning of the closing tag. */
function overlap(text: string, close: string): number {
  let length = Math.min(text.length, close.length - 1);
  while (!close.startsWith(text.slice(text.length - length))) length--;
  return length;
}

/**
 * The same value without halves of surrogate pairs, which no UTF-8 can hold: services refuse the whole request for
 * one. They get in when text is cut between two code units.
 */
export function wellFormed<T>(value: T): T {
  return clean(value) as T;
}

function clean(value: unknown): unknown {
  if (typeof value === "string") return value.toWellFormed();
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toWellFormed(), clean(inner)]));
}

/**
 * The id of a call as all services take it: OpenAI up to 40 characters in Chat and 64 in Responses, Anthropic no dots
 * and colons, which Gemini and some servers use. Few conversations hold such an id, so cryptography is loaded for one only.
 */
export function portableId(id: string): string {
  if (/^[\w-]{1,40}$/.test(id)) return id;
  return `call_${hashOf(id).slice(0, 24)}`;
}

export function hashOf(id: string): string {
  const { createHash } = process.getBuiltinModule("node:crypto");
  return createHash("sha256").update(id).digest("hex");
}

/** Keywords whose value is a schema or a list of schemas, or schemas by name. */
const SCHEMAS = new Set(["items", "additionalProperties", "anyOf", "allOf", "prefixItems"]);
const NAMED = new Set(["properties", "$defs"]);

/**
 * The same schema in the keywords that a provider reads. What has a near equivalent is rewritten (`const` as
 * `enum`, `oneOf` as `anyOf`, an exclusive bound as an inclusive one, a `$ref` as its target where `$ref` is not
 * read); the rest is left out. The result is looser, never stricter: our tools check every input themselves.
 */
export function reduceSchema(schema: JsonSchema, keywords: ReadonlySet<string>): JsonSchema {
  return reduce(schema, { keywords, definitions: recordOf(schema.$defs), inside: [] });
}

interface Scope {
  readonly keywords: ReadonlySet<string>;
  readonly definitions: JsonSchema;
  /** The references that are being written out: one that is met again inside itself becomes "anything". */
  readonly inside: readonly string[];
}

function reduce(schema: JsonSchema, scope: Scope): JsonSchema {
  const { $ref } = schema;
  if (typeof $ref === "string") return scope.keywords.has("$ref") ? { $ref } : target($ref, scope);

  const known = Object.entries(rewritten(schema)).filter(([key]) => scope.keywords.has(key));
  // `false` and `true` are schemas too, which no provider's reader expects here.
  const expected = known.filter(([key, value]) => key !== "items" || typeof value !== "boolean");
  return Object.fromEntries(expected.map(([key, value]) => [key, reduceValue(key, value, scope)]));
}

function reduceValue(key: string, value: unknown, scope: Scope): unknown {
  const reduced = (each: unknown) => reduce(recordOf(each), scope);
  if (NAMED.has(key)) {
    const schemas = Object.entries(recordOf(value));
    return Object.fromEntries(schemas.map(([name, each]) => [name, reduced(each)]));
  }
  if (!SCHEMAS.has(key) || typeof value === "boolean") return value;
  return Array.isArray(value) ? value.map(reduced) : reduced(value);
}

function target(reference: string, scope: Scope): JsonSchema {
  if (scope.inside.includes(reference)) return {};
  const definition = recordOf(scope.definitions[reference.replace("#/$defs/", "")]);
  return reduce(definition, { ...scope, inside: [...scope.inside, reference] });
}

function rewritten(schema: JsonSchema): JsonSchema {
  const { const: only, oneOf, exclusiveMinimum, exclusiveMaximum, ...rest } = schema;
  const step = schema.type === "integer" ? 1 : 0;
  return {
    ...rest,
    ...((typeof only === "string" || typeof only === "number") && { enum: [only] }),
    ...(oneOf !== undefined && { anyOf: oneOf }),
    ...(typeof exclusiveMinimum === "number" && { minimum: exclusiveMinimum + step }),
    ...(typeof exclusiveMaximum === "number" && { maximum: exclusiveMaximum - step }),
  };
}
