import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { prepareCall, runCall } from "./calls.ts";
import { defineTool, type Tool } from "./tool.ts";

const root = join(import.meta.dirname, "../../..");

/** What the type checker says about each of these definitions; nothing about one that is right. */
async function errorsIn(definitions: readonly string[]): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), "eightfold-types-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const lines = definitions.map((text, index) => `export const tool${index} = defineTool({ ${text} });`);
  const source = `import { defineTool } from ${JSON.stringify(join(import.meta.dirname, "tool.ts"))};`;
  await writeFile(join(folder, "tools.mts"), [source, ...lines].join("\n"));
  const config = {
    extends: join(root, "tsconfig.json"),
    compilerOptions: { typeRoots: [join(root, "node_modules/@types")] },
    include: ["tools.mts"],
    exclude: [],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
  const words = [join(root, "node_modules/typescript/bin/tsc"), "-p", folder, "--pretty", "false"];
  const output = await new Promise<string>((done) => {
    execFile(process.execPath, words, (_, stdout) => done(stdout));
  });
  return definitions.map((_, index) => {
    const ours = output.split("\n").filter((line) => line.includes(`tools.mts(${index + 2},`));
    return ours.map((line) => line.replace(/^.*?error /, "")).join("\n");
  });
}

test("the type checker names what is wrong with the definition of a tool", async () => {
  const head = 'name: "a", description: "", input: { path: { type: "string" }, limit: { type: "integer" } }';
  const run = "run: async ({ path, limit = 1 }) => ({ text: path, summary: (limit / 2).toFixed() })";
  const errors = await errorsIn([
    `${head}, required: ["path"], example: { path: "a.md", limit: 2 }, ${run}`,
    `${head}, required: ["path", "limt"], example: { path: "a.md" }, ${run}`,
    `${head}, example: {}, ${run}`,
    `${head}, required: ["path"], example: {}, ${run}`,
    `${head}, required: ["path"], example: { path: 5 }, ${run}`,
  ]);
  expect(errors).toEqual([
    "",
    expect.stringMatching(/^TS2820: .+ Did you mean '"limit"'\?/),
    expect.stringMatching(/^TS2322: .+ text: string \| undefined; .+ not assignable .+ToolOutput/),
    expect.stringMatching(/^TS2741: Property 'path' is missing/),
    expect.stringMatching(/^TS2322: Type 'number' is not assignable to type 'string'\.$/),
  ]);
});

const list: Tool = defineTool({
  name: "list",
  description: "Takes a list.",
  input: {
    items: {
      type: "array",
      items: { type: "object", properties: { of: { type: "string" } }, required: ["of"] },
    },
  },
  required: ["items"],
  example: { items: [{ of: "a" }] },
  run: async () => ({ text: "run", summary: "" }),
});

test("whatever stands where, the answer is short, and none of it is a crash", async () => {
  const long = "x".repeat(5_000_000);
  const nested = (depth: number) => JSON.parse(`${"[".repeat(depth)}${"]".repeat(depth)}`);
  const values = [
    "12",
    "1e300",
    "1e999",
    "true",
    "null",
    '""',
    "[]",
    "{}",
    "[1]",
    '{"length":1e9}',
    '"\\ud800"',
  ];
  const objects = [
    '{"__proto__":{"of":"a"}}',
    '{"constructor":1}',
    '{"of":1,"of":2}',
    '{"OF":"a"}',
    '{"ｏf":"a"}',
  ];
  const parsed = [...values, ...objects].map((text) => JSON.parse(text));
  const odd = [
    ...parsed,
    long,
    [long],
    { [long]: 1 },
    { of: [long] },
    nested(100_000),
    { of: nested(100_000) },
  ];
  const inputs = odd.flatMap((value) => [
    { items: value },
    { items: [value] },
    { items: [{ of: value }] },
    { [long]: value },
  ]);
  for (const input of inputs) {
    const { signal } = new AbortController();
    const prepared = await prepareCall([list], { id: "1", name: "list", input }, signal);
    const { text, summary } = await runCall(prepared, signal);
    expect(text).toMatch(/^(?:run$|The arguments of list are not valid\. Nothing was run\.\n.*items)/);
    expect(Math.max(text.length, summary.length)).toBeLessThan(1000);
  }
});
