import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";

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
