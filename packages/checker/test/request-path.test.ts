import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ESTree, parseSync, Visitor } from "rolldown/utils";
import { expect, onTestFinished, test, vi } from "vitest";
import { withWorkbench } from "../src/workbench.ts";

const root = join(import.meta.dirname, "../../..");

interface Step {
  readonly path: string;
  /** Of a function or a method in that file. */
  readonly name: string;
}

/** The numbered lines under "The path of one request": a file, and a function in it. */
async function stepsInAgentsMd(): Promise<Step[]> {
  const page = await readFile(join(root, "AGENTS.md"), "utf8");
  const [, section = ""] = /^## The path of one request\n(.*?)^## /ms.exec(page) ?? [];
  return [...section.matchAll(/^\d+\. `([^`]+)` `([^`]+)`: /gm)].map(([, path = "", name = ""]) => ({
    path,
    name,
  }));
}

type Body = NonNullable<ESTree.Function["body"]> | ESTree.ArrowFunctionExpression["body"];

/** Where the body of the function is in its file. */
async function bodyOf({ path, name }: Step) {
  const text = await readFile(join(root, path), "utf8");
  const named: { readonly declared: boolean; readonly body: Body }[] = [];
  const add = (key: ESTree.Node | null, made: ESTree.Node | null, declared = false) => {
    if (!key || !("name" in key) || key.name !== name || !made || !("body" in made) || !made.body) return;
    named.push({ declared, body: made.body as Body });
  };
  new Visitor({
    FunctionDeclaration: (made) => add(made.id, made, true),
    Property: ({ key, value }) => add(key, value),
    VariableDeclarator: ({ id, init }) => add(id, init),
  }).visit(parseSync(path, text).program);
  const body = (named.find(({ declared }) => declared) ?? named[0])?.body;
  if (!body) throw new Error(`${path} has no function ${name}.`);
  return { path, name, start: body.start, end: body.end, isBlock: text[body.start] === "{" };
}

test("the path of one request in AGENTS.md is the one that it takes", async () => {
  const steps = await stepsInAgentsMd();
  expect(steps.length).toBeGreaterThanOrEqual(8);
  expect(steps.length).toBeLessThanOrEqual(12);

  const folder = await mkdtemp(join(tmpdir(), "eightfold-path-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  onTestFinished(() => void vi.unstubAllEnvs());
  const log = join(folder, "called.txt");
  vi.stubEnv("CALLED_FUNCTIONS", log);
  vi.stubEnv("WATCHED_FUNCTIONS", JSON.stringify(await Promise.all(steps.map(bodyOf))));

  // Without `pnpm phase`, which may load bundles of the rooms: the functions are watched in their sources.
  const main = join(root, "phases/8-context/src/main.ts");
  const command = [process.execPath, "--import", join(import.meta.dirname, "log-calls.ts"), main];
  await withWorkbench({ command, dialect: "responses" }, async (bench) => {
    await bench.serve([{ text: "Good day." }]);
    const terminal = await bench.converse();
    await terminal.prompt();
    await terminal.ask("Hello?");
    await terminal.shows("Good day.");
  });

  const called = (await readFile(log, "utf8")).trim().split("\n");
  expect(called).toEqual(steps.map(({ path, name }) => `${path} ${name}`));
});
