import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startWire, type WireServer } from "../src/index.ts";
import { refusalOf } from "./ask.ts";

/** What both of OpenAI's protocols say of tools, schemas and settings. */

type Json = Record<string, unknown>;

const protocols = ["responses", "chat"] as const;
const servers = new Map<string, WireServer>();
beforeAll(async () => {
  for (const dialect of protocols) servers.set(dialect, await startWire(dialect, () => ({ text: "hi" })));
});
afterAll(() => Promise.all([...servers.values()].map((server) => server.close())));

describe.each(protocols)("%s", (dialect) => {
  const ask = (changes: Json) => {
    const server = servers.get(dialect);
    if (server === undefined) throw new Error("there is no server");
    return refusalOf(server, dialect, { model: "local-model", ...changes });
  };
  const declared = (fields: Json) =>
    dialect === "chat"
      ? { type: "function", function: fields }
      : { type: "function", strict: false, ...fields };
  const tool = (property: Json, more: Json = {}, root: Json = {}) => ({
    tools: [
      declared({ name: "f", parameters: { type: "object", properties: { x: property }, ...root }, ...more }),
    ],
  });
  const accepted = { status: 200, message: "" };
  const invalid = (why: string) => ({ status: 400, message: `Invalid schema for function 'f': ${why}` });

  test.each<[symptom: string, property: Json, where: string]>([
    ["an array", { type: "array" }, "'properties', 'x'"],
    ["an array or nothing", { type: ["string", "array"] }, "'properties', 'x', 'type', '1'"],
    ["an array of arrays", { type: "array", items: { type: "array" } }, "'properties', 'x', 'items'"],
    [
      "an array in a choice",
      { anyOf: [{ type: "null" }, { type: "array" }] },
      "'properties', 'x', 'anyOf', '1'",
    ],
    [
      "an array in an object",
      { type: "object", properties: { y: { type: "array" } } },
      "'properties', 'x', 'properties', 'y'",
    ],
    [
      "an array of any name",
      { additionalProperties: { type: "array" } },
      "'properties', 'x', 'additionalProperties'",
    ],
  ])("%s without items is refused", async (_symptom, property, where) => {
    expect(await ask(tool(property))).toEqual(invalid(`In context=(${where}), array schema missing items.`));
  });

  test("a definition of an array without items is refused", async () => {
    const root = { $defs: { list: { type: "array" } } };
    expect(await ask(tool({ $ref: "#/$defs/list" }, {}, root))).toEqual(
      invalid("In context=('$defs', 'list'), array schema missing items."),
    );
  });

  test.each(["text", "STRING", "any"])("a property of the type %s is refused", async (type) => {
    expect(await ask(tool({ type }))).toEqual(
      invalid(`'${type}' is not valid under any of the given schemas.`),
    );
  });

  test.each<[symptom: string, property: Json]>([
    ["an array of anything", { type: "array", items: {} }],
    ["a tuple", { type: "array", prefixItems: [{ type: "string" }], items: false }],
    ["a property named type", { type: "object", properties: { type: { type: "string" } } }],
    ["several types", { type: ["string", "null"] }],
    ["no type at all", { description: "Whatever." }],
  ])("%s is taken", async (_symptom, property) => {
    expect(await ask(tool(property))).toEqual(accepted);
  });

  test("parameters without properties are refused, and none at all are taken", async () => {
    expect(await ask({ tools: [declared({ name: "f", parameters: { type: "object" } })] })).toEqual(
      invalid("In context=(), object schema missing properties."),
    );
    expect(await ask({ tools: [declared({ name: "f" })] })).toEqual(accepted);
  });

  test("a required property that does not exist is taken, unless the schema is strict", async () => {
    const root = { required: ["x", "y"], additionalProperties: false };
    expect(await ask(tool({ type: "string" }, { strict: false }, root))).toEqual(accepted);
    expect(await ask(tool({ type: "string" }, { strict: true }, root))).toEqual(
      invalid(
        "In context=(), 'required' is required to be supplied and to be an array including every key in properties. " +
          "Extra required key 'y' supplied.",
      ),
    );
    const choice = { oneOf: [{ type: "string" }, { type: "null" }] };
    const strict = { required: ["x"], additionalProperties: false };
    expect(await ask(tool(choice, { strict: true }, strict))).toEqual(
      invalid("In context=('properties', 'x'), 'oneOf' is not permitted."),
    );
  });

  test("a tool's name that comes twice is refused", async () => {
    const tools = [declared({ name: "f" }), declared({ name: "g" }), declared({ name: "f" })];
    expect(await ask({ tools })).toEqual({ status: 400, message: "Tool names must be unique." });
  });

  const chosen = (name: string) =>
    dialect === "chat" ? { type: "function", function: { name } } : { type: "function", name };

  test.each(["none", "auto", "required", chosen("f")])("the choice of tools %j is taken", async (choice) => {
    expect(await ask({ ...tool({ type: "string" }), tool_choice: choice })).toEqual(accepted);
  });

  test("a choice that does not exist, or names no tool, is refused", async () => {
    const tools = tool({ type: "string" });
    expect(await ask({ ...tools, tool_choice: "always" })).toEqual({
      status: 400,
      message: "Invalid value: 'always'. Supported values are: 'none', 'auto', and 'required'.",
    });
    expect(await ask({ ...tools, tool_choice: chosen("g") })).toEqual({
      status: 400,
      message: "Tool choice 'g' not found in 'tools' parameter.",
    });
    const allowed = { mode: "auto", tools: [chosen("f"), chosen("g")] };
    const choice = dialect === "chat" ? { allowed_tools: allowed } : allowed;
    expect(await ask({ ...tools, tool_choice: { type: "allowed_tools", ...choice } })).toEqual({
      status: 400,
      message: "Tool choice 'g' not found in 'tools' parameter.",
    });
  });

  test.each<[changes: Json, message: string]>([
    [
      { temperature: 9 },
      "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 9 instead.",
    ],
    [
      { temperature: -1 },
      "Invalid 'temperature': decimal below minimum value. Expected a value >= 0, but got -1 instead.",
    ],
    [{ temperature: "hot" }, "Invalid type for 'temperature': expected a decimal, but got a string instead."],
    [
      { top_p: 1.5 },
      "Invalid 'top_p': decimal above maximum value. Expected a value <= 1, but got 1.5 instead.",
    ],
    [
      { top_logprobs: 99 },
      "Invalid 'top_logprobs': integer above maximum value. Expected a value <= 20, but got 99 instead.",
    ],
  ])("%j is refused", async (changes, message) => {
    expect(await ask(changes)).toEqual({ status: 400, message });
  });

  test("what is null is left out", async () => {
    const nothing = { temperature: null, top_p: null, metadata: null, store: null, service_tier: null };
    expect(await ask(nothing)).toEqual(accepted);
  });

  test("what OpenAI's clients also send is taken", async () => {
    expect(
      await ask({
        store: true,
        metadata: { run: "1" },
        parallel_tool_calls: true,
        temperature: 0,
        top_p: 0.5,
        service_tier: "auto",
        safety_identifier: "user-1",
        prompt_cache_key: "session-1",
        user: "ada",
      }),
    ).toEqual(accepted);
  });

  test("an answer in a schema, and in JSON that nobody asked for", async () => {
    const schema = {
      type: "object",
      properties: { x: { type: "string" } },
      required: ["x"],
      additionalProperties: false,
    };
    const named = { name: "answer", schema, strict: true };
    const format = (described: Json) =>
      dialect === "chat" ? { response_format: described } : { text: { format: described } };
    const wanted =
      dialect === "chat" ? { type: "json_schema", json_schema: named } : { type: "json_schema", ...named };
    expect(await ask(format(wanted))).toEqual(accepted);
    const loose = { ...named, schema: { ...schema, additionalProperties: true } };
    const wrong =
      dialect === "chat" ? { type: "json_schema", json_schema: loose } : { type: "json_schema", ...loose };
    expect(await ask(format(wrong))).toEqual({
      status: 400,
      message:
        "Invalid schema for response_format 'answer': In context=(), 'additionalProperties' is required to be supplied " +
        "and to be false.",
    });
    expect((await ask(format({ type: "json_object" }))).message).toContain(
      "must contain the word 'json' in some form",
    );
    expect(await ask(format({ type: "yaml" }))).toEqual({
      status: 400,
      message: "Invalid value: 'yaml'. Supported values are: 'json_object', 'json_schema', and 'text'.",
    });
  });
});
