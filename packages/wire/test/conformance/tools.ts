import { defineTool, type JsonSchema, type ToolDeclaration } from "@eightfold/core";
import type { ScriptedReply } from "../../src/index.ts";

/** A small project, the tools to look at it, and what a model says about it. The demo's own script says the same. */

const files: Readonly<Record<string, string>> = {
  "README.md": "# Notes\n\nReads notes, and sorts them.",
  "src/parse.ts": "// Notes are lines.\n\nexport function parse(text: string) {",
  "docs/guide.md": "Write a line.",
};

const readFile = defineTool({
  name: "read_file",
  description: "Reads a text file.",
  input: {
    path: { type: "string", description: "Relative to the workspace." },
    offset: { type: "integer", minimum: 1 },
    limit: { type: "integer", minimum: 1, maximum: 2000 },
  },
  required: ["path"],
  example: { path: "README.md" },
  async run({ path }) {
    const text = files[path];
    if (text === undefined) throw new Error(`There is no file ${path}.`);
    const numbered = text.split("\n").map((line, index) => `${String(index + 1).padStart(6)}\t${line}`);
    return { text: numbered.join("\n"), summary: `${numbered.length} lines` };
  },
});

const listFiles = defineTool({
  name: "list_files",
  description: "Lists the files of a folder.",
  input: { path: { type: "string" } },
  example: {},
  run: async () => ({ text: Object.keys(files).join("\n"), summary: "3 entries" }),
});

const grep = defineTool({
  name: "grep",
  description: "Searches files.",
  input: { pattern: { type: "string" } },
  required: ["pattern"],
  example: { pattern: "parse" },
  run: async () => ({
    text: "src/parse.ts:3: export function parse(text: string) {",
    summary: "1 match",
  }),
});

/** A tool with all that a schema can hold: each provider takes another part of it. */
export const intricate: ToolDeclaration = {
  name: "plan",
  description: "Plans.\nIn two lines.",
  parameters: {
    type: "object",
    properties: {
      mode: { type: "string", const: "fast" },
      level: { anyOf: [1, 2].map((level) => ({ type: "number", const: level })) },
      kind: {
        oneOf: [
          objectOf({
            type: { type: "string", const: "a" },
            size: { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1 },
          }),
          objectOf({
            type: { type: "string", const: "b" },
            names: {
              type: "array",
              items: { type: "string", minLength: 1, pattern: "^\\w+$" },
              minItems: 1,
              maxItems: 9,
            },
          }),
        ],
      },
      both: objectOf({ x: { type: "integer" }, y: { type: "integer", exclusiveMinimum: 0 } }),
      table: {
        type: "object",
        propertyNames: { type: "string" },
        additionalProperties: { type: ["number", "null"] },
      },
      pair: {
        type: "array",
        prefixItems: [{ type: "string" }, { type: "boolean" }],
        items: false,
        minItems: 2,
        maxItems: 2,
      },
      when: {
        type: "string",
        format: "date-time",
        pattern: "^\\d{4}-\\d\\d-\\d\\dT",
        default: "2026-01-01T00:00:00Z",
      },
      mail: { anyOf: [{ type: "string", format: "email" }, { type: "null" }] },
      anything: {},
      first: { $ref: "#/$defs/step" },
    },
    required: ["mode", "level", "kind", "both", "table", "pair", "first"],
    $defs: { step: { type: "object", properties: { next: { $ref: "#/$defs/step" } } } },
  },
};

function objectOf(properties: JsonSchema): JsonSchema {
  return { type: "object", properties, required: Object.keys(properties) };
}

export const tools = [readFile, listFiles, grep];

export const askAboutReadme = "What is in README.md?";
export const readsReadme: ScriptedReply = {
  text: "I will read README.md.",
  calls: [{ name: "read_file", input: { path: "README.md" } }],
};
export const tellsReadme: ScriptedReply = { text: "README.md has 3 lines." };

export const askForParse = "Where is `parse` defined?";
export const findsParse: readonly ScriptedReply[] = [
  { text: "I will look.", calls: [{ name: "list_files", input: {} }] },
  { text: "I will search.", calls: [{ name: "grep", input: { pattern: "parse" } }] },
  { text: "I will read it.", calls: [{ name: "read_file", input: { path: "src/parse.ts", offset: 1 } }] },
  { text: "`parse` is defined in src/parse.ts, line 3." },
];

/** Three calls in one reply. */
export const readsThree: ScriptedReply = {
  text: "Three files.",
  calls: ["README.md", "docs/guide.md", "src/parse.ts"].map((path) => ({
    name: "read_file",
    input: { path },
  })),
};
