import { execFile } from "node:child_process";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { LLMock } from "@copilotkit/aimock";
import type { Dialect } from "@eightfold/wire";
import { expect, onTestFinished, test } from "vitest";
import { phaseSubject } from "../src/index.ts";
import { withWorkbench } from "../src/workbench.ts";

/**
 * aimock is a server for all our protocols that nobody here wrote. It checks little of a request, and departs from
 * the real services in places; each is named, and where it must be, aimock is bent and never the agent.
 */
interface Column {
  readonly dialect: Dialect;
  readonly departures: string;
  env(url: string): Record<string, string>;
  /** Added to each reply that calls tools. */
  readonly calling?: { readonly finishReason: string };
  /** Teaches it what the real service knows. */
  bend?(mock: LLMock): void;
}

const columns: readonly Column[] = [
  {
    dialect: "responses",
    departures: "ids begin with fc-, events have no sequence_number",
    env: (url) => ({
      OPENAI_BASE_URL: `${url}/v1`,
      OPENAI_API_KEY: "sk-mock",
      OPENAI_API: "responses",
      EIGHTFOLD_MODEL: "openai:gpt-6.1-sol",
    }),
  },
  {
    dialect: "chat",
    departures: "none on this path",
    env: (url) => ({ OPENAI_BASE_URL: `${url}/v1`, EIGHTFOLD_MODEL: "openai:local" }),
  },
  {
    dialect: "gemini",
    departures:
      "only under /v1beta, calls end with FUNCTION_CALL where Gemini says STOP, no thought signatures",
    env: (url) => ({ GOOGLE_GEMINI_BASE_URL: url, GEMINI_API_KEY: "mock", EIGHTFOLD_MODEL: "gemini" }),
    calling: { finishReason: "STOP" },
  },
  {
    dialect: "ollama",
    departures: "no /api/show, calls without ids and never in the last line, all counts are 0",
    env: (url) => ({ OLLAMA_HOST: url, EIGHTFOLD_MODEL: "ollama:qwen3" }),
    bend: (mock) => mock.mount("/api/show", answerWith(qwen)),
  },
];

const qwen = {
  capabilities: ["completion", "tools"],
  model_info: { "general.architecture": "qwen3", "qwen3.context_length": 40_960 },
};

const answer = "All tests pass: the whole number was glued to its fraction, as text.";
const broken = "return whole + top / bottom;";
const mended = "return Number(whole) + top / bottom;";

for (const column of columns) {
  test(`${column.dialect}, by aimock (${column.departures}): run the tests and fix what fails`, () =>
    fix(column));
}

async function fix(column: Column): Promise<void> {
  const { env, bend } = column;
  const mock = new LLMock({ port: 0, strict: true });
  onTestFinished(() => mock.stop());
  bend?.(mock);
  play(mock, column);
  await mock.start();

  await withWorkbench(await phaseSubject(5, column.dialect), async (bench) => {
    await cp(join(import.meta.dirname, "../../../playground"), bench.folder, { recursive: true });
    const ended = await bench.run(["run the tests and fix what fails"], { env: env(mock.url) });
    expect(ended).toMatchObject({ code: 0, stdout: `Now the tests.\n\n${answer}\n` });
    expect((await bench.read("src/amount.js")).toString()).toContain(mended);
    expect(await isGreen(bench.folder)).toBe(true);
  });
  const statuses = mock.getRequests().map(({ response }) => response.status);
  expect(statuses).toEqual([200, 200, 200, 200, 200, 200]);
}

/** What the model does: each reply answers a result that only the tool before it can have given. */
function play(mock: LLMock, { calling }: Column): void {
  const call = (name: string, input: object) => ({ name, arguments: JSON.stringify(input) });
  mock
    .on(
      { hasToolResult: false, userMessage: "run the tests and fix what fails", toolName: "run_bash" },
      { toolCalls: [call("list_files", {}), call("read_file", { path: "package.json" })], ...calling },
    )
    .on(
      { toolResultContains: "Recipes in plain text" },
      { content: "Now the tests.", toolCalls: [call("run_bash", { command: "node --test" })], ...calling },
    )
    .on(
      { toolResultContains: "21 !== 3" },
      { toolCalls: [call("read_file", { path: "src/amount.js" })], ...calling },
    )
    .on(
      { toolResultContains: broken },
      {
        toolCalls: [call("edit_file", { path: "src/amount.js", old_text: broken, new_text: mended })],
        ...calling,
      },
    )
    .on(
      { toolResultContains: "Edited src/amount.js" },
      { toolCalls: [call("run_bash", { command: "node --test" })], ...calling },
    )
    .on({ toolResultContains: "fail 0" }, { content: answer });
}

function answerWith(body: object): Parameters<LLMock["mount"]>[1] {
  return {
    handleRequest: async (_, response) => {
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
      return true;
    },
  };
}

async function isGreen(folder: string): Promise<boolean> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const run = promisify(execFile)(process.execPath, ["--test"], { cwd: folder, env });
  return run.then(
    () => true,
    () => false,
  );
}
