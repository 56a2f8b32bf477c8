import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { type Dialect, type RecordedRequest, type ScriptedReply, startWire } from "../src/index.ts";

/**
 * `node packages/wire/test/agents.ts [FOLDER]` installs agents that others wrote, from npm, and lets each read a file
 * with a model of ours, from an empty home. It prints what came of it, and exits with 1 when the servers refused
 * something. It is no part of `pnpm test`: it needs the network, minutes, and a gigabyte in FOLDER, which it may keep.
 */
interface Agent {
  readonly name: string;
  readonly npm: string;
  readonly dialect: Dialect;
  readonly model: string;
  /** Files of the home folder, where the agent finds the server. */
  readonly home: (server: Server) => Readonly<Record<string, unknown>>;
  readonly env?: (server: Server) => Readonly<Record<string, string>>;
  /** What is started: a path below `node_modules`, and its arguments. A script is started with Node. */
  readonly command: readonly string[];
  /** How it reads the file. */
  readonly call: { readonly name: string; readonly input: Readonly<Record<string, unknown>> };
}

interface Server {
  readonly url: string;
  readonly key: string;
}

const request = "What is in note.txt?";
const secret = "The password is kumquat.";

const codex = (model: string): Agent => ({
  name: `codex, ${model}`,
  npm: "@openai/codex",
  dialect: "responses",
  model,
  home: ({ url }) => ({
    ".codex/config.toml": [
      `model = "${model}"`,
      'model_provider = "wire"',
      "[model_providers.wire]",
      'name = "wire"',
      `base_url = "${url}/v1"`,
      'env_key = "WIRE_KEY"',
      'wire_api = "responses"',
    ].join("\n"),
  }),
  env: ({ key }) => ({ WIRE_KEY: key }),
  command: [
    "@openai/codex/bin/codex.js",
    "exec",
    "--skip-git-repo-check",
    "--sandbox",
    "danger-full-access",
    request,
  ],
  call: { name: "exec_command", input: { cmd: "cat note.txt" } },
});

const gemini: Agent = {
  name: "gemini-cli",
  npm: "@google/gemini-cli",
  dialect: "gemini",
  model: "gemini-3.8-flash",
  home: () => ({ ".gemini/settings.json": { security: { auth: { selectedType: "gemini-api-key" } } } }),
  env: ({ url, key }) => ({ GEMINI_API_KEY: key, GOOGLE_GEMINI_BASE_URL: url }),
  command: [".bin/gemini", "-m", "gemini-3.8-flash", "--skip-trust", "-p", request],
  call: { name: "read_file", input: { file_path: "note.txt" } },
};

const opencode = (dialect: Dialect, npm: string, version: string): Agent => ({
  name: `opencode, ${npm}`,
  npm: "opencode-ai",
  dialect,
  model: "local-model",
  home: ({ url, key }) => ({
    ".config/opencode/opencode.json": {
      model: "wire/local-model",
      small_model: "wire/local-model",
      provider: {
        wire: { npm, options: { baseURL: url + version, apiKey: key }, models: { "local-model": {} } },
      },
    },
  }),
  env: () => ({ OPENCODE_DISABLE_AUTOUPDATE: "1", OPENCODE_DISABLE_MODELS_FETCH: "1" }),
  command: [`opencode-${process.platform}-${process.arch}/bin/opencode`, "run", request],
  call: { name: "read", input: { filePath: "note.txt" } },
});

const pi = (dialect: Dialect, api: string, version: string, reasoning = true): Agent => ({
  name: `pi, ${api}${reasoning ? "" : ", without thoughts"}`,
  npm: "@earendil-works/pi-coding-agent",
  dialect,
  model: "local-model",
  home: ({ url, key }) => ({
    ".pi/agent/models.json": {
      providers: {
        wire: { baseUrl: url + version, api, apiKey: key, models: [{ id: "local-model", reasoning }] },
      },
    },
  }),
  env: () => ({ PI_OFFLINE: "1" }),
  command: [".bin/pi", "--provider", "wire", "--model", "local-model", "-p", request],
  call: { name: "read", input: { path: "note.txt" } },
});

const agents: readonly Agent[] = [
  codex("gpt-5.5"),
  codex("my-model"),
  gemini,
  opencode("chat", "@ai-sdk/openai-compatible", "/v1"),
  opencode("responses", "@ai-sdk/openai", "/v1"),
  opencode("anthropic", "@ai-sdk/anthropic", "/v1"),
  opencode("gemini", "@ai-sdk/google", "/v1beta"),
  pi("chat", "openai-completions", "/v1"),
  pi("responses", "openai-responses", "/v1"),
  pi("anthropic", "anthropic-messages", ""),
  pi("anthropic", "anthropic-messages", "", false),
  pi("gemini", "google-generative-ai", "/v1beta"),
];

/** The model reads the file once, and says what was in it; requests beside the turn (for a title) get a text. */
function answer({ view }: RecordedRequest, { call }: Agent): ScriptedReply {
  if (view.tools.length === 0) return { text: "A note" };
  const result = view.messages.findLast(({ role }) => role === "tool");
  if (result === undefined) return { text: "I will look.", reasoning: "A file.", calls: [call] };
  return { text: result.text.includes(secret) ? `It says: ${secret}` : `I cannot read it: ${result.text}` };
}

async function run(command: readonly string[], cwd: string, env: Record<string, string>): Promise<string> {
  const [file = "", ...args] = command;
  const child = spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], timeout: 180_000 });
  return (await Promise.all([text(child.stdout), text(child.stderr)])).join("");
}

/** One agent's request; true when it read the file, and no request of it was refused. */
async function tryOut(agent: Agent, modules: string): Promise<boolean> {
  const home = await mkdtemp(join(tmpdir(), "agent-"));
  const server = await startWire(agent.dialect, (asked) => answer(asked, agent));
  const key = server.env.OPENAI_API_KEY ?? server.env.ANTHROPIC_API_KEY ?? server.env.GEMINI_API_KEY ?? "";
  const files = { ...agent.home({ url: server.url, key }), "work/note.txt": secret };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(home, path)), { recursive: true });
    await writeFile(join(home, path), typeof content === "string" ? content : JSON.stringify(content));
  }
  const [file = "", ...args] = agent.command;
  const start = file.includes("/bin/opencode")
    ? [join(modules, file)]
    : [process.execPath, join(modules, file)];
  const env = { PATH: process.env.PATH ?? "", HOME: home, ...agent.env?.({ url: server.url, key }) };
  const output = await run([...start, ...args], join(home, "work"), env);
  const isRead = output.includes(`It says: ${secret}`);
  const refusals = server.requests.flatMap(({ refusal }) => refusal ?? []);
  const advice = new Set(server.requests.flatMap((asked) => asked.advice));
  console.log(`${isRead && refusals.length === 0 ? "ok  " : "FAIL"} ${agent.name} (${agent.dialect})`);
  console.log(`     ${server.requests.length} requests, ${server.lookUps.length} questions about models`);
  for (const refusal of refusals) console.log(`     refused: ${refusal.trim()}`);
  for (const words of advice) console.log(`     advice: ${words}`);
  if (!isRead) console.log(output.slice(-2000));
  await server.close();
  await rm(home, { recursive: true, force: true, maxRetries: 3 });
  return isRead && refusals.length === 0;
}

const given = process.argv[2];
const folder = given ?? (await mkdtemp(join(tmpdir(), "agents-")));
await mkdir(folder, { recursive: true });
await writeFile(join(folder, "package.json"), "{}");
const packages = new Set(agents.map(({ npm }) => npm));
const npm = spawn("npm", ["install", "--no-audit", "--no-fund", ...packages], {
  cwd: folder,
  stdio: "inherit",
});
const [code] = await once(npm, "close");
if (code !== 0) throw new Error("npm could not install the agents");
for (const agent of agents) if (!(await tryOut(agent, join(folder, "node_modules")))) process.exitCode = 1;
if (given === undefined) await rm(folder, { recursive: true });
