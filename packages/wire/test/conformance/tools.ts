import { defineTool } from "@eightfold/core";
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
  input: (z) =>
    z.object({
      path: z.string().describe("Relative to the workspace."),
      offset: z.number().int().positive().optional(),
      limit: z.number().int().positive().max(2000).optional(),
    }),
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
  input: (z) => z.object({ path: z.string().optional() }),
  example: {},
  run: async () => ({ text: Object.keys(files).join("\n"), summary: "3 entries" }),
});

const grep = defineTool({
  name: "grep",
  description: "Searches files.",
  input: (z) => z.object({ pattern: z.string() }),
  example: { pattern: "parse" },
  run: async () => ({
    text: "src/parse.ts:3: export function parse(text: string) {",
    summary: "1 match",
  }),
});

/** A tool with all that a schema can hold: each provider takes another part of it. */
export const intricate = defineTool({
  name: "plan",
  description: "Plans.\nIn two lines.",
  input: (z) => {
    const step: ReturnType<typeof z.object> = z.object({ next: z.lazy(() => step).optional() });
    return z.object({
      mode: z.literal("fast"),
      level: z.union([z.literal(1), z.literal(2)]),
      kind: z.discriminatedUnion("type", [
        z.object({ type: z.literal("a"), size: z.number().gt(0).lt(1) }),
        z.object({ type: z.literal("b"), names: z.array(z.string().min(1).regex(/^\w+$/)).min(1).max(9) }),
      ]),
      both: z.intersection(z.object({ x: z.int() }), z.object({ y: z.int().positive() })),
      table: z.record(z.string(), z.number().nullable()),
      pair: z.tuple([z.string(), z.boolean()]),
      when: z.iso.datetime().default("2026-01-01T00:00:00Z"),
      mail: z.email().nullish(),
      anything: z.unknown().optional(),
      first: step,
    });
  },
  example: {
    mode: "fast",
    level: 1,
    kind: { type: "a", size: 0.5 },
    both: { x: 1, y: 2 },
    table: {},
    pair: ["", true],
    first: {},
  },
  run: async () => ({ text: "", summary: "" }),
});

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
