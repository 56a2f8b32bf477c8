import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Dialect } from "@eightfold/wire";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { phaseSubject, type Subject } from "../src/index.ts";
import { withWorkbench } from "../src/workbench.ts";

const sdks = ["openai", "@anthropic-ai/sdk", "@google/genai", "ollama"];
/** What only certain tools need. */
const forTools = ["diff", "ignore", "node:child_process"];

let folder: string;
let log: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "eightfold-loading-"));
  log = join(folder, "modules.txt");
  vi.stubEnv("LOADED_MODULES", log);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

/** A phase's agent that tells which modules it loads. */
async function watched(phase: number, dialect: Dialect, ...flags: string[]): Promise<Subject> {
  const { command } = await phaseSubject(phase, dialect);
  const [node = "", ...rest] = command;
  return {
    command: [node, "--import", join(import.meta.dirname, "log-modules.ts"), ...rest, ...flags],
    dialect,
  };
}

/** The packages that are loaded by now, and those of Node's modules that take long to load. */
async function loaded(): Promise<string[]> {
  const urls = (await readFile(log, "utf8")).split("\n");
  const names = urls.flatMap((url) => {
    if (url === "node:child_process" || url === "node:http") return url;
    if (url.includes("/.cache/eightfold/rooms/")) return [];
    const [, bundle] = /\/\.cache\/eightfold\/packages\/(@?[^@]+)@[^/]+\.mjs$/.exec(url) ?? [];
    if (bundle) return bundle.startsWith("@") ? bundle.split("+", 2).join("/") : bundle;
    return /^.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? [];
  });
  return [...new Set(names)].sort();
}

test.for([1, 2, 3, 4, 5])("phase %i reaches its prompt without a package", async (phase) => {
  await withWorkbench(await watched(phase, "responses"), async (bench) => {
    await bench.serve([]);
    await (await bench.converse()).prompt();
    expect(await loaded()).toEqual([]);
  });
});

test.for([
  ["responses", "openai"],
  ["chat", "openai"],
  ["anthropic", "@anthropic-ai/sdk"],
  ["gemini", "@google/genai"],
  ["ollama", "ollama"],
] as const)("%s: nothing before the first request, and then %s alone of the SDKs", async ([dialect, sdk]) => {
  await withWorkbench(await watched(5, dialect), async (bench) => {
    await bench.serve([{ text: "Good day." }]);
    const terminal = await bench.converse();
    await terminal.prompt();
    expect(await loaded()).toEqual([]);
    await terminal.ask("Hello?");
    await terminal.shows("Good day.");
    // Anthropic's imports it for profiles of keys, which programs may make.
    const withIt = sdk === "@anthropic-ai/sdk" ? ["node:child_process"] : [];
    expect((await loaded()).filter((name) => [...sdks, ...forTools].includes(name))).toEqual([
      sdk,
      ...withIt,
    ]);
  });
});

test("the demo answers without any SDK", async () => {
  await withWorkbench(await watched(5, "chat", "--model", "demo"), async (bench) => {
    const terminal = await bench.converse();
    await terminal.prompt();
    expect(await loaded()).toEqual([]);
    await terminal.ask("What is in README.md?");
    await terminal.shows("• read README.md");
    await terminal.prompt();
    expect((await loaded()).filter((name) => sdks.includes(name))).toEqual([]);
  });
});

test("an Ollama that is found running is asked for its models with its own SDK, and no other is loaded", async () => {
  await withWorkbench(await watched(5, "ollama"), async (bench) => {
    const { env } = await bench.serve([]);
    delete env.EIGHTFOLD_MODEL;
    const terminal = await bench.converse();
    await terminal.shows("Ollama is running");
    await terminal.prompt();
    expect((await loaded()).filter((name) => sdks.includes(name))).toEqual(["ollama"]);
  });
});
