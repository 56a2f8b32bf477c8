import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { startWire } from "@eightfold/wire";
import { expect, test } from "vitest";
import { openScratch } from "../src/scratch.ts";
import { runInTerminal } from "../src/screen.ts";
import { demoReply } from "../src/wire-block.ts";

const root = join(import.meta.dirname, "../../..");

const fix = "run the tests and fix what fails";
const sum = (sizes: readonly number[]) => sizes.reduce((a, b) => a + b, 0);
const roughly = (size = 0) => Number(size.toPrecision(2));

test.concurrent.each([
  { page: "03-exploration", phase: 3, request: "Where is parse defined?", of: "all" },
  { page: "04-write", phase: 4, request: "Create notes.md, then change one line of it.", of: "tools" },
  { page: "05-shell", phase: 5, request: fix, of: "rough" },
  { page: "06-prompt", phase: 6, request: fix, of: "first" },
  { page: "09-where-to-go-next", phase: 8, request: "what is in README.md?", of: "tools" },
] as const)("$page says how many characters phase $phase sends", async ({ page, phase, request, of }) => {
  await using scratch = await openScratch(root);
  await using wire = await startWire("chat", demoReply);
  const command = `pnpm phase ${phase} start "${request}"`;
  await runInTerminal(command, [], scratch.folder, { ...scratch.env, ...wire.env });

  const sizes = wire.requests.map(({ raw }) => raw.length);
  const tools = JSON.stringify(JSON.parse(wire.requests[0]?.raw ?? "").tools).length;
  const numbers = {
    all: [tools, ...sizes, sum(sizes)],
    tools: [tools],
    rough: [roughly(sizes[0]), roughly(sum(sizes))], // what the tests print differs a little from run to run
    first: [tools, roughly(sizes[0])],
  }[of];
  const text = await readFile(join(root, `docs/${page}.md`), "utf8");
  expect(numbers.filter((number) => !text.includes(number.toLocaleString("en")))).toEqual([]);
});
